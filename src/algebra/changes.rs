//! What leads from one subtrie to another: the values added, removed and changed, in path order.

use std::collections::HashSet;

use super::lockstep::{Lockstep, Turn};
use super::place::{Below, Key, Place};
use crate::node::Load;

/// How the value at a path differs between an old map and a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a, V> {
    /// Only the new map has a value there: this one.
    Added(&'a V),
    /// Only the old map has a value there: this one.
    Removed(&'a V),
    /// Both have a value there, the old one and the new one, and they are not equal.
    Changed(&'a V, &'a V),
}

impl<'a, V> Change<'a, V> {
    /// The value in the old map.
    pub fn before(&self) -> Option<&'a V> {
        match self {
            Change::Added(_) => None,
            Change::Removed(old) | Change::Changed(old, _) => Some(old),
        }
    }

    /// The value in the new map.
    pub fn after(&self) -> Option<&'a V> {
        match self {
            Change::Removed(_) => None,
            Change::Added(new) | Change::Changed(_, new) => Some(new),
        }
    }
}

/// The changes from an old map to a new one in path order; see [`diff`](crate::diff).
///
/// It lends each path until the next call, and so is no [`Iterator`]: drive it by `while let`.
///
/// Values are compared by `==`, but not those in nodes that both maps share. Dangling paths are no changes.
pub struct Changes<'a, V> {
    frames: Vec<Frame<'a, V>>,
    path: Vec<u8>,
    /// The change at the place itself where a frame begins.
    own: Option<Change<'a, V>>,
    /// How many changes have been given out.
    given: usize,
    /// Pairs of places that may be met again, and between which nothing has changed.
    same: HashSet<(Key, Key)>,
}

/// What is left of two subtries, or of one.
struct Frame<'a, V> {
    /// The length of the path that leads there.
    len: usize,
    /// The two places, if they may be met again, and how many changes had been given out before.
    again: Option<((Key, Key), usize)>,
    steps: Steps<'a, V>,
}

enum Steps<'a, V> {
    Both(Lockstep<'a, V>),
    Old(Below<'a, V>),
    New(Below<'a, V>),
}

impl<'a, V: PartialEq> Changes<'a, V> {
    pub(crate) fn new(old: Option<Place<'a, V>>, new: Option<Place<'a, V>>) -> Self {
        let (frames, path, same) = (Vec::new(), Vec::new(), HashSet::new());
        let mut changes = Self { frames, path, own: None, given: 0, same };
        changes.enter(old, new);
        changes
    }

    /// Begins with what is at and below two places, of which the path is the present one.
    fn enter(&mut self, old: Option<Place<'a, V>>, new: Option<Place<'a, V>>) {
        let mut again = None;
        let steps = match (old, new) {
            (None, None) => return,
            (Some(old), Some(new)) if old.is(new) => return,
            (Some(old), Some(new)) => {
                let pair = (old.key(), new.key());
                if old.is_shared() || new.is_shared() {
                    if self.same.contains(&pair) {
                        return;
                    }
                    again = Some((pair, self.given));
                }
                Steps::Both(Lockstep::new(old, new))
            }
            (Some(old), None) => Steps::Old(old.below()),
            (None, Some(new)) => Steps::New(new.below()),
        };
        self.own = change(old.and_then(Place::own), new.and_then(Place::own));
        self.frames.push(Frame { len: self.path.len(), again, steps });
    }

    /// The next path whose value differs, and how.
    #[expect(clippy::should_implement_trait, reason = "an Iterator cannot lend its path")]
    pub fn next(&mut self) -> Option<(&[u8], Change<'a, V>)> {
        loop {
            if let Some(change) = self.own.take() {
                self.given += 1;
                return Some((&self.path, change));
            }
            let frame = self.frames.last_mut()?;
            self.path.truncate(frame.len);
            let (old, new) = match &mut frame.steps {
                Steps::Both(steps) => match steps.turn() {
                    None => (None, None),
                    Some(Turn::Left(_)) => (steps.left.next(), None),
                    Some(Turn::Right(_)) => (None, steps.right.next()),
                    Some(Turn::Both) => (steps.left.next(), steps.right.next()),
                    Some(Turn::Twins(_)) => {
                        steps.left.advance();
                        steps.right.advance();
                        continue;
                    }
                    Some(Turn::Fork(len)) => {
                        let entry = steps.left.now().expect("both sides go on");
                        self.path.push(entry.head);
                        self.path.extend_from_slice(&entry.rest[..len - 1]);
                        let (old, new) = steps.fork(len);
                        self.enter(Some(old), Some(new));
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
            self.path.push(entry.head);
            self.path.extend_from_slice(entry.rest);
            let (old, new) = (old.map(|entry| entry.load), new.map(|entry| entry.load));
            // Beside a child there is nothing, or a dangling tip.
            match (child(old), child(new)) {
                (None, None) => self.own = change(value(old), value(new)),
                (old, new) => self.enter(old, new),
            }
        }
    }
}

fn child<V>(load: Option<Load<'_, V>>) -> Option<Place<'_, V>> {
    match load {
        Some(Load::Child(child)) => Some(Place::root(child.view())),
        _ => None,
    }
}

fn value<V>(load: Option<Load<'_, V>>) -> Option<&V> {
    match load {
        Some(Load::Value(value)) => Some(value),
        _ => None,
    }
}

fn change<'a, V: PartialEq>(old: Option<&'a V>, new: Option<&'a V>) -> Option<Change<'a, V>> {
    match (old, new) {
        (None, None) => None,
        (Some(old), None) => Some(Change::Removed(old)),
        (None, Some(new)) => Some(Change::Added(new)),
        (Some(old), Some(new)) => (old != new).then_some(Change::Changed(old, new)),
    }
}
