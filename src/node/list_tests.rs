#![cfg(test)]
//! Inserts into lists of every layout, and lists that become wide nodes.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::view::Kind;
use super::*;

/// The suffixes of a list and of the lists below it, each with its value; `None` for a dangling
/// tip.
type Model<V> = BTreeMap<Vec<u8>, Option<V>>;

fn model_of<V: Clone>(node: NodeRef<'_, V>) -> Model<V> {
    let mut model = Model::new();
    let mut todo = vec![(Vec::new(), node)];
    while let Some((path, node)) = todo.pop() {
        model.extend(node.own().map(|own| (path.clone(), Some(own.clone()))));
        for Entry { suffix, end } in Place::root(node).below() {
            let path = [&path[..], &suffix.to_vec()].concat();
            match end {
                End::Value(value) => drop(model.insert(path, Some(value.clone()))),
                End::Bare => drop(model.insert(path, None)),
                End::Child(child) => todo.push((path, child.view())),
            }
        }
    }
    model
}

/// The end of an entry, by number: a value, a tip, or a child of two entries.
fn end<V>(kind: usize, value: &impl Fn(usize) -> V, number: usize) -> EndOwned<V> {
    let stored = |more| Stored::new(value(number + more));
    match kind {
        0 => End::Value(stored(0)),
        1 => End::Bare,
        _ => End::Child(Bundle::pair((b"x", End::Value(stored(0))), (b"yz", End::Value(stored(1))))),
    }
}

fn note<V>(model: &mut Model<V>, key: &[u8], kind: usize, value: &impl Fn(usize) -> V, number: usize) {
    match kind {
        0 => drop(model.insert(key.to_vec(), Some(value(number)))),
        1 => drop(model.insert(key.to_vec(), None)),
        _ => {
            model.insert([key, b"x"].concat(), Some(value(number)));
            model.insert([key, b"yz"].concat(), Some(value(number + 1)));
        }
    }
}

/// Inserts each kind of end at each place of lists of up to twenty entries, whose memory is just
/// large enough.
fn insert_everywhere<V: Clone + PartialEq + Debug>(value: impl Fn(usize) -> V) {
    for (n, own, kinds) in (0..20).flat_map(|n| [(n, false, 1), (n, true, 2), (n, false, 3), (n, true, 3)]) {
        for (at, kind) in (0..=n).flat_map(|at| [(at, 0), (at, 1), (at, 2)]) {
            let mut model = Model::new();
            let mut bundle = Bundle::new(own.then(|| Stored::new(value(0))));
            model.extend(own.then(|| (Vec::new(), Some(value(0)))));
            for i in 0..n {
                let key = [&[2 * i as u8 + 1][..], &vec![b'r'; i % 4 * 3]].concat();
                bundle.push(&key, end(i % kinds, &value, i));
                note(&mut model, &key, i % kinds, &value, i);
            }
            if bundle.is_empty() {
                continue;
            }
            let mut node = bundle.pack();
            if !matches!(node.view().kind(), Kind::List(_)) {
                continue;
            }
            let key = [&[2 * at as u8][..], &vec![b's'; (at + n) % 9]].concat();
            let Found::Vacant(place) = node.find(&key) else { panic!("the key is new") };
            let mut edited = node.try_unique().expect("the node has one owner");
            edited.shrink_to_fit();
            let inserted = edited.insert(place, &key, end(kind, &value, 100));
            if inserted.is_ok() {
                note(&mut model, &key, kind, &value, 100);
            }
            check(node.lent()).unwrap();
            assert_eq!(model_of(node.view()), model, "{n} entries, {at}, {kind}");
        }
    }
}

#[test]
fn a_list_grows_around_a_new_entry() {
    insert_everywhere(|_| ());
    insert_everywhere(|i| i as u8);
    insert_everywhere(|i| [i as u8; 3]);
    insert_everywhere(|i| i as u64);
    insert_everywhere(|i| i.to_string());
    insert_everywhere(|i| [i as u64; 5]);
}

/// A list whose runs become every kind of part, with and without a value of its own, and one of
/// plain values.
#[test]
fn a_list_without_a_heavy_run_becomes_wide() {
    let kinds = |key: &[u8]| if key.starts_with(b"c") { 2 } else { usize::from(key.ends_with(b"!")) };
    let all: [&[u8]; 15] = [
        b"a",
        b"b!",
        b"c",
        b"d seven..",
        b"e a longer suffix than a tail",
        b"f",
        b"f and more",
        b"f and more!",
        b"g1",
        b"g2!",
        b"h",
        b"i a longer suffix than a tail!",
        b"j12345678",
        b"k1234567",
        b"l!",
    ];
    let plain: [&[u8]; 5] = [b"a", b"b", b"d", b"e", b"f"];
    let child_apart: [&[u8]; 3] = [b"a", b"cdef", b"d"];
    for (keys, own) in
        [&all[..], &plain, &child_apart].into_iter().flat_map(|keys| [(keys, false), (keys, true)])
    {
        let value = |i: usize| i.to_string();
        let mut model = Model::new();
        let mut bundle = Bundle::new(own.then(|| Stored::new(value(99))));
        model.extend(own.then(|| (Vec::new(), Some(value(99)))));
        for (i, key) in keys.iter().enumerate() {
            bundle.push(key, end(kinds(key), &value, i));
            note(&mut model, key, kinds(key), &value, i);
        }
        let mut node = bundle.pack();
        assert!(matches!(node.view().kind(), Kind::List(_)));
        node.try_unique().expect("the node has one owner").split();
        assert!(matches!(node.view().kind(), Kind::Wide(_)));
        check(node.lent()).unwrap();
        assert_eq!(model_of(node.view()), model);
    }
}
