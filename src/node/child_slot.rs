//! The slot of a child, from which an edit can still go back to the parent.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::shared::Shared;

/// The slot of a child in its parent, and the slot of the parent, both borrowed mutably.
///
/// The child and the parent are lent in turn, never at once. So the place of the child in the
/// parent, which takes two dozen instructions to compute, is computed once. The parent is lent only
/// in exchange for this, so nobody edits it while the place is known.
pub(crate) struct ChildSlot<'a, V> {
    /// The slot of the parent, which has one owner.
    parent: NonNull<Shared<V>>,
    /// The number of the entry.
    entry: usize,
    /// The place of the child in the parent.
    child: NonNull<Shared<V>>,
    life: PhantomData<&'a mut Shared<V>>,
}

// SAFETY: it lends what a `&mut Shared<V>` does, which may be sent like the `Shared` (N5).
unsafe impl<V: Send + Sync> Send for ChildSlot<'_, V> {}
// SAFETY: as above; a shared reference to it lends `&Shared<V>`.
unsafe impl<V: Send + Sync> Sync for ChildSlot<'_, V> {}

/// Where a [step](ChildSlot::step) has led.
pub(crate) enum Step<'a, V> {
    /// To a child that has another entry or its own value; so many bytes of the key lead there.
    On(ChildSlot<'a, V>, usize),
    /// Nowhere: no child entry begins the key and is shorter than it.
    End(ChildSlot<'a, V>),
    /// Nowhere: the node has other owners, or the child would be left with nothing if the entry
    /// on the way were removed.
    Stop(ChildSlot<'a, V>),
}

impl<'a, V> ChildSlot<'a, V> {
    /// The slot of the child of entry `i` of a node.
    ///
    /// # Panics
    /// Panics if the node has other owners, or the entry is no child.
    pub(crate) fn new(parent: &'a mut Shared<V>, i: usize) -> Self {
        let mut parent = NonNull::from(parent);
        // SAFETY: the parent is borrowed mutably for 'a (N5).
        let node = unsafe { parent.as_mut() }.try_unique().expect("the parent has one owner");
        let child = NonNull::from(node.child_mut(i));
        Self { parent, entry: i, child, life: PhantomData }
    }

    #[inline]
    pub(crate) fn child(&self) -> &Shared<V> {
        // SAFETY: the place is that of a child (N3), since nobody has edited the parent, which is
        // borrowed mutably for 'a (N5). The child is lent while this is borrowed.
        unsafe { self.child.as_ref() }
    }

    #[inline]
    pub(crate) fn child_mut(&mut self) -> &mut Shared<V> {
        // SAFETY: as in `child`, with a mutable borrow.
        unsafe { self.child.as_mut() }
    }

    #[inline]
    pub(crate) fn into_child(mut self) -> &'a mut Shared<V> {
        // SAFETY: as in `child`. Nothing else lends the child or the parent for 'a.
        unsafe { self.child.as_mut() }
    }

    /// The slot of the parent, and the number of the child's entry.
    #[inline]
    pub(crate) fn into_parent(mut self) -> (&'a mut Shared<V>, usize) {
        // SAFETY: the parent, which has one owner (N5), was borrowed mutably for 'a, and nothing
        // lends the child any more.
        (unsafe { self.parent.as_mut() }, self.entry)
    }

    /// Goes on to the child of the child on the way along `key`, which is not empty.
    #[inline(always)]
    pub(crate) fn step(self, key: &[u8]) -> Step<'a, V> {
        let node = self.child();
        let Some((entry, used, place)) =
            node.view().way_to_place(key).filter(|&(_, used, _)| used < key.len())
        else {
            return Step::End(self);
        };
        // SAFETY: the place is that of a child (N3), as was just found.
        let lasts = unsafe { (*place).outlasts_an_entry() };
        if !lasts || !node.is_unique() {
            return Step::Stop(self);
        }
        // SAFETY: a place in a node (N2) is not null.
        let child = unsafe { NonNull::new_unchecked(place.cast_mut()) };
        Step::On(ChildSlot { parent: self.child, entry, child, life: PhantomData }, used)
    }
}
