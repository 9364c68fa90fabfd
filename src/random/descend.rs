//! Sampling by random descent: a policy chooses each step down.

use std::marker::PhantomData;

use rand::Rng;
use rand::distr::Distribution;

use crate::bytes::ByteMask;
use crate::trie::PathMap;
use crate::zipper::*;

/// Samples the first value on a random descent from the root, whose next byte a policy draws at
/// each location.
///
/// # Complexity
/// O(steps) for each sample, plus the cost of the policy.
#[derive(Clone, Debug)]
pub struct DescendFirstTrieValue<T, ByteD, P>
where
    P: Fn(&ReadZipperUntracked<'_, '_, T>) -> ByteD,
{
    /// The map to sample from.
    pub source: PathMap<T>,
    /// Draws the next byte, only at locations without a value.
    pub policy: P,
}

impl<T, ByteD, P> Distribution<(Vec<u8>, T)> for DescendFirstTrieValue<T, ByteD, P>
where
    T: Clone,
    ByteD: Distribution<u8>,
    P: Fn(&ReadZipperUntracked<'_, '_, T>) -> ByteD,
{
    /// Returns a path and its value.
    ///
    /// # Panics
    /// Panics if the policy leads to a path that does not exist, or to a dangling tip.
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

/// Samples the end of a random descent from the root.
///
/// At each location a policy returns either `Ok` with the next byte, or `Err` with a result, which
/// ends the descent there.
///
/// The policy must end the descent: it may also lead to paths that do not exist.
///
/// # Complexity
/// O(steps) for each sample, plus the cost of the policy.
#[derive(Clone, Debug)]
pub struct DescendTriePath<T, S, SByteD, P>
where
    P: Fn(&ReadZipperUntracked<'_, '_, T>) -> SByteD,
{
    /// The map to sample from.
    pub source: PathMap<T>,
    /// Draws the next byte, or the result that ends the descent.
    pub policy: P,
    /// Marks the type of the result.
    pub ph: PhantomData<S>,
}

impl<T, S, SByteD, P> Distribution<(Vec<u8>, S)> for DescendTriePath<T, S, SByteD, P>
where
    SByteD: Distribution<Result<u8, S>>,
    P: Fn(&ReadZipperUntracked<'_, '_, T>) -> SByteD,
{
    /// Returns a path and the policy's result for it.
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

/// A uniform distribution over the bytes of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyChild(pub ByteMask);

impl Distribution<u8> for AnyChild {
    /// Returns a byte of the set.
    ///
    /// # Panics
    /// Panics if the set is empty.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u8 {
        let at = rng.random_range(0..self.0.count_bits());
        self.0.iter().nth(at).expect("there are more bytes than that")
    }
}

/// A uniform distribution over the bytes of a set, or a value where the set is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyChildOrValue<T> {
    /// The bytes.
    pub bytes: ByteMask,
    /// The value at the end of the descent.
    pub value: Option<T>,
}

impl<T: Clone> Distribution<Result<u8, T>> for AnyChildOrValue<T> {
    /// Returns a byte of the set, or the value as an error.
    ///
    /// # Panics
    /// Panics if the set is empty and there is no value.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Result<u8, T> {
        if self.bytes.is_empty_mask() {
            Err(self.value.clone().expect("there is a value where the way ends"))
        } else {
            Ok(AnyChild(self.bytes).sample(rng))
        }
    }
}

/// A policy for [`DescendFirstTrieValue`] that chooses uniformly among the children.
#[must_use]
pub fn unbiased_descend_first_policy<T>(location: &ReadZipperUntracked<'_, '_, T>) -> AnyChild {
    AnyChild(location.child_mask())
}

/// A policy for [`DescendTriePath`] that chooses uniformly among the children, and ends with the
/// value of a location that has no children.
#[must_use]
pub fn unbiased_descend_last_policy<T: Clone>(
    location: &ReadZipperUntracked<'_, '_, T>,
) -> AnyChildOrValue<T> {
    AnyChildOrValue { bytes: location.child_mask(), value: location.get_val().cloned() }
}
