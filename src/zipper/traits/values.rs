//! The traits of zippers that read values.

use super::old_names::old_names;
use crate::zipper::TrieRefBorrowed;

/// Values read through a borrow of the zipper.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a zipper over values of type `{V}`",
    label = "this reads no values of type `{V}`",
    note = "make a zipper from a map: `map.read_zipper()`, `map.write_zipper()`, or `…_at_path(path)`"
)]
pub trait ZipperValues<V: ?Sized> {
    /// The value at the focus.
    #[must_use]
    fn val(&self) -> Option<&V>;

    /// The value at `path` below the focus, without moving.
    #[must_use]
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V>;

    /// The values at many paths below the focus, in the order of the paths, without moving.
    ///
    /// In a real trie the look-ups take turns, as in
    /// [`PathMap::get_many`](crate::PathMap::get_many).
    #[must_use]
    fn vals_at<I: IntoIterator<Item: AsRef<[u8]>>>(&self, paths: I) -> Vec<Option<&V>> {
        paths.into_iter().map(|path| self.val_at(path)).collect()
    }

    /// The focus as a place, if the zipper reads one real trie; `None` otherwise, and for zippers
    /// of your own.
    ///
    /// Folds use the place to visit nodes rather than paths.
    #[must_use]
    #[doc(hidden)]
    fn native_place(&self) -> Option<TrieRefBorrowed<'_, V>>
    where
        V: Sized,
    {
        None
    }

    /// The roots of the factors, if the zipper is a product of real tries and its focus is the
    /// root; `None` otherwise, and for zippers of your own.
    ///
    /// Folds use the roots to visit nodes rather than paths.
    #[must_use]
    #[doc(hidden)]
    fn native_factors(&self) -> Option<Vec<TrieRefBorrowed<'_, V>>>
    where
        V: Sized,
    {
        None
    }

    old_names!(ZipperValues);
}

/// Values that live as long as the borrowed trie, and therefore outlive the zipper.
#[diagnostic::on_unimplemented(
    message = "the values that `{Self}` returns do not outlive it",
    label = "values of type `{V}` live no longer than the borrow of this zipper",
    note = "readers of a borrowed map implement the trait: `map.read_zipper()`",
    note = "other readers return values that outlive them with a witness: `ZipperReadOnlyConditionalValues::get_val_with_witness`"
)]
pub trait ZipperReadOnlyValues<'a, V: ?Sized>: ZipperValues<V> {
    /// The value at the focus.
    #[must_use]
    fn get_val(&self) -> Option<&'a V>;

    /// The value at `path` below the focus, without moving.
    #[must_use]
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V>;

    /// The values at many paths below the focus, in the order of the paths, without moving; see
    /// [`vals_at`](ZipperValues::vals_at).
    #[must_use]
    fn get_vals_at<I: IntoIterator<Item: AsRef<[u8]>>>(&self, paths: I) -> Vec<Option<&'a V>> {
        paths.into_iter().map(|path| self.get_val_at(path)).collect()
    }

    old_names!(ZipperReadOnlyValues);
}

/// Values that live as long as a [witness](ZipperReadOnlyConditionalValues::witness).
///
/// A reader that is one owner of its trie, rather than a borrower, cannot lend a value beyond its
/// own life. The witness can, because it is one more owner of the trie.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no witness that keeps its values alive",
    label = "no witness for values of type `{V}`",
    note = "readers have one; make a reader from a writer by `fork_read_zipper`"
)]
pub trait ZipperReadOnlyConditionalValues<'a, V: ?Sized>: ZipperValues<V> {
    /// The type of the witness, which keeps the values alive.
    type WitnessT;

    /// A witness for this zipper's trie. O(1).
    #[must_use]
    #[allow(clippy::extra_unused_lifetimes, reason = "implementations elsewhere have it")]
    fn witness<'w>(&self) -> Self::WitnessT;

    /// The value at the focus, for as long as the witness lives.
    ///
    /// # Panics
    /// Panics if `witness` was made by a zipper over another trie.
    #[must_use]
    fn get_val_with_witness<'w>(&self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'a: 'w;
}
