//! The value column: where a value lies in it, inline or behind a box.

use std::marker::PhantomData;
use std::ptr;

/// How values of type `V` lie in a node's value column.
///
/// Small values lie inline. Larger ones, and those that need more than the node's alignment, are boxed: every insert
/// into a node moves part of its columns, and a wide node would pay for the value's size at each place.
pub(super) struct Column<V>(PhantomData<V>);

impl<V> Column<V> {
    /// Above this many bytes a value is boxed.
    const INLINE_MAX: usize = 32;

    const INLINE: bool = size_of::<V>() <= Self::INLINE_MAX && align_of::<V>() <= super::header::ALIGN;

    /// Bytes from one value to the next. A multiple of the alignment of what lies there.
    pub(super) const STRIDE: usize = if Self::INLINE { size_of::<V>() } else { size_of::<*mut V>() };

    /// What each value takes outside of the column.
    pub(super) const BOXED_BYTES: usize = if Self::INLINE { 0 } else { size_of::<V>() };

    /// True iff dropping a place does anything.
    pub(super) const NEEDS_DROP: bool = !Self::INLINE || std::mem::needs_drop::<V>();

    /// # Safety
    /// `at` is a vacant place of a value column.
    #[inline]
    pub(super) unsafe fn write(at: *mut u8, value: V) {
        if Self::INLINE {
            // SAFETY: the place is vacant, large enough and aligned for V (N4).
            unsafe { at.cast::<V>().write(value) }
        } else {
            // SAFETY: the place is vacant, large enough and aligned for a pointer (N4).
            unsafe { at.cast::<*mut V>().write(Box::into_raw(Box::new(value))) }
        }
    }

    /// Moves the value out; the place is vacant afterwards.
    ///
    /// # Safety
    /// `at` is a filled place of a value column.
    #[inline]
    pub(super) unsafe fn take(at: *const u8) -> V {
        if Self::INLINE {
            // SAFETY: the place is filled with a V (N4), and the caller forgets it.
            unsafe { at.cast::<V>().read() }
        } else {
            // SAFETY: the place holds a pointer that came from Box::into_raw (N4), and the caller forgets it.
            unsafe { *Box::from_raw(at.cast::<*mut V>().read()) }
        }
    }

    /// # Safety
    /// `at` is a filled place of a value column that nobody writes during `'a`.
    #[inline]
    pub(super) unsafe fn get<'a>(at: *const u8) -> &'a V {
        // SAFETY: the place is filled (N4), and the caller keeps it so for 'a.
        unsafe { if Self::INLINE { &*at.cast::<V>() } else { &**at.cast::<*const V>() } }
    }

    /// # Safety
    /// `at` is a filled place of a value column that nobody else touches during `'a`.
    #[inline]
    pub(super) unsafe fn get_mut<'a>(at: *mut u8) -> &'a mut V {
        // SAFETY: the place is filled (N4), and it is the caller's alone for 'a.
        unsafe { if Self::INLINE { &mut *at.cast::<V>() } else { &mut **at.cast::<*mut V>() } }
    }

    /// # Safety
    /// `at` is a filled place of a value column; it is vacant afterwards, also if the value's drop panics.
    pub(super) unsafe fn drop(at: *mut u8) {
        if Self::INLINE {
            // SAFETY: as for `take`.
            unsafe { ptr::drop_in_place(at.cast::<V>()) }
        } else {
            // SAFETY: as for `take`.
            drop(unsafe { Box::from_raw(at.cast::<*mut V>().read()) })
        }
    }
}
