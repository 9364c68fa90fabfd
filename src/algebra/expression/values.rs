//! The value of an expression at one path.

use super::formula::Step;
use super::operator::OperatorKind;
use crate::algebra::build::Held;
use crate::algebra::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};

/// The value of a part of an expression, and a mask of the operands whose values it equals.
pub(crate) struct PartValue<'a, V> {
    pub(crate) value: Option<Held<&'a V, V>>,
    pub(crate) equal: u64,
}

impl<'a, V> PartValue<'a, V> {
    const NONE: Self = Self { value: None, equal: 0 };

    /// Combines two values at one path, which are not both missing.
    fn combine(self, other: Self, values: fn(&V, &V) -> AlgebraicResult<V>) -> Self {
        let (Some(left), Some(right)) = (&self.value, &other.value) else {
            return if self.value.is_some() { self } else { other };
        };
        match values(left.value(), right.value()) {
            AlgebraicResult::None => Self::NONE,
            AlgebraicResult::Identity(mask) if mask & (SELF_IDENT | COUNTER_IDENT) == 0 => {
                panic!("the identity mask {mask:#b} names neither operand")
            }
            AlgebraicResult::Identity(mask) if mask & SELF_IDENT != 0 => {
                let counter = if mask & COUNTER_IDENT != 0 { other.equal } else { 0 };
                Self { equal: self.equal | counter, ..self }
            }
            AlgebraicResult::Identity(_) => other,
            AlgebraicResult::Element(value) => Self { value: Some(Held::New(value)), equal: 0 },
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
    for step in steps {
        let part = match step {
            Step::Operand(number) => match operand(*number) {
                Some(value) => PartValue { value: Some(Held::Lent(value)), equal: 1 << number },
                None => PartValue::NONE,
            },
            Step::Empty => PartValue::NONE,
            Step::Apply(operator) => match operator.kind {
                OperatorKind::AtLeast { count, of } => {
                    let parts = stack.drain(stack.len() - of..);
                    let present = parts.as_slice().iter().filter(|part| part.value.is_some()).count();
                    match present < count {
                        true => PartValue::NONE,
                        // If a join is `None`, the next value starts again.
                        false => {
                            parts.fold(PartValue::NONE, |joined, part| joined.combine(part, operator.values))
                        }
                    }
                }
                kind => {
                    let right = stack.pop().expect("an operator has two operands");
                    let left = stack.pop().expect("an operator has two operands");
                    match (kind, left.value.is_some(), right.value.is_some()) {
                        (_, true, true) | (OperatorKind::Join | OperatorKind::SymmetricDifference, ..) => {
                            left.combine(right, operator.values)
                        }
                        (OperatorKind::Subtract, true, false) => left,
                        _ => PartValue::NONE,
                    }
                }
            },
        };
        stack.push(part);
    }
    stack.pop().unwrap_or(PartValue::NONE)
}
