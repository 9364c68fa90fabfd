//! The movement suite: one suite for the movement of all zippers.
//!
//! `movement_suite!(name, |map, root, walk| …)` generates the suite for one type. The expression
//! creates a zipper over `map`, rooted at `root`, and passes it to `walk.walk(zipper)`.

mod rows;

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::naive::{NaiveMap, NaiveZipper};
use bytetrie::testing::ops::{Answer, Keys, Move, same_content};
use bytetrie::zipper::{ZipperAbsolutePath, ZipperIteration, ZipperPathBuffer, ZipperValues};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

pub(crate) use rows::*;

/// The traits of a zipper that the suite needs.
pub(crate) trait Cursor:
    ZipperIteration + ZipperValues<u64> + ZipperAbsolutePath + ZipperPathBuffer
{
}

impl<Z: ZipperIteration + ZipperValues<u64> + ZipperAbsolutePath + ZipperPathBuffer> Cursor for Z {}

/// A test case that is generic over the zipper's type.
pub(crate) trait Walk {
    fn walk<Z: Cursor>(self, zipper: Z);
}

/// A map with its model, and the root of the zipper.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) map: PathMap<u64>,
    pub(crate) model: NaiveMap<u64>,
    pub(crate) root: Vec<u8>,
}

impl Scene {
    pub(crate) fn new<K: AsRef<[u8]>>(valued: &[K], bare: &[K], root: &[u8]) -> Self {
        let (mut map, mut model) = (PathMap::new(), NaiveMap::new());
        for (value, path) in (1..).zip(valued) {
            assert_eq!(map.set_val_at(path, value), model.set(path.as_ref(), value));
        }
        for path in bare {
            assert_eq!(map.create_path(path), model.create_path(path.as_ref()));
        }
        Self { map, model, root: root.to_vec() }
    }
}

/// Compares the results of all queries at the focus. A nested head has its own origin, so the
/// origin is not compared with the model, but must obey its law.
pub(crate) fn agree<Z: Cursor>(z: &Z, m: &NaiveZipper<'_, u64>, prefix: &[u8]) {
    let at = m.path();
    assert_eq!(z.path(), at, "path");
    assert_eq!(z.at_root(), m.at_root(), "at_root at {at:?}");
    assert_eq!(z.path_exists(), m.path_exists(), "path_exists at {at:?}");
    assert_eq!(z.is_val(), m.is_val(), "is_val at {at:?}");
    assert_eq!(z.val(), m.val(), "val at {at:?}");
    assert_eq!(z.child_mask(), m.child_mask(), "child_mask at {at:?}");
    assert_eq!(z.child_count(), m.child_count(), "child_count at {at:?}");
    assert_eq!(z.val_count(), m.val_count(), "val_count at {at:?}");
    assert_eq!(z.root_prefix_path(), prefix, "root_prefix_path");
    assert_eq!(z.origin_path(), [prefix, at].concat(), "origin_path");
}

/// A row: at `at`, the call returns the answer, and the focus is then at `after`.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) at: Vec<u8>,
    pub(crate) call: Move,
    pub(crate) answer: Answer,
    pub(crate) after: Vec<u8>,
}

/// Runs one case on the zipper and on the model. Both must give the expected result.
pub(crate) struct OneCase<'a> {
    pub(crate) model: NaiveMap<u64>,
    pub(crate) root: &'a [u8],
    pub(crate) case: &'a Case,
}

impl Walk for OneCase<'_> {
    fn walk<Z: Cursor>(mut self, mut z: Z) {
        let Self { root, case, .. } = self;
        let mut m = NaiveZipper::new(&mut self.model, root);
        let prefix = z.root_prefix_path().to_vec();
        agree(&z, &m, &prefix);
        m.descend_to(&case.at);
        z.descend_to(&case.at);
        agree(&z, &m, &prefix);
        assert_eq!(case.call.on_model(&mut m), case.answer, "the model's answer, {case:?}");
        assert_eq!(m.path(), case.after, "where the model goes, {case:?}");
        assert_eq!(case.call.on(&mut z), case.answer, "{case:?} below {root:?}");
        agree(&z, &m, &prefix);
        // Internal state that the call left in the zipper must not affect later calls.
        assert_eq!(z.to_next_step(), m.to_next_step(), "a step after {case:?}");
        agree(&z, &m, &prefix);
        z.ascend(usize::MAX);
        same_content(&mut z, m.map(), root);
    }
}

/// Visits every location forwards and backwards, and every value, on a trie of all 256 bytes and
/// on long edges.
pub(crate) struct BothWays {
    pub(crate) model: NaiveMap<u64>,
    pub(crate) root: Vec<u8>,
}

impl Walk for BothWays {
    fn walk<Z: Cursor>(mut self, mut z: Z) {
        let mut m = NaiveZipper::new(&mut self.model, &self.root);
        let prefix = z.root_prefix_path().to_vec();
        for call in [Move::ToNextStep, Move::ToNextVal, Move::ToPrevStep, Move::ToPrevVal] {
            loop {
                let answer = call.on_model(&mut m);
                assert_eq!(call.on(&mut z), answer, "{call:?}");
                assert_eq!(z.path(), m.path(), "{call:?}");
                assert_eq!((z.val(), z.path_exists()), (m.val(), m.path_exists()), "{call:?}");
                if answer == Answer::Bool(false) {
                    break;
                }
            }
            agree(&z, &m, &prefix);
            assert!(z.at_root());
        }
    }
}

/// Visits all locations `k` bytes below the root, and once more with a descent and its reversal in
/// between.
pub(crate) struct KPaths {
    pub(crate) model: NaiveMap<u64>,
    pub(crate) root: Vec<u8>,
    pub(crate) k: usize,
}

impl Walk for KPaths {
    fn walk<Z: Cursor>(self, mut z: Z) {
        let Self { model, root, k } = self;
        let below = model.at_or_below(&root).map(|(path, _)| path[root.len()..].to_vec());
        let expected: Vec<_> = below.filter(|path| path.len() == k).collect();
        for undone in [false, true] {
            let mut found = Vec::new();
            let mut more = z.descend_first_k_path(k);
            while more {
                found.push(z.path().to_vec());
                if undone {
                    let depth = z.path().len();
                    z.descend_last_path();
                    z.descend_to(b"absent");
                    let below = z.path().len() - depth;
                    assert!(z.ascend(below));
                }
                more = z.to_next_k_path(k);
            }
            assert_eq!(found, expected, "the locations {k} below {root:?}");
            assert!(z.at_root());
        }
    }
}

/// The path keeps its address while it fits in the reserved buffer.
pub(crate) struct Reserved;

impl Walk for Reserved {
    fn walk<Z: Cursor>(self, mut z: Z) {
        z.prepare_buffers();
        z.reserve_buffers(10_000, 64);
        let address = z.origin_path().as_ptr();
        let prefix = z.root_prefix_path().len();
        for len in [1, 100, 9_000 - prefix] {
            z.descend_to(vec![b'x'; len]);
            assert_eq!(z.origin_path().as_ptr(), address);
            z.reset();
            assert_eq!(z.origin_path().as_ptr(), address);
        }
        while z.to_next_step() {
            assert_eq!(z.origin_path().as_ptr(), address);
        }
        z.reserve_buffers(1 << 32, 64);
        assert!(z.at_root() && z.descend_to_existing(b"") == 0);
    }
}

/// Random calls, each compared with the model.
#[derive(Clone, Debug)]
pub(crate) struct RandomWalk {
    pub(crate) model: NaiveMap<u64>,
    pub(crate) root: Vec<u8>,
    pub(crate) keys: Keys,
    pub(crate) calls: Vec<[u8; 2]>,
}

impl Walk for RandomWalk {
    fn walk<Z: Cursor>(mut self, mut z: Z) {
        let mut m = NaiveZipper::new(&mut self.model, &self.root);
        let prefix = z.root_prefix_path().to_vec();
        agree(&z, &m, &prefix);
        for [kind, operand] in self.calls {
            let call = Move::decode(kind, operand, &self.keys, m.path());
            let from = m.path().to_vec();
            let answer = call.on_model(&mut m);
            assert_eq!(call.on(&mut z), answer, "{call:?} from {from:?}");
            agree(&z, &m, &prefix);
        }
    }
}

/// Random walks on random tries: `BYTETRIE_PROGRAMS` of them, or 250.
pub(crate) fn random_walks(open: impl Fn(PathMap<u64>, &[u8], RandomWalk)) {
    let cases =
        std::env::var("BYTETRIE_PROGRAMS").ok().map(|n| n.parse().expect("BYTETRIE_PROGRAMS is a number"));
    let config =
        ProptestConfig { cases: cases.unwrap_or(250), failure_persistence: None, ..Default::default() };
    let letter = || prop::sample::select(vec![b'a', b'b', 0, 255]);
    let long = (20..200usize, vec(letter(), 0..=3)).prop_map(|(len, tail)| [vec![b'a'; len], tail].concat());
    let key = prop_oneof![12 => vec(letter(), 0..=5), 1 => long, 1 => vec(any::<u8>(), 1..=2)];
    let limits = prop_oneof![2 => Just(Limits::TINY), 1 => Just(Limits::DEFAULT)];
    let scene = (vec(key, 1..=12), any::<u16>(), vec(letter(), 0..=3));
    let strategy = (limits, scene, vec(any::<[u8; 2]>(), 0..=60));
    let result = TestRunner::new(config).run(&strategy, |(limits, (keys, bare, root), calls)| {
        let is_bare = |(index, _): &(usize, &Vec<u8>)| bare >> index & 3 == 3;
        let bare: Vec<_> = keys.iter().enumerate().filter(is_bare).map(|(_, key)| key).collect();
        let valued: Vec<_> = keys.iter().filter(|key| !bare.contains(key)).collect();
        with_limits(limits, || {
            let scene = Scene::new(&valued, &bare, &root);
            scene.map.check().unwrap();
            let walk =
                RandomWalk { model: scene.model, root: root.clone(), keys: Keys::new(keys.clone()), calls };
            open(scene.map, &root, walk);
        });
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

/// Generates the suite for one type of zipper.
#[macro_export]
macro_rules! movement_suite {
    ($name:ident, |$map:ident, $root:ident, $walk:ident| $open:expr) => {
        mod $name {
            use super::*;

            #[allow(unused_mut, reason = "only some zippers need the map to be mutable")]
            fn open(mut $map: PathMap<u64>, $root: &[u8], $walk: impl Walk) {
                $open;
            }

            $crate::movement_suite! { @rows
                reset descend_to descend_to_check descend_to_existing descend_to_val descend_to_byte
                descend_to_existing_byte descend_indexed_byte descend_first_byte descend_last_byte descend_until
                descend_until_max_bytes ascend ascend_byte ascend_until ascend_until_branch to_next_sibling_byte
                to_prev_sibling_byte move_to_path to_next_step to_next_val to_prev_step to_prev_val
                descend_last_path descend_first_k_path to_next_k_path
            }

            #[test]
            fn all_bytes_both_ways() {
                for root in [&b""[..], b"w", b"w\x07", b"absent"] {
                    let Scene { map, model, root } = movement_suite::wide(root);
                    open(map, &root.clone(), BothWays { model, root });
                }
            }

            #[test]
            fn long_edges_both_ways() {
                for root in [0, 1, 1_999, 2_000, 2_001, 4_500, 6_000] {
                    let Scene { map, model, root } = movement_suite::long(&vec![b'e'; root]);
                    open(map, &root.clone(), BothWays { model, root });
                }
            }

            #[test]
            fn k_paths_of_every_length() {
                for root in [&b""[..], b"ab", b"w", b"absent"] {
                    for k in [1, 2, 3, 4, 9, 40] {
                        let Scene { map, model, root } = movement_suite::standard(root);
                        open(map, &root.clone(), KPaths { model, root, k });
                    }
                    let Scene { map, model, root } = movement_suite::wide(root);
                    open(map, &root.clone(), KPaths { model, root, k: 1 });
                }
                let Scene { map, model, root } = movement_suite::long(b"ee");
                open(map, &root.clone(), KPaths { model, root, k: 3_001 });
            }

            #[test]
            fn reserved_buffers_stay() {
                let Scene { map, root, .. } = movement_suite::standard(b"ab");
                open(map, &root, Reserved);
            }

            #[test]
            fn random_walks() {
                movement_suite::random_walks(|map, root, walk| open(map, root, walk));
            }
        }
    };
    (@rows $($row:ident)*) => {
        $(
            #[test]
            fn $row() {
                for (scene, cases) in movement_suite::$row() {
                    for case in &cases {
                        let one = OneCase { model: scene.model.clone(), root: &scene.root, case };
                        open(scene.map.clone(), &scene.root, one);
                    }
                }
            }
        )*
    };
}
