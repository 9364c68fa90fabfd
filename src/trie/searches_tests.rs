//! How many nodes an operation of a map or a writer searches: each node on the way to its key
//! once.

use crate::reached::Mark;
use crate::testing::limits::{Limits, with_limits};
use crate::trie::{Entry, PathMap};
use crate::zipper::{ZipperMoving, ZipperWriting};

/// What `act` returns, and how many nodes it searches.
fn searches<T>(act: impl FnOnce() -> T) -> (T, u64) {
    let before = Mark::NodeSearched.count();
    let result = act();
    (result, Mark::NodeSearched.count() - before)
}

/// How often this thread has built a node anew to make room for an entry.
fn rebuilt() -> u64 {
    [Mark::ListFull, Mark::ListFullOverTip, Mark::LongSuffix, Mark::TailParted].map(Mark::count).iter().sum()
}

/// Keys of nested words and numbers, in no order, and one that is longer than a suffix may be.
fn keys() -> Vec<Vec<u8>> {
    let mut keys: Vec<Vec<u8>> =
        (0..600u32).map(|i| (i.wrapping_mul(0x9E37_79B9) >> 18).to_string().into_bytes()).collect();
    keys.extend((1..40).map(|len| vec![b'n'; len]));
    keys.push(vec![b'x'; 9_000]);
    keys.push(Vec::new());
    keys
}

/// Runs `test` with lists of every length that matters.
fn for_each_limit(test: impl Fn()) {
    for limits in [Limits::TINY, Limits::DEFAULT] {
        with_limits(limits, &test);
    }
}

/// Asserts that an operation searched each of the `nodes` on the way once, and what it built
/// itself at most twice.
#[track_caller]
fn assert_once(what: &str, key: &[u8], searched: u64, nodes: u64, built: u64) {
    let most = nodes + 2 * built;
    assert!(
        searched <= most,
        "{what} of {:?}: {searched} searches of {nodes} nodes, {built} built",
        key.escape_ascii().to_string()
    );
}

#[test]
fn an_entry_walks_once() {
    for_each_limit(|| {
        let (mut inserted, mut set) = (PathMap::new(), PathMap::new());
        for key in keys() {
            // The way to a vacant path, and what is inserted there.
            let (there, nodes) = searches(|| inserted.contains(&key));
            let before = rebuilt();
            let (_, searched) = searches(|| *inserted.entry(&key).or_insert(1));
            let rebuilt_here = rebuilt() - before;
            let (_, by_default) = searches(|| *set.get_val_or_set_mut_with_at(&key, || 1));
            // The nodes on the way to what was inserted.
            let (_, now) = searches(|| inserted.contains(&key));
            let built = rebuilt_here + now.abs_diff(nodes);
            assert_once("a vacant entry", &key, searched, nodes, built);
            assert_once("a default", &key, by_default, nodes, built);
            // The way to a value.
            let nodes = now;
            let (_, searched) = searches(|| *inserted.entry(&key).or_insert(2) += 1);
            assert_once("an occupied entry", &key, searched, nodes, 0);
            let (_, searched) = searches(|| *set.get_val_or_set_mut_with_at(&key, || 2) += 1);
            assert_once("a value that is there", &key, searched, nodes, 0);
            let (_, searched) = searches(|| *inserted.get_mut(&key).unwrap() += u32::from(there));
            assert_once("get_mut", &key, searched, nodes, 0);
            let (_, searched) = searches(|| {
                let Entry::Occupied(mut entry) = inserted.entry(&key) else { panic!("there is a value") };
                let seen = *entry.get();
                *entry.get_mut() += 1;
                assert_eq!(entry.insert(seen), seen + 1);
                entry.into_mut();
            });
            assert_once("an entry that is looked at again", &key, searched, nodes, 0);
        }
        inserted.check().unwrap();
        set.check().unwrap();
    });
}

#[test]
fn a_removal_walks_once() {
    for_each_limit(|| {
        let mut map: PathMap<usize> = keys().into_iter().zip(0..).collect();
        let mut other = map.iter().map(|(key, &value)| (key, value)).collect::<PathMap<_>>();
        for (value, key) in keys().into_iter().enumerate().rev() {
            let Some(&found) = map.get(&key) else { continue };
            let (_, nodes) = searches(|| map.contains(&key));
            let (removed, searched) = searches(|| map.remove(&key));
            assert_eq!(removed, Some(found));
            assert_once("a removal", &key, searched, nodes, 0);
            map.check().unwrap();
            let (removed, searched) = searches(|| match other.entry(&key) {
                Entry::Occupied(entry) => Some(entry.remove()),
                Entry::Vacant(_) => None,
            });
            assert_eq!(removed, Some(found).filter(|&found| found <= value));
            assert_once("a removal by an entry", &key, searched, nodes, 0);
            other.check().unwrap();
        }
        assert!(map.is_empty() && other.is_empty());
    });
}

#[test]
fn a_writer_looks_for_its_value_once() {
    for_each_limit(|| {
        let mut map = PathMap::new();
        for key in keys() {
            let (_, nodes) = searches(|| map.contains(&key));
            let before = rebuilt();
            let (_, searched) = searches(|| {
                let mut writer = map.write_zipper();
                writer.descend_to(&key);
                *writer.get_val_or_set_mut_with(|| 1)
            });
            let (_, now) = searches(|| map.contains(&key));
            let built = rebuilt() - before + now.abs_diff(nodes);
            // The last node is searched for a child, and for the edit.
            assert_once("a writer's default", &key, searched, nodes + 1, built);
            let nodes = now;
            let (_, searched) = searches(|| {
                let mut writer = map.write_zipper();
                writer.descend_to(&key);
                *writer.get_val_or_set_mut_with(|| 2) += 1;
            });
            assert_once("a writer's value", &key, searched, nodes + 1, 0);
        }
        map.check().unwrap();
    });
}
