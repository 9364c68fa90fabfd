//! The feature `rayon`: work divided as finely as possible, and updates by work-stealing threads.

#[path = "../common/nodes.rs"]
mod nodes;
#[path = "../common/operands.rs"]
mod operands;
#[path = "../common/rebuilt.rs"]
mod rebuilt;

mod finely;
mod published;
