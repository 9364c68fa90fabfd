//! Putting a file with other content in the place of one, at once.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::FileError;

/// A file that is removed when this is dropped, unless it was renamed.
struct Temporary {
    path: PathBuf,
    is_renamed: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_renamed {
            // Nobody can be told of a failure. The name says what the file is.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Temporary {
    /// Creates a new file beside `path`.
    fn create(path: &Path) -> io::Result<(Self, File)> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = path.file_name().ok_or(io::Error::from(io::ErrorKind::InvalidInput))?;
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let mut temporary = std::ffi::OsString::from(".");
            temporary.push(name);
            temporary.push(format!(".{}-{number}.tmp", std::process::id()));
            let temporary = path.with_file_name(temporary);
            match OpenOptions::new().write(true).create_new(true).open(&temporary) {
                Ok(file) => return Ok((Self { path: temporary, is_renamed: false }, file)),
                // Left by a process that was killed and had the number of this one.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// A new file that is to replace another, or to be created. It is removed when this is dropped.
pub(crate) struct Replacement {
    /// The path of the file to replace, without symbolic links.
    path: PathBuf,
    /// `None` if the old file is a device or a pipe, which is written in place.
    temporary: Option<Temporary>,
}

impl Replacement {
    /// Begins to replace a file, or to create one; returns the file to write to.
    pub(crate) fn begin(path: &Path) -> io::Result<(Self, File)> {
        let path = fs::canonicalize(path).unwrap_or(path.to_owned());
        let old = fs::metadata(&path).ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            let file = OpenOptions::new().write(true).open(&path)?;
            return Ok((Self { path, temporary: None }, file));
        }
        let (temporary, file) = Temporary::create(&path)?;
        if let Some(old) = old {
            // Before anything is written, so that nobody reads what is not for them.
            file.set_permissions(old.permissions())?;
        }
        Ok((Self { path, temporary: Some(temporary) }, file))
    }

    /// Makes the new file durable, and puts it in the place of the old one.
    pub(crate) fn finish(self, file: &File) -> io::Result<()> {
        let Some(mut temporary) = self.temporary else { return Ok(()) };
        file.sync_all()?;
        fs::rename(&temporary.path, &self.path)?;
        temporary.is_renamed = true;
        sync_directory(&self.path)
    }
}

/// Puts a file with other content in the place of one, or creates it.
pub(crate) fn replace_file<T>(
    path: &Path,
    write: impl FnOnce(&File) -> Result<T, FileError>,
) -> Result<T, FileError> {
    let (replacement, file) = Replacement::begin(path)?;
    let written = write(&file)?;
    replacement.finish(&file)?;
    Ok(written)
}

/// Makes the entry of a file in its directory durable.
pub(crate) fn sync_directory(of: &Path) -> io::Result<()> {
    // Elsewhere directories cannot be opened, and a rename is durable without this.
    if cfg!(unix) {
        let directory = of.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
