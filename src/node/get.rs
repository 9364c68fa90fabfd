//! Looking up one path.
//!
//! A look-up passes a few nodes and compares a few bytes in each. Its loop therefore calls nothing
//! in the usual case, and compares suffixes as words. The comparison of a short suffix takes no
//! branch that depends on the suffix's length, since such a branch could not be predicted.

use std::marker::PhantomData;

use super::list::ListRef;
use super::place::LentNode;
use super::view::Kind;
use crate::bytes::first_word;
use crate::reached::{Mark, reached};

/// What is left of a path.
#[derive(Clone, Copy)]
struct Left<'k> {
    /// The first byte that is left. `len` bytes further on the path ends, and at least eight bytes
    /// may be read before that end.
    at: *const u8,
    len: usize,
    life: PhantomData<&'k [u8]>,
}

impl<'k> Left<'k> {
    /// All of a path. One of less than eight bytes is copied to the end of `copy`.
    #[inline(always)]
    fn all_of(path: &'k [u8], copy: &'k mut [u8; 8]) -> Self {
        let len = path.len();
        let at = if len < 8 {
            *copy = (first_word(path) << ((64 - 8 * len) & 63)).to_le_bytes();
            copy.as_ptr().wrapping_add(8 - len)
        } else {
            path.as_ptr()
        };
        Self { at, len, life: PhantomData }
    }

    /// The first byte.
    ///
    /// # Safety
    /// Something is left.
    #[inline(always)]
    unsafe fn head(self) -> u8 {
        debug_assert!(self.len > 0);
        // SAFETY: the path has a byte here (the caller).
        unsafe { *self.at }
    }

    /// The eight bytes before the end of the first `n` bytes, the last of them highest.
    ///
    /// # Safety
    /// `n` is at most `len`, and at least eight unless it is `len`.
    #[inline(always)]
    unsafe fn word_before(self, n: usize) -> u64 {
        debug_assert!(n == self.len || (8..self.len).contains(&n));
        // SAFETY: the bytes are those before the path's end, or among those that are left.
        u64::from_le_bytes(unsafe { *self.at.wrapping_add(n).wrapping_sub(8).cast::<[u8; 8]>() })
    }

    /// The last eight bytes of the path, the last of them highest.
    #[inline(always)]
    fn last_word(self) -> u64 {
        // SAFETY: it is the end of the path.
        unsafe { self.word_before(self.len) }
    }

    /// The first eight bytes, the first of them lowest. Zeros stand for the bytes behind the end.
    /// If nothing is left, the word has no meaning.
    #[inline(always)]
    fn first_word(self) -> u64 {
        let back = 8usize.saturating_sub(self.len);
        // SAFETY: the path's last eight bytes are read if fewer are left, and otherwise the first
        // eight that are left.
        u64::from_le_bytes(unsafe { *self.at.sub(back).cast::<[u8; 8]>() }) >> ((8 * back) & 63)
    }

    #[inline(always)]
    fn bytes(self) -> &'k [u8] {
        // SAFETY: the bytes are the end of a path that is borrowed during 'k.
        unsafe { std::slice::from_raw_parts(self.at, self.len) }
    }

    /// What is left behind the first `n` bytes.
    ///
    /// # Safety
    /// At least `n` bytes are left.
    #[inline(always)]
    unsafe fn after(self, n: usize) -> Self {
        debug_assert!(n <= self.len);
        // SAFETY: the path has these bytes (the caller).
        Self { at: unsafe { self.at.add(n) }, len: self.len - n, life: PhantomData }
    }
}

impl<'a, V> LentNode<'a, V> {
    /// The value at `path` from the node's root. O(path).
    #[inline]
    pub(crate) fn value_at(self, path: &[u8]) -> Option<&'a V> {
        let mut node = self.view();
        let mut copy = [0; 8];
        let mut left = Left::all_of(path, &mut copy);
        while left.len > 0 {
            reached(Mark::NodeSearched);
            // SAFETY: something is left.
            let head = unsafe { left.head() };
            match node.kind() {
                Kind::Wide(wide) => {
                    let Some(child) = wide.child_at_byte(head) else {
                        return wide.value_behind(head, left.last_word(), left.len - 1);
                    };
                    node = child.view();
                    // SAFETY: something is left.
                    left = unsafe { left.after(1) };
                }
                Kind::List(list) => {
                    let entries = list.with_head(head);
                    let Some((i, used)) = list.child_that_begins(entries, left) else {
                        return list.value_among(entries, left);
                    };
                    // SAFETY: the entry is a child (N3), and its suffix begins what is left.
                    (node, left) = unsafe { (list.entry_child_unchecked(i).view(), left.after(used)) };
                    node.prefetch();
                }
            }
        }
        node.own()
    }
}

impl<'a, V> ListRef<'a, V> {
    /// The child entry among `entries`, all of which have the right head, whose suffix begins what
    /// is left of a path, and the suffix's length.
    #[inline(always)]
    fn child_that_begins(self, entries: u32, left: Left<'_>) -> Option<(usize, usize)> {
        let children = entries & self.bits().child;
        if children == 0 {
            return None;
        }
        let i = children.trailing_zeros() as usize;
        // SAFETY: the entry has a child bit, so it is there (N6).
        let (start, end) = unsafe { self.bounds_unchecked(i) };
        let len = end - start;
        // The first seven bytes of the rest, which follow the head in the word. They are the
        // highest of the word that ends with them. The lower bytes are shifted out, in two shifts,
        // since one cannot shift out all eight.
        let first = len.min(7);
        let unused = 56 - 8 * first;
        // SAFETY: the rest ends there or later, and within the heap (N2).
        let word = unsafe { self.word_before(start + first) };
        let differ = (word ^ left.first_word() << unused) >> 8 >> unused;
        if len < left.len && differ == 0 {
            // SAFETY: the suffix is not longer than what is left.
            if len < 8 || unsafe { self.rest_agrees(start, len, 7, left) } {
                return Some((i, 1 + len));
            }
        }
        // There are others in few cases: the loop over them is a call.
        let others = children & (children - 1);
        if others == 0 { None } else { self.child_among_others(others, left.bytes()) }
    }

    /// True iff the first `len` bytes behind `start` in the heap follow the head of what is left.
    /// The first `known` of them, at most seven, do.
    ///
    /// # Safety
    /// An entry's rest of at least eight bytes starts there, `len` is at most its length, and more
    /// bytes than its length are left.
    #[inline(always)]
    unsafe fn rest_agrees(self, start: usize, mut len: usize, known: usize, left: Left<'_>) -> bool {
        while len > known {
            let end = len.max(8);
            // SAFETY: the rest has `end` bytes, all within the heap (N2), and more are left, of
            // which at least eight end there (the caller).
            if unsafe { self.word_before(start + end) != left.word_before(1 + end) } {
                return false;
            }
            len = end - 8;
        }
        true
    }

    /// The value of the entry among `entries`, all of which have the right head, whose suffix is
    /// what is left of a path.
    #[inline(always)]
    fn value_among(self, entries: u32, left: Left<'_>) -> Option<&'a V> {
        let mut values = entries & !(self.bits().child | self.bits().bare);
        if values == 0 {
            return None;
        }
        let (len, word) = (left.len - 1, left.last_word());
        // The highest bytes of a word, as many as the rest has.
        let mask = if len < 8 { !(u64::MAX >> (8 * len)) } else { u64::MAX };
        while values != 0 {
            let i = values.trailing_zeros() as usize;
            // SAFETY: the entry has the right head, so it is there, and its rest ends within the
            // heap (N2).
            let ((start, end), last) = unsafe {
                let (start, end) = self.bounds_unchecked(i);
                ((start, end), self.word_before(end))
            };
            // One branch: which of the two conditions fails cannot be predicted.
            if ((end - start) ^ len) as u64 | (last ^ word) & mask == 0 {
                // SAFETY: the rest is as long as what is left behind the head.
                if len <= 8 || unsafe { self.rest_agrees(start, len - 8, 0, left) } {
                    // SAFETY: the entry is there, and is neither a child nor bare (N4).
                    return Some(unsafe { self.entry_value_unchecked(i) });
                }
            }
            values &= values - 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::column::Stored;
    use super::super::end::End;
    use super::super::pack::Bundle;
    use super::super::shared::Shared;

    type Model = BTreeMap<Vec<u8>, u64>;

    /// A child with its own value and entries, all of which are added to the model.
    fn child(at: &[u8], model: &mut Model) -> Shared<u64> {
        let mut number = 1000 * (1 + model.len() as u64);
        let mut value = |below: &[u8]| {
            number += 1;
            model.insert([at, below].concat(), number);
            Stored::new(number)
        };
        let mut bundle = Bundle::new(Some(value(b"")));
        for below in [&b"\0"[..], b"\0\0\0\0\0\0\0\0\0", b"x", b"xy"] {
            bundle.push(below, End::Value(value(below)));
        }
        bundle.pack()
    }

    /// Looks up each path of the model, and paths that are shorter, longer, or differ in a byte: in
    /// the node, and in the node below others, where few bytes of a path are left.
    #[track_caller]
    fn same(node: Shared<u64>, model: &Model, others: &[Vec<u8>]) {
        let mut paths = Vec::new();
        for path in model.keys().chain(others) {
            paths.extend((0..path.len()).map(|len| path[..len].to_vec()));
            for (more, byte) in (0..10).flat_map(|more| [(more, 0), (more, b'x')]) {
                paths.push([&path[..], &vec![byte; more]].concat());
            }
            for (at, flip) in (0..path.len()).flat_map(|at| [(at, 1), (at, 0x80)]) {
                let mut other = path.clone();
                other[at] ^= flip;
                paths.push(other);
            }
        }
        let above = |prefix: &[u8], node| {
            let mut bundle = Bundle::new(None);
            bundle.push(prefix, End::Child(node));
            bundle.push(b"~", End::Value(Stored::new(0)));
            bundle.pack()
        };
        let below = above(b"seven..", node.clone());
        for (prefix, node) in [(&b""[..], node), (b"nine bytesseven..", above(b"nine bytes", below))] {
            for path in &paths {
                let whole = [prefix, path].concat();
                assert_eq!(node.lent().value_at(&whole), model.get(path), "{whole:?}");
            }
        }
    }

    /// Prefixes of these bytes are the rests: zeros could be taken for bytes behind a path's end.
    const RESTS: [[u8; 12]; 2] = [*b"bcdefghijklm", [0; 12]];

    #[test]
    fn entries_of_a_list_with_rests_of_every_length() {
        for rest in RESTS {
            for len in 0..=12 {
                for (kind, before) in (0..3).flat_map(|kind| (0..10).map(move |before| (kind, before))) {
                    let (mut model, mut others) = (Model::new(), Vec::new());
                    let mut bundle = Bundle::new(None);
                    let first = [&b"a"[..], &vec![7; before]].concat();
                    bundle.push(&first, End::Value(Stored::new(1)));
                    model.insert(first, 1);
                    let suffix = [&b"k"[..], &rest[..len]].concat();
                    bundle.push(
                        &suffix,
                        match kind {
                            0 => End::Child(child(&suffix, &mut model)),
                            1 => {
                                model.insert(suffix.clone(), 2);
                                End::Value(Stored::new(2))
                            }
                            _ => {
                                others.push(suffix.clone());
                                End::Bare
                            }
                        },
                    );
                    same(bundle.pack(), &model, &others);
                }
            }
        }
    }

    /// Children, values and tips with one head, of short and of long suffixes.
    #[test]
    fn entries_of_a_list_with_one_head() {
        for rest in RESTS {
            let (mut model, mut others) = (Model::new(), Vec::new());
            let mut bundle = Bundle::new(Some(Stored::new(1)));
            model.insert(Vec::new(), 1);
            for len in 0..=12 {
                let suffix = [&b"k"[..], &rest[..len]].concat();
                bundle.push(&suffix, End::Value(Stored::new(2 + len as u64)));
                model.insert(suffix.clone(), 2 + len as u64);
                let tip = [&suffix[..], b"\xf0"].concat();
                let down = [&suffix[..], b"\xf1"].concat();
                // Suffixes are pushed in order: those of longer prefixes come first.
                others.push(tip);
                others.push(down);
            }
            let (tips, downs): (Vec<_>, Vec<_>) =
                others.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).unzip();
            for len in (0..=12).rev() {
                if len % 3 == 0 {
                    bundle.push(&tips[len], End::Bare);
                }
                if len % 2 == 0 {
                    bundle.push(&downs[len], End::Child(child(&downs[len], &mut model)));
                }
            }
            same(bundle.pack(), &model, &others);
        }
    }

    /// Wide nodes with and without a column of tails. Their entries have bytes in all four words
    /// of the masks.
    #[test]
    fn entries_of_a_wide_node() {
        for rest in RESTS {
            for longest in [0, 7] {
                for own in [false, true] {
                    let (mut model, mut others) = (Model::new(), Vec::new());
                    let mut bundle = Bundle::new(own.then(|| Stored::new(1)));
                    if own {
                        model.insert(Vec::new(), 1);
                    }
                    for byte in 0..=255u8 {
                        let suffix = [&[byte][..], &rest[..byte as usize % (longest + 1)]].concat();
                        let number = 2 + u64::from(byte);
                        if byte % 3 == 0 {
                            bundle.push(&[byte], End::Child(child(&[byte], &mut model)));
                        } else if byte % 5 == 0 && longest > 0 {
                            bundle.push(&suffix, End::Bare);
                            others.push(suffix);
                        } else if byte % 7 != 0 {
                            bundle.push(&suffix, End::Value(Stored::new(number)));
                            model.insert(suffix, number);
                        }
                    }
                    let node = bundle.pack();
                    assert!(node.view().is_wide());
                    same(node, &model, &others);
                }
            }
        }
    }

    /// The paths that a test looks up below a node of the other kind, and far down.
    #[test]
    fn paths_through_many_nodes() {
        let mut model = Model::new();
        let mut map = crate::PathMap::new();
        let mut seed = 1u64;
        for number in 0..3000 {
            let mut path = Vec::new();
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            for at in 0..3 + (seed >> 59) {
                path.push((seed >> (at * 2 % 50)) as u8 & 3);
            }
            map.insert(&path, number);
            model.insert(path, number);
        }
        same(map.root.expect("the map is not empty"), &model, &[]);
    }
}
