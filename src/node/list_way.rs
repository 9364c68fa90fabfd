//! Searching a node for where a path leads, or for the proof that the path does not exist.
//!
//! A reader that only asks whether a path exists mostly learns that it does not, and wants to stop
//! there. In a list of many entries with one head, the entries that the path agrees with are found
//! by one search by halves. It takes no branch that depends on the bytes: the rests of up to seven
//! bytes are compared as numbers, which are in the order of the rests.

use super::list::ListRef;
use super::list_search::run_of;
use super::shared::Shared;
use super::view::{Kind, NodeRef};
use super::wide::WideSeek;
use crate::bytes::first_word;
use crate::reached::{Mark, reached};

/// The longest rest that is compared as a number.
const SHORT: usize = 7;

/// Where a key leads from a node's root.
pub(crate) enum Way<'a, V> {
    /// A child entry whose suffix begins the key, the suffix's length, and the child.
    Child(usize, usize, &'a Shared<V>),
    /// An entry whose suffix is the key, and that is no child.
    Entry(usize),
    /// The run of entries that go on below the key. None ends at the key.
    Within(u16, u16),
    /// Perhaps none of these, and nothing more is known.
    Unclear,
    /// Nowhere: the node has entries, the key is not a location of the node, and no tip of the node
    /// begins it.
    Nowhere,
}

/// Where a key leads from a list's root.
enum ListWay {
    /// The entry whose suffix is the key. It is there, and it is not a child.
    Hit(usize),
    /// The entry whose suffix begins the key, and the suffix's length. It is there, and it is a
    /// child.
    Child(usize, usize),
    /// The run of entries that go on below the key. None ends at the key.
    Within(usize, usize),
    /// Perhaps none of these, and nothing more is known.
    Unclear,
    /// Nowhere: the list has entries, the key is not a location of the list, and no tip of the list
    /// begins it.
    Nowhere,
}

/// Whether a rest of up to seven bytes begins another one, which is not less. Both are given as
/// numbers.
#[inline(always)]
fn begins(shorter: u64, longer: u64) -> bool {
    let len = u32::from(shorter as u8);
    // Without the lowest byte there are 56 bits, of which an empty rest compares none.
    ((shorter ^ longer) >> 8) >> (56 - 8 * len) == 0
}

/// A key, with its first bytes as a word.
#[derive(Clone, Copy)]
pub(crate) struct WayKey<'k> {
    key: &'k [u8],
    /// The first eight bytes, the first one highest, and zeros behind the key's end.
    word: u64,
}

impl<'k> WayKey<'k> {
    #[inline(always)]
    pub(crate) fn new(key: &'k [u8]) -> Self {
        Self { key, word: first_word(key).swap_bytes() }
    }

    #[inline(always)]
    pub(crate) fn bytes(self) -> &'k [u8] {
        self.key
    }

    /// What is left of the key behind its first `n` bytes.
    #[inline(always)]
    pub(crate) fn after(self, n: usize) -> Self {
        let key = &self.key[n..];
        if self.key.len() > 8 {
            return Self::new(key);
        }
        // No bits are left of a word whose bytes are all used.
        Self { key, word: self.word << 1 << ((8 * n - 1) & 63) }
    }

    #[inline(always)]
    fn head(self) -> u8 {
        (self.word >> 56) as u8
    }

    /// What follows the first byte, as by [`ListRef::ordered_rest`]. If that is longer than seven
    /// bytes, the first seven of them, and the length 8.
    #[inline(always)]
    fn ordered_tail(self) -> u64 {
        self.word << 8 | (self.key.len() - 1).min(SHORT + 1) as u64
    }
}

impl<V> ListRef<'_, V> {
    /// Where a key leads that is not empty.
    #[inline(always)]
    fn way(self, key: WayKey<'_>) -> ListWay {
        let bits = self.with_head(key.head());
        if bits == 0 {
            return if self.len() == 0 { ListWay::Unclear } else { ListWay::Nowhere };
        }
        let wanted = key.ordered_tail();
        let (mut at, end) = run_of(bits);
        let first = at;
        let (mut left, mut long) = (end - at, 0);
        let mut number = |i| {
            let (number, len) = self.ordered_rest(i);
            long |= len;
            number
        };
        while left > 1 {
            let half = left / 2;
            // Multiplied, since a branch would be mispredicted every other time.
            at += half * usize::from(number(at + half - 1) < wanted);
            left -= half;
        }
        let mut found = number(at);
        let mut before = found;
        if found < wanted {
            at += 1;
            if at < end {
                found = number(at);
            }
        } else if at > first {
            before = number(at - 1);
        }
        if long > SHORT {
            return ListWay::Unclear;
        }
        let begun = at > first && begins(before, wanted);
        // Nothing extends a child, so it is right before the key.
        if begun && self.is_child(at - 1) {
            return ListWay::Child(at - 1, before as u8 as usize + 1);
        }
        if at < end && found == wanted {
            return if self.is_child(at) { ListWay::Child(at, key.key.len()) } else { ListWay::Hit(at) };
        }
        // A tip that begins the key is right before it as well.
        if begun {
            return ListWay::Unclear;
        }
        let within = at < end && key.key.len() <= SHORT + 1 && begins(wanted, found);
        if within { self.run_below(at, end, wanted) } else { ListWay::Nowhere }
    }

    /// The run of the entries that go on below a key, none of which ends there. The first one is
    /// `lo`, and the entries before `end` have the key's first byte. The rest of the key is given
    /// as a number.
    #[inline(never)]
    fn run_below(self, lo: usize, end: usize, wanted: u64) -> ListWay {
        for hi in lo + 1..end {
            let (number, len) = self.ordered_rest(hi);
            if len > SHORT {
                return ListWay::Unclear;
            }
            if !begins(wanted, number) {
                return ListWay::Within(lo, hi);
            }
        }
        ListWay::Within(lo, end)
    }
}

impl<'a, V> NodeRef<'a, V> {
    /// Where a key leads that is not empty.
    #[inline(always)]
    pub(crate) fn way(self, key: WayKey<'_>) -> Way<'a, V> {
        reached(Mark::NodeSearched);
        let head = key.head();
        match self.kind() {
            Kind::List(list) => match list.way(key) {
                // SAFETY: a search says `Child` of children only.
                ListWay::Child(i, used) => Way::Child(i, used, unsafe { list.entry_child_unchecked(i) }),
                ListWay::Hit(i) => Way::Entry(i),
                ListWay::Within(lo, hi) => Way::Within(lo as u16, hi as u16),
                ListWay::Unclear => Way::Unclear,
                ListWay::Nowhere => Way::Nowhere,
            },
            Kind::Wide(wide) => match wide.seek(key.key) {
                WideSeek::Child(child) => Way::Child(head as usize, 1, child),
                WideSeek::Hit(byte) => Way::Entry(byte as usize),
                WideSeek::Miss if wide.is_tail(head) => Way::Unclear,
                WideSeek::Miss => Way::Nowhere,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::Stored;
    use super::super::end::End;
    use super::super::pack::Bundle;
    use super::*;

    /// Lists of every set of some suffixes that may be in one list, and all keys near them. Among
    /// the bytes are 0, which is also behind the end of a short rest, and 255.
    #[test]
    fn a_way_is_where_a_naive_search_leads() {
        let suffixes: [&[u8]; 12] = [
            b"a",
            b"x",
            b"x\0",
            b"x\0\0",
            b"x\0a",
            b"xa",
            b"xab",
            b"xabcdefg",
            b"xabcdefgh",
            b"xab\xff",
            b"xb",
            b"x\xff\xff",
        ];
        let mut keys: Vec<Vec<u8>> = suffixes.iter().map(|suffix| suffix.to_vec()).collect();
        for end in [&b"\0"[..], b"a", b"\xff", b"abcdefgh"] {
            keys.extend(suffixes.iter().map(|suffix| [suffix, end].concat()));
        }
        keys.extend([b"w".to_vec(), b"xabcde".to_vec(), b"y".to_vec()]);
        for chosen in 1u32..1 << suffixes.len() {
            let here = (0..suffixes.len()).filter(|i| chosen >> i & 1 != 0).map(|i| suffixes[i]);
            let here: Vec<&[u8]> = here.collect();
            // Every other entry that nothing extends is a child.
            let is_tip = |i: usize| here.get(i + 1).is_none_or(|next| !next.starts_with(here[i]));
            let is_child = |i: usize| is_tip(i) && (i + chosen.count_ones() as usize).is_multiple_of(2);
            let mut bundle = Bundle::new(None);
            for (i, suffix) in here.iter().enumerate() {
                let mut below = Bundle::new(None);
                below.push(b"1", End::Value(Stored::new(0u8)));
                below.push(b"2", End::Value(Stored::new(0)));
                let end = if is_child(i) { End::Child(below.pack()) } else { End::Value(Stored::new(0)) };
                bundle.push(suffix, end);
            }
            let node = bundle.pack();
            // A single short suffix makes a node that is no list of all the entries.
            let Kind::List(list) = node.view().kind() else { continue };
            for key in &keys {
                check(list, &here, key, is_child, is_tip);
            }
        }
    }

    fn check(
        list: ListRef<'_, u8>,
        here: &[&[u8]],
        key: &[u8],
        is_child: impl Fn(usize) -> bool,
        is_tip: impl Fn(usize) -> bool,
    ) {
        let child = (0..here.len()).find(|&i| is_child(i) && key.starts_with(here[i]));
        let below: Vec<usize> = (0..here.len()).filter(|&i| here[i].starts_with(key)).collect();
        let ends = (0..here.len()).any(|i| is_tip(i) && key.starts_with(here[i]));
        let long = here.iter().any(|suffix| suffix[0] == key[0] && suffix.len() > SHORT + 1);
        match list.way(WayKey::new(key)) {
            ListWay::Child(i, used) => {
                assert_eq!((Some(i), used), (child, here[i].len()), "{here:?} {key:?}")
            }
            ListWay::Hit(i) => assert!(here[i] == key && !is_child(i), "{here:?} {key:?}"),
            ListWay::Within(lo, hi) => {
                assert_eq!(below, (lo..hi).collect::<Vec<_>>(), "{here:?} {key:?}");
                assert!(!here.contains(&key));
            }
            ListWay::Nowhere => assert!(below.is_empty() && !ends, "{here:?} {key:?}"),
            ListWay::Unclear => {
                let begun = here.iter().any(|suffix| key.starts_with(suffix));
                assert!(long || begun && child.is_none(), "{here:?} {key:?}");
            }
        }
    }

    /// What is left of a key is the key of what is left.
    #[test]
    fn keys_are_cut_at_every_place() {
        for len in 1..20u8 {
            let key: Vec<u8> = (1..=len).collect();
            for n in 1..len as usize {
                let (left, new) = (WayKey::new(&key).after(n), WayKey::new(&key[n..]));
                assert_eq!((left.key, left.word, left.head()), (new.key, new.word, new.key[0]));
            }
        }
    }
}
