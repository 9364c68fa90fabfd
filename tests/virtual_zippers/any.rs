//! One type for all virtual zippers, so that they can be nested at run time.

use std::rc::Rc;

use bytetrie::algebra::Expression;
use bytetrie::testing::naive::NaiveMap;
use bytetrie::testing::ops::ProgramValue;
use bytetrie::zipper::*;

/// Returns the first of two values.
pub(crate) type First<V> = for<'a> fn(Option<&'a V>, Option<&'a V>) -> Option<&'a V>;

/// The factors that a [`Any::Dependent`] chooses from.
pub(crate) type Choice<V> = Rc<Vec<Any<'static, V>>>;

/// Chooses by the path and the number of factors passed.
pub(crate) type Chooser<'trie, V> = fn(Choice<V>, &[u8], usize) -> (Choice<V>, Option<Any<'trie, V>>);

/// A product whose factors a [`Chooser`] chooses.
pub(crate) type Dependent<'trie, V> =
    DependentProductZipperG<'trie, Any<'trie, V>, Any<'trie, V>, V, Choice<V>, Chooser<'trie, V>>;

/// An overlay of two zippers.
pub(crate) type Overlay<'trie, V> = OverlayZipper<V, V, V, Any<'trie, V>, Any<'trie, V>, First<V>>;

/// Any zipper, over any others.
#[derive(Clone, PolyZipperExplicit)]
#[poly_zipper_explicit(traits(
    ZipperIteration,
    ZipperValues,
    ZipperAbsolutePath,
    ZipperPathBuffer,
    ZipperConcrete
))]
pub(crate) enum Any<'trie, V: ProgramValue> {
    Map(ReadZipperOwned<V>),
    Native(ProductZipper<'trie, 'trie, V>),
    Empty(EmptyZipper),
    One(Box<OneFactor<Any<'trie, V>>>),
    Prefix(Box<PrefixZipper<'trie, Any<'trie, V>>>),
    Product(Box<ProductZipperG<'trie, Any<'trie, V>, Any<'trie, V>, V>>),
    Dependent(Box<Dependent<'trie, V>>),
    Overlay(Box<Overlay<'trie, V>>),
    Fork(Box<ForkedZipper<Overlay<'trie, V>>>),
    Join(Box<JoinZipper<V, Any<'trie, V>, Any<'trie, V>>>),
    Meet(Box<MeetZipper<V, Any<'trie, V>, Any<'trie, V>>>),
    Subtract(Box<SubtractZipper<V, Any<'trie, V>, Any<'trie, V>>>),
    Restrict(Box<RestrictZipper<V, Any<'trie, V>, Any<'trie, V>>>),
    Formula(Box<ExpressionZipper<V, Any<'trie, V>>>),
}

/// Returns one of some expressions over three operands.
pub(crate) fn formula<V: ProgramValue>(number: u8) -> Expression<V> {
    let [a, b, c] = Expression::operands();
    match number % 8 {
        0 => (a | b) & c,
        1 => a - (b & c),
        2 => Expression::at_least(2, [a, b, c]),
        3 => (a ^ b) ^ c,
        4 => (a.clone() & b) | (a - c),
        5 => (a | b) | c,
        6 => Expression::at_least(2, [a.clone() & b.clone(), a - c.clone(), b ^ c]),
        _ => (b - a) | c,
    }
}

/// Returns the result of [`formula`] by definition.
pub(crate) fn formula_of_models<V: ProgramValue>(number: u8, [a, b, c]: [&NaiveMap<V>; 3]) -> NaiveMap<V> {
    match number % 8 {
        0 => a.join(b).map.meet(c).map,
        1 => a.subtract(&b.meet(c).map).map,
        2 => NaiveMap::at_least(2, &[a.clone(), b.clone(), c.clone()]),
        3 => a.symmetric_difference(b).symmetric_difference(c),
        4 => a.meet(b).map.join(&a.subtract(c).map).map,
        5 => a.join(b).map.join(c).map,
        6 => NaiveMap::at_least(2, &[a.meet(b).map, a.subtract(c).map, b.symmetric_difference(c)]),
        _ => b.subtract(a).map.join(c).map,
    }
}

/// The rule by which [`Any::Dependent`] chooses one of `count` factors, in the model and in the
/// zipper.
pub(crate) fn chosen(path: &[u8], factors: usize, count: usize) -> Option<usize> {
    let sum: usize = path.iter().map(|&byte| byte as usize).sum();
    let choice = (sum + factors) % (count + 1);
    (factors < 2 && choice < count).then_some(choice)
}

impl<V: ProgramValue> Any<'static, V> {
    pub(crate) fn one(zipper: Self) -> Self {
        Any::One(Box::new(OneFactor::new(zipper)))
    }
    pub(crate) fn prefix(prefix: &[u8], zipper: Self) -> Self {
        Any::Prefix(Box::new(PrefixZipper::new(prefix.to_vec(), zipper)))
    }
    pub(crate) fn product(primary: Self, others: Vec<Self>) -> Self {
        Any::Product(Box::new(ProductZipperG::new(primary, others)))
    }
    pub(crate) fn dependent(primary: Self, factors: Vec<Self>) -> Self {
        let choose: Chooser<'static, V> = |choice, path, factors| {
            let chosen = chosen(path, factors, choice.len()).map(|i| choice[i].clone());
            (choice, chosen)
        };
        Any::Dependent(Box::new(DependentProductZipperG::new_enroll(primary, Rc::new(factors), choose)))
    }
    pub(crate) fn overlay(a: Self, b: Self) -> Self {
        Any::Overlay(Box::new(OverlayZipper::new(a, b)))
    }
    /// Returns the subtrie at `path`, by a fork.
    pub(crate) fn fork(zipper: Self, path: &[u8]) -> Self {
        let mut zipper = OverlayZipper::new(zipper, Any::Empty(EmptyZipper::new()));
        zipper.descend_to(path);
        Any::Fork(Box::new(zipper.fork_read_zipper()))
    }
    pub(crate) fn join(a: Self, b: Self) -> Self {
        Any::Join(Box::new(JoinZipper::new(a, b)))
    }
    pub(crate) fn meet(a: Self, b: Self) -> Self {
        Any::Meet(Box::new(MeetZipper::new(a, b)))
    }
    pub(crate) fn subtract(a: Self, b: Self) -> Self {
        Any::Subtract(Box::new(SubtractZipper::new(a, b)))
    }
    /// Returns the result of the formula with this number; see [`formula`].
    pub(crate) fn formula(number: u8, operands: Vec<Self>) -> Self {
        Any::Formula(Box::new(ExpressionZipper::over(&formula(number), operands)))
    }
    pub(crate) fn restrict(a: Self, b: Self) -> Self {
        Any::Restrict(Box::new(RestrictZipper::new(a, b)))
    }
}
