//! The library's handling of values: clones, drops, and panics in their code.

#[path = "../common/keys.rs"]
mod keys;
#[path = "../common/limits.rs"]
mod limits;

mod census;
mod counts;
mod expressions;
mod hostile;
mod lone;
mod panics;
mod verbs;
