//! Folds from the tips to the roots by several threads.
//!
//! # Stops and branches
//! The algebra is called at *stops*: at the root, and below it at each location that has a value,
//! or several branches, or nothing below it. A *branch* of a stop is a byte by which paths go on
//! from it. Each branch leads to one stop below, past all locations that are not stops. The map of
//! "romane", "romanus" and "rubens" has six stops:
//!
//! ```text
//! ""                      the root, which has the branch r
//! └── "r"                 branches o, u
//!     ├── "roman"         branches e, u
//!     │   ├── "romane"    a value
//!     │   └── "romanus"   a value
//!     └── "rubens"        a value
//! ```
//!
//! # One thread: a stack of open stops
//! A thread goes depth first. An *open stop* is a stop on its path, with the branches that have
//! not been begun and the results of those that are done. When no branch is left, the stop is
//! taken off the stack, the algebra is called with the results, and what it returns is added to
//! the results of the stop above.
//!
//! # Several threads: parts and joins
//! When another thread has nothing to do, the task is *divided*: some of the branches that have
//! not been begun become another task. The stop that had them moves out of the stack into a
//! *join*. In the stacks of both threads, a *part* of the stop remains: an open stop that does not
//! call the algebra, but contributes its results to the join. The thread that contributes last
//! calls the algebra for the stop and goes on above. No thread waits for another.
//!
//! ```text
//! before                     after
//! stack                      stack                 join 1           another task
//! "r"      left: u           "r" (part)  left: –   stops: "", "r"   "r" (part)  left: u
//! ""       left: –                                 expects 2
//! ```
//!
//! Stops above the divided one that have no other branch left wait for it alone, and are in the
//! same join: "" here. A stop above it that has branches left gets a join of its own, and a part
//! in the stack. The join below contributes its result to that one. At the bottom of each stack is
//! a part, since a root, too, contributes its result to a join.
//!
//! # Shared nodes: memos
//! If the algebra sees no paths, the result of a node is the same wherever the node is. The *memo*
//! of a shared node keeps its result, and is where threads agree on who folds the node.
//!
//! # A faster way: sweeps
//! While no other thread wants work, the branches below an open stop are folded by a *sweep*,
//! which goes through the entries of the nodes one after another.
//!
//! # Where it is
//! | file | |
//! |---|---|
//! | `methods.rs` | the public methods |
//! | `drive.rs` | the main loop |
//! | `divide.rs`, `sweep.rs` | dividing a task, sweeping below a stop |
//! | `worker.rs` | a task at work: calls of the algebra, and what becomes of their results |
//! | `joins.rs`, `memos.rs` | what the threads share |
//! | `stops.rs`, `results.rs`, `algebra.rs` | open stops and tasks, collected results, what is called |
//!
//! Locks are taken in this order: a memo, the joins. No code of the user's runs while one is held.

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
