//! Two zippers at one path, and the moves of views that show the union of two tries.

use crate::bytes::ByteMask;
use crate::zipper::traits::*;

/// Two zippers at one path, each path starting at the zipper's own root.
#[derive(Clone)]
pub(super) struct Pair<A, B> {
    pub(super) a: A,
    pub(super) b: B,
}

impl<A: ZipperMoving, B: ZipperMoving> Pair<A, B> {
    /// A pair of `a` and `b`, both reset.
    pub(super) fn new(mut a: A, mut b: B) -> Self {
        a.reset();
        b.reset();
        Self { a, b }
    }

    pub(super) fn reset(&mut self) {
        self.a.reset();
        self.b.reset();
    }

    #[inline]
    pub(super) fn descend_to(&mut self, key: &[u8]) {
        self.a.descend_to(key);
        self.b.descend_to(key);
    }

    #[inline]
    pub(super) fn descend_to_byte(&mut self, byte: u8) {
        self.a.descend_to_byte(byte);
        self.b.descend_to_byte(byte);
    }

    #[inline]
    pub(super) fn ascend(&mut self, steps: usize) -> bool {
        self.b.ascend(steps);
        self.a.ascend(steps)
    }

    /// Descends along `key` while either zipper has the location; returns the number of bytes
    /// moved.
    pub(super) fn descend_to_existing(&mut self, key: &[u8]) -> usize {
        let (in_a, in_b) = (self.a.descend_to_existing(key), self.b.descend_to_existing(key));
        let moved = in_a.max(in_b);
        self.a.descend_to(&key[in_a..moved]);
        self.b.descend_to(&key[in_b..moved]);
        moved
    }

    /// Descends by `byte` if either zipper has that child; returns whether the pair moved.
    pub(super) fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        let moved = (self.a.descend_to_existing_byte(byte), self.b.descend_to_existing_byte(byte));
        match moved {
            (true, false) => self.b.descend_to_byte(byte),
            (false, true) => self.a.descend_to_byte(byte),
            _ => {}
        }
        moved.0 || moved.1
    }

    /// The bytes that lead to children in either trie.
    pub(super) fn union_mask(&self) -> ByteMask {
        self.a.child_mask() | self.b.child_mask()
    }

    /// Whether the focus exists in either trie.
    pub(super) fn union_exists(&self) -> bool {
        self.a.path_exists() || self.b.path_exists()
    }

    pub(super) fn descend_first_byte(&mut self) -> bool {
        self.descend_into(self.union_mask().indexed_bit::<true>(0))
    }

    pub(super) fn descend_last_byte(&mut self) -> bool {
        self.descend_into(self.union_mask().indexed_bit::<false>(0))
    }

    pub(super) fn descend_indexed_byte(&mut self, index: usize) -> bool {
        self.descend_into(self.union_mask().indexed_bit::<true>(index))
    }

    fn descend_into(&mut self, byte: Option<u8>) -> bool {
        if let Some(byte) = byte {
            self.descend_to_byte(byte);
        }
        byte.is_some()
    }
}

/// Implements the traits of movement for a type that shows the union of its field `pair`.
///
/// The type's `val` decides which locations have values, its `count_values` counts them, its
/// `count_tips` counts tips, and its `moves` is called before each move.
macro_rules! union_zipper {
    ([$($generics:tt)*] $zipper:ty, [$($bounds:tt)*], [$($prefix:tt)*], [$($buffers:tt)*]) => {
        impl<$($generics)*> Zipper for $zipper
        where
            $($bounds)*
        {
            fn path_exists(&self) -> bool {
                self.pair.union_exists()
            }
            fn is_val(&self) -> bool {
                self.val().is_some()
            }
            fn child_count(&self) -> usize {
                self.child_mask().count_bits()
            }
            fn child_mask(&self) -> ByteMask {
                self.pair.union_mask()
            }
        }

        impl<$($generics)*> ZipperMoving for $zipper
        where
            $($bounds)*
        {
            #[inline]
            fn path(&self) -> &[u8] {
                self.pair.a.path()
            }
            // Takes O(locations below the focus).
            fn val_count(&self) -> usize {
                self.count_values()
            }
            // As above.
            fn tip_count(&self) -> Option<usize> {
                Some(self.count_tips())
            }
            fn reset(&mut self) {
                self.moves();
                self.pair.reset();
            }
            fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
                self.moves();
                self.pair.descend_to(k.as_ref());
            }
            fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
                self.moves();
                self.pair.descend_to_existing(k.as_ref())
            }
            #[inline]
            fn descend_to_byte(&mut self, k: u8) {
                self.moves();
                self.pair.descend_to_byte(k);
            }
            fn descend_to_existing_byte(&mut self, k: u8) -> bool {
                self.moves();
                self.pair.descend_to_existing_byte(k)
            }
            fn descend_indexed_byte(&mut self, idx: usize) -> bool {
                self.moves();
                self.pair.descend_indexed_byte(idx)
            }
            fn descend_first_byte(&mut self) -> bool {
                self.moves();
                self.pair.descend_first_byte()
            }
            fn descend_last_byte(&mut self) -> bool {
                self.moves();
                self.pair.descend_last_byte()
            }
            #[inline]
            fn ascend(&mut self, steps: usize) -> bool {
                self.moves();
                self.pair.ascend(steps)
            }
            fn ascend_until(&mut self) -> bool {
                ascend_until_fork(self, true)
            }
            fn ascend_until_branch(&mut self) -> bool {
                ascend_until_fork(self, false)
            }
        }

        impl<$($generics)*> ZipperIteration for $zipper
        where
            $($bounds)*
        {
        }

        $crate::zipper::methods::forward! {
            impl[$($generics)*] $zipper, self => self.pair.a;
            ZipperAbsolutePath where [$($bounds)* $($prefix)*];
            #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
            ZipperPathBuffer where [$($bounds)* $($buffers)*];
        }

        /// The zipper has no nodes, because it shows several tries as one.
        impl<$($generics)*> ZipperConcrete for $zipper
        where
            $($bounds)*
        {
            fn shared_node_id(&self) -> Option<u64> {
                None
            }
            fn is_shared(&self) -> bool {
                false
            }
        }
    };
}

/// Ascends to the nearest strict ancestor that branches or, with `values`, has a value, or to the
/// root. Returns false at the root.
pub(super) fn ascend_until_fork<Z: ZipperMoving>(zipper: &mut Z, values: bool) -> bool {
    let moved = zipper.ascend_byte();
    while !(zipper.at_root() || values && zipper.is_val() || zipper.child_count() > 1) {
        zipper.ascend_byte();
    }
    moved
}

pub(super) use union_zipper;
