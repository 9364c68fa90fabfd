//! Freeing a node and what only it owned, without recursion.

use std::ptr::NonNull;

use super::column::Column;
use super::header::{self, Header};
use super::shared::{Shared, release};
use super::view::{Kind, NodeRef};

/// Frees a node whose last count is gone, its values, and each child of which it was the last owner.
///
/// If a value's drop panics, what has not been freed by then is leaked.
///
/// # Safety
/// `at` is a well-formed node that nobody holds any more.
#[inline(never)]
pub(super) unsafe fn free<V>(at: NonNull<Header>) {
    // Nodes whose count has gone to zero. A vector, not the stack: a trie may be a million nodes deep.
    let mut dead: Vec<NonNull<Header>> = Vec::new();
    let mut next = Some(at);
    while let Some(at) = next {
        // SAFETY: the node is dead: it is ours alone, until its memory is released below; each child's count was
        // this node's, and each value is dropped once (N3, N4).
        unsafe {
            let child = |child: &Shared<V>| {
                if release(child.as_raw()) {
                    dead.push(child.as_raw());
                }
            };
            match NodeRef::<V>::new(at).kind() {
                Kind::List(list) => {
                    each_child(at, list.children_at(), list.child_count(), child);
                    if Column::<V>::NEEDS_DROP {
                        drop_values::<V>(at, list.values_at(), list.value_count());
                    }
                }
                Kind::Wide(wide) => {
                    each_child(at, super::wide::CHILDREN, wide.child_count(), child);
                    if Column::<V>::NEEDS_DROP {
                        let own = wide.has_own() as usize;
                        let place = |rank: usize| wide.size() - (rank + 1) * Column::<V>::STRIDE;
                        drop_values::<V>(at, place(0), own);
                        for rank in (0..wide.tail_count()).filter(|&rank| wide.tail(rank).is_valued()) {
                            drop_values::<V>(at, place(own + rank), 1);
                        }
                    }
                }
            }
            header::release(at);
        }
        next = dead.pop();
    }
}

/// # Safety
/// A column of `count` children is at `offset`.
unsafe fn each_child<V>(at: NonNull<Header>, offset: usize, count: usize, mut visit: impl FnMut(&Shared<V>)) {
    // SAFETY: the caller says where the column is (N3).
    unsafe {
        let first = at.as_ptr().cast::<u8>().add(offset).cast::<Shared<V>>();
        for i in 0..count {
            visit(&*first.add(i));
        }
    }
}

/// # Safety
/// `count` values are at `offset`; they are gone afterwards.
unsafe fn drop_values<V>(at: NonNull<Header>, offset: usize, count: usize) {
    for i in 0..count {
        // SAFETY: the caller says where the values are (N4).
        unsafe { Column::<V>::drop(at.as_ptr().cast::<u8>().add(offset + i * Column::<V>::STRIDE)) };
    }
}
