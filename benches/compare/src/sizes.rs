//! The sizes of files with the same keys and values, in the formats of several crates.

use bytetrie::PathMap;
use bytetrie::file::WriterOptions;
use bytetrie::testing::keys::{self, Rng};
use pathmap::arena_compact::ArenaCompactTree;

use crate::args::Args;

/// The bytes a key of each key set in one format. `None` if the format cannot hold the values.
pub(crate) struct SizesOf {
    /// The title of the format.
    pub(crate) title: &'static str,
    /// The figures of the key sets, in their order.
    pub(crate) bytes: Vec<Option<f64>>,
}

/// The sizes of all formats for one kind of values.
pub(crate) struct Sizes {
    /// What the values are.
    pub(crate) values: &'static str,
    /// The names of the key sets.
    pub(crate) sets: Vec<&'static str>,
    /// One row for each format.
    pub(crate) formats: Vec<SizesOf>,
}

/// A format: its title, and what returns the size of a file.
type Format = (&'static str, fn(&[(&[u8], Value)]) -> Option<usize>);

/// A value, or nothing, for sets of keys.
type Value = Option<u64>;

/// A kind of values: what they are, and what returns the value of a key by the key's number.
type Kind = (&'static str, fn(u64) -> Value);

const FORMATS: [Format; 9] = [
    ("bytetrie, saved", |entries| Some(with_map(entries, Task::Save))),
    ("bytetrie, deduplicated", |entries| Some(with_map(entries, Task::MerkleizeAndSave))),
    ("bytetrie, Writer that remembers 10,000 nodes", |entries| Some(with_map(entries, Task::Write))),
    ("fst", fst),
    ("pathmap, ACT", |entries| Some(act(entries, false))),
    ("pathmap, ACT, cached", |entries| Some(act(entries, true))),
    ("pathmap, .paths (zlib, without values)", paths),
    ("blocks of 16 keys, front-coded", |entries| Some(blocks(entries))),
    ("the keys, and 8 bytes a value", |entries| {
        Some(entries.iter().map(|(key, value)| key.len() + 8 * usize::from(value.is_some())).sum())
    }),
];

/// What to do with a map.
#[derive(Clone, Copy)]
enum Task {
    Save,
    MerkleizeAndSave,
    Write,
}

fn with_map(entries: &[(&[u8], Value)], task: Task) -> usize {
    match entries[0].1 {
        None => size(entries.iter().map(|(key, _)| (*key, ())), task),
        Some(_) => size(entries.iter().map(|(key, value)| (*key, value.expect("all or none"))), task),
    }
}

fn size<'k, V>(entries: impl Iterator<Item = (&'k [u8], V)>, task: Task) -> usize
where
    V: bytetrie::file::Stored + Clone + Send + Sync + std::hash::Hash + Eq,
{
    if let Task::Write = task {
        let options = WriterOptions::new().registry(10_000);
        let mut writer = options.write_to(Vec::new()).expect("the machine is little-endian");
        for (key, value) in entries {
            writer.push(key, value).expect("the keys are sorted");
        }
        return writer.finish().expect("memory can be written").write.len();
    }
    let mut map = PathMap::from_sorted_iter(entries);
    if let Task::MerkleizeAndSave = task {
        map.merkleize();
    }
    let mut bytes = Vec::new();
    map.save(&mut bytes).expect("memory can be written");
    bytes.len()
}

fn fst(entries: &[(&[u8], Value)]) -> Option<usize> {
    let mut builder = fst::raw::Builder::memory();
    for (key, value) in entries {
        builder.insert(key, value.unwrap_or(0)).expect("the keys are sorted");
    }
    Some(builder.into_inner().expect("memory can be written").len())
}

fn act(entries: &[(&[u8], Value)], cached: bool) -> usize {
    let mut map = pathmap::PathMap::<u64>::new();
    for (key, value) in entries {
        map.set_val_at(key, value.unwrap_or(0));
    }
    let tree = match cached {
        false => ArenaCompactTree::from_zipper(map.read_zipper(), |value| *value),
        true => ArenaCompactTree::from_zipper_cached(map.read_zipper(), |value| *value),
    };
    tree.get_data().len()
}

fn paths(entries: &[(&[u8], Value)]) -> Option<usize> {
    let map: pathmap::PathMap<()> = entries.iter().map(|(key, _)| (key, ())).collect();
    let mut bytes = Vec::new();
    pathmap::paths_serialization::serialize_paths(map.read_zipper(), &mut bytes)
        .expect("memory can be written");
    Some(bytes.len())
}

/// The size of a table of sorted keys as databases have them: in blocks of 16 keys, each key with
/// the length that it shares with the one before; numbers in groups of 7 bits; and an index with
/// the first key of each block and four bytes for its place.
fn blocks(entries: &[(&[u8], Value)]) -> usize {
    let number = |n: u64| (64 - (n | 1).leading_zeros() as usize).div_ceil(7);
    let block = |block: &[(&[u8], Value)]| {
        let (mut last, mut size): (&[u8], _) = (&[], block[0].0.len() + 4);
        for &(key, value) in block {
            let shared = key.iter().zip(last).take_while(|(a, b)| a == b).count();
            let rest = key.len() - shared;
            size += number(shared as u64) + number(rest as u64) + rest + value.map_or(0, number);
            last = key;
        }
        size
    };
    entries.chunks(16).map(block).sum()
}

/// Measures the sizes of all formats for each kind of values.
pub(crate) fn measure(args: &Args) -> Vec<Sizes> {
    let n = args.scaled(1_000_000);
    let mut sets = vec![
        ("words", keys::words(n, 1)),
        ("random u64", keys::random_u64(n, 2)),
        ("consecutive u64", keys::consecutive_u64(n)),
        ("file paths", keys::file_paths(n / 4, 3)),
    ];
    sets.retain(|(name, _)| args.wants_set(name));
    for (_, keys) in &mut sets {
        keys.sort_unstable();
        keys.dedup();
    }
    let kinds: [Kind; 4] = [
        ("no values", |_| None),
        ("the numbers of the keys", Some),
        ("ten different values", |i| Some(Rng::new(i).next_u64() % 10)),
        ("random values", |i| Some(Rng::new(i).next_u64())),
    ];
    let sizes = |(values, value): Kind| {
        let mut formats = FORMATS.map(|(title, _)| SizesOf { title, bytes: Vec::new() });
        for (_, keys) in &sets {
            let entries: Vec<(&[u8], Value)> =
                (0..).zip(keys).map(|(i, key)| (key.as_slice(), value(i))).collect();
            for (sized, (_, size)) in formats.iter_mut().zip(FORMATS) {
                sized.bytes.push(size(&entries).map(|size| size as f64 / keys.len() as f64));
            }
        }
        Sizes { values, sets: sets.iter().map(|(name, _)| *name).collect(), formats: formats.into() }
    };
    kinds.map(sizes).into()
}
