//! The derived code is accepted under `forbid(unsafe_code)` and `deny(missing_docs)`.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use bytetrie::zipper::{EmptyZipper, PolyZipper, ReadZipperOwned, ZipperPathBuffer};

/// Two kinds.
#[derive(PolyZipper)]
pub enum Kinds<V> {
    /// A map.
    Map(ReadZipperOwned<V>),
    /// Nothing.
    Nothing(EmptyZipper),
}

fn main() {
    Kinds::<u64>::from(EmptyZipper::new()).prepare_buffers();
    let _ = Kinds::<u64>::Map;
}
