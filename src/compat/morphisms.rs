//! [`fold`](crate::fold) by the name that users of 0.3.5 know it by.

pub use super::morph::*;
