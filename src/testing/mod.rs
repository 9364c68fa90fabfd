//! The building blocks of the library's own tests and fuzzers (feature `testing`).
//!
//! - [`naive`]: the reference model. Every operation is written by its definition, over a
//!   `BTreeMap` that holds each location. The library must do what the model does.
//! - [`ops`]: the operation language. A program is a list of small operations that run on the
//!   library and on the model side by side. Every answer and all content is compared after each
//!   step.
//! - [`files`]: damaged files, and functions that give any bytes to each reader of files.
//! - [`keys`] and [`values`]: shapes of paths, and values that count their drops or panic on
//!   demand.
//!
//! This is not for production: the model is slow, and a difference panics.

pub mod files;
pub mod keys;
pub mod limits {
    //! Node limits for tests: small ones reach every kind of node and every split with few keys.

    pub use crate::node::{Limits, with_limits};
}
pub mod naive;
#[cfg(feature = "rayon")]
pub mod parallel {
    //! How parallel operations divide their work.

    pub use crate::parallel::divide_finely;
}
mod naive_algebra;
mod naive_zipper;
pub mod ops;
pub mod reached {
    //! Marks on the fast paths and fallbacks that tests must take, how often this thread has passed
    //! them, and moments in which tests act.

    pub use crate::reached::Mark;
    pub use crate::reached::counted::before_question;
}
pub mod values;

#[cfg(test)]
mod naive_tests;

pub use crate::node::Malformed;
