//! The trait of zippers that write.

use super::traits::{ZipperInfallibleSubtries, ZipperMoving};
use crate::bytes::ByteMask;
use crate::trie::PathMap;

/// Writing at the focus.
///
/// A subtrie includes the value at its root: [`graft`](Self::graft) and [`take_map`](Self::take_map) move the focus
/// value too. Operations on *branches* say so by name, and leave it alone.
///
/// `prune = true` always means: the operation with `prune = false`, and then [`prune_path`](Self::prune_path).
///
/// Nodes that other maps share are copied just before they are written, one node for each level of the path; the
/// other owners never see the change.
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

    /// The value at the focus; what `func` returns is put there first if there is none. `func` runs only then.
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
    /// A source that does not exist empties the focus and prunes it; one that is bare leaves a bare focus.
    fn graft<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z);

    /// Makes the subtrie at the focus the one at `path` below the source's focus, sharing its nodes.
    fn graft_src_at<Z: ZipperInfallibleSubtries<V>, K: AsRef<[u8]>>(&mut self, src: &Z, path: K);

    /// Makes the subtrie at the focus the whole of `map`.
    fn graft_map(&mut self, map: PathMap<V>);

    /// Replaces each branch at the focus whose byte is in `child_mask` by the source's; one that the source lacks is
    /// removed. With `remove_unset` the branches outside the mask are removed too. Values at the two foci stay.
    fn graft_masked_branches<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        src: &Z,
        child_mask: ByteMask,
        remove_unset: bool,
    );

    /// Replaces each branch at the focus whose byte is in `child_mask` by the next of `maps`; an empty map, or one
    /// that is missing, removes it. With `remove_unset` the branches outside the mask are removed too.
    fn graft_child_maps<I: IntoIterator<Item = PathMap<V>>>(
        &mut self,
        child_mask: ByteMask,
        maps: I,
        remove_unset: bool,
    );

    /// Everything strictly below the focus moves below focus·`prefix`; false if nothing is below. The focus value
    /// stays. An empty prefix changes nothing.
    fn insert_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> bool;

    /// The subtrie at the focus replaces the subtrie `n` bytes above, and the zipper stands there; `n` is cut to
    /// the depth, and the result is false iff it was.
    fn remove_prefix(&mut self, n: usize) -> bool;

    /// Takes the subtrie out, its value included; None if there is no value and nothing below. The focus stays
    /// bare, unless `prune`.
    fn take_map(&mut self, prune: bool) -> Option<PathMap<V>>;

    /// Removes all that is strictly below the focus; returns whether there was anything.
    fn remove_branches(&mut self, prune: bool) -> bool;

    /// Removes the branches at the focus whose byte is not in `mask`.
    fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool);

    /// Creates the focus as a location; true iff it was absent.
    fn create_path(&mut self) -> bool;

    /// If the focus is a dangling tip: deletes up to the nearest strict ancestor that has a value, branches, or is
    /// the root. Returns the number of bytes deleted, and does not move.
    fn prune_path(&mut self) -> usize;

    /// [`prune_path`](Self::prune_path), then ascends as far as it deleted.
    fn prune_ascend(&mut self) -> usize {
        let pruned = self.prune_path();
        self.ascend(pruned);
        pruned
    }
}
