//! What every zipper in a real trie does, written once: the methods of
//! [`Walk`](super::stack::Walk), one verb a file.

mod algebra;
mod divide;
pub(super) mod edits;
mod focus;
mod moves;
mod values;
mod writing;

pub use algebra::copy_subtrie;
