//! The algebra of the model: each operation by its definition, location by location.

use std::collections::BTreeSet;

use super::naive::{NaiveMap, NaiveZipper};
use crate::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT};

/// The result of an operation on two maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combined<V> {
    /// The result.
    pub map: NaiveMap<V>,
    /// Whether the result equals the first operand, and whether the second: it has the same
    /// locations, and the operation has left each value unchanged.
    pub equals: [bool; 2],
}

impl<V> Combined<V> {
    /// The status of an operation that replaces the first operand by the result.
    pub fn status(&self) -> AlgebraicStatus {
        if self.map.is_bare_root() {
            AlgebraicStatus::None
        } else if self.equals[0] {
            AlgebraicStatus::Identity
        } else {
            AlgebraicStatus::Element
        }
    }

    /// Which operands an [`AlgebraicResult::Identity`] names; None where the result equals
    /// neither.
    pub fn identity(&self) -> Option<u64> {
        let [first, second] = self.equals;
        let mask = if first { SELF_IDENT } else { 0 } | if second { COUNTER_IDENT } else { 0 };
        (mask != 0).then_some(mask)
    }
}

/// A value of a result, and whether the first and the second operand have it unchanged.
struct Kept<V> {
    value: V,
    unchanged: [bool; 2],
}

impl<V: Clone> Kept<V> {
    fn first(value: Option<&V>) -> Option<Self> {
        Some(Self { value: value?.clone(), unchanged: [true, false] })
    }

    fn second(value: Option<&V>) -> Option<Self> {
        Some(Self { value: value?.clone(), unchanged: [false, true] })
    }

    /// The value that an answer about two values stands for.
    fn of(a: &V, b: &V, result: AlgebraicResult<V>) -> Option<Self> {
        match result {
            AlgebraicResult::None => None,
            AlgebraicResult::Identity(mask) => {
                let unchanged = [mask & SELF_IDENT != 0, mask & COUNTER_IDENT != 0];
                assert_ne!(unchanged, [false, false], "an identity is with something");
                Some(Self { value: if unchanged[0] { a } else { b }.clone(), unchanged })
            }
            AlgebraicResult::Element(value) => Some(Self { value, unchanged: [false, false] }),
        }
    }
}

/// Visits the locations of both maps in path order. `value` returns the value of a location, and
/// `stays` whether the location is kept without one. Kept locations keep their prefixes.
fn combine<V: Clone>(
    [a, b]: [&NaiveMap<V>; 2],
    mut value: impl FnMut(Option<&V>, Option<&V>) -> Option<Kept<V>>,
    stays: impl Fn(&[u8]) -> bool,
) -> Combined<V> {
    let paths: BTreeSet<&[u8]> = a.locations().chain(b.locations()).map(|(path, _)| path).collect();
    let mut map = NaiveMap::new();
    let mut equals = [true, true];
    for path in paths {
        let kept = value(a.get(path), b.get(path));
        for (side, operand) in [a, b].into_iter().enumerate() {
            equals[side] &= match (operand.get(path), &kept) {
                (Some(_), Some(kept)) => kept.unchanged[side],
                (old, new) => old.is_none() && new.is_none(),
            };
        }
        match kept {
            Some(kept) => drop(map.set(path, kept.value)),
            None if stays(path) => drop(map.create_path(path)),
            None => {}
        }
    }
    for (side, operand) in [a, b].into_iter().enumerate() {
        let same = map.locations().map(|(path, _)| path).eq(operand.locations().map(|(path, _)| path));
        equals[side] &= same;
    }
    Combined { map, equals }
}

/// Operations that combine the two values at a path, in path order.
impl<V: Clone> NaiveMap<V> {
    /// All locations of both; where both have a value, `op` decides. If `op` returns no value (no
    /// lattice's join does), the location is removed, with the prefixes that lead to it alone.
    pub fn join_with(&self, other: &Self, mut op: impl FnMut(&V, &V) -> AlgebraicResult<V>) -> Combined<V> {
        let value = |a: Option<&V>, b: Option<&V>| match (a, b) {
            (Some(a), Some(b)) => Kept::of(a, b, op(a, b)),
            (a, b) => Kept::first(a).or(Kept::second(b)),
        };
        let ends = |map: &Self, path: &[u8]| map.get(path).is_none() && !map.has_branches(path);
        combine([self, other], value, |path| ends(self, path) && ends(other, path))
    }

    /// The prefixes of the values that `op` keeps, and of the tips that dangle in both.
    pub fn meet_with(&self, other: &Self, mut op: impl FnMut(&V, &V) -> AlgebraicResult<V>) -> Combined<V> {
        let value = |a: Option<&V>, b: Option<&V>| Kept::of(a?, b?, op(a?, b?));
        combine([self, other], value, |path| self.dangles(path) && other.dangles(path))
    }

    /// The prefixes of the values that `op` keeps or that the other map lacks, and of the dangling
    /// tips that the other map lacks.
    pub fn subtract_with(
        &self,
        other: &Self,
        mut op: impl FnMut(&V, &V) -> AlgebraicResult<V>,
    ) -> Combined<V> {
        let value = |a: Option<&V>, b: Option<&V>| match (a, b) {
            (Some(a), Some(b)) => Kept::of(a, b, op(a, b)),
            (a, _) => Kept::first(a),
        };
        combine([self, other], value, |path| self.dangles(path) && !other.path_exists_at(path))
    }
}

impl<V: Lattice + Clone> NaiveMap<V> {
    /// The union of both.
    pub fn join(&self, other: &Self) -> Combined<V> {
        self.join_with(other, V::pjoin)
    }

    /// The intersection of both.
    pub fn meet(&self, other: &Self) -> Combined<V> {
        self.meet_with(other, V::pmeet)
    }

    /// The join of all `maps`, in order.
    pub fn join_all<'a>(maps: impl IntoIterator<Item = &'a Self>) -> Self
    where
        V: 'a,
    {
        maps.into_iter().fold(Self::new(), |all, map| all.join(map).map)
    }

    /// The values that at least `count` of the maps have, joined in order, and the tips that dangle
    /// in at least `count`. At least one is the join of all.
    pub fn at_least(count: usize, maps: &[Self]) -> Self {
        if count < 2 {
            return Self::join_all(maps);
        }
        let mut result = Self::new();
        let paths: BTreeSet<&[u8]> = maps.iter().flat_map(Self::locations).map(|(path, _)| path).collect();
        for path in paths {
            let values: Vec<&V> = maps.iter().filter_map(|map| map.get(path)).collect();
            if values.len() >= count {
                let join = |joined: Option<V>, value: &V| match joined {
                    None => Some(value.clone()),
                    Some(joined) => Some(Kept::of(&joined, value, joined.pjoin(value))?.value),
                };
                if let Some(value) = values.into_iter().fold(None, join) {
                    result.set(path, value);
                }
            }
            if maps.iter().filter(|map| map.dangles(path)).count() >= count {
                result.create_path(path);
            }
        }
        result
    }
}

impl<V: DistributiveLattice + Clone> NaiveMap<V> {
    /// The part of this map that the other lacks.
    pub fn subtract(&self, other: &Self) -> Combined<V> {
        self.subtract_with(other, V::psubtract)
    }
}

/// Operations that do not look at values.
impl<V: Clone> NaiveMap<V> {
    /// All locations at or below a value of the other, and their prefixes, bare.
    pub fn restrict<W>(&self, other: &NaiveMap<W>) -> Combined<V> {
        let mut map = NaiveMap::new();
        for (stem, _) in other.iter() {
            for (path, value) in self.at_or_below(stem) {
                map.create_path(path);
                value.map(|value| map.set(path, value.clone()));
            }
        }
        let shape =
            |map: &Self| map.locations().map(|(path, value)| (path.to_vec(), value.is_some())).collect();
        let [before, after]: [Vec<_>; 2] = [shape(self), shape(&map)];
        Combined { map, equals: [before == after, false] }
    }

    /// The prefixes of the values that only one map has, and of the dangling tips where the other
    /// map has no location.
    pub fn symmetric_difference(&self, other: &Self) -> Self {
        let value = |a: Option<&V>, b: Option<&V>| match (a, b) {
            (Some(_), Some(_)) => None,
            (a, b) => Kept::first(a).or(Kept::second(b)),
        };
        let dangles = |a: &Self, b: &Self, path: &[u8]| a.dangles(path) && !b.path_exists_at(path);
        combine([self, other], value, |path| dangles(self, other, path) || dangles(other, self, path)).map
    }
}

/// Questions about two maps.
impl<V> NaiveMap<V> {
    /// True iff `path` is a bare location with nothing below it.
    pub fn dangles(&self, path: &[u8]) -> bool {
        self.path_exists_at(path) && self.get(path).is_none() && !self.has_branches(path)
    }

    /// True iff the other has a value wherever this has one.
    pub fn is_subset<W>(&self, other: &NaiveMap<W>) -> bool {
        self.iter().all(|(path, _)| other.get(path).is_some())
    }

    /// True iff no path has a value in both.
    pub fn is_disjoint<W>(&self, other: &NaiveMap<W>) -> bool {
        self.iter().all(|(path, _)| other.get(path).is_none())
    }

    /// The paths whose values differ, in path order, each with both values.
    pub fn diff<'a>(&'a self, new: &'a Self) -> Vec<(&'a [u8], Option<&'a V>, Option<&'a V>)>
    where
        V: PartialEq,
    {
        let paths: BTreeSet<&[u8]> = self.iter().chain(new.iter()).map(|(path, _)| path).collect();
        let both = paths.into_iter().map(|path| (path, self.get(path), new.get(path)));
        both.filter(|(_, old, new)| old != new).collect()
    }
}

/// Algebra at the focus. A source that is no location is `None`, and counts as bare.
impl<V: Clone> NaiveZipper<'_, V> {
    /// Replaces the subtrie at the focus by a result. An absent focus remains absent if the result
    /// is bare.
    fn place(&mut self, result: NaiveMap<V>, prune: bool) {
        if self.path_exists() || !result.is_bare_root() {
            self.graft_map(result);
        }
        if prune {
            self.prune_path();
        }
    }

    /// Keeps all locations at or below a value of the source.
    pub fn restrict(&mut self, source: Option<NaiveMap<V>>) -> AlgebraicStatus {
        let result = self.make_map().restrict(&source.unwrap_or_default());
        let status = result.status();
        self.place(result.map, false);
        status
    }

    /// Grafts the locations of the source at or below a value of the subtrie. Returns false and
    /// changes nothing if either has neither a value nor a location below its focus.
    pub fn restricting(&mut self, source: Option<NaiveMap<V>>) -> bool {
        let (stems, source) = (self.make_map(), source.unwrap_or_default());
        if stems.is_bare_root() || source.is_bare_root() {
            return false;
        }
        self.graft_map(source.restrict(&stems).map);
        true
    }
}

impl<V: Lattice + Clone> NaiveZipper<'_, V> {
    /// Joins the source into the subtrie. If the source is a location, the focus becomes one.
    pub fn join_into(&mut self, source: Option<NaiveMap<V>>) -> AlgebraicStatus {
        let exists = source.is_some();
        let result = self.make_map().join(&source.unwrap_or_default());
        let status = result.status();
        if exists {
            self.graft_map(result.map);
        }
        status
    }

    /// Joins a whole map into the subtrie. The root of a map always exists, so the focus exists
    /// afterwards.
    pub fn join_map_into(&mut self, map: NaiveMap<V>) -> AlgebraicStatus {
        self.join_into(Some(map))
    }

    /// Joins the source's subtrie into this one, then empties the source's focus, and prunes it if
    /// `prune` is set.
    pub fn join_into_take(&mut self, source: &mut NaiveZipper<'_, V>, prune: bool) -> AlgebraicStatus {
        let status = self.join_into(source.subtrie());
        source.take_map(prune);
        status
    }

    /// Keeps what the source has as well.
    pub fn meet_into(&mut self, source: Option<NaiveMap<V>>, prune: bool) -> AlgebraicStatus {
        let result = self.make_map().meet(&source.unwrap_or_default());
        let status = result.status();
        self.place(result.map, prune);
        status
    }

    /// Grafts the meet of two sources. If the meet is bare, a focus that exists is kept, empty.
    /// The old values are no operands: the status compares them with the new ones by a meet.
    pub fn meet_2(&mut self, a: Option<NaiveMap<V>>, b: Option<NaiveMap<V>>) -> AlgebraicStatus {
        let map = a.unwrap_or_default().meet(&b.unwrap_or_default()).map;
        let same = self.make_map().meet(&map).equals == [true, true];
        let result = Combined { map, equals: [same, false] };
        let status = result.status();
        self.place(result.map, false);
        status
    }

    /// The subtries `k` below the focus, in path order.
    fn subtries_below(&self, k: usize) -> Vec<NaiveMap<V>> {
        let focus = self.origin_path();
        let deep = self.map().at_or_below(&focus).filter(|(path, _)| path.len() - focus.len() == k);
        deep.map(|(path, _)| self.map().subtrie_at(path).expect("a location")).collect()
    }

    /// Replaces the branches by the join of the subtries `k` below, whose own values are joined
    /// into the value here. `k` = 0 changes nothing. Returns whether anything is below the focus
    /// afterwards, before any pruning.
    pub fn join_k_path_into(&mut self, k: usize, prune: bool) -> bool {
        let focus = self.origin_path();
        if k > 0 && self.path_exists() {
            let deep = self.subtries_below(k);
            self.remove_branches(false);
            let here = self.make_map();
            self.graft_map(deep.iter().fold(here, |joined, subtrie| joined.join(subtrie).map));
        }
        let any = self.map().has_branches(&focus);
        if prune {
            self.prune_path();
        }
        any
    }

    /// Replaces the subtrie by the meet of those `k` below, values included. The meet of one is
    /// itself, and that of none is bare. `k` = 0 changes nothing. Returns whether anything is
    /// below the focus afterwards, before any pruning.
    pub fn meet_k_path_into(&mut self, k: usize, prune: bool) -> bool {
        let focus = self.origin_path();
        if k > 0 && self.path_exists() {
            let met = self.subtries_below(k).into_iter().reduce(|met, subtrie| met.meet(&subtrie).map);
            self.graft_map(met.unwrap_or_default());
        }
        let any = self.map().has_branches(&focus);
        if prune {
            self.prune_path();
        }
        any
    }
}

impl<V: DistributiveLattice + Clone> NaiveZipper<'_, V> {
    /// Keeps what the source lacks.
    pub fn subtract_into(&mut self, source: Option<NaiveMap<V>>, prune: bool) -> AlgebraicStatus {
        let result = self.make_map().subtract(&source.unwrap_or_default());
        let status = result.status();
        self.place(result.map, prune);
        status
    }
}
