//! The methods of [`ZipperWriting`], written once for all zippers that write a real trie.
//!
//! They are built from the edits of subtries in `edits.rs` and the algebra in `algebra.rs`.

use crate::algebra::{
    AlgebraicResult, AlgebraicStatus, DistributiveLattice, JoinWith, Lattice, Meet, MeetWith, Subtract,
    SubtractWith, With,
};
use crate::bytes::ByteMask;
use crate::node::{Bin, Bundle, End, Stored};
use crate::trie::{self, PathMap, Subtrie};
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
        self.approach_unexplored();
        self.val()?;
        let mut bin = Bin::new();
        let (slot, key) = self.edit(&mut bin)?;
        Some(trie::existing_value_mut(slot, key, &mut bin))
    }

    fn get_val_or_set_mut_with<F>(&mut self, func: F) -> &mut V
    where
        F: FnOnce() -> V,
    {
        self.approach_unexplored();
        let mut bin = Bin::new();
        if self.is_nowhere() {
            let key = self.path_from_base().to_vec();
            let first = Bundle::node(&key, End::Value(Stored::new(func())));
            let mut link = self.edit_root();
            bin.extend(link.put(Subtrie::Node(first)));
            let slot = link.into_node().expect("the node was put there");
            return trie::existing_value_mut(slot, &key, &mut bin);
        }
        let (slot, key) = self.edit(&mut bin).expect("there is a node");
        trie::value_or_set(slot, key, func, &mut bin)
    }

    fn set_val(&mut self, val: V) -> Option<V> {
        let mut bin = Bin::new();
        let old = self.put_val(Stored::new(val), &mut bin);
        // The bin is dropped before the return, so that if this panics, the old value is dropped
        // too.
        drop(bin);
        old.map(Stored::into_value)
    }

    fn remove_val(&mut self, prune: bool) -> Option<V> {
        let mut bin = Bin::new();
        let value = self.take_val(&mut bin);
        if prune {
            self.prune(&mut bin);
        }
        drop(bin);
        value.map(Stored::into_value)
    }

    fn zipper_head<'z>(&'z mut self) -> Self::ZipperHead<'z> {
        ZipperHead::nested(self)
    }

    fn graft<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) {
        self.graft_subtrie(Subtrie::of(read_zipper));
    }

    fn graft_src_at<Z: ZipperInfallibleSubtries<V>, K: AsRef<[u8]>>(&mut self, src: &Z, path: K) {
        self.graft_subtrie(Subtrie::of_path(src, path.as_ref()));
    }

    fn graft_map(&mut self, map: PathMap<V>) {
        self.graft_subtrie(map.into());
    }

    fn graft_masked_branches<Z: ZipperInfallibleSubtries<V>>(
        &mut self,
        src: &Z,
        child_mask: ByteMask,
        remove_unset: bool,
    ) {
        let source = Subtrie::of(src);
        // All clones of the source's values are made before anything changes.
        let branches = child_mask.iter().map(|byte| source.copy_at(&[byte]));
        self.put_branches(child_mask, branches.collect(), remove_unset);
    }

    fn graft_child_maps<I: IntoIterator<Item = PathMap<V>>>(
        &mut self,
        child_mask: ByteMask,
        maps: I,
        remove_unset: bool,
    ) {
        let mut maps = maps.into_iter();
        let branches = child_mask.iter().map(|_| match maps.next() {
            Some(PathMap { root: Some(root) }) => Subtrie::Node(root),
            _ => Subtrie::Absent,
        });
        self.put_branches(child_mask, branches.collect(), remove_unset);
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
        self.meet_of(&Subtrie::of(rz_a), &Subtrie::of(rz_b))
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
        self.restrict_to(Subtrie::of(read_zipper))
    }

    fn restricting<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> bool {
        self.replace_by_restricted(&Subtrie::of(read_zipper))
    }

    fn insert_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> bool {
        if self.child_mask().is_empty_mask() {
            return false;
        }
        let prefix = prefix.as_ref();
        if !prefix.is_empty() {
            self.edit_as_map(&mut Bin::new(), |map, bin| {
                let own = trie::remove(&mut map.root, &[], false, bin);
                map.root = Some(trie::prefixed(prefix, map.root.take()));
                if let (Some(own), Some(root)) = (own, &mut map.root) {
                    trie::set(root, &[], own, bin);
                }
            });
        }
        true
    }

    fn remove_prefix(&mut self, n: usize) -> bool {
        let depth = self.depth();
        let up = n.min(depth);
        if up > 0 {
            let mut bin = Bin::new();
            let source = self.take_subtrie(&mut bin);
            self.ascend(up);
            self.graft_with(source, &mut bin);
        }
        up == n
    }

    fn take_map(&mut self, prune: bool) -> Option<PathMap<V>> {
        let mut bin = Bin::new();
        let taken = self.take_subtrie(&mut bin).into_node();
        if prune {
            self.prune(&mut bin);
        }
        drop(bin);
        taken.map(|root| PathMap::from_root(Some(root)))
    }

    fn remove_branches(&mut self, prune: bool) -> bool {
        let mut bin = Bin::new();
        let removed = !self.child_mask().is_empty_mask();
        if removed {
            if self.at_base() {
                self.edit_as_map(&mut bin, |map, bin| {
                    trie::remove_branches(&mut map.root, &[], bin);
                });
            } else {
                self.settle();
                let (slot, key) = self.edit_focus(&mut bin).expect("the focus is there");
                trie::remove_branches_here(slot, key, &mut bin);
            }
        }
        if prune {
            self.prune(&mut bin);
        }
        removed
    }

    fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool) {
        let mut bin = Bin::new();
        if !self.child_mask().andn(&mask).is_empty_mask() {
            self.edit_as_map(&mut bin, |map, bin| map.keep_branches(mask, bin));
        }
        if prune {
            self.prune(&mut bin);
        }
    }

    fn create_path(&mut self) -> bool {
        if self.exists() {
            return false;
        }
        if self.at_base() {
            self.edit_root().put(Subtrie::Bare);
            return true;
        }
        let mut bin = Bin::new();
        match self.edit(&mut bin) {
            Some((slot, key)) => trie::create(slot, key, &mut bin),
            None => {
                let node = Bundle::node(self.path_from_base(), End::Bare);
                self.edit_root().put(Subtrie::Node(node));
            }
        }
        true
    }

    fn prune_path(&mut self) -> usize {
        self.prune(&mut Bin::new())
    }
}
