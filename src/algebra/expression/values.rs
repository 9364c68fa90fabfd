//! The value of an expression at one path.

use super::formula::Step;
use super::operator::{Operator, OperatorKind};
use super::reduce::{EMPTY, ONE, Reduced, Residuals};
use crate::algebra::build::{Held, HeldValue};
use crate::algebra::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};
use crate::node::Stored;

/// The value of a part of an expression, and a mask of the operands whose values it equals.
pub(crate) struct PartValue<'a, V> {
    pub(crate) value: Option<Held<&'a V, V>>,
    pub(crate) equal: u64,
}

impl<'a, V> PartValue<'a, V> {
    const NONE: Self = Self { value: None, equal: 0 };

    /// Combines the value with another one at the same path, or keeps the one that is there.
    #[inline]
    fn combine(&mut self, other: Self, values: fn(&V, &V) -> AlgebraicResult<V>) {
        let (Some(left), Some(right)) = (&self.value, &other.value) else {
            if self.value.is_none() {
                *self = other;
            }
            return;
        };
        match values(left.value(), right.value()) {
            AlgebraicResult::None => *self = Self::NONE,
            AlgebraicResult::Identity(mask) if mask & (SELF_IDENT | COUNTER_IDENT) == 0 => {
                panic!("the identity mask {mask:#b} names neither operand")
            }
            AlgebraicResult::Identity(mask) if mask & SELF_IDENT != 0 => {
                self.equal |= if mask & COUNTER_IDENT != 0 { other.equal } else { 0 };
            }
            AlgebraicResult::Identity(_) => *self = other,
            AlgebraicResult::Element(value) => *self = Self { value: Some(Held::New(value)), equal: 0 },
        }
    }

    /// Applies an operator for two operands to the value and another one.
    #[inline]
    fn apply(&mut self, operator: &Operator<V>, right: Self) {
        match (operator.kind, self.value.is_some(), right.value.is_some()) {
            (_, true, true) | (OperatorKind::Join | OperatorKind::SymmetricDifference, ..) => {
                self.combine(right, operator.values);
            }
            (OperatorKind::Subtract, true, false) => {}
            _ => *self = Self::NONE,
        }
    }
}

impl<V> Held<&V, V> {
    fn value(&self) -> &V {
        match self {
            Held::Lent(value) => value,
            Held::New(value) => value,
        }
    }
}

/// Returns the value of an expression, given those of its operands. `stack` is empty before the
/// call and after it.
pub(super) fn value_of<'a, V>(
    steps: &[Step<V>],
    operand: impl Fn(u8) -> Option<&'a V>,
    stack: &mut Vec<PartValue<'a, V>>,
) -> PartValue<'a, V> {
    let mut rest = steps;
    while let [step, after @ ..] = rest {
        rest = after;
        match step {
            Step::Operand(number) => {
                let right = match operand(*number) {
                    Some(value) => PartValue { value: Some(Held::Lent(value)), equal: 1 << number },
                    None => PartValue::NONE,
                };
                match (after, stack.last_mut()) {
                    // Mostly operators follow their right operand.
                    ([Step::Apply(operator), after @ ..], Some(left)) if operator.is_binary() => {
                        left.apply(operator, right);
                        rest = after;
                    }
                    _ => stack.push(right),
                }
            }
            Step::Empty => stack.push(PartValue::NONE),
            Step::Apply(operator) => match operator.kind {
                OperatorKind::AtLeast { count, of } => {
                    let mut parts = stack.drain(stack.len() - of..);
                    let present = parts.as_slice().iter().filter(|part| part.value.is_some()).count();
                    let mut joined = PartValue::NONE;
                    if present >= count {
                        // As in `join_of`.
                        parts.by_ref().for_each(|part| joined.combine(part, operator.values));
                    }
                    drop(parts);
                    stack.push(joined);
                }
                _ => {
                    let right = stack.pop().expect("an operator has two operands");
                    stack.last_mut().expect("an operator has two operands").apply(operator, right);
                }
            },
        }
    }
    stack.pop().unwrap_or(PartValue::NONE)
}

/// Evaluates a residual for the values of some of its operands at one path. Returns the result,
/// and a mask of the operands that have the result's value, or none if the result has none.
pub(super) fn value_among<'a, V>(
    residuals: &mut Residuals<V>,
    parts: &mut Vec<PartValue<'a, V>>,
    residual: u32,
    found: &[(usize, &'a V)],
) -> (Option<HeldValue<'a, V>>, u64) {
    let present = found.iter().fold(0, |mask, (i, _)| mask | 1 << i);
    let PartValue { value, equal } = match residuals.get(residual).joins_all {
        Some((_, least)) if found.len() < least => PartValue::NONE,
        Some((operator, _)) => join_of(found, operator.values),
        None => match residuals.among(residual, present) {
            Reduced { number: EMPTY, .. } => PartValue::NONE,
            Reduced { number: ONE, used } => {
                let value =
                    found.iter().find(|(i, _)| used >> i & 1 != 0).map(|(_, value)| Held::Lent(*value));
                PartValue { value, equal: used }
            }
            Reduced { number, .. } => {
                // Mostly all operands have a value.
                let value = |operand: u8| match found.get(usize::from(operand)) {
                    Some(&(i, value)) if i == usize::from(operand) => Some(value),
                    _ => found.iter().find(|(i, _)| *i == usize::from(operand)).map(|&(_, value)| value),
                };
                value_of(&residuals.get(number).steps, value, parts)
            }
        },
    };
    match value {
        None => (None, !present),
        Some(Held::Lent(value)) => (Some(Held::Lent(value)), equal),
        Some(Held::New(value)) => (Some(Held::New(Stored::new(value))), equal),
    }
}

/// Joins values in order. If a join is `None`, the next value starts again.
fn join_of<'a, V>(values: &[(usize, &'a V)], join: fn(&V, &V) -> AlgebraicResult<V>) -> PartValue<'a, V> {
    let mut joined = PartValue::NONE;
    for &(operand, value) in values {
        joined.combine(PartValue { value: Some(Held::Lent(value)), equal: 1 << operand }, join);
    }
    joined
}
