//! A small durable key-value shell on a store of versions.
//!
//! ```text
//! cargo run --release -p bytetrie-kv -- FILE put apple green
//! cargo run --release -p bytetrie-kv -- FILE get apple
//! cargo run --release -p bytetrie-kv -- FILE
//! ```
//!
//! The file is a [`Store`](bytetrie::file::Store): a log of commits, each of which is a whole map
//! that shares the nodes it has in common with the one before. So each change makes a version, at
//! the cost of the change, and every version can be read until it is forgotten by `compact`.
//!
//! # What is promised
//! A change is acknowledged after its version has been synced. So if the program is killed or the
//! machine stops, everything that was acknowledged is in the file. A version is in the file as a
//! whole or not at all: the changes of a batch appear together. `tests/kv/kills.rs` kills the
//! program at random moments and checks that.
//!
//! One process at a time writes a file. It holds the lock of the file `FILE.lock`. Commands that
//! change nothing take no lock, and read beside it.
//!
//! # Costs
//! A change in the shell costs O(change) and one sync, which `--batch` shares between the changes
//! that have arrived. A command on its own reads the file first, up to the version that it needs.
//! `history KEY` does that for each version.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use bytetrie::file::StoreReader;
use bytetrie_examples::cli::{self, Failure};
use bytetrie_kv::args::{Args, Change, Command};
use bytetrie_kv::print::Printer;
use bytetrie_kv::shell::{self, Manner};
use bytetrie_kv::versions::{Versions, refused};
use bytetrie_kv::{read, shell::absent};

fn main() -> ExitCode {
    cli::run("kv", run)
}

fn run(args: &Args) -> Result<(), Failure> {
    let mut printer = Printer::new(BufWriter::new(io::stdout().lock()), args.json);
    let Some(command) = &args.command else {
        let is_interactive = io::stdin().is_terminal() && io::stdout().is_terminal();
        let manner = Manner { batch: args.batch.into(), is_interactive };
        return shell::run(&args.file, io::stdin().lock(), &mut printer, manner);
    };
    if args.batch != 1 {
        return Err(Failure::input("--batch is an option of the shell, not of a command"));
    }
    let missing = match command {
        Command::Query(query) => {
            let reader = StoreReader::open(&args.file).map_err(|error| refused(&args.file, &error))?;
            read::answer(&Versions::of_reader(&args.file, &reader), query, &mut printer)?
        }
        Command::Change(change) => {
            if !matches!(change, Change::Put { .. }) {
                // There is nothing to delete or to forget, so no file is created.
                fs::metadata(&args.file).map_err(|error| refused(&args.file, &error.into()))?;
            }
            let mut session = shell::open(&args.file)?;
            shell::make(&mut session, change, &mut printer, 1)?
        }
    };
    printer.out.flush()?;
    match missing {
        Some(key) => Err(Failure::incomplete(absent(key))),
        None => Ok(()),
    }
}
