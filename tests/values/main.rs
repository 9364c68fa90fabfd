//! What the library does with values: how often it clones and drops them, and what happens when
//! their code panics.

#[path = "../common/keys.rs"]
mod keys;
#[path = "../common/limits.rs"]
mod limits;

mod census;
mod counts;
mod hostile;
mod panics;
mod verbs;
