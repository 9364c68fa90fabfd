//! The folds over nodes that call a closure, and what they remember.

use crate::node::Place;
use std::collections::HashMap;
use std::marker::PhantomData;

use super::calls::Calls;
use super::memo::{Known, Tops};
use super::traits::{Arguments, NodeFold, Recall, Whole, tail};

/// A fold by a closure, with a memory of what whole places were made into.
///
/// A jumping one must be [forgetful](Forgetful), since what it makes of a place depends on the way
/// there.
pub(super) struct Plain<W, F, M, const STEPPING: bool> {
    alg: F,
    memory: M,
    made: PhantomData<fn() -> W>,
}

/// A fold that calls for each location.
pub(super) type Stepping<W, F, M> = Plain<W, F, M, true>;

/// A fold that calls for values, branches and tips.
pub(super) type Jumping<W, F> = Plain<W, F, Forgetful, false>;

/// A memory of what places were made into.
pub(super) trait Memory<W> {
    /// Looks up the place at the path. `often` tells that more than one path may lead to it.
    fn recall<V>(&mut self, place: Place<'_, V>, path: &[u8], often: bool) -> Recall<W>;

    /// Remembers what a place was made into, and returns it.
    fn keep<V>(&mut self, place: Place<'_, V>, path: &[u8], out: W) -> W;

    /// See [`NodeFold::part_len`].
    #[inline]
    fn part_len(&self) -> usize {
        0
    }
}

impl<W, F, M, const STEPPING: bool> Plain<W, F, M, STEPPING> {
    pub(super) fn new(alg: F, memory: M) -> Self {
        Self { alg, memory, made: PhantomData }
    }
}

impl<'a, V: 'a, W, E, F, M, const STEPPING: bool> NodeFold<'a, V> for Plain<W, F, M, STEPPING>
where
    F: FnMut(Arguments<'_, 'a, V, W>) -> Result<W, E>,
    M: Memory<W>,
{
    type Out = W;
    type Kept = W;
    type Error = E;

    const STEPPING: bool = STEPPING;

    #[inline]
    fn call(&mut self, at: Arguments<'_, 'a, V, W>) -> Result<W, E> {
        (self.alg)(at)
    }

    #[inline]
    fn resume(&mut self, kept: W, _: &[u8], _: usize) -> Result<W, E> {
        Ok(kept)
    }

    #[inline]
    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, often: bool) -> Recall<W> {
        self.memory.recall(place, path, often)
    }

    fn keep(&mut self, place: Place<'a, V>, path: &[u8], _: usize, whole: Whole<'_, 'a, V, W, W>) -> W {
        let (Whole::Out(out) | Whole::Kept(out)) = whole else { unreachable!("a jumping fold forgets") };
        self.memory.keep(place, path, out)
    }

    #[inline]
    fn part_len(&self) -> usize {
        self.memory.part_len()
    }
}

/// A memory of nothing.
pub(super) struct Forgetful;

impl<W> Memory<W> for Forgetful {
    #[inline]
    fn recall<V>(&mut self, _: Place<'_, V>, _: &[u8], _: bool) -> Recall<W> {
        Recall::Passing
    }

    fn keep<V>(&mut self, _: Place<'_, V>, _: &[u8], _: W) -> W {
        unreachable!("no place was to be remembered")
    }
}

/// The memory of a fold that sees no paths: what shared nodes were made into.
impl<W: Clone> Memory<W> for Known<W> {
    #[inline]
    fn recall<V>(&mut self, place: Place<'_, V>, _: &[u8], _: bool) -> Recall<W> {
        self.recall(place).map(W::clone)
    }

    fn keep<V>(&mut self, place: Place<'_, V>, _: &[u8], out: W) -> W {
        self.keep(place.node().id() as u64, out.clone());
        out
    }
}

/// The memory of a fold that sees the last bytes of paths: what depends on no other bytes.
pub(super) struct ByTail<W> {
    len: usize,
    /// The results of places, by the [key](Place::key) of the place and the tail of the path
    /// to it.
    known: HashMap<Vec<u8>, W>,
    key: Vec<u8>,
}

impl<W> ByTail<W> {
    pub(super) fn new(len: usize) -> Self {
        Self { len, known: HashMap::new(), key: Vec::new() }
    }

    /// Sets `key` to what tells a place on a path from all others that the fold can distinguish.
    fn set_key<V>(&mut self, place: Place<'_, V>, path: &[u8]) {
        let (node, entry, depth) = place.key();
        self.key.clear();
        self.key.extend_from_slice(&node.to_ne_bytes());
        self.key.extend_from_slice(&entry.to_ne_bytes());
        self.key.extend_from_slice(&depth.to_ne_bytes());
        self.key.extend_from_slice(tail(path, self.len));
    }
}

impl<W: Clone> Memory<W> for ByTail<W> {
    fn recall<V>(&mut self, place: Place<'_, V>, path: &[u8], often: bool) -> Recall<W> {
        if !often {
            return Recall::Passing;
        }
        self.set_key(place, path);
        self.known.get(&self.key).cloned().map_or(Recall::New, Recall::Known)
    }

    fn keep<V>(&mut self, place: Place<'_, V>, path: &[u8], out: W) -> W {
        self.set_key(place, path);
        self.known.insert(self.key.clone(), out.clone());
        out
    }

    fn part_len(&self) -> usize {
        self.len
    }
}

/// A fold that calls for values, branches and tips with the bytes jumped over.
///
/// The result of a location depends on these bytes, and so on the path to a shared node. Only the
/// other arguments of the call are remembered, since they do not depend on that path.
pub(super) struct CachedJumping<'a, V, W, F> {
    alg: F,
    tops: Tops<usize>,
    calls: Calls<W, Option<&'a V>>,
}

impl<V, W: Clone, F> CachedJumping<'_, V, W, F> {
    pub(super) fn new(alg: F) -> Self {
        Self { alg, tops: Tops::new(), calls: Calls::new() }
    }
}

impl<'a, V: 'a, W: Clone, E, F> NodeFold<'a, V> for CachedJumping<'a, V, W, F>
where
    F: Fn(Arguments<'_, 'a, V, W>) -> Result<W, E>,
{
    type Out = W;
    type Kept = usize;
    type Error = E;

    const STEPPING: bool = false;

    #[inline]
    fn call(&mut self, at: Arguments<'_, 'a, V, W>) -> Result<W, E> {
        (self.alg)(at)
    }

    #[inline]
    fn resume(&mut self, kept: usize, path: &[u8], jumped: usize) -> Result<W, E> {
        let Self { alg, calls, .. } = self;
        calls.make(kept, tail(path, jumped), |mask, children, &value| {
            alg(Arguments { mask, children, value, path, jumped })
        })
    }

    #[inline]
    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, _: bool) -> Recall<usize> {
        self.tops.recall(place, path)
    }

    fn keep(
        &mut self,
        place: Place<'a, V>,
        path: &[u8],
        start: usize,
        whole: Whole<'_, 'a, V, W, usize>,
    ) -> usize {
        let top = match whole {
            Whole::Top { mask, children, value } => self.calls.add(mask, children, value),
            Whole::Kept(top) => top,
            Whole::Out(_) => unreachable!("the fold jumps"),
        };
        self.tops.keep(place.node().id() as u64, &path[start..], top);
        top
    }
}
