//! The algebra of whole maps: subset tests, differences, and operations that combine two maps.

use std::collections::HashSet;

use crate::algebra::{
    self, AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, Changes, DistributiveLattice, Join, JoinWith,
    Joined, Lattice, Meet, MeetWith, Operation, Outcome, SELF_IDENT, Subtract, SubtractWith,
    SymmetricDifference, With,
};
use crate::node::{Bin, Place, Shared, place_of};
use crate::trie::{PathMap, insert_all};

impl<V> PathMap<V> {
    fn place(&self) -> Option<Place<'_, V>> {
        place_of(self.root.as_ref())
    }

    /// Returns true iff each path that has a value in this map also has one in `other`.
    ///
    /// Values are not compared.
    ///
    /// # Complexity
    /// O(nodes that the maps do not share).
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        algebra::subset(self.place(), other.place())
    }

    /// Returns true iff each path that has a value in `other` also has one in this map.
    ///
    /// Like [`is_subset`](Self::is_subset), with the maps exchanged.
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        other.is_subset(self)
    }

    /// Returns true iff no path has a value in both maps.
    ///
    /// # Complexity
    /// O(nodes that the maps do not share).
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        algebra::disjoint(self.place(), other.place())
    }

    /// Returns an iterator over the changes that lead from this map to `new`, in path order.
    ///
    /// [`apply`](Self::apply) makes these changes in a map.
    ///
    /// Values are compared by `==`. Nodes that both maps share are skipped, so the cost depends on
    /// the size of the difference, not on the size of the maps. Dangling paths are ignored.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::{Change, PathMap};
    ///
    /// let old = PathMap::from([("romane", 1), ("romanus", 2)]);
    /// let mut new = old.clone();
    /// new.insert("romulus", 3);
    /// new.remove("romane");
    ///
    /// let mut changes = old.diff(&new);
    /// assert_eq!(changes.next(), Some((&b"romane"[..], Change::Removed(&1))));
    /// assert_eq!(changes.next(), Some((&b"romulus"[..], Change::Added(&3))));
    /// assert_eq!(changes.next(), None);
    ///
    /// let mut patched = old.clone();
    /// patched.apply(old.diff(&new));
    /// assert_eq!(patched, new);
    /// ```
    pub fn diff<'a>(&'a self, new: &'a Self) -> Changes<'a, V>
    where
        V: PartialEq,
    {
        Changes::new(self.place(), new.place())
    }
}

/// Returns an iterator over the changes that lead from `old` to `new`, in path order:
/// [`PathMap::diff`] as a function.
pub fn diff<'a, V: PartialEq>(old: &'a PathMap<V>, new: &'a PathMap<V>) -> Changes<'a, V> {
    old.diff(new)
}

impl<V: Clone> PathMap<V> {
    /// Makes the remaining changes of a [`diff`](Self::diff) in this map.
    ///
    /// A value that was added or changed is inserted. A value that was removed is removed, and its
    /// path is pruned. All other paths are left as they are.
    ///
    /// # Complexity
    /// O(path) for each change.
    pub fn apply(&mut self, mut changes: Changes<'_, V>)
    where
        V: PartialEq,
    {
        while let Some((path, change)) = changes.next() {
            match change.after() {
                Some(value) => {
                    self.insert(path, value.clone());
                }
                None => {
                    self.remove(path);
                }
            }
        }
    }

    fn result(&self, other: &Self, operation: &mut impl Operation<V>) -> AlgebraicResult<Self> {
        result_of(algebra::combine(self.place(), other.place(), operation))
    }

    fn combined(&self, other: &Self, operation: &mut impl Operation<V>) -> Self {
        self.result(other, operation).unwrap_or([self, other], Self::new())
    }

    fn combine_into(&mut self, other: &Self, operation: &mut impl Operation<V>) -> AlgebraicStatus {
        let result = self.result(other, operation);
        self.become_result(other, result)
    }

    fn restricted(&self, other: &Self) -> AlgebraicResult<Self> {
        result_of(algebra::restrict(self.place(), other.place()))
    }

    /// Replaces this map by the result of an operation on it and `other`.
    fn become_result(&mut self, other: &Self, result: AlgebraicResult<Self>) -> AlgebraicStatus {
        let status = result.status();
        if !status.is_identity() {
            *self = result.unwrap_or([other, other], Self::new());
        }
        status
    }

    /// Returns a map of all paths of both maps. Where both maps have a value, [`Lattice::pjoin`]
    /// combines the two values.
    ///
    /// The result shares as many nodes as possible with both maps. If the result equals one of the
    /// maps, it shares all nodes of that map and takes O(1) memory. All operations that combine
    /// maps share nodes in this way. Dangling paths are joined too.
    ///
    /// If the values are [`IDEMPOTENT`](Lattice::IDEMPOTENT), nodes that both maps share are
    /// skipped, as in [`meet`](Self::meet) and [`subtract`](Self::subtract).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let a = PathMap::from([("romane", 1), ("romanus", 2)]);
    /// let b = PathMap::from([("romanus", 20), ("romulus", 30)]);
    /// // Of two plain values, the left one is kept.
    /// assert_eq!(a.join(&b), PathMap::from([("romane", 1), ("romanus", 2), ("romulus", 30)]));
    /// ```
    #[must_use]
    pub fn join(&self, other: &Self) -> Self
    where
        V: Lattice,
    {
        self.combined(other, &mut Join)
    }

    /// Returns a map of the paths that have a value in both maps. [`Lattice::pmeet`] combines the
    /// two values.
    ///
    /// Paths that dangle in both maps are kept.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let a = PathMap::from([("romane", 1), ("romanus", 2)]);
    /// let b = PathMap::from([("romanus", 20), ("romulus", 30)]);
    /// assert_eq!(a.meet(&b), PathMap::from([("romanus", 2)]));
    /// ```
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self
    where
        V: Lattice,
    {
        self.combined(other, &mut Meet)
    }

    /// Returns a map of the paths of this map that are not in `other`. Where both maps have a
    /// value, [`DistributiveLattice::psubtract`] subtracts the value of `other`.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let a = PathMap::from([("romane", 1), ("romanus", 2), ("rome", 3)]);
    /// let b = PathMap::from([("romanus", 2), ("rome", 30)]);
    /// // A plain value is removed if the other map has an equal one.
    /// assert_eq!(a.subtract(&b), PathMap::from([("romane", 1), ("rome", 3)]));
    /// ```
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self
    where
        V: DistributiveLattice,
    {
        self.combined(other, &mut Subtract)
    }

    /// Returns a map of all paths of this map that begin with a path that has a value in `other`.
    ///
    /// The values of `other` are ignored.
    ///
    /// # Complexity
    /// O(nodes that are in both maps, above the values of `other`).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("art", 1), ("arts", 2), ("bard", 3), ("bards", 4)]);
    /// let prefixes = PathMap::from([("arts", 0), ("bar", 0)]);
    /// assert_eq!(map.restrict(&prefixes), PathMap::from([("arts", 2), ("bard", 3), ("bards", 4)]));
    /// ```
    #[must_use]
    pub fn restrict(&self, other: &Self) -> Self {
        self.restricted(other).unwrap_or([self, other], Self::new())
    }

    /// Returns a map of the paths that have a value in exactly one of the maps.
    ///
    /// A path that dangles in one map is kept if it is absent from the other.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let a = PathMap::from([("romane", 1), ("romanus", 2)]);
    /// let b = PathMap::from([("romanus", 20), ("romulus", 30)]);
    /// assert_eq!(a.symmetric_difference(&b), PathMap::from([("romane", 1), ("romulus", 30)]));
    /// ```
    #[must_use]
    pub fn symmetric_difference(&self, other: &Self) -> Self {
        self.combined(other, &mut SymmetricDifference)
    }

    /// Like [`join`](Self::join), with a closure that combines the values.
    ///
    /// The closure is called for each path that has a value in both maps, in path order, also
    /// where the maps share nodes. It returns the value of the path, or an `Option`, or an
    /// [`AlgebraicResult`]. If it returns no value, the path is pruned. If it returns
    /// [`AlgebraicResult::Identity`], one of the two values is kept and its nodes stay shared. A
    /// new value, even an equal one, is written into new nodes.
    ///
    /// # Panics
    /// Panics if the closure returns [`AlgebraicResult::Identity`] with neither [`SELF_IDENT`] nor
    /// [`COUNTER_IDENT`].
    ///
    /// # Examples
    /// ```
    /// use bytetrie::{AlgebraicResult, COUNTER_IDENT, PathMap, SELF_IDENT};
    ///
    /// let a = PathMap::from([("x", 1), ("y", 2)]);
    /// let b = PathMap::from([("y", 3), ("z", 4)]);
    /// // A new value:
    /// assert_eq!(a.join_with(&b, |x, y| x + y), PathMap::from([("x", 1), ("y", 5), ("z", 4)]));
    /// // A new value, or none:
    /// assert_eq!(a.join_with(&b, |x, y| (x == y).then_some(*x)), PathMap::from([("x", 1), ("z", 4)]));
    /// // One of the two values:
    /// let latest = a.join_with(&b, |x, y| AlgebraicResult::Identity(if x < y { COUNTER_IDENT } else { SELF_IDENT }));
    /// assert_eq!(latest, PathMap::from([("x", 1), ("y", 3), ("z", 4)]));
    /// ```
    #[must_use]
    pub fn join_with<F, R>(&self, other: &Self, values: F) -> Self
    where
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: JoinWith<F> = With(values);
        self.combined(other, &mut operation)
    }

    /// Like [`meet`](Self::meet), with a closure that combines the values, as in
    /// [`join_with`](Self::join_with).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let prices = PathMap::from([("figs", 3), ("plums", 2)]);
    /// let stock = PathMap::from([("figs", 10), ("pears", 4)]);
    /// assert_eq!(prices.meet_with(&stock, |price, count| price * count), PathMap::from([("figs", 30)]));
    /// ```
    #[must_use]
    pub fn meet_with<F, R>(&self, other: &Self, values: F) -> Self
    where
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: MeetWith<F> = With(values);
        self.combined(other, &mut operation)
    }

    /// Like [`subtract`](Self::subtract), with a closure that combines the values, as in
    /// [`join_with`](Self::join_with).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let stock = PathMap::from([("figs", 10), ("pears", 4)]);
    /// let sold = PathMap::from([("figs", 7), ("pears", 4)]);
    /// let left = stock.subtract_with(&sold, |stock, sold| Some(stock - sold).filter(|left| *left > 0));
    /// assert_eq!(left, PathMap::from([("figs", 3)]));
    /// ```
    #[must_use]
    pub fn subtract_with<F, R>(&self, other: &Self, values: F) -> Self
    where
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: SubtractWith<F> = With(values);
        self.combined(other, &mut operation)
    }

    /// Like [`join_into`](Self::join_into), with a closure that combines the values, as in
    /// [`join_with`](Self::join_with).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut total = PathMap::from([("x", 1), ("y", 2)]);
    /// total.join_into_with(&PathMap::from([("y", 3)]), |x, y| x + y);
    /// assert_eq!(total, PathMap::from([("x", 1), ("y", 5)]));
    /// ```
    pub fn join_into_with<F, R>(&mut self, other: &Self, values: F) -> AlgebraicStatus
    where
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: JoinWith<F> = With(values);
        self.combine_into(other, &mut operation)
    }

    /// Like [`meet_into`](Self::meet_into), with a closure that combines the values, as in
    /// [`join_with`](Self::join_with).
    pub fn meet_into_with<F, R>(&mut self, other: &Self, values: F) -> AlgebraicStatus
    where
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: MeetWith<F> = With(values);
        self.combine_into(other, &mut operation)
    }

    /// Like [`subtract_into`](Self::subtract_into), with a closure that combines the values, as in
    /// [`join_with`](Self::join_with).
    pub fn subtract_into_with<F, R>(&mut self, other: &Self, values: F) -> AlgebraicStatus
    where
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: SubtractWith<F> = With(values);
        self.combine_into(other, &mut operation)
    }

    /// Replaces this map by its [`join`](Self::join) with `other`.
    ///
    /// If this map is large and shares no nodes, and `other` adds only a few values, those values
    /// are inserted in place.
    ///
    /// Returns [`AlgebraicStatus::Identity`] if this map is unchanged, [`AlgebraicStatus::None`]
    /// if it has no value and no location except its root, and [`AlgebraicStatus::Element`]
    /// otherwise. (In contrast, the join of two empty maps by the trait [`Lattice`] is
    /// `Identity`.)
    ///
    /// # Panics
    /// Panics if an operation on values panics. The map is then unchanged.
    pub fn join_into(&mut self, other: Self) -> AlgebraicStatus
    where
        V: Lattice,
    {
        self.join_ref(&other)
    }

    pub(super) fn join_ref(&mut self, other: &Self) -> AlgebraicStatus
    where
        V: Lattice,
    {
        if let (Some(left), Some(right)) = (self.place(), other.place())
            && let Some(inserts) = algebra::inserts(left, right)
        {
            if inserts.is_empty() {
                return AlgebraicStatus::Identity;
            }
            let root = self.root.as_mut().expect("it was there");
            insert_all(root, &[], inserts, &mut Bin::new());
            return AlgebraicStatus::Element;
        }
        self.combine_into(other, &mut Join)
    }

    /// Replaces this map by its [`meet`](Self::meet) with `other`.
    ///
    /// Returns a status as [`join_into`](Self::join_into) does.
    pub fn meet_into(&mut self, other: &Self) -> AlgebraicStatus
    where
        V: Lattice,
    {
        self.combine_into(other, &mut Meet)
    }

    /// [Subtracts](Self::subtract) `other` from this map.
    ///
    /// Returns a status as [`join_into`](Self::join_into) does.
    pub fn subtract_into(&mut self, other: &Self) -> AlgebraicStatus
    where
        V: DistributiveLattice,
    {
        self.combine_into(other, &mut Subtract)
    }

    /// [Restricts](Self::restrict) this map by `other`.
    ///
    /// Returns a status as [`join_into`](Self::join_into) does.
    pub fn restrict_into(&mut self, other: &Self) -> AlgebraicStatus {
        let result = self.restricted(other);
        self.become_result(other, result)
    }

    /// Replaces this map by its [`symmetric_difference`](Self::symmetric_difference) with `other`.
    ///
    /// Returns a status as [`join_into`](Self::join_into) does.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::{AlgebraicStatus, PathMap};
    ///
    /// let mut a = PathMap::from([("romane", 1), ("romanus", 2)]);
    /// let status = a.symmetric_difference_into(&PathMap::from([("romanus", 20), ("romulus", 30)]));
    /// assert_eq!(status, AlgebraicStatus::Element);
    /// assert_eq!(a, PathMap::from([("romane", 1), ("romulus", 30)]));
    /// ```
    pub fn symmetric_difference_into(&mut self, other: &Self) -> AlgebraicStatus {
        self.combine_into(other, &mut SymmetricDifference)
    }

    /// Returns the join of many maps.
    ///
    /// The result is that of folding [`join`](Self::join) over the maps, but all maps are joined
    /// in one walk, which is faster.
    ///
    /// # Complexity
    /// O(e log m) for m maps with e entries that they do not share.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let maps = ["a", "b", "c"].map(|path| PathMap::from([(path, ())]));
    /// assert_eq!(PathMap::join_all(&maps).len(), 3);
    /// ```
    #[must_use]
    pub fn join_all<'m, I>(maps: I) -> Self
    where
        I: IntoIterator<Item = &'m Self>,
        V: Lattice + 'm,
    {
        let places: Vec<_> = distinct(maps).into_iter().filter_map(Self::place).collect();
        Self::from_root(algebra::gather(&places).and_then(root_of))
    }
}

/// Converts the outcome of an operation on the roots of two maps.
fn result_of<V>(outcome: Outcome<Shared<V>>) -> AlgebraicResult<PathMap<V>> {
    match outcome {
        Outcome::Nothing => AlgebraicResult::None,
        Outcome::Same(mask) => AlgebraicResult::Identity(mask),
        Outcome::New(root) => AlgebraicResult::Element(PathMap::from_root(Some(root))),
    }
}

/// Returns the maps that are not empty. If the values are idempotent, a repeated map is left out.
pub(crate) fn distinct<'m, V: Lattice + 'm>(
    maps: impl IntoIterator<Item = &'m PathMap<V>>,
) -> Vec<&'m PathMap<V>> {
    let mut seen = HashSet::new();
    let mut is_new = |root: &Shared<V>| !V::IDEMPOTENT || seen.insert(root.id());
    maps.into_iter().filter(|map| map.root.as_ref().is_some_and(&mut is_new)).collect()
}

/// Returns the root node of a join of many subtries.
pub(crate) fn root_of<V: Clone>(joined: Joined<'_, V, Shared<V>>) -> Option<Shared<V>> {
    match joined {
        Joined::One(place, _) => place.to_trie(),
        Joined::New(node) => Some(node),
        Joined::Nothing => None,
    }
}

impl<V: Lattice + Clone> Lattice for PathMap<V> {
    const IDEMPOTENT: bool = V::IDEMPOTENT;

    /// Joins two maps, as [`PathMap::join`] does.
    ///
    /// The join of two empty maps is the identity of both. As a value of another map, the empty
    /// map is an element like any other, and its join with itself leaves it as it is.
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        match (&self.root, &other.root) {
            (None, None) => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
            _ => self.result(other, &mut Join),
        }
    }

    /// Returns the meet of two maps, as [`PathMap::meet`] does.
    ///
    /// The meet of two empty maps is the identity of both, as for [`pjoin`](Lattice::pjoin).
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        match (&self.root, &other.root) {
            (None, None) => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
            _ => self.result(other, &mut Meet),
        }
    }

    fn bottom(&self) -> Option<Self> {
        Some(Self::new())
    }
}

impl<V: DistributiveLattice + Clone> DistributiveLattice for PathMap<V> {
    const IDEMPOTENT: bool = V::IDEMPOTENT;

    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        self.result(other, &mut Subtract)
    }
}
