//! Streams that `pathmap` 0.3.5 wrote. The comparison (`benches/compare/tests/paths.rs`) checks
//! that it still writes them.

/// The names of the streams, each with its paths in the order of the stream.
pub(crate) fn sets() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    let numbers = (0..500u32).map(|i| (i * i).to_be_bytes().to_vec()).collect();
    let long = [3, 100_000, 0, 5_000, 1].map(|len| (0..len).map(|i| (i % 251) as u8).collect()).to_vec();
    vec![
        ("empty", Vec::new()),
        (
            "words",
            texts(&["rom", "romane", "romanus", "romulus", "rubens", "ruber", "rubicon", "rubicundus"]),
        ),
        ("unordered", texts(&["b", "a", "", "b", "é", "日", "", "ab"])),
        ("numbers", numbers),
        ("long", long),
        ("noise", noise()),
    ]
}

/// Paths that zlib cannot compress.
fn noise() -> Vec<Vec<u8>> {
    let mut state = 1u64;
    let mut byte = move |_| {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..24).map(|len| (0..len).map(&mut byte).collect()).collect()
}
