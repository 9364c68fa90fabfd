//! The shell: commands from a terminal or a pipe, one a line.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use bytetrie_examples::cli::Failure;
use bytetrie_examples::figures::count;
use clap::{CommandFactory, FromArgMatches};

use crate::args::{Change, Command, Line, LineCommand};
use crate::print::Printer;
use crate::read;
use crate::session::Session;
use crate::words::{self, Shown};

/// The bytes of input that are read at once.
const CHUNK: usize = 1 << 16;

/// How the shell runs.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// The maximum number of changes that are committed as one version.
    pub batch: u64,
    /// Whether a person types the lines. The shell then prints a prompt, and goes on after a wrong
    /// line.
    pub is_interactive: bool,
}

/// Runs the lines of the input, and returns at its end.
pub fn run<W: Write>(
    path: &Path,
    input: impl Read,
    printer: &mut Printer<W>,
    manner: Manner,
) -> Result<(), Failure> {
    let mut session = open(path)?;
    let mut input = BufReader::with_capacity(CHUNK, input);
    // Making the parser takes longer than parsing a line.
    let mut parser = Line::command();
    let (mut line, mut number) = (Vec::new(), 0_u64);
    loop {
        // Waiting for a line while others wait for an answer could take forever.
        if !input.buffer().contains(&b'\n') {
            reported(manner, number, acknowledge(&mut session, printer))?;
        }
        if manner.is_interactive {
            write!(printer.out, "kv> ")?;
        }
        printer.out.flush()?;
        line.clear();
        let len = input.read_until(b'\n', &mut line);
        if len.map_err(|error| Failure::incomplete(format!("cannot read the commands: {error}")))? == 0 {
            if manner.is_interactive {
                writeln!(printer.out)?;
                printer.out.flush()?;
            }
            return Ok(());
        }
        number += 1;
        let goes_on = obey(&mut session, parse(&mut parser, &line), printer, manner.batch);
        if reported(manner, number, goes_on)? == Some(false) {
            return Ok(());
        }
    }
}

/// Opens a file for writing, and reports what was cut off.
pub fn open(path: &Path) -> Result<Session<'_>, Failure> {
    let session = Session::open(path)?;
    match session.bytes_cut() {
        0 => {}
        bytes => note(&format!("{} of an unfinished version were cut off", count(bytes, "byte"))),
    }
    Ok(session)
}

/// Reports a failure and goes on if a person can type another line. Otherwise the failure ends the
/// shell, and names the line.
fn reported<T>(manner: Manner, number: u64, result: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match result {
        Ok(result) => Ok(Some(result)),
        Err(failure) if failure.status != 2 => Err(failure),
        Err(failure) if manner.is_interactive => {
            note(&failure.message);
            Ok(None)
        }
        Err(failure) => Err(Failure::refused(format!("line {number}: {}", failure.message))),
    }
}

/// Commits what is pending, and acknowledges each change of it.
fn acknowledge<W: Write>(session: &mut Session<'_>, printer: &mut Printer<W>) -> Result<(), Failure> {
    let changes = session.pending();
    if changes > 0 {
        let version = session.commit()?;
        for _ in 0..changes {
            printer.ok(version)?;
        }
        printer.out.flush()?;
    }
    Ok(())
}

/// Runs a line. Returns false if it ends the shell.
fn obey<W: Write>(
    session: &mut Session<'_>,
    parsed: Result<Option<LineCommand>, Failure>,
    printer: &mut Printer<W>,
    batch: u64,
) -> Result<bool, Failure> {
    // Everything but a change sees what the changes before it have made, and answers after them.
    if !matches!(parsed, Ok(Some(LineCommand::Run(Command::Change(Change::Put { .. } | Change::Del { .. })))))
    {
        acknowledge(session, printer)?;
    }
    let missing = match &parsed? {
        None => None,
        Some(LineCommand::Quit) => return Ok(false),
        Some(LineCommand::Run(Command::Query(query))) => {
            read::answer(&session.versions(), query, printer)?.map(absent)
        }
        Some(LineCommand::Run(Command::Change(change))) => make(session, change, printer, batch)?.map(absent),
    };
    if let Some(message) = missing {
        note(&message);
    }
    Ok(true)
}

/// Prints a message on standard error. If that fails, there is nothing left to do.
fn note(message: &str) {
    let _ = writeln!(io::stderr(), "kv: {message}");
}

/// Parses a line. Returns nothing if it has no words.
fn parse(parser: &mut clap::Command, line: &[u8]) -> Result<Option<LineCommand>, Failure> {
    let words = words::split(line).map_err(Failure::refused)?;
    if words.is_empty() {
        return Ok(None);
    }
    let words: Result<Vec<_>, _> = words.into_iter().map(words::argument).collect();
    let matches = parser.try_get_matches_from_mut(words.map_err(Failure::refused)?);
    match matches.and_then(|matches| Line::from_arg_matches(&matches)) {
        Ok(line) => Ok(Some(line.command)),
        Err(error) if !error.use_stderr() => {
            // The user asked for help.
            let _ = write!(io::stderr(), "{error}");
            Ok(None)
        }
        Err(error) => Err(Failure::usage(&error)),
    }
}

/// Makes a change, and commits it if a batch is complete. Returns its key if that does not exist.
pub fn make<'a, W: Write>(
    session: &mut Session<'_>,
    change: &'a Change,
    printer: &mut Printer<W>,
    batch: u64,
) -> Result<Option<&'a OsStr>, Failure> {
    match change {
        Change::Put { key, value } => session.put(key.as_encoded_bytes(), value.as_encoded_bytes()),
        Change::Del { key } => {
            if !session.delete(key.as_encoded_bytes()) {
                acknowledge(session, printer)?;
                printer.absent(key.as_encoded_bytes())?;
                return Ok(Some(key));
            }
        }
        Change::Compact { keep } => {
            let (versions, bytes) = session.compact(*keep)?;
            printer.compacted(versions, bytes)?;
        }
    }
    if session.pending() >= batch {
        acknowledge(session, printer)?;
    }
    Ok(None)
}

/// The message for a key that does not exist.
pub fn absent(key: &OsStr) -> String {
    format!("no such key: {}", Shown(key.as_encoded_bytes()))
}
