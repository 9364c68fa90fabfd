//! Writing files from sorted keys, compared with the builders of `fst`.

use std::hint::black_box;
use std::time::Instant;

use bytetrie::PathMap;
use bytetrie::file::WriterOptions;
use bytetrie::testing::keys;

use crate::args::Args;

/// A way to write a file: its title, and what returns the bytes of the file.
type Way = (&'static str, fn(&[Vec<u8>]) -> Vec<u8>);

/// The ways to write a map whose values are the numbers of the keys.
const MAPS: [Way; 4] = [
    ("bytetrie, Writer", |keys| write(keys, 10_000, |i| i)),
    ("bytetrie, Writer without registry", |keys| write(keys, 0, |i| i)),
    ("bytetrie, from_sorted_iter and save", |keys| save(keys, |i| i)),
    ("fst::MapBuilder", |keys| {
        let mut builder = fst::MapBuilder::memory();
        for (i, key) in keys.iter().enumerate() {
            builder.insert(key, i as u64).expect("the keys are sorted");
        }
        builder.into_inner().expect("memory can be written")
    }),
];

/// The ways to write a set.
const SETS: [Way; 4] = [
    ("bytetrie, Writer", |keys| write(keys, 10_000, drop)),
    ("bytetrie, Writer without registry", |keys| write(keys, 0, drop)),
    ("bytetrie, from_sorted_iter and save", |keys| save(keys, drop)),
    ("fst::SetBuilder", |keys| {
        let mut builder = fst::SetBuilder::memory();
        for key in keys {
            builder.insert(key).expect("the keys are sorted");
        }
        builder.into_inner().expect("memory can be written")
    }),
];

fn write<V: bytetrie::file::Stored>(keys: &[Vec<u8>], registry: usize, value: impl Fn(u64) -> V) -> Vec<u8> {
    let options = WriterOptions::new().registry(registry);
    let mut writer = options.write_to(Vec::new()).expect("the machine is little-endian");
    for (i, key) in (0..).zip(keys) {
        writer.push(key, value(i)).expect("the keys are sorted");
    }
    writer.finish().expect("memory can be written").write
}

fn save<V: bytetrie::file::Stored + Clone>(keys: &[Vec<u8>], value: impl Fn(u64) -> V) -> Vec<u8> {
    let map = PathMap::from_sorted_iter((0..).zip(keys).map(|(i, key)| (key, value(i))));
    let mut bytes = Vec::new();
    map.save(&mut bytes).expect("memory can be written");
    bytes
}

/// The figures of one way to write one key set.
pub(crate) struct Filed {
    /// The title of the way.
    pub(crate) title: &'static str,
    /// The name of the key set, and the type of the values.
    pub(crate) set: String,
    /// Nanoseconds a key, one sample for each round.
    pub(crate) nanos: Vec<f64>,
    /// The bytes of the file a key.
    pub(crate) bytes: f64,
}

/// Measures each way to write each key set. The ways take turns in each round.
pub(crate) fn measure(args: &Args) -> Vec<Filed> {
    let n = args.scaled(1_000_000);
    let mut filed = Vec::new();
    for (name, mut keys) in [
        ("words", keys::words(n, 1)),
        ("random u64", keys::random_u64(n, 2)),
        ("file paths", keys::file_paths(n / 4, 3)),
    ] {
        if !args.wants_set(name) {
            continue;
        }
        keys.sort_unstable();
        keys.dedup();
        for (values, ways) in [("u64", MAPS), ("()", SETS)] {
            let begin = |(title, _): Way| Filed {
                title,
                set: format!("{name}, {values}"),
                nanos: Vec::new(),
                bytes: 0.0,
            };
            let mut measured = ways.map(begin);
            for round in 0..args.rounds as usize {
                for turn in 0..ways.len() {
                    let way = (round + turn) % ways.len();
                    let start = Instant::now();
                    let bytes = black_box(ways[way].1(black_box(&keys)));
                    let nanos = start.elapsed().as_secs_f64() * 1e9;
                    measured[way].nanos.push(nanos / keys.len() as f64);
                    measured[way].bytes = bytes.len() as f64 / keys.len() as f64;
                }
            }
            filed.extend(measured);
        }
    }
    filed
}
