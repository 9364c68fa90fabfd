//! Packs a word list, or the output of `scan`, into a file, and searches the file in place.
//!
//! ```text
//! cargo run --release -p bytetrie-pack -- build words.trie /usr/share/dict/words
//! cargo run --release -p bytetrie-pack -- near words.trie recieve --distance 2
//! cargo run --release -p bytetrie-scan -- /usr | pack build files.trie --whole-lines
//! ```
//!
//! A file is mapped into memory, so a query reads only the pages on its way. It does not read the
//! others, so damage in them is found by `pack verify` only.

mod args;
mod build;
mod open;
mod query;
mod sort;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use args::{Args, Command, Source};
use bytetrie::file::{FileError, Packed};
use bytetrie_examples::cli::{self, Failure};

fn main() -> ExitCode {
    cli::run("pack", run)
}

fn run(args: &Args) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match &args.command {
        Command::Build(args) => build::build(args, &mut out)?,
        Command::Get { file, keys } => query::get(&mut out, &open(file)?, &file.path, keys)?,
        Command::Prefix { file, prefix } => query::prefix(&mut out, &open(file)?, prefix)?,
        Command::Pattern { file, regex, contains } => {
            let automaton = query::pattern(regex, *contains)?;
            query::search(&mut out, &open(file)?, automaton)?;
        }
        Command::Near { file, word, distance } => {
            let automaton = query::near(word, *distance)?;
            query::search(&mut out, &open(file)?, automaton)?;
        }
        Command::Stats { file } => query::stats(&mut out, &open(file)?)?,
        Command::Verify { file } => query::verify(&mut out, &open(file)?, &file.path)?,
    }
    out.flush()?;
    Ok(())
}

fn open(file: &Source) -> Result<Packed<'static, u64>, Failure> {
    open::open(&file.path, file.read).map_err(|error| wrong(&file.path, &error))
}

/// A file is not what it should be.
fn wrong(path: &Path, error: &FileError) -> Failure {
    Failure::refused(format!("{}: {error}", path.display()))
}
