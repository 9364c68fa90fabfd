//! The header: the first bytes of a file.
//!
//! ```text
//! offset  bytes
//! 0       8      89 42 54 72 69 65 0D 0A ("\x89BTrie\r\n")
//! 8       2      version of the format
//! 10      2      features that a reader must know: none yet
//! 12      1      form of the values (`Kind`)
//! 13      1      alignment of the values, as the exponent of a power of two
//! 14      2      length of the name of the values' type
//! 16      4      size of a value, if all have one size
//! 20      4      length of the header, a multiple of 16
//! 24      16     id of the file
//! 40      …      the name of the values' type, then zeros
//! end-8   8      checksum of the bytes before
//! ```
//!
//! The first byte is not ASCII, and a line end follows the name, so that programs that change line
//! ends or the highest bits are found out at once.

use xxhash_rust::xxh3::xxh3_64;

use super::error::{Damage, FileError};
use super::stored::{Kind, ValueType};

/// The first bytes of every file.
const MAGIC: [u8; 8] = *b"\x89BTrie\r\n";

/// The version of the format that is written.
const VERSION: u16 = 1;

/// The length of a header with the longest name.
pub(crate) const LONGEST: usize = 48 + 256;

/// The content of a file's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) values: ValueType,
    /// Distinguishes files that were written independently. It is 0 in a file that has a single
    /// commit, so that equal maps make equal files.
    pub(crate) id: u128,
}

impl Header {
    /// The bytes of the header.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let ValueType { kind, align, size, name } = &self.values;
        debug_assert!(name.len() <= 255, "longer names do not compile");
        let len = (40 + name.len() + 8).next_multiple_of(16);
        let mut bytes = Vec::with_capacity(len);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(0u16.to_le_bytes());
        bytes.push(*kind as u8);
        bytes.push(align.ilog2() as u8);
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend((*size as u32).to_le_bytes());
        bytes.extend((len as u32).to_le_bytes());
        bytes.extend(self.id.to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.resize(len - 8, 0);
        bytes.extend(xxh3_64(&bytes).to_le_bytes());
        bytes
    }

    /// Reads the header at the beginning of `bytes`, and returns its length too.
    pub(crate) fn decode(bytes: &[u8]) -> Result<(Self, usize), FileError> {
        let magic = &bytes[..bytes.len().min(8)];
        if magic != MAGIC {
            return Err(FileError::NotATrie { found: magic.into() });
        }
        let version = number(bytes, 8, 2)? as u16;
        if version > VERSION {
            return Err(FileError::NewerVersion { found: version, newest: VERSION });
        }
        let len = number(bytes, 20, 4)? as usize;
        let whole = bytes.get(..len).filter(|_| (48..=LONGEST).contains(&len) && len.is_multiple_of(16));
        let whole = whole.ok_or(Damage::new(20, "the length of the header").found(len as u64))?;
        if xxh3_64(&whole[..len - 8]) != number(whole, len - 8, 8)? {
            return Err(Damage::new(len as u64 - 8, "the checksum of the header").into());
        }
        let features = number(whole, 10, 2)?;
        if features != 0 || version == 0 {
            return Err(Damage::new(8, "a version and features that are known").found(features).into());
        }
        let kind = Kind::of(whole[12]).ok_or(Damage::new(12, "a form of values").found(whole[12]))?;
        let name_len = number(whole, 14, 2)? as usize;
        let name = whole[..len - 8].get(40..40 + name_len);
        let name = name.and_then(|name| str::from_utf8(name).ok());
        let name = name.ok_or(Damage::new(40, "the name of a type"))?.to_owned();
        let align = 1usize.checked_shl(whole[13].into()).filter(|&align| align <= 1 << 12);
        let align = align.ok_or(Damage::new(13, "an alignment").found(whole[13]))?;
        let size = number(whole, 16, 4)? as usize;
        let id = u128::from_le_bytes(whole[24..40].try_into().expect("sixteen bytes"));
        Ok((Self { values: ValueType { kind, align, size, name }, id }, len))
    }

    /// Fails unless the values are of the type `wanted`, and can be read on this machine.
    pub(crate) fn expect(&self, wanted: &ValueType) -> Result<(), FileError> {
        if self.values != *wanted {
            return Err(FileError::WrongType { stored: self.values.to_string(), wanted: wanted.to_string() });
        }
        if cfg!(target_endian = "big") && wanted.align > 1 {
            let wanted = format!("{wanted} on a big-endian machine");
            return Err(FileError::WrongType {
                stored: format!("{} in little-endian order", self.values),
                wanted,
            });
        }
        Ok(())
    }
}

/// The number in `len` bytes at `at`, which is at most 8.
fn number(bytes: &[u8], at: usize, len: usize) -> Result<u64, Damage> {
    let found = at.checked_add(len).and_then(|end| bytes.get(at..end));
    let found = found.ok_or(Damage::new(bytes.len() as u64, "a whole header"))?;
    let mut word = [0; 8];
    word[..len].copy_from_slice(found);
    Ok(u64::from_le_bytes(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::stored::Stored;

    fn header<V: Stored>() -> Header {
        Header { values: ValueType::of::<V>(), id: 7 }
    }

    #[test]
    fn headers_read_as_written() {
        for header in [header::<()>(), header::<u64>(), header::<String>(), header::<[u32; 5]>()] {
            let mut bytes = header.encode();
            let len = bytes.len();
            assert_eq!(len % 16, 0);
            bytes.extend(b"what follows");
            assert_eq!(Header::decode(&bytes).unwrap(), (header, len));
        }
    }

    #[test]
    fn each_cut_and_each_flip_of_a_header_is_an_error() {
        let bytes = header::<u64>().encode();
        for len in 0..bytes.len() {
            Header::decode(&bytes[..len]).unwrap_err();
        }
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            Header::decode(&bytes).unwrap_err();
        }
    }

    #[test]
    fn another_type_is_named() {
        let error = header::<u64>().expect(&ValueType::of::<String>()).unwrap_err();
        assert_eq!(error.to_string(), "the values are `u64 (8 bytes)`, not `text`");
        header::<u64>().expect(&ValueType::of::<u64>()).unwrap();
        header::<[u64; 2]>().expect(&ValueType::of::<u64>()).unwrap_err();
    }

    #[test]
    fn a_newer_version_is_named() {
        let mut bytes = header::<u64>().encode();
        bytes[8] = 2;
        let error = Header::decode(&bytes).unwrap_err();
        assert_eq!(error.to_string(), "version 2 of the format, but only versions up to 1 are known");
    }
}
