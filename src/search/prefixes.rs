//! Paths that begin with a prefix, and the stored prefixes of a path.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::Bound;

use crate::bytes::Text;
use crate::node::{Below, End, Place, place_of};
use crate::trie::{Iter, IterMut, PathMap};

/// An iterator over the stored prefixes of a path and their values, the shortest first; see
/// [`PathMap::prefixes_of`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct PrefixesOf<'a, 'path, V> {
    path: &'path [u8],
    /// The length of the prefix that leads to the node.
    len: usize,
    /// The node's own value, if it has not been returned.
    own: Option<&'a V>,
    /// The remaining entries of the node that begin with the path's next byte.
    entries: Option<Below<'a, V>>,
}

impl<'a, 'path, V> PrefixesOf<'a, 'path, V> {
    fn new(root: Option<Place<'a, V>>, path: &'path [u8]) -> Self {
        let mut prefixes = Self { path, len: 0, own: None, entries: None };
        if let Some(root) = root {
            prefixes.enter(root, 0);
        }
        prefixes
    }

    fn enter(&mut self, place: Place<'a, V>, len: usize) {
        self.len = len;
        self.own = place.own();
        self.entries = self.path.get(len).and_then(|&byte| Below::led_by(place, byte));
    }
}

impl<'a, 'path, V> Iterator for PrefixesOf<'a, 'path, V> {
    type Item = (&'path [u8], &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(own) = self.own.take() {
                return Some((&self.path[..self.len], own));
            }
            // The first byte of these entries equals the path's next byte.
            let entry = self.entries.as_mut()?.next()?;
            if !self.path[self.len + 1..].starts_with(entry.suffix.rest) {
                continue;
            }
            let len = self.len + entry.suffix.len();
            match entry.end {
                End::Value(value) => return Some((&self.path[..len], value)),
                End::Child(child) => self.enter(child.place(), len),
                End::Bare => {}
            }
        }
    }
}

impl<V> FusedIterator for PrefixesOf<'_, '_, V> {}

impl<V> fmt::Debug for PrefixesOf<'_, '_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrefixesOf").field("path", &Text(self.path)).finish_non_exhaustive()
    }
}

/// Returns the least path that is greater than all paths that begin with `prefix`, if there is
/// one.
fn after(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|&byte| byte != u8::MAX)?;
    let mut after = prefix[..=last].to_vec();
    after[last] += 1;
    Some(after)
}

impl<V> PathMap<V> {
    /// Iterates over the paths that begin with `prefix`, in path order.
    ///
    /// `prefix` itself is included if it is stored.
    ///
    /// The iterator returns whole paths. A reader [at the prefix](Self::read_zipper_at_path)
    /// visits the same locations without copying their paths, and its paths are relative to the
    /// prefix.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("car", 1), ("cart", 2), ("cat", 3)]);
    /// let found: Vec<_> = map.prefix("car").collect();
    /// assert_eq!(found, [(b"car".to_vec(), &1), (b"cart".to_vec(), &2)]);
    /// assert_eq!(map.prefix("ca").next_back(), Some((b"cat".to_vec(), &3)));
    /// ```
    pub fn prefix<K: AsRef<[u8]>>(&self, prefix: K) -> Iter<'_, V> {
        let prefix = prefix.as_ref();
        let end = after(prefix);
        let end = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        self.range::<[u8], _>((Bound::Included(prefix), end))
    }

    /// Iterates over the paths that begin with `prefix`, in path order, with mutable references
    /// to the values.
    ///
    /// Nodes that other maps share are copied: those on the way to the prefix now, and the others
    /// when the iterator reaches them. [`lend_next`](IterMut::lend_next) lends the paths instead
    /// of copying them.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("car", 1), ("cart", 2), ("cat", 3)]);
    /// let mut cars = map.prefix_mut("car");
    /// while let Some((path, value)) = cars.lend_next() {
    ///     *value += path.len();
    /// }
    /// assert_eq!(map, PathMap::from([("car", 4), ("cart", 6), ("cat", 3)]));
    /// ```
    pub fn prefix_mut<K: AsRef<[u8]>>(&mut self, prefix: K) -> IterMut<'_, V>
    where
        V: Clone,
    {
        let prefix = prefix.as_ref();
        let end = after(prefix);
        let end = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        self.range_mut::<[u8], _>((Bound::Included(prefix), end))
    }

    /// Iterates over the stored prefixes of `path` and their values, the shortest first.
    ///
    /// `path` itself is included if it is stored. O(path) for all of them.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let rules = PathMap::from([("/", "all"), ("/api/", "api"), ("/api/users/", "users"), ("/app/", "app")]);
    /// let found: Vec<_> = rules.prefixes_of("/api/users/7").map(|(_, rule)| *rule).collect();
    /// assert_eq!(found, ["all", "api", "users"]);
    /// ```
    pub fn prefixes_of<'path, K: AsRef<[u8]> + ?Sized>(&self, path: &'path K) -> PrefixesOf<'_, 'path, V> {
        PrefixesOf::new(place_of(self.root.as_ref()), path.as_ref())
    }

    /// Returns the longest stored prefix of `path`, and its value, as a router needs it. O(path).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// // Networks by the bytes of their addresses.
    /// let routes = PathMap::from([(&[10][..], "site"), (&[10, 1], "floor"), (&[10, 1, 7], "room")]);
    /// assert_eq!(routes.longest_prefix_of(&[10, 1, 9, 3]), Some((&[10, 1][..], &"floor")));
    /// assert_eq!(routes.longest_prefix_of(&[11, 1, 9, 3]), None);
    /// ```
    #[must_use]
    pub fn longest_prefix_of<'path, K: AsRef<[u8]> + ?Sized>(
        &self,
        path: &'path K,
    ) -> Option<(&'path [u8], &V)> {
        self.prefixes_of(path).last()
    }
}
