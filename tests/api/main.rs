//! The interface of a map: for users of std's maps, for integers, places, types, and pictures.

#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/stack.rs"]
mod stack;
#[path = "../common/tries.rs"]
mod tries;

mod get_many;
mod ints;
mod iterators;
mod places;
mod retain;
mod std_user;
mod types;
mod viz;
