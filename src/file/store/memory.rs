//! Stores in memory, for fuzzers, which open millions of them.

use std::io;

use super::open::Store;
use super::storage::Storage;
use crate::file::error::FileError;
use crate::file::stored::Stored;

/// A file in memory.
struct Memory(Vec<u8>);

impl Storage for Memory {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }

    fn read_at(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(at).ok().and_then(|at| self.0.get(at..)?.get(..bytes.len()));
        bytes.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.truncate(at as usize);
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.0.resize(len as usize, 0);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn successor(&self) -> io::Result<Box<dyn Storage>> {
        Ok(Box::new(Self(Vec::new())))
    }

    fn install(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn sync_name(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens a store whose file has these bytes.
pub(crate) fn open_in_memory<V: Stored>(bytes: Vec<u8>) -> Result<Store<V>, FileError> {
    Store::open_storage(Box::new(Memory(bytes)), None)
}
