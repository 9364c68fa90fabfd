//! The stack of a zipper: its path, and the nodes from its trie's root to its focus.
//!
//! This is the only part of the layer with unsafe code. The stack holds nodes without lifetimes;
//! the root that it owns or borrows keeps them alive.
//!
//! # Frames
//! Each node on the way has a frame at its root. Above it there may be frames for runs of the
//! node's entries: one for each byte of the path that narrowed the run, so that going up restores
//! the wider run without comparing suffixes. Iteration goes from entry to entry and pushes no such
//! frames; a move up from there finds the run again by comparison.
//!
//! A step that narrows the run to one entry pushes no frame either: the walk remembers the entry
//! as its [`Edge`], beside the frames. So steps along an edge, and a step to a value and back,
//! change no frame and mostly do not read the node. A move into a child turns the edge into a
//! frame. A run of several entries has an edge as well, as long as they do not part.
//!
//! Where the entries of a run part, its frame notes the bytes by which they go on, as a [`Fork`].
//! The mask of the focus, and the steps down from it, are computed from these bytes.
//!
//! [`Fork`]: crate::node::Fork
//!
//! In a wide node whose values all have suffixes of one byte, a move from a value to one at the
//! next byte (by iteration or by a step) overwrites the last byte of the path and the number of the
//! entry, in the top frame or in the edge. Nothing else changes. This relies on the value that is
//! left having a suffix of one byte too, as every value of such a node does.
//!
//! # Invariants
//! - **S1** The node of each root frame is the child of the node before, at that node's entry
//!   `via`; the first is the trie's root node; the frames in between belong to the node before
//!   them. So all of these nodes live as long as the root is held and nothing is written, and
//!   their values are of the walk's type.
//! - **S2** Nodes are written only through [`Walk::edit`] and the link to the root, which forget
//!   the edge. `edit` pops the frames of the node that it hands out, and updates those before it.
//! - **S3** The nodes of the first `proven` frames had one owner when something was last written.
//!   Since then only a call through `&Walk` can have added an owner, and only [`Walk::disclose`]
//!   and `Clone` do, which take the proof back. All other looks at the focus through `&Walk`
//!   return a [`Sight`], which nothing can be shared from; [`Walk::top`] and the views of nodes
//!   that movement reads stay within this module, and add no owner.
//! - **S4** If there is an edge, it belongs to the top frame's node, whose run is known there, and
//!   the focus is known to be the spot on the edge at `here`. If the edge lies beside the frame
//!   of its run, that is the top frame; otherwise it is the edge of one entry, and the top frame's
//!   run is right at the spot above it.
//! - **S5** The buffer of the path has at least the path's bytes, or it is lent to another walk and
//!   has no capacity. So a write to the path that has asked for room knows that the buffer is
//!   there. A walk that lends its path is explored, and what it is asked about its focus reads no
//!   byte of the path.

mod buffers;
mod edge;
mod edit;
mod explore;
mod forks;
mod frame;
mod iterate;
mod k_path;
mod lend;
mod path;
mod sight;
mod steps;
mod travel;

use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::root::{Borrowed, Root, SharedRoot};
use crate::node::{LazyPlace, LentNode, NodeRef, Place, Shared, Spot};
use crate::trie::Subtrie;
pub use buffers::ZipperBuffers;
use edge::Edge;
use frame::Frame;
use path::PathBuffer;
pub(in crate::zipper) use sight::Sight;

/// What [`Walk::land`] found.
enum Landed {
    Value,
    Bare,
    Child,
}

/// What [`Walk::step`] did.
enum Stepped {
    /// It went to the next value.
    There,
    /// The next entry of the node, if there is one, is no value.
    To(Option<usize>),
    /// It does not stand at the end of an entry.
    Nowhere,
}

/// The path of a zipper, the frames along it, and a hold on the trie.
pub(in crate::zipper) struct Walk<V, R> {
    root: R,
    frames: Vec<Frame>,
    /// The path from the origin.
    path: PathBuffer,
    /// How many of the path's first bytes are not shown: they lead, within its node, to a root
    /// that has no path.
    hidden: usize,
    /// The length of the path to the root of the trie.
    base: usize,
    /// The length of the path to the zipper's root.
    root_len: usize,
    /// The length of the path to the spot of the top frame.
    here: usize,
    /// The edge that the focus is on, if the walk has moved onto one step by step (S4).
    edge: Edge,
    /// The entry that follows the branch that the walk has left last. Only a guess of where to
    /// look first.
    guess: u16,
    /// Whether the path is known to end at `here`. If not, nobody has looked yet.
    explored: bool,
    /// True after a writer was reset: its frames still lead along the path that it had, its
    /// *trail*, because the next write is often close to the last one.
    trailing: bool,
    /// While `trailing`: the number of bytes after the zipper's root in which the trail and the
    /// path agree. As long as the whole path agrees, the rest of the trail lies beyond the path in
    /// its buffer.
    agreed: usize,
    /// The type of the values in the nodes of the frames (S1). `root` decides which threads may
    /// use them.
    values: PhantomData<V>,
    /// See S3. Atomic only so that a call through `&self` can take the proof back.
    proven: AtomicUsize,
}

impl<V, R: Root<V>> Walk<V, R> {
    /// A walk at `path`, whose first `base` bytes lead to the root of the trie.
    pub(in crate::zipper) fn new(root: R, path: Vec<u8>, base: usize) -> Self {
        let mut walk = Self::lazy(root, path, base);
        walk.settle();
        walk
    }

    /// Like [`new`](Self::new), but looks up the path only when that is needed.
    pub(in crate::zipper) fn lazy(root: R, path: Vec<u8>, base: usize) -> Self {
        Self::lazy_in(ZipperBuffers::of_path(path), root, base)
    }

    /// Like [`lazy`](Self::lazy), at the path that the buffers are at.
    pub(in crate::zipper) fn lazy_in(buffers: ZipperBuffers, root: R, base: usize) -> Self {
        let (path, frames) = buffers.into_parts();
        Self {
            root,
            frames,
            root_len: path.len(),
            path: PathBuffer::new(path),
            hidden: 0,
            base,
            here: base,
            edge: Edge::NONE,
            guess: 0,
            explored: false,
            trailing: false,
            agreed: 0,
            values: PhantomData,
            proven: AtomicUsize::new(0),
        }
    }

    /// Hides the first bytes of the path.
    pub(in crate::zipper) fn hiding(self, hidden: usize) -> Self {
        debug_assert!(hidden <= self.root_len);
        Self { hidden, ..self }
    }

    pub(in crate::zipper) fn hidden(&self) -> usize {
        self.hidden
    }

    pub(in crate::zipper) fn root(&self) -> &R {
        &self.root
    }

    pub(in crate::zipper) fn into_root(self) -> R {
        self.root
    }

    pub(in crate::zipper) fn into_buffers(self) -> ZipperBuffers {
        ZipperBuffers::of(self.path.into_vec(), self.frames)
    }

    /// The whole path, from where the trie's root node may be.
    pub(in crate::zipper) fn whole_path(&self) -> &[u8] {
        &self.path
    }

    pub(in crate::zipper) fn root_len(&self) -> usize {
        self.root_len
    }

    pub(in crate::zipper) fn base(&self) -> usize {
        self.base
    }

    /// The path from the root of the trie to the focus.
    pub(in crate::zipper) fn path_from_base(&self) -> &[u8] {
        &self.path[self.base..]
    }

    pub(in crate::zipper) fn into_path(self) -> Vec<u8> {
        self.path.into_vec().split_off(self.hidden)
    }

    pub(in crate::zipper) fn reserve(&mut self, path_len: usize, frames: usize) {
        self.path.reserve(path_len);
        self.frames.reserve(frames.saturating_sub(self.frames.len()));
    }

    /// The first `len` bytes of the path's buffer.
    ///
    /// # Safety
    /// `len` bytes of the buffer have been written since it was allocated.
    pub(in crate::zipper) unsafe fn path_buffer(&self, len: usize) -> &[u8] {
        // SAFETY: the caller's promise; what is hidden comes before.
        unsafe { &self.path.written(self.hidden + len)[self.hidden..] }
    }

    /// True iff the stack has no frame, so that nothing is known to be on the way.
    #[inline]
    pub(in crate::zipper) fn is_nowhere(&self) -> bool {
        self.frames.is_empty()
    }

    /// The top frame's node, and the spot at `here`.
    #[inline]
    fn top(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        let top = self.frames.last()?;
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
        let node = unsafe { NodeRef::from_raw(top.node) };
        let (lo, hi) = if self.edge.is_known() { (self.edge.lo(), self.edge.hi()) } else { (top.lo, top.hi) };
        Some((node, Spot::new(lo, hi, self.here - top.start)))
    }

    /// Whether the spot of the top frame, which is on no edge, is a tip, if its run tells that
    /// without a look at the node.
    #[inline]
    fn run_is_tip(&self) -> Option<bool> {
        debug_assert!(!self.edge.is_known());
        let top = self.frames.last()?;
        if self.here == top.start {
            // The run of a node's root is empty iff the node is.
            return Some(top.lo == top.hi);
        }
        // Of several entries, at most one ends here.
        (top.hi > top.lo + 1).then_some(false)
    }

    /// Whether a focus that is on no edge is a tip.
    #[inline]
    pub(in crate::zipper) fn frame_is_tip(&self) -> bool {
        let known = if self.explored && self.is_here() { self.run_is_tip() } else { None };
        known.unwrap_or_else(|| self.node_is_tip())
    }

    #[inline(never)]
    fn node_is_tip(&self) -> bool {
        self.focus().map_or_else(|| self.exists(), Sight::is_tip)
    }

    /// Makes the location at the path's first `len` bytes, which is at or below the zipper's root,
    /// the root.
    pub(in crate::zipper) fn confine(&mut self, len: usize) {
        debug_assert!(self.root_len <= len && len <= self.path.len());
        self.root_len = len;
    }

    /// The subtrie at the focus, for callers that may make another owner of it.
    pub(in crate::zipper) fn disclose(&self) -> Subtrie<Place<'_, V>> {
        if R::WRITES {
            self.proven.store(0, Ordering::Relaxed);
        }
        self.subtrie().map(|(node, spot)| node.place_at(spot))
    }

    /// The length of the path to the top frame's node.
    #[inline]
    pub(in crate::zipper) fn top_start(&self) -> usize {
        self.frames.last().map_or(self.base, |top| top.start)
    }

    /// The length of the part of the path that is known to exist.
    #[inline]
    pub(in crate::zipper) fn here(&self) -> usize {
        self.here
    }

    /// True iff the top frame is at the focus.
    #[inline]
    pub(in crate::zipper) fn is_here(&self) -> bool {
        self.here == self.path.len()
    }

    /// The entry that iteration visited last, if the focus is at its end.
    #[inline]
    fn landed(&self) -> Option<usize> {
        debug_assert!(!self.trailing);
        let top = self.frames.last()?;
        // The run of an empty node's root is empty as well.
        (top.hi == 0 && top.from > 0 && self.is_here()).then_some(top.lo as usize)
    }
}

impl<V, R: Root<V> + Clone> Clone for Walk<V, R> {
    fn clone(&self) -> Self {
        // The clone may be written, and so add owners to nodes far above this one's focus.
        self.proven.store(0, Ordering::Relaxed);
        // The frames' nodes are kept alive by the clone of the root as they are by the root (S1).
        Self {
            root: self.root.clone(),
            frames: self.frames.clone(),
            path: self.path.clone(),
            proven: AtomicUsize::new(0),
            ..*self
        }
    }
}

impl<'a, V> Walk<V, Borrowed<'a, V>> {
    /// A walk whose root is a place that has no path.
    pub(in crate::zipper) fn rootless(subtrie: Subtrie<Place<'a, V>>) -> Self {
        // The trie starts at the node's root, so the bytes from there to the place are spelled by
        // its entries.
        let path = subtrie.node().map_or_else(Vec::new, |place| place.way());
        let hidden = path.len();
        Self::lazy(Borrowed(subtrie.map(Place::node)), path, 0).hiding(hidden)
    }

    /// A walk whose root is at `path` in a trie.
    ///
    /// The trie of the walk starts at the deepest node on the way to the path, so that the nodes
    /// above, to which the walk cannot move, take no frames.
    pub(in crate::zipper) fn in_trie(
        buffers: ZipperBuffers,
        trie: Subtrie<LentNode<'a, V>>,
        path: &[u8],
    ) -> Self {
        let (base, trie) = match trie {
            Subtrie::Node(node) => {
                let (base, node) = node.towards(path);
                (base, Subtrie::Node(node))
            }
            Subtrie::Bare | Subtrie::Absent => (0, trie),
        };
        Self::lazy_in(buffers.at(path), Borrowed(trie), base)
    }

    /// The focus for as long as the trie is borrowed.
    #[inline]
    pub(in crate::zipper) fn focus_in_trie(&self) -> Option<Place<'a, V>> {
        self.spot_in_trie().map(|(node, spot)| node.place_at(spot))
    }

    /// The focus for as long as the trie is borrowed, whose run need not be known.
    #[inline]
    fn spot_in_trie(&self) -> Option<(NodeRef<'a, V>, Spot)> {
        let (node, spot) = self.place()?;
        // SAFETY: the node is of a trie that is borrowed, and so not written, for 'a (S1).
        Some((unsafe { NodeRef::from_raw(node.into_raw()) }, spot))
    }

    /// The subtrie at the focus, for as long as the trie is borrowed.
    pub(in crate::zipper) fn subtrie_in_trie(&self) -> Subtrie<Place<'a, V>> {
        self.subtrie().map(|(node, spot)| {
            // SAFETY: as in `spot_in_trie`.
            unsafe { NodeRef::from_raw(node.into_raw()) }.place_at(spot)
        })
    }

    /// If iteration has moved to the end of an entry: the node, the entry, and the depth of the
    /// focus in the node.
    #[inline]
    fn landed_in_trie(&self) -> Option<(NodeRef<'a, V>, usize, usize)> {
        let entry = self.landed()?;
        let top = self.frames.last()?;
        // SAFETY: as in `spot_in_trie`.
        Some((unsafe { NodeRef::from_raw(top.node) }, entry, self.here - top.start))
    }

    /// The focus for as long as the trie is borrowed, as iteration knows it.
    #[inline]
    pub(in crate::zipper) fn lazy_place_in_trie(&self) -> LazyPlace<'a, V> {
        match self.landed_in_trie() {
            Some((node, entry, depth)) => LazyPlace::at_end(node, entry, depth),
            None => LazyPlace::at_spot(self.spot_in_trie()),
        }
    }

    /// The value at the focus, for as long as the trie is borrowed.
    #[inline]
    pub(in crate::zipper) fn val_in_trie(&self) -> Option<&'a V> {
        if let Some((node, entry, _)) = self.landed_in_trie() {
            return node.entry_value(entry);
        }
        self.val_at_focus_in_trie()
    }

    // Not inlined, so that only the fast path is compiled into a loop of iteration.
    #[inline(never)]
    fn val_at_focus_in_trie(&self) -> Option<&'a V> {
        let (node, spot) = self.spot_in_trie()?;
        node.value_at(spot)
    }
}

impl<V> Walk<V, SharedRoot<V>> {
    /// The value at the focus, for as long as a witness of the same trie lives.
    ///
    /// # Panics
    /// Panics if the witness is of another trie.
    #[inline]
    pub(in crate::zipper) fn val_in_witness<'w>(&self, witness: &'w Option<Shared<V>>) -> Option<&'w V> {
        let (Some(entry), Some(top)) = (self.landed(), self.frames.last()) else {
            let (node, spot) = self.focus_in_witness(witness)?;
            return node.value_at(spot);
        };
        self.check(witness);
        // SAFETY: as in `focus_in_witness`.
        unsafe { NodeRef::from_raw(top.node) }.entry_value(entry)
    }

    /// The focus for as long as a witness of the same trie lives.
    ///
    /// # Panics
    /// Panics if the witness is of another trie.
    #[inline]
    fn focus_in_witness<'w>(&self, witness: &'w Option<Shared<V>>) -> Option<(NodeRef<'w, V>, Spot)> {
        self.check(witness);
        let (node, spot) = self.place()?;
        // SAFETY: the witness owns the same root node. That keeps all nodes below alive, and as
        // they have an owner besides any other, nobody writes them (N5).
        Some((unsafe { NodeRef::from_raw(node.into_raw()) }, spot))
    }

    #[inline]
    fn check(&self, witness: &Option<Shared<V>>) {
        let own = self.root.0.node().map(Shared::id);
        assert!(own == witness.as_ref().map(Shared::id), "the witness is of another zipper's trie");
    }
}
