//! The fold in path order.
//!
//! What is given away of a task comes after all that is kept. So the tasks that there are, and those that have ended, form a
//! list in path order, into which a division puts new ones behind the giver's. A task that ends takes the results of its
//! neighbours that have ended, combines them with its own, and goes on until both neighbours are still at work: so what
//! can be combined is combined at once, by whichever thread is there.

use super::location::Location;
use super::pool;
use super::walk::WalkParallel;
use super::walked::Walked;
use crate::sync::{Guard, Monitor};

/// What a fold in path order came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Folded<T> {
    /// The result; `None` if nothing was visited.
    pub value: Option<T>,
    /// Whether that is the whole. If not, the value is that of what was visited, still in path order.
    pub walked: Walked,
}

impl<V: Send + Sync> WalkParallel<'_, V> {
    /// Maps each location and combines what that gives, in path order.
    ///
    /// `combine` must be associative; it need not commute. Then the result is that of folding one location after another,
    /// however many threads there are and however the work was divided among them.
    ///
    /// # Panics
    /// As `map` or `combine` does.
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
                |run| {
                    while run.advance() {
                        let next = map(&run.location());
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

/// Results in a row, and the tasks that will have more.
struct Row<T>(Monitor<List<T>>);

struct List<T> {
    places: Vec<Place<T>>,
    free: Vec<usize>,
    first: Option<usize>,
}

struct Place<T> {
    before: Option<usize>,
    after: Option<usize>,
    /// What the task came to, once it has ended.
    result: Option<Option<T>>,
}

impl<T> Row<T> {
    /// So many tasks, numbered in their order.
    fn new(tasks: usize) -> Self {
        let place = |at: usize| Place {
            before: at.checked_sub(1),
            after: (at + 1 < tasks).then_some(at + 1),
            result: None,
        };
        let first = (tasks > 0).then_some(0);
        Self(Monitor::new(List { places: (0..tasks).map(place).collect(), free: Vec::new(), first }))
    }

    fn lock(&self) -> Guard<'_, List<T>> {
        self.0.lock()
    }

    /// Makes places for new tasks right behind one, in their order.
    fn insert_after(&self, at: usize, tasks: usize) -> Vec<usize> {
        let mut list = self.lock();
        let new: Vec<usize> = (0..tasks).map(|_| list.insert_after(at)).collect();
        new.into_iter().rev().collect()
    }

    /// Ends a task: combines its result with those beside it that are known.
    fn end(&self, at: usize, mut mine: Option<T>, combine: &impl Fn(T, T) -> T) {
        loop {
            let mut list = self.lock();
            let Place { before, after, .. } = list.places[at];
            if let Some(before) = list.take_ended(before) {
                drop(list);
                mine = joined(before, mine, combine);
            } else if let Some(after) = list.take_ended(after) {
                drop(list);
                mine = joined(mine, after, combine);
            } else {
                list.places[at].result = Some(mine);
                return;
            }
        }
    }

    /// All results there are, combined.
    fn into_result(self, combine: &impl Fn(T, T) -> T) -> Option<T> {
        let mut list = self.0.into_inner();
        let (mut next, mut result) = (list.first, None);
        while let Some(at) = next {
            // A walk that was stopped leaves tasks that have not ended.
            result = joined(result, list.places[at].result.take().flatten(), combine);
            next = list.places[at].after;
        }
        result
    }
}

impl<T> List<T> {
    fn insert_after(&mut self, at: usize) -> usize {
        let after = self.places[at].after;
        let place = Place { before: Some(at), after, result: None };
        let new = match self.free.pop() {
            Some(new) => {
                self.places[new] = place;
                new
            }
            None => {
                self.places.push(place);
                self.places.len() - 1
            }
        };
        self.places[at].after = Some(new);
        if let Some(after) = after {
            self.places[after].before = Some(new);
        }
        new
    }

    /// Takes a result out of the row, if its task has ended.
    fn take_ended(&mut self, at: Option<usize>) -> Option<Option<T>> {
        let at = at?;
        let result = self.places[at].result.take()?;
        let (before, after) = (self.places[at].before, self.places[at].after);
        match before {
            Some(before) => self.places[before].after = after,
            None => self.first = after,
        }
        if let Some(after) = after {
            self.places[after].before = before;
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
