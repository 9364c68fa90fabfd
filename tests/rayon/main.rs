//! What the feature `rayon` adds: work divided as finely as can be, and updates by threads that
//! steal.

#[path = "../common/nodes.rs"]
mod nodes;
#[allow(dead_code, reason = "the laws of the algebra need more of it")]
#[path = "../common/operands.rs"]
mod operands;

mod finely;
mod published;
