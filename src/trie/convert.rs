//! Conversions from and to std's maps and sets.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use std::rc::Rc;
use std::sync::Arc;

use crate::trie::PathMap;

impl<'a, V: Clone, K: AsRef<[u8]>> Extend<(&'a K, &'a V)> for PathMap<V> {
    /// Inserts a clone of each value at its path. Accepts the items of [`BTreeMap::iter`], for
    /// example.
    fn extend<I: IntoIterator<Item = (&'a K, &'a V)>>(&mut self, entries: I) {
        self.extend(entries.into_iter().map(|(key, value)| (key, value.clone())));
    }
}

impl<V: Clone, K: AsRef<[u8]>> From<BTreeMap<K, V>> for PathMap<V> {
    /// Collects the entries of a `BTreeMap`. O(bytes) if the keys are ordered as their bytes are,
    /// like `String`, `Vec<u8>` and arrays of bytes.
    fn from(map: BTreeMap<K, V>) -> Self {
        Self::from_sorted_iter(map)
    }
}

impl<V: Clone, K: AsRef<[u8]>, S> From<HashMap<K, V, S>> for PathMap<V> {
    fn from(map: HashMap<K, V, S>) -> Self {
        map.into_iter().collect()
    }
}

impl<V: Clone> From<PathMap<V>> for BTreeMap<Vec<u8>, V> {
    /// Collects the paths and values of the map. Dangling paths are lost.
    fn from(map: PathMap<V>) -> Self {
        map.into_iter().collect()
    }
}

impl<V: Clone, S: BuildHasher + Default> From<PathMap<V>> for HashMap<Vec<u8>, V, S> {
    /// Collects the paths and values of the map. Dangling paths are lost.
    fn from(map: PathMap<V>) -> Self {
        map.into_iter().collect()
    }
}

impl<K: AsRef<[u8]>> From<BTreeSet<K>> for PathMap<()> {
    fn from(set: BTreeSet<K>) -> Self {
        Self::from_sorted_iter(set.into_iter().map(|path| (path, ())))
    }
}

impl<K: AsRef<[u8]>, S> From<HashSet<K, S>> for PathMap<()> {
    fn from(set: HashSet<K, S>) -> Self {
        set.into_iter().map(|path| (path, ())).collect()
    }
}

impl From<PathMap<()>> for BTreeSet<Vec<u8>> {
    /// Collects the paths of the map. Dangling paths are lost.
    fn from(map: PathMap<()>) -> Self {
        map.keys().collect()
    }
}

impl<S: BuildHasher + Default> From<PathMap<()>> for HashSet<Vec<u8>, S> {
    /// Collects the paths of the map. Dangling paths are lost.
    fn from(map: PathMap<()>) -> Self {
        map.keys().collect()
    }
}

/// Implements [`FromIterator`] and [`Extend`] for sets of paths, which are maps of `()`. A single
/// `impl` for all `K: AsRef<[u8]>` would overlap with the `impl` for pairs.
macro_rules! set_of {
    ($bytes:ident; $([$($generics:tt)*] $path:ty),+ $(,)?) => {$(
        impl<$($generics)*> FromIterator<$path> for PathMap<()> {
            /// Collects the paths into a set.
            fn from_iter<I: IntoIterator<Item = $path>>(paths: I) -> Self {
                let mut set = Self::new();
                set.extend(paths);
                set
            }
        }

        impl<$($generics)*> Extend<$path> for PathMap<()> {
            /// Adds these paths to the set.
            fn extend<I: IntoIterator<Item = $path>>(&mut self, paths: I) {
                for path in paths {
                    self.insert::<&[u8]>(path.$bytes(), ());
                }
            }
        }
    )+};
}

set_of!(as_ref; ['a] &'a [u8], ['a] &'a str, [] Vec<u8>, [] String, [const N: usize] [u8; N]);
set_of!(as_ref; ['a] &'a Vec<u8>, ['a] &'a String, ['a, const N: usize] &'a [u8; N]);
set_of!(as_ref; ['a] &'a &'a [u8], ['a] &'a &'a str);
set_of!(as_ref; ['a] Cow<'a, [u8]>, [] Box<[u8]>, [] Rc<[u8]>, [] Arc<[u8]>);
// These types do not implement `AsRef<[u8]>`, so they are not accepted as keys by other methods.
set_of!(as_bytes; ['a] Cow<'a, str>, [] Box<str>, [] Rc<str>, [] Arc<str>);

macro_rules! set_from_array {
    ($([$($generics:tt)*] $path:ty),+ $(,)?) => {$(
        impl<$($generics)* const N: usize> From<[$path; N]> for PathMap<()> {
            /// Collects the paths into a set.
            fn from(paths: [$path; N]) -> Self {
                paths.into_iter().collect()
            }
        }
    )+};
}

set_from_array!(['a,] &'a [u8], ['a,] &'a str, [] Vec<u8>, [] String, ['a, const M: usize,] &'a [u8; M]);
