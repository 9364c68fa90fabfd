//! Two subtries side by side: what only one has, and where both go on.

use crate::bytes::common_prefix;
use crate::node::{Below, End, Place, Suffix};

/// What comes next, in path order, of the entries below two places.
///
/// It never looks into a child: where one side has a child and the other anything at or below its
/// root, that is a [`Fork`](Upcoming::Fork), and the caller goes on from there, or does not.
#[derive(Clone, Copy)]
pub(crate) enum Upcoming {
    /// The left side's entry; the right has no value and no child there. With true, it has
    /// locations further down.
    Left(bool),
    /// The right side's entry; the left has no value and no child there. With true, it has
    /// locations further down.
    Right(bool),
    /// The entries of both sides, whose suffixes are equal, and of which at most one is a child,
    /// beside a dangling tip.
    Both,
    /// The entries of both sides, whose suffixes are equal, and which lead to one and the same
    /// child. It has not been looked at: what is shared costs no look into memory. With the length
    /// of the suffixes, as for a fork.
    Twins(usize),
    /// So many bytes along both entries' suffixes each side has something at or below.
    Fork(usize),
}

/// Two places, and how far their entries have been visited.
pub(crate) struct Lockstep<'a, V> {
    pub(super) left: Below<'a, V>,
    pub(super) right: Below<'a, V>,
}

impl<'a, V> Lockstep<'a, V> {
    #[inline]
    pub(super) fn new(left: Place<'a, V>, right: Place<'a, V>) -> Self {
        Self { left: left.below(), right: right.below() }
    }

    /// What comes next; the caller advances the sides that have a part in it.
    #[inline(always)]
    pub(super) fn upcoming(&self) -> Option<Upcoming> {
        let (x, y) = match (self.left.now(), self.right.now()) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => return None,
            (Some(_), None) => return Some(Upcoming::Left(false)),
            (None, Some(_)) => return Some(Upcoming::Right(false)),
        };
        let (Suffix { head: x_head, rest: x_rest }, Suffix { head: y_head, rest: y_rest }) =
            (x.suffix, y.suffix);
        if x_head != y_head {
            return Some(if x_head < y_head { Upcoming::Left(false) } else { Upcoming::Right(false) });
        }
        let shared = if x_rest.is_empty() || y_rest.is_empty() { 0 } else { common_prefix(x_rest, y_rest) };
        // How far along the one suffix the other ends, if it does.
        let (x_ends, y_ends) = (x_rest.len() == shared, y_rest.len() == shared);
        let fork = match (&x.end, &y.end) {
            (End::Child(x), End::Child(y)) if x_ends && y_ends => {
                let twins = x.id() == y.id();
                return Some(if twins { Upcoming::Twins(shared + 1) } else { Upcoming::Fork(shared + 1) });
            }
            (End::Child(_), End::Bare) | (End::Bare, End::Child(_)) if x_ends && y_ends => false,
            (End::Child(_), _) if x_ends => true,
            (_, End::Child(_)) if y_ends => true,
            _ => false,
        };
        Some(match (x_ends, y_ends) {
            _ if fork => Upcoming::Fork(shared + 1),
            (true, true) => Upcoming::Both,
            (true, false) => Upcoming::Left(true),
            (false, true) => Upcoming::Right(true),
            (false, false) if x_rest[shared] < y_rest[shared] => Upcoming::Left(false),
            (false, false) => Upcoming::Right(false),
        })
    }

    /// Passes the left side's present entry, which the right side does not have, and what else it
    /// does not have before its own.
    #[inline(always)]
    pub(super) fn pass_left(&mut self) {
        pass(&mut self.left, &self.right);
    }

    /// Passes the right side's present entry, which the left side does not have, and what else it
    /// does not have before its own.
    #[inline(always)]
    pub(super) fn pass_right(&mut self) {
        pass(&mut self.right, &self.left);
    }

    /// Passes the present entries of both sides.
    #[inline(always)]
    pub(super) fn advance_both(&mut self) {
        self.left.advance();
        self.right.advance();
    }

    /// The places `len` bytes along the present entries, below which both sides go on.
    #[inline]
    pub(super) fn fork(&mut self, len: usize) -> (Place<'a, V>, Place<'a, V>) {
        // The children of the next fork are likely the next children.
        self.left.prefetch();
        self.right.prefetch();
        let (left, right) = (self.left.place(len), self.right.place(len));
        self.left.pass(left);
        self.right.pass(right);
        (left, right)
    }
}

/// Passes the present entry of one side, and those behind it that begin with a lesser byte than
/// the other side's.
#[inline(always)]
fn pass<'a, V>(side: &mut Below<'a, V>, other: &Below<'a, V>) {
    match (side.now(), other.now()) {
        (Some(entry), Some(other)) if other.suffix.head > entry.suffix.head => {
            side.skip_to(other.suffix.head)
        }
        _ => side.advance(),
    }
}
