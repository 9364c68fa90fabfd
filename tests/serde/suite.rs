//! Tests of the feature `serde`, in a package of their own: only they compile these formats.

mod escapes;
mod exact;
mod formats;
mod hostile;

use proptest::prelude::*;

/// Returns a strategy for paths over few bytes: prefixes of each other, UTF-8, backslashes,
/// escapes, and bytes that no text contains.
fn path() -> impl Strategy<Value = Vec<u8>> {
    let parts: [&[u8]; 10] =
        [b"a", b"b", b"\\", b"\\x", b"x", b"c3", "ü".as_bytes(), b"\xc3", b"\xff", b"\0"];
    let part = prop::sample::select(parts.to_vec());
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}
