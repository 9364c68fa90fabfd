//! Values that outlive the product they are read from.

use std::fmt;

use super::chain::at_focus;
use super::product::{ProductZipper, ProductZipperG};
use crate::zipper::readers::ReadZipperWitness;
use crate::zipper::traits::*;

/// Keeps the values of a [`ProductZipper`] alive, as one more owner of each of its tries.
///
/// Made by [`witness`](ZipperReadOnlyConditionalValues::witness).
pub struct ProductZipperWitness<V>(Vec<ReadZipperWitness<V>>);

impl<V> fmt::Debug for ProductZipperWitness<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProductZipperWitness").finish_non_exhaustive()
    }
}

impl<'trie, V> ZipperReadOnlyConditionalValues<'trie, V> for ProductZipper<'_, 'trie, V> {
    type WitnessT = ProductZipperWitness<V>;

    fn witness<'w>(&self) -> ProductZipperWitness<V> {
        let factors = std::iter::once(&self.chain.primary).chain(&self.chain.rest.0);
        ProductZipperWitness(factors.map(ZipperReadOnlyConditionalValues::witness).collect())
    }

    /// # Panics
    /// Panics if the witness is for another product, or was made before the factor of the focus
    /// was added.
    fn get_val_with_witness<'w>(&self, witness: &'w ProductZipperWitness<V>) -> Option<&'w V>
    where
        'trie: 'w,
    {
        let factor = self.chain.focus_factor();
        let witness = witness.0.get(factor).expect("the witness is older than the factor");
        at_focus!(self.chain, zipper => zipper.get_val_with_witness(witness))
    }
}

impl<'trie, V> ZipperReadOnlyConditionalIteration<'trie, V> for ProductZipper<'_, 'trie, V> {}

impl<'trie, P, S, V> ZipperReadOnlyValues<'trie, V> for ProductZipperG<'trie, P, S, V>
where
    P: ZipperMoving + ZipperReadOnlyValues<'trie, V> + Clone,
    S: ZipperMoving + ZipperReadOnlyValues<'trie, V> + Clone,
{
    fn get_val(&self) -> Option<&'trie V> {
        at_focus!(self.chain, zipper => zipper.get_val())
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'trie V> {
        match self.chain.find(path.as_ref())? {
            (0, path) => self.chain.primary.get_val_at(path),
            (n, path) => self.chain.rest.0[n - 1].get_val_at(path),
        }
    }
}

impl<'trie, P, S, V> ZipperReadOnlyIteration<'trie, V> for ProductZipperG<'trie, P, S, V>
where
    P: ZipperIteration + ZipperReadOnlyValues<'trie, V> + Clone,
    S: ZipperIteration + ZipperReadOnlyValues<'trie, V> + Clone,
{
}

impl<'trie, P, S, V> ZipperReadOnlyConditionalValues<'trie, V> for ProductZipperG<'trie, P, S, V>
where
    P: ZipperMoving + ZipperReadOnlyConditionalValues<'trie, V> + Clone,
    S: ZipperMoving + ZipperReadOnlyConditionalValues<'trie, V> + Clone,
{
    type WitnessT = (P::WitnessT, Vec<S::WitnessT>);

    fn witness<'w>(&self) -> Self::WitnessT {
        (self.chain.primary.witness(), self.chain.rest.0.iter().map(S::witness).collect())
    }

    fn get_val_with_witness<'w>(&self, (primary, rest): &'w Self::WitnessT) -> Option<&'w V>
    where
        'trie: 'w,
    {
        match self.chain.focus_factor() {
            0 => self.chain.primary.get_val_with_witness(primary),
            n => {
                let witness = rest.get(n - 1).expect("the witness is for another product");
                self.chain.entered(n - 1).get_val_with_witness(witness)
            }
        }
    }
}

impl<'trie, P, S, V> ZipperReadOnlyConditionalIteration<'trie, V> for ProductZipperG<'trie, P, S, V>
where
    P: ZipperIteration + ZipperReadOnlyConditionalValues<'trie, V> + Clone,
    S: ZipperIteration + ZipperReadOnlyConditionalValues<'trie, V> + Clone,
{
}
