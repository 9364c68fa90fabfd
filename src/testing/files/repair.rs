//! Right checksums for damaged bytes.

use std::ops::Range;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The first bytes of a commit's record.
const COMMIT: [u8; 8] = *b"\x82Commit\n";

/// The bytes before the last checksum of a commit's record.
const TRAILER: [u8; 4] = [0xed, b'C', b'\n', 0x1a];

/// The length of what comes before the header or the first commit in a tail.
pub const FRONT_OF_TAIL: usize = 64;

/// Writes a number into the first bytes of a part.
fn put(bytes: &mut [u8], at: usize, number: u64, len: usize) {
    bytes[at..at + len].copy_from_slice(&number.to_le_bytes()[..len]);
}

/// The number in at most eight bytes at an offset.
fn number(bytes: &[u8], at: usize, len: usize) -> u64 {
    bytes[at..at + len].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The length of the header that bytes begin with.
pub(super) fn header_len(bytes: &[u8]) -> Option<usize> {
    let len = number(bytes.get(..24)?, 20, 4) as usize;
    ((48..=304).contains(&len) && len.is_multiple_of(16) && len <= bytes.len()).then_some(len)
}

/// The records of the commits behind `from`, found by the bytes that they begin with.
pub(super) fn commits(bytes: &[u8], from: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = from;
    while let Some(front) = bytes.get(at..at + 96) {
        let len = 112 + (number(front, 92, 4) as usize).next_multiple_of(8);
        if front[..8] == COMMIT && len < 1 << 16 && at + len <= bytes.len() {
            found.push(at..at + len);
            at += len;
        } else {
            at += 1;
        }
    }
    found
}

/// Repairs the commits of bytes that begin at an offset of a file with this id. Behind `from` the
/// first record begins.
fn repair_commits(bytes: &mut [u8], from: usize, offset: u64, id: [u64; 2]) {
    let mut end = from;
    for commit in commits(bytes, from) {
        let checksum = xxh3_64(&bytes[end..commit.start]);
        let record = &mut bytes[commit.clone()];
        put(record, 8, offset + commit.start as u64, 8);
        put(record, 80, checksum, 8);
        let len = record.len();
        put(record, len - 16, len as u64, 4);
        record[len - 12..len - 8].copy_from_slice(&TRAILER);
        let checksum = xxh3_64_with_seed(&record[..len - 8], id[0] ^ id[1]);
        put(record, len - 8, checksum, 8);
        end = commit.end;
    }
}

/// Gives the header and all commits of a damaged file the checksums, offsets and lengths that
/// belong to their bytes. So a reader finds only the damage that checksums do not show.
///
/// Bytes that do not begin with a header stay as they are.
pub fn repair(bytes: &mut [u8]) {
    let Some(header) = header_len(bytes) else { return };
    let checksum = xxh3_64(&bytes[..header - 8]);
    put(bytes, header - 8, checksum, 8);
    let id = [number(bytes, 24, 8), number(bytes, 32, 8)];
    repair_commits(bytes, header, 0, id);
}

/// The bytes of the file in a tail that is whole, without what is between them.
pub(super) fn file_part(tail: &[u8]) -> Vec<u8> {
    let mut at = FRONT_OF_TAIL + number(tail, 48, 8) as usize;
    let mut bytes = tail[FRONT_OF_TAIL..at].to_vec();
    while at < tail.len() {
        let len = (number(tail, at, 8) + number(tail, at + 8, 8)) as usize;
        bytes.extend_from_slice(&tail[at + 16..at + 16 + len]);
        at += 16 + len;
    }
    bytes
}

/// Makes a tail of damaged bytes of a file, for a copy whose file is `base`. They get right
/// checksums, as by [`repair`], and `front` those of a tail. If the front is that of a whole file,
/// so are the bytes.
pub fn tail_with(front: &[u8], mut bytes: Vec<u8>, base: &[u8]) -> Vec<u8> {
    let mut tail = front.to_vec();
    let header = if front[8..40] == [0; 32] {
        repair(&mut bytes);
        header_len(&bytes).unwrap_or(0)
    } else {
        let id = [number(base, 24, 8), number(base, 32, 8)];
        repair_commits(&mut bytes, 0, base.len() as u64, id);
        0
    };
    let commits = commits(&bytes, header);
    put(&mut tail, 40, commits.len() as u64, 8);
    put(&mut tail, 48, header as u64, 8);
    let checksum = xxh3_64(&tail[..FRONT_OF_TAIL - 8]);
    put(&mut tail, FRONT_OF_TAIL - 8, checksum, 8);
    tail.extend_from_slice(&bytes[..header]);
    let mut at = header;
    for commit in commits {
        tail.extend_from_slice(&(commit.start as u64 - at as u64).to_le_bytes());
        tail.extend_from_slice(&(commit.len() as u64).to_le_bytes());
        tail.extend_from_slice(&bytes[at..commit.end]);
        at = commit.end;
    }
    tail
}
