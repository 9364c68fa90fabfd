//! The parallel copy: threads receive zippers over channels, and copy one subtrie to another.

use std::sync::mpsc;
use std::time::Instant;

use crate::args::Args;

/// The number of subtries that are copied, so that the work is equal with one thread and with two.
const PARTS: usize = 2;

/// The times of one peer in milliseconds, one sample for each round.
pub(crate) struct Copied {
    /// The peer's name.
    pub(crate) peer: &'static str,
    /// The number of values.
    pub(crate) values: usize,
    /// Filling the source.
    pub(crate) fill: Vec<f64>,
    /// Copying the source with one thread.
    pub(crate) one: Vec<f64>,
    /// Copying the source with two threads.
    pub(crate) two: Vec<f64>,
}

macro_rules! copy_of {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::*;
            use $krate::PathMap;
            use $krate::zipper::*;

            type Pair<'h> = (ReadZipperTracked<'h, 'static, usize>, WriteZipperTracked<'h, 'static, usize>);

            pub(super) fn fill(per_part: usize) -> PathMap<usize> {
                let mut map = PathMap::<usize>::new();
                let mut zipper = map.write_zipper_at_path(b"in");
                for part in 0..PARTS {
                    for i in part * per_part..(part + 1) * per_part {
                        zipper.descend_to_byte(part as u8);
                        zipper.descend_to(i.to_be_bytes());
                        zipper.set_val(i);
                        zipper.reset();
                    }
                }
                drop(zipper);
                map
            }

            pub(super) fn copy(map: &mut PathMap<usize>, threads: usize) {
                let head = map.zipper_head();
                std::thread::scope(|scope| {
                    let mut senders = Vec::with_capacity(threads);
                    for _ in 0..threads {
                        let (sender, pairs) = mpsc::channel::<Pair<'_>>();
                        senders.push(sender);
                        scope.spawn(move || {
                            for (mut reader, mut writer) in pairs {
                                let witness = reader.witness();
                                while let Some(value) = reader.to_next_get_val_with_witness(&witness) {
                                    writer.descend_to(reader.path());
                                    writer.set_val(*value);
                                    writer.reset();
                                }
                            }
                        });
                    }
                    for part in 0..PARTS {
                        let path = |name: &[u8]| [name, &[part as u8]].concat();
                        let writer =
                            head.write_zipper_at_exclusive_path(path(b"out")).expect("no other zipper there");
                        let reader = head.read_zipper_at_path(path(b"in")).expect("no writer there");
                        senders[part % threads].send((reader, writer)).expect("the worker is waiting");
                    }
                });
            }

            /// Runs one round: fill, copy with one thread, remove the copy, copy with two threads.
            pub(super) fn round(per_part: usize, copied: &mut Copied) {
                let (ms, mut map) = time(|| fill(per_part));
                copied.fill.push(ms);
                for threads in [1, 2] {
                    let (ms, ()) = time(|| copy(&mut map, threads));
                    if threads == 1 { &mut copied.one } else { &mut copied.two }.push(ms);
                    assert_eq!(map.val_count(), 2 * per_part * PARTS, "the copy holds every value");
                    map.remove_branches_at(b"out", true);
                }
                copied.values = per_part * PARTS;
            }
        }
    };
}

copy_of!(ours, bytetrie);
copy_of!(theirs, pathmap);

fn time<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let out = work();
    (start.elapsed().as_secs_f64() * 1e3, out)
}

/// Measures the selected peers, which take turns.
pub(crate) fn measure(args: &Args) -> Vec<Copied> {
    type Round = fn(usize, &mut Copied);
    let peers: [(&'static str, Round); 2] = [("bytetrie", ours::round), ("pathmap", theirs::round)];
    let wanted = peers.into_iter().filter(|(name, _)| args.wants_peer(name));
    let new = |peer| Copied { peer, values: 0, fill: Vec::new(), one: Vec::new(), two: Vec::new() };
    let mut copied: Vec<(Round, Copied)> = wanted.map(|(peer, round)| (round, new(peer))).collect();
    for _ in 0..args.rounds {
        for (round, copied) in &mut copied {
            round(args.scaled(args.elements) / PARTS, copied);
        }
    }
    copied.into_iter().map(|(_, copied)| copied).collect()
}
