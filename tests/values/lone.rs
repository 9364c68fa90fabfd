//! A map with one value beside a larger one, with values that panic at each of their clones, drops
//! and lattice operations.

use bytetrie::testing::values::{Blown, Event, Fragile, Fuse};
use bytetrie::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, PathMap, SELF_IDENT};

use crate::limits::under_both_limits;

/// The join is the greater of two values. The difference is nothing for equal values, the left one
/// beside a greater one, and otherwise a new value.
#[derive(Clone, Debug, PartialEq)]
struct Value(Fragile);

impl Lattice for Value {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        self.0.call();
        match (self.0.number(), other.0.number()) {
            (x, y) if x == y => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
            (x, y) if x > y => AlgebraicResult::Identity(SELF_IDENT),
            _ => AlgebraicResult::Element(other.clone()),
        }
    }
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        other.pjoin(self)
    }
}

impl DistributiveLattice for Value {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        self.0.call();
        match (self.0.number(), other.0.number()) {
            (x, y) if x == y => AlgebraicResult::None,
            (x, y) if x < y => AlgebraicResult::Identity(SELF_IDENT),
            _ => AlgebraicResult::Element(self.clone()),
        }
    }
}

type Content = Vec<(Vec<u8>, u8)>;

fn content(map: &PathMap<Value>) -> Content {
    map.iter().map(|(path, value)| (path, value.0.number())).collect()
}

/// Makes a map of forty values in several nodes, with a value at a prefix of others.
fn larger(fuse: &Fuse) -> PathMap<Value> {
    let keys = (0..40u8).map(|key| vec![b"abcd"[key as usize % 4], key, key % 3]);
    let mut map: PathMap<Value> =
        keys.chain([b"a".to_vec()]).map(|key| (key, Value(fuse.fragile(5)))).collect();
    map.create_path("tip");
    map
}

/// Applies an edit to a target and an argument, and breaks the values at each event in turn. The
/// target then has its content from before or from after the edit.
fn sweep(path: &[u8], number: u8, swapped: bool, edit: fn(&mut PathMap<Value>, PathMap<Value>)) {
    let operands = |fuse: &Fuse| {
        let one = PathMap::from([(path, Value(fuse.fragile(number)))]);
        if swapped { (one, larger(fuse)) } else { (larger(fuse), one) }
    };
    let fuse = Fuse::new();
    let (target, other) = operands(&fuse);
    let (before, unchanged) = (content(&target), content(&other));
    let mut after = target;
    edit(&mut after, other);
    let after = content(&after);
    for event in [Event::Clone, Event::Drop, Event::Call] {
        for spare in 0.. {
            let fuse = Fuse::new();
            let (mut target, other) = operands(&fuse);
            let argument = other.clone();
            let second = target.clone();
            fuse.arm(&[event], spare);
            let outcome = fuse.catch(|| edit(&mut target, argument));
            fuse.disarm();
            [&target, &other, &second].into_iter().for_each(|map| map.check().unwrap());
            assert!(content(&target) == before && outcome.is_err() || content(&target) == after);
            assert_eq!((content(&other), content(&second)), (unchanged.clone(), before.clone()));
            assert!(matches!(outcome, Ok(()) | Err(Blown(_))));
            edit(&mut target, other);
            assert_eq!(content(&target), after, "both edits are idempotent");
            drop((target, second));
            assert_eq!(fuse.census().live(), 0);
            if outcome.is_ok() {
                break;
            }
        }
    }
}

#[test]
fn a_panic_leaves_a_lone_value_and_the_larger_map_whole() {
    let absent: [&[u8]; 4] = [b"zz", b"tip/below", b"tip", b"a"];
    let present = (0..40u8).step_by(13).map(|key| vec![b"abcd"[key as usize % 4], key, key % 3]);
    let paths: Vec<Vec<u8>> = absent.map(<[u8]>::to_vec).into_iter().chain(present).collect();
    under_both_limits(|| {
        for path in &paths {
            for number in [1, 5, 9] {
                for swapped in [false, true] {
                    sweep(path, number, swapped, |target, other| _ = target.join_into(other));
                }
                sweep(path, number, true, |target, other| _ = target.subtract_into(&other));
            }
        }
    });
}
