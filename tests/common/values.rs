//! Maps of values that are counted.

use bytetrie::PathMap;
use bytetrie::testing::values::{Census, Counted};

use super::limits::under_both_limits;

/// Keys that fill lists and a wide node, share long prefixes, nest, and include the empty path.
pub(crate) fn keys() -> Vec<Vec<u8>> {
    let mut keys =
        vec![Vec::new(), b"a".to_vec(), b"ab".to_vec(), b"abc".to_vec(), b"abcdefghijklmnop".to_vec()];
    keys.extend((0..40u8).map(|i| vec![b'w', i * 6]));
    keys.extend((0..10u8).map(|i| vec![b'w', 12, i, i, i]));
    keys.extend((0..6u8).map(|i| [&b"common/prefix/"[..], &[b'0' + i]].concat()));
    keys.extend((0..6u8).map(|i| [&b"common/prefix/0/deeper/"[..], &[b'0' + i], b"/end"].concat()));
    keys
}

pub(crate) fn number(i: usize) -> u8 {
    (i % 251) as u8
}

pub(crate) fn counted_map(census: &Census) -> PathMap<Counted> {
    keys().into_iter().enumerate().map(|(i, key)| (key, census.counted(number(i)))).collect()
}

/// Runs work under both limits with a census, and sees that no value is left.
#[track_caller]
pub(crate) fn no_leak(work: impl Fn(&Census)) {
    under_both_limits(|| {
        let census = Census::new();
        work(&census);
        assert_eq!(census.live(), 0);
    });
}
