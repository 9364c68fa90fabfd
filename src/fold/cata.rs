//! [`Catamorphism`]: folds of a trie from its tips to its root.

use crate::node::{Place, place_of};
use std::convert::Infallible;
use std::hash::Hash;

use super::by_moves::{roam, roam_cached, roam_jumping_cached};
use super::by_nodes::{fold, fold_product};
use super::digest::{Digester, Digesting, content_hash};
use super::kinds::{ByTail, CachedJumping, Forgetful, Jumping, Stepping};
use super::memo::Known;
use super::traits::{Arguments, NodeFold, tail};

use crate::bytes::ByteMask;
use crate::trie::PathMap;
use crate::zipper::{
    TrieRef, TrieRefBorrowed, TrieRefOwned, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperMoving,
    ZipperValues,
};

/// Folds of a trie from its tips to its root.
///
/// A closure is called for locations, for each one after all that is below it. The closure's
/// result for a location is passed to the call for the location above, and its result for the root
/// is the result of the fold. There are four kinds:
///
/// | | sees | called | use it |
/// |---|---|---|---|
/// | [side effect](Self::into_cata_side_effect) | the whole path | once for each path, in order | to write out, to collect |
/// | [jumping side effect](Self::into_cata_jumping_side_effect) | the whole path | once for each path, not within runs | like side effect, but faster |
/// | [cached](Self::into_cata_cached) | no path | once for each shared subtrie | to count, to measure |
/// | [jumping cached](Self::into_cata_jumping_cached) | the bytes jumped over | once for each shared subtrie, not within runs | like cached, but faster |
///
/// A **stepping** fold calls for every location, that is, for every byte. A **jumping** fold calls
/// for locations that have a value, for branches (of more than one child) and for tips. It calls
/// for the root too, unless the root has exactly one child and no value: then the call for what is
/// below the root gives the result.
///
/// A **side-effect** fold goes through all paths. The order of its calls is guaranteed: the
/// children of a location in the order of their bytes, each with all that is below it, then the
/// location itself. A **cached** fold calls once for a subtrie that several paths share, and
/// clones the result. Its time therefore grows with the nodes and not with the paths, which may be
/// far more. In return, the closure must depend only on its arguments. Neither the sharing of
/// subtries nor the number of calls is guaranteed.
///
/// All kinds fold from the **root** of a zipper, wherever its focus is. The value at the root is
/// handed to the last call. An empty trie, and a root that does not exist, result in one call
/// without children and without a value. Each dangling tip results in such a call, too.
///
/// The arguments of a closure, as far as its kind has them:
/// - `mask`: the bytes by which paths go on from the location.
/// - `children`: the results for these bytes, in the order of the mask. The closure may take them
///   out, since they are not read again.
/// - `jumped`: the number of bytes right above the location for which the closure is not called.
///   These are the last bytes of `path`.
/// - `value`: the value at the location.
/// - `path`: the path to the location [from the origin](ZipperAbsolutePath::origin_path). Or
///   `sub_path`: the bytes jumped over.
///
/// Folds do not recurse on the depth of a path. A closure that panics leaves the trie as it is.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::morphisms::Catamorphism;
///
/// let map = PathMap::from([("romane", 3), ("romanus", 4), ("rubens", 5)]);
/// // The sum of all values.
/// let sum = map.read_zipper().into_cata_cached(|_, children: &mut [u32], value| {
///     children.iter().sum::<u32>() + value.copied().unwrap_or(0)
/// });
/// assert_eq!(sum, 12);
/// // The longest path.
/// let longest = map.into_cata_jumping_side_effect(|_, children: &mut [Vec<u8>], _, _, path| {
///     children.iter_mut().max_by_key(|path| path.len()).map_or(path.to_vec(), std::mem::take)
/// });
/// assert_eq!(longest, b"romanus");
/// ```
pub trait Catamorphism<V> {
    /// Folds with whole paths, and calls once for each location, in order. O(locations).
    fn into_cata_side_effect<W, AlgF>(self, mut alg_f: AlgF) -> W
    where
        AlgF: FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> W,
        Self: Sized,
    {
        let alg = |mask: &ByteMask, children: &mut [W], value: Option<&V>, path: &[u8]| {
            Ok::<W, Infallible>(alg_f(mask, children, value, path))
        };
        infallible(self.into_cata_side_effect_fallible(alg))
    }

    /// [`into_cata_side_effect`](Self::into_cata_side_effect) with a closure that may fail.
    ///
    /// # Errors
    /// Returns the first error of the closure. The closure is not called again.
    fn into_cata_side_effect_fallible<W, Err, AlgF>(self, alg_f: AlgF) -> Result<W, Err>
    where
        AlgF: FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, Err>;

    /// Folds with whole paths, and calls once for each value, branch and tip, in order.
    ///
    /// O(bytes in the nodes), where a node counts once for each path to it.
    fn into_cata_jumping_side_effect<W, AlgF>(self, mut alg_f: AlgF) -> W
    where
        AlgF: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> W,
        Self: Sized,
    {
        let alg = |mask: &ByteMask, children: &mut [W], jumped: usize, value: Option<&V>, path: &[u8]| {
            Ok::<W, Infallible>(alg_f(mask, children, jumped, value, path))
        };
        infallible(self.into_cata_jumping_side_effect_fallible(alg))
    }

    /// [`into_cata_jumping_side_effect`](Self::into_cata_jumping_side_effect) with a closure that
    /// may fail.
    ///
    /// # Errors
    /// Returns the first error of the closure. The closure is not called again.
    fn into_cata_jumping_side_effect_fallible<W, Err, AlgF>(self, alg_f: AlgF) -> Result<W, Err>
    where
        AlgF: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, Err>;

    /// Folds without paths, and calls once for each location of a shared subtrie. O(bytes in the
    /// nodes).
    fn into_cata_cached<W, AlgF>(self, alg_f: AlgF) -> W
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>) -> W,
        Self: Sized,
    {
        let alg = |mask: &ByteMask, children: &mut [W], value: Option<&V>| {
            Ok::<W, Infallible>(alg_f(mask, children, value))
        };
        infallible(self.into_cata_cached_fallible(alg))
    }

    /// [`into_cata_cached`](Self::into_cata_cached) with a closure that may fail.
    ///
    /// # Errors
    /// Returns the first error of the closure. The closure is not called again.
    fn into_cata_cached_fallible<W, E, AlgF>(self, alg_f: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>) -> Result<W, E>;

    /// Folds with the bytes jumped over, and calls once for each value, branch and tip of a shared
    /// subtrie.
    ///
    /// The result of the topmost of these locations in a shared subtrie depends on the bytes that
    /// were jumped over above it. So that location may have one call for each way that leads to
    /// it. O(bytes in the nodes).
    fn into_cata_jumping_cached<W, AlgF>(self, alg_f: AlgF) -> W
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> W,
        Self: Sized,
    {
        let alg = |mask: &ByteMask, children: &mut [W], value: Option<&V>, sub_path: &[u8]| {
            Ok::<W, Infallible>(alg_f(mask, children, value, sub_path))
        };
        infallible(self.into_cata_jumping_cached_fallible(alg))
    }

    /// [`into_cata_jumping_cached`](Self::into_cata_jumping_cached) with a closure that may fail.
    ///
    /// # Errors
    /// Returns the first error of the closure. The closure is not called again.
    fn into_cata_jumping_cached_fallible<W, E, AlgF>(self, alg_f: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>;

    /// Folds with the last `tail_len` bytes of each path, or all bytes of a shorter one, and calls
    /// for each location.
    ///
    /// The closure is called once for a location that is at least `tail_len` bytes below the root
    /// of a shared subtrie. The tail of a nearer location has bytes from above the subtrie, so
    /// there is one call for each different tail. With a `tail_len` of 0, this method is
    /// [`into_cata_cached`](Self::into_cata_cached).
    ///
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::morphisms::Catamorphism;
    ///
    /// // How many values are right behind an 's'?
    /// let map = PathMap::from([("romans", 1), ("romanus", 2), ("rubens/", 3)]);
    /// let count = map.into_cata_tail_cached(1, |_, children: &mut [usize], value, tail| {
    ///     children.iter().sum::<usize>() + (value.is_some() && tail == b"s") as usize
    /// });
    /// assert_eq!(count, 2);
    /// ```
    fn into_cata_tail_cached<W, AlgF>(self, tail_len: usize, alg_f: AlgF) -> W
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> W,
        Self: Sized,
    {
        let alg = |mask: &ByteMask, children: &mut [W], value: Option<&V>, tail: &[u8]| {
            Ok::<W, Infallible>(alg_f(mask, children, value, tail))
        };
        infallible(self.into_cata_tail_cached_fallible(tail_len, alg))
    }

    /// [`into_cata_tail_cached`](Self::into_cata_tail_cached) with a closure that may fail.
    ///
    /// # Errors
    /// Returns the first error of the closure. The closure is not called again.
    fn into_cata_tail_cached_fallible<W, E, AlgF>(self, tail_len: usize, alg_f: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>;

    /// Returns a hash of all paths, dangling ones included, and their values.
    ///
    /// The hash depends on the content alone: not on how nodes are laid out or shared, not on the
    /// machine, and not on the release of this crate. Equal maps have equal hashes. The hash does
    /// not withstand an attacker who looks for collisions. Shared nodes are visited once.
    ///
    /// Values are hashed through their [`Hash`]. The numbers that it writes are taken in
    /// little-endian order, and `usize` as 64 bits. But a slice of numbers is written in the
    /// machine's byte order, and std guarantees nothing about later releases. To keep hashes for
    /// long, define the hash of a value with [`hash_with`](Self::hash_with).
    ///
    /// If [`std::hash::Hash`] is in scope too, call this as `Catamorphism::hash(zipper)`.
    #[must_use]
    fn hash(self) -> u128
    where
        Self: Sized,
        V: Hash,
    {
        self.hash_with(content_hash)
    }

    /// Returns a hash of all paths and their values, like [`hash`](Self::hash), with `val_hash`
    /// for the values.
    ///
    /// Values count as equal iff their hashes are. [`fold`](crate::fold) specifies the hash, so
    /// that other programs can compute it.
    fn hash_with<F>(self, val_hash: F) -> u128
    where
        Self: Sized,
        F: Fn(&V) -> u128;
}

fn infallible<W>(result: Result<W, Infallible>) -> W {
    match result {
        Ok(out) => out,
        Err(never) => match never {},
    }
}

/// Where in a real trie a fold starts: a place, if something is there, and the path to it.
struct Start<'a, V> {
    place: Option<Place<'a, V>>,
    path: Vec<u8>,
}

impl<'a, V> Start<'a, V> {
    fn of(place: &TrieRefBorrowed<'a, V>, path: &[u8]) -> Self {
        Self { place: place.place(), path: path.to_vec() }
    }

    fn fold<F: NodeFold<'a, V>>(self, kind: F) -> Result<F::Out, F::Error> {
        fold(self.place, &self.path, kind)
    }
}

/// The real tries that a fold of their product starts from.
struct Factors<'a, V> {
    value: Option<&'a V>,
    places: Vec<Place<'a, V>>,
    path: Vec<u8>,
}

impl<'a, V> Factors<'a, V> {
    fn of(factors: &[TrieRefBorrowed<'a, V>], path: &[u8]) -> Self {
        // Nothing hangs from a factor that does not exist. A factor with nothing below it is
        // replaced by the next one.
        let there = factors.iter().take_while(|factor| factor.path_exists());
        let places = there.filter_map(TrieRefBorrowed::place).filter(|place| place.below().now().is_some());
        let value = factors.first().and_then(TrieRefBorrowed::place).and_then(Place::own);
        Self { value, places: places.collect(), path: path.to_vec() }
    }

    /// Folds by a kind that remembers nothing, since what hangs from a node depends on its factor.
    fn fold<F: NodeFold<'a, V>>(self, kind: F) -> Result<F::Out, F::Error> {
        fold_product(self.value, &self.places, &self.path, kind)
    }
}

/// Implements the trait by nodes, if `$start` finds a start, and otherwise by moves.
macro_rules! folds {
    ([$($generics:tt)*] $of:ty $(where [$($bounds:tt)*])?, |$it:ident| $start:expr, $roams:ident) => {
        impl<$($generics)*> Catamorphism<V> for $of $(where $($bounds)*)? {
            fn into_cata_side_effect_fallible<W, Err, AlgF>(self, mut alg_f: AlgF) -> Result<W, Err>
            where
                AlgF: FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, Err>,
            {
                let alg = |at: Arguments<'_, '_, V, W>| alg_f(at.mask, at.children, at.value, at.path);
                folds!(@ $roams, self, $it, $start, Stepping::new(alg, Forgetful), {
                    if let Some(factors) = $it.native_factors() {
                        let product = Factors::of(&factors, $it.root_prefix_path());
                        return product.fold(Stepping::new(alg, Forgetful));
                    }
                    roam::<_, V, _, _, false>(&mut $it, alg)
                })
            }

            fn into_cata_jumping_side_effect_fallible<W, Err, AlgF>(self, mut alg_f: AlgF) -> Result<W, Err>
            where
                AlgF: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, Err>,
            {
                let alg = |at: Arguments<'_, '_, V, W>| alg_f(at.mask, at.children, at.jumped, at.value, at.path);
                folds!(@ $roams, self, $it, $start, Jumping::new(alg, Forgetful), {
                    if let Some(factors) = $it.native_factors() {
                        let product = Factors::of(&factors, $it.root_prefix_path());
                        return product.fold(Jumping::new(alg, Forgetful));
                    }
                    roam::<_, V, _, _, true>(&mut $it, alg)
                })
            }

            fn into_cata_cached_fallible<W, E, AlgF>(self, alg_f: AlgF) -> Result<W, E>
            where
                W: Clone,
                AlgF: Fn(&ByteMask, &mut [W], Option<&V>) -> Result<W, E>,
            {
                let alg = |at: Arguments<'_, '_, V, W>| alg_f(at.mask, at.children, at.value);
                folds!(@ $roams, self, $it, $start, Stepping::new(alg, Known::new()), roam_cached(&mut $it, 0, alg))
            }

            fn into_cata_jumping_cached_fallible<W, E, AlgF>(self, alg_f: AlgF) -> Result<W, E>
            where
                W: Clone,
                AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>,
            {
                let alg = |at: Arguments<'_, '_, V, W>| alg_f(at.mask, at.children, at.value, at.way());
                folds!(@ $roams, self, $it, $start, CachedJumping::new(alg), roam_jumping_cached(&mut $it, alg))
            }

            fn into_cata_tail_cached_fallible<W, E, AlgF>(self, tail_len: usize, alg_f: AlgF) -> Result<W, E>
            where
                W: Clone,
                AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>,
            {
                let alg = |at: Arguments<'_, '_, V, W>| alg_f(at.mask, at.children, at.value, tail(at.path, tail_len));
                let memory = ByTail::new(tail_len);
                folds!(@ $roams, self, $it, $start, Stepping::new(alg, memory), roam_cached(&mut $it, tail_len, alg))
            }

            fn hash_with<F>(self, val_hash: F) -> u128
            where
                F: Fn(&V) -> u128,
            {
                let digester = Digester::new(val_hash);
                infallible(folds!(@ $roams, self, $it, $start, Digesting::new(digester), {
                    let mut digester = digester;
                    roam_jumping_cached(&mut $it, |at| Ok(digester.hash(at)))
                }))
            }
        }
    };
    // A zipper in one real trie is folded by its place, and any other by its factors or its moves.
    (@ roams, $self:ident, $it:ident, $start:expr, $kind:expr, $roam:expr) => {{
        let mut $it = $self;
        $it.reset();
        match $start {
            Some(start) => start.fold($kind),
            None => $roam,
        }
    }};
    (@ stays, $self:ident, $it:ident, $start:expr, $kind:expr, $roam:expr) => {{
        let $it = $self;
        $start.fold($kind)
    }};
}

folds!(
    [V, Z] Z where [Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath + ZipperConcrete],
    |zipper| zipper.native_place().map(|place| Start::of(&place, zipper.root_prefix_path())),
    roams
);
folds!([V] PathMap<V>, |map| Start { place: place_of(map.root.as_ref()), path: Vec::new() }, stays);
folds!(['a, V] TrieRefBorrowed<'a, V>, |place| Start::of(&place, &[]), stays);
folds!([V] TrieRefOwned<V>, |place| Start::of(&place.native_place().expect("it is in a trie"), &[]), stays);
folds!(['a, V] TrieRef<'a, V>, |place| Start::of(&place.native_place().expect("it is in a trie"), &[]), stays);
