//! Random damage.

use super::repair::{FRONT_OF_TAIL, commits, file_part, header_len, repair, tail_with};
use crate::testing::keys::Rng;

/// A number that is likely to break a rule: small, large, a power of two, or any.
fn number(rng: &mut Rng) -> u64 {
    match rng.below(6) {
        0 => rng.below(4) as u64,
        1 => u64::MAX - rng.below(4) as u64,
        2 => 1 << rng.below(64),
        3 => (1u64 << rng.below(64)).wrapping_sub(1),
        4 => rng.below(300) as u64,
        _ => rng.next_u64(),
    }
}

/// A range of at most `longest` of `len` bytes; `len` is not 0.
fn range(rng: &mut Rng, len: usize, longest: usize) -> std::ops::Range<usize> {
    let start = rng.below(len);
    let end = start + 1 + rng.skewed_below(longest.min(len - start));
    start..end
}

/// Damages bytes at one place.
pub fn damage(bytes: &mut Vec<u8>, rng: &mut Rng) {
    if bytes.is_empty() {
        return bytes.extend(rng.next_u64().to_le_bytes());
    }
    let len = bytes.len();
    match rng.below(10) {
        0 => bytes[rng.below(len)] = rng.next_u64() as u8,
        1 | 2 => bytes[rng.below(len)] ^= 1 << rng.below(8),
        3 => {
            let at = rng.below(len);
            bytes[at] = bytes[at].wrapping_add([1, 2, 8, 0xff, 0xfe][rng.below(5)]);
        }
        4 => {
            let at = rng.below(len);
            let new = number(rng).to_le_bytes();
            let end = len.min(at + 1 + rng.below(8));
            bytes[at..end].copy_from_slice(&new[..end - at]);
        }
        5 => drop(bytes.drain(range(rng, len, 64))),
        6 => {
            let copied = bytes[range(rng, len, 256)].to_vec();
            let at = rng.below(len + 1);
            bytes.splice(at..at, copied);
        }
        7 => {
            // Another place gets the bytes of a range, as after a write to a wrong block.
            let from = range(rng, len, 256);
            let to = rng.below(len - from.len() + 1);
            bytes.copy_within(from, to);
        }
        8 => {
            let at = rng.below(len + 1);
            let some = rng.below(16);
            let new = rng.bytes(some);
            bytes.splice(at..at, new);
        }
        _ => {
            let (one, other) = (rng.below(len), rng.below(len));
            bytes.swap(one, other);
        }
    }
}

/// Damages one number of a commit's record.
fn damage_commit(record: &mut [u8], rng: &mut Rng) {
    // Where the previous commit, the root, the numbers of values, locations and nodes, the hash,
    // the flags and the length of the label are.
    const PLACES: [(usize, usize); 9] =
        [(16, 8), (24, 8), (24, 8), (32, 8), (40, 8), (48, 8), (56, 8), (88, 4), (92, 4)];
    let (at, len) = PLACES[rng.below(PLACES.len())];
    let old = record[at..at + len].iter().rev().fold(0u64, |all, &byte| all << 8 | u64::from(byte));
    let new = match rng.below(4) {
        0 => number(rng),
        1 => old.wrapping_add(1),
        2 => old.wrapping_sub(1),
        _ => old.wrapping_add(rng.below(512) as u64).wrapping_sub(256),
    };
    record[at..at + len].copy_from_slice(&new.to_le_bytes()[..len]);
}

/// Damages records and commits of the bytes behind `from`, at one place or a few.
///
/// What commits tell is changed separately from what is between them, so that most damaged files
/// still have commits.
pub fn damage_records(bytes: &mut Vec<u8>, from: usize, rng: &mut Rng) {
    for _ in 0..1 + rng.skewed_below(6) {
        let commits = commits(bytes, from);
        if commits.is_empty() {
            return damage(bytes, rng);
        }
        let number = rng.below(commits.len());
        let commit = commits[number].clone();
        if rng.one_in(5) {
            damage_commit(&mut bytes[commit], rng);
            continue;
        }
        let start = if number == 0 { from } else { commits[number - 1].end };
        let mut records = bytes[start..commit.start].to_vec();
        damage(&mut records, rng);
        if rng.one_in(2) {
            // A damaged length: the records begin where they did, and so does what follows.
            records.resize(commit.start - start, 0x80);
        } else {
            records.resize(records.len().next_multiple_of(8), 0x80);
        }
        let (old, new) = (commit.start - start, records.len());
        bytes.splice(start..commit.start, records);
        // The previous commit is as far away as it was, plus what the records have grown by.
        let previous = start + new + 16;
        let distance: [u8; 8] = bytes[previous..previous + 8].try_into().expect("eight bytes");
        let distance = u64::from_le_bytes(distance);
        if distance != 0 {
            let distance = distance.wrapping_add(new as u64).wrapping_sub(old as u64);
            bytes[previous..previous + 8].copy_from_slice(&distance.to_le_bytes());
        }
    }
}

/// Damages a tail for a store whose file is `base`.
pub fn damage_tail(tail: &mut Vec<u8>, base: &[u8], rng: &mut Rng) {
    if rng.one_in(8) || tail.len() <= FRONT_OF_TAIL || base.len() < 40 {
        return damage(tail, rng);
    }
    let mut bytes = file_part(tail);
    let header = if tail[8..40] == [0; 32] { header_len(&bytes).unwrap_or(0) } else { 0 };
    damage_records(&mut bytes, header, rng);
    *tail = tail_with(&tail[..FRONT_OF_TAIL], bytes, base);
}

/// Damages a file in one of many ways. In most results the checksums are right.
pub fn damage_file(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let Some(header) = header_len(bytes) else { return damage(bytes, rng) };
    match rng.below(20) {
        0 => bytes.truncate(rng.below(bytes.len() + 1)),
        1 => damage(bytes, rng),
        2 => {
            let mut front = bytes[..header].to_vec();
            damage(&mut front, rng);
            front.resize(header, 0);
            bytes[..header].copy_from_slice(&front);
            repair(bytes);
        }
        3 => {
            for _ in 0..4 {
                damage(bytes, rng);
            }
            repair(bytes);
        }
        _ => {
            damage_records(bytes, header, rng);
            repair(bytes);
        }
    }
}
