//! The value column: where a value lies in it, inline or behind a counted box.

use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop, MaybeUninit};
use std::sync::Arc;

use super::header::ALIGN;

/// Above this many bytes a value is boxed.
const INLINE_MAX: usize = 32;

type Bytes = MaybeUninit<[u64; INLINE_MAX / 8]>;

/// How values of type `V` lie in a node's value column.
///
/// Small values lie inline. Larger ones, and those that need more than the node's alignment, are boxed: every insert
/// into a node moves part of its columns, and a wide node would pay for the value's size at each place. Boxes are counted:
/// a copy of a node shares them, and a boxed value is cloned only when it is changed or moved out while it is shared.
pub(super) struct Column<V>(PhantomData<V>);

/// A value as it lies in a value column: the value itself, or a counted box of it.
///
/// Of a large value only the box moves.
pub(crate) struct Stored<V> {
    /// The first [`Column::STRIDE`] bytes are those of the column.
    bytes: Bytes,
    of: PhantomData<(V, Arc<V>)>,
}

impl<V> Column<V> {
    /// True iff values lie in the column itself.
    pub(super) const INLINE: bool = size_of::<V>() <= INLINE_MAX && align_of::<V>() <= ALIGN;

    /// Bytes from one value to the next. A multiple of the alignment of what lies there.
    pub(super) const STRIDE: usize = if Self::INLINE { size_of::<V>() } else { size_of::<*mut V>() };

    /// The bytes that each value takes outside of the column: those of its box, with the two counts.
    pub(super) const BOXED_BYTES: usize =
        if Self::INLINE { 0 } else { size_of::<V>() + 2 * size_of::<usize>() };

    /// True iff dropping a place does anything.
    pub(super) const NEEDS_DROP: bool = !Self::INLINE || mem::needs_drop::<V>();

    /// # Safety
    /// `at` is a vacant place of a value column.
    #[inline]
    pub(super) unsafe fn write(at: *mut u8, value: Stored<V>) {
        let value = ManuallyDrop::new(value);
        // SAFETY: the place is vacant and large enough (N4); the bytes are those of one place.
        unsafe { at.copy_from_nonoverlapping(value.bytes.as_ptr().cast(), Self::STRIDE) }
    }

    /// Moves the value out; the place is vacant afterwards.
    ///
    /// # Safety
    /// `at` is a filled place of a value column.
    #[inline]
    pub(super) unsafe fn take(at: *const u8) -> Stored<V> {
        let mut bytes = Bytes::uninit();
        // SAFETY: the place is filled (N4), and the caller forgets it.
        unsafe { at.copy_to_nonoverlapping(bytes.as_mut_ptr().cast::<u8>(), Self::STRIDE) };
        Stored { bytes, of: PhantomData }
    }

    /// # Safety
    /// `at` is a filled place of a value column that nobody writes during `'a`.
    #[inline]
    pub(super) unsafe fn get<'a>(at: *const u8) -> &'a V {
        // SAFETY: the place is filled (N4), and the caller keeps it so for 'a.
        unsafe { if Self::INLINE { &*at.cast::<V>() } else { &**at.cast::<*const V>() } }
    }

    /// A clone of the value at a place; of a boxed one, another owner.
    ///
    /// # Safety
    /// `at` is a filled place of a value column.
    pub(super) unsafe fn share(at: *const u8) -> Stored<V>
    where
        V: Clone,
    {
        if Self::INLINE {
            // SAFETY: the place is filled (N4).
            return Stored::new(unsafe { Self::get(at) }.clone());
        }
        // SAFETY: the place holds what came from Arc::into_raw (N4); the box is still the place's.
        let boxed = ManuallyDrop::new(unsafe { Arc::from_raw(at.cast::<*const V>().read()) });
        Stored::of_box(Arc::clone(&boxed))
    }

    /// Like [`share`](Self::share), straight into another place.
    ///
    /// # Safety
    /// `from` is a filled place of a value column, and `to` a vacant one.
    #[inline]
    pub(super) unsafe fn share_to(from: *const u8, to: *mut u8)
    where
        V: Clone,
    {
        // SAFETY: the caller's promise.
        unsafe {
            if Self::INLINE {
                to.cast::<V>().write(Self::get(from).clone());
            } else {
                Self::write(to, Self::share(from));
            }
        }
    }

    /// # Safety
    /// `at` is a filled place of a value column; it is vacant afterwards, also if the value's drop panics.
    pub(super) unsafe fn drop(at: *mut u8) {
        // SAFETY: the caller's promise.
        drop(unsafe { Self::take(at) });
    }
}

impl<V> Stored<V> {
    /// Puts a large value into its box, where it stays.
    #[inline]
    pub(crate) fn new(value: V) -> Self {
        if !Column::<V>::INLINE {
            let mut boxed = Arc::<V>::new_uninit();
            let at = Arc::get_mut(&mut boxed).expect("a new box has one owner").as_mut_ptr();
            // Written straight from the argument: `Arc::new` would put it together on the stack first.
            // SAFETY: the box is new, and vacant until now.
            return Self::of_box(unsafe {
                at.write(value);
                boxed.assume_init()
            });
        }
        let mut bytes = Bytes::uninit();
        // SAFETY: an inline value is no larger than the bytes, nor more aligned.
        unsafe { bytes.as_mut_ptr().cast::<V>().write(value) };
        Self { bytes, of: PhantomData }
    }

    pub(super) fn of_box(boxed: Arc<V>) -> Self {
        let mut bytes = Bytes::uninit();
        // SAFETY: a pointer is no larger than the bytes, nor more aligned.
        unsafe { bytes.as_mut_ptr().cast::<*const V>().write(Arc::into_raw(boxed)) };
        Self { bytes, of: PhantomData }
    }

    /// The value. It takes a mutable borrow, since a value with a cell in it may be written through what is returned, and the
    /// bytes themselves are no cell.
    #[inline]
    pub(crate) fn get(&mut self) -> &V {
        // SAFETY: the bytes are those of a filled place, and borrowed mutably with it.
        unsafe { Column::get(self.bytes.as_mut_ptr().cast()) }
    }

    /// The value itself; a boxed one that others own too is cloned.
    #[inline]
    pub(crate) fn into_value(self) -> V
    where
        V: Clone,
    {
        let stored = ManuallyDrop::new(self);
        let at = stored.bytes.as_ptr();
        // SAFETY: the bytes hold a V, or what came from Arc::into_raw (`new`, `of_box`, N4), and are forgotten.
        unsafe {
            if Column::<V>::INLINE {
                at.cast::<V>().read()
            } else {
                Arc::unwrap_or_clone(Arc::from_raw(at.cast::<*const V>().read()))
            }
        }
    }
}

impl<V> Drop for Stored<V> {
    #[inline]
    fn drop(&mut self) {
        if !Column::<V>::NEEDS_DROP {
            return;
        }
        let at = self.bytes.as_mut_ptr();
        // SAFETY: as in `into_value`.
        unsafe {
            if Column::<V>::INLINE {
                at.cast::<V>().drop_in_place();
            } else {
                drop(Arc::from_raw(at.cast::<*const V>().read()));
            }
        }
    }
}
