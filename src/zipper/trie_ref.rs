//! A place in a trie without movement: cheap to make, and good as a source of grafts.

use std::fmt;

use super::readers::{ReadZipperUntracked, ReadZipperWitness};
use super::root::Borrowed;
use super::stack::Walk;
use super::traits::*;
use crate::bytes::ByteMask;
use crate::node::{OwnedPlace, Place, Shared};
use crate::trie::PathMap;

/// A place in a borrowed trie, which need not be a location.
///
/// It is a pointer and a few numbers, and `Copy`; O(path) to make. It cannot move, but tells what is there
/// ([`Zipper`], [`ZipperValues`]), leads to places further down
/// ([`trie_ref_at_path`](ZipperReadOnlySubtries::trie_ref_at_path)), forks into a reader that can move
/// ([`ZipperForking`]), and is a source in every operation of [`ZipperWriting`](super::ZipperWriting). An
/// [owned](TrieRefOwned) one keeps what it stands for alive, and as it was.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let map: PathMap<u32> = [("in/a", 1), ("in/b", 2)].into_iter().collect();
/// let place = map.trie_ref_at_path("in/");
/// assert_eq!((place.val_at("a"), place.child_count()), (Some(&1), 2));
/// let mut copy = PathMap::new();
/// copy.write_zipper_at_path(b"out/").graft(&place); // shares the nodes
/// assert_eq!(copy.get("out/b"), Some(&2));
/// ```
#[must_use]
pub struct TrieRefBorrowed<'a, V> {
    place: Option<Place<'a, V>>,
    exists: bool,
}

/// A place in a trie of which it is an owner.
#[must_use]
pub struct TrieRefOwned<V> {
    place: Option<OwnedPlace<V>>,
    exists: bool,
}

/// What keeps the value at an owned place alive.
pub type TrieRefWitness<V> = ReadZipperWitness<V>;

/// A place in a trie, borrowed or owned.
#[derive(Clone)]
#[must_use]
pub enum TrieRef<'a, V> {
    /// In a trie that is borrowed.
    Borrowed(TrieRefBorrowed<'a, V>),
    /// In a trie of which it is an owner.
    Owned(TrieRefOwned<V>),
}

impl<'a, V> TrieRefBorrowed<'a, V> {
    pub(super) fn new(place: Option<Place<'a, V>>, exists: bool) -> Self {
        Self { place, exists }
    }

    pub(crate) fn in_map(root: &'a Option<Shared<V>>, path: &[u8]) -> Self {
        let place = root.as_ref().map(Shared::place);
        Self { place, exists: true }.below(path)
    }

    /// The place at `path` below this one.
    pub(super) fn below(self, path: &[u8]) -> Self {
        if path.is_empty() {
            return self;
        }
        let place = self.place.and_then(|place| place.find(path));
        Self { place, exists: place.is_some() }
    }

    pub(super) fn to_owned(&self) -> TrieRefOwned<V> {
        TrieRefOwned { place: self.place.map(Place::to_owned), exists: self.exists }
    }

    /// What is at and below the place, if anything is.
    pub(crate) fn place(&self) -> Option<Place<'a, V>> {
        self.place
    }

    /// A walk whose root is this place, with an empty path.
    pub(super) fn walk(&self) -> Walk<V, Borrowed<'a, V>> {
        Walk::rootless(self.place, self.exists)
    }

    fn borrow(&self) -> Self {
        *self
    }

    fn get(&self) -> Option<&'a V> {
        self.place?.own()
    }

    fn get_at(&self, path: &[u8]) -> Option<&'a V> {
        self.place?.value_at(path)
    }
}

impl<V> TrieRefOwned<V> {
    /// The place, if a node is there, and whether it is a location.
    pub(super) fn into_parts(self) -> (Option<OwnedPlace<V>>, bool) {
        (self.place, self.exists)
    }

    fn borrow(&self) -> TrieRefBorrowed<'_, V> {
        TrieRefBorrowed { place: self.place.as_ref().map(OwnedPlace::lend), exists: self.exists }
    }
}

impl<V> TrieRef<'_, V> {
    /// A place that is no location.
    pub(crate) fn absent() -> Self {
        Self::Borrowed(TrieRefBorrowed { place: None, exists: false })
    }

    /// The same place in a trie of which it is an owner. O(1).
    pub fn into_owned(self) -> TrieRefOwned<V> {
        match self {
            Self::Borrowed(place) => place.to_owned(),
            Self::Owned(place) => place,
        }
    }

    fn borrow(&self) -> TrieRefBorrowed<'_, V> {
        match self {
            Self::Borrowed(place) => *place,
            Self::Owned(place) => place.borrow(),
        }
    }
}

impl<V> Clone for TrieRefBorrowed<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for TrieRefBorrowed<'_, V> {}

impl<V> Clone for TrieRefOwned<V> {
    fn clone(&self) -> Self {
        Self { place: self.place.clone(), exists: self.exists }
    }
}

impl<'a, V> From<TrieRefBorrowed<'a, V>> for TrieRef<'a, V> {
    fn from(place: TrieRefBorrowed<'a, V>) -> Self {
        Self::Borrowed(place)
    }
}

impl<V> From<TrieRefOwned<V>> for TrieRef<'_, V> {
    fn from(place: TrieRefOwned<V>) -> Self {
        Self::Owned(place)
    }
}

impl<V> From<PathMap<V>> for TrieRefOwned<V> {
    fn from(map: PathMap<V>) -> Self {
        Self { place: map.root.map(OwnedPlace::root), exists: true }
    }
}

impl<V> From<PathMap<V>> for TrieRef<'_, V> {
    fn from(map: PathMap<V>) -> Self {
        Self::Owned(map.into())
    }
}

impl<'a, V> ZipperReadOnlyValues<'a, V> for TrieRefBorrowed<'a, V> {
    fn get_val(&self) -> Option<&'a V> {
        self.get()
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V> {
        self.get_at(path.as_ref())
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
        ReadZipperWitness(self.place.as_ref().map(|place| place.trie().clone()))
    }

    fn get_val_with_witness<'w>(&self, witness: &'w ReadZipperWitness<V>) -> Option<&'w V>
    where
        'a: 'w,
    {
        let id = self.place.as_ref().map(|place| place.trie().id());
        assert!(id == witness.0.as_ref().map(Shared::id), "the witness is of another place's trie");
        self.place.as_ref()?.lend_by(witness.0.as_ref()?).own()
    }
}

/// A witness of a borrowed place is empty; the borrow is what keeps its values alive.
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

/// A place that is no location.
impl<V> Default for TrieRefBorrowed<'_, V> {
    fn default() -> Self {
        Self { place: None, exists: false }
    }
}

/// Implements what all places can tell over the borrowed one.
macro_rules! place {
    ([$($generics:tt)*] $place:ty, $borrow:ident) => {
        impl<$($generics)*> Zipper for $place {
            fn path_exists(&self) -> bool {
                self.$borrow().exists
            }
            fn is_val(&self) -> bool {
                self.$borrow().get().is_some()
            }
            fn child_count(&self) -> usize {
                self.child_mask().count_bits()
            }
            fn child_mask(&self) -> ByteMask {
                match self.$borrow().place {
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
            fn native_place(&self) -> Option<TrieRefBorrowed<'_, V>> {
                Some(self.$borrow())
            }
        }

        impl<$($generics)*> ZipperConcrete for $place {
            fn shared_node_id(&self) -> Option<u64> {
                self.$borrow().place?.whole().map(|node| node.id() as u64)
            }
            fn is_shared(&self) -> bool {
                self.$borrow().place.is_some_and(|place| place.is_node() && place.is_shared())
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
                PathMap::from_root(self.$borrow().place.and_then(Place::to_trie))
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
