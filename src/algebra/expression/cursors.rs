//! The entries below many places, side by side.

use crate::node::{Below, Entry, Place, Suffix};

/// One of the places of a frame, and what is yet to be visited below it.
pub(super) struct Cursor<'a, V> {
    pub(super) place: Place<'a, V>,
    /// The places of the frame above that lead here.
    pub(super) above: u64,
    below: Below<'a, V>,
}

/// The cursors of all frames, those of the lowest frame last.
pub(super) struct Cursors<'a, V> {
    all: Vec<Cursor<'a, V>>,
    /// The first byte of each cursor's next entry, or [`DONE`].
    heads: Vec<u16>,
}

/// The head of a cursor that has no entries left.
pub(super) const DONE: u16 = 256;

/// Iterates over the bits of a mask.
pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
}

impl<'a, V> Cursors<'a, V> {
    pub(super) fn new() -> Self {
        Self { all: Vec::new(), heads: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.all.truncate(len);
        self.heads.truncate(len);
    }

    /// Adds a cursor over everything below a place. Returns whether its node is large.
    pub(super) fn push(&mut self, place: Place<'a, V>, above: u64) -> bool {
        let below = place.below();
        let large = below.is_in_large_node();
        self.heads.push(head(&below));
        self.all.push(Cursor { place, above, below });
        large
    }

    /// Returns the cursors from `first` on.
    pub(super) fn from(&self, first: usize) -> &[Cursor<'a, V>] {
        &self.all[first..]
    }

    /// Returns the least head from cursor `first` on, and which of these cursors have it.
    #[inline]
    pub(super) fn least(&self, first: usize) -> (u16, u64) {
        let heads = &self.heads[first..];
        let least = heads.iter().fold(DONE, |least, &head| least.min(head));
        (least, heads.iter().enumerate().fold(0, |mask, (i, &head)| mask | u64::from(head == least) << i))
    }

    /// Returns the greatest head of the cursors in a mask.
    #[inline]
    pub(super) fn greatest(&self, first: usize, mask: u64) -> u16 {
        bits(mask).map(|i| self.heads[first + i]).max().unwrap_or(0)
    }

    /// Skips the entries of all cursors before a head. Returns the cursors with such entries.
    pub(super) fn skip_to(&mut self, first: usize, head: u16) -> u64 {
        let mut skipped = 0;
        for i in first..self.heads.len() {
            if self.heads[i] < head {
                skipped |= 1 << (i - first);
                self.skip(i, head);
            }
        }
        skipped
    }

    /// Skips the entries of one cursor before a head.
    pub(super) fn skip(&mut self, i: usize, head: u16) {
        while self.heads[i] < head {
            let below = &mut self.all[i].below;
            match u8::try_from(head) {
                Ok(head) => below.skip_to(head),
                Err(_) => {
                    self.heads[i] = DONE;
                    return;
                }
            }
            self.heads[i] = self::head(below);
        }
    }

    #[inline]
    pub(super) fn head(&self, i: usize) -> u16 {
        self.heads[i]
    }

    /// Returns the next entry of a cursor that has one.
    #[inline]
    pub(super) fn entry(&self, i: usize) -> &Entry<'a, V> {
        self.all[i].below.now().expect("the cursor has an entry")
    }

    #[inline]
    pub(super) fn advance(&mut self, i: usize) {
        let below = &mut self.all[i].below;
        below.advance();
        self.heads[i] = head(below);
    }

    /// Returns the place `len` bytes along the next entry of a cursor, and skips all entries there.
    #[inline]
    pub(super) fn enter(&mut self, i: usize, len: usize) -> Place<'a, V> {
        let below = &mut self.all[i].below;
        below.prefetch();
        let place = below.place(len);
        below.pass(place);
        self.heads[i] = head(below);
        place
    }

    /// Skips the entries of a cursor that begin with a suffix, of which the next one is the first.
    pub(super) fn pass(&mut self, i: usize, suffix: Suffix<'_>) {
        let entry = self.entry(i);
        if entry.end.is_child() && entry.suffix.len() == suffix.len() {
            // The child's memory is not touched.
            self.advance(i);
        } else {
            self.enter(i, suffix.len());
        }
    }
}

#[inline(always)]
fn head<V>(below: &Below<'_, V>) -> u16 {
    below.now().map_or(DONE, |entry| entry.suffix.head.into())
}
