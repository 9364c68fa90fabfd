//! Random expressions of virtual zippers, each compared with the trie that it represents, which is
//! built by definition.

use std::collections::BTreeSet;
use std::hash::Hash;

use bytetrie::algebra::{Max, Sum};
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::naive::{NaiveMap, NaiveZipper};
use bytetrie::testing::ops::{Keys, Move, ProgramValue, same_content};
use bytetrie::zipper::*;
use bytetrie::{AlgebraicResult, PathMap, SELF_IDENT};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::any::{Any, chosen, formula_of_models};
use super::folds::{self, KINDS, Kind};

/// An expression for a zipper. Maps are indices in a pool.
#[derive(Clone, Debug)]
enum Expr {
    Map(usize),
    Empty,
    /// A product of maps, by the nodes of their tries.
    Native(Vec<usize>),
    One(Box<Expr>),
    Prefix(Vec<u8>, Box<Expr>),
    Fork(Box<Expr>, Vec<u8>),
    Product(Box<Expr>, Vec<Expr>),
    Dependent(Box<Expr>, Vec<Expr>),
    Overlay(Box<Expr>, Box<Expr>),
    Join(Box<Expr>, Box<Expr>),
    Meet(Box<Expr>, Box<Expr>),
    Subtract(Box<Expr>, Box<Expr>),
    Restrict(Box<Expr>, Box<Expr>),
    /// One of some formulas over three operands.
    Formula(u8, Box<[Expr; 3]>),
}

/// A trie, or `None` if not even the root exists.
type Content<V> = Option<NaiveMap<V>>;

/// Returns the locations of `map` that have no children.
fn tips<V>(map: &NaiveMap<V>) -> Vec<Vec<u8>> {
    map.locations().filter(|(path, _)| !map.has_branches(path)).map(|(path, _)| path.to_vec()).collect()
}

/// Adds everything strictly below the root of `factor` at `at`.
fn hang<V: Clone>(product: &mut NaiveMap<V>, at: &[u8], factor: &NaiveMap<V>) {
    for (path, value) in factor.locations().filter(|(path, _)| !path.is_empty()) {
        let path = [at, path].concat();
        product.create_path(&path);
        if let Some(value) = value {
            product.set(&path, value.clone());
        }
    }
}

/// An error: the model is too large to be walked.
struct TooLarge;

const LARGEST: usize = 600;

fn product<V: Clone>(factors: &[Content<V>]) -> Result<Content<V>, TooLarge> {
    let Some(mut product) = factors[0].clone() else { return Ok(None) };
    let mut seams = tips(&product);
    for factor in &factors[1..] {
        // A factor behind an absent location adds nothing.
        let Some(factor) = factor else { break };
        if seams.len() * factor.locations().count() > LARGEST {
            return Err(TooLarge);
        }
        for seam in &seams {
            hang(&mut product, seam, factor);
        }
        let ends = tips(factor);
        seams = seams.iter().flat_map(|seam| ends.iter().map(|end| [&seam[..], end].concat())).collect();
    }
    Ok(Some(product))
}

fn dependent<V: Clone>(primary: Content<V>, factors: &[Content<V>]) -> Result<Content<V>, TooLarge> {
    let Some(mut product) = primary else { return Ok(None) };
    let mut seams: Vec<(Vec<u8>, usize)> = tips(&product).into_iter().map(|tip| (tip, 0)).collect();
    while let Some((seam, entered)) = seams.pop() {
        let Some(Some(factor)) = chosen(&seam, entered, factors.len()).map(|i| &factors[i]) else { continue };
        hang(&mut product, &seam, factor);
        if product.locations().count() > LARGEST {
            return Err(TooLarge);
        }
        // Not called twice at one path.
        let ends = tips(factor).into_iter().filter(|end| !end.is_empty());
        seams.extend(ends.map(|end| ([&seam[..], &end].concat(), entered + 1)));
    }
    Ok(Some(product))
}

/// The maps that expressions refer to.
struct Pool<V> {
    maps: Vec<PathMap<V>>,
    models: Vec<NaiveMap<V>>,
}

impl<V: ProgramValue> Pool<V> {
    fn zipper(&self, expr: &Expr) -> Any<'static, V> {
        let zipper = |expr: &Expr| self.zipper(expr);
        let map = |i: &usize| self.maps[i % self.maps.len()].clone().into_read_zipper(b"");
        match expr {
            Expr::Map(i) => Any::Map(map(i)),
            Expr::Empty => Any::Empty(EmptyZipper::new()),
            Expr::Native(maps) => Any::Native(ProductZipper::new(map(&maps[0]), maps[1..].iter().map(map))),
            Expr::One(e) => Any::one(zipper(e)),
            Expr::Prefix(prefix, e) => Any::prefix(prefix, zipper(e)),
            Expr::Fork(e, path) => Any::fork(zipper(e), path),
            Expr::Product(primary, others) => {
                Any::product(zipper(primary), others.iter().map(zipper).collect())
            }
            Expr::Dependent(primary, others) => {
                Any::dependent(zipper(primary), others.iter().map(zipper).collect())
            }
            Expr::Overlay(a, b) => Any::overlay(zipper(a), zipper(b)),
            Expr::Join(a, b) => Any::join(zipper(a), zipper(b)),
            Expr::Meet(a, b) => Any::meet(zipper(a), zipper(b)),
            Expr::Subtract(a, b) => Any::subtract(zipper(a), zipper(b)),
            Expr::Restrict(a, b) => Any::restrict(zipper(a), zipper(b)),
            Expr::Formula(number, operands) => Any::formula(*number, operands.iter().map(zipper).collect()),
        }
    }

    fn content(&self, expr: &Expr) -> Result<Content<V>, TooLarge> {
        let content = |expr: &Expr| self.content(expr);
        let all = |exprs: &[Expr]| exprs.iter().map(content).collect::<Result<Vec<_>, _>>();
        let map = |i: &usize| Some(self.models[i % self.models.len()].clone());
        // An absent left operand gives an absent result. An absent right operand removes nothing.
        let of = |a: &Expr, b: &Expr, op: fn(&NaiveMap<V>, &NaiveMap<V>) -> NaiveMap<V>| {
            let b = content(b)?.unwrap_or_default();
            Ok(content(a)?.map(|a| op(&a, &b)))
        };
        let union = |a: &Expr, b: &Expr, op: fn(&NaiveMap<V>, &NaiveMap<V>) -> NaiveMap<V>| {
            Ok(match (content(a)?, content(b)?) {
                (Some(a), Some(b)) => Some(op(&a, &b)),
                (a, b) => a.or(b),
            })
        };
        match expr {
            Expr::Map(i) => Ok(map(i)),
            Expr::Empty => Ok(None),
            Expr::Native(maps) => product(&maps.iter().map(map).collect::<Vec<_>>()),
            Expr::One(e) => content(e),
            Expr::Prefix(prefix, e) => Ok(content(e)?.map(|map| {
                let mut below = NaiveMap::new();
                below.replace_at(prefix, map);
                below
            })),
            Expr::Fork(e, path) => Ok(content(e)?.and_then(|map| map.subtrie_at(path))),
            Expr::Product(primary, others) => {
                let mut factors = all(others)?;
                factors.insert(0, content(primary)?);
                product(&factors)
            }
            Expr::Dependent(primary, others) => dependent(content(primary)?, &all(others)?),
            Expr::Overlay(a, b) => {
                union(a, b, |a, b| a.join_with(b, |_, _| AlgebraicResult::Identity(SELF_IDENT)).map)
            }
            Expr::Join(a, b) => union(a, b, |a, b| a.join(b).map),
            Expr::Meet(a, b) => of(a, b, |a, b| a.meet(b).map),
            Expr::Subtract(a, b) => of(a, b, |a, b| a.subtract(b).map),
            Expr::Restrict(a, b) => of(a, b, |a, b| a.restrict(b).map),
            Expr::Formula(number, operands) => {
                let operands = all(&operands[..])?;
                let exists = operands.iter().any(Option::is_some);
                let [a, b, c] = [0, 1, 2].map(|i| operands[i].clone().unwrap_or_default());
                Ok(exists.then(|| formula_of_models(*number, [&a, &b, &c])))
            }
        }
    }
}

/// Compares the results of all queries at the focus.
fn agree<V: ProgramValue>(z: &Any<'static, V>, m: &NaiveZipper<'_, V>, probes: &Keys, operand: u8) {
    let at = m.path();
    assert_eq!(z.path(), at, "path");
    assert_eq!(z.path_exists(), m.path_exists(), "path_exists at {at:?}");
    assert_eq!(z.val(), m.val(), "val at {at:?}");
    assert_eq!(z.is_val(), m.is_val(), "is_val at {at:?}");
    for operand in [operand, operand.wrapping_mul(7)] {
        let probe = probes.pick_below(operand, at);
        assert_eq!(z.val_at(&probe), m.val_at(&probe), "val_at {probe:?} from {at:?}");
    }
    assert_eq!(z.child_mask(), m.child_mask(), "child_mask at {at:?}");
    assert_eq!(z.child_count(), m.child_count(), "child_count at {at:?}");
    assert_eq!(z.val_count(), m.val_count(), "val_count at {at:?}");
    if let Some(count) = z.tip_count() {
        let origin = m.origin_path();
        let below = m.map().at_or_below(&origin);
        let tips = below.filter(|(path, _)| !m.map().has_branches(path)).count();
        assert_eq!(count, tips, "tip_count at {at:?}");
    }
    assert_eq!(z.origin_path(), [z.root_prefix_path(), at].concat(), "origin_path");
}

/// Moves at random, and compares after each move. At every other focus nothing is queried, because
/// queries may change internal state. Then visits all locations.
fn walk<V: ProgramValue + Hash>(mut z: Any<'static, V>, content: Content<V>, keys: &Keys, calls: &[[u8; 2]]) {
    const ROOT: &[u8] = b"root";
    let mut model = NaiveMap::new();
    if let Some(content) = content {
        model.replace_at(ROOT, content);
    }
    let mut m = NaiveZipper::new(&mut model, ROOT);
    agree(&z, &m, keys, 3);
    for (i, &[kind, operand]) in calls.iter().enumerate() {
        let from = m.path().to_vec();
        let call = Move::decode(kind, operand, keys, &from);
        let answer = call.on_model(&mut m);
        assert_eq!(call.on(&mut z), answer, "{call:?} from {from:?}");
        if (i + usize::from(kind)) % 2 == 0 {
            agree(&z, &m, keys, operand);
        }
    }
    agree(&z, &m, keys, 5);
    let mut clone = z.clone();
    agree(&clone, &m, keys, 7);
    clone.reset();
    same_content(&mut clone, &model, ROOT);
    z.reset();
    while z.to_next_val() {}
    assert!(z.at_root());
    let kind = KINDS[calls.len() % KINDS.len()];
    let origin = z.root_prefix_path().to_vec();
    let mut below = NaiveMap::new();
    if let Some(content) = model.subtrie_at(ROOT) {
        below.replace_at(&origin, content);
    }
    let (calls, made) = folds::model(&below, &origin, kind);
    let (called, result) = folds::run(z, kind, None);
    assert_eq!(result, Ok(made), "fold {kind:?}");
    if matches!(kind, Kind::SideEffect | Kind::JumpingSideEffect) {
        assert_eq!(called, calls, "calls of the fold {kind:?}");
    }
}

/// A fold of a product, by the nodes of its factors and by its moves, with equal results.
#[test]
fn products_of_maps_are_folded_as_the_tries_they_stand_for() {
    let key = prop_oneof![6 => vec(letter(), 0..=4), 1 => (10..30usize).prop_map(|len| vec![b'a'; len])];
    let item = (key, any::<u8>(), prop::option::weighted(0.8, any::<u8>()));
    let factor = (0..4usize, vec(letter(), 0..=2));
    let limits = prop_oneof![2 => Just(Limits::TINY), 1 => Just(Limits::DEFAULT)];
    let strategy = (limits, vec(item, 1..=9), vec(factor, 1..=4), 0..KINDS.len());
    let result = TestRunner::new(cases(500)).run(&strategy, |(limits, items, factors, kind)| {
        with_limits(limits, || {
            let pool = pool::<u64>(&items);
            let contents: Vec<_> = factors.iter().map(|(i, root)| pool.models[*i].subtrie_at(root)).collect();
            let Ok(content) = product(&contents) else { return };
            let zippers = || factors.iter().map(|(i, root)| pool.maps[*i].clone().into_read_zipper(root));
            let (kind, origin) = (KINDS[kind], &factors[0].1[..]);
            let mut model = NaiveMap::new();
            if let Some(content) = content {
                model.replace_at(origin, content);
            }
            let (calls, made) = folds::model(&model, origin, kind);
            let native = ProductZipper::new(zippers().next().unwrap(), zippers().skip(1));
            let mut general = ProductZipperG::new(zippers().next().unwrap(), zippers().skip(1));
            general.descend_last_path();
            for (called, result) in [
                folds::run(native.clone(), kind, None),
                folds::run(general.clone(), kind, None),
                folds::run(OneFactor::new(native.clone()), kind, None),
            ] {
                assert_eq!(result, Ok(made), "fold {kind:?}");
                if matches!(kind, Kind::SideEffect | Kind::JumpingSideEffect) {
                    assert_eq!(called, calls, "calls of the fold {kind:?}");
                    let (called, result) = folds::run(native.clone(), kind, Some(calls.len() / 2));
                    assert_eq!((&called[..], result), (&calls[..calls.len() / 2], Err(calls.len() / 2)));
                }
            }
        });
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

fn letter() -> impl Strategy<Value = u8> {
    prop::sample::select(vec![b'a', b'b', 0, 255])
}

fn expr(depth: u32) -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        8 => (0..4usize).prop_map(Expr::Map),
        1 => Just(Expr::Empty),
        3 => vec(0..4usize, 1..=3).prop_map(Expr::Native),
    ];
    leaf.prop_recursive(depth, 9, 3, |inner| {
        let one = inner.clone().prop_map(Box::new);
        let two = (one.clone(), one.clone());
        let some = vec(inner.clone(), 1..=2);
        prop_oneof![
            1 => one.clone().prop_map(Expr::One),
            2 => (vec(letter(), 0..=3), one.clone()).prop_map(|(prefix, e)| Expr::Prefix(prefix, e)),
            2 => (one.clone(), vec(letter(), 0..=2)).prop_map(|(e, path)| Expr::Fork(e, path)),
            3 => (one.clone(), some.clone()).prop_map(|(e, others)| Expr::Product(e, others)),
            3 => (one, some).prop_map(|(e, others)| Expr::Dependent(e, others)),
            2 => two.clone().prop_map(|(a, b)| Expr::Overlay(a, b)),
            2 => two.clone().prop_map(|(a, b)| Expr::Join(a, b)),
            3 => two.clone().prop_map(|(a, b)| Expr::Meet(a, b)),
            3 => two.clone().prop_map(|(a, b)| Expr::Subtract(a, b)),
            3 => two.prop_map(|(a, b)| Expr::Restrict(a, b)),
            5 => (any::<u8>(), [inner.clone(), inner.clone(), inner]).prop_map(|(number, operands)| {
                Expr::Formula(number, Box::new(operands))
            }),
        ]
    })
}

/// An entry of a pool: the path, the maps that have it, and the value, if any.
type Item = (Vec<u8>, u8, Option<u8>);

fn pool<V: ProgramValue>(items: &[Item]) -> Pool<V> {
    let mut pool = Pool { maps: vec![PathMap::new(); 4], models: vec![NaiveMap::new(); 4] };
    // The last two maps are clones of the first two, edited: operands that share nodes.
    for (i, (path, which, value)) in items.iter().enumerate() {
        if i == items.len() / 2 {
            for of in 0..2 {
                pool.maps[of + 2] = pool.maps[of].clone();
                pool.models[of + 2] = pool.models[of].clone();
            }
        }
        for of in (0..4).filter(|of| which >> of & 1 == 1) {
            match value {
                Some(value) => {
                    pool.maps[of].set_val_at(path, V::of(value.wrapping_add(of as u8)));
                    pool.models[of].set(path, V::of(value.wrapping_add(of as u8)));
                }
                None => {
                    pool.maps[of].create_path(path);
                    pool.models[of].create_path(path);
                }
            }
        }
    }
    pool
}

fn cases(default: u32) -> ProptestConfig {
    let asked = std::env::var("BYTETRIE_PROGRAMS").ok();
    let cases = asked.map_or(default, |n| n.parse().expect("BYTETRIE_PROGRAMS is a number"));
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

fn random_expressions<V: ProgramValue + Hash>(depth: u32, number: u32) {
    let key = prop_oneof![
        12 => vec(letter(), 0..=4),
        1 => (10..30usize).prop_map(|len| vec![b'a'; len]),
        1 => vec(any::<u8>(), 1..=2),
    ];
    let item = (key, any::<u8>(), prop::option::weighted(0.8, any::<u8>()));
    let limits = prop_oneof![2 => Just(Limits::TINY), 1 => Just(Limits::DEFAULT)];
    let strategy = (limits, vec(item, 1..=9), expr(depth), vec(any::<[u8; 2]>(), 0..=40));
    let result = TestRunner::new(cases(number)).run(&strategy, |(limits, items, expr, calls)| {
        with_limits(limits, || {
            let pool = pool::<V>(&items);
            let Ok(content) = pool.content(&expr) else { return };
            let mut keys: Vec<_> = items.into_iter().map(|(path, ..)| path).collect();
            let found = content.iter().flat_map(|map| map.locations().map(|(path, _)| path.to_vec()));
            keys.extend(found.step_by(7).take(20));
            walk(pool.zipper(&expr), content, &Keys::new(keys), &calls);
        });
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

#[test]
fn single_zippers_are_the_tries_they_stand_for() {
    random_expressions::<u64>(1, 500);
}

#[test]
fn nested_zippers_are_the_tries_they_stand_for() {
    random_expressions::<u64>(2, 500);
    random_expressions::<u64>(3, 250);
}

#[test]
fn values_made_of_two_are_those_of_the_tries() {
    random_expressions::<BTreeSet<u8>>(2, 250);
    random_expressions::<Max<u64>>(2, 150);
    random_expressions::<Sum<u64>>(2, 150);
}
