//! Virtual zippers: the movement suite on each, and each against the trie that it stands for.

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
mod suite;
