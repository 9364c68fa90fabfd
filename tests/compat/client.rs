//! A program written for `pathmap` 0.3.5, with its deprecated names: a store of facts, which are
//! paths `subject.predicate.object`, each with the number of times that it was told.
//!
//! Without the line that renames this crate, the file also compiles with that crate.

#![allow(deprecated, reason = "a program that was not changed")]
#![allow(unreachable_pub, reason = "the file is also compiled as a crate")]

use bytetrie as pathmap;

use std::collections::BTreeMap;

use pathmap::PathMap;
use pathmap::morphisms::Catamorphism;
use pathmap::ring::AlgebraicStatus;
use pathmap::utils::{ByteMask, find_prefix_overlap};
use pathmap::zipper::{
    DependentProductZipperG, PolyZipper, ProductZipper, ProductZipperG, ReadZipperOwned, ReadZipperUntracked,
    Zipper, ZipperCreation, ZipperIteration, ZipperMoving, ZipperReadOnlyConditionalValues,
    ZipperReadOnlyIteration, ZipperReadOnlyValues, ZipperValues, ZipperWriting,
};

/// The factor that a function draws at each tip.
type Draw<V> = for<'a> fn((), &'a [u8], usize) -> ((), Option<ReadZipperOwned<V>>);

/// The facts of one source: stored ones, or stored subjects whose facts are drawn.
#[derive(Clone, PolyZipper)]
#[allow(clippy::type_complexity, reason = "a program as it is found")]
pub enum Facts<'trie, V: Clone + Send + Sync + Unpin + 'static = u64> {
    Stored(ReadZipperUntracked<'trie, 'trie, V>),
    Drawn(
        DependentProductZipperG<
            'trie,
            ReadZipperUntracked<'trie, 'trie, V>,
            ReadZipperOwned<V>,
            V,
            (),
            for<'a> fn((), &'a [u8], usize) -> ((), Option<ReadZipperOwned<V>>),
        >,
    ),
}

/// Counts each fact once more.
pub fn tell<Z: ZipperWriting<u64>>(mut store: Z, facts: &[&str]) {
    for fact in facts {
        store.move_to_path(fact);
        *store.get_value_or_insert(0) += 1;
    }
    store.reset();
}

/// Takes one fact back, and returns how often it had been told.
pub fn forget<Z: ZipperWriting<u64> + ZipperValues<u64>>(store: &mut Z, fact: &str) -> Option<u64> {
    store.move_to_path(fact);
    let told = store.value().copied();
    assert_eq!(store.is_value(), told.is_some());
    if let Some(count) = store.get_value_mut() {
        *count = 0;
    }
    let forgotten = store.remove_value();
    assert_eq!(forgotten.is_some(), told.is_some());
    store.reset();
    told
}

/// Lists all facts.
pub fn list<'t, Z>(mut facts: Z) -> Vec<(String, u64)>
where
    Z: ZipperMoving + ZipperReadOnlyValues<'t, u64> + ZipperReadOnlyIteration<'t, u64>,
{
    let mut list = Vec::new();
    while let Some(&count) = facts.to_next_get_value() {
        assert_eq!(facts.get_value(), Some(&count));
        list.push((String::from_utf8_lossy(facts.path()).into_owned(), count));
    }
    list
}

/// The subject that a text begins with, and its `n`-th predicate.
pub fn parse(store: &PathMap<u64>, text: &str, n: usize) -> Option<(usize, u8)> {
    let mut subjects = PathMap::<()>::new();
    let mut reader = store.read_zipper();
    while reader.to_next_val() {
        let end = reader.path().iter().position(|&byte| byte == b'.')?;
        subjects.set_val_at(&reader.path()[..end], ());
    }
    let mut subject = subjects.read_zipper();
    let used = subject.descend_to_value(text);
    let mut predicates = store.read_zipper_at_path(&text[..used]);
    predicates.descend_to_byte(b'.');
    let found = subject.is_value() && predicates.descend_indexed_branch(n);
    found.then(|| (used, *predicates.path().last().unwrap()))
}

/// Threads tell the store facts, each below a subject of its own.
pub fn tell_in_parallel(store: &mut PathMap<u64>, facts: &BTreeMap<&str, Vec<&str>>) {
    let head = store.zipper_head();
    std::thread::scope(|scope| {
        let mut writers = Vec::new();
        for (subject, facts) in facts {
            let mut writer = head.write_zipper_at_exclusive_path(format!("{subject}.")).unwrap();
            let told = scope.spawn(move || {
                tell(&mut writer, facts);
                writer
            });
            writers.push(told);
        }
        for told in writers {
            let mut writer = told.join().unwrap();
            head.cleanup_write_zipper(&mut writer);
        }
    });
}

/// The facts in `store` that are not in `known`, without dangling paths.
pub fn news(store: &PathMap<()>, known: &PathMap<()>) -> (PathMap<()>, AlgebraicStatus) {
    let mut writer = store.clone().into_write_zipper("");
    let status = writer.subtract_into(&known.read_zipper(), true);
    (writer.into_map(), status)
}

/// The facts without their counts.
pub fn told(store: &PathMap<u64>) -> PathMap<()> {
    let mut told = PathMap::new();
    for (path, _) in store.iter() {
        told.set_val_at(path, ());
    }
    told
}

/// Every pair of a fact of `first` and one of `second`, folded: pairs, and tips.
pub fn pairs(first: &PathMap<()>, second: &PathMap<()>) -> (usize, usize) {
    let mut product = ProductZipper::new(first.read_zipper(), [second.read_zipper()]);
    product.reserve_path_buffer(256);
    let ends = first.val_count();
    let fold = |_: &ByteMask, below: &mut [(usize, usize)], value: Option<&()>, _: &[u8]| {
        let tips = if below.is_empty() { 1 } else { below.iter().map(|below| below.1).sum() };
        (below.iter().map(|below| below.0).sum::<usize>() + usize::from(value.is_some()), tips)
    };
    let (values, tips) = product.into_cata_side_effect(fold);
    (values - ends, tips)
}

/// The sum of all counts, each shared subtrie added up once.
pub fn sum(store: PathMap<u64>) -> u64 {
    store.into_cata_cached(|_: &ByteMask, below: &mut [u64], value: Option<&u64>| {
        below.iter().sum::<u64>() + value.copied().unwrap_or(0)
    })
}

/// Adds up all counts, each read by a witness, which outlives the zipper.
pub fn total(mut facts: Facts<'_>) -> u64 {
    let mut total = 0;
    while facts.to_next_val() {
        let witness = facts.witness();
        total += facts.get_val_with_witness(&witness).unwrap();
    }
    total
}

/// At each subject, a map of one fact about it.
pub fn draw(_: (), subject: &[u8], factors: usize) -> ((), Option<ReadZipperOwned<u64>>) {
    let fact = || PathMap::single([b".is.", &subject[..1]].concat(), 10).into_read_zipper("");
    ((), (factors == 0).then(fact))
}

/// Moves everything below the subjects one level up, and compares with the old names of algebra.
pub fn without_subjects(store: &PathMap<()>, others: &PathMap<()>) -> [usize; 4] {
    let count = |edit: fn(&mut PathMap<()>, &PathMap<()>)| {
        let mut map = store.clone();
        edit(&mut map, others);
        map.val_count()
    };
    [
        count(|map, _| assert!(map.write_zipper().drop_head(3))),
        count(|map, others| assert!(map.write_zipper().join(&others.read_zipper()).is_element())),
        count(|map, others| assert!(map.write_zipper().meet(&others.read_zipper()).is_element())),
        count(|map, others| {
            let mut writer = map.write_zipper();
            assert!(writer.subtract(&others.read_zipper()).is_element());
            assert!(writer.join_map(PathMap::single("now", ())).is_element());
        }),
    ]
}

/// Runs the whole program.
pub fn run() {
    let mut store = PathMap::<u64>::new();
    tell(store.write_zipper(), &["tom.likes.fish", "ann.knows.tom", "tom.likes.fish"]);
    let below = ["likes.milk", "likes.fish", "knows.ann"];
    let mut facts = BTreeMap::from([("tom", below.to_vec()), ("bob", vec!["knows.tom"]), ("eve", vec![])]);
    tell_in_parallel(&mut store, &facts);
    let all = [("ann.knows.tom", 1), ("bob.knows.tom", 1), ("tom.knows.ann", 1), ("tom.likes.fish", 3)];
    let all = [&all[..], &[("tom.likes.milk", 1)]].concat();
    let all: Vec<_> = all.into_iter().map(|(fact, count)| (fact.to_owned(), count)).collect();
    assert_eq!(list(store.read_zipper()), all);
    // A writer that wrote nothing leaves nothing.
    assert!(!store.contains_path("eve") && store.contains_path("tom.li"));

    assert_eq!(parse(&store, "tommy", 0), Some((3, b'k')));
    assert_eq!(parse(&store, "tommy", 1), Some((3, b'l')));
    assert_eq!((parse(&store, "tommy", 2), parse(&store, "to", 0)), (None, None));
    assert_eq!(find_prefix_overlap(b"tom.likes", b"tom.knows"), 4);

    let before = store.clone();
    facts.retain(|&subject, _| subject == "bob");
    assert_eq!(forget(&mut store.write_zipper(), "tom.likes.fish"), Some(3));
    assert_eq!(forget(&mut store.write_zipper(), "tom.likes"), None);
    tell_in_parallel(&mut store, &facts);
    let mut writer = store.write_zipper_at_path(b"zoe.");
    writer.descend_to("knows.bob");
    assert_eq!((writer.set_value(7), writer.set_value(8)), (None, Some(7)));
    writer.move_to_path("knows.ann");
    *writer.get_value_or_insert_with(|| 4) += 1;
    drop(writer);
    assert_eq!((sum(before.clone()), sum(store.clone())), (7, 5 + 8 + 5));

    let (old, new) = (told(&before), told(&store));
    let (unheard, status) = news(&new, &old);
    assert_eq!((unheard.val_count(), status), (2, AlgebraicStatus::Element));
    let (nothing, status) = news(&old, &old);
    assert!(nothing.is_empty() && status == AlgebraicStatus::None);
    assert_eq!(news(&old, &unheard).1, AlgebraicStatus::Identity);
    assert_eq!(pairs(&old, &new), (5 * 6, 5 * 6));
    assert_eq!(pairs(&old, &unheard), (5 * 2, 5 * 2));
    assert_eq!(without_subjects(&old, &new), [4, 7, 4, 2]);

    let mut three = ProductZipperG::new(old.read_zipper(), [unheard.read_zipper(), unheard.read_zipper()]);
    assert!(three.descend_to_check("ann.knows.tomzoe.knows.bobzoe.k"));
    assert_eq!((three.child_count(), three.path_exists()), (1, true));

    let mut subjects = PathMap::new();
    for (subject, count) in ["ann", "tom", "zoe"].iter().zip(1..) {
        subjects.set_val_at(subject, count);
    }
    let drawn = DependentProductZipperG::new_enroll(subjects.read_zipper(), (), draw as Draw<u64>);
    assert_eq!(total(Facts::Drawn(drawn.clone())), 1 + 2 + 3 + 3 * 10);
    assert_eq!(total(Facts::Stored(store.read_zipper())), sum(store.clone()));
    let mut drawn = Facts::Drawn(drawn);
    assert_eq!((drawn.descend_to_value("tom.is.t"), drawn.is_value()), (3, true));
    assert!(drawn.to_next_val() && drawn.path() == b"tom.is.t");
    assert_eq!(drawn.value(), Some(&10));
}

#[test]
fn a_store_of_facts() {
    run();
}
