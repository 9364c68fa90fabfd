//! Copying one node, so that the copy can be written.

use std::mem;
use std::ptr::NonNull;

use super::bin::Bin;
use super::column::Column;
use super::header::{self, Header, KindBits};
use super::shared::Shared;
use super::view::{Kind, NodeRef};
use super::wide::{CHILDREN, Tail};
use crate::reached::{Mark, reached};

/// What has been built of a copy; dropped on the way out of a panicking clone.
struct Half<V> {
    at: NonNull<Header>,
    /// The places of the values cloned so far.
    cloned: Vec<*mut u8>,
    of: std::marker::PhantomData<V>,
}

impl<V> Drop for Half<V> {
    fn drop(&mut self) {
        // SAFETY: these places are filled; nobody else knows of the memory; no child has been counted yet.
        unsafe {
            for &place in &self.cloned {
                Column::<V>::drop(place);
            }
            header::release(self.at);
        }
    }
}

impl<V> Shared<V> {
    /// Makes this the only owner, as [`unique`](Self::unique) does; true iff the node was copied.
    #[inline]
    pub(crate) fn part(&mut self, bin: &mut Bin<V>) -> bool
    where
        V: Clone,
    {
        let shared = !self.is_unique();
        if shared {
            self.copy(bin);
        }
        shared
    }

    #[cold]
    pub(super) fn copy(&mut self, bin: &mut Bin<V>)
    where
        V: Clone,
    {
        reached(Mark::UnsharedOnTheWay);
        let copy = copy(self.view());
        bin.put(mem::replace(self, copy));
    }
}

/// A copy of the node: values are cloned, boxes of values and children gain an owner.
///
/// The copy is whole before anything else changes: if a clone panics, the clones made so far are dropped.
fn copy<V: Clone>(node: NodeRef<'_, V>) -> Shared<V> {
    let (size, header) = (node.size(), node.header());
    // SAFETY: every kind of header may be read as two words; the copy has the same kind (N1).
    let bits = KindBits { list: unsafe { header.kind.list } };
    let at = header::allocate(size, header.flags, header.n, bits);
    let mut half = Half::<V> { at, cloned: Vec::new(), of: std::marker::PhantomData };
    let to = at.as_ptr().cast::<u8>();
    match node.kind() {
        Kind::List(list) => {
            let front = super::list::front_size(list.len(), list.heap_len());
            // SAFETY: both allocations have this size; the front holds plain bytes.
            unsafe { copy_bytes(node, to, header::HEADER, front) };
            for rank in 0..list.value_count() {
                clone_value(&mut half, list.value_place(rank), node);
            }
            // SAFETY: the column is at the same offset in the copy.
            unsafe { copy_children(node, to, list.children_at(), list.child_count()) };
        }
        Kind::Wide(wide) => {
            // SAFETY: both allocations have this size; masks and tails are plain bytes.
            unsafe {
                copy_bytes(node, to, header::HEADER, CHILDREN);
                if wide.has_tails() {
                    let tails = wide.tails_at();
                    copy_bytes(node, to, tails, tails + wide.tail_count() * size_of::<Tail>());
                }
            }
            let own = wide.has_own() as usize;
            if own == 1 {
                clone_value(&mut half, wide.value_place(0), node);
            }
            for rank in (0..wide.tail_count()).filter(|&rank| wide.tail(rank).is_valued()) {
                clone_value(&mut half, wide.value_place(own + rank), node);
            }
            // SAFETY: the column is at the same offset in the copy.
            unsafe { copy_children(node, to, CHILDREN, wide.child_count()) };
        }
    }
    half.cloned = Vec::new();
    mem::forget(half);
    // SAFETY: all columns are filled: the copy is as well-formed as the node, and has one owner.
    unsafe { Shared::from_raw(at) }
}

/// Clones the value, or shares the box, at a place of `node` into the same place of the copy.
fn clone_value<V: Clone>(half: &mut Half<V>, place: *const u8, node: NodeRef<'_, V>) {
    let offset = place.addr() - node.id();
    // SAFETY: the place is filled in the node (N4), and vacant at the same offset of the copy.
    unsafe {
        let to = half.at.as_ptr().cast::<u8>().add(offset);
        Column::<V>::share_to(place, to);
        if Column::<V>::NEEDS_DROP {
            half.cloned.push(to);
        }
    }
}

/// # Safety
/// `start..end` are initialised bytes of the node, and as many are in the copy at `to`.
unsafe fn copy_bytes<V>(node: NodeRef<'_, V>, to: *mut u8, start: usize, end: usize) {
    // SAFETY: the caller says so.
    unsafe { to.add(start).copy_from_nonoverlapping(node.base().add(start), end - start) };
}

/// # Safety
/// A column of `count` children is at `offset` of the node, and as much room at that of the copy.
unsafe fn copy_children<V>(node: NodeRef<'_, V>, to: *mut u8, offset: usize, count: usize) {
    // SAFETY: the caller says so (N3); each clone counts one owner more, which the copy is.
    unsafe {
        let from = node.base().add(offset).cast::<Shared<V>>();
        let to = to.add(offset).cast::<Shared<V>>();
        for i in 0..count {
            to.add(i).write((*from.add(i)).clone());
        }
    }
}
