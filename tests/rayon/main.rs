//! What the feature `rayon` adds: work divided as finely as can be, and updates by threads that
//! steal.

#[path = "../common/nodes.rs"]
mod nodes;
#[path = "../common/operands.rs"]
mod operands;
#[path = "../common/rebuilt.rs"]
mod rebuilt;

mod finely;
mod published;
