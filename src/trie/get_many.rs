//! Looks up many paths at a time.

use crate::node::{Place, for_each_value_at, place_of};
use crate::trie::PathMap;

/// Returns what `answer` makes of the value at each path below a place, in the order of the paths.
pub(crate) fn look_up_many<'a, V, K: AsRef<[u8]>, T: Clone>(
    place: Option<Place<'a, V>>,
    paths: &[K],
    answer: impl Fn(Option<&'a V>) -> T,
) -> Vec<T> {
    let mut answers = vec![answer(None); paths.len()];
    if let Some(place) = place {
        let paths = paths.iter().map(AsRef::as_ref);
        for_each_value_at(place, paths, |number, value| answers[number] = answer(value));
    }
    answers
}

impl<V> PathMap<V> {
    /// Returns references to the values at many paths, in the order of the paths. O(paths).
    ///
    /// The look-ups take turns, so that the memory of one is on its way while the others go on.
    /// If the map is much larger than the CPU's caches and the paths are in no particular order,
    /// this takes about half the time of one [`get`](Self::get) after the other. It is no faster
    /// if most of the nodes on the way are cached, as in a small map or for paths in order, and
    /// may then take up to two thirds longer.
    ///
    /// The paths may be the items of any iterator, or a collection or a borrow of one. The
    /// iterator is consumed before the first look-up. A path may occur more than once.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("romane", 1), ("romanus", 2)]);
    /// assert_eq!(map.get_many(["romanus", "rome", "romane"]), [Some(&2), None, Some(&1)]);
    ///
    /// let ids = PathMap::from([(7u64.to_be_bytes(), "seven"), (9u64.to_be_bytes(), "nine")]);
    /// let names = ids.get_many((7u64..10).map(u64::to_be_bytes));
    /// assert_eq!(names, [Some(&"seven"), None, Some(&"nine")]);
    /// ```
    ///
    /// # Complexity
    /// O(bytes of the paths), as for single look-ups, and O(number of paths) memory.
    #[must_use]
    pub fn get_many<I>(&self, paths: I) -> Vec<Option<&V>>
    where
        I: IntoIterator<Item: AsRef<[u8]>>,
    {
        let paths: Vec<_> = paths.into_iter().collect();
        look_up_many(place_of(self.root.as_ref()), &paths, |value| value)
    }

    /// Returns for each path whether it has a value, in the order of the paths. O(paths).
    ///
    /// The look-ups take turns, as in [`get_many`](Self::get_many).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("romane", 1), ("romanus", 2)]);
    /// assert_eq!(map.contains_many(["romane", "roman", "romane"]), [true, false, true]);
    /// ```
    #[must_use]
    pub fn contains_many<I>(&self, paths: I) -> Vec<bool>
    where
        I: IntoIterator<Item: AsRef<[u8]>>,
    {
        let paths: Vec<_> = paths.into_iter().collect();
        look_up_many(place_of(self.root.as_ref()), &paths, |value| value.is_some())
    }
}
