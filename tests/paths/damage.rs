//! Streams that are cut off, damaged, or no streams at all.

use std::io::ErrorKind::{self, InvalidData, UnexpectedEof};
use std::io::Read;
use std::sync::LazyLock;

use bytetrie::PathMap;
use bytetrie::paths_serialization::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::stored::{content, stored};
use crate::tries::config;
use crate::{Slow, golden, golden_stream, read, write};

/// A stream, and its paths.
type Stream = (Vec<u8>, Vec<Vec<u8>>);

/// Short streams: of this crate, of `pathmap`, and by hand.
static STREAMS: LazyLock<Vec<Stream>> = LazyLock::new(|| {
    let mut streams = Vec::new();
    for (name, paths) in golden::sets() {
        if name != "numbers" && name != "long" {
            streams.push((golden_stream(name), paths.clone()));
            streams.push((stored(&content(&paths), 100), paths.clone()));
            streams.push((write(&paths), paths));
        }
    }
    streams
});

/// Reads into a map, and checks that an error left it as it was.
fn read_into_map(stream: &[u8]) -> Option<PathMap<u64>> {
    let before = PathMap::from([("a", 1u64), ("at/b", 2), ("at", 3)]);
    let mut map = before.clone();
    let read = deserialize_paths(map.write_zipper_at_path(b"at"), stream, 7);
    if read.is_err() {
        assert_eq!(map, before);
    }
    map.check().unwrap();
    read.ok().map(|_| map)
}

#[test]
fn every_prefix_is_an_error() {
    for (stream, paths) in &*STREAMS {
        for len in 0..stream.len() {
            assert_eq!(read(&stream[..len]).unwrap_err().kind(), UnexpectedEof);
            assert!(read_into_map(&stream[..len]).is_none());
        }
        assert_eq!(read(&stream[..]).unwrap(), *paths);
    }
}

#[test]
fn every_flipped_bit_is_an_error_or_has_no_effect() {
    let (mut errors, mut same) = (0, 0);
    for (stream, paths) in &*STREAMS {
        for bit in 0..8 * stream.len() {
            let mut flipped = stream.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            match read(&flipped[..]) {
                Ok(found) => {
                    assert_eq!(found, *paths, "bit {bit}");
                    same += 1;
                }
                Err(error) => {
                    assert!([InvalidData, UnexpectedEof].contains(&error.kind()), "bit {bit}: {error}");
                    assert!(read_into_map(&flipped).is_none());
                    errors += 1;
                }
            }
        }
    }
    // The bits that align what follows the last block have no effect.
    assert!(same > 0 && errors > 50 * same, "{errors} errors, {same} without effect");
}

#[test]
fn content_that_ends_within_a_path_is_an_error() {
    let content = content(&["rom", "", "romane"]);
    let ends = [0, 7, 11, 21];
    for len in 0..=content.len() {
        let stream = stored(&content[..len], 5);
        match read(&stream[..]) {
            Ok(paths) => assert_eq!(paths.len(), ends.iter().position(|&end| end == len).unwrap()),
            Err(error) => {
                assert!(!ends.contains(&len));
                assert_eq!(error.kind(), InvalidData);
                assert!(error.to_string().contains("ends within a "), "{error}");
            }
        }
        assert_eq!(read_into_map(&stream).is_some(), ends.contains(&len));
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let message = |stream: &[u8]| read(stream).unwrap_err().to_string();
    let cut = "a stream of paths is cut off: the source ends before it";
    assert_eq!(message(b""), cut);
    assert_eq!(message(&write(&["a"])[..9]), cut);
    assert_eq!(message(b"no stream"), "a stream of paths is damaged: it does not begin like a zlib stream");
    let mut stream = write(&["a"]);
    *stream.last_mut().unwrap() ^= 1;
    assert_eq!(message(&stream), "a stream of paths is damaged: zlib refuses its bytes or their checksum");
    assert_eq!(message(b"\x78\x20\0\0\0\0"), "a stream of paths is damaged: it needs a dictionary");
    let claimed = stored(b"\xFF\xFF\xFF\xFFabc", 100);
    assert_eq!(message(&claimed), "a stream of paths is damaged: it ends within a path");
}

#[test]
fn long_paths_are_refused() {
    let stream = write(&["a", "abcd", "abcde", "b"]);
    let mut reader = PathsReader::new(&stream[..]).max_path_len(4);
    assert_eq!(reader.next_path().unwrap(), Some(&b"a"[..]));
    assert_eq!(reader.next_path().unwrap(), Some(&b"abcd"[..]));
    for _ in 0..2 {
        let error = reader.next_path().unwrap_err();
        assert_eq!(error.kind(), InvalidData);
        assert!(error.to_string().ends_with("a path of 5 bytes exceeds the limit of 4"), "{error}");
    }
}

#[test]
fn errors_are_repeated() {
    let mut damaged = write(&["a", "b"]);
    *damaged.last_mut().unwrap() ^= 1;
    for stream in [damaged, stored(b"\x09\0\0\0a", 100), write(&["a"])[..8].to_vec(), b"no stream".to_vec()] {
        let mut reader = PathsReader::new(&stream[..]);
        let first = loop {
            match reader.next_path() {
                Ok(path) => assert!(path.is_some()),
                Err(error) => break error,
            }
        };
        for _ in 0..3 {
            let again = reader.next_path().unwrap_err();
            assert_eq!((again.kind(), again.to_string()), (first.kind(), first.to_string()));
        }
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn arbitrary_bytes_do_not_panic(mut stream in vec(any::<u8>(), 0..200), header in any::<bool>()) {
        if header {
            stream.splice(0..0, [0x78, 0x9C]);
        }
        let _ = read(&stream[..]);
        let _ = read_into_map(&stream);
    }

    #[test]
    fn arbitrary_content_is_read_or_refused(content in vec(prop_oneof![0..3u8, any::<u8>()], 0..60)) {
        let stream = stored(&content, 7);
        if let Ok(paths) = read(&stream[..]) {
            prop_assert_eq!(self::content(&paths), content);
        }
    }

    #[test]
    fn damaged_streams_do_not_panic(
        (which, edits) in (any::<prop::sample::Index>(), vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)),
    ) {
        let (mut stream, paths) = STREAMS[which.index(STREAMS.len())].clone();
        for (at, byte) in edits {
            let at = at.index(stream.len());
            stream[at] = byte;
        }
        let (found, error) = read_until_error(&stream[..]);
        if error.is_none() {
            prop_assert_eq!(&found, &paths);
        }
        // How the source is read makes no difference.
        prop_assert_eq!(read_until_error(Slow(&stream, 1)), (found, error));
    }
}

/// Reads the paths before the first error, and the error.
fn read_until_error(source: impl Read) -> (Vec<Vec<u8>>, Option<(ErrorKind, String)>) {
    let mut reader = PathsReader::new(source);
    let mut paths = Vec::new();
    loop {
        match reader.next_path() {
            Ok(Some(path)) => paths.push(path.to_vec()),
            Ok(None) => return (paths, None),
            Err(error) => return (paths, Some((error.kind(), error.to_string()))),
        }
    }
}
