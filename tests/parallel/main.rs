//! Maps that threads share, and walks and folds by several threads.

#[path = "../common/stack.rs"]
mod stack;
#[path = "../common/walks.rs"]
mod walks;

mod counts;
mod folds;
mod threads;
mod walk;
