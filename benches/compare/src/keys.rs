//! The key sets, in several orders, with similar keys that are absent.

use std::collections::HashSet;
use std::path::Path;

use bytetrie::testing::keys::{self, Rng};

use crate::args::Args;
use crate::peer::Form;

const SEED: u64 = 0x5EED;

/// Keys in the order of their use, stored back to back, so that reading them costs little compared
/// with the operations.
#[derive(Default)]
pub(crate) struct KeyList {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl KeyList {
    fn new<'a>(keys: impl IntoIterator<Item = &'a [u8]>, form: Form) -> Self {
        let mut list = Self::default();
        for key in keys {
            list.bytes.extend_from_slice(key);
            if form == Form::Terminated {
                list.bytes.push(0);
            }
            list.ends.push(list.bytes.len());
        }
        list
    }

    /// Returns the number of keys.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Iterates over the keys in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let key = &self.bytes[start..end];
            start = end;
            key
        })
    }
}

/// The properties of a key set that decide which peers can hold it, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// The length of the keys, if all keys have one length.
    pub(crate) fixed_len: Option<usize>,
    /// True if no key is a prefix of another.
    pub(crate) prefix_free: bool,
    /// True if some key contains a zero byte.
    pub(crate) has_zero_bytes: bool,
}

/// A key set, in each form that a peer may need.
pub(crate) struct KeySet {
    /// The name in the tables.
    pub(crate) name: &'static str,
    /// The properties that decide which peers can hold it.
    pub(crate) shape: Shape,
    plain: Lists,
    /// The terminated keys, only if some key is a prefix of another.
    terminated: Option<Lists>,
}

/// A key set in each order in which it is used.
pub(crate) struct Lists {
    /// All keys, shuffled.
    pub(crate) insert: KeyList,
    /// All keys, shuffled differently.
    pub(crate) get: KeyList,
    /// An equal number of keys that are absent.
    pub(crate) missing: KeyList,
    /// All keys, in a third random order.
    pub(crate) remove: KeyList,
    /// The first hundredth of `remove`.
    pub(crate) one_percent: KeyList,
}

impl Lists {
    fn new(mut keys: Vec<Vec<u8>>, missing: &[Vec<u8>], form: Form) -> Self {
        let list = |keys: &[Vec<u8>]| KeyList::new(keys.iter().map(Vec::as_slice), form);
        shuffle(&mut keys, SEED);
        let insert = list(&keys);
        shuffle(&mut keys, SEED + 1);
        let get = list(&keys);
        shuffle(&mut keys, SEED + 2);
        let remove = list(&keys);
        let one_percent = list(&keys[..keys.len().div_ceil(100)]);
        Self { insert, get, missing: list(missing), remove, one_percent }
    }
}

impl KeySet {
    fn new(name: &'static str, mut keys: Vec<Vec<u8>>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        let first_len = keys.first().map_or(0, Vec::len);
        let shape = Shape {
            fixed_len: keys.iter().all(|key| key.len() == first_len).then_some(first_len),
            prefix_free: keys.windows(2).all(|pair| !pair[1].starts_with(&pair[0])),
            has_zero_bytes: keys.iter().any(|key| key.contains(&0)),
        };
        let mut missing = missing(&keys, &shape);
        shuffle(&mut missing, SEED + 4);
        let terminated = (!shape.prefix_free).then(|| Lists::new(keys.clone(), &missing, Form::Terminated));
        Self { name, shape, plain: Lists::new(keys, &missing, Form::Plain), terminated }
    }

    /// Returns the number of keys.
    pub(crate) fn len(&self) -> usize {
        self.plain.insert.len()
    }

    /// Returns the smallest length at which the keys have more than one prefix.
    pub(crate) fn fork_len(&self) -> usize {
        let mut keys = self.plain.insert.iter();
        let first = keys.next().unwrap_or_default();
        let shared = |key: &[u8]| key.iter().zip(first).take_while(|(x, y)| x == y).count();
        // A key that is a prefix of all others is shorter than that length.
        keys.map(|key| (shared(key), key.len().min(first.len())))
            .filter(|(shared, shorter)| shared < shorter)
            .map(|(shared, _)| shared + 1)
            .min()
            .unwrap_or(1)
    }

    /// Returns the mean length of a key.
    pub(crate) fn mean_len(&self) -> f64 {
        self.plain.insert.bytes.len() as f64 / self.len() as f64
    }

    /// Returns the lists in this form.
    pub(crate) fn lists(&self, form: Form) -> &Lists {
        match (form, &self.terminated) {
            (Form::Terminated, Some(lists)) => lists,
            _ => &self.plain,
        }
    }
}

/// Creates the selected key sets.
pub(crate) fn key_sets(args: &Args) -> impl Iterator<Item = KeySet> {
    type Make = fn(&Args) -> Vec<Vec<u8>>;
    let sets: [(&'static str, Make); 5] = [
        ("paths", |args| file_paths(&args.paths, args.scaled(400_000))),
        ("words", |args| keys::words(args.scaled(170_000), SEED)),
        ("random u64", |args| keys::random_u64(args.scaled(1_000_000), SEED)),
        ("consecutive u64", |args| keys::consecutive_u64(args.scaled(1_000_000))),
        ("random 3-20 bytes", |args| keys::random_bytes(args.scaled(500_000), 3..=20, SEED)),
    ];
    sets.into_iter()
        .filter(|(name, _)| args.wants_set(name))
        .map(|(name, make)| KeySet::new(name, make(args)))
}

/// Returns at most `limit` paths at and below `root`, in any order.
fn file_paths(root: &Path, limit: usize) -> Vec<Vec<u8>> {
    let entries = walkdir::WalkDir::new(root).into_iter().filter_map(Result::ok);
    entries.take(limit).map(|entry| entry.into_path().into_os_string().into_encoded_bytes()).collect()
}

fn shuffle(keys: &mut [Vec<u8>], seed: u64) {
    Rng::new(seed).shuffle(keys);
}

/// Returns for each key a similar key that is absent. Half of these differ from the set in the
/// first half of the key, the others near its end.
fn missing(keys: &[Vec<u8>], shape: &Shape) -> Vec<Vec<u8>> {
    let present: HashSet<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    let mut rng = Rng::new(SEED + 3);
    let absent = |key: &[u8]| !present.contains(key);
    let make = |(i, key): (usize, &Vec<u8>)| {
        let early = (i % 2 == 0)
            .then(|| change_in(key, 0..key.len().div_ceil(2), &mut rng))
            .filter(|key| absent(key));
        // If the set is dense, changing the last byte gives a key of the set. Then the byte before
        // is changed, and so on.
        let changed = || (0..key.len()).rev().map(|at| change_at(key, at)).find(|key| absent(key));
        let late = || match (shape.fixed_len, i % 8) {
            (None, 1) => Some([key, &b"x"[..]].concat()).filter(|key| absent(key)),
            (None, 3) => Some(key[..key.len() - 1].to_vec()).filter(|key| absent(key)),
            _ => None,
        };
        early.or_else(late).or_else(changed)
    };
    keys.iter().enumerate().filter_map(make).collect()
}

fn change_in(key: &[u8], range: std::ops::Range<usize>, rng: &mut Rng) -> Vec<u8> {
    let mut key = key.to_vec();
    let at = range.start + rng.below(range.len());
    // The byte never becomes zero, which some peers need as a terminator.
    key[at] = (key[at] ^ (1 + rng.below(127)) as u8).max(1);
    key
}

fn change_at(key: &[u8], at: usize) -> Vec<u8> {
    let mut key = key.to_vec();
    key[at] = key[at].wrapping_add(1).max(1);
    key
}
