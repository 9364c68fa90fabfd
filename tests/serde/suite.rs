//! Tests of the feature `serde`.
