//! What the kinds of folds remember.

use std::collections::HashMap;
use std::convert::Infallible;
use std::marker::PhantomData;

use super::fold::{Fold, Whole};
use super::tops::{Top, apply};
use crate::algebra::Place;
use crate::bytes::ByteMask;

/// A fold that calls for each location, and remembers nothing.
pub(super) struct Stepping<W, F>(F, PhantomData<fn(W)>);

/// A fold that calls for values, branches and tips, and remembers nothing.
pub(super) struct Jumping<W, F>(F, PhantomData<fn(W)>);

impl<W, F> Stepping<W, F> {
    pub(super) fn new(alg: F) -> Self {
        Self(alg, PhantomData)
    }
}

impl<W, F> Jumping<W, F> {
    pub(super) fn new(alg: F) -> Self {
        Self(alg, PhantomData)
    }
}

impl<'a, V: 'a, W, E, F> Fold<'a, V> for Stepping<W, F>
where
    F: FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>,
{
    type Out = W;
    type Kept = Infallible;
    type Error = E;

    const STEPPING: bool = true;

    #[inline]
    fn call(
        &mut self,
        mask: &ByteMask,
        below: &mut [W],
        value: Option<&'a V>,
        path: &[u8],
        _: usize,
    ) -> Result<W, E> {
        self.0(mask, below, value, path)
    }

    fn resume(&mut self, kept: Infallible, _: &[u8], _: usize) -> Result<W, E> {
        match kept {}
    }
}

impl<'a, V: 'a, W, E, F> Fold<'a, V> for Jumping<W, F>
where
    F: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, E>,
{
    type Out = W;
    type Kept = Infallible;
    type Error = E;

    const STEPPING: bool = false;

    #[inline]
    fn call(
        &mut self,
        mask: &ByteMask,
        below: &mut [W],
        value: Option<&'a V>,
        path: &[u8],
        jump: usize,
    ) -> Result<W, E> {
        self.0(mask, below, jump, value, path)
    }

    fn resume(&mut self, kept: Infallible, _: &[u8], _: usize) -> Result<W, E> {
        match kept {}
    }
}

/// A fold that calls for each location, and remembers what the roots of shared nodes were made into.
pub(super) struct Cached<W, F> {
    alg: F,
    known: HashMap<usize, W>,
}

impl<W, F> Cached<W, F> {
    pub(super) fn new(alg: F) -> Self {
        Self { alg, known: HashMap::new() }
    }
}

impl<'a, V: 'a, W: Clone, E, F> Fold<'a, V> for Cached<W, F>
where
    F: Fn(&ByteMask, &mut [W], Option<&V>) -> Result<W, E>,
{
    type Out = W;
    type Kept = W;
    type Error = E;

    const STEPPING: bool = true;

    #[inline]
    fn call(
        &mut self,
        mask: &ByteMask,
        below: &mut [W],
        value: Option<&'a V>,
        _: &[u8],
        _: usize,
    ) -> Result<W, E> {
        (self.alg)(mask, below, value)
    }

    fn resume(&mut self, kept: W, _: &[u8], _: usize) -> Result<W, E> {
        Ok(kept)
    }

    #[inline]
    fn recall(&mut self, place: Place<'a, V>, _: &mut Vec<u8>, _: bool) -> Option<W> {
        // What is below a shared node is come to by way of that node.
        if place.is_shared() { self.known.get(&place.node().id()).cloned() } else { None }
    }

    fn enter(&mut self, place: Place<'a, V>, _: bool) -> bool {
        place.is_shared()
    }

    fn keep(&mut self, place: Place<'a, V>, _: &[u8], _: usize, whole: Whole<'_, 'a, V, W, W>) -> W {
        let (Whole::Out(out) | Whole::Kept(out)) = whole else { unreachable!("the fold steps") };
        self.known.insert(place.node().id(), out.clone());
        out
    }
}

/// A fold that calls for each location with the last bytes of its path, and remembers what depends on no others.
pub(super) struct Tailed<W, F> {
    alg: F,
    len: usize,
    /// By [place](Place::key) and the tail of the path to it.
    known: HashMap<Vec<u8>, W>,
    key: Vec<u8>,
}

impl<W, F> Tailed<W, F> {
    pub(super) fn new(alg: F, len: usize) -> Self {
        Self { alg, len, known: HashMap::new(), key: Vec::new() }
    }

    /// What tells a place on a path from all others, as far as the fold can see.
    fn set_key<V>(&mut self, place: Place<'_, V>, path: &[u8]) {
        let (node, entry, depth) = place.key();
        self.key.clear();
        self.key.extend_from_slice(&node.to_ne_bytes());
        self.key.extend_from_slice(&entry.to_ne_bytes());
        self.key.extend_from_slice(&depth.to_ne_bytes());
        self.key.extend_from_slice(tail(path, self.len));
    }
}

/// The last `len` bytes of a path, or all of them.
pub(super) fn tail(path: &[u8], len: usize) -> &[u8] {
    &path[path.len().saturating_sub(len)..]
}

impl<'a, V: 'a, W: Clone, E, F> Fold<'a, V> for Tailed<W, F>
where
    F: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>,
{
    type Out = W;
    type Kept = W;
    type Error = E;

    const STEPPING: bool = true;

    #[inline]
    fn call(
        &mut self,
        mask: &ByteMask,
        below: &mut [W],
        value: Option<&'a V>,
        path: &[u8],
        _: usize,
    ) -> Result<W, E> {
        (self.alg)(mask, below, value, tail(path, self.len))
    }

    fn resume(&mut self, kept: W, _: &[u8], _: usize) -> Result<W, E> {
        Ok(kept)
    }

    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, often: bool) -> Option<W> {
        if !often {
            return None;
        }
        self.set_key(place, path);
        self.known.get(&self.key).cloned()
    }

    fn enter(&mut self, _: Place<'a, V>, often: bool) -> bool {
        often
    }

    fn keep(&mut self, place: Place<'a, V>, path: &[u8], _: usize, whole: Whole<'_, 'a, V, W, W>) -> W {
        let (Whole::Out(out) | Whole::Kept(out)) = whole else { unreachable!("the fold steps") };
        self.set_key(place, path);
        self.known.insert(self.key.clone(), out.clone());
        out
    }

    fn part_len(&self) -> usize {
        self.len
    }
}

/// A fold that calls for values, branches and tips with the bytes that it jumped over. What a location is made into depends
/// on these, and so on the way to a shared node; what it is made of does not, and is remembered.
pub(super) struct CachedJumping<'a, V, W, F> {
    alg: F,
    /// By shared node: the way from its root to the first location that is called for, and that location.
    known: HashMap<usize, (Box<[u8]>, usize)>,
    tops: Vec<(Top<W>, Option<&'a V>)>,
}

impl<V, W, F> CachedJumping<'_, V, W, F> {
    pub(super) fn new(alg: F) -> Self {
        Self { alg, known: HashMap::new(), tops: Vec::new() }
    }
}

impl<'a, V: 'a, W: Clone, E, F> Fold<'a, V> for CachedJumping<'a, V, W, F>
where
    F: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>,
{
    type Out = W;
    type Kept = usize;
    type Error = E;

    const STEPPING: bool = false;

    #[inline]
    fn call(
        &mut self,
        mask: &ByteMask,
        below: &mut [W],
        value: Option<&'a V>,
        path: &[u8],
        jump: usize,
    ) -> Result<W, E> {
        (self.alg)(mask, below, value, tail(path, jump))
    }

    fn resume(&mut self, kept: usize, path: &[u8], jump: usize) -> Result<W, E> {
        let (top, value) = &mut self.tops[kept];
        apply(top, tail(path, jump), |mask, below, way| (self.alg)(mask, below, *value, way))
    }

    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, _: bool) -> Option<usize> {
        if !place.is_shared() {
            return None;
        }
        let (way, top) = self.known.get(&place.node().id())?;
        path.extend_from_slice(way);
        Some(*top)
    }

    fn enter(&mut self, place: Place<'a, V>, _: bool) -> bool {
        place.is_shared()
    }

    fn keep(
        &mut self,
        place: Place<'a, V>,
        path: &[u8],
        start: usize,
        whole: Whole<'_, 'a, V, W, usize>,
    ) -> usize {
        let top = match whole {
            Whole::Top { mask, below, value } => {
                self.tops.push((Top::new(mask, below.collect()), value));
                self.tops.len() - 1
            }
            Whole::Kept(top) => top,
            Whole::Out(_) => unreachable!("the fold jumps"),
        };
        self.known.insert(place.node().id(), (path[start..].into(), top));
        top
    }
}
