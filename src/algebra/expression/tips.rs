//! Dangling paths: whether a path dangles in the result of an expression.

use super::formula::Step;
use super::operator::{Operator, OperatorKind};

/// A part of an expression at a path.
struct PartTip {
    /// Where the steps of the part begin.
    start: usize,
    /// Whether the path dangles in the part.
    dangles: bool,
}

/// Returns whether a path dangles in the result of an expression. The path dangles in the operands
/// for which `is_tip` is true. `has` tells whether a part of the expression has a value or a
/// location at or below the path because of the other operands.
pub(super) fn dangles<V>(
    steps: &[Step<V>],
    is_tip: impl Fn(u8) -> bool,
    mut has: impl FnMut(&[Step<V>]) -> bool,
) -> bool {
    let mut stack: Vec<PartTip> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let part = match step {
            Step::Operand(number) => PartTip { start: at, dangles: is_tip(*number) },
            Step::Empty => PartTip { start: at, dangles: false },
            Step::Apply(Operator { kind: OperatorKind::AtLeast { count, of }, .. }) => {
                let parts = stack.drain(stack.len() - of..);
                let start = parts.as_slice()[0].start;
                let tips = parts.filter(|part| part.dangles).count();
                PartTip { start, dangles: tips >= *count && !has(&steps[start..=at]) }
            }
            Step::Apply(operator) => {
                let right = stack.pop().expect("an operator has two operands");
                let left = stack.pop().expect("an operator has two operands");
                let mut exists = |part: &PartTip, end: usize| part.dangles || has(&steps[part.start..end]);
                let dangles = match operator.kind {
                    OperatorKind::Meet => left.dangles && right.dangles,
                    OperatorKind::Subtract => left.dangles && !exists(&right, at),
                    OperatorKind::SymmetricDifference => {
                        left.dangles && !exists(&right, at) || right.dangles && !exists(&left, right.start)
                    }
                    _ => match (left.dangles, right.dangles) {
                        (true, false) => !exists(&right, at),
                        (false, true) => !exists(&left, right.start),
                        (left, right) => left && right,
                    },
                };
                PartTip { start: left.start, dangles }
            }
        };
        stack.push(part);
    }
    stack.pop().is_some_and(|part| part.dangles)
}
