//! The zippers of an expression's operands, at one path.

use std::sync::{Arc, OnceLock};

use super::append_list::AppendList;
use super::pair::ascend_until_fork;
use super::walking::count_values;
use crate::algebra::{Expression, ExpressionValue};
use crate::bytes::ByteMask;
use crate::zipper::methods::forward;
use crate::zipper::traits::*;

/// The zippers of an [`ExpressionZipper`](super::ExpressionZipper), as one zipper.
///
/// This zipper has the values of the result, and all locations that may lead to one. Except for
/// the first one, a zipper of an operand does not move where its trie has no location, until the
/// focus ascends from there.
pub struct OperandZippers<V, Z> {
    expression: Arc<Expression<V>>,
    /// The operands that are the result where all others are absent.
    kept_alone: u64,
    zippers: Vec<Z>,
    /// The operands that have the focus, if they were computed since the last move.
    present: OnceLock<u64>,
    /// The value at the focus, if it was computed since the last move.
    here: OnceLock<ExpressionValue<V>>,
    /// The new values below the focus that were computed since the last move.
    below: AppendList<(Box<[u8]>, V)>,
}

impl<V, Z: ZipperMoving> OperandZippers<V, Z> {
    /// The operands of an expression. All zippers are reset. There must be a first one.
    pub(super) fn new(expression: Arc<Expression<V>>, mut zippers: Vec<Z>) -> Self {
        zippers.iter_mut().for_each(Z::reset);
        let kept_alone = expression.kept_alone();
        Self::over(expression, kept_alone, zippers)
    }

    fn over(expression: Arc<Expression<V>>, kept_alone: u64, zippers: Vec<Z>) -> Self {
        let (present, here, below) = (OnceLock::new(), OnceLock::new(), AppendList::new());
        Self { expression, kept_alone, zippers, present, here, below }
    }

    /// A copy at the same focus, for another expression over the same operands.
    pub(super) fn with(&self, expression: Expression<V>) -> Self
    where
        Z: Clone,
    {
        let kept_alone = expression.kept_alone();
        Self::over(Arc::new(expression), kept_alone, self.zippers.clone())
    }

    pub(super) fn expression(&self) -> &Expression<V> {
        &self.expression
    }

    /// The zipper of an operand, if it is at the focus.
    fn at_focus(&self, operand: usize) -> Option<&Z> {
        let zipper = self.zippers.get(operand)?;
        (operand == 0 || zipper.path().len() == self.zippers[0].path().len()).then_some(zipper)
    }

    /// A mask of the operands that have the focus.
    pub(super) fn present(&self) -> u64 {
        *self.present.get_or_init(|| {
            let has = |operand: &usize| self.at_focus(*operand).is_some_and(|zipper| zipper.path_exists());
            (0..self.zippers.len()).filter(has).fold(0, |mask, operand| mask | 1 << operand)
        })
    }

    /// The operand that is the result at and below the focus, because all others are absent.
    pub(super) fn alone(&self) -> Option<&Z> {
        let present = self.present();
        let is_alone = present & present.wrapping_sub(1) == 0 && present & self.kept_alone != 0;
        if is_alone { self.zippers.get(present.trailing_zeros() as usize) } else { None }
    }

    /// A mask of the operands in which the focus dangles.
    pub(super) fn tips(&self) -> u64 {
        let present = self.present();
        let dangles = |operand: &usize| {
            let is_tip = |zipper: &Z| !zipper.is_val() && zipper.child_count() == 0;
            present >> operand & 1 != 0 && self.zippers.get(*operand).is_some_and(is_tip)
        };
        (0..self.zippers.len()).filter(dangles).fold(0, |mask, operand| mask | 1 << operand)
    }

    /// Forgets what was computed for the focus, before a move.
    fn moves(&mut self) {
        self.present.take();
        self.here.take();
        self.below.clear();
    }
}

impl<V, Z: ZipperMoving + Clone> Clone for OperandZippers<V, Z> {
    fn clone(&self) -> Self {
        Self::over(Arc::clone(&self.expression), self.kept_alone, self.zippers.clone())
    }
}

impl<V, Z: ZipperMoving> Zipper for OperandZippers<V, Z> {
    fn path_exists(&self) -> bool {
        let present = self.present();
        if self.zippers[0].at_root() {
            return present != 0;
        }
        self.expression.may_have(|operand| present >> operand & 1) != 0
    }
    fn is_val(&self) -> bool {
        let present = self.present();
        let has = |operand: usize| present >> operand & 1 != 0 && self.zippers[operand].is_val();
        self.expression.may_have(|operand| has(operand).into()) != 0
    }
    fn child_count(&self) -> usize {
        self.child_mask().count_bits()
    }
    fn child_mask(&self) -> ByteMask {
        let present = self.present();
        let mask = |operand: usize| match present >> operand & 1 {
            0 => ByteMask::EMPTY,
            _ => self.zippers[operand].child_mask(),
        };
        let masks: Vec<ByteMask> = (0..self.zippers.len()).map(mask).collect();
        ByteMask(std::array::from_fn(|word| self.expression.may_have(|operand| masks[operand].0[word])))
    }
}

impl<V, Z: ZipperMoving + ZipperValues<V>> ZipperValues<V> for OperandZippers<V, Z> {
    fn val(&self) -> Option<&V> {
        let val = |operand: usize| self.at_focus(operand)?.val();
        match self.here.get_or_init(|| self.expression.value(val)) {
            ExpressionValue::Nothing => None,
            ExpressionValue::Operand(operand) => val(*operand),
            ExpressionValue::New(value) => Some(value),
        }
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        let path = path.as_ref();
        if let Some((_, value)) = self.below.find(|(asked, _)| **asked == *path) {
            return Some(value);
        }
        let val = |operand: usize| self.at_focus(operand)?.val_at(path);
        match self.expression.value(val) {
            ExpressionValue::Nothing => None,
            ExpressionValue::Operand(operand) => val(operand),
            ExpressionValue::New(value) => Some(&self.below.put((path.into(), value)).1),
        }
    }
}

impl<V, Z: ZipperMoving + ZipperValues<V> + Clone> ZipperMoving for OperandZippers<V, Z> {
    #[inline]
    fn path(&self) -> &[u8] {
        self.zippers[0].path()
    }
    fn val_count(&self) -> usize {
        self.alone().map_or_else(|| count_values(self.clone()), Z::val_count)
    }
    fn tip_count(&self) -> Option<usize> {
        self.alone().and_then(Z::tip_count)
    }
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        let (k, present) = (k.as_ref(), self.present());
        self.moves();
        for (operand, zipper) in self.zippers.iter_mut().enumerate() {
            if operand == 0 || present >> operand & 1 != 0 {
                zipper.descend_to(k);
            }
        }
    }
    fn ascend(&mut self, steps: usize) -> bool {
        self.moves();
        let depth = self.path().len();
        for zipper in &mut self.zippers[1..] {
            let above = depth - zipper.path().len();
            zipper.ascend(steps.saturating_sub(above));
        }
        self.zippers[0].ascend(steps)
    }
    fn ascend_until(&mut self) -> bool {
        ascend_until_fork(self, true)
    }
    fn ascend_until_branch(&mut self) -> bool {
        ascend_until_fork(self, false)
    }
}

forward! {
    impl[V, Z] OperandZippers<V, Z>, self => self.zippers[0];
    ZipperAbsolutePath where [Z: ZipperAbsolutePath + ZipperValues<V> + Clone];
    #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
    ZipperPathBuffer where [Z: ZipperPathBuffer + ZipperValues<V> + Clone];
}
