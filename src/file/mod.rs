//! Maps in files.

mod build;
mod error;
mod header;
mod input;
mod limits;
mod load;
mod output;
mod record;
mod replace;
mod save;
mod stored;
mod writer;

pub use error::{Damage, FileError};
pub use limits::Limits;
pub use stored::{Bytes, Fixed, Form, Kind, Stored, Text};
pub use writer::{Finished, Writer, WriterOptions};
