//! A task, and the way through it by an ordinary reader.
//!
//! A task is what comes, in path order, after a place in a subtrie: all the rest of the subtrie, or its branches up to a
//! last one. So where a task is divided, what is given away comes after all that is kept, the giver goes on where
//! it stands, and its reader's own root is what bounds it: it is moved down to the place of the cut.
//!
//! # Where a task is cut
//! At the first level of the present path that has branches left: they are the largest parts. If there are many, each
//! taker gets as many as the giver keeps. A chain with a small branch at each level would be given away branch by branch
//! so; therefore a task that is cut again and again where a single branch is left gives away twice as many levels each
//! time, all in one task.

use super::location::{At, Location};
use super::walk::Trunk;
use crate::bytes::ByteMask;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::zipper::{ReadZipperUntracked, Zipper, ZipperAbsolutePath, ZipperIteration, ZipperMoving};

/// A part of the trie that one thread goes through.
#[derive(Debug)]
pub(super) struct Task {
    trunk: usize,
    /// Where it begins: after all that is at and below this path, or, for a whole subtrie, with it.
    path: Vec<u8>,
    /// How many bytes of the path lead to the task's root.
    root_len: usize,
    /// The greatest byte after the root's path that belongs to it.
    last: u8,
    whole: bool,
}

impl Task {
    /// All that is at and below the root of a trunk.
    pub(super) fn whole<V>(trunk: usize, trunks: &[Trunk<V>]) -> Self {
        let path = trunks[trunk].path().to_vec();
        Self { trunk, root_len: path.len(), path, last: u8::MAX, whole: true }
    }
}

/// What is visited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// Locations without a value too.
    pub(super) all: bool,
    /// How far below the trunk's root.
    pub(super) max_depth: usize,
}

/// Where to go from the location that was visited last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Nowhere: the root is the first.
    Root,
    /// To the next location.
    On,
    /// To the next that is not below it.
    Beyond,
}

/// The locations of a task, one after another.
pub struct Run<'w, V> {
    zipper: ReadZipperUntracked<'w, 'static, V>,
    trunk: usize,
    trunk_len: usize,
    scope: Scope,
    next: Next,
    last: u8,
    /// Whether the next location is simply the next value, unless that is in a branch after the last.
    plain: bool,
    /// How many visits are left before the thread has to look at the others.
    left: u32,
    stopped: &'w AtomicBool,
    done: bool,
    quit: bool,
    /// How many levels are given away next where each has a single branch left.
    levels: usize,
}

impl<'w, V> Run<'w, V> {
    pub(super) fn new(trunks: &'w [Trunk<V>], task: &Task, scope: Scope, stopped: &'w AtomicBool) -> Self {
        let trunk = &trunks[task.trunk];
        let mut zipper = trunk.reader(&task.path[..task.root_len]);
        zipper.descend_to(&task.path[task.root_len..]);
        Self {
            zipper,
            trunk: task.trunk,
            trunk_len: trunk.path().len(),
            scope,
            next: if task.whole { Next::Root } else { Next::Beyond },
            last: task.last,
            plain: false,
            left: 0,
            stopped,
            done: false,
            quit: false,
            levels: 1,
        }
    }

    /// Goes to the next location; false if there is none, or if it is time to look at the others, or to stop.
    #[inline]
    pub(super) fn advance(&mut self) -> bool {
        // Relaxed: nothing is read that the flag would have to be ordered with.
        if self.left == 0 || self.stopped.load(Ordering::Relaxed) {
            return false;
        }
        let found =
            if self.plain { self.zipper.to_next_val() && self.within() } else { self.advance_with_care() };
        if found {
            self.left -= 1;
        } else {
            self.done = true;
        }
        found
    }

    #[inline(never)]
    fn advance_with_care(&mut self) -> bool {
        loop {
            let beyond = match std::mem::replace(&mut self.next, Next::On) {
                Next::Root if !self.zipper.path_exists() => return false,
                Next::Root if self.scope.all || self.zipper.is_val() => return self.arrive(),
                Next::Root => self.depth() >= self.scope.max_depth,
                Next::On => self.depth() >= self.scope.max_depth,
                Next::Beyond => true,
            };
            let found = match (self.scope.all, beyond) {
                (false, false) => self.zipper.to_next_val(),
                (false, true) => self.zipper.to_next_val_beyond(),
                (true, false) => self.zipper.to_next_step(),
                (true, true) => self.zipper.to_next_step_beyond(),
            };
            if !found {
                return false;
            }
            if !self.within() {
                return false;
            }
            if self.depth() <= self.scope.max_depth {
                if self.scope.all || self.zipper.is_val() {
                    return self.arrive();
                }
                continue;
            }
            self.zipper.ascend(self.depth() - self.scope.max_depth);
            self.next = Next::Beyond;
        }
    }

    /// Whether the location, which is below the root, is in one of the task's branches.
    #[inline]
    fn within(&mut self) -> bool {
        if self.last == u8::MAX {
            return true;
        }
        let (path, root_len) = self.zipper.whole_path();
        let byte = path[root_len];
        if byte == self.last {
            // The last branch bounds itself.
            self.zipper.confine(root_len + 1);
            self.last = u8::MAX;
        }
        byte <= self.last
    }

    /// Says whether what comes next needs no care.
    fn arrive(&mut self) -> bool {
        self.plain = !self.scope.all && self.scope.max_depth == usize::MAX;
        true
    }

    fn depth(&self) -> usize {
        self.zipper.whole_path().0.len() - self.trunk_len
    }

    /// Where it has come to.
    #[inline]
    pub(super) fn location(&self) -> Location<'_, V> {
        let at = match self.zipper.landed() {
            Some((node, entry, depth)) => At::Landed { node, entry, depth },
            None => At::Place(self.zipper.place()),
        };
        // Nothing is hidden of this path either. But its two words are computed here rather than copied as one, which would
        // have to wait for the new length to be in memory: 3 ns a visit.
        Location::new(self.zipper.origin_path(), self.trunk_len, at)
    }

    /// Leaves out what is below the location.
    #[inline]
    pub(super) fn skip(&mut self) {
        self.next = Next::Beyond;
        self.plain = false;
    }

    /// Stops all threads. The pool is still to be told why.
    #[inline]
    pub(super) fn quit(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.quit = true;
    }

    /// Gives so many visits more.
    pub(super) fn grant(&mut self, visits: u32) {
        self.left = visits;
    }

    pub(super) fn visits_left(&self) -> u32 {
        self.left
    }

    /// True iff nothing is left of the task.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// True iff the visitor wants the walk to end.
    pub(super) fn has_quit(&self) -> bool {
        self.quit
    }

    /// Gives away what comes last, in up to `wanted` tasks. They are in path order, and what is kept comes before.
    pub(super) fn divide(&mut self, wanted: usize) -> Vec<Task> {
        let mut tasks = Vec::new();
        while tasks.len() < wanted {
            // What is cut off next comes before what was cut off first.
            let mut cut = self.cut(wanted - tasks.len());
            if cut.is_empty() {
                break;
            }
            cut.append(&mut tasks);
            tasks = cut;
        }
        tasks
    }

    /// Cuts at the first level that has branches left, into up to `parts` tasks; none if there is nothing to give.
    fn cut(&mut self, parts: usize) -> Vec<Task> {
        let (_, root_len) = self.zipper.whole_path();
        let Some((level, mut after)) = self.zipper.siblings_after(root_len) else {
            // Nothing is left but what is below the location.
            let len = self.zipper.whole_path().0.len();
            self.bound(len, u8::MAX);
            return Vec::new();
        };
        if level > root_len {
            // Nor is anything left above. The way down to here is not looked at again.
            self.bound(level, u8::MAX);
        }
        after = after.and(&ByteMask::from_range(..=self.last));
        let siblings: Vec<u8> = after.iter().collect();
        // Whether something is left here if all of them go.
        let is_busy = self.next != Next::Beyond && self.zipper.child_count() > 0
            || self.zipper.siblings_after(level + 1).is_some();
        if siblings.len() == 1 && !is_busy {
            return Vec::new();
        }
        if siblings.len() > 1 {
            // As many parts, and one that is kept with the branch in which we are.
            let parts = parts.clamp(1, siblings.len() - usize::from(!is_busy));
            let end = |part: usize| siblings.len() * part / (parts + 1);
            let path = self.zipper.whole_path().0;
            let here = path[level];
            let task = |part: usize| {
                let before = end(part).checked_sub(1).map_or(here, |i| siblings[i]);
                let path = [&path[..level], &[before]].concat();
                let last = if part == parts { self.last } else { siblings[end(part + 1) - 1] };
                Task { trunk: self.trunk, path, root_len: level, last, whole: false }
            };
            let tasks = (1..=parts).map(task).collect();
            match end(1).checked_sub(1) {
                Some(kept) => self.bound(level, siblings[kept]),
                None => self.bound(level + 1, u8::MAX),
            }
            return tasks;
        }
        if siblings.is_empty() {
            // The branches that are left belong to others: the present one is the last.
            self.bound(level + 1, u8::MAX);
            return self.cut(parts);
        }
        let mut cut = level + 1;
        for _ in 1..self.levels {
            match self.zipper.siblings_after(cut) {
                Some((level, _)) => cut = level + 1,
                None => break,
            }
        }
        self.levels = self.levels.saturating_mul(2);
        let path = self.zipper.whole_path().0[..cut].to_vec();
        let task = Task { trunk: self.trunk, path, root_len: level, last: self.last, whole: false };
        self.bound(cut, u8::MAX);
        vec![task]
    }

    fn bound(&mut self, root_len: usize, last: u8) {
        self.zipper.confine(root_len);
        self.last = last;
    }
}
