//! Searching a list for a key.

use super::found::{Found, Vacancy};
use super::header::HEADER;
use super::heads::{below, differing, matching};
use super::list::{ListRef, low_bits};
use crate::bytes::{common_prefix, equal, starts_with};

/// The run of entries that a set of entries with one head is.
#[inline]
pub(super) fn run_of(bits: u32) -> (usize, usize) {
    (bits.trailing_zeros() as usize, 32 - bits.leading_zeros() as usize)
}

/// The order of two suffixes. They differ early or are short, so a call of `memcmp` would cost
/// more.
#[inline]
fn compare(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    let shared = common_prefix(a, b);
    a.get(shared).cmp(&b.get(shared))
}

/// Where a key leads from a list's root.
pub(super) enum ListSeek {
    /// The entry whose suffix is the key. It is there, and it is not a child.
    Hit(usize),
    /// The entry whose suffix begins the key, and the suffix's length. It is there, and it is a
    /// child.
    Child(usize, usize),
    /// Neither.
    Miss,
}

impl<V> ListRef<'_, V> {
    /// The set of entries whose heads pass a test of sixteen heads at a time, one bit each.
    #[inline(always)]
    fn with_heads(self, test: impl Fn([u8; 16]) -> u32) -> u32 {
        let n = self.len();
        let sixteen = |offset| {
            // SAFETY: the sixteen bytes behind the header are always initialised. With more than
            // sixteen entries the next sixteen are too, since heads and ends alone take three
            // bytes per entry (N2).
            test(unsafe { *self.byte(HEADER + offset).cast::<[u8; 16]>() })
        };
        let mut bits = sixteen(0);
        if n > 16 {
            bits |= sixteen(16) << 16;
        }
        bits & low_bits(n)
    }

    /// The set of entries whose heads differ from the one before, one bit each; there is an entry.
    #[inline]
    pub(super) fn new_heads(self) -> u32 {
        let n = self.len();
        let sixteen = |offset| {
            // SAFETY: as in `with_heads`. The byte before the heads is the header's last one, which
            // is not written while the list is borrowed.
            let before = unsafe { *self.byte(HEADER + offset - 1).cast::<[u8; 16]>() };
            // SAFETY: as in `with_heads`.
            differing(unsafe { *self.byte(HEADER + offset).cast::<[u8; 16]>() }, before)
        };
        let mut bits = sixteen(0) | 1;
        if n > 16 {
            bits |= sixteen(16) << 16;
        }
        bits & low_bits(n)
    }

    /// The set of entries with this head, one bit each.
    #[inline]
    pub(super) fn with_head(self, head: u8) -> u32 {
        self.with_heads(|heads| matching(heads, head))
    }

    /// The number of entries with a smaller head.
    #[inline]
    fn heads_below(self, head: u8) -> usize {
        self.with_heads(|heads| below(heads, head)).count_ones() as usize
    }

    /// The run of entries with this head; an empty run at its place if there is none.
    #[inline]
    pub(super) fn head_run(self, head: u8) -> (usize, usize) {
        match self.with_head(head) {
            0 => {
                let at = self.heads_below(head);
                (at, at)
            }
            bits => run_of(bits),
        }
    }

    /// The run of entries with this head, if there are some.
    #[inline]
    pub(super) fn known_head_run(self, head: u8) -> Option<(usize, usize)> {
        let bits = self.with_head(head);
        (bits != 0).then(|| run_of(bits))
    }

    /// True iff the `len` bytes of the heap before `end` are the first `len` bytes of `wanted`, in
    /// little-endian order. They are part of a rest, and at most eight. One comparison serves all
    /// lengths, without branches that depend on the length.
    #[inline(always)]
    fn agrees(self, end: usize, len: usize, wanted: u64) -> bool {
        let bits = 8 * len as u32;
        // All ones for eight bytes, and zero for none.
        let mask = ((1u64 << (bits & 63)) - 1) | 0u64.wrapping_sub(len as u64 >> 3);
        // SAFETY: the bytes are part of a rest, which ends within the heap (N2).
        (unsafe { self.rest_word(end, len) } ^ wanted) & mask == 0
    }

    /// Like [`begins`](Self::begins), for a suffix of any length.
    ///
    /// Inlined, since keys of up to eight bytes always come here: as a call it takes a `get` of a
    /// consecutive u64 from 354 to 391 instructions.
    #[inline(always)]
    fn begins_in_full(self, i: usize, key: &[u8]) -> Option<usize> {
        let rest = self.rest(i);
        starts_with(&key[1..], rest).then_some(1 + rest.len())
    }

    /// The length of the suffix of entry `i`, if it begins `key`. The entry's head is known to be
    /// the key's first byte.
    #[inline]
    fn begins(self, i: usize, key: &[u8]) -> Option<usize> {
        let (start, end) = self.bounds(i);
        let (len, tail) = (end - start, &key[1..]);
        let Some(wanted) = tail.first_chunk::<8>().filter(|_| len <= 8) else {
            return self.begins_in_full(i, key);
        };
        self.agrees(end, len, u64::from_le_bytes(*wanted)).then_some(1 + len)
    }

    /// The child entry among `entries`, all of which have the key's first byte as head, whose
    /// suffix begins the key.
    #[inline(always)]
    fn child_among(self, entries: u32, key: &[u8]) -> Option<(usize, usize)> {
        let children = entries & self.bits().child;
        if children == 0 {
            return None;
        }
        // The first of them in nearly all cases: the loop over the others is a call.
        let i = children.trailing_zeros() as usize;
        match self.begins(i, key) {
            Some(used) => Some((i, used)),
            None => self.child_among_others(children & (children - 1), key),
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn child_among_others(self, mut children: u32, key: &[u8]) -> Option<(usize, usize)> {
        while children != 0 {
            let i = children.trailing_zeros() as usize;
            if let Some(used) = self.begins(i, key) {
                return Some((i, used));
            }
            children &= children - 1;
        }
        None
    }

    /// The child entry whose suffix begins `key`, which is not empty, and the suffix's length.
    #[inline(always)]
    pub(super) fn child_on_way(self, key: &[u8]) -> Option<(usize, usize)> {
        self.child_among(self.with_head(key[0]), key)
    }

    /// Where `key` leads; it is not empty.
    #[inline]
    pub(super) fn seek(self, key: &[u8]) -> ListSeek {
        let bits = self.with_head(key[0]);
        // Children first: most steps go to one.
        if let Some((i, used)) = self.child_among(bits, key) {
            return ListSeek::Child(i, used);
        }
        let tail = &key[1..];
        let mut others = bits & !self.bits().child;
        while others != 0 {
            let i = others.trailing_zeros() as usize;
            let rest = self.rest(i);
            if rest.len() == tail.len() && equal(rest, tail) {
                return ListSeek::Hit(i);
            }
            others &= others - 1;
        }
        ListSeek::Miss
    }

    /// The place of an entry with suffix `key`: `Ok` if the entry is there, `Err` if not. A bare
    /// entry or a child entry whose suffix begins the key is just before that place.
    pub(super) fn place(self, key: &[u8]) -> Result<usize, usize> {
        let (lo, hi) = self.head_run(key[0]);
        self.place_within(key, lo, hi)
    }

    /// Like [`place`](Self::place), given the run of entries with the key's first byte as head.
    fn place_within(self, key: &[u8], mut lo: usize, mut hi: usize) -> Result<usize, usize> {
        let tail = &key[1..];
        while lo < hi {
            let middle = (lo + hi) / 2;
            match compare(self.rest(middle), tail) {
                std::cmp::Ordering::Less => lo = middle + 1,
                std::cmp::Ordering::Equal => return Ok(middle),
                std::cmp::Ordering::Greater => hi = middle,
            }
        }
        Err(lo)
    }

    /// Where `key` leads for an edit; it is not empty.
    pub(super) fn find(self, key: &[u8]) -> Found {
        let bits = self.with_head(key[0]);
        if bits == 0 {
            return Found::Vacant(Vacancy { at: self.heads_below(key[0]), displaces: false });
        }
        if let Some((i, used)) = self.child_among(bits, key) {
            return Found::Child(i, used);
        }
        let (lo, hi) = run_of(bits);
        let at = match self.place_within(key, lo, hi) {
            Ok(i) if self.is_bare(i) => return Found::Bare(i),
            Ok(i) => return Found::Value(i),
            Err(at) => at,
        };
        // A tip that the key extends is the entry just before: what lies between would extend it
        // too (N6).
        let displaces = at > lo && self.is_bare(at - 1) && starts_with(&key[1..], self.rest(at - 1));
        Found::Vacant(Vacancy { at, displaces })
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::Stored;
    use super::super::end::End;
    use super::super::pack::Bundle;
    use super::super::view::Kind;

    /// Child entries with rests of every length up to eleven, behind rests of every length, and
    /// keys that agree with them, differ in one byte, or end within them.
    #[test]
    fn a_child_entry_is_found_iff_its_suffix_begins_the_key() {
        let child = || {
            let mut below = Bundle::new(None);
            below.push(b"x", End::Value(Stored::new(0u8)));
            below.push(b"y", End::Value(Stored::new(0u8)));
            below.pack()
        };
        for before in 0..11 {
            for len in 0..11 {
                let suffix: Vec<u8> = (0..=len).map(|i| b'b' + i).collect();
                let mut bundle = Bundle::new(None);
                bundle.push(&vec![b'a'; 1 + before], End::Value(Stored::new(1)));
                bundle.push(&suffix, End::Child(child()));
                let node = bundle.pack();
                let Kind::List(list) = node.view().kind() else { panic!("two entries are a list") };
                for more in 0..11 {
                    let key = [&suffix[..], &vec![b'~'; more]].concat();
                    assert_eq!(list.child_on_way(&key), Some((1, suffix.len())));
                    for at in 1..suffix.len() {
                        let mut other = key.clone();
                        other[at] ^= 0x80;
                        assert_eq!(list.child_on_way(&other), None);
                    }
                }
                for short in 1..suffix.len() {
                    assert_eq!(list.child_on_way(&suffix[..short]), None);
                }
            }
        }
    }
}
