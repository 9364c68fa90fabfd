//! Random damage to files, for each reader of bytes that are not trusted: no panic, no call that
//! does not end, and no memory beyond a bound.
//!
//! These tests are a program of their own, because its global allocator counts bytes. The fuzzers
//! of `fuzz/` call the same functions. `BYTETRIE_FUZZ_FILES` sets the number of files for each
//! reader, and `BYTETRIE_FUZZ_SEED` the first seed.

mod memory;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use bytetrie::testing::files::mutate::{damage_file, damage_tail};
use bytetrie::testing::files::{Readers, streams};
use bytetrie::testing::keys::Rng;

/// The time in which every call ends, also on a busy machine that checks each access to memory.
const LONGEST: Duration = Duration::from_secs(20);

/// The bytes that a reader may hold at the same time, for a file of a length. A node takes about
/// four kilobytes at most, and its record at least 40 bytes; most of this is for the steps of the
/// test itself, which saves, loads and compares maps.
const fn allowed(len: usize) -> usize {
    (2 << 20) + 256 * len
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Gives damaged bytes to a reader, many times.
fn fuzz<F>(name: &str, make: impl Fn(&mut Rng) -> F, read: impl Fn(&F) -> (usize, bool)) {
    let files = number("BYTETRIE_FUZZ_FILES", 3_000);
    let first = number("BYTETRIE_FUZZ_SEED", 1);
    let (mut accepted, mut slowest, mut largest) = (0, Duration::ZERO, 0);
    for seed in first..first + files {
        let file = make(&mut Rng::new(seed));
        let start = Instant::now();
        let (result, peak) = memory::peak(|| catch_unwind(AssertUnwindSafe(|| read(&file))));
        let (len, is_accepted) = result.unwrap_or_else(|panic| {
            eprintln!("{name}: the file of seed {seed}");
            resume_unwind(panic)
        });
        slowest = slowest.max(start.elapsed());
        largest = largest.max(peak);
        assert!(slowest < LONGEST, "{name}: seed {seed} takes {slowest:?}");
        assert!(peak < allowed(len), "{name}: seed {seed}, {len} bytes, needs {peak} bytes");
        accepted += u64::from(is_accepted);
    }
    println!("{name}: {files} files, {accepted} accepted, slowest {slowest:?}, peak {largest} bytes");
    assert!(accepted > files / 100 && accepted < files, "both answers are reached");
}

/// A damaged file, and the readers for its type.
fn file(rng: &mut Rng) -> (&'static Readers, Vec<u8>) {
    let readers = Readers::any(rng);
    let mut bytes = readers.file(rng);
    damage_file(&mut bytes, rng);
    (readers, bytes)
}

#[test]
fn load() {
    fuzz("load", file, |(readers, bytes)| (bytes.len(), readers.load(bytes)));
}

#[test]
fn packed() {
    fuzz("packed", file, |(readers, bytes)| (bytes.len(), readers.packed(bytes)));
}

#[test]
fn store() {
    fuzz("store", file, |(readers, bytes)| (bytes.len(), readers.store(bytes)));
}

#[test]
fn tail() {
    let make = |rng: &mut Rng| {
        let readers = Readers::any(rng);
        let (base, mut tail) = readers.base_and_tail(rng);
        damage_tail(&mut tail, &base, rng);
        (readers, base, tail)
    };
    fuzz("tail", make, |(readers, base, tail)| (base.len() + tail.len(), readers.tail(base, tail)));
}

#[test]
fn paths() {
    fuzz("paths", streams::damaged, |bytes| (bytes.len(), streams::read(bytes)));
}

/// Without damage every reader accepts the files.
#[test]
fn whole_files_are_accepted() {
    for seed in 0..500 {
        let rng = &mut Rng::new(seed);
        let readers = Readers::any(rng);
        let bytes = readers.file(rng);
        assert!(readers.load(&bytes) && readers.packed(&bytes) && readers.store(&bytes), "seed {seed}");
        let (base, tail) = readers.base_and_tail(rng);
        assert!(readers.tail(&base, &tail), "seed {seed}");
    }
}
