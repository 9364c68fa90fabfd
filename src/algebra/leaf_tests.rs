#![cfg(test)]
//! Leaves: the fast path gives the results of the general walk on all ordered pairs of kinds.

use super::build::Outcome;
use super::combine::combine;
use super::operation::{
    Join, JoinWith, Meet, MeetWith, Operation, Subtract, SubtractWith, SymmetricDifference, With,
};
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::PathMap;
use crate::node::{End, Leaf, Place, place_of};

/// A path, and its value if it is no dangling tip.
pub(super) type Content = Vec<(Vec<u8>, Option<u32>)>;

const BOTH: u64 = SELF_IDENT | COUNTER_IDENT;

/// Returns contents that fit a leaf. `first` numbers the values, so that some values of two
/// examples are equal and some are not.
fn contents(first: u32) -> Vec<Content> {
    let numbered = |paths: &[&str]| {
        // A path that ends in a dot is a dangling tip.
        let entry = |(path, value): (&&str, u32)| match path.strip_suffix('.') {
            Some(tip) => (tip.into(), None),
            None => (path.as_bytes().to_vec(), Some(value)),
        };
        paths.iter().zip(first..).map(entry).collect::<Content>()
    };
    let many: Vec<String> = (0..20).map(|i| format!("{}{:b}", i % 3, i)).collect();
    vec![
        numbered(&[""]),
        numbered(&["a"]),
        numbered(&["abcdef"]),
        numbered(&["abd."]),
        numbered(&["a."]),
        numbered(&["ab", "abcdef", "b"]),
        numbered(&["", "ab", "abc", "abd", "b."]),
        numbered(&["abc.", "abdefghijklmnop", "c", "cc", "ccc"]),
        numbered(&["ab", "abd.", "c.", "d", "dd"]),
        numbered(&["abdefghijklmnop", "abdefghijklmnoq.", "ccc.", "z"]),
        numbered(&many.iter().map(String::as_str).collect::<Vec<_>>()),
        numbered(&many.iter().skip(5).map(String::as_str).collect::<Vec<_>>()),
    ]
}

/// Builds a map with the content below a path, and numbered values at other paths.
pub(super) fn map_of(
    content: &Content,
    below: &[u8],
    others: impl IntoIterator<Item = Vec<u8>>,
) -> PathMap<u32> {
    let mut map: PathMap<u32> = others.into_iter().zip(0..).collect();
    for (path, value) in content {
        let path = [below, path].concat();
        match value {
            Some(value) => drop(map.insert(path, *value)),
            None => assert!(map.create_path(path)),
        }
    }
    map
}

/// Returns maps that have the content as a leaf, each with the path to it.
fn embeddings(content: &Content) -> Vec<(PathMap<u32>, Vec<u8>)> {
    let run = [b"qb".to_vec(), b"x".to_vec()];
    let wide = (0..200).filter(|&head| head != b'q').map(|head| vec![head, 1]);
    let mut embeddings =
        vec![(map_of(content, b"", []), vec![]), (map_of(content, b"qa", run), b"qa".to_vec())];
    // A tail holds one entry of seven bytes.
    if let [(path, _)] = &content[..]
        && path.len() < 7
    {
        embeddings.push((map_of(content, b"qa", wide), b"qa".to_vec()));
    }
    embeddings
}

/// Returns the content at and below a place.
pub(super) fn content_of(place: Place<'_, u32>) -> Content {
    fn add(place: Place<'_, u32>, path: &[u8], content: &mut Content) {
        content.extend(place.own().map(|&own| (path.to_vec(), Some(own))));
        for entry in place.below() {
            let path = [path, &entry.suffix.to_vec()[..]].concat();
            match entry.end {
                End::Value(&value) => content.push((path, Some(value))),
                End::Bare => content.push((path, None)),
                End::Child(child) => add(child.place(), &path, content),
            }
        }
    }
    let mut content = Content::new();
    add(place, b"", &mut content);
    content
}

/// Combines two places. Returns the content of the result, and a mask of the operands that it
/// equals.
pub(super) fn combined<O: Operation<u32>>(
    left: Place<'_, u32>,
    right: Place<'_, u32>,
    mut operation: O,
) -> (Content, u64) {
    match combine(Some(left), Some(right), &mut operation) {
        Outcome::Nothing => (Content::new(), 0),
        Outcome::Same(mask) => (content_of(if mask & SELF_IDENT != 0 { left } else { right }), mask),
        Outcome::New(node) => (content_of(node.place()), 0),
    }
}

/// Compares the fast path on two leaves with the general walk, which is made necessary by a child
/// on the left side. With `both`, the right side has this child too. `compared` is the part of the
/// masks on which the child has no influence.
fn compare<O: Operation<u32>>(make: impl Fn() -> O, both: bool, compared: u64) {
    // These paths are behind all others, and so many that they fill a child.
    let child = (0..=255).map(|byte| vec![b'~', b'~', byte]);
    for left in contents(0) {
        let general_left = map_of(&left, b"", child.clone());
        let x = place_of(general_left.root.as_ref()).unwrap();
        assert!(Leaf::of(x).is_none());
        for right in contents(2) {
            let general_right = map_of(&right, b"", child.clone().filter(|_| both));
            let y = place_of(general_right.root.as_ref()).unwrap();
            let (mut expected, expected_mask) = combined(x, y, make());
            expected.retain(|(path, _)| !path.starts_with(b"~~"));
            for (x, x_path) in embeddings(&left) {
                for (y, y_path) in embeddings(&right) {
                    let x = place_of(x.root.as_ref()).unwrap().find(&x_path).unwrap();
                    let y = place_of(y.root.as_ref()).unwrap().find(&y_path).unwrap();
                    assert!(Leaf::of(x).is_some() && Leaf::of(y).is_some());
                    let (content, mask) = combined(x, y, make());
                    assert_eq!(content, expected, "{left:?} and {right:?}");
                    assert_eq!(mask & compared, expected_mask & compared, "{left:?} and {right:?}");
                }
            }
        }
    }
}

#[test]
fn two_leaves_combine_as_the_general_walk_does() {
    compare(|| Join, true, BOTH);
    compare(|| Meet, true, BOTH);
    compare(|| Subtract, false, SELF_IDENT);
    compare(|| SymmetricDifference, false, SELF_IDENT);
    // Results that are new, and results that are nothing.
    let add = |x: &u32, y: &u32| (x != y).then_some(x + y);
    compare::<JoinWith<_>>(|| With(add), true, 0);
    compare::<MeetWith<_>>(|| With(add), true, 0);
    compare::<SubtractWith<_>>(|| With(add), false, 0);
}

#[test]
fn a_leaf_has_the_entries_below_its_place() {
    for content in contents(0) {
        for (map, path) in embeddings(&content) {
            let root = place_of(map.root.as_ref()).unwrap();
            for len in 0..=path.len() {
                let place = root.find(&path[..len]).unwrap();
                let Some(mut leaf) = Leaf::of(place) else {
                    assert!(len == 0, "only the root of a wide node is no leaf here");
                    continue;
                };
                for entry in place.below() {
                    assert_eq!(leaf.suffix(), Some(entry.suffix));
                    assert_eq!(leaf.value(), entry.end.value());
                    assert_eq!(leaf.is_bare(), entry.end.is_bare());
                    leaf.advance();
                }
                assert_eq!(leaf.suffix(), None);
            }
        }
    }
    // A child anywhere below: no leaf.
    let map = map_of(&contents(0)[4], b"", (0..=255).map(|byte| vec![b'~', b'~', byte]));
    let root = place_of(map.root.as_ref()).unwrap();
    assert!(Leaf::of(root).is_none() && Leaf::of(root.find(b"~").unwrap()).is_none());
    assert!(Leaf::of(root.find(b"a").unwrap()).is_some());
}
