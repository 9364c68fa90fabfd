//! Damaged files, and functions that give any bytes to each reader of files.
//!
//! ```text
//! values    the types of values
//! samples   whole files of all forms of values, with one or many commits
//! mutate    random damage: cuts, flips, copied and moved ranges, other numbers
//! repair    right checksums for damaged bytes, so that the readers behind them are reached
//! readers   a function for each reader; it panics if the reader breaks a promise
//! streams   the same for streams of paths (feature `serialization`)
//! ```
//!
//! The normal tests and the fuzzers of `fuzz/` call the same functions.

pub mod mutate;
mod readers;
mod repair;
mod samples;
#[cfg(feature = "serialization")]
pub mod streams;
mod values;

pub use readers::Readers;
pub use repair::{FRONT_OF_TAIL, repair, tail_with};
