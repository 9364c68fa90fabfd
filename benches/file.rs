//! Sizes of files, and the time to save and load a map beside the time to build it.
//!
//! `cargo bench -p bytetrie-benches --bench file [KEYS]` prints a table. Rates are those of the
//! map's bytes in memory. Each time is the least of several runs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::file::Stored;
use bytetrie::testing::keys;
use bytetrie::zipper::*;

/// The least time of some runs, and the last result.
fn time<R>(mut run: impl FnMut() -> R) -> (Duration, R) {
    let mut best = Duration::MAX;
    let mut result = None;
    for _ in 0..5 {
        drop(result.take());
        let start = Instant::now();
        let made = black_box(run());
        best = best.min(start.elapsed());
        result = Some(made);
    }
    (best, result.expect("there were runs"))
}

/// Inserts sorted keys by one zipper, which remembers where the last one was.
fn fill<V: Copy + Send + Sync + Unpin>(keys: &[Vec<u8>], value: impl Fn(usize) -> V) -> PathMap<V> {
    let mut map = PathMap::new();
    let mut writer = map.write_zipper();
    for (i, key) in keys.iter().enumerate() {
        writer.move_to_path(key);
        writer.set_val(value(i));
    }
    drop(writer);
    map
}

fn row<V: Stored + Copy + PartialEq + Send + Sync + Unpin>(
    name: &str,
    keys: &[Vec<u8>],
    value: impl Fn(usize) -> V,
) {
    let mut sorted = keys.to_vec();
    sorted.sort();
    let (filling, _) = time(|| fill(&sorted, &value));
    let (building, _) =
        time(|| PathMap::from_sorted_iter(sorted.iter().enumerate().map(|(i, key)| (key, value(i)))));
    let map: PathMap<V> = keys.iter().enumerate().map(|(i, key)| (key, value(i))).collect();
    let mut bytes = Vec::new();
    map.save(&mut bytes).expect("memory can be written");
    let (saving, ()) = time(|| {
        bytes.clear();
        map.save(&mut bytes).expect("memory can be written");
    });
    let (loading, copy) = time(|| PathMap::<V>::load(&bytes[..]).expect("the bytes are whole"));
    assert!(copy == map);
    let memory = map.heap_size();
    let rate = |time: Duration| memory as f64 / 1e6 / time.as_secs_f64();
    let each = |bytes: usize| bytes as f64 / keys.len() as f64;
    println!(
        "{name:<20}{:>8.1}{:>8.1}{:>10.0}{:>10.0}{:>10.2}{:>10.2}",
        each(memory),
        each(bytes.len()),
        rate(saving),
        rate(loading),
        loading.as_secs_f64() / filling.as_secs_f64(),
        loading.as_secs_f64() / building.as_secs_f64(),
    );
}

fn main() {
    let n = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000_000);
    println!(
        "{:<20}{:>8}{:>8}{:>10}{:>10}{:>10}{:>10}",
        "", "memory", "file", "save MB/s", "load MB/s", "load/fill", "load/build"
    );
    for (name, keys) in [
        ("words", keys::words(n, 1)),
        ("random u64", keys::random_u64(n, 2)),
        ("consecutive u64", keys::consecutive_u64(n)),
        ("file paths", keys::file_paths(n / 4, 3)),
    ] {
        row(&format!("{name}, u64"), &keys, |i| i as u64);
        row(&format!("{name}, ()"), &keys, |_| ());
    }
}
