//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Copies one subtrie of a map into another by threads that receive zippers over channels.
///
/// Without --paths the input is generated numbers; with it, the paths below a directory or the lines of a file.
#[derive(Debug, Parser)]
#[command(name = "parallel_copy", version)]
pub(crate) struct Args {
    /// Copy real input: every path below this directory (value: size), or every line of this file (value: its number)
    #[arg(long, value_name = "DIR|FILE", conflicts_with = "elements")]
    pub(crate) paths: Option<PathBuf>,
    /// The number of worker threads, 1 to 256
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: u16,
    /// The number of generated elements; what remains after dividing them by the threads is left out
    #[arg(long, value_name = "N", default_value_t = 65_535)]
    pub(crate) elements: u64,
    /// Do the same work with one thread too, and tell the speed-up
    #[arg(long)]
    pub(crate) compare: bool,
}
