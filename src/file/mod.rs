//! Maps in files.

mod error;
mod header;
mod record;
mod stored;

pub use error::{Damage, FileError};
pub use stored::{Bytes, Fixed, Form, Kind, Stored, Text, ValueType};
