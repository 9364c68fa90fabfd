//! Heads: who is in whose way, threads and futures that wait, values that use the head that holds them.

#[path = "../common/heads.rs"]
mod heads;

mod conflicts;
mod futures;
mod panics;
mod stress;
mod threads;
mod values;
