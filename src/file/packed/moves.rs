//! Movement in a packed trie.

use std::ops::Deref;

use super::count;
use super::walk::Walk;
use crate::bytes::ByteMask;
use crate::file::stored::Stored;
use crate::zipper::{Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperMoving, ZipperPathBuffer};

impl<D: Deref<Target = [u8]>, V: Stored> Zipper for Walk<D, V> {
    #[inline]
    fn path_exists(&self) -> bool {
        self.exists()
    }
    #[inline]
    fn is_val(&self) -> bool {
        self.value().is_some()
    }
    fn child_count(&self) -> usize {
        self.children()
    }
    fn child_mask(&self) -> ByteMask {
        self.mask()
    }
}

impl<D: Deref<Target = [u8]>, V: Stored> Walk<D, V> {
    /// Ascends to the nearest strict ancestor at which the entries part, or a value may be.
    fn ascend_to_fork(&mut self) {
        let Some((frame, record, at)) = self.focus() else {
            return self.rise(self.here.max(self.root_len));
        };
        if at == 0 {
            // The parent's entry has no other entries beside it at its end.
            if self.frames.len() > 1 {
                self.frames.pop();
                self.ascend_to_fork();
            }
            return;
        }
        // The suffixes beside the run share fewer bytes than those of the run.
        let run = frame.run(&record);
        let above = record.shared(run.start).max(record.shared(run.end)).min(at - 1);
        self.rise((frame.depth + above).max(self.root_len));
    }

    /// Moves to the child whose entries follow the run of the focus; the focus is not the root.
    fn to_next_in_run(&mut self) -> bool {
        // The root of a record lies at the end of an entry above it.
        let top = self.frames.len() - 1;
        let at_root = self.frames[top].depth == self.here;
        let frame = &self.frames[if at_root { top - 1 } else { top }];
        let record = frame.record(&self.data);
        let (next, last) = (frame.run(&record).end, self.here - frame.depth - 1);
        if next >= record.entry_count() {
            return false;
        }
        if record.shared(next) != last {
            return false;
        }
        let Some(byte) = record.byte_at(next, last) else { return false };
        if at_root {
            self.frames.pop();
        }
        self.here -= 1;
        self.path.truncate(self.here);
        self.follow_entry(next, byte);
        true
    }
}

impl<D: Deref<Target = [u8]>, V: Stored> ZipperMoving for Walk<D, V> {
    #[inline]
    fn path(&self) -> &[u8] {
        &self.path.get()[self.root_len..]
    }

    fn val_count(&self) -> usize {
        count::values(self)
    }

    fn tip_count(&self) -> Option<usize> {
        Some(count::tips(self))
    }

    #[inline]
    fn at_root(&self) -> bool {
        self.path.len() == self.root_len
    }

    fn reset(&mut self) {
        self.rise(self.root_len);
    }

    #[inline]
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        self.descend(k.as_ref());
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        if self.exists() { self.follow(k.as_ref()) } else { 0 }
    }

    fn descend_to_byte(&mut self, k: u8) {
        if !self.descend_to_existing_byte(k) {
            self.path.push(k);
        }
    }

    #[inline]
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        self.exists() && self.follow_byte(k)
    }

    fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        if idx == 0 {
            return self.descend_first_byte();
        }
        let byte = self.child_mask().indexed_bit::<true>(idx);
        byte.is_some_and(|byte| self.follow_byte(byte))
    }

    #[inline]
    fn descend_first_byte(&mut self) -> bool {
        self.descend_entry(false)
    }

    fn descend_last_byte(&mut self) -> bool {
        self.descend_entry(true)
    }

    fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        let start = self.path.len();
        let end = start.saturating_add(max_bytes);
        while self.path.len() < end {
            let Some((record, run, at)) = self.onward() else { break };
            if run.is_empty() {
                break;
            }
            let common = record.shared_by_all(run.clone()).saturating_sub(at);
            if common == 0 {
                break;
            }
            self.slide(run, common.min(end - self.path.len()));
            if self.is_val() {
                break;
            }
        }
        self.path.len() > start
    }

    fn ascend(&mut self, steps: usize) -> bool {
        let depth = self.path.len() - self.root_len;
        self.rise(self.path.len() - steps.min(depth));
        steps <= depth
    }

    fn ascend_until(&mut self) -> bool {
        let moved = !self.at_root();
        while !self.at_root() {
            self.ascend_to_fork();
            if self.is_val() || self.child_count() > 1 {
                break;
            }
        }
        moved
    }

    fn ascend_until_branch(&mut self) -> bool {
        let moved = !self.at_root();
        while !self.at_root() {
            self.ascend_to_fork();
            if self.child_count() > 1 {
                break;
            }
        }
        moved
    }

    #[inline]
    fn to_next_sibling_byte(&mut self) -> bool {
        if self.at_root() {
            return false;
        }
        if self.exists() && !self.frames.is_empty() {
            return self.to_next_in_run();
        }
        self.to_sibling(ByteMask::next_bit)
    }

    fn to_prev_sibling_byte(&mut self) -> bool {
        !self.at_root() && self.to_sibling(ByteMask::prev_bit)
    }

    #[inline]
    fn at_tip(&self) -> bool {
        self.exists() && self.onward().is_none_or(|(_, run, _)| run.is_empty())
    }
}

impl<D: Deref<Target = [u8]>, V: Stored> Walk<D, V> {
    /// Descends by the byte by which the first or the last entry below the focus goes on.
    #[inline]
    fn descend_entry(&mut self, is_last: bool) -> bool {
        let Some((record, run, at)) = self.onward() else { return false };
        if run.is_empty() {
            return false;
        }
        let mut entry = if is_last { run.end - 1 } else { run.start };
        while entry > run.start && record.shared(entry) > at {
            entry -= 1;
        }
        let byte = record.byte_at(entry, at);
        byte.inspect(|&byte| self.follow_entry(entry, byte)).is_some()
    }

    /// Moves to a sibling of the focus, which is found in the mask of the parent.
    fn to_sibling(&mut self, neighbour: impl Fn(&ByteMask, u8) -> Option<u8>) -> bool {
        let Some(&last) = self.path.get().last() else { return false };
        // Nothing is beside a path whose parent is no location.
        if self.path.len() > self.here + 1 {
            return false;
        }
        self.rise(self.path.len() - 1);
        match neighbour(&self.child_mask(), last) {
            Some(byte) => self.follow_byte(byte),
            None => {
                self.descend_to_byte(last);
                false
            }
        }
    }
}

impl<D: Deref<Target = [u8]>, V: Stored> ZipperAbsolutePath for Walk<D, V> {
    fn origin_path(&self) -> &[u8] {
        self.path.get()
    }
    fn root_prefix_path(&self) -> &[u8] {
        &self.path.get()[..self.root_len]
    }
}

#[allow(unsafe_code, reason = "an unsafe signature; the body is safe")]
impl<D: Deref<Target = [u8]>, V: Stored> ZipperPathBuffer for Walk<D, V> {
    unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        self.path.written(len)
    }
    fn prepare_buffers(&mut self) {
        self.reserve_buffers(128, 16);
    }
    fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize) {
        self.path.reserve(path_len);
        self.frames.reserve(stack_depth.saturating_sub(self.frames.len()));
    }
}

/// The address of a record's first byte is the id of the node. A record can be referred to by any
/// number of records, which is not counted.
impl<D: Deref<Target = [u8]>, V: Stored> ZipperConcrete for Walk<D, V> {
    fn shared_node_id(&self) -> Option<u64> {
        let (_, record, at) = self.focus()?;
        (at == 0).then(|| self.data.as_ptr() as u64 + record.offset())
    }
    fn is_shared(&self) -> bool {
        self.focus().is_some_and(|(_, record, at)| at == 0 && record.child_count() > 0)
    }
}
