//! Bundles: entries outside of nodes. Taking a node apart, and building the best nodes for a
//! sorted set of entries.
//!
//! All rare edits use a bundle (splits that push down several groups, cuts in the middle of a node,
//! bulk loading), so that the decision between the kinds of node is made in one place. Frequent
//! edits are made in place, or by moving whole columns (`assemble.rs`, `widen.rs`).

use std::ptr::NonNull;

use super::build::{Form, Shape};
use super::column::Column;
use super::end::{End, EndOwned};
use super::header::{self, Header};
use super::limits::Limits;
use super::make::{InMemory, Make};
use super::shared::Shared;
use super::spot::Spot;
use super::suffix::Suffix;
use super::view::NodeRef;
use super::wide::Tail;
use crate::bytes::common_prefix;
use crate::reached::{Mark, reached};

/// A sorted set of entries, and the value at the location where their suffixes start, of which
/// nodes in memory are made.
pub(crate) type Bundle<V> = BundleFor<InMemory<V>>;

/// A sorted set of entries, and the value at the location where their suffixes start.
pub(crate) struct BundleFor<M: Make> {
    own: Option<M::Value>,
    /// The suffixes, back to back.
    bytes: Vec<u8>,
    items: Vec<Item<M>>,
}

struct Item<M: Make> {
    /// Where the suffix lies in `bytes`.
    start: usize,
    end: usize,
    /// `None` after it has been moved into a node.
    payload: Option<End<M::Value, M::Node>>,
}

impl<V> Bundle<V> {
    /// A node of two entries with different suffixes, in either order. The smaller suffix may be
    /// empty: then its value is the node's own.
    pub(super) fn pair(a: (&[u8], EndOwned<V>), b: (&[u8], EndOwned<V>)) -> Shared<V> {
        let (first, second) = if a.0 < b.0 { (a, b) } else { (b, a) };
        if second.0.len().max(first.0.len()) > Limits::SUFFIX {
            let mut bundle = Self::new(None);
            bundle.push(first.0, first.1);
            bundle.push(second.0, second.1);
            return bundle.pack();
        }
        let mut shape = Shape::default();
        let (own, first) = match (Suffix::of(first.0), first.1) {
            (Some(suffix), end) => (None, Some((suffix, end))),
            (None, End::Value(own)) => (Some(own), None),
            // The location of a tip that is extended is still there.
            (None, End::Bare) => (None, None),
            (None, End::Child(_)) => unreachable!("a child has a suffix"),
        };
        let second = (Suffix::of(second.0).expect("the greater suffix is not empty"), second.1);
        for (suffix, end) in first.iter().chain([&second]) {
            shape.add(suffix.head, suffix.rest.len(), end.kind());
        }
        shape.build(Form::List, own, first.into_iter().chain([second]))
    }

    /// Takes a node apart and releases its memory.
    ///
    /// # Safety
    /// `at` is a well-formed node of which the caller is the only owner, and which it forgets.
    pub(super) unsafe fn unpack(at: NonNull<Header>) -> Self {
        let mut bundle = Self::new(None);
        // SAFETY: the caller gives the node up, so each child and each value may be moved out
        // once (N3, N4).
        unsafe {
            let node = NodeRef::<V>::new(at);
            // A split adds one item: room for that too.
            bundle.items.reserve(33);
            bundle.bytes.reserve(node.size());
            bundle.own = node.own().is_some().then(|| Column::take(node.own_place()));
            let mut i = 0;
            while let Some(at) = node.next_entry(i) {
                let entry = node.entry(at);
                let payload =
                    entry.end.map(|_| Column::take(node.value_place(at)), |child| std::ptr::read(child));
                bundle.push_suffix(entry.suffix, payload);
                i = at + 1;
            }
            header::release(at);
        }
        bundle
    }

    /// Copies the entries at and below `spot` of a node. Values are cloned; boxes of values and
    /// children are shared.
    pub(crate) fn copy(node: NodeRef<'_, V>, spot: Spot) -> Self
    where
        V: Clone,
    {
        let spot = node.known(spot);
        let mut bundle = Self::new(None);
        if spot.depth() == 0 && node.own().is_some() {
            // SAFETY: the own value is there (N4).
            bundle.own = Some(unsafe { Column::share(node.own_place()) });
        }
        let mut i = spot.lo as usize;
        while let Some(at) = node.next_entry(i).filter(|&at| at < spot.hi as usize) {
            let entry = node.entry(at);
            // SAFETY: an entry that ends with a value has one in its place (N4).
            let payload = entry.end.map(|_| unsafe { Column::share(node.value_place(at)) }, Shared::clone);
            match spot.depth() {
                0 => bundle.push_suffix(entry.suffix, payload),
                depth => bundle.push(&entry.suffix.rest[depth - 1..], payload),
            }
            i = at + 1;
        }
        bundle
    }

    /// Adds the own value and the entries of `other` behind all others, each with `prefix` before
    /// its suffix.
    pub(crate) fn append(&mut self, prefix: &[u8], other: Self) {
        if let Some(own) = other.own {
            self.push(prefix, End::Value(own));
        }
        for item in other.items {
            let payload = item.payload.expect("the bundle has not been packed");
            self.push_joined(prefix, &other.bytes[item.start..item.end], payload);
        }
    }

    /// Replaces each child that has only its own value by that value, unless the child has other
    /// owners (N3). Returns false if a child is empty.
    pub(super) fn take_lone_values(&mut self) -> bool {
        for item in &mut self.items {
            let Some(End::Child(child)) = &item.payload else { continue };
            if child.view().next_entry(0).is_some() {
                continue;
            }
            if child.view().own().is_none() {
                return false;
            }
            if child.is_unique()
                && let Some(End::Child(child)) = item.payload.take()
            {
                // SAFETY: this is the child's only owner, and it is given up.
                let child = unsafe { Self::unpack(child.into_raw()) };
                item.payload = child.own.map(End::Value);
            }
        }
        true
    }

    /// Builds the best nodes for the entries, of which there are some.
    pub(crate) fn pack(self) -> Shared<V> {
        self.pack_by(&mut InMemory::new())
    }

    /// Like [`pack`](Self::pack), but with the shape of the entries given.
    pub(crate) fn pack_shaped(self, shape: &Shape) -> Shared<V> {
        self.pack_shaped_by(shape, &mut InMemory::new())
    }

    /// A node of one entry; a value with an empty suffix becomes the own value.
    pub(crate) fn node(suffix: &[u8], payload: EndOwned<V>) -> Shared<V> {
        Self::node_by(suffix, payload, &mut InMemory::new())
    }

    /// Builds the best nodes other than a single list.
    pub(super) fn split(self) -> Shared<V> {
        self.build(true, &mut InMemory::new())
    }
}

impl<M: Make> BundleFor<M> {
    pub(crate) fn new(own: Option<M::Value>) -> Self {
        Self { own, bytes: Vec::new(), items: Vec::new() }
    }

    /// Reserves room for `items` more entries.
    pub(crate) fn reserve(&mut self, items: usize) {
        self.items.reserve(items);
    }

    /// A bundle of one entry; a value with an empty suffix becomes the own value.
    fn single(suffix: &[u8], payload: End<M::Value, M::Node>) -> Self {
        let mut bundle = Self::new(None);
        bundle.push(suffix, payload);
        bundle
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.own.is_none() && self.items.is_empty()
    }

    /// Adds an entry behind all others.
    pub(crate) fn push(&mut self, suffix: &[u8], payload: End<M::Value, M::Node>) {
        self.push_joined(&[], suffix, payload);
    }

    /// Adds an entry behind all others.
    pub(crate) fn push_suffix(&mut self, suffix: Suffix<'_>, payload: End<M::Value, M::Node>) {
        self.push_joined(&[suffix.head], suffix.rest, payload);
    }

    /// Adds an entry behind all others, with a suffix in two pieces.
    fn push_joined(&mut self, first: &[u8], second: &[u8], payload: End<M::Value, M::Node>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(first);
        self.bytes.extend_from_slice(second);
        let end = self.bytes.len();
        match payload {
            End::Value(value) if start == end => {
                debug_assert!(self.items.is_empty() && self.own.is_none());
                self.own = Some(value);
            }
            End::Bare if start == end => debug_assert!(self.is_empty()),
            payload => {
                debug_assert!(start < end, "a child has a suffix");
                self.items.push(Item { start, end, payload: Some(payload) });
            }
        }
    }

    /// Builds the best nodes for the entries, of which there are some.
    pub(crate) fn pack_by(self, make: &mut M) -> M::Node {
        let mut shape = Shape::default();
        for item in &self.items {
            let payload = item.payload.as_ref().expect("the bundle has not been packed");
            shape.add(self.bytes[item.start], item.end - item.start - 1, payload.kind());
        }
        self.pack_shaped_by(&shape, make)
    }

    /// Like [`pack_by`](Self::pack_by), but with the shape of the entries given.
    fn pack_shaped_by(mut self, shape: &Shape, make: &mut M) -> M::Node {
        let Some(form) = shape.form::<M::Of>(self.own.is_some() as usize) else {
            // One list does not hold all entries, unless it is for a suffix that must be cut.
            return self.build(!shape.has_long_suffix(), make);
        };
        // One node holds all entries; no plan is needed.
        let bytes = &self.bytes;
        let entries = self.items.into_iter().map(|item| {
            let payload = item.payload.expect("the bundle has not been packed");
            (Suffix { head: bytes[item.start], rest: &bytes[item.start + 1..item.end] }, payload)
        });
        make.node(shape, form, self.own.take(), entries)
    }

    /// A node of one entry; a value with an empty suffix becomes the own value.
    pub(crate) fn node_by(suffix: &[u8], payload: End<M::Value, M::Node>, make: &mut M) -> M::Node {
        if suffix.len() > Limits::SUFFIX {
            return Self::single(suffix, payload).pack_by(make);
        }
        let mut shape = Shape::default();
        let Some(suffix) = Suffix::of(suffix) else {
            let End::Value(own) = payload else { unreachable!("an empty suffix leads to a value") };
            return make.node(&shape, Form::List, Some(own), std::iter::empty());
        };
        shape.add(suffix.head, suffix.rest.len(), payload.kind());
        make.node(&shape, Form::List, None, std::iter::once((suffix, payload)))
    }

    /// Builds from the bottom up. The stack is explicit, since keys may be long and entries many.
    fn build(mut self, split: bool, make: &mut M) -> M::Node {
        let all = Range { lo: 0, hi: self.items.len(), depth: 0 };
        let own = self.own.take();
        let mut stack = vec![self.plan(own, all, split)];
        loop {
            let plan = stack.last_mut().expect("the last plan returns");
            match plan.parts.get(plan.built).map(|part| part.source) {
                Some(Source::Item(_)) => plan.built += 1,
                Some(Source::Below(range)) => {
                    let next = self.plan_range(range);
                    stack.push(next);
                }
                None => {
                    let plan = stack.pop().expect("it was there");
                    let node = self.realize(plan, make);
                    let Some(parent) = stack.last_mut() else { return node };
                    parent.children.push(node);
                    parent.built += 1;
                }
            }
        }
    }

    fn suffix(&self, i: usize) -> &[u8] {
        &self.bytes[self.items[i].start..self.items[i].end]
    }

    fn plan_range(&mut self, mut range: Range) -> PackPlan<M> {
        let first = &mut self.items[range.lo];
        let mut own = None;
        if first.end - first.start == range.depth {
            // Only a value can be at a location that other entries extend.
            let Some(End::Value(value)) = first.payload.take() else {
                unreachable!("nothing extends a child's suffix or a dangling tip's")
            };
            own = Some(value);
            range.lo += 1;
        }
        self.plan(own, range, false)
    }

    /// Chooses the node for a range of items: one list, a list with groups pushed down, or a wide
    /// node.
    fn plan(&self, own: Option<M::Value>, range: Range, split: bool) -> PackPlan<M> {
        let limits = Limits::current();
        let own_values = own.is_some() as usize;
        let n = range.hi - range.lo;
        let mut parts = Vec::with_capacity(n.min(limits.entries + 1));
        let is_long = |i: usize| self.suffix(i).len() - range.depth > Limits::SUFFIX;
        if !split && (n == 1 || n <= limits.entries && !(range.lo..range.hi).any(is_long)) {
            parts.extend((range.lo..range.hi).map(|i| self.item_part(i, range.depth)));
            let shape = self.shape(&parts);
            if parts.len() <= Limits::FEW || shape.list_size::<M::Of>(own_values) <= limits.bytes {
                return PackPlan { own, form: Form::List, shape, parts, built: 0, children: Vec::new() };
            }
        }
        let groups = self.groups(range);
        let many = |group: &Group| group.len() >= 2;
        // Suffixes that are too long for an entry may have equal beginnings: such a group is
        // always pushed down.
        let mut pushed: Vec<bool> =
            groups.iter().map(|group| many(group) && (group.lo..group.hi).any(is_long)).collect();
        let mut left: usize = groups.iter().map(|group| group.bytes).sum();
        let mut any = pushed.contains(&true);
        loop {
            let count =
                groups.iter().zip(&pushed).map(|(group, &pushed)| if pushed { 1 } else { group.len() });
            if (any || !split) && count.sum::<usize>() <= limits.entries {
                parts.clear();
                for (group, &pushed) in groups.iter().zip(&pushed) {
                    if pushed {
                        parts.push(self.group_part(group, range.depth));
                    } else {
                        parts.extend((group.lo..group.hi).map(|i| self.item_part(i, range.depth)));
                    }
                }
                let shape = self.shape(&parts);
                if parts.len() <= Limits::FEW || shape.list_size::<M::Of>(own_values) <= limits.bytes {
                    return PackPlan { own, form: Form::List, shape, parts, built: 0, children: Vec::new() };
                }
            }
            let heaviest = (0..groups.len())
                .filter(|&g| !pushed[g] && many(&groups[g]))
                .max_by_key(|&g| groups[g].bytes)
                .filter(|&g| 3 * groups[g].bytes >= left);
            let Some(g) = heaviest else { break };
            reached(Mark::PushedDown);
            pushed[g] = true;
            any = true;
            left -= groups[g].bytes;
        }
        reached(Mark::Widened);
        parts.clear();
        parts.extend(groups.iter().map(|group| self.wide_part(group, range.depth)));
        let shape = self.shape(&parts);
        PackPlan { own, form: Form::Wide, shape, parts, built: 0, children: Vec::new() }
    }

    /// The runs of items with one head.
    fn groups(&self, range: Range) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::with_capacity((range.hi - range.lo).min(256));
        for i in range.lo..range.hi {
            let suffix = &self.suffix(i)[range.depth..];
            let bytes = 2 + suffix.len() + size_of::<Shared<M::Of>>();
            match groups.last_mut() {
                Some(group) if group.head == suffix[0] => {
                    group.hi = i + 1;
                    group.bytes += bytes;
                }
                _ => groups.push(Group { head: suffix[0], lo: i, hi: i + 1, bytes }),
            }
        }
        groups
    }

    /// An item as an entry of a list; a suffix that is too long is continued in a child.
    fn item_part(&self, i: usize, depth: usize) -> PackPart {
        let item = &self.items[i];
        let (start, end) = (item.start + depth, item.end);
        if end - start <= Limits::SUFFIX {
            return PackPart { start, end, source: Source::Item(i) };
        }
        let below = Range { lo: i, hi: i + 1, depth: depth + Limits::SUFFIX };
        PackPart { start, end: start + Limits::SUFFIX, source: Source::Below(below) }
    }

    /// A group of two or more as one child entry below their common prefix.
    fn group_part(&self, group: &Group, depth: usize) -> PackPart {
        let (first, last) = (self.suffix(group.lo), self.suffix(group.hi - 1));
        let shared = common_prefix(&first[depth..], &last[depth..]).min(Limits::SUFFIX);
        let start = self.items[group.lo].start + depth;
        let below = Range { lo: group.lo, hi: group.hi, depth: depth + shared };
        PackPart { start, end: start + shared, source: Source::Below(below) }
    }

    /// A group as an entry of a wide node: a tail, a child, or a new child below.
    fn wide_part(&self, group: &Group, depth: usize) -> PackPart {
        let item = &self.items[group.lo];
        let start = item.start + depth;
        let rest = item.end - start - 1;
        let fits = match item.payload {
            Some(End::Child(_)) => rest == 0,
            _ => rest <= Tail::MAX,
        };
        if group.len() == 1 && fits {
            return PackPart { start, end: item.end, source: Source::Item(group.lo) };
        }
        let below = Range { lo: group.lo, hi: group.hi, depth: depth + 1 };
        PackPart { start, end: start + 1, source: Source::Below(below) }
    }

    fn shape(&self, parts: &[PackPart]) -> Shape {
        let mut shape = Shape::default();
        for part in parts {
            let ends = match part.source {
                Source::Below(_) => End::Child(()),
                Source::Item(i) => self.items[i].payload.as_ref().map_or(End::Bare, End::kind),
            };
            shape.add(self.bytes[part.start], part.end - part.start - 1, ends);
        }
        shape
    }

    /// Builds the node of a plan whose children are built.
    fn realize(&mut self, plan: PackPlan<M>, make: &mut M) -> M::Node {
        let (bytes, items) = (&self.bytes, &mut self.items);
        let mut built = plan.children.into_iter();
        let entries = plan.parts.iter().map(|part| {
            let payload = match part.source {
                Source::Item(i) => items[i].payload.take().expect("each item is moved once"),
                Source::Below(_) => End::Child(built.next().expect("each child is built")),
            };
            (Suffix { head: bytes[part.start], rest: &bytes[part.start + 1..part.end] }, payload)
        });
        make.node(&plan.shape, plan.form, plan.own, entries)
    }
}

/// Items, and the number of leading bytes that lead to their node.
#[derive(Clone, Copy)]
struct Range {
    lo: usize,
    hi: usize,
    depth: usize,
}

/// A run of items with the same head, and about how many bytes they would take in a list.
struct Group {
    head: u8,
    lo: usize,
    hi: usize,
    bytes: usize,
}

impl Group {
    fn len(&self) -> usize {
        self.hi - self.lo
    }
}

/// What an entry is made of.
#[derive(Clone, Copy)]
enum Source {
    Item(usize),
    /// A node that is not built yet.
    Below(Range),
}

/// A planned entry: where its suffix lies, and what is at its end.
struct PackPart {
    start: usize,
    end: usize,
    source: Source,
}

/// A planned node.
struct PackPlan<M: Make> {
    own: Option<M::Value>,
    form: Form,
    shape: Shape,
    parts: Vec<PackPart>,
    /// The number of parts that are ready.
    built: usize,
    children: Vec<M::Node>,
}

#[cfg(test)]
mod tests {
    use super::super::column::Stored;
    use super::super::view::Kind;
    use super::super::wide::CHILDREN;
    use super::*;

    #[test]
    fn wide_nodes_have_no_tail_column_for_plain_values() {
        let mut bundle = Bundle::new(None);
        for byte in 0..=255u8 {
            bundle.push(&[byte], End::Value(Stored::new(byte)));
        }
        let node = bundle.pack();
        let Kind::Wide(wide) = node.view().kind() else { panic!("256 entries are no list") };
        assert!(!wide.has_tails());
        assert_eq!(node.view().size(), header::size_class(CHILDREN + 256));
    }
}
