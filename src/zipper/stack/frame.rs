//! A frame of the stack: a node on the way to the focus, or a run of its entries.

use crate::node::RawNode;

/// A node on the way to the focus, or a run of its entries.
pub(super) struct Frame<V> {
    pub(super) node: RawNode<V>,
    /// The length of the path to the node's root.
    pub(super) start: usize,
    /// The entry of the node before that leads here.
    pub(super) via: u16,
    /// The run, as in [`Spot`](crate::node::Spot).
    pub(super) lo: u16,
    pub(super) hi: u16,
    /// The depth in the node from which on the run is right; 0 for the node's root.
    pub(super) from: u16,
    /// For a run: it is right only at the spot where it was set, and is found again by comparison
    /// further up. For a node's root: the runs that lead to it in the node before have no frames.
    pub(super) loose: bool,
}

impl<V> Clone for Frame<V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Frame<V> {}
