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
        if at > first && begins(before, wanted) {
            // Nothing extends a child or a tip, so it is right before the key.
            return if self.is_child(at - 1) {
                ListWay::Child(at - 1, before as u8 as usize + 1)
            } else {
                ListWay::Unclear
            };
        }
        if at == end {
            return ListWay::Nowhere;
        }
        if found == wanted {
            return if self.is_child(at) { ListWay::Child(at, key.key.len()) } else { ListWay::Hit(at) };
        }
        if key.key.len() > SHORT + 1 || !begins(wanted, found) {
            return ListWay::Nowhere;
        }
        let mut after = at + 1;
        while after < end {
            let (number, len) = self.ordered_rest(after);
            if len > SHORT {
                return ListWay::Unclear;
            }
            if !begins(wanted, number) {
                break;
            }
            after += 1;
        }
        ListWay::Within(at, after)
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
