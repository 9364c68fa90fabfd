//! Making a full list a wide node.
//!
//! Each value is moved once, to the place that it will have. The cost is spread over at most 32
//! inserts, so it counts: building the wide node by a bundle took a quarter of the instructions of
//! inserting 10,000 random u64.

use super::abort::Abort;
use super::assemble::{Assembly, Change, Counts};
use super::back::Back;
use super::column::Column;
use super::header::{self, HEADER, KindBits, OWN, TAILS, WIDE, WideBits, size_class};
use super::list::ListRef;
use super::list_edit::ListMut;
use super::shared::Shared;
use super::wide::{CHILDREN, Tail, wide_size};
use crate::reached::{Mark, reached};

/// The part of a wide node that a run of entries with one head becomes.
enum Part {
    Tail,
    /// The child of the only entry.
    Child,
    /// A child that is built for the run.
    Below,
}

/// The numbers that decide the size of a wide node.
#[derive(Default)]
struct WideCounts {
    children: usize,
    tails: usize,
    /// Some tail is bare or has a rest.
    column: bool,
}

impl<V> ListRef<'_, V> {
    /// The runs of entries with one head, in order.
    fn runs(self) -> impl Iterator<Item = (usize, usize)> {
        let mut lo = 0;
        std::iter::from_fn(move || {
            let run = (lo < self.len()).then(|| (lo, self.run_from(lo)))?;
            lo = run.1;
            Some(run)
        })
    }

    fn part(self, lo: usize, hi: usize) -> Part {
        match (hi - lo, self.is_child(lo), self.suffix_len(lo)) {
            (1, true, 1) => Part::Child,
            (1, false, len) if len <= 1 + Tail::MAX => Part::Tail,
            _ => Part::Below,
        }
    }

    fn wide_counts(self) -> WideCounts {
        let mut counts = WideCounts::default();
        for (lo, hi) in self.runs() {
            match self.part(lo, hi) {
                Part::Tail => {
                    counts.tails += 1;
                    counts.column |= self.is_bare(lo) || self.suffix_len(lo) > 1;
                }
                Part::Child | Part::Below => counts.children += 1,
            }
        }
        counts
    }

    /// The entries `lo..hi`, which have one head, as a list below that head.
    ///
    /// # Safety
    /// The caller gives the ends of these entries up.
    unsafe fn moved_below(self, lo: usize, hi: usize) -> Shared<V> {
        // The first entry may be the head alone. Its value is the child's own (N6).
        let own = usize::from(self.suffix_len(lo) == 1);
        let run = self.counts_of(lo + own, hi);
        let mut below =
            Assembly::new(Counts { heap: run.heap - run.entries, values: run.values + own, ..run });
        // SAFETY: the caller's promise; each end is moved once.
        unsafe {
            if own == 1 {
                assert!(self.has_value(lo), "only a value is extended (N6)");
                below.move_own(self, self.value_rank(lo));
            }
            below.move_run(self, lo + own, hi, Change::Cut(1));
        }
        below.finish()
    }

    /// The wide node that holds all that the list does.
    ///
    /// # Safety
    /// The caller gives up all ends of the list and its own value.
    unsafe fn moved_to_wide(self) -> Shared<V> {
        let WideCounts { children, tails, column } = self.wide_counts();
        let own = self.has_own() as usize;
        let size = size_class(wide_size::<V>(children, tails, column, own == 1));
        let flags = WIDE | if column { TAILS } else { 0 } | self.flags() & OWN;
        let mut bits = WideBits { before_tail: [0; 3], before_child: [0; 3], tails: tails as u16 };
        let at = header::allocate(size, flags, 0, KindBits { wide: bits });
        let back = Back::<V>::new(at, size, size_of::<Tail>(), tails + own, if column { tails } else { 0 });
        let (mut child_mask, mut tail_mask) = ([0u64; 4], [0u64; 4]);
        let (mut child, mut tail, mut value) = (0, 0, own);
        // SAFETY: the allocation has room for the columns that were counted (N2). Each end is moved
        // once, to its place (N3, N4); the place of a bare tail stays vacant. The values of the
        // list are met in their order.
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            let first_child = base.add(CHILDREN).cast::<Shared<V>>();
            if own == 1 {
                back.value(0).copy_from_nonoverlapping(self.value_place(0), Column::<V>::STRIDE);
            }
            for (lo, hi) in self.runs() {
                let head = self.heads()[lo];
                let (word, bit) = (head as usize / 64, 1 << (head % 64));
                let node = match self.part(lo, hi) {
                    Part::Tail => {
                        tail_mask[word] |= bit;
                        let valued = !self.is_bare(lo);
                        if column {
                            back.word(tail).cast::<Tail>().write(Tail::new(self.rest(lo), valued));
                        }
                        if valued {
                            let place = back.value(own + tail);
                            place.copy_from_nonoverlapping(self.value_place(value), Column::<V>::STRIDE);
                            value += 1;
                        }
                        tail += 1;
                        continue;
                    }
                    Part::Child => self.entry_child_place(lo).read(),
                    Part::Below => {
                        value += self.value_rank(hi) - self.value_rank(lo);
                        self.moved_below(lo, hi)
                    }
                };
                first_child.add(child).write(node);
                child_mask[word] |= bit;
                child += 1;
            }
            assert!((child, tail) == (children, tails), "all that was counted has been moved");
            (bits.before_child, bits.before_tail) = (before(&child_mask), before(&tail_mask));
            base.add(HEADER).cast::<[u64; 4]>().write(child_mask);
            base.add(HEADER + 32).cast::<[u64; 4]>().write(tail_mask);
            (*at.as_ptr()).kind.wide = bits;
            Shared::from_raw(at)
        }
    }
}

/// The numbers of ones before the words 1, 2 and 3 of a mask.
fn before(mask: &[u64; 4]) -> [u8; 3] {
    let [a, b, c, _] = mask.map(|word| word.count_ones() as u8);
    [a, a + b, a + b + c]
}

impl<V> ListMut<'_, V> {
    /// Makes the list a wide node. The entries with one head become a tail or a child.
    pub(super) fn widen(self) {
        reached(Mark::Widened);
        let abort = Abort;
        // SAFETY: the slot is the only owner of the list, which it forgets: all that the list held
        // is moved once. A panic before that aborts.
        unsafe {
            let wide = self.view().moved_to_wide();
            self.replace_by(wide);
        }
        std::mem::forget(abort);
    }
}
