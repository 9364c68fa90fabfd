//! Movement in a file of pathmap.

use super::frame::Way;
use super::walk::ArenaZipper;
use crate::bytes::ByteMask;
use crate::zipper::{
    Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperIteration, ZipperMoving, ZipperPathBuffer, to_sibling,
};

impl Zipper for ArenaZipper<'_> {
    #[inline]
    fn path_exists(&self) -> bool {
        self.exists()
    }
    #[inline]
    fn is_val(&self) -> bool {
        self.value().is_some()
    }
    fn child_count(&self) -> usize {
        self.mask().count_bits()
    }
    fn child_mask(&self) -> ByteMask {
        self.mask()
    }
}

impl ArenaZipper<'_> {
    /// Ascends to the nearest strict ancestor at which a value may be or paths may part.
    fn ascend_to_fork(&mut self) {
        let (frame, at) = self.top();
        let len = match at {
            _ if !self.exists() => self.here,
            0 => self.here.saturating_sub(1),
            _ => frame.depth,
        };
        self.rise(len.max(self.root_len));
    }

    /// Moves to the next location after the focus that is not below it. If there is none, resets
    /// and returns false.
    fn to_next_beside(&mut self) -> bool {
        while !self.at_root() {
            let is_deep = self.path.len() > self.here + 1;
            if is_deep {
                // Nothing is beside a path whose parent is no location.
                self.rise((self.here + 1).max(self.root_len));
                continue;
            }
            let (frame, at) = self.top();
            if self.exists() && at > 0 {
                // Nothing is beside what is within a line.
                self.rise(frame.depth.max(self.root_len));
                continue;
            }
            if self.to_next_sibling_byte() {
                return true;
            }
            self.ascend_byte();
        }
        false
    }
}

impl ZipperMoving for ArenaZipper<'_> {
    #[inline]
    fn path(&self) -> &[u8] {
        &self.path.get()[self.root_len..]
    }

    fn val_count(&self) -> usize {
        self.count()
    }

    #[inline]
    fn at_root(&self) -> bool {
        self.path.len() == self.root_len
    }

    fn reset(&mut self) {
        self.rise(self.root_len);
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        self.descend(k.as_ref());
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        self.follow(k.as_ref())
    }

    fn descend_to_byte(&mut self, k: u8) {
        if !self.descend_to_existing_byte(k) {
            self.path.push(k);
        }
    }

    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        self.exists() && self.follow_byte(k)
    }

    fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        let start = self.path.len();
        let end = start.saturating_add(max_bytes);
        while self.path.len() < end {
            let Some(run) = self.run() else { break };
            self.slide(&run, end - self.path.len());
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

    fn to_next_sibling_byte(&mut self) -> bool {
        if self.at_root() {
            return false;
        }
        self.next_child().unwrap_or_else(|| to_sibling(self, ByteMask::next_bit))
    }
}

impl ZipperIteration for ArenaZipper<'_> {
    fn to_next_val(&mut self) -> bool {
        loop {
            if self.descend_first_byte() {
                if !self.is_val() {
                    self.descend_until();
                }
            } else if !self.to_next_beside() {
                return false;
            }
            if self.is_val() {
                return true;
            }
        }
    }
}

impl ZipperAbsolutePath for ArenaZipper<'_> {
    fn origin_path(&self) -> &[u8] {
        self.path.get()
    }
    fn root_prefix_path(&self) -> &[u8] {
        &self.path.get()[..self.root_len]
    }
}

#[allow(unsafe_code, reason = "an unsafe signature; the body is safe")]
impl ZipperPathBuffer for ArenaZipper<'_> {
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

/// The address of a node's first byte is its id. A node can be referred to by any number of nodes,
/// which is not counted. At the end of a line that has a value, the location is not that of its
/// node alone, so it has no id.
impl ZipperConcrete for ArenaZipper<'_> {
    fn shared_node_id(&self) -> Option<u64> {
        let (frame, at) = self.top();
        let is_node = self.exists() && at == 0 && frame.end.is_some() && !frame.has_value_of_line;
        is_node.then(|| self.data.as_ptr() as u64 + frame.offset)
    }

    fn is_shared(&self) -> bool {
        let (frame, _) = self.top();
        let has_children = match frame.way {
            Way::Branch { first, .. } => first.is_some(),
            Way::Line { child, .. } => child.is_some(),
        };
        has_children && self.shared_node_id().is_some()
    }
}
