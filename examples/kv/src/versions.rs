//! Versions: the commits of a store, with numbers.
//!
//! The label of a commit is the number of the version, a space, and what has changed. So a version
//! keeps its number when older ones are forgotten.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use bytetrie::PathMap;
use bytetrie::file::{CommitId, CommitInfo, Commits, FileError, Store, StoreReader};
use bytetrie_examples::cli::Failure;

use crate::words::Shown;

/// A value. Nodes are copied when a map is changed beside the committed one, and a copy of this
/// type shares its bytes.
pub type Value = Arc<[u8]>;

/// A map from keys to values.
pub type Map = PathMap<Value>;

/// A version without its content.
#[derive(Clone, Debug)]
pub struct Version {
    pub number: u64,
    pub id: CommitId,
    pub time: Option<SystemTime>,
    pub keys: u64,
    /// The number of bytes by which it made the file longer.
    pub bytes: u64,
    /// What has changed, in words.
    pub change: String,
}

impl Version {
    /// Returns the version of a commit, or nothing if another program has made the commit.
    fn of(commit: &CommitInfo) -> Option<Self> {
        let (number, change) = commit.label().split_once(' ')?;
        Some(Self {
            number: number.parse().ok()?,
            id: commit.id(),
            time: commit.time(),
            keys: commit.len(),
            bytes: commit.bytes_written(),
            change: change.to_string(),
        })
    }
}

/// Returns the label of a version.
pub fn label(number: u64, change: &str) -> String {
    format!("{number} {change}")
}

/// The versions of a file.
pub struct Versions<'a> {
    path: &'a Path,
    open: Open<'a>,
}

/// How the file is open.
enum Open<'a> {
    ToRead(&'a StoreReader<Value>),
    /// For writing, with the map of the last version.
    ToWrite(&'a Store<Value>, &'a Map),
}

impl<'a> Versions<'a> {
    /// The versions of a file that another process may write meanwhile.
    pub fn of_reader(path: &'a Path, reader: &'a StoreReader<Value>) -> Self {
        Self { path, open: Open::ToRead(reader) }
    }

    /// The versions of a file that this process writes, of which the last one is in memory.
    pub fn of_store(path: &'a Path, store: &'a Store<Value>, last: &'a Map) -> Self {
        Self { path, open: Open::ToWrite(store, last) }
    }

    fn commits(&self) -> Commits<'_> {
        match self.open {
            Open::ToRead(reader) => reader.commits(),
            Open::ToWrite(store, _) => store.commits(),
        }
    }

    /// Returns the versions, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = Result<Version, Failure>> {
        self.commits().map(|commit| {
            let commit = commit.map_err(|error| refused(self.path, &error))?;
            Version::of(&commit).ok_or_else(|| {
                Failure::refused(format!("{}: its versions were made by another program", shown(self.path)))
            })
        })
    }

    /// Returns the version with this number.
    pub fn find(&self, number: u64) -> Result<Version, Failure> {
        let mut all = None;
        for version in self.iter() {
            let version = version?;
            if version.number == number {
                return Ok(version);
            }
            let last = all.map_or(version.number, |(_, last)| last);
            all = Some((version.number, last));
        }
        let known = match all {
            None => "there are none yet".to_string(),
            Some((first, last)) if first == last => format!("there is only version {last}"),
            Some((first, last)) => format!("there are versions {first} to {last}"),
        };
        Err(Failure::refused(format!("no version {number}: {known}")))
    }

    /// Returns the content of the last version, which is empty if there is none.
    pub fn last(&self) -> Result<Map, Failure> {
        match self.open {
            Open::ToRead(_) => self.load(self.iter().next().transpose()?.as_ref()),
            Open::ToWrite(_, last) => Ok(last.clone()),
        }
    }

    /// Loads a version. Without one, the map is empty.
    pub fn load(&self, version: Option<&Version>) -> Result<Map, Failure> {
        let Some(version) = version else { return Ok(Map::new()) };
        let map = match self.open {
            Open::ToRead(reader) => reader.at(version.id),
            Open::ToWrite(store, _) => store.at(version.id),
        };
        map.map_err(|error| refused(self.path, &error))
    }
}

/// The path of a file as it is shown in one line.
pub fn shown(path: &Path) -> Shown<'_> {
    Shown(path.as_os_str().as_encoded_bytes())
}

/// The failure of an operation on a file.
pub fn refused(path: &Path, error: &FileError) -> Failure {
    let reason = match error {
        FileError::Locked => "another process has it open for writing".to_string(),
        FileError::NotATrie { found } if found.is_empty() => "the file is empty".to_string(),
        error => error.to_string(),
    };
    Failure::refused(format!("{}: {reason}", shown(path)))
}
