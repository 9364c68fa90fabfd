//! Freeing a node and all that only it owned, without recursion.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::column::Column;
use super::header::{self, Header};
use super::shared::{Shared, release};
use super::view::{Kind, NodeRef};
use crate::reached::{Mark, reached};

impl<V> Drop for Shared<V> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the node is alive, since this owner counts; `release` returns true to the last
        // owner only.
        unsafe {
            if release(self.as_raw()) {
                free::<V>(self.as_raw());
            }
        }
    }
}

/// Frees a node whose last count is gone, its values, and each child that has no other owner.
///
/// If a value's drop panics, all others are still dropped before the panic continues. A second
/// panic aborts.
///
/// # Safety
/// `at` is a well-formed node that nobody holds any more.
#[inline(never)]
unsafe fn free<V>(at: NonNull<Header>) {
    let mut dead = Dead::<V> { nodes: vec![at], of: PhantomData };
    dead.free();
}

/// Nodes whose count is zero. They are kept in a vector, not on the stack: a trie may be a
/// million nodes deep.
///
/// Dropping it frees the nodes that are left, after a value panicked.
struct Dead<V> {
    nodes: Vec<NonNull<Header>>,
    of: PhantomData<V>,
}

impl<V> Dead<V> {
    fn free(&mut self) {
        while let Some(at) = self.nodes.pop() {
            // SAFETY: the node is dead, so it is ours alone until its memory is released below.
            // Each child's count was this node's, and each value is dropped once (N3, N4).
            unsafe {
                let child = |child: &Shared<V>| {
                    if release(child.as_raw()) {
                        self.nodes.push(child.as_raw());
                    }
                };
                match NodeRef::<V>::new(at).kind() {
                    Kind::List(list) => each_child(at, list.children_at(), list.child_count(), child),
                    Kind::Wide(wide) => each_child(at, super::wide::CHILDREN, wide.child_count(), child),
                }
                if Column::<V>::NEEDS_DROP {
                    ValuesLeft::<V> { at, next: 0, of: PhantomData }.drop_rest();
                }
                header::release(at);
            }
        }
    }
}

impl<V> Drop for Dead<V> {
    fn drop(&mut self) {
        self.free();
    }
}

/// The values of a dead node, from this one on.
struct ValuesLeft<V> {
    at: NonNull<Header>,
    next: usize,
    of: PhantomData<V>,
}

impl<V> ValuesLeft<V> {
    /// Drops the values that are left.
    ///
    /// # Safety
    /// The node is dead, and those before `next` are gone.
    unsafe fn drop_rest(mut self) {
        // SAFETY: the caller's promise; `next` is moved on before a value is dropped.
        unsafe {
            self.each();
        }
        std::mem::forget(self);
    }

    /// # Safety
    /// As for [`drop_rest`](Self::drop_rest).
    unsafe fn each(&mut self) {
        let base = self.at.as_ptr().cast::<u8>();
        // SAFETY: the node is dead, and its header and columns are in place; `next` is moved on
        // before each drop.
        let kind = unsafe { NodeRef::<V>::new(self.at) }.kind();
        let (size, values, wide) = match kind {
            Kind::List(list) => (list.size(), list.value_count(), None),
            Kind::Wide(wide) => (wide.size(), wide.tail_count() + wide.has_own() as usize, Some(wide)),
        };
        while self.next < values {
            let place = self.next;
            self.next += 1;
            let vacant = wide.is_some_and(|wide| {
                place.checked_sub(wide.has_own() as usize).is_some_and(|rank| !wide.tail(rank).is_valued())
            });
            if !vacant {
                // SAFETY: the column holds a value at each place but those of bare tails (N4).
                unsafe { Column::<V>::drop(base.add(size - (place + 1) * Column::<V>::STRIDE)) };
            }
        }
    }
}

impl<V> Drop for ValuesLeft<V> {
    /// Runs after a value's drop panicked: drops the others, and releases the node's memory.
    fn drop(&mut self) {
        reached(Mark::DroppedAfterPanic);
        // SAFETY: the node is dead, and the values before `next` are gone.
        unsafe {
            self.each();
            header::release(self.at);
        }
    }
}

/// # Safety
/// A column of `count` children is at `offset`.
unsafe fn each_child<V>(at: NonNull<Header>, offset: usize, count: usize, mut visit: impl FnMut(&Shared<V>)) {
    // SAFETY: the column is there (the caller, N3).
    unsafe {
        let first = at.as_ptr().cast::<u8>().add(offset).cast::<Shared<V>>();
        for i in 0..count {
            visit(&*first.add(i));
        }
    }
}
