//! What values and whole maps combine by: lattices, their answers, and the changes from one map to
//! another.
//!
//! [`PathMap::join`](crate::PathMap::join) and its siblings combine maps,
//! [`ZipperWriting::join_into`](crate::zipper::ZipperWriting::join_into) and its siblings combine
//! subtries in place. Where both operands have a value, a [`Lattice`] says what becomes of the
//! two. `docs/algebra.md` in the repository is the chapter for newcomers.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::algebra::Max;
//!
//! let monday = PathMap::from([("oslo", Max(3)), ("rome", Max(18))]);
//! let tuesday = PathMap::from([("rome", Max(21)), ("lima", Max(24))]);
//! let warmest = &monday | &tuesday;
//! assert_eq!(warmest.get("rome"), Some(&Max(21)));
//! assert_eq!(warmest.len(), 3);
//! ```

// How it is made. `lockstep` steps over the entries of two subtries side by side, seen as places,
// so that nothing here knows which kind a node is. `pairs` keeps the pairs of places on the way
// down, and `build` the notes of what becomes of them. On these stand two walks: `combine`, for
// what an `operation` decides value by value, with `dense` as its shortcut; and `restrict`.
// `inserts` is a join in place. `gather` joins many at once. `known` is what a walk may know
// beforehand, and `ahead` finds it for several threads. `compare`, `differences` and `changes`
// only look. Nothing recurses on the depth of a path.

#[cfg(feature = "rayon")]
mod ahead;
mod build;
mod changes;
mod combine;
mod compare;
mod compound;
mod dense;
#[cfg(feature = "derive")]
mod derive;
mod differences;
mod gather;
mod inserts;
#[cfg(test)]
mod inserts_tests;
#[cfg(test)]
mod kinds_tests;
mod known;
mod lattice;
mod lockstep;
mod newtypes;
mod operation;
mod pairs;
mod plain;
mod restrict;
mod result;
#[cfg(test)]
mod result_tests;
#[cfg(test)]
mod set_tests;
mod sets;
#[cfg(test)]
mod value_tests;

#[cfg(feature = "rayon")]
pub(crate) use ahead::{KnownPairs, forks};
pub(crate) use build::{Above, Built, Held, HeldEnd, Notes, NotesMark, Outcome};
pub use changes::{Change, Changes, ChangesIter};
pub(crate) use combine::combine;
#[cfg(feature = "rayon")]
pub(crate) use combine::combine_knowing;
pub(crate) use compare::{any_value, disjoint, same, same_given, subset};
#[cfg(feature = "derive")]
pub use derive::{__derive, DistributiveLattice, Lattice};
pub(crate) use differences::{Difference, Differences, PathContent, Side};
pub(crate) use gather::{Joined, gather, meet_all, places_at};
#[cfg(feature = "rayon")]
pub(crate) use gather::{KnownJoins, gather_knowing, groups_below};
pub(crate) use inserts::{Insert, Inserts, inserts};
pub use lattice::{DistributiveLattice, Lattice};
pub use newtypes::{And, Max, Min, Or, Sum};
pub(crate) use operation::{
    Join, JoinWith, Meet, MeetWith, Operation, Subtract, SubtractWith, SymmetricDifference, With,
};
pub(crate) use restrict::restrict;
pub use result::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};
