//! Parts of a packed trie as maps in memory, so that it is a source of every operation.

use std::ops::Deref;

use super::walk::Walk;
use super::zipper::{PackedZipper, PackedZipperOwned};
use crate::file::build_at::build_at;
use crate::file::limits::Limits;
use crate::file::record::End;
use crate::file::stored::{InPlace, Stored};
use crate::trie::PathMap;
use crate::zipper::{
    TrieRef, TrieRefOwned, ZipperInfallibleSubtries, ZipperReadOnlySubtries, ZipperSubtries, ZipperWriting,
};

impl<D: Deref<Target = [u8]>, V: Stored + Clone> Walk<D, V> {
    /// Loads what is at and below the focus. A record that is damaged, or leads to damage, is
    /// loaded as a location with nothing below it.
    fn load(&self) -> PathMap<V> {
        let built = |offset| build_at::<V>(&self.data, offset, Limits::new()).ok();
        let Some((frame, record, at)) = self.focus() else { return PathMap::new() };
        if at == 0 {
            return PathMap::from_root(built(record.offset()));
        }
        let (mut map, mut suffix) = (PathMap::new(), Vec::new());
        let run = frame.run(&record);
        let start = run.start;
        for entry in run {
            let from = record.rest_from(entry);
            if entry == start {
                suffix
                    .extend_from_slice(record.rest(entry).get(at.saturating_sub(from)..).unwrap_or_default());
            } else {
                suffix.truncate(from.saturating_sub(at));
                suffix.extend_from_slice(record.rest(entry));
            }
            let mut writer = map.write_zipper_at_path(&suffix);
            writer.create_path();
            match record.end(entry) {
                Some(End::Child(number)) => {
                    let node = record.child(number).ok().and_then(built);
                    if node.is_some() {
                        writer.graft_map(PathMap::from_root(node));
                    }
                }
                Some(End::Value(number)) => {
                    if let Ok(value) = super::lookup::copy::<V>(&self.data, &record, number) {
                        writer.set_val(value);
                    }
                }
                Some(End::Bare) | None => {}
            }
        }
        map
    }

    /// Loads what is at and below the focus, which need not exist.
    fn load_place(&self) -> TrieRefOwned<V> {
        if self.exists() { self.load().into() } else { TrieRef::absent().into_owned() }
    }
}

/// Implements `load` of a zipper.
macro_rules! load {
    ($zipper:ty) => {
        impl<V: Stored + Clone> $zipper {
            /// Loads the part at and below the focus, whose values may be of any form.
            ///
            /// So such a part can be a source of an operation, even if zippers lend its values as
            /// `str` or `[u8]`, or not at all. What damaged bytes lead to is absent.
            ///
            /// # Complexity
            /// O(nodes at and below the focus).
            ///
            /// # Examples
            /// ```
            /// use bytetrie::PathMap;
            /// use bytetrie::file::Packed;
            ///
            /// let mut bytes = Vec::new();
            /// PathMap::from([("ada", "Lovelace".to_string()), ("bo", "Derek".to_string())]).save(&mut bytes)?;
            /// let packed = Packed::<String>::new(bytes)?;
            ///
            /// let mut map = PathMap::from([("lan", "Turing".to_string())]);
            /// map.join_into(packed.read_zipper_at_path("a").load());
            /// assert_eq!(map.get("da").map(|name| &name[..]), Some("Lovelace"));
            /// # Ok::<(), bytetrie::file::FileError>(())
            /// ```
            #[must_use]
            pub fn load(&self) -> PathMap<V> {
                self.walk.load()
            }
        }
    };
}

load!(PackedZipper<'_, V>);
load!(PackedZipperOwned<'_, V>);

/// Implements the traits of subtries. The maps are loaded: O(nodes at and below the focus). They
/// share no nodes with each other.
macro_rules! subtries {
    ($life:lifetime, $zipper:ty) => {
        impl<$life, V: Stored + Clone> ZipperSubtries<V> for $zipper
        where
            V::Form: InPlace<Target = V>,
        {
            fn native_subtries(&self) -> bool {
                true
            }
            fn try_make_map(&self) -> Option<PathMap<V>> {
                Some(self.make_map())
            }
            fn trie_ref(&self) -> Option<TrieRef<'_, V>> {
                Some(self.get_trie_ref())
            }
        }

        impl<$life, V: Stored + Clone> ZipperInfallibleSubtries<V> for $zipper
        where
            V::Form: InPlace<Target = V>,
        {
            fn make_map(&self) -> PathMap<V> {
                self.walk.load()
            }
            fn get_trie_ref(&self) -> TrieRef<'_, V> {
                self.walk.load_place().into()
            }
        }

        impl<$life, V: Stored + Clone> ZipperReadOnlySubtries<$life, V> for $zipper
        where
            V::Form: InPlace<Target = V>,
        {
            type TrieRefT
                = TrieRefOwned<V>
            where
                V: $life;

            fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefOwned<V> {
                let mut fork = self.walk.fork(&self.walk.data[..]);
                fork.descend(path.as_ref());
                fork.load_place()
            }
        }
    };
}

subtries!('p, PackedZipper<'p, V>);
subtries!('a, PackedZipperOwned<'a, V>);
