//! What is copied: generated numbers, the paths below a directory, or the lines of a file.

use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::path::Path;

use bytetrie_examples::progress::Progress;
use walkdir::WalkDir;

/// The input, divided among the workers.
pub(crate) enum Input {
    /// The numbers below `per_worker * workers`; key and value are the number.
    Numbers {
        /// How many were asked for.
        elements: u64,
        /// How many each worker copies.
        per_worker: u64,
        /// The number of workers.
        workers: usize,
    },
    /// Real keys with their values.
    Keys(Keys),
}

/// Keys in order, without duplicates.
pub(crate) struct Keys {
    entries: Vec<(Vec<u8>, u64)>,
    workers: usize,
    /// What they are, for the report.
    pub(crate) noun: &'static str,
    /// How many were read, duplicates included.
    pub(crate) read: usize,
    /// How many entries could not be read.
    pub(crate) unreadable: usize,
    /// The first reason.
    pub(crate) first_error: Option<String>,
}

impl Input {
    /// `elements` numbers over `workers` workers.
    pub(crate) fn numbers(elements: u64, workers: usize) -> Self {
        Self::Numbers { elements, per_worker: elements / workers as u64, workers }
    }

    /// Every path below `path` if it is a directory, every line if it is a file.
    pub(crate) fn from_path(path: &Path, workers: usize) -> Result<Self, String> {
        let refused = |error: std::io::Error| format!("cannot read {path:?}: {error}");
        let keys = if fs::metadata(path).map_err(refused)?.is_dir() {
            // Opened once before walking: a root that cannot be read is an error, an entry below
            // it is not.
            drop(fs::read_dir(path).map_err(refused)?);
            paths_below(path, workers)
        } else {
            lines_of(&fs::read(path).map_err(refused)?, workers)
        };
        Ok(Self::Keys(keys))
    }

    /// The number of workers.
    pub(crate) fn workers(&self) -> usize {
        match self {
            Self::Numbers { workers, .. } => *workers,
            Self::Keys(keys) => keys.workers,
        }
    }

    /// The number of pairs that will be copied.
    pub(crate) fn pairs(&self) -> u64 {
        match self {
            Self::Numbers { per_worker, workers, .. } => per_worker * *workers as u64,
            Self::Keys(keys) => keys.entries.len() as u64,
        }
    }

    /// Calls `visit` with the key and the value of each of the worker's pairs.
    pub(crate) fn for_each(&self, worker: usize, mut visit: impl FnMut(&[u8], u64)) {
        match self {
            Self::Numbers { per_worker, .. } => {
                let first = worker as u64 * per_worker;
                (first..first + per_worker).for_each(|i| visit(&i.to_be_bytes(), i));
            }
            Self::Keys(keys) => {
                keys.entries[keys.range(worker)].iter().for_each(|(key, value)| visit(key, *value))
            }
        }
    }
}

impl Keys {
    fn new(mut entries: Vec<(Vec<u8>, u64)>, workers: usize, noun: &'static str) -> Self {
        let read = entries.len();
        // Stable, and so the last of equal keys is the last that was read: it wins, as in a map.
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|later, kept| {
            let equal = later.0 == kept.0;
            if equal {
                kept.1 = later.1;
            }
            equal
        });
        Self { entries, workers, noun, read, unreadable: 0, first_error: None }
    }

    /// The keys of a worker: a contiguous range of the ordered keys.
    ///
    /// Dividing by the first byte or by the topmost directory would be simpler, and real input
    /// defeats it: most paths lie below one directory. Ranges of equal length are balanced
    /// whatever the keys are, and as they are contiguous a prefix is divided between workers at
    /// the borders only, so hardly anything is stored twice.
    fn range(&self, worker: usize) -> Range<usize> {
        let border = |i: usize| (i as u128 * self.entries.len() as u128 / self.workers as u128) as usize;
        border(worker)..border(worker + 1)
    }
}

fn paths_below(root: &Path, workers: usize) -> Keys {
    let mut progress = Progress::new("reading", None);
    let mut entries = Vec::new();
    let mut unreadable = 0;
    let mut first_error = None;
    for entry in WalkDir::new(root).min_depth(1) {
        match entry.and_then(|entry| Ok((entry.metadata()?.len(), entry))) {
            Ok((size, entry)) => {
                let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
                entries.push((bytes_of(below.as_os_str()), size));
                progress.at(entries.len() as u64);
            }
            Err(error) => {
                unreadable += 1;
                first_error.get_or_insert_with(|| error.to_string());
            }
        }
    }
    Keys { unreadable, first_error, ..Keys::new(entries, workers, "paths") }
}

fn lines_of(text: &[u8], workers: usize) -> Keys {
    // A line break ends a line: the last one begins no further line.
    let lines =
        text.split_inclusive(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line));
    let entries = lines.zip(1..).map(|(line, number)| (line.to_vec(), number)).collect();
    Keys::new(entries, workers, "lines")
}

/// The bytes of a path, as the system has them.
#[cfg(unix)]
fn bytes_of(path: &OsStr) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_bytes().to_vec()
}

/// The bytes of a path in the standard library's own encoding, which is a superset of UTF-8.
#[cfg(not(unix))]
fn bytes_of(path: &OsStr) -> Vec<u8> {
    path.as_encoded_bytes().to_vec()
}
