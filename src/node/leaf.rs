//! The entries of places below which no child lies, one after another. A walk over two such places
//! never goes down, and keeps what it needs in a few registers.

use super::end::{EndRef, Entry};
use super::list::{ListRef, low_bits};
use super::place::Place;
use super::suffix::Suffix;
use super::view::{Kind, NodeRef};

/// The entries strictly below a place without children that are yet to be visited. Their suffixes
/// start from the place.
pub(crate) struct Leaf<'a, V> {
    node: NodeRef<'a, V>,
    /// The list in which the entries lie; `None` if the only one is a tail.
    list: Option<ListRef<'a, V>>,
    /// How many bytes lead to the place from the root of its node.
    depth: usize,
    /// The number of the present entry in its node. The entry is there if it is less than `end`.
    at: usize,
    end: usize,
    /// Where the rest of the present entry ends in the heap of its list.
    stop: usize,
    /// The suffix of the present entry, if there is one.
    suffix: Suffix<'a>,
}

impl<'a, V> Leaf<'a, V> {
    /// The entries below a place, if none of them leads to a child. The root of a wide node is
    /// never taken for a leaf.
    #[inline(always)]
    pub(crate) fn of(Place { node, spot }: Place<'a, V>) -> Option<Self> {
        let (depth, lo, hi) = (spot.depth(), spot.lo as usize, spot.hi as usize);
        match node.kind() {
            Kind::List(list) => {
                if list.bits().child & low_bits(hi) >> lo << lo != 0 {
                    return None;
                }
                // The first entry may end at the place, which is its value or the tip that it is.
                let at = lo + (depth > 0 && list.suffix_len(lo) == depth) as usize;
                let (suffix, stop) = (Suffix::byte(0), if at < hi { list.start(at) } else { 0 });
                let mut leaf = Self { node, list: Some(list), depth, at, end: hi, stop, suffix };
                leaf.read();
                Some(leaf)
            }
            Kind::Wide(wide) => {
                if depth == 0 || wide.is_child(lo as u8) {
                    return None;
                }
                let rest = wide.tail(wide.tail_rank(lo as u8)).rest();
                let suffix = Suffix::byte(lo as u8);
                let mut leaf = Self { node, list: None, depth, at: lo, end: lo, stop: 0, suffix };
                if let Some(suffix) = Suffix::of(&rest[depth - 1..]) {
                    (leaf.suffix, leaf.end) = (suffix, lo + 1);
                }
                Some(leaf)
            }
        }
    }

    /// The suffix of the present entry.
    #[inline(always)]
    pub(crate) fn suffix(&self) -> Option<Suffix<'a>> {
        (self.at < self.end).then_some(self.suffix)
    }

    /// The present entry.
    ///
    /// # Panics
    /// Panics if there is none.
    #[inline(always)]
    pub(crate) fn entry(&self) -> Entry<'a, V> {
        assert!(self.at < self.end, "there is an entry");
        Entry { suffix: self.suffix, end: self.value_or_tip() }
    }

    #[inline(always)]
    fn value_or_tip(&self) -> EndRef<'a, V> {
        match self.list {
            Some(list) => list.end_of_leaf(self.at),
            None => self.node.entry(self.at).end,
        }
    }

    /// Goes on to the next entry.
    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        self.at += 1;
        self.read();
    }

    /// Reads the suffix of the present entry of a list, if there is one.
    #[inline(always)]
    fn read(&mut self) {
        if let Some(list) = self.list
            && self.at < self.end
        {
            // SAFETY: the run ends within the list, and the rest starts where that of the entry
            // before ends (N2).
            let Suffix { head, rest } = unsafe { list.suffix_from(self.at, self.stop) };
            self.stop += rest.len();
            self.suffix = match self.depth {
                0 => Suffix { head, rest },
                depth => Suffix { head: rest[depth - 1], rest: &rest[depth..] },
            };
        }
    }
}
