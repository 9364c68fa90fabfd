//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Packs a word list into a file, and searches the file in place.
///
/// Found keys are printed in the order of their bytes, each with a tab and its number. The exit
/// status is 1 if a key is not found or the output cannot be written, and 2 if the arguments or
/// files are wrong.
#[derive(Debug, Parser)]
#[command(name = "pack", version)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Pack the lines of text files: `KEY`, or `KEY`, a tab and a number
    Build(Build),
    /// Print the numbers of keys
    Get {
        #[command(flatten)]
        file: Source,
        #[arg(value_name = "KEY", required = true)]
        keys: Vec<String>,
    },
    /// Print the keys that begin with PREFIX
    Prefix {
        #[command(flatten)]
        file: Source,
        #[arg(value_name = "PREFIX")]
        prefix: String,
    },
    /// Print the keys that a regular expression matches as a whole
    Pattern {
        #[command(flatten)]
        file: Source,
        #[arg(value_name = "REGEX")]
        regex: String,
        /// Print the keys that contain a match
        #[arg(long)]
        contains: bool,
    },
    /// Print the keys that differ from WORD by a few inserted, removed or replaced characters
    Near {
        #[command(flatten)]
        file: Source,
        #[arg(value_name = "WORD")]
        word: String,
        /// The largest number of differences
        #[arg(long, value_name = "N", default_value_t = 1)]
        distance: u32,
    },
    /// Print the numbers of keys and bytes
    Stats {
        #[command(flatten)]
        file: Source,
    },
    /// Read the whole file, and verify all checksums and rules of the format
    Verify {
        #[command(flatten)]
        file: Source,
    },
}

/// The packed file to be searched.
#[derive(Debug, clap::Args)]
pub(crate) struct Source {
    /// The packed file. Nobody may change it meanwhile, except by replacing it
    #[arg(value_name = "FILE")]
    pub(crate) path: PathBuf,
    /// Read the file into memory, instead of mapping it
    #[arg(long)]
    pub(crate) read: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Build {
    /// The packed file, which is replaced when it is complete
    #[arg(value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The text files; `-` is standard input, and the default. A line without a number has the
    /// number 1. The numbers of equal keys are added. Empty lines are skipped
    #[arg(value_name = "INPUT", default_value = "-")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The lines are sorted by the bytes of their keys, and need no memory
    #[arg(long)]
    pub(crate) sorted: bool,
    /// Each line is a key, even if it has a tab
    #[arg(long)]
    pub(crate) whole_lines: bool,
    /// Lines end with a zero byte, as `scan -0` prints them
    #[arg(short = '0', long)]
    pub(crate) null: bool,
    /// The memory for sorting. More lines are sorted in parts, which are kept in files beside the
    /// output
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub(crate) memory: u32,
}
