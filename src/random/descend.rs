//! Samples by ways down, each step of which a policy chooses.

use std::marker::PhantomData;

use rand::Rng;
use rand::distr::Distribution;

use crate::bytes::ByteMask;
use crate::trie::PathMap;
use crate::zipper::*;

/// The first values on ways down from the root, each step of which is drawn as a policy says of the location.
///
/// O(steps), and what the policy takes.
#[derive(Clone, Debug)]
pub struct DescendFirstTrieValue<T, ByteD, P>
where
    P: Fn(&ReadZipperUntracked<'_, '_, T>) -> ByteD,
{
    /// The map that samples are from.
    pub source: PathMap<T>,
    /// Which byte is next. It is asked at locations that have no value.
    pub policy: P,
}

impl<T, ByteD, P> Distribution<(Vec<u8>, T)> for DescendFirstTrieValue<T, ByteD, P>
where
    T: Clone,
    ByteD: Distribution<u8>,
    P: Fn(&ReadZipperUntracked<'_, '_, T>) -> ByteD,
{
    /// A path and its value.
    ///
    /// # Panics
    /// If the way leads off the trie, or to a dangling tip.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> (Vec<u8>, T) {
        let mut zipper = self.source.read_zipper();
        loop {
            if let Some(value) = zipper.get_val() {
                return (zipper.path().to_vec(), value.clone());
            }
            assert!(zipper.child_count() > 0, "there is no value on the way {:?}", zipper.path());
            zipper.descend_to_byte((self.policy)(&zipper).sample(rng));
        }
    }
}

/// Where ways down from the root end, each step of which is drawn as a policy says of the location: `Ok` is the next byte,
/// and `Err` ends the way with what goes with the path.
///
/// O(steps), and what the policy takes. It is for the policy to end: it may lead off the trie.
#[derive(Clone, Debug)]
pub struct DescendTriePath<T, S, SByteD, P>
where
    P: Fn(&ReadZipperUntracked<'_, '_, T>) -> SByteD,
{
    /// The map that samples are from.
    pub source: PathMap<T>,
    /// Which byte is next, or what is at the end.
    pub policy: P,
    /// Says what goes with a path.
    pub ph: PhantomData<S>,
}

impl<T, S, SByteD, P> Distribution<(Vec<u8>, S)> for DescendTriePath<T, S, SByteD, P>
where
    SByteD: Distribution<Result<u8, S>>,
    P: Fn(&ReadZipperUntracked<'_, '_, T>) -> SByteD,
{
    /// A path, and what the policy has said of it.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> (Vec<u8>, S) {
        let mut zipper = self.source.read_zipper();
        loop {
            match (self.policy)(&zipper).sample(rng) {
                Ok(byte) => zipper.descend_to_byte(byte),
                Err(end) => return (zipper.path().to_vec(), end),
            };
        }
    }
}

/// The bytes of a set, each with the same chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyChild(pub ByteMask);

impl Distribution<u8> for AnyChild {
    /// A byte of the set.
    ///
    /// # Panics
    /// If the set is empty.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u8 {
        let at = rng.random_range(0..self.0.count_bits());
        self.0.iter().nth(at).expect("there are more bytes than that")
    }
}

/// The bytes of a set, each with the same chance; where it is empty, a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyChildOrValue<T> {
    /// The bytes.
    pub bytes: ByteMask,
    /// The value at the end of the way.
    pub value: Option<T>,
}

impl<T: Clone> Distribution<Result<u8, T>> for AnyChildOrValue<T> {
    /// A byte of the set, or the value as an error.
    ///
    /// # Panics
    /// If there is neither.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Result<u8, T> {
        if self.bytes.is_empty_mask() {
            Err(self.value.clone().expect("there is a value where the way ends"))
        } else {
            Ok(AnyChild(self.bytes).sample(rng))
        }
    }
}

/// Any child of the location, each with the same chance: a policy for [`DescendFirstTrieValue`].
#[must_use]
pub fn unbiased_descend_first_policy<T>(location: &ReadZipperUntracked<'_, '_, T>) -> AnyChild {
    AnyChild(location.child_mask())
}

/// Any child of the location, each with the same chance, and at the end of the way its value: a policy for
/// [`DescendTriePath`].
#[must_use]
pub fn unbiased_descend_last_policy<T: Clone>(
    location: &ReadZipperUntracked<'_, '_, T>,
) -> AnyChildOrValue<T> {
    AnyChildOrValue { bytes: location.child_mask(), value: location.get_val().cloned() }
}
