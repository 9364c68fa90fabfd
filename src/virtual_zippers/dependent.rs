//! The product whose factors depend on the path.

use std::fmt;
use std::marker::PhantomData;

use super::append_list::AppendList;
use super::chain::{Chain, CountedFactors, FactorSource, at_focus, path_to_tip};
use super::chain_traits::chain_zipper;
use super::fork::ForkedZipper;
use super::walking::{count_tips, count_values};
use crate::zipper::methods::forward;
use crate::zipper::traits::*;

/// A product in which a closure chooses the factor below each tip.
///
/// As in a [`ProductZipperG`](super::ProductZipperG), the trie of the next factor is below each tip
/// of a factor, but here a closure makes that factor. The closure receives the payload, the path
/// to the tip, and the number of factors on the path, without the primary one. It returns the
/// payload, and a zipper whose root is put at the tip, or `None` to end the product there. So a
/// product may be infinite.
///
/// The closure must always return the same zipper for the same path. The number and the order of
/// its calls are unspecified, and the payload is meant for caches and buffers. At most one factor
/// is made at one path, so a factor with nothing below its root ends the product there. If the
/// closure panics, the payload is lost, and no more factors are made.
///
/// The zippers, the payload and the closure must be [`Clone`], because counting, and reading below
/// the focus, use clones.
///
/// # Complexity
/// Each move takes a move of the factors, and a call of the closure at each tip that it reaches.
/// `val_count` walks all locations below the focus. If there are infinitely many, neither
/// `val_count` nor a move to the last location returns.
///
/// # Examples
/// Words, each followed by a word of a list of its own:
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
    chain: Chain<PrimaryZ, EnrolledFactors<SecondaryZ, C, F>>,
    trie: PhantomData<&'trie V>,
}

impl<P: Clone, S: Clone, V, C: Clone, F: Clone> Clone for DependentProductZipperG<'_, P, S, V, C, F> {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), trie: PhantomData }
    }
}

/// Factors that a closure makes.
#[derive(Clone)]
struct EnrolledFactors<S, C, F> {
    zippers: Vec<S>,
    /// The payload of the closure's next call; `None` after the closure has panicked.
    payload: Option<C>,
    enroll: F,
    /// The factors that [`ZipperValues::val_at`] has made beyond those entered, each with the path
    /// to its root.
    ahead: AppendList<(Vec<u8>, S)>,
}

impl<P, S, C, F> FactorSource<P> for EnrolledFactors<S, C, F>
where
    P: ZipperMoving,
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
    fn enter(&mut self, primary: &mut P, entered: usize) -> bool {
        let Some(payload) = self.payload.take() else { return false };
        let (payload, zipper) = self.enroll.clone()(payload, primary.path(), entered);
        self.payload = Some(payload);
        let Some(mut zipper) = zipper else { return false };
        zipper.reset();
        self.zippers.push(zipper);
        true
    }
    const CHAINS: bool = false;

    fn leave(&mut self, _primary: &mut P, from: usize, _entered: usize) {
        self.zippers.truncate(from);
    }
    #[inline]
    fn moves(&mut self) {
        self.ahead.clear();
    }
}

impl<P, S, C, F> CountedFactors<P> for EnrolledFactors<S, C, F>
where
    P: ZipperMoving + Clone,
    S: ZipperMoving + Clone,
    C: Clone,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<S>),
{
    fn val_count(chain: &Chain<P, Self>) -> usize {
        count_values(chain.clone())
    }
    fn tip_count(chain: &Chain<P, Self>) -> Option<usize> {
        Some(count_tips(chain.clone()))
    }
}

impl<'trie, PrimaryZ, SecondaryZ, V, C, F> DependentProductZipperG<'trie, PrimaryZ, SecondaryZ, V, C, F>
where
    PrimaryZ: ZipperMoving,
    SecondaryZ: ZipperMoving,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>),
{
    /// A product with the primary factor `primary`, which is reset, and the factors that `enroll`
    /// returns.
    pub fn new_enroll(mut primary: PrimaryZ, enroll_payload: C, enroll: F) -> Self
    where
        PrimaryZ: ZipperValues<V>,
    {
        primary.reset();
        let drawn = EnrolledFactors {
            zippers: Vec::new(),
            payload: Some(enroll_payload),
            enroll,
            ahead: AppendList::new(),
        };
        Self { chain: Chain::new(primary, drawn), trie: PhantomData }
    }

    /// The index of the factor that the focus is in; the primary one has index 0. A seam is in the
    /// factor that ends.
    #[must_use]
    pub fn focus_factor(&self) -> usize {
        self.chain.focus_factor()
    }

    /// The ends of the factors before the factor of the focus, as offsets in
    /// [`path`](ZipperMoving::path).
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
    /// The factor that has the location at `path` below the focus, and the path to that location
    /// from the factor's own focus.
    fn find<'k>(&self, path: &'k [u8]) -> Option<(FactorRef<'_, P, S>, &'k [u8])> {
        let of_number = |n: usize| match n {
            0 => FactorRef::Primary(&self.chain.primary),
            n => FactorRef::Secondary(self.chain.entered(n - 1)),
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
            // At most one factor is made at one path.
            if used == 0 && (factor > entered || self.chain.seams().last() == Some(&self.chain.path().len()))
            {
                return None;
            }
            rest = &rest[used..];
            let at = [self.chain.path(), &path[..path.len() - rest.len()]].concat();
            zipper = FactorRef::Secondary(self.ahead(factor, at)?);
            factor += 1;
        }
    }

    /// The factor below the tip at the path `at`, beyond those entered. `factor` is the number of
    /// factors on that path.
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

/// A factor of a product, by reference.
enum FactorRef<'z, P, S> {
    Primary(&'z P),
    Secondary(&'z S),
}

impl<P: ZipperMoving + Clone, S: ZipperMoving + Clone> FactorRef<'_, P, S> {
    fn path_to_tip(&self, path: &[u8]) -> Result<(), Option<usize>> {
        match self {
            FactorRef::Primary(zipper) => path_to_tip(*zipper, path),
            FactorRef::Secondary(zipper) => path_to_tip(*zipper, path),
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
    #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
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
            (FactorRef::Primary(zipper), path) => zipper.val_at(path),
            (FactorRef::Secondary(zipper), path) => zipper.val_at(path),
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
            (FactorRef::Primary(zipper), path) => zipper.get_val_at(path),
            (FactorRef::Secondary(zipper), path) => zipper.get_val_at(path),
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

    /// A witness for the factors on the path of the focus only.
    fn witness<'w>(&self) -> Self::WitnessT {
        (self.chain.primary.witness(), self.chain.rest.zippers.iter().map(S::witness).collect())
    }

    /// # Panics
    /// Panics if the witness was made at a path that does not have the factor of the focus.
    fn get_val_with_witness<'w>(&self, (primary, rest): &'w Self::WitnessT) -> Option<&'w V>
    where
        'trie: 'w,
    {
        match self.chain.focus_factor() {
            0 => self.chain.primary.get_val_with_witness(primary),
            n => {
                let witness = rest.get(n - 1).expect("the witness is for the factors of another path");
                self.chain.entered(n - 1).get_val_with_witness(witness)
            }
        }
    }
}

/// The product has no nodes, because the factors below a node depend on the path.
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

/// The product has no subtries, because it does not read one real trie.
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
