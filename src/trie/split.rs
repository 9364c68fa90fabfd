//! Splitting a map in two: at a key, or by a prefix.

use crate::node::{Bin, Bundle, Payload, Place, Shared};
use crate::trie::{PathMap, edit, locate};

impl<V: Clone> PathMap<V> {
    /// Splits the map in two at `key`: takes out everything from `key` on, as a map of its own.
    ///
    /// `key` itself and all that comes after it in path order are moved to the returned map, and what comes before it is
    /// kept, as std's maps do. What is left is pruned. For all paths that begin with a prefix see
    /// [`split_off_prefix`](Self::split_off_prefix).
    ///
    /// # Complexity
    /// O(path), and the entries of each node on the way. Whole subtries are moved without a look into them.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("a", 1), ("b", 2), ("ba", 3), ("c", 4)]);
    /// let from_b = map.split_off("b");
    /// assert_eq!(map, PathMap::from([("a", 1)]));
    /// assert_eq!(from_b, PathMap::from([("b", 2), ("ba", 3), ("c", 4)]));
    /// ```
    pub fn split_off<K: AsRef<[u8]>>(&mut self, key: K) -> Self {
        let key = key.as_ref();
        if key.is_empty() {
            return std::mem::take(self);
        }
        let Some(root) = &mut self.root else { return Self::new() };
        // A value's clone may panic only here, while the map is whole. The owners that copied nodes had are dropped last.
        let mut bin = Bin::new();
        edit::unshare(root, key, &mut bin);
        let Some(root) = self.root.take() else { return Self::new() };
        let (before, after) = split(root, key);
        self.root = before;
        let after = Self::from_root(after);
        drop(bin);
        after
    }

    /// Takes out all paths that begin with `prefix`, as a map of their own.
    ///
    /// The paths keep the prefix: to move a subtrie to its own root use
    /// [`take_map`](crate::zipper::ZipperWriting::take_map) of a writer. What is left is pruned. To split at a key, as std's
    /// maps do, see [`split_off`](Self::split_off).
    ///
    /// # Complexity
    /// O(path), and the entries of one node.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("a", 1), ("b", 2), ("ba", 3), ("c", 4)]);
    /// let below_b = map.split_off_prefix("b");
    /// assert_eq!(map, PathMap::from([("a", 1), ("c", 4)]));
    /// assert_eq!(below_b, PathMap::from([("b", 2), ("ba", 3)]));
    /// ```
    pub fn split_off_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> Self {
        let prefix = prefix.as_ref();
        if prefix.is_empty() {
            return std::mem::take(self);
        }
        if locate::find(&self.root, prefix).is_none() {
            return Self::new();
        }
        let slot = self.root.as_mut().expect("the location is there");
        let taken = edit::detach(slot, prefix, &mut Bin::new());
        self.prune_path(prefix);
        Self::from_root(Some(edit::prefixed(prefix, taken)))
    }
}

/// The entries of one node on the way to a key, apart from the child on the way.
struct Level<'k, V> {
    before: Bundle<V>,
    after: Bundle<V>,
    /// The suffix of the child on the way; empty where there is none.
    suffix: &'k [u8],
}

/// What comes before `key`, and the key and what comes after it. The nodes on the way to the key have one owner each, so
/// that nothing is cloned; the key is not empty.
///
/// A node is taken apart from the root down, and what is on either side is put together from the bottom up. The child on
/// the way is the last of what is before the key, and the first of what is after it.
fn split<V: Clone>(mut node: Shared<V>, mut key: &[u8]) -> (Option<Shared<V>>, Option<Shared<V>>) {
    let mut levels = Vec::new();
    loop {
        let mut level = Level { before: Bundle::new(None), after: Bundle::new(None), suffix: &[] };
        let mut next = None;
        Bundle::open(node).for_each(|suffix, payload| match payload {
            Payload::Child(child) if suffix.len() < key.len() && key.starts_with(suffix) => {
                level.suffix = &key[..suffix.len()];
                next = Some(child);
            }
            payload if suffix < key => level.before.push(suffix, payload),
            payload => level.after.push(suffix, payload),
        });
        key = &key[level.suffix.len()..];
        levels.push(level);
        match next {
            Some(child) => node = child,
            None => break,
        }
    }
    let (mut before, mut after) = (None, None);
    while let Some(level) = levels.pop() {
        before = side(level.before, level.suffix, before, Bundle::new(None));
        after = side(Bundle::new(None), level.suffix, after, level.after);
    }
    (before, after)
}

/// The node of some entries, a child, and more entries, in path order.
fn side<V: Clone>(
    mut bundle: Bundle<V>,
    suffix: &[u8],
    child: Option<Shared<V>>,
    rest: Bundle<V>,
) -> Option<Shared<V>> {
    let has_child = child.is_some();
    if has_child {
        bundle.push(suffix, edit::payload(child));
    }
    bundle.append(&[], rest);
    let mut node = (!bundle.is_empty()).then(|| bundle.pack())?;
    // The child may have become small enough to lie in this node.
    if has_child
        && let Some(mut unique) = node.try_unique()
        && let Place::Child(i, _) = unique.place(suffix)
    {
        unique.absorb(i);
    }
    Some(node)
}
