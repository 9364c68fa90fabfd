//! Expressions over values that panic at each of their clones, drops and lattice operations.

use bytetrie::algebra::Expression;
use bytetrie::testing::values::{Blown, Event, Fragile, Fuse};
use bytetrie::zipper::*;
use bytetrie::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, PathMap, SELF_IDENT};

use crate::limits::under_both_limits;

#[derive(Clone, Debug, PartialEq)]
struct Value(Fragile);

impl Lattice for Value {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        self.0.call();
        match self.0.number() % 3 {
            0 => AlgebraicResult::Identity(SELF_IDENT),
            1 => AlgebraicResult::Identity(COUNTER_IDENT),
            _ => AlgebraicResult::Element(other.clone()),
        }
    }
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        self.pjoin(other)
    }
}

impl DistributiveLattice for Value {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        self.0.call();
        if self.0.number() == other.0.number() { AlgebraicResult::None } else { self.pjoin(other) }
    }
}

fn maps(fuse: &Fuse) -> Vec<PathMap<Value>> {
    let of = |map: u32| {
        let keys = (0..60u32).filter(move |key| !(key * 7 + map).is_multiple_of(3));
        let value = |key: u32| Value(fuse.fragile((key * 5 + map) as u8 % 9));
        keys.map(|key| ([b"abw"[key as usize % 3], key as u8, (key % 4) as u8], value(key))).collect()
    };
    let mut maps: Vec<PathMap<Value>> = (0..4).map(of).collect();
    maps.push(maps[0].clone());
    maps[4].create_path("w");
    maps[4].insert("q", Value(fuse.fragile(1)));
    maps
}

fn expressions() -> Vec<Expression<Value>> {
    let [a, b, c, d, e] = Expression::operands();
    vec![
        ((a.clone() | b.clone()) & (c.clone() | e.clone())) - d.clone(),
        (a.clone() & c.clone()) & e.clone(),
        Expression::majority([a, b, c, d, e]),
    ]
}

fn content(map: &PathMap<Value>) -> Vec<(Vec<u8>, u8)> {
    map.iter().map(|(path, value)| (path, value.0.number())).collect()
}

#[test]
fn a_panic_leaves_the_operands_as_they_were() {
    under_both_limits(|| {
        for expression in expressions() {
            for event in [Event::Clone, Event::Drop, Event::Call] {
                let mut blown = 0;
                for spare in 0.. {
                    let fuse = Fuse::new();
                    let maps = maps(&fuse);
                    let before: Vec<_> = maps.iter().map(content).collect();
                    fuse.arm(&[event], spare);
                    let outcome = fuse.catch(|| drop(PathMap::evaluate(&expression, &maps)));
                    assert!(matches!(outcome, Ok(()) | Err(Blown(_))));
                    maps.iter().for_each(|map| map.check().unwrap());
                    assert_eq!(maps.iter().map(content).collect::<Vec<_>>(), before);
                    let result = PathMap::evaluate(&expression, &maps);
                    let mut shown =
                        ExpressionZipper::over(&expression, maps.iter().map(PathMap::read_zipper));
                    for (path, value) in result.iter() {
                        assert!(shown.to_next_val());
                        assert_eq!((shown.path(), shown.val()), (&path[..], Some(value)));
                    }
                    assert!(!shown.to_next_val());
                    drop(shown);
                    drop((maps, result));
                    assert_eq!(fuse.census().live(), 0);
                    if outcome.is_ok() {
                        break;
                    }
                    blown += 1;
                }
                assert!(blown > 0, "{event:?}");
            }
        }
    });
}
