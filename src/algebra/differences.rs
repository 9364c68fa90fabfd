//! The differences of two subtries in path order: the walk of [`Changes`](super::Changes) and of
//! the merge of commits.

use std::collections::HashSet;

use super::lockstep::{Lockstep, Upcoming};
use crate::node::{Below, End, EndRef, Key, Place};

/// The content of a map at exactly one path.
pub(crate) enum PathContent<'a, V> {
    Value(&'a V),
    /// A dangling tip.
    Tip,
}

impl<V> Clone for PathContent<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for PathContent<'_, V> {}

impl<'a, V> PathContent<'a, V> {
    pub(crate) fn value(self) -> Option<&'a V> {
        match self {
            PathContent::Value(value) => Some(value),
            PathContent::Tip => None,
        }
    }
}

/// The content of one of two subtries at and below a path.
pub(crate) struct Side<'a, V> {
    /// Everything at and below the path, if the subtrie continues there.
    pub(crate) place: Option<Place<'a, V>>,
    /// The content at the path itself.
    pub(crate) content: Option<PathContent<'a, V>>,
}

impl<V> Clone for Side<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Side<'_, V> {}

/// A difference between the old subtrie and the new one.
pub(crate) enum Difference<'a, V> {
    /// A difference at the path itself: the old content and the new one.
    At(Option<PathContent<'a, V>>, Option<PathContent<'a, V>>),
    /// A difference somewhere at or below the path, which the caller takes as a whole: the new
    /// subtrie's content there.
    Below(Side<'a, V>),
}

/// A walk over the differences from an old subtrie to a new one.
pub(crate) struct Differences<'a, V> {
    frames: Vec<DiffFrame<'a, V>>,
    path: Vec<u8>,
    /// The difference that is returned next.
    here: Option<Difference<'a, V>>,
    /// Whether dangling tips are content.
    tips: bool,
    /// The number of differences returned so far.
    given: usize,
    /// Pairs of places that the walk may reach again, and that do not differ.
    same: HashSet<(Key, Key)>,
}

/// The remaining part of two subtries, or of one.
struct DiffFrame<'a, V> {
    /// The length of the path to the two subtries.
    len: usize,
    /// The keys of the two places, if the walk may reach them again, and the number of
    /// differences returned before them.
    again: Option<((Key, Key), usize)>,
    steps: Steps<'a, V>,
}

enum Steps<'a, V> {
    Both(Lockstep<'a, V>),
    Old(Below<'a, V>),
    New(Below<'a, V>),
}

impl<V> Differences<'_, V> {
    /// Returns the path of the difference that was returned last.
    pub(crate) fn path(&self) -> &[u8] {
        &self.path
    }
}

impl<'a, V: PartialEq> Differences<'a, V> {
    /// Compares values by `==`, except those in nodes that both sides share. With `tips`,
    /// dangling tips are content.
    pub(crate) fn new(old: Option<Place<'a, V>>, new: Option<Place<'a, V>>, tips: bool) -> Self {
        let (frames, path, same) = (Vec::new(), Vec::new(), HashSet::new());
        let mut differences = Self { frames, path, here: None, tips, given: 0, same };
        differences.enter(Side::at(old), Side::at(new), &mut |_, _, _| false);
        differences
    }

    /// Enters the subtries at the current path; at least one side continues there.
    fn enter(
        &mut self,
        old: Side<'a, V>,
        new: Side<'a, V>,
        whole: &mut impl FnMut(&[u8], Side<'a, V>, Side<'a, V>) -> bool,
    ) {
        let mut again = None;
        if let (Some(old), Some(new)) = (old.place, new.place) {
            if old.is(new) {
                return;
            }
            if old.is_shared() || new.is_shared() {
                let pair = (old.key(), new.key());
                if self.same.contains(&pair) {
                    return;
                }
                again = Some((pair, self.given));
            }
        }
        if whole(&self.path, old, new) {
            self.here = Some(Difference::Below(new));
            return;
        }
        let steps = match (old.place, new.place) {
            (None, None) => return,
            (Some(old), Some(new)) => Steps::Both(Lockstep::new(old, new)),
            (Some(old), None) => Steps::Old(old.below()),
            (None, Some(new)) => Steps::New(new.below()),
        };
        self.here = differing(old.content, new.content);
        self.frames.push(DiffFrame { len: self.path.len(), again, steps });
    }

    /// Returns the next difference, and its path. Where at least one side continues below a path,
    /// and the two are not one in memory, `whole` decides whether everything there is returned as
    /// one difference, without walking further.
    pub(crate) fn next(
        &mut self,
        mut whole: impl FnMut(&[u8], Side<'a, V>, Side<'a, V>) -> bool,
    ) -> Option<(&[u8], Difference<'a, V>)> {
        loop {
            if let Some(difference) = self.here.take() {
                self.given += 1;
                return Some((&self.path, difference));
            }
            let frame = self.frames.last_mut()?;
            self.path.truncate(frame.len);
            let (old, new) = match &mut frame.steps {
                Steps::Both(steps) => match steps.upcoming() {
                    None => (None, None),
                    Some(Upcoming::Left(_)) => (steps.left.next(), None),
                    Some(Upcoming::Right(_)) => (None, steps.right.next()),
                    Some(Upcoming::Both) => (steps.left.next(), steps.right.next()),
                    Some(Upcoming::Twins(_)) => {
                        steps.advance_both();
                        continue;
                    }
                    Some(Upcoming::Fork(len)) => {
                        let entry = steps.left.now().expect("both sides have an entry at a fork");
                        entry.suffix.first(len).append_to(&mut self.path);
                        let (old, new) = steps.fork(len);
                        self.enter(Side::at(Some(old)), Side::at(Some(new)), &mut whole);
                        continue;
                    }
                },
                Steps::Old(below) => (below.next(), None),
                Steps::New(below) => (None, below.next()),
            };
            let Some(entry) = old.or(new) else {
                let done = self.frames.pop().and_then(|frame| frame.again);
                self.same.extend(done.filter(|&(_, given)| given == self.given).map(|(pair, _)| pair));
                continue;
            };
            entry.suffix.append_to(&mut self.path);
            let (old, new) = (self.side(old.map(|entry| entry.end)), self.side(new.map(|entry| entry.end)));
            // If one side has a child, the other has nothing or a dangling tip.
            match (old.place, new.place) {
                (None, None) => self.here = differing(old.content, new.content),
                _ => self.enter(old, new, &mut whole),
            }
        }
    }

    fn side(&self, end: Option<EndRef<'a, V>>) -> Side<'a, V> {
        match end {
            Some(End::Child(child)) => Side::at(Some(child.place())),
            Some(End::Value(value)) => Side { place: None, content: Some(PathContent::Value(value)) },
            Some(End::Bare) if self.tips => Side { place: None, content: Some(PathContent::Tip) },
            _ => Side { place: None, content: None },
        }
    }
}

impl<'a, V> Side<'a, V> {
    /// Returns the content of a place that is not a dangling tip.
    fn at(place: Option<Place<'a, V>>) -> Self {
        Self { place, content: place.and_then(Place::own).map(PathContent::Value) }
    }
}

fn differing<'a, V: PartialEq>(
    old: Option<PathContent<'a, V>>,
    new: Option<PathContent<'a, V>>,
) -> Option<Difference<'a, V>> {
    let same = match (old, new) {
        (None, None) | (Some(PathContent::Tip), Some(PathContent::Tip)) => true,
        (Some(PathContent::Value(old)), Some(PathContent::Value(new))) => old == new,
        _ => false,
    };
    (!same).then_some(Difference::At(old, new))
}
