//! The traits of every zipper that stands in a real trie, each method handed to its [`Walk`](super::stack::Walk).

/// Implements the traits that all zippers share for a type with a field `walk`. `$descend` is how far-off places are
/// gone to: readers look at once, writers when somebody asks, since most writes never do. `$reset` is how the root is:
/// writers remember where they were.
macro_rules! walk_zipper {
    ([$($generics:tt)*] $zipper:ty, $descend:ident, $reset:ident) => {
        impl<$($generics)*> Zipper for $zipper {
            #[inline]
            fn path_exists(&self) -> bool {
                self.walk.exists()
            }
            #[inline]
            fn is_val(&self) -> bool {
                self.walk.val().is_some()
            }
            #[inline]
            fn child_count(&self) -> usize {
                self.walk.child_count()
            }
            #[inline]
            fn child_mask(&self) -> ByteMask {
                self.walk.child_mask()
            }
        }

        impl<$($generics)*> ZipperValues<V> for $zipper {
            #[inline]
            fn val(&self) -> Option<&V> {
                self.walk.val()
            }
            fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
                self.walk.val_at(path.as_ref())
            }
            fn native_place(&self) -> Option<TrieRefBorrowed<'_, V>> {
                Some(TrieRefBorrowed::new(self.walk.disclose(), self.walk.exists()))
            }
        }

        impl<$($generics)*> ZipperMoving for $zipper {
            #[inline]
            fn path(&self) -> &[u8] {
                self.walk.path()
            }
            fn val_count(&self) -> usize {
                self.walk.val_count()
            }
            fn tip_count(&self) -> Option<usize> {
                Some(self.walk.tip_count())
            }
            #[inline]
            fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
                self.walk.$descend(k.as_ref());
            }
            #[inline]
            fn ascend(&mut self, steps: usize) -> bool {
                self.walk.ascend(steps)
            }
            fn ascend_until(&mut self) -> bool {
                self.walk.ascend_until()
            }
            fn ascend_until_branch(&mut self) -> bool {
                self.walk.ascend_until_branch()
            }
            #[inline]
            fn at_root(&self) -> bool {
                self.walk.at_root()
            }
            #[inline]
            fn reset(&mut self) {
                self.walk.$reset();
            }
            fn move_to_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
                self.walk.move_to_path(path.as_ref())
            }
            fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
                self.walk.descend_to_existing(k.as_ref())
            }
            fn descend_to_val<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
                self.walk.descend_to_val(k.as_ref())
            }
            #[inline]
            fn descend_to_byte(&mut self, k: u8) {
                self.walk.descend_to_byte(k);
            }
            #[inline]
            fn descend_to_existing_byte(&mut self, k: u8) -> bool {
                self.walk.descend_to_existing_byte(k)
            }
            fn descend_indexed_byte(&mut self, idx: usize) -> bool {
                self.walk.descend_indexed_byte(idx)
            }
            fn descend_first_byte(&mut self) -> bool {
                self.walk.descend_first_byte()
            }
            fn descend_last_byte(&mut self) -> bool {
                self.walk.descend_last_byte()
            }
            fn descend_until(&mut self) -> bool {
                self.walk.descend_until(usize::MAX)
            }
            fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
                self.walk.descend_until(max_bytes)
            }
            #[inline]
            fn ascend_byte(&mut self) -> bool {
                self.walk.ascend_byte()
            }
            fn to_next_sibling_byte(&mut self) -> bool {
                self.walk.to_next_sibling_byte()
            }
            fn to_prev_sibling_byte(&mut self) -> bool {
                self.walk.to_prev_sibling_byte()
            }
            fn to_next_step(&mut self) -> bool {
                self.walk.to_next_step()
            }
        }

        impl<$($generics)*> ZipperIteration for $zipper {
            #[inline]
            fn to_next_val(&mut self) -> bool {
                self.walk.to_next_val()
            }
            fn to_prev_step(&mut self) -> bool {
                self.walk.to_prev_step()
            }
            fn to_prev_val(&mut self) -> bool {
                self.walk.to_prev_val()
            }
            fn descend_last_path(&mut self) -> bool {
                self.walk.descend_last_path()
            }
            fn descend_first_k_path(&mut self, k: usize) -> bool {
                self.walk.descend_first_k_path(k)
            }
            #[inline]
            fn to_next_k_path(&mut self, k: usize) -> bool {
                self.walk.to_next_k_path(k)
            }
        }

        impl<$($generics)*> ZipperAbsolutePath for $zipper {
            fn origin_path(&self) -> &[u8] {
                self.walk.shown_path()
            }
            fn root_prefix_path(&self) -> &[u8] {
                self.walk.root_prefix_path()
            }
        }

        #[allow(unsafe_code, reason = "an unsafe signature; the body hands the promise on")]
        impl<$($generics)*> ZipperPathBuffer for $zipper {
            unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8] {
                // SAFETY: the caller's promise is the one that is asked for.
                unsafe { self.walk.path_buffer(len) }
            }
            fn prepare_buffers(&mut self) {
                self.walk.reserve(128, 16);
            }
            fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize) {
                self.walk.reserve(path_len, stack_depth);
            }
        }

        impl<$($generics)*> ZipperConcrete for $zipper {
            fn shared_node_id(&self) -> Option<u64> {
                self.walk.node_id().map(|(id, _)| id as u64)
            }
            fn is_shared(&self) -> bool {
                self.walk.node_id().is_some_and(|(_, shared)| shared)
            }
        }

        impl<$($generics)*> ZipperForking<V> for $zipper {
            type ReadZipperT<'z>
                = ReadZipperUntracked<'z, 'z, V>
            where
                Self: 'z;

            fn fork_read_zipper<'z>(&'z self) -> ReadZipperUntracked<'z, 'z, V> {
                ReadZipperUntracked::fork(&self.walk)
            }
        }

        impl<$($generics)*> ZipperSubtries<V> for $zipper
        where
            V: Clone,
        {
            fn native_subtries(&self) -> bool {
                true
            }
            fn try_make_map(&self) -> Option<PathMap<V>> {
                Some(self.walk.make_map())
            }
            fn trie_ref(&self) -> Option<TrieRef<'_, V>> {
                Some(self.get_trie_ref())
            }
        }

        impl<$($generics)*> ZipperInfallibleSubtries<V> for $zipper
        where
            V: Clone,
        {
            fn make_map(&self) -> PathMap<V> {
                self.walk.make_map()
            }
            fn get_trie_ref(&self) -> TrieRef<'_, V> {
                TrieRef::Borrowed(TrieRefBorrowed::new(self.walk.disclose(), self.walk.exists()))
            }
        }

        impl<$($generics)*> fmt::Debug for $zipper {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($zipper))
                    .field("root_prefix_path", &crate::bytes::Text(self.walk.root_prefix_path()))
                    .field("path", &crate::bytes::Text(self.walk.path()))
                    .finish_non_exhaustive()
            }
        }
    };
}

/// Implements [`ZipperWriting`](super::ZipperWriting) for a type with a field `walk`.
macro_rules! walk_writer {
    ([$($generics:tt)*] $zipper:ty, $head:ty) => {
        impl<$($generics)*> ZipperWriting<V> for $zipper
        where
            V: Clone,
        {
            type ZipperHead<'z>
                = $head
            where
                Self: 'z;

            fn get_val_mut(&mut self) -> Option<&mut V> {
                self.walk.get_val_mut()
            }
            fn get_val_or_set_mut_with<F>(&mut self, func: F) -> &mut V
            where
                F: FnOnce() -> V,
            {
                self.walk.get_val_or_set_mut_with(func)
            }
            #[inline]
            fn set_val(&mut self, val: V) -> Option<V> {
                self.walk.set_val(val)
            }
            fn remove_val(&mut self, prune: bool) -> Option<V> {
                self.walk.remove_val(prune)
            }
            fn zipper_head<'z>(&'z mut self) -> Self::ZipperHead<'z> {
                ZipperHead::nested(&mut self.walk)
            }
            fn graft<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) {
                self.walk.graft(Source::of(read_zipper));
            }
            fn graft_src_at<Z: ZipperInfallibleSubtries<V>, K: AsRef<[u8]>>(&mut self, src: &Z, path: K) {
                self.walk.graft(Source::at(src, path.as_ref()));
            }
            fn graft_map(&mut self, map: PathMap<V>) {
                self.walk.graft(Source::Present(map.root));
            }
            fn graft_masked_branches<Z: ZipperInfallibleSubtries<V>>(
                &mut self,
                src: &Z,
                child_mask: ByteMask,
                remove_unset: bool,
            ) {
                self.walk.graft_masked_branches(src.make_map().root, child_mask, remove_unset);
            }
            fn graft_child_maps<I: IntoIterator<Item = PathMap<V>>>(
                &mut self,
                child_mask: ByteMask,
                maps: I,
                remove_unset: bool,
            ) {
                self.walk.graft_child_maps(child_mask, maps, remove_unset);
            }
            fn join_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus
            where
                V: Lattice,
            {
                self.walk.join(Source::of(read_zipper))
            }
            fn join_into_with<Z, F, R>(&mut self, read_zipper: &Z, values: F) -> AlgebraicStatus
            where
                Z: ZipperInfallibleSubtries<V>,
                F: FnMut(&V, &V) -> R,
                R: Into<AlgebraicResult<V>>,
            {
                let mut operation: JoinWith<F> = With(values);
                self.walk.combine(Source::of(read_zipper), &mut operation, false)
            }
            fn join_map_into(&mut self, map: PathMap<V>) -> AlgebraicStatus
            where
                V: Lattice,
            {
                self.walk.join(Source::Present(map.root))
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
                self.walk.join_k_path(byte_cnt, prune)
            }
            fn meet_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool
            where
                V: Lattice,
            {
                self.walk.meet_k_path(byte_cnt, prune)
            }
            fn meet_into<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z, prune: bool) -> AlgebraicStatus
            where
                V: Lattice,
            {
                self.walk.combine(Source::of(read_zipper), &mut Meet, prune)
            }
            fn meet_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
            where
                Z: ZipperInfallibleSubtries<V>,
                F: FnMut(&V, &V) -> R,
                R: Into<AlgebraicResult<V>>,
            {
                let mut operation: MeetWith<F> = With(values);
                self.walk.combine(Source::of(read_zipper), &mut operation, prune)
            }
            fn meet_2<ZA, ZB>(&mut self, rz_a: &ZA, rz_b: &ZB) -> AlgebraicStatus
            where
                V: Lattice,
                ZA: ZipperInfallibleSubtries<V>,
                ZB: ZipperInfallibleSubtries<V>,
            {
                self.walk.meet_2(&Source::of(rz_a), &Source::of(rz_b))
            }
            fn subtract_into<Z: ZipperInfallibleSubtries<V>>(
                &mut self,
                read_zipper: &Z,
                prune: bool,
            ) -> AlgebraicStatus
            where
                V: DistributiveLattice,
            {
                self.walk.combine(Source::of(read_zipper), &mut Subtract, prune)
            }
            fn subtract_into_with<Z, F, R>(&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
            where
                Z: ZipperInfallibleSubtries<V>,
                F: FnMut(&V, &V) -> R,
                R: Into<AlgebraicResult<V>>,
            {
                let mut operation: SubtractWith<F> = With(values);
                self.walk.combine(Source::of(read_zipper), &mut operation, prune)
            }
            fn restrict<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus {
                self.walk.restrict(Source::of(read_zipper))
            }
            fn restricting<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> bool {
                self.walk.restricting(&Source::of(read_zipper))
            }
            fn insert_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> bool {
                self.walk.insert_prefix(prefix.as_ref())
            }
            fn remove_prefix(&mut self, n: usize) -> bool {
                self.walk.remove_prefix(n)
            }
            fn take_map(&mut self, prune: bool) -> Option<PathMap<V>> {
                self.walk.take_map(prune)
            }
            fn remove_branches(&mut self, prune: bool) -> bool {
                self.walk.remove_branches(prune)
            }
            fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool) {
                self.walk.remove_unmasked_branches(mask, prune);
            }
            fn create_path(&mut self) -> bool {
                self.walk.create_path()
            }
            fn prune_path(&mut self) -> usize {
                self.walk.prune_path()
            }
        }
    };
}

pub(super) use {walk_writer, walk_zipper};
