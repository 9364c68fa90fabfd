//! The list of traits that every zipper in a real trie forwards to its
//! [`Walk`](super::stack::Walk).

/// Implements the traits that all zippers in a real trie have, for a type with a field `walk`.
macro_rules! walk_zipper {
    ([$($generics:tt)*] $zipper:ty) => {
        $crate::zipper::methods::forward! {
            impl[$($generics)*] $zipper, self => self.walk;
            Zipper;
            ZipperValues<V> with {
                fn native_place(&self) -> Option<TrieRefBorrowed<'_, V>> {
                    self.walk.native_place()
                }
            };
            ZipperMoving;
            ZipperIteration;
            ZipperAbsolutePath;
            #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
            ZipperPathBuffer;
            ZipperConcrete;
            ZipperForking<V> with {
                type ReadZipperT<'z> = ReadZipperUntracked<'z, 'z, V> where Self: 'z;
            };
            ZipperSubtries<V> where [V: Clone];
            ZipperInfallibleSubtries<V> where [V: Clone];
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

pub(super) use walk_zipper;
