//! An iterator over the paths and values of a tree.

use std::fmt;

use super::tree::ArenaCompactTree;
use super::zipper::ACTZipper;
use crate::zipper::{ZipperIteration, ZipperMoving, ZipperValues};

/// An iterator over the paths of an [`ArenaCompactTree`] and their values, in path order.
///
/// Returned by [`ArenaCompactTree::iter`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ActIter<'a, Storage, Value>
where
    Storage: AsRef<[u8]>,
    ACTZipper<'a, Storage, Value>: ZipperValues<Value>,
{
    zipper: ACTZipper<'a, Storage, Value>,
    /// Whether the value at the root, which is the first one, was returned or found absent.
    is_begun: bool,
    is_done: bool,
}

impl<'a, Storage, Value> Iterator for ActIter<'a, Storage, Value>
where
    Storage: AsRef<[u8]>,
    ACTZipper<'a, Storage, Value>: ZipperValues<Value>,
    Value: Clone,
{
    type Item = (Vec<u8>, Value);

    fn next(&mut self) -> Option<Self::Item> {
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        if is_first && let Some(value) = self.zipper.val() {
            return Some((Vec::new(), value.clone()));
        }
        self.is_done = self.is_done || !self.zipper.to_next_val();
        if self.is_done {
            return None;
        }
        let value = self.zipper.val()?.clone();
        Some((self.zipper.path().to_vec(), value))
    }
}

impl<'a, Storage, Value> std::iter::FusedIterator for ActIter<'a, Storage, Value>
where
    Storage: AsRef<[u8]>,
    ACTZipper<'a, Storage, Value>: ZipperValues<Value>,
    Value: Clone,
{
}

impl<'a, Storage, Value> fmt::Debug for ActIter<'a, Storage, Value>
where
    Storage: AsRef<[u8]>,
    ACTZipper<'a, Storage, Value>: ZipperValues<Value>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActIter").field("zipper", &self.zipper).finish_non_exhaustive()
    }
}

impl<'a, Storage: AsRef<[u8]>> ArenaCompactTree<Storage> {
    /// Returns an iterator over all paths that have values and their values, in path order.
    pub fn iter(&'a self) -> ActIter<'a, Storage, u64> {
        ActIter { zipper: self.read_zipper_u64(), is_begun: false, is_done: false }
    }
}
