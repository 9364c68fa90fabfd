//! The n-th path and the rank of a path, by counts beside a snapshot's nodes.

use std::collections::HashMap;
use std::fmt;
use std::ops::{Bound, Range, RangeBounds};

use crate::node::{Below, End, Entry, Key, Place, Suffix, place_of};
use crate::trie::PathMap;

/// An index of a snapshot that finds the n-th path, the rank of a path and the size of a range
/// without walking the map.
///
/// [`PathMap::rank_index`] makes the index in O(nodes); a shared node is counted once. The index
/// keeps a snapshot of the map. Later writes to the map do not change the index, and copy the
/// nodes that they change. So make an index if many questions follow, and make a new one when the
/// map has changed enough.
///
/// **Size.** Three words for each node, and three for each link to a child.
///
/// **Overflow.** Counts saturate at [`usize::MAX`], which a map can exceed by sharing. Ranks below
/// [`usize::MAX`] are exact even then.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
///
/// let map: PathMap<usize> = ["ant", "bat", "bee", "cat", "cow"].into_iter().zip(0..).collect();
/// let index = map.rank_index();
/// assert_eq!(index.nth(2), Some((b"bee".to_vec(), &2)));
/// assert_eq!(index.rank("cat"), 3);
/// assert_eq!(index.rank("bison"), 3); // it would come before "cat"
/// assert_eq!(index.count_range("b".."c"), 2);
/// // The median.
/// assert_eq!(index.nth(index.len() / 2).unwrap().0, b"bee");
/// ```
pub struct RankIndex<V> {
    map: PathMap<V>,
    /// In the order in which they were counted: the root is the last.
    nodes: Vec<CountedNode>,
    branches: Vec<RankBranch>,
}

/// The counts of a node.
#[derive(Clone)]
struct CountedNode {
    /// The number of values at and below the node.
    total: usize,
    /// The range of its links in `branches`, in path order.
    branches: Range<usize>,
}

/// The counts of a link to a child.
#[derive(Clone, Copy)]
struct RankBranch {
    /// The number of the entry in its node.
    at: u16,
    /// The number of values at and below the parent that come before the child's.
    before: usize,
    /// The position of the child in `nodes`.
    node: usize,
}

/// A node whose entries are being counted.
struct CountFrame<'a, V> {
    place: Place<'a, V>,
    below: Below<'a, V>,
    values: usize,
    /// The position of its first link among the links of all unfinished nodes.
    open: usize,
}

impl<'a, V> CountFrame<'a, V> {
    fn new(place: Place<'a, V>, open: usize) -> Self {
        let values = place.own().is_some() as usize;
        Self { place, below: place.below(), values, open }
    }
}

/// Counts the values of all nodes at and below a root.
fn count<V>(root: Place<'_, V>) -> (Vec<CountedNode>, Vec<RankBranch>) {
    let (mut nodes, mut branches) = (Vec::new(), Vec::new());
    let mut open: Vec<RankBranch> = Vec::new();
    let mut known: HashMap<Key, usize> = HashMap::new();
    let mut stack = vec![CountFrame::new(root, 0)];
    while let Some(top) = stack.last_mut() {
        let Some((at, entry)) = top.below.at().zip(top.below.next()) else {
            let done = top.place;
            let first = branches.len();
            branches.extend(open.drain(top.open..));
            nodes.push(CountedNode { total: top.values, branches: first..branches.len() });
            if done.is_shared() {
                known.insert(done.key(), nodes.len() - 1);
            }
            stack.pop();
            if let (Some(parent), Some(way)) = (stack.last_mut(), open.last_mut()) {
                way.node = nodes.len() - 1;
                parent.values = parent.values.saturating_add(nodes[way.node].total);
            }
            continue;
        };
        let End::Child(child) = entry.end else {
            top.values = top.values.saturating_add(entry.end.is_value() as usize);
            continue;
        };
        let child = child.place();
        let mut way = RankBranch { at, before: top.values, node: 0 };
        match child.is_shared().then(|| known.get(&child.key())).flatten() {
            Some(&node) => {
                way.node = node;
                top.values = top.values.saturating_add(nodes[node].total);
                open.push(way);
            }
            None => {
                open.push(way);
                stack.push(CountFrame::new(child, open.len()));
            }
        }
    }
    (nodes, branches)
}

impl<V> RankIndex<V> {
    fn new(map: PathMap<V>) -> Self {
        let (nodes, branches) = place_of(map.root.as_ref()).map(count).unwrap_or_default();
        Self { map, nodes, branches }
    }

    /// Returns the map as it was when the index was made.
    #[must_use]
    pub fn snapshot(&self) -> &PathMap<V> {
        &self.map
    }

    /// Returns the number of values. O(1).
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.last().map_or(0, |root| root.total)
    }

    /// Returns true iff there is no value. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn root(&self) -> Option<(Place<'_, V>, &CountedNode)> {
        Some((place_of(self.map.root.as_ref())?, self.nodes.last()?))
    }

    /// Returns the path with `n` stored paths before it, and its value, or `None` if there are at
    /// most `n` paths.
    ///
    /// O(nodes on the way). Each node takes a binary search, and the last node a scan of its
    /// entries.
    #[must_use]
    pub fn nth(&self, n: usize) -> Option<(Vec<u8>, &V)> {
        let mut path = Vec::new();
        let value = self.nth_into(n, &mut path)?;
        Some((path, value))
    }

    /// Like [`nth`](Self::nth), but reuses `path`: its content is replaced. `path` is unchanged if
    /// there are at most `n` paths.
    pub fn nth_into(&self, mut n: usize, path: &mut Vec<u8>) -> Option<&V> {
        let (mut place, mut counted) = self.root()?;
        if n >= counted.total {
            return None;
        }
        path.clear();
        'down: loop {
            let branches = &self.branches[counted.branches.clone()];
            // The last link whose first value's number is at most `n`.
            let way = branches.partition_point(|way| way.before <= n).checked_sub(1);
            let (mut left, from) = match way.map(|way| branches[way]) {
                Some(way) => {
                    let below = &self.nodes[way.node];
                    let into = n - way.before;
                    if into < below.total {
                        let entry = Below::from_number(place, way.at).next();
                        let Some(Entry { suffix, end: End::Child(child) }) = entry else {
                            unreachable!("a link leads to a child")
                        };
                        suffix.append_to(path);
                        (place, counted, n) = (child.place(), below, into);
                        continue 'down;
                    }
                    (into - below.total, way.at + 1)
                }
                None => match (place.own(), n) {
                    (Some(own), 0) => return Some(own),
                    (own, n) => (n - own.is_some() as usize, 0),
                },
            };
            for entry in Below::from_number(place, from) {
                if let End::Value(value) = entry.end {
                    if left == 0 {
                        entry.suffix.append_to(path);
                        return Some(value);
                    }
                    left -= 1;
                }
            }
            unreachable!("the node has more than `n` values");
        }
    }

    /// Returns the number of stored paths before `path`, which need not be stored itself.
    ///
    /// O(nodes on the way). Each node takes a scan of the entries before the one that leads to the
    /// path.
    #[must_use]
    pub fn rank<K: AsRef<[u8]>>(&self, path: K) -> usize {
        let mut key = path.as_ref();
        let mut rank: usize = 0;
        let Some((mut place, mut counted)) = self.root() else { return 0 };
        'down: while let Some(wanted) = Suffix::of(key) {
            let branches = &self.branches[counted.branches.clone()];
            let from = Below::number_before(place, wanted.head);
            let mut way = branches.partition_point(|way| way.at < from);
            let at = match way.checked_sub(1).map(|way| branches[way]) {
                Some(way) => {
                    rank = rank.saturating_add(way.before).saturating_add(self.nodes[way.node].total);
                    way.at + 1
                }
                None => {
                    rank = rank.saturating_add(place.own().is_some() as usize);
                    0
                }
            };
            for entry in Below::from_number(place, at) {
                let begins = wanted.starts_with(entry.suffix);
                if !begins && entry.suffix > wanted {
                    return rank;
                }
                match entry.end {
                    End::Bare => {}
                    End::Value(_) if begins && wanted.len() == entry.suffix.len() => return rank,
                    End::Value(_) => rank = rank.saturating_add(1),
                    End::Child(child) => {
                        let below = &self.nodes[branches[way].node];
                        if begins {
                            key = &key[entry.suffix.len()..];
                            (place, counted) = (child.place(), below);
                            continue 'down;
                        }
                        rank = rank.saturating_add(below.total);
                        way += 1;
                    }
                }
            }
            return rank;
        }
        rank
    }

    /// Returns the number of stored paths before `path`, or `None` if `path` is not stored. This
    /// is the inverse of [`nth`](Self::nth), which returns `path` for this number.
    #[must_use]
    pub fn position<K: AsRef<[u8]>>(&self, path: K) -> Option<usize> {
        let path = path.as_ref();
        self.map.contains(path).then(|| self.rank(path))
    }

    /// Returns the number of stored paths in a range, in the time of two calls of
    /// [`rank`](Self::rank). A range that excludes everything contains no paths.
    #[must_use]
    pub fn count_range<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&self, range: R) -> usize {
        // The number of paths before a bound, and also the bound itself if `equal` is true.
        let up_to = |path: &K, equal: bool| {
            let path = path.as_ref();
            let equal = equal && self.map.contains(path);
            self.rank(path).saturating_add(equal as usize)
        };
        let before = match range.start_bound() {
            Bound::Unbounded => 0,
            Bound::Included(path) => up_to(path, false),
            Bound::Excluded(path) => up_to(path, true),
        };
        let end = match range.end_bound() {
            Bound::Unbounded => self.len(),
            Bound::Included(path) => up_to(path, true),
            Bound::Excluded(path) => up_to(path, false),
        };
        end.saturating_sub(before)
    }
}

impl<V> Clone for RankIndex<V> {
    /// Copies the index in O(index). The copy shares the map.
    fn clone(&self) -> Self {
        Self { map: self.map.clone(), nodes: self.nodes.clone(), branches: self.branches.clone() }
    }
}

impl<V> fmt::Debug for RankIndex<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RankIndex").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<V> PathMap<V> {
    /// Makes an index of this map, which finds the n-th path, ranks and fair samples. O(nodes).
    #[must_use]
    pub fn rank_index(&self) -> RankIndex<V> {
        RankIndex::new(self.clone())
    }
}
