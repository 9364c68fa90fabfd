//! Zippers that hand every question on to another: boxes, mutable borrows, and the wrapper of one factor.

/// Implements the traits about the focus for a type by those of an expression in it. `$inner` is the other zipper's type.
macro_rules! lens_focus {
    ([$($generics:tt)*] $zipper:ty, $inner:ty, $self:ident => $place:expr) => {
        impl<$($generics)*> Zipper for $zipper
        where
            $inner: Zipper,
        {
            #[inline]
            fn path_exists(&$self) -> bool {
                $place.path_exists()
            }
            #[inline]
            fn is_val(&$self) -> bool {
                $place.is_val()
            }
            #[inline]
            fn child_count(&$self) -> usize {
                $place.child_count()
            }
            #[inline]
            fn child_mask(&$self) -> ByteMask {
                $place.child_mask()
            }
        }

        impl<$($generics)*, V> ZipperValues<V> for $zipper
        where
            $inner: ZipperValues<V>,
        {
            #[inline]
            fn val(&$self) -> Option<&V> {
                $place.val()
            }
            fn val_at<K: AsRef<[u8]>>(&$self, path: K) -> Option<&V> {
                $place.val_at(path)
            }
        }

        impl<'t, $($generics)*, V> ZipperReadOnlyValues<'t, V> for $zipper
        where
            $inner: ZipperReadOnlyValues<'t, V>,
        {
            #[inline]
            fn get_val(&$self) -> Option<&'t V> {
                $place.get_val()
            }
            fn get_val_at<K: AsRef<[u8]>>(&$self, path: K) -> Option<&'t V> {
                $place.get_val_at(path)
            }
        }

        impl<'t, $($generics)*, V> ZipperReadOnlyConditionalValues<'t, V> for $zipper
        where
            $inner: ZipperReadOnlyConditionalValues<'t, V>,
        {
            type WitnessT = <$inner as ZipperReadOnlyConditionalValues<'t, V>>::WitnessT;

            fn witness<'w>(&$self) -> Self::WitnessT {
                $place.witness()
            }
            fn get_val_with_witness<'w>(&$self, witness: &'w Self::WitnessT) -> Option<&'w V>
            where
                't: 'w,
            {
                $place.get_val_with_witness(witness)
            }
        }

        impl<$($generics)*> ZipperConcrete for $zipper
        where
            $inner: ZipperConcrete,
        {
            fn shared_node_id(&$self) -> Option<u64> {
                $place.shared_node_id()
            }
            fn is_shared(&$self) -> bool {
                $place.is_shared()
            }
        }

        impl<$($generics)*, V> ZipperSubtries<V> for $zipper
        where
            $inner: ZipperSubtries<V>,
        {
            fn native_subtries(&$self) -> bool {
                $place.native_subtries()
            }
            fn try_make_map(&$self) -> Option<PathMap<V>> {
                $place.try_make_map()
            }
            fn trie_ref(&$self) -> Option<TrieRef<'_, V>> {
                $place.trie_ref()
            }
        }

        impl<$($generics)*, V> ZipperInfallibleSubtries<V> for $zipper
        where
            $inner: ZipperInfallibleSubtries<V>,
        {
            fn make_map(&$self) -> PathMap<V> {
                $place.make_map()
            }
            fn get_trie_ref(&$self) -> TrieRef<'_, V> {
                $place.get_trie_ref()
            }
        }

        impl<'t, $($generics)*, V> ZipperReadOnlySubtries<'t, V> for $zipper
        where
            $inner: ZipperReadOnlySubtries<'t, V>,
        {
            type TrieRefT = <$inner as ZipperReadOnlySubtries<'t, V>>::TrieRefT
            where
                V: 't;

            fn trie_ref_at_path<K: AsRef<[u8]>>(&$self, path: K) -> Self::TrieRefT {
                $place.trie_ref_at_path(path)
            }
            fn known_prefix(&$self) -> &[u8] {
                ZipperReadOnlySubtries::<'t, V>::known_prefix(&$place)
            }
        }
    };
}

/// Implements the traits of movement in the same way.
macro_rules! lens_moves {
    ([$($generics:tt)*] $zipper:ty, $inner:ty, $self:ident => $place:expr) => {
        impl<$($generics)*> ZipperMoving for $zipper
        where
            $inner: ZipperMoving,
        {
            #[inline]
            fn path(&$self) -> &[u8] {
                $place.path()
            }
            fn val_count(&$self) -> usize {
                $place.val_count()
            }
            fn tip_count(&$self) -> Option<usize> {
                $place.tip_count()
            }
            #[inline]
            fn at_root(&$self) -> bool {
                $place.at_root()
            }
            lens_moves! { @moves $self => $place;
                reset() -> ();
                descend_to_byte(k: u8) -> ();
                descend_to_existing_byte(k: u8) -> bool;
                descend_indexed_byte(idx: usize) -> bool;
                descend_first_byte() -> bool;
                descend_last_byte() -> bool;
                descend_until() -> bool;
                descend_until_max_bytes(max_bytes: usize) -> bool;
                ascend(steps: usize) -> bool;
                ascend_byte() -> bool;
                ascend_until() -> bool;
                ascend_until_branch() -> bool;
                to_next_sibling_byte() -> bool;
                to_prev_sibling_byte() -> bool;
                to_next_step() -> bool;
            }
            lens_moves! { @paths $self => $place;
                descend_to -> ();
                descend_to_check -> bool;
                descend_to_existing -> usize;
                descend_to_val -> usize;
                move_to_path -> usize;
            }
        }

        impl<$($generics)*> ZipperIteration for $zipper
        where
            $inner: ZipperIteration,
        {
            lens_moves! { @moves $self => $place;
                to_next_val() -> bool;
                to_prev_step() -> bool;
                to_prev_val() -> bool;
                descend_last_path() -> bool;
                descend_first_k_path(k: usize) -> bool;
                to_next_k_path(k: usize) -> bool;
            }
        }

        impl<'t, $($generics)*, V> ZipperReadOnlyIteration<'t, V> for $zipper
        where
            $inner: ZipperReadOnlyIteration<'t, V>,
        {
            #[inline]
            fn to_next_get_val(&mut $self) -> Option<&'t V> {
                $place.to_next_get_val()
            }
        }

        impl<'t, $($generics)*, V> ZipperReadOnlyConditionalIteration<'t, V> for $zipper
        where
            $inner: ZipperReadOnlyConditionalIteration<'t, V>,
        {
            #[inline]
            fn to_next_get_val_with_witness<'w>(&mut $self, witness: &'w Self::WitnessT) -> Option<&'w V>
            where
                't: 'w,
            {
                $place.to_next_get_val_with_witness(witness)
            }
        }

        impl<$($generics)*> ZipperAbsolutePath for $zipper
        where
            $inner: ZipperAbsolutePath,
        {
            fn origin_path(&$self) -> &[u8] {
                $place.origin_path()
            }
            fn root_prefix_path(&$self) -> &[u8] {
                $place.root_prefix_path()
            }
        }

        impl<$($generics)*, V> ZipperForking<V> for $zipper
        where
            $inner: ZipperForking<V>,
        {
            type ReadZipperT<'z> = <$inner as ZipperForking<V>>::ReadZipperT<'z>
            where
                Self: 'z;

            fn fork_read_zipper<'z>(&'z $self) -> Self::ReadZipperT<'z> {
                $place.fork_read_zipper()
            }
        }
    };
    (@moves $self:ident => $place:expr; $($name:ident($($arg:ident: $type:ty)?) -> $answer:ty;)*) => {
        $(
            #[inline]
            fn $name(&mut $self $(, $arg: $type)?) -> $answer {
                $place.$name($($arg)?)
            }
        )*
    };
    (@paths $self:ident => $place:expr; $($name:ident -> $answer:ty;)*) => {
        $(
            #[inline]
            fn $name<K: AsRef<[u8]>>(&mut $self, path: K) -> $answer {
                $place.$name(path)
            }
        )*
    };
}

/// Implements the control of the buffers in the same way.
macro_rules! lens_buffers {
    ([$($generics:tt)*] $zipper:ty, [$($bounds:tt)*], $self:ident => $place:expr) => {
        #[allow(unsafe_code, reason = "an unsafe signature; the body hands the promise on")]
        impl<$($generics)*> ZipperPathBuffer for $zipper
        where
            $($bounds)*
        {
            unsafe fn origin_path_assert_len(&$self, len: usize) -> &[u8] {
                // SAFETY: the caller's promise is the one that is asked for.
                unsafe { $place.origin_path_assert_len(len) }
            }
            fn prepare_buffers(&mut $self) {
                $place.prepare_buffers();
            }
            fn reserve_buffers(&mut $self, path_len: usize, stack_depth: usize) {
                $place.reserve_buffers(path_len, stack_depth);
            }
        }
    };
}

pub(super) use {lens_buffers, lens_focus, lens_moves};

use crate::bytes::ByteMask;
use crate::trie::PathMap;
use crate::zipper::traits::*;
use crate::zipper::trie_ref::TrieRef;

lens_focus!([Z] Box<Z>, Z, self => (**self));
lens_moves!([Z] Box<Z>, Z, self => (**self));
lens_buffers!([Z] Box<Z>, [Z: ZipperPathBuffer], self => (**self));

lens_focus!([Z] &mut Z, Z, self => (**self));
lens_moves!([Z] &mut Z, Z, self => (**self));
lens_buffers!([Z] &mut Z, [Z: ZipperPathBuffer], self => (**self));
