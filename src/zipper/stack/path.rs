//! The path of a zipper, and what its buffer still holds of an older path.

use std::ops::Deref;

use crate::bytes::common_prefix;
use crate::node::{ShortSuffix, Spelling, Suffix};

/// A path, in a buffer that is not moved while it has room.
///
/// Beyond the path the buffer may hold bytes of older paths. After a [`rewind`](Self::rewind) they
/// are those that followed in the last path, and a walk that goes the same way again does not copy
/// them: see [`retrace`](Self::retrace).
///
/// The buffer has at least the bytes of the path, unless it is [lent](Self::lend_to). A lent path
/// keeps its length, and its buffer has no capacity (S5): each write to it asks for room, and
/// panics unless the path is empty.
#[derive(Clone)]
pub(super) struct PathBuffer {
    /// The path, and then what is left of older paths.
    buffer: Vec<u8>,
    len: usize,
}

impl PathBuffer {
    pub(super) fn new(path: Vec<u8>) -> Self {
        Self { len: path.len(), buffer: path }
    }

    pub(super) fn into_vec(mut self) -> Vec<u8> {
        self.buffer.truncate(self.len);
        self.buffer
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// Makes room for paths of `len` bytes.
    ///
    /// # Panics
    /// Panics if the buffer is lent, since its bytes would be missing (S5).
    pub(super) fn reserve(&mut self, len: usize) {
        assert!(self.len <= self.buffer.len(), "the path's buffer is not lent");
        self.buffer.reserve(len.saturating_sub(self.buffer.len()));
    }

    /// Lends the buffer to another path, which becomes equal to this one, until it is
    /// [given back](Self::give_back).
    #[inline]
    pub(super) fn lend_to(&mut self, other: &mut Self) {
        other.buffer = std::mem::take(&mut self.buffer);
        other.len = self.len;
    }

    /// Gives the buffer back to a path that has lent it. The path becomes empty.
    ///
    /// # Panics
    /// Panics if the buffer is shorter than the path that gets it.
    #[inline]
    pub(super) fn give_back(&mut self, lender: &mut Self) {
        assert!(lender.len <= self.buffer.len(), "the buffer has the lender's path");
        lender.buffer = std::mem::take(&mut self.buffer);
        self.len = 0;
    }

    /// Exchanges the buffer of this path for that of another, which is equal to this one.
    #[inline]
    pub(super) fn exchange(&mut self, other: &mut Self) {
        debug_assert_eq!(self.len, other.len);
        std::mem::swap(&mut self.buffer, &mut other.buffer);
    }

    /// Makes room for a path of `end` bytes.
    #[inline(always)]
    fn make_room(&mut self, end: usize) {
        if end > self.buffer.capacity() {
            self.grow(end);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, end: usize) {
        assert!(self.len <= self.buffer.len(), "the path's buffer is not lent");
        self.buffer.reserve(end - self.buffer.len());
    }

    /// Cuts the path to `len` bytes.
    #[inline]
    pub(super) fn truncate(&mut self, len: usize) {
        debug_assert!(len <= self.len);
        self.len = len;
    }

    /// Cuts the path to `len` bytes. What is left beyond it are the bytes up to `end`.
    #[inline]
    pub(super) fn rewind(&mut self, len: usize, end: usize) {
        debug_assert!(len <= self.len && len <= end);
        self.buffer.truncate(end);
        self.len = len;
    }

    /// Extends the path by `key`; returns how many of its first bytes were in the buffer already.
    /// Since the last `rewind` the path has only been extended in this way.
    #[inline]
    pub(super) fn retrace(&mut self, key: &[u8]) -> usize {
        let same = common_prefix(key, &self.buffer[self.len..]);
        self.len += same;
        if same < key.len() {
            self.extend(&key[same..]);
        }
        same
    }

    /// The byte that followed in the path before the last [`rewind`](Self::rewind), since which the
    /// path has only been extended by [`retrace`](Self::retrace).
    #[inline]
    pub(super) fn byte_beyond(&self) -> Option<u8> {
        self.buffer.get(self.len).copied()
    }

    /// Extends the path.
    #[inline]
    pub(super) fn extend(&mut self, key: &[u8]) {
        self.make_room(self.len + key.len());
        // SAFETY: there is room, so the buffer is not lent (S5), and the bytes before are
        // initialised.
        unsafe { self.write(self.len, key) }
    }

    /// Replaces the end of the path by as many bytes.
    ///
    /// # Panics
    /// Panics if the path has fewer bytes.
    #[inline]
    pub(super) fn replace_end(&mut self, bytes: &[u8]) {
        let at = self.len.checked_sub(bytes.len()).expect("the path has as many bytes");
        self.make_room(self.len);
        // SAFETY: the buffer has room, so it is not lent (S5), and has the path's bytes.
        unsafe { self.write(at, bytes) }
    }

    #[inline]
    pub(super) fn push(&mut self, byte: u8) {
        self.push_at(self.len, byte);
    }

    /// Adds a byte to the path, which has `len` bytes. Returns true, as a step does that ends with
    /// this call: then the step saves no registers for the rare case that the buffer grows.
    #[inline]
    pub(super) fn push_at(&mut self, len: usize, byte: u8) -> bool {
        debug_assert_eq!(len, self.len);
        // Mostly the path was this long before.
        match self.buffer.get_mut(len) {
            Some(place) => {
                *place = byte;
                self.len = len + 1;
                true
            }
            None => self.lengthen(byte),
        }
    }

    #[cold]
    #[inline(never)]
    fn lengthen(&mut self, byte: u8) -> bool {
        assert_eq!(self.len, self.buffer.len(), "the path's buffer is not lent");
        self.buffer.push(byte);
        self.len += 1;
        true
    }

    /// Cuts the path to `len` and adds a byte and a byte string, which is mostly short.
    #[inline]
    pub(super) fn replace_tail(&mut self, len: usize, Suffix { head, rest }: Suffix<'_>) {
        debug_assert!(len <= self.len);
        let end = len + 1 + rest.len();
        self.make_room(end);
        // SAFETY: there is room for `end` bytes, so the buffer is not lent (S5), and those
        // before `len` are initialised.
        unsafe {
            self.buffer.as_mut_ptr().add(len).write(head);
            self.write(len + 1, rest);
        }
    }

    /// Cuts the path to `len` and adds the suffix of an entry.
    #[inline(always)]
    pub(super) fn spell(&mut self, len: usize, suffix: Spelling<'_>) {
        match suffix {
            Spelling::Short(suffix) => self.spell_short(len, suffix),
            Spelling::Long(suffix) => self.replace_tail(len, suffix),
        }
    }

    #[inline(always)]
    fn spell_short(&mut self, len: usize, suffix: ShortSuffix) {
        let ShortSuffix { head, rest, rest_len } = suffix;
        debug_assert!(len <= self.len && rest_len <= 8);
        let end = len + 1 + rest.len();
        self.make_room(end);
        // SAFETY: there is room for the whole word, so the buffer is not lent (S5), and the bytes
        // before `len` are initialised.
        unsafe {
            let to = self.buffer.as_mut_ptr().add(len);
            to.write(head);
            to.add(1).cast::<[u8; 8]>().write(rest);
            self.buffer.set_len(end);
        }
        self.len = len + 1 + rest_len;
    }

    /// Replaces the last byte of the path, which is not empty.
    #[inline(always)]
    pub(super) fn replace_last(&mut self, byte: u8) {
        let last = self.len - 1;
        self.buffer[last] = byte;
    }

    /// Writes `bytes` at `at`, where the path ends then. Up to sixteen bytes are copied as two
    /// overlapping words rather than by a call.
    ///
    /// # Safety
    /// The first `at` bytes of the buffer are initialised, and behind them is room for `bytes`.
    #[inline]
    unsafe fn write(&mut self, at: usize, bytes: &[u8]) {
        let n = bytes.len();
        debug_assert!(at + n <= self.buffer.capacity());
        // SAFETY: the caller says that there is room. Each word is within `bytes`, and as far
        // within the buffer.
        unsafe {
            let (from, to) = (bytes.as_ptr(), self.buffer.as_mut_ptr().add(at));
            if n > 16 {
                from.copy_to_nonoverlapping(to, n);
            } else if n >= 8 {
                let last = from.add(n - 8).cast::<u64>().read_unaligned();
                to.cast::<u64>().write_unaligned(from.cast::<u64>().read_unaligned());
                to.add(n - 8).cast::<u64>().write_unaligned(last);
            } else if n >= 4 {
                let last = from.add(n - 4).cast::<u32>().read_unaligned();
                to.cast::<u32>().write_unaligned(from.cast::<u32>().read_unaligned());
                to.add(n - 4).cast::<u32>().write_unaligned(last);
            } else if n > 0 {
                // The compiler would turn a loop into a call again.
                let (first, middle, last) = (from.read(), from.add(n / 2).read(), from.add(n - 1).read());
                to.write(first);
                to.add(n / 2).write(middle);
                to.add(n - 1).write(last);
            }
            if at + n > self.buffer.len() {
                self.buffer.set_len(at + n);
            }
        }
        self.len = at + n;
    }

    /// The first `len` bytes of the buffer.
    ///
    /// # Safety
    /// They have been written since the buffer was allocated.
    pub(super) unsafe fn written(&self, len: usize) -> &[u8] {
        assert!(len <= self.capacity(), "the path buffer is shorter than {len} bytes");
        // SAFETY: the bytes lie in the buffer, and the caller says that they have been written.
        unsafe { std::slice::from_raw_parts(self.buffer.as_ptr(), len) }
    }
}

impl Deref for PathBuffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}
