//! Places in a trie: cursors that cannot move, are cheap to make, and can be sources of grafts.

mod kinds;

use std::fmt;

use super::readers::{ReadZipperUntracked, ReadZipperWitness};
use super::traits::*;
use crate::bytes::ByteMask;
use crate::node::{Place, Shared};
use crate::trie::{PathMap, look_up_many};

pub use kinds::{TrieRef, TrieRefBorrowed, TrieRefOwned};

/// Keeps the value at an owned place alive, as one more owner of its trie.
pub type TrieRefWitness<V> = ReadZipperWitness<V>;

impl<'a, V> ZipperReadOnlyValues<'a, V> for TrieRefBorrowed<'a, V> {
    fn get_val(&self) -> Option<&'a V> {
        self.get()
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V> {
        self.get_at(path.as_ref())
    }

    fn get_vals_at<I: IntoIterator<Item: AsRef<[u8]>>>(&self, paths: I) -> Vec<Option<&'a V>> {
        let paths: Vec<_> = paths.into_iter().collect();
        look_up_many(self.place(), &paths, |value| value)
    }
}

impl<'a, V: Clone> ZipperReadOnlySubtries<'a, V> for TrieRefBorrowed<'a, V> {
    type TrieRefT
        = TrieRefBorrowed<'a, V>
    where
        V: 'a;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefBorrowed<'a, V> {
        self.borrow().below(path.as_ref())
    }
}

impl<'a, V: Clone> ZipperReadOnlySubtries<'a, V> for TrieRefOwned<V> {
    type TrieRefT
        = TrieRefOwned<V>
    where
        V: 'a;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefOwned<V> {
        self.borrow().below(path.as_ref()).to_owned()
    }
}

impl<'a, V: Clone> ZipperReadOnlySubtries<'a, V> for TrieRef<'a, V> {
    type TrieRefT
        = TrieRef<'a, V>
    where
        V: 'a;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRef<'a, V> {
        match self {
            Self::Borrowed(place) => place.trie_ref_at_path(path).into(),
            Self::Owned(place) => place.trie_ref_at_path(path).into(),
        }
    }
}

impl<'a, V> ZipperReadOnlyConditionalValues<'a, V> for TrieRefBorrowed<'a, V> {
    type WitnessT = ();

    fn witness<'w>(&self) {}

    fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.get()
    }
}

impl<'a, V> ZipperReadOnlyConditionalValues<'a, V> for TrieRefOwned<V> {
    type WitnessT = ReadZipperWitness<V>;

    fn witness<'w>(&self) -> ReadZipperWitness<V> {
        ReadZipperWitness(self.subtrie.node().map(|place| place.trie().clone()))
    }

    fn get_val_with_witness<'w>(&self, witness: &'w ReadZipperWitness<V>) -> Option<&'w V>
    where
        'a: 'w,
    {
        let own = self.subtrie.node().map(|place| place.trie().id());
        assert!(own == witness.0.as_ref().map(Shared::id), "the witness is for another place's trie");
        self.subtrie.node()?.lend_by(witness.0.as_ref()?).own()
    }
}

/// The witness of a borrowed place is empty, because the borrow keeps its values alive.
impl<'a, V> ZipperReadOnlyConditionalValues<'a, V> for TrieRef<'a, V> {
    type WitnessT = ReadZipperWitness<V>;

    fn witness<'w>(&self) -> ReadZipperWitness<V> {
        match self {
            Self::Borrowed(_) => ReadZipperWitness(None),
            Self::Owned(place) => place.witness(),
        }
    }

    fn get_val_with_witness<'w>(&self, witness: &'w ReadZipperWitness<V>) -> Option<&'w V>
    where
        'a: 'w,
    {
        match self {
            Self::Borrowed(place) => place.get(),
            Self::Owned(place) => place.get_val_with_witness(witness),
        }
    }
}

/// Implements the traits that all places have, by calls on the borrowed place.
macro_rules! place {
    ([$($generics:tt)*] $place:ty, $borrow:ident) => {
        impl<$($generics)*> Zipper for $place {
            fn path_exists(&self) -> bool {
                self.$borrow().subtrie.exists()
            }
            fn is_val(&self) -> bool {
                self.$borrow().get().is_some()
            }
            fn child_count(&self) -> usize {
                self.child_mask().count_bits()
            }
            fn child_mask(&self) -> ByteMask {
                match self.$borrow().place() {
                    Some(place) => place.child_mask(),
                    None => ByteMask::EMPTY,
                }
            }
        }

        impl<$($generics)*> ZipperValues<V> for $place {
            fn val(&self) -> Option<&V> {
                self.$borrow().get()
            }
            fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
                self.$borrow().get_at(path.as_ref())
            }
            fn vals_at<I: IntoIterator<Item: AsRef<[u8]>>>(&self, paths: I) -> Vec<Option<&V>> {
                self.$borrow().get_vals_at(paths)
            }
            fn native_place(&self) -> Option<TrieRefBorrowed<'_, V>> {
                Some(self.$borrow())
            }
        }

        impl<$($generics)*> ZipperConcrete for $place {
            fn shared_node_id(&self) -> Option<u64> {
                self.$borrow().place()?.whole().map(|node| node.id() as u64)
            }
            fn is_shared(&self) -> bool {
                self.$borrow().place().is_some_and(|place| place.whole().is_some() && place.is_shared())
            }
        }

        impl<$($generics)*> ZipperForking<V> for $place {
            type ReadZipperT<'z>
                = ReadZipperUntracked<'z, 'z, V>
            where
                Self: 'z;

            fn fork_read_zipper<'z>(&'z self) -> ReadZipperUntracked<'z, 'z, V> {
                ReadZipperUntracked::at(&self.$borrow())
            }
        }

        impl<$($generics)*> ZipperSubtries<V> for $place
        where
            V: Clone,
        {
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

        impl<$($generics)*> ZipperInfallibleSubtries<V> for $place
        where
            V: Clone,
        {
            fn make_map(&self) -> PathMap<V> {
                PathMap::from_root(self.$borrow().place().and_then(Place::to_trie))
            }
            fn get_trie_ref(&self) -> TrieRef<'_, V> {
                TrieRef::Borrowed(self.$borrow())
            }
        }

        impl<$($generics)*> fmt::Debug for $place {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($place)).field("exists", &self.path_exists()).finish_non_exhaustive()
            }
        }
    };
}

place!(['a, V] TrieRefBorrowed<'a, V>, borrow);
place!([V] TrieRefOwned<V>, borrow);
place!(['a, V] TrieRef<'a, V>, borrow);
