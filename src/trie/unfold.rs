//! Iteration from both ends: a queue of what is left, in path order, whose ends are unfolded when they are reached.
//!
//! A part of a node stands in the queue by its suffix alone, so a trie is unfolded in time linear in its size, whatever
//! its depth. Each end has one buffer, in which the path of its next part is put together.

use std::collections::VecDeque;
use std::ops::Range;

use crate::node::{Bin, Bundle, Load, LoadMut, NodeRef, Payload, Shared, Spot, for_each_below};
use crate::trie::count::count;

/// A way to hold a node: borrowed, borrowed mutably, or owned.
pub(crate) trait Unfold: Sized {
    type Value;

    /// Visits the node's own value, with an empty suffix, and its entries, in order; a dangling tip is no part.
    fn unfold(self, visit: impl FnMut(&[u8], Part<Self>));

    /// The number of values at and below the node.
    fn count(&self) -> usize;

    /// Asks for the node's memory.
    fn prefetch(&self);
}

/// What is left to iterate over: a subtrie, or a value.
#[derive(Clone)]
pub(crate) enum Part<N: Unfold> {
    Node(N),
    Value(N::Value),
}

impl<'a, V> Unfold for NodeRef<'a, V> {
    type Value = &'a V;

    fn unfold(self, mut visit: impl FnMut(&[u8], Part<Self>)) {
        if let Some(own) = self.own() {
            visit(&[], Part::Value(own));
        }
        for_each_below(self, Spot::ROOT, |suffix, load| match load {
            Load::Value(value) => visit(suffix, Part::Value(value)),
            Load::Child(child) => visit(suffix, Part::Node(child.view())),
            Load::Bare => {}
        });
    }

    fn count(&self) -> usize {
        count(*self)
    }

    fn prefetch(&self) {
        (*self).prefetch();
    }
}

impl<'a, V: Clone> Unfold for &'a mut Shared<V> {
    type Value = &'a mut V;

    fn unfold(self, mut visit: impl FnMut(&[u8], Part<Self>)) {
        let mut bin = Bin::new();
        self.unique(&mut bin).for_each_mut(&mut Bin::new(), |suffix, load| match load {
            LoadMut::Value(value) => visit(suffix, Part::Value(value)),
            LoadMut::Child(child) => visit(suffix, Part::Node(child)),
            LoadMut::Bare => {}
        });
    }

    fn count(&self) -> usize {
        count(self.view())
    }

    fn prefetch(&self) {
        self.view().prefetch();
    }
}

impl<V: Clone> Unfold for Shared<V> {
    type Value = V;

    fn unfold(self, mut visit: impl FnMut(&[u8], Part<Self>)) {
        Bundle::open(self).for_each(|suffix, payload| match payload {
            Payload::Value(value) => visit(suffix, Part::Value(value.into_value())),
            Payload::Child(child) => visit(suffix, Part::Node(child)),
            Payload::Bare => {}
        });
    }

    fn count(&self) -> usize {
        count(self.view())
    }

    fn prefetch(&self) {
        self.view().prefetch();
    }
}

/// What is left of a node.
#[derive(Clone)]
struct Level<P> {
    /// The length of the path to the node.
    start: usize,
    /// The suffixes of all parts, back to back.
    suffixes: Vec<u8>,
    /// Each part, and where its suffix lies.
    parts: VecDeque<(Range<usize>, P)>,
}

impl<P> Level<P> {
    fn new() -> Self {
        Self { start: 0, suffixes: Vec::new(), parts: VecDeque::new() }
    }

    fn peek(&self, end: End) -> Option<&(Range<usize>, P)> {
        match end {
            End::Front => self.parts.front(),
            End::Back => self.parts.back(),
        }
    }
}

impl<N: Unfold> Level<Part<N>> {
    /// Makes an empty level that of a node, the path to which has this length.
    fn fill(&mut self, node: N, start: usize) {
        let Self { suffixes, parts, .. } = self;
        suffixes.clear();
        node.unfold(|suffix, part| {
            let from = suffixes.len();
            suffixes.extend_from_slice(suffix);
            parts.push_back((from..suffixes.len(), part));
        });
        self.start = start;
    }
}

/// An end of a queue.
#[derive(Clone, Copy)]
pub(crate) enum End {
    Front,
    Back,
}

/// What one end knows of the paths.
#[derive(Clone)]
struct Known {
    /// The path that the end is at.
    path: Vec<u8>,
    /// To the nodes of how many levels, from this end on, the path leads.
    levels: usize,
}

/// What is left, in path order.
///
/// Its levels are in path order too. Of two neighbours one comes from a part of the other, so the path to one node
/// begins with the path to the other: from either end on, the nodes lie ever higher up, and then ever deeper. To each
/// node leads the path of the front, that of the back, or both.
pub(crate) struct Queue<N: Unfold> {
    levels: VecDeque<Level<Part<N>>>,
    front: Known,
    back: Known,
    /// Empty levels, whose room is used again. With that, and the next node asked for ahead, random u64 went from 55 to 30 ns
    /// a value.
    spare: Vec<Level<Part<N>>>,
}

impl<N: Unfold> Queue<N> {
    pub(crate) fn new(root: Option<N>) -> Self {
        let mut level = Level::new();
        level.parts.extend(root.map(|root| (0..0, Part::Node(root))));
        let known = Known { path: Vec::new(), levels: 1 };
        Self { levels: VecDeque::from([level]), front: known.clone(), back: known, spare: Vec::new() }
    }

    /// The number of values left. O(nodes left).
    pub(crate) fn len(&self) -> usize {
        let parts = self.levels.iter().flat_map(|level| &level.parts);
        let count = |(_, part): &(Range<usize>, Part<N>)| match part {
            Part::Node(node) => node.count(),
            Part::Value(_) => 1,
        };
        parts.map(count).fold(0, usize::saturating_add)
    }

    /// The next part at an end, as it is, its path, and how many of the path's first bytes are as they were at the last
    /// look.
    pub(crate) fn peek(&mut self, end: End) -> Option<(usize, &[u8], &Part<N>)> {
        let kept = self.reach(end)?;
        let (level, known) = match end {
            End::Front => (self.levels.front()?, &self.front),
            End::Back => (self.levels.back()?, &self.back),
        };
        level.peek(end).map(|(_, part)| (kept, &known.path[..], part))
    }

    /// Takes the next value at an end; its path is lent.
    pub(crate) fn pop(&mut self, end: End) -> Option<(&[u8], N::Value)> {
        loop {
            self.reach(end)?;
            match self.take(end)? {
                Part::Node(node) => self.push(end, node),
                Part::Value(value) => {
                    let known = match end {
                        End::Front => &self.front,
                        End::Back => &self.back,
                    };
                    return Some((&known.path, value));
                }
            }
        }
    }

    /// Takes the next part at an end away, as it is.
    pub(crate) fn skip(&mut self, end: End) {
        if self.reach(end).is_some() {
            self.take(end);
        }
    }

    /// Puts the parts of the next part at an end, which is a node, in its place.
    pub(crate) fn unfold(&mut self, end: End) {
        if self.reach(end).is_some()
            && let Some(Part::Node(node)) = self.take(end)
        {
            self.push(end, node);
        }
    }

    /// Removes the levels at an end of which nothing is left, and puts together the path of its next part. Returns how
    /// much of the path is left from before.
    fn reach(&mut self, end: End) -> Option<usize> {
        let mut kept = usize::MAX;
        loop {
            let (level, known, other) = match end {
                End::Front => (self.levels.front()?, &mut self.front, &mut self.back),
                End::Back => (self.levels.back()?, &mut self.back, &mut self.front),
            };
            kept = kept.min(level.start);
            if known.levels == 0 {
                // The level is the other end's. Its node is below that of the level that was here last, if any.
                known.path.extend_from_slice(&other.path[known.path.len()..level.start]);
                known.levels = 1;
            }
            known.path.truncate(level.start);
            if let Some((suffix, _)) = level.peek(end) {
                known.path.extend_from_slice(&level.suffixes[suffix.clone()]);
                return Some(kept);
            }
            let empty = match end {
                End::Front => self.levels.pop_front(),
                End::Back => self.levels.pop_back(),
            };
            self.spare.extend(empty);
            known.levels -= 1;
            other.levels = other.levels.min(self.levels.len());
        }
    }

    /// Takes the part that an end has reached.
    fn take(&mut self, end: End) -> Option<Part<N>> {
        let (_, part) = match end {
            End::Front => self.levels.front_mut()?.parts.pop_front()?,
            End::Back => self.levels.back_mut()?.parts.pop_back()?,
        };
        Some(part)
    }

    /// Puts the parts of a node that an end has taken at that end.
    fn push(&mut self, end: End, node: N) {
        let next = match end {
            End::Front => self.levels.front(),
            End::Back => self.levels.back(),
        };
        if let Some((_, Part::Node(next))) = next.and_then(|level| level.peek(end)) {
            next.prefetch();
        }
        let mut level = self.spare.pop().unwrap_or_else(Level::new);
        match end {
            End::Front => {
                level.fill(node, self.front.path.len());
                self.levels.push_front(level);
                self.front.levels += 1;
            }
            End::Back => {
                level.fill(node, self.back.path.len());
                self.levels.push_back(level);
                self.back.levels += 1;
            }
        }
    }
}

impl<N: Unfold + Clone> Clone for Queue<N>
where
    N::Value: Clone,
{
    fn clone(&self) -> Self {
        Self {
            levels: self.levels.clone(),
            front: self.front.clone(),
            back: self.back.clone(),
            spare: Vec::new(),
        }
    }
}
