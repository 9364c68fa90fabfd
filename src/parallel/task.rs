//! Tasks of a walk, and the reader that goes through one.
//!
//! A task is a part of a subtrie that comes, in path order, after a location: all the rest of the
//! subtrie, or its branches up to a last one. When a task is divided, what is given away therefore
//! comes after all that is kept. The giver goes on where it is, and the root of its reader is
//! moved down to the cut, so that it stops there.
//!
//! # Where a task is cut
//! A task is cut at the first level of the reader's path that has branches left, since these lead
//! to the largest parts. If it has many branches, each taker gets as many as the giver keeps. In a
//! chain with a small branch at each level, branches would be given away one by one. So each time
//! that a task is cut where a single branch is left, it gives away twice as many levels, all in
//! one task.

use super::location::Location;
use super::roots::WalkRoot;
use crate::bytes::ByteMask;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::zipper::{ReadZipperUntracked, Zipper, ZipperAbsolutePath, ZipperIteration, ZipperMoving};

/// A part of a walk that one thread goes through.
#[derive(Debug)]
pub(super) struct WalkTask {
    /// Which root of the walk it is below.
    root: usize,
    /// A whole subtrie begins with this path. Otherwise, the task begins after all that is at and
    /// below it.
    path: Vec<u8>,
    whole: bool,
    /// How many bytes of the path lead to the location whose branches the task has.
    top_len: usize,
    /// The last of these branches.
    last: u8,
}

impl WalkTask {
    /// All that is at and below a root of the walk.
    pub(super) fn whole<V>(root: usize, roots: &[WalkRoot<V>]) -> Self {
        let path = roots[root].path().to_vec();
        Self { root, top_len: path.len(), path, last: u8::MAX, whole: true }
    }
}

/// What is visited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// Whether locations without a value are visited too.
    pub(super) all: bool,
    /// The greatest number of bytes below a root of the walk.
    pub(super) max_depth: usize,
}

/// Where to go from the location that was visited last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Nowhere: the root is visited first.
    Root,
    /// To the next location.
    On,
    /// To the next location that is not below it.
    Beyond,
}

/// A reader that goes through the locations of a task.
pub struct TaskReader<'w, V> {
    zipper: ReadZipperUntracked<'w, 'static, V>,
    root: usize,
    root_len: usize,
    scope: Scope,
    next: Next,
    /// The last branch of the zipper's root that belongs to the task.
    last: u8,
    /// Whether the next location is simply the next value, if that is in one of the task's
    /// branches.
    plain: bool,
    /// How many visits are left before the thread has to look at the others.
    left: u32,
    stopped: &'w AtomicBool,
    done: bool,
    quit: bool,
    /// How many levels are given away next if each has a single branch left.
    levels: usize,
}

impl<'w, V> TaskReader<'w, V> {
    pub(super) fn new(
        roots: &'w [WalkRoot<V>],
        task: &WalkTask,
        scope: Scope,
        stopped: &'w AtomicBool,
    ) -> Self {
        let root = &roots[task.root];
        let mut zipper = root.reader(&task.path[..task.top_len]);
        zipper.descend_to(&task.path[task.top_len..]);
        Self {
            zipper,
            root: task.root,
            root_len: root.path().len(),
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

    /// Goes to the next location. Returns false if there is none, or if it is time to look at the
    /// other threads, or to stop.
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

    /// Whether the location, which is below the zipper's root, is in one of the task's branches.
    #[inline]
    fn within(&mut self) -> bool {
        if self.last == u8::MAX {
            return true;
        }
        let (path, top_len) = self.zipper.whole_path();
        let byte = path[top_len];
        if byte == self.last {
            // From here on, the branch itself is the bound.
            self.zipper.confine(top_len + 1);
            self.last = u8::MAX;
        }
        byte <= self.last
    }

    /// Notes whether the next location can be found without care.
    fn arrive(&mut self) -> bool {
        self.plain = !self.scope.all && self.scope.max_depth == usize::MAX;
        true
    }

    fn depth(&self) -> usize {
        self.zipper.whole_path().0.len() - self.root_len
    }

    /// The location that the last [`advance`](Self::advance) went to.
    #[inline]
    pub(super) fn location(&self) -> Location<'_, V> {
        // `whole_path` has the same bytes. But its two words would be copied as one, which has to
        // wait until the new length is in memory; here they are computed. That saves 3 ns a visit.
        Location::new(self.zipper.origin_path(), self.root_len, self.zipper.lazy_place())
    }

    /// Leaves out what is below the location.
    #[inline]
    pub(super) fn skip(&mut self) {
        self.next = Next::Beyond;
        self.plain = false;
    }

    /// Stops all threads. The caller still has to tell the pool why.
    #[inline]
    pub(super) fn quit(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.quit = true;
    }

    /// Sets how many visits may be made.
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

    /// Gives away what comes last, in up to `wanted` tasks in path order. What is kept comes
    /// before them.
    pub(super) fn divide(&mut self, wanted: usize) -> Vec<WalkTask> {
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

    /// Cuts up to `parts` tasks off at the first level that has branches left. Returns none if
    /// there is nothing to give.
    fn cut(&mut self, parts: usize) -> Vec<WalkTask> {
        let (_, top_len) = self.zipper.whole_path();
        let Some((level, mut after)) = self.zipper.siblings_after(top_len) else {
            // Only what is below the location is left.
            let len = self.zipper.whole_path().0.len();
            self.bound(len, u8::MAX);
            return Vec::new();
        };
        if level > top_len {
            // Nothing is left above the level. The way down to it is not looked at again.
            self.bound(level, u8::MAX);
        }
        after = after.and(&ByteMask::from_range(..=self.last));
        let siblings: Vec<u8> = after.iter().collect();
        // Whether the giver has something left if all siblings are given away.
        let is_busy = self.next != Next::Beyond && self.zipper.child_count() > 0
            || self.zipper.siblings_after(level + 1).is_some();
        match siblings.len() {
            0 => {
                // The branches that are left belong to other tasks: the present one is the last.
                self.bound(level + 1, u8::MAX);
                self.cut(parts)
            }
            1 if is_busy => vec![self.cut_levels(level)],
            1 => Vec::new(),
            many => self.cut_branches(level, &siblings, parts.clamp(1, many - usize::from(!is_busy))),
        }
    }

    /// Divides the siblings after the present branch of a level into `parts` tasks, and one part
    /// that is kept together with the present branch.
    fn cut_branches(&mut self, level: usize, siblings: &[u8], parts: usize) -> Vec<WalkTask> {
        let end = |part: usize| siblings.len() * part / (parts + 1);
        let path = self.zipper.whole_path().0;
        let here = path[level];
        let task = |part: usize| {
            let before = end(part).checked_sub(1).map_or(here, |i| siblings[i]);
            let path = [&path[..level], &[before]].concat();
            let last = if part == parts { self.last } else { siblings[end(part + 1) - 1] };
            WalkTask { root: self.root, path, top_len: level, last, whole: false }
        };
        let tasks = (1..=parts).map(task).collect();
        match end(1).checked_sub(1) {
            Some(kept) => self.bound(level, siblings[kept]),
            None => self.bound(level + 1, u8::MAX),
        }
        tasks
    }

    /// Gives away what is left of several levels from `level` down, in one task.
    fn cut_levels(&mut self, level: usize) -> WalkTask {
        let mut cut = level + 1;
        for _ in 1..self.levels {
            match self.zipper.siblings_after(cut) {
                Some((level, _)) => cut = level + 1,
                None => break,
            }
        }
        self.levels = self.levels.saturating_mul(2);
        let path = self.zipper.whole_path().0[..cut].to_vec();
        let task = WalkTask { root: self.root, path, top_len: level, last: self.last, whole: false };
        self.bound(cut, u8::MAX);
        task
    }

    /// Keeps only what is below the path's first `top_len` bytes, up to the branch `last`.
    fn bound(&mut self, top_len: usize, last: u8) {
        self.zipper.confine(top_len);
        self.last = last;
    }
}
