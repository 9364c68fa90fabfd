//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser, ValueEnum};

/// Lists the files below directories, found by several threads, each of which fills a map of its own.
///
/// Hidden files are left out, and what the rules of .gitignore and .ignore leave out. The exit status is 0 if the scan
/// is complete, 1 if it is not, and 2 if the arguments are wrong.
#[derive(Debug, Parser)]
#[command(name = "scan", version)]
pub(crate) struct Args {
    /// The number of threads, 1 to 256 [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// List directories, symbolic links and special files too, and not regular files alone
    #[arg(long)]
    pub(crate) dirs: bool,
    /// List hidden files too, and enter hidden directories
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Disregard the rules of .gitignore, .ignore and git's own configuration
    #[arg(long = "no-gitignore", action = ArgAction::SetFalse)]
    pub(crate) gitignore: bool,
    /// List only files that match this glob, whatever other rules say of them; `!G` leaves out what matches. May be
    /// given several times; the last that matches decides. A glob with a slash begins at DIR
    #[arg(long = "glob", value_name = "G", allow_hyphen_values = true)]
    pub(crate) globs: Vec<String>,
    /// Follow symbolic links. A link to a directory that it lies in is told, and not followed
    #[arg(long)]
    pub(crate) follow: bool,
    /// Do not enter directories on other file systems than DIR's
    #[arg(long)]
    pub(crate) one_file_system: bool,
    /// Go down by at most so many directories; 0 is DIR alone
    #[arg(long, value_name = "N")]
    pub(crate) max_depth: Option<usize>,
    /// Stop after so many seconds, with what was found so far
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    pub(crate) deadline: Option<Duration>,
    /// How entries are printed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Lines)]
    pub(crate) format: Format,
    /// Print changes instead of entries: scan, then scan again at each line on standard input (once at least), and print
    /// by what each scan differs from the one before
    #[arg(long)]
    pub(crate) diff: bool,
    /// What to scan
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) roots: Vec<PathBuf>,
}

/// How entries are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One path a line, as its bytes are, as soon as it is found
    Lines,
    /// One JSON object a line, as soon as it is found
    Jsonl,
    /// An outline, with the size of all that is in a directory; in order, when the scan is done
    Tree,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is expected".to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

impl Args {
    /// The number of threads to scan with.
    pub(crate) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }

    /// The format in which entries are printed while they are found, if they are.
    pub(crate) fn streamed(&self) -> Option<Format> {
        (!self.diff && self.format != Format::Tree).then_some(self.format)
    }
}
