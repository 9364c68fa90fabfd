//! The traits of zippers: queries, movement, and writing.
//!
//! Each trait is one ability. A function that only moves a zipper requires [`ZipperMoving`]. A
//! function that also reads values adds [`ZipperValues`]. A function that edits requires
//! [`ZipperWriting`](super::ZipperWriting).
//!
//! **Words.** A zipper has an *origin* (the root of its trie), a *root* (the path that it never
//! leaves) and a *focus* (its present path). A *location* is a byte path that is present in the
//! trie: it holds a value, leads to a location that holds one, or dangles. The focus need not be a
//! location. If the focus is not a location, nothing is below it and
//! [`path_exists`](Zipper::path_exists) is false. A *real trie* is one that is stored in nodes;
//! the trie of a virtual zipper is not.

mod old_names;
mod values;
mod writing;

pub use values::{ZipperReadOnlyConditionalValues, ZipperReadOnlyValues, ZipperValues};
pub use writing::ZipperWriting;

use old_names::old_names;

use crate::bytes::ByteMask;
use crate::trie::PathMap;
use crate::zipper::TrieRef;

/// Queries about the focus.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a zipper",
    label = "this has no focus in a trie",
    note = "make a zipper from a map: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
pub trait Zipper {
    /// True iff the focus is a location of the trie.
    #[must_use]
    fn path_exists(&self) -> bool;

    /// True iff there is a value at the focus.
    #[must_use]
    fn is_val(&self) -> bool;

    /// The number of children of the focus: 0 to 256.
    #[must_use]
    fn child_count(&self) -> usize;

    /// The bytes that lead to the children of the focus.
    #[must_use]
    fn child_mask(&self) -> ByteMask;

    old_names!(Zipper);
}

/// Movement. Moving never changes the trie, and never leaves the zipper's root.
///
/// The provided methods call the required ones, so a zipper of your own needs only the latter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be moved",
    label = "this is not a zipper that moves",
    note = "make a zipper from a map: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`",
    note = "a place (`TrieRef`) does not move; make a reader that starts there by `fork_read_zipper`"
)]
pub trait ZipperMoving: Zipper {
    /// The path from the root to the focus.
    #[must_use]
    fn path(&self) -> &[u8];

    /// The number of values at the focus and below.
    ///
    /// A shared node is counted once and its count is reused, so this takes O(nodes) even if
    /// sharing makes the number of paths exponential. The result saturates at `usize::MAX`.
    #[must_use]
    fn val_count(&self) -> usize;

    /// The number of tips at the focus and below, if the zipper can count them. A
    /// tip is a location with nothing below it; it holds a value or dangles.
    ///
    /// If the result is `None`, count the tips by walking a clone. No zipper of this crate returns
    /// `None`, unless it wraps one that does. Zippers over real tries count tips in O(nodes), like
    /// [`val_count`](Self::val_count). The result saturates at `usize::MAX`.
    #[must_use]
    fn tip_count(&self) -> Option<usize> {
        None
    }

    /// Descends by the path `k`, whether or not it exists.
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K);

    /// Ascends by `steps` bytes, or to the root if that is nearer; returns false iff the root was
    /// nearer.
    fn ascend(&mut self, steps: usize) -> bool;

    /// Ascends to the nearest strict ancestor that has a value or branches, or to the root;
    /// returns false at the root.
    fn ascend_until(&mut self) -> bool;

    /// Ascends to the nearest strict ancestor that branches, or to the root; returns false at the
    /// root.
    fn ascend_until_branch(&mut self) -> bool;

    /// True iff the focus is the root.
    #[must_use]
    fn at_root(&self) -> bool {
        self.path().is_empty()
    }

    /// Moves to the root.
    fn reset(&mut self) {
        let depth = self.path().len();
        self.ascend(depth);
    }

    /// Moves to `path`, given from the root; returns the length of the longest common prefix of
    /// the old and the new path.
    fn move_to_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let path = path.as_ref();
        let shared = crate::bytes::common_prefix(self.path(), path);
        self.ascend(self.path().len() - shared);
        self.descend_to(&path[shared..]);
        shared
    }

    /// Descends by the path `k`, whether or not it exists; returns whether the new focus exists.
    fn descend_to_check<K: AsRef<[u8]>>(&mut self, k: K) -> bool {
        self.descend_to(k);
        self.path_exists()
    }

    /// Descends along `k` while locations exist; returns the number of bytes moved.
    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        let k = k.as_ref();
        k.iter().take_while(|&&byte| self.descend_to_existing_byte(byte)).count()
    }

    /// Descends along `k` while locations exist, at most to the first value strictly below the
    /// start; returns the number of bytes moved.
    fn descend_to_val<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        let k = k.as_ref();
        for (moved, &byte) in k.iter().enumerate() {
            if !self.descend_to_existing_byte(byte) {
                return moved;
            }
            if self.is_val() {
                return moved + 1;
            }
        }
        k.len()
    }

    /// Descends by the byte `k`, whether or not that child exists.
    fn descend_to_byte(&mut self, k: u8) {
        self.descend_to([k]);
    }

    /// Descends by the byte `k` if that child exists; returns whether the zipper moved.
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        let exists = self.child_mask().test_bit(k);
        if exists {
            self.descend_to_byte(k);
        }
        exists
    }

    /// Descends to the child number `idx` in byte order, from 0; returns whether it exists.
    fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        let byte = self.child_mask().indexed_bit::<true>(idx);
        if let Some(byte) = byte {
            self.descend_to_byte(byte);
        }
        byte.is_some()
    }

    /// Descends to the first child in byte order; returns whether there is a child.
    fn descend_first_byte(&mut self) -> bool {
        self.descend_indexed_byte(0)
    }

    /// Descends to the last child in byte order; returns whether there is a child.
    fn descend_last_byte(&mut self) -> bool {
        match self.child_count() {
            0 => false,
            n => self.descend_indexed_byte(n - 1),
        }
    }

    /// Descends to the next value, branch or leaf if there is exactly one child; returns whether
    /// the zipper moved.
    fn descend_until(&mut self) -> bool {
        self.descend_until_max_bytes(usize::MAX)
    }

    /// Descends like [`descend_until`](Self::descend_until), but by at most `max_bytes` bytes.
    fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        let mut moved = 0;
        while moved < max_bytes && self.child_count() == 1 {
            self.descend_first_byte();
            moved += 1;
            if self.is_val() {
                break;
            }
        }
        moved > 0
    }

    /// Ascends by one byte; returns false at the root.
    fn ascend_byte(&mut self) -> bool {
        self.ascend(1)
    }

    /// Moves to the next child of the parent in byte order, even if the focus does not exist;
    /// returns whether the zipper moved. Never moves at the root.
    fn to_next_sibling_byte(&mut self) -> bool {
        to_sibling(self, ByteMask::next_bit)
    }

    /// Moves to the previous child of the parent in byte order, even if the focus does not exist;
    /// returns whether the zipper moved. Never moves at the root.
    fn to_prev_sibling_byte(&mut self) -> bool {
        to_sibling(self, ByteMask::prev_bit)
    }

    /// True iff the focus is a tip: a location with nothing below it.
    ///
    /// A product asks this of a factor after each move, to learn whether the next factor begins.
    #[must_use]
    #[doc(hidden)]
    fn at_tip(&self) -> bool {
        self.child_count() == 0 && self.path_exists()
    }

    /// Descends like [`descend_to_check`](Self::descend_to_check), but stops at a tip: the error is
    /// the number of bytes moved to it, which may be all.
    #[doc(hidden)]
    fn descend_to_check_or_tip(&mut self, k: &[u8]) -> Result<bool, usize> {
        let moved = self.descend_to_existing(k);
        if self.at_tip() {
            return Err(moved);
        }
        self.descend_to(&k[moved..]);
        Ok(moved == k.len() && self.path_exists())
    }

    /// Descends by `bytes` from a focus with nothing below it, so that nothing need be looked up.
    #[doc(hidden)]
    fn descend_beyond(&mut self, bytes: &[u8]) {
        self.descend_to(bytes);
    }

    /// Replaces the end of the path by as many bytes. Nothing is below the location where they
    /// begin, so that nothing need be looked up.
    #[doc(hidden)]
    fn replace_beyond(&mut self, bytes: &[u8]) {
        self.ascend(bytes.len());
        self.descend_to(bytes);
    }

    /// Moves to the next location after the focus in path order; if there is none, resets and
    /// returns false.
    fn to_next_step(&mut self) -> bool {
        if self.descend_first_byte() {
            return true;
        }
        loop {
            if self.to_next_sibling_byte() {
                return true;
            }
            if !self.ascend_byte() {
                return false;
            }
        }
    }

    old_names!(ZipperMoving);
}

/// Moves to a sibling of the focus, found in the parent's mask.
pub(crate) fn to_sibling<Z: ZipperMoving + ?Sized>(
    z: &mut Z,
    neighbour: impl Fn(&ByteMask, u8) -> Option<u8>,
) -> bool {
    let Some(&here) = z.path().last() else { return false };
    z.ascend_byte();
    let found = neighbour(&z.child_mask(), here);
    z.descend_to_byte(found.unwrap_or(here));
    found.is_some()
}

/// Iteration in path order. Any other moves are allowed between two steps.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not iterate over values",
    label = "this is not a zipper that iterates",
    note = "make a zipper from a map: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`",
    note = "a place (`TrieRef`) does not move; make a reader that starts there by `fork_read_zipper`"
)]
pub trait ZipperIteration: ZipperMoving {
    /// Moves to the next value after the focus in path order, never the focus itself; if there is
    /// none, resets and returns false.
    fn to_next_val(&mut self) -> bool {
        while self.to_next_step() {
            if self.is_val() {
                return true;
            }
        }
        false
    }

    /// Moves to the location before the focus in path order, or from the root to the last
    /// location; if there is none, resets and returns false.
    fn to_prev_step(&mut self) -> bool {
        if self.at_root() {
            return self.descend_last_path();
        }
        // Every location before an ancestor that does not exist is before the focus too.
        loop {
            if self.to_prev_sibling_byte() {
                self.descend_last_path();
                return true;
            }
            self.ascend_byte();
            if self.at_root() || self.path_exists() {
                return !self.at_root();
            }
        }
    }

    /// Moves to the value before the focus in path order, or from the root to the last value; if
    /// there is none, resets and returns false.
    fn to_prev_val(&mut self) -> bool {
        while self.to_prev_step() {
            if self.is_val() {
                return true;
            }
        }
        false
    }

    /// Descends to the last location at or below the focus in path order; returns whether the
    /// zipper moved.
    fn descend_last_path(&mut self) -> bool {
        let mut moved = false;
        while self.descend_last_byte() {
            moved = true;
        }
        moved
    }

    /// Descends to the first location exactly `k` bytes below the focus; if there is none or `k`
    /// is 0, returns false and does not move.
    fn descend_first_k_path(&mut self, k: usize) -> bool {
        k > 0 && first_at_depth(self, k, 0)
    }

    /// Moves to the next location `k` bytes below the ancestor that is `k` bytes above the focus.
    ///
    /// If there is no such location, moves to the ancestor and returns false. If `k` exceeds the
    /// depth, resets and returns false. If `k` is 0, returns false and does not move.
    fn to_next_k_path(&mut self, k: usize) -> bool {
        if k == 0 {
            return false;
        }
        if k > self.path().len() {
            self.reset();
            return false;
        }
        next_at_depth(self, k, k)
    }

    /// Moves like [`to_next_val`](Self::to_next_val), but stops at tips that hold no value as
    /// well.
    #[doc(hidden)]
    fn to_next_val_or_tip(&mut self) -> bool {
        while self.to_next_step() {
            if self.is_val() || self.at_tip() {
                return true;
            }
        }
        false
    }

    /// Descends like [`descend_first_k_path`](Self::descend_first_k_path), but stops at tips fewer
    /// than `k` bytes below the focus as well.
    #[doc(hidden)]
    fn descend_first_k_path_or_tip(&mut self, k: usize) -> bool {
        let start = self.path().len();
        let mut moved = false;
        while self.path().len() - start < k && self.descend_first_byte() {
            moved = true;
        }
        moved
    }

    /// Moves to the next location that is `len` bytes below the root, or is a tip nearer to it.
    ///
    /// The location is below the ancestor that is `above` bytes below the root. If there is none,
    /// moves to the ancestor and returns false.
    ///
    /// The focus is at or below the ancestor, and at most `len` bytes below the root.
    #[doc(hidden)]
    fn to_next_k_path_or_tip(&mut self, above: usize, len: usize) -> bool {
        while self.path().len() > above {
            if self.to_next_sibling_byte() {
                self.descend_first_k_path_or_tip(len - self.path().len());
                return true;
            }
            self.ascend_byte();
        }
        false
    }
}

/// Descends from a focus `at` bytes below an ancestor to the first location at or below the focus
/// that is `k` bytes below the ancestor.
fn first_at_depth<Z: ZipperMoving + ?Sized>(z: &mut Z, k: usize, at: usize) -> bool {
    let mut depth = at;
    while depth < k {
        if z.descend_first_byte() {
            depth += 1;
        } else if depth == at {
            return false;
        } else {
            // A tip that is too short: the search continues with its siblings, below the start.
            while !z.to_next_sibling_byte() {
                z.ascend_byte();
                depth -= 1;
                if depth == at {
                    return false;
                }
            }
        }
    }
    true
}

/// Moves from a focus `at` bytes below an ancestor to the next location that is `k` bytes below
/// the ancestor.
fn next_at_depth<Z: ZipperMoving + ?Sized>(z: &mut Z, k: usize, at: usize) -> bool {
    let mut depth = at;
    while depth > 0 {
        if z.to_next_sibling_byte() {
            if first_at_depth(z, k, depth) {
                return true;
            }
        } else {
            z.ascend_byte();
            depth -= 1;
        }
    }
    false
}

/// Values read while moving, borrowed from the trie.
#[diagnostic::on_unimplemented(
    message = "the values that `{Self}` iterates over do not outlive it",
    label = "values of type `{V}` live no longer than the borrow of this zipper",
    note = "readers of a borrowed map implement the trait: `map.read_zipper()`",
    note = "with any zipper: `while zipper.to_next_val() {{ zipper.val() }}`"
)]
pub trait ZipperReadOnlyIteration<'a, V: ?Sized>: ZipperReadOnlyValues<'a, V> + ZipperIteration {
    /// Moves like [`to_next_val`](ZipperIteration::to_next_val), and returns the value there.
    fn to_next_get_val(&mut self) -> Option<&'a V> {
        if self.to_next_val() { self.get_val() } else { None }
    }

    old_names!(ZipperReadOnlyIteration);
}

/// Values read while moving, borrowed from a witness.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no witness that keeps alive the values that it iterates over",
    label = "no witness for values of type `{V}`",
    note = "readers have one; make a reader from a writer by `fork_read_zipper`"
)]
pub trait ZipperReadOnlyConditionalIteration<'a, V: ?Sized>:
    ZipperReadOnlyConditionalValues<'a, V> + ZipperIteration
{
    /// Moves like [`to_next_val`](ZipperIteration::to_next_val), and returns the value there.
    ///
    /// # Panics
    /// Panics if `witness` was made by a zipper over another trie.
    fn to_next_get_val_with_witness<'w>(&mut self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'a: 'w,
    {
        if self.to_next_val() { self.get_val_with_witness(witness) } else { None }
    }
}

/// Paths from the origin of the trie rather than from the zipper's root.
///
/// At any time `origin_path() == root_prefix_path() ++ path()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not know the path of its root",
    label = "this has no path from the origin",
    note = "zippers of maps and heads have one; give other zippers a prefix by `PrefixZipper`"
)]
pub trait ZipperAbsolutePath: ZipperMoving {
    /// The path from the origin to the focus.
    #[must_use]
    fn origin_path(&self) -> &[u8];

    /// The path from the origin to the root. It never changes.
    #[must_use]
    fn root_prefix_path(&self) -> &[u8];
}

/// Control over the zipper's own buffers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no path buffer",
    label = "this has no buffer to reserve",
    note = "make a zipper from a map: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
#[allow(unsafe_code, reason = "an unsafe signature for the caller's promise")]
pub trait ZipperPathBuffer: ZipperMoving {
    /// The first `len` bytes of the origin path's buffer, including bytes beyond the present path.
    ///
    /// # Safety
    /// `len` must not exceed the greatest length that the origin path has had since the buffer was
    /// last reallocated.
    #[must_use]
    unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8];

    /// Allocates the buffers now rather than at the first move.
    fn prepare_buffers(&mut self);

    /// Reserves room for an origin path of `path_len` bytes and for `stack_depth` nodes above the
    /// focus.
    ///
    /// [`path`](ZipperMoving::path) does not move in memory until the origin path exceeds
    /// `path_len`. Reserving gigabytes takes address space, not memory.
    fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize);
}

/// Readers that start from the focus.
#[diagnostic::on_unimplemented(
    message = "`{Self}` makes no readers that start from its focus",
    label = "no reader of values of type `{V}` starts from here",
    note = "make a zipper from a map: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
pub trait ZipperForking<V: ?Sized> {
    /// The type of the reader, which borrows from this zipper.
    type ReadZipperT<'a>: ZipperAbsolutePath + ZipperIteration + ZipperValues<V>
    where
        Self: 'a;

    /// A reader whose root is the focus.
    #[must_use]
    fn fork_read_zipper<'a>(&'a self) -> Self::ReadZipperT<'a>;
}

/// The subtrie at the focus as a map, if the zipper reads one real trie.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no access to the subtrie at its focus",
    label = "there is no subtrie with values of type `{V}`",
    note = "make a zipper from a map: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`",
    note = "copy the subtrie of any zipper into a map by `copy_subtrie(&mut zipper)`"
)]
pub trait ZipperSubtries<V>: ZipperValues<V> + Zipper {
    /// True iff [`try_make_map`](Self::try_make_map) and [`trie_ref`](Self::trie_ref) return
    /// something.
    #[must_use]
    fn native_subtries(&self) -> bool;

    /// The subtrie at the focus, with the focus value, as a map that shares its nodes; `None` if
    /// the zipper reads no real trie.
    #[must_use]
    fn try_make_map(&self) -> Option<PathMap<V>>;

    /// The focus as a place, which cannot move; `None` if the zipper reads no real trie.
    #[must_use]
    fn trie_ref(&self) -> Option<TrieRef<'_, V>>;
}

/// The subtrie at the focus as a map, for zippers that always read one real trie.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read one real trie, so it has no subtrie to share",
    label = "there is no subtrie with values of type `{V}` at its focus",
    note = "a map is not a zipper: pass `&map.read_zipper()`, or call the form that takes a map, such as `graft_map` or `join_map_into`",
    note = "copy the subtrie of any other zipper into a map by `copy_subtrie(&mut zipper)`"
)]
pub trait ZipperInfallibleSubtries<V>: ZipperSubtries<V> {
    /// The subtrie at the focus, with the focus value, as a map that shares its nodes.
    ///
    /// O(1), except that if the focus is inside a node, the part of the node below the focus is
    /// copied, and the values in that part are cloned.
    #[must_use]
    fn make_map(&self) -> PathMap<V>;

    /// The focus as a place, which cannot move.
    fn get_trie_ref(&self) -> TrieRef<'_, V>;
}

/// Places below the focus that outlive the zipper.
#[diagnostic::on_unimplemented(
    message = "the places that `{Self}` returns do not outlive it",
    label = "no places with values of type `{V}` that outlive the zipper",
    note = "readers implement the trait: `map.read_zipper()`"
)]
pub trait ZipperReadOnlySubtries<'a, V>: ZipperSubtries<V> {
    /// The type of the place.
    type TrieRefT: Into<TrieRef<'a, V>>
    where
        V: 'a;

    /// The place at `path` below the focus, without moving.
    #[must_use]
    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Self::TrieRefT;

    /// The path from the origin to the root, or an empty path if the zipper does not know it.
    ///
    /// A product calls this method on its primary factor to learn its own root path. Therefore the
    /// factor need not be a [`ZipperAbsolutePath`].
    #[must_use]
    #[doc(hidden)]
    fn known_prefix(&self) -> &[u8] {
        &[]
    }
}

/// The node at the focus: its id, and whether it is shared.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read one real trie, so it has no nodes",
    label = "this has no nodes",
    note = "make a zipper from a map: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
pub trait ZipperConcrete {
    /// The id of the node whose root is the focus; `None` if the focus is not the root of a node.
    ///
    /// Two zippers that are both alive have equal ids iff their foci are the root of one node.
    #[must_use]
    fn shared_node_id(&self) -> Option<u64>;

    /// True iff the focus is the root of a node that has more than one owner.
    #[must_use]
    fn is_shared(&self) -> bool;
}
