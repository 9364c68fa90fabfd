//! A value in a node, to be changed.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use super::bin::Bin;
use super::column::{Column, Stored};

/// A filled place of a value column that is the holder's alone during `'a`.
pub(super) struct ValueMut<'a, V> {
    at: *mut u8,
    life: PhantomData<&'a mut V>,
}

impl<'a, V> ValueMut<'a, V> {
    /// # Safety
    /// `at` is a filled place of a value column that nobody else touches during `'a`.
    #[inline(always)]
    pub(super) unsafe fn new(at: *mut u8) -> Self {
        Self { at, life: PhantomData }
    }

    /// The value. A boxed one that others own too is cloned first, and their box goes to the bin.
    ///
    /// If the clone panics, nothing has changed.
    #[inline]
    pub(super) fn into_mut(self, bin: &mut Bin<V>) -> &'a mut V
    where
        V: Clone,
    {
        if Column::<V>::INLINE {
            // SAFETY: the place is filled (N4), and it is the holder's alone for 'a (`new`).
            return unsafe { &mut *self.at.cast::<V>() };
        }
        // SAFETY: the place holds what came from Arc::into_raw (N4); the box is still the place's.
        let mut boxed = ManuallyDrop::new(unsafe { Arc::from_raw(self.at.cast::<*const V>().read()) });
        if Arc::get_mut(&mut boxed).is_none() {
            let own = Arc::into_raw(Arc::new(V::clone(&boxed)));
            // SAFETY: the place is the holder's alone (`new`); the box that lay there goes to the bin.
            unsafe { self.at.cast::<*const V>().write(own) };
            bin.put_value(Stored::of_box(ManuallyDrop::into_inner(boxed)));
        }
        // SAFETY: the box has one owner, the place, which is the holder's alone for 'a (`new`).
        unsafe { &mut *self.at.cast::<*mut V>().read() }
    }

    /// Puts another value in its place, and returns the one that was there.
    ///
    /// That one is made this owner's alone first, so nothing has changed if its clone panics.
    #[inline]
    pub(super) fn exchange(self, value: Stored<V>, bin: &mut Bin<V>) -> Stored<V>
    where
        V: Clone,
    {
        let at = self.at;
        self.into_mut(bin);
        // SAFETY: the place is filled (N4) and the holder's alone (`new`); it is filled again at once.
        unsafe {
            let old = Column::take(at);
            Column::write(at, value);
            old
        }
    }
}
