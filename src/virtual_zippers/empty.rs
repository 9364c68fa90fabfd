//! The zipper over an empty trie.

use std::fmt;

use super::virtual_path::VirtualPath;
use crate::bytes::{ByteMask, Text};
use crate::zipper::traits::*;

/// A zipper over an empty trie: no location exists, not even its root.
///
/// It moves like any zipper whose focus does not exist. It implements the traits of values for
/// values of every type.
///
/// # Examples
/// ```
/// use bytetrie::zipper::*;
///
/// let mut zipper = EmptyZipper::new_at_path("a/");
/// zipper.descend_to("b");
/// assert_eq!(zipper.origin_path(), b"a/b");
/// assert!(!zipper.path_exists() && !zipper.to_next_val());
/// assert_eq!(ZipperValues::<u64>::val(&zipper), None);
/// ```
#[derive(Clone, Default)]
#[must_use = "a zipper does nothing until it is used"]
pub struct EmptyZipper {
    path: VirtualPath,
    root_len: usize,
}

impl EmptyZipper {
    /// A zipper over an empty trie, with an empty root path.
    pub fn new() -> Self {
        Self::default()
    }

    /// A zipper over an empty trie whose root is at `path`.
    pub fn new_at_path<K: AsRef<[u8]>>(path: K) -> Self {
        let path = path.as_ref();
        Self { path: VirtualPath::new(path), root_len: path.len() }
    }
}

impl Zipper for EmptyZipper {
    fn path_exists(&self) -> bool {
        false
    }
    fn is_val(&self) -> bool {
        false
    }
    fn child_count(&self) -> usize {
        0
    }
    fn child_mask(&self) -> ByteMask {
        ByteMask::EMPTY
    }
}

impl ZipperMoving for EmptyZipper {
    fn path(&self) -> &[u8] {
        &self.path.get()[self.root_len..]
    }
    fn val_count(&self) -> usize {
        0
    }
    fn tip_count(&self) -> Option<usize> {
        Some(0)
    }
    fn reset(&mut self) {
        self.path.truncate(self.root_len);
    }
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        self.path.extend(k.as_ref());
    }
    fn ascend(&mut self, steps: usize) -> bool {
        let depth = self.path().len();
        self.path.truncate(self.path.len() - steps.min(depth));
        steps <= depth
    }
    fn ascend_until(&mut self) -> bool {
        let moved = !self.at_root();
        self.reset();
        moved
    }
    fn ascend_until_branch(&mut self) -> bool {
        self.ascend_until()
    }
    fn to_next_sibling_byte(&mut self) -> bool {
        false
    }
    fn to_prev_sibling_byte(&mut self) -> bool {
        false
    }
    fn to_next_step(&mut self) -> bool {
        self.reset();
        false
    }
}

impl ZipperIteration for EmptyZipper {
    fn to_prev_step(&mut self) -> bool {
        self.reset();
        false
    }
}

impl ZipperAbsolutePath for EmptyZipper {
    fn origin_path(&self) -> &[u8] {
        self.path.get()
    }
    fn root_prefix_path(&self) -> &[u8] {
        &self.path.get()[..self.root_len]
    }
}

#[allow(unsafe_code, reason = "an unsafe signature; the body is safe")]
impl ZipperPathBuffer for EmptyZipper {
    unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        self.path.written(len)
    }
    fn prepare_buffers(&mut self) {
        self.path.reserve(128);
    }
    fn reserve_buffers(&mut self, path_len: usize, _stack_depth: usize) {
        self.path.reserve(path_len);
    }
}

impl<V> ZipperValues<V> for EmptyZipper {
    fn val(&self) -> Option<&V> {
        None
    }
    fn val_at<K: AsRef<[u8]>>(&self, _path: K) -> Option<&V> {
        None
    }
}

impl<'a, V> ZipperReadOnlyValues<'a, V> for EmptyZipper {
    fn get_val(&self) -> Option<&'a V> {
        None
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, _path: K) -> Option<&'a V> {
        None
    }
}

impl<'a, V> ZipperReadOnlyIteration<'a, V> for EmptyZipper {}

impl<'a, V> ZipperReadOnlyConditionalValues<'a, V> for EmptyZipper {
    type WitnessT = ();

    fn witness<'w>(&self) {}

    fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w V>
    where
        'a: 'w,
    {
        None
    }
}

impl<'a, V> ZipperReadOnlyConditionalIteration<'a, V> for EmptyZipper {}

impl<V> ZipperForking<V> for EmptyZipper {
    type ReadZipperT<'z> = EmptyZipper;

    fn fork_read_zipper(&self) -> EmptyZipper {
        Self::new_at_path(self.origin_path())
    }
}

impl ZipperConcrete for EmptyZipper {
    fn shared_node_id(&self) -> Option<u64> {
        None
    }
    fn is_shared(&self) -> bool {
        false
    }
}

impl fmt::Debug for EmptyZipper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmptyZipper")
            .field("root_prefix_path", &Text(self.root_prefix_path()))
            .field("path", &Text(self.path()))
            .finish()
    }
}
