//! `SharedMap`: updates, snapshots and commits, by one thread and by many threads.

#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/operands.rs"]
mod operands;

mod threads;
mod updates;
