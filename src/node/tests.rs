#![cfg(test)]
//! The storage core by itself: every kind of node against every other, and what the checker refuses.

use std::collections::BTreeMap;
use std::mem;
use std::sync::atomic::Ordering;

use super::build::Form;
use super::column::Column;
use super::header::{KindBits, ListBits, size_class};
use super::shared::Shared;
use super::view::Kind;
use super::*;
use crate::testing::values::{Census, Counted};

/// What a node is made of: each suffix, and its value, or None for a dangling tip. A child is the entries below it.
type Model = BTreeMap<Vec<u8>, Option<u8>>;

fn model_of(node: NodeRef<'_, Counted>) -> Model {
    let mut model = Model::new();
    let mut todo = vec![(Vec::new(), node)];
    while let Some((path, node)) = todo.pop() {
        if let Some(own) = node.own() {
            model.insert(path.clone(), Some(own.number()));
        }
        for Entry { suffix, end } in Place::root(node).below() {
            let path = [&path[..], &suffix.to_vec()].concat();
            match end {
                End::Value(value) => drop(model.insert(path, Some(value.number()))),
                End::Bare => drop(model.insert(path, None)),
                End::Child(child) => todo.push((path, child.view())),
            }
        }
    }
    model
}

fn bundle(census: &Census, model: &Model) -> Bundle<Counted> {
    let mut bundle = Bundle::new(None);
    for (suffix, value) in model {
        bundle
            .push(suffix, value.map_or(End::Bare, |number| End::Value(Stored::new(census.counted(number)))));
    }
    bundle
}

fn entries<'a>(suffixes: impl IntoIterator<Item = &'a [u8]>) -> Model {
    suffixes.into_iter().zip(1..).map(|(suffix, number)| (suffix.to_vec(), Some(number))).collect()
}

/// One model for each kind of node and what may be in it.
fn kinds() -> Vec<(&'static str, Model)> {
    let bytes: Vec<[u8; 1]> = (0..=255).map(|byte| [byte]).collect();
    let tails: Vec<[u8; 3]> = (0..80).map(|byte| [byte * 3, 1, 2]).collect();
    let long: Vec<[u8; 20]> = (0..40).map(|byte| [byte * 6; 20]).collect();
    let mut mixed = entries(long.iter().map(|suffix| &suffix[..]));
    mixed.extend((0..40).map(|byte| (vec![byte * 6 + 1], None)));
    mixed.extend((0..40).map(|byte| (vec![byte * 6 + 2, 9], Some(byte))));
    let mut bare = entries([&b"ab"[..], b"abc", b"b"]);
    bare.insert(b"aa".to_vec(), None);
    let mut pushed = entries([&b"x"[..], b"y"]);
    pushed.extend((0..40).map(|byte| ([&b"common prefix"[..], &[byte]].concat(), Some(byte))));
    let mut kinds = vec![
        ("one entry", entries([&b"a"[..]])),
        ("a list", entries([&b"a"[..], b"ab", b"abcd", b"b", b"longer than a tail"])),
        ("a list with a tip", bare),
        ("a list with a child", pushed),
        ("a wide node of plain values", entries(bytes.iter().take(100).map(|suffix| &suffix[..]))),
        ("a full wide node", bytes.iter().map(|suffix| (suffix.to_vec(), Some(suffix[0]))).collect()),
        ("a wide node of tails", entries(tails.iter().map(|suffix| &suffix[..]))),
        ("a wide node of children", entries(long.iter().map(|suffix| &suffix[..]))),
        ("a wide node of all", mixed),
    ];
    for (_, mut model) in kinds.clone() {
        model.insert(Vec::new(), Some(200));
        kinds.push(("the same with a value of its own", model));
    }
    kinds
}

fn is_wide(node: &Shared<Counted>) -> bool {
    matches!(node.view().kind(), Kind::Wide(_))
}

fn both_limits(work: impl Fn()) {
    work();
    with_limits(Limits::TINY, work);
}

#[test]
fn what_is_packed_is_unpacked() {
    both_limits(|| {
        let census = Census::new();
        for (name, model) in kinds() {
            let node = bundle(&census, &model).pack();
            check(node.lent()).unwrap();
            assert_eq!(model_of(node.view()), model, "{name}");
            // Taken apart and built again, by its only owner and beside another.
            // SAFETY: the node's only owner is given up.
            let again = unsafe { Bundle::unpack(node.into_raw()) }.pack();
            check(again.lent()).unwrap();
            assert_eq!(model_of(again.view()), model, "{name}");
            let clones = census.clones();
            let other = Bundle::copy(again.view(), Spot::ROOT).pack();
            assert!(census.clones() > clones || again.view().value_count() == 0);
            assert_eq!((model_of(other.view()), model_of(again.view())), (model.clone(), model), "{name}");
        }
        assert_eq!(census.live(), 0);
    });
}

#[test]
fn packing_reaches_every_kind() {
    let census = Census::new();
    let nodes: Vec<_> = kinds().iter().map(|(_, model)| bundle(&census, model).pack()).collect();
    let lists = nodes.iter().filter(|node| !is_wide(node)).count();
    let children =
        |wide| nodes.iter().filter(|node| is_wide(node) == wide && node.view().child_count() > 0).count();
    assert!(lists >= 8 && nodes.len() - lists >= 8 && children(true) >= 4 && children(false) >= 2);
}

#[test]
fn splitting_makes_more_nodes_of_the_same_entries() {
    both_limits(|| {
        let census = Census::new();
        for (name, model) in kinds() {
            let node = bundle(&census, &model).split();
            check(node.lent()).unwrap();
            assert!(is_wide(&node) || node.view().child_count() > 0, "{name}");
            assert_eq!(model_of(node.view()), model, "{name}");
        }
        assert_eq!(census.live(), 0);
    });
}

/// A copy of a node of each kind is edited towards each other kind; the node that it was copied from never changes.
#[test]
fn a_copy_of_every_kind_becomes_every_other() {
    both_limits(|| {
        let census = Census::new();
        for (from_name, from) in kinds() {
            for (to_name, to) in kinds() {
                let node = bundle(&census, &from).pack();
                let mut root = Some(node.clone());
                let slot = root.as_mut().unwrap();
                // Tips of the one may be on the way of the other: values first, then what is no more.
                for (suffix, value) in to.iter().filter_map(|(suffix, value)| Some((suffix, (*value)?))) {
                    crate::trie::set(slot, suffix, Stored::new(census.counted(value)), &mut Bin::new());
                    check(slot.lent()).unwrap();
                }
                let mut map = crate::PathMap::from_root(root);
                for suffix in from.keys().filter(|suffix| to.get(*suffix).is_none_or(Option::is_none)) {
                    map.remove_val_at(suffix, true);
                    map.prune_path(suffix);
                    map.check().unwrap();
                }
                for suffix in to.iter().filter_map(|(suffix, value)| value.is_none().then_some(suffix)) {
                    map.create_path(suffix);
                    map.check().unwrap();
                }
                let edited = map.root.as_ref().map(|root| model_of(root.view())).unwrap_or_default();
                assert_eq!(edited, to, "from {from_name} to {to_name}");
                assert_eq!(model_of(node.view()), from, "from {from_name} to {to_name}");
            }
        }
        assert_eq!(census.live(), 0);
    });
}

#[test]
fn absorbing_puts_a_child_in_its_place() {
    let census = Census::new();
    let child = bundle(&census, &entries([&b""[..], b"x", b"yz"])).pack();
    let mut parent = Bundle::new(Some(Stored::new(census.counted(9))));
    parent.push(b"a", End::Value(Stored::new(census.counted(7))));
    parent.push(b"mid", End::Child(child));
    parent.push(b"z", End::Bare);
    let mut node = parent.pack();
    assert_eq!(node.view().child_count(), 1);
    let before = model_of(node.view());
    // Shared, it stays: absorbing would lose the sharing.
    let shared = node.view().child(0).clone();
    node.unique(&mut Bin::new()).absorb(1);
    assert_eq!(node.view().child_count(), 1);
    drop(shared);
    let clones = census.clones();
    node.unique(&mut Bin::new()).absorb(1);
    check(node.lent()).unwrap();
    assert_eq!((node.view().child_count(), census.clones()), (0, clones));
    assert_eq!(model_of(node.view()), before);
    drop(node);
    assert_eq!(census.live(), 0);
}

#[test]
fn one_owner_edits_in_place_and_two_do_not() {
    let census = Census::new();
    for (name, model) in kinds() {
        let mut node = bundle(&census, &model).pack();
        let id = node.view().id();
        assert!(node.is_unique() && !node.view().is_shared());
        node.unique(&mut Bin::new());
        assert_eq!(node.view().id(), id, "{name}");
        let other = node.clone();
        assert!(!node.is_unique() && other.view().is_shared() && node.try_unique().is_none());
        node.unique(&mut Bin::new());
        assert!(
            node.view().id() != id && other.view().id() == id && other.is_unique() && node.is_unique(),
            "{name}"
        );
        check(node.lent()).unwrap();
        assert_eq!(model_of(node.view()), model, "{name}");
        assert!(
            (0..node.view().child_count()).all(|rank| node.view().child(rank).view().is_shared()),
            "{name}"
        );
    }
    assert_eq!(census.live(), 0);
}

/// A count that was let run away stays where it is: the node is never freed, and never taken for one owner's.
#[test]
fn a_count_saturates() {
    let census = Census::new();
    let node = bundle(&census, &entries([&b"a"[..], b"b"])).pack();
    let refs = || &node.view().header().refs;
    let stuck = 3 << 30;
    refs().store((1 << 30) - 1, Ordering::Relaxed);
    let (last, first) = (node.clone(), node.clone());
    assert_eq!(
        refs().load(Ordering::Relaxed),
        stuck,
        "from half of the stuck range on a clone makes it stuck"
    );
    // A drop leaves a stuck count alone, however many there are.
    drop((last, first));
    (0..1_000).for_each(|_| mem::drop(node.clone()));
    assert_eq!(refs().load(Ordering::Relaxed), stuck);
    // Neither does it wrap, however many clones there are.
    refs().store(u32::MAX, Ordering::Relaxed);
    mem::forget(node.clone());
    assert_eq!(refs().load(Ordering::Relaxed), stuck);
    assert!(!node.is_unique());
    let mut copy = node.clone();
    copy.unique(&mut Bin::new()).set_own(Stored::new(census.counted(3)), &mut Bin::new());
    assert_eq!((copy.view().value_count(), node.view().value_count()), (3, 2));
    // Given back by hand, so that the test leaks nothing.
    refs().store(1, Ordering::Relaxed);
    drop((node, copy));
    assert_eq!(census.live(), 0);
}

#[test]
fn size_classes_are_multiples_that_waste_little() {
    let mut last = 0;
    for bytes in 1..100_000 {
        let size = size_class(bytes);
        assert!(size >= bytes && size.is_multiple_of(16) && size >= last, "{bytes}: {size}");
        assert!(size - bytes < 16 || 4 * (size - bytes) <= bytes, "{bytes}: {size}");
        assert_eq!(size_class(size), size);
        last = size;
    }
}

#[test]
fn values_lie_in_the_column_while_they_are_small() {
    assert_eq!((Column::<()>::STRIDE, Column::<u8>::STRIDE, Column::<[u64; 4]>::STRIDE), (0, 1, 32));
    assert_eq!(
        (Column::<[u64; 5]>::STRIDE, Column::<[u64; 5]>::BOXED_BYTES),
        (size_of::<usize>(), 40 + 2 * size_of::<usize>())
    );
    assert_eq!(Column::<u128>::STRIDE, if align_of::<u128>() > 8 { size_of::<usize>() } else { 16 });
    let needs_drop =
        [Column::<u64>::NEEDS_DROP, Column::<String>::NEEDS_DROP, Column::<[u64; 5]>::NEEDS_DROP];
    assert_eq!(needs_drop, [false, true, true]);
}

/// A list with other bits or counts in its header than its columns have.
fn distorted(model: &Model, distort: fn(&mut header::Header)) -> String {
    let census = Census::new();
    let node = bundle(&census, model).pack();
    // SAFETY: the node has one owner; what is written is put back before anything but the checker, which reads within
    // the allocation whatever these bits say, looks at it.
    let found = unsafe {
        let header = node.as_raw().as_ptr();
        let (flags, n, kind) = ((*header).flags, (*header).n, KindBits { list: (*header).kind.list });
        distort(&mut *header);
        let found = check(node.lent());
        ((*header).flags, (*header).n, (*header).kind) = (flags, n, kind);
        found
    };
    check(node.lent()).unwrap();
    found.expect_err("the checker sees it").to_string()
}

#[test]
fn the_checker_refuses_what_is_malformed() {
    let list = entries([&b"a"[..], b"ab", b"b"]);
    assert!(distorted(&list, |header| header.n = 33).contains("a list of 33 entries"));
    assert!(distorted(&list, |header| header.n = 0).contains("an empty list"));
    assert!(
        distorted(&list, |h| h.kind.list = ListBits { child: 0, bare: 1 })
            .contains("extends a child or a tip")
    );
    assert!(
        distorted(&list, |h| h.kind.list = ListBits { child: 2, bare: 2 }).contains("both child and bare")
    );
    assert!(distorted(&list, |h| h.kind.list = ListBits { child: 0, bare: 8 }).contains("bits beyond the 3"));

    // Entries in the wrong order, as no edit makes them.
    let census = Census::new();
    let mut shape = Shape::default();
    let entries = [b'b', b'a'].map(|head| (Suffix::byte(head), End::Value(Stored::new(census.counted(1)))));
    entries.iter().for_each(|(suffix, payload)| shape.add(suffix.head, suffix.rest.len(), payload.kind()));
    let node = shape.build(Form::List, None, entries.into_iter());
    let malformed = check(node.lent()).unwrap_err();
    assert!(malformed.path.is_empty() && malformed.what.contains("out of order"));
    // Below another node the path leads to it.
    let mut parent = Bundle::new(None);
    parent.push(b"way", End::Child(node));
    let parent = parent.pack();
    let malformed = check(parent.lent()).unwrap_err();
    assert_eq!(malformed.path, b"way");
    assert!(malformed.to_string().starts_with("malformed node at \"way\": "));
}
