//! Boolean search over an inverted index. Sets of documents are subtries, and the library's
//! algebra combines them.
//!
//! ```text
//! cargo run --release -p bytetrie-search
//! cargo run --release -p bytetrie-search -- 'trie & (join | meet) - hash'
//! cargo run --release -p bytetrie-search -- --paths /usr/share/doc 'gra* & in:lib' --limit 3
//! ```

mod args;
mod input;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use args::Args;
use bytetrie::zipper::*;
use bytetrie_examples::cli::{self, Failure};
use bytetrie_examples::figures::{count, grouped};
use bytetrie_search::index::{Documents, Index};
use bytetrie_search::query::Query;

/// The sample queries, which are run if no query is given.
const FOR_SHOW: [&str; 4] =
    ["trie & (join | meet) - hash", "gra* - graft", "in:docs/ & zipper", "(lat?ice | alg*) & in:src/ - sum"];

fn main() -> ExitCode {
    cli::run("search", run)
}

fn run(args: &Args) -> Result<(), Failure> {
    // Queries are parsed first, so that an error is reported before the index is built.
    let texts = args.query().map_or(FOR_SHOW.map(String::from).to_vec(), |query| vec![query]);
    let queries: Vec<_> =
        texts.iter().map(|text| Query::parse(text)).collect::<Result<_, _>>().map_err(Failure::input)?;

    let start = Instant::now();
    let mut index = Index::default();
    let told = input::read(&args.paths, &mut index).map_err(Failure::input)?;
    let time = start.elapsed();

    let mut out = io::stdout().lock();
    writeln!(out, "read     {}, {}", count(index.documents(), "document"), count(told.bytes, "byte"))?;
    if let Some(error) = &told.first_error {
        let entries = if told.unreadable == 1 { "entry" } else { "entries" };
        let unreadable = grouped(told.unreadable);
        writeln!(out, "skipped  {unreadable} {entries} that cannot be read, the first: {error}")?;
    }
    let (terms, postings) = (count(index.terms(), "term"), count(index.postings(), "posting"));
    writeln!(out, "indexed  {terms}, {postings} in {}: {}", took(time), count(index.heap_size(), "byte"))?;

    for (text, query) in texts.iter().zip(&queries) {
        let start = Instant::now();
        let found = query.answer(&index);
        let time = start.elapsed();
        writeln!(out, "\nquery    {text}")?;
        writeln!(out, "found    {} in {}", count(found.len(), "document"), took(time))?;
        list(&mut out, &found, args.limit)?;
    }
    Ok(())
}

/// Prints the first `limit` documents, each with its count.
fn list(out: &mut impl Write, found: &Documents, limit: usize) -> Result<(), Failure> {
    let mut reader = found.read_zipper();
    let mut listed = 0;
    while listed < limit
        && let Some(count) = reader.to_next_get_val()
    {
        // A file's name may contain control characters, which must not move the cursor.
        let name = String::from_utf8_lossy(reader.path()).replace(char::is_control, "\u{FFFD}");
        writeln!(out, "{:>7}  {name}", count.0)?;
        listed += 1;
    }
    if found.len() > listed {
        writeln!(out, "         and {} more", grouped(found.len() - listed))?;
    }
    Ok(())
}

fn took(time: Duration) -> String {
    match time.as_secs_f64() {
        long if long >= 1e-3 => format!("{:.1} ms", long * 1e3),
        short => format!("{:.1} µs", short * 1e6),
    }
}
