//! [`fold`](crate::fold) under its name in `pathmap` 0.3.5.

pub use super::morph::*;
