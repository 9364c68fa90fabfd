//! Values of any type that serde knows, in the encoding of postcard.

mod bounded;

use std::io;
use std::marker::PhantomData;

use postcard::ser_flavors::Flavor;
use serde_core::de::DeserializeOwned;
use serde_core::ser::Serialize;
use xxhash_rust::xxh3::xxh3_128;

use super::error::Unencodable;
use super::stored::{Form, Kind, sealed};

/// The form of values that [serde](https://serde.rs) encodes (feature `serde`): each is
/// [postcard](https://docs.rs/postcard) of any length, and is decoded whenever it is asked for.
///
/// It fits types that the other forms do not: structs with texts and lists in them, enums, maps.
/// Derive serde's traits, and name the type. A type of another crate needs a newtype of your own.
///
/// A [`Packed`](super::Packed) trie returns such values as `V`, not as references: there is no `V`
/// in the file that could be lent. So its zippers do not have the traits of values. Instead,
/// [`stored_val`](super::PackedZipper::stored_val) decodes the value at the focus, and
/// [`load`](super::PackedZipper::load) makes a map of what is below it. Whatever asks whether there
/// is a value decodes it too, so iteration decodes each value more than once. If that matters,
/// [load](crate::PathMap::load) the map.
///
/// # Errors
/// Decoding is bounded. Values are damaged if they are nested in more than 128 levels, or have more
/// than 65,536 elements that take no bytes, such as those of a `Vec<()>`. Each struct, tuple,
/// option, list, map, and enum with fields is a level.
///
/// Each value is decoded when it is written, to check that this is possible. It is not if it
/// exceeds these bounds, nor if `Deserialize` does not read what `Serialize` has written. The
/// attributes `skip_serializing_if`, `flatten`, `tag` and `untagged` of serde's derive macros need
/// formats that describe themselves, which postcard does not. Writing such a value fails with
/// [`FileError::Unencodable`](super::FileError::Unencodable).
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::file::{Encoded, Packed, Stored};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// struct Person {
///     name: String,
///     born: Option<u16>,
/// }
///
/// impl Stored for Person {
///     type Form = Encoded<Self>;
///     const NAME: &'static str = "Person";
/// }
///
/// let ada = Person { name: "Ada Lovelace".into(), born: Some(1815) };
/// let mut bytes = Vec::new();
/// PathMap::from([("ada", ada.clone())]).save(&mut bytes)?;
///
/// assert_eq!(PathMap::<Person>::load(&bytes[..])?.get("ada"), Some(&ada));
/// let packed = Packed::<Person>::new(&bytes)?;
/// assert_eq!(packed.get("ada"), Some(ada)); // decoded, not lent
///
/// let error = Packed::<String>::new(&bytes).unwrap_err();
/// assert_eq!(error.to_string(), "the values are `Person (encoded)`, not `text`");
/// # Ok::<(), bytetrie::file::FileError>(())
/// ```
pub struct Encoded<V>(PhantomData<fn() -> V>);

impl<V> sealed::Sealed for Encoded<V> {}

impl<V: Serialize + DeserializeOwned> Form for Encoded<V> {
    type Value = V;
    type Lent<'a> = V;

    const KIND: Kind = Kind::Encoded;
    const SIZE: usize = 0;
    const ALIGN: usize = 1;

    fn write(value: &V, to: &mut Vec<u8>) -> io::Result<()> {
        let start = to.len();
        let fails = |error: postcard::Error, when: &str| {
            io::Error::other(Unencodable {
                type_name: std::any::type_name::<V>(),
                reason: format!("{when}{error}"),
            })
        };
        postcard::serialize_with_flavor(value, Appended(to)).map_err(|error| fails(error, ""))?;
        match bounded::decode::<V>(&to[start..]) {
            Ok(_) => Ok(()),
            Err(error) => Err(fails(error, "it cannot be decoded again: ")),
        }
    }
    fn hash(value: &V) -> u128 {
        let mut bytes = Vec::new();
        // A value without an encoding is in no file, so no commit tells its hash.
        Self::write(value, &mut bytes).map_or(0, |()| xxh3_128(&bytes))
    }
    fn lend(bytes: &[u8]) -> Option<V> {
        Self::read(bytes)
    }
    fn read(bytes: &[u8]) -> Option<V> {
        bounded::decode(bytes).ok()
    }
    fn read_column(_: &[u8], _: usize, _: &mut Vec<V>) -> bool {
        false // values with lengths of their own are in no column
    }
}

/// Bytes to which postcard appends a value.
struct Appended<'a>(&'a mut Vec<u8>);

impl Flavor for Appended<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}
