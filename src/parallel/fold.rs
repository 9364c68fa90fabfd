//! Folds in path order.
//!
//! The tasks of a walk, whether they have ended or not, form a list in path order. When a task is
//! divided, what is given away comes after all that is kept; so the new tasks are inserted right
//! behind the giver. A task that ends takes the results of its neighbours that have ended,
//! combines them with its own, and goes on until both neighbours are still at work. So results are
//! combined as soon as possible, by whichever thread is there.

use super::location::Location;
use super::pool;
use super::walk::WalkParallel;
use super::walked::Walked;
use crate::sync::{Guard, Monitor};

/// The result of a fold in path order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Folded<T> {
    /// The combined value of all locations that were visited, or `None` if there were none.
    pub value: Option<T>,
    /// How the walk ended. If the walk is not complete, the value combines only the locations that
    /// were visited, in path order.
    pub walked: Walked,
}

impl<V: Send + Sync> WalkParallel<'_, V> {
    /// Maps each location to a value, and combines the values in path order.
    ///
    /// `combine` must be associative, but need not be commutative. The result is then the result
    /// of folding one location after another, whatever the number of threads and the division of
    /// the work among them.
    ///
    /// # Panics
    /// Panics if `map` or `combine` panics.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map: PathMap<&str> = [("a", "par"), ("b", "al"), ("c", "lel")].into_iter().collect();
    /// let folded = map.walk_parallel().fold(
    ///     |location| location.value().unwrap().to_string(),
    ///     |left, right| left + &right,
    /// );
    /// assert_eq!(folded.value.unwrap(), "parallel");
    /// ```
    pub fn fold<T, M, C>(&self, map: M, combine: C) -> Folded<T>
    where
        T: Send,
        M: Fn(&Location<'_, V>) -> T + Sync,
        C: Fn(T, T) -> T + Sync,
    {
        let tasks: Vec<_> = self.tasks().into_iter().enumerate().map(|(at, task)| (task, at)).collect();
        let row = Row::new(tasks.len());
        let threads = vec![(); self.thread_count()];
        let walked = pool::run(self.rules(), tasks, threads, |hand, (), (task, at)| {
            let mut mine = None;
            self.perform(
                hand,
                &task,
                |reader| {
                    while reader.advance() {
                        let next = map(&reader.location());
                        mine = Some(match mine.take() {
                            Some(before) => combine(before, next),
                            None => next,
                        });
                    }
                },
                |tasks| row.insert_after(at, tasks),
            );
            row.end(at, mine, &combine);
        });
        Folded { value: row.into_result(&combine), walked }
    }
}

/// The tasks in path order, with the results of those that have ended.
struct Row<T>(Monitor<TaskList<T>>);

/// A list whose elements are linked by their numbers.
struct TaskList<T> {
    tasks: Vec<TaskResult<T>>,
    free: Vec<usize>,
    first: Option<usize>,
}

struct TaskResult<T> {
    before: Option<usize>,
    after: Option<usize>,
    /// The result of the task, once it has ended.
    result: Option<Option<T>>,
}

impl<T> Row<T> {
    /// A row of `tasks` tasks, numbered in path order.
    fn new(tasks: usize) -> Self {
        let task = |at: usize| TaskResult {
            before: at.checked_sub(1),
            after: (at + 1 < tasks).then_some(at + 1),
            result: None,
        };
        let first = (tasks > 0).then_some(0);
        Self(Monitor::new(TaskList { tasks: (0..tasks).map(task).collect(), free: Vec::new(), first }))
    }

    fn lock(&self) -> Guard<'_, TaskList<T>> {
        self.0.lock()
    }

    /// Inserts new tasks right behind the task `at`. Returns their numbers in path order.
    fn insert_after(&self, at: usize, tasks: usize) -> Vec<usize> {
        let mut list = self.lock();
        let new: Vec<usize> = (0..tasks).map(|_| list.insert_after(at)).collect();
        new.into_iter().rev().collect()
    }

    /// Ends a task. Its result is combined with the known results beside it.
    fn end(&self, at: usize, mut mine: Option<T>, combine: &impl Fn(T, T) -> T) {
        loop {
            let mut list = self.lock();
            let TaskResult { before, after, .. } = list.tasks[at];
            if let Some(before) = list.take_ended(before) {
                drop(list);
                mine = joined(before, mine, combine);
            } else if let Some(after) = list.take_ended(after) {
                drop(list);
                mine = joined(mine, after, combine);
            } else {
                list.tasks[at].result = Some(mine);
                return;
            }
        }
    }

    /// Combines all results.
    fn into_result(self, combine: &impl Fn(T, T) -> T) -> Option<T> {
        let mut list = self.0.into_inner();
        let (mut next, mut result) = (list.first, None);
        while let Some(at) = next {
            // A walk that was stopped leaves tasks that have not ended.
            result = joined(result, list.tasks[at].result.take().flatten(), combine);
            next = list.tasks[at].after;
        }
        result
    }
}

impl<T> TaskList<T> {
    fn insert_after(&mut self, at: usize) -> usize {
        let after = self.tasks[at].after;
        let task = TaskResult { before: Some(at), after, result: None };
        let new = match self.free.pop() {
            Some(new) => {
                self.tasks[new] = task;
                new
            }
            None => {
                self.tasks.push(task);
                self.tasks.len() - 1
            }
        };
        self.tasks[at].after = Some(new);
        if let Some(after) = after {
            self.tasks[after].before = Some(new);
        }
        new
    }

    /// Removes a task from the list and returns its result, if it has ended.
    fn take_ended(&mut self, at: Option<usize>) -> Option<Option<T>> {
        let at = at?;
        let result = self.tasks[at].result.take()?;
        let (before, after) = (self.tasks[at].before, self.tasks[at].after);
        match before {
            Some(before) => self.tasks[before].after = after,
            None => self.first = after,
        }
        if let Some(after) = after {
            self.tasks[after].before = before;
        }
        self.free.push(at);
        Some(result)
    }
}

fn joined<T>(left: Option<T>, right: Option<T>, combine: &impl Fn(T, T) -> T) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => Some(combine(left, right)),
        (left, right) => left.or(right),
    }
}
