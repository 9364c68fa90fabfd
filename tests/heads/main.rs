//! Heads: who is in whose way, threads and futures that wait, values that use the head that holds
//! them.

mod common;
mod conflicts;
mod futures;
mod panics;
mod stress;
mod threads;
mod values;
