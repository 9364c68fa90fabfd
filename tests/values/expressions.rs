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

/// Maps of a few keys, so that each is one leaf. Some keys are in all of them.
fn leaves(fuse: &Fuse) -> Vec<PathMap<Value>> {
    let of = |map: u8| {
        let keys = (0..9u8).filter(move |key| key % 3 == 0 || key % 5 == map);
        let value = |key: u8| Value(fuse.fragile((key * 5 + map) % 9));
        // Some begin with one byte, and one of them begins another one.
        keys.map(|key| (vec![key % 4; usize::from(key / 2 + 1)], value(key))).collect()
    };
    let mut maps: Vec<PathMap<Value>> = (0..5).map(of).collect();
    maps[1].insert("", Value(fuse.fragile(3)));
    maps[3].insert("", Value(fuse.fragile(4)));
    maps
}

/// Evaluates each expression once for each of its clones, drops and lattice operations, which
/// panics. Compares the operands and a result without a panic with what they should be.
fn survive_panics(expressions: &[Expression<Value>], maps: impl Fn(&Fuse) -> Vec<PathMap<Value>>) {
    for (expression, event) in
        expressions.iter().flat_map(|one| [Event::Clone, Event::Drop, Event::Call].map(|event| (one, event)))
    {
        let mut blown = 0;
        for spare in 0.. {
            let fuse = Fuse::new();
            let maps = maps(&fuse);
            let before: Vec<_> = maps.iter().map(content).collect();
            fuse.arm(&[event], spare);
            let outcome = fuse.catch(|| drop(PathMap::evaluate(expression, &maps)));
            assert!(matches!(outcome, Ok(()) | Err(Blown(_))));
            maps.iter().for_each(|map| map.check().unwrap());
            assert_eq!(maps.iter().map(content).collect::<Vec<_>>(), before);
            let result = PathMap::evaluate(expression, &maps);
            let mut shown = ExpressionZipper::over(expression, maps.iter().map(PathMap::read_zipper));
            let mut values = result.iter().peekable();
            if let Some((_, root)) = values.next_if(|(path, _)| path.is_empty()) {
                assert_eq!(shown.val(), Some(root));
            }
            for (path, value) in values {
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
        assert!(blown > 0, "{expression:?} {event:?}");
    }
}

#[test]
fn a_panic_leaves_the_operands_as_they_were() {
    under_both_limits(|| survive_panics(&expressions(), maps));
}

/// Leaves are combined without a frame of the walk.
#[test]
fn a_panic_leaves_the_leaves_as_they_were() {
    let [a, b, c, d, e] = Expression::operands();
    let all = [&a, &b, &c, &d, &e].map(Expression::clone);
    let join = all.clone().into_iter().reduce(|all, one| all | one).unwrap();
    let chain = (a.clone() & d.clone()) - e.clone();
    let mixed = ((a | b) & (c | d)) - e;
    let expressions = [join, Expression::at_least(2, all), chain, mixed];
    under_both_limits(|| survive_panics(&expressions, leaves));
}
