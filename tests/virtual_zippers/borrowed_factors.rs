//! A product that borrows its factors (`&mut reader`), which cannot be cloned.
//!
//! It moves side by side with a product that owns equal factors, which reads the values.

use bytetrie::zipper::*;
use bytetrie::{ByteMask, PathMap};

use crate::movement_suite;
use crate::movement_suite::{BothWays, KPaths, OneCase, Reserved, Scene, Walk};
use crate::suite::seam;

type Reader = ReadZipperOwned<u64>;

/// A product of borrowed factors, and one that owns its own.
struct Twins<'a> {
    borrowing: ProductZipperG<'a, &'a mut Reader, &'a mut Reader, u64>,
    owning: ProductZipperG<'a, Reader, Reader, u64>,
}

/// Calls a method of both twins, and compares the answers.
macro_rules! both {
    ($(fn $name:ident (&self $(, $argument:ident: $type:ty)*) -> $answer:ty;)*) => {
        $(
            fn $name(&self $(, $argument: $type)*) -> $answer {
                let answer = self.borrowing.$name($($argument),*);
                assert_eq!(answer, self.owning.$name($($argument),*), stringify!($name));
                answer
            }
        )*
    };
    ($(fn $name:ident (&mut self $(, $argument:ident: $type:ty)*) $(-> $answer:ty)?;)*) => {
        $(
            fn $name(&mut self $(, $argument: $type)*) $(-> $answer)? {
                let answer = self.borrowing.$name($($argument),*);
                assert_eq!(answer, self.owning.$name($($argument),*), stringify!($name));
                answer
            }
        )*
    };
}

impl Zipper for Twins<'_> {
    both! {
        fn path_exists(&self) -> bool;
        fn is_val(&self) -> bool;
        fn child_count(&self) -> usize;
        fn child_mask(&self) -> ByteMask;
    }
}

impl ZipperMoving for Twins<'_> {
    both! {
        fn path(&self) -> &[u8];
        fn val_count(&self) -> usize;
        fn tip_count(&self) -> Option<usize>;
    }
    both! {
        fn reset(&mut self);
        fn ascend(&mut self, steps: usize) -> bool;
        fn ascend_byte(&mut self) -> bool;
        fn ascend_until(&mut self) -> bool;
        fn ascend_until_branch(&mut self) -> bool;
        fn to_next_sibling_byte(&mut self) -> bool;
        fn to_prev_sibling_byte(&mut self) -> bool;
        fn to_next_step(&mut self) -> bool;
        fn descend_to_byte(&mut self, k: u8);
        fn descend_to_existing_byte(&mut self, k: u8) -> bool;
        fn descend_indexed_byte(&mut self, idx: usize) -> bool;
        fn descend_first_byte(&mut self) -> bool;
        fn descend_last_byte(&mut self) -> bool;
        fn descend_until(&mut self) -> bool;
        fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool;
    }
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        self.borrowing.descend_to(&k);
        self.owning.descend_to(k);
    }
    fn descend_to_check<K: AsRef<[u8]>>(&mut self, k: K) -> bool {
        let exists = self.borrowing.descend_to_check(&k);
        assert_eq!(exists, self.owning.descend_to_check(k));
        exists
    }
    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        let moved = self.borrowing.descend_to_existing(&k);
        assert_eq!(moved, self.owning.descend_to_existing(k));
        moved
    }
    fn descend_to_val<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        let moved = self.borrowing.descend_to_val(&k);
        assert_eq!(moved, self.owning.descend_to_val(k));
        moved
    }
    fn move_to_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let shared = self.borrowing.move_to_path(&path);
        assert_eq!(shared, self.owning.move_to_path(path));
        shared
    }
}

impl ZipperIteration for Twins<'_> {
    both! {
        fn to_next_val(&mut self) -> bool;
        fn to_prev_step(&mut self) -> bool;
        fn to_prev_val(&mut self) -> bool;
        fn descend_last_path(&mut self) -> bool;
        fn descend_first_k_path(&mut self, k: usize) -> bool;
        fn to_next_k_path(&mut self, k: usize) -> bool;
    }
}

impl ZipperValues<u64> for Twins<'_> {
    fn val(&self) -> Option<&u64> {
        self.owning.val()
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&u64> {
        self.owning.val_at(path)
    }
}

impl ZipperAbsolutePath for Twins<'_> {
    both! {
        fn origin_path(&self) -> &[u8];
        fn root_prefix_path(&self) -> &[u8];
    }
}

#[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
impl ZipperPathBuffer for Twins<'_> {
    unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        // SAFETY: the caller's promise, of the path that both have.
        unsafe { self.borrowing.origin_path_assert_len(len) }
    }
    fn prepare_buffers(&mut self) {
        self.borrowing.prepare_buffers();
    }
    fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize) {
        self.borrowing.reserve_buffers(path_len, stack_depth);
    }
}

movement_suite!(product_of_borrowed_factors, |map, root, walk| {
    let unit = || PathMap::new().into_read_zipper(b"");
    let others = || [unit(), map.clone().into_read_zipper(root), unit(), unit()];
    let (mut first, mut borrowed) = (seam(&map, root), others());
    let borrowing = ProductZipperG::new(&mut first, &mut borrowed);
    assert_eq!((borrowing.factor_count(), borrowing.path_indices().len()), (5, borrowing.focus_factor()));
    walk.walk(Twins { borrowing, owning: ProductZipperG::new(seam(&map, root), others()) })
});
