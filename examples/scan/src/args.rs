//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser, ValueEnum};

use crate::meta::Kind;

/// Lists the files below directories, found by several threads, each of which fills a map of its
/// own.
///
/// Hidden files are left out, and what the rules of .gitignore and .ignore leave out. The exit
/// status is 0 if the scan is complete, 1 if it is not, and 2 if the arguments are wrong.
#[derive(Clone, Debug, Parser)]
#[command(name = "scan", version)]
pub struct Args {
    /// The number of threads, 1 to 256 [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// List directories, symbolic links and special files too, and not regular files alone
    #[arg(long, conflicts_with = "types")]
    pub dirs: bool,
    /// List entries of this type alone. May be given several times [default: f]
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub types: Vec<Type>,
    /// List hidden files too, and enter hidden directories
    #[arg(long)]
    pub hidden: bool,
    /// Disregard the rules of .gitignore, .ignore and git's own configuration
    #[arg(long = "no-gitignore", action = ArgAction::SetFalse)]
    pub gitignore: bool,
    /// List only files that match this glob, whatever rules say of them or of the directories that
    /// they lie in; `!G` leaves out what matches, and what is in it. May be given several times;
    /// the last that matches decides. A glob with a slash begins at DIR
    #[arg(long = "glob", value_name = "G", allow_hyphen_values = true)]
    pub globs: Vec<String>,
    /// Follow symbolic links. One that leads nowhere is listed as the link it is; one to a
    /// directory that it lies in is told, and not followed
    #[arg(long)]
    pub follow: bool,
    /// Do not enter directories on other file systems than DIR's
    #[arg(long)]
    pub one_file_system: bool,
    /// Go down by at most so many directories; 0 is DIR alone
    #[arg(long, value_name = "N")]
    pub max_depth: Option<usize>,
    /// Stop after so many seconds, with what was found so far, even if a file system does not
    /// answer or nobody reads what is printed
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    pub deadline: Option<Duration>,
    /// How entries are printed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Lines)]
    pub format: Format,
    /// End each line with a zero byte and not a line feed, for names that have line feeds; of the
    /// format `lines` only
    #[arg(short = '0', long)]
    pub print0: bool,
    /// Print in order, when the scan is done: what is in a directory follows it at once
    #[arg(long)]
    pub sort: bool,
    /// Print changes instead of entries: scan, then scan again at each line on standard input
    /// (once at least), and print by what each scan differs from the one before
    #[arg(long)]
    pub diff: bool,
    /// What to scan
    #[arg(value_name = "DIR", default_value = ".")]
    pub roots: Vec<PathBuf>,
}

/// How entries are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One path a line, as its bytes are, as soon as it is found
    Lines,
    /// One JSON object a line, as soon as it is found
    Jsonl,
    /// An outline, with the size of all that is in a directory; in order, when the scan is done
    Tree,
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Type {
    /// Regular files
    #[value(name = "f", alias = "file")]
    File,
    /// Directories; in an outline, with the sizes of all that is in them
    #[value(name = "d", alias = "directory")]
    Directory,
    /// Symbolic links
    #[value(name = "l", alias = "link")]
    Link,
}

/// What a scan has to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// What the system knows of an entry besides its name and kind.
    pub sizes: bool,
    /// The same of a directory.
    pub directories: bool,
    /// A map of the entries.
    pub map: bool,
    /// Lines, while entries are found.
    pub lines: bool,
}

/// How the line of an entry looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub format: Format,
    /// What a line of the format `lines` ends with.
    pub end: u8,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is expected".to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

impl Args {
    /// The number of threads to scan with.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }

    /// What the scan has to find out.
    pub fn needs(&self) -> Needs {
        let tree = self.format == Format::Tree;
        Needs {
            sizes: self.diff || self.format != Format::Lines,
            directories: self.diff || self.format == Format::Jsonl,
            map: self.diff || self.sort || tree,
            lines: !(self.diff || self.sort || tree),
        }
    }

    /// How entries are printed in lines.
    pub fn style(&self) -> Style {
        Style { format: self.format, end: if self.print0 { 0 } else { b'\n' } }
    }

    /// True if an entry of this kind is listed.
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

    /// True if an entry of this kind is listed, or counts for what is.
    pub fn keeps(&self, kind: Kind) -> bool {
        self.lists(kind) || (self.format == Format::Tree && self.types.contains(&Type::Directory))
    }

    /// Says which arguments do not go together, if some do not.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.diff && self.format == Format::Tree {
            return Err("--diff prints lines or jsonl, and no tree");
        }
        if self.print0 && self.format != Format::Lines {
            return Err("--print0 is of the format lines only");
        }
        Ok(())
    }
}
