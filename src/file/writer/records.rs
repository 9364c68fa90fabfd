//! Nodes as records: each node is written as soon as its entries are known.

use std::io::{self, Write};

use xxhash_rust::xxh3::xxh3_64;

use super::registry::Registry;
use crate::file::counts::Counts;
use crate::file::header::Header;
use crate::file::output::Output;
use crate::file::record::Commit;
use crate::file::stored::{Form as _, Stored, ValueType};
use crate::node::{Columns, End, Form, Make, Shape, Suffix};

/// Writes nodes. A node is the offset of its record.
pub(super) struct Records<W, V> {
    output: Output<W>,
    entries: Entries<V>,
    registry: Registry,
    /// The content of a node, as the registry knows it.
    content: Vec<u8>,
    /// The number of nodes that were found in the registry.
    merged: u64,
    /// The first error. Nothing is written after it.
    error: Option<io::Error>,
}

/// The entries of one node at a time, column by column.
struct Entries<V> {
    heads: Vec<u8>,
    ends: Vec<[u8; 2]>,
    heap: Vec<u8>,
    children: [u64; 4],
    bare: [u64; 4],
    /// The offsets of the children's records.
    offsets: Vec<u64>,
    own: Option<V>,
    values: Vec<V>,
}

impl<V> Entries<V> {
    /// Takes the entries of a node in place of those of the last one.
    fn fill<'k>(&mut self, own: Option<V>, entries: impl Iterator<Item = (Suffix<'k>, End<V, u64>)>) {
        self.heads.clear();
        self.ends.clear();
        self.heap.clear();
        (self.children, self.bare) = ([0; 4], [0; 4]);
        self.offsets.clear();
        self.values.clear();
        self.own = own;
        for (i, (Suffix { head, rest }, end)) in entries.enumerate() {
            self.heads.push(head);
            self.heap.extend_from_slice(rest);
            self.ends.push((self.heap.len() as u16).to_le_bytes());
            match end {
                End::Value(value) => self.values.push(value),
                End::Bare => self.bare[i / 64] |= 1 << (i % 64),
                End::Child(offset) => {
                    self.children[i / 64] |= 1 << (i % 64);
                    self.offsets.push(offset);
                }
            }
        }
    }

    fn columns(&self) -> Columns<'_> {
        Columns {
            heads: &self.heads,
            ends: if self.heap.is_empty() { &[] } else { &self.ends },
            heap: &self.heap,
            children: self.children,
            bare: self.bare,
        }
    }
}

impl<V: Stored> Entries<V> {
    /// Writes all that tells the node from others. Different nodes have different content.
    fn write_content(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.clear();
        let Columns { ends, .. } = self.columns();
        let n = self.heads.len();
        to.extend_from_slice(&[n as u8, (n >> 8) as u8, self.own.is_some() as u8, ends.is_empty() as u8]);
        let words = n.div_ceil(64);
        let bits = self.children[..words].iter().chain(&self.bare[..words]);
        bits.for_each(|word| to.extend_from_slice(&word.to_le_bytes()));
        to.extend_from_slice(&self.heads);
        to.extend_from_slice(ends.as_flattened());
        to.extend_from_slice(&self.heap);
        self.offsets.iter().for_each(|offset| to.extend_from_slice(&offset.to_le_bytes()));
        for value in self.own.iter().chain(&self.values) {
            let start = to.len();
            V::Form::write(value, to)?;
            if V::Form::KIND.has_lengths() {
                to.extend_from_slice(&(to.len() - start).to_le_bytes());
            }
        }
        Ok(())
    }
}

impl<W: Write, V: Stored> Records<W, V> {
    /// Begins a file. Nothing is written before the first block is full.
    pub(super) fn new(write: W, registry: Registry) -> Self {
        let header = Header { values: ValueType::of::<V>(), id: 0 };
        Self {
            output: Output::new(write, &header),
            entries: Entries {
                heads: Vec::new(),
                ends: Vec::new(),
                heap: Vec::new(),
                children: [0; 4],
                bare: [0; 4],
                offsets: Vec::new(),
                own: None,
                values: Vec::new(),
            },
            registry,
            content: Vec::new(),
            merged: 0,
            error: None,
        }
    }

    /// Writes the node whose entries are filled in, unless it is known; returns its offset.
    fn write(&mut self) -> io::Result<u64> {
        let mut hash = 0;
        if !self.registry.is_off() {
            self.entries.write_content(&mut self.content)?;
            hash = xxh3_64(&self.content);
            if let Some(offset) = self.registry.find(hash, &self.content) {
                self.merged += 1;
                return Ok(offset);
            }
        }
        let Entries { offsets, own, values, .. } = &self.entries;
        let offset = self.output.node(&self.entries.columns(), offsets, own.as_ref(), values.iter())?;
        if !self.registry.is_off() {
            self.registry.add(hash, &self.content, offset);
        }
        Ok(offset)
    }

    /// Returns the error that a node met with.
    #[inline]
    pub(super) fn take_error(&mut self) -> io::Result<()> {
        self.error.take().map_or(Ok(()), Err)
    }

    /// Writes the commit, and flushes the writer.
    pub(super) fn commit(&mut self, root: Option<u64>, counts: Counts, label: String) -> io::Result<Commit> {
        self.take_error()?;
        self.output.commit(Commit { root, counts, label, ..Commit::default() })
    }

    /// The number of bytes of the file.
    pub(super) fn len(&self) -> u64 {
        self.output.end()
    }

    /// The number of nodes that were not written because they were known.
    pub(super) fn merged(&self) -> u64 {
        self.merged
    }

    pub(super) fn into_inner(self) -> W {
        self.output.into_inner()
    }
}

impl<W: Write, V: Stored> Make for Records<W, V> {
    type Of = V;
    type Value = V;
    type Node = u64;

    #[inline(always)]
    fn value(value: V) -> V {
        value
    }

    fn node<'k>(
        &mut self,
        _: &Shape,
        _: Form,
        own: Option<V>,
        entries: impl Iterator<Item = (Suffix<'k>, End<V, u64>)>,
    ) -> u64 {
        self.entries.fill(own, entries);
        if self.error.is_none() {
            match self.write() {
                Ok(offset) => return offset,
                Err(error) => self.error = Some(error),
            }
        }
        // No node is written any more that would refer to this one.
        0
    }
}
