//! [`algebra`](crate::algebra) under its name in 0.3.5, with lattices of references and lattices
//! for your own set types.
//!
//! For your own value types, implement [`Lattice`]. For a type that stores elements by keys,
//! implement [`SetLattice`]; the macros [`set_lattice!`](crate::set_lattice) and
//! [`set_dist_lattice!`](crate::set_dist_lattice) then implement the lattices.

mod refs;
mod sets;

pub use crate::algebra::*;
pub use refs::{DistributiveLatticeRef, LatticeRef};
pub use sets::SetLattice;
#[doc(hidden)]
pub use sets::{__join, __meet, __subtract};
