//! The methods of a walk that fold from the tips to the roots.

use super::algebra::{OfLocation, OfValue};
use super::drive::fold;
use super::results::{Branches, FoldedUp};
use crate::parallel::location::Location;
use crate::parallel::walk::WalkParallel;

impl<V: Send + Sync> WalkParallel<'_, V> {
    /// Folds from the tips to the roots: the result of a location is made of the results right
    /// below it.
    ///
    /// `algebra` is called at *stops*: at the roots, and below them at each location that has a
    /// value, or several branches, or nothing below it. The arguments of `algebra` are the
    /// location, and the results of the stops right below it in path order, each with the bytes
    /// that lead to that stop. A path without values and branches is one step, however long it is.
    ///
    /// Which locations are stops depends on the content alone, and the calls do not depend on how
    /// the work was divided. The result is therefore the one that a single thread computes,
    /// whatever the algebra is.
    ///
    /// The whole of each root is folded. The settings [`all_locations`](Self::all_locations) and
    /// [`max_depth`](Self::max_depth) have no effect.
    ///
    /// # Complexity
    /// O(stops), and the bytes that lead to them.
    ///
    /// # Panics
    /// Panics if `algebra` panics.
    ///
    /// # Examples
    /// How deep the tree is, counted in stops, and its longest path:
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::parallel::Branches;
    ///
    /// let map: PathMap<()> = ["romane", "romanus", "rubens"].map(|word| (word, ())).into_iter().collect();
    /// let folded = map.walk_parallel().fold_up(|location, branches: Branches<'_, (usize, usize)>| {
    ///     let own = (1, location.path().len());
    ///     branches.fold(own, |(stops, longest), (_, below)| (stops.max(below.0 + 1), longest.max(below.1)))
    /// });
    /// // The root, "r", "roman", and "romane" or "romanus".
    /// assert_eq!(folded.into_value(), Some((4, 7)));
    /// ```
    pub fn fold_up<T, F>(&self, algebra: F) -> FoldedUp<T>
    where
        T: Send,
        F: Fn(&Location<'_, V>, Branches<'_, T>) -> T + Sync,
    {
        fold(self, &OfLocation::new(algebra))
    }

    /// Folds from the tips to the roots without paths, and folds each shared subtrie once.
    ///
    /// This is like [`fold_up`](Self::fold_up), except that the algebra gets the value instead of
    /// the location. The result of a subtrie then does not depend on where the subtrie is. If the
    /// trie has one node in several places, the node is folded once, and clones of its result are
    /// used for the other places.
    ///
    /// # Complexity
    /// O(stops), and the bytes that lead to them, where a shared node counts once. A trie made by
    /// grafting may have far more paths than that.
    ///
    /// # Panics
    /// Panics if `algebra` or the clone of a result panics.
    ///
    /// # Examples
    /// The sum of four billion values, most of which share their memory:
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::zipper::ZipperWriting;
    ///
    /// let mut map: PathMap<u64> = PathMap::single("", 1);
    /// for _ in 0..16 {
    ///     let below = map;
    ///     map = PathMap::new();
    ///     for byte in b"acgt" {
    ///         map.write_zipper_at_path(&[*byte]).graft_map(below.clone());
    ///     }
    /// }
    /// let folded = map.walk_parallel().fold_shared(|value, branches| {
    ///     value.copied().unwrap_or(0) + branches.map(|(_, sum)| sum).sum::<u64>()
    /// });
    /// assert_eq!(folded.into_value(), Some(1 << 32));
    /// ```
    pub fn fold_shared<T, F>(&self, algebra: F) -> FoldedUp<T>
    where
        T: Clone + Send,
        F: Fn(Option<&V>, Branches<'_, T>) -> T + Sync,
    {
        fold(self, &OfValue::new(algebra))
    }
}
