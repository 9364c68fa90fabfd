//! Boolean expressions over many maps.

use crate::algebra::{self, Expression};
use crate::node::place_of;
use crate::trie::{PathMap, root_of};

impl<V: Clone> PathMap<V> {
    /// Returns the map that an [`Expression`] over many maps describes.
    ///
    /// The first map is operand 0. The result is that of [`join`](Self::join),
    /// [`meet`](Self::meet), [`subtract`](Self::subtract) and
    /// [`symmetric_difference`](Self::symmetric_difference), called one after another on two maps
    /// each. But all maps are read in one walk, which builds nothing except the result. A subtrie
    /// of the result that equals that of a map shares its nodes. Where all maps but one are empty,
    /// its subtrie is kept or skipped without being read.
    ///
    /// # Complexity
    /// O(e m) for e entries in places that m maps have and do not share.
    ///
    /// # Panics
    /// Panics if the expression has an operand for which no map is given, or if an operation on
    /// values panics.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::algebra::{Expression, Max};
    ///
    /// let mon = PathMap::from([("oslo", Max(3)), ("rome", Max(18))]);
    /// let tue = PathMap::from([("rome", Max(21)), ("lima", Max(24))]);
    /// let wed = PathMap::from([("oslo", Max(5)), ("rome", Max(19))]);
    /// let closed = PathMap::from([("oslo", Max(0))]);
    ///
    /// // The highest temperature in cities that were measured twice or more.
    /// let [m, t, w, c] = Expression::operands();
    /// let twice = Expression::at_least(2, [m, t, w.clone()]);
    /// assert_eq!(
    ///     PathMap::evaluate(&twice, [&mon, &tue, &wed]),
    ///     PathMap::from([("oslo", Max(5)), ("rome", Max(21))]),
    /// );
    /// let evaluate = |e| PathMap::evaluate(&e, [&mon, &tue, &wed, &closed]);
    /// let [without, all] = [w.clone() - c, w].map(evaluate);
    /// assert_eq!((without.len(), all), (2, wed));
    /// ```
    #[must_use]
    pub fn evaluate<'m>(expression: &Expression<V>, maps: impl IntoIterator<Item = &'m Self>) -> Self
    where
        V: 'm,
    {
        let places: Vec<_> = maps.into_iter().map(|map| place_of(map.root.as_ref())).collect();
        let operands = expression.operand_count();
        assert!(operands <= places.len(), "the expression has {operands} operands, not {}", places.len());
        Self::from_root(root_of(algebra::evaluate(expression, &places)))
    }
}
