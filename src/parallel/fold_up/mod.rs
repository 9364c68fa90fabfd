//! Folds from the tips to the roots by several threads.

mod algebra;
mod divide;
mod drive;
mod joins;
mod memos;
mod methods;
mod results;
mod stops;
mod sweep;
mod worker;

pub use results::{Branches, FoldedUp};
