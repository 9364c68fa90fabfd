//! [`DurableMap`]: a shared map that is published after it is durable.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::commit::NewCommit;
use super::open::Store;
use crate::file::error::FileError;
use crate::file::stored::Stored;
use crate::published::{SharedMap, Snapshot};
use crate::trie::PathMap;

/// A published map whose changes are committed to a [`Store`] before anybody sees them.
///
/// Readers load [`Snapshot`]s, as of a [`SharedMap`], and wait for nobody. An
/// [`update`](Self::update) publishes its result after the commit has succeeded, with the
/// [`Durability`](super::Durability) of the store.
///
/// # Examples
/// ```
/// use bytetrie::file::{DurableMap, FileError, Store};
///
/// let path = std::env::temp_dir().join(format!("bytetrie-durable-{}", std::process::id()));
/// let map: DurableMap<u32> = DurableMap::new(Store::open(&path)?)?;
/// map.update(|map| map.insert("romane", 1))?;
/// assert_eq!(map.load().get("romane"), Some(&1));
/// drop(map);
///
/// let map: DurableMap<u32> = DurableMap::new(Store::open(&path)?)?;
/// assert_eq!(map.load().get("romane"), Some(&1));
/// # drop(map);
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), FileError>(())
/// ```
pub struct DurableMap<V> {
    published: SharedMap<V>,
    store: Mutex<Store<V>>,
}

impl<V: Stored> DurableMap<V> {
    /// Publishes the map of the last commit of a store.
    ///
    /// # Errors
    /// As [`Store::load`].
    pub fn new(mut store: Store<V>) -> Result<Self, FileError> {
        let published = SharedMap::from(store.load()?);
        Ok(Self { published, store: Mutex::new(store) })
    }

    /// Changes the map by a closure, commits the result, and publishes it. If the closure writes
    /// nothing, nothing is committed.
    ///
    /// The closure works on a clone of the map, and nothing is locked meanwhile. If another update
    /// is published meanwhile, what the closure has written is dropped, and the closure is called
    /// again with the new map. So its other effects may happen more than once.
    ///
    /// # Errors
    /// As [`Store::commit`]. The published map has not changed then.
    ///
    /// # Panics
    /// Panics if the closure or writing a value panics. The published map has not changed then.
    ///
    /// # Complexity
    /// That of the closure and of [`Store::commit`].
    pub fn update<R>(&self, update: impl FnMut(&mut PathMap<V>) -> R) -> Result<R, FileError> {
        self.update_with(update, &NewCommit::new())
    }

    /// Like [`update`](Self::update), with a label and a time for the commit.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    ///
    /// # Panics
    /// As [`update`](Self::update).
    pub fn update_with<R>(
        &self,
        mut update: impl FnMut(&mut PathMap<V>) -> R,
        what: &NewCommit,
    ) -> Result<R, FileError> {
        loop {
            let base = self.published.load_map();
            let mut changed = base.clone();
            let result = update(&mut changed);
            if is_one(&base, &changed) {
                return Ok(result);
            }
            let mut store = self.lock();
            if is_one(&self.published.load(), &base) {
                store.commit_with(&changed, what.clone())?;
                self.published.update(|map| map.clone_from(&changed));
                return Ok(result);
            }
        }
    }

    /// Calls a closure with the store, for example to compact it.
    ///
    /// Updates wait until the closure returns, so a closure that updates this map waits forever. A
    /// commit that the closure makes is published afterwards.
    ///
    /// # Errors
    /// As [`Store::load`], after the closure.
    pub fn with_store<R>(&self, with: impl FnOnce(&mut Store<V>) -> R) -> Result<R, FileError> {
        let mut store = self.lock();
        let result = with(&mut store);
        let map = store.load()?;
        self.published.update(|published| published.clone_from(&map));
        Ok(result)
    }

    fn lock(&self) -> MutexGuard<'_, Store<V>> {
        // A store whose commit has panicked is as it was before.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> DurableMap<V> {
    /// Returns the map as it was published last. Wait-free.
    #[must_use]
    pub fn load(&self) -> Snapshot<V> {
        self.published.load()
    }

    /// Returns a clone of the map as it was published last. O(1).
    #[must_use]
    pub fn load_map(&self) -> PathMap<V> {
        self.published.load_map()
    }
}

/// True iff both maps have the same root in memory.
fn is_one<V>(a: &PathMap<V>, b: &PathMap<V>) -> bool {
    a.root.as_ref().map(|root| root.id()) == b.root.as_ref().map(|root| root.id())
}

impl<V> fmt::Debug for DurableMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DurableMap").finish_non_exhaustive()
    }
}
