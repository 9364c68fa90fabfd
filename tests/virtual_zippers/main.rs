//! Virtual zippers: the movement suite on each kind, and comparisons with the tries that they
//! represent.

#[path = "../common/folds.rs"]
mod folds;
#[path = "../common/movement_suite/mod.rs"]
mod movement_suite;
#[path = "../common/stack.rs"]
mod stack;

mod any;
mod deep;
mod expressions;
mod named;
mod nested;
mod paths;
mod suite;
