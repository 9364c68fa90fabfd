//! Reading the forms of serde: in a binary and in a text format.

#![no_main]

use bytetrie::{ByteMask, PathMap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(map) = postcard::from_bytes::<PathMap<u16>>(bytes) {
        map.check().unwrap();
    }
    if let Ok(map) = serde_json::from_slice::<PathMap<u16>>(bytes) {
        map.check().unwrap();
        let again = serde_json::to_vec(&map).unwrap();
        assert!(serde_json::from_slice::<PathMap<u16>>(&again).unwrap() == map);
    }
    let _ = postcard::from_bytes::<ByteMask>(bytes);
});
