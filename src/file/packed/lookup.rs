//! Looking up single paths, record by record.

use super::trie::{Lent, Parts};
use crate::file::error::Damage;
use crate::file::record::{Layout, Record, Value, long_value, value_at};
use crate::file::stored::{Form, Stored};

/// The record at an offset.
#[inline]
pub(super) fn record(data: &[u8], offset: u64, layout: Layout) -> Result<Record<'_>, Damage> {
    let bytes = usize::try_from(offset).ok().and_then(|offset| data.get(offset..));
    let bytes = bytes.ok_or_else(|| Damage::new(offset, "a record"))?;
    Record::read(bytes, offset, layout).map_err(|unread| unread.at_the_end(offset))
}

/// The bytes of a value.
#[inline]
fn bytes_of<'p>(data: &'p [u8], value: Value<'p>) -> Result<&'p [u8], Damage> {
    match value {
        Value::Here(bytes) => Ok(bytes),
        Value::At(offset) => {
            let bytes = usize::try_from(offset).ok().and_then(|offset| data.get(offset..));
            let bytes = bytes.ok_or_else(|| Damage::new(offset, "a long value"))?;
            Ok(long_value(bytes, offset).map_err(|unread| unread.at_the_end(offset))?.0)
        }
    }
}

/// The value whose bytes, or whose place, are known. `offset` is that of the node's record.
#[inline]
pub(super) fn lend<'p, V: Stored>(
    data: &'p [u8],
    value: Value<'p>,
    offset: u64,
) -> Result<Lent<'p, V>, Damage> {
    let value = V::Form::lend(bytes_of(data, value)?);
    value.ok_or_else(|| Damage::new(offset, "the bytes of values"))
}

/// A copy of the value of a record with a number.
pub(super) fn copy<V: Stored>(data: &[u8], record: &Record<'_>, number: usize) -> Result<V, Damage> {
    let value = V::Form::read(bytes_of(data, record.value(number)?)?);
    value.ok_or_else(|| Damage::new(record.offset(), "the bytes of values"))
}

/// The value of a record with a number.
#[inline]
pub(super) fn value<'p, V: Stored>(
    data: &'p [u8],
    record: &Record<'p>,
    number: usize,
) -> Result<Lent<'p, V>, Damage> {
    lend::<V>(data, record.value(number)?, record.offset())
}

/// The value at `path` below the root of `parts`.
#[inline]
pub(super) fn get<'p, V: Stored>(
    data: &'p [u8],
    parts: &Parts,
    path: &[u8],
) -> Result<Option<Lent<'p, V>>, Damage> {
    let Some(root) = parts.root else { return Ok(None) };
    match value_at(data, root, parts.layout, path)? {
        Some(value) => lend::<V>(data, value, root).map(Some),
        None => Ok(None),
    }
}
