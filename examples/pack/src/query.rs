//! The queries. Each prints what it finds in the order of the keys' bytes.

use std::io::{self, Write};
use std::path::Path;

use bytetrie::file::Packed;
use bytetrie::search::{Automaton, Dfa, Levenshtein};
use bytetrie_examples::cli::Failure;
use bytetrie_examples::figures::{count, grouped};
use regex_automata::dfa::dense;
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;

use crate::wrong;

/// The memory for the states of a regular expression, in bytes.
const LARGEST_DFA: usize = 64 << 20;

/// Prints one key.
fn print(out: &mut impl Write, key: &[u8], number: u64) -> io::Result<()> {
    out.write_all(key)?;
    writeln!(out, "\t{number}")
}

/// Prints the numbers of keys. Fails if one of them is not found.
pub(crate) fn get(
    out: &mut impl Write,
    packed: &Packed<'_, u64>,
    path: &Path,
    keys: &[String],
) -> Result<(), Failure> {
    let mut keys: Vec<&String> = keys.iter().collect();
    keys.sort();
    keys.dedup();
    let mut missing = Vec::new();
    for key in keys {
        match packed.try_get(key).map_err(|damage| wrong(path, &damage.into()))? {
            Some(&number) => print(out, key.as_bytes(), number)?,
            None => missing.push(format!("{key:?}")),
        }
    }
    out.flush()?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::incomplete(format!("not found: {}", missing.join(", "))))
}

/// Prints the keys that begin with `prefix`.
pub(crate) fn prefix(out: &mut impl Write, packed: &Packed<'_, u64>, prefix: &str) -> Result<(), Failure> {
    let mut found = packed.prefix(prefix);
    while let Some((key, &number)) = found.lend_next() {
        print(out, key, number)?;
    }
    Ok(())
}

/// The automaton of a regular expression.
pub(crate) fn pattern(regex: &str, contains: bool) -> Result<Dfa<dense::DFA<Vec<u32>>>, Failure> {
    let limits =
        dense::Config::new().dfa_size_limit(Some(LARGEST_DFA)).determinize_size_limit(Some(LARGEST_DFA));
    let built = dense::Builder::new()
        .configure(limits)
        .syntax(syntax::Config::new().utf8(false))
        .thompson(thompson::Config::new().utf8(false))
        .build(regex);
    let wrong = |error: &dyn std::error::Error| {
        // The first cause tells the most, in several lines of which the last is the reason.
        let mut error = error;
        while let Some(cause) = error.source() {
            error = cause;
        }
        let cause = error.to_string();
        let reason = cause.lines().last().unwrap_or_default();
        Failure::input(format!("the pattern {regex:?}: {}", reason.trim_start_matches("error: ")))
    };
    let dfa = built.map_err(|error| wrong(&error))?;
    let automaton = if contains { Dfa::contains(dfa) } else { Dfa::whole(dfa) };
    automaton.map_err(|error| wrong(&error))
}

/// The automaton of the words that differ little from another.
pub(crate) fn near(word: &str, distance: u32) -> Result<Levenshtein, Failure> {
    Levenshtein::new(word, distance).map_err(Failure::input)
}

/// Prints the keys that an automaton matches.
pub(crate) fn search<A: Automaton<State: Clone>>(
    out: &mut impl Write,
    packed: &Packed<'_, u64>,
    automaton: A,
) -> Result<(), Failure> {
    let mut found = packed.search(automaton);
    while let Some((key, &number)) = found.next() {
        print(out, key, number)?;
    }
    Ok(())
}

/// Prints the numbers of keys and bytes.
pub(crate) fn stats(out: &mut impl Write, packed: &Packed<'_, u64>) -> Result<(), Failure> {
    let (keys, bytes) = (packed.len(), packed.byte_len());
    writeln!(out, "keys           {}", grouped(keys))?;
    writeln!(out, "bytes          {}", grouped(bytes))?;
    if keys > 0 {
        writeln!(out, "bytes per key  {:.2}", bytes as f64 / keys as f64)?;
    }
    Ok(())
}

/// Verifies the whole file.
pub(crate) fn verify(out: &mut impl Write, packed: &Packed<'_, u64>, path: &Path) -> Result<(), Failure> {
    packed.verify(|_, _| ()).map_err(|error| wrong(path, &error))?;
    let (keys, bytes) = (count(packed.len(), "key"), count(packed.byte_len(), "byte"));
    writeln!(out, "{}: whole, {keys}, {bytes}", path.display())?;
    Ok(())
}
