//! Files that `pathmap` 0.3.5 wrote. The comparison (`benches/compare/tests/arena.rs`) checks that
//! it still writes them.

/// The content of a file.
pub(crate) type Entries = Vec<(Vec<u8>, u64)>;

/// The names of the files, each with its content in path order.
pub(crate) fn sets() -> Vec<(&'static str, Entries)> {
    let words = ["rom", "romane", "romanus", "romulus", "rubens", "ruber", "rubicon", "rubicundus"];
    let numbers = (0..500u64).map(|i| ((i * i).to_be_bytes()[4..].to_vec(), i.pow(7))).collect();
    let count = |count: usize| (0..count).map(move |byte| ([b'a', byte as u8].to_vec(), byte as u64 + 240));
    let long = [0, 1, 2, 247, 248, 300, 3_000].map(|len| ((0..len).map(|i| (i % 251) as u8).collect(), len));
    vec![
        ("empty", Vec::new()),
        ("root", vec![(Vec::new(), u64::MAX)]),
        ("one", vec![(b"one".to_vec(), 1)]),
        (
            "words",
            words.iter().zip(1..).map(|(word, i)| (word.as_bytes().to_vec(), 1 << (8 * i - 1))).collect(),
        ),
        ("numbers", numbers),
        ("children31", count(31).collect()),
        ("children32", count(32).collect()),
        ("children256", count(256).collect()),
        ("long", long.to_vec()),
        ("shared", shared()),
        (
            "merged",
            merged().concat().into_iter().collect::<std::collections::BTreeMap<_, _>>().into_iter().collect(),
        ),
    ]
}

/// The part of the map `shared` that is grafted to each of [`PLACES`].
pub(crate) fn part() -> Entries {
    ["", "le", "les", "lesser", "m", "my"]
        .iter()
        .zip(0..)
        .map(|(path, i)| (path.as_bytes().to_vec(), i))
        .collect()
}

/// The places of [`part`] in the map `shared`, which has no other content.
pub(crate) const PLACES: [&[u8]; 4] = [b"a", b"ab/", b"b/c", b"b/d"];

fn shared() -> Entries {
    let at = |place: &[u8]| -> Entries {
        part().into_iter().map(|(path, value)| ([place, &path].concat(), value)).collect()
    };
    let mut entries = PLACES.map(at).concat();
    entries.sort();
    entries
}

/// What the file `merged` was written with, and what was merged into it. Later values count.
pub(crate) fn merged() -> [Entries; 3] {
    let entries = |paths: &[&str], from: u64| {
        paths.iter().zip(from..).map(|(path, i)| (path.as_bytes().to_vec(), i)).collect()
    };
    [
        entries(&["romane", "romanus", "rubens"], 1),
        entries(&["roman", "romane", "rubensstadt", "x"], 10),
        entries(&["", "ro", "rom", "romaneske", "rubens", "rubicon"], 20),
    ]
}
