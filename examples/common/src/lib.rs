//! Shared parts of the examples with a command line, and helpers for their tests.

pub mod cli;
pub mod figures;
pub mod process;
pub mod progress;
