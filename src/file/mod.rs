//! Maps in files.

mod build;
mod error;
mod header;
mod input;
mod limits;
mod load;
mod output;
mod packed;
mod record;
mod save;
mod stored;

pub use error::{Damage, FileError};
pub use limits::Limits;
pub use packed::{Data, Packed, PackedWitness, PackedZipper, PackedZipperOwned};
pub use stored::{Bytes, Fixed, Form, InPlace, Kind, Stored, Text, ValueType};
