//! Evaluating an expression bit by bit.

use std::ops::{BitAnd, BitOr, BitXor, Not};

use super::formula::Step;
use super::operator::{Operator, OperatorKind};

/// A word, or a mask of several words.
pub(crate) trait Bits:
    Copy
    + Default
    + PartialEq
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
{
}

impl<T> Bits for T where
    T: Copy
        + Default
        + PartialEq
        + BitAnd<Output = T>
        + BitOr<Output = T>
        + BitXor<Output = T>
        + Not<Output = T>
{
}

/// Iterates over the bits of a mask.
pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
}

/// Evaluates steps on words, bit by bit. `subtract` is the operation for differences; it is
/// applied to both sides of a symmetric difference. The word of an expression without steps is 0.
/// `stack` is empty before the call and after it.
pub(crate) fn words<V, T: Bits>(
    steps: &[Step<V>],
    stack: &mut Vec<T>,
    operand: impl Fn(u8) -> T,
    subtract: impl Fn(T, T) -> T,
) -> T {
    for step in steps {
        let word = match step {
            Step::Operand(number) => operand(*number),
            Step::Empty => T::default(),
            Step::Apply(Operator { kind: OperatorKind::AtLeast { count, of }, .. }) => {
                at_least(stack.drain(stack.len() - of..), *count)
            }
            Step::Apply(operator) => {
                let right = stack.pop().expect("an operator has two operands");
                let left = stack.pop().expect("an operator has two operands");
                match operator.kind {
                    OperatorKind::Meet => left & right,
                    OperatorKind::Subtract => subtract(left, right),
                    OperatorKind::SymmetricDifference => subtract(left, right) | subtract(right, left),
                    _ => left | right,
                }
            }
        };
        stack.push(word);
    }
    stack.pop().unwrap_or_default()
}

/// Returns the bits that at least `count` of the words have; `count` is at least 1.
fn at_least<T: Bits>(words: impl Iterator<Item = T>, count: usize) -> T {
    // The number of words that have each bit: the bits of these numbers, the lowest first.
    let (mut sums, mut len) = ([T::default(); usize::BITS as usize], 0);
    for word in words {
        let mut carry = word;
        for sum in &mut sums[..len] {
            (*sum, carry) = (*sum ^ carry, *sum & carry);
        }
        if carry != T::default() {
            sums[len] = carry;
            len += 1;
        }
    }
    if count.checked_ilog2().is_some_and(|bit| bit as usize >= len) {
        return T::default();
    }
    // Compares the numbers with `count`, from the highest bit on.
    let (mut greater, mut equal) = (T::default(), !T::default());
    for bit in (0..len).rev() {
        if count >> bit & 1 == 0 {
            greater = greater | equal & sums[bit];
            equal = equal & !sums[bit];
        } else {
            equal = equal & sums[bit];
        }
    }
    greater | equal
}
