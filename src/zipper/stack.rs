//! Where a zipper stands: its path, and the nodes from its trie's root to its focus.
//!
//! The only file of this layer with unsafe code: the stack holds nodes without lifetimes, and the root that it owns or
//! borrows answers for them.
//!
//! # Frames
//! Each node on the way has a frame at its root. Above that may lie frames for runs of the node's entries, one
//! where a byte of the path narrowed the run, so that going up restores the wider run without comparing
//! suffixes. Iteration goes from entry to entry and skips these; then the run is found again by comparison if
//! somebody goes up from there.
//!
//! # Invariants
//! - **S1** Each root frame's node is the child of the node before, at that node's entry `via`; the first is the root's
//!   node; the frames between are of the node before them. So all of them live as long as the root is held and
//!   nothing is written.
//! - **S2** Nothing is written but through [`Walk::edit`], which pops the frames of the node that it hands out, and
//!   updates those before it.
//! - **S3** The nodes of the first `proven` frames were found to have one owner when something was last written, and
//!   none but the last of them was the top node since. Through `&Walk` only the root, and what is at or below the
//!   focus, can gain an owner: so if the root's node still has one, so have these but the last.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::root::{Borrowed, Kept, Root, RootMut};
use crate::bytes::common_prefix;
use crate::node::{Load, NodeRef, RawNode, Shared, Spot};

/// A node on the way to the focus, or a run of its entries.
struct Frame<V> {
    node: RawNode<V>,
    /// The length of the path to the node's root.
    start: usize,
    /// The entry of the node before that leads here.
    via: u16,
    /// The run, as in [`Spot`].
    lo: u16,
    hi: u16,
    /// The depth in the node from which the run is right; 0 for the node's root.
    from: u16,
    /// Of a run of one entry: the rest of its suffix, the length of the suffix, and whether a child is at its end. So most
    /// steps down an edge do not touch the node. The length is 0 where this is not known.
    rest: Rest,
    len: u16,
    leads: bool,
    /// Of a run: it is right only for the spot where it was set, and is found again by comparison further up. Of a
    /// node's root: the runs that lead to it in the node before were skipped.
    loose: bool,
}

/// The rest of a suffix, whose lifetime the frame's node answers for.
#[derive(Clone, Copy)]
struct Rest(*const u8);

// SAFETY: as for a `RawNode`: it is read only while the node is known to live, and bytes are sent by any thread.
unsafe impl Send for Rest {}
// SAFETY: as above.
unsafe impl Sync for Rest {}

const NO_REST: Rest = Rest(std::ptr::null());

impl<V> Clone for Frame<V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Frame<V> {}

/// What [`Walk::land`] found.
pub(super) enum Landed {
    Value,
    Bare,
    Child,
}

/// The place of a zipper in its trie.
pub(super) struct Walk<V, R> {
    root: R,
    frames: Vec<Frame<V>>,
    /// The path from the origin.
    path: Vec<u8>,
    /// How many of its first bytes are not shown: they lead to a root that has no path, from within its node.
    hidden: usize,
    /// Where in the path the trie's root node is.
    base: usize,
    /// Where in the path the zipper's root is.
    root_len: usize,
    /// How much of the path leads to the spot of the top frame.
    here: usize,
    /// Whether what is beyond `here` is known to be absent. If not, nobody has looked yet.
    explored: bool,
    /// Whether the location at the base exists even if no node is there.
    rooted: bool,
    /// Of a writer that was reset: the path, from the zipper's root, to which its frames still lead. What is written
    /// next is often close to what was written last.
    trail: Vec<u8>,
    /// Whether the frames lead along the trail rather than the path.
    trailing: bool,
    /// Then: how many bytes of the trail and the path, from the zipper's root, agree so far.
    agreed: usize,
    /// See S3. Atomic only so that a clone of the root through `&self` can take the proof back.
    proven: AtomicUsize,
}

/// The longest trail that is kept.
const TRAIL: usize = 256;

impl<V, R: Root<V>> Walk<V, R> {
    /// At `path`, whose first `base` bytes lead to the root of the trie.
    pub(super) fn new(root: R, path: Vec<u8>, base: usize, rooted: bool) -> Self {
        let mut walk = Self::lazy(root, path, base, rooted);
        walk.settle();
        walk
    }

    /// The same, before anybody has looked where the path leads.
    pub(super) fn lazy(root: R, path: Vec<u8>, base: usize, rooted: bool) -> Self {
        Self {
            root,
            frames: Vec::new(),
            root_len: path.len(),
            path,
            hidden: 0,
            base,
            here: base,
            explored: false,
            rooted,
            trail: Vec::new(),
            trailing: false,
            agreed: 0,
            proven: AtomicUsize::new(0),
        }
    }

    /// The same walk with its first bytes not shown.
    pub(super) fn hiding(self, hidden: usize) -> Self {
        debug_assert!(hidden <= self.root_len);
        Self { hidden, ..self }
    }

    pub(super) fn hidden(&self) -> usize {
        self.hidden
    }

    pub(super) fn root(&self) -> &R {
        &self.root
    }

    pub(super) fn into_root(self) -> R {
        self.root
    }

    /// The whole path, from where the trie's root node may be.
    pub(super) fn origin_path(&self) -> &[u8] {
        &self.path
    }

    /// The path from the origin, as it is shown.
    pub(super) fn shown_path(&self) -> &[u8] {
        &self.path[self.hidden..]
    }

    pub(super) fn root_prefix_path(&self) -> &[u8] {
        &self.path[self.hidden..self.root_len]
    }

    pub(super) fn path(&self) -> &[u8] {
        &self.path[self.root_len..]
    }

    pub(super) fn root_len(&self) -> usize {
        self.root_len
    }

    pub(super) fn base(&self) -> usize {
        self.base
    }

    pub(super) fn into_path(mut self) -> Vec<u8> {
        self.path.split_off(self.hidden)
    }

    pub(super) fn reserve(&mut self, path_len: usize, frames: usize) {
        self.path.reserve(path_len.saturating_sub(self.path.len()));
        self.frames.reserve(frames.saturating_sub(self.frames.len()));
    }

    /// The first `len` bytes of the path's buffer.
    ///
    /// # Safety
    /// `len` bytes of the buffer have been written since it was allocated.
    pub(super) unsafe fn path_buffer(&self, len: usize) -> &[u8] {
        let end = self.hidden + len;
        assert!(end <= self.path.capacity(), "the path buffer is shorter than {len} bytes");
        // SAFETY: the bytes lie in the buffer, and the caller says that they have been written.
        unsafe { &std::slice::from_raw_parts(self.path.as_ptr(), end)[self.hidden..] }
    }

    /// The top frame's node and spot.
    #[inline]
    pub(super) fn top(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        let top = self.frames.last()?;
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
        let node = unsafe { NodeRef::from_raw(top.node) };
        Some((node, Spot::new(top.lo, top.hi, self.here - top.start)))
    }

    /// Each node from the top down: the node, the spot where the path leaves it, and the length of the path to its root.
    pub(super) fn nodes_up(&self) -> impl Iterator<Item = (NodeRef<'_, V>, Spot, usize)> {
        let mut spot_above = None;
        self.frames.iter().rev().filter(|frame| frame.from == 0).filter_map(move |frame| {
            let (node, spot) = match spot_above {
                None => self.top()?,
                Some((via, end)) => {
                    // SAFETY: as in `top`.
                    let node = unsafe { NodeRef::from_raw(frame.node) };
                    // Nothing extends a child's suffix: the run that leads to a child is its entry.
                    (node, Spot::new(via, via + 1, end - frame.start))
                }
            };
            spot_above = Some((frame.via, frame.start));
            Some((node, spot, frame.start))
        })
    }

    /// Where the top frame's node is in the path.
    #[inline]
    pub(super) fn top_start(&self) -> usize {
        self.frames.last().map_or(self.base, |top| top.start)
    }

    /// How much of the path exists, as far as has been looked.
    #[inline]
    pub(super) fn here(&self) -> usize {
        self.here
    }

    /// True iff the focus is known to be where the top frame is.
    #[inline]
    pub(super) fn is_here(&self) -> bool {
        self.here == self.path.len()
    }

    /// The entry that iteration came to last, if the focus is at its end.
    #[inline]
    pub(super) fn landed(&self) -> Option<usize> {
        let top = self.frames.last()?;
        (top.hi == 0 && self.is_here()).then_some(top.lo as usize)
    }

    /// Moves down in the top node to a spot below the present one, and into the child whose root it is, if it is one. The
    /// path is the caller's to extend.
    #[inline]
    pub(super) fn advance(&mut self, spot: Spot) {
        let top = *self.frames.last().expect("the spot is of the top frame");
        let from = self.here - top.start + 1;
        self.here = top.start + spot.depth();
        let run = Frame { lo: spot.lo, hi: spot.hi, from: from as u16, loose: false, ..top };
        if spot.hi > spot.lo + 1 {
            // Nothing extends a child's suffix, so no child is at the end of a longer run.
            if (top.lo, top.hi) != (spot.lo, spot.hi) {
                self.frames.push(Frame { rest: NO_REST, len: 0, ..run });
            }
            return;
        }
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let (rest, leads) = node.rest_of(spot.lo as usize);
        let len = rest.len() + 1;
        let arrived = leads && spot.depth() == len;
        // A run that leads to a child's root at once has no spot of its own.
        if top.len == 0 && !(arrived && len == from) {
            self.frames.push(Frame { rest: Rest(rest.as_ptr()), len: len as u16, leads, ..run });
        }
        if arrived {
            self.enter(spot.lo);
        }
    }

    /// Pushes the child of entry `via` of the top node.
    #[inline]
    fn enter(&mut self, via: u16) {
        let top = self.frames.last().expect("the entry is of the top node");
        // SAFETY: as in `top`.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let child = node.entry_child(via as usize).view().into_raw();
        self.push(child, via, false);
    }

    /// What can be told of the focus, or done from it, by the one entry that is left: its next byte, if there is one.
    /// `None` if that is not known.
    #[inline]
    pub(super) fn next_on_edge(&self) -> Option<Option<u8>> {
        let top = self.frames.last()?;
        if top.len == 0 || !self.explored || self.here != self.path.len() {
            return None;
        }
        let depth = self.here - top.start;
        if depth == top.len as usize {
            return Some(None);
        }
        debug_assert!((1..top.len as usize).contains(&depth));
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2), and the rest has `len - 1` bytes,
        // of which `depth - 1` lead to the spot.
        Some(Some(unsafe { top.rest.0.add(depth - 1).read() }))
    }

    /// Goes down the one entry that is left, by the byte that [`next_on_edge`](Self::next_on_edge) has told.
    #[inline]
    pub(super) fn descend_edge(&mut self, byte: u8) {
        self.path.push(byte);
        self.here += 1;
        let top = self.frames.last().expect("an edge has a frame");
        if top.leads && self.here - top.start == top.len as usize {
            let via = top.lo;
            self.enter(via);
        }
    }

    /// Pushes the root frame of a node.
    #[inline]
    fn push(&mut self, node: RawNode<V>, via: u16, loose: bool) {
        if R::WRITES {
            // The node that was the top may have gained an owner meanwhile (S3).
            let above = self.frames.iter().rposition(|frame| frame.from == 0).unwrap_or(0);
            self.prove_at_most(above);
        }
        // SAFETY: the node is the root's or the top node's child (S1).
        let run = unsafe { NodeRef::from_raw(node) }.known(Spot::ROOT);
        self.frames.push(Frame {
            node,
            start: self.here,
            via,
            lo: run.lo,
            hi: run.hi,
            from: 0,
            rest: NO_REST,
            len: 0,
            leads: false,
            loose,
        });
    }

    #[inline]
    fn prove_at_most(&mut self, frames: usize) {
        let proven = self.proven.get_mut();
        *proven = (*proven).min(frames);
    }

    /// Leaves the top node for the entry of the node before that led to it; returns the entry. None at the root's node.
    #[inline]
    pub(super) fn leave(&mut self) -> Option<usize> {
        let root = self.frames.iter().rposition(|frame| frame.from == 0)?;
        let (left, start) = (self.frames[root], self.frames.get(root.checked_sub(1)?)?.start);
        self.frames.truncate(root);
        self.here = left.start;
        self.prove_at_most(root);
        if left.loose {
            self.push_run(Spot::new(left.via, left.via + 1, left.start - start));
        }
        Some(left.via as usize)
    }

    /// Pushes a run of the top node that was not found by narrowing.
    fn push_run(&mut self, spot: Spot) {
        if spot.depth() > 0 {
            let top = *self.frames.last().expect("the run is of the top node");
            let run = Frame { lo: spot.lo, hi: spot.hi, from: 1, loose: true, ..top };
            self.frames.push(Frame { rest: NO_REST, len: 0, ..run });
        }
    }

    /// Explores the path as far as it exists.
    #[inline]
    pub(super) fn settle(&mut self) {
        if !self.explored {
            self.explore();
        }
    }

    fn explore(&mut self) {
        self.leave_trail();
        self.enter_root();
        while self.here < self.path.len()
            && let Some((node, spot)) = self.top()
        {
            let byte = self.path[self.here];
            let next = if spot.depth() > 0 && spot.hi == spot.lo + 1 {
                // One entry is left: compare all that is left of its suffix at once.
                let (used, below) = node.follow(spot, &self.path[self.here..]);
                if used == 0 {
                    break;
                }
                below
            } else {
                match node.narrow(node.known(spot), byte) {
                    Some(next) => next,
                    None => break,
                }
            };
            self.advance(next);
        }
        self.explored = true;
    }

    fn enter_root(&mut self) {
        if self.frames.is_empty()
            && let Some(node) = self.root.node().map(NodeRef::into_raw)
        {
            self.push(node, 0, false);
        }
    }

    /// Makes the frames lead along the path again, as far as the trail did.
    fn leave_trail(&mut self) {
        if self.trailing {
            self.trailing = false;
            self.climb(self.root_len + self.agreed);
        }
    }

    /// True iff the focus is a location.
    pub(super) fn exists(&self) -> bool {
        if self.explored {
            return self.is_here() && (self.rooted || !self.frames.is_empty());
        }
        match self.root.node() {
            None => self.path.len() == self.base && self.rooted,
            Some(_) => self.focus().is_some(),
        }
    }

    /// The node and spot of the focus, if it exists and is more than a bare root without a node.
    #[inline]
    pub(super) fn focus(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        if self.explored {
            return if self.is_here() { self.top() } else { None };
        }
        self.look()
    }

    /// Looks for the focus without moving the stack, where a write or a lazy descent has left it behind.
    fn look(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        let (mut node, mut spot, mut at) = match self.top() {
            Some((node, spot)) if !self.trailing => (node, node.known(spot), self.here),
            _ => {
                let node = self.root.node()?;
                (node, node.known(Spot::ROOT), self.base)
            }
        };
        loop {
            if let Some(child) = node.child_at(spot) {
                node = child.view();
                spot = node.known(Spot::ROOT);
            }
            let (used, below) = node.follow(spot, &self.path[at..]);
            (at, spot) = (at + used, below);
            if node.child_at(spot).is_none() {
                return (at == self.path.len()).then_some((node, spot));
            }
        }
    }

    /// True iff the frames lead along the trail rather than the path.
    #[inline]
    pub(super) fn is_trailing(&self) -> bool {
        self.trailing
    }

    /// Goes down by `key`, to be looked at when somebody asks.
    #[inline]
    pub(super) fn descend_lazily(&mut self, key: &[u8]) {
        if !key.is_empty() {
            // What is known to be absent stays so further down.
            self.explored &= !self.is_here();
            if self.trailing && self.agreed == self.path.len() - self.root_len {
                self.agreed += common_prefix(key, &self.trail[self.agreed..]);
            }
            self.path.extend_from_slice(key);
        }
    }

    /// Adds a byte to the path that the caller has found, or is about to find, in the trie.
    #[inline]
    pub(super) fn push_byte(&mut self, byte: u8) {
        self.path.push(byte);
    }

    /// Adds the suffix of an entry of the top node from the present depth to `depth` to the path.
    pub(super) fn push_suffix(&mut self, entry: usize, depth: usize) {
        let top = self.frames.last().expect("the entry is of the top node");
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is another field.
        let entry = unsafe { NodeRef::<V>::from_raw(top.node) }.entry(entry);
        let at = self.here - top.start;
        if at == 0 {
            self.path.push(entry.head);
        }
        self.path.extend_from_slice(&entry.rest[at.saturating_sub(1)..depth - 1]);
    }

    /// Cuts the path to `len`, no shorter than the root, and the frames with it.
    #[inline]
    pub(super) fn truncate(&mut self, len: usize) {
        debug_assert!(len >= self.root_len && len <= self.path.len());
        if R::WRITES {
            self.leave_trail();
        }
        self.path.truncate(len);
        if len < self.here {
            self.climb(len);
            self.explored = true;
        }
    }

    /// Pops frames until the spot is at `len`, which is above where it is.
    #[inline]
    fn climb(&mut self, len: usize) {
        if len >= self.here {
            return;
        }
        let mut skipped = None;
        while let Some(top) = self.frames.pop_if(|top| top.start + top.from as usize > len) {
            skipped = (top.from == 0 && top.loose).then_some((top.via, top.start));
        }
        if R::WRITES {
            self.prove_at_most(self.frames.len());
        }
        let Some(top) = self.frames.last_mut() else {
            self.here = self.base;
            return;
        };
        let depth = len - top.start;
        if top.from > 0 && top.loose {
            // SAFETY: as in `top`.
            let node = unsafe { NodeRef::<V>::from_raw(top.node) };
            let run = node.widen(Spot::new(top.lo, top.hi, self.here - top.start), depth);
            (top.lo, top.hi) = (run.lo, run.hi);
            top.len = 0;
        }
        self.here = len;
        if let Some((via, end)) = skipped {
            self.find_run(via, end);
        }
    }

    /// Finds the run of the top node by comparison where iteration has skipped it, on the way to the child at `end`.
    #[cold]
    fn find_run(&mut self, via: u16, end: usize) {
        let Some((node, spot)) = self.top() else { return };
        let depth = spot.depth();
        let end = end - (self.here - depth);
        let run = node.widen(Spot::new(via, via + 1, end), depth);
        self.push_run(run);
    }

    /// From the entry that iteration came to last: goes to the next of the same node, if that is a value. This is what
    /// most steps of an iteration are.
    #[inline]
    pub(super) fn step(&mut self) -> bool {
        let Some(top) = self.frames.last_mut() else { return false };
        if top.hi != 0 || !self.explored || self.here != self.path.len() || top.start < self.root_len {
            return false;
        }
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is another field.
        let Some((i, head, rest)) = unsafe { NodeRef::<V>::from_raw(top.node) }.next_value(top.lo as usize) else {
            return false;
        };
        replace_tail(&mut self.path, top.start, head, rest);
        // Both at once: they are read as one word soon.
        (top.lo, top.hi) = (i as u16, 0);
        self.here = self.path.len();
        true
    }

    /// Goes to the end of entry `i` of the top node, and into the child if it is one. Does not move for a dangling tip.
    #[inline]
    pub(super) fn land(&mut self, i: usize) -> Landed {
        let mut top = *self.frames.last().expect("the entry is of the top node");
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is another field.
        let entry = unsafe { NodeRef::<V>::from_raw(top.node) }.entry(i);
        if let Load::Bare = entry.load {
            return Landed::Bare;
        }
        replace_tail(&mut self.path, top.start, entry.head, entry.rest);
        self.here = self.path.len();
        while top.from > 0 {
            self.frames.pop();
            top = *self.frames.last().expect("a node has a root frame");
        }
        match entry.load {
            Load::Child(child) => {
                let child = child.view().into_raw();
                // SAFETY: as above.
                unsafe { NodeRef::<V>::from_raw(top.node) }.prefetch_child_after(i);
                self.push(child, i as u16, true);
                Landed::Child
            }
            _ => {
                self.frames.push(Frame { lo: i as u16, hi: 0, from: 1, loose: true, ..top });
                Landed::Value
            }
        }
    }
}

/// Cuts the path to `len` and adds a byte and a byte string that is mostly short: up to sixteen bytes are copied as two
/// overlapping words instead of by a call.
#[inline]
fn replace_tail(path: &mut Vec<u8>, len: usize, head: u8, rest: &[u8]) {
    debug_assert!(len <= path.len());
    let end = len + 1 + rest.len();
    if end > path.capacity() {
        path.reserve(end - path.len());
    }
    let n = rest.len();
    // SAFETY: there is room for `end` bytes, of which those before `len` are initialised and the others are written
    // here. Each word is within `rest`, and as far within the path.
    unsafe {
        let to = path.as_mut_ptr().add(len);
        to.write(head);
        let (from, to) = (rest.as_ptr(), to.add(1));
        if n > 16 {
            from.copy_to_nonoverlapping(to, n);
        } else if n >= 8 {
            let last = from.add(n - 8).cast::<u64>().read_unaligned();
            to.cast::<u64>().write_unaligned(from.cast::<u64>().read_unaligned());
            to.add(n - 8).cast::<u64>().write_unaligned(last);
        } else if n >= 4 {
            let last = from.add(n - 4).cast::<u32>().read_unaligned();
            to.cast::<u32>().write_unaligned(from.cast::<u32>().read_unaligned());
            to.add(n - 4).cast::<u32>().write_unaligned(last);
        } else {
            for i in 0..n {
                to.add(i).write(from.add(i).read());
            }
        }
        path.set_len(end);
    }
}

impl<V, R: Root<V> + Clone> Clone for Walk<V, R> {
    fn clone(&self) -> Self {
        // The clone may be written, and so make owners of nodes far above this one's focus.
        self.proven.store(0, Ordering::Relaxed);
        // The frames' nodes are kept alive by the clone of the root as they are by the root (S1).
        Self {
            root: self.root.clone(),
            frames: self.frames.clone(),
            path: self.path.clone(),
            trail: self.trail.clone(),
            proven: AtomicUsize::new(0),
            ..*self
        }
    }
}

impl<'a, V> Walk<V, Borrowed<'a, V>> {
    /// A walk whose root is a place that has no path.
    pub(super) fn rootless(place: Option<(NodeRef<'a, V>, Spot)>, exists: bool) -> Self {
        let Some((node, spot)) = place else { return Self::new(Borrowed(None), Vec::new(), 0, exists) };
        // The trie starts at the node's root, so the bytes from there to the place are spelled by its entries.
        let path = node.spell(spot);
        let hidden = path.len();
        Self::new(Borrowed(Some(node)), path, 0, true).hiding(hidden)
    }

    /// The focus for as long as the trie is borrowed.
    #[inline]
    pub(super) fn focus_in_trie(&self) -> Option<(NodeRef<'a, V>, Spot)> {
        let (node, spot) = self.focus()?;
        // SAFETY: the node is of a trie that is borrowed, and so not written, for 'a (S1).
        Some((unsafe { NodeRef::from_raw(node.into_raw()) }, spot))
    }
}

impl<V> Walk<V, Kept<V>> {
    /// The focus for as long as a witness of the same trie lives.
    ///
    /// # Panics
    /// If the witness is of another trie.
    #[inline]
    pub(super) fn focus_in_witness<'w>(&self, witness: &'w Option<Shared<V>>) -> Option<(NodeRef<'w, V>, Spot)> {
        let id = |root: &Option<Shared<V>>| root.as_ref().map(|root| root.view().id());
        assert!(id(&self.root().0) == id(witness), "the witness is of another zipper's trie");
        let (node, spot) = self.focus()?;
        // SAFETY: the witness owns the same root node. That keeps all nodes below alive, and as they have an owner
        // besides any other, nobody writes them (N5).
        Some((unsafe { NodeRef::from_raw(node.into_raw()) }, spot))
    }
}

impl<V, R: RootMut<V>> Walk<V, R> {
    /// Whether the location at the base exists even if no node is there.
    pub(super) fn is_rooted(&self) -> bool {
        self.rooted
    }

    pub(super) fn set_rooted(&mut self) {
        self.rooted = true;
    }

    /// Goes to the zipper's root, and keeps the frames where they are, to be used again if what comes next is near.
    pub(super) fn rewind(&mut self) {
        if !self.trailing {
            let here = self.here.max(self.root_len);
            if here - self.root_len > TRAIL || self.here < self.root_len {
                return self.truncate(self.root_len);
            }
            self.trail.clear();
            self.trail.extend_from_slice(&self.path[self.root_len..here]);
            self.trailing = true;
        }
        self.agreed = 0;
        self.path.truncate(self.root_len);
        self.explored = false;
    }

    /// The root's link, to be written; the stack forgets all it knows.
    pub(super) fn edit_root(&mut self) -> &mut Option<Shared<V>> {
        self.lend_root().0
    }

    /// The root's link and whether the base exists, to be written by somebody else while the walk is borrowed.
    pub(super) fn lend_root(&mut self) -> (&mut Option<Shared<V>>, &mut bool) {
        self.frames.clear();
        self.here = self.base;
        self.explored = false;
        self.trailing = false;
        self.prove_at_most(0);
        (self.root.link_mut(), &mut self.rooted)
    }

    /// Gives up the root's link.
    pub(super) fn take_root(&mut self) -> Option<Shared<V>> {
        self.edit_root().take()
    }

    /// Leaves nodes until the top node starts before `len`, or is the root's.
    pub(super) fn pop_to(&mut self, len: usize) {
        self.leave_trail();
        while self.top_start() >= len && self.leave().is_some() {}
        self.explored = false;
    }

    /// Goes down by way of children as far as the path does.
    pub(super) fn approach(&mut self) {
        let mut len = self.path.len();
        if self.trailing {
            self.trailing = false;
            len = self.root_len + self.agreed;
        }
        // To the root of the deepest node that the frames and the path have in common.
        while self.frames.pop_if(|frame| frame.from > 0 || frame.start > len).is_some() {}
        self.prove_at_most(self.frames.len());
        self.here = self.base;
        self.explored = false;
        self.enter_root();
        while let Some(top) = self.frames.last().copied() {
            // SAFETY: as in `top`; the frames are touched when the node is done with.
            let node = unsafe { NodeRef::<V>::from_raw(top.node) };
            self.here = top.start;
            let Some((via, used, child)) = node.child_towards(&self.path[top.start..]) else { break };
            let child = child.view().into_raw();
            self.here = top.start + used;
            self.push(child, via as u16, true);
        }
    }

    /// Edits the top node, which from the root on is made this zipper's alone, given the path below it. The stack forgets
    /// the node. None if there is no node at all.
    pub(super) fn edit(&mut self) -> Option<(&mut Shared<V>, &[u8])>
    where
        V: Clone,
    {
        let (slot, start) = self.unshare()?;
        self.forget_top();
        // SAFETY: the slot is the root's link, or lies in a node that is this zipper's alone; it is borrowed through
        // `self`, and the path is another field.
        Some((unsafe { &mut *slot }, &self.path[start..]))
    }

    /// The same for an edit that leaves the node in its place, whatever it becomes, which the stack remembers.
    pub(super) fn edit_in_place<T>(&mut self, edit: impl FnOnce(&mut Shared<V>, &[u8]) -> T) -> Option<T>
    where
        V: Clone,
    {
        let (slot, start) = self.unshare()?;
        let via = self.frames.last().expect("the top node has a root frame").via;
        // If the edit panics, the stack has forgotten the node.
        self.forget_top();
        // SAFETY: as in `edit`.
        let slot = unsafe { &mut *slot };
        let result = edit(slot, &self.path[start..]);
        let node = slot.view().into_raw();
        self.here = start;
        self.push(node, via, true);
        *self.proven.get_mut() = self.frames.len();
        Some(result)
    }

    /// Forgets the top node, and goes back to the root of the one before.
    fn forget_top(&mut self) {
        self.frames.pop();
        while self.frames.pop_if(|frame| frame.from > 0).is_some() {}
        self.here = self.top_start();
        self.explored = false;
        *self.proven.get_mut() = self.frames.len();
    }

    /// Makes every node from the root to the top this zipper's alone; returns the top node's place and where it starts.
    fn unshare(&mut self) -> Option<(*mut Shared<V>, usize)>
    where
        V: Clone,
    {
        self.leave_trail();
        if self.frames.is_empty() {
            self.here = self.base;
            self.enter_root();
        }
        while self.frames.pop_if(|frame| frame.from > 0).is_some() {}
        let top = self.frames.len().checked_sub(1)?;
        if !self.root.link().as_ref().is_some_and(Shared::is_unique) {
            self.prove_at_most(0);
        }
        let mut at = (*self.proven.get_mut()).min(top);
        loop {
            if self.frames[at].from > 0 {
                let node = self.frames[at - 1].node;
                // The node may be a copy by now, and the rest of the old one.
                self.frames[at] = Frame { node, rest: NO_REST, len: 0, ..self.frames[at] };
                at += 1;
                continue;
            }
            let slot: *mut Shared<V> = match at.checked_sub(1) {
                None => self.root.link_mut().as_mut()?,
                Some(before) => {
                    let (node, via) = (self.frames[before].node, self.frames[at].via);
                    // SAFETY: the node lives (S1), has been proven this zipper's alone, as have all before it, and is
                    // not borrowed; its entry is a child (S1).
                    unsafe { node.child_place(via as usize) }
                }
            };
            // SAFETY: the slot is the root's link or lies in a node that is this zipper's alone; either is borrowed
            // through `self`. If a clone panics here, the frames so far are updated, and those below still hang below
            // the new copy.
            self.frames[at].node = unsafe { &mut *slot }.unique().view().into_raw();
            if at == top {
                return Some((slot, self.frames[at].start));
            }
            at += 1;
        }
    }
}
