//! What the library does with values: how often it clones and drops them, and what happens when their code panics.

#[path = "../common/keys.rs"]
mod keys;
#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/values.rs"]
mod values;

mod counts;
mod hostile;
mod panics;
mod verbs;
