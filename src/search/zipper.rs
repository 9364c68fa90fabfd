//! A zipper that shows only the paths that an automaton matches.

use std::fmt;

use super::automaton::Automaton;
use crate::bytes::ByteMask;
use crate::zipper::methods::forward;
use crate::zipper::*;

/// A zipper that restricts another zipper to the paths that an automaton matches.
///
/// Its values are those of the inner zipper at paths that match. Its locations are those from
/// which a match is still possible according to the automaton. The automaton does not look ahead
/// in the trie, so some locations may lead to no value. No trie is built. A move runs the
/// automaton along the bytes moved. [`child_mask`](Zipper::child_mask) runs the automaton along
/// each byte that continues, unless everything below matches.
///
/// The root and the path are those of the inner zipper. To iterate over all matches in a map,
/// [`PathMap::search`](crate::PathMap::search) is several times as fast.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::search::{AutomatonZipper, Within};
/// use bytetrie::zipper::*;
///
/// let map = PathMap::from([("ant", 1), ("bat", 2), ("bee", 3), ("cow", 4)]);
/// let mut some = AutomatonZipper::new(map.read_zipper(), Within::new("b".."bed"));
/// assert_eq!(some.val_count(), 1);
/// assert!(some.to_next_val());
/// assert_eq!(some.path(), b"bat");
/// some.move_to_path("b");
/// assert_eq!(some.child_mask().iter().collect::<Vec<_>>(), b"ae");
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct AutomatonZipper<Z, A: Automaton> {
    zipper: Z,
    automaton: A,
    /// The length of the inner zipper's path to the root.
    base: usize,
    /// The state after each prefix of the path, as long as a match is possible from there.
    states: Vec<A::State>,
}

impl<Z: ZipperMoving, A: Automaton> AutomatonZipper<Z, A> {
    /// Restricts `zipper` to the paths that `automaton` matches. The automaton starts at the
    /// zipper's root. The focus does not move.
    pub fn new(zipper: Z, automaton: A) -> Self {
        let start = automaton.start();
        let states = if automaton.can_match(&start) { vec![start] } else { Vec::new() };
        let mut new = Self { zipper, automaton, base: 0, states };
        new.read(0);
        new
    }

    /// Consumes this zipper and returns the inner one, at the current focus.
    #[must_use]
    pub fn into_inner(self) -> Z {
        self.zipper
    }

    /// The inner zipper.
    pub(crate) fn inner(&self) -> &Z {
        &self.zipper
    }

    /// Runs the automaton along the path after its first `from` bytes. The states of these bytes
    /// are known if a match is possible from there.
    fn read(&mut self, from: usize) {
        if self.states.len() != from + 1 {
            return;
        }
        for &byte in &self.zipper.path()[self.base + from..] {
            let Some(state) = self.states.last().map(|state| self.automaton.accept(state, byte)) else {
                return;
            };
            if !self.automaton.can_match(&state) {
                return;
            }
            self.states.push(state);
        }
    }

    /// Returns the state at the focus, if a match is possible from there.
    #[inline]
    fn state(&self) -> Option<&A::State> {
        self.states.get(self.zipper.path().len() - self.base)
    }

    /// Returns the state at the focus, if the focus matches.
    #[inline]
    fn matching(&self) -> Option<&A::State> {
        self.state().filter(|state| self.automaton.is_match(state))
    }

    /// Returns true iff `path` below the focus matches.
    fn matches_at(&self, path: &[u8]) -> bool {
        let Some((&first, rest)) = path.split_first() else { return self.matching().is_some() };
        let Some(state) = self.state() else { return false };
        let mut state = self.automaton.accept(state, first);
        for &byte in rest {
            if !self.automaton.can_match(&state) {
                return false;
            }
            state = self.automaton.accept(&state, byte);
        }
        self.automaton.is_match(&state)
    }
}

impl<Z: ZipperMoving, A: Automaton> Zipper for AutomatonZipper<Z, A> {
    fn path_exists(&self) -> bool {
        self.state().is_some() && self.zipper.path_exists()
    }

    fn is_val(&self) -> bool {
        self.matching().is_some() && self.zipper.is_val()
    }

    fn child_count(&self) -> usize {
        self.child_mask().count_bits()
    }

    fn child_mask(&self) -> ByteMask {
        let Some(state) = self.state() else { return ByteMask::EMPTY };
        let mask = self.zipper.child_mask();
        if self.automaton.will_always_match(state) {
            return mask;
        }
        mask.iter().filter(|&byte| self.automaton.can_match(&self.automaton.accept(state, byte))).collect()
    }
}

impl<V: ?Sized, Z: ZipperMoving + ZipperValues<V>, A: Automaton> ZipperValues<V> for AutomatonZipper<Z, A> {
    fn val(&self) -> Option<&V> {
        self.matching().and_then(|_| self.zipper.val())
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.matches_at(path.as_ref()).then(|| self.zipper.val_at(path)).flatten()
    }
}

impl<'a, V: ?Sized, Z, A> ZipperReadOnlyValues<'a, V> for AutomatonZipper<Z, A>
where
    Z: ZipperMoving + ZipperReadOnlyValues<'a, V>,
    A: Automaton,
{
    fn get_val(&self) -> Option<&'a V> {
        self.matching().and_then(|_| self.zipper.get_val())
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V> {
        self.matches_at(path.as_ref()).then(|| self.zipper.get_val_at(path)).flatten()
    }
}

impl<'a, V: ?Sized, Z, A> ZipperReadOnlyConditionalValues<'a, V> for AutomatonZipper<Z, A>
where
    Z: ZipperMoving + ZipperReadOnlyConditionalValues<'a, V>,
    A: Automaton,
{
    type WitnessT = Z::WitnessT;

    fn witness<'w>(&self) -> Z::WitnessT {
        self.zipper.witness()
    }

    fn get_val_with_witness<'w>(&self, witness: &'w Z::WitnessT) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.matching().and_then(|_| self.zipper.get_val_with_witness(witness))
    }
}

impl<Z: ZipperMoving + Clone, A: Automaton> ZipperMoving for AutomatonZipper<Z, A>
where
    A::State: Clone,
{
    fn path(&self) -> &[u8] {
        &self.zipper.path()[self.base..]
    }

    /// Counts by a walk over the matches. Where everything below matches, the inner zipper
    /// counts.
    fn val_count(&self) -> usize {
        let mut walk = self.fork();
        let mut count: usize = 0;
        loop {
            let whole = walk.state().is_some_and(|state| walk.automaton.will_always_match(state));
            let here = if whole { walk.zipper.val_count() } else { walk.is_val() as usize };
            count = count.saturating_add(here);
            if !whole && walk.descend_first_byte() {
                continue;
            }
            while !walk.to_next_sibling_byte() {
                if !walk.ascend_byte() {
                    return count;
                }
            }
        }
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        let from = self.path().len();
        self.zipper.descend_to(k);
        self.read(from);
    }

    fn ascend(&mut self, steps: usize) -> bool {
        let depth = self.path().len();
        let up = steps.min(depth);
        self.zipper.ascend(up);
        self.states.truncate(depth - up + 1);
        up == steps
    }

    fn ascend_until(&mut self) -> bool {
        let moved = self.ascend_byte();
        while !self.is_val() && self.child_count() < 2 && self.ascend_byte() {}
        moved
    }

    fn ascend_until_branch(&mut self) -> bool {
        let moved = self.ascend_byte();
        while self.child_count() < 2 && self.ascend_byte() {}
        moved
    }

    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        let Some(state) = self.state().map(|state| self.automaton.accept(state, k)) else { return false };
        let moved = self.automaton.can_match(&state) && self.zipper.descend_to_existing_byte(k);
        if moved {
            self.states.push(state);
        }
        moved
    }
}

impl<Z: ZipperMoving + Clone, A: Automaton> AutomatonZipper<Z, A>
where
    A::State: Clone,
{
    /// Returns a zipper with this automaton, rooted at the focus.
    fn fork(&self) -> AutomatonZipper<Z, &A> {
        AutomatonZipper {
            zipper: self.zipper.clone(),
            automaton: &self.automaton,
            base: self.zipper.path().len(),
            states: self.state().cloned().into_iter().collect(),
        }
    }
}

impl<Z: ZipperIteration + Clone, A: Automaton> ZipperIteration for AutomatonZipper<Z, A> where A::State: Clone {}

impl<'a, V: ?Sized, Z, A> ZipperReadOnlyIteration<'a, V> for AutomatonZipper<Z, A>
where
    Z: ZipperReadOnlyIteration<'a, V> + Clone,
    A: Automaton,
    A::State: Clone,
{
}

impl<'a, V: ?Sized, Z, A> ZipperReadOnlyConditionalIteration<'a, V> for AutomatonZipper<Z, A>
where
    Z: ZipperReadOnlyConditionalIteration<'a, V> + Clone,
    A: Automaton,
    A::State: Clone,
{
}

impl<Z: ZipperAbsolutePath + Clone, A: Automaton> ZipperAbsolutePath for AutomatonZipper<Z, A>
where
    A::State: Clone,
{
    fn origin_path(&self) -> &[u8] {
        self.zipper.origin_path()
    }

    fn root_prefix_path(&self) -> &[u8] {
        let origin = self.zipper.origin_path();
        &origin[..origin.len() - self.path().len()]
    }
}

forward! {
    impl[Z, A: Automaton] AutomatonZipper<Z, A>, self => self.zipper;
    #[allow(unsafe_code, reason = "an unsafe signature; the body hands the promise on")]
    ZipperPathBuffer where [Z: ZipperPathBuffer + Clone, A::State: Clone];
}

impl<V: ?Sized, Z, A> ZipperForking<V> for AutomatonZipper<Z, A>
where
    Z: ZipperAbsolutePath + ZipperIteration + ZipperValues<V> + Clone,
    A: Automaton,
    A::State: Clone,
{
    type ReadZipperT<'z>
        = AutomatonZipper<Z, &'z A>
    where
        Self: 'z;

    fn fork_read_zipper(&self) -> AutomatonZipper<Z, &A> {
        self.fork()
    }
}

impl<Z: Clone, A: Automaton + Clone> Clone for AutomatonZipper<Z, A>
where
    A::State: Clone,
{
    fn clone(&self) -> Self {
        Self {
            zipper: self.zipper.clone(),
            automaton: self.automaton.clone(),
            base: self.base,
            states: self.states.clone(),
        }
    }
}

impl<Z: fmt::Debug, A: Automaton> fmt::Debug for AutomatonZipper<Z, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AutomatonZipper").field("zipper", &self.zipper).finish_non_exhaustive()
    }
}
