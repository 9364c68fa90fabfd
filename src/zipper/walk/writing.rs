//! The calls of [`ZipperWriting`], written once for every zipper that stands in a real trie.
//!
//! The work is done by the edits in `edits.rs` and the algebra in `algebra.rs`. If an edit and a
//! call of the trait share a name, `self.name()` is the edit here: Rust prefers a type's own
//! methods to those of its traits.

use crate::algebra::{
    AlgebraicResult, AlgebraicStatus, DistributiveLattice, JoinWith, Lattice, Meet, MeetWith, Subtract,
    SubtractWith, With,
};
use crate::bytes::ByteMask;
use crate::trie::{PathMap, Subtrie};
use crate::zipper::head::ZipperHead;
use crate::zipper::root::RootMut;
use crate::zipper::stack::Walk;
use crate::zipper::traits::*;

impl<V: Clone, H: RootMut<V>> ZipperWriting<V> for Walk<V, H> {
    type ZipperHead<'z>
        = ZipperHead<'z, 'static, V>
    where
        Self: 'z;

    fn get_val_mut(&mut self) -> Option<&mut V> {
        self.get_val_mut()
    }

    fn get_val_or_set_mut_with<F>(&mut self, func: F) -> &mut V
    where
        F: FnOnce() -> V,
    {
        self.get_val_or_set_mut_with(func)
    }

    #[inline]
    fn set_val(&mut self, val: V) -> Option<V> {
        self.set_val(val)
    }

    fn remove_val(&mut self, prune: bool) -> Option<V> {
        self.remove_val(prune)
    }

    fn zipper_head<'z>(&'z mut self) -> Self::ZipperHead<'z> {
        ZipperHead::nested(self)
    }

    fn graft<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) {
        self.graft(Subtrie::of(read_zipper));
    }

    fn graft_src_at<Z: ZipperInfallibleSubtries<V>, K: AsRef<[u8]>>(&mut self, src: &Z, path: K) {
        self.graft(Subtrie::of_path(src, path.as_ref()));
    }

    fn graft_map(&mut self, map: PathMap<V>) {
        self.graft(map.into());
    }

    fn graft_masked_branches<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        src: &Z,
        child_mask: ByteMask,
        remove_unset: bool,
    ) {
        self.graft_masked_branches(&Subtrie::of(src), child_mask, remove_unset);
    }

    fn graft_child_maps<I: IntoIterator<Item = PathMap<V>>>(
        &mut self,
        child_mask: ByteMask,
        maps: I,
        remove_unset: bool,
    ) {
        self.graft_child_maps(child_mask, maps, remove_unset);
    }

    fn join_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus
    where
        V: Lattice,
    {
        self.join(Subtrie::of(read_zipper))
    }

    fn join_into_with<Z, F, R>(&mut self, read_zipper: &Z, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: JoinWith<F> = With(values);
        self.combine(Subtrie::of(read_zipper), &mut operation, false)
    }

    fn join_map_into(&mut self, map: PathMap<V>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        self.join(map.into())
    }

    fn join_into_take<Z>(&mut self, src_zipper: &mut Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
        Z: ZipperInfallibleSubtries<V> + ZipperWriting<V>,
    {
        let status = self.join_into(src_zipper);
        src_zipper.take_map(prune);
        status
    }

    fn join_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        self.join_k_path(byte_cnt, prune)
    }

    fn meet_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        self.meet_k_path(byte_cnt, prune)
    }

    fn meet_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
    {
        self.combine(Subtrie::of(read_zipper), &mut Meet, prune)
    }

    fn meet_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: MeetWith<F> = With(values);
        self.combine(Subtrie::of(read_zipper), &mut operation, prune)
    }

    fn meet_2<ZA, ZB>(&mut self, rz_a: &ZA, rz_b: &ZB) -> AlgebraicStatus
    where
        V: Lattice,
        ZA: ZipperInfallibleSubtries<V>,
        ZB: ZipperInfallibleSubtries<V>,
    {
        self.meet_2(&Subtrie::of(rz_a), &Subtrie::of(rz_b))
    }

    fn subtract_into<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        read_zipper: &Z,
        prune: bool,
    ) -> AlgebraicStatus
    where
        V: DistributiveLattice,
    {
        self.combine(Subtrie::of(read_zipper), &mut Subtract, prune)
    }

    fn subtract_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
    where
        Z: ZipperInfallibleSubtries<V>,
        F: FnMut(&V, &V) -> R,
        R: Into<AlgebraicResult<V>>,
    {
        let mut operation: SubtractWith<F> = With(values);
        self.combine(Subtrie::of(read_zipper), &mut operation, prune)
    }

    fn restrict<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus {
        self.restrict(Subtrie::of(read_zipper))
    }

    fn restricting<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> bool {
        self.restricting(&Subtrie::of(read_zipper))
    }

    fn insert_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> bool {
        self.insert_prefix(prefix.as_ref())
    }

    fn remove_prefix(&mut self, n: usize) -> bool {
        self.remove_prefix(n)
    }

    fn take_map(&mut self, prune: bool) -> Option<PathMap<V>> {
        self.take_map(prune)
    }

    fn remove_branches(&mut self, prune: bool) -> bool {
        self.remove_branches(prune)
    }

    fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool) {
        self.remove_unmasked_branches(mask, prune);
    }

    fn create_path(&mut self) -> bool {
        self.create_path()
    }

    fn prune_path(&mut self) -> usize {
        self.prune_path()
    }
}
