//! The system calls of the scan, relative to open directories. Each path that is passed is a
//! single name, so directories may be deeper than the longest path that the system accepts, and
//! nobody can redirect the scan by replacing a directory by a link.
//!
//! The calls open only directories and regular files, so none waits for the other end of a pipe.

use std::fs::File;
use std::io::{self, Read};
use std::mem::MaybeUninit;
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, Stat, fstat, openat, statat};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::meta::{Id, Kind, Known, Listed, Meta};

/// The length of the longest path that the system accepts, without the zero byte at its end.
const LONGEST: usize = 4095;

/// The size in bytes of the buffer for names.
const ROOM: usize = 64 * 1024;

/// The number of descriptors that the scan does not use.
const SPARE: u64 = 64;

/// The buffer that names are read into.
pub struct Room(Box<[MaybeUninit<u8>]>);

impl Default for Room {
    fn default() -> Self {
        Self(vec![MaybeUninit::uninit(); ROOM].into())
    }
}

/// Returns the number of directories that may be kept open. Raises the limit of this process as
/// far as the system allows.
pub fn most_open() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    usize::try_from(current.unwrap_or(u64::MAX).saturating_sub(SPARE) / 2).unwrap_or(usize::MAX).min(1 << 16)
}

/// An open directory.
pub struct Directory(OwnedFd);

impl Directory {
    /// Opens the directory at a path of any length. Links on the way are followed.
    pub fn open(path: &[u8]) -> io::Result<Self> {
        let (base, rest) = reach(path)?;
        Self::open_in(base.as_ref(), rest, OFlags::empty())
    }

    /// Opens a directory in this directory. A link to a directory is followed only if `follow`.
    pub fn child(&self, name: &[u8], follow: bool) -> io::Result<Self> {
        let flags = if follow { OFlags::empty() } else { OFlags::NOFOLLOW };
        Self::open_in(Some(self), name, flags)
    }

    fn open_in(base: Option<&Self>, path: &[u8], more: OFlags) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NONBLOCK | more;
        let opened = match base {
            Some(base) => openat(&base.0, path, flags, Mode::empty())?,
            None => openat(CWD, path, flags, Mode::empty())?,
        };
        Ok(Self(opened))
    }

    /// Returns the id of the directory.
    pub fn id(&self) -> io::Result<Id> {
        Ok(known(&fstat(&self.0)?).id)
    }

    /// Returns the metadata of an entry of this directory.
    pub fn known(&self, name: &[u8], follow: bool) -> io::Result<Known> {
        let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        Ok(known(&statat(&self.0, name, flags)?))
    }

    /// Lists the entries of this directory in pieces, with a pause after each piece. Ends early if
    /// `each` breaks.
    pub fn list(
        &self,
        room: &mut Room,
        mut each: impl FnMut(Listed<'_>) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let mut names = RawDir::new(&self.0, &mut room.0);
        while let Some(entry) = names.next() {
            let entry = entry?;
            let kind = match entry.file_type() {
                FileType::Unknown => None,
                known => Some(kind(known)),
            };
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." && each(Listed::Name(name, kind)).is_break() {
                break;
            }
            if names.is_buffer_empty() && each(Listed::Pause).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Reads a regular file in this directory, if it has at most `most` bytes. A link to a regular
    /// file is followed only if `follow`. Other kinds of files are not opened.
    pub fn read(&self, path: &[u8], follow: bool, most: u64) -> io::Result<Vec<u8>> {
        // Opening a pipe would wake the process at its other end, and opening a device may have
        // any effect.
        regular(self.known(path, follow)?.meta.kind)?;
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let flags = if follow { flags } else { flags | OFlags::NOFOLLOW };
        let file = openat(&self.0, path, flags, Mode::empty())?;
        // The file may have been replaced in the meantime.
        regular(known(&fstat(&file)?).meta.kind)?;
        let mut content = Vec::new();
        File::from(file).take(most + 1).read_to_end(&mut content)?;
        if content.len() as u64 > most {
            return Err(io::Error::other(format!("it is larger than {most} bytes")));
        }
        Ok(content)
    }
}

/// Reads a regular file at a path. Links are followed.
pub fn read(path: &[u8], most: u64) -> io::Result<Vec<u8>> {
    let here =
        Directory(openat(CWD, c".", OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?);
    here.read(path, true, most)
}

/// Returns the metadata of the entry at a path of any length. Links are followed.
pub fn look_at(path: &[u8]) -> io::Result<Known> {
    let (base, rest) = reach(path)?;
    Ok(known(&match base {
        Some(base) => statat(&base.0, rest, AtFlags::empty())?,
        None => statat(CWD, rest, AtFlags::empty())?,
    }))
}

/// Opens a directory on the path, so that the rest of the path is short enough for the system.
/// Returns the directory, if the path is too long, and the rest.
fn reach(path: &[u8]) -> io::Result<(Option<Directory>, &[u8])> {
    let (mut base, mut rest) = (None, path);
    while rest.len() > LONGEST {
        let Some(slash) = rest[1..LONGEST].iter().rposition(|&byte| byte == b'/') else {
            return Err(rustix::io::Errno::NAMETOOLONG.into());
        };
        base = Some(Directory::open_in(base.as_ref(), &rest[..slash + 1], OFlags::PATH)?);
        rest = &rest[slash + 2..];
        let slashes = rest.iter().take_while(|&&byte| byte == b'/').count();
        rest = if slashes == rest.len() { b"." } else { &rest[slashes..] };
    }
    Ok((base, rest))
}

fn regular(kind: Kind) -> io::Result<()> {
    let what = match kind {
        Kind::File => return Ok(()),
        Kind::Directory => "it is a directory, not a regular file",
        Kind::Link => "it is a symbolic link, not a regular file",
        Kind::Other => "it is not a regular file",
    };
    Err(io::Error::other(what))
}

fn kind(file_type: FileType) -> Kind {
    match file_type {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Directory,
        FileType::Symlink => Kind::Link,
        _ => Kind::Other,
    }
}

#[allow(clippy::unnecessary_cast, reason = "the types of these fields depend on the architecture")]
fn known(stat: &Stat) -> Known {
    let meta = Meta {
        size: stat.st_size as u64,
        seconds: stat.st_mtime as i64,
        nanoseconds: stat.st_mtime_nsec as u32,
        kind: kind(FileType::from_raw_mode(stat.st_mode)),
        again: false,
    };
    let id = Id { device: stat.st_dev as u64, inode: stat.st_ino as u64 };
    Known { meta, id, names: stat.st_nlink as u64 }
}
