//! The trait of zippers that write.

use super::{ZipperInfallibleSubtries, ZipperMoving};
use crate::algebra::{AlgebraicResult, AlgebraicStatus, DistributiveLattice, Lattice};
use crate::bytes::ByteMask;
use crate::trie::PathMap;

/// Writing at the focus.
///
/// A subtrie includes the value at its root: [`graft`](Self::graft) and
/// [`take_map`](Self::take_map) move the focus value too. Operations on *branches* say so by name,
/// and leave it alone.
///
/// `prune = true` always means: the operation with `prune = false`, and then
/// [`prune_path`](Self::prune_path).
///
/// Nodes that other maps share are copied just before they are written, one node for each level of
/// the path; the other owners never see the change.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot write values of type `{V}`",
    label = "this is not a zipper that writes",
    note = "a map gives writers by `map.write_zipper()` and `map.write_zipper_at_path(path)`, a head by `head.write_zipper_at_exclusive_path(path)`"
)]
pub trait ZipperWriting<V>: ZipperMoving {
    /// The head that [`zipper_head`](Self::zipper_head) gives.
    type ZipperHead<'z>
    where
        Self: 'z;

    /// The value at the focus, to be changed in place. Creates nothing.
    fn get_val_mut(&mut self) -> Option<&mut V>;

    /// The value at the focus; `default` is put there first if there is none.
    fn get_val_or_set_mut(&mut self, default: V) -> &mut V {
        self.get_val_or_set_mut_with(|| default)
    }

    /// The value at the focus; what `func` returns is put there first if there is none. `func`
    /// runs only then.
    fn get_val_or_set_mut_with<F>(&mut self, func: F) -> &mut V
    where
        F: FnOnce() -> V;

    /// Puts a value at the focus, creating the path; returns the value that was there.
    fn set_val(&mut self, val: V) -> Option<V>;

    /// Takes the value from the focus. The location stays, unless `prune`.
    fn remove_val(&mut self, prune: bool) -> Option<V>;

    /// A head that gives out many zippers at and below the focus.
    fn zipper_head<'z>(&'z mut self) -> Self::ZipperHead<'z>;

    /// Makes the subtrie at the focus the one at the source's focus, sharing its nodes.
    ///
    /// A source that does not exist empties the focus and prunes it; one that is bare leaves a
    /// bare focus.
    fn graft<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z);

    /// Makes the subtrie at the focus the one at `path` below the source's focus, sharing its
    /// nodes.
    fn graft_src_at<Z: ZipperInfallibleSubtries<V>, K: AsRef<[u8]>>(&mut self, src: &Z, path: K);

    /// Makes the subtrie at the focus the whole of `map`.
    fn graft_map(&mut self, map: PathMap<V>);

    /// Replaces each branch at the focus whose byte is in `child_mask` by the source's; one that
    /// the source lacks is removed. With `remove_unset` the branches outside the mask are removed
    /// too. Values at the two foci stay.
    fn graft_masked_branches<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        src: &Z,
        child_mask: ByteMask,
        remove_unset: bool,
    );

    /// Replaces each branch at the focus whose byte is in `child_mask` by the next of `maps`; an
    /// empty map, or one that is missing, removes it. With `remove_unset` the branches outside the
    /// mask are removed too.
    fn graft_child_maps<I: IntoIterator<Item = PathMap<V>>>(
        &mut self,
        child_mask: ByteMask,
        maps: I,
        remove_unset: bool,
    );

    /// Joins the subtrie at the source's focus into the one at the focus, values at the two foci
    /// included. Creates the focus if the source's exists.
    ///
    /// Of this and the operations below, the status is [`None`](AlgebraicStatus::None) if no value
    /// and no location below is left, else [`Identity`](AlgebraicStatus::Identity) if the subtrie
    /// is as it was, else [`Element`](AlgebraicStatus::Element); it is judged before pruning. If a
    /// value's operation panics, the subtrie is as it was. An operation that changes nothing
    /// copies nothing.
    ///
    /// See [`PathMap::join`] and its siblings for what each operation means.
    fn join_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus
    where
        V: Lattice;

    /// [`join_into`](Self::join_into) with a closure for the values. What the closure may return
    /// is said at [`PathMap::join_with`]; if it panics, the subtrie is as it was.
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

    /// Joins all of `map` into the subtrie at the focus; see [`join_into`](Self::join_into).
    fn join_map_into(&mut self, map: PathMap<V>) -> AlgebraicStatus
    where
        V: Lattice;

    /// [`join_into`](Self::join_into), and then empties the source's focus; with `prune` that is
    /// pruned.
    fn join_into_take<Z>(&mut self, src_zipper: &mut Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
        Z: ZipperInfallibleSubtries<V> + ZipperWriting<V>;

    /// Makes the branches at the focus the join of the subtries `byte_cnt` bytes below; paths that
    /// are shorter go. Values at exactly that depth are joined into the focus value: that value
    /// first, then they in path order.
    ///
    /// True iff something is below the focus then, judged before pruning. With 0 nothing changes.
    fn join_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
    where
        V: Lattice;

    /// Makes the subtrie at the focus the meet of the subtries `byte_cnt` bytes below, in path
    /// order, values included; the focus value goes. The result is as for
    /// [`join_k_path_into`](Self::join_k_path_into).
    fn meet_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
    where
        V: Lattice;

    /// Meets the subtrie at the focus with the source's; see [`join_into`](Self::join_into).
    fn meet_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice;

    /// [`meet_into`](Self::meet_into) with a closure for the values, as in
    /// [`join_into_with`](Self::join_into_with).
    fn meet_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>;

    /// Makes the subtrie at the focus the meet of two others; see [`join_into`](Self::join_into).
    /// An empty result does not create the focus. What was at the focus is no operand, but the
    /// status tells whether it is as it was.
    fn meet_2<ZA, ZB>(&mut self, rz_a: &ZA, rz_b: &ZB) -> AlgebraicStatus
    where
        V: Lattice,
        ZA: ZipperInfallibleSubtries<V>,
        ZB: ZipperInfallibleSubtries<V>;

    /// Subtracts the source's subtrie from the one at the focus; see
    /// [`join_into`](Self::join_into).
    fn subtract_into<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        read_zipper: &Z,
        prune: bool,
    ) -> AlgebraicStatus
    where
        V: DistributiveLattice;

    /// [`subtract_into`](Self::subtract_into) with a closure for the values, as in
    /// [`join_into_with`](Self::join_into_with).
    fn subtract_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>;

    /// Keeps what is at and below the paths, from the focus, that have a value in the source; see
    /// [`join_into`](Self::join_into).
    fn restrict<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus;

    /// Makes the subtrie at the focus what [`restrict`](Self::restrict) would make of the
    /// source's, if it were restricted by the one at the focus. False, and nothing has changed, if
    /// either holds nothing.
    fn restricting<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> bool;

    /// Everything strictly below the focus moves below focus·`prefix`; false if nothing is below.
    /// The focus value stays. An empty prefix changes nothing.
    fn insert_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> bool;

    /// The subtrie at the focus replaces the subtrie `n` bytes above, and the zipper stands there;
    /// `n` is cut to the depth, and the result is false iff it was.
    fn remove_prefix(&mut self, n: usize) -> bool;

    /// Takes the subtrie out, its value included; None if there is no value and nothing below. The
    /// focus stays bare, unless `prune`.
    fn take_map(&mut self, prune: bool) -> Option<PathMap<V>>;

    /// Removes all that is strictly below the focus; returns whether there was anything.
    fn remove_branches(&mut self, prune: bool) -> bool;

    /// Removes the branches at the focus whose byte is not in `mask`.
    fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool);

    /// Creates the focus as a location; true iff it was absent.
    fn create_path(&mut self) -> bool;

    /// If the focus is a dangling tip: deletes up to the nearest strict ancestor that has a value,
    /// branches, or is the root. Returns the number of bytes deleted, and does not move.
    fn prune_path(&mut self) -> usize;

    /// [`prune_path`](Self::prune_path), then ascends as far as it deleted.
    fn prune_ascend(&mut self) -> usize {
        let pruned = self.prune_path();
        self.ascend(pruned);
        pruned
    }
}
