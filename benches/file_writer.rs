//! What a `Writer` costs and saves with registries of several sizes, and on long nested paths.
//!
//! `cargo bench -p bytetrie-benches --bench file_writer [KEYS]` prints a table. Each time is the
//! least of several runs.

use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::file::{Finished, Stored, Writer, WriterOptions};
use bytetrie::testing::keys;

/// The least time of some runs, and the last result.
fn time<R>(mut run: impl FnMut() -> R) -> (Duration, R) {
    let mut best = Duration::MAX;
    let mut last = None;
    for _ in 0..7 {
        let start = Instant::now();
        last = Some(run());
        best = best.min(start.elapsed());
    }
    (best, last.expect("there were runs"))
}

fn row<V: Stored + Clone>(name: &str, keys: &[Vec<u8>], value: impl Fn(usize) -> V) {
    for registry in [0, 64, 1_000, 10_000, 100_000] {
        let options = WriterOptions::new().registry(registry);
        let (time, Finished { bytes, nodes, merged, .. }) = time(|| {
            let mut writer = options.write_to(std::io::sink()).expect("values can be written");
            for (i, key) in keys.iter().enumerate() {
                writer.push(key, value(i)).expect("the keys are sorted");
            }
            writer.finish().expect("a sink does not fail")
        });
        let each = |of: f64| of / keys.len() as f64;
        println!(
            "{name:<28}{registry:>9}{:>10.1}{:>9.2}{nodes:>10}{merged:>10}",
            each(time.as_secs_f64() * 1e9),
            each(bytes as f64)
        );
    }
}

/// Values at each of `len` bytes of one path, pushed and from a zipper.
fn nested(len: usize) {
    let path = vec![b'a'; len];
    let writer = || Writer::new(std::io::sink()).expect("values can be written");
    let (pushing, _) = time(|| {
        let mut writer = writer();
        (1..=len).for_each(|len| writer.push(&path[..len], len as u32).expect("in order"));
        writer.finish().expect("a sink does not fail")
    });
    let map: PathMap<u32> = (1..=len).map(|len| (&path[..len], len as u32)).collect();
    let (zipping, _) = time(|| {
        let mut writer = writer();
        writer.push_zipper([], &mut map.read_zipper()).expect("in order");
        writer.finish().expect("a sink does not fail")
    });
    println!("{len} nested paths: {pushing:.1?} pushed, {zipping:.1?} from a zipper");
}

fn main() {
    let n = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000_000);
    println!("{:<28}{:>9}{:>10}{:>9}{:>10}{:>10}", "", "registry", "ns a key", "bytes", "nodes", "merged");
    let sorted = |mut keys: Vec<Vec<u8>>| {
        keys.sort();
        keys.dedup();
        keys
    };
    let words = sorted(keys::words(n, 1));
    row("words, distinct u64", &words, |i| i as u64);
    row("words, one of ten u64", &words, |i| i as u64 * 7 % 10);
    row("words, ()", &words, |_| ());
    let paths = sorted(keys::file_paths(n / 4, 3));
    row("file paths, distinct u64", &paths, |i| i as u64);
    row("file paths, ()", &paths, |_| ());
    let random = sorted(keys::random_u64(n, 2));
    row("random u64, distinct u64", &random, |i| i as u64);
    row("consecutive u64, one of ten", &keys::consecutive_u64(n), |i| i as u64 % 10);
    [5_000, 10_000, 20_000].into_iter().for_each(nested);
}
