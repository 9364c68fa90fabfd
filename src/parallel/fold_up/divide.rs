//! Dividing a task: branches that have not been begun are given away, and their stops move into
//! joins.

use super::algebra::Algebra;
use super::joins::{Destination, PendingJoin};
use super::stops::{Completion, FoldTask, JoinId, OpenStop};
use super::worker::FoldWorker;
use crate::bytes::ByteMask;

impl<'w, V: Send + Sync, A: Algebra<V>> FoldWorker<'_, 'w, V, A> {
    /// Gives away branches that have not been begun, in up to `wanted` tasks.
    pub(super) fn divide(&mut self, wanted: usize) -> Vec<FoldTask<'w, V, A::Result>> {
        let mut tasks = Vec::new();
        while tasks.len() < wanted {
            let cut = self.cut(wanted - tasks.len());
            if cut.is_empty() {
                break;
            }
            tasks.extend(cut);
        }
        tasks
    }

    /// Cuts tasks off the lowest stop of the stack that has branches left, since these lead to the
    /// largest subtries.
    fn cut(&mut self, wanted: usize) -> Vec<FoldTask<'w, V, A::Result>> {
        let top = self.stops.len() - 1;
        let Some(first) = self.next_unbegun(self.begun, top + 1) else {
            self.begun = top + 1;
            return Vec::new();
        };
        self.begun = first;
        // The thread is within a branch of every stop but the topmost, of which it keeps one.
        let left = self.stops[first].rest.count_bits() - usize::from(first == top);
        match left {
            0 => Vec::new(),
            1 if first < top => vec![self.cut_levels(first, top)],
            left => self.cut_branches(first, wanted.clamp(1, left)),
        }
    }

    /// The first stop of the stack in `from..to` that has branches left.
    fn next_unbegun(&self, from: usize, to: usize) -> Option<usize> {
        (from..to).find(|&at| !self.stops[at].rest.is_empty_mask())
    }

    /// Divides the branches of a stop into `parts` tasks, and one part that is kept.
    fn cut_branches(&mut self, at: usize, parts: usize) -> Vec<FoldTask<'w, V, A::Result>> {
        let (at, join) = self.move_into_joins(at);
        let branches: Vec<u8> = self.stops[at].rest.iter().collect();
        let end = |part: usize| branches.len() * part / (parts + 1);
        let mask = |part: usize| ByteMask::from_iter(branches[end(part)..end(part + 1)].iter().copied());
        self.stops[at].rest = mask(0);
        self.fold.joins.expect(join, parts);
        let task = |part| self.task(vec![self.stops[at].other_part(mask(part), join)]);
        (1..=parts).map(task).collect()
    }

    /// Gives away all branches of some levels in one task. Each time these are twice as many
    /// levels, so that a chain with a small branch at each level is not given away branch by
    /// branch.
    fn cut_levels(&mut self, first: usize, top: usize) -> FoldTask<'w, V, A::Result> {
        let mut last = first;
        for _ in 1..self.levels {
            match self.next_unbegun(last + 1, top) {
                Some(at) => last = at,
                None => break,
            }
        }
        self.levels = self.levels.saturating_mul(2);
        let (at, _) = self.move_into_joins(last);
        let mut parts = Vec::new();
        for stop in &mut self.stops[self.begun..=at] {
            if let (Completion::Contribute(join), false) = (&stop.completion, stop.rest.is_empty_mask()) {
                self.fold.joins.expect(*join, 1);
                let rest = std::mem::replace(&mut stop.rest, ByteMask::EMPTY);
                parts.push(stop.other_part(rest, *join));
            }
        }
        self.begun = at + 1;
        self.task(parts)
    }

    fn task(&self, stops: Vec<OpenStop<'w, V, A::Result>>) -> FoldTask<'w, V, A::Result> {
        let len = stops.last().expect("a task has stops").len;
        FoldTask { root: self.root, path: self.path[..len].to_vec(), stops }
    }

    /// Moves a stop of the stack into a join, and with it all stops between it and the next part
    /// below it.
    ///
    /// In the stack, a part takes the place of the given stop, and of each of the others that has
    /// branches left: one join is made for each part. Returns where the part of the given stop is,
    /// and its join.
    pub(super) fn move_into_joins(&mut self, at: usize) -> (usize, JoinId) {
        let below = self.stops[..=at].iter().rposition(|stop| stop.join().is_some());
        let part = below.expect("the bottom of the stack is a part");
        let mut join = self.stops[part].join().expect("it is a part");
        let mut base = self.stops[part].len;
        self.begun = self.begun.min(part + 1);
        let (mut parts, mut moved) = (Vec::new(), Vec::new());
        let mut stops = self.stops.drain(part + 1..=at).peekable();
        while let Some(mut stop) = stops.next() {
            let rest = std::mem::replace(&mut stop.rest, ByteMask::EMPTY);
            let (place, len) = (stop.place, stop.len);
            moved.push(stop);
            if !rest.is_empty_mask() || stops.peek().is_none() {
                let (stops, suffix) = (std::mem::take(&mut moved), self.path[base..len].to_vec());
                join = self.fold.joins.add(PendingJoin::new(stops, Destination::Join(join), base, suffix));
                base = len;
                parts.push(OpenStop::part(place, len, rest, join));
            }
        }
        drop(stops);
        let at = part + parts.len();
        self.stops.splice(part + 1..part + 1, parts);
        (at, join)
    }
}
