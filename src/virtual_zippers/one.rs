//! A zipper as a product of one factor.

use super::lens::{lens_focus, lens_moves};
use super::product::ZipperProduct;
use crate::zipper::traits::*;

/// A zipper as a product of one factor, for functions that require a [`ZipperProduct`].
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// fn factors<Z: ZipperProduct>(zipper: &Z) -> (usize, usize) {
///     (zipper.focus_factor(), zipper.factor_count())
/// }
/// let map: PathMap<u32> = PathMap::single("a", 1);
/// assert_eq!(factors(&OneFactor::new(map.read_zipper())), (0, 1));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a zipper does nothing until it is used"]
pub struct OneFactor<Z> {
    z: Z,
}

impl<Z: ZipperAbsolutePath + ZipperIteration> OneFactor<Z> {
    /// A product with `z` as its only factor. Does not move `z`.
    pub fn new(z: Z) -> Self {
        Self { z }
    }
}

impl<Z> OneFactor<Z> {
    /// Consumes the product and returns its zipper, with its present focus.
    #[must_use]
    pub fn into_inner(self) -> Z {
        self.z
    }
}

lens_focus!([Z] OneFactor<Z>, Z, self => self.z);
lens_moves!([Z] OneFactor<Z>, Z, self => self.z);

impl<Z: ZipperAbsolutePath + ZipperIteration> ZipperProduct for OneFactor<Z> {
    fn factor_count(&self) -> usize {
        1
    }
    fn focus_factor(&self) -> usize {
        0
    }
    fn path_indices(&self) -> &[usize] {
        &[]
    }
}
