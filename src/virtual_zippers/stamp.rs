//! The traits of the three products, each method handed to the [`Chain`](super::chain::Chain).

/// Implements the traits of movement for a product with a field `chain`, given what its zippers must be for it.
macro_rules! chain_zipper {
    ([$($generics:tt)*] $zipper:ty, [$($moving:tt)*], [$($iterating:tt)*]) => {
        impl<$($generics)*> Zipper for $zipper
        where
            $($moving)*
        {
            #[inline]
            fn path_exists(&self) -> bool {
                self.chain.path_exists()
            }
            #[inline]
            fn is_val(&self) -> bool {
                self.chain.is_val()
            }
            #[inline]
            fn child_count(&self) -> usize {
                self.chain.child_count()
            }
            #[inline]
            fn child_mask(&self) -> ByteMask {
                self.chain.child_mask()
            }
        }

        impl<$($generics)*> ZipperMoving for $zipper
        where
            $($moving)*
        {
            #[inline]
            fn path(&self) -> &[u8] {
                self.chain.path()
            }
            fn val_count(&self) -> usize {
                self.count_values()
            }
            fn tip_count(&self) -> Option<usize> {
                self.count_tips()
            }
            fn reset(&mut self) {
                self.chain.reset();
            }
            #[inline]
            fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
                self.chain.descend_to(k.as_ref());
            }
            fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
                self.chain.descend_to_existing(k.as_ref())
            }
            #[inline]
            fn descend_to_byte(&mut self, k: u8) {
                self.chain.descend_to_byte(k);
            }
            #[inline]
            fn descend_to_existing_byte(&mut self, k: u8) -> bool {
                self.chain.descend_to_existing_byte(k)
            }
            fn descend_indexed_byte(&mut self, idx: usize) -> bool {
                self.chain.descend_indexed_byte(idx)
            }
            #[inline]
            fn descend_first_byte(&mut self) -> bool {
                self.chain.descend_first_byte()
            }
            fn descend_last_byte(&mut self) -> bool {
                self.chain.descend_last_byte()
            }
            fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
                self.chain.descend_until_max_bytes(max_bytes)
            }
            #[inline]
            fn ascend(&mut self, steps: usize) -> bool {
                self.chain.ascend(steps)
            }
            #[inline]
            fn ascend_byte(&mut self) -> bool {
                self.chain.ascend_byte()
            }
            fn ascend_until(&mut self) -> bool {
                self.chain.ascend_until()
            }
            fn ascend_until_branch(&mut self) -> bool {
                self.chain.ascend_until_branch()
            }
            fn to_next_sibling_byte(&mut self) -> bool {
                self.chain.to_next_sibling_byte()
            }
            fn to_prev_sibling_byte(&mut self) -> bool {
                self.chain.to_prev_sibling_byte()
            }
            #[inline]
            fn to_next_step(&mut self) -> bool {
                self.chain.to_next_step()
            }
        }

        impl<$($generics)*> ZipperIteration for $zipper
        where
            $($iterating)*
        {
            #[inline]
            fn to_next_val(&mut self) -> bool {
                self.chain.to_next_val()
            }
            fn descend_last_path(&mut self) -> bool {
                self.chain.descend_last_path()
            }
        }

        impl<$($generics)*> fmt::Debug for $zipper
        where
            $($moving)*
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($zipper))
                    .field("path", &crate::bytes::Text(self.chain.path()))
                    .field("focus_factor", &self.chain.focus_factor())
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(super) use chain_zipper;
