//! Types of values that can be kept in files, and the forms in which they lie there.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::sync::Arc;

use bytemuck::{CheckedBitPattern, NoUninit, checked};
use xxhash_rust::xxh3::xxh3_128;

use crate::fold::Catamorphism;
use crate::trie::PathMap;

/// A type of values that can be kept in files.
///
/// It is implemented for `()`, integers, floats, `bool`, `char`, arrays of numbers, and byte and
/// text types. For a type of your own, choose a [form](Form):
///
/// ```
/// use bytetrie::file::{Fixed, Stored};
///
/// #[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
/// #[repr(C)]
/// struct Position {
///     line: u32,
///     column: u32,
/// }
///
/// impl Stored for Position {
///     type Form = Fixed<Self>;
///     const NAME: &'static str = "Position";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` cannot be kept in files",
    note = "implement `Stored` for the type, with the form `Fixed`, `Bytes`, `Text` or `Encoded`"
)]
pub trait Stored: Sized {
    /// The form in which the values lie in a file.
    type Form: Form<Value = Self>;

    /// The name of the type in the header of a file. A name of more than 255 bytes does not
    /// compile.
    ///
    /// A file can be opened only as a type with the name, the form, the size and the alignment
    /// that it was written with.
    const NAME: &'static str;
}

/// The form in which the values of a type lie in a file: [`Fixed`], [`Bytes`], [`Text`] or
/// `Encoded` (feature `serde`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no form of values in files",
    note = "`Fixed` needs bytemuck's `CheckedBitPattern` and `NoUninit`, `Bytes` and `Text` need `AsRef` and `From`, `Encoded` needs `Serialize` and `DeserializeOwned`"
)]
pub trait Form: sealed::Sealed {
    /// The type of the values in memory.
    type Value;

    /// A value in the file: lent in place, or decoded.
    type Lent<'a>;

    /// The number of the form.
    #[doc(hidden)]
    const KIND: Kind;

    /// The size of each value in bytes, if that is fixed; otherwise 0.
    #[doc(hidden)]
    const SIZE: usize;

    /// The alignment of each value in the file.
    #[doc(hidden)]
    const ALIGN: usize;

    /// Appends the bytes of a value. Fails if the value has no encoding.
    #[doc(hidden)]
    fn write(value: &Self::Value, to: &mut Vec<u8>) -> io::Result<()>;

    /// Returns the hash of the bytes of a value.
    #[doc(hidden)]
    fn hash(value: &Self::Value) -> u128;

    /// Returns the value with these bytes, lent if possible; `None` if no value has them.
    #[doc(hidden)]
    fn lend(bytes: &[u8]) -> Option<Self::Lent<'_>>;

    /// Returns a copy of the value with these bytes; `None` if no value has them.
    #[doc(hidden)]
    fn read(bytes: &[u8]) -> Option<Self::Value>;

    /// Appends copies of all values of a column of values that have a fixed size; returns false if
    /// no value has the bytes of one of them.
    #[doc(hidden)]
    fn read_column(column: &[u8], count: usize, to: &mut Vec<Self::Value>) -> bool;
}

/// A form whose values are lent in place, as references into the bytes of the file.
///
/// Zippers over a [`Packed`](super::Packed) trie show values as the targets of these references.
#[diagnostic::on_unimplemented(
    message = "values of the form `{Self}` are not lent in place",
    note = "zippers over packed tries have values of the forms `Fixed`, `Bytes` and `Text`"
)]
pub trait InPlace: Form {
    /// The type that is lent: the values' own type, `[u8]` or `str`.
    type Target: ?Sized;

    /// Returns the lent value as a reference.
    #[doc(hidden)]
    fn target(lent: Self::Lent<'_>) -> &Self::Target;
}

pub(super) mod sealed {
    pub trait Sealed {}
    impl<V> Sealed for super::Fixed<V> {}
    impl<V> Sealed for super::Bytes<V> {}
    impl<V> Sealed for super::Text<V> {}
}

/// The number of a form in the header of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Values of one size, in a column.
    Fixed = 1,
    /// Byte strings of any length.
    Bytes = 2,
    /// UTF-8 text of any length.
    Text = 3,
    /// Values of any length, encoded by serde and postcard.
    Encoded = 4,
}

impl Kind {
    pub(crate) fn of(number: u8) -> Option<Self> {
        [Self::Fixed, Self::Bytes, Self::Text, Self::Encoded].into_iter().find(|&kind| kind as u8 == number)
    }

    /// Whether each value has a length of its own.
    pub(crate) fn has_lengths(self) -> bool {
        self != Self::Fixed
    }
}

/// The form of values that all have one size: a column of their bytes as they are in memory, from
/// which they are lent as `&V`.
///
/// The bytes are little-endian. On a big-endian machine only types with an alignment of one can be
/// written and opened, such as arrays of bytes.
pub struct Fixed<V>(PhantomData<fn() -> V>);

/// The form of byte strings: each has a length, and is lent as `&[u8]`.
pub struct Bytes<V>(PhantomData<fn() -> V>);

/// The form of UTF-8 text: each has a length, and is lent as `&str` after a check.
pub struct Text<V>(PhantomData<fn() -> V>);

impl<V: CheckedBitPattern + NoUninit> Form for Fixed<V> {
    type Value = V;
    type Lent<'a> = &'a V;

    const KIND: Kind = Kind::Fixed;
    const SIZE: usize = size_of::<V>();
    const ALIGN: usize = align_of::<V>();

    #[inline]
    fn write(value: &V, to: &mut Vec<u8>) -> io::Result<()> {
        to.extend_from_slice(bytemuck::bytes_of(value));
        Ok(())
    }
    #[inline]
    fn hash(value: &V) -> u128 {
        xxh3_128(bytemuck::bytes_of(value))
    }
    #[inline]
    fn lend(bytes: &[u8]) -> Option<&V> {
        checked::try_from_bytes(bytes).ok()
    }
    #[inline]
    fn read(bytes: &[u8]) -> Option<V> {
        checked::try_pod_read_unaligned(bytes).ok()
    }
    #[inline]
    fn read_column(column: &[u8], count: usize, to: &mut Vec<V>) -> bool {
        let before = to.len();
        to.reserve(count);
        if size_of::<V>() == 0 {
            to.extend((0..count).map_while(|_| Self::read(&[])));
        } else {
            to.extend(column.chunks_exact(size_of::<V>()).map_while(Self::read));
        }
        to.len() == before + count
    }
}

impl<V: CheckedBitPattern + NoUninit> InPlace for Fixed<V> {
    type Target = V;

    #[inline]
    fn target(lent: Self::Lent<'_>) -> &V {
        lent
    }
}

macro_rules! of_any_length {
    ($form:ident, $kind:expr, $lent:ty, $bytes:ident => $lend:expr) => {
        impl<V: AsRef<$lent> + for<'a> From<&'a $lent>> Form for $form<V> {
            type Value = V;
            type Lent<'a> = &'a $lent;

            const KIND: Kind = $kind;
            const SIZE: usize = 0;
            const ALIGN: usize = 1;

            #[inline]
            fn write(value: &V, to: &mut Vec<u8>) -> io::Result<()> {
                let value: &$lent = value.as_ref();
                to.extend_from_slice(value.as_ref());
                Ok(())
            }
            #[inline]
            fn hash(value: &V) -> u128 {
                let value: &$lent = value.as_ref();
                xxh3_128(value.as_ref())
            }
            #[inline]
            fn lend($bytes: &[u8]) -> Option<&$lent> {
                $lend
            }
            fn read(bytes: &[u8]) -> Option<V> {
                Self::lend(bytes).map(V::from)
            }
            fn read_column(_: &[u8], _: usize, _: &mut Vec<V>) -> bool {
                false // values with lengths of their own are in no column
            }
        }

        impl<V: AsRef<$lent> + for<'a> From<&'a $lent>> InPlace for $form<V> {
            type Target = $lent;

            #[inline]
            fn target(lent: Self::Lent<'_>) -> &$lent {
                lent
            }
        }
    };
}
of_any_length!(Bytes, Kind::Bytes, [u8], bytes => Some(bytes));
of_any_length!(Text, Kind::Text, str, bytes => str::from_utf8(bytes).ok());

macro_rules! stored {
    ($form:ident: $($type:ty = $name:literal),* $(,)?) => {$(
        impl Stored for $type {
            type Form = $form<Self>;
            const NAME: &'static str = $name;
        }
    )*};
}
stored! { Fixed:
    () = "()", bool = "bool", char = "char", f32 = "f32", f64 = "f64",
    u8 = "u8", u16 = "u16", u32 = "u32", u64 = "u64", u128 = "u128", usize = "usize",
    i8 = "i8", i16 = "i16", i32 = "i32", i64 = "i64", i128 = "i128", isize = "isize",
}
stored! { Bytes: Vec<u8> = "bytes", Box<[u8]> = "bytes", Arc<[u8]> = "bytes" }
stored! { Text: String = "text", Box<str> = "text", Arc<str> = "text" }

impl<T: Stored + bytemuck::Pod, const N: usize> Stored for [T; N] {
    type Form = Fixed<Self>;
    const NAME: &'static str = T::NAME;
}

/// Returns the hash of a value in a [`content_hash`]: that of its bytes in a file.
pub(crate) fn value_hash<V: Stored>(value: &V) -> u128 {
    V::Form::hash(value)
}

/// Returns the hash of a map's content that the commits of a [`Store`](super::Store) tell.
///
/// Maps with equal content, whose values have equal bytes in a file, have equal hashes, however
/// their nodes are laid out. It is the [`hash_with`](crate::fold::Catamorphism::hash_with) whose
/// value hashes are `X`, as [`fold`](crate::fold) defines it, of the bytes of the value in a file.
/// For integers, `bool` and `char` it equals [`hash`](crate::fold::Catamorphism::hash). The hash of
/// a value that cannot be encoded (see `Encoded`) is 0.
///
/// # Complexity
/// O(bytes in the nodes).
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::file::{FileError, Store, content_hash};
/// use bytetrie::fold::Catamorphism;
///
/// let path = std::env::temp_dir().join(format!("bytetrie-hash-{}", std::process::id()));
/// let mut store: Store<u32> = Store::open(&path)?;
/// let map = PathMap::from([("romane", 1), ("romanus", 2)]);
/// let commit = store.commit(&map)?;
/// assert_eq!(commit.content_hash(), Some(content_hash(&map)));
/// assert_eq!(commit.content_hash(), Some(map.hash()));
/// # drop(store);
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), FileError>(())
/// ```
#[must_use]
pub fn content_hash<V: Stored>(map: &PathMap<V>) -> u128 {
    map.read_zipper().hash_with(value_hash)
}

/// The type of a file's values, as the header describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueType {
    pub(crate) kind: Kind,
    pub(crate) align: usize,
    pub(crate) size: usize,
    pub(crate) name: String,
}

impl ValueType {
    /// The type of the values of a map.
    pub(crate) fn of<V: Stored>() -> Self {
        const {
            assert!(V::NAME.len() <= 255, "the name of a stored type has at most 255 bytes");
            assert!(V::Form::ALIGN <= 1 << 12, "a stored type has an alignment of at most 4,096");
            assert!(V::Form::SIZE as u64 <= u32::MAX as u64, "a stored type has less than 4 gigabytes");
        };
        let (kind, align, size) = (V::Form::KIND, V::Form::ALIGN, V::Form::SIZE);
        Self { kind, align, size, name: V::NAME.into() }
    }
}

impl fmt::Display for ValueType {
    /// Writes the name, and the form where the name does not tell it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, size, .. } = self;
        match (kind, name.as_str()) {
            (Kind::Fixed, _) => write!(f, "{name} ({size} bytes)"),
            (Kind::Bytes, "bytes") | (Kind::Text, "text") => f.write_str(name),
            (Kind::Bytes, _) => write!(f, "{name} (bytes)"),
            (Kind::Text, _) => write!(f, "{name} (text)"),
            (Kind::Encoded, _) => write!(f, "{name} (encoded)"),
        }
    }
}
