//! Opening packed files.

use std::path::Path;

use bytetrie::file::{FileError, Packed};

/// Maps a file into memory, so that only the pages that are used are read.
///
/// Whoever calls this program promises that nobody changes the file meanwhile; the help text of
/// its argument says so. `pack build` replaces a file by another one of its name, which is allowed.
#[allow(unsafe_code, reason = "the caller of the program makes the promise")]
pub(crate) fn map(path: &Path) -> Result<Packed<'static, u64>, FileError> {
    // An empty file cannot be mapped, and has no pages that could change.
    if path.metadata()?.len() == 0 {
        return Packed::open(path);
    }
    // SAFETY: the file is neither truncated nor overwritten, as described above.
    unsafe { Packed::map(path) }
}

/// Opens a file, mapped or read into memory.
pub(crate) fn open(path: &Path, read: bool) -> Result<Packed<'static, u64>, FileError> {
    if read { Packed::open(path) } else { map(path) }
}
