//! The automata of the crate `fst`: a search of a map finds the keys that `fst` finds in its own
//! map.

use std::collections::BTreeMap;

use bytetrie::PathMap;
use bytetrie::search::{Automaton as _, Fst};
use fst::automaton::{AlwaysMatch, Automaton, Levenshtein, Str, Subsequence};
use fst::{IntoStreamer, Streamer};
use proptest::collection::vec;
use proptest::prelude::*;

/// Matches keys of an odd number of bytes, and so decides only at the end of a key.
struct OddAtTheEnd;

#[derive(Clone)]
enum Seen {
    Bytes(usize),
    End(bool),
}

impl Automaton for OddAtTheEnd {
    type State = Seen;

    fn start(&self) -> Seen {
        Seen::Bytes(0)
    }

    fn is_match(&self, state: &Seen) -> bool {
        matches!(state, Seen::End(true))
    }

    fn accept(&self, state: &Seen, _: u8) -> Seen {
        match state {
            Seen::Bytes(count) => Seen::Bytes(count + 1),
            Seen::End(_) => unreachable!("nothing comes after the end"),
        }
    }

    fn accept_eof(&self, state: &Seen) -> Option<Seen> {
        match state {
            Seen::Bytes(count) => Some(Seen::End(count % 2 == 1)),
            Seen::End(_) => None,
        }
    }
}

fn agrees<A: Automaton>(entries: &BTreeMap<Vec<u8>, u64>, automaton: A) {
    let map: PathMap<u64> = entries.iter().map(|(key, value)| (key, *value)).collect();
    let theirs = fst::Map::from_iter(entries.iter().map(|(key, value)| (key, *value))).unwrap();
    let mut stream = theirs.search(&automaton).into_stream();
    let mut wanted = Vec::new();
    while let Some((key, value)) = stream.next() {
        wanted.push((key.to_vec(), value));
    }
    let ours = Fst(automaton);
    let found: Vec<_> = map.search(&ours).into_iter().map(|(key, value)| (key, *value)).collect();
    assert_eq!(found, wanted);
    for key in entries.keys() {
        assert_eq!(ours.matches(key), wanted.iter().any(|(found, _)| found == key));
    }
}

proptest! {
    #[test]
    fn a_search_finds_what_fst_finds(
        entries in prop::collection::btree_map(vec(prop::sample::select(b"abc".to_vec()), 1..6), any::<u64>(), 0..40),
        word in "[abc]{0,4}",
        other in "[abc]{0,3}",
        k in 0..=2u32,
    ) {
        agrees(&entries, AlwaysMatch);
        agrees(&entries, Str::new(&word));
        agrees(&entries, Subsequence::new(&word));
        agrees(&entries, Str::new(&word).starts_with());
        agrees(&entries, Subsequence::new(&word).complement());
        agrees(&entries, Subsequence::new(&word).union(Str::new(&other).starts_with()));
        agrees(&entries, Subsequence::new(&word).intersection(Subsequence::new(&other).complement()));
        agrees(&entries, Levenshtein::new(&word, k).unwrap());
        agrees(&entries, OddAtTheEnd);
    }
}

#[test]
fn automata_of_both_crates_combine() {
    let map = PathMap::from([("car", 1), ("cart", 2), ("cat", 3), ("dart", 4)]);
    let both = Fst(Subsequence::new("ct")).union(bytetrie::search::Str::new("dart"));
    let found: Vec<_> = map.search(both).into_iter().map(|(_, value)| *value).collect();
    assert_eq!(found, [2, 3, 4]);
}
