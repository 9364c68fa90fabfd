//! Deprecated names of methods, which programs written for `pathmap` 0.3.5 call.
//!
//! They are methods of the traits themselves, and not of a trait in `compat/`, because a method
//! can be called only where its trait is imported, and those programs import the traits that had
//! the names there.

/// The deprecated methods of a trait, to be used inside its declaration.
macro_rules! old_names {
    (Zipper) => {
        /// Another name of [`is_val`](Self::is_val).
        #[deprecated(note = "use `is_val`")]
        #[must_use]
        fn is_value(&self) -> bool {
            self.is_val()
        }
    };
    (ZipperValues) => {
        /// Another name of [`val`](Self::val).
        #[deprecated(note = "use `val`")]
        #[must_use]
        fn value(&self) -> Option<&V> {
            self.val()
        }
    };
    (ZipperReadOnlyValues) => {
        /// Another name of [`get_val`](Self::get_val).
        #[deprecated(note = "use `get_val`")]
        #[must_use]
        fn get_value(&self) -> Option<&'a V> {
            self.get_val()
        }
    };
    (ZipperMoving) => {
        /// Another name of [`descend_to_val`](Self::descend_to_val).
        #[deprecated(note = "use `descend_to_val`")]
        fn descend_to_value<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
            self.descend_to_val(k)
        }

        /// Another name of [`descend_indexed_byte`](Self::descend_indexed_byte).
        #[deprecated(note = "use `descend_indexed_byte`")]
        fn descend_indexed_branch(&mut self, idx: usize) -> bool {
            self.descend_indexed_byte(idx)
        }
    };
    (ZipperReadOnlyIteration) => {
        /// Another name of [`to_next_get_val`](Self::to_next_get_val).
        #[deprecated(note = "use `to_next_get_val`")]
        fn to_next_get_value(&mut self) -> Option<&'a V> {
            self.to_next_get_val()
        }
    };
    (ZipperWriting) => {
        /// Another name of [`get_val_mut`](Self::get_val_mut).
        #[deprecated(note = "use `get_val_mut`")]
        fn get_value_mut(&mut self) -> Option<&mut V> {
            self.get_val_mut()
        }

        /// Another name of [`get_val_or_set_mut`](Self::get_val_or_set_mut).
        #[deprecated(note = "use `get_val_or_set_mut`")]
        fn get_value_or_insert(&mut self, default: V) -> &mut V {
            self.get_val_or_set_mut(default)
        }

        /// Another name of [`get_val_or_set_mut_with`](Self::get_val_or_set_mut_with).
        #[deprecated(note = "use `get_val_or_set_mut_with`")]
        fn get_value_or_insert_with<F>(&mut self, func: F) -> &mut V
        where
            F: FnOnce() -> V,
        {
            self.get_val_or_set_mut_with(func)
        }

        /// Another name of [`set_val`](Self::set_val).
        #[deprecated(note = "use `set_val`")]
        fn set_value(&mut self, val: V) -> Option<V> {
            self.set_val(val)
        }

        /// Removes the value at the focus and prunes, like [`remove_val(true)`](Self::remove_val).
        #[deprecated(note = "use `remove_val(true)`")]
        fn remove_value(&mut self) -> Option<V> {
            self.remove_val(true)
        }

        /// Another name of [`join_into`](Self::join_into).
        #[deprecated(note = "use `join_into`")]
        fn join<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus
        where
            V: Lattice,
        {
            self.join_into(read_zipper)
        }

        /// Another name of [`join_map_into`](Self::join_map_into).
        #[deprecated(note = "use `join_map_into`")]
        fn join_map(&mut self, map: PathMap<V>) -> AlgebraicStatus
        where
            V: Lattice,
        {
            self.join_map_into(map)
        }

        /// Removes bytes and prunes, like
        /// [`join_k_path_into(byte_cnt, true)`](Self::join_k_path_into).
        #[deprecated(note = "use `join_k_path_into(byte_cnt, true)`")]
        fn drop_head(&mut self, byte_cnt: usize) -> bool
        where
            V: Lattice,
        {
            self.join_k_path_into(byte_cnt, true)
        }

        /// Meets and prunes, like [`meet_into(read_zipper, true)`](Self::meet_into).
        #[deprecated(note = "use `meet_into(read_zipper, true)`")]
        fn meet<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus
        where
            V: Lattice,
        {
            self.meet_into(read_zipper, true)
        }

        /// Subtracts and prunes, like [`subtract_into(read_zipper, true)`](Self::subtract_into).
        #[deprecated(note = "use `subtract_into(read_zipper, true)`")]
        fn subtract<Z: ZipperInfallibleSubtries<V>>(&mut self, read_zipper: &Z) -> AlgebraicStatus
        where
            V: DistributiveLattice,
        {
            self.subtract_into(read_zipper, true)
        }
    };
}
pub(super) use old_names;
