//! Zippers: cursors that walk a trie, read it and write it.
//!
//! | zipper | holds its trie by | made by |
//! |---|---|---|
//! | [`ReadZipperUntracked`] | a borrow of the map | [`PathMap::read_zipper`] |
//! | [`ReadZipperTracked`] | a count, under a head's rules | [`ZipperCreation`] |
//! | [`ReadZipperOwned`] | owning the map | [`PathMap::into_read_zipper`] |
//! | [`WriteZipperUntracked`] | a mutable borrow | [`PathMap::write_zipper`] |
//! | [`WriteZipperTracked`] | a lease from a head | [`ZipperCreation`] |
//! | [`WriteZipperOwned`] | owning the map | [`PathMap::into_write_zipper`] |
//!
//! Virtual zippers show several tries as one, or one trie as another:
//!
//! | zipper | stands for |
//! |---|---|
//! | [`ProductZipper`], [`ProductZipperG`] | at each tip of one trie, the next |
//! | [`DependentProductZipperG`] | a product whose next trie is chosen by the path |
//! | [`PrefixZipper`] | a trie below a path |
//! | [`OverlayZipper`] | two tries, with values that a closure chooses |
//! | [`JoinZipper`], [`MeetZipper`] | what algebra makes of two tries |
//! | [`SubtractZipper`], [`RestrictZipper`] | what algebra makes of two tries |
//! | [`OneFactor`], [`EmptyZipper`] | a zipper as a product of one; nothing |
//!
//! The traits that a zipper implements list what it can do. Import them all with
//! `use bytetrie::zipper::*`.
//!
//! [`PathMap::read_zipper`]: crate::PathMap::read_zipper
//! [`PathMap::into_read_zipper`]: crate::PathMap::into_read_zipper
//! [`PathMap::write_zipper`]: crate::PathMap::write_zipper
//! [`PathMap::into_write_zipper`]: crate::PathMap::into_write_zipper
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::zipper::*;
//!
//! let map: PathMap<u32> = [("car", 1), ("cart", 2), ("cat", 3)].into_iter().collect();
//! let mut zipper = map.read_zipper();
//! zipper.descend_to("ca");
//! assert_eq!(zipper.child_mask().iter().collect::<Vec<_>>(), b"rt");
//! assert!(zipper.to_next_val());
//! assert_eq!((zipper.path(), zipper.val()), (&b"car"[..], Some(&1)));
//! ```

mod delegate;
mod head;
mod iterators;
pub(crate) mod methods;
mod of_map;
pub(crate) mod readers;
mod root;
#[allow(unsafe_code)]
mod stack;
pub(crate) mod traits;
pub(crate) mod trie_ref;
mod walk;
mod writers;

#[cfg(feature = "derive")]
pub use crate::virtual_zippers::{__derive, EitherZipper, PolyZipper, PolyZipperExplicit};
pub use crate::virtual_zippers::{
    AlgebraZipper, DependentProductZipperG, EmptyZipper, ForkedZipper, JoinZipper, MeetZipper, NotInPrefix,
    OneFactor, OverlayZipper, PrefixZipper, ProductZipper, ProductZipperG, ProductZipperWitness,
    RestrictZipper, SubtractZipper, ZipperProduct,
};
pub use head::{ReadZipperFuture, WriteZipperFuture, ZipperCreation, ZipperHead, ZipperHeadOwned};
pub use iterators::{OwnedZipperIter, ReadZipperIter, ReadZipperPathIter};
pub use readers::{ReadZipperOwned, ReadZipperTracked, ReadZipperUntracked, ReadZipperWitness};
pub use traits::*;
pub use trie_ref::{TrieRef, TrieRefBorrowed, TrieRefOwned, TrieRefWitness};
pub use walk::copy_subtrie;
pub use writers::{WriteZipperOwned, WriteZipperTracked, WriteZipperUntracked};
