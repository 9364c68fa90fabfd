//! Two subtries side by side: which entries only one of them has, and below which paths both
//! continue.

use crate::bytes::common_prefix;
use crate::node::{Below, End, Place, Suffix};

/// The next entries below two places, in path order.
///
/// The walk never reads a child's memory. Where one side has a child and the other has anything
/// at or below the child's root, the result is a [`Fork`](Upcoming::Fork). The caller then walks
/// the two places below, or ignores them.
#[derive(Clone, Copy)]
pub(crate) enum Upcoming {
    /// The next entry is the left side's, and the right side has no value and no child there. The
    /// flag is true if the right side has locations further down.
    Left(bool),
    /// The next entry is the right side's, and the left side has no value and no child there. The
    /// flag is true if the left side has locations further down.
    Right(bool),
    /// Both sides have an entry with this suffix. At most one of them is a child, and then the
    /// other is a dangling tip.
    Both,
    /// Both sides have an entry with this suffix, and both entries lead to one child in memory.
    /// The child has not been read, so a shared subtrie costs no memory access. The number is the
    /// length of the suffix.
    Twins(usize),
    /// Both sides have something at or below the path that the entries' suffixes share up to this
    /// length.
    Fork(usize),
}

/// Two places, and the position of the walk in the entries of each.
pub(crate) struct Lockstep<'a, V> {
    pub(super) left: Below<'a, V>,
    pub(super) right: Below<'a, V>,
}

impl<'a, V> Lockstep<'a, V> {
    #[inline]
    pub(super) fn new(left: Place<'a, V>, right: Place<'a, V>) -> Self {
        Self { left: left.below(), right: right.below() }
    }

    /// Returns the next entries without advancing. The caller advances the sides that have a part
    /// in them.
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
        // Whether each suffix ends where the two part.
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

    /// Skips the left side's next entry and all left entries before the right side's next one.
    #[inline(always)]
    pub(super) fn pass_left(&mut self) {
        pass(&mut self.left, &self.right);
    }

    /// Skips the right side's next entry and all right entries before the left side's next one.
    #[inline(always)]
    pub(super) fn pass_right(&mut self) {
        pass(&mut self.right, &self.left);
    }

    /// Advances both sides by one entry.
    #[inline(always)]
    pub(super) fn advance_both(&mut self) {
        self.left.advance();
        self.right.advance();
    }

    /// Returns the places `len` bytes along the next entries, below which both sides continue,
    /// and skips all entries below them.
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

/// Skips the next entry of one side, and the entries behind it whose first byte is less than that
/// of the other side's next entry.
#[inline(always)]
fn pass<'a, V>(side: &mut Below<'a, V>, other: &Below<'a, V>) {
    match (side.now(), other.now()) {
        (Some(entry), Some(other)) if other.suffix.head > entry.suffix.head => {
            side.skip_to(other.suffix.head)
        }
        _ => side.advance(),
    }
}
