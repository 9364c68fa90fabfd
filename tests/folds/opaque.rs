//! A zipper that hides its trie.

use bytetrie::ByteMask;
use bytetrie::zipper::*;

/// A zipper that forwards to another zipper, but hides its nodes. It can only be folded by its
/// moves.
#[derive(Clone)]
pub(crate) struct Opaque<Z>(pub(crate) Z);

impl<Z: Zipper> Zipper for Opaque<Z> {
    fn path_exists(&self) -> bool {
        self.0.path_exists()
    }
    fn is_val(&self) -> bool {
        self.0.is_val()
    }
    fn child_count(&self) -> usize {
        self.0.child_count()
    }
    fn child_mask(&self) -> ByteMask {
        self.0.child_mask()
    }
}

impl<V, Z: ZipperValues<V>> ZipperValues<V> for Opaque<Z> {
    fn val(&self) -> Option<&V> {
        self.0.val()
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.0.val_at(path)
    }
}

impl<Z: ZipperMoving> ZipperMoving for Opaque<Z> {
    fn path(&self) -> &[u8] {
        self.0.path()
    }
    fn val_count(&self) -> usize {
        self.0.val_count()
    }
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        self.0.descend_to(k);
    }
    fn ascend(&mut self, steps: usize) -> bool {
        self.0.ascend(steps)
    }
    fn ascend_until(&mut self) -> bool {
        self.0.ascend_until()
    }
    fn ascend_until_branch(&mut self) -> bool {
        self.0.ascend_until_branch()
    }
}

impl<Z: ZipperAbsolutePath> ZipperAbsolutePath for Opaque<Z> {
    fn origin_path(&self) -> &[u8] {
        self.0.origin_path()
    }
    fn root_prefix_path(&self) -> &[u8] {
        self.0.root_prefix_path()
    }
}

impl<Z: ZipperConcrete> ZipperConcrete for Opaque<Z> {
    fn shared_node_id(&self) -> Option<u64> {
        self.0.shared_node_id()
    }
    fn is_shared(&self) -> bool {
        self.0.is_shared()
    }
}
