//! The movement of zippers, row by row and for every type, and enums of zippers.

#[path = "../common/movement_suite/mod.rs"]
mod movement_suite;

mod derive;
mod edges;
mod movement;
mod movement_rows;
mod trails;
mod wide_runs;
