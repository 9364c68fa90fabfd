//! [`fold`](crate::fold) under an older name of this crate, with closures made of several
//! functions.

pub use super::split_cata::{SplitCata, SplitCataJumping};
pub use crate::fold::*;
