//! The zippers of a map.

use super::{
    ReadZipperOwned, ReadZipperUntracked, TrieRefBorrowed, WriteZipperOwned, WriteZipperUntracked,
    ZipperBuffers, ZipperConcrete, ZipperHead, ZipperHeadOwned,
};
use crate::trie::PathMap;

impl<V> PathMap<V> {
    /// A reader of the whole map.
    pub fn read_zipper(&self) -> ReadZipperUntracked<'_, 'static, V> {
        ReadZipperUntracked::new(&self.root, &[])
    }

    /// A reader whose root is at `path`, which need not exist. O(path).
    ///
    /// Before the first move each query looks up the last bytes of `path`. For many queries at one
    /// place, [`trie_ref_at_path`](Self::trie_ref_at_path) is faster.
    pub fn read_zipper_at_path<K: AsRef<[u8]>>(&self, path: K) -> ReadZipperUntracked<'_, 'static, V> {
        ReadZipperUntracked::new(&self.root, path.as_ref())
    }

    /// A reader whose root is at `path`, and which must not outlive `path`. O(path).
    pub fn read_zipper_at_borrowed_path<'path, K: AsRef<[u8]> + ?Sized>(
        &self,
        path: &'path K,
    ) -> ReadZipperUntracked<'_, 'path, V> {
        ReadZipperUntracked::new(&self.root, path.as_ref())
    }

    /// A reader whose root is at `path`, and which uses the buffers of an older zipper. O(path).
    ///
    /// Allocates nothing if `path` fits the buffers. See [`ZipperBuffers`] for when to use it.
    pub fn read_zipper_with_buffers<K: AsRef<[u8]>>(
        &self,
        path: K,
        buffers: ZipperBuffers,
    ) -> ReadZipperUntracked<'_, 'static, V> {
        ReadZipperUntracked::with_buffers(buffers, &self.root, path.as_ref())
    }

    /// A writer of the whole map.
    pub fn write_zipper(&mut self) -> WriteZipperUntracked<'_, 'static, V> {
        WriteZipperUntracked::new(&mut self.root, &[])
    }

    /// A writer whose root is at `path`, which need not exist. O(path).
    pub fn write_zipper_at_path<K: AsRef<[u8]>>(&mut self, path: K) -> WriteZipperUntracked<'_, 'static, V> {
        WriteZipperUntracked::new(&mut self.root, path.as_ref())
    }

    /// A writer whose root is at `path`, and which uses the buffers of an older zipper. O(path).
    ///
    /// Allocates nothing if `path` fits the buffers.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::zipper::*;
    ///
    /// let mut votes = PathMap::new();
    /// let mut buffers = ZipperBuffers::new();
    /// for name in ["ann", "bob", "ann"] {
    ///     let mut zipper = votes.write_zipper_with_buffers(name, buffers);
    ///     *zipper.get_val_or_set_mut(0) += 1;
    ///     buffers = zipper.into_buffers();
    /// }
    /// assert_eq!(votes.get("ann"), Some(&2));
    /// ```
    pub fn write_zipper_with_buffers<K: AsRef<[u8]>>(
        &mut self,
        path: K,
        buffers: ZipperBuffers,
    ) -> WriteZipperUntracked<'_, 'static, V> {
        WriteZipperUntracked::with_buffers(buffers, &mut self.root, path.as_ref())
    }

    /// A head for many zippers in this map, which are exclusive by path.
    pub fn zipper_head(&mut self) -> ZipperHead<'_, '_, V> {
        ZipperHead::new(&mut self.root)
    }

    /// A reader that owns the map, with its root at `path`.
    pub fn into_read_zipper<K: AsRef<[u8]>>(self, path: K) -> ReadZipperOwned<V> {
        ReadZipperOwned::new(self.into(), path.as_ref())
    }

    /// A writer that owns the map, with its root at `path`.
    pub fn into_write_zipper<K: AsRef<[u8]>>(self, path: K) -> WriteZipperOwned<V> {
        WriteZipperOwned::at(self.into(), path.as_ref())
    }

    /// A head that owns the map, with its root at `path`.
    pub fn into_zipper_head<K: AsRef<[u8]>>(self, path: K) -> ZipperHeadOwned<V> {
        ZipperHeadOwned::new(self.into(), path.as_ref())
    }

    /// The place at `path`, which need not exist. A place cannot move. O(path).
    pub fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefBorrowed<'_, V> {
        TrieRefBorrowed::in_map(&self.root, path.as_ref())
    }
}

/// The focus of a map is its root.
impl<V> ZipperConcrete for PathMap<V> {
    fn shared_node_id(&self) -> Option<u64> {
        self.trie_ref_at_path([]).shared_node_id()
    }

    fn is_shared(&self) -> bool {
        self.trie_ref_at_path([]).is_shared()
    }
}
