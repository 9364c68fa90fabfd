//! Sets, maps and masks of bytes: union, intersection, difference.
//!
//! An empty set means the same as no set. So a meet or a difference without elements is `None`,
//! except that the meet of two empty sets is the empty set. Maps are combined key by key: the
//! values at a key that both maps have are combined, and a key is left out if nothing is left of
//! its value. Of two equal elements or keys, a new set or map has the left one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use super::lattice::{DistributiveLattice, Lattice};
use super::result::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};
use crate::bytes::{BitMask, ByteMask};

macro_rules! set {
    ([$($generics:tt)*] $set:ty) => {
        impl<$($generics)*> Lattice for $set {
            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                AlgebraicResult::identity_or(other.is_subset(self), self.is_subset(other), || {
                    let mut joined = self.clone();
                    joined.extend(other.iter().cloned());
                    joined
                })
            }

            fn join_into(&mut self, other: Self) -> AlgebraicStatus {
                let len = self.len();
                self.extend(other);
                if self.len() == len { AlgebraicStatus::Identity } else { AlgebraicStatus::Element }
            }

            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                let kept: Vec<_> = if self.len() <= other.len() {
                    self.iter().filter(|element| other.contains(element)).collect()
                } else {
                    other.iter().filter_map(|element| self.get(element)).collect()
                };
                if kept.is_empty() && !(self.is_empty() && other.is_empty()) {
                    return AlgebraicResult::None;
                }
                AlgebraicResult::identity_or(kept.len() == self.len(), kept.len() == other.len(), || {
                    kept.into_iter().cloned().collect()
                })
            }

            fn bottom(&self) -> Option<Self> {
                Some(Self::default())
            }
        }

        impl<$($generics)*> DistributiveLattice for $set {
            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                if self.is_subset(other) {
                    return AlgebraicResult::None;
                }
                AlgebraicResult::identity_or(self.is_disjoint(other), false, || {
                    self.iter().filter(|element| !other.contains(element)).cloned().collect()
                })
            }
        }
    };
}

set!([K: Ord + Clone] BTreeSet<K>);
set!([K: Eq + Hash + Clone, S: BuildHasher + Clone + Default] HashSet<K, S>);

/// Returns the keys that both maps have, as the left map stores them, with both values. It looks
/// up the keys of the smaller map.
macro_rules! shared {
    ($a:expr, $b:expr) => {{
        let (a, b) = ($a, $b);
        let shared: Vec<(&K, &V, &V)> = if a.len() <= b.len() {
            a.iter().filter_map(|(key, ours)| Some((key, ours, b.get(key)?))).collect()
        } else {
            let find = |(key, theirs)| a.get_key_value(key).map(|(key, ours)| (key, ours, theirs));
            b.iter().filter_map(find).collect()
        };
        shared
    }};
}

macro_rules! map {
    ($map:ty, [$($generics:tt)*]) => {
        impl<V: Lattice + Clone, $($generics)*> Lattice for $map {
            const IDEMPOTENT: bool = V::IDEMPOTENT;

            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                // The edits that turn a clone of `self` into the join: keys that get another
                // value, or are removed.
                let mut edits = Vec::new();
                let mut mask = SELF_IDENT | COUNTER_IDENT;
                let mut shared = 0;
                for (key, theirs) in other {
                    let result = match self.get(key) {
                        None => AlgebraicResult::Identity(COUNTER_IDENT),
                        Some(ours) => {
                            shared += 1;
                            ours.pjoin(theirs)
                        }
                    };
                    mask &= result.identity_mask().unwrap_or(0);
                    match result {
                        AlgebraicResult::Identity(ident) if ident & SELF_IDENT != 0 => {}
                        AlgebraicResult::Identity(_) => edits.push((key, Some(Cow::Borrowed(theirs)))),
                        AlgebraicResult::Element(value) => edits.push((key, Some(Cow::Owned(value)))),
                        AlgebraicResult::None => edits.push((key, None)),
                    }
                }
                let counter = mask & COUNTER_IDENT != 0 && shared == self.len();
                AlgebraicResult::identity_or(mask & SELF_IDENT != 0, counter, || {
                    let mut joined = self.clone();
                    for (key, value) in edits {
                        match value {
                            Some(value) => drop(joined.insert(key.clone(), value.into_owned())),
                            None => drop(joined.remove(key)),
                        }
                    }
                    joined
                })
            }

            fn join_into(&mut self, other: Self) -> AlgebraicStatus {
                let mut changed = false;
                for (key, theirs) in other {
                    let Some(ours) = self.get_mut(&key) else {
                        self.insert(key, theirs);
                        changed = true;
                        continue;
                    };
                    let status = ours.join_into(theirs);
                    changed |= !status.is_identity();
                    if status.is_none() {
                        self.remove(&key);
                    }
                }
                if changed { AlgebraicStatus::Element } else { AlgebraicStatus::Identity }
            }

            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                let shared = shared!(self, other);
                let mut own = shared.len() == self.len();
                let mut counter = shared.len() == other.len();
                let mut kept = Vec::new();
                for (key, ours, theirs) in shared {
                    let result = ours.pmeet(theirs);
                    let mask = result.identity_mask().unwrap_or(0);
                    own &= mask & SELF_IDENT != 0;
                    counter &= mask & COUNTER_IDENT != 0;
                    match result {
                        AlgebraicResult::Identity(_) => {
                            let same = if mask & SELF_IDENT != 0 { ours } else { theirs };
                            kept.push((key, Cow::Borrowed(same)));
                        }
                        AlgebraicResult::Element(value) => kept.push((key, Cow::Owned(value))),
                        AlgebraicResult::None => {}
                    }
                }
                if kept.is_empty() && !(self.is_empty() && other.is_empty()) {
                    return AlgebraicResult::None;
                }
                AlgebraicResult::identity_or(own, counter, || {
                    kept.into_iter().map(|(key, value)| (key.clone(), value.into_owned())).collect()
                })
            }

            fn bottom(&self) -> Option<Self> {
                Some(Self::default())
            }
        }

        impl<V: DistributiveLattice + Clone, $($generics)*> DistributiveLattice for $map {
            const IDEMPOTENT: bool = V::IDEMPOTENT;

            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                let mut edits = Vec::new();
                let mut gone = 0;
                for (key, ours, theirs) in shared!(self, other) {
                    match ours.psubtract(theirs) {
                        AlgebraicResult::Identity(_) => {}
                        AlgebraicResult::Element(value) => edits.push((key, Some(value))),
                        AlgebraicResult::None => {
                            gone += 1;
                            edits.push((key, None));
                        }
                    }
                }
                if gone == self.len() {
                    return AlgebraicResult::None;
                }
                AlgebraicResult::identity_or(edits.is_empty(), false, || {
                    let mut left = self.clone();
                    for (key, value) in edits {
                        match value {
                            Some(value) => drop(left.insert(key.clone(), value)),
                            None => drop(left.remove(key)),
                        }
                    }
                    left
                })
            }
        }
    };
}

map!(BTreeMap<K, V>, [K: Ord + Clone]);
map!(HashMap<K, V, S>, [K: Eq + Hash + Clone, S: BuildHasher + Clone + Default]);

macro_rules! mask {
    ($mask:ty) => {
        impl Lattice for $mask {
            #[inline]
            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                let joined = self.or(other);
                AlgebraicResult::identity_or(joined == *self, joined == *other, || joined)
            }

            #[inline]
            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                let met = self.and(other);
                if met.is_empty_mask() && !self.or(other).is_empty_mask() {
                    return AlgebraicResult::None;
                }
                AlgebraicResult::identity_or(met == *self, met == *other, || met)
            }

            #[inline]
            fn bottom(&self) -> Option<Self> {
                Some(Self::default())
            }
        }

        impl DistributiveLattice for $mask {
            #[inline]
            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                let left = self.andn(other);
                if left.is_empty_mask() {
                    return AlgebraicResult::None;
                }
                AlgebraicResult::identity_or(left == *self, false, || left)
            }
        }
    };
}

mask!(ByteMask);
// The words of a mask, which many callers use directly.
mask!([u64; 4]);
