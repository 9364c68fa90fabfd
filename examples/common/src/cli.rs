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
    /// Whether the report ends with a hint at `--help`.
    pub hint: bool,
}

impl Failure {
    /// A failure that the arguments caused. Its exit status is 2, and it hints at `--help`.
    pub fn input(message: impl ToString) -> Self {
        Self { hint: true, ..Self::refused(message) }
    }

    /// A failure that a file caused, or a line of input. Its exit status is 2.
    pub fn refused(message: impl ToString) -> Self {
        Self { status: 2, ..Self::incomplete(message) }
    }

    /// A failure to do all that was asked for. Its exit status is 1.
    pub fn incomplete(message: impl ToString) -> Self {
        Self { message: message.to_string(), status: 1, hint: false }
    }

    /// A failure to read the arguments.
    ///
    /// The parser prints a long explanation. Its first line says what is wrong, or ends with a
    /// colon, and indented lines follow.
    pub fn usage(error: &clap::Error) -> Self {
        let text = error.to_string();
        let mut lines = text.lines();
        let mut line = lines.next().unwrap_or_default().to_string();
        if line.ends_with(':') {
            for more in lines.take_while(|line| line.starts_with("  ")) {
                line.push(' ');
                line.push_str(more.trim());
            }
        }
        Self::input(line.strip_prefix("error: ").unwrap_or(&line))
    }
}

impl From<io::Error> for Failure {
    /// A broken pipe is not a failure: the reader has chosen to stop reading.
    fn from(error: io::Error) -> Self {
        let status = if error.kind() == io::ErrorKind::BrokenPipe { 0 } else { 1 };
        Self { status, ..Self::incomplete(format!("cannot write the report: {error}")) }
    }
}

/// Runs an example with the arguments of this process. A failure is reported in one line on
/// stderr.
pub fn run<A: Parser>(name: &str, example: impl FnOnce(&A) -> Result<(), Failure>) -> ExitCode {
    let result = match A::try_parse() {
        Ok(args) => example(&args),
        // The user asked for the help text or the version.
        Err(error) if !error.use_stderr() => write!(io::stdout(), "{error}").map_err(Failure::from),
        Err(error) => Err(Failure::usage(&error)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if failure.status != 0 {
                let hint = if failure.hint { format!(" (see {name} --help)") } else { String::new() };
                // If this cannot be written either, there is nothing left to do.
                let _ = writeln!(io::stderr(), "{name}: {}{hint}", failure.message);
            }
            ExitCode::from(failure.status)
        }
    }
}
