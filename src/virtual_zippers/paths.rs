//! A zipper over paths alone, whose type names no type of values.
//!
//! [`ZipperMoving`] has generic methods, so it cannot be a trait object. [`Paths`] can: its methods
//! take paths as slices. One table, `paths!`, declares it, implements it for all zippers, and
//! implements the traits of movement by it.

use std::fmt;

use crate::bytes::Text;
use crate::zipper::methods::forward;
use crate::zipper::traits::*;

/// A zipper that shows the paths of a trie and not its values.
///
/// It moves and answers whether a location exists, whether it has a value, and which branches it
/// has. Its type is the same for all tries, so cursors in maps with different values can be in one
/// `Vec`, and code that takes it is compiled once.
///
/// Moving does not touch values in any other zipper either: no zipper reads the memory of a value,
/// or clones one, unless it is asked for the value. If the type of the values is known, or may be
/// a parameter, use that zipper itself. A `PathZipper` is a box of it: making one allocates, and
/// each call is an indirect one.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let prices: PathMap<f64> = [("apple", 0.5), ("pear", 0.75)].into();
/// let origins: PathMap<String> = [("pear", "Portugal".into()), ("plum", "Spain".into())].into();
/// let mut cursors =
///     [PathZipper::new(prices.read_zipper()), PathZipper::new(origins.read_zipper())];
/// let mut known = Vec::new();
/// for path in ["apple", "pear", "plum", "p"] {
///     for cursor in &mut cursors {
///         cursor.move_to_path(path);
///     }
///     known.push(cursors.iter().filter(|cursor| cursor.is_val()).count());
/// }
/// assert_eq!(known, [1, 2, 1, 0]);
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct PathZipper<'trie>(Box<dyn Paths<'trie> + Send + Sync + 'trie>);

impl<'trie> PathZipper<'trie> {
    /// A zipper that shows the paths of `zipper`, with the same root and focus.
    ///
    /// Writers cannot be cloned; pass a reader that is made by
    /// [`fork_read_zipper`](ZipperForking::fork_read_zipper).
    pub fn new<Z>(zipper: Z) -> Self
    where
        Z: ZipperIteration + ZipperAbsolutePath + Clone + Send + Sync + 'trie,
    {
        Self(Box::new(zipper))
    }
}

/// Declares the object-safe trait of movement, and implements it for all zippers and by all
/// [`PathZipper`]s. The queries take `&self`; `steps` and `jumps` take `&mut self`, and `jumps`
/// take a path as well.
macro_rules! paths {
    ($(
        $trait:ident {
            queries { $(fn $query:ident() -> $shown:ty;)* }
            steps { $(fn $step:ident($($operand:ident: usize)?) -> $stepped:ty;)* }
            bytes { $(fn $by:ident(byte: u8) -> $by_result:ty;)* }
            jumps { $(fn $jump:ident(path) -> $jumped:ty;)* }
        }
    )*) => {
        trait Paths<'trie>: Zipper {
            fn boxed(&self) -> Box<dyn Paths<'trie> + Send + Sync + 'trie>;
            $(
                $(fn $query(&self) -> $shown;)*
                $(fn $step(&mut self $(, $operand: usize)?) -> $stepped;)*
                $(fn $by(&mut self, byte: u8) -> $by_result;)*
                $(fn $jump(&mut self, path: &[u8]) -> $jumped;)*
            )*
        }

        impl<'trie, Z> Paths<'trie> for Z
        where
            Z: ZipperIteration + ZipperAbsolutePath + Clone + Send + Sync + 'trie,
        {
            fn boxed(&self) -> Box<dyn Paths<'trie> + Send + Sync + 'trie> {
                Box::new(self.clone())
            }
            $(
                $(fn $query(&self) -> $shown {
                    $trait::$query(self)
                })*
                $(fn $step(&mut self $(, $operand: usize)?) -> $stepped {
                    $trait::$step(self $(, $operand)?)
                })*
                $(fn $by(&mut self, byte: u8) -> $by_result {
                    $trait::$by(self, byte)
                })*
                $(fn $jump(&mut self, path: &[u8]) -> $jumped {
                    $trait::$jump(self, path)
                })*
            )*
        }

        $(
            impl $trait for PathZipper<'_> {
                $(fn $query(&self) -> $shown {
                    Paths::$query(&*self.0)
                })*
                $(fn $step(&mut self $(, $operand: usize)?) -> $stepped {
                    Paths::$step(&mut *self.0 $(, $operand)?)
                })*
                $(fn $by(&mut self, byte: u8) -> $by_result {
                    Paths::$by(&mut *self.0, byte)
                })*
                $(fn $jump<K: AsRef<[u8]>>(&mut self, path: K) -> $jumped {
                    Paths::$jump(&mut *self.0, path.as_ref())
                })*
            }
        )*
    };
}

paths! {
    ZipperMoving {
        queries {
            fn path() -> &[u8];
            fn val_count() -> usize;
            fn tip_count() -> Option<usize>;
            fn at_root() -> bool;
        }
        steps {
            fn reset() -> ();
            fn ascend(steps: usize) -> bool;
            fn ascend_byte() -> bool;
            fn ascend_until() -> bool;
            fn ascend_until_branch() -> bool;
            fn descend_indexed_byte(idx: usize) -> bool;
            fn descend_first_byte() -> bool;
            fn descend_last_byte() -> bool;
            fn descend_until() -> bool;
            fn descend_until_max_bytes(max_bytes: usize) -> bool;
            fn to_next_sibling_byte() -> bool;
            fn to_prev_sibling_byte() -> bool;
            fn to_next_step() -> bool;
        }
        bytes {
            fn descend_to_byte(byte: u8) -> ();
            fn descend_to_existing_byte(byte: u8) -> bool;
        }
        jumps {
            fn move_to_path(path) -> usize;
            fn descend_to(path) -> ();
            fn descend_to_check(path) -> bool;
            fn descend_to_existing(path) -> usize;
            fn descend_to_val(path) -> usize;
        }
    }
    ZipperIteration {
        queries {}
        steps {
            fn to_next_val() -> bool;
            fn to_prev_step() -> bool;
            fn to_prev_val() -> bool;
            fn descend_last_path() -> bool;
            fn descend_first_k_path(k: usize) -> bool;
            fn to_next_k_path(k: usize) -> bool;
        }
        bytes {}
        jumps {}
    }
    ZipperAbsolutePath {
        queries {
            fn origin_path() -> &[u8];
            fn root_prefix_path() -> &[u8];
        }
        steps {}
        bytes {}
        jumps {}
    }
}

forward! {
    impl['trie] PathZipper<'trie>, self => *self.0;
    Zipper;
}

impl Clone for PathZipper<'_> {
    fn clone(&self) -> Self {
        Self(self.0.boxed())
    }
}

impl fmt::Debug for PathZipper<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PathZipper")
            .field("root_prefix_path", &Text(ZipperAbsolutePath::root_prefix_path(self)))
            .field("path", &Text(ZipperMoving::path(self)))
            .finish_non_exhaustive()
    }
}
