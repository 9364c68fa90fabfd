//! Expressions over many maps: random ones against their definition, and against the operations on
//! two maps.

use bytetrie::algebra::{Expression, Max, Sum};
use bytetrie::testing::limits::with_limits;
use bytetrie::testing::naive::NaiveMap;
use bytetrie::testing::ops::{ProgramValue, same_content};
use bytetrie::zipper::*;
use bytetrie::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, PathMap, SELF_IDENT};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

use crate::limits::under_both_limits;
use crate::nodes::nodes;
use crate::operands::*;

/// A formula over the maps of a case.
#[derive(Clone, Debug)]
enum Formula {
    Operand(usize),
    Empty,
    Join(Box<[Formula; 2]>),
    Meet(Box<[Formula; 2]>),
    Subtract(Box<[Formula; 2]>),
    Differ(Box<[Formula; 2]>),
    AtLeast(usize, Vec<Formula>),
}

/// The number of maps of a case.
const MAPS: usize = 7;

impl Formula {
    fn expression<V: ProgramValue>(&self) -> Expression<V> {
        let of = |two: &[Formula; 2]| [two[0].expression(), two[1].expression()];
        match self {
            Formula::Operand(number) => Expression::operand(*number),
            Formula::Empty => Expression::empty(),
            Formula::Join(two) => of(two).into_iter().reduce(|x, y| x | y).unwrap(),
            Formula::Meet(two) => of(two).into_iter().reduce(|x, y| x & y).unwrap(),
            Formula::Subtract(two) => of(two).into_iter().reduce(|x, y| x - y).unwrap(),
            Formula::Differ(two) => of(two).into_iter().reduce(|x, y| x ^ y).unwrap(),
            Formula::AtLeast(count, parts) => {
                Expression::at_least(*count, parts.iter().map(Self::expression))
            }
        }
    }

    /// The result by definition.
    fn model<V: ProgramValue>(&self, maps: &[NaiveMap<V>]) -> NaiveMap<V> {
        let of = |two: &[Formula; 2]| (two[0].model(maps), two[1].model(maps));
        match self {
            Formula::Operand(number) => maps[*number].clone(),
            Formula::Empty => NaiveMap::new(),
            Formula::Join(two) => {
                let (x, y) = of(two);
                x.join(&y).map
            }
            Formula::Meet(two) => {
                let (x, y) = of(two);
                x.meet(&y).map
            }
            Formula::Subtract(two) => {
                let (x, y) = of(two);
                x.subtract(&y).map
            }
            Formula::Differ(two) => {
                let (x, y) = of(two);
                x.symmetric_difference(&y)
            }
            Formula::AtLeast(count, parts) => {
                NaiveMap::at_least(*count, &parts.iter().map(|part| part.model(maps)).collect::<Vec<_>>())
            }
        }
    }

    /// The result by operations on two maps, if they suffice.
    fn pairwise<V: ProgramValue>(&self, maps: &[PathMap<V>]) -> Option<PathMap<V>> {
        let of = |two: &[Formula; 2]| Some([two[0].pairwise(maps)?, two[1].pairwise(maps)?]);
        Some(match self {
            Formula::Operand(number) => maps[*number].clone(),
            Formula::Empty => PathMap::new(),
            Formula::Join(two) => of(two)?.into_iter().reduce(|x, y| x | y)?,
            Formula::Meet(two) => of(two)?.into_iter().reduce(|x, y| x & y)?,
            Formula::Subtract(two) => of(two)?.into_iter().reduce(|x, y| x - y)?,
            Formula::Differ(two) => of(two)?.into_iter().reduce(|x, y| x ^ y)?,
            Formula::AtLeast(0 | 1, parts) => {
                let parts: Option<Vec<_>> = parts.iter().map(|part| part.pairwise(maps)).collect();
                parts?.into_iter().reduce(|x, y| x | y).unwrap_or_default()
            }
            Formula::AtLeast(..) => return None,
        })
    }
}

fn formulas() -> impl Strategy<Value = Formula> {
    formulas_over(MAPS, 14)
}

/// Generates formulas over this number of maps, with about `size` parts.
fn formulas_over(maps: usize, size: u32) -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![20 => (0..maps).prop_map(Formula::Operand), 1 => Just(Formula::Empty)];
    leaf.prop_recursive(5, size, 4, |inner| {
        let two = [inner.clone(), inner.clone()].prop_map(Box::new);
        prop_oneof![
            3 => two.clone().prop_map(Formula::Join),
            3 => two.clone().prop_map(Formula::Meet),
            3 => two.clone().prop_map(Formula::Subtract),
            2 => two.prop_map(Formula::Differ),
            2 => (0..4usize, vec(inner, 0..=4)).prop_map(|(count, parts)| Formula::AtLeast(count, parts)),
        ]
    })
}

/// Returns the model of a map.
fn model_of<V: Clone>(map: &PathMap<V>) -> NaiveMap<V> {
    let (mut model, mut reader) = (NaiveMap::new(), map.read_zipper());
    loop {
        model.create_path(reader.path());
        if let Some(value) = reader.val() {
            model.set(reader.path(), value.clone());
        }
        if !reader.to_next_step() {
            return model;
        }
    }
}

/// Returns maps that share nodes in many ways.
fn maps_of<V: ProgramValue>(recipes: &[Recipe; 2]) -> [PathMap<V>; MAPS] {
    let [[a, b, c], [d, e, _]] = [recipes[0].build::<V>(), recipes[1].build()];
    let (joined, met) = (a.join(&d), b.clone());
    [a, b, c, d, e, joined, met]
}

fn evaluates<V: ProgramValue>(maps: &[PathMap<V>], formula: &Formula) {
    let models: Vec<_> = maps.iter().map(model_of).collect();
    let result = PathMap::evaluate(&formula.expression(), maps);
    check(&result);
    same_content(&mut result.read_zipper(), &formula.model(&models), b"");
    if let Some(pairwise) = formula.pairwise(maps) {
        assert_eq!(result, pairwise);
    }
    for (map, model) in maps.iter().zip(&models) {
        check(map);
        same_content(&mut map.read_zipper(), model, b"");
    }
}

/// Returns the identity with the operands that are the result, or a new value if neither is.
fn identity_or(left: bool, right: bool, new: impl FnOnce() -> Picky) -> AlgebraicResult<Picky> {
    match if left { SELF_IDENT } else { 0 } | if right { COUNTER_IDENT } else { 0 } {
        0 => AlgebraicResult::Element(new()),
        mask => AlgebraicResult::Identity(mask),
    }
}

/// A value whose operations refuse some pairs, and are not commutative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Picky(u8);

impl Lattice for Picky {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self.0, other.0) {
            (1, 2) => AlgebraicResult::None,
            (x, y) => identity_or(x <= y, x == y || (x, y) == (3, 1), || Self(x + 1)),
        }
    }
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self.0, other.0) {
            (3, 1) => AlgebraicResult::None,
            (x, y) => identity_or(x == y, x >= y, || Self(3)),
        }
    }
}

impl DistributiveLattice for Picky {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self.0, other.0) {
            (x, y) if x == y => AlgebraicResult::None,
            (x, y) => identity_or(x < y, false, || Self(2)),
        }
    }
}

impl ProgramValue for Picky {
    fn of(operand: u8) -> Self {
        Self(operand % 3 + 1)
    }
}

macro_rules! evaluated {
    ($($name:ident: $value:ty),* $(,)?) => {
        proptest! {
            #![proptest_config(config())]
            $(
                #[test]
                fn $name(limits in limits(), recipes in [any_operands(), any_operands()], formula in formulas()) {
                    with_limits(limits, || evaluates::<$value>(&maps_of(&recipes), &formula));
                }
            )*
        }
    };
}

evaluated!(
    expressions_of_sets: (),
    expressions_of_numbers: u64,
    expressions_of_strings: String,
    expressions_of_maxima: Max<u64>,
    expressions_of_counts: Sum<u64>,
    expressions_of_sets_of_values: BTreeSet<u8>,
    expressions_of_values_that_refuse: Picky,
);

/// The number of maps with long keys. A table has the residuals of expressions with at most ten
/// operands, so one case has more.
const MANY: usize = 13;

/// Generates keys that share many bytes: runs of equal bytes with some bytes behind them. A node
/// compares the first bytes of suffixes as words, and the greatest word is that of a run of 255.
fn long_keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = || prop::sample::select(vec![0, 1, 254, 255]);
    let run = (prop::sample::select(vec![0, 97, 255]), 0..=12usize);
    let key = (byte(), run, vec(byte(), 0..=3))
        .prop_map(|(head, (byte, len), tail)| [&[head][..], &vec![byte; len], &tail].concat());
    vec(key, 1..=40)
}

/// Returns maps with some of the keys each: with a value, or as a dangling path.
fn maps_with_long_keys<V: ProgramValue>(keys: &[Vec<u8>], parts: &[Vec<(u8, u8)>]) -> Vec<PathMap<V>> {
    let part = |part: &Vec<(u8, u8)>| {
        let mut map = PathMap::new();
        for &(key, value) in part {
            let key = &keys[usize::from(key) % keys.len()];
            match value % 8 {
                0 => drop(map.create_path(key)),
                _ => drop(map.insert(key, V::of(value))),
            }
        }
        map
    };
    parts.iter().map(part).collect()
}

macro_rules! evaluated_with_long_keys {
    ($($name:ident: $value:ty, $maps:expr),* $(,)?) => {
        proptest! {
            #![proptest_config(config())]
            $(
                #[test]
                fn $name(
                    limits in limits(), keys in long_keys(), formula in formulas_over($maps, 30),
                    parts in vec(vec(any::<(u8, u8)>(), 0..=30), $maps),
                ) {
                    with_limits(limits, || evaluates::<$value>(&maps_with_long_keys(&keys, &parts), &formula));
                }
            )*
        }
    };
}

evaluated_with_long_keys!(
    long_keys_of_few_sets: (), 4,
    long_keys_of_numbers: u64, 10,
    long_keys_of_values_that_refuse: Picky, 10,
    long_keys_of_many_maxima: Max<u64>, MANY,
);

proptest! {
    #![proptest_config(config())]

    #[test]
    fn subtries_of_one_operand_are_shared(
        limits in limits(), recipes in [any_operands(), any_operands()], formula in formulas(),
    ) {
        with_limits(limits, || {
            let maps = maps_of::<u64>(&recipes);
            let result = PathMap::evaluate(&formula.expression(), &maps);
            let result_nodes = nodes(&result);
            for (i, map) in maps.iter().enumerate() {
                let alone = formula.expression::<u64>();
                let mut only: [PathMap<u64>; MAPS] = Default::default();
                only[i] = map.clone();
                let kept = PathMap::evaluate(&alone, &only);
                let others = || maps.iter().enumerate().filter(|(other, _)| *other != i);
                for (path, id) in nodes(map).into_iter().filter(|(path, _)| !path.is_empty()) {
                    if others().all(|(_, other)| !other.path_exists_at(&path)) && kept == *map {
                        prop_assert_eq!(result_nodes.get(&path), Some(&id), "{:?}", path);
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_result_that_equals_an_operand_is_that_operand(
        limits in limits(), recipe in any_operands(), at in 0..3usize,
    ) {
        with_limits(limits, || {
            let maps = recipe.build::<()>();
            let [a, b, c] = Expression::operands();
            let all = [(a.clone() | b.clone()) & a.clone(), a.clone() - (b.clone() - a.clone()), a | (b & c)];
            let least = Expression::at_least(2, Expression::operands::<3>());
            for expression in all.into_iter().chain([least]) {
                let mut maps = maps.clone();
                maps.rotate_left(at);
                let result = PathMap::evaluate(&expression, &maps);
                let equal = maps.iter().find(|map| **map == result);
                if let Some(equal) = equal.filter(|_| !result.is_empty()) {
                    let ids = maps.iter().filter(|map| *map == equal).map(|map| map.read_zipper().shared_node_id());
                    let id = result.read_zipper().shared_node_id();
                    let shares = ids.into_iter().any(|other| other == id);
                    // The operand may be one on which the result does not depend everywhere.
                    prop_assert!(shares || maps[0] != result, "{:?}", expression);
                }
            }
            Ok(())
        })?;
    }
}

#[test]
fn expressions_print_as_formulas() {
    let [a, b, c] = Expression::<()>::operands();
    let least = Expression::at_least(2, [a.clone(), b.clone(), c.clone()]);
    assert_eq!(
        format!("{:?}", ((a | b) & (c - Expression::empty())) ^ least),
        "(((0 | 1) & (2 - empty)) ^ at_least(2, [0, 1, 2]))"
    );
}

#[test]
fn an_operand_of_each_number() {
    let maps: Vec<PathMap<u64>> =
        (0..64u64).map(|i| PathMap::from([(i.to_be_bytes(), i), ([9; 8], i)])).collect();
    let all = (0..64).map(Expression::operand).reduce(|all, one| all | one).unwrap();
    assert_eq!(PathMap::evaluate(&all, &maps), PathMap::join_all(&maps));
    let common = (0..64).map(Expression::operand).reduce(|all, one| all & one).unwrap();
    assert_eq!(PathMap::evaluate(&common, &maps), PathMap::from([([9; 8], 0)]));
    let half = Expression::majority((0..64).map(Expression::operand));
    assert_eq!(PathMap::evaluate(&half, &maps), PathMap::from([([9; 8], 0)]));
    assert_eq!((all.operand_count(), Expression::<()>::empty().operand_count()), (64, 0));
}

/// The words by which suffixes are compared have their first seven bytes. So suffixes of six to
/// nine bytes are those beside the bound, and those that begin with 255 are the last ones.
#[test]
fn suffixes_as_long_as_a_word() {
    let keys = |byte: u8| (6..=9usize).map(move |len| vec![byte; len]);
    let tails = |byte: u8| (5..=8usize).map(move |len| [&vec![byte; len][..], &[7]].concat());
    let keys: Vec<_> = [0, 7, 254, 255].into_iter().flat_map(|byte| keys(byte).chain(tails(byte))).collect();
    let all = Expression::operands::<10>();
    let join = all.clone().into_iter().reduce(|all, one| all | one).unwrap();
    let differ = all.clone().into_iter().reduce(|all, one| all ^ one).unwrap();
    let [a, b, c, others @ ..] = all.clone();
    let others = others.into_iter().reduce(|all, one| all | one).unwrap();
    let expressions = [join, differ, (a | b | c) & others, Expression::at_least(3, all)];
    under_both_limits(|| {
        for seed in 0..200usize {
            let has = |map: usize, key: usize| (seed + 1) * (map + 3) * (2 * key + 1) % 11 < 5;
            let has_tip = |map: usize, key: usize| ((seed + 2) * (map + 1) * (key + 1)).is_multiple_of(13);
            let map = |map: usize| {
                let numbered = || keys.iter().enumerate();
                let mut made: PathMap<()> =
                    numbered().filter(|(i, _)| has(map, *i)).map(|(_, key)| (key, ())).collect();
                for (_, key) in numbered().filter(|(i, _)| has_tip(map, *i)) {
                    made.create_path(key);
                }
                made
            };
            let maps: Vec<_> = (0..10).map(map).collect();
            let count =
                |key: &Vec<u8>, of: &[PathMap<()>]| of.iter().filter(|map| map.contains_key(key)).count();
            let holds: [fn([usize; 2]) -> bool; 4] = [
                |[few, all]| few + all > 0,
                |[few, all]| (few + all) % 2 == 1,
                |[few, all]| few > 0 && all > 0,
                |[few, all]| few + all >= 3,
            ];
            for (expression, holds) in expressions.iter().zip(holds) {
                let result = PathMap::evaluate(expression, &maps);
                check(&result);
                for key in &keys {
                    let counts = [count(key, &maps[..3]), count(key, &maps[3..])];
                    assert_eq!(result.contains_key(key), holds(counts), "{expression:?} {key:?} {seed}");
                }
            }
        }
    });
}

/// Results for leaves, for chains and for dense nodes are made without a frame. They are remembered
/// like those of frames, so the result shares what the operands share.
#[test]
fn results_of_shared_subtries_are_shared() {
    let leaf = |of: u64| (of..of + 20).map(|i| ((i << 56 | 1 << 8).to_be_bytes().to_vec(), i)).collect();
    let dense = |of: u64| (of..of + 60).map(|i| (vec![i as u8], i)).collect();
    let deep = |of: u64| (of..of + 100).map(|i| ((i * i).to_le_bytes()[..3].to_vec(), i)).collect();
    let subtries: [&dyn Fn(u64) -> PathMap<u64>; 3] = [&leaf, &dense, &deep];
    let [a, b, c] = Expression::operands();
    let all = [a.clone(), b.clone(), c.clone()];
    let chain = (a.clone() & b.clone()) - c.clone();
    let expressions = [a | b | c, Expression::at_least(2, all), chain];
    let prefixes = (0..40u8).map(|i| [i]);
    for (subtrie, expression) in
        subtries.into_iter().zip(&expressions).chain(subtries.into_iter().rev().zip(&expressions))
    {
        let above = |of: u64| {
            let (mut map, shared) = (PathMap::new(), subtrie(of));
            prefixes.clone().for_each(|prefix| map.write_zipper_at_path(prefix).graft_map(shared.clone()));
            map
        };
        let result = PathMap::evaluate(expression, &[1, 2, 19].map(above));
        check(&result);
        let result = nodes(&result);
        let first = result.get(&[0][..]);
        assert!(
            first.is_some() && prefixes.clone().all(|prefix| result.get(&prefix[..]) == first),
            "{expression:?}"
        );
    }
}

/// Chains are evaluated one operator after another below wide nodes. Below one byte the result is
/// the first operand, below another one it is the second.
#[test]
fn chains_tell_which_operands_they_equal() {
    let [a, b, c] = Expression::operands();
    let chain = (a & b) & c;
    let keys = |head: u8, range: std::ops::Range<u8>| range.map(move |i| vec![head, i, i]);
    let fill = || (0..100u8).map(|i| vec![i]);
    let map = |x: u8, y: u8| -> PathMap<()> {
        fill().chain(keys(200, 0..x)).chain(keys(201, 0..y)).map(|key| (key, ())).collect()
    };
    let maps = [map(20, 40), map(40, 20), map(50, 50)];
    assert_eq!(PathMap::evaluate(&chain, &maps), map(20, 20));

    // A new result that equals the last operand is that operand.
    let map = |range| -> PathMap<()> { keys(7, range).map(|key| (key, ())).collect() };
    let maps = [map(0..30), map(10..40), map(10..30)];
    let result = PathMap::evaluate(&chain, &maps);
    let [result, last] = [&result, &maps[2]].map(|map| map.read_zipper().shared_node_id());
    assert_eq!(result, last);
}

/// An entry that no other operand has may need a look at the expression: neither is it kept nor is
/// it dropped for sure, since its operand occurs twice.
#[test]
fn an_operand_that_occurs_twice_is_the_result() {
    let maps = [PathMap::from([("a", ())]), PathMap::from([("b", ())])];
    let [a, b] = Expression::operands();
    for expression in [(a.clone() | b.clone()) & a.clone(), a.clone() - (b - a)] {
        let result = PathMap::evaluate(&expression, &maps);
        let [result, first] = [&result, &maps[0]].map(|map| map.read_zipper().shared_node_id());
        assert_eq!(result, first, "{expression:?}");
    }
}

#[test]
fn long_expressions() {
    let maps = ["a", "b", "c"].map(|path| PathMap::from([(path, ())]));
    let one = |i: usize| Expression::operand(i % 3);
    let all = (0..20_000).map(one).reduce(|all, one| all | one).unwrap();
    assert_eq!(PathMap::evaluate(&all, &maps).len(), 3);
    let none = (0..20_000).map(one).reduce(|all, one| one - all).unwrap();
    assert_eq!(PathMap::evaluate(&none, &maps).len(), 1);
}

#[test]
#[should_panic(expected = "the expression has 3 operands, not 2")]
fn a_missing_operand() {
    let map = PathMap::from([("a", ())]);
    let _ = PathMap::evaluate(&Expression::operand(2), [&map, &map]);
}

#[test]
#[should_panic(expected = "at most 64 operands")]
fn too_many_operands() {
    let _ = Expression::<()>::operand(64);
}
