//! The parts of the program `search`: the index and its queries.

pub mod index;
pub mod query;
