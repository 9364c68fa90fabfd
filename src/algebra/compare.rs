//! Questions about two subtries that need nothing built: equality, subset, disjointness.

use std::collections::HashSet;

use super::lockstep::{Lockstep, Upcoming};
use crate::node::{End, Place};

/// True iff there is a value at or below the place. O(1), but where there are dangling paths.
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

/// What may be asked about each thing that two subtries have. A `false` ends the walk.
trait Question<V> {
    /// Two subtries that are one in memory, which need not be looked at.
    fn twins<'a>(&self, _place: impl FnOnce() -> Place<'a, V>) -> bool
    where
        V: 'a,
    {
        true
    }

    /// Whether it holds for two subtries, where that is known without a look at them.
    fn settled(&self, _left: Place<'_, V>, _right: Place<'_, V>) -> Option<bool> {
        None
    }

    /// The values at one path on both sides, of which one at least is there.
    fn values(&self, left: Option<&V>, right: Option<&V>) -> bool;

    /// Something below that only the left side has; none for a dangling tip.
    fn left(&self, below: Option<Place<'_, V>>) -> bool;

    /// The same of the right side.
    fn right(&self, below: Option<Place<'_, V>>) -> bool;
}

/// Asks all along two subtries. O(what is not shared of both), however often they share nodes of
/// their own.
fn ask<V>(left: Option<Place<'_, V>>, right: Option<Place<'_, V>>, question: &impl Question<V>) -> bool {
    let (left, right) = match (left, right) {
        (None, None) => return true,
        (Some(left), None) => return question.left(Some(left)),
        (None, Some(right)) => return question.right(Some(right)),
        (Some(left), Some(right)) => (left, right),
    };
    let mut steps: Vec<Lockstep<'_, V>> = Vec::new();
    // Two places that are met again need not be asked about again: the walk goes on only as long
    // as the answer holds. Where two ways lead to the same pair, at least one of the two nodes has
    // two owners.
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

/// Asks of the next entries of two sides, which are no fork.
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
        Upcoming::Fork(_) => unreachable!("the caller goes on from a fork"),
    }
}

/// With what is known of some pairs of nodes, by their ids.
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

/// True iff both hold equal values at the same paths, and the same dangling tips.
pub(crate) fn same<V: PartialEq>(left: Option<Place<'_, V>>, right: Option<Place<'_, V>>) -> bool {
    ask(left, right, &Equality(|_, _| None))
}

/// The same, where it is known of some pairs of nodes, by their ids, whether they hold the same.
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

/// True iff each path that has a value on the left has one on the right.
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

/// True iff no path has a value on both sides.
pub(crate) fn disjoint<V>(left: Option<Place<'_, V>>, right: Option<Place<'_, V>>) -> bool {
    ask(left, right, &Disjoint)
}
