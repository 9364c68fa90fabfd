//! The errors of files as errors of input and output, which pathmap returns.

use std::io;

use crate::file::FileError;

/// The error of the operating system, or one whose source is the error of the file.
pub(super) fn io_error(error: FileError) -> io::Error {
    let kind = match error {
        FileError::Io(error) => return error,
        FileError::OutOfOrder { .. } => io::ErrorKind::InvalidInput,
        FileError::Locked => io::ErrorKind::WouldBlock,
        FileError::Poisoned => io::ErrorKind::Other,
        _ => io::ErrorKind::InvalidData,
    };
    io::Error::new(kind, error)
}
