//! A zipper that shows a trie below a path.

use std::borrow::Cow;
use std::fmt;

use super::virtual_path::VirtualPath;
use crate::bytes::{ByteMask, Text, common_prefix};
use crate::trie::PathMap;
use crate::zipper::traits::*;
use crate::zipper::trie_ref::TrieRef;

/// A zipper that shows the trie of its source below a prefix: each location of the source, with
/// the prefix before it.
///
/// The prefix exists iff the source's root exists, and leads only to that root.
///
/// # Complexity
/// Each move takes a move of the source, plus a copy of the bytes that the move adds to the path.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let map: PathMap<u32> = [("a", 1), ("b", 2)].into_iter().collect();
/// let mut zipper = PrefixZipper::new(b"site/docs/", map.read_zipper());
/// zipper.set_root_prefix_path(b"site/").unwrap();
/// assert!(zipper.to_next_val());
/// assert_eq!((zipper.path(), zipper.val()), (&b"docs/a"[..], Some(&1)));
/// assert_eq!(zipper.origin_path(), b"site/docs/a");
/// ```
#[derive(Clone)]
#[must_use = "a zipper does nothing until it is used"]
pub struct PrefixZipper<'prefix, Z> {
    /// The path from the origin.
    path: VirtualPath,
    /// The length of the path from the origin to the root.
    root_len: usize,
    prefix: Cow<'prefix, [u8]>,
    /// The length of the common prefix of the path and the prefix. If it is less than the length
    /// of the prefix, the source is at its root; otherwise the source's path is the rest of the
    /// path.
    shared: usize,
    source: Z,
}

/// The error if the prefix of a [`PrefixZipper`] does not begin with the root path that was given.
///
/// Use a shorter root path, or a prefix that begins with it.
#[derive(Clone, PartialEq, Eq)]
pub struct NotInPrefix {
    path: Box<[u8]>,
    prefix: Box<[u8]>,
}

impl NotInPrefix {
    /// The root path that was given.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.path
    }
}

impl fmt::Display for NotInPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, prefix) = (self.path.escape_ascii(), self.prefix.escape_ascii());
        write!(f, "the zipper's prefix \"{prefix}\" does not begin with \"{path}\"")
    }
}

impl fmt::Debug for NotInPrefix {
    /// Shows the text of `Display`, because a failed `unwrap` prints `Debug`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NotInPrefix({self})")
    }
}

impl std::error::Error for NotInPrefix {}

impl<'prefix, Z: ZipperMoving> PrefixZipper<'prefix, Z> {
    /// A zipper that shows the trie at the root of `source` below `prefix`.
    ///
    /// The source is reset. The origin, the root and the focus are the empty path.
    pub fn new<P>(prefix: P, mut source: Z) -> Self
    where
        P: Into<Cow<'prefix, [u8]>>,
    {
        source.reset();
        Self { path: VirtualPath::default(), root_len: 0, prefix: prefix.into(), shared: 0, source }
    }

    /// This zipper with its root and focus at `origin`, a path that the prefix begins with.
    ///
    /// # Errors
    /// Returns [`NotInPrefix`] if the prefix does not begin with `origin`.
    pub fn with_origin<K: AsRef<[u8]>>(mut self, origin: K) -> Result<Self, NotInPrefix> {
        self.set_root_prefix_path(origin)?;
        Ok(self)
    }

    /// Moves the root and the focus to `root_prefix_path`, a path that the prefix begins with.
    ///
    /// # Errors
    /// Returns [`NotInPrefix`] if the prefix does not begin with the path. The zipper is then
    /// unchanged.
    pub fn set_root_prefix_path<K: AsRef<[u8]>>(&mut self, root_prefix_path: K) -> Result<(), NotInPrefix> {
        let root_prefix_path = root_prefix_path.as_ref();
        if !self.prefix.starts_with(root_prefix_path) {
            return Err(NotInPrefix { path: root_prefix_path.into(), prefix: (&*self.prefix).into() });
        }
        self.source.reset();
        self.path.truncate(0);
        self.path.extend(root_prefix_path);
        (self.root_len, self.shared) = (root_prefix_path.len(), root_prefix_path.len());
        Ok(())
    }

    /// Moves the source downwards by `go`, and extends the path by the bytes moved.
    #[inline]
    fn descend<T>(&mut self, go: impl FnOnce(&mut Z) -> T) -> T {
        let before = self.source.path().len();
        let answer = go(&mut self.source);
        self.path.extend(&self.source.path()[before..]);
        answer
    }

    /// Moves along the prefix to the source's root; returns whether the zipper moved.
    ///
    /// It does not move if the focus is after the prefix in path order, if its root is not on the
    /// prefix, or if the source's root does not exist.
    fn enter(&mut self) -> bool {
        let ahead = match (self.path.get().get(self.shared), self.prefix.get(self.shared)) {
            (Some(here), Some(there)) => here < there,
            _ => true,
        };
        let enters = ahead && self.shared >= self.root_len && self.source.path_exists();
        if enters {
            self.path.truncate(self.shared);
            self.path.extend(&self.prefix[self.shared..]);
            self.shared = self.prefix.len();
        }
        enters
    }

    /// Ascends to the nearest strict ancestor that branches or, with `values`, has a value.
    fn ascend_until_fork(&mut self, values: bool) -> bool {
        if self.at_root() {
            return false;
        }
        if self.is_in_source() && !self.source.at_root() {
            let before = self.source.path().len();
            if values {
                self.source.ascend_until();
            } else {
                self.source.ascend_until_branch();
            }
            let after = self.source.path().len();
            self.path.truncate(self.path.len() - (before - after));
            if after > 0 || self.source.child_count() > 1 || values && self.source.is_val() {
                return true;
            }
        }
        self.reset();
        true
    }

    fn to_sibling(
        &mut self,
        of_source: impl Fn(&mut Z) -> bool,
        neighbour: impl Fn(&ByteMask, u8) -> Option<u8>,
    ) -> bool {
        if !self.is_in_source() || self.source.at_root() {
            return to_sibling(self, neighbour);
        }
        let moved = of_source(&mut self.source);
        if moved {
            self.path.truncate(self.path.len() - 1);
            self.path.push(*self.source.path().last().expect("a sibling has a last byte"));
        }
        moved
    }
}

impl<Z> PrefixZipper<'_, Z> {
    /// Whether the focus is the end of the prefix or below it.
    #[inline]
    fn is_in_source(&self) -> bool {
        self.shared == self.prefix.len()
    }

    /// Whether the focus is neither on the prefix nor below its end.
    fn is_off(&self) -> bool {
        !self.is_in_source() && self.path.len() > self.shared
    }

    /// The part of the prefix that is below the focus; `None` if the focus is not on the prefix or
    /// below its end.
    #[must_use]
    pub fn prefix_path_below_focus(&self) -> Option<&[u8]> {
        (!self.is_off()).then(|| &self.prefix[self.shared..])
    }

    /// The path from the source's focus to the location at `path` below this focus, if that is in
    /// the source.
    fn in_source<'k>(&self, path: &'k [u8]) -> Option<&'k [u8]> {
        path.strip_prefix(self.prefix_path_below_focus()?)
    }
}

impl<Z: Zipper> Zipper for PrefixZipper<'_, Z> {
    fn path_exists(&self) -> bool {
        !self.is_off() && self.source.path_exists()
    }
    fn is_val(&self) -> bool {
        self.is_in_source() && self.source.is_val()
    }
    fn child_count(&self) -> usize {
        if self.is_in_source() { self.source.child_count() } else { self.path_exists() as usize }
    }
    fn child_mask(&self) -> ByteMask {
        match self.prefix.get(self.shared) {
            None => self.source.child_mask(),
            Some(&byte) if self.path_exists() => ByteMask::from(byte),
            Some(_) => ByteMask::EMPTY,
        }
    }
}

impl<Z: ZipperMoving> ZipperMoving for PrefixZipper<'_, Z> {
    #[inline]
    fn path(&self) -> &[u8] {
        &self.path.get()[self.root_len..]
    }
    fn val_count(&self) -> usize {
        if self.is_off() { 0 } else { self.source.val_count() }
    }
    fn tip_count(&self) -> Option<usize> {
        if self.is_off() { Some(0) } else { self.source.tip_count() }
    }
    fn reset(&mut self) {
        self.source.reset();
        self.path.truncate(self.root_len);
        self.shared = self.shared.min(self.root_len);
    }
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        let k = k.as_ref();
        let mut along = 0;
        if !self.is_in_source() && !self.is_off() {
            along = common_prefix(&self.prefix[self.shared..], k);
            self.shared += along;
        }
        if self.is_in_source() {
            self.source.descend_to(&k[along..]);
        }
        self.path.extend(k);
    }
    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        if !self.path_exists() {
            return 0;
        }
        let k = k.as_ref();
        let along = common_prefix(&self.prefix[self.shared..], k);
        self.shared += along;
        self.path.extend(&k[..along]);
        match self.is_in_source() {
            true => along + self.descend(|source| source.descend_to_existing(&k[along..])),
            false => along,
        }
    }
    #[inline]
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        if self.is_in_source() {
            let moved = self.source.descend_to_existing_byte(k);
            if moved {
                self.path.push(k);
            }
            return moved;
        }
        self.descend_to_existing([k]) == 1
    }
    #[inline]
    fn descend_first_byte(&mut self) -> bool {
        match self.prefix.get(self.shared).copied() {
            None => self.descend(Z::descend_first_byte),
            Some(byte) => self.descend_to_existing_byte(byte),
        }
    }
    fn descend_last_byte(&mut self) -> bool {
        match self.prefix.get(self.shared).copied() {
            None => self.descend(Z::descend_last_byte),
            Some(byte) => self.descend_to_existing_byte(byte),
        }
    }
    fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        if !self.path_exists() {
            return false;
        }
        let start = self.path.len();
        if !self.is_in_source() {
            let along = max_bytes.min(self.prefix.len() - self.shared);
            self.path.extend(&self.prefix[self.shared..self.shared + along]);
            self.shared += along;
            if !self.is_in_source() || self.source.is_val() {
                return along > 0;
            }
        }
        let left = max_bytes - (self.path.len() - start);
        if left > 0 {
            self.descend(|source| source.descend_until_max_bytes(left));
        }
        self.path.len() > start
    }
    #[inline]
    fn ascend(&mut self, steps: usize) -> bool {
        let depth = self.path.len() - self.root_len;
        let up = steps.min(depth);
        if self.is_in_source() {
            // The source does not ascend above its root.
            self.source.ascend(up.min(self.path.len() - self.shared));
        }
        self.path.truncate(self.path.len() - up);
        self.shared = self.shared.min(self.path.len());
        steps <= depth
    }
    fn ascend_until(&mut self) -> bool {
        self.ascend_until_fork(true)
    }
    fn ascend_until_branch(&mut self) -> bool {
        self.ascend_until_fork(false)
    }
    fn to_next_sibling_byte(&mut self) -> bool {
        self.to_sibling(Z::to_next_sibling_byte, ByteMask::next_bit)
    }
    fn to_prev_sibling_byte(&mut self) -> bool {
        self.to_sibling(Z::to_prev_sibling_byte, ByteMask::prev_bit)
    }
    #[inline]
    fn to_next_step(&mut self) -> bool {
        if !self.is_in_source() {
            // The locations on the prefix lead to the source one after another. If the focus is
            // before the prefix, the first of them is at the byte where the paths differ.
            let (len, next) = (self.shared, self.prefix[self.shared]);
            let comes = self.path.get().get(len).is_none_or(|&here| here < next);
            if !comes || len < self.root_len || !self.source.path_exists() {
                self.reset();
                return false;
            }
            self.path.truncate(len);
            self.path.push(next);
            self.shared += 1;
            return true;
        }
        let before = self.source.path().len();
        if !self.source.to_next_step() {
            self.reset();
            return false;
        }
        let path = self.source.path();
        let (kept, byte) = (path.len() - 1, path[path.len() - 1]);
        self.path.truncate(self.path.len() - (before - kept.min(before)));
        self.path.push(byte);
        true
    }
}

impl<Z: ZipperIteration> ZipperIteration for PrefixZipper<'_, Z> {
    #[inline]
    fn to_next_val(&mut self) -> bool {
        if !self.is_in_source() {
            if !self.enter() {
                self.reset();
                return false;
            }
            if self.source.is_val() {
                return true;
            }
        }
        let moved = self.source.to_next_val();
        if moved {
            self.path.truncate(self.shared);
            self.path.extend(self.source.path());
        } else {
            self.reset();
        }
        moved
    }
    fn descend_last_path(&mut self) -> bool {
        if !self.path_exists() {
            return false;
        }
        let start = self.path.len();
        if !self.is_in_source() {
            self.enter();
        }
        self.descend(Z::descend_last_path);
        self.path.len() > start
    }
}

impl<Z: ZipperMoving> ZipperAbsolutePath for PrefixZipper<'_, Z> {
    fn origin_path(&self) -> &[u8] {
        self.path.get()
    }
    fn root_prefix_path(&self) -> &[u8] {
        &self.path.get()[..self.root_len]
    }
}

#[allow(unsafe_code, reason = "an unsafe signature; the body is safe")]
impl<Z: ZipperMoving> ZipperPathBuffer for PrefixZipper<'_, Z> {
    unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        self.path.written(len)
    }
    fn prepare_buffers(&mut self) {
        self.path.reserve(128 + self.prefix.len());
    }
    fn reserve_buffers(&mut self, path_len: usize, _stack_depth: usize) {
        self.path.reserve(path_len);
    }
}

impl<V: ?Sized, Z: ZipperValues<V>> ZipperValues<V> for PrefixZipper<'_, Z> {
    fn val(&self) -> Option<&V> {
        if self.is_in_source() { self.source.val() } else { None }
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.source.val_at(self.in_source(path.as_ref())?)
    }
}

impl<'t, V: ?Sized, Z: ZipperReadOnlyValues<'t, V>> ZipperReadOnlyValues<'t, V> for PrefixZipper<'_, Z> {
    fn get_val(&self) -> Option<&'t V> {
        if self.is_in_source() { self.source.get_val() } else { None }
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'t V> {
        self.source.get_val_at(self.in_source(path.as_ref())?)
    }
}

impl<'t, V: ?Sized, Z: ZipperReadOnlyIteration<'t, V>> ZipperReadOnlyIteration<'t, V>
    for PrefixZipper<'_, Z>
{
}

impl<'t, V: ?Sized, Z> ZipperReadOnlyConditionalValues<'t, V> for PrefixZipper<'_, Z>
where
    Z: ZipperReadOnlyConditionalValues<'t, V>,
{
    type WitnessT = Z::WitnessT;

    fn witness<'w>(&self) -> Z::WitnessT {
        self.source.witness()
    }
    fn get_val_with_witness<'w>(&self, witness: &'w Z::WitnessT) -> Option<&'w V>
    where
        't: 'w,
    {
        if self.is_in_source() { self.source.get_val_with_witness(witness) } else { None }
    }
}

impl<'t, V: ?Sized, Z> ZipperReadOnlyConditionalIteration<'t, V> for PrefixZipper<'_, Z> where
    Z: ZipperReadOnlyConditionalIteration<'t, V>
{
}

impl<Z: ZipperConcrete> ZipperConcrete for PrefixZipper<'_, Z> {
    fn shared_node_id(&self) -> Option<u64> {
        if self.is_in_source() { self.source.shared_node_id() } else { None }
    }
    fn is_shared(&self) -> bool {
        self.is_in_source() && self.source.is_shared()
    }
}

impl<V: ?Sized, Z> ZipperForking<V> for PrefixZipper<'_, Z>
where
    Z: ZipperMoving + ZipperForking<V>,
{
    type ReadZipperT<'z>
        = PrefixZipper<'z, Z::ReadZipperT<'z>>
    where
        Self: 'z;

    fn fork_read_zipper<'z>(&'z self) -> Self::ReadZipperT<'z> {
        let path = VirtualPath::new(self.path.get());
        let prefix = if self.is_in_source() { self.path.get() } else { &self.prefix };
        let shared = if self.is_in_source() { path.len() } else { self.shared };
        let source = self.source.fork_read_zipper();
        PrefixZipper { root_len: path.len(), path, prefix: Cow::Borrowed(prefix), shared, source }
    }
}

impl<Z> PrefixZipper<'_, Z> {
    /// The map of the source's subtrie, below the part of the prefix that is below the focus.
    fn prefixed<V: Clone>(&self, map: PathMap<V>, exists: bool) -> PathMap<V> {
        match self.prefix_path_below_focus() {
            Some([]) => map,
            Some(rest) if exists => {
                let mut prefixed = PathMap::new();
                crate::zipper::ZipperWriting::graft_map(&mut prefixed.write_zipper_at_path(rest), map);
                prefixed
            }
            _ => PathMap::new(),
        }
    }
}

/// If the focus is on the prefix, the subtrie is a new map of O(prefix) nodes, which share the
/// nodes of the source.
impl<V: Clone, Z: ZipperSubtries<V>> ZipperSubtries<V> for PrefixZipper<'_, Z> {
    fn native_subtries(&self) -> bool {
        self.source.native_subtries()
    }
    fn try_make_map(&self) -> Option<PathMap<V>> {
        Some(self.prefixed(self.source.try_make_map()?, self.source.path_exists()))
    }
    fn trie_ref(&self) -> Option<TrieRef<'_, V>> {
        match self.path_exists() {
            _ if self.is_in_source() => self.source.trie_ref(),
            true => Some(self.try_make_map()?.into()),
            false => self.source.native_subtries().then(TrieRef::absent),
        }
    }
}

impl<V: Clone, Z: ZipperInfallibleSubtries<V>> ZipperInfallibleSubtries<V> for PrefixZipper<'_, Z> {
    fn make_map(&self) -> PathMap<V> {
        self.prefixed(self.source.make_map(), self.source.path_exists())
    }
    fn get_trie_ref(&self) -> TrieRef<'_, V> {
        self.trie_ref().unwrap_or_else(TrieRef::absent)
    }
}

/// Places in the source are places of the source. Places on the prefix are in new maps, which
/// share the nodes of the source.
impl<'t, V: Clone, Z> ZipperReadOnlySubtries<'t, V> for PrefixZipper<'_, Z>
where
    Z: ZipperReadOnlySubtries<'t, V>,
{
    type TrieRefT
        = TrieRef<'t, V>
    where
        V: 't;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRef<'t, V> {
        let path = path.as_ref();
        if let Some(path) = self.in_source(path) {
            return self.source.trie_ref_at_path(path).into();
        }
        let rest = self.prefix_path_below_focus().and_then(|rest| rest.strip_prefix(path));
        match (rest, self.source.try_make_map()) {
            (Some(rest), Some(map)) if self.source.path_exists() => {
                let mut prefixed = PathMap::new();
                crate::zipper::ZipperWriting::graft_map(&mut prefixed.write_zipper_at_path(rest), map);
                prefixed.into()
            }
            _ => TrieRef::absent(),
        }
    }

    fn known_prefix(&self) -> &[u8] {
        &self.path.get()[..self.root_len]
    }
}

impl<Z: ZipperMoving> fmt::Debug for PrefixZipper<'_, Z> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrefixZipper")
            .field("prefix", &Text(&self.prefix))
            .field("root_prefix_path", &Text(self.root_prefix_path()))
            .field("path", &Text(self.path()))
            .finish_non_exhaustive()
    }
}
