//! Values in cache lines of their own.

use std::ops::{Deref, DerefMut};

/// A value alone in its cache lines, so that threads that write to neighbouring values do not wait
/// for each other.
///
/// CPUs fetch lines of 64 bytes, and some fetch them in pairs.
#[repr(align(128))]
pub(super) struct CachePadded<T>(T);

impl<T> CachePadded<T> {
    pub(super) fn new(value: T) -> Self {
        Self(value)
    }

    pub(super) fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for CachePadded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for CachePadded<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
