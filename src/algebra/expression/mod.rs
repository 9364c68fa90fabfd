//! Boolean expressions over many subtries, evaluated in one walk.
//!
//! An expression is a list of steps in postfix order, so nothing recurses on its depth:
//!
//! ```text
//! (a | b) & c - d        a  b  |  c  d  -  &
//! ```
//!
//! Below a path that an operand does not have, the operand is empty, and the expression is
//! *reduced*: `x | ∅` is `x`, `x & ∅` is `∅`, and so on. What is left is a *residual*. The walk
//! asks for the residual of each set of operands at each path, and the answers are remembered:
//!
//! ```text
//! operands that are there     residual of (a | b) & c - d       what the walk does
//! a, b, c, d                  (a | b) & c - d                   walks all four, side by side
//! a, c                        a & c                             lets `combine` walk the pair
//! c (and any of a, b absent)  ∅                                 skips what is below
//! ```
//!
//! An expression whose residual is one operand is the subtrie of this operand, which is shared.
//!
//! - `operator`: what an operator does with two values, and with two places.
//! - `formula`: the [`Expression`] itself.
//! - `reduce`: residuals, and the table in which they are remembered.
//! - `values`: the value of an expression at one path.
//! - `tips`: dangling paths.
//! - `bits`: an expression bit by bit.
//! - `sorted`: the entries below many places, sorted.
//! - `walk`: the walk, `frames`: its state, and `steps`: what it does with the entries.
//! - `at_path`: an expression at one path, for zippers.

mod at_path;
mod bits;
mod formula;
mod frames;
mod operator;
mod reduce;
mod sorted;
mod steps;
mod tips;
mod values;
mod walk;

pub(crate) use at_path::ExpressionValue;
pub use formula::Expression;
pub(crate) use walk::evaluate;
