//! Heads: conflicts, waiting threads and futures, and values that use the head of their map.

mod common;
mod conflicts;
mod futures;
mod panics;
mod stress;
mod threads;
mod values;
