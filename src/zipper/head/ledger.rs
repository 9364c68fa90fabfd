//! Who holds which path of a head, and who waits for one: plain data, no pointers, no locks.
//!
//! Two requests exclude each other if at least one of them writes and the path of one is a prefix
//! of the path of the other (equal paths included). [`Ledger::check`] tests whether a living
//! zipper excludes a request; [`Ledger::obstacle`] also tests whether an earlier request in the
//! queue does.
//!
//! Checked requests keep the writers' paths prefix-free, but zippers made by an `_unchecked` call
//! may overlap or repeat. So both kinds are kept in one shape, a counted sorted map, which is
//! right for every multiset of paths.
//!
//! # The queue
//! A request in the queue **watches** one obstacle: a living zipper or an earlier request that
//! excludes it. When that obstacle disappears, the request either finds another one or is granted:
//! in one step it leaves the queue and its zipper is recorded, and the caller gets its signal. Two
//! invariants hold.
//!
//! - **L1** Every request in the queue watches an obstacle that exists. So no request in the queue
//!   could be granted: each that could has been, and a signal only wakes a waiter whose request
//!   was granted.
//! - **L2** A request watches only living zippers and earlier requests, so there is no circle, and
//!   the first request in the queue waits for living zippers alone.
//!
//! If there are several obstacles, the request watches an earlier request rather than a zipper. So
//! `n` writers that wait for one path form a chain, and each release looks at one of them.
//!
//! # Complexity
//! A lookup in a sorted set of n paths costs O(log n) comparisons of at most |P| bytes. `check`
//! does one such lookup below P, and one above P for each branch point of the stored paths that it
//! has to climb: at most |P| + 1. `obstacle` does the same in the queue; after a release it may
//! also pass by later requests below P.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Included, Unbounded};

use crate::bytes::common_prefix;
use crate::error::{Conflict, ZipperKind};

/// The living zippers of one head, and the queue of requests for a path. `S` is the signal that
/// wakes a waiter.
#[derive(Debug)]
pub(crate) struct Ledger<S> {
    writers: Holders,
    readers: Holders,
    queue: BTreeMap<Ticket, Request<S>>,
    /// The queue by path.
    asked: Asked,
    next_ticket: u64,
}

/// A place in the queue. Earlier ones compare less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// A living zipper or an earlier request that excludes a request.
#[derive(Clone, Debug)]
pub(crate) enum Obstacle {
    Zipper(Box<[u8]>, ZipperKind),
    Request(Ticket),
}

#[derive(Debug)]
struct Request<S> {
    path: Box<[u8]>,
    kind: ZipperKind,
    obstacle: Obstacle,
    watchers: Watchers,
    signal: S,
}

/// The requests that watch one obstacle.
type Watchers = BTreeSet<Ticket>;

/// The tickets of the requests for each path.
#[derive(Debug, Default)]
struct Asked {
    writers: PathIndex<BTreeSet<Ticket>>,
    readers: PathIndex<BTreeSet<Ticket>>,
}

impl<S> Ledger<S> {
    /// A ledger with no zipper and no request.
    pub(crate) fn new() -> Self {
        Self {
            writers: Holders::default(),
            readers: Holders::default(),
            queue: BTreeMap::new(),
            asked: Asked::default(),
            next_ticket: 0,
        }
    }

    // Living zippers.

    /// Checks that no living zipper excludes a new one of `kind` at `path`. The queue is not
    /// looked at.
    ///
    /// # Errors
    /// Returns one living zipper that excludes it: a writer before a reader, then the nearest at a
    /// prefix of `path`, then the first below `path`.
    pub(crate) fn check(&self, path: &[u8], kind: ZipperKind) -> Result<(), Conflict> {
        match self.excluding(path, kind) {
            None => Ok(()),
            Some((held, holder)) => Err(Conflict::living(path, kind, held, holder)),
        }
    }

    fn excluding(&self, path: &[u8], kind: ZipperKind) -> Option<(&[u8], ZipperKind)> {
        if let Some(held) = self.writers.0.related(path) {
            return Some((held, ZipperKind::Writer));
        }
        if kind == ZipperKind::Reader {
            return None;
        }
        Some((self.readers.0.related(path)?, ZipperKind::Reader))
    }

    /// Records a zipper that [`check`](Self::check) lets in.
    pub(crate) fn add(&mut self, path: &[u8], kind: ZipperKind) {
        debug_assert_eq!(self.check(path, kind), Ok(()), "an excluded zipper was added");
        self.add_unchecked(path, kind);
    }

    /// Records a zipper without a check. The caller has another proof that this is sound.
    pub(crate) fn add_unchecked(&mut self, path: &[u8], kind: ZipperKind) {
        self.holders_mut(kind).insert(path, Watchers::new());
    }

    /// Removes one zipper of `kind` at `path`. Others at the path are kept. Adds the signals of
    /// the requests that this grants to `granted`.
    pub(crate) fn remove(&mut self, path: &[u8], kind: ZipperKind, granted: &mut Vec<S>) {
        match self.holders_mut(kind).remove(path) {
            Some(watchers) => self.settle(watchers, granted),
            None => debug_assert!(false, "a zipper was released that the ledger does not know"),
        }
    }

    /// The length of the longest prefix that `path` has in common with the path of a living
    /// writer; `None` if none lives.
    pub(crate) fn longest_common_with_writer(&self, path: &[u8]) -> Option<usize> {
        self.writers.0.longest_common(path)
    }

    /// Like [`longest_common_with_writer`](Self::longest_common_with_writer), without one living
    /// writer at `path` itself.
    pub(crate) fn longest_common_with_another_writer(&self, path: &[u8]) -> Option<usize> {
        match self.writers.0.0.get(path) {
            Some(Holder { count: 2.., .. }) => Some(path.len()),
            _ => self.writers.0.longest_common_besides(path),
        }
    }

    /// True iff a reader lives at exactly `path`.
    pub(crate) fn is_read_at(&self, path: &[u8]) -> bool {
        self.readers.0.0.contains_key(path)
    }

    /// True iff a writer lives at exactly `path`.
    pub(crate) fn is_written_at(&self, path: &[u8]) -> bool {
        self.writers.0.0.contains_key(path)
    }

    /// True iff no zipper lives.
    #[cfg(test)]
    pub(crate) fn is_idle(&self) -> bool {
        self.writers.0.0.is_empty() && self.readers.0.0.is_empty()
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

    // The queue.

    /// The requests in the queue, in order of arrival.
    #[cfg(test)]
    pub(crate) fn waiters(&self) -> impl Iterator<Item = (&[u8], ZipperKind)> {
        self.queue.values().map(|request| (&*request.path, request.kind))
    }

    /// True iff a request is in the queue.
    #[cfg(test)]
    pub(crate) fn has_waiters(&self) -> bool {
        !self.queue.is_empty()
    }

    /// The signals of the requests in the queue.
    #[cfg(all(test, loom))]
    pub(crate) fn signals(&self) -> impl Iterator<Item = &S> {
        self.queue.values().map(|request| &request.signal)
    }

    /// The obstacle of a new request: an earlier one in the queue, or a living zipper.
    pub(crate) fn obstacle(&self, path: &[u8], kind: ZipperKind) -> Option<Obstacle> {
        self.obstacle_before(path, kind, Ticket(self.next_ticket))
    }

    fn obstacle_before(&self, path: &[u8], kind: ZipperKind, before: Ticket) -> Option<Obstacle> {
        if let Some(earlier) = self.asked.excluding(path, kind, before) {
            return Some(Obstacle::Request(earlier));
        }
        self.excluding(path, kind).map(|(held, holder)| Obstacle::Zipper(held.into(), holder))
    }

    /// Puts a request at the end of the queue, where it watches `obstacle`.
    pub(crate) fn enqueue(&mut self, path: &[u8], kind: ZipperKind, obstacle: Obstacle, signal: S) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.watchers_mut(&obstacle).insert(ticket);
        self.asked.insert(path, kind, ticket);
        let request = Request { path: path.into(), kind, obstacle, watchers: Watchers::new(), signal };
        self.queue.insert(ticket, request);
        ticket
    }

    /// True iff a request is still in the queue. If not, it was granted, or it left.
    pub(crate) fn is_waiting(&self, ticket: Ticket) -> bool {
        self.queue.contains_key(&ticket)
    }

    /// The obstacle of a request; `None` if it was granted, or it left.
    pub(crate) fn obstacle_of(&self, ticket: Ticket) -> Option<Obstacle> {
        self.queue.get(&ticket).map(|request| request.obstacle.clone())
    }

    /// The signal of a request in the queue.
    pub(crate) fn signal_mut(&mut self, ticket: Ticket) -> Option<&mut S> {
        self.queue.get_mut(&ticket).map(|request| &mut request.signal)
    }

    /// Why a request waits: the living zipper that [`check`](Self::check) names, otherwise an
    /// earlier request.
    ///
    /// # Panics
    /// Panics if the ticket is not in the queue.
    pub(crate) fn conflict(&self, ticket: Ticket) -> Conflict {
        let Request { path, kind, obstacle, .. } = &self.queue[&ticket];
        self.conflict_of(path, *kind, obstacle)
    }

    /// Why a request would wait for `obstacle`.
    pub(crate) fn conflict_of(&self, path: &[u8], kind: ZipperKind, obstacle: &Obstacle) -> Conflict {
        match (self.excluding(path, kind), obstacle) {
            (Some((held, holder)), _) => Conflict::living(path, kind, held, holder),
            (None, Obstacle::Zipper(held, holder)) => Conflict::living(path, kind, held, *holder),
            (None, Obstacle::Request(earlier)) => {
                let earlier = &self.queue[earlier];
                Conflict::waiting(path, kind, &earlier.path, earlier.kind)
            }
        }
    }

    /// Removes a request from the queue and returns its signal. Adds the signals of the requests
    /// that this grants to `granted`.
    ///
    /// # Panics
    /// Panics if the ticket is not in the queue.
    pub(crate) fn leave(&mut self, ticket: Ticket, granted: &mut Vec<S>) -> S {
        let request = self.take(ticket);
        let unwatched = self.watchers_mut(&request.obstacle).remove(&ticket);
        debug_assert!(unwatched, "a request watched nothing");
        self.settle(request.watchers, granted);
        request.signal
    }

    /// Settles the requests whose obstacle is gone, in order of arrival: each finds another
    /// obstacle or is granted.
    fn settle(&mut self, watchers: Watchers, granted: &mut Vec<S>) {
        for ticket in watchers {
            let Request { path, kind, .. } = &self.queue[&ticket];
            if let Some(obstacle) = self.obstacle_before(path, *kind, ticket) {
                self.watchers_mut(&obstacle).insert(ticket);
                self.queue.get_mut(&ticket).expect("it waits").obstacle = obstacle;
                continue;
            }
            let Request { path, kind, watchers, signal, .. } = self.take(ticket);
            // The requests that watched this one now watch its zipper, which excludes the same
            // requests.
            for watcher in &watchers {
                let watcher = self.queue.get_mut(watcher).expect("it waits");
                watcher.obstacle = Obstacle::Zipper(path.clone(), kind);
            }
            self.holders_mut(kind).insert(&path, watchers);
            granted.push(signal);
        }
    }

    fn take(&mut self, ticket: Ticket) -> Request<S> {
        let request = self.queue.remove(&ticket).expect("the ticket is in the queue");
        self.asked.remove(&request.path, request.kind, ticket);
        request
    }

    fn watchers_mut(&mut self, obstacle: &Obstacle) -> &mut Watchers {
        match obstacle {
            Obstacle::Request(ticket) => &mut self.queue.get_mut(ticket).expect("it waits (L1)").watchers,
            Obstacle::Zipper(path, kind) => {
                &mut self.holders_mut(*kind).0.0.get_mut(path).expect("it lives (L1)").watchers
            }
        }
    }

    fn holders_mut(&mut self, kind: ZipperKind) -> &mut Holders {
        match kind {
            ZipperKind::Reader => &mut self.readers,
            ZipperKind::Writer => &mut self.writers,
        }
    }

    /// Checks L1 and L2, and that each obstacle knows the requests that watch it.
    #[cfg(test)]
    pub(crate) fn assert_settled(&self) {
        for (ticket, request) in &self.queue {
            let watchers = match &request.obstacle {
                Obstacle::Request(earlier) => {
                    assert!(earlier < ticket, "L2");
                    &self.queue[earlier].watchers
                }
                Obstacle::Zipper(path, ZipperKind::Reader) => &self.readers.0.0[path].watchers,
                Obstacle::Zipper(path, ZipperKind::Writer) => &self.writers.0.0[path].watchers,
            };
            assert!(watchers.contains(ticket), "L1");
            assert!(self.obstacle_before(&request.path, request.kind, *ticket).is_some(), "L1");
        }
        let held = [&self.readers, &self.writers].map(|holders| holders.0.0.values());
        let watchers = held.into_iter().flatten().map(|holder| holder.watchers.len()).sum::<usize>();
        let behind = self.queue.values().map(|request| request.watchers.len()).sum::<usize>();
        assert_eq!(watchers + behind, self.queue.len());
        let asked = [&self.asked.readers, &self.asked.writers].map(|paths| paths.0.values());
        assert_eq!(asked.into_iter().flatten().map(BTreeSet::len).sum::<usize>(), self.queue.len());
    }
}

impl Asked {
    fn of_mut(&mut self, kind: ZipperKind) -> &mut PathIndex<BTreeSet<Ticket>> {
        match kind {
            ZipperKind::Reader => &mut self.readers,
            ZipperKind::Writer => &mut self.writers,
        }
    }

    fn insert(&mut self, path: &[u8], kind: ZipperKind, ticket: Ticket) {
        self.of_mut(kind).0.entry(path.into()).or_default().insert(ticket);
    }

    fn remove(&mut self, path: &[u8], kind: ZipperKind, ticket: Ticket) {
        let paths = self.of_mut(kind);
        if let Some(tickets) = paths.0.get_mut(path) {
            tickets.remove(&ticket);
            if tickets.is_empty() {
                paths.0.remove(path);
            }
        }
    }

    /// A request with a ticket before this one that excludes a zipper of `kind` at `path`.
    fn excluding(&self, path: &[u8], kind: ZipperKind, before: Ticket) -> Option<Ticket> {
        let last = |_: &[u8], tickets: &BTreeSet<Ticket>| tickets.range(..before).next_back().copied();
        let writer = self.writers.find_related(path, last);
        if kind == ZipperKind::Reader {
            writer
        } else {
            writer.or_else(|| self.readers.find_related(path, last))
        }
    }
}

/// The living zippers of one kind: a multiset of paths. No count is zero.
#[derive(Debug, Default)]
struct Holders(PathIndex<Holder>);

#[derive(Debug)]
struct Holder {
    count: usize,
    watchers: Watchers,
}

impl Holders {
    fn insert(&mut self, path: &[u8], watchers: Watchers) {
        match self.0.0.get_mut(path) {
            Some(holder) => {
                holder.count += 1;
                holder.watchers.extend(watchers);
            }
            None => {
                self.0.0.insert(path.into(), Holder { count: 1, watchers });
            }
        }
    }

    /// Removes one of the zippers at `path`, and returns the requests that watched it if it was
    /// the last one. `None` if there is none.
    fn remove(&mut self, path: &[u8]) -> Option<Watchers> {
        let holder = self.0.0.get_mut(path)?;
        if holder.count > 1 {
            holder.count -= 1;
            return Some(Watchers::new());
        }
        self.0.0.remove(path).map(|holder| holder.watchers)
    }

    fn iter(&self) -> impl Iterator<Item = (&[u8], usize)> {
        self.0.0.iter().map(|(path, holder)| (&**path, holder.count))
    }
}

/// A map from paths to `T`, sorted in byte order.
///
/// All lookups rest on one fact about byte order, **betweenness**: if X ≤ E ≤ P, every prefix that
/// X and P have in common is a prefix of E too (the strings that begin with a given prefix are
/// contiguous in byte order).
#[derive(Debug)]
struct PathIndex<T>(BTreeMap<Box<[u8]>, T>);

impl<T> Default for PathIndex<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> PathIndex<T> {
    /// The greatest entry ≤ `path`.
    fn at_or_before(&self, path: &[u8]) -> Option<(&[u8], &T)> {
        self.0.range::<[u8], _>((Unbounded, Included(path))).next_back().map(|(entry, t)| (&**entry, t))
    }

    /// The entries > `path`, in order.
    fn after(&self, path: &[u8]) -> impl Iterator<Item = (&[u8], &T)> {
        self.0.range::<[u8], _>((Excluded(path), Unbounded)).map(|(entry, t)| (&**entry, t))
    }

    /// An entry that is a prefix of `path` (`path` included), otherwise one that extends it.
    fn related(&self, path: &[u8]) -> Option<&[u8]> {
        match self.longest_prefix(path) {
            Some((entry, _)) => Some(entry),
            None => self.after(path).next().map(|(entry, _)| entry).filter(|entry| entry.starts_with(path)),
        }
    }

    /// The first answer of `f` for the entries that are prefixes of `path` (`path` included), the
    /// longest first, then for those that extend it, in order.
    fn find_related<R>(&self, path: &[u8], mut f: impl FnMut(&[u8], &T) -> Option<R>) -> Option<R> {
        let mut left = Some(path);
        while let Some((entry, t)) = left.and_then(|path| self.longest_prefix(path)) {
            if let Some(found) = f(entry, t) {
                return Some(found);
            }
            left = entry.len().checked_sub(1).map(|shorter| &path[..shorter]);
        }
        self.after(path).take_while(|(entry, _)| entry.starts_with(path)).find_map(|(entry, t)| f(entry, t))
    }

    /// The longest entry that is a prefix of `path` (`path` included).
    ///
    /// Each round keeps: an entry that is a prefix of `path` is a prefix of `path[..bound]`. Let E
    /// be the greatest entry ≤ `path[..bound]`. Such an entry X has X ≤ E ≤ `path`, as a prefix
    /// never exceeds what extends it, so by betweenness X is a prefix of E: it is E itself, or it
    /// is no longer than what E and `path` have in common. That is shorter than `bound`: were
    /// `path[..bound]` a prefix of E, E would equal it (E is not greater) and be a prefix of
    /// `path`.
    fn longest_prefix(&self, path: &[u8]) -> Option<(&[u8], &T)> {
        let mut bound = path.len();
        loop {
            let (entry, t) = self.at_or_before(&path[..bound])?;
            let common = common_prefix(entry, path);
            if common == entry.len() {
                return Some((entry, t));
            }
            debug_assert!(common < bound);
            bound = common;
        }
    }

    /// The greatest length of a prefix that `path` has in common with an entry.
    ///
    /// The two neighbours of `path` in byte order decide: for any entry X ≤ `path`, the greatest
    /// entry E ≤ `path` has X ≤ E ≤ `path`, so by betweenness what X and `path` have in common is
    /// a prefix of E, and E has no less in common with `path` than X. The same holds, mirrored,
    /// above `path`.
    fn longest_common(&self, path: &[u8]) -> Option<usize> {
        let neighbours = [self.at_or_before(path), self.after(path).next()];
        neighbours.into_iter().flatten().map(|(entry, _)| common_prefix(entry, path)).max()
    }

    /// Like [`longest_common`](Self::longest_common), without the entry at `path` itself.
    fn longest_common_besides(&self, path: &[u8]) -> Option<usize> {
        let before = self.0.range::<[u8], _>((Unbounded, Excluded(path))).next_back();
        let before = before.map(|(entry, t)| (&**entry, t));
        let neighbours = [before, self.after(path).next()];
        neighbours.into_iter().flatten().map(|(entry, _)| common_prefix(entry, path)).max()
    }
}
