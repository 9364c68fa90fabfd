//! What a fold over the nodes of a trie is made of: [`NodeFold`], and the types of its methods.

use std::vec::Drain;

use crate::bytes::ByteMask;
use crate::node::Place;

/// A fold over the nodes of a trie: what a location is made into, and what is remembered of
/// subtries.
pub(super) trait NodeFold<'a, V: 'a> {
    /// What a location is made into.
    type Out;
    /// What is remembered of a subtrie, so that it is not walked again.
    type Kept;
    type Error;

    /// Whether the algebra is called for each location. Otherwise it is called for values,
    /// branches and tips, and for the root unless it has but one child and no value.
    const STEPPING: bool;

    /// Calls the algebra for a location.
    fn call(&mut self, arguments: Arguments<'_, 'a, V, Self::Out>) -> Result<Self::Out, Self::Error>;

    /// Makes the location at the path out of what is remembered of it. The algebra is not called
    /// for the last `jumped` bytes of the path.
    fn resume(&mut self, kept: Self::Kept, path: &[u8], jumped: usize) -> Result<Self::Out, Self::Error>;

    /// Looks up what is remembered of the place at the path. If there is something, it is extended
    /// to the location that the memory is of. `often` tells that more than one path may lead to
    /// the place.
    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, often: bool) -> Recall<Self::Kept>;

    /// Remembers a place, to which the first `start` bytes of the path lead.
    fn keep(
        &mut self,
        place: Place<'a, V>,
        path: &[u8],
        start: usize,
        whole: Whole<'_, 'a, V, Self::Out, Self::Kept>,
    ) -> Self::Kept;

    /// How far below the root of a shared node parts of nodes are remembered each by itself. It is
    /// the number of bytes of the path that the algebra sees, since nothing above that root is
    /// seen from there. 0 is for not at all.
    fn part_len(&self) -> usize {
        0
    }
}

/// The arguments of a call of the algebra.
pub(super) struct Arguments<'c, 'a, V, Out> {
    /// The bytes by which the location goes on, and what the locations there were made into.
    pub(super) mask: &'c ByteMask,
    pub(super) children: &'c mut [Out],
    pub(super) value: Option<&'a V>,
    pub(super) path: &'c [u8],
    /// How many of the last bytes of the path the algebra is not called for.
    pub(super) jumped: usize,
}

impl<'c, 'a, V, Out> Arguments<'c, 'a, V, Out> {
    /// The bytes that the algebra is not called for.
    #[inline]
    pub(super) fn way(&self) -> &'c [u8] {
        tail(self.path, self.jumped)
    }
}

/// The last `len` bytes of a path, or all of them if there are fewer.
#[inline]
pub(super) fn tail(path: &[u8], len: usize) -> &[u8] {
    &path[path.len().saturating_sub(len)..]
}

/// What a fold remembers of a place that the walk has come to.
pub(super) enum Recall<Kept> {
    /// It was kept, and is not walked.
    Known(Kept),
    /// Nothing yet. It is to be kept when it has been walked.
    New,
    /// Nothing. It is not to be kept.
    Passing,
}

impl<Kept> Recall<Kept> {
    #[inline]
    pub(super) fn map<T>(self, known: impl FnOnce(Kept) -> T) -> Recall<T> {
        match self {
            Recall::Known(kept) => Recall::Known(known(kept)),
            Recall::New => Recall::New,
            Recall::Passing => Recall::Passing,
        }
    }
}

/// What a whole subtrie was made into, to be kept.
pub(super) enum Whole<'f, 'a, V, Out, Kept> {
    /// In a stepping fold: what the place itself was made into.
    Out(Out),
    /// In a jumping fold: the arguments of the call for the first location from the place on that
    /// has one.
    Top { mask: ByteMask, children: Drain<'f, Out>, value: Option<&'a V> },
    /// In a jumping fold: what is kept of that location already.
    Kept(Kept),
}
