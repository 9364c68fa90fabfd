//! Records: what follows the header of a file, down to the byte.
//!
//! ```text
//! node    00..7F   one node, as `encode` draws it
//! filler  80       one byte without a meaning
//! value   81       a long value: its length (8 bytes), its bytes
//! commit  82       the state of the whole map, as `commit` draws it
//! ```
//! Everything that a record refers to lies before it, and a reference is a distance: the first
//! byte of the record that refers, minus the first byte of the record that it refers to. So no
//! bytes form a cycle, and a file can be read while it arrives. All numbers are little-endian.
//!
//! - An [`Encoder`] appends records to bytes that are to be written.
//! - A [`Record`] is a view of the bytes of one node. It is made in constant time and copies
//!   nothing. Readers find entries by [`Record::entries_from`] and go through them by a
//!   [`Cursor`]. [`Record::columns`] returns the columns from which
//!   [`Shared::from_columns`](crate::node::Shared::from_columns) builds a node.
//! - A [`Commit`] is decoded as a whole.
//!
//! Views are safe on any bytes. What they check when they are made is that each part lies within
//! the bytes. An offset that damaged bytes contain is an error when it is used, and a suffix that
//! damaged bytes place outside of the record is empty. [`Record::columns`] and whoever builds nodes
//! from it check all other rules.

mod columns;
mod commit;
mod cursor;
mod encode;
mod front;
mod layout;
mod lookup;
mod parts;
mod search;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use columns::RecordColumns;
pub(crate) use commit::Commit;
pub(crate) use cursor::Cursor;
pub(crate) use encode::{Encoder, PutValue};
pub(crate) use layout::{COMMIT, FILLER, LONG_VALUE, Layout, Unread};
pub(crate) use lookup::value_at;
pub(crate) use parts::long_value;
pub(crate) use view::{End, Record, Value};
