//! Nodes to bytes.
//!
//! ```text
//! 1 byte        bits 0–1  lengths of the rests: none, nibbles, one-byte ends, two-byte ends
//!               bit 2     the heads are a mask
//!               bit 3     the first value is the node's own
//!               bits 4–5  children: none, all entries, those of a bitset
//!               bit 6     there is a bitset of the bare entries
//!               bit 7     0
//! 1 byte        n, the number of entries, without its ninth bit. In a list:
//!               bit 6     steps have two bytes
//!               bit 7     there is a bitset of the entries that share bytes
//! 1 byte        w, the width of a distance, from 1 to 8           (if there are children)
//! 1 byte        c, the number of children                         (if those of a bitset are)
//! n|2n|35       steps, or a mask of the heads, and counts
//! ⌈n/8⌉         bitset of the entries that share bytes            (if bit 7 says so)
//! ⌈n/8⌉ | + 3   bitset of the entries that end in a child, counts (if bits 4–5 say so)
//! ⌈n/8⌉         bitset of the entries that end in nothing         (if bit 6 says so)
//! ⌈n/2⌉|n|2n    lengths of the rests, sums; or their ends         (unless all rests are empty)
//! w for each    distance of each child, in the order of the entries
//! …             values, if they have a fixed size
//! …             heap: the rests, back to back
//! …             values, if they have lengths of their own
//! ```
//! The suffixes of a list are front-coded. If one begins with another byte than the one before, its
//! step is that byte, its *head*. Otherwise it *shares* bytes with the one before, as many as it
//! can, and its step is their number. The rest is what follows.
//!
//! If the heads are a mask, a look-up need not count from the first entry: behind the mask are the
//! numbers of heads in its first one, two and three quarters, behind the bitset of children the
//! numbers of children among the first 64, 128 and 192 entries, and behind lengths the sums of the
//! first 32, 64, … of them.
//!
//! A node with a mask and n = 0 has 256 entries. A node with neither has no entries, and then it
//! has an own value. There are more than 32 entries only with a mask.
//!
//! Values of a fixed size are aligned in the file, so zeros may come before them. They are a
//! column: the node's own value, then those of the entries, in order. Values with lengths of their
//! own are:
//!
//! ```text
//! 1 byte        w, the width of an end, from 1 to 4; bit 7: there is a bitset of long values
//! w for each    end of the value in the data
//! ⌈v/8⌉         bitset of the long values                         (if bit 7 says so)
//! …             data: the values back to back, and 8 bytes in place of each long value: the
//!               distance of its record
//! ```

use std::io;

use super::front::FrontCoding;
use super::layout::{
    BARE, HAS_LONG, HEAD_MASK, LONG_VALUE, LONGEST_INLINE, Layout, OWN, SHARES, WIDE_STEPS, children,
    lengths, sum_count, width,
};
use crate::file::stored::{Form, Stored};
use crate::node::Columns;

/// A value that can write its bytes.
pub(crate) trait PutValue {
    /// Appends the bytes of the value. Fails if the value has no encoding.
    fn put(self, out: &mut Vec<u8>) -> io::Result<()>;
}

impl PutValue for &[u8] {
    #[inline]
    fn put(self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(self);
        Ok(())
    }
}

impl<V: Stored> PutValue for &V {
    #[inline]
    fn put(self, out: &mut Vec<u8>) -> io::Result<()> {
        V::Form::write(self, out)
    }
}

/// Appends the records of nodes to bytes, which become a part of a file.
pub(crate) struct Encoder {
    layout: Layout,
    /// The data of values that have lengths, and where each ends, for one node at a time.
    data: Vec<u8>,
    ends: Vec<usize>,
    /// Bit `i` is set iff value `i` is long.
    long: [u64; 5],
    front: FrontCoding,
}

impl Encoder {
    /// An encoder of nodes with values of a type.
    pub(crate) fn new(layout: Layout) -> Self {
        Self { layout, data: Vec::new(), ends: Vec::new(), long: [0; 5], front: FrontCoding::default() }
    }

    /// Appends the record of one node, and before it those of its long values; returns the offset
    /// of the node's record in the file.
    ///
    /// `base` is the offset in the file of the first byte of `out`. `child_offsets` are the offsets
    /// of the children's records, and `values` the values of the entries that have one, both in
    /// the order of the entries. The columns keep all rules of
    /// [`MalformedColumns`](crate::node::MalformedColumns).
    ///
    /// The record depends on nothing but the arguments, so nodes with equal entries at equal
    /// distances from their children have equal records.
    ///
    /// # Errors
    /// Fails if a value has no encoding. What is appended until then is no record.
    ///
    /// # Panics
    /// May panic if the numbers of children and values are not those of the columns, or a child's
    /// offset is not that of a record before.
    pub(crate) fn node<T: PutValue>(
        &mut self,
        out: &mut Vec<u8>,
        base: u64,
        columns: &Columns<'_>,
        child_offsets: &[u64],
        own: Option<T>,
        mut values: impl Iterator<Item = T>,
    ) -> io::Result<u64> {
        let has_own = own.is_some();
        let mut front = std::mem::take(&mut self.front);
        front.code(columns);
        let coded = front.columns(columns);
        let at = if self.layout.size.is_none() {
            self.gather(out, base, own, values)?;
            let at = base + out.len() as u64;
            put_entries(out, at, &coded, &front, child_offsets, has_own);
            out.extend_from_slice(coded.heap);
            self.put_gathered(out, at);
            at
        } else {
            let at = base + out.len() as u64;
            put_entries(out, at, &coded, &front, child_offsets, has_own);
            if has_own || columns.value_count() > 0 {
                let zeros = self.layout.padding(base + out.len() as u64);
                out.resize(out.len() + zeros, 0);
            }
            own.map_or(Ok(()), |own| own.put(out))?;
            values.try_for_each(|value| value.put(out))?;
            out.extend_from_slice(coded.heap);
            at
        };
        self.front = front;
        Ok(at)
    }

    /// Notes the bytes of all values, and appends the records of the long ones.
    fn gather<T: PutValue>(
        &mut self,
        out: &mut Vec<u8>,
        base: u64,
        own: Option<T>,
        values: impl Iterator<Item = T>,
    ) -> io::Result<()> {
        self.data.clear();
        self.ends.clear();
        self.long = [0; 5];
        for (i, value) in own.into_iter().chain(values).enumerate() {
            let start = self.data.len();
            value.put(&mut self.data)?;
            let len = self.data.len() - start;
            if len > LONGEST_INLINE {
                let at = base + out.len() as u64;
                out.push(LONG_VALUE);
                out.extend_from_slice(&(len as u64).to_le_bytes());
                out.extend_from_slice(&self.data[start..]);
                self.data.truncate(start);
                self.data.extend_from_slice(&at.to_le_bytes());
                self.long[i / 64] |= 1 << (i % 64);
            }
            self.ends.push(self.data.len());
        }
        Ok(())
    }

    /// Appends the values that are noted, for the node at `at`.
    fn put_gathered(&mut self, out: &mut Vec<u8>, at: u64) {
        let Some(&end) = self.ends.last() else { return };
        let width = width(end as u64);
        let has_long = self.long != [0; 5];
        out.push(width as u8 | if has_long { HAS_LONG } else { 0 });
        for end in &self.ends {
            out.extend_from_slice(&end.to_le_bytes()[..width]);
        }
        if has_long {
            put_bits(out, &self.long, self.ends.len());
            for (i, &end) in self.ends.iter().enumerate() {
                if self.long[i / 64] >> (i % 64) & 1 != 0 {
                    let (_, place) = self.data[..end].split_last_chunk_mut().expect("an offset");
                    *place = (at - u64::from_le_bytes(*place)).to_le_bytes();
                }
            }
        }
        out.extend_from_slice(&self.data);
    }
}

/// Appends the lowest `n` bits, in whole bytes.
fn put_bits(out: &mut Vec<u8>, bits: &[u64], n: usize) {
    let mut left = n.div_ceil(8);
    for word in bits {
        let len = left.min(8);
        out.extend_from_slice(&word.to_le_bytes()[..len]);
        left -= len;
    }
}

/// The numbers of ones in the first one, two, three and four words.
fn ones_in_first(words: &[u64; 4]) -> [usize; 4] {
    let mut ones = 0;
    words.map(|word| {
        ones += word.count_ones() as usize;
        ones
    })
}

/// Appends all of a record except its heap and its values.
fn put_entries(
    out: &mut Vec<u8>,
    at: u64,
    columns: &Columns<'_>,
    front: &FrontCoding,
    child_offsets: &[u64],
    has_own: bool,
) {
    debug_assert_eq!(columns.child_count(), child_offsets.len(), "one offset for each child");
    let n = columns.heads.len();
    let is_mask = n > 32;
    let (shares, has_two) = (front.shares, !is_mask && front.has_long_steps(n));
    let lengths = lengths_of(columns);
    let has_bare = columns.bare != [0; 4];
    let children = match child_offsets.len() {
        0 => children::NONE,
        c if c == n => children::ALL,
        _ => children::SOME,
    };
    out.push(
        lengths
            | if is_mask { HEAD_MASK } else { 0 }
            | if has_own { OWN } else { 0 }
            | children
            | if has_bare { BARE } else { 0 },
    );
    out.push(n as u8 | if has_two { WIDE_STEPS } else { 0 } | if shares != 0 { SHARES } else { 0 });
    // Offsets need not grow, since a child may be written long before.
    let farthest = child_offsets.iter().min().map_or(0, |&child| at - child);
    let width = width(farthest);
    if children != children::NONE {
        out.push(width as u8);
    }
    if children == children::SOME {
        out.push(child_offsets.len() as u8);
    }
    put_heads(out, columns.heads, front);
    if children == children::SOME {
        put_bits(out, &columns.children, n);
        if is_mask {
            out.extend(ones_in_first(&columns.children)[..3].iter().map(|&ones| ones as u8));
        }
    }
    if has_bare {
        put_bits(out, &columns.bare, n);
    }
    put_lengths(out, columns, lengths);
    for child in child_offsets {
        out.extend_from_slice(&(at - child).to_le_bytes()[..width]);
    }
}

/// Appends the mask of the heads, or the steps of a list.
fn put_heads(out: &mut Vec<u8>, heads: &[u8], front: &FrontCoding) {
    let n = heads.len();
    if n > 32 {
        let mut mask = [0u64; 4];
        heads.iter().for_each(|&head| mask[head as usize / 64] |= 1 << (head % 64));
        put_bits(out, &mask, 256);
        // Fewer than 256 heads are in three words, and so are fewer than n children.
        out.extend(ones_in_first(&mask)[..3].iter().map(|&ones| ones as u8));
        return;
    }
    out.extend(front.steps[..n].iter().map(|&step| step as u8));
    if front.has_long_steps(n) {
        out.extend(front.steps[..n].iter().map(|&step| (step >> 8) as u8));
    }
    if front.shares != 0 {
        put_bits(out, &[front.shares.into()], n);
    }
}

/// The shortest form of the lengths.
fn lengths_of(columns: &Columns<'_>) -> u8 {
    if columns.heap.is_empty() {
        return lengths::NONE;
    }
    let mut start = 0;
    let longest = columns.ends.iter().fold(0, |longest, &end| {
        let end = u16::from_le_bytes(end);
        let len = end - start;
        start = end;
        longest.max(len)
    });
    match (longest, columns.heap.len()) {
        (..16, _) => lengths::NIBBLES,
        (_, ..256) => lengths::ENDS_1,
        _ => lengths::ENDS_2,
    }
}

/// Appends the lengths of the rests.
fn put_lengths(out: &mut Vec<u8>, columns: &Columns<'_>, form: u8) {
    let ends = columns.ends;
    match form {
        lengths::NONE => {}
        lengths::NIBBLES => {
            let mut start = 0;
            let mut len = |end: [u8; 2]| {
                let before = std::mem::replace(&mut start, end[0]);
                end[0].wrapping_sub(before)
            };
            let (pairs, last) = ends.as_chunks::<2>();
            out.extend(pairs.iter().map(|&[a, b]| len(a) | len(b) << 4));
            out.extend(last.iter().map(|&end| len(end)));
            // There are more than 32 entries only with a mask.
            let blocks = ends.chunks_exact(32).take(sum_count(ends.len(), true));
            out.extend(blocks.flat_map(|block| block[31]));
        }
        lengths::ENDS_1 => out.extend(ends.iter().map(|end| end[0])),
        _ => out.extend_from_slice(ends.as_flattened()),
    }
}
