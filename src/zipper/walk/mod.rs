//! The methods of [`Walk`](super::stack::Walk), which all zippers in a real trie share, one
//! ability a file.

mod algebra;
mod divide;
pub(super) mod edits;
mod focus;
mod moves;
mod values;
mod writing;

pub use algebra::copy_subtrie;
