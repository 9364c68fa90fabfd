//! Cut, changed and made-up bytes: an error or the right content.

use std::fmt::Debug;

use bytetrie::PathMap;
use bytetrie::file::{FileError, Stored};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::saved;
use crate::tries::{config, recipes};

fn samples() -> Vec<PathMap<u64>> {
    let words = ["", "romane", "romanus", "romulus", "rubens", "ruber", "rubicon", "rubicundus"];
    let mut dangling = PathMap::single("ab", 1);
    dangling.create_path("abc");
    dangling.create_path("b");
    vec![
        PathMap::new(),
        PathMap::single("", 1),
        words.into_iter().zip(1..).collect(),
        (0..60u8).map(|i| ([i, i % 3], u64::from(i))).collect(),
        dangling,
    ]
}

/// Cuts the bytes of a map anywhere, and flips each bit.
pub(crate) fn check_damage<V: Stored + PartialEq + Debug>(map: &PathMap<V>) {
    let bytes = saved(map);
    for len in 0..bytes.len() {
        PathMap::<V>::load(&bytes[..len]).unwrap_err();
    }
    for bit in 0..bytes.len() * 8 {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let error = PathMap::<V>::load(&bytes[..]).unwrap_err();
        assert!(!error.to_string().is_empty() && !format!("{error:?}").is_empty());
    }
    for more in [&[0][..], &[0x80], &[0x82; 200], &bytes] {
        PathMap::<V>::load(&[&bytes[..], more].concat()[..]).unwrap_err();
    }
}

#[test]
fn each_cut_and_each_flip_is_an_error() {
    samples().iter().for_each(check_damage);
    for map in samples() {
        check_damage(&map.iter().map(|(path, i)| (path, "é".repeat(*i as usize))).collect());
        check_damage(&map.iter().map(|(path, _)| (path, ())).collect());
    }
    check_damage(&PathMap::single("long", vec![7u8; 1100]));
}

#[test]
fn errors_tell_what_to_do() {
    let load = |bytes: &[u8]| PathMap::<u64>::load(bytes).unwrap_err();
    assert_eq!(load(b"").to_string(), "not a trie: the file is empty");
    assert_eq!(load(b"\x89PNG\r\n\x1a\n").to_string(), r"not a trie: it begins with \x89PNG\r\n\x1a\n");
    assert!(matches!(load(b"\x89BTr"), FileError::NotATrie { found } if found == b"\x89BTr"));

    let map = PathMap::from([("a", 1u64)]);
    let bytes = saved(&map);
    let wrong = PathMap::<String>::load(&bytes[..]).unwrap_err();
    assert_eq!(wrong.to_string(), "the values are `u64 (8 bytes)`, not `text`");
    assert!(matches!(PathMap::<i64>::load(&bytes[..]), Err(FileError::WrongType { .. })));
    assert!(matches!(PathMap::<[u64; 2]>::load(&bytes[..]), Err(FileError::WrongType { .. })));

    let mut newer = bytes.clone();
    newer[8] = 9;
    assert!(matches!(load(&newer), FileError::NewerVersion { found: 9, newest: 1 }));

    let error = load(&bytes[..bytes.len() - 1]);
    let FileError::Damaged(damage) = &error else { panic!("{error:?}") };
    assert!(damage.offset() < bytes.len() as u64 && !damage.expected().is_empty());
    assert!(std::error::Error::source(&error).is_some());
}

/// A value with bytes that no value has.
#[test]
fn bytes_of_no_value_are_an_error() {
    let bytes = saved(&PathMap::from([("a", true), ("b", false)]));
    assert_eq!(PathMap::<bool>::load(&bytes[..]).unwrap().get("a"), Some(&true));
}

fn load_anything(bytes: &[u8]) {
    if let Ok(map) = PathMap::<u64>::load(bytes) {
        map.check().unwrap();
    }
    if let Ok(map) = PathMap::<String>::load(bytes) {
        map.check().unwrap();
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn arbitrary_bytes(bytes in vec(any::<u8>(), 0..600), with_header in any::<bool>()) {
        if with_header {
            let header = saved(&PathMap::<u64>::new());
            load_anything(&[&header[..48], &bytes].concat());
        } else {
            load_anything(&bytes);
        }
    }

    #[test]
    fn mutated_bytes(recipe in recipes(), edits in vec((any::<usize>(), any::<u8>(), 0..4u8), 1..6)) {
        let mut bytes = saved(&recipe.build());
        let original = bytes.clone();
        for (at, byte, kind) in edits {
            let at = at % bytes.len();
            match kind {
                0 => bytes[at] = byte,
                1 => bytes[at] ^= 1 << (byte % 8),
                2 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        if bytes != original {
            prop_assert!(PathMap::<u64>::load(&bytes[..]).is_err());
        }
    }
}
