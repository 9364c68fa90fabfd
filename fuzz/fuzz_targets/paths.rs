//! Reading a stream of paths.

#![no_main]

use bytetrie::testing::files::streams;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = streams::read(bytes);
});
