//! Streams of paths: samples, damage, and the reader.

use super::mutate::damage;
use crate::paths_serialization::{PathsReader, PathsWriter, deserialize_paths};
use crate::testing::keys::Rng;
use crate::trie::PathMap;

/// Reads the paths of a stream, of which there may be many; returns whether all were read.
///
/// # Panics
/// Panics if the reader breaks a promise.
#[must_use]
pub fn read(bytes: &[u8]) -> bool {
    const LONGEST: usize = 1 << 16;
    let mut reader = PathsReader::new(bytes).max_path_len(LONGEST);
    for _ in 0..10_000 {
        match reader.next_path() {
            Ok(Some(path)) => assert!(path.len() <= LONGEST),
            Ok(None) => {
                let mut map = PathMap::new();
                deserialize_paths(map.write_zipper(), bytes, ()).unwrap();
                map.check().unwrap();
                assert!(map.val_count() <= reader.stats().path_count);
                return true;
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                return false;
            }
        }
    }
    false
}

/// A stream that is whole, damaged, or compresses damaged bytes.
///
/// # Panics
/// Panics if it cannot be written.
#[must_use]
pub fn damaged(rng: &mut Rng) -> Vec<u8> {
    let paths: Vec<Vec<u8>> = (0..rng.below(20))
        .map(|_| {
            let len = rng.below(40);
            (0..len).map(|_| b"ab"[rng.below(2)]).collect()
        })
        .collect();
    let times = 1 + rng.skewed_below(4);
    if rng.one_in(2) {
        let mut bytes = Vec::new();
        let mut writer = PathsWriter::new(&mut bytes);
        paths.iter().try_for_each(|path| writer.push(path)).expect("a stream in memory");
        writer.finish().expect("a stream in memory");
        (0..times).for_each(|_| damage(&mut bytes, rng));
        return bytes;
    }
    let mut bytes: Vec<u8> =
        paths.iter().flat_map(|path| [&(path.len() as u32).to_le_bytes()[..], path].concat()).collect();
    (0..times).for_each(|_| damage(&mut bytes, rng));
    stored(&bytes)
}

/// A zlib stream of bytes as they are, with the right checksum.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let (mut low, mut high) = (1u32, 0u32);
    for &byte in bytes {
        low = (low + u32::from(byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    for block in bytes.chunks(0xffff) {
        stream.push(0);
        stream.extend((block.len() as u16).to_le_bytes());
        stream.extend((!(block.len() as u16)).to_le_bytes());
        stream.extend(block);
    }
    stream.extend([1, 0, 0, 0xff, 0xff]);
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}
