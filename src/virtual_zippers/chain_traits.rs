//! The traits of the three products, each method forwarded to the [`Chain`](super::chain::Chain).

/// Implements the traits of movement and `Debug` for a product with a field `chain`, given the
/// bounds for moving and for iterating.
macro_rules! chain_zipper {
    ([$($generics:tt)*] $zipper:ty, [$($moving:tt)*], [$($iterating:tt)*]) => {
        $crate::zipper::methods::forward! {
            impl[$($generics)*] $zipper, self => self.chain;
            Zipper where [$($moving)*];
            ZipperMoving where [$($moving)*];
            ZipperIteration where [$($iterating)*];
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
