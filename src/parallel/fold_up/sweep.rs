//! Folding all below a stop by the entries of its nodes, one after another, as long as nobody else wants a part of it.
//!
//! A frame of [`climb`](super::climb) can be divided at any time, and for that it looks for each of its branches anew. A
//! sweep compares each entry with the path before it, and knows a stop when it sees what comes behind: half the
//! instructions (words from 1,136 to 544 a value, random u64 from 972 to 529). It ends where others want a part; then the
//! stops on the path become frames.

use super::climb::{Algebra, Climb, Task};
use super::joins::{Close, Frame, Results};
use crate::bytes::ByteMask;
use crate::node::{Entries, NodeRef, Shared, Spot};
use crate::parallel::location::{At, Location};
use crate::parallel::pool::Hand;

/// A spot of a node, whose run is known.
pub(in crate::parallel) type Place<'w, V> = (NodeRef<'w, V>, Spot);

/// A stop on the path that has branches.
struct Point<'w, V, T> {
    at: At<'w, V>,
    len: usize,
    results: Results<T>,
}

/// A node whose entries are gone through.
struct Open<'w, V> {
    node: NodeRef<'w, V>,
    entries: Entries<'w, V>,
    /// The number of the entry that came last.
    last: usize,
    /// The length of the path to the node's root.
    base: usize,
}

/// How a sweep ended.
pub(in crate::parallel) enum Swept {
    Done,
    /// The next branch of the top frame leads to what is to be looked up.
    Known,
    /// Others could do with so many tasks; or with none, but the walk was stopped.
    Paused(usize),
}

/// The state of a sweep, kept from one to the next for its memory.
pub(in crate::parallel) struct Sweep<'w, V, T> {
    points: Vec<Point<'w, V, T>>,
    nodes: Vec<Open<'w, V>>,
    /// What the path leads to, if that is not a point: the end of an entry, or a child's value.
    tip: Option<At<'w, V>>,
    /// What is below a tip.
    nothing: Results<T>,
}

impl<V, T> Sweep<'_, V, T> {
    pub(in crate::parallel) fn new() -> Self {
        Self { points: Vec::new(), nodes: Vec::new(), tip: None, nothing: Results::new() }
    }
}

impl<'w, V: Send + Sync, A: Algebra<V>> Climb<'_, 'w, V, A> {
    /// Folds the branches that the top frame has left, and closes it; or as far as it gets, and leaves frames for what is
    /// left.
    pub(in crate::parallel) fn sweep(&mut self, hand: &mut Hand<'_, Task<'w, V, A::Result>>) -> Swept {
        let mut frame = self.pop();
        let (node, spot) = frame.place.expect("what has branches has a place");
        let (start, depth, first) = (frame.len, spot.depth(), frame.rest.first_bit());
        let (lo, hi) = match depth {
            // A wide node's entries are numbered by their bytes.
            0 if node.is_wide() => (first.map_or(256, usize::from), 256),
            0 => (0, 256),
            _ => (spot.lo as usize, spot.hi as usize),
        };
        let results = std::mem::replace(&mut frame.results, Results::new());
        self.swept.points.push(Point { at: At::Place(frame.place), len: start, results });
        let (entries, base) = (node.entries(lo, hi), start - depth);
        self.swept.nodes.push(Open { node, entries, last: lo, base });
        while let Some(top) = self.swept.nodes.last_mut() {
            let at = top.entries.at();
            let Some(entry) = top.entries.next() else {
                self.swept.nodes.pop();
                continue;
            };
            if top.base <= start {
                // Where all began are the stop's value, and branches that are not the frame's, or not any more.
                if entry.suffix.len() <= depth || !frame.rest.test_bit(entry.suffix.at(depth)) {
                    continue;
                }
            }
            let (node, base, last) = (top.node, top.base, top.last);
            top.last = at;
            let end = base + entry.suffix.len();
            let shared = entry.suffix.common_prefix(&self.path[base..]);
            let here = base + shared;
            let mut pause = None;
            if here < self.path.len() {
                pause = self.turn(here, At::Fork { node, entry: last, depth: shared }, hand);
            } else if let Some(at) = self.swept.tip.take() {
                // A value that has something below.
                let results = self.spare.pop().unwrap_or(Results::new());
                self.swept.points.push(Point { at, len: here, results });
            }
            let next = entry.suffix.at(shared);
            if let Some(wanted) = pause {
                self.leave(frame, (self.path.len() == here).then_some(next));
                return Swept::Paused(wanted);
            }
            let child = entry.end.child().map(Shared::view);
            // What is shared is to be looked up.
            let met = A::SHARED && child.is_some_and(NodeRef::is_shared);
            if met || hand.is_stopped() {
                self.leave(frame, Some(next));
                return if met { Swept::Known } else { Swept::Paused(0) };
            }
            entry.suffix.append_from(shared, &mut self.path);
            match child {
                Some(child) => {
                    self.swept.tip = child.own().map(|_| At::Place(Some((child, Spot::ROOT))));
                    let entries = child.entries(0, 256);
                    self.swept.nodes.push(Open { node: child, entries, last: 0, base: end });
                }
                None => self.swept.tip = Some(At::Landed { node, entry: at, depth: end - base }),
            }
        }
        if let Some(wanted) = self.turn(start, At::Place(frame.place), hand) {
            self.leave(frame, None);
            return Swept::Paused(wanted);
        }
        frame.results = self.swept.points.pop().expect("the stop is the first point").results;
        self.close(frame);
        Swept::Done
    }

    /// Asks for all stops on the path that are further down than `to`, and cuts the path, at which a point is then. If it is
    /// time to [pause](Self::pause), the path may end with a point further down, below which nothing is left.
    fn turn(
        &mut self,
        to: usize,
        fork: At<'w, V>,
        hand: &mut Hand<'_, Task<'w, V, A::Result>>,
    ) -> Option<usize> {
        let mut end = self.path.len();
        let mut result = match self.swept.tip.take() {
            Some(at) => {
                let location = Location::new(&self.path, self.root_len, at);
                self.asked += 1;
                self.algebra.ask(&location, self.swept.nothing.branches())
            }
            None => self.ask_point(),
        };
        loop {
            let top = self.swept.points.last_mut().expect("the first point stays");
            if top.len < to {
                let mut results = self.spare.pop().unwrap_or(Results::new());
                results.push(&self.path[to..end], result);
                self.swept.points.push(Point { at: fork, len: to, results });
                break;
            }
            top.results.push(&self.path[top.len..end], result);
            end = top.len;
            if end == to {
                break;
            }
            if let Some(wanted) = self.pause(hand) {
                self.path.truncate(end);
                return Some(wanted);
            }
            result = self.ask_point();
        }
        self.path.truncate(to);
        self.pause(hand)
    }

    /// Asks for the last point, below which nothing is left.
    fn ask_point(&mut self) -> A::Result {
        let Point { at, len, mut results } = self.swept.points.pop().expect("what was entered is a point");
        let location = Location::new(&self.path[..len], self.root_len, at);
        self.asked += 1;
        let result = self.algebra.ask(&location, results.branches());
        self.spare.push(results.cleared());
        result
    }

    /// Ends a sweep of a frame: it and all stops below it on the path become frames. Below the path's end the branches from
    /// `next` on are left, if any.
    fn leave(&mut self, mut frame: Frame<'w, V, A::Result>, next: Option<u8>) {
        self.swept.nodes.clear();
        self.swept.tip = None;
        let start = frame.len;
        let ahead = self.path.split_off(start);
        let mut points = std::mem::take(&mut self.swept.points);
        let mut known = points.drain(..).peekable();
        loop {
            let (len, place) = (frame.len, frame.place.expect("what has branches has a place"));
            frame.results = match known.next_if(|point| point.len == len) {
                Some(point) => point.results,
                None => self.spare.pop().unwrap_or(Results::new()),
            };
            let Some(&byte) = ahead.get(len - start) else {
                frame.rest = next.map_or(ByteMask::EMPTY, |byte| frame.rest & from(byte));
                self.frames.push(frame);
                break;
            };
            // On to the next stop, if that lies on the path.
            let (below, _) = self.step(place, byte);
            frame.rest &= from(byte);
            let (node, spot) = below;
            let rest = node.child_mask(spot);
            let stop = Frame {
                place: Some(below),
                len: self.path.len(),
                rest,
                close: Close::Ask(None),
                results: Results::new(),
            };
            if stop.len > start + ahead.len() {
                self.path.truncate(len);
                self.frames.push(frame);
                break;
            }
            frame.rest.clear_bit(byte);
            self.frames.push(frame);
            frame = stop;
        }
        drop(known);
        self.swept.points = points;
    }
}

/// The bytes that are not less than one.
fn from(byte: u8) -> ByteMask {
    ByteMask::from_range(byte..)
}
