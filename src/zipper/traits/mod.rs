//! The traits of zippers: what may be asked, where a zipper may go, what it may write.
//!
//! Each trait is one ability. A function that only walks asks for [`ZipperMoving`]; one that also
//! reads values adds [`ZipperValues`]; one that edits asks for
//! [`ZipperWriting`](super::ZipperWriting).
//!
//! **Words.** A zipper has an *origin* (where its trie begins), a *root* (the location it may
//! never leave) and a *focus* (where it stands). A *location* is a byte path that is present in
//! the trie: it holds a value, or leads to one, or dangles. A zipper may stand where no location
//! is; then nothing is below it and [`path_exists`](Zipper::path_exists) is false.

mod writing;

pub use writing::ZipperWriting;

use crate::bytes::ByteMask;
use crate::trie::PathMap;
use crate::zipper::{TrieRef, TrieRefBorrowed};

/// What can be asked of the focus.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a zipper",
    label = "this does not stand at a path of a trie",
    note = "a map gives zippers: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
pub trait Zipper {
    /// True iff the focus is a location of the trie.
    #[must_use]
    fn path_exists(&self) -> bool;

    /// True iff there is a value at the focus.
    #[must_use]
    fn is_val(&self) -> bool;

    /// The number of bytes by which the path can go on: 0 to 256.
    #[must_use]
    fn child_count(&self) -> usize;

    /// The bytes by which the path can go on.
    #[must_use]
    fn child_mask(&self) -> ByteMask;
}

/// Values read through a borrow of the zipper.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a zipper over values of type `{V}`",
    label = "this tells no values of type `{V}`",
    note = "a map gives zippers: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
pub trait ZipperValues<V> {
    /// The value at the focus.
    #[must_use]
    fn val(&self) -> Option<&V>;

    /// The value at `path` below the focus, without moving.
    #[must_use]
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V>;

    /// The focus as a place, if this zipper stands in one real trie: what folds it may then go by
    /// nodes. None for all others, and for zippers of your own.
    #[must_use]
    #[doc(hidden)]
    fn native_place(&self) -> Option<TrieRefBorrowed<'_, V>> {
        None
    }

    /// The roots of the factors, if this zipper is a product of real tries and stands at its root:
    /// a fold may then go by nodes too. None for all others, and for zippers of your own.
    #[must_use]
    #[doc(hidden)]
    fn native_factors(&self) -> Option<Vec<TrieRefBorrowed<'_, V>>> {
        None
    }
}

/// Values that live as long as the borrowed trie, and so outlive the zipper.
#[diagnostic::on_unimplemented(
    message = "the values that `{Self}` tells do not outlive it",
    label = "these are values of type `{V}` for as long as the zipper is borrowed at most",
    note = "readers of a borrowed map have it: `map.read_zipper()`",
    note = "other readers tell values that outlive them by a witness: `ZipperReadOnlyConditionalValues::get_val_with_witness`"
)]
pub trait ZipperReadOnlyValues<'a, V>: ZipperValues<V> {
    /// The value at the focus.
    #[must_use]
    fn get_val(&self) -> Option<&'a V>;

    /// The value at `path` below the focus, without moving.
    #[must_use]
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V>;
}

/// Values that live as long as a [witness](ZipperReadOnlyConditionalValues::witness).
///
/// A reader that counts its trie, rather than borrowing it, cannot promise a value beyond its own
/// life. The witness can: it is one more count on the same trie.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no witness that keeps its values alive",
    label = "no witness for values of type `{V}`",
    note = "readers have one; a writer is turned into a reader by `fork_read_zipper`"
)]
pub trait ZipperReadOnlyConditionalValues<'a, V>: ZipperValues<V> {
    /// What keeps the values alive.
    type WitnessT;

    /// A witness for this zipper's trie. O(1).
    #[must_use]
    #[allow(clippy::extra_unused_lifetimes, reason = "implementations elsewhere have it")]
    fn witness<'w>(&self) -> Self::WitnessT;

    /// The value at the focus, for as long as the witness lives.
    ///
    /// # Panics
    /// If `witness` was made by a zipper over another trie.
    #[must_use]
    fn get_val_with_witness<'w>(&self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'a: 'w;
}

/// Movement. Moving never changes the trie, and never leaves the zipper's root.
///
/// The provided methods are written over the required ones, so that a zipper of your own needs
/// only the latter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be moved",
    label = "this is not a zipper that moves",
    note = "a map gives zippers: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`",
    note = "a place (`TrieRef`) stands still; a reader from there is made by `fork_read_zipper`"
)]
pub trait ZipperMoving: Zipper {
    /// The path from the root to the focus.
    #[must_use]
    fn path(&self) -> &[u8];

    /// The number of values at the focus and below.
    ///
    /// A node that is shared is counted once and its count reused, so this is O(nodes) even where
    /// sharing makes the number of paths exponential; the result saturates at `usize::MAX`.
    #[must_use]
    fn val_count(&self) -> usize;

    /// The number of tips at the focus and below, if this zipper can tell without walking there. A
    /// tip is a location with nothing below it, valued or dangling.
    ///
    /// `None` says that it cannot; then a clone that walks can count them. Zippers over real tries
    /// tell it in O(nodes), as [`val_count`](Self::val_count) does. Saturates at `usize::MAX`.
    #[must_use]
    fn tip_count(&self) -> Option<usize> {
        None
    }

    /// Goes down by `k`, whether or not it exists.
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K);

    /// Goes up by `steps` bytes, or to the root if that is nearer; false iff it stopped short.
    fn ascend(&mut self, steps: usize) -> bool;

    /// Goes up to the nearest strict ancestor that has a value or branches, or to the root; false
    /// at the root.
    fn ascend_until(&mut self) -> bool;

    /// Goes up to the nearest strict ancestor that branches, or to the root; false at the root.
    fn ascend_until_branch(&mut self) -> bool;

    /// True iff the focus is the root.
    #[must_use]
    fn at_root(&self) -> bool {
        self.path().is_empty()
    }

    /// Goes to the root.
    fn reset(&mut self) {
        let depth = self.path().len();
        self.ascend(depth);
    }

    /// Goes to `path` (from the root); returns how many leading bytes the old and the new path
    /// share.
    fn move_to_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let path = path.as_ref();
        let shared = crate::bytes::common_prefix(self.path(), path);
        self.ascend(self.path().len() - shared);
        self.descend_to(&path[shared..]);
        shared
    }

    /// Goes down by `k`, whether or not it exists; returns whether it does.
    fn descend_to_check<K: AsRef<[u8]>>(&mut self, k: K) -> bool {
        self.descend_to(k);
        self.path_exists()
    }

    /// Follows `k` while locations exist; returns the bytes moved.
    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        let k = k.as_ref();
        k.iter().take_while(|&&byte| self.descend_to_existing_byte(byte)).count()
    }

    /// Follows `k` while locations exist, up to the first value strictly below the start; returns
    /// the bytes moved.
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

    /// Goes down by one byte, whether or not it exists.
    fn descend_to_byte(&mut self, k: u8) {
        self.descend_to([k]);
    }

    /// Goes down by one byte if that exists; returns whether it moved.
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        let exists = self.child_mask().test_bit(k);
        if exists {
            self.descend_to_byte(k);
        }
        exists
    }

    /// Goes to the `idx`-th child in byte order; returns whether there is one.
    fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        let byte = self.child_mask().indexed_bit::<true>(idx);
        if let Some(byte) = byte {
            self.descend_to_byte(byte);
        }
        byte.is_some()
    }

    /// Goes to the first child in byte order; returns whether there is one.
    fn descend_first_byte(&mut self) -> bool {
        self.descend_indexed_byte(0)
    }

    /// Goes to the last child in byte order; returns whether there is one.
    fn descend_last_byte(&mut self) -> bool {
        match self.child_count() {
            0 => false,
            n => self.descend_indexed_byte(n - 1),
        }
    }

    /// If there is exactly one child: goes down to the next value, branch or leaf; returns whether
    /// it moved.
    fn descend_until(&mut self) -> bool {
        self.descend_until_max_bytes(usize::MAX)
    }

    /// The same, by at most `max_bytes` bytes.
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

    /// Goes up by one byte; false at the root.
    fn ascend_byte(&mut self) -> bool {
        self.ascend(1)
    }

    /// Goes to the next child of the parent in byte order, also from a focus that does not exist;
    /// returns whether it moved. Never moves at the root.
    fn to_next_sibling_byte(&mut self) -> bool {
        to_sibling(self, ByteMask::next_bit)
    }

    /// Goes to the previous child of the parent in byte order, also from a focus that does not
    /// exist; returns whether it moved. Never moves at the root.
    fn to_prev_sibling_byte(&mut self) -> bool {
        to_sibling(self, ByteMask::prev_bit)
    }

    /// Goes to the next location after the focus in path order; when there is none, resets and
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
}

/// A step to a sibling by way of the parent's mask.
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

/// Iteration in path order. Any other move may be made between two steps: what an iterator caches
/// is never observed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not walk from value to value",
    label = "this is not a zipper that iterates",
    note = "a map gives zippers: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`",
    note = "a place (`TrieRef`) stands still; a reader from there is made by `fork_read_zipper`"
)]
pub trait ZipperIteration: ZipperMoving {
    /// Goes to the next value after the focus in path order, never the focus itself; when there is
    /// none, resets and returns false.
    fn to_next_val(&mut self) -> bool {
        while self.to_next_step() {
            if self.is_val() {
                return true;
            }
        }
        false
    }

    /// Goes to the location before the focus in path order; from the root, to the last of all;
    /// when there is none, resets and returns false.
    fn to_prev_step(&mut self) -> bool {
        if self.at_root() {
            return self.descend_last_path();
        }
        // What is before an ancestor that does not exist is before the focus too.
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

    /// Goes to the value before the focus in path order; from the root, to the last of all; when
    /// there is none, resets and returns false.
    fn to_prev_val(&mut self) -> bool {
        while self.to_prev_step() {
            if self.is_val() {
                return true;
            }
        }
        false
    }

    /// Goes to the greatest location at or below the focus; returns whether it moved.
    fn descend_last_path(&mut self) -> bool {
        let mut moved = false;
        while self.descend_last_byte() {
            moved = true;
        }
        moved
    }

    /// Goes to the first location exactly `k` bytes below the focus; false and unmoved when there
    /// is none, or when `k` is 0.
    fn descend_first_k_path(&mut self, k: usize) -> bool {
        k > 0 && first_at_depth(self, k, 0)
    }

    /// Goes to the next location of the same length below the ancestor `k` bytes above.
    ///
    /// When there is none it stands at that ancestor and returns false. If `k` exceeds the depth
    /// it resets and returns false; if `k` is 0 it stays and returns false.
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
}

/// From `at` bytes below an ancestor: the first location `k` bytes below it, in what is at or
/// below the focus.
fn first_at_depth<Z: ZipperMoving + ?Sized>(z: &mut Z, k: usize, at: usize) -> bool {
    let mut depth = at;
    while depth < k {
        if z.descend_first_byte() {
            depth += 1;
        } else if depth == at {
            return false;
        } else {
            // A dead end that is too short: go on beside it, without leaving the start.
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
    message = "the values that `{Self}` walks over do not outlive it",
    label = "these are values of type `{V}` for as long as the zipper is borrowed at most",
    note = "readers of a borrowed map have it: `map.read_zipper()`",
    note = "with any zipper: `while zipper.to_next_val() {{ zipper.val() }}`"
)]
pub trait ZipperReadOnlyIteration<'a, V>: ZipperReadOnlyValues<'a, V> + ZipperIteration {
    /// [`to_next_val`](ZipperIteration::to_next_val), then the value there.
    fn to_next_get_val(&mut self) -> Option<&'a V> {
        if self.to_next_val() { self.get_val() } else { None }
    }
}

/// Values read while moving, borrowed from a witness.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no witness that keeps the values alive that it walks over",
    label = "no witness for values of type `{V}`",
    note = "readers have one; a writer is turned into a reader by `fork_read_zipper`"
)]
pub trait ZipperReadOnlyConditionalIteration<'a, V>:
    ZipperReadOnlyConditionalValues<'a, V> + ZipperIteration
{
    /// [`to_next_val`](ZipperIteration::to_next_val), then the value there.
    ///
    /// # Panics
    /// If `witness` was made by a zipper over another trie.
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
    label = "this tells no path from the origin",
    note = "zippers of maps and heads do; put a prefix before others by `PrefixZipper`"
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
    message = "`{Self}` has no path buffer to be reserved",
    label = "this keeps no path of its own",
    note = "a map gives zippers: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
#[allow(unsafe_code, reason = "an unsafe signature for the caller's promise")]
pub trait ZipperPathBuffer: ZipperMoving {
    /// The first `len` bytes of the origin path's buffer, also beyond the present path.
    ///
    /// # Safety
    /// `len` may not exceed the length that the origin path has had since the buffer was last
    /// reallocated.
    #[must_use]
    unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8];

    /// Allocates the buffers now rather than at the first move.
    fn prepare_buffers(&mut self);

    /// Makes room for an origin path of `path_len` bytes and for `stack_depth` nodes above the
    /// focus.
    ///
    /// Until a path exceeds `path_len`, [`path`](ZipperMoving::path) stays at one address.
    /// Reserving gigabytes takes address space, not memory.
    fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize);
}

/// Makes readers that start from the focus.
#[diagnostic::on_unimplemented(
    message = "`{Self}` makes no readers from its focus",
    label = "no reader of values of type `{V}` starts from here",
    note = "a map gives zippers: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
pub trait ZipperForking<V> {
    /// The reader's type. It borrows from this zipper.
    type ReadZipperT<'a>: ZipperAbsolutePath + ZipperIteration + ZipperValues<V>
    where
        Self: 'a;

    /// A reader whose root is the focus.
    #[must_use]
    fn fork_read_zipper<'a>(&'a self) -> Self::ReadZipperT<'a>;
}

/// The subtrie at the focus as a map, where the zipper stands in one real trie.
#[diagnostic::on_unimplemented(
    message = "`{Self}` tells nothing of the subtrie at its focus",
    label = "there is no subtrie with values of type `{V}`",
    note = "a map gives zippers: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`",
    note = "what any zipper walks over is copied into a map by `copy_subtrie(&mut zipper)`"
)]
pub trait ZipperSubtries<V>: ZipperValues<V> + Zipper {
    /// True iff [`try_make_map`](Self::try_make_map) and [`trie_ref`](Self::trie_ref) return
    /// something.
    #[must_use]
    fn native_subtries(&self) -> bool;

    /// The subtrie at the focus, its value included, sharing its nodes; None if this zipper stands
    /// in no real trie.
    #[must_use]
    fn try_make_map(&self) -> Option<PathMap<V>>;

    /// The focus as a place without movement; None if this zipper stands in no real trie.
    #[must_use]
    fn trie_ref(&self) -> Option<TrieRef<'_, V>>;
}

/// The subtrie at the focus as a map, always.
#[diagnostic::on_unimplemented(
    message = "`{Self}` stands in no one trie, so there is no subtrie to be shared",
    label = "there is no subtrie with values of type `{V}` at its focus",
    note = "a map is not a zipper: give `&map.read_zipper()`, or call the form that takes a map, such as `graft_map` or `join_map_into`",
    note = "what any other zipper walks over is copied into a map by `copy_subtrie(&mut zipper)`"
)]
pub trait ZipperInfallibleSubtries<V>: ZipperSubtries<V> {
    /// The subtrie at the focus, its value included, as a map that shares its nodes.
    ///
    /// O(1), but for one node where the focus is inside of one: that part is copied and its values
    /// cloned.
    #[must_use]
    fn make_map(&self) -> PathMap<V>;

    /// The focus as a place without movement.
    fn get_trie_ref(&self) -> TrieRef<'_, V>;
}

/// Places below the focus that outlive the zipper.
#[diagnostic::on_unimplemented(
    message = "the places that `{Self}` tells do not outlive it",
    label = "no places with values of type `{V}` that outlive the zipper",
    note = "readers have it: `map.read_zipper()`"
)]
pub trait ZipperReadOnlySubtries<'a, V>: ZipperSubtries<V> {
    /// The type of the place.
    type TrieRefT: Into<TrieRef<'a, V>>
    where
        V: 'a;

    /// The place at `path` below the focus, without moving.
    #[must_use]
    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Self::TrieRefT;

    /// The path from the origin to the root of a zipper that knows it; empty of others. A product
    /// takes its own from its primary factor by this, without asking that to be a
    /// [`ZipperAbsolutePath`].
    #[must_use]
    #[doc(hidden)]
    fn known_prefix(&self) -> &[u8] {
        &[]
    }
}

/// What can be told of the storage under the focus.
#[diagnostic::on_unimplemented(
    message = "`{Self}` stands in no one trie, so it stands in no node",
    label = "nothing is known of its nodes",
    note = "a map gives zippers: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
pub trait ZipperConcrete {
    /// A number that is the same for two zippers whose focus is the root of one shared node, while
    /// both are alive; None if the focus is no node's root.
    #[must_use]
    fn shared_node_id(&self) -> Option<u64>;

    /// True iff the focus is the root of a node that has more than one owner.
    #[must_use]
    fn is_shared(&self) -> bool;
}
