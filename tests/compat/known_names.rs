//! Names of pathmap 0.3.5 that have another name here: both must give equal results.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, hash_map};
use std::hash::Hash;

use bytetrie::morphisms::{Catamorphism, SplitCata, SplitCataJumping};
use bytetrie::ring::*;
use bytetrie::zipper::*;
use bytetrie::{ByteMask, PathMap, merkleization, set_dist_lattice, set_lattice};
use proptest::prelude::*;

use crate::tries::{config, paths, recipes};

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A set whose lattice is implemented by the macros.
#[derive(Clone, Debug, PartialEq)]
struct Own<K: Clone + Eq + Hash>(HashMap<K, HashSet<u8>>);

impl<K: Clone + Eq + Hash> SetLattice for Own<K> {
    type K = K;
    type V = HashSet<u8>;
    type Iter<'a>
        = hash_map::Iter<'a, K, HashSet<u8>>
    where
        K: 'a;

    fn with_capacity(capacity: usize) -> Self {
        Self(HashMap::with_capacity(capacity))
    }
    fn len(&self) -> usize {
        self.0.len()
    }
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    fn contains_key(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }
    fn insert(&mut self, key: K, val: HashSet<u8>) {
        self.0.insert(key, val);
    }
    fn remove(&mut self, key: &K) {
        self.0.remove(key);
    }
    fn get(&self, key: &K) -> Option<&HashSet<u8>> {
        self.0.get(key)
    }
    fn replace(&mut self, key: &K, val: HashSet<u8>) {
        assert!(self.0.insert(key.clone(), val).is_some(), "called for a key that is not there");
    }
    fn iter<'a>(&'a self) -> Self::Iter<'a> {
        self.0.iter()
    }
    fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }
}

set_lattice!(Own<K: Clone + Eq + Hash>);
set_dist_lattice!(Own<K: Clone + Eq + Hash>);

fn maps() -> impl Strategy<Value = HashMap<u8, HashSet<u8>>> {
    prop::collection::hash_map(0..4u8, prop::collection::hash_set(0..3u8, 0..=3), 0..=4)
}

proptest! {
    #![proptest_config(config(256))]

    /// The lattice of std's maps, written by hand, and the lattice that the macros generate give
    /// equal results.
    #[test]
    fn lattices_by_macro_are_those_of_maps(a in maps(), b in maps()) {
        let (own_a, own_b) = (Own(a.clone()), Own(b.clone()));
        prop_assert_eq!(own_a.pjoin(&own_b), a.pjoin(&b).map(Own));
        prop_assert_eq!(own_a.pmeet(&own_b), a.pmeet(&b).map(Own));
        prop_assert_eq!(own_a.psubtract(&own_b), a.psubtract(&b).map(Own));
        prop_assert_eq!(own_a.bottom(), a.bottom().map(Own));
    }

    #[test]
    fn lattices_of_references_are_those_of_values(a in any::<Option<u8>>(), b in any::<Option<u8>>()) {
        let (a, b) = (a.map(Max), b.map(Max));
        let (ref_a, ref_b) = (a.as_ref(), b.as_ref());
        prop_assert_eq!(LatticeRef::pjoin(&ref_a, &ref_b), a.pjoin(&b));
        prop_assert_eq!(LatticeRef::pmeet(&ref_a, &ref_b), a.pmeet(&b));
        prop_assert_eq!(DistributiveLatticeRef::psubtract(&ref_a, &ref_b), a.psubtract(&b));
        if let (Some(a), Some(b)) = (&a, &b) {
            prop_assert_eq!(LatticeRef::pjoin(&a, &b), a.pjoin(b));
            prop_assert_eq!(LatticeRef::pmeet(&a, &b), a.pmeet(b));
            prop_assert_eq!(DistributiveLatticeRef::psubtract(&a, &b), a.psubtract(b));
        }
    }

    #[test]
    fn tips_are_the_locations_with_nothing_below(recipe in recipes(), from in paths()) {
        let map = recipe.build();
        let mut reader = map.read_zipper();
        reader.descend_to(&from);
        let tips = reader.clone().into_path_iter();
        let mut expected = Vec::new();
        while reader.to_next_step() {
            if reader.child_count() == 0 {
                expected.push((reader.path().to_vec(), reader.get_val().copied()));
            }
        }
        let mut found = Vec::new();
        let mut walk = tips;
        prop_assert_eq!(walk.val(), None);
        while let Some(path) = walk.next() {
            found.push((path, walk.val().copied()));
        }
        prop_assert_eq!(found, expected);
        prop_assert!(walk.next().is_none() && walk.val().is_none());
    }

    #[test]
    fn a_split_fold_is_the_fold_of_one_closure(recipe in recipes()) {
        let map = recipe.build();
        // Each location is one line, so that a missing or an additional call shows.
        let line = |path: &[u8], what: &str| format!("{path:?}{what};");
        let one = map.clone().into_cata_side_effect(|mask, below: &mut [String], value, path| {
            let branches = || below.concat() + &line(path, &format!("{mask:?}"));
            match value {
                None => branches(),
                Some(value) if mask.is_empty_mask() => line(path, &format!("tip {value}")),
                Some(value) => branches() + &line(path, &format!("value {value}")),
            }
        });
        let split = map.into_cata_side_effect(SplitCata::new(
            |value: &u64, path: &[u8]| line(path, &format!("tip {value}")),
            |value: &u64, below: String, path: &[u8]| below + &line(path, &format!("value {value}")),
            |mask: &ByteMask, below: &mut [String], path: &[u8]| below.concat() + &line(path, &format!("{mask:?}")),
        ));
        prop_assert_eq!(one, split);
    }
}

/// Records every call of a jumping fold made of four closures, in order.
#[test]
fn a_split_jumping_fold_calls_as_it_says() {
    let calls = |paths: &[&str]| {
        let map: PathMap<usize> = paths.iter().zip(1..).collect();
        let calls = RefCell::new(Vec::new());
        let call = |call: String, path: &[u8]| calls.borrow_mut().push(format!("{call} at {:?}", text(path)));
        map.into_cata_jumping_side_effect(SplitCataJumping::new(
            |value: &usize, path: &[u8]| call(format!("tip {value}"), path),
            |value: &usize, (), path: &[u8]| call(format!("value {value}"), path),
            |mask: &ByteMask, children: &mut [()], path: &[u8]| {
                assert_eq!(mask.count_bits(), children.len());
                call(format!("branch {:?}", text(&mask.iter().collect::<Vec<_>>())), path);
            },
            |jumped: &[u8], (), path: &[u8]| call(format!("jump {:?}", text(jumped)), path),
        ));
        calls.into_inner()
    };
    assert_eq!(calls(&[]), [r#"branch "" at """#]);
    assert_eq!(calls(&[""]), [r#"tip 1 at """#]);
    assert_eq!(calls(&["a"]), [r#"tip 1 at "a""#, r#"branch "a" at """#]);
    assert_eq!(calls(&["abc"]), [r#"tip 1 at "abc""#, r#"jump "abc" at """#, r#"branch "a" at """#]);
    assert_eq!(
        calls(&["rom", "romane", "romanus", "x"]),
        [
            r#"tip 2 at "romane""#,
            r#"tip 3 at "romanus""#,
            r#"jump "s" at "romanu""#,
            r#"branch "eu" at "roman""#,
            r#"jump "n" at "roma""#,
            r#"value 1 at "rom""#,
            r#"jump "om" at "r""#,
            r#"tip 4 at "x""#,
            r#"branch "rx" at """#,
        ]
    );
}

/// A function that takes its writer by value accepts a mutable borrow.
#[test]
fn a_writer_is_lent() {
    fn note<W: ZipperWriting<u32>>(mut writer: W, path: &str, value: u32) -> Option<u32> {
        writer.move_to_path(path);
        let before = writer.set_val(value);
        *writer.get_val_or_set_mut(0) += 1;
        before
    }
    fn edit<W: ZipperWriting<u32>>(mut writer: W, source: &PathMap<u32>) {
        writer.graft_src_at(&source.read_zipper(), "");
        assert!(writer.join_map_into(PathMap::from([("x", 9), ("y", 4)])).is_element());
    }
    fn nested<'z, W: ZipperWriting<u32, ZipperHead<'z> = ZipperHead<'z, 'z, u32>> + 'z>(writer: &'z mut W) {
        let head = writer.zipper_head();
        head.write_zipper_at_exclusive_path("/below").unwrap().set_val(7);
    }
    let mut map = PathMap::new();
    let mut writer = map.write_zipper_at_path(b"root/");
    assert_eq!(note(&mut writer, "a", 1), None);
    assert_eq!(note(&mut &mut writer, "a", 5), Some(2));
    drop(writer);
    let source = PathMap::from([("x", 3)]);
    let mut writer = map.write_zipper();
    edit(&mut writer, &source);
    drop(writer);
    assert_eq!(map, PathMap::from([("x", 3), ("y", 4)]));
    nested(&mut map.write_zipper_at_path(b"x"));
    assert_eq!(map.get("x/below"), Some(&7));
}

#[test]
fn a_map_tells_whether_its_root_is_shared() {
    let mut map = PathMap::from([("a", 1)]);
    assert!(!map.is_shared() && !PathMap::<()>::new().is_shared());
    assert_eq!(PathMap::<()>::new().shared_node_id(), None);
    let copy = map.clone();
    assert!(map.is_shared() && copy.is_shared());
    assert_eq!(map.shared_node_id(), copy.shared_node_id());
    assert_eq!(map.shared_node_id(), map.read_zipper().shared_node_id());
    map.insert("b", 2);
    assert!(!map.is_shared() && !copy.is_shared());
    assert_ne!(map.shared_node_id(), copy.shared_node_id());
}

#[test]
fn merkleize_has_its_module() {
    let report: merkleization::MerkleizeResult = PathMap::from([("a", 1)]).merkleize();
    assert_eq!(report.hash, PathMap::from([("a", 1)]).hash());
}
