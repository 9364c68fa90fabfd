//! Searches compared with a filter over all paths.

use std::ops::Bound;

use bytetrie::PathMap;
use bytetrie::search::{
    AlwaysMatch, Automaton, AutomatonZipper, Dfa, DfaError, Levenshtein, OptimalAlignment, Str, Subsequence,
    Within,
};
use bytetrie::testing::keys;
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind};

use crate::stack::on_stack;
use crate::tries::{Recipe, config, paths, recipes};

type Found = Vec<(Vec<u8>, u64)>;

/// Returns the paths that a filter over all paths finds.
fn filtered(map: &PathMap<u64>, matches: impl Fn(&[u8]) -> bool) -> Found {
    map.iter().filter(|(path, _)| matches(path)).map(|(path, &value)| (path, value)).collect()
}

fn lent<A: Automaton>(map: &PathMap<u64>, automaton: A) -> Found {
    let (mut matches, mut found) = (map.search(automaton), Vec::new());
    while let Some((path, &value)) = matches.next() {
        found.push((path.to_vec(), value));
    }
    assert!(matches.next().is_none(), "it stays at the end");
    found
}

/// Checks that every way to search agrees with the filter.
fn agrees<A>(recipe: &Recipe, automaton: A, matches: impl Fn(&[u8]) -> bool)
where
    A: Automaton,
    A::State: Clone,
{
    let map = recipe.build();
    let expected = filtered(&map, &matches);
    assert_eq!(lent(&map, &automaton), expected);
    assert_eq!(map.search(&automaton).into_iter().count(), expected.len());
    for (path, _) in &map {
        assert_eq!(automaton.matches(&path), matches(&path), "{path:?}");
    }
    let mut zipper = AutomatonZipper::new(map.read_zipper(), &automaton);
    assert_eq!(zipper.val_count(), expected.len());
    let mut walked = Vec::new();
    if zipper.is_val() {
        walked.push((Vec::new(), *zipper.val().unwrap()));
    }
    while let Some(&value) = zipper.to_next_get_val() {
        walked.push((zipper.path().to_vec(), value));
    }
    assert_eq!(walked, expected);
    // All matches are at locations where the automaton may match.
    for (path, _) in &expected {
        let states = path.iter().scan(automaton.start(), |state, &byte| {
            *state = automaton.accept(state, byte);
            Some(automaton.can_match(state))
        });
        assert!(states.into_iter().all(|alive| alive));
    }
}

/// Computes the distance row by row, as in a textbook.
fn distance<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + (x != y) as usize;
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn chars(path: &[u8]) -> Option<Vec<char>> {
    std::str::from_utf8(path).ok().map(|text| text.chars().collect())
}

/// Builds a DFA that fulfils all requirements of [`Dfa`], over any bytes.
fn dfa(pattern: &str) -> dense::DFA<Vec<u32>> {
    let config = dense::Config::new().match_kind(MatchKind::All).start_kind(StartKind::Both);
    dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().utf8(false))
        .thompson(thompson::Config::new().utf8(false))
        .build(pattern)
        .unwrap()
}

const PATTERNS: [&str; 10] = [
    "",
    "a|ab",
    "(?:ab*c?)+",
    "[^a]*",
    r"(?-u:[\xc3\xff].*)",
    ".*é.{0,2}",
    r"\w+",
    "a.c|b+",
    "^a|b$",
    r"(?s-u:.{2,3})",
];

/// Returns a part of each path, of a length at which matches are neither rare nor common.
fn queries() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => paths(), 1 => vec(paths(), 3).prop_map(|parts| parts.concat())]
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn one_path_and_what_begins_with_it(recipe in recipes(), path in paths()) {
        agrees(&recipe, Str::new(&path), |p| p == path);
        agrees(&recipe, Str::new(&path).starts_with(), |p| p.starts_with(&path));
        agrees(&recipe, Str::new(&path).starts_with().complement(), |p| !p.starts_with(&path));
        let map = recipe.build();
        let found: Found = map.prefix(&path).map(|(path, &value)| (path, value)).collect();
        prop_assert_eq!(&found, &filtered(&map, |p| p.starts_with(&path)));
        let back: Found = map.prefix(&path).rev().map(|(path, &value)| (path, value)).collect();
        prop_assert!(found.iter().rev().eq(&back));
    }

    #[test]
    fn everything_and_nothing(recipe in recipes()) {
        agrees(&recipe, AlwaysMatch, |_| true);
        agrees(&recipe, AlwaysMatch.complement(), |_| false);
        agrees(&recipe, Str::new("a").complement(), |p| p != b"a");
    }

    #[test]
    fn subsequences(recipe in recipes(), letters in vec(prop::sample::select(vec![b'a', b'b', 0xc3]), 0..=3)) {
        let contains = |path: &[u8]| {
            let mut left = path.iter();
            letters.iter().all(|letter| left.any(|at| at == letter))
        };
        agrees(&recipe, Subsequence::new(&letters), contains);
        agrees(&recipe, Subsequence::new(&letters).complement(), |p| !contains(p));
    }

    #[test]
    fn ranges(recipe in recipes(), low in paths(), high in paths(), kinds in 0..9) {
        let bound = |kind, path: &Vec<u8>| match kind {
            0 => Bound::Unbounded,
            1 => Bound::Included(path.clone()),
            _ => Bound::Excluded(path.clone()),
        };
        let range = (bound(kinds % 3, &low), bound(kinds / 3, &high));
        let within = |path: &[u8]| std::ops::RangeBounds::contains(&range, &path.to_vec());
        agrees(&recipe, Within::new(range.clone()), within);
        agrees(&recipe, Within::new(range.clone()).complement(), |p| !within(p));
        let map = recipe.build();
        let found: Found = map.range(range.clone()).map(|(path, &value)| (path, value)).collect();
        prop_assert_eq!(found, filtered(&map, within));
    }

    #[test]
    fn unions_and_intersections(recipe in recipes(), low in paths(), prefix in paths()) {
        let (from, with) = (Within::new(low.clone()..), Str::new(prefix.clone()).starts_with());
        let (is_from, is_with) = (|p: &[u8]| p >= &low[..], |p: &[u8]| p.starts_with(&prefix));
        agrees(&recipe, (&from).union(&with), |p| is_from(p) || is_with(p));
        agrees(&recipe, (&from).intersection(&with), |p| is_from(p) && is_with(p));
        agrees(&recipe, (&from).intersection((&with).complement()), |p| is_from(p) && !is_with(p));
        agrees(&recipe, (&from).union(&with).complement().starts_with(), |p| {
            (0..=p.len()).any(|len| !is_from(&p[..len]) && !is_with(&p[..len]))
        });
    }

    #[test]
    fn levenshtein_is_the_textbooks(recipe in recipes(), query in queries(), k in 0..=4u32) {
        let near = Levenshtein::bytes(&query, k).unwrap();
        let within = |path: &[u8]| distance(&query, path) <= k as usize;
        agrees(&recipe, &near, within);
        for (path, _) in &recipe.build() {
            let exact = distance(&query, &path);
            prop_assert_eq!(near.distance(&path), (exact <= k as usize).then_some(exact as u32));
        }
        agrees(&recipe, near.starts_with(), |path| (0..=path.len()).any(|len| within(&path[..len])));
    }

    #[test]
    fn levenshtein_of_characters(recipe in recipes(), query in queries(), k in 0..=4u32) {
        let query = String::from_utf8_lossy(&query).into_owned();
        let letters: Vec<char> = query.chars().collect();
        let near = Levenshtein::new(&query, k).unwrap();
        let exact = |path: &[u8]| chars(path).map(|path| distance(&letters, &path));
        agrees(&recipe, &near, |path| exact(path).is_some_and(|exact| exact <= k as usize));
        for (path, _) in &recipe.build() {
            let exact = exact(&path).filter(|&exact| exact <= k as usize);
            prop_assert_eq!(near.distance(&path).map(|d| d as usize), exact);
        }
    }

    #[test]
    fn levenshtein_of_any_two_paths(a in queries(), b in queries(), k in 0..=Levenshtein::MAX_DISTANCE) {
        let exact = Some(distance(&a, &b)).filter(|&exact| exact <= k as usize);
        prop_assert_eq!(Levenshtein::bytes(&a, k).unwrap().distance(&b).map(|d| d as usize), exact);
    }

    #[test]
    fn alignments_in_a_map(recipe in recipes(), query in queries(), k in 0..=4u32) {
        let near = OptimalAlignment::bytes(&query, k).unwrap();
        let within = |path: &[u8]| alignment(&query, path) <= k as usize;
        agrees(&recipe, &near, within);
        agrees(&recipe, near.starts_with(), |path| (0..=path.len()).any(|len| within(&path[..len])));
        let query = String::from_utf8_lossy(&query).into_owned();
        let letters: Vec<char> = query.chars().collect();
        let exact = |path: &[u8]| chars(path).map(|path| alignment(&letters, &path));
        agrees(&recipe, OptimalAlignment::new(&query, k).unwrap(), |path| {
            exact(path).is_some_and(|exact| exact <= k as usize)
        });
    }

    #[test]
    fn alignment_of_any_two_paths(a in queries(), b in queries(), k in 0..=OptimalAlignment::MAX_DISTANCE) {
        let exact = Some(alignment(&a, &b)).filter(|&exact| exact <= k as usize);
        prop_assert_eq!(OptimalAlignment::bytes(&a, k).unwrap().distance(&b).map(|d| d as usize), exact);
    }

    #[test]
    fn expressions(recipe in recipes(), pattern in prop::sample::select(PATTERNS.to_vec())) {
        let (some, all) = (dfa(pattern), dfa(&format!(r"\A(?:{pattern})\z")));
        let finds = |dfa: &dense::DFA<Vec<u32>>, path: &[u8]| {
            dfa.try_search_fwd(&Input::new(path)).unwrap().is_some()
        };
        agrees(&recipe, Dfa::whole(&some).unwrap(), |path| finds(&all, path));
        agrees(&recipe, Dfa::contains(&some).unwrap(), |path| finds(&some, path));
        let sparse = some.to_sparse().unwrap();
        agrees(&recipe, Dfa::whole(&sparse).unwrap(), |path| finds(&all, path));
        agrees(&recipe, Dfa::contains(&sparse).unwrap().complement(), |path| !finds(&some, path));
    }

    #[test]
    fn prefixes_of_a_path(recipe in recipes(), path in queries()) {
        let map = recipe.build();
        let found: Found = map.prefixes_of(&path).map(|(path, &value)| (path.to_vec(), value)).collect();
        prop_assert_eq!(&found, &filtered(&map, |p| path.starts_with(p)));
        let longest = map.longest_prefix_of(&path).map(|(path, &value)| (path.to_vec(), value));
        prop_assert_eq!(longest, found.last().cloned());
    }

    #[test]
    fn below_a_place(recipe in recipes(), place in paths(), letters in vec(prop::sample::select(vec![b'a', 0xc3]), 0..=2)) {
        let map = recipe.build();
        let found: Vec<_> = map
            .trie_ref_at_path(&place)
            .search(Subsequence::new(&letters))
            .into_iter()
            .map(|(path, &value)| (path, value))
            .collect();
        let below = map.read_zipper_at_path(&place).make_map();
        prop_assert_eq!(found, lent(&below, Subsequence::new(&letters)));
    }
}

/// Computes the optimal string alignment distance by its recurrence.
fn alignment<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => {
                    let kept = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let edited = kept.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        edited.min(table[i - 2][j - 2] + 1)
                    } else {
                        edited
                    }
                }
            };
        }
    }
    table[a.len()][b.len()]
}

/// Returns all words of up to `most` letters.
fn words<T: Clone>(letters: &[T], most: usize) -> Vec<Vec<T>> {
    let mut words = vec![vec![]];
    let mut start = 0;
    for _ in 0..most {
        let end = words.len();
        for i in start..end {
            let word = words[i].clone();
            words.extend(letters.iter().map(|letter| [&word[..], std::slice::from_ref(letter)].concat()));
        }
        start = end;
    }
    words
}

#[test]
fn alignments_of_all_short_words() {
    // Letters of one, two and four bytes. Two of them begin with equal bytes.
    for (letters, most) in [(vec!['a', 'b'], 6), (vec!['é', 'è', '🦀'], 4)] {
        let words: Vec<(Vec<char>, String)> = words(&letters, most)
            .into_iter()
            .map(|word| (word.clone(), word.into_iter().collect()))
            .collect();
        for (query, text) in &words {
            let near: Vec<_> = (0..=3).map(|k| OptimalAlignment::new(text, k).unwrap()).collect();
            let bytes: Vec<_> = (0..=3).map(|k| OptimalAlignment::bytes(text, k).unwrap()).collect();
            for (path, path_text) in &words {
                let exact = alignment(query, path) as u32;
                let exact_bytes = alignment(text.as_bytes(), path_text.as_bytes()) as u32;
                for k in 0..=3 {
                    let expected = (exact <= k).then_some(exact);
                    assert_eq!(near[k as usize].distance(path_text), expected, "{text} {path_text} {k}");
                    assert_eq!(near[k as usize].matches(path_text), expected.is_some());
                    let expected = (exact_bytes <= k).then_some(exact_bytes);
                    assert_eq!(bytes[k as usize].distance(path_text), expected, "{text} {path_text} {k}");
                }
            }
        }
    }
}

#[test]
fn alignments_that_the_docs_speak_of() {
    let distance = |a: &str, b: &str| OptimalAlignment::new(a, 7).unwrap().distance(b);
    assert_eq!(
        (distance("teh", "the"), distance("ca", "abc"), distance("abcd", "badc")),
        (Some(1), Some(3), Some(2))
    );
    assert_eq!(Levenshtein::new("teh", 7).unwrap().distance("the"), Some(2));
    assert_eq!(size_of_val(&OptimalAlignment::new("", 0).unwrap().start()), 48);
    let error = OptimalAlignment::bytes("a", 8).unwrap_err();
    assert_eq!((error.distance(), error.most()), (8, 7));
    assert!(!OptimalAlignment::new("a", 7).unwrap().matches(b"\xff"));
}

#[test]
fn what_cannot_be_searched_for_is_refused() {
    let error = Levenshtein::new("a", 8).unwrap_err();
    assert_eq!((error.distance(), error.most()), (8, 7));
    assert_eq!(error.to_string(), "a distance of 8 is too large: the largest is 7");

    let anchored = dense::Builder::new()
        .configure(dense::Config::new().start_kind(StartKind::Anchored))
        .build("a")
        .unwrap();
    assert!(Dfa::whole(&anchored).is_ok());
    assert_eq!(Dfa::contains(&anchored).unwrap_err(), DfaError::Start);
    let heuristic = dense::Builder::new()
        .configure(dense::Config::new().unicode_word_boundary(true).start_kind(StartKind::Both))
        .build(r"\bä\b")
        .unwrap();
    assert_eq!(Dfa::whole(&heuristic).unwrap_err(), DfaError::Quits(0x80));
}

/// Matching whole paths requires all matches, not only the preferred ones. The docs of `Dfa`
/// describe the result otherwise.
#[test]
fn preferred_matches_hide_longer_ones() {
    let dfa = |pattern: &str| {
        let config = dense::Config::new().start_kind(StartKind::Both);
        dense::Builder::new().configure(config).build(pattern).unwrap()
    };
    assert!(!Dfa::whole(dfa("a|ab")).unwrap().matches("ab"));
    assert!(Dfa::whole(dfa(r"(?:a|ab)\z")).unwrap().matches("ab"));
}

#[test]
fn a_search_looks_only_where_a_match_may_come() {
    /// An automaton that counts the bytes that it reads.
    struct Counting<A>(A, std::cell::Cell<usize>);
    impl<A: Automaton> Automaton for Counting<A> {
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
            self.1.set(self.1.get() + 1);
            self.0.accept(state, byte)
        }
    }
    let map: PathMap<()> = keys::words(20_000, 7).into_iter().map(|word| (word, ())).collect();
    let total: usize = map.keys().map(|key| key.len()).sum();
    let reads = |counting: &Counting<_>| {
        let found = map.search(counting).into_iter().count();
        (found, counting.1.get())
    };
    let word = map.keys().nth(10_000).unwrap();
    let (found, read) = reads(&Counting(Str::new(&word), Default::default()));
    assert_eq!(found, 1);
    assert!(read < 256 * word.len(), "{read} bytes for one word");
    let near = Counting(Levenshtein::bytes(&word, 1).unwrap(), Default::default());
    let found = map.search(&near).into_iter().count();
    assert!(found >= 1 && near.1.get() < total / 20, "{} bytes of {total}", near.1.get());
    // A subtrie that matches as a whole is not read.
    let all = Counting(AlwaysMatch, Default::default());
    assert_eq!(map.search(&all).into_iter().count(), map.len());
    assert_eq!(all.1.get(), 0);
}

#[test]
fn a_million_bytes_on_a_small_stack() {
    on_stack(128, || {
        let long = vec![b'e'; 1 << 20];
        let mut map: PathMap<u64> = PathMap::single(&long, 1);
        let step = 1 << 12;
        for len in (0..long.len()).step_by(step) {
            map.insert(&long[..len], len as u64);
        }
        let near = Levenshtein::bytes(&long, 2).unwrap();
        assert_eq!(lent(&map, &near), [(long.clone(), 1)]);
        assert_eq!(map.search(Str::new(&long)).into_iter().count(), 1);
        assert_eq!(map.prefixes_of(&long).count(), long.len() / step + 1);
        assert_eq!(map.longest_prefix_of(&long[..step * 3 + 1]).unwrap().1, &(3 * step as u64));
        assert_eq!(AutomatonZipper::new(map.read_zipper(), Str::new(&long)).val_count(), 1);
    });
}

/// Matches are found one by one in a trie of exponentially many paths.
#[test]
fn beyond_number() {
    let mut map = PathMap::from([("a", 0u64), ("b", 1)]);
    for _ in 0..9 {
        let below = map.clone();
        for letter in [b"a", b"b"] {
            map.write_zipper_at_path(letter).graft_map(below.clone());
        }
    }
    for _ in 0..200 {
        let below = map.clone();
        for letter in [b"a", b"b"] {
            map.write_zipper_at_path(letter).graft_map(below.clone());
        }
    }
    let word = vec![b'a'; 210];
    assert_eq!(lent(&map, Str::new(&word)), [(word.clone(), 0)]);
    assert_eq!(lent(&map, Levenshtein::bytes(&word, 1).unwrap()).len(), 211);
}
