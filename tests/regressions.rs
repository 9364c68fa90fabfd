//! Programs that once went wrong, each with its name.

use std::collections::BTreeMap;

use bytetrie::PathMap;
use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::zipper::*;

/// A list of thirty-one one-byte entries and a longer one is not dense; without the longer one it is, and full for a tip.
#[test]
fn the_tip_that_a_taken_subtrie_leaves_makes_a_list_dense() {
    // The longer one first, or the list would have turned wide on the way.
    let mut map = PathMap::new();
    map.insert("ab", 99);
    for byte in 0..31u8 {
        map.insert([100 + byte], u64::from(byte));
    }
    let mut zipper = map.write_zipper_at_path(b"a");
    let taken = zipper.take_map(false).unwrap();
    assert!(zipper.path_exists() && zipper.child_count() == 0);
    drop(zipper);
    assert_eq!((taken.val_count(), taken.get("b")), (1, Some(&99)));
    map.check().unwrap();
    assert_eq!(map.val_count(), 31);
    assert!((0..31u8).all(|byte| map.get([100 + byte]) == Some(&u64::from(byte))));
}

/// A suffix too long for one entry goes on in a child, at whose root there may already be a value.
#[test]
fn a_value_where_an_overlong_suffix_is_cut() {
    let long = vec![b'k'; 2_000];
    for below in [&b"a"[..], b"aa", &[b'k'; 2_000], &[b'k'; 2_001]] {
        let longer = [&long[..], below].concat();
        let mut map = PathMap::from([(&long, 1)]);
        map.insert(&longer, 2);
        map.check().unwrap();
        assert_eq!((map.get(&long), map.get(&longer)), (Some(&1), Some(&2)));
        assert!(map == PathMap::from([(&longer, 2), (&long, 1)]));
        assert_eq!((map.remove(&long), map.len()), (Some(1), 1));
        map.check().unwrap();
    }
}

/// Short paths over all bytes, so that lists are dense and turn wide and back: what small alphabets never reach.
#[test]
fn dense_lists_and_wide_nodes_take_and_give_subtries() {
    for (seed, limits) in
        (0..300).flat_map(|seed| [(seed, Limits::DEFAULT), (seed, Limits { entries: 8, bytes: 200 })])
    {
        with_limits(limits, || {
            let mut rng = Rng::new(seed);
            let (mut map, mut model) = (PathMap::new(), BTreeMap::<Vec<u8>, u64>::new());
            for step in 0..200 {
                let mut path = vec![rng.below(40) as u8];
                path.extend((rng.below(8) == 0).then(|| rng.below(3) as u8));
                match rng.below(5) {
                    0 => assert_eq!(map.remove(&path), model.remove(&path)),
                    1 => {
                        let mut zipper = map.write_zipper_at_path(&path);
                        let taken = zipper.take_map(rng.below(2) == 0).unwrap_or_default();
                        let below: Vec<_> =
                            model.keys().filter(|found| found.starts_with(&path)).cloned().collect();
                        let expected: Vec<_> = below
                            .iter()
                            .map(|found| (found[path.len()..].to_vec(), model.remove(found).unwrap()))
                            .collect();
                        assert_eq!(taken.clone().into_iter().collect::<Vec<_>>(), expected);
                        if rng.below(2) == 0 {
                            zipper.graft_map(taken);
                            let back = expected
                                .into_iter()
                                .map(|(rest, value)| ([&path[..], &rest].concat(), value));
                            model.extend(back);
                        }
                    }
                    _ => assert_eq!(map.insert(&path, step), model.insert(path, step)),
                }
                map.check().unwrap();
                assert!(map.iter().eq(model.iter().map(|(path, value)| (path.clone(), value))));
            }
        });
    }
}

/// Before a focus that does not exist, below a parent that does not either, there may be siblings of that parent.
#[test]
fn a_step_back_from_below_an_absent_parent_by_the_provided_moves() {
    /// A zipper with no more than the required methods.
    struct Plain<Z>(Z);

    impl<Z: ZipperMoving> Zipper for Plain<Z> {
        fn path_exists(&self) -> bool {
            self.0.path_exists()
        }
        fn is_val(&self) -> bool {
            self.0.is_val()
        }
        fn child_count(&self) -> usize {
            self.0.child_count()
        }
        fn child_mask(&self) -> bytetrie::ByteMask {
            self.0.child_mask()
        }
    }

    impl<Z: ZipperMoving> ZipperMoving for Plain<Z> {
        fn path(&self) -> &[u8] {
            self.0.path()
        }
        fn val_count(&self) -> usize {
            self.0.val_count()
        }
        fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
            self.0.descend_to(k);
        }
        fn ascend(&mut self, steps: usize) -> bool {
            self.0.ascend(steps)
        }
        fn ascend_until(&mut self) -> bool {
            self.0.ascend_until()
        }
        fn ascend_until_branch(&mut self) -> bool {
            self.0.ascend_until_branch()
        }
    }

    impl<Z: ZipperMoving> ZipperIteration for Plain<Z> {}

    let map: PathMap<u64> = [("aaa", 1), ("c", 2)].into_iter().collect();
    for (from, before) in [("bab", "aaa"), ("aab", "aaa"), ("cc", "c"), ("aa!", "aa"), ("!!", "")] {
        let (mut plain, mut zipper) = (Plain(map.read_zipper()), map.read_zipper());
        plain.descend_to(from);
        zipper.descend_to(from);
        assert_eq!(plain.to_prev_step(), zipper.to_prev_step(), "from {from}");
        assert_eq!(plain.path(), zipper.path(), "from {from}");
        assert_eq!(plain.path(), before.as_bytes(), "from {from}");
    }
}
