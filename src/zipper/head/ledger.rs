//! Who holds which path of a head, and who waits for one: plain data, no pointers, no locks.
//!
//! Two requests exclude each other if at least one of them writes and the path of one is a prefix of the path
//! of the other (equal paths included). [`Ledger::check`] asks whether a request is free of all living
//! zippers; [`Ledger::may_pass`] asks the same for a waiting one, and that no earlier waiter's request
//! excludes it.
//!
//! Checked requests keep the writers' paths prefix-free, but zippers made by an `_unchecked` call may overlap
//! or repeat. So both kinds are kept in one shape, a counted sorted set, which is right for every multiset of
//! paths.
//!
//! # Complexity
//! A lookup in a sorted set of n paths costs O(log n) comparisons of at most |P| bytes. `check` does one such
//! lookup below P, and one above P for each branch point of the stored paths that it has to climb: at most
//! |P| + 1. [`Ledger::may_pass`] also looks at each earlier waiter once; there are at most as
//! many as blocked threads.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use crate::bytes::common_prefix;
use crate::error::{Conflict, ZipperKind};

/// The living zippers of one head and the queue of those who wait for a path.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    writers: Holders,
    readers: Holders,
    queue: BTreeMap<Ticket, Request>,
    next_ticket: u64,
}

/// A place in the queue. Earlier ones compare less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

#[derive(Debug)]
struct Request {
    path: Box<[u8]>,
    kind: ZipperKind,
}

impl Request {
    fn excludes(&self, path: &[u8], kind: ZipperKind) -> bool {
        (self.kind == ZipperKind::Writer || kind == ZipperKind::Writer)
            && (self.path.starts_with(path) || path.starts_with(&self.path))
    }
}

impl Ledger {
    /// Nobody holds, nobody waits.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Whether a new zipper of `kind` at `path` is free of every living one. Waiters are not looked at.
    ///
    /// # Errors
    /// Names one living zipper that excludes it: a writer before a reader, then the nearest at a prefix of
    /// `path`, then the first below `path`.
    pub(crate) fn check(&self, path: &[u8], kind: ZipperKind) -> Result<(), Conflict> {
        if let Some(blocking) = self.writers.related(path) {
            return Err(Conflict::new(blocking, ZipperKind::Writer));
        }
        if kind == ZipperKind::Writer
            && let Some(blocking) = self.readers.related(path)
        {
            return Err(Conflict::new(blocking, ZipperKind::Reader));
        }
        Ok(())
    }

    /// Records a zipper that [`check`](Self::check) lets in.
    pub(crate) fn add(&mut self, path: &[u8], kind: ZipperKind) {
        debug_assert_eq!(self.check(path, kind), Ok(()), "an excluded zipper was added");
        self.add_unchecked(path, kind);
    }

    /// Records a zipper whatever it overlaps with: its maker brings another proof that this is sound.
    pub(crate) fn add_unchecked(&mut self, path: &[u8], kind: ZipperKind) {
        self.holders_mut(kind).insert(path);
    }

    /// Forgets one zipper of `kind` at `path`. Others at an equal path stay.
    pub(crate) fn remove(&mut self, path: &[u8], kind: ZipperKind) {
        let was_there = self.holders_mut(kind).remove(path);
        debug_assert!(was_there, "a zipper was released that the ledger does not know");
    }

    /// The length of the longest prefix that `path` has in common with the path of a living writer; `None` if
    /// none lives.
    pub(crate) fn longest_common_with_writer(&self, path: &[u8]) -> Option<usize> {
        self.writers.longest_common(path)
    }

    /// Whether a reader lives at exactly `path`.
    pub(crate) fn is_read_at(&self, path: &[u8]) -> bool {
        self.readers.0.contains_key(path)
    }

    /// Whether no zipper lives.
    #[cfg(test)]
    pub(crate) fn is_idle(&self) -> bool {
        self.writers.0.is_empty() && self.readers.0.is_empty()
    }

    /// The paths of the living readers in order, each with the number of readers there.
    pub(crate) fn readers(&self) -> impl Iterator<Item = (&[u8], usize)> {
        self.readers.iter()
    }

    /// The paths of the living writers in order, each with the number of writers there (one unless
    /// unchecked).
    pub(crate) fn writers(&self) -> impl Iterator<Item = (&[u8], usize)> {
        self.writers.iter()
    }

    /// The requests in the queue, in order of arrival.
    #[cfg(test)]
    pub(crate) fn waiters(&self) -> impl Iterator<Item = (&[u8], ZipperKind)> {
        self.queue.values().map(|request| (&*request.path, request.kind))
    }

    /// Whether anybody waits.
    pub(crate) fn has_waiters(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Puts a request at the end of the queue.
    pub(crate) fn enqueue(&mut self, path: &[u8], kind: ZipperKind) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.queue.insert(ticket, Request { path: path.into(), kind });
        ticket
    }

    /// Whether a waiter excludes neither a living zipper nor the request of an earlier waiter. One that
    /// excludes nobody before it may pass, whatever its place in the queue.
    ///
    /// # Errors
    /// Names what stands in the way: a living zipper as [`check`](Self::check) does, else the first earlier
    /// request.
    ///
    /// # Panics
    /// If the ticket is not in the queue.
    pub(crate) fn may_pass(&self, ticket: Ticket) -> Result<(), Conflict> {
        let Request { path, kind } = &self.queue[&ticket];
        self.check(path, *kind)?;
        match self.queue.range(..ticket).find(|(_, earlier)| earlier.excludes(path, *kind)) {
            Some((_, earlier)) => Err(Conflict::new(&earlier.path, earlier.kind)),
            None => Ok(()),
        }
    }

    /// Takes a request out of the queue, because it passes or because it is given up. In the second case
    /// later waiters may have become free.
    pub(crate) fn leave(&mut self, ticket: Ticket) {
        let was_there = self.queue.remove(&ticket).is_some();
        debug_assert!(was_there, "a ticket left the queue twice");
    }

    fn holders_mut(&mut self, kind: ZipperKind) -> &mut Holders {
        match kind {
            ZipperKind::Reader => &mut self.readers,
            ZipperKind::Writer => &mut self.writers,
        }
    }
}

/// A multiset of paths in byte order. No count is zero.
///
/// All lookups rest on one fact about byte order, **betweenness**: if X ≤ E ≤ P, every prefix that X and P
/// have in common is a prefix of E too (the strings that begin with a given prefix are contiguous in byte
/// order).
#[derive(Debug, Default)]
struct Holders(BTreeMap<Box<[u8]>, usize>);

impl Holders {
    fn insert(&mut self, path: &[u8]) {
        match self.0.get_mut(path) {
            Some(count) => *count += 1,
            None => {
                self.0.insert(path.into(), 1);
            }
        }
    }

    /// Removes one of the entries at `path`; false if there is none.
    fn remove(&mut self, path: &[u8]) -> bool {
        match self.0.get_mut(path) {
            None => return false,
            Some(1) => {
                self.0.remove(path);
            }
            Some(count) => *count -= 1,
        }
        true
    }

    fn iter(&self) -> impl Iterator<Item = (&[u8], usize)> {
        self.0.iter().map(|(path, &count)| (&**path, count))
    }

    /// The greatest entry ≤ `path`.
    fn at_or_before(&self, path: &[u8]) -> Option<&[u8]> {
        self.0.range::<[u8], _>((Unbounded, Included(path))).next_back().map(|(entry, _)| &**entry)
    }

    /// The least entry > `path`.
    fn after(&self, path: &[u8]) -> Option<&[u8]> {
        self.0.range::<[u8], _>((Excluded(path), Unbounded)).next().map(|(entry, _)| &**entry)
    }

    /// An entry that is a prefix of `path` (`path` included), else one that extends it.
    fn related(&self, path: &[u8]) -> Option<&[u8]> {
        self.longest_prefix(path).or_else(|| self.after(path).filter(|entry| entry.starts_with(path)))
    }

    /// The longest entry that is a prefix of `path` (`path` included).
    ///
    /// Each round keeps: an entry that is a prefix of `path` is a prefix of `path[..bound]`. Let E be the
    /// greatest entry ≤ `path[..bound]`. Such an entry X has X ≤ E ≤ `path`, as a prefix never exceeds what
    /// extends it, so by betweenness X is a prefix of E: it is E itself, or it is no longer than what E and
    /// `path` have in common. That is shorter than `bound`: were `path[..bound]` a prefix of E, E would equal
    /// it (E is not greater) and be a prefix of `path`.
    fn longest_prefix(&self, path: &[u8]) -> Option<&[u8]> {
        let mut bound = path.len();
        loop {
            let entry = self.at_or_before(&path[..bound])?;
            let common = common_prefix(entry, path);
            if common == entry.len() {
                return Some(entry);
            }
            debug_assert!(common < bound);
            bound = common;
        }
    }

    /// The greatest length of a prefix that `path` has in common with an entry.
    ///
    /// The two neighbours of `path` in byte order decide: for any entry X ≤ `path`, the greatest entry E ≤
    /// `path` has X ≤ E ≤ `path`, so by betweenness what X and `path` have in common is a prefix of E, and E
    /// has no less in common with `path` than X. The same holds, mirrored, above `path`.
    fn longest_common(&self, path: &[u8]) -> Option<usize> {
        let neighbours = [self.at_or_before(path), self.after(path)];
        neighbours.into_iter().flatten().map(|entry| common_prefix(entry, path)).max()
    }
}
