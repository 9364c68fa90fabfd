//! The bytes of a file, and who keeps them alive.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The bytes that a [`Packed`](super::Packed) trie reads.
///
/// They are borrowed, or shared by all clones of the trie. There is a `From` implementation for
/// each kind of bytes, so [`Packed::new`](super::Packed::new) takes the bytes themselves.
#[derive(Clone)]
pub struct Data<'a>(Source<'a>);

#[derive(Clone)]
enum Source<'a> {
    Borrowed(&'a [u8]),
    Shared(Arc<[u8]>),
    /// The bytes begin at the number.
    Owned(Arc<Vec<u8>>, usize),
    #[cfg(feature = "mmap")]
    Mapped(Arc<memmap2::Mmap>),
}

impl<'a> Data<'a> {
    #[cfg(feature = "mmap")]
    pub(super) fn mapped(map: memmap2::Mmap) -> Self {
        Self(Source::Mapped(Arc::new(map)))
    }

    /// Makes the first byte lie at a multiple of `align` in memory, if necessary by a copy.
    pub(super) fn aligned(self, align: usize) -> Self {
        let padding = |bytes: &[u8]| bytes.as_ptr().align_offset(align);
        if padding(&self) == 0 {
            return self;
        }
        let mut copy: Vec<u8> = Vec::with_capacity(self.len() + align);
        // The address of the buffer does not change, because it has room for all.
        let start = padding(&copy);
        copy.resize(start, 0);
        copy.extend_from_slice(&self);
        Self(Source::Owned(Arc::new(copy), start))
    }
}

impl Deref for Data<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Source::Borrowed(bytes) => bytes,
            Source::Shared(bytes) => bytes,
            Source::Owned(bytes, start) => &bytes[*start..],
            #[cfg(feature = "mmap")]
            Source::Mapped(map) => map,
        }
    }
}

impl<'a> From<&'a [u8]> for Data<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(Source::Borrowed(bytes))
    }
}

impl<'a> From<&'a Vec<u8>> for Data<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self(Source::Borrowed(bytes))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Data<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self(Source::Borrowed(bytes))
    }
}

impl From<Vec<u8>> for Data<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Source::Owned(Arc::new(bytes), 0))
    }
}

impl From<Box<[u8]>> for Data<'_> {
    fn from(bytes: Box<[u8]>) -> Self {
        bytes.into_vec().into()
    }
}

impl From<Arc<[u8]>> for Data<'_> {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self(Source::Shared(bytes))
    }
}

impl fmt::Debug for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.0 {
            Source::Borrowed(_) => "borrowed",
            Source::Shared(_) | Source::Owned(..) => "shared",
            #[cfg(feature = "mmap")]
            Source::Mapped(_) => "mapped",
        };
        f.debug_struct("Data").field("kind", &kind).field("len", &self.len()).finish()
    }
}
