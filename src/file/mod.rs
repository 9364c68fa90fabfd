//! Maps in files.

mod build;
#[cfg_attr(not(test), expect(dead_code, reason = "logs are built on it"))]
mod build_at;
mod error;
mod header;
mod input;
mod limits;
mod load;
#[cfg(test)]
mod log_tests;
mod output;
mod record;
mod save;
mod stored;

pub use error::{Damage, FileError};
pub use limits::Limits;
pub use stored::{Bytes, Fixed, Form, Kind, Stored, Text};
