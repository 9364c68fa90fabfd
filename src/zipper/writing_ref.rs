//! A mutable borrow of a writer is a writer: it can be lent to a function that takes writers by
//! value.

use super::traits::ZipperInfallibleSubtries;
use super::traits::ZipperWriting;
use crate::algebra::{AlgebraicResult, AlgebraicStatus, DistributiveLattice, Lattice};
use crate::bytes::ByteMask;
use crate::trie::PathMap;

impl<V, W: ZipperWriting<V>> ZipperWriting<V> for &mut W {
    type ZipperHead<'z>
        = W::ZipperHead<'z>
    where
        Self: 'z;

    fn get_val_mut(&mut self) -> Option<&mut V> {
        (**self).get_val_mut()
    }

    fn get_val_or_set_mut(&mut self, default: V) -> &mut V {
        (**self).get_val_or_set_mut(default)
    }

    fn get_val_or_set_mut_with<F>(&mut self, func: F) -> &mut V
    where
        F: FnOnce() -> V,
    {
        (**self).get_val_or_set_mut_with(func)
    }

    #[inline]
    fn set_val(&mut self, val: V) -> Option<V> {
        (**self).set_val(val)
    }

    fn remove_val(&mut self, prune: bool) -> Option<V> {
        (**self).remove_val(prune)
    }

    fn zipper_head<'z>(&'z mut self) -> Self::ZipperHead<'z> {
        (**self).zipper_head()
    }

    fn graft<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) {
        (**self).graft(read_zipper);
    }

    fn graft_src_at<Z: ZipperInfallibleSubtries<V>, K: AsRef<[u8]>>(&mut self, src: &Z, path: K) {
        (**self).graft_src_at(src, path);
    }

    fn graft_map(&mut self, map: PathMap<V>) {
        (**self).graft_map(map);
    }

    fn graft_masked_branches<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        src: &Z,
        child_mask: ByteMask,
        remove_unset: bool,
    ) {
        (**self).graft_masked_branches(src, child_mask, remove_unset);
    }

    fn graft_child_maps<I: IntoIterator<Item = PathMap<V>>>(
        &mut self,
        child_mask: ByteMask,
        maps: I,
        remove_unset: bool,
    ) {
        (**self).graft_child_maps(child_mask, maps, remove_unset);
    }

    fn join_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus
    where
        V: Lattice,
    {
        (**self).join_into(read_zipper)
    }

    fn join_into_with<Z, F, R>(&mut self, read_zipper: &Z, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        (**self).join_into_with(read_zipper, values)
    }

    fn join_map_into(&mut self, map: PathMap<V>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        (**self).join_map_into(map)
    }

    fn join_into_take<Z>(&mut self, src_zipper: &mut Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
        Z: ZipperInfallibleSubtries<V> + ZipperWriting<V>,
    {
        (**self).join_into_take(src_zipper, prune)
    }

    fn join_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        (**self).join_k_path_into(byte_cnt, prune)
    }

    fn meet_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        (**self).meet_k_path_into(byte_cnt, prune)
    }

    fn meet_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
    {
        (**self).meet_into(read_zipper, prune)
    }

    fn meet_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        (**self).meet_into_with(read_zipper, prune, values)
    }

    fn meet_2<ZA, ZB>(&mut self, rz_a: &ZA, rz_b: &ZB) -> AlgebraicStatus
    where
        V: Lattice,
        ZA: ZipperInfallibleSubtries<V>,
        ZB: ZipperInfallibleSubtries<V>,
    {
        (**self).meet_2(rz_a, rz_b)
    }

    fn subtract_into<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        read_zipper: &Z,
        prune: bool,
    ) -> AlgebraicStatus
    where
        V: DistributiveLattice,
    {
        (**self).subtract_into(read_zipper, prune)
    }

    fn subtract_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        (**self).subtract_into_with(read_zipper, prune, values)
    }

    fn restrict<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus {
        (**self).restrict(read_zipper)
    }

    fn restricting<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> bool {
        (**self).restricting(read_zipper)
    }

    fn insert_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> bool {
        (**self).insert_prefix(prefix)
    }

    fn remove_prefix(&mut self, n: usize) -> bool {
        (**self).remove_prefix(n)
    }

    fn take_map(&mut self, prune: bool) -> Option<PathMap<V>> {
        (**self).take_map(prune)
    }

    fn remove_branches(&mut self, prune: bool) -> bool {
        (**self).remove_branches(prune)
    }

    fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool) {
        (**self).remove_unmasked_branches(mask, prune);
    }

    fn create_path(&mut self) -> bool {
        (**self).create_path()
    }

    fn prune_path(&mut self) -> usize {
        (**self).prune_path()
    }

    fn prune_ascend(&mut self) -> usize {
        (**self).prune_ascend()
    }
}
