//! Walks over the values of a trie from both ends.
//!
//! A walk holds a level for each node that has something left to visit, in path order:
//!
//! ```text
//! front →  deepest … parent … │ highest │ … parent … deepest  ← back
//! ```
//! Of two neighbors, one is below an entry that has been taken from the other. So from either end
//! inwards, the nodes lie higher and higher up to the highest, and then deeper and deeper. The
//! levels are all that is left of the walk, and when there is no level, the two ends have met. An
//! end takes entry after entry from its outermost level. It adds a level for a child, and drops a
//! level that has nothing left.
//!
//! Each end tracks its path. When an end drops the highest level, the next level belongs to the
//! other end. The other end's path leads to that level.

use std::collections::VecDeque;
use std::ops::Bound;

use super::track::{Track, TrackedPath};
use crate::node::{self, Cutting, End, LentNode, Part, Span, SpanMut, SpanOwned, SpanPassing, Spanning};

/// A walk over borrowed nodes.
pub(crate) type WalkRef<'a, V, P = TrackedPath> = TwoEnded<Span<'a, V>, P>;
/// A walk over mutably borrowed nodes. Nodes that have other owners are copied when the walk
/// reaches them.
pub(crate) type WalkMut<'a, V, P = TrackedPath> = TwoEnded<SpanMut<'a, V>, P>;
/// A walk that consumes the nodes. Values of nodes that have other owners are cloned.
pub(crate) type WalkOwned<V, P = TrackedPath> = TwoEnded<SpanOwned<V>, P>;
/// A walk that consumes the nodes and skips the values.
pub(crate) type WalkPassing<V, P = TrackedPath> = TwoEnded<SpanPassing<V>, P>;

/// The part of a node that is left to visit.
#[derive(Clone)]
struct Remainder<S> {
    /// The length of the path to the node.
    start: usize,
    span: S,
}

/// The two ends of a walk, and the levels left between them.
#[derive(Clone)]
pub(crate) struct TwoEnded<S, P> {
    levels: VecDeque<Remainder<S>>,
    front: P,
    back: P,
}

impl<S: Spanning, P: Track> TwoEnded<S, P> {
    /// Returns a walk over everything at and below a node.
    ///
    /// Whatever remains after opening the node is dropped at once.
    pub(crate) fn new(root: Option<S::Child>) -> Self {
        let levels = root.map(|root| Remainder { start: 0, span: S::open(root).0 });
        Self { levels: levels.into_iter().collect(), front: P::default(), back: P::default() }
    }

    /// Returns true iff nothing is left.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.levels.is_empty()
    }

    /// Returns the path of the item that the front took last.
    #[inline]
    pub(crate) fn path(&self) -> &[u8] {
        self.front.path()
    }

    /// Takes the first value that is left, and lends its path.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<(&[u8], S::Value)> {
        let value = self.step::<false, false>()??;
        Some((self.front.path(), value))
    }

    /// Takes the last value that is left, and lends its path.
    #[inline(always)]
    pub(crate) fn next_back(&mut self) -> Option<(&[u8], S::Value)> {
        let value = self.step::<true, false>()??;
        Some((self.back.path(), value))
    }

    /// Takes the first value or dangling tip that is left, and lends its path.
    pub(crate) fn next_item(&mut self) -> Option<(&[u8], Option<S::Value>)> {
        let item = self.step::<false, true>()?;
        Some((self.front.path(), item))
    }

    /// Takes the next value at an end. If `TIPS`, dangling tips are returned too, as `Some(None)`.
    #[inline(always)]
    fn step<const BACK: bool, const TIPS: bool>(&mut self) -> Option<Option<S::Value>> {
        loop {
            let (level, track) = match BACK {
                false => (self.levels.front_mut()?, &mut self.front),
                true => (self.levels.back_mut()?, &mut self.back),
            };
            let start = level.start;
            let child = match if BACK { level.span.next_back() } else { level.span.next() } {
                Some(Part::Entry(suffix, End::Value(value))) => {
                    track.replace(start, suffix);
                    return Some(Some(value));
                }
                Some(Part::Own(own)) => {
                    track.cut(start);
                    return Some(Some(own));
                }
                Some(Part::Entry(suffix, End::Bare)) => {
                    if TIPS {
                        track.replace(start, suffix);
                        return Some(None);
                    }
                    continue;
                }
                Some(Part::Entry(suffix, End::Child(child))) => {
                    track.replace(start, suffix);
                    // If a trie was filled in random order, its nodes are scattered in memory.
                    if BACK {
                        level.span.prefetch_back()
                    } else {
                        level.span.prefetch()
                    }
                    child
                }
                None => {
                    self.leave::<BACK>();
                    continue;
                }
            };
            self.enter::<BACK>(child);
        }
    }

    /// Adds the level of a child that an end has taken. If opening the child panics, the child is
    /// skipped.
    #[inline]
    fn enter<const BACK: bool>(&mut self, child: S::Child) {
        let (span, left) = S::open(child);
        if BACK {
            self.levels.push_back(Remainder { start: self.back.len(), span });
        } else {
            self.levels.push_front(Remainder { start: self.front.len(), span });
        }
        // This may run a value's `Drop`. The walk is whole here.
        drop(left);
    }

    /// Drops the level at an end, which has nothing left.
    #[inline]
    fn leave<const BACK: bool>(&mut self) {
        let (left, next, track, other) = match BACK {
            false => (self.levels.pop_front(), self.levels.front(), &mut self.front, &self.back),
            true => (self.levels.pop_back(), self.levels.back(), &mut self.back, &self.front),
        };
        if let (Some(left), Some(next)) = (&left, next)
            && next.start > left.start
        {
            track.follow(other, left.start, next.start);
        }
        // This may release an owned node. The walk is whole here.
        drop(left);
    }
}

/// The position at which a bound cuts a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BoundCut {
    /// There is no bound.
    Nowhere,
    /// The bound's key ends at the node's root.
    Root,
    /// Before the entry at this index.
    Before(usize),
    /// Within the child of the entry at this index, whose suffix has this length.
    Within(usize, usize),
}

/// Returns the position at which a bound cuts a node, given that `at` bytes of the bound's key
/// lead to the node. If the key is that of an entry, the cut is after the entry if `behind` is
/// true, before it otherwise.
fn cut<V>(node: LentNode<'_, V>, bound: Bound<&[u8]>, at: usize, behind: bool) -> BoundCut {
    let (Bound::Included(key) | Bound::Excluded(key)) = bound else { return BoundCut::Nowhere };
    let key = &key[at..];
    if key.is_empty() {
        return BoundCut::Root;
    }
    match node::Cut::of(node, key) {
        node::Cut::Child { entry, used } => BoundCut::Within(entry, used),
        node::Cut::Between { entry: None, .. } => BoundCut::Before(usize::MAX),
        node::Cut::Between { entry: Some(i), is_key } => BoundCut::Before(i + (behind && is_key) as usize),
    }
}

/// Returns true iff no path is within these bounds.
fn excludes_all(from: Bound<&[u8]>, to: Bound<&[u8]>) -> bool {
    match (from, to) {
        (Bound::Included(from), Bound::Included(to)) => from > to,
        (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => {
            from >= to
        }
        _ => false,
    }
}

/// Cuts off everything before the lower bound, and returns the child that the bound cuts.
fn cut_front<S: Cutting>(span: &mut S, bound: Bound<&[u8]>, cut: BoundCut) -> Option<(S::Child, usize)> {
    match (cut, bound) {
        (BoundCut::Root, Bound::Excluded(_)) => span.skip_to(0),
        (BoundCut::Nowhere | BoundCut::Root, _) => {}
        (BoundCut::Before(i), _) => span.skip_to(i),
        (BoundCut::Within(i, used), _) => {
            span.skip_to(i);
            return child(span.next()).map(|child| (child, used));
        }
    }
    None
}

/// Cuts off everything after the upper bound, and returns the child that the bound cuts.
fn cut_back<S: Cutting>(span: &mut S, bound: Bound<&[u8]>, cut: BoundCut) -> Option<(S::Child, usize)> {
    match (cut, bound) {
        (BoundCut::Nowhere, _) => {}
        (BoundCut::Root, bound) => {
            span.trim_to(0);
            if matches!(bound, Bound::Excluded(_)) {
                span.skip_to(0);
            }
        }
        (BoundCut::Before(i), _) => span.trim_to(i),
        (BoundCut::Within(i, used), _) => {
            span.trim_to(i + 1);
            return child(span.next_back()).map(|child| (child, used));
        }
    }
    None
}

fn child<T, C>(part: Option<Part<'_, T, C>>) -> Option<C> {
    match part {
        Some(Part::Entry(_, End::Child(child))) => Some(child),
        _ => None,
    }
}

impl<S: Cutting, P: Track> TwoEnded<S, P> {
    /// Returns a walk over everything within bounds. Only the nodes that the bounds cut are
    /// opened.
    pub(crate) fn range(root: Option<S::Child>, from: Bound<&[u8]>, to: Bound<&[u8]>) -> Self {
        let mut walk = Self::new(None);
        let Some(mut node) = root.filter(|_| !excludes_all(from, to)) else { return walk };
        // A copy of a node has the entries of the node at equal indices, so the cuts that are
        // found here are still valid when the node is opened.
        let is_excluded = matches!(from, Bound::Excluded(_));
        let is_included = matches!(to, Bound::Included(_));
        let mut start = 0;
        let (mut first, mut last) = loop {
            let look = S::look(&node);
            let (front, back) = (cut(look, from, start, is_excluded), cut(look, to, start, is_included));
            let (mut span, _left) = S::open(node);
            if let BoundCut::Within(i, used) = front
                && front == back
            {
                // Both bounds are below one child, and nothing but that child is between them.
                span.skip_to(i);
                node = child(span.next()).expect("the entry is a child");
                start += used;
                continue;
            }
            let first = cut_front(&mut span, from, front);
            let last = cut_back(&mut span, to, back);
            walk.levels.push_back(Remainder { start, span });
            break (first, last);
        };
        let mut at = start;
        while let Some((node, used)) = first {
            at += used;
            let cut = cut(S::look(&node), from, at, is_excluded);
            let (mut span, _left) = S::open(node);
            first = cut_front(&mut span, from, cut);
            walk.levels.push_front(Remainder { start: at, span });
        }
        if let Bound::Included(key) | Bound::Excluded(key) = from {
            walk.front.set(&key[..at]);
        }
        let mut at = start;
        while let Some((node, used)) = last {
            at += used;
            let cut = cut(S::look(&node), to, at, is_included);
            let (mut span, _left) = S::open(node);
            last = cut_back(&mut span, to, cut);
            walk.levels.push_back(Remainder { start: at, span });
        }
        if let Bound::Included(key) | Bound::Excluded(key) = to {
            walk.back.set(&key[..at]);
        }
        walk
    }

    /// Counts the values left. O(nodes left).
    pub(crate) fn count(mut self) -> usize {
        let mut values = 0usize;
        for level in &mut self.levels {
            while let Some(part) = level.span.next() {
                values = values.saturating_add(match part {
                    Part::Own(_) | Part::Entry(_, End::Value(_)) => 1,
                    Part::Entry(_, End::Bare) => 0,
                    Part::Entry(_, End::Child(child)) => node::count_values(S::look(&child).place()),
                });
            }
        }
        values
    }
}
