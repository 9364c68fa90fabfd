//! [`Packed`]: opening, and looking up single paths.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use super::data::Data;
use super::lookup;
use crate::file::error::{Damage, FileError};
use crate::file::header::Header;
use crate::file::record::{Commit, Layout};
use crate::file::stored::{Form, Stored, ValueType};

/// A value of a packed trie: lent in place as `&V`, `&[u8]` or `&str`, or decoded.
pub(super) type Lent<'p, V> = <<V as Stored>::Form as Form>::Lent<'p>;

/// The layout of a file's records, and the root of one map.
pub(super) struct Parts {
    pub(super) layout: Layout,
    pub(super) root: Option<u64>,
}

/// A map in the bytes of a file, opened without loading it.
///
/// The bytes are those that [`PathMap::save`](crate::PathMap::save) writes. They may be in memory
/// ([`new`](Self::new)), read from a file ([`open`](Self::open)) or mapped
/// (`map`, feature `mmap`). Opening builds no nodes: it takes O(1) for bytes or a
/// mapped file. A look-up touches only the bytes on its way. Values are lent in place: as `&V` if
/// they have a fixed size, as `&[u8]` or `&str` if they are bytes or text. Values that serde
/// encodes are decoded; see [`Stored`].
///
/// A packed trie is `Send` and `Sync`. Its clones share the bytes, so they are cheap.
///
/// # Damaged bytes
/// The bytes are not trusted. Opening verifies the header and the record of the last commit, but
/// not the nodes, because that would read all of them. Whatever the bytes are, no call panics, and
/// none runs for ever. What damaged bytes lead to is absent. [`try_get`](Self::try_get) tells
/// damage from absence, and [`verify`](Self::verify) checks everything.
///
/// A small file can hold a map of very many paths, since nodes can be shared; see
/// [`Limits`](crate::file::Limits). To iterate over such a map takes as long as it has paths, but
/// [`len`](Self::len) and [`val_count`](crate::zipper::ZipperMoving::val_count) do not.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::file::Packed;
///
/// let mut bytes = Vec::new();
/// PathMap::from([("romane", 1u32), ("romanus", 2), ("rubens", 3)]).save(&mut bytes)?;
///
/// let packed = Packed::<u32>::new(bytes)?;
/// assert_eq!(packed.get("romanus"), Some(&2));
/// assert_eq!(packed.len(), 3);
/// let found: Vec<_> = packed.prefix("rom").collect();
/// assert_eq!(found, [(b"romane".to_vec(), &1), (b"romanus".to_vec(), &2)]);
/// # Ok::<(), bytetrie::file::FileError>(())
/// ```
#[must_use]
pub struct Packed<'a, V> {
    pub(super) data: Data<'a>,
    /// The id in the header, and the length of the header.
    pub(super) file_id: u128,
    pub(super) header_len: usize,
    pub(super) layout: Layout,
    /// The offset of the commit's record.
    pub(super) commit: u64,
    /// The end of the commit's record. What follows does not belong to the map.
    pub(super) end: usize,
    pub(super) root: Option<u64>,
    pub(super) values: u64,
    locations: u64,
    pub(super) hash: Option<u128>,
    values_type: PhantomData<fn() -> V>,
}

impl<'a, V: Stored> Packed<'a, V> {
    /// Opens the map in the bytes of a file: a `Vec<u8>`, `Box<[u8]>`, `Arc<[u8]>`, `&[u8]`,
    /// `&Vec<u8>` or `&[u8; N]`.
    ///
    /// If the file has several commits, the map is that of the last one whose record is whole;
    /// [`at`](Self::at) opens any other. A crash may leave anything behind the last commit, which
    /// is ignored. The bytes before the record are not verified: after a power cut, open the
    /// [`Store`](crate::file::Store) first, which verifies them and cuts off what is not whole.
    ///
    /// Values with an alignment are lent from the bytes, so the first byte must be aligned in
    /// memory too. If it is not, all bytes are copied.
    ///
    /// # Errors
    /// Fails if the bytes do not begin with the header of a file whose values are of type `V`, or
    /// if they contain no whole commit; see [`FileError`].
    ///
    /// # Complexity
    /// O(1) if the bytes end with a commit and are aligned. O(bytes behind the last commit) if
    /// they do not end with one.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::{FileError, Packed};
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("ada", "Lovelace".to_string())]).save(&mut bytes)?;
    /// assert_eq!(Packed::<String>::new(&bytes)?.get("ada"), Some("Lovelace"));
    /// assert!(matches!(Packed::<u32>::new(&bytes), Err(FileError::WrongType { .. })));
    /// # Ok::<(), FileError>(())
    /// ```
    pub fn new<D: Into<Data<'a>>>(bytes: D) -> Result<Self, FileError> {
        let data = bytes.into();
        let (header, header_len) = Header::decode(&data)?;
        let values = ValueType::of::<V>();
        header.expect(&values)?;
        let last = Commit::last(&data, header.id).filter(|last| last.offset >= header_len as u64);
        let last = last.ok_or(Damage::new(data.len() as u64, "a commit at the end"))?;
        let data = data.aligned(values.align);
        Ok(Self::of_commit(data, header.id, header_len, &last))
    }

    /// The map of a commit in the bytes of a file.
    pub(super) fn of_commit(data: Data<'a>, file_id: u128, header_len: usize, commit: &Commit) -> Self {
        Self {
            data,
            file_id,
            header_len,
            layout: Layout::from(&ValueType::of::<V>()),
            commit: commit.offset,
            end: commit.offset as usize + commit.len,
            root: commit.root,
            values: commit.counts.values,
            locations: commit.counts.locations,
            hash: commit.hash,
            values_type: PhantomData,
        }
    }

    /// Opens the map in a file, all bytes of which are read.
    ///
    /// With the feature `mmap`, `map` reads only what is used.
    ///
    /// # Errors
    /// As [`new`](Self::new). Fails too if the file cannot be read.
    ///
    /// # Complexity
    /// O(bytes of the file), to read them.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-open-{}", std::process::id()));
    /// PathMap::from([("romane", 1u32), ("romanus", 2)]).save_to(&path)?;
    /// let packed = Packed::<u32>::open(&path)?;
    /// assert_eq!(packed.get("romanus"), Some(&2));
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn open<P: AsRef<Path>>(path: P) -> Result<Self, FileError> {
        Self::new(std::fs::read(path)?)
    }
}

impl<V: Stored> Packed<'_, V> {
    #[inline]
    pub(super) fn parts(&self) -> Parts {
        Parts { layout: self.layout, root: self.root }
    }

    /// Returns the value at `path`: lent in place, or decoded if serde encodes it.
    ///
    /// # Complexity
    /// O(path).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("ada", b"\x01\x02".to_vec()), ("alan", vec![])]).save(&mut bytes)?;
    /// let packed = Packed::<Vec<u8>>::new(bytes)?;
    /// assert_eq!(packed.get("ada"), Some(&b"\x01\x02"[..]));
    /// assert_eq!(packed.get("a"), None);
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn get<K: AsRef<[u8]>>(&self, path: K) -> Option<Lent<'_, V>> {
        self.try_get(path).unwrap_or(None)
    }

    /// Returns the value at `path` like [`get`](Self::get), but tells damage from absence.
    ///
    /// # Errors
    /// Fails if the bytes on the way to the path violate the format. Damage that does not show on
    /// the way is not found; see [`verify`](Self::verify).
    ///
    /// # Complexity
    /// O(path).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("ada", true)]).save(&mut bytes)?;
    /// let at = bytes.windows(3).rposition(|window| window == b"\x01da").unwrap();
    /// bytes[at] = 7; // is no `bool`
    /// let packed = Packed::<bool>::new(bytes)?;
    /// assert_eq!(packed.get("ada"), None);
    /// assert!(packed.try_get("ada").is_err() && packed.try_get("b").is_ok());
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    #[inline]
    pub fn try_get<K: AsRef<[u8]>>(&self, path: K) -> Result<Option<Lent<'_, V>>, Damage> {
        lookup::get::<V>(&self.data, &self.parts(), path.as_ref())
    }

    /// Returns true iff there is a value at `path`. O(path).
    #[must_use]
    pub fn contains<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.get(path).is_some()
    }

    /// Returns the number of values, which the commit tells. O(1).
    ///
    /// It saturates at `usize::MAX`.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.values).unwrap_or(usize::MAX)
    }

    /// Returns true iff the map has no values. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values == 0
    }

    /// Returns the number of locations, which the commit tells. O(1).
    ///
    /// These are the root, and all paths that lead to a value or a dangling tip, with their
    /// prefixes. The number saturates at 2⁶⁴ − 1.
    #[must_use]
    pub fn location_count(&self) -> u64 {
        self.locations
    }

    /// Returns the hash of the content, [`content_hash`](crate::file::content_hash), if it was
    /// computed when the map was written. O(1).
    ///
    /// A [`Store`](crate::file::Store) computes it, but [`save`](crate::PathMap::save) does not.
    #[must_use]
    pub fn stored_hash(&self) -> Option<u128> {
        self.hash
    }

    /// The bytes of the file.
    #[cfg(feature = "arena_compact")]
    pub(crate) fn data(&self) -> &[u8] {
        &self.data
    }

    /// The offsets of the roots of all commits up to this one, the last one first. Commits of
    /// empty maps have none.
    #[cfg(feature = "arena_compact")]
    pub(crate) fn roots(&self) -> Vec<u64> {
        let id = Header::decode(&self.data).map_or(0, |(header, _)| header.id);
        let mut roots = Vec::new();
        let mut at = Some(self.commit);
        while let Some(offset) = at {
            let bytes = usize::try_from(offset).ok().and_then(|offset| self.data.get(offset..));
            let Some(commit) = bytes.and_then(|bytes| Commit::decode(bytes, offset, id).ok()) else { break };
            roots.extend(commit.root);
            at = commit.previous;
        }
        roots
    }

    /// Returns the number of bytes of the file up to the end of the map's commit. O(1).
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.end
    }
}

impl<V> Clone for Packed<'_, V> {
    fn clone(&self) -> Self {
        Self { data: self.data.clone(), ..*self }
    }
}

impl<V: Stored> fmt::Debug for Packed<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Packed");
        debug.field("values", &V::NAME).field("len", &self.values).field("bytes", &self.end);
        debug.finish_non_exhaustive()
    }
}
