#![cfg(test)]
//! Whole nodes copied out of memory and into it, column by column, and columns that break a rule.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::MalformedColumns as Malformed;
use super::build::{Form, Shape};
use super::view::Kind;
use super::*;
use crate::testing::keys::Rng;
use crate::testing::values::{Aligned16, Aligned32, AlignedZst, Big, Blown, Census, Event, Fuse};

/// Columns that own their bytes, to be broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Owned {
    heads: Vec<u8>,
    ends: Vec<[u8; 2]>,
    heap: Vec<u8>,
    children: [u64; 4],
    bare: [u64; 4],
}

/// The end of an entry, without what is there.
type Kinds = End<(), ()>;

impl Owned {
    fn of(columns: &Columns<'_>) -> Self {
        let Columns { heads, ends, heap, children, bare } = *columns;
        Self { heads: heads.to_vec(), ends: ends.to_vec(), heap: heap.to_vec(), children, bare }
    }

    /// The columns of these entries, in the order given.
    fn spelled(entries: &[(&[u8], Kinds)]) -> Self {
        let mut columns = Self::default();
        for (i, (suffix, end)) in entries.iter().enumerate() {
            columns.heads.push(suffix[0]);
            columns.heap.extend(&suffix[1..]);
            columns.ends.push((columns.heap.len() as u16).to_le_bytes());
            match end {
                End::Child(()) => columns.children[i / 64] |= 1 << (i % 64),
                End::Bare => columns.bare[i / 64] |= 1 << (i % 64),
                End::Value(()) => {}
            }
        }
        if columns.heap.is_empty() {
            columns.ends.clear();
        }
        columns
    }

    fn lend(&self) -> Columns<'_> {
        let Self { heads, ends, heap, children, bare } = self;
        Columns { heads, ends, heap, children: *children, bare: *bare }
    }

    /// The entries, and whether they keep the rules, by the definition of each rule.
    fn naive(&self) -> Option<Vec<(Vec<u8>, Kinds)>> {
        let n = self.heads.len();
        let bit = |bits: &[u64; 4], i: usize| bits.get(i / 64).is_some_and(|word| word >> (i % 64) & 1 != 0);
        let is_taken = |i| bit(&self.children, i) || bit(&self.bare, i);
        let both = |i| bit(&self.children, i) && bit(&self.bare, i);
        if n > 256 || (n..256).any(is_taken) || (0..n).any(both) {
            return None;
        }
        let mut ends: Vec<usize> = self.ends.iter().map(|end| u16::from_le_bytes(*end).into()).collect();
        if ends.is_empty() && self.heap.is_empty() {
            ends = vec![0; n];
        } else if self.heap.is_empty() {
            return None;
        }
        if ends.len() != n || ends.last().is_some_and(|&end| end != self.heap.len()) {
            return None;
        }
        let mut entries = Vec::new();
        for i in 0..n {
            let start = if i == 0 { 0 } else { ends[i - 1] };
            let rest = self.heap.get(start..ends[i])?;
            let end = match (bit(&self.children, i), bit(&self.bare, i)) {
                (true, _) => End::Child(()),
                (_, true) => End::Bare,
                _ => End::Value(()),
            };
            entries.push(([&[self.heads[i]], rest].concat(), end));
        }
        let kept = |(i, before): (usize, &(Vec<u8>, Kinds))| {
            entries[i + 1..]
                .iter()
                .all(|(after, _)| before.0 < *after && (before.1.is_value() || !after.starts_with(&before.0)))
        };
        entries.iter().enumerate().all(kept).then_some(entries)
    }

    /// Builds a node of these columns, with children of one entry each.
    fn build<V>(&self, own: Option<V>, mut value: impl FnMut(usize) -> V) -> Result<Shared<V>, Malformed> {
        let columns = self.lend();
        let children = (0..columns.child_count()).map(|i| child(value(100 + i))).collect::<Vec<_>>();
        let values = (0..columns.value_count()).map(value).collect::<Vec<_>>();
        Shared::from_columns(own, &columns, children.into_iter(), values.into_iter())
    }
}

/// A node with one entry.
fn child<V>(value: V) -> Shared<V> {
    Bundle::node(b"below", End::Value(Stored::new(value)))
}

/// A node with nothing but its own value.
fn lone<V>(value: V) -> Shared<V> {
    Bundle::node(b"", End::Value(Stored::new(value)))
}

fn empty<V>() -> Shared<V> {
    Shape::default().build(Form::List, None, std::iter::empty())
}

fn is_wide<V>(node: &Shared<V>) -> bool {
    matches!(node.view().kind(), Kind::Wide(_))
}

/// All paths below a node with a value or nothing at their end.
fn model<V: Clone>(node: LentNode<'_, V>) -> BTreeMap<Vec<u8>, Option<V>> {
    let mut model = BTreeMap::new();
    let mut todo = vec![(Vec::new(), node)];
    while let Some((path, node)) = todo.pop() {
        if let Some(own) = node.own() {
            model.insert(path.clone(), Some(own.clone()));
        }
        for Entry { suffix, end } in node.place().below() {
            let path = [&path[..], &suffix.to_vec()].concat();
            match end {
                End::Value(value) => drop(model.insert(path, Some(value.clone()))),
                End::Bare => drop(model.insert(path, None)),
                End::Child(child) => todo.push((path, child.lent())),
            }
        }
    }
    model
}

/// A value of each size and kind of column.
trait Sample: Clone + PartialEq + Debug {
    fn sample(number: usize) -> Self;
}

macro_rules! samples {
    ($($type:ty: $number:ident => $make:expr),* $(,)?) => {
        $(impl Sample for $type {
            fn sample($number: usize) -> Self {
                $make
            }
        })*

        /// Stamps a test onto all samples.
        fn for_each_sample(test: &impl Stamped) {
            $(test.run::<$type>();)*
        }
    };
}

samples! {
    (): _number => (),
    u8: number => number as u8,
    u16: number => number as u16,
    u64: number => number as u64,
    [u8; 3]: number => [number as u8, 1, 2],
    [u64; 3]: number => [number as u64, 1, !0],
    [u64; 6]: number => [number as u64; 6],
    String: number => format!("the value {number}"),
    Box<usize>: number => Box::new(number),
    Aligned16: number => Aligned16(number as u8),
    Aligned32: number => Aligned32(number as u8),
    AlignedZst: _number => AlignedZst,
    Big: number => Big::from(number as u8),
}

trait Stamped {
    fn run<V: Sample>(&self);
}

/// The limits with which nodes are built, and those with which they are built again.
const LIMITS: [(Limits, Limits); 4] = [
    (Limits::DEFAULT, Limits::DEFAULT),
    (Limits::TINY, Limits::TINY),
    (Limits::DEFAULT, Limits::TINY),
    (Limits::TINY, Limits::DEFAULT),
];

/// A random trie: keys of one of several shapes, each with a value or nothing at its end.
fn random_trie<V: Sample>(rng: &mut Rng) -> Shared<V> {
    let letters = [2, 4, 26, 256][rng.below(4)];
    let longest = [1, 2, 4, 8, 12][rng.below(5)];
    let n = [1, 3, 10, 40, 300][rng.below(5)];
    let mut keys = BTreeMap::new();
    for number in 0..n {
        let key: Vec<u8> = (0..1 + rng.below(longest)).map(|_| rng.below(letters) as u8).collect();
        keys.insert(key, (rng.below(5) > 0).then(|| V::sample(number)));
    }
    // A dangling path is not extended.
    let tips: Vec<Vec<u8>> =
        keys.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| key.clone()).collect();
    keys.retain(|key, _| !tips.iter().any(|tip| key != tip && key.starts_with(tip)));
    let own = (rng.below(3) == 0).then(|| Stored::new(V::sample(1_000)));
    let mut bundle = Bundle::new(own);
    for (key, value) in keys {
        bundle.push(&key, value.map_or(End::Bare, |value| End::Value(Stored::new(value))));
    }
    bundle.pack()
}

/// A copy of a trie, each node of which is carried through its columns.
fn carried<V: Sample>(node: LentNode<'_, V>, buffer: &mut ColumnsBuffer) -> Shared<V> {
    let columns = Owned::of(&node.columns(buffer));
    let lent = columns.lend();
    assert_eq!(node.children().len(), lent.child_count());
    assert_eq!(node.values().count(), lent.value_count());
    assert!(columns.naive().is_some());
    let children: Vec<_> = node.children().map(|child| carried(child, buffer)).collect();
    let copy =
        Shared::from_columns(node.own().cloned(), &lent, children.into_iter(), values_of(node).into_iter())
            .unwrap();
    check(copy.lent()).unwrap();
    copy
}

fn values_of<V: Clone>(node: LentNode<'_, V>) -> Vec<V> {
    node.values().cloned().collect()
}

#[test]
fn tries_are_the_same_after_they_are_carried() {
    struct Carry;
    impl Stamped for Carry {
        fn run<V: Sample>(&self) {
            let mut rng = Rng::new(1);
            let (mut wide, mut lists) = (0, 0);
            for round in 0..240 {
                let (before, after) = LIMITS[round % 4];
                let trie = with_limits(before, || random_trie::<V>(&mut rng));
                let mut buffer = ColumnsBuffer::new();
                let copy = with_limits(after, || carried(trie.lent(), &mut buffer));
                assert_eq!(model(copy.lent()), model(trie.lent()));
                check(copy.lent()).unwrap();
                if before == after {
                    // One node is built, and it is no larger than it was.
                    let columns = |node: LentNode<'_, V>| Owned::of(&node.columns(&mut ColumnsBuffer::new()));
                    assert_eq!(columns(copy.lent()), columns(trie.lent()));
                    assert!(copy.view().size() <= trie.view().size());
                }
                *if is_wide(&copy) { &mut wide } else { &mut lists } += 1;
            }
            assert!(wide > 20 && lists > 20, "{wide} {lists}");
        }
    }
    for_each_sample(&Carry);
}

#[test]
fn the_columns_of_a_list_and_of_a_wide_node_are_those_of_their_entries() {
    let of = |list: &[(&[u8], Kinds)]| list.iter().map(|&(s, e)| (s.to_vec(), e)).collect::<Vec<_>>();
    let few: &[(&[u8], Kinds)] =
        &[(b"a", End::Value(())), (b"art", End::Child(())), (b"b", End::Bare), (b"cd", End::Value(()))];
    let spelled: Vec<[u8; 3]> = (0..120).map(|i| [2 * i, 7, 9]).collect();
    let many: Vec<(&[u8], Kinds)> = spelled
        .iter()
        .enumerate()
        .map(|(i, bytes)| match i % 4 {
            0 => (&bytes[..1], End::Child(())),
            1 => (&bytes[..2], End::Bare),
            2 => (&bytes[..1], End::Value(())),
            _ => (&bytes[..], End::Value(())),
        })
        .collect();
    let plain: Vec<(&[u8], Kinds)> = spelled.iter().map(|bytes| (&bytes[..1], End::Value(()))).collect();
    let heads: Vec<(&[u8], Kinds)> = spelled.iter().map(|bytes| (&bytes[..1], End::Child(()))).collect();
    for (entries, wide) in [(few, false), (&many, true), (&plain, true), (&heads, true), (&plain[..9], false)]
    {
        for own in [None, Some(9)] {
            let columns = Owned::spelled(entries);
            assert_eq!(columns.naive(), Some(of(entries)));
            let node = columns.build(own, |i| i as u64).unwrap();
            check(node.lent()).unwrap();
            assert_eq!(is_wide(&node), wide);
            let mut buffer = ColumnsBuffer::new();
            assert_eq!(Owned::of(&node.lent().columns(&mut buffer)), columns);
            assert_eq!(node.lent().own(), own.as_ref());
            let values = 0..columns.lend().value_count() as u64;
            assert!(node.lent().values().copied().eq(values));
            let below = |child: LentNode<'_, u64>| *child.values().next().unwrap();
            assert!(node.lent().children().map(below).eq((100..).take(columns.lend().child_count())));
        }
    }
}

#[test]
fn a_node_tells_whether_it_is_shared() {
    let node = child(1u8);
    assert!(!node.lent().is_shared());
    let other = node.clone();
    assert!(node.lent().is_shared());
    drop(other);
    assert!(!node.lent().is_shared());
}

/// Columns that keep all rules: a list and a wide node.
fn whole() -> [Owned; 2] {
    let list = Owned::spelled(&[
        (b"a", End::Value(())),
        (b"art", End::Child(())),
        (b"asp", End::Bare),
        (b"ax", End::Value(())),
        (b"b", End::Bare),
    ]);
    let spelled: Vec<[u8; 2]> = (0..90).map(|i| [i + 100, i]).collect();
    let ends = [End::Value(()), End::Child(()), End::Bare];
    let cut = |i: usize| 1 + usize::from(i % 3 != 1);
    let wide: Vec<(&[u8], Kinds)> =
        spelled.iter().enumerate().map(|(i, bytes)| (&bytes[..cut(i)], ends[i % 3])).collect();
    [list, Owned::spelled(&wide)]
}

/// A change that breaks one rule, and the rule.
type Breach = (fn(&mut Owned), Malformed);

const BREACHES: &[Breach] = &[
    (|c| *c = Owned::default(), Malformed::Empty),
    (|c| c.heads.extend([255; 256]), Malformed::TooManyEntries),
    (|c| c.ends.truncate(c.ends.len() - 1), Malformed::EndCount),
    (|c| c.ends.push(*c.ends.last().unwrap()), Malformed::EndCount),
    (|c| c.ends.clear(), Malformed::EndCount),
    (|c| (c.heap.clear(), c.ends.fill([0, 0])).1, Malformed::EndCount),
    (|c| c.ends.swap(0, 3), Malformed::EndOrder),
    (|c| c.heap.truncate(c.heap.len() - 1), Malformed::HeapLength),
    (|c| c.heap.push(0), Malformed::HeapLength),
    (|c| c.children[3] |= 1 << 63, Malformed::BitBeyondEntries),
    (|c| c.bare[1] |= 1 << 26, Malformed::BitBeyondEntries),
    (|c| c.bare[0] |= c.children[0], Malformed::ChildAndBare),
    (|c| c.heads.swap(3, 4), Malformed::EntryOrder),
    (|c| c.heads.swap(1, 4), Malformed::EntryOrder),
];

#[test]
fn each_broken_rule_has_its_error() {
    for columns in whole() {
        assert!(columns.naive().is_some());
        columns.build(None, |i| i as u64).unwrap();
        for (breach, rule) in BREACHES {
            let mut broken = columns.clone();
            breach(&mut broken);
            let census = Census::new();
            let built = broken.build(None, |i| census.counted(i as u8)).map(drop);
            assert_eq!(built, Err(*rule), "{broken:?}");
            assert!(!rule.to_string().is_empty());
            assert_eq!((census.live(), census.clones()), (0, 0));
        }
    }
}

#[test]
fn entries_that_are_out_of_order_or_extend_a_tip_are_refused() {
    let (value, bare, child) = (End::Value(()), End::Bare, End::Child(()));
    let refused = |entries: &[(&[u8], Kinds)]| {
        let columns = Owned::spelled(entries);
        assert!(columns.naive().is_none());
        columns.build(None, |_| ()).map(drop).unwrap_err()
    };
    assert_eq!(refused(&[(b"ab", value), (b"aa", value)]), Malformed::EntryOrder);
    assert_eq!(refused(&[(b"ab", value), (b"a", value)]), Malformed::EntryOrder);
    assert_eq!(refused(&[(b"ab", value), (b"ab", value)]), Malformed::EntryOrder);
    assert_eq!(refused(&[(b"a", value), (b"a", value)]), Malformed::EntryOrder);
    assert_eq!(refused(&[(b"b", value), (b"a", value)]), Malformed::EntryOrder);
    assert_eq!(refused(&[(b"a", bare), (b"ab", value)]), Malformed::Extended);
    assert_eq!(refused(&[(b"a", child), (b"ab", value)]), Malformed::Extended);
    assert_eq!(refused(&[(b"ab", child), (b"abc", bare), (b"abd", value)]), Malformed::Extended);
    // A value may be extended.
    let columns = Owned::spelled(&[(b"a", value), (b"ab", child), (b"ac", bare)]);
    columns.build(None, |_| ()).unwrap();
}

#[test]
fn the_numbers_of_children_and_values_are_checked() {
    for columns in whole() {
        let lent = columns.lend();
        let (children, values) = (lent.child_count(), lent.value_count());
        let build = |children: usize, values: usize| {
            let census = Census::new();
            let (below, here): (Vec<_>, Vec<_>) = (
                (0..children).map(|_| child(census.counted(1))).collect(),
                (0..values).map(|_| census.counted(2)).collect(),
            );
            let own = Some(census.counted(3));
            let built = Shared::from_columns(own, &lent, below.into_iter(), here.into_iter()).map(drop);
            assert_eq!(census.live(), 0);
            built
        };
        assert_eq!(build(children, values), Ok(()));
        assert_eq!(build(children - 1, values), Err(Malformed::ChildCount));
        assert_eq!(build(children + 1, values), Err(Malformed::ChildCount));
        assert_eq!(build(children, values - 1), Err(Malformed::ValueCount));
        assert_eq!(build(children, values + 1), Err(Malformed::ValueCount));
    }
}

/// Any change of any columns is refused, or makes a well-formed node of the entries that the
/// columns spell.
#[test]
fn broken_columns_are_refused_as_the_definitions_of_the_rules_say() {
    let mut rng = Rng::new(7);
    let (mut built, mut refused) = (0, 0);
    for round in 0..6_000 {
        let (before, after) = LIMITS[round % 4];
        let trie = with_limits(before, || random_trie::<u64>(&mut rng));
        let mut buffer = ColumnsBuffer::new();
        let mut columns = Owned::of(&trie.lent().columns(&mut buffer));
        for _ in 0..1 + rng.below(2) {
            mutate(&mut columns, &mut rng);
        }
        let node = with_limits(after, || columns.build(None, |i| i as u64));
        let expected = columns.naive().filter(|entries| !entries.is_empty());
        assert_eq!(node.is_ok(), expected.is_some(), "{:?} {columns:?}", node.map(drop));
        let (Ok(node), Some(entries)) = (node, expected) else {
            refused += 1;
            continue;
        };
        built += 1;
        check(node.lent()).unwrap();
        let (mut values, mut children) = (0.., 100..);
        let expected = entries.into_iter().map(|(path, end)| match end {
            End::Value(()) => (path, values.next()),
            End::Bare => (path, None),
            End::Child(()) => ([&path[..], b"below"].concat(), children.next()),
        });
        assert!(model(node.lent()).into_iter().eq(expected));
    }
    assert!(built > 500 && refused > 500, "{built} {refused}");
}

/// Changes a byte, a bit or a length.
fn mutate(columns: &mut Owned, rng: &mut Rng) {
    let Owned { heads, ends, heap, children, bare } = columns;
    let (n, step) = (heads.len(), 1 + rng.below(3) as u8);
    let bit = rng.below(n + 1).min(255);
    let flip = |byte: Option<&mut u8>| byte.into_iter().for_each(|byte| *byte ^= step);
    match rng.below(9) {
        0 => children[bit / 64] ^= 1 << (bit % 64),
        1 => bare[bit / 64] ^= 1 << (bit % 64),
        2 => flip(heads.get_mut(bit)),
        3 => flip(ends.get_mut(bit).map(|end| &mut end[0])),
        4 => flip(heap.get_mut(rng.below(4))),
        5 => heads.truncate(n.saturating_sub(1)),
        6 => ends.truncate(n.saturating_sub(1)),
        7 => heap.truncate(heap.len().saturating_sub(1)),
        _ => {
            // One more entry, which may keep the rules.
            heads.push(255);
            if !ends.is_empty() {
                heap.push(step);
                ends.push((heap.len() as u16).to_le_bytes());
            }
        }
    }
}

#[test]
fn entries_that_fit_no_one_node_become_several() {
    let long = [7u8; 20_000];
    let longer: Vec<Vec<u8>> = (0..3).map(|i| [&[1][..], &long, &[i]].concat()).collect();
    let pairs: Vec<[u8; 2]> = (0..200).map(|i| [i / 20, i]).collect();
    let tails: Vec<[u8; 9]> = (0..60).map(|i| [i; 9]).collect();
    let bulky: Vec<[u8; 60]> = (0..30).map(|i| [i / 4, i, i, 0].repeat(15).try_into().unwrap()).collect();
    let sets: [Vec<&[u8]>; 4] = [
        longer.iter().map(|key| &key[..]).collect(),
        pairs.iter().map(|key| &key[..]).collect(),
        tails.iter().map(|key| &key[..]).collect(),
        bulky.iter().map(|key| &key[..]).collect(),
    ];
    for keys in sets {
        for end in [End::Value(()), End::Child(()), End::Bare] {
            let columns = Owned::spelled(&keys.iter().map(|&key| (key, end)).collect::<Vec<_>>());
            let census = Census::new();
            let node = columns.build(Some(census.counted(1)), |i| census.counted(i as u8)).unwrap();
            check(node.lent()).unwrap();
            let below: &[u8] = if end.is_child() { b"below" } else { b"" };
            let paths = keys.iter().map(|key| [key, below].concat());
            assert!(model(node.lent()).into_keys().eq([Vec::new()].into_iter().chain(paths)));
            drop(node);
            assert_eq!(census.live(), 0);
        }
    }
}

/// Columns of each form: a list, a wide node, and entries that fit no one node.
fn forms() -> [Owned; 3] {
    let [list, wide] = whole();
    let pairs: Vec<[u8; 2]> = (0..120).map(|i| [i / 20, i]).collect();
    let ends = [End::Value(()), End::Child(()), End::Bare];
    let many: Vec<(&[u8], Kinds)> =
        pairs.iter().enumerate().map(|(i, pair)| (&pair[..], ends[i % 3])).collect();
    [list, wide, Owned::spelled(&many)]
}

/// Builds a node whose first child is this one.
fn build_with<V>(
    columns: &Owned,
    first: Shared<V>,
    mut value: impl FnMut() -> V,
) -> Result<Shared<V>, Malformed> {
    let lent = columns.lend();
    let others: Vec<_> = (1..lent.child_count()).map(|_| child(value())).collect();
    let values: Vec<_> = (0..lent.value_count()).map(|_| value()).collect();
    let children: Vec<_> = [first].into_iter().chain(others).collect();
    Shared::from_columns(Some(value()), &lent, children.into_iter(), values.into_iter())
}

#[test]
fn a_child_with_only_a_value_becomes_a_value() {
    for columns in forms() {
        let census = Census::new();
        let first = columns.naive().unwrap().into_iter().find(|(_, end)| end.is_child()).unwrap().0;
        let make = || census.counted(1);
        let node = build_with(&columns, lone(census.counted(7)), make).unwrap();
        check(node.lent()).unwrap();
        let children = |node: &Shared<_>| {
            let mut todo = vec![node.lent()];
            let mut count = 0;
            while let Some(node) = todo.pop() {
                count += usize::from(node.view().next_entry(0).is_none());
                todo.extend(node.children());
            }
            count
        };
        assert_eq!(children(&node), 0, "no child is without entries");
        assert_eq!(node.lent().value_at(&first).unwrap().number(), 7);
        // One that others own is kept as it is.
        let shared = lone(census.counted(8));
        let beside = build_with(&columns, shared.clone(), make).unwrap();
        check(beside.lent()).unwrap();
        assert_eq!(children(&beside), 1);
        assert_eq!(beside.lent().value_at(&first).unwrap().number(), 8);
        assert_eq!(model(beside.lent()).len(), model(node.lent()).len());
        drop((node, beside, shared));
        assert_eq!(census.live(), 0);
    }
}

#[test]
fn an_empty_child_is_refused() {
    for columns in forms() {
        let census = Census::new();
        let built = build_with(&columns, empty(), || census.counted(1)).map(drop);
        assert_eq!(built, Err(Malformed::EmptyChild));
        assert_eq!((census.live(), census.clones()), (0, 0));
    }
}

#[test]
fn a_node_without_entries_has_its_own_value() {
    let node = Owned::default().build(Some(3u8), |_| 0).unwrap();
    check(node.lent()).unwrap();
    assert_eq!((node.lent().own(), node.lent().values().count()), (Some(&3), 0));
    let columns = Owned::of(&node.lent().columns(&mut ColumnsBuffer::new()));
    assert_eq!(columns, Owned::default());
}

/// Each way out drops each value once, although one of the drops panics.
#[test]
fn values_that_panic_when_they_are_dropped() {
    let fuse = Fuse::new();
    for columns in forms() {
        let mut blown = 0;
        for spare in 0..160 {
            // In a node that is built, and found to have an empty child.
            let first = empty();
            let build = || build_with(&columns, first, || fuse.fragile(1)).map(drop);
            fuse.arm(&[Event::Drop], spare);
            let outcome = fuse.catch(build);
            assert!(matches!(outcome, Err(Blown(Event::Drop)) | Ok(Err(Malformed::EmptyChild))));
            assert_eq!(fuse.census().live(), 0);
            blown += usize::from(outcome.is_err());
            // Beside columns that break a rule.
            let mut broken = columns.clone();
            broken.heap.push(0);
            fuse.arm(&[Event::Drop], spare);
            let outcome =
                fuse.catch(|| build_with(&broken, child(fuse.fragile(2)), || fuse.fragile(1)).map(drop));
            assert!(matches!(outcome, Err(Blown(Event::Drop)) | Ok(Err(Malformed::HeapLength))));
            assert_eq!(fuse.census().live(), 0);
        }
        assert!(blown > 2, "{blown}");
    }
}

/// An iterator that is wrong about its length, and may panic.
struct Wrong<T> {
    items: std::vec::IntoIter<T>,
    len: usize,
    panics: bool,
}

impl<T> Iterator for Wrong<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let item = self.items.next();
        assert!(item.is_some() || !self.panics, "the iterator panics");
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len, Some(self.len))
    }
}

impl<T> ExactSizeIterator for Wrong<T> {}

#[test]
fn iterators_that_break_their_promise() {
    for columns in forms() {
        let lent = columns.lend();
        let (children, values) = (lent.child_count(), lent.value_count());
        let build = |below: usize, here: usize, panics: bool| {
            let census = Census::new();
            let below = (0..below).map(|_| child(census.counted(1))).collect::<Vec<_>>();
            let here = (0..here).map(|_| census.counted(2)).collect::<Vec<_>>();
            let below = Wrong { items: below.into_iter(), len: children, panics };
            let here = Wrong { items: here.into_iter(), len: values, panics };
            let own = Some(census.counted(3));
            let outcome =
                catch_unwind(AssertUnwindSafe(|| Shared::from_columns(own, &lent, below, here).unwrap()));
            let is_whole = outcome.is_ok_and(|node| check(node.lent()).is_ok());
            assert_eq!(census.live(), 0);
            is_whole
        };
        for panics in [false, true] {
            assert!(build(children + 2, values + 3, panics));
            for short in 1..=values.min(3) {
                assert!(!build(children, values - short, panics));
            }
            assert!(!build(children - 1, values, panics));
            assert!(!build(0, 0, panics));
        }
    }
}
