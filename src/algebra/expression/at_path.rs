//! An expression at one path, for zippers that show its result without building it. All masks are
//! of operands.

use super::bits::words;
use super::formula::{Expression, Step};
use super::reduce::reduce;
use super::tips::dangles;
use super::values::value_of;
use crate::algebra::build::Held;

/// The value of an expression at a path.
pub(crate) enum ExpressionValue<V> {
    Nothing,
    /// The value of this operand.
    Operand(usize),
    New(V),
}

impl<V> Expression<V> {
    /// Returns the value at a path, given those of the operands.
    pub(crate) fn value<'a>(&self, operand: impl Fn(usize) -> Option<&'a V>) -> ExpressionValue<V>
    where
        V: 'a,
    {
        let part = value_of(&self.steps, |number| operand(number.into()), &mut Vec::new());
        match part.value {
            None => ExpressionValue::Nothing,
            Some(Held::Lent(_)) => ExpressionValue::Operand(part.equal.trailing_zeros() as usize),
            Some(Held::New(value)) => ExpressionValue::New(value),
        }
    }

    /// Evaluates the expression bit by bit, given a word of each operand. A bit of the result is
    /// false only if the expression is empty where it is empty in the words of the operands.
    pub(crate) fn may_have(&self, operand: impl Fn(usize) -> u64) -> u64 {
        words(&self.steps, &mut Vec::new(), |number| operand(number.into()), |left, _| left)
    }

    /// Returns the operands that are the result where all others are empty.
    pub(crate) fn kept_alone(&self) -> u64 {
        let is_kept = |operand: &u8| {
            let alone = reduce(&self.steps, |number| (number == *operand).then_some(number));
            matches!(alone[..], [Step::Operand(_)])
        };
        (0..self.operand_count() as u8).filter(is_kept).fold(0, |mask, operand| mask | 1 << operand)
    }

    /// Returns whether a path dangles in the result. It dangles in the operands in `tips`. `has`
    /// tells whether an expression of the other ones has a value or a location at or below the
    /// path.
    pub(crate) fn dangles(&self, tips: u64, mut has: impl FnMut(Self) -> bool) -> bool {
        let is_tip = |number: u8| tips >> number & 1 != 0;
        dangles(&self.steps, is_tip, |part| {
            let steps = reduce(part, |number| (!is_tip(number)).then_some(number));
            !steps.is_empty() && has(Self { steps })
        })
    }
}
