//! The path at an end of a walk. Walks that return no paths do not track it.

use crate::node::Suffix;

/// The path that a walk tracks at one of its ends.
pub(crate) trait Track: Clone + Default {
    /// The length of the path.
    fn len(&self) -> usize;

    /// Truncates the path to `len` bytes.
    fn cut(&mut self, len: usize);

    /// Truncates the path to `len` bytes, and appends a suffix.
    fn replace(&mut self, len: usize, suffix: Suffix<'_>);

    /// Replaces the path by `path`.
    fn set(&mut self, path: &[u8]);

    /// Truncates the path to `len` bytes, and appends the bytes `len..end` of the other end's
    /// path.
    fn follow(&mut self, other: &Self, len: usize, end: usize);

    /// The path.
    fn path(&self) -> &[u8];
}

/// For walks that return no paths.
impl Track for () {
    fn len(&self) -> usize {
        0
    }

    fn cut(&mut self, _len: usize) {}

    fn replace(&mut self, _len: usize, _suffix: Suffix<'_>) {}

    fn set(&mut self, _path: &[u8]) {}

    fn follow(&mut self, _other: &Self, _len: usize, _end: usize) {}

    fn path(&self) -> &[u8] {
        &[]
    }
}

/// A path in a buffer. Most suffixes are short, so they are copied word by word instead of by a
/// call.
#[derive(Default)]
pub(crate) struct TrackedPath {
    /// The path, followed by unused bytes.
    buffer: Vec<u8>,
    len: usize,
}

impl Clone for TrackedPath {
    fn clone(&self) -> Self {
        Self { buffer: self.path().to_vec(), len: self.len }
    }
}

impl TrackedPath {
    #[cold]
    fn grow(&mut self, len: usize) {
        self.buffer.resize(len.max(2 * self.buffer.len()).max(32), 0);
    }

    /// Writes `bytes` at `at`. The path ends after them.
    #[inline(always)]
    fn write(&mut self, at: usize, bytes: &[u8]) {
        let end = at + bytes.len();
        if end > self.buffer.len() {
            self.grow(end);
        }
        self.len = end;
        let to = &mut self.buffer[at..end];
        if bytes.len() <= 16
            && let (Some(&first), Some(&last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>())
            && let Some(begin) = to.first_chunk_mut::<8>()
        {
            *begin = first;
            if let Some(finish) = to.last_chunk_mut::<8>() {
                *finish = last;
            }
        } else if bytes.len() < 8
            && let (Some(&first), Some(&last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>())
            && let Some(begin) = to.first_chunk_mut::<4>()
        {
            *begin = first;
            if let Some(finish) = to.last_chunk_mut::<4>() {
                *finish = last;
            }
        } else if let ([first, .., last], [begin, .., finish]) = (bytes, &mut *to)
            && bytes.len() < 4
        {
            (*begin, *finish) = (*first, *last);
            if bytes.len() == 3 {
                to[1] = bytes[1];
            }
        } else {
            to.copy_from_slice(bytes);
        }
    }
}

impl Track for TrackedPath {
    #[inline]
    fn len(&self) -> usize {
        self.len
    }

    #[inline]
    fn cut(&mut self, len: usize) {
        debug_assert!(len <= self.len);
        self.len = len;
    }

    #[inline(always)]
    fn replace(&mut self, len: usize, Suffix { head, rest }: Suffix<'_>) {
        debug_assert!(len <= self.len);
        if self.buffer.len() <= len {
            self.grow(len + 1 + rest.len());
        }
        self.buffer[len] = head;
        if rest.is_empty() {
            self.len = len + 1;
        } else {
            self.write(len + 1, rest);
        }
    }

    fn set(&mut self, path: &[u8]) {
        self.write(0, path);
    }

    fn follow(&mut self, other: &Self, len: usize, end: usize) {
        self.write(len, &other.buffer[len..end]);
    }

    #[inline]
    fn path(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}
