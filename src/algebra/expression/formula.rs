//! Expressions over numbered operands.

use std::fmt;
use std::ops::{BitAnd, BitOr, BitXor, Sub};

use super::operator::{Operator, OperatorKind};
use crate::algebra::lattice::{DistributiveLattice, Lattice};

/// A Boolean expression over many maps: joins, meets, differences, and paths that at least `k` of
/// the operands have.
///
/// An expression names its operands by number. It is made with the operators `|`, `&`, `-` and `^`
/// from [`operand`](Self::operand) or [`operands`](Self::operands), and with
/// [`at_least`](Self::at_least) and [`majority`](Self::majority).
/// [`PathMap::evaluate`](crate::PathMap::evaluate) builds the map that it describes, in one walk
/// over all operands. An [`ExpressionZipper`](crate::zipper::ExpressionZipper) shows that map
/// without building it.
///
/// In Rust, `-` binds more tightly than `&`, `&` than `^`, and `^` than `|`.
///
/// # What an expression means
/// The result has the paths and the values that the operations on two maps have, one after
/// another: `|` is [`join`](crate::PathMap::join), `&` is [`meet`](crate::PathMap::meet), `-` is
/// [`subtract`](crate::PathMap::subtract), and `^` is
/// [`symmetric_difference`](crate::PathMap::symmetric_difference). This includes dangling paths.
/// If an operation on two values returns
/// [`AlgebraicResult::None`](crate::AlgebraicResult::None), the path has no value in that part of
/// the expression. The operations may be called more than once for the same two values, or not at
/// all if the result does not depend on them.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::algebra::Expression;
///
/// let tagged = |names: &[&str]| names.iter().map(|name| (*name, ())).collect::<PathMap<()>>();
/// let red = tagged(&["apple", "brick", "rose"]);
/// let yellow = tagged(&["banana", "rose"]);
/// let fruit = tagged(&["apple", "banana", "cherry"]);
/// let eaten = tagged(&["banana"]);
///
/// let [r, y, f, e] = Expression::operands();
/// let left = ((r | y) & f) - e;
/// let left = PathMap::evaluate(&left, [&red, &yellow, &fruit, &eaten]);
/// assert_eq!(left, tagged(&["apple"]));
/// ```
#[must_use = "an expression does nothing until it is evaluated"]
pub struct Expression<V> {
    pub(super) steps: Vec<Step<V>>,
}

/// A step of an expression in postfix order.
pub(crate) enum Step<V> {
    Operand(u8),
    /// The empty map.
    Empty,
    Apply(Operator<V>),
}

impl<V> Clone for Step<V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Step<V> {}

impl<V> PartialEq for Step<V> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Step::Operand(x), Step::Operand(y)) => x == y,
            (Step::Empty, Step::Empty) => true,
            (Step::Apply(x), Step::Apply(y)) => x.kind == y.kind,
            _ => false,
        }
    }
}

impl<V> Expression<V> {
    /// The maximum number of operands of an expression.
    pub const MAX_OPERANDS: usize = 64;

    /// Returns the expression that is one operand, given its number; the first one is 0.
    ///
    /// # Panics
    /// Panics if `number` is not less than [`MAX_OPERANDS`](Self::MAX_OPERANDS).
    pub fn operand(number: usize) -> Self {
        assert!(number < Self::MAX_OPERANDS, "an expression has at most {} operands", Self::MAX_OPERANDS);
        Self { steps: vec![Step::Operand(number as u8)] }
    }

    /// Returns the first `N` operands, in order, to be bound to names.
    ///
    /// # Panics
    /// Panics if `N` is greater than [`MAX_OPERANDS`](Self::MAX_OPERANDS).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::algebra::Expression;
    ///
    /// let [old, new] = ["a", "b"].map(|path| PathMap::from([(path, 1)]));
    /// let [x, y] = Expression::operands();
    /// assert_eq!(PathMap::evaluate(&(x ^ y), [&old, &new]).len(), 2);
    /// ```
    pub fn operands<const N: usize>() -> [Self; N] {
        std::array::from_fn(Self::operand)
    }

    /// Returns the expression of the empty map.
    pub fn empty() -> Self {
        Self { steps: vec![Step::Empty] }
    }

    /// Returns the expression of the paths that have a value in at least `count` of the parts.
    ///
    /// The value of such a path is the join of the values of all parts that have it, in order. A
    /// dangling path is kept if it dangles in at least `count` parts. If `count` is 0 or 1, the
    /// result is the join of all parts: a path that no part has is in no result.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::algebra::{Expression, Sum};
    ///
    /// let votes = ["ab", "bc", "cb"].map(|names| {
    ///     names.chars().map(|name| (name.to_string(), Sum(1))).collect::<PathMap<Sum<u32>>>()
    /// });
    /// let twice = Expression::at_least(2, Expression::operands::<3>());
    /// let elected = PathMap::evaluate(&twice, &votes);
    /// assert_eq!(elected, PathMap::from([("b", Sum(3)), ("c", Sum(2))]));
    /// ```
    pub fn at_least(count: usize, parts: impl IntoIterator<Item = Self>) -> Self
    where
        V: Lattice + Clone,
    {
        let mut parts = parts.into_iter();
        let Some(Self { mut steps }) = parts.next() else { return Self::empty() };
        let mut of = 1;
        for part in parts {
            of += 1;
            steps.extend(part.steps);
            if count < 2 {
                steps.push(Step::Apply(Operator::join()));
            }
        }
        if count > of {
            return Self::empty();
        }
        if count > 1 {
            steps.push(Step::Apply(Operator::at_least(count, of)));
        }
        Self { steps }
    }

    /// Returns the expression of the paths that have a value in more than half of the parts, with
    /// values as in [`at_least`](Self::at_least).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::algebra::Expression;
    ///
    /// let maps = [["a", "b"], ["b", "c"], ["c", "b"]];
    /// let maps = maps.map(|paths| PathMap::from(paths.map(|path| (path, ()))));
    /// let most = PathMap::evaluate(&Expression::majority(Expression::operands::<3>()), &maps);
    /// assert_eq!(most, PathMap::from([("b", ()), ("c", ())]));
    /// ```
    pub fn majority(parts: impl IntoIterator<Item = Self>) -> Self
    where
        V: Lattice + Clone,
    {
        let parts: Vec<_> = parts.into_iter().collect();
        Self::at_least(parts.len() / 2 + 1, parts)
    }

    /// Returns one more than the greatest number of an operand, or 0 if there is no operand.
    #[must_use]
    pub fn operand_count(&self) -> usize {
        let number = |step: &Step<V>| match step {
            Step::Operand(number) => usize::from(*number) + 1,
            _ => 0,
        };
        self.steps.iter().map(number).max().unwrap_or(0)
    }

    fn apply(mut self, other: Self, operator: Operator<V>) -> Self {
        self.steps.extend(other.steps);
        self.steps.push(Step::Apply(operator));
        self
    }
}

impl<V> Clone for Expression<V> {
    fn clone(&self) -> Self {
        Self { steps: self.steps.clone() }
    }
}

macro_rules! operator {
    ([$($bound:tt)*] $trait:ident $call:ident, $operator:ident, $link:literal) => {
        impl<V: $($bound)* Clone> $trait for Expression<V> {
            type Output = Self;

            #[doc = $link]
            fn $call(self, other: Self) -> Self {
                self.apply(other, Operator::$operator())
            }
        }
    };
}

operator!([Lattice +] BitOr bitor, join, "The [`join`](crate::PathMap::join) of two expressions.");
operator!([Lattice +] BitAnd bitand, meet, "The [`meet`](crate::PathMap::meet) of two expressions.");
operator!(
    [DistributiveLattice +] Sub sub, subtract,
    "The difference of two expressions; see [`subtract`](crate::PathMap::subtract)."
);
operator!(
    [] BitXor bitxor, symmetric_difference,
    "The [`symmetric_difference`](crate::PathMap::symmetric_difference) of two expressions."
);

/// The expression as a formula, with the numbers of its operands.
impl<V> fmt::Debug for Expression<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        for step in &self.steps {
            let part = match step {
                Step::Operand(number) => number.to_string(),
                Step::Empty => "empty".to_owned(),
                Step::Apply(operator) => {
                    let (sign, of) = match operator.kind {
                        OperatorKind::Join => (" | ", 2),
                        OperatorKind::Meet => (" & ", 2),
                        OperatorKind::Subtract => (" - ", 2),
                        OperatorKind::SymmetricDifference => (" ^ ", 2),
                        OperatorKind::AtLeast { of, .. } => (", ", of),
                    };
                    let operands = parts.split_off(parts.len() - of).join(sign);
                    match operator.kind {
                        OperatorKind::AtLeast { count, .. } => format!("at_least({count}, [{operands}])"),
                        _ => format!("({operands})"),
                    }
                }
            };
            parts.push(part);
        }
        f.write_str(&parts.concat())
    }
}
