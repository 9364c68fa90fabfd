//! The columns door: whole nodes as columns, for layers that keep tries outside of memory.
//!
//! A file is written and read a node at a time, and an entry of a node should cost it little more
//! than the bytes of the entry. So this door lends the entries as they lie in a node: the
//! [`Columns`] of all suffixes, then the children and the values, each in the order of the entries.
//! [`Shared::from_columns`](super::Shared::from_columns) is the way back.
//!
//! ```text
//! entries     "a" → value    "art" → child    "b" → bare
//!
//! heads       a  a  b
//! ends        0  2  2         where each rest ends in the heap
//! heap        r  t
//! children    0  1  0
//! bare        0  0  1
//! ```
//! Lists and wide nodes look alike. A list holds these columns, and lends them in O(1). Those of a
//! wide node are written into a [`ColumnsBuffer`], in O(entries).

use std::marker::PhantomData;

use super::column::Column;
use super::list::ListRef;
use super::place::LentNode;
use super::shared::Shared;
use super::view::Kind;
use super::wide::{Tail, WideRef};
use crate::bytes::ByteMask;

/// The suffixes of a node's entries, and the kind of each entry's end, column by column.
///
/// Columns that a node lends keep all rules of [`MalformedColumns`](super::MalformedColumns).
/// Columns that come from elsewhere may break any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns<'a> {
    /// The first byte of each suffix. If a node has more than 32 entries, they are distinct, and a
    /// mask of 256 bits is the shorter form.
    pub(crate) heads: &'a [u8],
    /// Where the rest of each suffix ends in the heap, little-endian. There are none if the heap is
    /// empty.
    pub(crate) ends: &'a [[u8; 2]],
    /// What follows the first byte of each suffix, back to back.
    pub(crate) heap: &'a [u8],
    /// Bit `i` is set iff entry `i` ends in a child.
    pub(crate) children: [u64; 4],
    /// Bit `i` is set iff entry `i` ends in nothing. An entry without either bit ends in a value.
    pub(crate) bare: [u64; 4],
}

/// The memory for the columns of one wide node, to be used again for the next one.
pub(crate) struct ColumnsBuffer {
    heads: [u8; 256],
    ends: [[u8; 2]; 256],
    /// Each rest is written as a whole word, and the next one over what is too much of it.
    heap: [u8; 256 * Tail::MAX + 1],
}

/// The lowest `n` of 256 bits.
pub(super) fn low_bits(n: usize) -> [u64; 4] {
    std::array::from_fn(|word| match n.saturating_sub(64 * word) {
        0 => 0,
        ones @ 1..64 => (1 << ones) - 1,
        _ => !0,
    })
}

/// The number of ones.
pub(super) fn count_ones(bits: [u64; 4]) -> usize {
    let [first, others @ ..] = bits;
    // The bits of a list are in the first word.
    let others = if others == [0; 3] { 0 } else { others.iter().map(|word| word.count_ones()).sum() };
    (first.count_ones() + others) as usize
}

impl Columns<'_> {
    /// The number of entries that end in a child.
    pub(crate) fn child_count(&self) -> usize {
        count_ones(self.children)
    }

    /// True iff no entry has a bit.
    #[inline]
    pub(super) fn has_values_only(&self) -> bool {
        self.children.iter().chain(&self.bare).fold(0, |all, word| all | word) == 0
    }

    /// The number of entries that end in a value.
    pub(crate) fn value_count(&self) -> usize {
        if self.has_values_only() {
            return self.heads.len();
        }
        let entries = low_bits(self.heads.len());
        count_ones(std::array::from_fn(|i| entries[i] & !(self.children[i] | self.bare[i])))
    }
}

impl<'a> Columns<'a> {
    /// What follows the first byte of an entry's suffix.
    #[inline]
    pub(crate) fn rest(&self, entry: usize) -> &'a [u8] {
        let end = |entry: usize| u16::from_le_bytes(self.ends[entry]) as usize;
        match (self.ends.is_empty(), entry) {
            (true, _) => &[],
            (false, 0) => &self.heap[..end(0)],
            (false, _) => &self.heap[end(entry - 1)..end(entry)],
        }
    }
}

impl ColumnsBuffer {
    /// Memory that holds no columns yet.
    pub(crate) const fn new() -> Self {
        Self { heads: [0; 256], ends: [[0; 2]; 256], heap: [0; 256 * Tail::MAX + 1] }
    }

    /// The columns of a list.
    fn of_list<'b, V>(&'b mut self, list: ListRef<'b, V>) -> Columns<'b> {
        let (n, bits) = (list.len(), list.bits());
        let (ends, heap) = (list.ends(), list.rests(0, n));
        let ends = if heap.is_empty() {
            &[]
        } else if cfg!(target_endian = "little") {
            ends
        } else {
            for (to, end) in self.ends.iter_mut().zip(ends) {
                *to = u16::from_ne_bytes(*end).to_le_bytes();
            }
            &self.ends[..n]
        };
        Columns {
            heads: list.heads(),
            ends,
            heap,
            children: [bits.child.into(), 0, 0, 0],
            bare: [bits.bare.into(), 0, 0, 0],
        }
    }

    /// The columns of a wide node.
    fn of_wide<V>(&mut self, wide: WideRef<'_, V>) -> Columns<'_> {
        let n = self.write_heads(wide.mask());
        let (children, bare, heap) = match (wide.child_count(), wide.has_tails()) {
            (0, false) => ([0; 4], [0; 4], 0),
            _ => self.write_tails(wide, n),
        };
        let ends = if heap == 0 { 0 } else { n };
        Columns {
            heads: &self.heads[..n],
            ends: &self.ends[..ends],
            heap: &self.heap[..heap],
            children,
            bare,
        }
    }

    /// Writes the bytes of a mask; returns their number.
    fn write_heads(&mut self, mask: ByteMask) -> usize {
        let mut n = 0;
        for (word, mut todo) in mask.0.into_iter().enumerate() {
            let first = (word * 64) as u8;
            if todo == !0 {
                for (head, bit) in self.heads[n..n + 64].iter_mut().zip(0..) {
                    *head = first + bit;
                }
                n += 64;
                continue;
            }
            while todo != 0 {
                self.heads[n] = first + todo.trailing_zeros() as u8;
                todo &= todo - 1;
                n += 1;
            }
        }
        n
    }

    /// Writes the rests of the entries, whose heads are written; returns the children, the bare
    /// entries, and the length of the heap.
    fn write_tails<V>(&mut self, wide: WideRef<'_, V>, n: usize) -> ([u64; 4], [u64; 4], usize) {
        let (mut children, mut bare, mut heap) = ([0; 4], [0; 4], 0);
        let mut tails = wide.tail_column().iter().rev();
        for (i, (&head, end)) in self.heads[..n].iter().zip(&mut self.ends).enumerate() {
            if wide.is_child(head) {
                children[i / 64] |= 1 << (i % 64);
            } else if let Some(tail) = tails.next() {
                let (rest, len) = tail.word();
                self.heap[heap..heap + 8].copy_from_slice(rest);
                heap += len;
                bare[i / 64] |= u64::from(!tail.is_valued()) << (i % 64);
            }
            *end = (heap as u16).to_le_bytes();
        }
        (children, bare, heap)
    }
}

impl<'a, V> LentNode<'a, V> {
    /// The columns of the node's entries. They are borrowed from a list itself, and from the buffer
    /// if the node is wide.
    ///
    /// # Complexity
    /// O(1) for a list, otherwise O(entries). Nothing is allocated.
    pub(crate) fn columns<'b>(self, buffer: &'b mut ColumnsBuffer) -> Columns<'b>
    where
        'a: 'b,
    {
        match self.view().kind() {
            Kind::List(list) => buffer.of_list(list),
            Kind::Wide(wide) => buffer.of_wide(wide),
        }
    }

    /// True iff the node has more than one owner, so that more than one path may lead to it.
    pub(crate) fn is_shared(self) -> bool {
        self.view().is_shared()
    }

    /// The value at the node's own location, which is in no column.
    pub(crate) fn own(self) -> Option<&'a V> {
        self.view().own()
    }

    /// The children, in the order of their entries.
    pub(crate) fn children(self) -> Children<'a, V> {
        let (step, left) = match self.view().kind() {
            Kind::List(list) => (-1, list.child_count()),
            Kind::Wide(wide) => (1, wide.child_count()),
        };
        let next = match self.view().kind() {
            _ if left == 0 => std::ptr::null(),
            Kind::List(list) => list.child_place(0),
            Kind::Wide(wide) => wide.child_place(0),
        };
        Children { next, step, left, life: PhantomData }
    }

    /// The values of the entries, in their order. The node's own value is not among them.
    pub(crate) fn values(self) -> Values<'a, V> {
        let node = self.view();
        let own = node.own().is_some() as usize;
        let (left, tails) = match node.kind() {
            Kind::List(list) => (list.value_count() - own, &[][..]),
            Kind::Wide(wide) => (wide.tail_count(), wide.tail_column()),
        };
        let next = match node.kind() {
            _ if left == 0 => std::ptr::null(),
            Kind::List(list) => list.value_place(own),
            Kind::Wide(wide) => wide.value_place(own),
        };
        Values { next, left, tails, life: PhantomData }
    }
}

/// The children of a node, in the order of their entries; see [`LentNode::children`].
pub(crate) struct Children<'a, V> {
    next: *const Shared<V>,
    /// The distance to the child after the next one.
    step: isize,
    left: usize,
    life: PhantomData<&'a V>,
}

impl<'a, V> Iterator for Children<'a, V> {
    type Item = LentNode<'a, V>;

    #[inline]
    fn next(&mut self) -> Option<LentNode<'a, V>> {
        self.left = self.left.checked_sub(1)?;
        let at = self.next;
        self.next = at.wrapping_offset(self.step);
        // SAFETY: at least one more child lies here, in a column of children that nobody writes
        // during 'a (N3, N5).
        Some(unsafe { &*at }.lent())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<V> ExactSizeIterator for Children<'_, V> {}

/// The values of a node's entries, in their order; see [`LentNode::values`].
pub(crate) struct Values<'a, V> {
    /// The next place of the value column, and the number of places from there on.
    next: *const u8,
    left: usize,
    /// The tails of these places and of those before, the first one last, if a tail may be bare.
    tails: &'a [Tail],
    life: PhantomData<&'a V>,
}

impl<'a, V> Iterator for Values<'a, V> {
    type Item = &'a V;

    #[inline]
    fn next(&mut self) -> Option<&'a V> {
        loop {
            self.left = self.left.checked_sub(1)?;
            let at = self.next;
            self.next = at.wrapping_sub(Column::<V>::STRIDE);
            if self.tails.get(self.left).is_some_and(|tail| !tail.is_valued()) {
                continue;
            }
            // SAFETY: one of the places left lies here, in a column of values that nobody writes
            // during 'a (N5). All but those of bare tails are filled (N4).
            return Some(unsafe { Column::get(at) });
        }
    }
}
