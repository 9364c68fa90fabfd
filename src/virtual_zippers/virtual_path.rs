//! The path buffer of a virtual zipper that stores its own path.

use crate::bytes::first_word;

/// A path whose buffer keeps the bytes that were truncated, until they are overwritten.
///
/// So the bytes beyond the path can be read ([`written`](Self::written)) without unsafe code.
#[derive(Default)]
pub(crate) struct VirtualPath {
    bytes: Vec<u8>,
    len: usize,
}

impl VirtualPath {
    pub(crate) fn new(path: &[u8]) -> Self {
        Self { bytes: path.to_vec(), len: path.len() }
    }

    #[inline]
    pub(crate) fn get(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        match self.bytes.get_mut(self.len) {
            Some(place) => *place = byte,
            None => self.bytes.push(byte),
        }
        self.len += 1;
    }

    #[inline]
    pub(crate) fn extend(&mut self, more: &[u8]) {
        let (over, new) = more.split_at(more.len().min(self.bytes.len() - self.len));
        self.bytes[self.len..self.len + over.len()].copy_from_slice(over);
        self.bytes.extend_from_slice(new);
        self.len += more.len();
    }

    /// Replaces what follows the first `len` bytes by a byte, if there is one, and more bytes.
    #[inline]
    pub(crate) fn replace_after(&mut self, len: usize, byte: Option<u8>, more: &[u8]) {
        self.truncate(len);
        if let Some(byte) = byte {
            self.push(byte);
        }
        if more.is_empty() {
            return;
        }
        let place = self.bytes.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut::<8>);
        let Some(place) = place.filter(|_| more.len() < 8) else { return self.extend(more) };
        // Few bytes are written as one word, without a call. What follows them is kept.
        let (word, kept) = (first_word(more), u64::from_le_bytes(*place) & !0 << (8 * more.len()));
        *place = (word | kept).to_le_bytes();
        self.len += more.len();
    }

    #[inline]
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Reserves room for `len` bytes in total.
    pub(crate) fn reserve(&mut self, len: usize) {
        self.bytes.reserve(len.saturating_sub(self.bytes.len()));
    }

    /// The first `len` bytes of the buffer, including bytes beyond the path.
    ///
    /// # Panics
    /// Panics if fewer bytes of the buffer have been written.
    pub(crate) fn written(&self, len: usize) -> &[u8] {
        assert!(len <= self.bytes.len(), "{len} bytes of the path buffer were never written");
        &self.bytes[..len]
    }
}

impl Clone for VirtualPath {
    fn clone(&self) -> Self {
        Self::new(self.get())
    }
}
