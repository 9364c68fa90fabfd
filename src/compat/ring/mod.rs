//! [`algebra`](crate::algebra) by its name in 0.3.5, with lattices of references and lattices for
//! sets of your own.
//!
//! For values of your own implement [`Lattice`]; for a type that stores elements by keys,
//! [`SetLattice`] and the macros [`set_lattice!`](crate::set_lattice) and
//! [`set_dist_lattice!`](crate::set_dist_lattice) do it for you.

mod refs;
mod sets;

pub use crate::algebra::*;
pub use refs::{DistributiveLatticeRef, LatticeRef};
pub use sets::SetLattice;
#[doc(hidden)]
pub use sets::{__join, __meet, __subtract};
