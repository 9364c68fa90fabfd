//! Sorting keys in bounded memory: parts are sorted and written to files, which are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use bytetrie::file::{FileError, Writer, WriterOptions};

use crate::open;

/// Writes sorted keys, and adds the numbers of equal ones.
pub(crate) struct Adder {
    writer: Writer<File, u64>,
    last: Option<(Vec<u8>, u64)>,
}

impl Adder {
    pub(crate) fn new(writer: Writer<File, u64>) -> Self {
        Self { writer, last: None }
    }

    /// Writes a key, which is not less than the last one.
    pub(crate) fn push(&mut self, key: &[u8], number: u64) -> Result<(), FileError> {
        match &mut self.last {
            Some((last, sum)) if *last == key => *sum = sum.saturating_add(number),
            Some((last, sum)) => {
                self.writer.push(&last, *sum)?;
                if last.as_slice() > key {
                    // The writer refuses the key, and names both.
                    return self.writer.push(key, number);
                }
                last.clear();
                last.extend_from_slice(key);
                *sum = number;
            }
            None => self.last = Some((key.to_vec(), number)),
        }
        Ok(())
    }

    /// Completes the file; returns the numbers of its keys and bytes.
    pub(crate) fn finish(mut self) -> Result<(u64, u64), FileError> {
        if let Some((last, sum)) = self.last {
            self.writer.push(last, sum)?;
        }
        let finished = self.writer.finish()?;
        Ok((finished.values, finished.bytes))
    }
}

/// A sorted part in a file, which is removed when this is dropped.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // The name of a file that cannot be removed tells where it comes from.
        let _ = fs::remove_file(&self.0);
    }
}

/// Keys that are to be sorted.
pub(crate) struct Sorter {
    output: PathBuf,
    /// The bytes that keys and entries may have before they are written to a file.
    most: usize,
    keys: Vec<u8>,
    /// The start of each key, its length and its number.
    entries: Vec<(usize, usize, u64)>,
    parts: Vec<Part>,
}

impl Sorter {
    /// Sorts keys for a file in `memory` bytes.
    pub(crate) fn new(output: &Path, memory: usize) -> Self {
        // A vector that grows has twice its length, and its old bytes for a moment.
        let most = memory / 3;
        Self { output: output.to_owned(), most, keys: Vec::new(), entries: Vec::new(), parts: Vec::new() }
    }

    pub(crate) fn push(&mut self, key: &[u8], number: u64) -> Result<(), FileError> {
        let held = self.keys.len() + self.entries.len() * size_of::<(usize, usize, u64)>();
        if held + key.len() > self.most && !self.entries.is_empty() {
            self.write_part()?;
        }
        self.entries.push((self.keys.len(), key.len(), number));
        self.keys.extend_from_slice(key);
        Ok(())
    }

    /// Writes the keys in memory, in order.
    fn drain_to(&mut self, to: &mut Adder) -> Result<(), FileError> {
        let keys = &self.keys;
        let key = |&(start, len, _): &(usize, usize, u64)| &keys[start..start + len];
        self.entries.sort_unstable_by(|one, other| key(one).cmp(key(other)));
        self.entries.iter().try_for_each(|entry| to.push(key(entry), entry.2))?;
        self.entries.clear();
        self.keys.clear();
        Ok(())
    }

    fn write_part(&mut self) -> Result<(), FileError> {
        let mut name = self.output.file_name().unwrap_or_default().to_owned();
        name.push(format!(".part-{}-{}", std::process::id(), self.parts.len()));
        let part = Part(self.output.with_file_name(name));
        // A part is read once, so it need not be small.
        let mut adder = Adder::new(WriterOptions::new().registry(0).create(&part.0)?);
        self.parts.push(part);
        self.drain_to(&mut adder)?;
        adder.finish()?;
        Ok(())
    }

    /// Writes all keys in order.
    pub(crate) fn finish(mut self, mut to: Adder) -> Result<(u64, u64), FileError> {
        if self.parts.is_empty() {
            self.drain_to(&mut to)?;
            return to.finish();
        }
        self.write_part()?;
        (self.keys, self.entries) = Default::default();
        let packed: Vec<_> = self.parts.iter().map(|part| open::map(&part.0)).collect::<Result<_, _>>()?;
        let mut parts: Vec<_> = packed.iter().map(|packed| packed.iter()).collect();
        let mut next = BinaryHeap::new();
        for (number, part) in parts.iter_mut().enumerate() {
            next.extend(part.lend_next().map(|(key, &value)| Reverse((key.to_vec(), number, value))));
        }
        while let Some(Reverse((mut key, number, value))) = next.pop() {
            to.push(&key, value)?;
            if let Some((found, &value)) = parts[number].lend_next() {
                key.clear();
                key.extend_from_slice(found);
                next.push(Reverse((key, number, value)));
            }
        }
        to.finish()
    }
}
