//! The zippers over a packed trie.

use std::fmt;

use super::data::Data;
use super::trie::{Lent, Packed};
use super::walk::Walk;
use crate::bytes::Text;
use crate::file::stored::{InPlace, Stored};
use crate::zipper::methods::forward;
use crate::zipper::*;

/// The type of the values that a zipper shows: `V`, `[u8]` or `str`.
type Target<V> = <<V as Stored>::Form as InPlace>::Target;

/// A reader of a borrowed [`Packed`] trie. Its values live as long as the borrow.
///
/// It moves like any reader. A value of a fixed size is shown as `&V`, bytes as `&[u8]` and text
/// as `&str`: see [`InPlace`](crate::file::InPlace).
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::file::Packed;
/// use bytetrie::zipper::*;
///
/// let mut bytes = Vec::new();
/// PathMap::from([("ada", 1815u32), ("alan", 1912)]).save(&mut bytes)?;
/// let packed = Packed::<u32>::new(&bytes)?;
/// let mut zipper = packed.read_zipper_at_path("a");
/// assert_eq!(zipper.child_mask().iter().collect::<Vec<_>>(), b"dl");
/// assert_eq!(zipper.to_next_get_val(), Some(&1815));
/// assert_eq!(zipper.origin_path(), b"ada");
/// # Ok::<(), bytetrie::file::FileError>(())
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct PackedZipper<'p, V> {
    pub(super) walk: Walk<&'p [u8], V>,
}

/// A reader that shares the bytes of a [`Packed`] trie.
///
/// Created by [`Packed::into_read_zipper`].
#[must_use = "a zipper does nothing until it is used"]
pub struct PackedZipperOwned<'a, V> {
    pub(super) walk: Walk<Data<'a>, V>,
}

/// Keeps alive the values of a reader that shares the bytes of a packed trie.
///
/// Made by [`witness`](ZipperReadOnlyConditionalValues::witness).
#[derive(Clone, Debug)]
pub struct PackedWitness<'a>(Data<'a>);

impl<'a, V: Stored> Packed<'a, V> {
    /// A reader of the whole map. O(1).
    pub fn read_zipper(&self) -> PackedZipper<'_, V> {
        self.read_zipper_at_path([])
    }

    /// A reader whose root is at `path`, which need not exist. O(path).
    pub fn read_zipper_at_path<K: AsRef<[u8]>>(&self, path: K) -> PackedZipper<'_, V> {
        PackedZipper { walk: Walk::new(&*self.data, &self.parts(), path.as_ref()) }
    }

    /// A reader that shares the bytes, with its root at `path`. O(path).
    pub fn into_read_zipper<K: AsRef<[u8]>>(self, path: K) -> PackedZipperOwned<'a, V> {
        let parts = self.parts();
        PackedZipperOwned { walk: Walk::new(self.data, &parts, path.as_ref()) }
    }
}

impl<'p, V: Stored> PackedZipper<'p, V> {
    /// Returns the value at the focus, of any form. A value that serde encodes is decoded.
    ///
    /// If values are lent in place, [`get_val`](ZipperReadOnlyValues::get_val) returns the same.
    #[must_use]
    #[inline]
    pub fn stored_val(&self) -> Option<Lent<'p, V>> {
        self.walk.value_in(self.walk.data)
    }

    /// A reader whose root is the focus of this one, and whose values live as long.
    #[cfg(feature = "arena_compact")]
    pub(crate) fn fork_in_place(&self) -> Self {
        Self { walk: self.walk.fork(self.walk.data) }
    }

    /// The path from the origin to the focus.
    #[inline]
    pub(super) fn whole_path(&self) -> &[u8] {
        self.walk.path.get()
    }
}

impl<V: Stored> PackedZipperOwned<'_, V> {
    /// Returns the value at the focus, of any form. A value that serde encodes is decoded.
    ///
    /// If values are lent in place, [`val`](ZipperValues::val) returns the same.
    #[must_use]
    pub fn stored_val(&self) -> Option<Lent<'_, V>> {
        self.walk.value()
    }
}

/// Implements the traits that both readers have.
macro_rules! packed_zipper {
    ([$($life:lifetime)?] $zipper:ty, $fork:lifetime) => {
        forward! {
            impl[$($life,)? V: Stored] $zipper, self => self.walk;
            Zipper;
            ZipperMoving;
            ZipperIteration;
            ZipperAbsolutePath;
            #[allow(unsafe_code, reason = "an unsafe signature; the body is safe")]
            ZipperPathBuffer;
            ZipperConcrete;
        }

        impl<$($life,)? V: Stored> ZipperValues<Target<V>> for $zipper
        where
            V::Form: InPlace,
        {
            #[inline]
            fn val(&self) -> Option<&Target<V>> {
                self.walk.value().map(V::Form::target)
            }
            fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&Target<V>> {
                self.walk.value_at(path.as_ref()).map(V::Form::target)
            }
        }

        impl<$($life,)? V: Stored> ZipperForking<Target<V>> for $zipper
        where
            V::Form: InPlace,
        {
            type ReadZipperT<'z> = PackedZipper<$fork, V> where Self: 'z;

            fn fork_read_zipper<'z>(&'z self) -> PackedZipper<$fork, V> {
                PackedZipper { walk: self.walk.fork(&self.walk.data[..]) }
            }
        }

        impl<$($life,)? V: Stored> fmt::Debug for $zipper {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($zipper))
                    .field("root_prefix_path", &Text(self.walk.root_prefix_path()))
                    .field("path", &Text(self.walk.path()))
                    .finish_non_exhaustive()
            }
        }
    };
}

packed_zipper!(['p] PackedZipper<'p, V>, 'z);
packed_zipper!(['a] PackedZipperOwned<'a, V>, 'z);

impl<'p, V: Stored> ZipperReadOnlyValues<'p, Target<V>> for PackedZipper<'p, V>
where
    V::Form: InPlace,
{
    #[inline]
    fn get_val(&self) -> Option<&'p Target<V>> {
        self.walk.value_in(self.walk.data).map(V::Form::target)
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'p Target<V>> {
        self.walk.value_at_in(self.walk.data, path.as_ref()).map(V::Form::target)
    }
}

impl<'p, V: Stored> ZipperReadOnlyIteration<'p, Target<V>> for PackedZipper<'p, V>
where
    V::Form: InPlace,
{
    #[inline]
    fn to_next_get_val(&mut self) -> Option<&'p Target<V>> {
        self.walk.next_value().map(V::Form::target)
    }
}

impl<'p, V: Stored> ZipperReadOnlyConditionalValues<'p, Target<V>> for PackedZipper<'p, V>
where
    V::Form: InPlace,
{
    type WitnessT = ();

    fn witness<'w>(&self) {}

    fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w Target<V>>
    where
        'p: 'w,
    {
        self.get_val()
    }
}

impl<'p, V: Stored> ZipperReadOnlyConditionalIteration<'p, Target<V>> for PackedZipper<'p, V> where
    V::Form: InPlace
{
}

impl<'a, V: Stored> ZipperReadOnlyConditionalValues<'a, Target<V>> for PackedZipperOwned<'a, V>
where
    V::Form: InPlace,
{
    type WitnessT = PackedWitness<'a>;

    fn witness<'w>(&self) -> PackedWitness<'a> {
        PackedWitness(self.walk.data.clone())
    }

    fn get_val_with_witness<'w>(&self, witness: &'w PackedWitness<'a>) -> Option<&'w Target<V>>
    where
        'a: 'w,
    {
        let is_same = std::ptr::eq(&self.walk.data[..], &witness.0[..]);
        assert!(is_same, "the witness is for another trie");
        self.walk.value_in(&witness.0).map(V::Form::target)
    }
}

impl<'a, V: Stored> ZipperReadOnlyConditionalIteration<'a, Target<V>> for PackedZipperOwned<'a, V> where
    V::Form: InPlace
{
}

impl<V> Clone for PackedZipper<'_, V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}

impl<V> Clone for PackedZipperOwned<'_, V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}
