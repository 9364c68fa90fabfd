//! Values that a view makes from two others.

use std::sync::OnceLock;

use super::shelf::Shelf;
use crate::algebra::{AlgebraicResult, SELF_IDENT};

/// What a location's value is: one of the operands', or made from both.
pub(super) enum Pick<V> {
    Nothing,
    Left,
    Right,
    Made(V),
}

impl<V> From<AlgebraicResult<V>> for Pick<V> {
    fn from(result: AlgebraicResult<V>) -> Self {
        match result {
            AlgebraicResult::None => Pick::Nothing,
            AlgebraicResult::Identity(mask) if mask & SELF_IDENT != 0 => Pick::Left,
            AlgebraicResult::Identity(_) => Pick::Right,
            AlgebraicResult::Element(value) => Pick::Made(value),
        }
    }
}

impl<V> Pick<V> {
    fn among<'z>(&'z self, left: Option<&'z V>, right: Option<&'z V>) -> Option<&'z V> {
        match self {
            Pick::Nothing => None,
            Pick::Left => left,
            Pick::Right => right,
            Pick::Made(value) => Some(value),
        }
    }
}

/// What was asked for since the last move, so that a value that had to be made can be lent.
pub(super) struct Values<V> {
    here: OnceLock<Pick<V>>,
    below: Shelf<(Box<[u8]>, Pick<V>)>,
}

impl<V> Values<V> {
    pub(super) fn new() -> Self {
        Self { here: OnceLock::new(), below: Shelf::new() }
    }

    /// The zipper is about to move.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.here.take();
        self.below.clear();
    }

    /// The value at the focus, given those of the operands there.
    pub(super) fn here<'z>(
        &'z self,
        left: Option<&'z V>,
        right: Option<&'z V>,
        pick: impl FnOnce() -> Pick<V>,
    ) -> Option<&'z V> {
        self.here.get_or_init(pick).among(left, right)
    }

    /// The value at `path` below the focus, given those of the operands there and what is picked.
    pub(super) fn below<'z>(
        &'z self,
        path: &[u8],
        left: Option<&'z V>,
        right: Option<&'z V>,
        pick: impl FnOnce() -> Pick<V>,
    ) -> Option<&'z V> {
        if let Some((_, made)) = self.below.find(|(asked, _)| **asked == *path) {
            return made.among(left, right);
        }
        match pick() {
            Pick::Nothing => None,
            Pick::Left => left,
            Pick::Right => right,
            made @ Pick::Made(_) => self.below.put((path.into(), made)).1.among(left, right),
        }
    }
}

/// A clone asks anew.
impl<V> Clone for Values<V> {
    fn clone(&self) -> Self {
        Self::new()
    }
}
