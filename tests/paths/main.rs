//! Streams of paths: the format, damaged streams, and targets, sources and closures that fail.
#![cfg_attr(feature = "nightly", feature(coroutine_trait))]

#[path = "../common/tries.rs"]
mod tries;

#[cfg(feature = "nightly")]
mod coroutine;
mod damage;
mod format;
mod golden;
mod stored;
mod user_code;

use bytetrie::paths_serialization::*;

/// Writes `paths` as a stream.
fn write<P: AsRef<[u8]>>(paths: &[P]) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut writer = PathsWriter::new(&mut stream);
    for path in paths {
        writer.push(path).unwrap();
    }
    let stats = writer.finish().unwrap();
    assert_eq!((stats.bytes_out, stats.path_count), (stream.len(), paths.len()));
    assert_eq!(stats.bytes_in, paths.iter().map(|path| 4 + path.as_ref().len()).sum());
    stream
}

/// Reads all paths of a stream.
fn read(source: impl std::io::Read) -> std::io::Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    let stats = for_each_deserialized_path(source, |index, path| {
        assert_eq!(index, paths.len());
        paths.push(path.to_vec());
        Ok(())
    })?;
    assert_eq!(stats.path_count, paths.len());
    assert_eq!(stats.bytes_out, paths.iter().map(|path| 4 + path.len()).sum());
    Ok(paths)
}

/// Returns a stream that `pathmap` wrote.
fn golden_stream(name: &str) -> Vec<u8> {
    let file = format!("{}/tests/paths/golden/{name}.paths", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(file).unwrap()
}

/// A source that returns at most `.1` bytes at once.
struct Slow<'a>(&'a [u8], usize);

impl std::io::Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let len = buffer.len().min(self.1);
        self.0.read(&mut buffer[..len])
    }
}
