//! What the examples with a command line share, and how their tests run them.

pub mod cli;
pub mod figures;
pub mod process;
pub mod progress;
