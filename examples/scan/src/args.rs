//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser, ValueEnum};

use crate::meta::Kind;

/// Lists the files below directories. Several threads find them, and each thread fills its own
/// map.
///
/// Hidden files and files that .gitignore or .ignore exclude are left out. The exit status is 0 if
/// the scan is complete, 1 if it is not, and 2 if the arguments are wrong.
#[derive(Clone, Debug, Parser)]
#[command(name = "scan", version)]
pub struct Args {
    /// The number of threads, 1 to 256 [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// List directories, symbolic links and special files besides regular files
    #[arg(long, conflicts_with = "types")]
    pub dirs: bool,
    /// List only entries of this type. May be given several times [default: f]
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub types: Vec<Type>,
    /// List hidden files, and enter hidden directories
    #[arg(long)]
    pub hidden: bool,
    /// Ignore the rules of .gitignore, .ignore and git's configuration
    #[arg(long = "no-gitignore", action = ArgAction::SetFalse)]
    pub gitignore: bool,
    /// List only files that match this glob, even if rules exclude them or a directory above them.
    /// `!G` leaves out entries that match, and everything below them. May be given several times;
    /// the last glob that matches an entry decides. A glob with a slash is relative to DIR
    #[arg(long = "glob", value_name = "G", allow_hyphen_values = true)]
    pub globs: Vec<String>,
    /// Follow symbolic links. A dangling link is listed as a link. A link to a directory above it
    /// is reported, and not followed
    #[arg(long)]
    pub follow: bool,
    /// Do not enter directories on file systems other than that of DIR
    #[arg(long)]
    pub one_file_system: bool,
    /// Descend at most N directories below DIR; 0 lists DIR alone
    #[arg(long, value_name = "N")]
    pub max_depth: Option<usize>,
    /// Stop after SECS seconds and keep what was found so far, even if a file system does not
    /// respond or nobody reads the output
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    pub deadline: Option<Duration>,
    /// The output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Lines)]
    pub format: Format,
    /// End each line with a zero byte instead of a line feed, for names that contain line feeds.
    /// Only with the format `lines`
    #[arg(short = '0', long)]
    pub print0: bool,
    /// Print entries in order when the scan is done: each directory is followed by its content
    #[arg(long)]
    pub sort: bool,
    /// Print changes instead of entries: scan, scan again at each line on standard input (at least
    /// once), and print the differences between each scan and the one before
    #[arg(long)]
    pub diff: bool,
    /// The directories or files to scan
    #[arg(value_name = "DIR", default_value = ".")]
    pub roots: Vec<PathBuf>,
}

/// The output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One path per line, as its raw bytes, as soon as it is found
    Lines,
    /// One JSON object per line, as soon as it is found
    Jsonl,
    /// An outline with the total size of each directory, in order, when the scan is done
    Tree,
}

/// The types of entries that can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Type {
    /// Regular files
    #[value(name = "f", alias = "file")]
    File,
    /// Directories; in an outline, with their total sizes
    #[value(name = "d", alias = "directory")]
    Directory,
    /// Symbolic links
    #[value(name = "l", alias = "link")]
    Link,
}

/// The data that a scan has to collect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The size and time of an entry that is not a directory.
    pub sizes: bool,
    /// The size and time of a directory.
    pub directories: bool,
    /// A map of the entries.
    pub map: bool,
    /// Lines, printed while entries are found.
    pub lines: bool,
}

/// The format of an entry's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub format: Format,
    /// The byte that ends a line of the format `lines`.
    pub end: u8,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is expected".to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

impl Args {
    /// Returns the number of threads to scan with.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }

    /// Returns the data that the scan has to collect.
    pub fn needs(&self) -> Needs {
        let tree = self.format == Format::Tree;
        Needs {
            sizes: self.diff || self.format != Format::Lines,
            directories: self.diff || self.format == Format::Jsonl,
            map: self.diff || self.sort || tree,
            lines: !(self.diff || self.sort || tree),
        }
    }

    /// Returns the format of an entry's line.
    pub fn style(&self) -> Style {
        Style { format: self.format, end: if self.print0 { 0 } else { b'\n' } }
    }

    /// Returns true if an entry of this kind is listed.
    pub fn lists(&self, kind: Kind) -> bool {
        if self.dirs {
            return true;
        }
        match kind {
            Kind::File => self.types.is_empty() || self.types.contains(&Type::File),
            Kind::Directory => self.types.contains(&Type::Directory),
            Kind::Link => self.types.contains(&Type::Link),
            Kind::Other => false,
        }
    }

    /// Returns true if an entry of this kind is listed, or counted in a listed directory.
    pub fn keeps(&self, kind: Kind) -> bool {
        self.lists(kind) || (self.format == Format::Tree && self.types.contains(&Type::Directory))
    }

    /// Returns an error if two arguments exclude each other.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.diff && self.format == Format::Tree {
            return Err("--diff prints lines or jsonl, not a tree");
        }
        if self.print0 && self.format != Format::Lines {
            return Err("--print0 requires the format lines");
        }
        Ok(())
    }
}
