//! Whole files of all forms of values, with one or many commits.

use std::io::Read;
use std::time::SystemTime;

use super::repair::{file_part, repair};
use super::values::Known;
use crate::file::{FileError, NewCommit, Store, Tail, Writer, open_in_memory};
use crate::testing::keys::Rng;
use crate::trie::PathMap;
use crate::zipper::{ZipperInfallibleSubtries, ZipperWriting};

/// A path of one of a few shapes.
fn path(rng: &mut Rng, shape: usize) -> Vec<u8> {
    match shape {
        // Words, which share beginnings.
        0 | 1 => (0..rng.below(8)).map(|_| b"aber"[rng.below(4)]).collect(),
        // Wide nodes, whose heads are a mask.
        2 => {
            let some = rng.below(2);
            [vec![rng.next_u64() as u8], vec![b'x'; some]].concat()
        }
        // Long rests.
        3 => [vec![b"ab"[rng.below(2)]; 1 + rng.below(300)], vec![rng.next_u64() as u8]].concat(),
        _ => {
            let some = rng.below(5);
            rng.bytes(some)
        }
    }
}

/// Changes a map a little, or fills an empty one.
fn change<V: Known>(map: &mut PathMap<V>, edits: usize, rng: &mut Rng) {
    let shape = rng.below(5);
    for _ in 0..edits {
        let path = path(rng, shape);
        match rng.below(12) {
            0 => drop(map.create_path(&path)),
            1 => drop(map.remove_val_at(&path, false)),
            2 if map.val_count() < 100 => {
                let below = map.read_zipper().make_map();
                map.write_zipper_at_path(&path).graft_map(below);
            }
            _ => drop(map.insert(&path, V::random(rng))),
        }
    }
}

/// The number of edits of a map: usually few, sometimes enough for wide nodes.
fn size(rng: &mut Rng) -> usize {
    if rng.one_in(4) { rng.below(120) } else { rng.below(16) }
}

/// A store with a few commits.
fn store<V: Known>(rng: &mut Rng) -> Result<Vec<u8>, FileError> {
    let mut store: Store<V> = open_in_memory(Vec::new())?;
    let mut map = PathMap::new();
    for number in 0..1 + rng.below(4) {
        let edits = if number == 0 { size(rng) } else { rng.below(4) };
        change(&mut map, edits, rng);
        let label = "label".repeat(rng.below(3));
        let what = NewCommit::new().label(label).time(SystemTime::UNIX_EPOCH);
        store.commit_with(&map, what)?;
    }
    Ok(file_part(&bytes_of(store.tail_since(None)?)?))
}

/// All bytes of a tail.
pub(super) fn bytes_of(mut tail: Tail<'_>) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    tail.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Gives a file an id that depends on nothing but `rng`.
fn with_id(mut bytes: Vec<u8>, rng: &mut Rng) -> Vec<u8> {
    bytes[24..32].copy_from_slice(&(rng.next_u64() | 1).to_le_bytes());
    bytes[32..40].copy_from_slice(&rng.next_u64().to_le_bytes());
    repair(&mut bytes);
    bytes
}

/// A file as it is written: by `save`, by a [`Writer`], or by a store.
pub(super) fn file_of<V: Known>(rng: &mut Rng) -> Result<Vec<u8>, FileError> {
    let kind = rng.below(4);
    if kind == 0 {
        return Ok(with_id(store::<V>(rng)?, rng));
    }
    let mut map = PathMap::<V>::new();
    let edits = size(rng);
    change(&mut map, edits, rng);
    let mut bytes = Vec::new();
    if kind == 1 {
        let mut writer = Writer::new(&mut bytes)?;
        map.iter().try_for_each(|(path, value)| writer.push(path, value.clone()))?;
        writer.finish()?;
    } else {
        map.save(&mut bytes)?;
    }
    Ok(bytes)
}

/// The bytes of a store, and of a tail that continues it.
pub(super) type BaseAndTail = Result<(Vec<u8>, Vec<u8>), FileError>;

/// A store, and a tail that continues it.
pub(super) fn tail_of<V: Known>(rng: &mut Rng) -> BaseAndTail {
    let bytes = with_id(store::<V>(rng)?, rng);
    let whole: Store<V> = open_in_memory(bytes.clone())?;
    let mut commits = whole.commits().collect::<Result<Vec<_>, _>>()?;
    commits.reverse();
    let base = commits[rng.below(commits.len())].id();
    let tail = bytes_of(whole.tail_since(Some(base))?)?;
    let base_len = bytes.len() - file_part(&tail).len();
    if rng.one_in(8) {
        // The whole file, for a store without commits.
        let empty = bytes[..super::repair::header_len(&bytes).unwrap_or(0)].to_vec();
        return Ok((empty, bytes_of(whole.tail_since(None)?)?));
    }
    Ok((bytes[..base_len].to_vec(), tail))
}
