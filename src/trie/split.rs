//! Splitting a map in two.

use crate::node::{Bin, Bundle, Cut, End, NodeMut};
use crate::trie::attach::prefixed;
use crate::trie::descend::unshare;
use crate::trie::detach::detach;
use crate::trie::tidy::tidy;
use crate::trie::{PathMap, locate, prune_path};

/// Takes what is not before the key out of the last node on the way that has something before it.
fn take_last<V>(node: &mut NodeMut<'_, V>, key: &[u8]) -> Bundle<V> {
    let cut = node.cut(key);
    node.take_behind(cut, true)
}

/// The map of what nodes on the way to a key have behind it, given how much of the key leads to
/// each.
fn joined<V>(parts: Vec<(usize, Bundle<V>)>, key: &[u8]) -> PathMap<V> {
    // What a node has behind the key comes behind what its child has.
    let mut after: Option<(usize, Bundle<V>)> = None;
    for (start, behind) in parts.into_iter().rev() {
        after = match after {
            Some(below) if behind.is_empty() => Some(below),
            Some((end, below)) => {
                let mut both = Bundle::new(None);
                both.push(&key[start..end], End::Child(below.pack()));
                both.append(&[], behind);
                Some((start, both))
            }
            None => Some((start, behind)).filter(|(_, behind)| !behind.is_empty()),
        };
    }
    PathMap::from_root(after.map(|(start, bundle)| match start {
        0 => bundle.pack(),
        _ => prefixed(&key[..start], Some(bundle.pack())),
    }))
}

impl<V: Clone> PathMap<V> {
    /// Splits the map in two at `key`: returns a map of all paths at and after `key`, and keeps
    /// the paths before it.
    ///
    /// Like [`BTreeMap::split_off`](std::collections::BTreeMap::split_off). To split off all paths
    /// that begin with a prefix, use [`split_off_prefix`](Self::split_off_prefix).
    ///
    /// # Complexity
    /// O(path) nodes are edited. Subtries are moved as a whole.
    ///
    /// # Panics
    /// Panics if a value's `Clone` panics. Values are cloned in nodes on the way to `key` that
    /// other maps share. After a panic, the map holds the entries that it held before the call.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("a", 1), ("b", 2), ("bc", 3), ("d", 4)]);
    /// let after = map.split_off("b");
    /// assert_eq!(map, PathMap::from([("a", 1)]));
    /// assert_eq!(after, PathMap::from([("b", 2), ("bc", 3), ("d", 4)]));
    /// ```
    pub fn split_off<K: AsRef<[u8]>>(&mut self, key: K) -> Self {
        let key = key.as_ref();
        let Some(root) = &mut self.root else { return Self::new() };
        // Which nodes on the way hold something before the key. What is below the last of them is
        // moved as it is.
        let (mut node, mut start) = (&*root, 0);
        let (mut levels, mut kept) = (0, None);
        while start < key.len() {
            let cut = Cut::of(node.lent(), &key[start..]);
            levels += 1;
            if cut.has_before(node.lent()) {
                kept = Some((levels, start));
            }
            let Cut::Child { entry, used } = cut else { break };
            (node, start) = (node.child(entry), start + used);
        }
        let Some((levels, end)) = kept else { return std::mem::take(self) };
        // Values are cloned and dropped here, before anything is moved.
        let mut bin = Bin::new();
        unshare(root, &key[..=end], &mut bin);
        drop(std::mem::replace(&mut bin, Bin::new()));
        let mut parts = Vec::with_capacity(levels);
        let (mut slot, mut start) = (root, 0);
        if levels == 1 {
            let mut node = slot.unique(&mut bin);
            parts.push((0, take_last(&mut node, key)));
            node.settle();
            return joined(parts, key);
        }
        for level in 1..levels {
            let mut node = slot.unique(&mut bin);
            let cut = node.cut(&key[start..]);
            parts.push((start, node.take_behind(cut, false)));
            node.settle();
            let Cut::Child { entry: i, used } = node.cut(&key[start..]) else {
                unreachable!("the way goes on below this node")
            };
            start += used;
            if level + 1 == levels {
                parts.push((
                    start,
                    take_last(&mut node.reborrow().child_mut(i).unique(&mut bin), &key[start..]),
                ));
                tidy(&mut node, i);
                break;
            }
            slot = node.child_mut(i);
        }
        joined(parts, key)
    }

    /// Removes all paths that begin with `prefix`, and returns them as a map.
    ///
    /// The paths in the returned map still begin with `prefix`. In this map, the path that led to
    /// `prefix` is pruned.
    ///
    /// # Complexity
    /// O(prefix).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("car", 1), ("cart", 2), ("cat", 3)]);
    /// let cars = map.split_off_prefix("car");
    /// assert_eq!(cars, PathMap::from([("car", 1), ("cart", 2)]));
    /// assert_eq!(map, PathMap::from([("cat", 3)]));
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
        let mut bin = Bin::new();
        let taken = detach(slot, prefix, &mut bin);
        prune_path(&mut self.root, prefix, 0, &mut bin);
        let split = Self::from_root(Some(prefixed(prefix, taken)));
        // Before the map is the caller's: if a drop panics here, it is dropped too.
        drop(bin);
        split
    }
}
