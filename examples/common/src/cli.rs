//! What the examples with a command line have in common: how one ends, and what it says then.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

/// Why an example did not end well, and the exit status that says so.
pub struct Failure {
    /// What went wrong, in one line.
    pub message: String,
    /// The exit status.
    pub status: u8,
}

impl Failure {
    /// The input is at fault.
    pub fn input(message: impl ToString) -> Self {
        Self { message: message.to_string(), status: 2 }
    }
}

impl From<io::Error> for Failure {
    /// Nobody reads the report any more: that is the reader's choice and no failure.
    fn from(error: io::Error) -> Self {
        let status = if error.kind() == io::ErrorKind::BrokenPipe { 0 } else { 1 };
        Self { message: format!("cannot write the report: {error}"), status }
    }
}

/// Runs an example with the arguments of this process. A failure is told in one line on stderr.
pub fn run<A: Parser>(name: &str, example: impl FnOnce(&A) -> Result<(), Failure>) -> ExitCode {
    let result = match A::try_parse() {
        Ok(args) => example(&args),
        // Help or version was asked for.
        Err(error) if !error.use_stderr() => write!(io::stdout(), "{error}").map_err(Failure::from),
        Err(error) => {
            // The parser explains at length; its first line says what is wrong.
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            Err(Failure::input(line.strip_prefix("error: ").unwrap_or(line)))
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if failure.status != 0 {
                let hint = if failure.status == 2 { format!(" (see {name} --help)") } else { String::new() };
                // Nothing is left to do if even this cannot be written.
                let _ = writeln!(io::stderr(), "{name}: {}{hint}", failure.message);
            }
            ExitCode::from(failure.status)
        }
    }
}
