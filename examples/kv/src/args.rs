//! The command line, and the lines of the shell.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Keeps keys and values in a file, with all their versions.
///
/// Without a command, commands are read from standard input, one a line. What was acknowledged
/// survives a crash of the program or of the machine.
///
/// Each change makes a version, and versions are numbered from 1. The exit status is 0 on success,
/// 1 if the key does not exist or the output cannot be written, and 2 if the arguments are wrong or
/// the file cannot be used.
#[derive(Clone, Debug, Parser)]
#[command(name = "kv", version)]
pub struct Args {
    /// Print each answer as a line of JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Commit up to N changes of the shell as one version. A batch ends early if the shell would
    /// have to wait for more input
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub batch: u32,
    /// The file. `put` and the shell create it if it does not exist
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A command.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    #[command(flatten)]
    Change(Change),
    #[command(flatten)]
    Query(Query),
}

/// A command that changes the file.
#[derive(Clone, Debug, Subcommand)]
pub enum Change {
    /// Set the value of a key
    Put {
        #[arg(allow_hyphen_values = true)]
        key: OsString,
        #[arg(allow_hyphen_values = true)]
        value: OsString,
    },
    /// Delete a key
    Del {
        #[arg(allow_hyphen_values = true)]
        key: OsString,
    },
    /// Forget old versions, and write the others to a new, smaller file
    Compact {
        /// Keep the N newest versions
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
        keep: u64,
    },
}

/// A command that changes nothing.
#[derive(Clone, Debug, Subcommand)]
pub enum Query {
    #[command(flatten)]
    Read(Read),
    /// Read a past version
    At {
        version: u64,
        #[command(subcommand)]
        read: Read,
    },
    /// List the versions, the newest first; with a key, only those that changed its value
    History {
        #[arg(allow_hyphen_values = true)]
        key: Option<OsString>,
        /// List at most N versions
        #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
        limit: usize,
    },
    /// List the changes from one version to another
    Diff {
        old: u64,
        /// The last version if it is left out
        new: Option<u64>,
    },
}

/// A command that reads one version.
#[derive(Clone, Debug, Subcommand)]
pub enum Read {
    /// Print the value of a key
    Get {
        #[arg(allow_hyphen_values = true)]
        key: OsString,
    },
    /// List keys and their values in order
    Scan {
        /// Only keys that begin with PREFIX
        #[arg(allow_hyphen_values = true, default_value = "", hide_default_value = true)]
        prefix: OsString,
        /// Only KEY and the keys after it
        #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
        from: Option<OsString>,
        /// Only keys before KEY
        #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
        to: Option<OsString>,
        /// List at most N keys
        #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
        limit: usize,
    },
}

/// A line of the shell.
///
/// A line is a command. Words are separated by blanks. `"…"` encloses a word with blanks, and `\n`,
/// `\t`, `\r`, `\"`, `\\`, `\ ` and `\xFF` stand for bytes. Lines that begin with `#` are comments.
#[derive(Clone, Debug, Parser)]
#[command(name = "kv", no_binary_name = true, override_usage = "COMMAND")]
pub struct Line {
    #[command(subcommand)]
    pub command: LineCommand,
}

/// A command of the shell.
#[derive(Clone, Debug, Subcommand)]
pub enum LineCommand {
    #[command(flatten)]
    Run(Command),
    /// End the shell, as the end of the input does
    #[command(visible_alias = "exit")]
    Quit,
}
