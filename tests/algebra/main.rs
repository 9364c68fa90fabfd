//! The algebra: its laws, its hard cases by name, deep tries, and lattices that the macro derives.

#[path = "../common/keys.rs"]
mod keys;
#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/nodes.rs"]
mod nodes;
#[path = "../common/operands.rs"]
mod operands;
#[path = "../common/stack.rs"]
mod stack;

mod derive;
mod extremes;
mod laws;
mod named;
