//! `SharedMap`: updates, snapshots and commits, by one thread and by many.

#[path = "../common/limits.rs"]
mod limits;
#[allow(dead_code, reason = "the laws of the algebra need more of it")]
#[path = "../common/operands.rs"]
mod operands;

mod threads;
mod updates;
