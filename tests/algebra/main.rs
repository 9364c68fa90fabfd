//! The algebra: laws, named cases, deep tries, and derived lattices.

#[path = "../common/keys.rs"]
mod keys;
#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/nodes.rs"]
mod nodes;
#[path = "../common/operands.rs"]
mod operands;
#[path = "../common/rebuilt.rs"]
mod rebuilt;
#[path = "../common/stack.rs"]
mod stack;

mod derive;
mod expressions;
mod extremes;
mod laws;
mod named;
