//! The memory of a zipper, apart from any trie.

use super::frame::Frame;

/// The memory in which a zipper keeps its path and the nodes above its focus.
///
/// A zipper that is made with the buffers of an older one allocates nothing until its path or its
/// stack outgrows them. The two zippers may read or write different maps, and these may have
/// different types of values. Without buffers a reader allocates when it first moves, and a zipper
/// whose root is at a path allocates a copy of the path as well. In a loop that makes a zipper for
/// each of many short visits, this takes most of the time.
///
/// [`into_buffers`] consumes a zipper and returns its buffers;
/// [`PathMap::read_zipper_with_buffers`] and [`PathMap::write_zipper_with_buffers`] use them.
///
/// [`into_buffers`]: crate::zipper::ReadZipperUntracked::into_buffers
/// [`PathMap::read_zipper_with_buffers`]: crate::PathMap::read_zipper_with_buffers
/// [`PathMap::write_zipper_with_buffers`]: crate::PathMap::write_zipper_with_buffers
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let prices: PathMap<u32> = [("apple/red", 3), ("apple/green", 2), ("pear", 4)].into();
/// let names: PathMap<&str> = [("apple/red", "Gala")].into();
/// let mut buffers = ZipperBuffers::new();
/// let mut branches = 0;
/// for path in ["apple/", "pear", "plum"] {
///     let mut zipper = prices.read_zipper_with_buffers(path, buffers);
///     while zipper.to_next_step() {
///         branches += (zipper.child_count() > 1) as usize;
///     }
///     buffers = zipper.into_buffers();
/// }
/// let named = names.read_zipper_with_buffers("apple/red", buffers);
/// assert_eq!((branches, named.val()), (0, Some(&"Gala")));
/// ```
#[derive(Default)]
pub struct ZipperBuffers {
    /// The zipper's first path.
    path: Vec<u8>,
    /// Empty.
    frames: Vec<Frame>,
}

impl ZipperBuffers {
    /// New buffers, which have allocated nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { path: Vec::new(), frames: Vec::new() }
    }

    /// Buffers with room for an origin path of `path_len` bytes and for `stack_depth` nodes above
    /// the focus.
    #[must_use]
    pub fn with_capacity(path_len: usize, stack_depth: usize) -> Self {
        Self { path: Vec::with_capacity(path_len), frames: Vec::with_capacity(stack_depth) }
    }

    /// Buffers for a zipper that starts at `path`.
    pub(super) fn of_path(path: Vec<u8>) -> Self {
        Self { path, frames: Vec::new() }
    }

    /// The buffers of a zipper that is gone.
    pub(super) fn of(mut path: Vec<u8>, mut frames: Vec<Frame>) -> Self {
        path.clear();
        frames.clear();
        Self { path, frames }
    }

    /// These buffers, for a zipper that starts at `path`.
    pub(in crate::zipper) fn at(mut self, path: &[u8]) -> Self {
        self.path.clear();
        self.path.extend_from_slice(path);
        self
    }

    /// The path of the zipper to come, and its frames.
    pub(super) fn into_parts(self) -> (Vec<u8>, Vec<Frame>) {
        (self.path, self.frames)
    }
}

impl std::fmt::Debug for ZipperBuffers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ZipperBuffers")
            .field("path_capacity", &self.path.capacity())
            .field("stack_capacity", &self.frames.capacity())
            .finish()
    }
}
