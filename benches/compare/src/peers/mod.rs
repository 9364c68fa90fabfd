//! The peers.

pub(crate) mod maps;
pub(crate) mod tries;
