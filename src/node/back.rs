//! The back of a node: a column of words below a column of values, growing downwards from the end.
//!
//! A list's words are its children, a wide node's are its tails. Each column holds its first
//! element at the top, so an element behind all others is added without moving any. Loading in
//! path order adds all elements so.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use super::column::Column;
use super::header::{ALIGN, Header};

/// The back of a node, which only the holder may touch.
///
/// Opening and closing places changes the counts here; the caller writes them to the header.
pub(super) struct Back<'a, V> {
    at: NonNull<Header>,
    /// The size of the allocation.
    size: usize,
    /// The size of a word.
    word: usize,
    values: usize,
    pub(super) words: usize,
    life: PhantomData<&'a mut V>,
}

impl<V> Back<'_, V> {
    #[inline(always)]
    pub(super) fn new(at: NonNull<Header>, size: usize, word: usize, values: usize, words: usize) -> Self {
        Self { at, size, word, values, words, life: PhantomData }
    }

    const STRIDE: usize = Column::<V>::STRIDE;

    fn values_at(&self) -> usize {
        self.size - self.values * Self::STRIDE
    }

    /// Where the words end, below the values.
    fn words_end(&self) -> usize {
        self.values_at() / ALIGN * ALIGN
    }

    fn words_at(&self) -> usize {
        self.words_end() - self.words * self.word
    }

    /// The bytes that the back takes.
    pub(super) fn len(&self) -> usize {
        self.size - self.words_at()
    }

    fn byte(&self, offset: usize) -> *mut u8 {
        // SAFETY: offsets are within the allocation, since the back ends with it (N2).
        unsafe { self.at.as_ptr().cast::<u8>().add(offset) }
    }

    /// The place of the value at `rank`.
    pub(super) fn value(&self, rank: usize) -> *mut u8 {
        self.byte(self.size - (rank + 1) * Self::STRIDE)
    }

    /// The place of the word at `rank`.
    pub(super) fn word(&self, rank: usize) -> *mut u8 {
        self.byte(self.words_end() - (rank + 1) * self.word)
    }

    /// Moves `len` bytes.
    ///
    /// # Safety
    /// Both ranges are within the back, before or after the change.
    unsafe fn shift(&self, from: usize, to: usize, len: usize) {
        if len == 0 || from == to {
            return;
        }
        // SAFETY: both are within the allocation (the caller).
        unsafe { ptr::copy(self.byte(from), self.byte(to), len) }
    }

    /// Opens a vacant place for a value at `rank`.
    ///
    /// # Safety
    /// There is room for one more value between the front and the back.
    pub(super) unsafe fn open_value(&mut self, rank: usize) -> *mut u8 {
        let (words, values) = (self.words_at(), self.values_at());
        let behind = self.values - rank;
        self.values += 1;
        if Self::STRIDE.is_multiple_of(ALIGN) {
            // Without padding between the columns both move equally far, and so together.
            // SAFETY: there is room below (the caller).
            unsafe { self.shift(words, self.words_at(), self.words * self.word + behind * Self::STRIDE) };
            return self.value(rank);
        }
        // SAFETY: there is room below (the caller); the words go first, out of the values' way.
        unsafe {
            self.shift(words, self.words_at(), self.words * self.word);
            self.shift(values, self.values_at(), behind * Self::STRIDE);
        }
        self.value(rank)
    }

    /// Closes the vacant place of the value at `rank`.
    pub(super) fn close_value(&mut self, rank: usize) {
        let (words, values) = (self.words_at(), self.values_at());
        self.values -= 1;
        if Self::STRIDE.is_multiple_of(ALIGN) {
            let len = self.words * self.word + (self.values - rank) * Self::STRIDE;
            // SAFETY: as in `open_value`; nothing leaves the back.
            return unsafe { self.shift(words, self.words_at(), len) };
        }
        // SAFETY: the values close the vacant place, the words follow; nothing leaves the back.
        unsafe {
            self.shift(values, self.values_at(), (self.values - rank) * Self::STRIDE);
            self.shift(words, self.words_at(), self.words * self.word);
        }
    }

    /// Opens a vacant place for a word at `rank`.
    ///
    /// # Safety
    /// There is room for one more word between the front and the back.
    pub(super) unsafe fn open_word(&mut self, rank: usize) -> *mut u8 {
        let words = self.words_at();
        let behind = self.words - rank;
        self.words += 1;
        // SAFETY: there is room below (the caller).
        unsafe { self.shift(words, self.words_at(), behind * self.word) };
        self.word(rank)
    }

    /// Closes the vacant place of the word at `rank`.
    pub(super) fn close_word(&mut self, rank: usize) {
        let words = self.words_at();
        self.words -= 1;
        // SAFETY: the words close the vacant place.
        unsafe { self.shift(words, self.words_at(), (self.words - rank) * self.word) };
    }
}
