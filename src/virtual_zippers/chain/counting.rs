//! Counting the values and tips of a product of fixed factors.

use super::{Chain, CountedFactors, FactorSource, FixedFactors};
use crate::zipper::traits::*;

impl<P: ZipperMoving, S: ZipperMoving> CountedFactors<P> for FixedFactors<S> {
    fn val_count(chain: &Chain<P, Self>) -> usize {
        let factor = chain.focus_factor();
        let own = at_focus!(chain, zipper => zipper.val_count());
        match chain.hanging(factor) {
            0 => own,
            values => at_focus!(chain, zipper => tips_of(zipper)).saturating_mul(values).saturating_add(own),
        }
    }

    fn tip_count(chain: &Chain<P, Self>) -> Option<usize> {
        let factor = chain.focus_factor();
        let mut tips = at_focus!(chain, zipper => zipper.tip_count())?;
        for factor in &chain.rest.0[factor..] {
            if !factor.path_exists() {
                break;
            }
            tips = tips.saturating_mul(factor.tip_count()?);
        }
        Some(tips)
    }
}

/// The number of tips of a factor, which must be able to count them without a walk.
fn tips_of<Z: ZipperMoving>(zipper: &Z) -> usize {
    zipper.tip_count().expect("a factor of the product cannot count its tips: implement `tip_count` for it")
}

impl<P: ZipperMoving, S: ZipperMoving> Chain<P, FixedFactors<S>> {
    /// The number of values below each tip of the factor before number `from`.
    fn hanging(&self, from: usize) -> usize {
        let mut values = 0_usize;
        for factor in self.rest.0[from..].iter().rev() {
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
