//! Streams of paths: their time, and their size.

use std::hint::black_box;
use std::time::Instant;

use crate::args::{Args, Stat};
use crate::keys::{self, KeySet};
use crate::peer::Form;

/// The figures, in the order of [`Streamed::samples`].
pub(crate) const FIGURES: [&str; 4] = [
    "serialize_paths, ns",
    "for_each_deserialized_path, ns",
    "deserialize_paths, ns",
    "size of the stream, bytes",
];

/// The figures of one peer and one key set for each path, one sample for each round.
pub(crate) struct Streamed {
    /// The peer's name.
    pub(crate) peer: &'static str,
    /// The samples of each figure.
    pub(crate) samples: [Vec<f64>; FIGURES.len()],
}

macro_rules! streams_of {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::*;
            use $krate::PathMap;
            use $krate::paths_serialization::*;

            /// Runs one round.
            pub(super) fn round(set: &KeySet, samples: &mut [Vec<f64>; FIGURES.len()]) {
                let mut map = PathMap::<()>::new();
                for key in set.lists(Form::Plain).insert.iter() {
                    map.set_val_at(key, ());
                }
                let mut stream = Vec::new();
                let start = Instant::now();
                let written = serialize_paths(map.read_zipper(), &mut stream).unwrap();
                let serialized = start.elapsed();

                let start = Instant::now();
                let read = for_each_deserialized_path(&stream[..], |_, path| {
                    black_box(path);
                    Ok(())
                });
                let visited = start.elapsed();
                assert_eq!(read.unwrap().path_count, written.path_count);

                let mut copy = PathMap::<()>::new();
                let start = Instant::now();
                deserialize_paths(copy.write_zipper(), &stream[..], ()).unwrap();
                let deserialized = start.elapsed();
                assert_eq!(copy.val_count(), written.path_count);

                let each = written.path_count as f64;
                let times = [serialized, visited, deserialized].map(|time| time.as_secs_f64() * 1e9 / each);
                let size = stream.len() as f64 / each;
                for (samples, figure) in samples.iter_mut().zip(times.into_iter().chain([size])) {
                    samples.push(figure);
                }
            }
        }
    };
}

streams_of!(ours, bytetrie);
streams_of!(theirs, pathmap);

/// Measures the selected peers on all key sets. The peers take turns.
pub(crate) fn measure(args: &Args) -> Vec<(KeySet, Vec<Streamed>)> {
    let mut measured = Vec::new();
    for set in keys::key_sets(args) {
        let peers = ["bytetrie", "pathmap"].into_iter().filter(|name| args.wants_peer(name));
        let mut streamed: Vec<_> = peers.map(|peer| Streamed { peer, samples: Default::default() }).collect();
        for _ in 0..args.rounds {
            for peer in &mut streamed {
                match peer.peer {
                    "bytetrie" => ours::round(&set, &mut peer.samples),
                    _ => theirs::round(&set, &mut peer.samples),
                }
            }
        }
        measured.push((set, streamed));
    }
    measured
}

impl Streamed {
    /// Returns each figure.
    pub(crate) fn figures(&self, stat: Stat) -> Vec<Option<f64>> {
        self.samples.iter().map(|samples| stat.of(samples)).collect()
    }
}
