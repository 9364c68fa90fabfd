//! Applying a tail. The input is the seed of a store and of a tail that continues it, and the
//! tail's bytes, which are given the right front and checksums.

#![no_main]

use bytetrie::testing::files::{FRONT_OF_TAIL, Readers, repair_tail};
use bytetrie::testing::keys::Rng;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (seed, bytes) = input;
    let rng = &mut Rng::new(seed.into());
    let readers = Readers::any(rng);
    let (base, tail) = readers.base_and_tail(rng);
    let _ = readers.tail(&base, bytes);
    let mut tail = [&tail[..FRONT_OF_TAIL], bytes].concat();
    let half = |at: usize| u64::from_le_bytes(base[at..at + 8].try_into().unwrap());
    repair_tail(&mut tail, [half(24), half(32)]);
    let _ = readers.tail(&base, &tail);
});
