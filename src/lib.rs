//! A map from byte paths to values in a trie whose nodes are shared between maps.
#![deny(unsafe_code)]

pub mod bytes;
mod error;
#[allow(unsafe_code)]
mod node;
#[cfg(feature = "testing")]
pub mod testing;
mod trie;
pub mod zipper;

pub use bytes::ByteMask;
pub use error::{Conflict, ZipperKind};
pub use trie::{
    Entry, IntoIter, Iter, IterMut, Keys, OccupiedEntry, PathMap, VacantEntry, Values, ValuesMut,
};
