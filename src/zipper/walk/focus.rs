//! Values and subtries at the focus, written once for all zippers in a real trie.

use crate::node::Place;
use crate::trie::{PathMap, look_up_many};
use crate::zipper::readers::{ReadZipperUntracked, ReadZipperWitness};
use crate::zipper::root::{Borrowed, Root, SharedRoot};
use crate::zipper::stack::Walk;
use crate::zipper::traits::*;
use crate::zipper::trie_ref::{TrieRef, TrieRefBorrowed, TrieRefOwned};

impl<V, R: Root<V>> ZipperValues<V> for Walk<V, R> {
    #[inline]
    fn val(&self) -> Option<&V> {
        self.focus()?.val()
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.focus()?.val_at(path.as_ref())
    }

    fn vals_at<I: IntoIterator<Item: AsRef<[u8]>>>(&self, paths: I) -> Vec<Option<&V>> {
        let paths: Vec<_> = paths.into_iter().collect();
        match self.focus() {
            Some(focus) => focus.vals_at(&paths),
            None => vec![None; paths.len()],
        }
    }

    fn native_place(&self) -> Option<TrieRefBorrowed<'_, V>> {
        Some(self.borrowed_place())
    }
}

impl<V, R: Root<V>> ZipperConcrete for Walk<V, R> {
    fn shared_node_id(&self) -> Option<u64> {
        self.focus()?.node_id().map(|(id, _)| id as u64)
    }

    fn is_shared(&self) -> bool {
        self.focus().and_then(|focus| focus.node_id()).is_some_and(|(_, shared)| shared)
    }
}

impl<V, R: Root<V>> ZipperForking<V> for Walk<V, R> {
    type ReadZipperT<'z>
        = ReadZipperUntracked<'z, 'z, V>
    where
        Self: 'z;

    fn fork_read_zipper<'z>(&'z self) -> ReadZipperUntracked<'z, 'z, V> {
        ReadZipperUntracked::fork(self)
    }
}

impl<V: Clone, R: Root<V>> ZipperSubtries<V> for Walk<V, R> {
    fn native_subtries(&self) -> bool {
        true
    }

    fn try_make_map(&self) -> Option<PathMap<V>> {
        Some(self.make_map())
    }

    fn trie_ref(&self) -> Option<TrieRef<'_, V>> {
        Some(self.get_trie_ref())
    }
}

impl<V: Clone, R: Root<V>> ZipperInfallibleSubtries<V> for Walk<V, R> {
    fn make_map(&self) -> PathMap<V> {
        PathMap::from_root(self.disclose().into_node().and_then(Place::to_trie))
    }

    fn get_trie_ref(&self) -> TrieRef<'_, V> {
        TrieRef::Borrowed(self.borrowed_place())
    }
}

impl<V, R: Root<V>> Walk<V, R> {
    /// The focus as a place.
    fn borrowed_place(&self) -> TrieRefBorrowed<'_, V> {
        TrieRefBorrowed::new(self.disclose())
    }
}

impl<'a, V> ZipperReadOnlyValues<'a, V> for Walk<V, Borrowed<'a, V>> {
    #[inline]
    fn get_val(&self) -> Option<&'a V> {
        self.val_in_trie()
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V> {
        self.focus_in_trie()?.value_at(path.as_ref())
    }

    fn get_vals_at<I: IntoIterator<Item: AsRef<[u8]>>>(&self, paths: I) -> Vec<Option<&'a V>> {
        let paths: Vec<_> = paths.into_iter().collect();
        look_up_many(self.focus_in_trie(), &paths, |value| value)
    }
}

impl<'a, V> ZipperReadOnlyIteration<'a, V> for Walk<V, Borrowed<'a, V>> {}

impl<'a, V> ZipperReadOnlyConditionalValues<'a, V> for Walk<V, Borrowed<'a, V>> {
    type WitnessT = ();

    fn witness<'w>(&self) {}

    fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.get_val()
    }
}

impl<'a, V> ZipperReadOnlyConditionalIteration<'a, V> for Walk<V, Borrowed<'a, V>> {}

impl<'a, V: Clone> ZipperReadOnlySubtries<'a, V> for Walk<V, Borrowed<'a, V>> {
    type TrieRefT
        = TrieRefBorrowed<'a, V>
    where
        V: 'a;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefBorrowed<'a, V> {
        TrieRefBorrowed::new(self.subtrie_in_trie()).below(path.as_ref())
    }

    fn known_prefix(&self) -> &[u8] {
        self.root_prefix_path()
    }
}

impl<'a, V> ZipperReadOnlyConditionalValues<'a, V> for Walk<V, SharedRoot<V>> {
    type WitnessT = ReadZipperWitness<V>;

    fn witness<'w>(&self) -> ReadZipperWitness<V> {
        ReadZipperWitness(self.root().0.node().cloned())
    }

    #[inline]
    fn get_val_with_witness<'w>(&self, witness: &'w ReadZipperWitness<V>) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.val_in_witness(&witness.0)
    }
}

impl<'a, V> ZipperReadOnlyConditionalIteration<'a, V> for Walk<V, SharedRoot<V>> {}

impl<'a, V: Clone> ZipperReadOnlySubtries<'a, V> for Walk<V, SharedRoot<V>> {
    type TrieRefT
        = TrieRefOwned<V>
    where
        V: 'a;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefOwned<V> {
        self.borrowed_place().below(path.as_ref()).to_owned()
    }

    fn known_prefix(&self) -> &[u8] {
        self.root_prefix_path()
    }
}
