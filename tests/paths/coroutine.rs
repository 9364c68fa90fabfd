//! The sink as a coroutine.

use std::io::ErrorKind;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;

use bytetrie::paths_serialization::*;

use crate::{golden, write};

#[test]
fn the_coroutine_writes_as_the_writer_does() {
    for (name, paths) in golden::sets() {
        let mut stream = Vec::new();
        let mut sink = paths_serialization_sink(&mut stream);
        for path in &paths {
            assert!(matches!(Pin::new(&mut sink).resume(Some(path)), CoroutineState::Yielded(())));
        }
        let CoroutineState::Complete(stats) = Pin::new(&mut sink).resume(None) else { panic!("{name}") };
        drop(sink);
        assert_eq!(stats.unwrap().path_count, paths.len());
        assert_eq!(stream, write(&paths), "{name}");
    }
}

#[test]
fn the_coroutine_completes_with_the_first_error() {
    let noise: Vec<u8> = (0..100_000u32).map(|i| i.wrapping_mul(0x9E37_79B9).to_be_bytes()[0]).collect();
    let room = &mut [0u8; 10];
    let mut target = &mut room[..];
    let mut sink = paths_serialization_sink(&mut target);
    let first = (0..100).find_map(|_| match Pin::new(&mut sink).resume(Some(&noise)) {
        CoroutineState::Yielded(()) => None,
        CoroutineState::Complete(result) => Some(result),
    });
    assert_eq!(first.unwrap().unwrap_err().kind(), ErrorKind::WriteZero);
}

#[test]
#[should_panic = "the coroutine has completed"]
fn a_completed_coroutine_panics() {
    let mut stream = Vec::new();
    let mut sink = paths_serialization_sink(&mut stream);
    let _ = Pin::new(&mut sink).resume(None);
    let _ = Pin::new(&mut sink).resume(None);
}
