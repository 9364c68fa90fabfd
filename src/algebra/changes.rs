//! The changes from one map to another: values added, removed and changed, in path order.

use crate::node::Place;
use std::fmt;
use std::iter::FusedIterator;

use super::differences::{Difference, Differences, PathContent};
use crate::bytes::Text;

/// A change of the value at one path, from an old map to a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a, V> {
    /// Only the new map has a value at the path: this value.
    Added(&'a V),
    /// Only the old map has a value at the path: this value.
    Removed(&'a V),
    /// Both maps have a value at the path, and the values differ: the old value, and the new one.
    Changed(&'a V, &'a V),
}

impl<'a, V> Change<'a, V> {
    /// Returns the value in the old map, if there is one.
    #[must_use]
    pub fn before(&self) -> Option<&'a V> {
        match self {
            Change::Added(_) => None,
            Change::Removed(old) | Change::Changed(old, _) => Some(old),
        }
    }

    /// Returns the value in the new map, if there is one.
    #[must_use]
    pub fn after(&self) -> Option<&'a V> {
        match self {
            Change::Removed(_) => None,
            Change::Added(new) | Change::Changed(_, new) => Some(new),
        }
    }
}

/// The changes from an old map to a new one in path order; see [`diff`](crate::diff).
///
/// Each path is lent until the next call, so this is not an [`Iterator`]. Use a `while let` loop,
/// or [`into_iter`](IntoIterator::into_iter), whose iterator copies each path.
///
/// # Examples
/// ```
/// use bytetrie::{Change, PathMap};
///
/// let old = PathMap::from([("figs", 1), ("plums", 2)]);
/// let new = PathMap::from([("pears", 3), ("plums", 2)]);
/// let changes: Vec<_> = old.diff(&new).into_iter().collect();
/// assert_eq!(changes, [(b"figs".to_vec(), Change::Removed(&1)), (b"pears".to_vec(), Change::Added(&3))]);
/// ```
///
/// Values are compared by `==`, except those in nodes that both maps share. Dangling paths are
/// ignored.
#[must_use = "changes are lazy and do nothing unless consumed"]
pub struct Changes<'a, V> {
    differences: Differences<'a, V>,
}

impl<'a, V: PartialEq> Changes<'a, V> {
    pub(crate) fn new(old: Option<Place<'a, V>>, new: Option<Place<'a, V>>) -> Self {
        Self { differences: Differences::new(old, new, false) }
    }

    /// Returns the next path whose value differs, and the change.
    #[expect(clippy::should_implement_trait, reason = "an Iterator cannot lend its path")]
    pub fn next(&mut self) -> Option<(&[u8], Change<'a, V>)> {
        let (path, difference) = self.differences.next(|_, _, _| false)?;
        let Difference::At(old, new) = difference else {
            unreachable!("no difference was requested as a whole")
        };
        let change = match (old.and_then(PathContent::value), new.and_then(PathContent::value)) {
            (Some(old), Some(new)) => Change::Changed(old, new),
            (Some(old), None) => Change::Removed(old),
            (None, Some(new)) => Change::Added(new),
            (None, None) => unreachable!("without tips all content is values"),
        };
        Some((path, change))
    }
}

impl<V> fmt::Debug for Changes<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("at", &Text(self.differences.path())).finish_non_exhaustive()
    }
}

/// An iterator over the changes from an old map to a new one in path order, with a copy of each
/// path.
///
/// Created by [`Changes::into_iter`](IntoIterator::into_iter).
#[derive(Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ChangesIter<'a, V>(Changes<'a, V>);

impl<'a, V: PartialEq> Iterator for ChangesIter<'a, V> {
    type Item = (Vec<u8>, Change<'a, V>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(path, change)| (path.to_vec(), change))
    }
}

impl<V: PartialEq> FusedIterator for ChangesIter<'_, V> {}

impl<'a, V: PartialEq> IntoIterator for Changes<'a, V> {
    type Item = (Vec<u8>, Change<'a, V>);
    type IntoIter = ChangesIter<'a, V>;

    fn into_iter(self) -> ChangesIter<'a, V> {
        ChangesIter(self)
    }
}
