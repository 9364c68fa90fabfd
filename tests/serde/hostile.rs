//! Malformed, lying and very deep inputs.

use std::collections::BTreeMap;
use std::thread;

use bytetrie::formats::{as_set, unescape};
use bytetrie::testing::keys;
use bytetrie::{ByteMask, PathMap};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Set(#[serde(with = "as_set")] PathMap<()>);

proptest! {
    /// Compares with std's types, which have the same form in postcard.
    #[test]
    fn any_bytes_are_an_error_or_the_map_that_std_reads(
        bytes in prop::collection::vec(prop_oneof![0..8u8, any::<u8>()], 0..60)
    ) {
        let map = postcard::from_bytes::<PathMap<u16>>(&bytes);
        let model = postcard::from_bytes::<BTreeMap<Vec<u8>, u16>>(&bytes);
        prop_assert_eq!(map.ok(), model.ok().map(PathMap::from));
        let set = postcard::from_bytes::<Set>(&bytes);
        let model = postcard::from_bytes::<Vec<Vec<u8>>>(&bytes);
        prop_assert_eq!(set.ok().map(|set| set.0), model.ok().map(PathMap::from_iter));
        let mask = postcard::from_bytes::<ByteMask>(&bytes);
        let model = postcard::from_bytes::<Vec<u8>>(&bytes);
        prop_assert_eq!(mask.is_ok(), model.is_ok_and(|bytes| bytes.len() == 32));
        drop(ciborium::from_reader::<PathMap<u16>, _>(&bytes[..]));
        drop(serde_json::from_slice::<PathMap<u16>>(&bytes));
    }

    #[test]
    fn any_strings_are_an_error_or_paths(
        texts in prop::collection::btree_map(prop_oneof![r"[a\\xc3fü]{0,6}", any::<String>()], 0..9u8, 0..12)
    ) {
        let json = serde_json::to_string(&texts).unwrap();
        let read = serde_json::from_str::<PathMap<u8>>(&json);
        let model: Result<Vec<_>, _> =
            texts.iter().map(|(text, value)| Ok((unescape(text)?, *value))).collect();
        match model {
            Ok(entries) => prop_assert_eq!(read.unwrap(), entries.into_iter().collect()),
            Err(error) => {
                let error: bytetrie::formats::EscapeError = error;
                prop_assert!(read.unwrap_err().to_string().contains(&error.to_string()));
            }
        }
    }

    #[test]
    fn a_part_of_an_input_is_an_error(entries in prop::collection::btree_map("[a-c]{0,5}", any::<u16>(), 1..9)) {
        let map = PathMap::from(entries);
        let (json, bytes) = (serde_json::to_vec(&map).unwrap(), postcard::to_allocvec(&map).unwrap());
        for len in 0..json.len() {
            prop_assert!(serde_json::from_slice::<PathMap<u16>>(&json[..len]).is_err());
        }
        for len in 0..bytes.len() {
            prop_assert!(postcard::from_bytes::<PathMap<u16>>(&bytes[..len]).is_err());
        }
    }
}

/// An allocation for the lengths that these inputs state would abort the test.
#[test]
fn lengths_are_not_trusted() {
    // A map of 2⁶³ entries, a key of 2⁶³ bytes.
    let map = [0xbb, 0x80, 0, 0, 0, 0, 0, 0, 0];
    let key = [0xa1, 0x9b, 0x80, 0, 0, 0, 0, 0, 0, 0, 1];
    assert!(ciborium::from_reader::<PathMap<u16>, _>(&map[..]).is_err());
    assert!(ciborium::from_reader::<PathMap<u16>, _>(&key[..]).is_err());
    let lying = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    assert!(postcard::from_bytes::<PathMap<u16>>(&lying).is_err());
    assert!(postcard::from_bytes::<Set>(&lying).is_err());
}

#[test]
fn deep_maps_need_no_stack() {
    let run = || {
        let mut map = PathMap::new();
        for (i, path) in keys::long(1 << 20, 1).iter().enumerate() {
            map.insert(path, i);
        }
        for (i, path) in keys::nested(2_000).iter().enumerate() {
            map.insert(path, i);
        }
        let json = serde_json::to_string(&map).unwrap();
        assert!(serde_json::from_str::<PathMap<usize>>(&json).unwrap() == map);
        let bytes = postcard::to_allocvec(&map).unwrap();
        assert!(postcard::from_bytes::<PathMap<usize>>(&bytes).unwrap() == map);
    };
    thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}
