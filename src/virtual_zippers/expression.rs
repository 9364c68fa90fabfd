//! An expression over many tries, which is not built.

use std::sync::Arc;

use super::empty::EmptyZipper;
use super::lookahead::Lookahead;
use super::operands::OperandZippers;
use super::pair::Pair;
use super::selection::Selection;
use super::view::AlgebraZipper;
use crate::algebra::{AlgebraicResult, Expression, SELF_IDENT};
use crate::bytes::ByteMask;
use crate::zipper::traits::*;

/// The result of an [`Expression`] over the tries of many zippers, read without building it.
///
/// The locations and values are those of the map that
/// [`PathMap::evaluate`](crate::PathMap::evaluate) builds. The root and the origin are those of the
/// first zipper, which is operand 0. The root exists iff that of any zipper does. Below a path that
/// a trie does not have, its zipper does not move. All zippers are of one type; for several types
/// see [`PolyZipper`](derive@crate::PolyZipper). See [`AlgebraZipper`] for how locations are found
/// that lead to something in the result.
///
/// # Complexity
/// Each move takes a move of each zipper whose trie has the focus. In other respects the costs are
/// those of [`AlgebraZipper`].
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::algebra::Expression;
/// use bytetrie::zipper::*;
///
/// let shops = [["fig", "plum"], ["pear", "plum"], ["fig", "pear"]]
///     .map(|fruits| PathMap::from(fruits.map(|fruit| (fruit, ()))));
/// let sold_out = PathMap::from([("pear", ())]);
///
/// let [a, b, c, out] = Expression::operands();
/// let left = Expression::at_least(2, [a, b, c]) - out;
/// let maps = shops.iter().chain([&sold_out]);
/// let mut fruits = ExpressionZipper::over(&left, maps.map(PathMap::read_zipper));
/// assert_eq!(fruits.val_count(), 2);
/// assert_eq!(fruits.child_mask().iter().collect::<Vec<_>>(), b"fp");
/// assert!(fruits.to_next_val() && fruits.path() == b"fig");
/// assert!(fruits.to_next_val() && fruits.path() == b"plum");
/// assert!(!fruits.to_next_val());
/// ```
pub type ExpressionZipper<V, Z> = AlgebraZipper<V, OperandZippers<V, Z>, EmptyZipper, Evaluating>;

impl<V, Z> ExpressionZipper<V, Z>
where
    Z: ZipperMoving + ZipperValues<V> + Clone,
{
    /// The result of `expression` for the tries at the roots of the zippers, in the order of the
    /// operands. All zippers are reset.
    ///
    /// # Panics
    /// Panics if the expression has an operand for which there is no zipper, or if there is no
    /// zipper, or if there are more than [`Expression::MAX_OPERANDS`].
    pub fn over(expression: &Expression<V>, zippers: impl IntoIterator<Item = Z>) -> Self {
        let zippers: Vec<Z> = zippers.into_iter().collect();
        let (operands, given) = (expression.operand_count(), zippers.len());
        assert!(operands <= given, "the expression has {operands} operands, not {given}");
        let most = Expression::<V>::MAX_OPERANDS;
        assert!((1..=most).contains(&given), "there must be 1 to {most} zippers, not {given}");
        Self::new(OperandZippers::new(Arc::new(expression.clone()), zippers), EmptyZipper::new())
    }
}

/// The operation of an [`ExpressionZipper`].
#[derive(Clone, Copy, Debug)]
pub struct Evaluating;

impl<V, Z> Selection<V, OperandZippers<V, Z>, EmptyZipper> for Evaluating
where
    Z: ZipperMoving + ZipperValues<V> + Clone,
{
    fn stays(a: &OperandZippers<V, Z>, _b: &EmptyZipper) -> bool {
        if a.is_val() && a.val().is_some() {
            return true;
        }
        let tips = a.tips();
        tips != 0
            && a.expression().dangles(tips, |part| {
                let mut nothing = EmptyZipper::new();
                nothing.descend_to(a.path());
                let operands = Pair { a: a.with(part), b: nothing };
                Lookahead::new(operands).seek::<V, Self>(a.path(), None)
            })
    }
    fn stays_whole(a: &OperandZippers<V, Z>, _b: &EmptyZipper) -> bool {
        a.alone().is_some()
    }
    fn may_lead(a: &OperandZippers<V, Z>, _b: &EmptyZipper) -> bool {
        a.path_exists()
    }
    fn branches(a: &OperandZippers<V, Z>, _b: &EmptyZipper) -> ByteMask {
        a.child_mask()
    }
    fn right(_b: &EmptyZipper) -> Option<&V> {
        None
    }
    fn right_at<'z>(_b: &'z EmptyZipper, _path: &[u8]) -> Option<&'z V> {
        None
    }
    fn value(_left: &V, _right: &V) -> AlgebraicResult<V> {
        AlgebraicResult::Identity(SELF_IDENT)
    }
    const ALONE: bool = true;
}
