//! [`SharedMap`]: a map that readers load without waiting while writers replace it.
//!
//! A published map is never written again. A writer works on a clone, which copies the nodes that
//! it writes, and publishes the clone by replacing one pointer. Readers take that pointer by means
//! of `arc-swap`: each leaves a note in a slot of its own thread, which the writer looks for
//! before it drops the old map. So readers write to no memory that other readers touch.
//!
//! A writer publishes by a compare-and-swap against the map that it began with. If another writer
//! was first, the attempt fails, and the closure is called again. No lock is held while the user's
//! code runs: neither the closure, nor the clone, comparison or drop of values. [`Turns`] keep
//! writers from overtaking each other, as far as that is possible without waiting for ever.
//! [`Attempts`] say what a writer does when it was overtaken.

use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::ptr;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};

use super::attempts::{Attempt, Attempts};
use super::commit::CommitConflict;
use super::merge::merge;
use super::turns::Turns;
use crate::algebra::Changes;
use crate::trie::PathMap;

/// A published map: any number of threads read it without waiting, while writers replace it one
/// after another.
///
/// A reader [loads](Self::load) a [`Snapshot`], which is the map as it was published last. No
/// later write changes the snapshot. A writer [updates](Self::update) the map, and readers see all
/// of the update or nothing. A writer with much to do works on a clone of a snapshot, and
/// [commits](Self::try_commit) it in the end.
///
/// # When not
/// - Several threads write most of the time. Writers take turns here, and each update copies
///   nodes. With a [`ZipperHead`](crate::zipper::ZipperHead) they write at the same time, each
///   below paths of its own. If any thread may write at any path, see the crate's
///   `docs/snapshots.md` for what to use, with figures.
/// - Only one thread uses the map.
///
/// # Examples
/// ```
/// use bytetrie::SharedMap;
///
/// let shared = SharedMap::new();
/// shared.update(|map| {
///     map.insert("romane", 1);
///     map.insert("romanus", 2);
/// });
/// let before = shared.load();
/// std::thread::scope(|scope| {
///     scope.spawn(|| shared.update(|map| map.remove("romane")));
/// });
/// assert_eq!(before.len(), 2);
/// assert_eq!(shared.load().len(), 1);
/// ```
///
/// A long job works on a clone, with any number of threads, while readers and other writers go on.
/// Then its changes are merged with those that others have made meanwhile:
/// ```
/// use bytetrie::SharedMap;
/// use bytetrie::zipper::*;
///
/// let shared = SharedMap::new();
/// let base = shared.load_map();
///
/// let mut job = base.clone();
/// let head = job.zipper_head();
/// std::thread::scope(|scope| {
///     for worker in [b"a/", b"b/"] {
///         let mut writer = head.write_zipper_at_exclusive_path(worker).unwrap();
///         scope.spawn(move || {
///             for i in 0..100u32 {
///                 writer.descend_to(i.to_be_bytes());
///                 writer.set_val(i);
///                 writer.reset();
///             }
///         });
///     }
/// });
/// drop(head);
///
/// shared.update(|map| map.insert("c/", 1)); // somebody else, meanwhile
/// shared.try_commit(&base, job).unwrap();
/// assert_eq!(shared.load().len(), 201);
/// ```
pub struct SharedMap<V> {
    current: ArcSwap<PathMap<V>>,
    turns: Turns,
}

/// A snapshot of a [`SharedMap`], made by [`SharedMap::load`].
///
/// A snapshot dereferences to a [`PathMap`].
///
/// Neither writers nor other readers wait for a snapshot. A thread that holds more than eight
/// snapshots at once pays a little more for each further one. Dropping the last snapshot of a map
/// frees the nodes that no later map shares, which takes O(these nodes).
pub struct Snapshot<V> {
    map: Guard<Arc<PathMap<V>>>,
}

/// True iff both maps have the same root in memory.
fn is_one<V>(a: &PathMap<V>, b: &PathMap<V>) -> bool {
    match (&a.root, &b.root) {
        (None, None) => true,
        (Some(a), Some(b)) => a.id() == b.id(),
        _ => false,
    }
}

impl<V> SharedMap<V> {
    /// Makes an empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::from(PathMap::new())
    }

    /// Returns the map as it was published last. Wait-free.
    ///
    /// Loading takes a few nanoseconds, also while a writer works or publishes. If several reads
    /// must see the same map, load it once.
    #[must_use]
    #[inline]
    pub fn load(&self) -> Snapshot<V> {
        Snapshot { map: self.current.load() }
    }

    /// Returns a clone of the map as it was published last, to keep or to work on. O(1).
    ///
    /// The clone shares all nodes. Making it writes to the reference count of the root node, as
    /// all owners do. For a few reads, [`load`](Self::load) is faster.
    #[must_use]
    pub fn load_map(&self) -> PathMap<V> {
        self.load().into_map()
    }

    /// Changes the map by a closure, and publishes the result.
    ///
    /// The closure is called with a clone of the map. Readers see all of the closure's writes when
    /// `update` returns, and none of them before. If the closure panics, the map has not changed.
    /// If the closure writes nothing, nothing is published. As after any clone, each node is
    /// copied before the closure writes to it.
    ///
    /// # When the closure is called again
    /// Nothing is locked while the closure runs, so it may use any thread pool, and may wait. If
    /// another writer publishes meanwhile, what the closure has written is dropped, and the
    /// closure is called again with the new map. The closure should therefore only write to the
    /// map: its other effects may happen more than once.
    ///
    /// A second call is rare, since writers take turns:
    ///
    /// - A writer waits until the one before it has published, but no longer than five
    ///   milliseconds. Then it overtakes that writer.
    /// - The writer that was overtaken calls its closure again. This time the others wait for it
    ///   four times as long, and so on, so that a long closure succeeds after a few calls.
    /// - An update does not wait if it is called inside the closure of another update, of any map,
    ///   or if a thread pool runs it on a thread that waits inside such a closure. Otherwise it
    ///   could wait for its own thread.
    ///
    /// # Panics
    /// Panics if the closure panics, or if it updates the same map itself each time that it is
    /// called. Such an inner update is published at once, and the outer closure is called again
    /// with its result. `update` panics when that has happened a thousand times in a row, since it
    /// would never end.
    pub fn update<R>(&self, mut update: impl FnMut(&mut PathMap<V>) -> R) -> R {
        match self.try_update(|map| Ok::<R, Infallible>(update(map))) {
            Ok(result) => result,
            Err(never) => match never {},
        }
    }

    /// Changes the map by a closure, and publishes the result unless the closure returns an error.
    ///
    /// Otherwise it is like [`update`](Self::update).
    ///
    /// # Errors
    /// Returns the error of the closure. The map has not changed then.
    ///
    /// # Panics
    /// In the cases in which [`update`](Self::update) panics.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::SharedMap;
    ///
    /// let stock = SharedMap::from_iter([("apple", 3u32)]);
    /// let take = |what: &str, n: u32| {
    ///     stock.try_update(|map| {
    ///         let left = map.get_mut(what).ok_or("there is none")?;
    ///         *left = left.checked_sub(n).ok_or("there are too few")?;
    ///         Ok(*left)
    ///     })
    /// };
    /// assert_eq!(take("apple", 2), Ok(1));
    /// assert_eq!(take("apple", 2), Err("there are too few"));
    /// assert_eq!(stock.load().get("apple"), Some(&1));
    /// ```
    pub fn try_update<R, E>(&self, mut update: impl FnMut(&mut PathMap<V>) -> Result<R, E>) -> Result<R, E> {
        let mut attempts = Attempts::new();
        loop {
            // Values are dropped after the turn.
            let (old, mut new, new_too, seen, result);
            let attempt = Attempt::begin(ptr::from_ref(self).addr());
            // In the middle of another update, this thread must not wait for a turn: the writer
            // that has the turn may wait for that update.
            let turn = attempt.is_outermost().then(|| self.turns.take(attempts.patience()));
            attempts.begin();
            old = self.current.load_full();
            new = PathMap::clone(&old);
            result = update(&mut new)?;
            // What is left over is dropped before the result is returned. If its drop panics, the
            // result is dropped too.
            if is_one(&new, &old) {
                drop((attempt, turn));
                drop((new, old));
                return Ok(result);
            }
            new_too = Arc::new(new);
            seen = self.current.compare_and_swap(&old, Arc::clone(&new_too));
            if Arc::ptr_eq(&seen, &old) {
                attempt.publish();
                drop(turn);
                drop((new_too, seen, old));
                return Ok(result);
            }
            let from_within = attempt.is_overtaken_from_within();
            drop((attempt, turn));
            drop((result, new_too));
            attempts.fail(from_within);
        }
    }

    /// Publishes `changed`, a map made from `base`, and returns the map that is then published.
    ///
    /// `base` is a map that was loaded from this shared map before.
    ///
    /// If others have published since, their changes and these are merged path by path. A change
    /// that only one side has made is taken. Changes of one value by both sides are a conflict,
    /// unless both have changed it to equal values (`==`). A dangling path that one side has made
    /// or removed is made or removed, which never conflicts.
    ///
    /// # Complexity
    /// O(1) if nothing was published since. Otherwise, O(path) for each change in `changed` that
    /// is in a part of the map that others have changed too. A subtrie that nobody else has
    /// changed is taken as it is. The merge is an [`update`](Self::update): nothing is locked
    /// meanwhile, and the merge is done again if another writer publishes first.
    ///
    /// # Errors
    /// If both sides have changed the value at a path to different ones. The error lists all such
    /// paths and returns `changed`. Nothing is published.
    ///
    /// # Panics
    /// In the cases in which [`update`](Self::update) panics.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::SharedMap;
    ///
    /// let shared = SharedMap::from_iter([("x", 1), ("y", 1)]);
    /// let base = shared.load_map();
    /// let mut ours = base.clone();
    /// ours.insert("x", 2);
    /// shared.update(|map| map.insert("y", 3));
    /// let merged = shared.try_commit(&base, ours).unwrap();
    /// assert_eq!((merged["x"], merged["y"]), (2, 3));
    ///
    /// let mut late = base.clone();
    /// late.insert("y", 4);
    /// let conflict = shared.try_commit(&base, late).unwrap_err();
    /// assert_eq!(conflict.paths(), [b"y"]);
    /// assert_eq!((conflict.changed()["y"], conflict.current()["y"]), (4, 3));
    /// ```
    pub fn try_commit(&self, base: &PathMap<V>, changed: PathMap<V>) -> Result<PathMap<V>, CommitConflict<V>>
    where
        V: Clone + PartialEq,
    {
        let merged = self.try_update(|map| {
            if is_one(map, base) {
                *map = changed.clone();
            } else if !is_one(base, &changed) && !is_one(map, &changed) {
                *map = merge(base, &changed, map).map_err(|paths| (paths, map.clone()))?;
            }
            Ok(map.clone())
        });
        merged.map_err(|(paths, current)| CommitConflict::new(paths, changed, current))
    }

    /// Consumes the shared map and returns the map that was published last.
    #[must_use]
    pub fn into_map(self) -> PathMap<V> {
        PathMap::clone(&self.current.into_inner())
    }
}

impl<V> Snapshot<V> {
    /// Returns a clone of the map, to keep or to work on, which shares all nodes. O(1).
    #[must_use]
    pub fn to_map(&self) -> PathMap<V> {
        PathMap::clone(self)
    }

    /// Consumes the snapshot and returns a clone of the map. O(1).
    #[must_use]
    pub fn into_map(self) -> PathMap<V> {
        self.to_map()
    }

    /// Returns the values by which this map differs from an `older` one, or from any other, in
    /// path order.
    ///
    /// This is [`PathMap::diff`] from `older` to this map. The cost grows with the changes, not
    /// with the maps.
    ///
    /// # Examples
    /// A thread that follows a map keeps the last version that it has seen:
    /// ```
    /// use bytetrie::{Change, SharedMap};
    ///
    /// let shared = SharedMap::from_iter([("a", 1)]);
    /// let mut seen = shared.load_map();
    /// shared.update(|map| map.insert("b", 2));
    ///
    /// let now = shared.load();
    /// let mut changes = now.changes_since(&seen);
    /// assert_eq!(changes.next(), Some((&b"b"[..], Change::Added(&2))));
    /// assert_eq!(changes.next(), None);
    /// seen = now.to_map();
    /// # let _ = seen;
    /// ```
    pub fn changes_since<'a>(&'a self, older: &'a PathMap<V>) -> Changes<'a, V>
    where
        V: PartialEq,
    {
        older.diff(self)
    }
}

impl<V> Deref for Snapshot<V> {
    type Target = PathMap<V>;

    #[inline]
    fn deref(&self) -> &PathMap<V> {
        &self.map
    }
}

impl<V> AsRef<PathMap<V>> for Snapshot<V> {
    fn as_ref(&self) -> &PathMap<V> {
        self
    }
}

impl<V> Clone for Snapshot<V> {
    /// Makes another snapshot of the same map. O(1).
    fn clone(&self) -> Self {
        Self { map: Guard::from_inner(Arc::clone(&self.map)) }
    }
}

impl<V: fmt::Debug> fmt::Debug for Snapshot<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<V> From<PathMap<V>> for SharedMap<V> {
    /// Publishes a map.
    fn from(map: PathMap<V>) -> Self {
        Self { current: ArcSwap::from_pointee(map), turns: Turns::new() }
    }
}

impl<V: Clone, K: AsRef<[u8]>> FromIterator<(K, V)> for SharedMap<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self::from(PathMap::from_iter(entries))
    }
}

impl<V> Default for SharedMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: fmt::Debug> fmt::Debug for SharedMap<V> {
    /// Shows the map that is published.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedMap").field(&*self.load()).finish()
    }
}
