//! The few operations on files that a store needs.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::file::replace::sync_directory;

/// A file that grows. Tests put one in its place that loses what a power cut may lose.
pub(super) trait Storage: Send + Sync {
    /// The length of the file.
    fn len(&self) -> io::Result<u64>;

    /// Fills `bytes` from an offset on; fails if the file ends before.
    fn read_at(&self, at: u64, bytes: &mut [u8]) -> io::Result<()>;

    /// Writes all of `bytes` at an offset, which is at most the length.
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts the file.
    fn set_len(&mut self, len: u64) -> io::Result<()>;

    /// Returns once everything that was written is durable.
    fn sync(&mut self) -> io::Result<()>;

    /// Creates an empty file that can take the place of this one.
    fn successor(&self) -> io::Result<Box<dyn Storage>>;

    /// Puts a successor, which was synced, in the place of the file that it was created for.
    fn install(&mut self) -> io::Result<()>;

    /// Returns once the place of the file is durable.
    fn sync_name(&mut self) -> io::Result<()>;
}

/// A file on a disk.
pub(super) struct Disk {
    file: File,
    /// Where the file belongs.
    path: PathBuf,
    /// Where it lies until it is installed.
    temporary: Option<PathBuf>,
}

impl Disk {
    /// Opens a file for writing, and creates it if there is none.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let is_new = !path.try_exists()?;
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        if is_new {
            sync_directory(path)?;
        }
        Ok(Self { file, path: path.to_owned(), temporary: None })
    }

    /// Opens a file for reading.
    pub(super) fn open_to_read(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, path: path.to_owned(), temporary: None })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // Nobody can be told of a failure. The name says what the file is.
            let _ = fs::remove_file(temporary);
        }
    }
}

impl Storage for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_at(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, bytes, at)
    }

    #[cfg(not(unix))]
    fn read_at(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        // A handle of its own, so that threads that read at once do not move each other's position.
        let mut file = File::open(self.temporary.as_ref().unwrap_or(&self.path))?;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(bytes)
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        use std::io::{Seek, SeekFrom, Write};
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(bytes)
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn successor(&self) -> io::Result<Box<dyn Storage>> {
        let mut name = std::ffi::OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".new");
        let temporary = self.path.with_file_name(name);
        // The lock is held, so a file of this name was left by a process that was killed.
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&temporary)?;
        file.set_permissions(self.file.metadata()?.permissions())?;
        Ok(Box::new(Self { file, path: self.path.clone(), temporary: Some(temporary) }))
    }

    fn install(&mut self) -> io::Result<()> {
        if let Some(temporary) = &self.temporary {
            fs::rename(temporary, &self.path)?;
            self.temporary = None;
        }
        Ok(())
    }

    fn sync_name(&mut self) -> io::Result<()> {
        sync_directory(&self.path)
    }
}

/// Writes to a storage from an offset on.
pub(super) struct Appender<'a> {
    pub(super) storage: &'a mut dyn Storage,
    pub(super) at: u64,
}

impl io::Write for Appender<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.storage.write_at(self.at, bytes)?;
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
