//! [`ACTZipper`]: a zipper over a tree of either format.

use std::fmt;
use std::marker::PhantomData;

use memmap2::Mmap;

use super::arena::ArenaZipper;
use super::build::Copied;
use super::tree::{ArenaCompactTree, Format};
use crate::bytes::Text;
use crate::file::PackedZipper;
use crate::trie::PathMap;
use crate::virtual_zippers::EitherZipper;
use crate::zipper::methods::forward;
use crate::zipper::*;

/// A reader of an [`ArenaCompactTree`], with every trait that only reads.
///
/// `Value` is `u64`, or `()` if only the paths are of interest. The values live as long as the
/// tree.
///
/// A zipper over a file of pathmap has to decode its values. `val` lends one from the zipper.
/// `get_val`, `get_val_at` and `val_at` lend it from the tree, which keeps one copy of each
/// distinct value that was ever lent: about 80 bytes each. To visit very many distinct values, use
/// `val`, or [`iter`](ArenaCompactTree::iter). (pathmap keeps one value, and changes it under the
/// references that it has lent.)
///
/// Operations that take a subtrie, such as `graft`, load what is at and below the focus.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::arena_compact::{ACTVec, ACTVecZipper};
/// use bytetrie::zipper::*;
///
/// fn sum(mut zipper: ACTVecZipper<'_, u64>) -> u64 {
///     let mut sum = 0;
///     while let Some(value) = zipper.to_next_get_val() {
///         sum += value;
///     }
///     sum
/// }
///
/// let map = PathMap::from([("romane", 1u64), ("romanus", 2), ("rubens", 3)]);
/// let tree = ACTVec::from_zipper(map.read_zipper(), |&value| value);
/// assert_eq!(sum(tree.read_zipper_at_path_u64(b"rom")), 3);
///
/// let mut copy = PathMap::new();
/// copy.write_zipper_at_path(b"r/").graft(&tree.read_zipper_at_path_u64(b"r"));
/// assert_eq!(copy.get("r/ubens"), Some(&3));
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct ACTZipper<'tree, Storage, Value>
where
    Storage: AsRef<[u8]>,
{
    cursor: Cursor<'tree>,
    types: PhantomData<fn() -> (Storage, Value)>,
}

/// A zipper over a tree in memory.
pub type ACTVecZipper<'tree, Value> = ACTZipper<'tree, Vec<u8>, Value>;

/// A zipper over a tree in a file.
pub type ACTMmapZipper<'tree, Value> = ACTZipper<'tree, Mmap, Value>;

/// A cursor over a file of this crate, or of pathmap.
type Cursor<'tree> = EitherZipper<PackedZipper<'tree, u64>, ArenaZipper<'tree>>;

impl<Storage: AsRef<[u8]>> ArenaCompactTree<Storage> {
    /// A reader whose root is at a path, which need not exist, with any type of values.
    fn zipper_at<Value>(&self, path: &[u8]) -> ACTZipper<'_, Storage, Value> {
        let cursor = match &self.bytes {
            Format::Packed(packed) => EitherZipper::Left(packed.read_zipper_at_path(path)),
            Format::Arena(arena) => EitherZipper::Right(arena.read_zipper_at_path(path)),
        };
        ACTZipper { cursor, types: PhantomData }
    }

    /// A reader of the whole tree, with its values. O(1).
    pub fn read_zipper_u64<'tree>(&'tree self) -> ACTZipper<'tree, Storage, u64> {
        self.zipper_at(&[])
    }

    /// A reader whose root is at `path`, which need not exist, with its values. O(path).
    pub fn read_zipper_at_path_u64<'tree>(&'tree self, path: &[u8]) -> ACTZipper<'tree, Storage, u64> {
        self.zipper_at(path)
    }

    /// Another name of [`read_zipper_at_path_u64`](Self::read_zipper_at_path_u64). It copies the
    /// path.
    pub fn read_zipper_at_borrowed_path_u64<'tree>(
        &'tree self,
        path: &[u8],
    ) -> ACTZipper<'tree, Storage, u64> {
        self.zipper_at(path)
    }

    /// A reader of the whole tree, with `()` for each value. O(1).
    pub fn read_zipper<'tree>(&'tree self) -> ACTZipper<'tree, Storage, ()> {
        self.zipper_at(&[])
    }

    /// A reader whose root is at `path`, which need not exist, with `()` for each value. O(path).
    pub fn read_zipper_at_path<'tree>(&'tree self, path: &[u8]) -> ACTZipper<'tree, Storage, ()> {
        self.zipper_at(path)
    }

    /// Another name of [`read_zipper_at_path`](Self::read_zipper_at_path). It copies the path.
    pub fn read_zipper_at_borrowed_path<'tree>(&'tree self, path: &[u8]) -> ACTZipper<'tree, Storage, ()> {
        self.zipper_at(path)
    }
}

forward! {
    impl['tree, Storage: AsRef<[u8]>, Value] ACTZipper<'tree, Storage, Value>, self => self.cursor;
    Zipper;
    ZipperMoving;
    ZipperIteration;
    ZipperAbsolutePath;
    #[allow(unsafe_code, reason = "an unsafe signature; the body is safe")]
    ZipperPathBuffer;
    ZipperConcrete;
}

impl<'tree, Storage: AsRef<[u8]>, Value> ACTZipper<'tree, Storage, Value> {
    /// A reader whose root is the focus.
    fn fork(&self) -> ACTZipper<'tree, Storage, Value> {
        let cursor = match &self.cursor {
            EitherZipper::Left(packed) => EitherZipper::Left(packed.fork_in_place()),
            EitherZipper::Right(arena) => EitherZipper::Right(arena.fork()),
        };
        ACTZipper { cursor, types: PhantomData }
    }
}

impl<Storage: AsRef<[u8]>> ZipperValues<u64> for ACTZipper<'_, Storage, u64> {
    fn val(&self) -> Option<&u64> {
        self.cursor.val()
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&u64> {
        self.cursor.val_at(path)
    }
}

impl<'tree, Storage: AsRef<[u8]>> ZipperReadOnlyValues<'tree, u64> for ACTZipper<'tree, Storage, u64> {
    fn get_val(&self) -> Option<&'tree u64> {
        self.cursor.get_val()
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'tree u64> {
        self.cursor.get_val_at(path)
    }
}

impl<Storage: AsRef<[u8]>> ZipperValues<()> for ACTZipper<'_, Storage, ()> {
    fn val(&self) -> Option<&()> {
        self.get_val()
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&()> {
        self.get_val_at(path)
    }
}

impl<'tree, Storage: AsRef<[u8]>> ZipperReadOnlyValues<'tree, ()> for ACTZipper<'tree, Storage, ()> {
    fn get_val(&self) -> Option<&'tree ()> {
        self.is_val().then_some(&())
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'tree ()> {
        self.cursor.val_at(path).map(|_| &())
    }
}

/// Implements for a type of values the traits that do not depend on it.
macro_rules! of_values {
    ($V:ty, $from:expr) => {
        impl<'tree, Storage: AsRef<[u8]>> ZipperReadOnlyIteration<'tree, $V>
            for ACTZipper<'tree, Storage, $V>
        {
        }

        impl<'tree, Storage: AsRef<[u8]>> ZipperReadOnlyConditionalValues<'tree, $V>
            for ACTZipper<'tree, Storage, $V>
        {
            type WitnessT = ();

            fn witness<'w>(&self) {}

            fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w $V>
            where
                'tree: 'w,
            {
                self.get_val()
            }
        }

        impl<'tree, Storage: AsRef<[u8]>> ZipperReadOnlyConditionalIteration<'tree, $V>
            for ACTZipper<'tree, Storage, $V>
        {
        }

        impl<'tree, Storage: AsRef<[u8]>> ZipperForking<$V> for ACTZipper<'tree, Storage, $V> {
            type ReadZipperT<'z>
                = ACTZipper<'z, Storage, $V>
            where
                Self: 'z;

            fn fork_read_zipper<'z>(&'z self) -> ACTZipper<'z, Storage, $V> {
                self.fork()
            }
        }

        impl<Storage: AsRef<[u8]>> ZipperSubtries<$V> for ACTZipper<'_, Storage, $V> {
            fn native_subtries(&self) -> bool {
                true
            }
            fn try_make_map(&self) -> Option<PathMap<$V>> {
                Some(self.make_map())
            }
            fn trie_ref(&self) -> Option<TrieRef<'_, $V>> {
                Some(self.get_trie_ref())
            }
        }

        impl<Storage: AsRef<[u8]>> ZipperInfallibleSubtries<$V> for ACTZipper<'_, Storage, $V> {
            /// Loads what is at and below the focus. O(nodes).
            fn make_map(&self) -> PathMap<$V> {
                Copied::new(self.fork(), $from).map
            }
            fn get_trie_ref(&self) -> TrieRef<'_, $V> {
                if self.path_exists() { self.make_map().into() } else { TrieRef::absent() }
            }
        }
    };
}

of_values!(u64, |&value| value);
of_values!((), |()| ());

impl<Storage: AsRef<[u8]>, Value> Clone for ACTZipper<'_, Storage, Value> {
    fn clone(&self) -> Self {
        Self { cursor: self.cursor.clone(), types: PhantomData }
    }
}

impl<Storage: AsRef<[u8]>, Value> fmt::Debug for ACTZipper<'_, Storage, Value> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ACTZipper")
            .field("root_prefix_path", &Text(self.root_prefix_path()))
            .field("path", &Text(self.path()))
            .finish_non_exhaustive()
    }
}
