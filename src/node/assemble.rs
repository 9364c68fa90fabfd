//! Assembling a list from runs of entries of other lists.
//!
//! A full list mostly makes room by pushing one group of its entries down into a child, and a
//! child that has become small is mostly absorbed into the list above it. Both move whole columns,
//! so that an entry costs a few instructions and a value is moved without being looked at.

use std::ptr::NonNull;

use super::abort::Abort;
use super::back::Back;
use super::column::Column;
use super::header::{self, HEADER, Header, KindBits, ListBits, OWN, size_class};
use super::limits::Limits;
use super::list::{ListRef, back_size, front_size, low_bits};
use super::list_edit::ListMut;
use super::shared::Shared;
use super::suffix::Suffix;
use super::view::Kind;
use crate::reached::{Mark, reached};

/// The numbers that decide the size of a list.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub(super) entries: usize,
    /// The bytes of all rests.
    pub(super) heap: usize,
    /// The values, the list's own included.
    pub(super) values: usize,
    pub(super) children: usize,
}

impl Counts {
    fn size<V>(self) -> usize {
        front_size(self.entries, self.heap) + back_size::<V>(self.values, self.children)
    }
}

impl<V> ListRef<'_, V> {
    fn counts(self) -> Counts {
        Counts {
            entries: self.len(),
            heap: self.heap_len(),
            values: self.value_count(),
            children: self.child_count(),
        }
    }

    /// The counts of the entries `lo..hi`, without the list's own value.
    pub(super) fn counts_of(self, lo: usize, hi: usize) -> Counts {
        Counts {
            entries: hi - lo,
            heap: self.start(hi) - self.start(lo),
            values: self.value_rank(hi) - self.value_rank(lo),
            children: self.child_rank(hi) - self.child_rank(lo),
        }
    }
}

/// How the suffixes of a run are changed when it is moved.
#[derive(Clone, Copy)]
pub(super) enum Change<'a> {
    Keep,
    /// The first so many bytes of each suffix are left out. Each suffix is longer than that.
    Cut(usize),
    /// This suffix comes before each suffix.
    Prepend(Suffix<'a>),
}

/// A list that is being filled, in order.
///
/// Until it is finished, the other lists still own what was copied here. So dropping it frees
/// nothing.
pub(super) struct Assembly<'a, V> {
    at: NonNull<Header>,
    counts: Counts,
    back: Back<'a, V>,
    filled: Counts,
    bits: ListBits,
}

impl<V> Assembly<'_, V> {
    /// A list for so many entries, none of which is there yet.
    pub(super) fn new(counts: Counts) -> Self {
        assert!(counts.entries <= 32, "a list has at most 32 entries");
        assert!(counts.heap <= u16::MAX as usize, "the rests of a list are short");
        let size = size_class(counts.size::<V>());
        let bits = ListBits { child: 0, bare: 0 };
        let at = header::allocate(size, 0, counts.entries as u8, KindBits { list: bits });
        // SAFETY: the smallest front is part of every list.
        unsafe { at.as_ptr().cast::<u8>().add(HEADER).write_bytes(0, front_size(0, 0) - HEADER) };
        let back = Back::new(at, size, size_of::<Shared<V>>(), counts.values, counts.children);
        let filled = Counts { entries: 0, heap: 0, values: 0, children: 0 };
        Self { at, counts, back, filled, bits }
    }

    fn byte(&self, offset: usize) -> *mut u8 {
        // SAFETY: callers pass offsets within the front (N2).
        unsafe { self.at.as_ptr().cast::<u8>().add(offset) }
    }

    /// Moves the value at a rank of another list here, as the own value.
    ///
    /// # Safety
    /// The other list has a value at this rank, and the caller gives it up.
    pub(super) unsafe fn move_own(&mut self, from: ListRef<'_, V>, rank: usize) {
        assert!(self.filled.values == 0 && self.filled.entries == 0, "the own value is the first");
        // SAFETY: the caller's promise.
        unsafe { self.move_values(from, rank, 1) };
        // SAFETY: nobody else has the node yet.
        unsafe { self.at.as_mut() }.flags |= OWN;
    }

    /// Adds an entry for a value of another list.
    ///
    /// # Safety
    /// The other list has a value at this rank, and the caller gives it up.
    unsafe fn push_value(&mut self, suffix: Suffix<'_>, from: ListRef<'_, V>, rank: usize) {
        // SAFETY: the caller's promise.
        unsafe { self.move_values(from, rank, 1) };
        self.push_suffix(suffix.head, [suffix.rest, &[], &[]]);
    }

    /// Adds an entry for a child.
    fn push_child(&mut self, suffix: Suffix<'_>, child: Shared<V>) {
        assert!(self.filled.children < self.counts.children);
        // SAFETY: the place is vacant, as was counted.
        unsafe { self.back.word(self.filled.children).cast::<Shared<V>>().write(child) };
        self.filled.children += 1;
        self.bits.child |= 1 << self.filled.entries;
        self.push_suffix(suffix.head, [suffix.rest, &[], &[]]);
    }

    /// Adds a suffix: its head, and its rest in pieces. What the entry ends in has been put
    /// already.
    #[inline]
    fn push_suffix(&mut self, head: u8, pieces: [&[u8]; 3]) {
        let (n, i, mut end) = (self.counts.entries, self.filled.entries, self.filled.heap);
        let len = pieces.iter().map(|piece| piece.len()).sum::<usize>();
        assert!(i < n && end + len <= self.counts.heap, "the suffix has been counted");
        // SAFETY: the heads, the ends and the heap have room for what was counted (N2).
        unsafe {
            for piece in pieces {
                let to = self.byte(HEADER + 3 * n + end);
                to.copy_from_nonoverlapping(piece.as_ptr(), piece.len());
                end += piece.len();
            }
            self.byte(HEADER + i).write(head);
            self.byte(HEADER + n + 2 * i).cast::<u16>().write_unaligned(end as u16);
        }
        self.filled.entries += 1;
        self.filled.heap = end;
    }

    /// Moves values of another list here, behind those that are here.
    ///
    /// # Safety
    /// The other list has these values, and the caller gives them up.
    unsafe fn move_values(&mut self, from: ListRef<'_, V>, rank: usize, count: usize) {
        let filled = self.filled.values;
        assert!(filled + count <= self.counts.values, "the values have been counted");
        if count == 0 {
            return;
        }
        // Each column holds its first element at the top, so the last is where the block begins.
        let bytes = count * Column::<V>::STRIDE;
        // SAFETY: both blocks lie in the value columns (N4), and the caller forgets the old one.
        unsafe {
            let to = self.back.value(filled + count - 1);
            to.copy_from_nonoverlapping(from.value_place(rank + count - 1), bytes);
        }
        self.filled.values += count;
    }

    /// Moves children of another list here, behind those that are here.
    ///
    /// # Safety
    /// The other list has these children, and the caller gives them up.
    unsafe fn move_children(&mut self, from: ListRef<'_, V>, rank: usize, count: usize) {
        let filled = self.filled.children;
        assert!(filled + count <= self.counts.children, "the children have been counted");
        if count == 0 {
            return;
        }
        let bytes = count * size_of::<Shared<V>>();
        // SAFETY: as in `move_values` (N3).
        unsafe {
            let to = self.back.word(filled + count - 1);
            to.copy_from_nonoverlapping(from.child_place(rank + count - 1).cast(), bytes);
        }
        self.filled.children += count;
    }

    /// Moves the entries `lo..hi` of another list here, behind those that are here.
    ///
    /// # Safety
    /// The caller gives the ends of these entries up.
    ///
    /// # Panics
    /// Panics unless `lo <= hi` and the list has `hi` entries.
    pub(super) unsafe fn move_run(&mut self, from: ListRef<'_, V>, lo: usize, hi: usize, change: Change<'_>) {
        assert!(lo <= hi && hi <= from.len(), "the run is in the list");
        if lo == hi {
            return;
        }
        let run = from.counts_of(lo, hi);
        let (bits, low, at) = (from.bits(), low_bits(hi - lo), self.filled.entries);
        self.bits.child |= (bits.child >> lo & low) << at;
        self.bits.bare |= (bits.bare >> lo & low) << at;
        // SAFETY: these are the ends of the run, which the caller gives up.
        unsafe {
            self.move_values(from, from.value_rank(lo), run.values);
            self.move_children(from, from.child_rank(lo), run.children);
        }
        match change {
            Change::Keep => self.copy_suffixes(from, lo, hi),
            Change::Cut(cut) => {
                for i in lo..hi {
                    let rest = &from.rest(i)[cut - 1..];
                    self.push_suffix(rest[0], [&rest[1..], &[], &[]]);
                }
            }
            Change::Prepend(prefix) => {
                for i in lo..hi {
                    let suffix = from.suffix(i);
                    self.push_suffix(prefix.head, [prefix.rest, &[suffix.head], suffix.rest]);
                }
            }
        }
    }

    /// Copies suffixes as they are.
    fn copy_suffixes(&mut self, from: ListRef<'_, V>, lo: usize, hi: usize) {
        let (n, at, start) = (self.counts.entries, self.filled.entries, self.filled.heap);
        let (from_start, rests) = (from.start(lo), from.rests(lo, hi));
        assert!(at + hi - lo <= n && start + rests.len() <= self.counts.heap, "the run has been counted");
        // SAFETY: the heads, the ends and the heap have room for what was counted (N2).
        unsafe {
            self.byte(HEADER + at).copy_from_nonoverlapping(from.heads()[lo..hi].as_ptr(), hi - lo);
            let heap = self.byte(HEADER + 3 * n + start);
            heap.copy_from_nonoverlapping(rests.as_ptr(), rests.len());
            let ends = self.byte(HEADER + n + 2 * at).cast::<u16>();
            for i in lo..hi {
                let end = from.end(i) - from_start + start;
                ends.add(i - lo).write_unaligned(end as u16);
            }
        }
        self.filled.entries += hi - lo;
        self.filled.heap += rests.len();
    }

    /// The list, which is complete.
    pub(super) fn finish(mut self) -> Shared<V> {
        let (all, filled) = (self.counts, self.filled);
        let complete = (filled.entries, filled.heap, filled.values, filled.children)
            == (all.entries, all.heap, all.values, all.children);
        assert!(complete, "all that was counted has been moved");
        // SAFETY: the node is this owner's alone, and all its columns are filled.
        unsafe {
            self.at.as_mut().kind.list = self.bits;
            Shared::from_raw(self.at)
        }
    }
}

/// A group of a list's entries: those that begin with the same bytes.
#[derive(Clone, Copy)]
struct Group {
    lo: usize,
    hi: usize,
    /// The number of bytes that they have in common.
    shared: usize,
}

/// About how many bytes an entry takes, besides its rest.
const ENTRY: usize = 3 + size_of::<usize>();

impl<V> ListRef<'_, V> {
    /// The run of entries with the head of entry `lo`.
    pub(super) fn run_from(self, lo: usize) -> usize {
        let heads = self.heads();
        lo + heads[lo..].iter().take_while(|&&head| head == heads[lo]).count()
    }

    /// The heaviest group of two or more entries with one head, if it has a third of the bytes.
    fn heaviest_run(self) -> Option<(usize, usize)> {
        let n = self.len();
        let (mut heaviest, mut most, mut lo) = (None, 0, 0);
        while lo < n {
            let hi = self.run_from(lo);
            let bytes = ENTRY * (hi - lo) + self.start(hi) - self.start(lo);
            if hi - lo >= 2 && bytes >= most {
                (heaviest, most) = (Some((lo, hi)), bytes);
            }
            lo = hi;
        }
        heaviest.filter(|_| 3 * most >= ENTRY * n + self.heap_len())
    }

    /// The group that is to be pushed down from a full list: this run, below the bytes that its
    /// entries share, if what is left of the list keeps the limits.
    fn group_of(self, (lo, hi): (usize, usize)) -> Option<Group> {
        let group = Group { lo, hi, shared: self.shared_prefix(lo, hi - 1) };
        let left = self.without(group);
        let limits = Limits::current();
        let fits = left.entries <= limits.entries
            && (left.entries <= Limits::FEW || left.size::<V>() <= limits.bytes);
        fits.then_some(group)
    }

    /// The counts of the list when a group of its entries has become a child.
    fn without(self, Group { lo, hi, shared }: Group) -> Counts {
        let (all, group) = (self.counts(), self.counts_of(lo, hi));
        Counts {
            entries: all.entries - group.entries + 1,
            heap: all.heap - group.heap + shared - 1,
            values: all.values - group.values,
            children: all.children - group.children + 1,
        }
    }
}

impl<V> ListMut<'_, V> {
    /// Makes room in a full list: pushes its [heaviest run](ListRef::heaviest_run) down into a
    /// child, which is a list, or makes the list a wide node if it has no such run. Returns false
    /// if neither makes a node that keeps the limits.
    pub(super) fn split(self) -> bool {
        let Some(run) = self.view().heaviest_run() else {
            self.widen();
            return true;
        };
        let Some(group) = self.view().group_of(run) else { return false };
        self.push_down(group);
        true
    }

    /// Makes a group of entries a child, which is a list.
    fn push_down(self, group: Group) {
        let list = self.view();
        reached(Mark::PushedDown);
        let abort = Abort;
        let Group { lo, hi, shared } = group;
        // The first entry may end where the child begins. Its value is the child's own.
        let own = usize::from(list.suffix_len(lo) == shared);
        assert!(own == 0 || list.has_value(lo), "only a value is extended (N6)");
        let below = list.counts_of(lo + own, hi);
        let below = Counts { heap: below.heap - below.entries * shared, values: below.values + own, ..below };
        let mut child = Assembly::new(below);
        let mut left = Assembly::new(list.without(group));
        // SAFETY: the slot is the list's only owner, and forgets it. Each end is moved once: those
        // of the group into the child, all others into the list in its place. A panic before the
        // old list is forgotten aborts.
        unsafe {
            if own == 1 {
                child.move_own(list, list.value_rank(lo));
            }
            child.move_run(list, lo + own, hi, Change::Cut(shared));
            if list.has_own() {
                left.move_own(list, 0);
            }
            left.move_run(list, 0, lo, Change::Keep);
            left.push_child(list.suffix(lo).first(shared), child.finish());
            left.move_run(list, hi, list.len(), Change::Keep);
            self.replace_by(left.finish());
        }
        std::mem::forget(abort);
    }

    /// Takes the entries of the child of entry `i` in the place of the entry, if
    /// [it may](Self::can_absorb).
    pub(super) fn absorb(self, i: usize) {
        if !self.can_absorb(i) {
            return;
        }
        reached(Mark::ListAbsorbed);
        let abort = Abort;
        let list = self.view();
        let child = list.entry_child(i);
        let Kind::List(below) = child.view().kind() else { unreachable!("the child is a list") };
        let (prefix, all, taken) = (list.suffix(i), list.counts(), below.counts());
        let own = usize::from(below.has_own());
        let mut joined = Assembly::new(Counts {
            entries: all.entries - 1 + taken.entries + own,
            heap: all.heap - prefix.rest.len()
                + taken.heap
                + taken.entries * prefix.len()
                + own * prefix.rest.len(),
            values: all.values + taken.values,
            children: all.children - 1 + taken.children,
        });
        // SAFETY: the slot is the only owner of the list, and the list that of the child, as was
        // just seen; both are forgotten. Each end is moved once. The child itself is not moved, and
        // its memory is released. A panic before that aborts.
        unsafe {
            if list.has_own() {
                joined.move_own(list, 0);
            }
            joined.move_run(list, 0, i, Change::Keep);
            if own == 1 {
                joined.push_value(prefix, below, 0);
            }
            joined.move_run(below, 0, below.len(), Change::Prepend(prefix));
            joined.move_run(list, i + 1, list.len(), Change::Keep);
            let joined = joined.finish();
            header::release(child.as_raw());
            self.replace_by(joined);
        }
        std::mem::forget(abort);
    }
}
