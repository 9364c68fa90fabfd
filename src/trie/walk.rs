//! Walking over the values of a trie from both ends.
//!
//! A walk holds a level for each node of which something is left, in path order:
//!
//! ```text
//! front →  deepest … parent … │ highest │ … parent … deepest  ← back
//! ```
//! Of two neighbours the one is below an entry that has been taken from the other. So from either
//! end on, the nodes lie ever higher up, and then ever deeper. What is left is what is left of the
//! levels, and the two ends have met when there is no level. An end goes from entry to entry
//! within its first level. It adds a level for a child, and drops a level of which nothing is
//! left.
//!
//! Each end keeps the path that it is at. When an end drops the highest level, the next level is
//! one of the other end's, whose path leads there.

use std::collections::VecDeque;
use std::ops::Bound;

use super::track::{Path, Track};
use crate::node::{self, Cutting, End, LentNode, Part, Span, SpanMut, SpanOwned, SpanPassing, Spanning};

/// A walk over nodes that are lent.
pub(crate) type Walk<'a, V, P = Path> = TwoEnded<Span<'a, V>, P>;
/// A walk over nodes that are lent to be changed. Nodes that have other owners are copied when the
/// walk comes to them.
pub(crate) type WalkMut<'a, V, P = Path> = TwoEnded<SpanMut<'a, V>, P>;
/// A walk that takes nodes apart, and clones what other owners have.
pub(crate) type WalkOwned<V, P = Path> = TwoEnded<SpanOwned<V>, P>;
/// A walk that takes nodes apart, and passes by the values.
pub(crate) type WalkPassing<V, P = Path> = TwoEnded<SpanPassing<V>, P>;

/// What is left of a node.
#[derive(Clone)]
struct Level<S> {
    /// The length of the path to the node.
    start: usize,
    span: S,
}

/// The two ends of a walk, and what is left between them.
#[derive(Clone)]
pub(crate) struct TwoEnded<S, P> {
    levels: VecDeque<Level<S>>,
    front: P,
    back: P,
}

impl<S: Spanning, P: Track> TwoEnded<S, P> {
    /// A walk over all that is at and below a node.
    ///
    /// What opening the node leaves is dropped at once.
    pub(crate) fn new(root: Option<S::Child>) -> Self {
        let levels = root.map(|root| Level { start: 0, span: S::open(root).0 });
        Self { levels: levels.into_iter().collect(), front: P::default(), back: P::default() }
    }

    /// Nothing is left.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.levels.is_empty()
    }

    /// The path of what the front has taken last.
    #[inline]
    pub(crate) fn path(&self) -> &[u8] {
        self.front.path()
    }

    /// Takes the first value that is left; lends its path.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<(&[u8], S::Value)> {
        let value = self.step::<false, false>()??;
        Some((self.front.path(), value))
    }

    /// Takes the last value that is left; lends its path.
    #[inline(always)]
    pub(crate) fn next_back(&mut self) -> Option<(&[u8], S::Value)> {
        let value = self.step::<true, false>()??;
        Some((self.back.path(), value))
    }

    /// Takes the first value or dangling tip that is left; lends its path.
    pub(crate) fn next_item(&mut self) -> Option<(&[u8], Option<S::Value>)> {
        let item = self.step::<false, true>()?;
        Some((self.front.path(), item))
    }

    /// Takes a part at an end: a value, or nothing if it is a dangling tip and these are asked
    /// for.
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
                    // A trie that was filled in random order has its nodes anywhere in memory.
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

    /// Adds the level of a child that an end has taken. If the child cannot be opened it is passed
    /// by.
    #[inline]
    fn enter<const BACK: bool>(&mut self, child: S::Child) {
        let (span, left) = S::open(child);
        if BACK {
            self.levels.push_back(Level { start: self.back.len(), span });
        } else {
            self.levels.push_front(Level { start: self.front.len(), span });
        }
        // May run a value's `Drop`: the walk is whole.
        drop(left);
    }

    /// Drops the level at an end, of which nothing is left.
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
        // An owned node is released: the walk is whole.
        drop(left);
    }
}

/// Where a bound cuts a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// There is no bound.
    Nowhere,
    /// The bound's key ends at the node's root.
    Root,
    /// Before the entry of this number.
    Before(usize),
    /// Within the child of the entry of this number, whose suffix has this length.
    Within(usize, usize),
}

/// Where a bound, of whose key `at` bytes lead to the node, cuts it; `behind` the entry that the
/// key is, or before it.
fn cut<V>(node: LentNode<'_, V>, bound: Bound<&[u8]>, at: usize, behind: bool) -> Cut {
    let (Bound::Included(key) | Bound::Excluded(key)) = bound else { return Cut::Nowhere };
    let key = &key[at..];
    if key.is_empty() {
        return Cut::Root;
    }
    match node::Cut::of(node, key) {
        node::Cut::Child { entry, used } => Cut::Within(entry, used),
        node::Cut::Between { entry: None, .. } => Cut::Before(usize::MAX),
        node::Cut::Between { entry: Some(i), is_key } => Cut::Before(i + (behind && is_key) as usize),
    }
}

/// Nothing is within these bounds.
fn excludes_all(from: Bound<&[u8]>, to: Bound<&[u8]>) -> bool {
    match (from, to) {
        (Bound::Included(from), Bound::Included(to)) => from > to,
        (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => {
            from >= to
        }
        _ => false,
    }
}

/// Cuts what is before the lower bound off; returns the child that the bound cuts.
fn cut_front<S: Cutting>(span: &mut S, bound: Bound<&[u8]>, cut: Cut) -> Option<(S::Child, usize)> {
    match (cut, bound) {
        (Cut::Root, Bound::Excluded(_)) => span.skip_to(0),
        (Cut::Nowhere | Cut::Root, _) => {}
        (Cut::Before(i), _) => span.skip_to(i),
        (Cut::Within(i, used), _) => {
            span.skip_to(i);
            return child(span.next()).map(|child| (child, used));
        }
    }
    None
}

/// Cuts what is behind the upper bound off; returns the child that the bound cuts.
fn cut_back<S: Cutting>(span: &mut S, bound: Bound<&[u8]>, cut: Cut) -> Option<(S::Child, usize)> {
    match (cut, bound) {
        (Cut::Nowhere, _) => {}
        (Cut::Root, bound) => {
            span.trim_to(0);
            if matches!(bound, Bound::Excluded(_)) {
                span.skip_to(0);
            }
        }
        (Cut::Before(i), _) => span.trim_to(i),
        (Cut::Within(i, used), _) => {
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
    /// A walk over what is within bounds. Only the nodes that the bounds cut are opened.
    pub(crate) fn range(root: Option<S::Child>, from: Bound<&[u8]>, to: Bound<&[u8]>) -> Self {
        let mut walk = Self::new(None);
        let Some(mut node) = root.filter(|_| !excludes_all(from, to)) else { return walk };
        // A copy of a node numbers its entries as the node does, so that what is seen holds when
        // it is open.
        let is_excluded = matches!(from, Bound::Excluded(_));
        let is_included = matches!(to, Bound::Included(_));
        let mut start = 0;
        let (mut first, mut last) = loop {
            let look = S::look(&node);
            let (front, back) = (cut(look, from, start, is_excluded), cut(look, to, start, is_included));
            let (mut span, _left) = S::open(node);
            if let Cut::Within(i, used) = front
                && front == back
            {
                // Both bounds are below one child, and nothing else of this node is between them.
                span.skip_to(i);
                node = child(span.next()).expect("the entry is a child");
                start += used;
                continue;
            }
            let first = cut_front(&mut span, from, front);
            let last = cut_back(&mut span, to, back);
            walk.levels.push_back(Level { start, span });
            break (first, last);
        };
        let mut at = start;
        while let Some((node, used)) = first {
            at += used;
            let cut = cut(S::look(&node), from, at, is_excluded);
            let (mut span, _left) = S::open(node);
            first = cut_front(&mut span, from, cut);
            walk.levels.push_front(Level { start: at, span });
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
            walk.levels.push_back(Level { start: at, span });
        }
        if let Bound::Included(key) | Bound::Excluded(key) = to {
            walk.back.set(&key[..at]);
        }
        walk
    }

    /// The number of values left. O(nodes left).
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
