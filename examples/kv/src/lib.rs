//! The parts of the program `kv`: its language, its versions, and its answers.

pub mod args;
pub mod print;
pub mod read;
pub mod session;
pub mod shell;
pub mod versions;
pub mod words;
