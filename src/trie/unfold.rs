//! Iteration from both ends: a queue of what is left, in path order, whose ends are unfolded when they are reached.

use std::collections::VecDeque;

use crate::node::{Bundle, Load, LoadMut, NodeRef, Payload, Shared, Spot, for_each_below};
use crate::trie::count::count;

/// A way to hold a node: borrowed, borrowed mutably, or owned.
pub(crate) trait Unfold: Sized {
    type Value;

    /// Visits the node's own value, with an empty suffix, and its entries, in order; a dangling tip is no part.
    fn unfold(self, visit: impl FnMut(&[u8], Part<Self>));

    /// The number of values at and below the node.
    fn count(&self) -> usize;
}

/// What is left to iterate over: a subtrie, or a value.
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
}

impl<'a, V: Clone> Unfold for &'a mut Shared<V> {
    type Value = &'a mut V;

    fn unfold(self, mut visit: impl FnMut(&[u8], Part<Self>)) {
        self.unique().for_each_mut(|suffix, load| match load {
            LoadMut::Value(value) => visit(suffix, Part::Value(value)),
            LoadMut::Child(child) => visit(suffix, Part::Node(child)),
            LoadMut::Bare => {}
        });
    }

    fn count(&self) -> usize {
        count(self.view())
    }
}

impl<V: Clone> Unfold for Shared<V> {
    type Value = V;

    fn unfold(self, mut visit: impl FnMut(&[u8], Part<Self>)) {
        Bundle::open(self).for_each(|suffix, payload| match payload {
            Payload::Value(value) => visit(suffix, Part::Value(value)),
            Payload::Child(child) => visit(suffix, Part::Node(child)),
            Payload::Bare => {}
        });
    }

    fn count(&self) -> usize {
        count(self.view())
    }
}

/// What is left, in path order.
pub(crate) struct Queue<N: Unfold> {
    parts: VecDeque<(Vec<u8>, Part<N>)>,
}

impl<N: Unfold> Queue<N> {
    pub(crate) fn new(root: Option<N>) -> Self {
        Self { parts: root.map(|root| (Vec::new(), Part::Node(root))).into_iter().collect() }
    }

    /// A queue of parts that the caller has put in order.
    pub(crate) fn of(parts: VecDeque<(Vec<u8>, Part<N>)>) -> Self {
        Self { parts }
    }

    /// The number of values left. O(nodes left).
    pub(crate) fn len(&self) -> usize {
        let count = |(_, part): &(Vec<u8>, Part<N>)| match part {
            Part::Node(node) => node.count(),
            Part::Value(_) => 1,
        };
        self.parts.iter().map(count).fold(0, usize::saturating_add)
    }

    pub(crate) fn pop_front(&mut self) -> Option<(Vec<u8>, N::Value)> {
        loop {
            match self.parts.pop_front()? {
                (path, Part::Value(value)) => return Some((path, value)),
                (path, Part::Node(node)) => {
                    for part in parts_of(&path, node).into_iter().rev() {
                        self.parts.push_front(part);
                    }
                }
            }
        }
    }

    /// The next part, as it is.
    pub(crate) fn front(&self) -> Option<(&[u8], &Part<N>)> {
        self.parts.front().map(|(path, part)| (&path[..], part))
    }

    /// Takes the next part away, as it is.
    pub(crate) fn skip_front(&mut self) {
        self.parts.pop_front();
    }

    /// Puts the parts of the next part, which is a node, in its place.
    pub(crate) fn unfold_front(&mut self) {
        if let Some((path, Part::Node(node))) = self.parts.pop_front() {
            for part in parts_of(&path, node).into_iter().rev() {
                self.parts.push_front(part);
            }
        }
    }

    pub(crate) fn pop_back(&mut self) -> Option<(Vec<u8>, N::Value)> {
        loop {
            match self.parts.pop_back()? {
                (path, Part::Value(value)) => return Some((path, value)),
                (path, Part::Node(node)) => self.parts.extend(parts_of(&path, node)),
            }
        }
    }
}

impl<N: Unfold + Clone> Clone for Queue<N>
where
    N::Value: Clone,
{
    fn clone(&self) -> Self {
        let clone = |(path, part): &(Vec<u8>, Part<N>)| {
            let part = match part {
                Part::Node(node) => Part::Node(node.clone()),
                Part::Value(value) => Part::Value(value.clone()),
            };
            (path.clone(), part)
        };
        Self { parts: self.parts.iter().map(clone).collect() }
    }
}

/// The parts of a node at `path`.
pub(crate) fn parts_of<N: Unfold>(path: &[u8], node: N) -> Vec<(Vec<u8>, Part<N>)> {
    let mut parts = Vec::new();
    node.unfold(|suffix, part| parts.push(([path, suffix].concat(), part)));
    parts
}
