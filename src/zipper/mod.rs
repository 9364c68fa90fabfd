//! Zippers: cursors that move through a trie, read it and write it.
//!
//! | zipper | access to its trie | made by |
//! |---|---|---|
//! | [`ReadZipperUntracked`] | borrows the map | [`PathMap::read_zipper`] |
//! | [`ReadZipperTracked`] | shares the nodes, by the rules of a head | [`ZipperCreation`] |
//! | [`ReadZipperOwned`] | owns the map | [`PathMap::into_read_zipper`] |
//! | [`WriteZipperUntracked`] | borrows the map mutably | [`PathMap::write_zipper`] |
//! | [`WriteZipperTracked`] | leases a subtrie from a head | [`ZipperCreation`] |
//! | [`WriteZipperOwned`] | owns the map | [`PathMap::into_write_zipper`] |
//!
//! Virtual zippers show several tries as one, or one trie in another form:
//!
//! | zipper | trie that it shows |
//! |---|---|
//! | [`ProductZipper`], [`ProductZipperG`] | the second trie below each tip of the first, and so on |
//! | [`DependentProductZipperG`] | a product whose next trie depends on the path |
//! | [`PrefixZipper`] | a trie below a path |
//! | [`OverlayZipper`] | the union of two tries, with values that a closure chooses |
//! | [`JoinZipper`], [`MeetZipper`] | the join or the meet of two tries |
//! | [`SubtractZipper`], [`RestrictZipper`] | the difference of two tries, or a restriction |
//! | [`OneFactor`] | the trie of another zipper, as a product of one factor |
//! | [`PathZipper`] | the paths of any trie, without the type of its values |
//! | [`EmptyZipper`] | an empty trie |
//!
//! The traits that a zipper implements list its abilities. `use bytetrie::zipper::*` imports all
//! of them.
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
    AlgebraZipper, DependentProductZipperG, EmptyZipper, ExpressionZipper, ForkedZipper, JoinZipper,
    MeetZipper, NotInPrefix, OneFactor, OverlayZipper, PathZipper, PrefixZipper, ProductZipper,
    ProductZipperG, ProductZipperWitness, RestrictZipper, SubtractZipper, ZipperProduct,
};
pub use head::{ReadZipperFuture, WriteZipperFuture, ZipperCreation, ZipperHead, ZipperHeadOwned};
pub use iterators::{OwnedZipperIter, ReadZipperIter, ReadZipperPathIter};
pub use readers::{ReadZipperOwned, ReadZipperTracked, ReadZipperUntracked, ReadZipperWitness};
pub use stack::ZipperBuffers;
pub use traits::*;
pub use trie_ref::{TrieRef, TrieRefBorrowed, TrieRefOwned, TrieRefWitness};
pub use walk::copy_subtrie;
pub use writers::{WriteZipperOwned, WriteZipperTracked, WriteZipperUntracked};
