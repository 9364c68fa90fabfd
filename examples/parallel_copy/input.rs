//! The input to be copied: generated numbers, the paths below a directory, or the lines of a file.

use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::path::Path;

use bytetrie_examples::progress::Progress;
use walkdir::WalkDir;

/// The input, divided among the workers.
pub(crate) enum Input {
    /// The numbers below `per_worker * workers`, each as a key and as its value.
    Numbers {
        /// The number of elements that the user asked for.
        elements: u64,
        /// The number of elements that each worker copies.
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
    /// A noun for the keys, for the report.
    pub(crate) noun: &'static str,
    /// The number of keys read, including duplicates.
    pub(crate) read: usize,
    /// The number of entries that could not be read.
    pub(crate) unreadable: usize,
    /// The first error.
    pub(crate) first_error: Option<String>,
}

impl Input {
    /// Divides `elements` numbers among `workers` workers.
    pub(crate) fn numbers(elements: u64, workers: usize) -> Self {
        Self::Numbers { elements, per_worker: elements / workers as u64, workers }
    }

    /// Reads every path below `path` if it is a directory, and every line if it is a file.
    pub(crate) fn from_path(path: &Path, workers: usize) -> Result<Self, String> {
        let refused = |error: std::io::Error| format!("cannot read {path:?}: {error}");
        let keys = if fs::metadata(path).map_err(refused)?.is_dir() {
            // The root is opened before the walk, because an unreadable root is an error, and an
            // unreadable entry below it is not.
            drop(fs::read_dir(path).map_err(refused)?);
            paths_below(path, workers)
        } else {
            lines_of(&fs::read(path).map_err(refused)?, workers)
        };
        Ok(Self::Keys(keys))
    }

    /// Returns the number of workers.
    pub(crate) fn workers(&self) -> usize {
        match self {
            Self::Numbers { workers, .. } => *workers,
            Self::Keys(keys) => keys.workers,
        }
    }

    /// Returns the number of pairs to be copied.
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
        // The sort is stable, so the last of equal keys is the one that was read last. It wins, as
        // in a map.
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

    /// Returns the keys of a worker as a contiguous range of the ordered keys.
    ///
    /// Dividing by the first byte or by the topmost directory would be simpler, but real input is
    /// unbalanced: most paths lie below one directory. Ranges of equal length are balanced for all
    /// keys. Since they are contiguous, workers share a prefix only at their borders, so hardly
    /// any prefix is stored twice.
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
    // A line feed ends a line, so no line follows the last line feed.
    let lines =
        text.split_inclusive(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line));
    let entries = lines.zip(1..).map(|(line, number)| (line.to_vec(), number)).collect();
    Keys::new(entries, workers, "lines")
}

/// Returns the bytes of a path, as the system stores them.
#[cfg(unix)]
fn bytes_of(path: &OsStr) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_bytes().to_vec()
}

/// Returns the bytes of a path in the standard library's own encoding, which is a superset of
/// UTF-8.
#[cfg(not(unix))]
fn bytes_of(path: &OsStr) -> Vec<u8> {
    path.as_encoded_bytes().to_vec()
}
