//! Keys of all shapes, few enough to interrupt an operation at each of its steps.

/// Keys that fill lists and a wide node, share long prefixes, nest, and include the empty path.
pub(crate) fn keys() -> Vec<Vec<u8>> {
    let mut keys = ["", "a", "ab", "abc", "abcdefghijklmnop"].map(Vec::from).to_vec();
    keys.extend((0..40u8).map(|i| vec![b'w', i * 6]));
    keys.extend((0..10u8).map(|i| vec![b'w', 12, i, i, i]));
    keys.extend((0..6u8).map(|i| [&b"common/prefix/"[..], &[b'0' + i]].concat()));
    keys.extend((0..6u8).map(|i| [&b"common/prefix/0/deeper/"[..], &[b'0' + i], b"/end"].concat()));
    keys
}
