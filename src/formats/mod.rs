//! Maps, sets of paths and sets of bytes in the formats of [serde](https://serde.rs) (feature
//! `serde`).
//!
//! [`PathMap`](crate::PathMap) implements `Serialize` and `Deserialize` as a map.
//!
//! This module is not named `serde`, because the name would be ambiguous in a program that has
//! `use bytetrie::*` and also uses the crate `serde`.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//!
//! let map = PathMap::from([(&b"romane"[..], 1), (b"C:\\temp", 2), (b"id/\xff", 3)]);
//! let json = serde_json::to_string(&map).unwrap();
//! assert_eq!(json, r#"{"C:\\\\temp":2,"id/\\xff":3,"romane":1}"#);
//! assert_eq!(serde_json::from_str::<PathMap<u32>>(&json).unwrap(), map);
//! ```
//! JSON writes each backslash of a string as two.
//!
//! # What is written
//! | | human-readable formats, such as JSON | binary formats, such as CBOR and postcard |
//! |---|---|---|
//! | a path | a string, [escaped](escape) | bytes, unchanged |
//! | [`PathMap`](crate::PathMap) | a map from paths to values, in path order | likewise |
//! | `PathMap<()>` by [`as_set`] | a sequence of paths, in path order | likewise |
//! | [`ByteMask`](crate::ByteMask) | a sequence of numbers, in order | 32 bytes: byte `b` of the set is bit `b % 8` of byte `b / 8` |
//! | [`Max`], [`Min`], [`Or`], [`And`], [`Sum`] | the wrapped value | likewise |
//! | [`Snapshot`](crate::Snapshot), [`SharedMap`](crate::SharedMap) | the map | likewise |
//!
//! The format decides, by serde's `is_human_readable`.
//!
//! **Dangling paths are not written**, since they are not entries of the map. So a map that has
//! dangling paths is read back without them, and does not equal the original.
//!
//! **Sharing is not written.** A subtrie that a map uses several times is written each time, and
//! the map that is read shares nothing. [`PathMap::merkleize`](crate::PathMap::merkleize) makes
//! equal subtries one node again.
//!
//! # Strings and paths
//! A path that is UTF-8 and has no backslash is written as it is. So a map with such paths and a
//! `BTreeMap<String, V>` have the same form. In other paths, each backslash is written as `\\`,
//! and each byte that is not part of UTF-8 as `\x` and two hexadecimal digits. The escape begins
//! with a backslash, because few paths of files, addresses and terms contain one, unlike `%`,
//! which is frequent in addresses. Base64 would need no escapes, but nobody could read it.
//!
//! [`escape`] and [`unescape`] convert between paths and strings, for programs that read such keys
//! without this crate's types.
//!
//! # What is read
//! - Entries may be in any order; path order is fastest. If several entries have one path, the
//!   last of them wins, as in std's maps.
//! - A path may also be a sequence of numbers. In human-readable formats it may be bytes, and in
//!   binary formats a string, if the format itself reads these where it is asked for the other.
//!   Only strings of human-readable formats are unescaped.
//! - The lengths that an input states are not trusted: nothing is allocated here for entries and
//!   bytes that do not follow. No input causes a panic here, and long paths need no stack.
//! - A string with a malformed escape is an error, which names the string:
//!
//! ```
//! use bytetrie::PathMap;
//!
//! let error = serde_json::from_str::<PathMap<u32>>(r#"{"dir\\name": 1}"#).unwrap_err();
//! assert!(error.to_string().contains(r#"the path "dir\\name""#));
//! ```
//!
//! [`Max`]: crate::algebra::Max
//! [`Min`]: crate::algebra::Min
//! [`Or`]: crate::algebra::Or
//! [`And`]: crate::algebra::And
//! [`Sum`]: crate::algebra::Sum

pub mod as_set;
mod escape;
mod key;
mod map;
mod mask;
mod wrappers;

pub use crate::error::EscapeError;
pub use escape::{escape, unescape};
