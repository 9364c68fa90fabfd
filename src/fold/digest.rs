//! Hashes of content. The documentation of [`fold`](super) says how they are made up.

use crate::node::Place;
use std::convert::Infallible;
use std::hash::{Hash, Hasher};

use xxhash_rust::xxh3::{xxh3_128, xxh3_128_with_seed};

use super::memo::Tops;
use super::traits::{Arguments, NodeFold, Recall, Whole, tail};
use crate::bytes::ByteMask;

/// The part of a hash that does not depend on the way to a location, but on all that is at and
/// below it.
#[derive(Clone, Copy)]
pub(super) struct Digest {
    kind: u64,
    inner: u128,
}

const DANGLING: u64 = 0;
const VALUE: u64 = 1;
const BRANCHES: u64 = 2;

impl Digest {
    /// The digest of an empty trie, and of a location that dangles.
    pub(super) const NOTHING: Self = Self { kind: DANGLING, inner: 0 };

    /// The digest of a location, given the hashes of its children and of its value. `scratch` is
    /// for the bytes to be hashed.
    #[inline]
    pub(super) fn of(mask: &ByteMask, below: &[u128], value: Option<u128>, scratch: &mut Vec<u8>) -> Self {
        if below.is_empty() {
            return match value {
                None => Self::NOTHING,
                Some(inner) => Self { kind: VALUE, inner },
            };
        }
        // The mask tells how many children there are, so a reader knows where the value begins.
        scratch.clear();
        scratch.reserve(32 + 16 * below.len() + 16);
        scratch.extend_from_slice(mask.0.map(u64::to_le_bytes).as_flattened());
        below.iter().for_each(|hash| scratch.extend_from_slice(&hash.to_le_bytes()));
        scratch.extend_from_slice(value.map(u128::to_le_bytes).as_ref().map_or(&[], |value| value));
        Self { kind: BRANCHES, inner: xxh3_128(scratch) }
    }

    /// Returns the hash, given the way to the location.
    #[inline]
    pub(super) fn sealed(self, way: &[u8]) -> u128 {
        // Two words of sixteen bytes, which are read as they were written. With the way itself in
        // here, it took three times as long.
        let text = [self.inner.to_le_bytes(), xxh3_128(way).to_le_bytes()];
        xxh3_128_with_seed(text.as_flattened(), self.kind)
    }
}

/// Makes digests, given a function that hashes values.
pub(super) struct Digester<F> {
    val_hash: F,
    scratch: Vec<u8>,
}

impl<F> Digester<F> {
    pub(super) fn new(val_hash: F) -> Self {
        Self { val_hash, scratch: Vec::new() }
    }

    /// Returns the hash of a location with the way to it.
    #[inline]
    pub(super) fn hash<V>(&mut self, at: Arguments<'_, '_, V, u128>) -> u128
    where
        F: Fn(&V) -> u128,
    {
        let value = at.value.map(&self.val_hash);
        Digest::of(at.mask, at.children, value, &mut self.scratch).sealed(at.way())
    }

    /// Returns the digest of a whole place. `known` looks it up if it is kept already.
    #[inline]
    pub(super) fn digest<V, Kept>(
        &mut self,
        whole: Whole<'_, '_, V, u128, Kept>,
        known: impl FnOnce(Kept) -> Digest,
    ) -> Digest
    where
        F: Fn(&V) -> u128,
    {
        match whole {
            Whole::Top { mask, children, value } => {
                Digest::of(&mask, children.as_slice(), value.map(&self.val_hash), &mut self.scratch)
            }
            Whole::Kept(kept) => known(kept),
            Whole::Out(_) => unreachable!("the fold jumps"),
        }
    }
}

/// The fold that hashes. It remembers the digests of shared nodes.
pub(super) struct Digesting<F> {
    digester: Digester<F>,
    tops: Tops<Digest>,
}

impl<F> Digesting<F> {
    pub(super) fn new(digester: Digester<F>) -> Self {
        Self { digester, tops: Tops::new() }
    }
}

impl<'a, V: 'a, F: Fn(&V) -> u128> NodeFold<'a, V> for Digesting<F> {
    type Out = u128;
    type Kept = Digest;
    type Error = Infallible;

    const STEPPING: bool = false;

    #[inline]
    fn call(&mut self, at: Arguments<'_, 'a, V, u128>) -> Result<u128, Infallible> {
        Ok(self.digester.hash(at))
    }

    fn resume(&mut self, kept: Digest, path: &[u8], jump: usize) -> Result<u128, Infallible> {
        Ok(kept.sealed(tail(path, jump)))
    }

    #[inline]
    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, _: bool) -> Recall<Digest> {
        self.tops.recall(place, path)
    }

    fn keep(
        &mut self,
        place: Place<'a, V>,
        path: &[u8],
        start: usize,
        whole: Whole<'_, 'a, V, u128, Digest>,
    ) -> Digest {
        let digest = self.digester.digest(whole, |digest| digest);
        self.tops.keep(place.node().id() as u64, &path[start..], digest);
        digest
    }
}

/// Returns the hash of the bytes that a value's `Hash` writes, which are the same on every
/// machine.
pub(super) fn content_hash<T: Hash + ?Sized>(value: &T) -> u128 {
    let mut hasher = ContentHasher { short: [0; 64], len: 0, long: Vec::new() };
    value.hash(&mut hasher);
    hasher.hash()
}

/// Collects the bytes that a value's `Hash` writes. Numbers are in little-endian order, and those
/// of the machine's width have 64 bits.
struct ContentHasher {
    short: [u8; 64],
    len: usize,
    /// All bytes, once there are more than fit `short`.
    long: Vec<u8>,
}

impl ContentHasher {
    fn hash(&self) -> u128 {
        xxh3_128(if self.long.is_empty() { &self.short[..self.len] } else { &self.long })
    }
}

macro_rules! fixed_order {
    ($($write:ident: $number:ty as $wide:ty),*) => {
        $(fn $write(&mut self, n: $number) {
            self.write(&(n as $wide).to_le_bytes());
        })*
    };
}

impl Hasher for ContentHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        if self.long.is_empty() {
            if let Some(to) = self.short.get_mut(self.len..self.len + bytes.len()) {
                to.copy_from_slice(bytes);
                self.len += bytes.len();
                return;
            }
            self.long.extend_from_slice(&self.short[..self.len]);
        }
        self.long.extend_from_slice(bytes);
    }

    fixed_order!(
        write_u16: u16 as u16, write_u32: u32 as u32, write_u64: u64 as u64, write_u128: u128 as u128,
        write_usize: usize as u64, write_i16: i16 as i16, write_i32: i32 as i32, write_i64: i64 as i64,
        write_i128: i128 as i128, write_isize: isize as i64
    );

    fn finish(&self) -> u64 {
        self.hash() as u64
    }
}
