//! A list that grows through a shared reference.

use std::fmt;
use std::sync::OnceLock;

/// A list that is appended to through `&self` and never moves its elements.
pub(super) struct AppendList<T> {
    first: OnceLock<Box<ListItem<T>>>,
}

struct ListItem<T> {
    element: T,
    next: OnceLock<Box<ListItem<T>>>,
}

impl<T> AppendList<T> {
    pub(super) const fn new() -> Self {
        Self { first: OnceLock::new() }
    }

    fn iter(&self) -> impl Iterator<Item = &ListItem<T>> {
        std::iter::successors(self.first.get(), |item| item.next.get()).map(|item| &**item)
    }

    /// The first element for which `is_it` returns true.
    pub(super) fn find(&self, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        self.iter().map(|item| &item.element).find(|element| is_it(element))
    }

    /// Appends an element.
    pub(super) fn put(&self, element: T) -> &T {
        let mut item = Box::new(ListItem { element, next: OnceLock::new() });
        let mut end = self.iter().last().map_or(&self.first, |last| &last.next);
        loop {
            match end.set(item) {
                Ok(()) => return &end.get().expect("the link was set").element,
                // Another thread was first. Its element comes before this one.
                Err(back) => {
                    item = back;
                    end = &end.get().expect("the link was set").next;
                }
            }
        }
    }

    /// Drops all elements.
    #[inline]
    pub(super) fn clear(&mut self) {
        if self.first.get().is_some() {
            self.clear_all();
        }
    }

    // The items are dropped in a loop, because a list that drops its rest recurses on its length.
    #[cold]
    fn clear_all(&mut self) {
        let mut next = self.first.take();
        while let Some(mut item) = next {
            next = item.next.take();
        }
    }
}

impl<T> Drop for AppendList<T> {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A clone is empty, because the elements belong to the zipper that made them.
impl<T> Clone for AppendList<T> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for AppendList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppendList").finish_non_exhaustive()
    }
}
