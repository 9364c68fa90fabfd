//! Creating and dropping zippers on a head that has no other zippers.

use std::hint::black_box;
use std::time::Instant;

use bytetrie::testing::keys;

use crate::args::Args;

/// The times of one peer in nanoseconds per zipper, one sample for each round.
pub(crate) struct Made {
    /// The peer's name.
    pub(crate) peer: &'static str,
    /// Creating and dropping a reader.
    pub(crate) reader: Vec<f64>,
    /// Creating and dropping a writer.
    pub(crate) writer: Vec<f64>,
    /// Creating a writer, setting one value, and dropping the writer.
    pub(crate) writer_used: Vec<f64>,
}

macro_rules! heads_of {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::*;
            use $krate::PathMap;
            use $krate::zipper::*;

            pub(super) fn round(words: &[Vec<u8>], made: &mut Made) {
                let mut map = PathMap::<u64>::new();
                for (i, word) in words.iter().enumerate() {
                    map.set_val_at(word, i as u64);
                }
                let head = map.zipper_head();
                let reader =
                    |word: &[u8]| drop(black_box(head.read_zipper_at_path(word).expect("no writer there")));
                made.reader.push(time(words, reader));
                let writer = |word: &[u8]| {
                    drop(black_box(head.write_zipper_at_exclusive_path(word).expect("no other zipper there")))
                };
                made.writer.push(time(words, writer));
                let used = |word: &[u8]| {
                    let mut writer =
                        head.write_zipper_at_exclusive_path(word).expect("no other zipper there");
                    writer.set_val(black_box(1));
                };
                made.writer_used.push(time(words, used));
            }
        }
    };
}

heads_of!(ours, bytetrie);
heads_of!(theirs, pathmap);

fn time(words: &[Vec<u8>], work: impl Fn(&[u8])) -> f64 {
    let start = Instant::now();
    for word in words {
        work(black_box(word));
    }
    start.elapsed().as_secs_f64() * 1e9 / words.len() as f64
}

/// Measures the selected peers, which take turns.
pub(crate) fn measure(args: &Args) -> Vec<Made> {
    type Round = fn(&[Vec<u8>], &mut Made);
    let peers: [(&'static str, Round); 2] = [("bytetrie", ours::round), ("pathmap", theirs::round)];
    let wanted = peers.into_iter().filter(|(name, _)| args.wants_peer(name));
    let new = |peer| Made { peer, reader: Vec::new(), writer: Vec::new(), writer_used: Vec::new() };
    let mut made: Vec<(Round, Made)> = wanted.map(|(peer, round)| (round, new(peer))).collect();
    let words = keys::words(args.scaled(20_000), 7);
    for _ in 0..args.rounds {
        for (round, made) in &mut made {
            round(&words, made);
        }
    }
    made.into_iter().map(|(_, made)| made).collect()
}
