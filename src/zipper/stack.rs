//! Where a zipper stands: its path, and the nodes from its trie's root to its focus.
//!
//! The only file of this layer with unsafe code: the stack holds nodes without lifetimes, and the root that it owns or
//! borrows answers for them.
//!
//! # Invariants
//! - **S1** Each frame's node is the child of the frame before, at that frame's entry; the first is the root's node. So
//!   all of them live as long as the root is held and nothing is written.
//! - **S2** Nothing is written but through [`Walk::edit`], which pops the frame of the node that it hands out, and
//!   updates those before it.
//! - **S3** The first `proven` frames' nodes were found to have one owner when something was last written, and none but
//!   the last of them was the top frame since. Through `&Walk` only the root, and what is at or below the focus, can
//!   gain an owner: so if the root's node still has one, so have these but the last.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::node::{Load, NodeRef, RawNode, Shared, Spot};

/// What holds a zipper's trie.
pub(super) trait Root<V> {
    fn node(&self) -> Option<NodeRef<'_, V>>;
}

/// A trie that is borrowed, and that nobody writes meanwhile.
pub(super) struct Borrowed<'a, V>(pub(super) Option<NodeRef<'a, V>>);

/// A trie of which the zipper is an owner, and that it only reads.
pub(super) struct Kept<V>(pub(super) Option<Shared<V>>);

/// A trie that is borrowed to be written.
pub(super) struct Lent<'a, V>(pub(super) &'a mut Option<Shared<V>>);

/// A trie that the zipper owns, and may write.
pub(super) struct Owned<V>(pub(super) Option<Shared<V>>);

/// What holds a trie that the zipper may write.
pub(super) trait RootMut<V>: Root<V> {
    fn link(&self) -> &Option<Shared<V>>;
    fn link_mut(&mut self) -> &mut Option<Shared<V>>;
}

impl<V> RootMut<V> for Lent<'_, V> {
    fn link(&self) -> &Option<Shared<V>> {
        self.0
    }

    fn link_mut(&mut self) -> &mut Option<Shared<V>> {
        self.0
    }
}

impl<V> RootMut<V> for Owned<V> {
    fn link(&self) -> &Option<Shared<V>> {
        &self.0
    }

    fn link_mut(&mut self) -> &mut Option<Shared<V>> {
        &mut self.0
    }
}

impl<V> Root<V> for Borrowed<'_, V> {
    fn node(&self) -> Option<NodeRef<'_, V>> {
        self.0
    }
}

impl<V> Root<V> for Kept<V> {
    fn node(&self) -> Option<NodeRef<'_, V>> {
        self.0.as_ref().map(Shared::view)
    }
}

impl<V> Root<V> for Lent<'_, V> {
    fn node(&self) -> Option<NodeRef<'_, V>> {
        self.0.as_ref().map(Shared::view)
    }
}

impl<V> Root<V> for Owned<V> {
    fn node(&self) -> Option<NodeRef<'_, V>> {
        self.0.as_ref().map(Shared::view)
    }
}

/// A node on the way to the focus, and the run of its entries that leads on.
struct Frame<V> {
    node: RawNode<V>,
    /// The length of the path to the node's root.
    start: usize,
    /// The run, as in [`Spot`]; the depth follows from where the next frame starts.
    lo: u16,
    hi: u16,
}

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
    /// See S3. Atomic only so that a clone of the root through `&self` can take the proof back.
    proven: AtomicUsize,
}

impl<V, R: Root<V>> Walk<V, R> {
    /// At `path`, whose first `base` bytes lead to the root of the trie.
    pub(super) fn new(root: R, path: Vec<u8>, base: usize, rooted: bool) -> Self {
        let root_len = path.len();
        let mut walk = Self {
            root,
            frames: Vec::new(),
            path,
            hidden: 0,
            base,
            root_len,
            here: base,
            explored: false,
            rooted,
            proven: AtomicUsize::new(0),
        };
        walk.settle();
        walk
    }

    pub(super) fn root(&self) -> &R {
        &self.root
    }

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

    /// The same walk with its first bytes not shown.
    pub(super) fn hiding(self, hidden: usize) -> Self {
        debug_assert!(hidden <= self.root_len);
        Self { hidden, ..self }
    }

    pub(super) fn hidden(&self) -> usize {
        self.hidden
    }

    pub(super) fn into_root(self) -> R {
        self.root
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
        Some((node, Spot { lo: top.lo, hi: top.hi, depth: self.here - top.start }))
    }

    /// The node and spot of the frame `above` frames above the top, and the length of the path to the node.
    pub(super) fn frame(&self, above: usize) -> Option<(NodeRef<'_, V>, Spot, usize)> {
        let at = self.frames.len().checked_sub(above + 1)?;
        let frame = &self.frames[at];
        let end = self.frames.get(at + 1).map_or(self.here, |next| next.start);
        // SAFETY: as in `top`.
        let node = unsafe { NodeRef::from_raw(frame.node) };
        Some((node, Spot { lo: frame.lo, hi: frame.hi, depth: end - frame.start }, frame.start))
    }

    /// Where the top frame's node is in the path.
    pub(super) fn top_start(&self) -> usize {
        self.frames.last().map_or(self.base, |top| top.start)
    }

    /// How much of the path exists, as far as has been looked.
    pub(super) fn here(&self) -> usize {
        self.here
    }

    /// True iff the focus is known to be where the top frame is.
    #[inline]
    pub(super) fn is_here(&self) -> bool {
        self.here == self.path.len()
    }

    /// Moves the top frame's spot, and enters the child whose root it is, if it is one.
    #[inline]
    pub(super) fn set_spot(&mut self, spot: Spot) {
        let top = self.frames.last_mut().expect("the spot is of the top frame");
        (top.lo, top.hi) = (spot.lo, spot.hi);
        self.here = top.start + spot.depth;
        self.enter();
    }

    /// The same where the spot is known to be no child's root.
    #[inline]
    pub(super) fn set_inner_spot(&mut self, spot: Spot) {
        let top = self.frames.last_mut().expect("the spot is of the top frame");
        (top.lo, top.hi) = (spot.lo, spot.hi);
        self.here = top.start + spot.depth;
    }

    /// Pushes the child whose root the top spot is; returns whether it is one.
    #[inline]
    fn enter(&mut self) -> bool {
        let child = match self.top() {
            Some((node, spot)) => node.child_at(spot).map(|child| child.view().into_raw()),
            None => None,
        };
        let Some(node) = child else { return false };
        self.push(node);
        true
    }

    #[inline]
    fn prove_at_most(&mut self, frames: usize) {
        let proven = self.proven.get_mut();
        *proven = (*proven).min(frames);
    }

    #[inline]
    fn push(&mut self, node: RawNode<V>) {
        // The frame that was the top may have gained an owner meanwhile (S3).
        self.prove_at_most(self.frames.len().saturating_sub(1));
        self.frames.push(Frame { node, start: self.here, lo: 0, hi: 0 });
    }

    /// Goes from a child's root to its parent's entry. Returns false at the lowest frame.
    #[inline]
    pub(super) fn pop(&mut self) -> bool {
        if self.frames.len() < 2 {
            return false;
        }
        let top = self.frames.pop().expect("there are two");
        self.here = top.start;
        self.prove_at_most(self.frames.len());
        true
    }

    /// Explores the path as far as it exists.
    #[inline]
    pub(super) fn settle(&mut self) {
        if !self.explored {
            self.explore();
        }
    }

    fn explore(&mut self) {
        if self.frames.is_empty()
            && let Some(node) = self.root.node().map(NodeRef::into_raw)
        {
            self.push(node);
        }
        while let Some((node, spot)) = self.top() {
            // A spot that was left at a child's root by an edit is entered first.
            let (used, below) = match node.child_at(spot) {
                Some(_) => (0, spot),
                None => node.follow(node.known(spot), &self.path[self.here..]),
            };
            debug_assert!(below.depth == spot.depth + used);
            self.set_inner_spot(below);
            if !self.enter() {
                break;
            }
        }
        self.explored = true;
    }

    /// True iff the focus is a location.
    pub(super) fn exists(&self) -> bool {
        if self.explored || self.is_here() && !self.frames.is_empty() {
            return self.is_here() && (self.rooted || !self.frames.is_empty());
        }
        match self.root.node() {
            None => self.is_here() && self.rooted,
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

    /// Looks for the focus without moving the stack, where an edit or a lazy descent has left it behind.
    fn look(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        let (mut node, mut spot) = match self.top() {
            Some(top) => top,
            None => (self.root.node()?, Spot::ROOT),
        };
        let mut at = self.here;
        loop {
            if let Some(child) = node.child_at(spot) {
                (node, spot) = (child.view(), Spot::ROOT);
            }
            let (used, below) = node.follow(node.known(spot), &self.path[at..]);
            (at, spot) = (at + used, below);
            if node.child_at(spot).is_none() {
                return (at == self.path.len()).then_some((node, spot));
            }
        }
    }

    /// Goes down by `key`, to be looked at when somebody asks.
    pub(super) fn descend_lazily(&mut self, key: &[u8]) {
        if !key.is_empty() {
            if self.is_here() {
                self.explored = false;
            }
            self.path.extend_from_slice(key);
        }
    }

    /// Adds bytes to the path that the caller has found, or is about to find, in the trie.
    #[inline]
    pub(super) fn extend_path(&mut self, bytes: &[u8]) {
        self.path.extend_from_slice(bytes);
    }

    #[inline]
    pub(super) fn push_byte(&mut self, byte: u8) {
        self.path.push(byte);
    }

    /// Cuts the path to `len`, no shorter than the root, and the frames with it.
    #[inline]
    pub(super) fn truncate(&mut self, len: usize) {
        debug_assert!(len >= self.root_len && len <= self.path.len());
        self.path.truncate(len);
        if len >= self.here {
            return;
        }
        while let Some(top) = self.frames.pop_if(|top| top.start > len) {
            self.here = top.start;
        }
        self.prove_at_most(self.frames.len());
        self.explored = true;
        let Some((node, spot)) = self.top() else {
            self.here = self.base;
            return;
        };
        let start = self.here - spot.depth;
        if len < self.here {
            let spot = node.widen(spot, len - start);
            self.set_inner_spot(spot);
        }
    }

    /// Goes to the end of entry `i` of the top node, and into the child if it is one. Does not move for a dangling tip.
    #[inline]
    pub(super) fn land(&mut self, i: usize) -> Landed {
        let top = self.frames.last_mut().expect("the entry is of the top frame");
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is another field.
        let entry = unsafe { NodeRef::<V>::from_raw(top.node) }.entry(i);
        if let Load::Bare = entry.load {
            return Landed::Bare;
        }
        self.path.truncate(top.start);
        self.path.push(entry.head);
        self.path.extend_from_slice(entry.rest);
        (top.lo, top.hi) = (i as u16, 0);
        self.here = self.path.len();
        match entry.load {
            Load::Child(child) => {
                let child = child.view().into_raw();
                self.push(child);
                Landed::Child
            }
            _ => Landed::Value,
        }
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
            proven: AtomicUsize::new(0),
            ..*self
        }
    }
}

impl<V> Clone for Owned<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V> Clone for Borrowed<'_, V> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<V> Clone for Kept<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
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
    pub(super) fn focus_in_witness<'w>(&self, witness: &'w Option<Shared<V>>) -> Option<(NodeRef<'w, V>, Spot)> {
        let id = |root: &Option<Shared<V>>| root.as_ref().map(|root| root.view().id());
        assert!(id(&self.root.0) == id(witness), "the witness is of another zipper's trie");
        let (node, spot) = self.focus()?;
        // SAFETY: the witness owns the same root node. That keeps all nodes below alive, and as they have an owner
        // besides any other, nobody writes them (N5).
        Some((unsafe { NodeRef::from_raw(node.into_raw()) }, spot))
    }
}

impl<V, R: RootMut<V>> Walk<V, R> {
    /// A walk that has looked at nothing yet.
    pub(super) fn lazy(root: R, path: Vec<u8>, base: usize, rooted: bool) -> Self {
        let root_len = path.len();
        Self { root, frames: Vec::new(), path, hidden: 0, base, root_len, here: base, explored: false, rooted, proven: AtomicUsize::new(0) }
    }

    /// Whether the location at the base exists even if no node is there.
    pub(super) fn is_rooted(&self) -> bool {
        self.rooted
    }

    pub(super) fn set_rooted(&mut self) {
        self.rooted = true;
    }

    /// The root's link, to be written; the stack forgets all it knows.
    pub(super) fn edit_root(&mut self) -> &mut Option<Shared<V>> {
        self.forget();
        self.root.link_mut()
    }

    fn forget(&mut self) {
        self.frames.clear();
        self.here = self.base;
        self.explored = false;
        self.prove_at_most(0);
    }

    /// Gives up the walk for its root's link.
    pub(super) fn take_root(&mut self) -> Option<Shared<V>> {
        self.edit_root().take()
    }

    /// The root's link and whether the base exists, to be written by somebody else while the walk is borrowed.
    pub(super) fn lend_root(&mut self) -> (&mut Option<Shared<V>>, &mut bool) {
        self.forget();
        (self.root.link_mut(), &mut self.rooted)
    }

    /// Pops frames until the top node starts before `len`, or is the root's. Returns where it starts.
    pub(super) fn pop_to(&mut self, len: usize) -> usize {
        while self.top_start() >= len && self.pop() {}
        self.explored = self.explored && self.is_here();
        self.top_start()
    }

    /// The top node, which from the root on is made this zipper's alone, to be edited; and the path below it. The
    /// stack forgets the node. None if there is no node at all.
    pub(super) fn edit(&mut self) -> Option<(&mut Shared<V>, &[u8])>
    where
        V: Clone,
    {
        if self.frames.is_empty() {
            let node = self.root.node()?.into_raw();
            self.push(node);
        }
        let top = self.frames.len() - 1;
        if !self.root.link().as_ref().is_some_and(Shared::is_unique) {
            self.prove_at_most(0);
        }
        let mut at = (*self.proven.get_mut()).min(top);
        let slot = loop {
            let slot: *mut Shared<V> = match at.checked_sub(1) {
                None => self.root.link_mut().as_mut()?,
                Some(parent) => {
                    let parent = &self.frames[parent];
                    // SAFETY: the parent's node lives (S1), has been proven this zipper's alone, as have all before
                    // it, and is not borrowed; its entry is a child (S1).
                    unsafe { parent.node.child_place(parent.lo as usize) }
                }
            };
            // SAFETY: the slot is the root's link or lies in a node that is this zipper's alone; either is borrowed
            // through `self`.
            let slot = unsafe { &mut *slot };
            // If a clone panics here, the frames so far are updated, and those below still hang below the new copy.
            self.frames[at].node = slot.unique().view().into_raw();
            if at == top {
                break std::ptr::from_mut(slot);
            }
            at += 1;
        };
        let frame = self.frames.pop().expect("the top frame is there");
        *self.proven.get_mut() = self.frames.len();
        self.here = frame.start;
        self.explored = false;
        // SAFETY: as above; `path` is another field.
        Some((unsafe { &mut *slot }, &self.path[frame.start..]))
    }

    /// The entry of the top frame that led to the child last popped.
    pub(super) fn top_entry(&self) -> Option<usize> {
        self.frames.last().map(|frame| frame.lo as usize)
    }
}
