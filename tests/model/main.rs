//! Maps and zippers compared with the naive model: random programs, and tries of extreme shapes.

#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/stack.rs"]
mod stack;

mod deep;
mod programs;
mod regressions;
mod shapes;
mod unseen;
