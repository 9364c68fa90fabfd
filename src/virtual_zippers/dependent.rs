//! The product whose factors are chosen by the path so far.

use std::fmt;
use std::marker::PhantomData;

use super::chain::{Chain, Counted, Factors, at_focus, path_to_tip};
use super::fork::ForkedZipper;
use super::shelf::Shelf;
use super::stamp::chain_zipper;
use super::walking::count_values;
use crate::zipper::methods::forward;
use crate::zipper::traits::*;

/// A product in which a closure chooses what hangs at each tip.
///
/// As in a [`ProductZipperG`](super::ProductZipperG) the next factor hangs at each tip of the one
/// before, but here the closure makes it. It is given the payload, the path so far, and how many
/// factors the path has gone through behind the primary one; it returns the payload, and the
/// zipper whose root is to hang there, or `None` if nothing is. A product may thus be without end.
///
/// The same path must always get the same zipper: how often the closure is called, and in which
/// order, is not told, and the payload is for caches and buffers. It is not asked twice at one
/// path, so a factor with nothing below its root ends the product there. If it panics the payload
/// is lost, and no more factors are to be had.
///
/// The zippers, the payload and the closure must be [`Clone`], since counting and looking below
/// the focus without moving is done by clones.
///
/// # Complexity
/// Moves are those of the factors, and a call of the closure where a tip is come to. `val_count`
/// walks all that is below the focus, and never returns where that is without end; so do moves to
/// the last of all locations.
///
/// # Examples
/// Words, each followed by one of its own list:
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let verbs: PathMap<()> = ["eat ", "read "].into_iter().map(|path| (path, ())).collect();
/// let foods: PathMap<()> = ["fish", "rice"].into_iter().map(|path| (path, ())).collect();
/// let texts: PathMap<()> = ["news"].into_iter().map(|path| (path, ())).collect();
/// let mut zipper = DependentProductZipperG::new_enroll(verbs.read_zipper(), (), |(), path: &[u8], factors| {
///     let list = if path.starts_with(b"eat") { &foods } else { &texts };
///     ((), (factors == 0).then(|| list.read_zipper()))
/// });
/// let mut phrases = Vec::new();
/// while zipper.to_next_val() {
///     phrases.push(String::from_utf8_lossy(zipper.path()).into_owned());
/// }
/// assert_eq!(phrases, ["eat ", "eat fish", "eat rice", "read ", "read news"]);
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct DependentProductZipperG<'trie, PrimaryZ, SecondaryZ, V, C, F> {
    chain: Chain<PrimaryZ, Drawn<SecondaryZ, C, F>>,
    trie: PhantomData<&'trie V>,
}

impl<P: Clone, S: Clone, V, C: Clone, F: Clone> Clone for DependentProductZipperG<'_, P, S, V, C, F> {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), trie: PhantomData }
    }
}

/// Factors that a closure makes.
#[derive(Clone)]
struct Drawn<S, C, F> {
    zippers: Vec<S>,
    /// What the closure passes on from call to call. None once it has panicked.
    payload: Option<C>,
    enroll: F,
    /// The zippers that [`ZipperValues::val_at`] has made behind those entered, with where their
    /// roots are.
    ahead: Shelf<(Vec<u8>, S)>,
}

impl<S, C, F> Factors for Drawn<S, C, F>
where
    S: ZipperMoving,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    type Zipper = S;

    #[inline]
    fn get(&self, i: usize) -> &S {
        &self.zippers[i]
    }
    #[inline]
    fn get_mut(&mut self, i: usize) -> &mut S {
        &mut self.zippers[i]
    }
    #[inline]
    fn may_follow(&self, _entered: usize) -> bool {
        true
    }
    fn enter(&mut self, entered: usize, path: &[u8]) -> bool {
        let Some(payload) = self.payload.take() else { return false };
        let (payload, zipper) = self.enroll.clone()(payload, path, entered);
        self.payload = Some(payload);
        let Some(mut zipper) = zipper else { return false };
        zipper.reset();
        self.zippers.push(zipper);
        true
    }
    const CHAINS: bool = false;

    fn leave(&mut self, from: usize, _entered: usize) {
        self.zippers.truncate(from);
    }
    #[inline]
    fn moves(&mut self) {
        self.ahead.clear();
    }
}

impl<P, S, C, F> Counted<P> for Drawn<S, C, F>
where
    P: ZipperMoving + Clone,
    S: ZipperMoving + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    fn val_count(chain: &Chain<P, Self>) -> usize {
        count_values(chain.clone())
    }
    fn tip_count(_chain: &Chain<P, Self>) -> Option<usize> {
        None
    }
}

impl<'trie, PrimaryZ, SecondaryZ, V, C, F> DependentProductZipperG<'trie, PrimaryZ, SecondaryZ, V, C, F>
where
    PrimaryZ: ZipperMoving,
    SecondaryZ: ZipperMoving,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>),
{
    /// A product that begins with `primary`, which is reset, and asks `enroll` for what hangs at
    /// each tip.
    pub fn new_enroll(mut primary: PrimaryZ, enroll_payload: C, enroll: F) -> Self
    where
        PrimaryZ: ZipperValues<V>,
    {
        primary.reset();
        let drawn = Drawn { zippers: Vec::new(), payload: Some(enroll_payload), enroll, ahead: Shelf::new() };
        Self { chain: Chain::new(primary, drawn), trie: PhantomData }
    }

    /// The number of the factor that the focus is in; the primary one is 0. A seam is still in the
    /// factor that ends.
    #[must_use]
    pub fn focus_factor(&self) -> usize {
        self.chain.focus_factor()
    }

    /// Where the factors before that of the focus end, as offsets in [`path`](ZipperMoving::path).
    #[must_use]
    pub fn path_indices(&self) -> &[usize] {
        &self.chain.seams()[..self.chain.focus_factor()]
    }
}

impl<'trie, P, S, V, C, F> DependentProductZipperG<'trie, P, S, V, C, F>
where
    P: ZipperMoving + Clone,
    S: ZipperMoving + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    /// Which zipper the location at `path` below the focus is of, and by what path below where
    /// that stands.
    fn find<'k>(&self, path: &'k [u8]) -> Option<(Found<'_, P, S>, &'k [u8])> {
        let of_number = |n: usize| match n {
            0 => Found::Primary(&self.chain.primary),
            n => Found::Factor(self.chain.rest.get(n - 1)),
        };
        if path.is_empty() {
            return Some((of_number(self.chain.focus_factor()), path));
        }
        let entered = self.chain.seams().len();
        let mut zipper = of_number(entered);
        let (mut rest, mut factor) = (path, entered);
        loop {
            let used = match zipper.path_to_tip(rest) {
                Ok(()) => return Some((zipper, rest)),
                Err(tip) => tip?,
            };
            // It is not asked twice at one path.
            if used == 0 && (factor > entered || self.chain.seams().last() == Some(&self.chain.path().len()))
            {
                return None;
            }
            rest = &rest[used..];
            let at = [self.chain.path(), &path[..path.len() - rest.len()]].concat();
            zipper = Found::Factor(self.ahead(factor, at)?);
            factor += 1;
        }
    }

    /// The factor that hangs at `at`, beyond those entered.
    fn ahead(&self, factor: usize, at: Vec<u8>) -> Option<&S> {
        let drawn = &self.chain.rest;
        if let Some((_, zipper)) = drawn.ahead.find(|(root, _)| *root == at) {
            return Some(zipper);
        }
        let (_, zipper) = drawn.enroll.clone()(drawn.payload.clone()?, &at, factor);
        let mut zipper = zipper?;
        zipper.reset();
        Some(&drawn.ahead.put((at, zipper)).1)
    }
}

/// One of the zippers of a product.
enum Found<'z, P, S> {
    Primary(&'z P),
    Factor(&'z S),
}

impl<P: ZipperMoving + Clone, S: ZipperMoving + Clone> Found<'_, P, S> {
    fn path_to_tip(&self, path: &[u8]) -> Result<(), Option<usize>> {
        match self {
            Found::Primary(zipper) => path_to_tip(*zipper, path),
            Found::Factor(zipper) => path_to_tip(*zipper, path),
        }
    }
}

chain_zipper!(['trie, P, S, V, C, F] DependentProductZipperG<'trie, P, S, V, C, F>,
[
    P: ZipperMoving + Clone, S: ZipperMoving + Clone, C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>)
],
[
    P: ZipperIteration + Clone, S: ZipperIteration + Clone, C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>)
]);
forward! {
    impl['trie, P, S, V, C, F] DependentProductZipperG<'trie, P, S, V, C, F>, self => self.chain.primary;
    ZipperAbsolutePath where [
        P: ZipperAbsolutePath + Clone, S: ZipperMoving + Clone, C: Clone,
        F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>)
    ];
    #[allow(unsafe_code, reason = "an unsafe signature; the body hands the promise on")]
    ZipperPathBuffer where [
        P: ZipperPathBuffer + Clone, S: ZipperMoving + Clone, C: Clone,
        F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>)
    ];
}

impl<'trie, P, S, V, C, F> ZipperValues<V> for DependentProductZipperG<'trie, P, S, V, C, F>
where
    P: ZipperMoving + ZipperValues<V> + Clone,
    S: ZipperMoving + ZipperValues<V> + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    fn val(&self) -> Option<&V> {
        at_focus!(self.chain, zipper => zipper.val())
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        match self.find(path.as_ref())? {
            (Found::Primary(zipper), path) => zipper.val_at(path),
            (Found::Factor(zipper), path) => zipper.val_at(path),
        }
    }
}

impl<'trie, P, S, V, C, F> ZipperReadOnlyValues<'trie, V> for DependentProductZipperG<'trie, P, S, V, C, F>
where
    P: ZipperMoving + ZipperReadOnlyValues<'trie, V> + Clone,
    S: ZipperMoving + ZipperReadOnlyValues<'trie, V> + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    fn get_val(&self) -> Option<&'trie V> {
        at_focus!(self.chain, zipper => zipper.get_val())
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'trie V> {
        match self.find(path.as_ref())? {
            (Found::Primary(zipper), path) => zipper.get_val_at(path),
            (Found::Factor(zipper), path) => zipper.get_val_at(path),
        }
    }
}

impl<'trie, P, S, V, C, F> ZipperReadOnlyIteration<'trie, V> for DependentProductZipperG<'trie, P, S, V, C, F>
where
    P: ZipperIteration + ZipperReadOnlyValues<'trie, V> + Clone,
    S: ZipperIteration + ZipperReadOnlyValues<'trie, V> + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
}

impl<'trie, P, S, V, C, F> ZipperReadOnlyConditionalValues<'trie, V>
    for DependentProductZipperG<'trie, P, S, V, C, F>
where
    P: ZipperMoving + ZipperReadOnlyConditionalValues<'trie, V> + Clone,
    S: ZipperMoving + ZipperReadOnlyConditionalValues<'trie, V> + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    type WitnessT = (P::WitnessT, Vec<S::WitnessT>);

    /// A witness for the factors that the focus has gone through, and no others.
    fn witness<'w>(&self) -> Self::WitnessT {
        (self.chain.primary.witness(), self.chain.rest.zippers.iter().map(S::witness).collect())
    }

    /// # Panics
    /// If the witness was made where the path had not come to the focus's factor, or to another
    /// one.
    fn get_val_with_witness<'w>(&self, (primary, rest): &'w Self::WitnessT) -> Option<&'w V>
    where
        'trie: 'w,
    {
        match self.chain.focus_factor() {
            0 => self.chain.primary.get_val_with_witness(primary),
            n => {
                let witness = rest.get(n - 1).expect("the witness is of factors before this one");
                self.chain.rest.get(n - 1).get_val_with_witness(witness)
            }
        }
    }
}

/// Nothing is told of nodes: what hangs below one depends on the path.
impl<P, S, V, C, F> ZipperConcrete for DependentProductZipperG<'_, P, S, V, C, F> {
    fn shared_node_id(&self) -> Option<u64> {
        None
    }
    fn is_shared(&self) -> bool {
        false
    }
}

impl<'trie, P, S, V, C, F> ZipperForking<V> for DependentProductZipperG<'trie, P, S, V, C, F>
where
    P: ZipperAbsolutePath + ZipperIteration + ZipperValues<V> + Clone,
    S: ZipperIteration + ZipperValues<V> + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    type ReadZipperT<'z>
        = ForkedZipper<Self>
    where
        Self: 'z;

    fn fork_read_zipper(&self) -> ForkedZipper<Self> {
        ForkedZipper::new(self.clone())
    }
}

/// No zipper of this kind stands in one real trie.
impl<'trie, P, S, V, C, F> ZipperSubtries<V> for DependentProductZipperG<'trie, P, S, V, C, F>
where
    P: ZipperMoving + ZipperValues<V> + Clone,
    S: ZipperMoving + ZipperValues<V> + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    fn native_subtries(&self) -> bool {
        false
    }
    fn try_make_map(&self) -> Option<crate::trie::PathMap<V>> {
        None
    }
    fn trie_ref(&self) -> Option<crate::zipper::trie_ref::TrieRef<'_, V>> {
        None
    }
}
