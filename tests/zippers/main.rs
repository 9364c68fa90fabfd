//! The movement of zippers, row by row and on every type; enums of zippers.

#[path = "../common/movement_suite/mod.rs"]
mod movement_suite;

mod derive;
mod movement;
mod movement_rows;
