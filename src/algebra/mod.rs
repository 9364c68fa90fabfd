//! Lattices of values, the results of combining two values, and the changes between two maps.
//!
//! [`PathMap::join`](crate::PathMap::join) and the methods beside it combine maps.
//! [`ZipperWriting::join_into`](crate::zipper::ZipperWriting::join_into) and the methods beside it
//! combine subtries in place. Where both operands have a value, the [`Lattice`] of the value type
//! decides the result. The chapter [`algebra`](crate::guide::algebra) of the guide is an
//! introduction.
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

// How the module works. A *place* (`node::Place`) is a node and a location in it; nothing here
// knows the kinds of node. An operation on two places runs like this:
//
//   left          right          lockstep     the frame's notes         closed
//   "ab" → 1                     Left         "ab" → 1    lent
//   "c"  → P      "c"  → P       Twins        "c"  → P    lent          a node,
//   "d"  → Q      "d"  → R       Fork         (a frame for Q and R)  →  or entries of
//                                             "d"  → new  built         the frame above,
//   "e"  → 2      "e"  → 3       Both         "e"  → 2∨3  new           or an operand
//                 "f"  → S       Right        "f"  → S    lent
//
// - `lockstep`: two places side by side. It compares the next entry of the left place with the
//   next entry of the right one. Either only one side has the entry, or both have it (*twins* if
//   it leads both sides to one child node in memory), or both sides continue below it, which is a
//   *fork*.
// - `pairs`: a stack with a frame for each pair of places on the way down. A fork opens a frame,
//   and the frame above waits for its result.
// - `build`: the *notes*, which are the entries of results that are not built yet. A note's value
//   or child is *held*: either *lent* by an operand or new. When nothing is left below a pair,
//   its frame is closed. If the result equals an operand, the notes are discarded and the operand
//   is the result. Otherwise the result is *built*: a node, or, if it is small, entries of the
//   frame above.
// - `operation`: the operations, each as some constants and a function of two values.
// - `combine`: the walk for all operations of `operation`. `dense` is its fast path for two nodes
//   of single bytes, and `leaf` the one for two places below which no child lies. Most of their
//   results are built without notes. `leaves` is the fast path for many places below which only
//   values lie.
// - `restrict`: the walk for restrict. If the right side has few paths, it *follows* each of them
//   in the left side instead of comparing all entries.
// - `gather`: joins many places in one walk. A *group* is the places that continue below one
//   path; each of them is an *operand*.
// - `inserts`: finds the few inserts that a join in place needs if the right side is small.
// - `known`: results that were computed before a walk; the walk looks them up. `ahead` finds the
//   pairs that several threads compute first. This affects the time and never the result.
// - `compare`, `differences` and `changes`: questions about two subtries, which build nothing.
//
// Nothing recurses on the length of a path.

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
mod expression;
mod gather;
mod inserts;
#[cfg(test)]
mod inserts_tests;
#[cfg(test)]
mod kinds_tests;
mod known;
mod lattice;
mod leaf;
#[cfg(test)]
mod leaf_tests;
mod leaves;
mod lockstep;
mod lone;
#[cfg(test)]
mod lone_tests;
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
pub use expression::Expression;
pub(crate) use expression::{ExpressionValue, evaluate};
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
