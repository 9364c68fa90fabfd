//! The common frame of the examples with a command line: argument errors, failures and exit
//! statuses.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

/// The reason why an example failed, and its exit status.
pub struct Failure {
    /// The reason, in one line.
    pub message: String,
    /// The exit status.
    pub status: u8,
}

impl Failure {
    /// A failure that the input caused. Its exit status is 2.
    pub fn input(message: impl ToString) -> Self {
        Self { message: message.to_string(), status: 2 }
    }
}

impl From<io::Error> for Failure {
    /// A broken pipe is not a failure: the reader has chosen to stop reading.
    fn from(error: io::Error) -> Self {
        let status = if error.kind() == io::ErrorKind::BrokenPipe { 0 } else { 1 };
        Self { message: format!("cannot write the report: {error}"), status }
    }
}

/// Runs an example with the arguments of this process. A failure is reported in one line on
/// stderr.
pub fn run<A: Parser>(name: &str, example: impl FnOnce(&A) -> Result<(), Failure>) -> ExitCode {
    let result = match A::try_parse() {
        Ok(args) => example(&args),
        // The user asked for the help text or the version.
        Err(error) if !error.use_stderr() => write!(io::stdout(), "{error}").map_err(Failure::from),
        Err(error) => {
            // The parser prints a long explanation, whose first line says what is wrong.
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
                // If this cannot be written either, there is nothing left to do.
                let _ = writeln!(io::stderr(), "{name}: {}{hint}", failure.message);
            }
            ExitCode::from(failure.status)
        }
    }
}
