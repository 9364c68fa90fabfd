//! [`fold`](crate::fold) by an older name.

pub use super::split_cata::{SplitCata, SplitCataJumping};
pub use crate::fold::*;
