//! The map itself: point operations, paths, and counts.

use crate::algebra::any_value;
use crate::node::{Bin, Bundle, End, Shared, Stored, count_values, place_of};
use crate::trie::get_mut::{first_value, value_mut, value_or_set};
use crate::trie::remove_branches::remove_branches;
use crate::trie::set::set;
use crate::trie::{locate, remove};

/// A map from byte paths to values, stored in a trie whose nodes are shared between maps.
///
/// A path is any sequence of bytes, including the empty one. Paths are ordered byte by byte, and a
/// prefix comes before its extensions.
///
/// [`clone`](Clone::clone) is O(1): the two maps share all nodes, and a write to one of them
/// copies only the nodes on the way to the path that is written. Point operations are O(path),
/// regardless of the size of the map.
///
/// A path *exists*, or is a *location*, if it is empty, has a value, was created by
/// [`create_path`](Self::create_path), or is a prefix of such a path. A *dangling* path exists
/// without a value at or below it. It was created as such, or left behind by a removal that does
/// not prune.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
///
/// let mut map = PathMap::new();
/// map.insert("romane", 1);
/// map.insert("romanus", 2);
/// let snapshot = map.clone();
/// assert_eq!(map.remove("romane"), Some(1));
/// assert_eq!(map.get("romane"), None);
/// assert_eq!(snapshot.get("romane"), Some(&1));
/// ```
pub struct PathMap<V> {
    /// `None` if the root is the only location and has no value.
    pub(crate) root: Option<Shared<V>>,
}

/// The bounds on values that suffice for every use of a map, for generic code.
///
/// No method of this crate requires this trait: reading requires no bound on values, and writing
/// requires [`Clone`].
pub trait TrieValue: Clone + Send + Sync + Unpin {}

impl<V: Clone + Send + Sync + Unpin> TrieValue for V {}

impl<V> PathMap<V> {
    /// Creates an empty map. Allocates nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { root: None }
    }

    pub(crate) fn from_root(root: Option<Shared<V>>) -> Self {
        Self { root }
    }

    /// Creates a map with one value at `path`.
    #[must_use]
    pub fn single<K: AsRef<[u8]>>(path: K, val: V) -> Self {
        Self { root: Some(Bundle::node(path.as_ref(), End::Value(Stored::new(val)))) }
    }

    /// Returns a reference to the value at `path`. O(path).
    #[must_use]
    #[inline]
    pub fn get<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.root.as_ref()?.lent().value_at(path.as_ref())
    }

    /// Returns a copy of `path` and a reference to its value. O(path).
    ///
    /// A trie stores no path as a whole, so the path returned is a copy of the argument.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("romane", 1)]);
    /// assert_eq!(map.get_key_value("romane"), Some((b"romane".to_vec(), &1)));
    /// assert_eq!(map.get_key_value("rome"), None);
    /// ```
    #[must_use]
    pub fn get_key_value<K: AsRef<[u8]>>(&self, path: K) -> Option<(Vec<u8>, &V)> {
        let path = path.as_ref();
        self.get(path).map(|value| (path.to_vec(), value))
    }

    /// Returns a reference to the value at `path`. Another name of [`get`](Self::get).
    #[must_use]
    #[inline]
    pub fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.get(path)
    }

    /// Returns true iff `path` has a value. O(path).
    #[must_use]
    pub fn contains<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.get(path).is_some()
    }

    /// Returns true iff `path` has a value. Another name of [`contains`](Self::contains), used by
    /// std's maps.
    #[must_use]
    pub fn contains_key<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.contains(path)
    }

    /// Returns true iff `path` exists. O(path).
    ///
    /// A path exists if it has a value, is dangling, or is a prefix of such a path. The empty path
    /// always exists.
    #[must_use]
    pub fn path_exists_at<K: AsRef<[u8]>>(&self, path: K) -> bool {
        let path = path.as_ref();
        path.is_empty() || locate::find(&self.root, path).is_some()
    }

    /// Returns true iff the map holds no value.
    ///
    /// O(1) if the map has no dangling paths. Otherwise the nodes are searched for a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !place_of(self.root.as_ref()).is_some_and(any_value)
    }

    /// Returns the number of values. O(nodes).
    ///
    /// A node that the map uses several times is visited once. The count saturates at
    /// `usize::MAX`.
    #[must_use]
    pub fn val_count(&self) -> usize {
        self.root.as_ref().map_or(0, |root| count_values(root.place()))
    }

    /// Returns the number of values. Another name of [`val_count`](Self::val_count), used by std's
    /// maps. O(nodes).
    #[must_use]
    pub fn len(&self) -> usize {
        self.val_count()
    }

    /// Removes all paths and values. O(nodes that no other map shares).
    pub fn clear(&mut self) {
        self.root = None;
    }

    /// Checks every invariant of the map's nodes. O(nodes), where a shared node is counted each
    /// time it is reached.
    ///
    /// # Errors
    /// Returns the first node that breaks an invariant, with a description.
    #[cfg(feature = "testing")]
    pub fn check(&self) -> Result<(), crate::testing::Malformed> {
        self.root.as_ref().map_or(Ok(()), |root| crate::node::check(root.lent()))
    }
}

impl<V: Clone> PathMap<V> {
    /// Inserts `val` at `path`, and returns the old value, if any. O(path).
    #[inline]
    pub fn insert<K: AsRef<[u8]>>(&mut self, path: K, val: V) -> Option<V> {
        let (path, val) = (path.as_ref(), Stored::new(val));
        let Some(root) = &mut self.root else {
            self.root = Some(Bundle::node(path, End::Value(val)));
            return None;
        };
        let mut bin = Bin::new();
        let old = set(root, path, val, &mut bin);
        // The bin is dropped before the old value is returned: if a drop panics, the value is
        // dropped too.
        drop(bin);
        old.map(Stored::into_value)
    }

    /// Inserts `val` at `path`, and returns the old value, if any. Another name of
    /// [`insert`](Self::insert).
    #[inline]
    pub fn set_val_at<K: AsRef<[u8]>>(&mut self, path: K, val: V) -> Option<V> {
        self.insert(path, val)
    }

    /// Removes and returns the value at `path`, and prunes the path. O(path).
    ///
    /// Pruning removes the path up to the nearest prefix that has a value or another branch.
    pub fn remove<K: AsRef<[u8]>>(&mut self, path: K) -> Option<V> {
        self.remove_val_at(path, true)
    }

    /// Removes the value at `path`, and returns it with a copy of the path. O(path).
    ///
    /// The path is pruned, as by [`remove`](Self::remove).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("romane", 1)]);
    /// assert_eq!(map.remove_entry("romane"), Some((b"romane".to_vec(), 1)));
    /// assert_eq!(map.remove_entry("romane"), None);
    /// ```
    pub fn remove_entry<K: AsRef<[u8]>>(&mut self, path: K) -> Option<(Vec<u8>, V)> {
        let path = path.as_ref();
        self.remove(path).map(|value| (path.to_vec(), value))
    }

    /// Removes and returns the value at `path`, and prunes the path if `prune` is true.
    ///
    /// If `prune` is false, the path still exists.
    pub fn remove_val_at<K: AsRef<[u8]>>(&mut self, path: K, prune: bool) -> Option<V> {
        let mut bin = Bin::new();
        let value = remove::remove(&mut self.root, path.as_ref(), prune, &mut bin);
        drop(bin);
        value.map(Stored::into_value)
    }

    /// Returns a mutable reference to the value at `path`, if there is one. O(path).
    pub fn get_mut<K: AsRef<[u8]>>(&mut self, path: K) -> Option<&mut V> {
        value_mut(self.root.as_mut()?, path.as_ref(), &mut Bin::new())
    }

    /// Returns a mutable reference to the value at `path`, if there is one. Another name of
    /// [`get_mut`](Self::get_mut).
    pub fn get_val_mut_at<K: AsRef<[u8]>>(&mut self, path: K) -> Option<&mut V> {
        self.get_mut(path)
    }

    /// Returns a mutable reference to the value at `path`, after inserting `default` if there is
    /// none.
    pub fn get_val_or_set_mut_at<K: AsRef<[u8]>>(&mut self, path: K, default: V) -> &mut V {
        self.get_val_or_set_mut_with_at(path, || default)
    }

    /// Returns a mutable reference to the value at `path`, after inserting the result of `func` if
    /// there is none.
    ///
    /// `func` is called only if there is no value.
    pub fn get_val_or_set_mut_with_at<F, K>(&mut self, path: K, func: F) -> &mut V
    where
        F: FnOnce() -> V,
        K: AsRef<[u8]>,
    {
        let (path, mut bin) = (path.as_ref(), Bin::new());
        match &mut self.root {
            Some(root) => value_or_set(root, path, func, &mut bin),
            root => first_value(root, path, func(), &mut bin),
        }
    }

    /// Creates `path` without a value, and returns true iff it did not exist. The empty path
    /// always exists.
    pub fn create_path<K: AsRef<[u8]>>(&mut self, path: K) -> bool {
        remove::create_path(&mut self.root, path.as_ref(), &mut Bin::new())
    }

    /// Removes `path` if it is a dangling tip, and returns the number of bytes removed.
    ///
    /// The path is removed up to its nearest proper prefix that has a value, has another branch,
    /// or is empty.
    pub fn prune_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        remove::prune_path(&mut self.root, path.as_ref(), 0, &mut Bin::new())
    }

    /// Removes all paths that extend `path`, and returns true iff there were any.
    ///
    /// The value at `path` is kept. If `prune` is true and `path` is left dangling, it is pruned.
    /// Otherwise it remains as a location.
    pub fn remove_branches_at<K: AsRef<[u8]>>(&mut self, path: K, prune: bool) -> bool {
        let path = path.as_ref();
        let mut bin = Bin::new();
        let removed = remove_branches(&mut self.root, path, &mut bin);
        if prune {
            remove::prune_path(&mut self.root, path, 0, &mut bin);
        }
        removed
    }
}

impl<V> Clone for PathMap<V> {
    /// Returns a map that shares all nodes with this one until either map is written. O(1).
    fn clone(&self) -> Self {
        Self { root: self.root.clone() }
    }
}

impl<V> Default for PathMap<V> {
    fn default() -> Self {
        Self::new()
    }
}
