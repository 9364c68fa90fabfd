//! Statistics of a map's nodes.

use std::collections::HashMap;
use std::fmt;
use std::ops::AddAssign;

use super::text::number;
use crate::node::{Below, End, Inspection, Key, Place, place_of};
use crate::trie::PathMap;

/// Statistics of a map's nodes, which print as a table; see [`PathMap::stats`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// The number of values, as [`PathMap::val_count`] counts them.
    pub values: usize,
    /// Statistics of the nodes that are sorted lists of entries.
    pub list: KindStats,
    /// Statistics of the nodes with a place for each byte.
    pub wide: KindStats,
    /// The bytes of boxes, which hold values that are too large for a node.
    pub boxed_bytes: usize,
    /// The length of the longest path to a value or a dangling tip.
    pub longest_path: usize,
    /// The largest number of nodes on a path, including the root.
    pub deepest: usize,
    /// The mean number of nodes on the path to a value.
    pub mean_depth: f64,
}

/// Statistics of the nodes of one kind. A shared node counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindStats {
    /// The number of nodes.
    pub nodes: usize,
    /// The number of nodes that have more than one owner, in this map or elsewhere.
    pub shared: usize,
    /// The number of entries.
    pub entries: usize,
    /// The number of entries that lead to other nodes.
    pub children: usize,
    /// The number of values in the nodes: at the ends of entries, and the nodes' own.
    pub values: usize,
    /// The number of dangling tips.
    pub tips: usize,
    /// The bytes that the nodes occupy.
    pub bytes: usize,
    /// The bytes that are in use.
    pub used_bytes: usize,
    /// The number of nodes by the fraction of their bytes that is in use: up to a quarter, a
    /// half, three quarters, all.
    pub fill: [usize; 4],
}

impl KindStats {
    fn count(&mut self, node: &Inspection, is_shared: bool, has_own: bool) {
        *self += Self {
            nodes: 1,
            shared: is_shared as usize,
            entries: node.entries,
            children: node.children,
            values: node.values,
            tips: node.entries + has_own as usize - node.children - node.values,
            bytes: node.bytes,
            used_bytes: node.used_bytes,
            fill: [0; 4],
        };
        self.fill[(node.used_bytes * 4).div_ceil(node.bytes).clamp(1, 4) - 1] += 1;
    }
}

impl AddAssign for KindStats {
    fn add_assign(&mut self, other: Self) {
        self.nodes += other.nodes;
        self.shared += other.shared;
        self.entries += other.entries;
        self.children += other.children;
        self.values += other.values;
        self.tips += other.tips;
        self.bytes += other.bytes;
        self.used_bytes += other.used_bytes;
        self.fill.iter_mut().zip(other.fill).for_each(|(fill, other)| *fill += other);
    }
}

/// The statistics of everything at and below a node.
#[derive(Clone, Copy, Default)]
struct Totals {
    values: usize,
    /// The sum of the depths of all values, which sharing can make very large.
    depths: f64,
    deepest: usize,
    longest: usize,
}

/// A node whose entries are being counted.
struct StatsFrame<'a, V> {
    place: Place<'a, V>,
    /// The entries that are not yet counted.
    left: Below<'a, V>,
    /// The totals so far.
    so_far: Totals,
    /// The length of the suffix that leads here from the node above.
    suffix: usize,
}

impl Stats {
    fn of<V>(root: Place<'_, V>) -> Self {
        let mut stats = Self::default();
        let mut known: HashMap<Key, Totals> = HashMap::new();
        let mut stack: Vec<StatsFrame<'_, V>> = Vec::new();
        stats.enter(root, 0, &mut stack);
        while let Some(top) = stack.last_mut() {
            let Some(entry) = top.left.next() else {
                let Some(StatsFrame { place, so_far, suffix, .. }) = stack.pop() else { break };
                if place.is_shared() {
                    known.insert(place.key(), so_far);
                }
                match stack.last_mut() {
                    Some(above) => above.so_far.add(so_far, suffix),
                    None => stats.finish(so_far),
                }
                continue;
            };
            let suffix = entry.suffix.len();
            let End::Child(child) = entry.end else {
                let valued = entry.end.is_value();
                top.so_far.longest = top.so_far.longest.max(suffix);
                top.so_far.values = top.so_far.values.saturating_add(valued as usize);
                top.so_far.depths += f64::from(valued);
                continue;
            };
            let child = child.place();
            match child.is_shared().then(|| known.get(&child.key())).flatten() {
                Some(&totals) => top.so_far.add(totals, suffix),
                None => stats.enter(child, suffix, &mut stack),
            }
        }
        stats
    }

    fn enter<'a, V>(&mut self, place: Place<'a, V>, suffix: usize, stack: &mut Vec<StatsFrame<'a, V>>) {
        let (node, own) = (Inspection::of(place), place.own().is_some());
        let kind = if node.kind == "wide" { &mut self.wide } else { &mut self.list };
        kind.count(&node, place.is_shared(), own);
        self.boxed_bytes += node.boxed_bytes;
        let so_far = Totals { values: own as usize, depths: f64::from(own), deepest: 1, longest: 0 };
        stack.push(StatsFrame { place, left: place.below(), so_far, suffix });
    }

    fn finish(&mut self, all: Totals) {
        self.values = all.values;
        self.deepest = all.deepest;
        self.longest_path = all.longest;
        self.mean_depth = if all.values > 0 { all.depths / all.values as f64 } else { 0.0 };
    }
}

impl Totals {
    /// Adds the totals of a child, to which a suffix of this length leads.
    fn add(&mut self, child: Self, suffix: usize) {
        self.values = self.values.saturating_add(child.values);
        self.depths += child.depths + child.values as f64;
        self.deepest = self.deepest.max(child.deepest + 1);
        self.longest = self.longest.max(child.longest + suffix);
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = self.list;
        all += self.wide;
        let kinds = [&self.list, &self.wide, &all];
        let row = |name: &str, cells: [String; 3]| {
            format!("{name:<22}{:>15}{:>15}{:>15}\n", cells[0], cells[1], cells[2])
        };
        let counts = |name, of: fn(&KindStats) -> usize| row(name, kinds.map(|kind| number(of(kind))));
        let part = |part: usize, of: usize, unit: f64| match of {
            0 => "-".to_string(),
            _ => format!("{:.1}", part as f64 * unit / of as f64),
        };
        f.write_str(&row("", ["list", "wide", "all"].map(String::from)))?;
        f.write_str(&counts("nodes", |kind| kind.nodes))?;
        f.write_str(&counts("  shared", |kind| kind.shared))?;
        f.write_str(&counts("entries", |kind| kind.entries))?;
        f.write_str(&counts("  to children", |kind| kind.children))?;
        f.write_str(&counts("  dangling", |kind| kind.tips))?;
        f.write_str(&row("  a node", kinds.map(|kind| part(kind.entries, kind.nodes, 1.0))))?;
        f.write_str(&counts("values in nodes", |kind| kind.values))?;
        f.write_str(&counts("bytes", |kind| kind.bytes))?;
        f.write_str(&counts("  used", |kind| kind.used_bytes))?;
        f.write_str(&row("  used, %", kinds.map(|kind| part(kind.used_bytes, kind.bytes, 100.0))))?;
        f.write_str(&counts("nodes up to 1/4 full", |kind| kind.fill[0]))?;
        f.write_str(&counts("  up to 1/2", |kind| kind.fill[1]))?;
        f.write_str(&counts("  up to 3/4", |kind| kind.fill[2]))?;
        f.write_str(&counts("  more", |kind| kind.fill[3]))?;
        if self.boxed_bytes > 0 {
            writeln!(f, "bytes of boxed values: {}", number(self.boxed_bytes))?;
        }
        let each = part(all.bytes + self.boxed_bytes, self.values, 1.0);
        writeln!(f, "values: {}, {each} bytes each", number(self.values))?;
        write!(
            f,
            "depth: {} nodes at most, {:.1} on the path to a value; the longest path has {} bytes",
            number(self.deepest),
            self.mean_depth,
            number(self.longest_path)
        )
    }
}

impl<V> PathMap<V> {
    /// Counts the map's nodes by kind, with their fill, bytes and depth.
    ///
    /// O(nodes); a node that is shared within the map is counted once. Needs the feature `viz`.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map: PathMap<u64> = (0..10_000u64).map(|i| (i.to_be_bytes(), i)).collect();
    /// let stats = map.stats();
    /// assert_eq!(stats.values, 10_000);
    /// assert_eq!(stats.list.bytes + stats.wide.bytes, map.heap_size());
    /// println!("{stats}");
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        place_of(self.root.as_ref()).map(Stats::of).unwrap_or_default()
    }
}
