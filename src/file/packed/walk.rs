//! The cursor of a packed trie: where the focus is among the records.
//!
//! A *frame* is a record on the path, and a *run* of its entries: those that begin with the bytes
//! of the path below the record's root. The frame on top has the focus, or the last location above
//! it if the focus does not exist. An entry that ends at the focus in a child is followed at once,
//! so the root of a record is always the focus of that record's frame.
//!
//! ```text
//! path    r o m a n u s      here = 7, the length of the path that exists
//!         └──┬──┘└─┬─┘
//! frames  0: "roma"          the entry that leads to the child
//!         1:     "nus"       the run of entries that begin with "nus"
//! ```
//! Damaged bytes may break any rule of records. What follows relies on none: a child that cannot
//! be read has nothing below it, a run is contiguous, and iteration only moves to later entries.

use std::marker::PhantomData;
use std::ops::{Deref, Range};

use super::lookup::{self, record};
use super::trie::{Lent, Parts};
use crate::bytes::ByteMask;
use crate::file::record::{Cursor, End, Layout, Record};
use crate::file::stored::Stored;
use crate::virtual_zippers::virtual_path::VirtualPath;

/// A record on the path.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// The record, without its bytes.
    pub(super) record: Record<'static>,
    byte_len: usize,
    /// The length of the path to the record's root.
    pub(super) depth: usize,
    /// The run of entries. If the end is [`UNKNOWN`], the run is that of all entries that begin
    /// with the first one, which ends at the focus in the value before that of `cursor`.
    pub(super) start: u16,
    pub(super) end: u16,
    /// Where iteration goes on.
    pub(super) cursor: Cursor,
}

/// The end of a run that iteration did not look for.
pub(super) const UNKNOWN: u16 = u16::MAX;

impl Frame {
    #[inline]
    pub(super) fn new(record: Record<'_>, depth: usize) -> Self {
        let (end, cursor) = (record.entry_count() as u16, record.first_entry());
        let (record, byte_len) = record.detach();
        Self { record, byte_len, depth, start: 0, end, cursor }
    }

    /// The run of entries; `record` is that of the frame.
    #[inline]
    pub(super) fn run(&self, record: &Record<'_>) -> Range<usize> {
        let start = self.start as usize;
        match self.end {
            UNKNOWN => record.run_at(start, record.suffix_len(start)),
            end => start..end as usize,
        }
    }

    /// True iff iteration stopped at the end of the first entry of the run.
    #[inline]
    pub(super) fn is_at_value(&self) -> bool {
        self.end == UNKNOWN
    }

    #[inline]
    pub(super) fn set_run(&mut self, run: Range<usize>) {
        self.start = run.start as u16;
        self.end = run.end as u16;
    }

    #[inline]
    pub(super) fn record<'d>(&self, data: &'d [u8]) -> Record<'d> {
        self.record.attach(self.bytes(data))
    }

    /// The bytes of the record in those of the file.
    #[inline]
    pub(super) fn bytes<'d>(&self, data: &'d [u8]) -> &'d [u8] {
        let start = self.record.offset() as usize;
        &data[start..start + self.byte_len]
    }
}

/// A cursor that moves through the records of a file; `D` has their bytes.
pub(super) struct Walk<D, V> {
    pub(super) data: D,
    pub(super) layout: Layout,
    /// The path from the origin to the focus.
    pub(super) path: VirtualPath,
    /// The length of the path to the root, which the cursor never leaves.
    pub(super) root_len: usize,
    /// The length of the longest prefix of the path that is a location.
    pub(super) here: usize,
    /// The first frame is that of the root. There is none if the map is empty.
    pub(super) frames: Vec<Frame>,
    values: PhantomData<fn() -> V>,
}

impl<D: Deref<Target = [u8]>, V: Stored> Walk<D, V> {
    /// A cursor whose root is at `path`, which need not exist.
    pub(super) fn new(data: D, parts: &Parts, path: &[u8]) -> Self {
        let mut walk = Self {
            data,
            layout: parts.layout,
            path: VirtualPath::default(),
            root_len: 0,
            here: 0,
            frames: Vec::new(),
            values: PhantomData,
        };
        if let Some(root) = parts.root
            && let Ok(record) = record(&walk.data, root, walk.layout)
        {
            walk.frames.push(Frame::new(record, 0));
        }
        walk.follow(path);
        walk.path.extend(&path[walk.here..]);
        walk.root_len = path.len();
        // Those above the root are never returned to.
        walk.frames.drain(..walk.frames.len().saturating_sub(1));
        walk
    }

    /// A cursor over `data`, which are the same bytes, whose root is the focus of this one.
    pub(super) fn fork<E>(&self, data: E) -> Walk<E, V> {
        Walk {
            data,
            layout: self.layout,
            path: VirtualPath::new(self.path.get()),
            root_len: self.path.len(),
            here: self.here,
            frames: self.frames.last().copied().into_iter().collect(),
            values: PhantomData,
        }
    }

    /// True iff the focus is a location.
    #[inline]
    pub(super) fn exists(&self) -> bool {
        self.here == self.path.len()
    }

    /// The frame on top, its record, and the number of bytes from the record's root to `here`.
    #[inline]
    pub(super) fn top(&self) -> Option<(&Frame, Record<'_>, usize)> {
        let frame = self.frames.last()?;
        Some((frame, frame.record(&self.data), self.here - frame.depth))
    }

    /// The frame on top as in [`top`](Self::top), if the focus is a location.
    #[inline]
    pub(super) fn focus(&self) -> Option<(&Frame, Record<'_>, usize)> {
        if self.exists() { self.top() } else { None }
    }

    /// Follows the child in which the first entry of the run ends, if it can be read. The entry
    /// ends at `here`.
    #[inline]
    fn enter(&mut self) -> bool {
        let Some((frame, parent, _)) = self.top() else { return false };
        let entry = frame.start as usize;
        if !parent.is_child(entry) {
            return false;
        }
        let child = parent.child(parent.children_before(entry));
        let Ok(child) = child.and_then(|offset| record(&self.data, offset, self.layout)) else {
            return false;
        };
        let frame = Frame::new(child, self.here);
        self.frames.push(frame);
        true
    }

    /// Sets the run of the top frame, and appends the bytes that all its entries have next.
    #[inline]
    fn advance(&mut self, run: Range<usize>, bytes: &[u8]) {
        let entry = run.start;
        let frame = self.frames.last_mut().expect("the run is in a record");
        frame.set_run(run);
        let end = self.here + bytes.len() - frame.depth;
        let is_end = frame.record(&self.data).suffix_len(entry) == end;
        self.path.extend(bytes);
        self.here += bytes.len();
        if is_end {
            self.enter();
        }
    }

    /// Descends by the byte by which an entry of the run goes on.
    #[inline]
    pub(super) fn follow_entry(&mut self, entry: usize, byte: u8) {
        let Some((_, record, at)) = self.top() else { return };
        let run = record.run_at(entry, at + 1);
        self.advance(run, &[byte]);
    }

    /// Descends by `len` bytes along the first entry of a run. All its entries have these bytes.
    pub(super) fn slide(&mut self, run: Range<usize>, len: usize) {
        let Some(frame) = self.frames.last_mut() else { return };
        let record = frame.record(&self.data);
        let (rest, at) = (record.rest(run.start), self.here - frame.depth);
        let mut left = len;
        if at == 0 {
            let Some(head) = record.head(run.start) else { return };
            self.path.push(head);
            left -= 1;
        }
        let from = at.max(1).saturating_sub(record.rest_from(run.start));
        self.path.extend(rest.get(from..from + left).unwrap_or_default());
        self.here += len;
        let is_end = record.suffix_len(run.start) == at + len;
        frame.set_run(run);
        if is_end {
            self.enter();
        }
    }

    /// Descends by a byte if that child exists. The focus is a location.
    #[inline]
    pub(super) fn follow_byte(&mut self, byte: u8) -> bool {
        let Some((frame, record, at)) = self.top() else { return false };
        let run = match at {
            0 => record.entries_from(byte),
            _ => record.entries_with(frame.run(&record), at, byte),
        };
        let found = !run.is_empty();
        if found {
            self.advance(run, &[byte]);
        }
        found
    }

    /// Descends along `k` within the top record; returns the number of bytes moved.
    #[inline]
    fn follow_in_record(&mut self, k: &[u8]) -> usize {
        let Some((frame, record, at)) = self.top() else { return 0 };
        // The bytes of `k` that are known to lead on.
        let (run, known) = if at == 0 { (record.entries_from(k[0]), 1) } else { (frame.run(&record), 0) };
        if run.is_empty() {
            return 0;
        }
        let (best, more) = record.follow(run, at + known, &k[known..]);
        let moved = known + more;
        if moved == 0 {
            return 0;
        }
        self.advance(best, &k[..moved]);
        moved
    }

    /// Descends along `k` while locations exist. The focus is a location.
    #[inline]
    pub(super) fn follow(&mut self, k: &[u8]) -> usize {
        let mut left = k;
        while !left.is_empty() {
            let moved = self.follow_in_record(left);
            if moved == 0 {
                break;
            }
            left = &left[moved..];
        }
        k.len() - left.len()
    }

    /// Descends by a path, whether or not it exists.
    #[inline]
    pub(super) fn descend(&mut self, k: &[u8]) {
        let moved = if self.exists() { self.follow(k) } else { 0 };
        self.path.extend(&k[moved..]);
    }

    /// Moves up to the location `len` bytes below the origin, which is at or above `here`.
    #[inline]
    pub(super) fn rise(&mut self, len: usize) {
        self.path.truncate(len);
        if len >= self.here {
            return;
        }
        self.here = len;
        while self.frames.len() > 1 && self.frames.last().is_some_and(|top| top.depth > len) {
            self.frames.pop();
        }
        if let Some((frame, record, at)) = self.top() {
            let run = match at {
                0 => 0..record.entry_count(),
                _ => record.run_at(frame.start as usize, at),
            };
            self.frames.last_mut().expect("there is a frame").set_run(run);
        }
    }

    /// The entries of the run that go on below the focus, with their record, and the place in
    /// their rests of the byte that follows; `None` in its place if it is the head.
    #[inline]
    pub(super) fn onward(&self) -> Option<(Record<'_>, Range<usize>, usize)> {
        let (frame, record, at) = self.focus()?;
        let mut run = frame.run(&record);
        if at > 0 && record.suffix_len(run.start) == at {
            run.start += 1;
        }
        Some((record, run, at))
    }

    pub(super) fn mask(&self) -> ByteMask {
        match self.focus() {
            Some((frame, record, at)) => record.bytes_after(frame.run(&record), at),
            None => ByteMask::EMPTY,
        }
    }

    pub(super) fn children(&self) -> usize {
        match self.onward() {
            Some((record, _, 0)) if record.has_mask() => record.entry_count(),
            Some((_, run, _)) if run.len() < 2 => run.len(),
            Some(_) => self.mask().count_bits(),
            None => 0,
        }
    }

    /// The number of the value at the focus among those of the top record.
    #[inline]
    fn value_number(&self) -> Option<usize> {
        let (frame, record, at) = self.focus()?;
        if at == 0 {
            return record.has_own().then_some(0);
        }
        if frame.is_at_value() {
            return Some(frame.cursor.values() - 1);
        }
        let entry = frame.start as usize;
        match record.end(entry)? {
            End::Value(number) if record.suffix_len(entry) == at => Some(number),
            _ => None,
        }
    }

    /// The value at the focus, in `data`, which are the bytes of this cursor.
    #[inline]
    pub(super) fn value_in<'d>(&self, data: &'d [u8]) -> Option<Lent<'d, V>> {
        let number = self.value_number()?;
        let frame = self.frames.last()?;
        let value = frame.record.value_in(frame.bytes(data), number).ok()?;
        lookup::lend::<V>(data, value, frame.record.offset()).ok()
    }

    #[inline]
    pub(super) fn value(&self) -> Option<Lent<'_, V>> {
        self.value_in(&self.data)
    }

    /// The value at `path` below the focus.
    pub(super) fn value_at(&self, path: &[u8]) -> Option<Lent<'_, V>> {
        self.value_at_in(&self.data, path)
    }

    /// The value at `path` below the focus, in `data`, which are the bytes of this cursor.
    pub(super) fn value_at_in<'d>(&self, data: &'d [u8], path: &[u8]) -> Option<Lent<'d, V>> {
        if path.is_empty() {
            return self.value_in(data);
        }
        let (frame, _, at) = self.focus()?;
        let record = frame.record(data);
        let from = |offset: u64, path: &[u8]| {
            let parts = Parts { layout: self.layout, root: Some(offset) };
            lookup::get::<V>(data, &parts, path).ok().flatten()
        };
        if at == 0 {
            return from(record.offset(), path);
        }
        let (run, moved) = record.follow(frame.run(&record), at, path);
        if record.suffix_len(run.start) != at + moved {
            return None;
        }
        match record.end(run.start)? {
            End::Child(number) => from(record.child(number).ok()?, &path[moved..]),
            End::Value(number) if moved == path.len() => lookup::value::<V>(data, &record, number).ok(),
            _ => None,
        }
    }
}

impl<D: Clone, V> Clone for Walk<D, V> {
    fn clone(&self) -> Self {
        Self {
            data: self.data.clone(),
            layout: self.layout,
            path: self.path.clone(),
            root_len: self.root_len,
            here: self.here,
            frames: self.frames.clone(),
            values: PhantomData,
        }
    }
}
