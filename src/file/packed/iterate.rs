//! Iteration in a packed trie: over values entry by entry, not byte by byte.

use std::ops::Deref;

use super::lookup;
use super::trie::Lent;
use super::walk::{Frame, UNKNOWN, Walk};
use crate::file::record::{End, Layout, Record};
use crate::file::stored::Stored;
use crate::virtual_zippers::virtual_path::VirtualPath;
use crate::zipper::{Zipper, ZipperIteration, ZipperMoving};

impl<D: Deref<Target = [u8]>, V: Stored> ZipperIteration for Walk<D, V> {
    #[inline]
    fn to_next_val(&mut self) -> bool {
        let Some(next) = self.entry_after() else { return self.to_value_after_none() };
        let found = self.position().forward::<V>(next).is_some();
        if !found {
            self.to_root();
        }
        found
    }

    fn descend_last_path(&mut self) -> bool {
        let start = self.path.len();
        while self.descend_last_byte() {
            self.descend_until();
        }
        self.path.len() > start
    }
}

impl<'p, V: Stored> Walk<&'p [u8], V> {
    /// Moves to the next value, and returns it.
    #[inline]
    pub(super) fn next_value(&mut self) -> Option<Lent<'p, V>> {
        match self.value_beside(self.data) {
            None => self.next_value_elsewhere(),
            value => value,
        }
    }

    #[inline(never)]
    fn next_value_elsewhere(&mut self) -> Option<Lent<'p, V>> {
        let Some(next) = self.entry_after() else {
            return if self.to_value_after_none() { self.value_in(self.data) } else { None };
        };
        let data = self.data;
        let value = Position { data, ..self.position() }.forward::<V>(next);
        if value.is_none() {
            self.to_root();
        }
        value
    }
}

impl<D: Deref<Target = [u8]>, V: Stored> Walk<D, V> {
    /// The entry at which iteration goes on behind the focus; nothing if the focus is no location,
    /// or the map is empty.
    #[inline]
    fn entry_after(&self) -> Option<usize> {
        match self.frames.last() {
            Some(frame) if frame.is_at_value() && self.exists() => Some(frame.start as usize + 1),
            _ => self.onward().map(|(_, run, _)| run.start),
        }
    }

    /// Fast path: moves from a value to that of the next entry, if it ends in one. `data` are the
    /// bytes of the walk.
    #[inline]
    fn value_beside<'d>(&mut self, data: &'d [u8]) -> Option<Lent<'d, V>> {
        let is_below = self.frames.len() > 1;
        let frame = self.frames.last_mut()?;
        let is_whole = is_below || frame.depth == self.root_len;
        if !is_whole || !frame.is_at_value() || self.here != self.path.len() {
            return None;
        }
        let bytes = frame.bytes(data);
        let mut cursor = frame.cursor;
        let entry = frame.record.next_entry(bytes, &mut cursor)?;
        let End::Value(number) = entry.end else { return None };
        let value = frame.record.value_in(bytes, number).ok()?;
        let value = lookup::lend::<V>(data, value, frame.record.offset()).ok()?;
        (frame.start, frame.cursor) = (frame.cursor.entry() as u16, cursor);
        self.path.replace_after(frame.depth + entry.shared, entry.head, entry.rest);
        self.here = self.path.len();
        Some(value)
    }

    #[inline]
    fn position(&mut self) -> Position<'_, '_> {
        Position {
            data: &self.data,
            layout: self.layout,
            root_len: self.root_len,
            path: &mut self.path,
            here: &mut self.here,
            frames: &mut self.frames,
        }
    }

    /// Moves to the next value from a focus without entries, or that does not exist.
    #[cold]
    fn to_value_after_none(&mut self) -> bool {
        if self.exists() {
            self.to_root();
            return false;
        }
        if self.here < self.root_len {
            self.path.truncate(self.root_len);
            return false;
        }
        // What follows begins at a sibling of the first byte that leads nowhere.
        self.path.truncate(self.here + 1);
        loop {
            if self.to_next_sibling_byte() {
                return self.is_val() || self.to_next_val();
            }
            if !self.ascend_byte() {
                return false;
            }
        }
    }

    /// Moves to the root from where [`Position::forward`] has ended.
    #[cold]
    fn to_root(&mut self) {
        self.frames.truncate(1);
        self.here = self.here.min(self.root_len);
        self.path.truncate(self.root_len);
        let Some((frame, record, at)) = self.top() else { return };
        let run = match at {
            0 => 0..record.entry_count(),
            _ => record.run_at(frame.start as usize, at),
        };
        self.frames[0].set_run(run);
    }
}

/// The place of a [`Walk`], apart from the bytes. So values may outlive a borrow of the walk.
struct Position<'w, 'd> {
    data: &'d [u8],
    layout: Layout,
    root_len: usize,
    path: &'w mut VirtualPath,
    here: &'w mut usize,
    frames: &'w mut Vec<Frame>,
}

/// Where the entries of a record lead next.
enum Next<'d, T> {
    Value(T),
    Child(Record<'d>),
    Nothing,
}

impl<'d> Position<'_, 'd> {
    /// Moves to the first value at or after entry `next` of the top record, in path order, and
    /// below the root; returns it. If there is none, the focus is then anywhere.
    #[inline]
    fn forward<V: Stored>(mut self, mut next: usize) -> Option<Lent<'d, V>> {
        loop {
            match self.next_in_record::<V>(next) {
                Next::Value(value) => return Some(value),
                Next::Child(child) => {
                    self.frames.push(Frame::new(child, *self.here));
                    if child.has_own()
                        && let Ok(value) = lookup::value::<V>(self.data, &child, 0)
                    {
                        return Some(value);
                    }
                    next = 0;
                }
                Next::Nothing if self.frames.len() <= 1 => return None,
                Next::Nothing => {
                    self.frames.pop();
                    next = self.frames.last().map_or(0, |parent| parent.start as usize + 1);
                }
            }
        }
    }

    /// Moves to the end of the first entry of the top record, at or after entry `next`, that ends
    /// in a value, or in a child that can be read.
    #[inline]
    fn next_in_record<V: Stored>(&mut self, next: usize) -> Next<'d, Lent<'d, V>> {
        let is_first = self.frames.len() == 1;
        let Some(frame) = self.frames.last_mut() else { return Next::Nothing };
        let bytes = frame.bytes(self.data);
        if frame.cursor.entry() != next {
            frame.cursor = frame.record(self.data).cursor_at(next);
        }
        let mut limit = frame.record.entry_count();
        if is_first && frame.depth != self.root_len {
            let record = frame.record(self.data);
            limit = record.run_at(frame.start as usize, self.root_len - frame.depth).end;
        }
        while frame.cursor.entry() < limit {
            let start = frame.cursor.entry() as u16;
            let Some(entry) = frame.record.next_entry(bytes, &mut frame.cursor) else { break };
            // The next suffix may share bytes with this one, wherever it ends.
            self.path.replace_after(frame.depth + entry.shared, entry.head, entry.rest);
            let (end, next) = match entry.end {
                End::Bare => continue,
                End::Value(number) => {
                    let value = frame.record.value_in(bytes, number);
                    let offset = frame.record.offset();
                    match value.and_then(|value| lookup::lend::<V>(self.data, value, offset)) {
                        Ok(value) => (UNKNOWN, Next::Value(value)),
                        Err(_) => continue,
                    }
                }
                End::Child(number) => {
                    let child = frame.record(self.data).child(number);
                    match child.and_then(|offset| lookup::record(self.data, offset, self.layout)) {
                        Ok(child) => (start + 1, Next::Child(child)),
                        Err(_) => continue,
                    }
                }
            };
            (frame.start, frame.end) = (start, end);
            *self.here = self.path.len();
            return next;
        }
        Next::Nothing
    }
}
