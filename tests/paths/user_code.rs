//! Targets, sources and closures that fail or panic.

use std::io::{self, ErrorKind, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytetrie::PathMap;
use bytetrie::paths_serialization::*;
use bytetrie::testing::values::{Event, Fuse};
use bytetrie::zipper::*;

use crate::{read, write};

/// What a target or a source does at one of its calls.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    Error(ErrorKind),
    Panic,
}

impl Trouble {
    fn strike(self) -> io::Error {
        match self {
            Trouble::Error(kind) => io::Error::new(kind, "trouble"),
            Trouble::Panic => panic!("trouble"),
        }
    }
}

/// A target that makes trouble at call number `at`, and otherwise takes up to 1,000 bytes.
struct Target {
    written: Vec<u8>,
    calls: usize,
    at: usize,
    trouble: Trouble,
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.calls += 1;
        if self.calls - 1 == self.at {
            return Err(self.trouble.strike());
        }
        let len = bytes.len().min(1_000);
        self.written.extend_from_slice(&bytes[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        panic!("the target is not flushed")
    }
}

/// Returns paths whose stream is written in more than one block.
fn many() -> Vec<Vec<u8>> {
    let number = |i: u32| i.wrapping_mul(0x9E37_79B9).to_be_bytes();
    let mut paths: Vec<_> = (0..4_000).map(|i| number(i).to_vec()).collect();
    paths.insert(2_000, (0..20_000).flat_map(number).collect());
    paths
}

/// Pushes all paths and finishes, going on after errors and panics. Returns the first error, or
/// `None` for a panic, and whether anything succeeded after it.
fn write_all(target: &mut Target, paths: &[Vec<u8>]) -> (Option<Option<io::Error>>, bool) {
    let mut writer = PathsWriter::new(target);
    let (mut first, mut later) = (None, false);
    for path in paths {
        match catch_unwind(AssertUnwindSafe(|| writer.push(path))) {
            Ok(Ok(())) => later |= first.is_some(),
            Ok(Err(error)) => _ = first.get_or_insert(Some(error)),
            Err(_) => _ = first.get_or_insert(None),
        }
    }
    match catch_unwind(AssertUnwindSafe(|| writer.finish())) {
        Ok(Ok(_)) => later |= first.is_some(),
        Ok(Err(error)) => _ = first.get_or_insert(Some(error)),
        Err(_) => _ = first.get_or_insert(None),
    }
    (first, later)
}

#[test]
fn a_failed_write_ends_a_stream() {
    let paths = many();
    let target = |at, trouble| Target { written: Vec::new(), calls: 0, at, trouble };
    let mut whole = target(usize::MAX, Trouble::Panic);
    assert!(write_all(&mut whole, &paths).0.is_none());
    assert_eq!(read(&whole.written[..]).unwrap(), paths);
    assert!(whole.calls > 50, "{}", whole.calls);

    for trouble in
        [Trouble::Error(ErrorKind::StorageFull), Trouble::Error(ErrorKind::WouldBlock), Trouble::Panic]
    {
        for at in (0..whole.calls).step_by(7).chain([whole.calls - 1]) {
            let mut target = target(at, trouble);
            let (first, later) = write_all(&mut target, &paths);
            match (trouble, first.expect("the trouble is reported")) {
                (Trouble::Error(kind), Some(error)) => assert_eq!(error.kind(), kind),
                (Trouble::Panic, None) => {}
                (_, first) => panic!("{trouble:?}: {first:?}"),
            }
            assert!(!later, "nothing succeeds after a failure");
            assert_eq!(target.calls, at + 1, "nothing is written after a failure");
            assert!(read(&target.written[..]).is_err());
        }
    }
    let mut target = target(3, Trouble::Error(ErrorKind::Interrupted));
    assert!(write_all(&mut target, &paths).0.is_none());
    assert_eq!(target.written, whole.written);
}

#[test]
fn a_full_target_is_an_error_of_every_function() {
    let map: PathMap<u64> = many().into_iter().zip(0..).collect();
    let room = &mut [0u8; 1_000];
    let full = |result: io::Result<SerializationStats>| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::WriteZero);
    };
    full(serialize_paths(map.read_zipper(), &mut &mut room[..]));
    full(serialize_paths_with_auxdata(map.read_zipper(), &mut &mut room[..], |_, _, _: &u64| {}));
    full(serialize_paths_from_funcs(
        &mut &mut room[..],
        &mut map.iter(),
        |_| Ok(true),
        |_| Some(&b"path"[..7 % 5]),
    ));
    let stop = |_: &mut ()| Err(ErrorKind::TimedOut.into());
    let stopped = serialize_paths_from_funcs(&mut Vec::new(), &mut (), stop, |_| None);
    assert_eq!(stopped.unwrap_err().kind(), ErrorKind::TimedOut);
}

/// A source that makes trouble before each read, and then returns a few bytes.
struct Source<'a> {
    stream: &'a [u8],
    trouble: Option<Trouble>,
    calls: usize,
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        match self.trouble {
            Some(trouble) if self.calls % 2 == 1 => Err(trouble.strike()),
            _ => self.stream.read(&mut buffer[..37]),
        }
    }
}

/// Reading goes on where it was.
#[test]
fn trouble_of_a_source_loses_nothing() {
    let paths: Vec<_> = (0..500u32).map(|i| vec![i as u8; i as usize % 200]).collect();
    let stream = write(&paths);
    for trouble in [ErrorKind::WouldBlock, ErrorKind::Interrupted]
        .map(Trouble::Error)
        .into_iter()
        .chain([Trouble::Panic])
    {
        let mut reader = PathsReader::new(Source { stream: &stream, trouble: Some(trouble), calls: 0 });
        let (mut found, mut troubles) = (Vec::new(), 0);
        loop {
            match catch_unwind(AssertUnwindSafe(|| reader.next_path().map(|path| path.map(<[u8]>::to_vec)))) {
                Ok(Ok(Some(path))) => found.push(path),
                Ok(Ok(None)) => break,
                Ok(Err(error)) => {
                    assert_eq!(error.kind(), ErrorKind::WouldBlock);
                    troubles += 1;
                }
                Err(_) => troubles += 1,
            }
        }
        assert_eq!(found, paths);
        let reported = !matches!(trouble, Trouble::Error(ErrorKind::Interrupted));
        assert_eq!(troubles > 10, reported, "{trouble:?}: {troubles}");
    }
}

/// A source that claims to have read more than it was asked for.
struct Liar;

impl Read for Liar {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(buffer.len() + 1)
    }
}

#[test]
fn a_source_that_lies_is_an_error() {
    assert_eq!(read(Liar).unwrap_err().kind(), ErrorKind::Other);
}

#[test]
fn the_closure_ends_the_reading() {
    let stream = write(&["a", "b", "c"]);
    let mut called = 0;
    let result = for_each_deserialized_path(&stream[..], |index, _| {
        called += 1;
        if index == 1 { Err(ErrorKind::TimedOut.into()) } else { Ok(()) }
    });
    assert_eq!((result.unwrap_err().kind(), called), (ErrorKind::TimedOut, 2));
}

#[test]
fn a_panic_while_reading_changes_nothing() {
    let stream = write(&(0..100u32).map(u32::to_be_bytes).collect::<Vec<_>>());
    let before = PathMap::from([("a", 1), ("at/b", 2)]);
    let mut map = before.clone();
    let mut writer = map.write_zipper_at_path(b"at");
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        deserialize_paths_with_auxdata(&mut writer, &stream[..], |index, _| {
            assert!(index < 50);
            index
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(writer.val_count(), 1);
    writer.set_val(7);
    drop(writer);
    assert_eq!(map.len(), before.len() + 1);
    map.check().unwrap();
}

#[test]
fn a_clone_that_panics_while_reading_changes_nothing() {
    let stream = write(&(0..100u32).map(u32::to_be_bytes).collect::<Vec<_>>());
    for k in [0, 50, 99] {
        let fuse = Fuse::new();
        let mut map = PathMap::new();
        map.insert("at/b", fuse.fragile(1));
        let value = fuse.fragile(2);
        fuse.arm(&[Event::Clone], k);
        let mut writer = map.write_zipper_at_path(b"at");
        let panicked = catch_unwind(AssertUnwindSafe(|| deserialize_paths(&mut writer, &stream[..], value)));
        assert!(panicked.is_err());
        drop(writer);
        assert_eq!(map.len(), 1);
        map.check().unwrap();
        deserialize_paths(map.write_zipper_at_path(b"at"), &stream[..], fuse.fragile(3)).unwrap();
        assert_eq!(map.len(), 100);
    }
}
