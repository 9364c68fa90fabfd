//! Virtual zippers: the movement suite on each kind, and comparisons with the tries that they
//! represent.

#[path = "../common/folds.rs"]
mod folds;
#[path = "../common/matcher.rs"]
mod matcher;
#[path = "../common/movement_suite/mod.rs"]
mod movement_suite;
#[path = "../common/stack.rs"]
mod stack;

mod any;
mod borrowed_factors;
mod deep;
mod expressions;
mod matching;
mod named;
mod nested;
mod one_path;
mod paths;
mod suite;
