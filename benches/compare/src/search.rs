//! Searches by automata over words, compared with `fst::Map` and an equivalent automaton.

use std::hint::black_box;
use std::time::Instant;

use bytetrie::PathMap;
use bytetrie::search::{Automaton, Dfa, Levenshtein, Str, Subsequence};
use bytetrie::testing::keys::{self, Rng};
use fst::automaton::Automaton as FstAutomaton;
use fst::{IntoStreamer, Streamer};
use regex_automata::MatchKind;
use regex_automata::dfa::{StartKind, dense};

use crate::args::Args;

/// The regular expressions, which must match whole words.
const EXPRESSIONS: [&str; 6] = [
    "un[a-z]*ing",
    "[a-z]*ability",
    "(?:re|over|counter)?st[aeiou]+[a-z]{0,3}",
    "[^aeiou]{2}[a-z]{1,4}",
    "[a-z]*(?:ough|ight)[a-z]*",
    "s[a-z]e[a-z]*n",
];

/// An adapter of this crate's automata for `fst`, so that both maps use equal automata.
struct Lent<'a, A>(&'a A);

impl<A: Automaton> FstAutomaton for Lent<'_, A> {
    type State = A::State;

    fn start(&self) -> A::State {
        self.0.start()
    }

    fn is_match(&self, state: &A::State) -> bool {
        self.0.is_match(state)
    }

    fn can_match(&self, state: &A::State) -> bool {
        self.0.can_match(state)
    }

    fn will_always_match(&self, state: &A::State) -> bool {
        self.0.will_always_match(state)
    }

    fn accept(&self, state: &A::State, byte: u8) -> A::State {
        self.0.accept(state, byte)
    }
}

/// The times of one kind of search in microseconds per query, one sample for each round.
pub(crate) struct Searched {
    /// The title.
    pub(crate) title: String,
    /// The number of paths that a query finds.
    pub(crate) found: f64,
    /// The samples of this crate's map.
    pub(crate) ours: Vec<f64>,
    /// The samples of `fst::Map`.
    pub(crate) theirs: Vec<f64>,
}

/// The two maps, with equal words.
struct Maps {
    ours: PathMap<u64>,
    theirs: fst::Map<Vec<u8>>,
}

impl Maps {
    fn our_search<A: Automaton>(&self, automaton: A) -> (usize, u64) {
        let (mut matches, mut found, mut sum) = (self.ours.search(automaton), 0, 0u64);
        while let Some((path, value)) = matches.next() {
            found += 1;
            sum = sum.wrapping_add(value + path.len() as u64);
        }
        (found, sum)
    }

    fn their_search<A: FstAutomaton>(&self, automaton: A) -> (usize, u64) {
        let (mut matches, mut found, mut sum) = (self.theirs.search(automaton).into_stream(), 0, 0u64);
        while let Some((path, value)) = matches.next() {
            found += 1;
            sum = sum.wrapping_add(value + path.len() as u64);
        }
        (found, sum)
    }

    /// Measures a kind of search over all queries, and checks that both maps give equal results.
    fn measure<Q>(
        &self,
        args: &Args,
        title: impl Into<String>,
        queries: &[Q],
        ours: impl Fn(&Self, &Q) -> (usize, u64),
        theirs: impl Fn(&Self, &Q) -> (usize, u64),
    ) -> Searched {
        let (mut found, mut samples) = (0, [Vec::new(), Vec::new()]);
        for round in 0..args.rounds {
            found = 0;
            let mut micros = [0.0, 0.0];
            for (i, query) in queries.iter().enumerate() {
                let run = |which: usize| {
                    let start = Instant::now();
                    let answer = match which {
                        0 => ours(black_box(self), query),
                        _ => theirs(black_box(self), query),
                    };
                    (start.elapsed().as_secs_f64() * 1e6, black_box(answer))
                };
                // The maps alternate, because the second one finds shared data in the cache.
                let first = (i + round as usize) % 2;
                let (one, other) = (run(first), run(1 - first));
                assert_eq!(one.1, other.1, "both find equal paths");
                micros[first] += one.0;
                micros[1 - first] += other.0;
                found += one.1.0;
            }
            for (samples, micros) in samples.iter_mut().zip(micros) {
                samples.push(micros / queries.len() as f64);
            }
        }
        let [ours, theirs] = samples;
        Searched { title: title.into(), found: found as f64 / queries.len() as f64, ours, theirs }
    }
}

/// Measures every kind of search.
pub(crate) fn measure(args: &Args) -> Vec<Searched> {
    let mut words = keys::words(args.scaled(400_000), 0x5EED);
    words.sort_unstable();
    let pairs = || words.iter().zip(0u64..);
    let ours: PathMap<u64> = pairs().collect();
    let theirs = fst::Map::from_iter(pairs()).expect("the words are sorted");
    let maps = Maps { ours, theirs };

    // Words of the set. Every other one is misspelt.
    let mut rng = Rng::new(7);
    let queries: Vec<String> = (0..100)
        .map(|i| {
            let mut word = words[rng.below(words.len())].clone();
            if i % 2 == 1 {
                let at = rng.below(word.len());
                word[at] = b'a' + rng.below(26) as u8;
            }
            String::from_utf8(word).expect("words are text")
        })
        .collect();
    let mut all = Vec::new();
    for k in 1..=3 {
        let query = |query: &String| Levenshtein::new(query, k).expect("a small distance");
        let automata: Vec<_> = queries
            .iter()
            .filter_map(|text| {
                let theirs = fst::automaton::Levenshtein::new_with_limit(text, k, 100_000).ok()?;
                Some((query(text), theirs))
            })
            .collect();
        let title = format!("Levenshtein distance {k}");
        all.push(maps.measure(
            args,
            &title,
            &automata,
            |maps, (near, _)| maps.our_search(near),
            |maps, (_, near)| maps.their_search(near),
        ));
        all.push(maps.measure(
            args,
            format!("{title}, this crate's automaton in both"),
            &automata,
            |maps, (near, _)| maps.our_search(near),
            |maps, (near, _)| maps.their_search(Lent(near)),
        ));
        let few = &queries[..10];
        all.push(maps.measure(
            args,
            format!("{title}, automaton built anew"),
            few,
            |maps, text| maps.our_search(query(text)),
            |maps, text| {
                let near = fst::automaton::Levenshtein::new_with_limit(text, k, 100_000);
                maps.their_search(near.expect("a small automaton"))
            },
        ));
    }
    for expression in EXPRESSIONS {
        let config = dense::Config::new().match_kind(MatchKind::All).start_kind(StartKind::Anchored);
        let dfa = dense::Builder::new().configure(config).build(expression).expect("it is an expression");
        let whole = [Dfa::whole(dfa).expect("it can start anchored")];
        all.push(maps.measure(
            args,
            // A bar would end the cell of the table.
            format!("`{}`", expression.replace('|', "\\|")),
            &whole,
            |maps, dfa| maps.our_search(dfa),
            |maps, dfa| maps.their_search(Lent(dfa)),
        ));
    }
    let letters: Vec<&str> = queries.iter().map(|word| &word[..word.len().min(4)]).collect();
    all.push(maps.measure(
        args,
        "four letters in order",
        &letters,
        |maps, letters| maps.our_search(Subsequence::new(letters)),
        |maps, letters| maps.their_search(fst::automaton::Subsequence::new(letters)),
    ));
    all.push(maps.measure(
        args,
        "words with a prefix of four letters",
        &letters,
        |maps, letters| maps.our_search(Str::new(letters).starts_with()),
        |maps, letters| maps.their_search(fst::automaton::Str::new(letters).starts_with()),
    ));
    all
}
