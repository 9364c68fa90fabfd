//! Looking up single paths, record by record.

use super::trie::{Lent, Parts};
use crate::file::error::Damage;
use crate::file::record::{End, Found, Layout, Record, Seek, Value, find, long_value};
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

/// The value at `path` below the root of `parts`.
#[inline]
pub(super) fn get<'p, V: Stored>(
    data: &'p [u8],
    parts: &Parts,
    path: &[u8],
) -> Result<Option<Lent<'p, V>>, Damage> {
    let Some(root) = parts.root else { return Ok(None) };
    let (mut offset, mut left) = (root as usize, path);
    while !left.is_empty() {
        let Some(bytes) = data.get(offset..) else { break };
        match find(bytes, left) {
            Some(Found::Child { distance, used }) => {
                match (offset as u64).checked_sub(distance) {
                    Some(child) if distance > 0 => offset = child as usize,
                    _ => break,
                }
                left = &left[used..];
            }
            Some(Found::Value { number, values }) => {
                let Some(size) = parts.layout.size else { break };
                let at = values + parts.layout.padding((offset + values) as u64) + number * size;
                let value = bytes.get(at..at + size).and_then(V::Form::lend);
                if value.is_none() {
                    break;
                }
                return Ok(value);
            }
            Some(Found::Nothing) => return Ok(None),
            None => break,
        }
    }
    get_by_views::<V>(data, parts.layout, offset as u64, left)
}

/// The value at `path` below the root of the record at `offset`: slower, but for all values, and
/// with a reason if there is an error.
fn get_by_views<'p, V: Stored>(
    data: &'p [u8],
    layout: Layout,
    mut offset: u64,
    mut path: &[u8],
) -> Result<Option<Lent<'p, V>>, Damage> {
    loop {
        let record = record(data, offset, layout)?;
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
