//! Looking up single paths, record by record.

use super::trie::{Lent, Parts};
use crate::file::error::Damage;
use crate::file::record::{End, Layout, Record, Seek, Value, long_value};
use crate::file::stored::{Form, Stored};

/// The record at an offset.
#[inline]
pub(super) fn record(data: &[u8], offset: u64, layout: Layout) -> Result<Record<'_>, Damage> {
    let bytes = usize::try_from(offset).ok().and_then(|offset| data.get(offset..));
    let bytes = bytes.ok_or_else(|| Damage::new(offset, "a record"))?;
    Record::read(bytes, offset, layout).map_err(|unread| unread.at_the_end(offset))
}

/// The value of a record with a number.
#[inline]
pub(super) fn value<'p, V: Stored>(
    data: &'p [u8],
    record: &Record<'p>,
    number: usize,
) -> Result<Lent<'p, V>, Damage> {
    let bytes = match record.value(number)? {
        Value::Here(bytes) => bytes,
        Value::At(offset) => {
            let bytes = usize::try_from(offset).ok().and_then(|offset| data.get(offset..));
            let bytes = bytes.ok_or_else(|| Damage::new(offset, "a long value"))?;
            long_value(bytes, offset).map_err(|unread| unread.at_the_end(offset))?.0
        }
    };
    V::Form::lend(bytes).ok_or_else(|| Damage::new(record.offset(), "the bytes of values"))
}

/// The value at `path`, which is below the root of `parts`.
#[inline]
pub(super) fn get<'p, V: Stored>(
    data: &'p [u8],
    parts: &Parts,
    path: &[u8],
) -> Result<Option<Lent<'p, V>>, Damage> {
    let Some(mut offset) = parts.root else { return Ok(None) };
    let mut path = path;
    loop {
        let record = record(data, offset, parts.layout)?;
        if path.is_empty() {
            return if record.has_own() { value::<V>(data, &record, 0).map(Some) } else { Ok(None) };
        }
        match record.seek(path) {
            Seek::Child { child, used, .. } => {
                offset = record.child(child)?;
                path = &path[used..];
            }
            Seek::Entry(entry) => {
                return match record.end(entry) {
                    Some(End::Value(number)) => value::<V>(data, &record, number).map(Some),
                    _ => Ok(None),
                };
            }
            Seek::Nothing => return Ok(None),
        }
    }
}
