//! Movement as data: each row of the movement table, with its operands.

use super::Keys;
use crate::testing::naive::NaiveZipper;
use crate::zipper::ZipperIteration;

/// A call that moves a zipper.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the zipper's method of the same name")]
pub enum Move {
    Reset,
    MoveToPath(Vec<u8>),
    DescendTo(Vec<u8>),
    DescendToCheck(Vec<u8>),
    DescendToExisting(Vec<u8>),
    DescendToVal(Vec<u8>),
    DescendToByte(u8),
    DescendToExistingByte(u8),
    DescendIndexedByte(usize),
    DescendFirstByte,
    DescendLastByte,
    DescendUntil,
    DescendUntilMaxBytes(usize),
    Ascend(usize),
    AscendByte,
    AscendUntil,
    AscendUntilBranch,
    ToNextSiblingByte,
    ToPrevSiblingByte,
    ToNextStep,
    ToNextVal,
    ToPrevStep,
    ToPrevVal,
    DescendLastPath,
    DescendFirstKPath(usize),
    ToNextKPath(usize),
}

/// What a call that moves a zipper returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// Whether it moved, or whether the focus exists.
    Bool(bool),
    /// A number of bytes.
    Count(usize),
}

/// One body for both sides, so that they make the same calls.
macro_rules! apply {
    ($call:expr, $z:expr) => {
        match $call {
            Move::Reset => {
                $z.reset();
                Answer::Nothing
            }
            Move::MoveToPath(path) => Answer::Count($z.move_to_path(path)),
            Move::DescendTo(k) => {
                $z.descend_to(k);
                Answer::Nothing
            }
            Move::DescendToCheck(k) => Answer::Bool($z.descend_to_check(k)),
            Move::DescendToExisting(k) => Answer::Count($z.descend_to_existing(k)),
            Move::DescendToVal(k) => Answer::Count($z.descend_to_val(k)),
            Move::DescendToByte(byte) => {
                $z.descend_to_byte(*byte);
                Answer::Nothing
            }
            Move::DescendToExistingByte(byte) => Answer::Bool($z.descend_to_existing_byte(*byte)),
            Move::DescendIndexedByte(idx) => Answer::Bool($z.descend_indexed_byte(*idx)),
            Move::DescendFirstByte => Answer::Bool($z.descend_first_byte()),
            Move::DescendLastByte => Answer::Bool($z.descend_last_byte()),
            Move::DescendUntil => Answer::Bool($z.descend_until()),
            Move::DescendUntilMaxBytes(n) => Answer::Bool($z.descend_until_max_bytes(*n)),
            Move::Ascend(n) => Answer::Bool($z.ascend(*n)),
            Move::AscendByte => Answer::Bool($z.ascend_byte()),
            Move::AscendUntil => Answer::Bool($z.ascend_until()),
            Move::AscendUntilBranch => Answer::Bool($z.ascend_until_branch()),
            Move::ToNextSiblingByte => Answer::Bool($z.to_next_sibling_byte()),
            Move::ToPrevSiblingByte => Answer::Bool($z.to_prev_sibling_byte()),
            Move::ToNextStep => Answer::Bool($z.to_next_step()),
            Move::ToNextVal => Answer::Bool($z.to_next_val()),
            Move::ToPrevStep => Answer::Bool($z.to_prev_step()),
            Move::ToPrevVal => Answer::Bool($z.to_prev_val()),
            Move::DescendLastPath => Answer::Bool($z.descend_last_path()),
            Move::DescendFirstKPath(k) => Answer::Bool($z.descend_first_k_path(*k)),
            Move::ToNextKPath(k) => Answer::Bool($z.to_next_k_path(*k)),
        }
    };
}

impl Move {
    /// Makes the call on a zipper.
    pub fn on<Z: ZipperIteration>(&self, zipper: &mut Z) -> Answer {
        apply!(self, zipper)
    }

    /// Makes the call on the model.
    pub fn on_model<V>(&self, model: &mut NaiveZipper<'_, V>) -> Answer {
        apply!(self, model)
    }

    /// The call that `kind` and `operand` stand for, from a zipper at `focus`.
    pub fn decode(kind: u8, operand: u8, keys: &Keys, focus: &[u8]) -> Move {
        let below = || keys.pick_below(operand, focus);
        let byte = || below().first().copied().unwrap_or(operand);
        // Mostly small numbers, sometimes the depth, one more, or more than the length of any
        // path.
        let number = || match operand % 16 {
            15 => usize::MAX,
            14 => focus.len() + 1,
            13 => focus.len(),
            small => usize::from(small % 5),
        };
        match kind % 32 {
            0 => Move::Reset,
            1 => Move::MoveToPath(keys.pick(operand)),
            2 => Move::DescendTo(below()),
            3 => Move::DescendToCheck(below()),
            4 => Move::DescendToExisting(below()),
            5 => Move::DescendToVal(below()),
            6 => Move::DescendToByte(byte()),
            7 => Move::DescendToExistingByte(byte()),
            8 => Move::DescendIndexedByte(number()),
            9 => Move::DescendFirstByte,
            10 => Move::DescendLastByte,
            11 => Move::DescendUntil,
            12 => Move::DescendUntilMaxBytes(number()),
            13 => Move::Ascend(number()),
            14 => Move::AscendByte,
            15 => Move::AscendUntil,
            16 => Move::AscendUntilBranch,
            17 => Move::ToNextSiblingByte,
            18 => Move::ToPrevSiblingByte,
            19 | 26 => Move::ToNextStep,
            20 | 27 => Move::ToNextVal,
            21 => Move::ToPrevStep,
            22 => Move::ToPrevVal,
            23 => Move::DescendLastPath,
            24 | 28 => Move::DescendFirstKPath(number()),
            25 | 29 => Move::ToNextKPath(number()),
            30 => Move::DescendToExisting(keys.pick(operand)),
            _ => Move::MoveToPath(keys.pick(operand & 31)),
        }
    }
}
