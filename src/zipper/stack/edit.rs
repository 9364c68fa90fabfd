//! The stack of a writer: it makes nodes unique, hands them out, and remembers where it was.

use super::super::root::{RootLink, RootMut};
use super::Walk;
use super::frame::Frame;
use crate::node::{Bin, NodeRef, Shared, Spot};
use crate::reached::{Mark, reached};
use crate::trie::Subtrie;

/// Where the top node is: the length of the path to it, and the entry of the node before that
/// leads to it.
#[derive(Clone, Copy)]
struct TopNode {
    start: usize,
    via: u16,
}

impl<V, R: RootMut<V>> Walk<V, R> {
    /// The link to the trie, to be written; the stack forgets all it knows.
    pub(in crate::zipper) fn edit_root(&mut self) -> RootLink<'_, V> {
        self.frames.clear();
        self.edge.clear();
        self.here = self.base;
        self.explored = false;
        self.trailing = false;
        self.prove_at_most(0);
        self.root.link()
    }

    /// Moves the trie out.
    pub(in crate::zipper) fn take_root(&mut self) -> Subtrie<Shared<V>> {
        self.edit_root().vacate()
    }

    /// Leaves nodes until the top node starts before `len` or is the root node.
    pub(in crate::zipper) fn pop_to(&mut self, len: usize) {
        self.leave_trail();
        self.frame_edge();
        while self.top_start() >= len && self.leave().is_some() {}
        self.explored = false;
    }

    /// Moves to the deepest node on the way to the path's end, unless the focus is known.
    pub(in crate::zipper) fn approach_unexplored(&mut self) {
        if !self.explored {
            self.approach();
        }
    }

    /// Moves to the deepest node on the way to the path's end.
    pub(in crate::zipper) fn approach(&mut self) {
        let mut len = self.path.len();
        if self.trailing {
            reached(Mark::TrailFollowed);
            self.trailing = false;
            len = self.root_len + self.agreed;
        }
        self.edge.clear();
        // Keep the frames down to the deepest node that they share with the path.
        while self.frames.pop_if(|frame| frame.from > 0 || frame.start > len).is_some() {}
        self.prove_at_most(self.frames.len());
        self.here = self.base;
        self.explored = false;
        self.enter_root();
        while let Some(top) = self.frames.last() {
            // SAFETY: as in `top`; the frames are touched when the node is done with.
            let node = unsafe { NodeRef::<V>::from_raw(top.node) };
            self.here = top.start;
            let Some((via, used, child)) = node.child_towards(&self.path[self.here..]) else { break };
            let child = child.view().into_raw();
            self.here += used;
            self.push(child, via as u16, true);
        }
    }

    /// Makes all nodes from the root to the top one unique, and returns the top node and the path
    /// below it, to be edited. The stack forgets the node. `None` if there is no node at all.
    ///
    /// If a clone panics, the stack leads along the path as before.
    pub(in crate::zipper) fn edit(&mut self, bin: &mut Bin<V>) -> Option<(&mut Shared<V>, &[u8])>
    where
        V: Clone,
    {
        let top = self.unshare(bin)?;
        self.forget_top();
        Some(self.link(top))
    }

    /// The link to the node that was the top one, and the path below it. That node and all above
    /// it are this zipper's alone.
    #[inline]
    fn link(&mut self, top: TopNode) -> (&mut Shared<V>, &[u8]) {
        let Self { root, frames, path, .. } = self;
        let slot = match frames.last() {
            // SAFETY: the node lives, is this zipper's alone, as are all before it, and is
            // borrowed through `self`; its entry is a child (S1).
            Some(frame) => unsafe { &mut *frame.node.child_place(top.via as usize) },
            None => root.link().into_node().expect("there is a root node"),
        };
        (slot, &path[top.start..])
    }

    /// Like [`edit`](Self::edit), for an edit after which a node, changed or new, is in the same
    /// place. The stack remembers that node.
    pub(in crate::zipper) fn edit_in_place<T>(
        &mut self,
        bin: &mut Bin<V>,
        edit: impl FnOnce(&mut Shared<V>, &[u8], &mut Bin<V>) -> T,
    ) -> Option<T>
    where
        V: Clone,
    {
        let top = self.unshare(bin)?;
        // If the edit panics, the stack has forgotten the node.
        self.forget_top();
        let (slot, path) = self.link(top);
        let result = edit(slot, path, bin);
        let (node, alone) = (slot.view().into_raw(), slot.is_unique());
        self.here = top.start;
        self.push(node, top.via, true);
        *self.proven.get_mut() = self.frames.len() - usize::from(!alone);
        Some(result)
    }

    /// Fast path: edits the node that the last call edited, at which the frames end, if the path
    /// leads there and it is known to be this zipper's alone.
    ///
    /// # Errors
    /// Returns the input if there is no such node, or if the edit refuses it. Nothing has changed
    /// then.
    #[inline]
    pub(in crate::zipper) fn edit_again<T, U>(
        &mut self,
        input: U,
        edit: impl FnOnce(&mut Shared<V>, &[u8], U) -> Result<T, U>,
    ) -> Result<T, U> {
        let frames = self.frames.len();
        let proven = *self.proven.get_mut() == frames;
        if !proven || !self.trailing || !self.owns_root() {
            return Err(input);
        }
        let is_near = |top: &mut Frame| top.from == 0 && top.start <= self.root_len + self.agreed;
        let Some(top) = self.frames.pop_if(is_near) else { return Err(input) };
        // If the edit panics, the stack has forgotten the node: it ends at a run that leads to it,
        // or at the root of the node before.
        let before = (self.here, self.explored);
        let ends_at_run = self.frames.last().is_some_and(|frame| frame.from > 0);
        self.here = if ends_at_run { top.start } else { self.top_start() };
        (self.explored, self.trailing) = (false, false);
        *self.proven.get_mut() = frames - 1;
        let (slot, path) = self.link(TopNode { start: top.start, via: top.via });
        let result = edit(slot, path, input);
        // Whatever the edit did, the frame describes the node as it is now.
        let (node, run, alone) = (slot.view().into_raw(), slot.view().known(Spot::ROOT), slot.is_unique());
        self.frames.push(Frame::root(node, top.start, top.via, run, top.loose));
        self.here = top.start;
        if result.is_err() {
            (self.here, self.explored) = before;
            self.trailing = true;
        }
        reached(if result.is_ok() { Mark::EditedAgain } else { Mark::NotEditedAgain });
        *self.proven.get_mut() = frames - usize::from(!alone);
        result
    }

    /// True iff the root node is this zipper's alone.
    #[inline]
    fn owns_root(&mut self) -> bool {
        self.root.link().into_node().is_some_and(|root| root.is_unique())
    }

    /// Forgets the top node, and moves to the root of the node before.
    fn forget_top(&mut self) {
        self.frames.pop();
        while self.frames.pop_if(|frame| frame.from > 0).is_some() {}
        self.here = self.top_start();
        self.explored = false;
        *self.proven.get_mut() = self.frames.len();
    }

    /// Makes all nodes from the root to the top one unique; returns where the top node is.
    ///
    /// Copying a node clones values, and a clone may panic. So the stack is whole at each copy: it
    /// ends at the root of a node, its first frames are those of the copies, and the nodes of the
    /// others still hang below the last copy. The former owners live on in the bin.
    fn unshare(&mut self, bin: &mut Bin<V>) -> Option<TopNode>
    where
        V: Clone,
    {
        self.leave_trail();
        if self.frames.is_empty() {
            self.here = self.base;
            self.enter_root();
        }
        while self.frames.pop_if(|frame| frame.from > 0).is_some() {}
        self.edge.clear();
        self.here = self.top_start();
        self.explored = false;
        let top = self.frames.len().checked_sub(1)?;
        self.prove_at_most(top + 1);
        if !self.owns_root() {
            self.prove_at_most(0);
        }
        let mut at = (*self.proven.get_mut()).min(top);
        loop {
            if self.frames[at].from > 0 {
                let node = self.frames[at - 1].node;
                // The node may be a copy by now.
                self.frames[at].node = node;
                at += 1;
                continue;
            }
            let slot: *mut Shared<V> = match at.checked_sub(1) {
                None => self.root.link().into_node()?,
                Some(before) => {
                    let (node, via) = (self.frames[before].node, self.frames[at].via);
                    // SAFETY: the node lives (S1), has been proven this zipper's alone, as have
                    // all before it, and is not borrowed; its entry is a child (S1).
                    unsafe { node.child_place(via as usize) }
                }
            };
            // SAFETY: the slot is the root's link or lies in a node that is this zipper's alone;
            // either is borrowed through `self`.
            self.frames[at].node = unsafe { &mut *slot }.unique(bin).view().into_raw();
            if at == top {
                return Some(TopNode { start: self.frames[at].start, via: self.frames[at].via });
            }
            at += 1;
        }
    }
}
