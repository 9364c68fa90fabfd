//! Things made through `&self` that are lent as long as it.

use std::fmt;
use std::sync::OnceLock;

/// A list that grows through `&self` and never moves what it holds.
pub(super) struct Shelf<T> {
    first: OnceLock<Box<Item<T>>>,
}

struct Item<T> {
    thing: T,
    next: OnceLock<Box<Item<T>>>,
}

impl<T> Shelf<T> {
    pub(super) const fn new() -> Self {
        Self { first: OnceLock::new() }
    }

    fn iter(&self) -> impl Iterator<Item = &Item<T>> {
        std::iter::successors(self.first.get(), |item| item.next.get()).map(|item| &**item)
    }

    /// The first thing on the shelf that `is_it`.
    pub(super) fn find(&self, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        self.iter().map(|item| &item.thing).find(|thing| is_it(thing))
    }

    /// Puts a thing behind all others.
    pub(super) fn put(&self, thing: T) -> &T {
        let mut item = Box::new(Item { thing, next: OnceLock::new() });
        let mut end = self.iter().last().map_or(&self.first, |last| &last.next);
        loop {
            match end.set(item) {
                Ok(()) => return &end.get().expect("it was set").thing,
                // Another thread was first: its thing is before this one.
                Err(back) => {
                    item = back;
                    end = &end.get().expect("it was set").next;
                }
            }
        }
    }

    /// Takes everything off.
    #[inline]
    pub(super) fn clear(&mut self) {
        if self.first.get().is_some() {
            self.clear_all();
        }
    }

    // One after the other: a list that drops its rest would recurse on its length.
    #[cold]
    fn clear_all(&mut self) {
        let mut next = self.first.take();
        while let Some(mut item) = next {
            next = item.next.take();
        }
    }
}

impl<T> Drop for Shelf<T> {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What is on a shelf belongs to the zipper that made it: a clone starts with none.
impl<T> Clone for Shelf<T> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Shelf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}
