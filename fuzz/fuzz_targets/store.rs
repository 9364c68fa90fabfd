//! Opening a store with recovery: the bytes as they are, and with right checksums.

#![no_main]

use bytetrie::testing::files::{Readers, repair};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: Vec<u8>| {
    let _ = Readers::for_file(&bytes).store(&bytes);
    let mut bytes = bytes;
    repair(&mut bytes);
    let _ = Readers::for_file(&bytes).store(&bytes);
});
