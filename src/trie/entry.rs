//! Entries: a path of a map that is looked up once, and is then filled or emptied where the search
//! has ended.

use std::fmt;

use super::route::Route;
use crate::bytes::Text;
use crate::node::{Bin, Stored};
use crate::trie::PathMap;

/// A path of a map, with a value or without. Made by [`PathMap::entry`].
pub enum Entry<'a, V> {
    /// There is a value.
    Occupied(OccupiedEntry<'a, V>),
    /// There is none.
    Vacant(VacantEntry<'a, V>),
}

/// A path that has a value.
pub struct OccupiedEntry<'a, V> {
    key: Vec<u8>,
    route: Route<'a, V>,
}

/// A path that has no value.
pub struct VacantEntry<'a, V> {
    key: Vec<u8>,
    route: Route<'a, V>,
}

impl<V> PathMap<V> {
    /// The entry of `path`. O(path), and again for what is done with it.
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

    /// The entry of the first path that has a value, to be looked at, changed, or removed.
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

    /// The entry of the last path that has a value, to be looked at, changed, or removed.
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
    /// The value; `default` is put there first if there is none.
    pub fn or_insert(self, default: V) -> &'a mut V {
        self.or_insert_with(|| default)
    }

    /// The value; what `default` returns is put there first if there is none.
    pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &'a mut V {
        match self {
            Self::Occupied(entry) => entry.into_mut(),
            Self::Vacant(entry) => entry.insert(default()),
        }
    }

    /// The value; what `default` makes of the path is put there first if there is none.
    pub fn or_insert_with_key<F: FnOnce(&[u8]) -> V>(self, default: F) -> &'a mut V {
        match self {
            Self::Occupied(entry) => entry.into_mut(),
            Self::Vacant(entry) => {
                let value = default(&entry.key);
                entry.insert(value)
            }
        }
    }

    /// The value; the type's default is put there first if there is none.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Changes the value if there is one.
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

    /// Puts a value there, and gives the entry that has it.
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
    /// The path.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        match self {
            Self::Occupied(entry) => entry.key(),
            Self::Vacant(entry) => entry.key(),
        }
    }
}

impl<V> OccupiedEntry<'_, V> {
    /// The path.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> &V {
        self.route.value(&self.key).expect("the entry is occupied")
    }
}

impl<'a, V: Clone> OccupiedEntry<'a, V> {
    /// The value, to be changed.
    pub fn get_mut(&mut self) -> &mut V {
        self.route.value_mut(&self.key, &mut Bin::new())
    }

    /// The value, to be changed for as long as the map is borrowed.
    pub fn into_mut(self) -> &'a mut V {
        self.route.into_value(&self.key, &mut Bin::new())
    }

    /// Puts another value there; returns the one that was.
    pub fn insert(&mut self, value: V) -> V {
        std::mem::replace(self.get_mut(), value)
    }

    /// Takes the value, and prunes the path.
    pub fn remove(self) -> V {
        self.remove_entry().1
    }

    /// Takes the path and the value, and prunes the path.
    pub fn remove_entry(self) -> (Vec<u8>, V) {
        let mut bin = Bin::new();
        let value = self.route.remove(&self.key, &mut bin).expect("the entry is occupied");
        // Before the value is the caller's: if a drop panics here, it is dropped too.
        drop(bin);
        (self.key, Stored::into_value(value))
    }
}

impl<V> VacantEntry<'_, V> {
    /// The path.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The path, given back.
    #[must_use]
    pub fn into_key(self) -> Vec<u8> {
        self.key
    }
}

impl<'a, V: Clone> VacantEntry<'a, V> {
    /// Puts a value there.
    pub fn insert(self, value: V) -> &'a mut V {
        self.route.insert(&self.key, value, &mut Bin::new())
    }

    /// Puts a value there, and gives the entry that has it.
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
