//! Deprecated names of methods of types. Those of traits are in the traits themselves
//! (`zipper/traits/old_names.rs`).

use crate::trie::PathMap;
use crate::virtual_zippers::ProductZipper;
use crate::zipper::ZipperPathBuffer;

impl<V> PathMap<V> {
    /// Another name of [`path_exists_at`](Self::path_exists_at).
    #[deprecated(note = "use `path_exists_at`")]
    #[must_use]
    pub fn contains_path<K: AsRef<[u8]>>(&self, k: K) -> bool {
        self.path_exists_at(k)
    }

    /// Another name of [`val_count`](Self::val_count).
    #[deprecated(note = "use `val_count`")]
    #[must_use]
    pub fn goat_val_count(&self) -> usize {
        self.val_count()
    }
}

impl<V> ProductZipper<'_, '_, V> {
    /// Reserves space for a path of `reserve_len` bytes, like
    /// [`reserve_buffers`](ZipperPathBuffer::reserve_buffers).
    #[deprecated(note = "use `ZipperPathBuffer::reserve_buffers`")]
    pub fn reserve_path_buffer(&mut self, reserve_len: usize) {
        self.reserve_buffers(reserve_len, 0);
    }
}
