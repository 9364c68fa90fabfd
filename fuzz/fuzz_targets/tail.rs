//! Applying a tail. The input is the seed of a store and of a tail that continues it, and the
//! tail's bytes, which are given the right front and checksums.

#![no_main]

use bytetrie::testing::files::{FRONT_OF_TAIL, Readers, tail_with};
use bytetrie::testing::keys::Rng;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (seed, bytes) = input;
    let rng = &mut Rng::new(seed.into());
    let readers = Readers::any(rng);
    let (base, tail) = readers.base_and_tail(rng);
    let _ = readers.tail(&base, bytes);
    let tail = tail_with(&tail[..FRONT_OF_TAIL], bytes.to_vec(), &base);
    let _ = readers.tail(&base, &tail);
});
