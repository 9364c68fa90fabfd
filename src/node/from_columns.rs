//! The columns door, inwards: building a node from columns that may come from anywhere.
//!
//! A node that fits is built in one allocation of the right size, and its columns are copied into
//! it. Entries that do not fit one node become the best nodes that a [`Bundle`] makes of them.
//! Whatever the columns are, the node is well-formed: all that N2, N3 and N6 ask of entries is
//! checked first.

use std::fmt;

use super::back::Back;
use super::build::{Form, Shape, Unfinished};
use super::column::Stored;
use super::columns::{Columns, count_ones, low_bits};
use super::end::End;
use super::header::{self, HEADER, KindBits, ListBits, OWN, TAILS, WIDE, WideBits, size_class};
use super::list::front_size;
use super::pack::Bundle;
use super::shared::Shared;
use super::suffix::Suffix;
use super::wide::{CHILDREN, Tail, wide_size};
use crate::bytes::{ByteMask, common_prefix, first_word};

/// The rule that columns break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MalformedColumns {
    /// There are neither entries nor an own value.
    Empty,
    /// There are more than 256 entries.
    TooManyEntries,
    /// There is not one end for each entry, or there are ends although the heap is empty.
    EndCount,
    /// A rest ends before it starts.
    EndOrder,
    /// The last rest does not end where the heap does.
    HeapLength,
    /// A bit is set for an entry that is not there.
    BitBeyondEntries,
    /// An entry is both a child and bare.
    ChildAndBare,
    /// The number of children is not that of the child bits.
    ChildCount,
    /// The number of values is not that of the entries without a bit.
    ValueCount,
    /// An entry is not greater than the one before it.
    EntryOrder,
    /// An entry extends a child or a bare entry.
    Extended,
    /// A child has neither entries nor a value.
    EmptyChild,
}

impl fmt::Display for MalformedColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the node is empty",
            Self::TooManyEntries => "the node has more than 256 entries",
            Self::EndCount => "the number of ends is not that of the entries",
            Self::EndOrder => "a suffix ends before it starts",
            Self::HeapLength => "the last suffix does not end where the heap does",
            Self::BitBeyondEntries => "a bit belongs to no entry",
            Self::ChildAndBare => "an entry is both a child and bare",
            Self::ChildCount => "the number of children is not that of the child entries",
            Self::ValueCount => "the number of values is not that of the entries with a value",
            Self::EntryOrder => "the entries are not in order",
            Self::Extended => "an entry extends a child or a bare entry",
            Self::EmptyChild => "a child is empty",
        })
    }
}

impl std::error::Error for MalformedColumns {}

use MalformedColumns as Malformed;

impl Columns<'_> {
    /// Where the rest of entry `i` starts in the heap.
    #[inline]
    fn start(&self, i: usize) -> usize {
        match i.checked_sub(1).and_then(|before| self.ends.get(before)) {
            Some(end) => u16::from_le_bytes(*end) as usize,
            None => 0,
        }
    }

    #[inline]
    fn is_child(&self, i: usize) -> bool {
        self.children[i / 64] >> (i % 64) & 1 != 0
    }

    #[inline]
    fn is_bare(&self, i: usize) -> bool {
        self.bare[i / 64] >> (i % 64) & 1 != 0
    }

    /// Checks the columns; returns the counts of their entries.
    #[inline]
    fn check(&self) -> Result<Shape, Malformed> {
        let entries = self.heads.len();
        if entries > 256 {
            return Err(Malformed::TooManyEntries);
        }
        let (children, bare) = self.check_bits()?;
        let (longest, heads) =
            if self.heap.is_empty() { self.check_bytes()? } else { self.check_suffixes()? };
        let (values, heap) = (entries - children - bare, self.heap.len());
        Ok(Shape { entries, values, children, heap, longest, heads, ..Shape::default() })
    }

    /// Checks that each bit is that of an entry, and that no entry has two; returns the numbers
    /// of children and of bare entries.
    #[inline]
    fn check_bits(&self) -> Result<(usize, usize), Malformed> {
        if self.has_values_only() {
            return Ok((0, 0));
        }
        let entries = low_bits(self.heads.len());
        for (word, entries) in entries.into_iter().enumerate() {
            let (children, bare) = (self.children[word], self.bare[word]);
            if (children | bare) & !entries != 0 {
                return Err(Malformed::BitBeyondEntries);
            }
            if children & bare != 0 {
                return Err(Malformed::ChildAndBare);
            }
        }
        Ok((count_ones(self.children), count_ones(self.bare)))
    }

    /// Checks suffixes of one byte each; returns the length of the longest rest, and the number of
    /// different heads.
    #[inline]
    fn check_bytes(&self) -> Result<(usize, usize), Malformed> {
        if !self.ends.is_empty() {
            return Err(Malformed::EndCount);
        }
        let pairs = self.heads.iter().zip(self.heads.get(1..).unwrap_or_default());
        // Without a way out of the loop, sixteen bytes are compared at once.
        if pairs.fold(true, |sorted, (before, after)| sorted & (before < after)) {
            Ok((0, self.heads.len()))
        } else {
            Err(Malformed::EntryOrder)
        }
    }

    /// Checks suffixes of any length; returns the length of the longest rest, and the number of
    /// different heads.
    #[inline]
    fn check_suffixes(&self) -> Result<(usize, usize), Malformed> {
        if self.ends.len() != self.heads.len() {
            return Err(Malformed::EndCount);
        }
        let (mut before, mut start, mut longest, mut heads) = (0, 0, 0, self.heads.len());
        let mut last = -1;
        for (i, (&head, end)) in self.heads.iter().zip(self.ends).enumerate() {
            let head = i32::from(head);
            let end = u16::from_le_bytes(*end) as usize;
            if end < start {
                return Err(Malformed::EndOrder);
            }
            longest = longest.max(end - start);
            if head <= last {
                if head < last {
                    return Err(Malformed::EntryOrder);
                }
                self.check_neighbours(i - 1, before, start, end)?;
                heads -= 1;
            }
            (before, start, last) = (start, end, head);
        }
        if start == self.heap.len() { Ok((longest, heads)) } else { Err(Malformed::HeapLength) }
    }

    /// Checks entry `i` and the next one, whose heads are equal, and whose rests lie here: they are
    /// in order, and the next one does not extend a child or a bare entry.
    ///
    /// If an entry extends one before it, all entries between them do. So it is enough to check
    /// neighbours.
    #[inline]
    fn check_neighbours(&self, i: usize, start: usize, middle: usize, end: usize) -> Result<(), Malformed> {
        if end > self.heap.len() {
            return Err(Malformed::HeapLength);
        }
        let shorter = (middle - start).min(end - middle);
        // The words may reach beyond the rests, whose first difference mostly lies within both.
        let (a, b) = (first_word(&self.heap[start..]), first_word(&self.heap[middle..]));
        let mut shared = ((a ^ b).trailing_zeros() / 8) as usize;
        let mut is_sorted = a.swap_bytes() < b.swap_bytes();
        if shared == 8 && shorter > 8 {
            let (a, b) = (&self.heap[start..middle], &self.heap[middle..end]);
            (shared, is_sorted) = (common_prefix(a, b), a < b);
        }
        if shared < shorter {
            return if is_sorted { Ok(()) } else { Err(Malformed::EntryOrder) };
        }
        // One of the suffixes extends the other.
        if middle - start >= end - middle {
            return Err(Malformed::EntryOrder);
        }
        let is_tip = self.is_child(i) || self.is_bare(i);
        if is_tip { Err(Malformed::Extended) } else { Ok(()) }
    }

    /// True iff a wide node can hold the child entries. The ends are in order.
    fn has_short_children(&self) -> bool {
        let mut children = ByteMask(self.children).iter().map(usize::from);
        children.all(|i| self.start(i) == self.start(i + 1))
    }
}

/// What a node is built from: its own value, and columns that have been checked and counted.
struct Parts<'c, V, C, I> {
    shape: Shape,
    own: Option<V>,
    columns: &'c Columns<'c>,
    /// No fewer children than there are child bits.
    children: C,
    /// No fewer values than there are entries without a bit.
    values: I,
}

impl<V> Shared<V> {
    /// Builds a node, or several if the entries do not fit one.
    ///
    /// The columns, the children and the values are checked, so they may come from anywhere.
    /// Children and values are those of the entries, in the order of the entries. A child that has
    /// only its own value, and no other owner, becomes a value entry. The only user code that runs
    /// is the drop of values that were given, if they are not used.
    ///
    /// # Errors
    /// Returns the rule that the columns break. What was given is then dropped, and nothing was
    /// built of it. (An [empty child](MalformedColumns::EmptyChild) is only found in a node that is
    /// built, and the node is dropped.)
    ///
    /// # Panics
    /// Panics if an iterator yields fewer items than its length says, or panics itself. What has
    /// been built is dropped. Items beyond the length are ignored.
    ///
    /// # Complexity
    /// O(bytes of the node).
    pub(crate) fn from_columns(
        own: Option<V>,
        columns: &Columns<'_>,
        children: impl ExactSizeIterator<Item = Self>,
        values: impl ExactSizeIterator<Item = V>,
    ) -> Result<Self, MalformedColumns> {
        let shape = columns.check()?;
        if children.len() != shape.children {
            return Err(Malformed::ChildCount);
        }
        if values.len() != shape.values {
            return Err(Malformed::ValueCount);
        }
        if shape.entries == 0 && own.is_none() {
            return Err(Malformed::Empty);
        }
        let form = shape.form::<V>(own.is_some() as usize);
        let form = form.filter(|form| form.is_list() || columns.has_short_children());
        let parts = Parts { shape, own, columns, children, values };
        match form {
            Some(Form::List) => parts.into_list(),
            Some(Form::Wide) => parts.into_wide(),
            None => parts.into_nodes(),
        }
    }
}

/// Why a misbehaving iterator panics.
const PROMISED: &str = "the iterator yields as many items as its length says";

impl<V, C: Iterator<Item = Shared<V>>, I: Iterator<Item = V>> Parts<'_, V, C, I> {
    /// Builds a list, which holds the entries.
    #[inline]
    fn into_list(mut self) -> Result<Shared<V>, Malformed> {
        let Shape { entries: n, heap, children, .. } = self.shape;
        assert!(n <= 32, "a list has at most 32 entries");
        let own_values = self.own.is_some() as usize;
        let values = self.shape.values + own_values;
        let flags = if own_values == 1 { OWN } else { 0 };
        let bits = ListBits { child: self.columns.children[0] as u32, bare: self.columns.bare[0] as u32 };
        let size = size_class(self.shape.list_size::<V>(own_values));
        let at = header::allocate(size, flags, n as u8, KindBits { list: bits });
        let back = Back::<V>::new(at, size, size_of::<Shared<V>>(), values, children);
        let mut node = Unfinished::<V>::new(at, back.word(0).cast(), -1);
        let mut has_lone = false;
        // SAFETY: the allocation has room for these columns (N2), whose lengths `check` has
        // compared, and each place is filled once, in order. The entries keep N6, as was checked.
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            base.add(HEADER).write_bytes(0, front_size(0, 0) - HEADER);
            base.add(HEADER).copy_from_nonoverlapping(self.columns.heads.as_ptr(), n);
            let ends = base.add(HEADER + n).cast::<u16>();
            if heap == 0 {
                ends.cast::<u8>().write_bytes(0, 2 * n);
            }
            for (i, &end) in self.columns.ends.iter().enumerate() {
                ends.add(i).write_unaligned(u16::from_le_bytes(end));
            }
            base.add(HEADER + 3 * n).copy_from_nonoverlapping(self.columns.heap.as_ptr(), heap);
            for _ in 0..children {
                node.put_child(next_child(&mut self.children, &mut has_lone));
            }
            if let Some(own) = self.own {
                node.put_value(back.value(0), Stored::new(own));
            }
            for rank in own_values..values {
                node.put_value(back.value(rank), Stored::new(self.values.next().expect(PROMISED)));
            }
            tidied(node.finish(), has_lone)
        }
    }

    /// Builds a wide node, which holds the entries.
    fn into_wide(mut self) -> Result<Shared<V>, Malformed> {
        let Shape { entries, values, children, heap, .. } = self.shape;
        let (child_mask, tail_mask) = self.masks();
        let tails = entries - children;
        let own_values = self.own.is_some() as usize;
        // Without bare entries and rests, every tail is a plain value.
        let has_bare = tails > values;
        let has_column = heap > 0 || has_bare;
        let flags = WIDE | if has_column { TAILS } else { 0 } | if own_values == 1 { OWN } else { 0 };
        let size = size_class(wide_size::<V>(children, tails, has_column, own_values == 1));
        let bits = WideBits {
            before_tail: ones_before(&tail_mask),
            before_child: ones_before(&child_mask),
            tails: tails as u16,
        };
        let at = header::allocate(size, flags, 0, KindBits { wide: bits });
        let words = if has_column { tails } else { 0 };
        let back = Back::<V>::new(at, size, size_of::<Tail>(), tails + own_values, words);
        let mut has_lone = false;
        // SAFETY: the allocation has room for these columns (N2), which `check` has counted, and
        // each place is filled once, in order. The place of a bare tail's value stays vacant (N4).
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            let mut node = Unfinished::<V>::new(at, base.add(CHILDREN).cast(), 1);
            base.add(HEADER).cast::<[u64; 4]>().write(child_mask);
            base.add(HEADER + 32).cast::<[u64; 4]>().write(tail_mask);
            if has_column {
                for (rank, tail) in self.columns.tails().enumerate() {
                    back.word(rank).cast::<Tail>().write(tail);
                }
            }
            for _ in 0..children {
                node.put_child(next_child(&mut self.children, &mut has_lone));
            }
            if let Some(own) = self.own {
                node.put_value(back.value(0), Stored::new(own));
            }
            for rank in 0..tails {
                if !has_bare || (*back.word(rank).cast::<Tail>()).is_valued() {
                    let value = Stored::new(self.values.next().expect(PROMISED));
                    node.put_value(back.value(own_values + rank), value);
                }
            }
            tidied(node.finish(), has_lone)
        }
    }

    /// The heads of child entries, and those of all others.
    fn masks(&self) -> ([u64; 4], [u64; 4]) {
        let heads = self.columns.heads;
        let mut all = [!0; 4];
        if heads.len() < 256 {
            all = [0; 4];
            heads.iter().for_each(|&head| all[head as usize / 64] |= 1 << (head % 64));
        }
        let mut children = [0; 4];
        for i in ByteMask(self.columns.children).iter() {
            let head = heads[i as usize];
            children[head as usize / 64] |= 1 << (head % 64);
        }
        (children, std::array::from_fn(|word| all[word] & !children[word]))
    }

    /// Puts the entries into a bundle, since they do not fit one node.
    fn into_nodes(mut self) -> Result<Shared<V>, Malformed> {
        let mut bundle = Bundle::new(self.own.map(Stored::new));
        bundle.reserve(self.shape.entries);
        for (i, &head) in self.columns.heads.iter().enumerate() {
            let end = if self.columns.is_child(i) {
                End::Child(self.children.next().expect(PROMISED))
            } else if self.columns.is_bare(i) {
                End::Bare
            } else {
                End::Value(Stored::new(self.values.next().expect(PROMISED)))
            };
            bundle.push_suffix(
                Suffix { head, rest: &self.columns.heap[self.columns.start(i)..self.columns.start(i + 1)] },
                end,
            );
        }
        packed(bundle)
    }
}

impl Columns<'_> {
    /// The entries that are no children as tails. Their rests are short enough.
    fn tails(&self) -> impl Iterator<Item = Tail> {
        (0..self.heads.len()).filter(|&i| !self.is_child(i)).map(|i| {
            let (start, end) = (self.start(i), self.start(i + 1));
            Tail::of_word(first_word(&self.heap[start..]), end - start, !self.is_bare(i))
        })
    }
}

/// The numbers of ones before the words of a mask, but for the first word.
fn ones_before(mask: &[u64; 4]) -> [u8; 3] {
    let [a, b, c, _] = mask.map(|word| word.count_ones() as u8);
    [a, a + b, a + b + c]
}

/// The next child. Notes if it has no entries, so that it is no child.
#[inline]
fn next_child<V>(children: &mut impl Iterator<Item = Shared<V>>, has_lone: &mut bool) -> Shared<V> {
    let child = children.next().expect(PROMISED);
    *has_lone |= child.view().next_entry(0).is_none();
    child
}

/// The node, with a value in place of each child that has only a value (N3).
#[inline]
fn tidied<V>(node: Shared<V>, has_lone: bool) -> Result<Shared<V>, Malformed> {
    if !has_lone {
        return Ok(node);
    }
    // SAFETY: the node is new, so this is its only owner, which is given up.
    packed(unsafe { Bundle::unpack(node.into_raw()) })
}

/// The best nodes for a bundle, with a value in place of each child that has only a value (N3).
fn packed<V>(mut bundle: Bundle<V>) -> Result<Shared<V>, Malformed> {
    if bundle.take_lone_values() { Ok(bundle.pack()) } else { Err(Malformed::EmptyChild) }
}
