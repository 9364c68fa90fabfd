//! Keys for tests and benches: words, integers, noise, file paths, and shapes that go deep.
//!
//! Each function returns the same keys for the same arguments, on every platform and in every run.
//! Keys are distinct and in random order, unless the function says otherwise. Sort them to get
//! path order.

use std::collections::HashSet;
use std::ops::RangeInclusive;

/// A small generator of random numbers (splitmix64): fast, seeded by any number, and not for
/// secrets.
///
/// It returns each of the 2⁶⁴ numbers once before it repeats one.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// Makes a generator. Equal seeds give equal numbers.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, each as likely as another to within `n` / 2⁶⁴.
    ///
    /// # Panics
    /// Panics if `n` is 0.
    pub const fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "no number is below 0");
        ((self.next_u64() as u128 * n as u128) >> 64) as usize
    }

    /// A number below `n`. Low numbers are far likelier than high ones, like the ranks of words in
    /// a text.
    ///
    /// # Panics
    /// Panics if `n` is 0.
    pub const fn skewed_below(&mut self, n: usize) -> usize {
        let limit = self.below(n) + 1;
        self.below(limit)
    }

    /// True once in `n` times.
    ///
    /// # Panics
    /// Panics if `n` is 0.
    pub const fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// `len` random bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(len);
        while bytes.len() < len {
            let word = self.next_u64().to_le_bytes();
            let wanted = (len - bytes.len()).min(word.len());
            bytes.extend_from_slice(&word[..wanted]);
        }
        bytes
    }

    /// Shuffles `items` uniformly.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for unplaced in (2..=items.len()).rev() {
            let chosen = self.below(unplaced);
            items.swap(chosen, unplaced - 1);
        }
    }

    /// One of `parts`, the first far likelier than the last.
    const fn skewed_part<'a>(&mut self, parts: &[&'a str]) -> &'a str {
        parts[self.skewed_below(parts.len())]
    }
}

/// The first `n` distinct keys of `source`, shuffled.
fn distinct(n: usize, rng: &mut Rng, mut source: impl FnMut(&mut Rng) -> Vec<u8>) -> Vec<Vec<u8>> {
    let mut keys = Vec::with_capacity(n);
    let mut seen = HashSet::with_capacity(n);
    while keys.len() < n {
        let key = source(rng);
        if !seen.contains(&key) {
            seen.insert(key.clone());
            keys.push(key);
        }
    }
    rng.shuffle(&mut keys);
    keys
}

// Parts of words, the commonest first.
const ONSETS: [&str; 46] = [
    "c", "s", "p", "m", "b", "r", "d", "t", "", "l", "f", "h", "g", "n", "st", "w", "tr", "pr", "v", "br",
    "ch", "sh", "cr", "gr", "pl", "sp", "cl", "fl", "fr", "bl", "dr", "k", "th", "str", "j", "gl", "sc",
    "sl", "qu", "ph", "sw", "wh", "z", "sn", "y", "scr",
];
const NUCLEI: [&str; 15] =
    ["a", "e", "i", "o", "u", "ea", "ou", "ai", "oo", "ee", "io", "ie", "oa", "au", "y"];
const CODAS: [&str; 30] = [
    "", "n", "r", "l", "t", "s", "c", "m", "d", "p", "st", "nt", "ll", "ck", "ng", "rt", "nd", "g", "b",
    "ss", "sh", "ct", "rd", "v", "x", "ff", "th", "rn", "mp", "ght",
];
const PREFIXES: [&str; 20] = [
    "un", "re", "in", "de", "non", "over", "dis", "pre", "con", "out", "mis", "inter", "sub", "pro", "super",
    "ex", "under", "anti", "trans", "counter",
];
const SUFFIXES: [&str; 36] = [
    "", "s", "ed", "ing", "er", "ers", "ly", "ness", "able", "al", "ic", "y", "ation", "ist", "ism", "ity",
    "ment", "ations", "ful", "less", "ize", "ous", "ive", "ish", "es", "ists", "ized", "izing", "nesses",
    "ability", "ally", "like", "man", "ively", "fulness", "ically",
];

/// Appends `syllables` syllables that keep the word pronounceable. Mostly only the last ends in
/// consonants.
fn lengthen(stem: &mut String, rng: &mut Rng, syllables: usize) {
    for last in (0..syllables).rev() {
        stem.push_str(rng.skewed_part(&ONSETS));
        stem.push_str(rng.skewed_part(&NUCLEI));
        if rng.one_in(if last == 0 { 2 } else { 4 }) {
            stem.push_str(rng.skewed_part(&CODAS));
        }
    }
}

/// `n` generated, pronounceable words, in families of a stem and its endings, as in a dictionary.
///
/// The mean length grows slowly with `n`: 8.3 bytes for ten thousand, 8.7 for 170 thousand, 8.8
/// for 400 thousand. A trie of 400 thousand has about 2.6 locations a word.
pub fn words(n: usize, seed: u64) -> Vec<Vec<u8>> {
    let mut stem = String::new();
    let mut left = 0;
    distinct(n, &mut Rng::new(seed), |rng| {
        if left == 0 {
            // Most stems begin as the one before does: that makes some beginnings very common and
            // most rare.
            left = 1 + rng.skewed_below(24);
            let shared = if rng.one_in(3) { 0 } else { rng.below(stem.len() + 1) };
            let after_vowel =
                stem[..shared].rfind(['a', 'e', 'i', 'o', 'u', 'y']).map_or(0, |vowel| vowel + 1);
            stem.truncate(after_vowel);
            if stem.is_empty() && rng.one_in(6) {
                stem.push_str(rng.skewed_part(&PREFIXES));
            }
            let syllables = if stem.len() < 2 { 1 + rng.below(2) } else { 1 };
            lengthen(&mut stem, rng, syllables);
        }
        left -= 1;
        [&stem, rng.skewed_part(&SUFFIXES)].concat().into_bytes()
    })
}

/// `n` random numbers as eight bytes, big endian.
pub fn random_u64(n: usize, seed: u64) -> Vec<Vec<u8>> {
    let mut rng = Rng::new(seed);
    // The generator does not repeat a number, so the keys are distinct.
    (0..n).map(|_| rng.next_u64().to_be_bytes().to_vec()).collect()
}

/// The numbers from 0 to `n` - 1 as eight bytes, big endian, in order.
pub fn consecutive_u64(n: usize) -> Vec<Vec<u8>> {
    (0..n as u64).map(|number| number.to_be_bytes().to_vec()).collect()
}

/// `n` keys of random bytes. Their lengths are spread evenly over `lengths`, as far as there are
/// enough short keys.
///
/// # Panics
/// Panics if fewer than `n` such keys exist.
pub fn random_bytes(n: usize, lengths: RangeInclusive<usize>, seed: u64) -> Vec<Vec<u8>> {
    let (lo, hi) = (*lengths.start(), *lengths.end());
    // The number of keys that are missing when all lengths are used up; `None` once there are
    // enough.
    let missing = (lo..=hi).try_fold(n, |missing, len| {
        let keys = u32::try_from(len).ok().and_then(|len| 256_usize.checked_pow(len));
        missing.checked_sub(keys.unwrap_or(usize::MAX))
    });
    assert!(missing.is_none_or(|missing| missing == 0), "there are not {n} keys of {lo} to {hi} bytes");
    distinct(n, &mut Rng::new(seed), |rng| {
        let len = lo + rng.below(hi - lo + 1);
        rng.bytes(len)
    })
}

const MOUNTS: [&str; 8] = [
    "/usr/share",
    "/usr/lib/python3/dist-packages",
    "/home/user/projects",
    "/usr/src",
    "/usr/lib/modules",
    "/var/lib",
    "/opt",
    "/srv/data",
];
const FOLDERS: [&str; 24] = [
    "src",
    "lib",
    "include",
    "node_modules",
    "docs",
    "tests",
    "dist",
    "modules",
    "drivers",
    "utils",
    "core",
    "assets",
    "examples",
    "internal",
    "locale",
    "vendor",
    "build",
    "common",
    "config",
    "arch",
    "target",
    "data",
    "resources",
    "packages",
];
const EXTENSIONS: [&str; 16] = [
    ".h", ".js", ".py", ".c", ".rs", ".html", ".json", ".png", ".ts", ".txt", ".md", ".so", ".go", ".xml",
    ".svg", "",
];
const FILES: [&str; 12] = [
    "README.md",
    "Makefile",
    "LICENSE",
    "index.js",
    "__init__.py",
    "package.json",
    "mod.rs",
    "Kconfig",
    "index.html",
    "CMakeLists.txt",
    "Cargo.toml",
    "config.yaml",
];

/// An identifier as programmers write them: one or two short words.
fn name(rng: &mut Rng) -> String {
    let mut name = String::new();
    let syllables = 1 + rng.below(3);
    lengthen(&mut name, rng, syllables);
    if rng.one_in(2) {
        name.push_str(["_", "-", ""][rng.below(3)]);
        name.push_str(rng.skewed_part(&SUFFIXES[1..]));
    }
    name
}

fn folder(rng: &mut Rng) -> String {
    match rng.below(8) {
        0..=3 => rng.skewed_part(&FOLDERS).to_owned(),
        4..=6 => name(rng),
        _ => format!("{}-{}.{}.{}", name(rng), rng.skewed_below(9), rng.below(20), rng.skewed_below(20)),
    }
}

/// `n` made-up paths of files, of about 90 bytes, in the style of a Unix system full of source
/// code.
///
/// A folder holds from one file to some dozens, mostly of one kind, whose names begin alike. A few
/// names occur everywhere. For benches without a real file tree.
pub fn file_paths(n: usize, seed: u64) -> Vec<Vec<u8>> {
    let mut folders: Vec<String> = Vec::new();
    let (mut extension, mut series) = ("", String::new());
    let mut left = 0;
    distinct(n, &mut Rng::new(seed), |rng| {
        if left == 0 {
            // Moves to another folder: some levels up, then down to a random depth.
            let depth = 5 + rng.below(7);
            folders.truncate(depth.saturating_sub(1));
            while !rng.one_in(3) {
                folders.pop();
            }
            if folders.is_empty() {
                folders.push(rng.skewed_part(&MOUNTS).to_owned());
            }
            while folders.len() < depth {
                folders.push(folder(rng));
            }
            left = 1 + rng.skewed_below(60);
            extension = rng.skewed_part(&EXTENSIONS);
            series = name(rng);
        }
        left -= 1;
        let file = match rng.below(8) {
            0 => rng.skewed_part(&FILES).to_owned(),
            1..=3 => format!("{series}_{}{extension}", name(rng)),
            4 => format!("{}{}", name(rng), rng.skewed_part(&EXTENSIONS)),
            _ => format!("{}{extension}", name(rng)),
        };
        format!("{}/{file}", folders.join("/")).into_bytes()
    })
}

/// Keys that each extend the one before by one byte; see [`nested`].
#[derive(Clone, Debug)]
pub struct Nested {
    longest: Vec<u8>,
}

/// `n` keys of 1 to `n` bytes, each a prefix of all longer ones.
///
/// The keys are slices of the longest, so a million keys take a megabyte and not half a terabyte.
///
/// ```
/// use bytetrie::testing::keys::nested;
///
/// let keys = nested(1000);
/// assert_eq!(keys.iter().len(), 1000);
/// assert!(keys.iter().zip(keys.iter().skip(1)).all(|(short, long)| long.starts_with(short)));
/// ```
pub fn nested(n: usize) -> Nested {
    // No byte repeats at a fixed distance, so no two nodes on the way down are equal.
    Nested { longest: Rng::new(n as u64).bytes(n) }
}

impl Nested {
    /// The longest key. All others are prefixes of it.
    pub fn longest(&self) -> &[u8] {
        &self.longest
    }

    /// The keys, the shortest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator + Clone {
        self.longest.iter().enumerate().map(|(last, _)| &self.longest[..=last])
    }
}

/// Up to seven keys of about `len` bytes that differ from one of them early and late.
///
/// One key has `len` random bytes. Four of the same length differ from it from the first, second,
/// middle and last byte on. One is its first half, and one extends it by a byte. If `len` is below
/// 4, some of these are equal, and duplicates are left out.
pub fn long(len: usize, seed: u64) -> Vec<Vec<u8>> {
    let mut rng = Rng::new(seed);
    let stem = rng.bytes(len);
    let mut keys = vec![stem.clone(), stem[..len / 2].to_vec(), [&stem[..], b"+"].concat()];
    for parting in [0, 1, len / 2, len.saturating_sub(1)] {
        if parting < len {
            let mut key = stem.clone();
            key[parting] ^= 0x80;
            key[parting + 1..].copy_from_slice(&rng.bytes(len - parting - 1));
            keys.push(key);
        }
    }
    keys.sort();
    keys.dedup();
    rng.shuffle(&mut keys);
    keys
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::bytes::common_prefix;

    /// The sorted keys, after a check that there are `n` and that they are distinct.
    fn sorted(n: usize, keys: &[Vec<u8>]) -> BTreeSet<&[u8]> {
        let set = BTreeSet::from_iter(keys.iter().map(Vec::as_slice));
        assert_eq!((keys.len(), set.len()), (n, n));
        set
    }

    fn mean(keys: &BTreeSet<&[u8]>) -> f64 {
        keys.iter().map(|key| key.len()).sum::<usize>() as f64 / keys.len() as f64
    }

    /// The mean number of locations that a key adds to a trie.
    fn locations(keys: &BTreeSet<&[u8]>) -> f64 {
        let mut before: &[u8] = b"";
        let mut locations = 0;
        for &key in keys {
            locations += key.len() - common_prefix(before, key);
            before = key;
        }
        locations as f64 / keys.len() as f64
    }

    #[test]
    fn numbers_are_those_of_splitmix64() {
        let mut rng = Rng::new(1_234_567);
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!([(); 5].map(|()| rng.next_u64()), published);
    }

    #[test]
    fn numbers_below_n_are_all_of_them_and_no_others() {
        let mut rng = Rng::new(1);
        let (mut even, mut skewed) = ([0; 7], [0; 7]);
        for _ in 0..7000 {
            even[rng.below(7)] += 1;
            skewed[rng.skewed_below(7)] += 1;
        }
        assert!(even.iter().all(|count| (850..1150).contains(count)), "{even:?}");
        assert!(skewed.is_sorted_by(|a, b| a > b) && skewed[0] > 10 * skewed[6], "{skewed:?}");
    }

    #[test]
    fn a_shuffle_can_give_every_order() {
        let mut rng = Rng::new(1);
        let orders = BTreeSet::from_iter((0..500).map(|_| {
            let mut items = [0, 1, 2, 3];
            rng.shuffle(&mut items);
            items
        }));
        assert_eq!(orders.len(), 24);
        assert!(orders.iter().all(|order| BTreeSet::from(*order).len() == 4));
    }

    #[test]
    fn the_same_arguments_give_the_same_keys() {
        for make in [words, random_u64, file_paths, long, |n, seed| random_bytes(n, 3..=20, seed)] {
            assert_eq!(make(200, 1), make(200, 1));
            assert_ne!(make(200, 1), make(200, 2));
        }
        for make in [words, random_u64, file_paths] {
            assert_eq!(make(0, 1), Vec::<Vec<u8>>::new());
            assert_eq!(make(1, 1).len(), 1);
        }
    }

    #[test]
    fn words_are_shaped_like_a_dictionary() {
        let words = words(40_000, 7);
        let set = sorted(40_000, &words);
        assert!(!words.is_sorted());
        assert!(words.iter().all(|word| !word.is_empty() && word.iter().all(u8::is_ascii_lowercase)));
        assert!((8.2..9.2).contains(&mean(&set)), "{}", mean(&set));
        assert!((2.0..3.0).contains(&locations(&set)), "{}", locations(&set));
        // Beginnings are skewed: the commonest tenth of the three-letter beginnings begins at
        // least two fifths of the words (0.49 to 0.52 over five seeds); if all were equally
        // common, a tenth.
        let mut counts = std::collections::BTreeMap::<&[u8], usize>::new();
        for word in &words {
            *counts.entry(&word[..word.len().min(3)]).or_default() += 1;
        }
        let mut counts = Vec::from_iter(counts.into_values());
        counts.sort();
        assert!(counts.iter().rev().take(counts.len() / 10).sum::<usize>() > words.len() * 2 / 5);
    }

    #[test]
    fn file_paths_are_shaped_like_a_file_tree() {
        let paths = file_paths(20_000, 7);
        let set = sorted(20_000, &paths);
        assert!((80.0..100.0).contains(&mean(&set)), "{}", mean(&set));
        assert!((9.0..17.0).contains(&locations(&set)), "{}", locations(&set));
        for path in &paths {
            let path = std::str::from_utf8(path).expect("ASCII");
            assert!(path.starts_with('/') && path.split('/').skip(1).all(|part| !part.is_empty()), "{path}");
        }
    }

    #[test]
    fn integers_are_big_endian_and_distinct() {
        let random = random_u64(10_000, 3);
        sorted(10_000, &random);
        assert!(random.iter().all(|key| key.len() == 8));
        assert_eq!(random[0], Rng::new(3).next_u64().to_be_bytes());
        let consecutive = consecutive_u64(1000);
        assert!(consecutive.iter().eq(sorted(1000, &consecutive)));
        assert_eq!(consecutive[258], [0, 0, 0, 0, 0, 0, 1, 2]);
    }

    #[test]
    fn random_bytes_fill_the_lengths_asked_for() {
        let keys = random_bytes(5000, 3..=20, 1);
        sorted(5000, &keys);
        assert_eq!(BTreeSet::from_iter(keys.iter().map(Vec::len)), BTreeSet::from_iter(3..=20));
        // All such keys, including the empty one.
        let all = random_bytes(257, 0..=1, 1);
        assert!(sorted(257, &all).contains(&b""[..]));
        assert_eq!(random_bytes(0, 4..=4, 1), Vec::<Vec<u8>>::new());
    }

    #[test]
    #[should_panic(expected = "there are not 258 keys of 0 to 1 bytes")]
    fn more_keys_than_there_are_is_an_error() {
        random_bytes(258, 0..=1, 1);
    }

    #[test]
    fn nested_keys_are_every_prefix() {
        let keys = nested(100);
        assert_eq!((keys.longest().len(), keys.iter().len()), (100, 100));
        assert!(keys.iter().zip(1..).all(|(key, len)| key == &keys.longest()[..len]));
        assert!(keys.iter().rev().is_sorted_by(|longer, shorter| longer > shorter));
        assert_eq!((nested(0).iter().len(), nested(1_000_000).iter().len()), (0, 1_000_000));
    }

    #[test]
    fn long_keys_part_where_they_should() {
        let keys = long(1000, 1);
        sorted(7, &keys);
        let stem =
            keys.iter().max_by_key(|key| key.len()).map(|longest| &longest[..1000]).expect("seven keys");
        let shared = BTreeSet::from_iter(keys.iter().map(|key| (common_prefix(key, stem), key.len())));
        let expected =
            [(0, 1000), (1, 1000), (500, 500), (500, 1000), (999, 1000), (1000, 1000), (1000, 1001)];
        assert_eq!(shared, BTreeSet::from(expected));
        for len in 0..8 {
            let keys = long(len, 1);
            sorted(keys.len(), &keys);
            assert!(keys.iter().any(|key| key.len() == len) && keys.iter().any(|key| key.len() == len + 1));
        }
    }
}
