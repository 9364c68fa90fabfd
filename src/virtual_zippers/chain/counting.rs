//! Counting the values and tips of a product of fixed factors.

use super::{Chain, CountedFactors, FixedFactors, FixedList, NativeFactors};
use crate::zipper::readers::ReadZipperOwned;
use crate::zipper::traits::*;

/// Counts the values and tips of a product of a fixed list of factors.
macro_rules! counted_list {
    ([$($generics:tt)*] $primary:ty, $list:ty) => {
        impl<$($generics)*> CountedFactors<$primary> for $list {
            fn val_count(chain: &Chain<$primary, Self>) -> usize {
                chain.values()
            }

            fn tip_count(chain: &Chain<$primary, Self>) -> Option<usize> {
                chain.tips()
            }
        }
    };
}

counted_list!([P: ZipperMoving, S: ZipperMoving] P, FixedFactors<S>);
counted_list!([V] ReadZipperOwned<V>, NativeFactors<V>);

/// The number of tips of a factor, which must be able to count them without a walk.
fn tips_of<Z: ZipperMoving>(zipper: &Z) -> usize {
    zipper.tip_count().expect("a factor of the product cannot count its tips: implement `tip_count` for it")
}

impl<P: ZipperMoving, L: FixedList<P>> Chain<P, L> {
    fn values(&self) -> usize {
        let factor = self.focus_factor();
        let own = at_focus!(self, zipper => zipper.val_count());
        match self.hanging(factor) {
            0 => own,
            values => at_focus!(self, zipper => tips_of(zipper)).saturating_mul(values).saturating_add(own),
        }
    }

    fn tips(&self) -> Option<usize> {
        let factor = self.focus_factor();
        let mut tips = at_focus!(self, zipper => zipper.tip_count())?;
        for factor in &self.rest.all()[factor..] {
            if !factor.path_exists() {
                break;
            }
            tips = tips.saturating_mul(factor.tip_count()?);
        }
        Some(tips)
    }

    /// The number of values below each tip of the factor before number `from`.
    fn hanging(&self, from: usize) -> usize {
        let mut values = 0_usize;
        for factor in self.rest.all()[from..].iter().rev() {
            // The factors from `from` on are at their roots.
            let beyond = if values == 0 { 0 } else { tips_of(factor).saturating_mul(values) };
            values = match factor.path_exists() {
                true => (factor.val_count() - factor.is_val() as usize).saturating_add(beyond),
                false => 0,
            };
        }
        values
    }
}
