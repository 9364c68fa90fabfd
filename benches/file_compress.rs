//! A map of words with values, saved and loaded plainly, and through zstd and lz4.
//!
//! `cargo bench -p bytetrie-benches --bench file_compress [KEYS]` prints a table. Each time is the
//! least of several runs.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::file::FileError;
use bytetrie::testing::keys;

type Map = PathMap<u64>;

/// The least time of some runs, and the last result.
fn time<R>(mut run: impl FnMut() -> R) -> (Duration, R) {
    let mut best = Duration::MAX;
    let mut last = None;
    for _ in 0..5 {
        drop(last.take());
        let start = Instant::now();
        last = Some(run());
        best = best.min(start.elapsed());
    }
    (best, last.expect("there were runs"))
}

fn row(
    name: &str,
    map: &Map,
    save: impl Fn(&Map) -> Result<Vec<u8>, FileError>,
    load: impl Fn(&[u8]) -> Result<Map, FileError>,
) {
    let (saving, bytes) = time(|| save(map).expect("memory can be written"));
    let (loading, copy) = time(|| load(&bytes).expect("the bytes are whole"));
    assert!(copy == *map);
    let each = bytes.len() as f64 / map.len() as f64;
    println!("{name:<12}{:>12}{each:>8.2}{saving:>12.1?}{loading:>12.1?}", bytes.len());
}

fn save_zstd(map: &Map, level: i32) -> Result<Vec<u8>, FileError> {
    let mut encoder = zstd::Encoder::new(Vec::new(), level)?;
    map.save(&mut encoder)?;
    Ok(encoder.finish()?)
}

fn main() {
    let n = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000_000);
    let map: Map = keys::words(n, 1).iter().zip(0..).collect();
    println!("{:<12}{:>12}{:>8}{:>12}{:>12}", "", "bytes", "a key", "save", "load");
    let plain = |map: &Map| {
        let mut bytes = Vec::new();
        map.save(&mut bytes)?;
        Ok(bytes)
    };
    row("plain", &map, plain, |bytes| Map::load(bytes));
    for level in [1, 3, 9] {
        let load = |bytes: &[u8]| Map::load(zstd::Decoder::new(bytes)?);
        row(&format!("zstd {level}"), &map, |map| save_zstd(map, level), load);
    }
    let save_lz4 = |map: &Map| {
        let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
        map.save(&mut encoder)?;
        encoder.finish().map_err(|error| io::Error::from(error).into())
    };
    row("lz4", &map, save_lz4, |bytes| Map::load(lz4_flex::frame::FrameDecoder::new(bytes)));
    // For comparison: the keys and values alone, one after another.
    let list: Vec<u8> =
        map.iter().flat_map(|(key, value)| [&key[..], &value.to_le_bytes()].concat()).collect();
    let mut compressed = Vec::new();
    zstd::stream::read::Encoder::new(&list[..], 3)
        .and_then(|mut encoder| encoder.read_to_end(&mut compressed))
        .expect("memory can be read");
    println!("a sorted list has {} bytes, {} by zstd 3", list.len(), compressed.len());
}
