//! Iterating over the entries of a node.
//!
//! Finding an entry by its number counts bits for each column; going from an entry to the next
//! one counts none.

use super::end::{End, Entry};
use super::list::ListRef;
use super::suffix::Suffix;
use super::view::{Kind, NodeRef};
use super::wide::WideRef;

/// The entries of a run that have not been visited yet.
pub(super) struct Entries<'a, V> {
    kind: EntryRun<'a, V>,
    /// The number of the next entry.
    at: usize,
    end: usize,
}

enum EntryRun<'a, V> {
    List {
        list: ListRef<'a, V>,
        /// Where the next entry's rest starts, and the values and children before it.
        start: usize,
        values: usize,
        children: usize,
    },
    Wide {
        wide: WideRef<'a, V>,
        /// The tails and children before the next entry.
        tails: usize,
        children: usize,
        /// All children of the node.
        all_children: usize,
    },
}

impl<'a, V> NodeRef<'a, V> {
    /// The entries numbered `lo..hi`.
    #[inline]
    pub(super) fn entries(self, lo: usize, hi: usize) -> Entries<'a, V> {
        match self.kind() {
            Kind::List(list) => {
                let (start, values, children) = match lo {
                    0 => (0, list.has_own() as usize, 0),
                    lo => (list.start(lo), list.value_rank(lo), list.child_rank(lo)),
                };
                Entries {
                    kind: EntryRun::List { list, start, values, children },
                    at: lo,
                    end: hi.min(list.len()),
                }
            }
            Kind::Wide(wide) => {
                let at = wide.next_entry(lo).unwrap_or(256);
                let (tails, children) = match lo {
                    0 => (0, 0),
                    _ if at == 256 => (0, 0),
                    _ => (wide.tail_rank(at as u8), wide.child_rank(at as u8)),
                };
                Entries {
                    kind: EntryRun::Wide { wide, tails, children, all_children: wide.child_count() },
                    at,
                    end: hi,
                }
            }
        }
    }
}

impl<'a, V> Entries<'a, V> {
    /// The number of the next entry.
    #[inline]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Skips the entries that begin with a byte less than `head`.
    #[inline]
    pub(super) fn skip_to(&mut self, head: u8) {
        match &mut self.kind {
            EntryRun::List { list, start, values, children } => {
                let (bits, before) = (list.bits(), self.at);
                while self.at < self.end && list.heads()[self.at] < head {
                    let child = bits.child >> self.at & 1;
                    *children += child as usize;
                    *values += (!bits.bare >> self.at & 1 & !child) as usize;
                    self.at += 1;
                }
                if before < self.at {
                    *start = list.end(self.at - 1);
                }
            }
            EntryRun::Wide { wide, tails, children, .. } => {
                let (at, head) = (self.at, head as usize);
                if at >= head {
                    return;
                }
                for word in at / 64..=head / 64 {
                    let behind = if word == at / 64 { !0 << (at % 64) } else { !0 };
                    let before = if word == head / 64 { (1 << (head % 64)) - 1 } else { !0 };
                    let skipped = |mask: &[u64; 4]| (mask[word] & behind & before).count_ones() as usize;
                    *children += skipped(wide.children());
                    *tails += skipped(wide.tails());
                }
                self.at = wide.next_entry(head).unwrap_or(256);
            }
        }
    }

    /// Asks for the memory of the next child of the node, if there is one.
    #[inline]
    pub(super) fn prefetch_child(&self) {
        let child = match self.kind {
            EntryRun::List { list, children, .. } if u64::from(list.bits().child) >> self.at != 0 => {
                // SAFETY: the next entry or one behind it is a child, and `children` are before it.
                unsafe { list.ranked_child(children) }
            }
            EntryRun::Wide { wide, children, all_children, .. } if children < all_children => {
                // SAFETY: there are more children than `children`.
                unsafe { wide.ranked_child(children) }
            }
            _ => return,
        };
        child.view().prefetch();
    }
}

impl<'a, V> Iterator for Entries<'a, V> {
    type Item = Entry<'a, V>;

    #[inline(always)]
    fn next(&mut self) -> Option<Entry<'a, V>> {
        if self.at >= self.end {
            return None;
        }
        match &mut self.kind {
            EntryRun::List { list, start, values, children } => {
                // SAFETY: the counts were right at the start (`entries`), and have been updated
                // with each entry since.
                let entry = unsafe { list.entry_after(self.at, *start, *values, *children) };
                *start += entry.suffix.rest.len();
                match entry.end {
                    End::Value(_) => *values += 1,
                    End::Child(_) => *children += 1,
                    End::Bare => {}
                }
                self.at += 1;
                Some(entry)
            }
            EntryRun::Wide { wide, tails, children, .. } => {
                let head = self.at as u8;
                self.at = wide.next_entry(self.at + 1).unwrap_or(256);
                if wide.is_child(head) {
                    // SAFETY: the byte is in the child mask, and the count of the children before
                    // it was right at the start and has been updated with each child since.
                    let child = unsafe { wide.ranked_child(*children) };
                    *children += 1;
                    Some(Entry { suffix: Suffix::byte(head), end: End::Child(child) })
                } else {
                    *tails += 1;
                    Some(wide.tail_entry(head, *tails - 1))
                }
            }
        }
    }
}
