//! Applying a tail to a copy.

use std::cmp;
use std::io::{self, Read};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::log::Log;
use super::open::Store;
use super::storage::Storage;
use super::tail::{FRONT, MAGIC};
use crate::file::error::{Damage, FileError};
use crate::file::header::{self, Header};
use crate::file::info::{CommitId, CommitInfo};
use crate::file::limits::Limits;
use crate::file::record::Commit;
use crate::file::stored::{Stored, ValueType};

/// The bytes that are read and written at once.
const BLOCK: u64 = 1 << 16;

/// The end of the file to which commits are appended.
struct End {
    file: u128,
    /// Where the last commit ends, or the header.
    at: u64,
    last: Option<CommitInfo>,
    /// Whether everything before is durable.
    is_synced: bool,
    /// Whether a sync has failed.
    is_lost: bool,
}

/// A tail that arrives.
struct Arriving<R> {
    from: R,
    limits: Limits,
    read: u64,
}

impl<R: Read> Arriving<R> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), FileError> {
        let at = self.read;
        self.read = at.saturating_add(bytes.len() as u64);
        self.limits.check_bytes(self.read)?;
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Damage::new(at, "the rest of a tail").into(),
            _ => error.into(),
        })
    }

    fn number(&mut self) -> Result<u64, FileError> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// Reads the front: the commit that the tail continues, the number of commits, and the length
    /// of the header.
    fn front(&mut self) -> Result<(Option<CommitId>, u64, u64), FileError> {
        let mut front = [0; FRONT];
        self.fill(&mut front)?;
        if front[..8] != MAGIC {
            return Err(Damage::new(0, "a tail").into());
        }
        let word = |at: usize| u64::from_le_bytes(front[at..at + 8].try_into().expect("eight bytes"));
        if xxh3_64(&front[..FRONT - 8]) != word(FRONT - 8) {
            return Err(Damage::new(FRONT as u64 - 8, "the checksum of the front of a tail").into());
        }
        let id: [u8; 32] = front[8..40].try_into().expect("32 bytes");
        Ok(((id != [0; 32]).then(|| CommitId::from_bytes(id)), word(40), word(48)))
    }

    /// Reads a number of commits, verifies each, and appends it to a file.
    ///
    /// A commit may tell that all commits before it were durable when it was written. So that this
    /// is true of the copy as well, they are synced before its record is written.
    fn commits(&mut self, count: u64, storage: &mut dyn Storage, end: &mut End) -> Result<(), FileError> {
        for _ in 0..count {
            let front = self.read;
            let (len, record_len) = (self.number()?, self.number()?);
            let offset = end.at.checked_add(len).ok_or(Damage::new(front, "the length of a commit"))?;
            if record_len > Commit::LONGEST {
                return Err(Damage::new(front + 8, "the length of a commit's record")
                    .found(record_len)
                    .into());
            }
            let checksum = self.bytes(end.at, offset, storage)?;
            let at = self.read;
            let mut record = vec![0; record_len as usize];
            self.fill(&mut record)?;
            let info = CommitInfo::decode(&record, offset, end.file, |_| Ok(end.at))?;
            let Commit { previous, is_anchored, .. } = info.commit;
            if info.commit.len as u64 != record_len {
                return Err(Damage::new(at, "the end of a commit").into());
            }
            if previous != end.last.as_ref().map(|last| last.commit.offset) {
                return Err(FileError::OtherHistory);
            }
            if info.commit.checksum != checksum {
                return Err(Damage::new(at + 80, "the checksum of the bytes before").into());
            }
            if is_anchored && !end.is_synced {
                end.sync(storage)?;
            }
            storage.write_at(offset, &record)?;
            (end.at, end.is_synced, end.last) = (info.end(), false, Some(info));
        }
        Ok(())
    }

    /// Reads the bytes of a file between two offsets, and writes them there; returns their
    /// checksum.
    fn bytes(&mut self, from: u64, to: u64, storage: &mut dyn Storage) -> Result<u64, FileError> {
        let mut checksum = Xxh3::new();
        let mut block = vec![0; cmp::min(BLOCK, to - from) as usize];
        let mut at = from;
        while at < to {
            let block = &mut block[..cmp::min(BLOCK, to - at) as usize];
            self.fill(block)?;
            checksum.update(block);
            storage.write_at(at, block)?;
            at += block.len() as u64;
        }
        Ok(checksum.digest())
    }
}

impl End {
    fn sync(&mut self, storage: &mut dyn Storage) -> Result<(), FileError> {
        self.is_lost = true;
        storage.sync()?;
        (self.is_lost, self.is_synced) = (false, true);
        Ok(())
    }
}

impl<V: Stored> Store<V> {
    /// Appends the commits of a tail, which continues the last commit of this store; a whole file
    /// is taken if this store has no commits. Returns the number of commits appended.
    ///
    /// The source is read up to the end of the tail, in blocks. The commits and their checksums are
    /// verified, but the nodes are not: a map with damaged nodes is an error when it is loaded. The
    /// next [`load`](Self::load) reads the file again.
    ///
    /// All commits are durable when this returns. The file is synced once more for each commit that
    /// was made after a sync of the original, so that after a crash it holds all commits up to some
    /// commit of the tail.
    ///
    /// # Errors
    /// Fails with [`FileError::OtherHistory`] if the tail does not continue the last commit, or is
    /// that of another file; with [`FileError::WrongType`] if the values of a whole file are of
    /// another type; with [`FileError::Damaged`] if the tail is cut or otherwise not as it was
    /// made, where the offset is one in the tail or in the file; and if the source fails or the
    /// operating system refuses to write. The store is then as it was, and can be used on unless a
    /// sync has failed, as after [`commit`](Self::commit).
    ///
    /// # Panics
    /// Panics if the source does. The store is then as it was.
    ///
    /// # Complexity
    /// O(bytes of the tail). The memory needed is one block.
    pub fn apply<R: Read>(&mut self, tail: R) -> Result<u64, FileError> {
        self.apply_within(tail, Limits::new())
    }

    /// Appends the commits of a tail, like [`apply`](Self::apply), unless it has more bytes than
    /// the limits allow. Other limits have no effect, because no map is loaded.
    ///
    /// # Errors
    /// As [`apply`](Self::apply), and with [`FileError::LimitExceeded`]. The store is then as it
    /// was.
    ///
    /// # Panics
    /// As [`apply`](Self::apply).
    pub fn apply_within<R: Read>(&mut self, tail: R, limits: Limits) -> Result<u64, FileError> {
        self.clear_end()?;
        let mut tail = Arriving { from: tail, limits, read: 0 };
        let (since, count, header_len) = tail.front()?;
        let Some(since) = since else { return self.take_whole(tail, count, header_len) };
        if header_len != 0 {
            return Err(Damage::new(FRONT as u64 - 16, "a tail without a header").found(header_len).into());
        }
        let last = self.log.last.clone().filter(|last| last.id() == since).ok_or(FileError::OtherHistory)?;
        let (file, at, is_synced) = (self.log.header.id, self.log.end(), self.is_synced);
        let mut end = End { file, at, last: Some(last), is_synced, is_lost: false };
        // Until the last commit is appended, bytes lie behind the one before.
        self.is_dirty = true;
        let done = tail.commits(count, &mut *self.log.storage, &mut end);
        self.is_poisoned = end.is_lost;
        if let Err(error) = done {
            // If the bytes cannot be cut off now, the next commit does so.
            let _ = self.clear_end();
            return Err(error);
        }
        self.sync_or_poison()?;
        self.is_dirty = false;
        self.is_synced = true;
        self.log.last = end.last;
        if count > 0 {
            self.forget();
        }
        Ok(count)
    }

    /// Puts a whole file in the place of one without commits.
    fn take_whole<R: Read>(
        &mut self,
        mut tail: Arriving<R>,
        count: u64,
        header_len: u64,
    ) -> Result<u64, FileError> {
        if self.log.last.is_some() {
            return Err(FileError::OtherHistory);
        }
        if header_len > header::LONGEST as u64 {
            return Err(Damage::new(FRONT as u64 - 16, "the length of a header").found(header_len).into());
        }
        let mut bytes = vec![0; header_len as usize];
        tail.fill(&mut bytes)?;
        let (header, decoded_len) = Header::decode(&bytes)?;
        header.expect(&ValueType::of::<V>())?;
        if decoded_len != bytes.len() {
            return Err(Damage::new(FRONT as u64, "a header that ends here").into());
        }
        let mut storage = self.log.storage.successor()?;
        storage.write_at(0, &bytes)?;
        // The file has its name only after it was synced.
        let mut end = End { file: header.id, at: header_len, last: None, is_synced: true, is_lost: false };
        for _ in 0..count {
            tail.commits(1, &mut *storage, &mut end)?;
            end.is_synced = true;
        }
        storage.sync()?;
        self.replace_log(Log::open::<V>(storage)?)?;
        self.forget();
        Ok(count)
    }

    /// Forgets the map that is held.
    fn forget(&mut self) {
        self.table = Default::default();
        self.held = None;
    }
}
