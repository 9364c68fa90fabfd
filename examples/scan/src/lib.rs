//! The parts of the program `scan`: the walk, the rules, and the output.

pub mod args;
pub mod git;
pub mod glob;
pub mod globs;
pub mod meta;
pub mod print;
pub mod queue;
pub mod rules;
pub mod scan;
pub mod stream;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "portable.rs")]
pub mod system;
pub mod tree;
pub mod trouble;
pub mod walk;
