//! Loading a map: its nodes, as they arrive.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::build::Builder;
use super::error::{Damage, FileError};
use super::header::{self, Header};
use super::input::Input;
use super::limits::Limits;
use super::record::{COMMIT, Commit, FILLER, LONG_VALUE, Layout, Record, Unread, long_value};
use super::stored::{Stored, ValueType};
use crate::trie::PathMap;

/// A file that is read front to back.
struct Loader<R, V> {
    input: Input<R>,
    header: Header,
    layout: Layout,
    builder: Builder<V>,
    /// The long values that nodes may refer to, in the order of their offsets.
    long: Vec<(u64, Vec<u8>)>,
    /// The number of nodes before the last commit.
    committed: u64,
    last: Option<Commit>,
}

impl<R: Read, V: Stored> Loader<R, V> {
    /// Reads the header.
    fn new(read: R, limits: Limits) -> Result<Self, FileError> {
        let mut input = Input::new(read, limits);
        input.fill(header::LONGEST)?;
        let (header, len) = Header::decode(input.window())?;
        let wanted = ValueType::of::<V>();
        header.expect(&wanted)?;
        input.consume(len);
        input.skip_checksum();
        let layout = Layout::from(&wanted);
        let builder = Builder::new(limits);
        Ok(Self { input, header, layout, builder, long: Vec::new(), committed: 0, last: None })
    }

    /// Reads one record; returns false at the end of the file.
    #[inline]
    fn step(&mut self) -> Result<bool, FileError> {
        let mut wanted = 1;
        loop {
            let is_whole = self.input.fill(wanted)?;
            let offset = self.input.offset();
            if !is_whole {
                return match self.input.window() {
                    [] => Ok(false),
                    _ => Err(Damage::new(offset, "a whole record").found(wanted as u64).into()),
                };
            }
            let bytes = self.input.window();
            let read = match bytes[0] {
                FILLER => Ok(1),
                LONG_VALUE => long_value(bytes, offset).map(|(value, len)| {
                    self.long.push((offset, value.to_vec()));
                    len
                }),
                COMMIT => match Commit::decode(bytes, offset, self.header.id) {
                    Ok(commit) => return self.commit(commit).map(|()| true),
                    Err(unread) => Err(unread),
                },
                _ => match Record::read(bytes, offset, self.layout) {
                    Ok(record) => {
                        // Without an id the file has one commit, each long value is that of one
                        // value, and they come in the order of the values. So no bytes are copied
                        // twice, and no later node refers to them.
                        let (long, is_single) = (&self.long, self.header.id == 0);
                        let mut least = 0;
                        self.builder.node(&record, |offset| {
                            if is_single && offset < least {
                                return Err(Damage::new(offset, "a long value of one value"));
                            }
                            least = offset + 1;
                            find_long(long, offset)
                        })?;
                        if is_single {
                            self.long.clear();
                        }
                        Ok(record.byte_len())
                    }
                    Err(unread) => Err(unread),
                },
            };
            match read {
                Ok(len) => {
                    self.input.consume(len);
                    return Ok(true);
                }
                Err(Unread::Short(len)) => wanted = len,
                Err(Unread::Damaged(damage)) => return Err(damage.into()),
            }
        }
    }

    /// Checks a commit, which is the next record.
    fn commit(&mut self, commit: Commit) -> Result<(), FileError> {
        let damage = |at: u64, expected| Damage::new(commit.offset + at, expected);
        if commit.previous != self.last.as_ref().map(|last| last.offset) {
            return Err(damage(16, "the distance of the previous commit").into());
        }
        if self.input.take_checksum() != commit.checksum {
            return Err(damage(80, "the checksum of the bytes before").found(commit.checksum).into());
        }
        if commit.nodes != self.builder.len() - self.committed {
            return Err(damage(48, "the number of nodes").found(commit.nodes).into());
        }
        self.builder.root(&commit)?;
        self.input.consume(commit.len);
        self.input.skip_checksum();
        self.committed = self.builder.len();
        self.last = Some(commit);
        Ok(())
    }

    /// Reads everything; returns the map of the last commit.
    fn load(mut self) -> Result<PathMap<V>, FileError> {
        while self.step()? {}
        let end = self.input.offset();
        let last = self.last.filter(|last| last.offset + last.len as u64 == end);
        let last = last.ok_or(Damage::new(end, "a commit at the end"))?;
        let Some(root) = last.root else { return Ok(PathMap::new()) };
        self.builder.check_limits(root)?;
        Ok(PathMap::from_root(self.builder.get(root).map(|(root, _)| root)))
    }
}

/// The long value whose record is at an offset.
fn find_long(long: &[(u64, Vec<u8>)], offset: u64) -> Result<&[u8], Damage> {
    match long.binary_search_by_key(&offset, |(at, _)| *at) {
        Ok(found) => Ok(&long[found].1),
        Err(_) => Err(Damage::new(offset, "a long value")),
    }
}

impl<V: Stored> PathMap<V> {
    /// Reads a map that was [saved](Self::save).
    ///
    /// The source is read to its end, in blocks, so no buffer is needed around it. It is not
    /// trusted: whatever the bytes are, the result is an error or a well-formed map, and the memory
    /// needed is proportional to their number. See [`load_within`](Self::load_within) for sources
    /// that may be hostile. Nodes that were shared within the map are shared again.
    ///
    /// If the file has several commits, the map of the last one is returned.
    ///
    /// # Errors
    /// Fails if the source does, if the bytes are not those of a map whose values are of type `V`,
    /// and if any byte was changed or the end is missing; see [`FileError`].
    ///
    /// # Complexity
    /// O(bytes).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::FileError;
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("romane", 1u32), ("romanus", 2)]).save(&mut bytes)?;
    ///
    /// let map: PathMap<u32> = PathMap::load(&bytes[..])?;
    /// assert_eq!(map.get("romanus"), Some(&2));
    ///
    /// let error = PathMap::<u64>::load(&bytes[..]).unwrap_err();
    /// assert_eq!(error.to_string(), "the values are `u32 (4 bytes)`, not `u64 (8 bytes)`");
    /// let error = PathMap::<u32>::load(&bytes[..bytes.len() - 1]).unwrap_err();
    /// assert!(matches!(error, FileError::Damaged(_)));
    /// # Ok::<(), FileError>(())
    /// ```
    pub fn load<R: Read>(read: R) -> Result<Self, FileError> {
        Self::load_within(read, Limits::new())
    }

    /// Reads a map from a file; see [`load`](Self::load).
    ///
    /// # Errors
    /// As [`load`](Self::load), and if the file cannot be opened.
    pub fn load_from<P: AsRef<Path>>(path: P) -> Result<Self, FileError> {
        Self::load(File::open(path)?)
    }

    /// Reads a map, unless it exceeds limits; see [`load`](Self::load) and [`Limits`].
    ///
    /// # Errors
    /// As [`load`](Self::load), and with [`FileError::LimitExceeded`] as soon as a limit is
    /// exceeded.
    pub fn load_within<R: Read>(read: R, limits: Limits) -> Result<Self, FileError> {
        Loader::new(read, limits)?.load()
    }
}
