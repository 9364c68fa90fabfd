//! The meet, the difference and the restriction of two tries, which are not built.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::fork::ForkedZipper;
use super::lookahead::Lookahead;
use super::pair::{Pair, ascend_until_fork};
use super::selection::{Meeting, Restricting, Selection, Subtracting, choose};
use super::value_cache::{Choice, ValueCache};
use super::walking::{count_tips, count_values};
use crate::bytes::{ByteMask, Text};
use crate::zipper::methods::forward;
use crate::zipper::traits::*;

/// A view of the part of one zipper's trie that another zipper selects: a [`MeetZipper`], a
/// [`SubtractZipper`] or a [`RestrictZipper`].
///
/// The view shows the result of the operation of that name on two maps, including its rules for
/// dangling paths. The root of the view is the root of the first zipper, and exists iff the latter
/// exists. The view builds no trie.
///
/// # Lookahead
/// A location of the result exists iff it leads to a location that the operation keeps. To find
/// such a location, the view has a second pair of zippers, its *lookahead*. The lookahead searches
/// the locations that both operands have below the focus, in path order, for the first one that is
/// kept. The path that was found is remembered, and most moves follow it. A walk through the whole
/// result takes no more steps than a walk through the locations of both operands. To compute a
/// [`child_mask`](Zipper::child_mask), the lookahead searches each branch until it finds a
/// location that is kept. The view stores four zippers, one mask, and the values that were read
/// since its last move.
///
/// If the value of the result differs from both operands, it is computed when it is first read, and
/// kept until the view moves. Otherwise, as for plain values, it is borrowed from the operand. The
/// lookahead calls the lattice operations of the values too, possibly more than once for the same
/// two values.
///
/// The zippers must be [`Clone`], because the lookahead and counting use clones.
///
/// # Complexity
/// `to_next_step` and `to_next_val` take amortized O(1) steps of the walk through both operands.
/// `child_mask` takes O(locations that are searched in each branch before one that is kept). The
/// moves that need a mask take as long: `descend_indexed_byte`, `descend_until`, `ascend_until`,
/// `ascend_until_branch`. `val_count` walks all locations below the focus.
#[must_use = "a zipper does nothing until it is used"]
pub struct AlgebraZipper<V, A, B, O> {
    pair: Pair<A, B>,
    /// The depth of the first value of the second zipper on the path, if such values cover
    /// ([`Selection::COVERS`]).
    covered: Option<usize>,
    lookahead: Mutex<Lookahead<A, B>>,
    /// The child mask, if it was computed since the last move.
    mask: OnceLock<ByteMask>,
    /// Whether the focus exists, if that was computed since the last move.
    exists: OnceLock<bool>,
    values: ValueCache<V>,
    operation: PhantomData<fn() -> O>,
}

/// The meet of the tries of two zippers, read without building it.
///
/// A location exists iff it leads to a path at which both tries have a value and the
/// [`pmeet`](crate::Lattice::pmeet) of the two is not `None`, or to a tip that dangles in both.
/// See [`AlgebraZipper`].
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let a: PathMap<u32> = [("car", 1), ("cart", 2), ("dog", 3)].into_iter().collect();
/// let b: PathMap<u32> = [("cart", 8), ("dot", 9)].into_iter().collect();
/// let mut both = MeetZipper::new(a.read_zipper(), b.read_zipper());
/// assert_eq!(both.child_mask().iter().collect::<Vec<_>>(), b"c"); // `do` leads to nothing that both have
/// assert!(both.to_next_val());
/// assert_eq!((both.path(), both.val()), (&b"cart"[..], Some(&2)));
/// assert!(!both.to_next_val());
/// ```
pub type MeetZipper<V, A, B> = AlgebraZipper<V, A, B, Meeting>;

/// The difference of the tries of two zippers, read without building it.
///
/// A location exists iff it leads to a value of the first that is kept, or to a dangling tip of the
/// first that is no location of the second. A value is kept if the second has no value at its path,
/// or if the [`psubtract`](crate::DistributiveLattice::psubtract) of the two is not `None`. See
/// [`AlgebraZipper`].
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let all: PathMap<()> = ["ant", "bee", "bat"].into_iter().map(|path| (path, ())).collect();
/// let seen: PathMap<()> = ["bee"].into_iter().map(|path| (path, ())).collect();
/// let mut new = SubtractZipper::new(all.read_zipper(), seen.read_zipper());
/// assert!(new.descend_to_check("ba") && !new.descend_to_check("be"));
/// assert_eq!(new.val_count(), 0);
/// new.reset();
/// assert_eq!(new.val_count(), 2);
/// ```
pub type SubtractZipper<V, A, B> = AlgebraZipper<V, A, B, Subtracting>;

/// The restriction of one zipper's trie to the paths at and below the values of another, read
/// without building it.
///
/// The values of the second zipper may have any type; only their paths matter. See
/// [`AlgebraZipper`].
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let files: PathMap<u32> = [("etc/hosts", 1), ("usr/bin/ls", 2), ("usr/lib/c", 3)].into_iter().collect();
/// let allowed: PathMap<()> = ["usr/bin/", "var/"].into_iter().map(|path| (path, ())).collect();
/// let mut visible = RestrictZipper::new(files.read_zipper(), allowed.read_zipper());
/// assert_eq!(visible.to_next_get_val(), Some(&2));
/// assert_eq!(visible.to_next_get_val(), None);
/// ```
pub type RestrictZipper<V, A, B> = AlgebraZipper<V, A, B, Restricting>;

impl<V, A, B, O> AlgebraZipper<V, A, B, O>
where
    A: ZipperMoving + ZipperValues<V> + Clone,
    B: ZipperMoving + Clone,
    O: Selection<V, A, B>,
{
    /// A view of the operation on the tries at the roots of `a` and `b`. Both are reset. The root
    /// and the origin are those of `a`.
    pub fn new(a: A, b: B) -> Self {
        let pair = Pair::new(a, b);
        let covered = (O::COVERS && pair.b.is_val()).then_some(0);
        Self {
            lookahead: Mutex::new(Lookahead::new(pair.clone())),
            pair,
            covered,
            mask: OnceLock::new(),
            exists: OnceLock::new(),
            values: ValueCache::new(),
            operation: PhantomData,
        }
    }

    /// The lookahead, through a shared reference. It can be used again after a value's operation
    /// has panicked, because its path is not known then.
    fn lookahead(&self) -> MutexGuard<'_, Lookahead<A, B>> {
        self.lookahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn lookahead_mut(&mut self) -> &mut Lookahead<A, B> {
        self.lookahead.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn depth(&self) -> usize {
        self.pair.a.path().len()
    }

    /// Whether everything that the first has at and below the focus is kept.
    #[inline]
    fn is_whole(&self) -> bool {
        self.covered.is_some() || O::stays_whole(&self.pair.a, &self.pair.b)
    }

    /// Forgets what was computed for the focus, before a move.
    #[inline]
    fn moves(&mut self) {
        self.mask.take();
        self.exists.take();
        self.values.clear();
    }

    /// Computes whether the focus exists.
    fn looks_existing(&self) -> bool {
        let mut lookahead = self.lookahead();
        lookahead.knows(self.depth()) || lookahead.seek::<V, O>(self.pair.a.path(), None)
    }

    /// Computes the child mask.
    fn looked_mask(&self) -> ByteMask {
        let candidates = O::branches(&self.pair.a, &self.pair.b);
        if candidates.is_empty_mask() {
            return candidates;
        }
        let (mut lookahead, depth) = (self.lookahead(), self.depth());
        let mut mask = ByteMask::EMPTY;
        let known = lookahead.known_byte(depth);
        if let Some(byte) = known {
            mask.set_bit(byte);
        }
        let first = lookahead.first_known_byte(depth);
        // The last branch is searched first, so that the lookahead ends in the first branch, where
        // a walk continues.
        let mut next = candidates.indexed_bit::<false>(0);
        while let Some(byte) = next {
            next = candidates.prev_bit(byte);
            if first.is_some_and(|first| byte < first) {
                break;
            }
            if known != Some(byte) && lookahead.seek::<V, O>(self.pair.a.path(), Some(byte)) {
                mask.set_bit(byte);
            }
        }
        mask
    }

    /// Whether the focus has the child `byte`.
    fn leads_by(&mut self, byte: u8) -> bool {
        if self.is_whole() {
            return self.pair.a.child_mask().test_bit(byte);
        }
        if let Some(mask) = self.mask.get() {
            return mask.test_bit(byte);
        }
        let (depth, candidates) = (self.depth(), O::branches(&self.pair.a, &self.pair.b));
        let lookahead = self.lookahead.get_mut().unwrap_or_else(PoisonError::into_inner);
        lookahead.known_byte(depth) == Some(byte)
            || candidates.test_bit(byte) && lookahead.seek::<V, O>(self.pair.a.path(), Some(byte))
    }

    /// The first child at or after `byte`, in the order in which `beyond` returns candidates.
    fn first_from(&mut self, byte: Option<u8>, beyond: fn(&ByteMask, u8) -> Option<u8>) -> Option<u8> {
        let mut next = byte;
        while let Some(byte) = next {
            if self.leads_by(byte) {
                return Some(byte);
            }
            next = beyond(&O::branches(&self.pair.a, &self.pair.b), byte);
        }
        None
    }

    /// A superset of the child mask.
    fn candidates(&self) -> ByteMask {
        if self.is_whole() {
            return self.pair.a.child_mask();
        }
        match self.mask.get() {
            Some(&mask) => mask,
            None => O::branches(&self.pair.a, &self.pair.b),
        }
    }

    /// The first child.
    fn first_byte(&mut self) -> Option<u8> {
        let depth = self.depth();
        if !self.is_whole()
            && let Some(byte) = self.lookahead_mut().first_known_byte(depth)
        {
            return Some(byte);
        }
        let candidate = self.candidates().indexed_bit::<true>(0);
        let byte = self.first_from(candidate, ByteMask::next_bit)?;
        // The search has found that no candidate before this one is a child.
        if self.lookahead_mut().known_byte(depth) == Some(byte) {
            self.lookahead_mut().first_is_below(depth);
        }
        Some(byte)
    }

    fn to_sibling(&mut self, beyond: fn(&ByteMask, u8) -> Option<u8>) -> bool {
        let Some(&here) = self.path().last() else { return false };
        self.ascend(1);
        let candidate = beyond(&self.candidates(), here);
        let found = self.first_from(candidate, beyond);
        self.descend_to_byte(found.unwrap_or(here));
        found.is_some()
    }

    /// Whether the location at `path` below the focus is covered.
    fn covers_below(&self, path: &[u8]) -> bool {
        if self.covered.is_some() {
            return true;
        }
        let mut probe = self.pair.b.clone();
        probe.descend_to_val(path) > 0 && probe.is_val()
    }
}

impl<V, A, B, O> Clone for AlgebraZipper<V, A, B, O>
where
    A: ZipperMoving + Clone,
    B: ZipperMoving + Clone,
{
    fn clone(&self) -> Self {
        Self {
            pair: self.pair.clone(),
            covered: self.covered,
            lookahead: Mutex::new(Lookahead::new(self.pair.clone())),
            mask: self.mask.clone(),
            exists: self.exists.clone(),
            values: self.values.clone(),
            operation: PhantomData,
        }
    }
}

impl<V, A, B, O> Zipper for AlgebraZipper<V, A, B, O>
where
    A: ZipperMoving + ZipperValues<V> + Clone,
    B: ZipperMoving + Clone,
    O: Selection<V, A, B>,
{
    fn path_exists(&self) -> bool {
        if !self.pair.a.path_exists() {
            return false;
        }
        self.depth() == 0 || self.is_whole() || *self.exists.get_or_init(|| self.looks_existing())
    }
    fn is_val(&self) -> bool {
        self.val().is_some()
    }
    fn child_count(&self) -> usize {
        self.child_mask().count_bits()
    }
    fn child_mask(&self) -> ByteMask {
        if self.is_whole() {
            return self.pair.a.child_mask();
        }
        *self.mask.get_or_init(|| self.looked_mask())
    }
}

impl<V, A, B, O> ZipperValues<V> for AlgebraZipper<V, A, B, O>
where
    A: ZipperMoving + ZipperValues<V> + Clone,
    B: ZipperMoving + Clone,
    O: Selection<V, A, B>,
{
    fn val(&self) -> Option<&V> {
        let left = self.pair.a.val()?;
        if O::COVERS {
            return self.covered.is_some().then_some(left);
        }
        let right = O::right(&self.pair.b);
        self.values.here(Some(left), right, || choose::<V, A, B, O>(Some(left), right))
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        let path = path.as_ref();
        let left = self.pair.a.val_at(path)?;
        if O::COVERS {
            return self.covers_below(path).then_some(left);
        }
        let right = O::right_at(&self.pair.b, path);
        let choose = || -> Choice<V> { choose::<V, A, B, O>(Some(left), right) };
        self.values.below(path, Some(left), right, choose)
    }
}

impl<V, A, B, O> ZipperMoving for AlgebraZipper<V, A, B, O>
where
    A: ZipperMoving + ZipperValues<V> + Clone,
    B: ZipperMoving + Clone,
    O: Selection<V, A, B>,
{
    #[inline]
    fn path(&self) -> &[u8] {
        self.pair.a.path()
    }
    fn val_count(&self) -> usize {
        if self.is_whole() { self.pair.a.val_count() } else { count_values(self.clone()) }
    }
    fn tip_count(&self) -> Option<usize> {
        if self.is_whole() { self.pair.a.tip_count() } else { Some(count_tips(self.clone())) }
    }
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        let k = k.as_ref();
        self.moves();
        let depth = self.depth();
        self.lookahead_mut().focus_descends(depth, k);
        self.pair.a.descend_to(k);
        if O::COVERS && self.covered.is_none() {
            let moved = self.pair.b.descend_to_val(k);
            if moved > 0 && self.pair.b.is_val() {
                self.covered = Some(depth + moved);
            }
            self.pair.b.descend_to(&k[moved..]);
        } else {
            self.pair.b.descend_to(k);
        }
    }
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        let leads = self.leads_by(k);
        if leads {
            self.descend_to_byte(k);
        }
        leads
    }
    fn descend_first_byte(&mut self) -> bool {
        let byte = self.first_byte();
        if let Some(byte) = byte {
            self.descend_to_byte(byte);
        }
        byte.is_some()
    }
    fn descend_last_byte(&mut self) -> bool {
        let candidate = self.candidates().indexed_bit::<false>(0);
        let byte = self.first_from(candidate, ByteMask::prev_bit);
        if let Some(byte) = byte {
            self.descend_to_byte(byte);
        }
        byte.is_some()
    }
    fn ascend(&mut self, steps: usize) -> bool {
        self.moves();
        let whole = self.pair.ascend(steps);
        let depth = self.depth();
        self.lookahead_mut().focus_ascends(depth);
        self.covered = self.covered.filter(|&covered| covered <= depth);
        whole
    }
    fn ascend_until(&mut self) -> bool {
        ascend_until_fork(self, true)
    }
    fn ascend_until_branch(&mut self) -> bool {
        ascend_until_fork(self, false)
    }
    fn to_next_sibling_byte(&mut self) -> bool {
        self.to_sibling(ByteMask::next_bit)
    }
    fn to_prev_sibling_byte(&mut self) -> bool {
        self.to_sibling(ByteMask::prev_bit)
    }
}

impl<V, A, B, O> ZipperIteration for AlgebraZipper<V, A, B, O>
where
    A: ZipperMoving + ZipperValues<V> + Clone,
    B: ZipperMoving + Clone,
    O: Selection<V, A, B>,
{
}

forward! {
    impl[V, A, B, O] AlgebraZipper<V, A, B, O>, self => self.pair.a;
    ZipperAbsolutePath where [
        A: ZipperAbsolutePath + ZipperValues<V> + Clone, B: ZipperMoving + Clone, O: Selection<V, A, B>,
    ];
    #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
    ZipperPathBuffer where [
        A: ZipperPathBuffer + ZipperValues<V> + Clone, B: ZipperMoving + Clone, O: Selection<V, A, B>,
    ];
}

/// The view has no nodes, because it shows a part of a trie.
impl<V, A, B, O> ZipperConcrete for AlgebraZipper<V, A, B, O> {
    fn shared_node_id(&self) -> Option<u64> {
        None
    }
    fn is_shared(&self) -> bool {
        false
    }
}

/// The values of a restriction are values of the first zipper.
impl<'t, V, A, B> ZipperReadOnlyValues<'t, V> for RestrictZipper<V, A, B>
where
    A: ZipperMoving + ZipperReadOnlyValues<'t, V> + Clone,
    B: ZipperMoving + Clone,
{
    fn get_val(&self) -> Option<&'t V> {
        self.covered.and_then(|_| self.pair.a.get_val())
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'t V> {
        let path = path.as_ref();
        if self.covers_below(path) { self.pair.a.get_val_at(path) } else { None }
    }
}

impl<'t, V, A, B> ZipperReadOnlyIteration<'t, V> for RestrictZipper<V, A, B>
where
    A: ZipperMoving + ZipperReadOnlyValues<'t, V> + Clone,
    B: ZipperMoving + Clone,
{
}

impl<'t, V, A, B> ZipperReadOnlyConditionalValues<'t, V> for RestrictZipper<V, A, B>
where
    A: ZipperMoving + ZipperReadOnlyConditionalValues<'t, V> + Clone,
    B: ZipperMoving + Clone,
{
    type WitnessT = A::WitnessT;

    fn witness<'w>(&self) -> A::WitnessT {
        self.pair.a.witness()
    }
    fn get_val_with_witness<'w>(&self, witness: &'w A::WitnessT) -> Option<&'w V>
    where
        't: 'w,
    {
        self.covered.and_then(|_| self.pair.a.get_val_with_witness(witness))
    }
}

impl<'t, V, A, B> ZipperReadOnlyConditionalIteration<'t, V> for RestrictZipper<V, A, B>
where
    A: ZipperMoving + ZipperReadOnlyConditionalValues<'t, V> + Clone,
    B: ZipperMoving + Clone,
{
}

impl<V, A, B, O> ZipperForking<V> for AlgebraZipper<V, A, B, O>
where
    A: ZipperAbsolutePath + ZipperValues<V> + Clone,
    B: ZipperMoving + Clone,
    O: Selection<V, A, B>,
{
    type ReadZipperT<'z>
        = ForkedZipper<Self>
    where
        Self: 'z;

    fn fork_read_zipper(&self) -> ForkedZipper<Self> {
        ForkedZipper::new(self.clone())
    }
}

impl<V, A: ZipperMoving, B, O> fmt::Debug for AlgebraZipper<V, A, B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlgebraZipper").field("path", &Text(self.pair.a.path())).finish_non_exhaustive()
    }
}
