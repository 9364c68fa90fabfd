//! Commit records: the states of a map that a file holds.
//!
//! ```text
//! offset  bytes
//! 0       8      82 43 6F 6D 6D 69 74 0A ("\x82Commit\n")
//! 8       8      offset of this record in the file, a multiple of 8
//! 16      8      distance of the previous commit's record; 0 if there is none
//! 24      8      distance of the root's record; 0 if the map is empty
//! 32      8      number of values in the map, at most 2⁶⁴ − 1
//! 40      8      number of locations in the map, with the root, at most 2⁶⁴ − 1
//! 48      8      number of node records since the previous commit
//! 56      16     hash of the content
//! 72      8      time in microseconds since 1970; 0 if it is not recorded
//! 80      8      checksum of all bytes since the previous commit's end, or the header's
//! 88      4      flags; bit 0: the hash is known; bit 1: all bytes before those of this commit were
//!                durable when they were written. All others are 0
//! 92      4      length of the label
//! 96      …      label, UTF-8, then zeros up to a multiple of 8
//! end-16  4      length of this record
//! end-12  4      ED 43 0A 1A
//! end-8   8      checksum of this record up to here, seeded with the file's id
//! ```
//! The record is found from either end: from its beginning when a file is read front to back, and
//! from its last bytes when a file is opened. A record that was copied to another place, or from a
//! file with another id, does not verify.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::layout::{COMMIT, FILLER, Unread, number};
use crate::file::counts::Counts;
use crate::file::error::Damage;

/// The first bytes of a commit record.
const MAGIC: [u8; 8] = [COMMIT, b'C', b'o', b'm', b'm', b'i', b't', b'\n'];

/// The bytes before the last checksum.
const TRAILER: [u8; 4] = [0xed, b'C', b'\n', 0x1a];

/// The length of the parts before and after the label.
const FRONT: usize = 96;
const BACK: usize = 16;

/// The flag of a known hash.
const HASH_KNOWN: u64 = 1;

/// The flag of a commit that follows bytes which were durable.
const IS_ANCHORED: u64 = 2;

/// The longest label.
const LONGEST_LABEL: usize = 1 << 16;

/// The length of a commit's record.
const fn len_with(label_len: usize) -> usize {
    (FRONT + label_len).next_multiple_of(8) + BACK
}

/// One state of the map that a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Commit {
    /// The offset of the commit's record in the file.
    pub(crate) offset: u64,
    /// The length of the commit's record.
    pub(crate) len: usize,
    /// The offset of the previous commit's record.
    pub(crate) previous: Option<u64>,
    /// The offset of the root's record; `None` if the map is empty.
    pub(crate) root: Option<u64>,
    /// The numbers of values and locations in the map.
    pub(crate) counts: Counts,
    /// The number of node records since the previous commit.
    pub(crate) nodes: u64,
    /// The hash of the content, if it was computed.
    pub(crate) hash: Option<u128>,
    /// Microseconds since 1970; 0 if the time is not recorded.
    pub(crate) time: u64,
    /// The checksum (XXH3, 64 bits) of all bytes since the end of the previous commit, or since
    /// the end of the header.
    pub(crate) checksum: u64,
    /// Whether all bytes before those of this commit were durable when these were written. So
    /// whoever recovers a file need not verify them.
    pub(crate) is_anchored: bool,
    /// The label that the user chose, at most 65,535 bytes.
    pub(crate) label: String,
}

/// The seed of a file's checksums.
fn seed(id: u128) -> u64 {
    id as u64 ^ (id >> 64) as u64
}

impl Commit {
    /// The offset in a commit's record of the four bytes that tell the length of the label.
    pub(crate) const LABEL_LEN: u64 = FRONT as u64 - 4;

    /// The length of the longest record of a commit.
    pub(crate) const LONGEST: u64 = len_with(LONGEST_LABEL - 1) as u64;

    /// The length of the record of a commit whose label has a length.
    pub(crate) fn len_with_label(label_len: u32) -> u64 {
        len_with(label_len as usize) as u64
    }

    /// The number of fillers that are needed before a commit record at `offset`.
    pub(crate) fn fillers(offset: u64) -> usize {
        (offset.wrapping_neg() % 8) as usize
    }

    /// Appends fillers up to a multiple of 8. `base` is the offset in the file of the first byte
    /// of `out`.
    pub(crate) fn align(out: &mut Vec<u8>, base: u64) {
        let fillers = Self::fillers(base + out.len() as u64);
        out.resize(out.len() + fillers, FILLER);
    }

    /// Appends the record of a commit at `self.offset`, and notes its length.
    ///
    /// # Panics
    /// Panics if the offset is no multiple of 8, a reference leads forwards, or the label is too
    /// long.
    pub(crate) fn encode(&mut self, id: u128, out: &mut Vec<u8>) {
        assert!(self.offset.is_multiple_of(8), "a commit's offset is a multiple of 8");
        assert!(self.label.len() < LONGEST_LABEL, "a label has at most 65,535 bytes");
        let start = out.len();
        self.len = len_with(self.label.len());
        let distance = |to: Option<u64>| {
            to.map_or(0, |to| self.offset.checked_sub(to).expect("a reference leads backwards"))
        };
        out.extend_from_slice(&MAGIC);
        let references = [self.offset, distance(self.previous), distance(self.root)];
        let counts = [self.counts.values, self.counts.locations, self.nodes];
        references.iter().chain(&counts).for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        out.extend_from_slice(&self.hash.unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&self.time.to_le_bytes());
        out.extend_from_slice(&self.checksum.to_le_bytes());
        let flags = if self.hash.is_some() { HASH_KNOWN } else { 0 };
        let flags = flags | if self.is_anchored { IS_ANCHORED } else { 0 };
        out.extend_from_slice(&(flags as u32).to_le_bytes());
        out.extend_from_slice(&(self.label.len() as u32).to_le_bytes());
        out.extend_from_slice(self.label.as_bytes());
        out.resize(start + self.len - BACK, 0);
        out.extend_from_slice(&(self.len as u32).to_le_bytes());
        out.extend_from_slice(&TRAILER);
        let checksum = xxh3_64_with_seed(&out[start..], seed(id));
        out.extend_from_slice(&checksum.to_le_bytes());
    }

    /// Decodes the commit whose record begins with `bytes`, which may go on behind it. `offset` is
    /// the place of `bytes` in a file with this id.
    ///
    /// The checksum of the record is verified, but not that of the bytes before it.
    ///
    /// # Errors
    /// Fails if the bytes are not those of a commit's record, or end before it does.
    pub(crate) fn decode(bytes: &[u8], offset: u64, id: u128) -> Result<Self, Unread> {
        let damage = |at: u64, expected| Damage::new(offset + at, expected);
        let front = bytes.get(..FRONT).ok_or(Unread::Short(FRONT))?;
        let word = |at: usize| number(&front[at..at + 8]);
        if front[..8] != MAGIC {
            return Err(damage(0, "a commit").found(front[0]).into());
        }
        if word(8) != offset || !offset.is_multiple_of(8) {
            return Err(damage(8, "the offset of the commit").found(word(8)).into());
        }
        let label_len = number(&front[92..]) as usize;
        if label_len >= LONGEST_LABEL {
            return Err(damage(92, "a label of at most 65,535 bytes").found(label_len as u64).into());
        }
        let len = len_with(label_len);
        let whole = bytes.get(..len).ok_or(Unread::Short(len))?;
        let (body, checksum) = whole.split_last_chunk::<8>().expect("a trailer");
        let trailer = &body[len - BACK..];
        if number(&trailer[..4]) != len as u64 || trailer[4..] != TRAILER {
            return Err(damage((len - BACK) as u64, "the trailer of a commit").into());
        }
        // Before the checksum, so that bytes in which many records overlap are refused at once:
        // what ends a record is no UTF-8.
        let label = str::from_utf8(&whole[FRONT..FRONT + label_len]);
        let label = label.map_err(|_| damage(FRONT as u64, "a label in UTF-8"))?.to_owned();
        if xxh3_64_with_seed(body, seed(id)) != u64::from_le_bytes(*checksum) {
            return Err(damage(len as u64 - 8, "the checksum of the commit").into());
        }
        let flags = number(&front[88..92]);
        if flags & !(HASH_KNOWN | IS_ANCHORED) != 0 {
            return Err(damage(88, "flags that are known").found(flags).into());
        }
        let before = |at: usize| match word(at) {
            0 => Ok(None),
            distance => match offset.checked_sub(distance) {
                Some(to) => Ok(Some(to)),
                None => Err(damage(at as u64, "a distance to a record before").found(distance)),
            },
        };
        let hash = u128::from_le_bytes(front[56..72].try_into().expect("sixteen bytes"));
        Ok(Self {
            offset,
            len,
            previous: before(16)?,
            root: before(24)?,
            counts: Counts { values: word(32), locations: word(40) },
            nodes: word(48),
            hash: (flags & HASH_KNOWN != 0).then_some(hash),
            time: word(72),
            checksum: word(80),
            is_anchored: flags & IS_ANCHORED != 0,
            label,
        })
    }

    /// The commit whose record ends where `bytes` do, which are a file with this id from its first
    /// byte on; `None` if no record does.
    ///
    /// # Complexity
    /// O(label).
    #[cfg_attr(not(test), expect(dead_code, reason = "the readers in place are built on it"))]
    pub(crate) fn at_end(bytes: &[u8], id: u128) -> Option<Self> {
        Self::at_end_of(bytes, 0, id)
    }

    /// Like [`at_end`](Self::at_end), for a part of a file that begins at offset `base`.
    fn at_end_of(bytes: &[u8], base: u64, id: u128) -> Option<Self> {
        let trailer: &[u8; BACK] = bytes.last_chunk()?;
        if trailer[4..8] != TRAILER {
            return None;
        }
        let start = bytes.len().checked_sub(number(&trailer[..4]) as usize)?;
        let record = &bytes[start..];
        // Of many false trailers only one can fit a label, so few records are hashed.
        let fits =
            record.len() >= FRONT && record.len() == len_with(number(&record[FRONT - 4..FRONT]) as usize);
        if fits { Self::decode(record, base + start as u64, id).ok() } else { None }
    }

    /// The last commit of a file with this id whose record is whole; `None` if no record is.
    ///
    /// A crash may leave anything behind the last commit. The bytes before the commit are not
    /// verified.
    ///
    /// # Complexity
    /// O(bytes behind the commit).
    pub(crate) fn last(bytes: &[u8], id: u128) -> Option<Self> {
        Self::last_within(bytes, 0, id)
    }

    /// Like [`last`](Self::last), for a part of a file that begins at offset `base`, a multiple
    /// of 8.
    pub(crate) fn last_within(bytes: &[u8], base: u64, id: u128) -> Option<Self> {
        (0..=bytes.len() / 8).rev().find_map(|words| Self::at_end_of(&bytes[..8 * words], base, id))
    }
}
