//! Questions about two subtries that build nothing: equality, subset, disjointness.

use std::collections::HashSet;

use super::lockstep::{Lockstep, Upcoming};
use crate::node::{End, Place};

/// Returns true iff there is a value at or below the place. O(1), unless there are dangling
/// paths.
pub(crate) fn any_value<V>(place: Place<'_, V>) -> bool {
    let mut todo = vec![place];
    let mut seen = HashSet::new();
    while let Some(place) = todo.pop() {
        if place.own().is_some() {
            return true;
        }
        for entry in place.below() {
            match entry.end {
                End::Value(_) => return true,
                End::Bare => {}
                End::Child(child) => {
                    let place = child.place();
                    if !place.is_shared() || seen.insert(child.id()) {
                        todo.push(place);
                    }
                }
            }
        }
    }
    false
}

/// A yes-or-no question about two subtries. The walk ends at the first `false`.
trait Question<V> {
    /// Answers for a subtrie that both sides share. It need not be read.
    fn twins<'a>(&self, _place: impl FnOnce() -> Place<'a, V>) -> bool
    where
        V: 'a,
    {
        true
    }

    /// Returns the answer for two subtries, if it is known without reading them.
    fn settled(&self, _left: Place<'_, V>, _right: Place<'_, V>) -> Option<bool> {
        None
    }

    /// Answers for the values of both sides at one path. At least one of them is present.
    fn values(&self, left: Option<&V>, right: Option<&V>) -> bool;

    /// Answers for a subtrie that only the left side has. `None` is a dangling tip.
    fn left(&self, below: Option<Place<'_, V>>) -> bool;

    /// Answers for a subtrie that only the right side has. `None` is a dangling tip.
    fn right(&self, below: Option<Place<'_, V>>) -> bool;
}

/// Asks a question about everything in two subtries. O(entries of both that are not shared),
/// however often each shares nodes within itself.
fn ask<V>(left: Option<Place<'_, V>>, right: Option<Place<'_, V>>, question: &impl Question<V>) -> bool {
    let (left, right) = match (left, right) {
        (None, None) => return true,
        (Some(left), None) => return question.left(Some(left)),
        (None, Some(right)) => return question.right(Some(right)),
        (Some(left), Some(right)) => (left, right),
    };
    let mut steps: Vec<Lockstep<'_, V>> = Vec::new();
    // A pair of places that the walk reaches again need not be asked about again, because the
    // walk continues only while the answer is `true`. If two ways lead to one pair, at least one
    // of the two nodes has two owners.
    let mut met = HashSet::new();
    let mut fork = Some((left, right));
    loop {
        if let Some((left, right)) = fork.take() {
            match question.settled(left, right) {
                Some(false) => return false,
                Some(true) => {}
                None if left.is(right) => match question.twins(|| left) {
                    true => {}
                    false => return false,
                },
                None if !(left.is_shared() || right.is_shared()) || met.insert((left.key(), right.key())) => {
                    let (x, y) = (left.own(), right.own());
                    if (x.is_some() || y.is_some()) && !question.values(x, y) {
                        return false;
                    }
                    steps.push(Lockstep::new(left, right));
                }
                None => {}
            }
        }
        let Some(last) = steps.last_mut() else { return true };
        let Some(upcoming) = last.upcoming() else {
            steps.pop();
            continue;
        };
        let holds = match upcoming {
            Upcoming::Fork(len) => {
                fork = Some(last.fork(len));
                true
            }
            upcoming => ask_of_entries(last, upcoming, question),
        };
        if !holds {
            return false;
        }
    }
}

/// Asks about the next entries of two sides, which are not a fork.
fn ask_of_entries<V>(steps: &mut Lockstep<'_, V>, upcoming: Upcoming, question: &impl Question<V>) -> bool {
    match upcoming {
        Upcoming::Twins(_) => {
            steps.right.advance();
            let child = steps.left.next().and_then(|entry| entry.end.child());
            child.is_none_or(|child| question.twins(|| child.place()))
        }
        Upcoming::Left(_) => steps.left.next().is_none_or(|entry| match entry.end {
            End::Bare => question.left(None),
            End::Value(value) => question.values(Some(value), None),
            End::Child(child) => question.left(Some(child.place())),
        }),
        Upcoming::Right(_) => steps.right.next().is_none_or(|entry| match entry.end {
            End::Bare => question.right(None),
            End::Value(value) => question.values(None, Some(value)),
            End::Child(child) => question.right(Some(child.place())),
        }),
        Upcoming::Both => match (steps.left.next().map(|x| x.end), steps.right.next().map(|y| y.end)) {
            (Some(End::Value(x)), Some(End::Value(y))) => question.values(Some(x), Some(y)),
            (Some(End::Value(x)), _) => question.values(Some(x), None) && question.right(None),
            (_, Some(End::Value(y))) => question.left(None) && question.values(None, Some(y)),
            (Some(End::Child(x)), _) => question.left(Some(x.place())),
            (_, Some(End::Child(y))) => question.right(Some(y.place())),
            _ => true,
        },
        Upcoming::Fork(_) => unreachable!("the caller handles forks"),
    }
}

/// Equality of content. The function returns what is known of a pair of nodes, by their ids.
struct Equality<F>(F);

impl<V: PartialEq, F: Fn(usize, usize) -> Option<bool>> Question<V> for Equality<F> {
    fn settled(&self, left: Place<'_, V>, right: Place<'_, V>) -> Option<bool> {
        self.0(left.whole()?.id(), right.whole()?.id())
    }

    fn values(&self, left: Option<&V>, right: Option<&V>) -> bool {
        left == right
    }

    fn left(&self, _: Option<Place<'_, V>>) -> bool {
        false
    }

    fn right(&self, _: Option<Place<'_, V>>) -> bool {
        false
    }
}

/// Returns true iff both sides have equal values at the same paths, and the same dangling tips.
pub(crate) fn same<V: PartialEq>(left: Option<Place<'_, V>>, right: Option<Place<'_, V>>) -> bool {
    ask(left, right, &Equality(|_, _| None))
}

/// Returns true iff both sides have equal values at the same paths, and the same dangling tips.
/// `known` returns whether the nodes with two ids have equal content, if that is known.
pub(crate) fn same_given<V: PartialEq>(
    left: Place<'_, V>,
    right: Place<'_, V>,
    known: impl Fn(usize, usize) -> Option<bool>,
) -> bool {
    ask(Some(left), Some(right), &Equality(known))
}

struct Subset;

impl<V> Question<V> for Subset {
    fn values(&self, left: Option<&V>, right: Option<&V>) -> bool {
        left.is_none() || right.is_some()
    }

    fn left(&self, below: Option<Place<'_, V>>) -> bool {
        !below.is_some_and(any_value)
    }

    fn right(&self, _: Option<Place<'_, V>>) -> bool {
        true
    }
}

/// Returns true iff each path with a value on the left has a value on the right.
pub(crate) fn subset<V>(left: Option<Place<'_, V>>, right: Option<Place<'_, V>>) -> bool {
    ask(left, right, &Subset)
}

struct Disjoint;

impl<V> Question<V> for Disjoint {
    fn twins<'a>(&self, place: impl FnOnce() -> Place<'a, V>) -> bool
    where
        V: 'a,
    {
        !any_value(place())
    }

    fn values(&self, left: Option<&V>, right: Option<&V>) -> bool {
        left.is_none() || right.is_none()
    }

    fn left(&self, _: Option<Place<'_, V>>) -> bool {
        true
    }

    fn right(&self, _: Option<Place<'_, V>>) -> bool {
        true
    }
}

/// Returns true iff no path has a value on both sides.
pub(crate) fn disjoint<V>(left: Option<Place<'_, V>>, right: Option<Place<'_, V>>) -> bool {
    ask(left, right, &Disjoint)
}
