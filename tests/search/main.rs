//! Searches: automata, the movement suite on their zippers, ranks, and samples.

#[path = "../common/movement_suite/mod.rs"]
mod movement_suite;
#[path = "../common/stack.rs"]
mod stack;
#[path = "../common/tries.rs"]
mod tries;

mod fst;
mod matches;
mod movement;
mod random;
mod rank;
