//! The values of a view of two tries, cached until the view moves.

use std::sync::OnceLock;

use super::append_list::AppendList;
use crate::algebra::{AlgebraicResult, SELF_IDENT};

/// The value of a location: none, that of one operand, or a new one.
pub(super) enum Choice<V> {
    Nothing,
    Left,
    Right,
    New(V),
}

impl<V> From<AlgebraicResult<V>> for Choice<V> {
    fn from(result: AlgebraicResult<V>) -> Self {
        match result {
            AlgebraicResult::None => Choice::Nothing,
            AlgebraicResult::Identity(mask) if mask & SELF_IDENT != 0 => Choice::Left,
            AlgebraicResult::Identity(_) => Choice::Right,
            AlgebraicResult::Element(value) => Choice::New(value),
        }
    }
}

impl<V> Choice<V> {
    /// The value, given those of the operands.
    fn among<'z>(&'z self, left: Option<&'z V>, right: Option<&'z V>) -> Option<&'z V> {
        match self {
            Choice::Nothing => None,
            Choice::Left => left,
            Choice::Right => right,
            Choice::New(value) => Some(value),
        }
    }
}

/// The values that were read since the last move, so that new values can be borrowed.
pub(super) struct ValueCache<V> {
    here: OnceLock<Choice<V>>,
    below: AppendList<(Box<[u8]>, Choice<V>)>,
}

impl<V> ValueCache<V> {
    pub(super) fn new() -> Self {
        Self { here: OnceLock::new(), below: AppendList::new() }
    }

    /// Forgets all values, before a move.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.here.take();
        self.below.clear();
    }

    /// The value at the focus, given those of the operands there. The first call calls `choose`.
    pub(super) fn here<'z>(
        &'z self,
        left: Option<&'z V>,
        right: Option<&'z V>,
        choose: impl FnOnce() -> Choice<V>,
    ) -> Option<&'z V> {
        self.here.get_or_init(choose).among(left, right)
    }

    /// The value at `path` below the focus, given those of the operands there. Calls `choose`
    /// unless an earlier call for the path made a new value.
    pub(super) fn below<'z>(
        &'z self,
        path: &[u8],
        left: Option<&'z V>,
        right: Option<&'z V>,
        choose: impl FnOnce() -> Choice<V>,
    ) -> Option<&'z V> {
        if let Some((_, choice)) = self.below.find(|(asked, _)| **asked == *path) {
            return choice.among(left, right);
        }
        match choose() {
            Choice::Nothing => None,
            Choice::Left => left,
            Choice::Right => right,
            new @ Choice::New(_) => self.below.put((path.into(), new)).1.among(left, right),
        }
    }
}

/// A clone starts with an empty cache.
impl<V> Clone for ValueCache<V> {
    fn clone(&self) -> Self {
        Self::new()
    }
}
