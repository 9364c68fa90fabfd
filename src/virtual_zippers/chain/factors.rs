//! The factors of a chain after the primary one.

use std::ops::{Index, IndexMut};

use super::Chain;
use crate::zipper::readers::ReadZipperOwned;
use crate::zipper::traits::*;

/// The factors after the primary one, which is a `P`.
pub(in crate::virtual_zippers) trait FactorSource<P: ZipperMoving> {
    type Zipper: ZipperMoving;

    /// Whether the factors entered share one path, so that none is mirrored.
    const SHARES_PATH: bool = false;

    /// The whole path, given the number of factors entered.
    #[inline]
    fn path<'c>(&'c self, primary: &'c P, _entered: usize) -> &'c [u8] {
        primary.path()
    }

    /// The entered factor number `i`, counted from 0 without the primary one.
    fn get(&self, i: usize) -> &Self::Zipper;
    /// A mutable reference to the entered factor number `i`.
    fn get_mut(&mut self, i: usize) -> &mut Self::Zipper;

    /// Whether there may be a factor after the first `entered` ones.
    fn may_follow(&self, entered: usize) -> bool;

    /// Makes the next factor ready, at its root; false if there is none at the path.
    fn enter(&mut self, primary: &mut P, entered: usize) -> bool;

    /// Whether a second factor may be entered at one path if the first has nothing below its root.
    const CHAINS: bool;

    /// Leaves the factors from number `from` to the last of the `entered` ones.
    fn leave(&mut self, primary: &mut P, from: usize, entered: usize);

    /// Moves the factor before the last of the `entered` ones to its next location of the same
    /// length, if that is close by: the fast path of
    /// [`to_next_k_path`](crate::zipper::ZipperIteration::to_next_k_path) from a seam. Returns
    /// whether the new focus is a tip, or `None` if no factor has moved.
    ///
    /// The last factor is at its root, and stays there.
    #[inline]
    fn step_above(&mut self, _primary: &mut P, _entered: usize, _k: usize) -> Option<bool> {
        None
    }

    /// Called before each move of the product.
    fn moves(&mut self) {}
}

/// Factors that can count the values and tips of their product.
pub(in crate::virtual_zippers) trait CountedFactors<P: ZipperMoving>:
    FactorSource<P> + Sized
{
    /// The number of values at the focus and below.
    fn val_count(chain: &Chain<P, Self>) -> usize;

    /// The number of tips at the focus and below; `None` if only a walk can count them.
    fn tip_count(chain: &Chain<P, Self>) -> Option<usize>;
}

/// Factors of which all are there from the start.
pub(in crate::virtual_zippers) trait FixedList<P: ZipperMoving>:
    FactorSource<P>
{
    /// All factors, entered or not.
    fn all(&self) -> &[Self::Zipper];
}

/// A fixed list of factors.
#[derive(Clone)]
pub(in crate::virtual_zippers) struct FixedFactors<S>(pub(in crate::virtual_zippers) Vec<S>);

impl<P: ZipperMoving, S: ZipperMoving> FactorSource<P> for FixedFactors<S> {
    type Zipper = S;

    #[inline]
    fn get(&self, i: usize) -> &S {
        &self.0[i]
    }
    #[inline]
    fn get_mut(&mut self, i: usize) -> &mut S {
        &mut self.0[i]
    }
    #[inline]
    fn may_follow(&self, entered: usize) -> bool {
        entered < self.0.len()
    }
    fn enter(&mut self, _primary: &mut P, entered: usize) -> bool {
        debug_assert!(self.0[entered].at_root());
        true
    }
    const CHAINS: bool = true;

    fn leave(&mut self, _primary: &mut P, from: usize, entered: usize) {
        for factor in &mut self.0[from..entered] {
            factor.reset();
        }
    }
}

/// A fixed list of readers, each of which starts at a node. They share one path with the primary
/// factor.
pub(in crate::virtual_zippers) struct NativeFactors<V>(
    pub(in crate::virtual_zippers) Vec<ReadZipperOwned<V>>,
);

impl<V> Clone for NativeFactors<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V> FactorSource<ReadZipperOwned<V>> for NativeFactors<V> {
    type Zipper = ReadZipperOwned<V>;
    const SHARES_PATH: bool = true;

    #[inline]
    fn path<'c>(&'c self, primary: &'c ReadZipperOwned<V>, entered: usize) -> &'c [u8] {
        primary.path_in(match entered {
            0 => primary,
            n => &self.0[n - 1],
        })
    }
    #[inline]
    fn get(&self, i: usize) -> &ReadZipperOwned<V> {
        &self.0[i]
    }
    #[inline]
    fn get_mut(&mut self, i: usize) -> &mut ReadZipperOwned<V> {
        &mut self.0[i]
    }
    #[inline]
    fn may_follow(&self, entered: usize) -> bool {
        entered < self.0.len()
    }
    #[inline]
    fn enter(&mut self, primary: &mut ReadZipperOwned<V>, entered: usize) -> bool {
        match self.0[..=entered].split_last_mut() {
            Some((below, above)) => above.last_mut().unwrap_or(primary).enter_below(below),
            None => unreachable!("the factor is one of the list"),
        }
        true
    }
    const CHAINS: bool = true;

    #[inline]
    fn step_above(&mut self, primary: &mut ReadZipperOwned<V>, entered: usize, k: usize) -> Option<bool> {
        let (below, above) = self.0[..entered].split_last_mut()?;
        above.last_mut().unwrap_or(primary).step_above(below, k)
    }

    #[inline]
    fn leave(&mut self, primary: &mut ReadZipperOwned<V>, from: usize, entered: usize) {
        for number in (from..entered).rev() {
            if let Some((below, above)) = self.0[..=number].split_last_mut() {
                above.last_mut().unwrap_or(primary).leave_below(below);
            }
        }
    }
}

impl<P: ZipperMoving, S: ZipperMoving> FixedList<P> for FixedFactors<S> {
    fn all(&self) -> &[S] {
        &self.0
    }
}

impl<V> FixedList<ReadZipperOwned<V>> for NativeFactors<V> {
    fn all(&self) -> &[ReadZipperOwned<V>] {
        &self.0
    }
}

/// The index, in a chain of readers, of the one that holds their path: the last one entered.
pub(in crate::virtual_zippers) struct Holder;

impl<V> Index<Holder> for Chain<ReadZipperOwned<V>, NativeFactors<V>> {
    type Output = ReadZipperOwned<V>;

    fn index(&self, Holder: Holder) -> &ReadZipperOwned<V> {
        match self.seams.len() {
            0 => &self.primary,
            n => &self.rest.0[n - 1],
        }
    }
}

impl<V> IndexMut<Holder> for Chain<ReadZipperOwned<V>, NativeFactors<V>> {
    fn index_mut(&mut self, Holder: Holder) -> &mut ReadZipperOwned<V> {
        match self.seams.len() {
            0 => &mut self.primary,
            n => &mut self.rest.0[n - 1],
        }
    }
}
