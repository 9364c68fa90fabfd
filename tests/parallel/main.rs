//! Maps shared by threads, and walks and folds by several threads.

#[path = "../common/stack.rs"]
mod stack;

mod both;
mod counts;
mod folds;
mod started;
mod walk;
