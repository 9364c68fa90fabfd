//! The map itself: its points, its paths, its size.

use crate::algebra::any_value;
use crate::node::{Bin, Bundle, End, Shared, Stored, count_values, place_of};
use crate::trie::get_mut::{first_value, value_mut, value_or_set};
use crate::trie::remove_branches::remove_branches;
use crate::trie::set::set;
use crate::trie::{locate, remove};

/// A map from byte paths to values, in a trie whose nodes are shared between maps.
///
/// A path is any sequence of bytes, the empty one included. Paths are ordered byte by byte, a
/// prefix before what extends it.
///
/// [`clone`](Clone::clone) is O(1): the copies share all nodes, and a write to one copies just the
/// nodes on the way to the place written. Point operations are O(path), whatever the size of the
/// map.
///
/// Besides the paths that hold values a map may hold *dangling* paths, which lead to nothing: they
/// are made by [`create_path`](Self::create_path), or left behind by a removal that does not
/// prune.
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
    /// None while there is no value and no location but the root.
    pub(crate) root: Option<Shared<V>>,
}

/// What a value is where generic code asks for all that any use of a map may need.
///
/// No bound of this crate asks for it: reading needs nothing of a value, and writing needs
/// [`Clone`].
pub trait TrieValue: Clone + Send + Sync + Unpin {}

impl<V: Clone + Send + Sync + Unpin> TrieValue for V {}

impl<V> PathMap<V> {
    /// An empty map. Allocates nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { root: None }
    }

    pub(crate) fn from_root(root: Option<Shared<V>>) -> Self {
        Self { root }
    }

    /// A map of one value.
    #[must_use]
    pub fn single<K: AsRef<[u8]>>(path: K, val: V) -> Self {
        Self { root: Some(Bundle::node(path.as_ref(), End::Value(Stored::new(val)))) }
    }

    /// The value at `path`. O(path).
    #[must_use]
    #[inline]
    pub fn get<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.root.as_ref()?.lent().value_at(path.as_ref())
    }

    /// A copy of `path`, and the value there. O(path).
    ///
    /// A trie keeps no key as a whole, so the path is the caller's own, copied.
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

    /// The value at `path`: [`get`](Self::get) by its longer name.
    #[must_use]
    #[inline]
    pub fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.get(path)
    }

    /// True iff there is a value at `path`. O(path).
    #[must_use]
    pub fn contains<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.get(path).is_some()
    }

    /// True iff there is a value at `path`: [`contains`](Self::contains) by the name that std's
    /// maps use.
    #[must_use]
    pub fn contains_key<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.contains(path)
    }

    /// True iff `path` leads somewhere: to a value, to what extends it, or to a dangling tip.
    /// O(path).
    #[must_use]
    pub fn path_exists_at<K: AsRef<[u8]>>(&self, path: K) -> bool {
        let path = path.as_ref();
        path.is_empty() || locate::find(&self.root, path).is_some()
    }

    /// True iff the map holds no value.
    ///
    /// O(1), but where the map holds dangling paths: these have to be looked through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !place_of(self.root.as_ref()).is_some_and(any_value)
    }

    /// The number of values. O(nodes); a node that is shared within the map is counted once, and
    /// the count saturates.
    #[must_use]
    pub fn val_count(&self) -> usize {
        self.root.as_ref().map_or(0, |root| count_values(root.place()))
    }

    /// The number of values: [`val_count`](Self::val_count) by the name that std's maps use.
    /// O(nodes).
    #[must_use]
    pub fn len(&self) -> usize {
        self.val_count()
    }

    /// Removes everything. O(nodes that no other map shares).
    pub fn clear(&mut self) {
        self.root = None;
    }

    /// Checks every invariant of the map's nodes. O(nodes), counting a shared node each time it is
    /// met.
    ///
    /// # Errors
    /// The first node that breaks one, and how.
    #[cfg(feature = "testing")]
    pub fn check(&self) -> Result<(), crate::testing::Malformed> {
        self.root.as_ref().map_or(Ok(()), |root| crate::node::check(root.lent()))
    }
}

impl<V: Clone> PathMap<V> {
    /// Puts `val` at `path`, creating the path; returns the value that was there. O(path).
    #[inline]
    pub fn insert<K: AsRef<[u8]>>(&mut self, path: K, val: V) -> Option<V> {
        let (path, val) = (path.as_ref(), Stored::new(val));
        let Some(root) = &mut self.root else {
            self.root = Some(Bundle::node(path, End::Value(val)));
            return None;
        };
        let mut bin = Bin::new();
        let old = set(root, path, val, &mut bin);
        // Before the old value is the caller's: if a drop panics here, it is dropped too.
        drop(bin);
        old.map(Stored::into_value)
    }

    /// Puts `val` at `path`: [`insert`](Self::insert) by its longer name.
    #[inline]
    pub fn set_val_at<K: AsRef<[u8]>>(&mut self, path: K, val: V) -> Option<V> {
        self.insert(path, val)
    }

    /// Takes the value at `path`, and prunes the path up to the next value or branch. O(path).
    pub fn remove<K: AsRef<[u8]>>(&mut self, path: K) -> Option<V> {
        self.remove_val_at(path, true)
    }

    /// Takes the value at `path`, as [`remove`](Self::remove) does; returns it with a copy of the
    /// path. O(path).
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

    /// Takes the value at `path`. Unless `prune`, the path stays as a location.
    pub fn remove_val_at<K: AsRef<[u8]>>(&mut self, path: K, prune: bool) -> Option<V> {
        let mut bin = Bin::new();
        let value = remove::remove(&mut self.root, path.as_ref(), prune, &mut bin);
        drop(bin);
        value.map(Stored::into_value)
    }

    /// The value at `path`, to be changed in place. Creates nothing. O(path).
    pub fn get_mut<K: AsRef<[u8]>>(&mut self, path: K) -> Option<&mut V> {
        value_mut(self.root.as_mut()?, path.as_ref(), &mut Bin::new())
    }

    /// The value at `path`, to be changed in place: [`get_mut`](Self::get_mut) by its longer name.
    pub fn get_val_mut_at<K: AsRef<[u8]>>(&mut self, path: K) -> Option<&mut V> {
        self.get_mut(path)
    }

    /// The value at `path`; `default` is put there first if there is none.
    pub fn get_val_or_set_mut_at<K: AsRef<[u8]>>(&mut self, path: K, default: V) -> &mut V {
        self.get_val_or_set_mut_with_at(path, || default)
    }

    /// The value at `path`; what `func` returns is put there first if there is none. `func` runs
    /// only then.
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

    /// Creates `path` as a location; true iff it was absent. The empty path always exists.
    pub fn create_path<K: AsRef<[u8]>>(&mut self, path: K) -> bool {
        remove::create_path(&mut self.root, path.as_ref(), &mut Bin::new())
    }

    /// If `path` is a dangling tip: deletes up to the nearest strict ancestor that has a value or
    /// branches, or is the root. Returns the number of bytes deleted.
    pub fn prune_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        remove::prune_path(&mut self.root, path.as_ref(), 0, &mut Bin::new())
    }

    /// Removes all that is strictly below `path`; returns whether there was anything. The location
    /// at `path` stays, unless `prune` and nothing else keeps it.
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
    /// O(1): the copies share every node until one is written.
    fn clone(&self) -> Self {
        Self { root: self.root.clone() }
    }
}

impl<V> Default for PathMap<V> {
    fn default() -> Self {
        Self::new()
    }
}
