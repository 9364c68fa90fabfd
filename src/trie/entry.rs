//! Entries of a map. A path is looked up once, and its value is then inserted, changed or removed
//! at the place where the search ended.

use std::fmt;

use super::route::Route;
use crate::bytes::Text;
use crate::node::{Bin, Stored};
use crate::trie::PathMap;

/// A view of the value at a path of a map, which may be vacant or occupied. Returned by
/// [`PathMap::entry`].
pub enum Entry<'a, V> {
    /// The path has a value.
    Occupied(OccupiedEntry<'a, V>),
    /// The path has no value.
    Vacant(VacantEntry<'a, V>),
}

/// A view of a path that has a value. Part of the [`Entry`] enum.
pub struct OccupiedEntry<'a, V> {
    key: Vec<u8>,
    route: Route<'a, V>,
}

/// A view of a path that has no value. Part of the [`Entry`] enum.
pub struct VacantEntry<'a, V> {
    key: Vec<u8>,
    route: Route<'a, V>,
}

impl<V> PathMap<V> {
    /// Returns the entry of `path`, to look at, change, insert or remove its value.
    ///
    /// O(path). The path is searched once: the methods of the entry continue where this search
    /// ended.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut counts = PathMap::new();
    /// for word in ["to", "be", "or", "not", "to", "be"] {
    ///     *counts.entry(word).or_insert(0) += 1;
    /// }
    /// assert_eq!(counts["be"], 2);
    /// ```
    pub fn entry<K: AsRef<[u8]>>(&mut self, path: K) -> Entry<'_, V> {
        let key = path.as_ref().to_vec();
        let route = Route::find(&mut self.root, &key);
        match route.has_value(&key) {
            true => Entry::Occupied(OccupiedEntry { key, route }),
            false => Entry::Vacant(VacantEntry { key, route }),
        }
    }

    /// Returns the entry of the first path that has a value, to look at, change or remove the
    /// value.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut queue = PathMap::from([("1", "wash"), ("2", "rinse")]);
    /// let first = queue.first_entry().unwrap();
    /// assert_eq!((first.key(), first.get()), (&b"1"[..], &"wash"));
    /// assert_eq!(first.remove(), "wash");
    /// assert_eq!(queue.first_entry().unwrap().key(), b"2");
    /// ```
    pub fn first_entry(&mut self) -> Option<OccupiedEntry<'_, V>> {
        let (key, _) = self.first_key_value()?;
        let route = Route::find(&mut self.root, &key);
        Some(OccupiedEntry { key, route })
    }

    /// Returns the entry of the last path that has a value, to look at, change or remove the
    /// value.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut scores = PathMap::from([("ann", 3), ("bob", 5)]);
    /// *scores.last_entry().unwrap().get_mut() += 1;
    /// assert_eq!(scores["bob"], 6);
    /// ```
    pub fn last_entry(&mut self) -> Option<OccupiedEntry<'_, V>> {
        let (key, _) = self.last_key_value()?;
        let route = Route::find(&mut self.root, &key);
        Some(OccupiedEntry { key, route })
    }
}

impl<'a, V: Clone> Entry<'a, V> {
    /// Inserts `default` if the entry is vacant, and returns a mutable reference to the value.
    pub fn or_insert(self, default: V) -> &'a mut V {
        self.or_insert_with(|| default)
    }

    /// Inserts `default()` if the entry is vacant, and returns a mutable reference to the value.
    pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &'a mut V {
        match self {
            Self::Occupied(entry) => entry.into_mut(),
            Self::Vacant(entry) => entry.insert(default()),
        }
    }

    /// Inserts `default(path)` if the entry is vacant, and returns a mutable reference to the
    /// value.
    pub fn or_insert_with_key<F: FnOnce(&[u8]) -> V>(self, default: F) -> &'a mut V {
        match self {
            Self::Occupied(entry) => entry.into_mut(),
            Self::Vacant(entry) => {
                let value = default(&entry.key);
                entry.insert(value)
            }
        }
    }

    /// Inserts the type's default value if the entry is vacant, and returns a mutable reference to
    /// the value.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Calls `change` with the value if the entry is occupied, and returns the entry.
    pub fn and_modify<F: FnOnce(&mut V)>(self, change: F) -> Self {
        match self {
            Self::Occupied(OccupiedEntry { key, route }) => {
                let mut entry = OccupiedEntry { route: route.unshared(&key, &mut Bin::new()), key };
                change(entry.get_mut());
                Self::Occupied(entry)
            }
            vacant => vacant,
        }
    }

    /// Sets the value of the entry, and returns the occupied entry.
    pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, V> {
        match self {
            Self::Occupied(mut entry) => {
                entry.insert(value);
                entry
            }
            Self::Vacant(entry) => entry.insert_entry(value),
        }
    }
}

impl<V> Entry<'_, V> {
    /// Returns the path of the entry.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        match self {
            Self::Occupied(entry) => entry.key(),
            Self::Vacant(entry) => entry.key(),
        }
    }
}

impl<V> OccupiedEntry<'_, V> {
    /// Returns the path of the entry.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Returns a reference to the value.
    #[must_use]
    pub fn get(&self) -> &V {
        self.route.value(&self.key).expect("the entry is occupied")
    }
}

impl<'a, V: Clone> OccupiedEntry<'a, V> {
    /// Returns a mutable reference to the value.
    pub fn get_mut(&mut self) -> &mut V {
        self.route.value_mut(&self.key, &mut Bin::new())
    }

    /// Consumes the entry and returns a mutable reference to the value, which lives as long as the
    /// borrow of the map.
    pub fn into_mut(self) -> &'a mut V {
        self.route.into_value(&self.key, &mut Bin::new())
    }

    /// Replaces the value, and returns the old value.
    pub fn insert(&mut self, value: V) -> V {
        std::mem::replace(self.get_mut(), value)
    }

    /// Removes the value, prunes the path, and returns the value.
    pub fn remove(self) -> V {
        self.remove_entry().1
    }

    /// Removes the value, prunes the path, and returns the path and the value.
    pub fn remove_entry(self) -> (Vec<u8>, V) {
        let mut bin = Bin::new();
        let value = self.route.remove(&self.key, &mut bin).expect("the entry is occupied");
        // The bin is dropped before the value is returned: if a drop panics, the value is dropped
        // too.
        drop(bin);
        (self.key, Stored::into_value(value))
    }
}

impl<V> VacantEntry<'_, V> {
    /// Returns the path of the entry.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Consumes the entry and returns its path.
    #[must_use]
    pub fn into_key(self) -> Vec<u8> {
        self.key
    }
}

impl<'a, V: Clone> VacantEntry<'a, V> {
    /// Inserts a value, and returns a mutable reference to it.
    pub fn insert(self, value: V) -> &'a mut V {
        self.route.insert(&self.key, value, &mut Bin::new())
    }

    /// Sets the value of the entry, and returns the occupied entry.
    pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, V> {
        let route = self.route.insert_on(&self.key, value, &mut Bin::new());
        OccupiedEntry { key: self.key, route }
    }
}

impl<V: fmt::Debug> fmt::Debug for Entry<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry: &dyn fmt::Debug = match self {
            Self::Occupied(entry) => entry,
            Self::Vacant(entry) => entry,
        };
        f.debug_tuple("Entry").field(entry).finish()
    }
}

impl<V: fmt::Debug> fmt::Debug for OccupiedEntry<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OccupiedEntry").field("key", &Text(&self.key)).field("value", self.get()).finish()
    }
}

impl<V> fmt::Debug for VacantEntry<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VacantEntry").field(&Text(&self.key)).finish()
    }
}
