//! Hashes of content; how they are made up is told in the documentation of the module.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{Hash, Hasher};

use xxhash_rust::xxh3::xxh3_128;

use super::fold::{Fold, Whole};
use super::kinds::tail;
use crate::algebra::Place;
use crate::bytes::ByteMask;

/// What of a hash does not depend on the way to a location: all that is at and below it.
#[derive(Clone, Copy)]
pub(super) struct Digest {
    kind: u8,
    inner: u128,
}

const DANGLING: u8 = 0;
const VALUE: u8 = 1;
const BRANCHES: u8 = 2;

impl Digest {
    /// Of a location, given the hashes of its children and of its value.
    #[inline]
    pub(super) fn of(mask: &ByteMask, below: &[u128], value: Option<u128>) -> Self {
        if below.is_empty() {
            return match value {
                None => Self { kind: DANGLING, inner: 0 },
                Some(inner) => Self { kind: VALUE, inner },
            };
        }
        // The mask tells how many children there are, so what is left is the value.
        let mut text = Vec::with_capacity(32 + 16 * below.len() + 16);
        text.extend(mask.0.iter().flat_map(|word| word.to_le_bytes()));
        below.iter().for_each(|hash| text.extend_from_slice(&hash.to_le_bytes()));
        text.extend(value.iter().flat_map(|value| value.to_le_bytes()));
        Self { kind: BRANCHES, inner: xxh3_128(&text) }
    }

    /// The hash, given the way to the location.
    #[inline]
    pub(super) fn sealed(self, way: &[u8]) -> u128 {
        const SHORT: usize = 64;
        let head = 17;
        if way.len() <= SHORT - head {
            let mut text = [0; SHORT];
            text[0] = self.kind;
            text[1..head].copy_from_slice(&self.inner.to_le_bytes());
            text[head..head + way.len()].copy_from_slice(way);
            return xxh3_128(&text[..head + way.len()]);
        }
        let mut text = Vec::with_capacity(head + way.len());
        text.push(self.kind);
        text.extend_from_slice(&self.inner.to_le_bytes());
        text.extend_from_slice(way);
        xxh3_128(&text)
    }
}

/// The fold that hashes. It remembers shared nodes without what depends on the way to them.
pub(super) struct Digesting<F> {
    val_hash: F,
    /// By shared node: the way from its root to the first location that is called for, and what that is.
    known: HashMap<usize, (Box<[u8]>, Digest)>,
}

impl<F> Digesting<F> {
    pub(super) fn new(val_hash: F) -> Self {
        Self { val_hash, known: HashMap::new() }
    }
}

/// What all of a subtrie comes to.
pub(super) fn digest<V>(whole: Whole<'_, '_, V, u128, Digest>, val_hash: impl FnOnce(&V) -> u128) -> Digest {
    match whole {
        Whole::Top { mask, below, value } => Digest::of(&mask, below.as_slice(), value.map(val_hash)),
        Whole::Kept(digest) => digest,
        Whole::Out(_) => unreachable!("the fold jumps"),
    }
}

impl<'a, V: 'a, F: Fn(&V) -> u128> Fold<'a, V> for Digesting<F> {
    type Out = u128;
    type Kept = Digest;
    type Error = Infallible;

    const STEPPING: bool = false;

    #[inline]
    fn call(
        &mut self,
        mask: &ByteMask,
        below: &mut [u128],
        value: Option<&'a V>,
        path: &[u8],
        jump: usize,
    ) -> Result<u128, Infallible> {
        Ok(Digest::of(mask, below, value.map(&self.val_hash)).sealed(tail(path, jump)))
    }

    fn resume(&mut self, kept: Digest, path: &[u8], jump: usize) -> Result<u128, Infallible> {
        Ok(kept.sealed(tail(path, jump)))
    }

    #[inline]
    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, _: bool) -> Option<Digest> {
        if !place.is_shared() {
            return None;
        }
        let (way, digest) = self.known.get(&place.node().id())?;
        path.extend_from_slice(way);
        Some(*digest)
    }

    fn enter(&mut self, place: Place<'a, V>, _: bool) -> bool {
        place.is_shared()
    }

    fn keep(
        &mut self,
        place: Place<'a, V>,
        path: &[u8],
        start: usize,
        whole: Whole<'_, 'a, V, u128, Digest>,
    ) -> Digest {
        let digest = digest(whole, &self.val_hash);
        self.known.insert(place.node().id(), (path[start..].into(), digest));
        digest
    }
}

/// The hash of a value: of the bytes that it feeds, in an order that is the same on every machine.
pub(super) fn content_hash<T: Hash + ?Sized>(value: &T) -> u128 {
    let mut hasher = ContentHasher { short: [0; 64], len: 0, long: Vec::new() };
    value.hash(&mut hasher);
    hasher.hash()
}

/// Collects what a value feeds, numbers in little-endian order and those of the machine's width as 64 bits.
struct ContentHasher {
    short: [u8; 64],
    len: usize,
    /// All of it, once it is more than fits `short`.
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
