//! Writing a file front to back: blocks, offsets, checksums and commits.

use std::io::{self, Write};

use xxhash_rust::xxh3::Xxh3;

use super::header::Header;
use super::record::{Commit, Encoder, PutValue};
use super::stored::ValueType;
use crate::node::Columns;

/// The number of bytes that are collected before they are written.
const BLOCK: usize = 1 << 16;

/// The end of a file that grows: it appends records, and passes them on to a writer in blocks.
///
/// What has been appended since the last [`commit`](Self::commit) counts only once the next commit
/// is written. After an error nothing more may be appended.
pub(crate) struct Output<W> {
    to: W,
    encoder: Encoder,
    id: u128,
    /// The bytes that are not written yet, and the offset of the first of them in the file.
    pending: Vec<u8>,
    base: u64,
    /// The number of bytes of `pending` that the checksum covers already, or does not cover.
    hashed: usize,
    checksum: Box<Xxh3>,
    /// The number of node records since the last commit.
    nodes: u64,
    last_commit: Option<u64>,
}

impl<W: Write> Output<W> {
    /// Begins a new file.
    pub(crate) fn new(to: W, header: &Header) -> Self {
        let mut output = Self::resume(to, &header.values, header.id, 0, None);
        output.pending = header.encode();
        output.hashed = output.pending.len();
        output
    }

    /// Continues a file that ends at offset `end`, which is the end of its last commit or of its
    /// header.
    pub(crate) fn resume(to: W, values: &ValueType, id: u128, end: u64, last_commit: Option<u64>) -> Self {
        Self {
            to,
            encoder: Encoder::new(values.into()),
            id,
            pending: Vec::new(),
            base: end,
            hashed: 0,
            checksum: Box::new(Xxh3::new()),
            nodes: 0,
            last_commit,
        }
    }

    /// The offset at which the next record begins, unless it is a commit.
    pub(crate) fn end(&self) -> u64 {
        self.base + self.pending.len() as u64
    }

    /// Appends a node, as [`Encoder::node`] does; returns the offset of its record.
    #[inline]
    pub(crate) fn node<T: PutValue>(
        &mut self,
        columns: &Columns<'_>,
        child_offsets: &[u64],
        own: Option<T>,
        values: impl Iterator<Item = T>,
    ) -> io::Result<u64> {
        if self.pending.len() >= BLOCK {
            self.write_block()?;
        }
        self.nodes += 1;
        self.encoder.node(&mut self.pending, self.base, columns, child_offsets, own, values)
    }

    /// Passes all pending bytes on.
    fn write_block(&mut self) -> io::Result<()> {
        self.checksum.update(&self.pending[self.hashed..]);
        self.to.write_all(&self.pending)?;
        self.base += self.pending.len() as u64;
        self.pending.clear();
        self.hashed = 0;
        Ok(())
    }

    /// Appends a commit, and passes everything on to the writer. Returns the commit as written.
    ///
    /// The offset, the previous commit, the number of nodes and the checksum are computed here.
    /// The writer is flushed, but nothing makes a file durable except `sync_data`.
    pub(crate) fn commit(&mut self, commit: Commit) -> io::Result<Commit> {
        Commit::align(&mut self.pending, self.base);
        self.checksum.update(&self.pending[self.hashed..]);
        let mut commit = Commit {
            offset: self.end(),
            previous: self.last_commit,
            nodes: self.nodes,
            checksum: self.checksum.digest(),
            ..commit
        };
        commit.encode(self.id, &mut self.pending);
        self.hashed = self.pending.len();
        self.write_block()?;
        self.to.flush()?;
        self.checksum.reset();
        self.nodes = 0;
        self.last_commit = Some(commit.offset);
        Ok(commit)
    }

    /// Returns the writer. Everything is written if nothing was appended since the last commit.
    pub(crate) fn into_inner(self) -> W {
        self.to
    }
}
