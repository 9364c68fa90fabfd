//! Lattices for your own set types.

use std::collections::{HashMap, HashSet, hash_map, hash_set};
use std::hash::{BuildHasher, Hash};
use std::iter;

use super::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT};

/// A type that stores elements by keys, each at most once.
///
/// The macros [`set_lattice!`](crate::set_lattice) and
/// [`set_dist_lattice!`](crate::set_dist_lattice) implement [`Lattice`] and
/// [`DistributiveLattice`] for such a type, by the rules of maps. A join has the keys of both, a
/// meet the keys that both have, and a difference the keys whose values leave something. If both
/// have a key, its two values are combined. An empty set counts as no set. The sets and maps of
/// std are already lattices.
///
/// # Examples
/// ```
/// use bytetrie::ring::*;
///
/// /// The pages a word is on.
/// #[derive(Clone, Debug, PartialEq)]
/// struct Pages(Vec<u32>);
///
/// impl SetLattice for Pages {
///     type K = u32;
///     type V = ();
///     type Iter<'a> = std::vec::IntoIter<(&'a u32, &'a ())>;
///     fn with_capacity(capacity: usize) -> Self {
///         Pages(Vec::with_capacity(capacity))
///     }
///     fn len(&self) -> usize {
///         self.0.len()
///     }
///     fn is_empty(&self) -> bool {
///         self.0.is_empty()
///     }
///     fn contains_key(&self, key: &u32) -> bool {
///         self.0.contains(key)
///     }
///     fn insert(&mut self, key: u32, (): ()) {
///         if let Err(at) = self.0.binary_search(&key) {
///             self.0.insert(at, key);
///         }
///     }
///     fn remove(&mut self, key: &u32) {
///         self.0.retain(|page| page != key);
///     }
///     fn get(&self, key: &u32) -> Option<&()> {
///         self.0.contains(key).then_some(&())
///     }
///     fn replace(&mut self, _: &u32, (): ()) {}
///     fn iter<'a>(&'a self) -> Self::Iter<'a> {
///         self.0.iter().map(|page| (page, &())).collect::<Vec<_>>().into_iter()
///     }
///     fn shrink_to_fit(&mut self) {
///         self.0.shrink_to_fit();
///     }
/// }
///
/// bytetrie::set_lattice!(Pages);
/// bytetrie::set_dist_lattice!(Pages);
///
/// let (a, b) = (Pages(vec![1, 3]), Pages(vec![2, 3]));
/// assert_eq!(a.pjoin(&b), AlgebraicResult::Element(Pages(vec![1, 2, 3])));
/// assert_eq!(a.pmeet(&b), AlgebraicResult::Element(Pages(vec![3])));
/// assert_eq!(a.psubtract(&a), AlgebraicResult::None);
/// ```
pub trait SetLattice {
    /// The key of an element.
    type K: Clone + Eq;

    /// The value stored with a key; `()` for plain sets.
    type V: Clone;

    /// The iterator over all elements, in any order.
    type Iter<'a>: Iterator<Item = (&'a Self::K, &'a Self::V)>
    where
        Self: 'a,
        Self::V: 'a,
        Self::K: 'a;

    /// Makes a set without elements, with room for `capacity` elements.
    #[must_use]
    fn with_capacity(capacity: usize) -> Self;

    /// Returns the number of elements.
    #[must_use]
    fn len(&self) -> usize;

    /// Returns true iff there are no elements.
    #[must_use]
    fn is_empty(&self) -> bool;

    /// Returns true iff there is an element with this key.
    #[must_use]
    fn contains_key(&self, key: &Self::K) -> bool;

    /// Inserts an element, which replaces the element with this key, if there is one.
    fn insert(&mut self, key: Self::K, val: Self::V);

    /// Removes the element with this key, if there is one.
    fn remove(&mut self, key: &Self::K);

    /// Returns the value stored with a key.
    #[must_use]
    fn get(&self, key: &Self::K) -> Option<&Self::V>;

    /// Replaces the value at a key that is present.
    fn replace(&mut self, key: &Self::K, val: Self::V);

    /// Returns an iterator over all elements, in any order.
    #[must_use]
    fn iter<'a>(&'a self) -> Self::Iter<'a>;

    /// Releases memory that is not needed.
    fn shrink_to_fit(&mut self);
}

impl<K: Clone + Eq + Hash, V: Clone, S: BuildHasher + Default> SetLattice for HashMap<K, V, S> {
    type K = K;
    type V = V;
    type Iter<'a>
        = hash_map::Iter<'a, K, V>
    where
        Self: 'a;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity_and_hasher(capacity, S::default())
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn contains_key(&self, key: &K) -> bool {
        self.contains_key(key)
    }

    fn insert(&mut self, key: K, val: V) {
        self.insert(key, val);
    }

    fn remove(&mut self, key: &K) {
        self.remove(key);
    }

    fn get(&self, key: &K) -> Option<&V> {
        self.get(key)
    }

    fn replace(&mut self, key: &K, val: V) {
        if let Some(old) = self.get_mut(key) {
            *old = val;
        }
    }

    fn iter<'a>(&'a self) -> Self::Iter<'a> {
        self.iter()
    }

    fn shrink_to_fit(&mut self) {
        self.shrink_to_fit();
    }
}

impl<K: Clone + Eq + Hash, S: BuildHasher + Default> SetLattice for HashSet<K, S> {
    type K = K;
    type V = ();
    type Iter<'a>
        = iter::Map<hash_set::Iter<'a, K>, fn(&'a K) -> (&'a K, &'a ())>
    where
        Self: 'a;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity_and_hasher(capacity, S::default())
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn contains_key(&self, key: &K) -> bool {
        self.contains(key)
    }

    fn insert(&mut self, key: K, (): ()) {
        self.insert(key);
    }

    fn remove(&mut self, key: &K) {
        self.remove(key);
    }

    fn get(&self, key: &K) -> Option<&()> {
        self.contains(key).then_some(&())
    }

    fn replace(&mut self, _: &K, (): ()) {}

    fn iter<'a>(&'a self) -> Self::Iter<'a> {
        self.iter().map(|key| (key, &()))
    }

    fn shrink_to_fit(&mut self) {
        self.shrink_to_fit();
    }
}

/// Implements [`Lattice`](crate::ring::Lattice) for a type that is a
/// [`SetLattice`](crate::ring::SetLattice).
///
/// Pass the type with its generic parameters: `set_lattice!(Tags)`, `set_lattice!(Tags<'a, K:
/// Ord>)`.
#[macro_export]
macro_rules! set_lattice {
    ($set:ident $(< $($param:tt $(: $bound:tt $(+ $bounds:tt)*)?),+ >)?) => {
        impl $(< $($param $(: $bound $(+ $bounds)*)?),+ >)? $crate::ring::Lattice for $set $(< $($param),+ >)?
        where
            Self: $crate::ring::SetLattice,
            <Self as $crate::ring::SetLattice>::V: $crate::ring::Lattice,
        {
            const IDEMPOTENT: bool =
                <<Self as $crate::ring::SetLattice>::V as $crate::ring::Lattice>::IDEMPOTENT;

            fn pjoin(&self, other: &Self) -> $crate::ring::AlgebraicResult<Self> {
                $crate::ring::__join(self, other)
            }

            fn pmeet(&self, other: &Self) -> $crate::ring::AlgebraicResult<Self> {
                $crate::ring::__meet(self, other)
            }

            fn bottom(&self) -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::ring::SetLattice::with_capacity(0))
            }
        }
    };
}

/// Implements [`DistributiveLattice`](crate::ring::DistributiveLattice) for a type that is a
/// [`SetLattice`](crate::ring::SetLattice) and `Clone`.
///
/// Pass the type as to [`set_lattice!`](crate::set_lattice).
#[macro_export]
macro_rules! set_dist_lattice {
    ($set:ident $(< $($param:tt $(: $bound:tt $(+ $bounds:tt)*)?),+ >)?) => {
        impl $(< $($param $(: $bound $(+ $bounds)*)?),+ >)? $crate::ring::DistributiveLattice
            for $set $(< $($param),+ >)?
        where
            Self: $crate::ring::SetLattice + ::core::clone::Clone,
            <Self as $crate::ring::SetLattice>::V: $crate::ring::DistributiveLattice,
        {
            const IDEMPOTENT: bool =
                <<Self as $crate::ring::SetLattice>::V as $crate::ring::DistributiveLattice>::IDEMPOTENT;

            fn psubtract(&self, other: &Self) -> $crate::ring::AlgebraicResult<Self> {
                $crate::ring::__subtract(self, other)
            }
        }
    };
}

/// A set under construction, and whether it still equals either operand.
struct Making<S> {
    set: S,
    own: bool,
    counter: bool,
}

impl<S: SetLattice> Making<S> {
    fn new(room: usize) -> Self {
        Self { set: S::with_capacity(room), own: true, counter: true }
    }

    /// Inserts the result for the two values at a key.
    fn put(&mut self, key: &S::K, ours: &S::V, theirs: &S::V, result: AlgebraicResult<S::V>) {
        let mask = result.identity_mask().unwrap_or(0);
        self.own &= mask & SELF_IDENT != 0;
        self.counter &= mask & COUNTER_IDENT != 0;
        match result {
            AlgebraicResult::None => {}
            AlgebraicResult::Element(value) => self.set.insert(key.clone(), value),
            AlgebraicResult::Identity(_) if mask & SELF_IDENT != 0 => {
                self.set.insert(key.clone(), ours.clone());
            }
            AlgebraicResult::Identity(_) => self.set.insert(key.clone(), theirs.clone()),
        }
    }

    /// Returns the set. With `nothing`, a set without elements becomes `None`, since an operand
    /// had some.
    fn done(self, nothing: bool) -> AlgebraicResult<S> {
        if self.set.is_empty() && nothing {
            return AlgebraicResult::None;
        }
        AlgebraicResult::identity_or(self.own, self.counter, || self.set)
    }
}

#[doc(hidden)]
pub fn __join<S: SetLattice>(a: &S, b: &S) -> AlgebraicResult<S>
where
    S::V: Lattice,
{
    let mut joined: Making<S> = Making::new(a.len().max(b.len()));
    for (key, ours) in a.iter() {
        match b.get(key) {
            Some(theirs) => joined.put(key, ours, theirs, ours.pjoin(theirs)),
            None => {
                joined.counter = false;
                joined.set.insert(key.clone(), ours.clone());
            }
        }
    }
    for (key, theirs) in b.iter() {
        if !a.contains_key(key) {
            joined.own = false;
            joined.set.insert(key.clone(), theirs.clone());
        }
    }
    joined.done(false)
}

#[doc(hidden)]
pub fn __meet<S: SetLattice>(a: &S, b: &S) -> AlgebraicResult<S>
where
    S::V: Lattice,
{
    let mut met: Making<S> = Making::new(0);
    let mut shared = 0;
    let mut put = |key, ours: &S::V, theirs: &S::V| {
        shared += 1;
        met.put(key, ours, theirs, ours.pmeet(theirs));
    };
    // The loop runs over the smaller set.
    if a.len() <= b.len() {
        a.iter().filter_map(|(key, ours)| Some((key, ours, b.get(key)?))).for_each(|(k, x, y)| put(k, x, y));
    } else {
        b.iter()
            .filter_map(|(key, theirs)| Some((key, a.get(key)?, theirs)))
            .for_each(|(k, x, y)| put(k, x, y));
    }
    met.own &= shared == a.len();
    met.counter &= shared == b.len();
    met.done(!(a.is_empty() && b.is_empty()))
}

#[doc(hidden)]
pub fn __subtract<S: SetLattice + Clone>(a: &S, b: &S) -> AlgebraicResult<S>
where
    S::V: DistributiveLattice,
{
    let mut left = None;
    for (key, ours) in a.iter() {
        let Some(theirs) = b.get(key) else { continue };
        match ours.psubtract(theirs) {
            AlgebraicResult::Identity(_) => {}
            AlgebraicResult::Element(value) => left.get_or_insert_with(|| a.clone()).replace(key, value),
            AlgebraicResult::None => left.get_or_insert_with(|| a.clone()).remove(key),
        }
    }
    match left {
        None if a.is_empty() => AlgebraicResult::None,
        None => AlgebraicResult::Identity(SELF_IDENT),
        Some(left) if left.is_empty() => AlgebraicResult::None,
        Some(mut left) => {
            left.shrink_to_fit();
            AlgebraicResult::Element(left)
        }
    }
}
