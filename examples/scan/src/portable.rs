//! The system calls of the scan by paths, for systems without calls relative to a directory.
//! Directories deeper than the longest path that the system accepts are reported as unreadable.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::meta::{Id, Kind, Known, Listed, Meta, bytes_of, path_of};

/// The number of names between two pauses.
const PIECE: usize = 1024;

/// An empty type, since the standard library has its own buffer for names.
#[derive(Default)]
pub struct Room(());

/// Returns the number of directories that may be kept open. There is no limit, because directories
/// are not kept open here.
pub fn most_open() -> usize {
    usize::MAX
}

/// A directory, represented by its path.
pub struct Directory(PathBuf);

impl Directory {
    /// Finds the directory at a path.
    pub fn open(path: &[u8]) -> io::Result<Self> {
        Self::checked(path_of(path).into_owned(), true)
    }

    /// Finds a directory in this directory. A link to a directory is followed only if `follow`.
    pub fn child(&self, name: &[u8], follow: bool) -> io::Result<Self> {
        Self::checked(self.0.join(path_of(name)), follow)
    }

    fn checked(path: PathBuf, follow: bool) -> io::Result<Self> {
        let metadata = if follow { fs::metadata(&path)? } else { fs::symlink_metadata(&path)? };
        if metadata.is_dir() { Ok(Self(path)) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// Returns the id of the directory.
    pub fn id(&self) -> io::Result<Id> {
        Ok(known(&fs::metadata(&self.0)?).id)
    }

    /// Returns the metadata of an entry of this directory.
    pub fn known(&self, name: &[u8], follow: bool) -> io::Result<Known> {
        let path = self.0.join(path_of(name));
        Ok(known(&if follow { fs::metadata(path)? } else { fs::symlink_metadata(path)? }))
    }

    /// Lists the entries of this directory in pieces, with a pause after each piece. Ends early if
    /// `each` breaks.
    pub fn list(
        &self,
        _room: &mut Room,
        mut each: impl FnMut(Listed<'_>) -> ControlFlow<()>,
    ) -> io::Result<()> {
        for (number, entry) in fs::read_dir(&self.0)?.enumerate() {
            let entry = entry?;
            let kind = entry.file_type().ok().map(kind);
            if each(Listed::Name(bytes_of(entry.file_name().as_ref()), kind)).is_break() {
                return Ok(());
            }
            if (number + 1).is_multiple_of(PIECE) && each(Listed::Pause).is_break() {
                return Ok(());
            }
        }
        let _ = each(Listed::Pause);
        Ok(())
    }

    /// Reads a regular file in this directory, if it has at most `most` bytes. A link to a regular
    /// file is followed only if `follow`. Other kinds of files are not opened.
    pub fn read(&self, path: &[u8], follow: bool, most: u64) -> io::Result<Vec<u8>> {
        let kind = self.known(path, follow)?.meta.kind;
        if kind != Kind::File {
            return Err(io::Error::other(format!("it is not a regular file, but: {}", kind.name())));
        }
        let mut content = Vec::new();
        File::open(self.0.join(path_of(path)))?.take(most + 1).read_to_end(&mut content)?;
        if content.len() as u64 > most {
            return Err(io::Error::other(format!("it is larger than {most} bytes")));
        }
        Ok(content)
    }
}

/// Reads a regular file at a path. Links are followed.
pub fn read(path: &[u8], most: u64) -> io::Result<Vec<u8>> {
    Directory(PathBuf::new()).read(path, true, most)
}

/// Returns the metadata of the entry at a path. Links are followed.
pub fn look_at(path: &[u8]) -> io::Result<Known> {
    Ok(known(&fs::metadata(path_of(path))?))
}

#[cfg(unix)]
fn known(metadata: &Metadata) -> Known {
    use std::os::unix::fs::MetadataExt;
    let id = Id { device: metadata.dev(), inode: metadata.ino() };
    Known { meta: meta(metadata), id, names: metadata.nlink() }
}

/// Files have no ids on this system, so hard links are counted separately, and loops are not
/// detected.
#[cfg(not(unix))]
fn known(metadata: &Metadata) -> Known {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = Id { device: 0, inode: NEXT.fetch_add(1, Ordering::Relaxed) };
    Known { meta: meta(metadata), id, names: 1 }
}

fn kind(file_type: FileType) -> Kind {
    if file_type.is_file() {
        Kind::File
    } else if file_type.is_dir() {
        Kind::Directory
    } else if file_type.is_symlink() {
        Kind::Link
    } else {
        Kind::Other
    }
}

fn meta(metadata: &Metadata) -> Meta {
    // Not every platform has modification times.
    let (seconds, nanoseconds) = metadata.modified().map_or((0, 0), since_1970);
    Meta { size: metadata.len(), seconds, nanoseconds, kind: kind(metadata.file_type()), again: false }
}

fn since_1970(time: SystemTime) -> (i64, u32) {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (after.as_secs() as i64, after.subsec_nanos()),
        Err(before) => match before.duration() {
            whole if whole.subsec_nanos() == 0 => (-(whole.as_secs() as i64), 0),
            part => (-(part.as_secs() as i64) - 1, 1_000_000_000 - part.subsec_nanos()),
        },
    }
}
