//! The trait of zippers that write.

use super::old_names::old_names;
use super::{ZipperInfallibleSubtries, ZipperMoving};
use crate::algebra::{AlgebraicResult, AlgebraicStatus, DistributiveLattice, Lattice};
use crate::bytes::ByteMask;
use crate::trie::PathMap;

/// Writing at the focus.
///
/// A subtrie includes the value at its root: [`graft`](Self::graft) and
/// [`take_map`](Self::take_map) move the focus value too. Operations with *branches* in their name
/// leave the focus value alone.
///
/// With `prune = true`, an operation does what it does with `prune = false`, and then calls
/// [`prune_path`](Self::prune_path).
///
/// Nodes that other maps share are copied just before they are written, one node for each level of
/// the path. The other owners never see the change.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot write values of type `{V}`",
    label = "this is not a zipper that writes",
    note = "make a writer from a map: `map.write_zipper()` or `map.write_zipper_at_path(path)`, or from a head: `head.write_zipper_at_exclusive_path(path)`"
)]
pub trait ZipperWriting<V>: ZipperMoving {
    /// The type of the head that [`zipper_head`](Self::zipper_head) returns.
    type ZipperHead<'z>
    where
        Self: 'z;

    /// A mutable reference to the value at the focus. Creates nothing.
    fn get_val_mut(&mut self) -> Option<&mut V>;

    /// A mutable reference to the value at the focus; inserts `default` first if there is none.
    fn get_val_or_set_mut(&mut self, default: V) -> &mut V {
        self.get_val_or_set_mut_with(|| default)
    }

    /// A mutable reference to the value at the focus; inserts the result of `func` first if there
    /// is none. `func` is not called if there is a value.
    fn get_val_or_set_mut_with<F>(&mut self, func: F) -> &mut V
    where
        F: FnOnce() -> V;

    /// Sets the value at the focus, creating the path; returns the old value.
    fn set_val(&mut self, val: V) -> Option<V>;

    /// Removes the value at the focus and returns it. The location is kept unless `prune` is true.
    fn remove_val(&mut self, prune: bool) -> Option<V>;

    /// A head for many zippers at and below the focus.
    fn zipper_head<'z>(&'z mut self) -> Self::ZipperHead<'z>;

    /// Replaces the subtrie at the focus by the subtrie at the source's focus, sharing its nodes.
    ///
    /// If the source's focus does not exist, the subtrie is removed and the focus is pruned. If
    /// the source's focus is bare (it has no value and nothing below), the focus is bare
    /// afterwards.
    fn graft<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z);

    /// Replaces the subtrie at the focus by the subtrie at `path` below the source's focus,
    /// sharing its nodes.
    fn graft_src_at<Z: ZipperInfallibleSubtries<V>, K: AsRef<[u8]>>(&mut self, src: &Z, path: K);

    /// Replaces the subtrie at the focus by `map`.
    fn graft_map(&mut self, map: PathMap<V>);

    /// Replaces each branch at the focus whose byte is in `child_mask` by the source's branch.
    ///
    /// If the source has no such branch, the branch is removed. If `remove_unset` is true, the
    /// branches outside the mask are removed too. The values at the two foci are kept.
    fn graft_masked_branches<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        src: &Z,
        child_mask: ByteMask,
        remove_unset: bool,
    );

    /// Replaces each branch at the focus whose byte is in `child_mask` by the next map of `maps`.
    ///
    /// If that map is empty, or no map is left, the branch is removed. If `remove_unset` is true,
    /// the branches outside the mask are removed too.
    fn graft_child_maps<I: IntoIterator<Item = PathMap<V>>>(
        &mut self,
        child_mask: ByteMask,
        maps: I,
        remove_unset: bool,
    );

    /// Joins the subtrie at the source's focus into the subtrie at the focus, with the values at
    /// the two foci. Creates the focus if the source's focus exists.
    ///
    /// This method and all others that return an [`AlgebraicStatus`] return
    /// [`None`](AlgebraicStatus::None) if neither a value nor a location below the focus is left,
    /// [`Identity`](AlgebraicStatus::Identity) if the subtrie is unchanged, and
    /// [`Element`](AlgebraicStatus::Element) otherwise. The status describes the subtrie before
    /// pruning. If a value's operation panics, the subtrie is unchanged. An operation that changes
    /// nothing copies nothing.
    ///
    /// [`PathMap::join`] and the other operations of [`PathMap`] define the results.
    fn join_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus
    where
        V: Lattice;

    /// Joins like [`join_into`](Self::join_into), with a closure that combines two values.
    ///
    /// [`PathMap::join_with`] documents what the closure may return. If the closure panics, the
    /// subtrie is unchanged.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::zipper::*;
    ///
    /// let mut totals = PathMap::from([("2026/figs", 3), ("2026/plums", 1)]);
    /// let sold = PathMap::from([("figs", 2), ("pears", 5)]);
    /// totals.write_zipper_at_path("2026/").join_into_with(&sold.read_zipper(), |total, sold| total + sold);
    /// assert_eq!(totals, PathMap::from([("2026/figs", 5), ("2026/pears", 5), ("2026/plums", 1)]));
    /// ```
    fn join_into_with<Z, F, R>(&mut self, read_zipper: &Z, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>;

    /// Joins `map` into the subtrie at the focus; see [`join_into`](Self::join_into).
    fn join_map_into(&mut self, map: PathMap<V>) -> AlgebraicStatus
    where
        V: Lattice;

    /// Joins like [`join_into`](Self::join_into), and then removes the source's subtrie. If
    /// `prune` is true, the source's focus is pruned.
    fn join_into_take<Z>(&mut self, src_zipper: &mut Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
        Z: ZipperInfallibleSubtries<V> + ZipperWriting<V>;

    /// Replaces the branches at the focus by the join of the subtries `byte_cnt` bytes below.
    ///
    /// Paths of fewer than `byte_cnt` bytes are removed. Values exactly `byte_cnt` bytes below are
    /// joined into the focus value, in path order, with the focus value first. If `byte_cnt` is 0,
    /// nothing changes.
    ///
    /// Returns true iff something is below the focus afterwards, before pruning.
    fn join_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
    where
        V: Lattice;

    /// Replaces the subtrie at the focus by the meet of the subtries `byte_cnt` bytes below.
    ///
    /// The subtries are met in path order, with the values at their roots. The old focus value is
    /// removed. If `byte_cnt` is 0, nothing changes.
    ///
    /// Returns true iff something is below the focus afterwards, before pruning.
    fn meet_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
    where
        V: Lattice;

    /// Replaces the subtrie at the focus by its meet with the source's subtrie; see
    /// [`join_into`](Self::join_into).
    fn meet_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice;

    /// Meets like [`meet_into`](Self::meet_into), with a closure that combines two values; see
    /// [`join_into_with`](Self::join_into_with).
    fn meet_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>;

    /// Replaces the subtrie at the focus by the meet of two others; see
    /// [`join_into`](Self::join_into).
    ///
    /// An empty result does not create the focus. The old subtrie is not an operand; the status is
    /// [`Identity`](AlgebraicStatus::Identity) if the result equals the old subtrie.
    fn meet_2<ZA, ZB>(&mut self, rz_a: &ZA, rz_b: &ZB) -> AlgebraicStatus
    where
        V: Lattice,
        ZA: ZipperInfallibleSubtries<V>,
        ZB: ZipperInfallibleSubtries<V>;

    /// Subtracts the source's subtrie from the subtrie at the focus; see
    /// [`join_into`](Self::join_into).
    fn subtract_into<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        read_zipper: &Z,
        prune: bool,
    ) -> AlgebraicStatus
    where
        V: DistributiveLattice;

    /// Subtracts like [`subtract_into`](Self::subtract_into), with a closure that combines two
    /// values; see [`join_into_with`](Self::join_into_with).
    fn subtract_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>;

    /// Keeps the values and locations at and below the paths that have a value in the source; see
    /// [`join_into`](Self::join_into). Paths are compared from the two foci.
    fn restrict<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus;

    /// Replaces the subtrie at the focus by the source's subtrie,
    /// [restricted](Self::restrict) by the old subtrie at the focus. Returns false and changes
    /// nothing if either subtrie is empty.
    fn restricting<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> bool;

    /// Inserts `prefix` between the focus and everything below it; returns false if nothing is
    /// below.
    ///
    /// The focus value is kept. An empty prefix changes nothing.
    fn insert_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> bool;

    /// Ascends by `n` bytes and replaces the subtrie there by the subtrie that was at the focus.
    /// Ascends at most to the root; returns false iff `n` exceeds the depth.
    fn remove_prefix(&mut self, n: usize) -> bool;

    /// Removes the subtrie at the focus, with the focus value, and returns it; `None` if there is
    /// neither a value nor a location below. The focus is kept as a bare location unless `prune`
    /// is true.
    fn take_map(&mut self, prune: bool) -> Option<PathMap<V>>;

    /// Removes everything strictly below the focus; returns whether there was anything.
    fn remove_branches(&mut self, prune: bool) -> bool;

    /// Removes the branches at the focus whose byte is not in `mask`.
    fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool);

    /// Creates the focus as a location; returns true iff it did not exist.
    fn create_path(&mut self) -> bool;

    /// Removes the focus if it is a dangling tip, with the path up to the nearest strict ancestor
    /// that has a value, branches, or is the root. Returns the number of bytes removed, and does
    /// not move.
    fn prune_path(&mut self) -> usize;

    /// Prunes like [`prune_path`](Self::prune_path), and then ascends by the number of bytes
    /// removed.
    fn prune_ascend(&mut self) -> usize {
        let pruned = self.prune_path();
        self.ascend(pruned);
        pruned
    }

    old_names!(ZipperWriting);
}
