//! Products of a fixed list of zippers.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use super::chain::{Chain, Factors, Fixed, at_focus};
use super::fork::ForkedZipper;
use super::stamp::chain_zipper;
use crate::zipper::methods::forward;
use crate::zipper::readers::ReadZipperOwned;
use crate::zipper::traits::*;
use crate::zipper::trie_ref::{TrieRef, TrieRefBorrowed};

/// What the products tell of their factors.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a product of zippers",
    label = "this has no factors",
    note = "as a product of one factor: `OneFactor::new(zipper)`"
)]
pub trait ZipperProduct: ZipperAbsolutePath + ZipperIteration {
    /// The number of factors, the primary one included.
    #[must_use]
    fn factor_count(&self) -> usize;

    /// The number of the factor that the focus is in; the primary one is 0.
    ///
    /// A seam, where one factor ends and the next begins, is still in the factor that ends.
    #[must_use]
    fn focus_factor(&self) -> usize;

    /// Where the factors before that of the focus end, as offsets in [`path`](ZipperMoving::path):
    /// as many as [`focus_factor`](Self::focus_factor) says.
    #[must_use]
    fn path_indices(&self) -> &[usize];
}

impl<V, P, S> ZipperValues<V> for Chain<P, Fixed<S>>
where
    P: ZipperMoving + ZipperValues<V> + Clone,
    S: ZipperMoving + ZipperValues<V> + Clone,
{
    fn val(&self) -> Option<&V> {
        at_focus!(self, zipper => zipper.val())
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        match self.find(path.as_ref())? {
            (0, path) => self.primary.val_at(path),
            (n, path) => self.rest.0[n - 1].val_at(path),
        }
    }

    fn native_factors(&self) -> Option<Vec<TrieRefBorrowed<'_, V>>> {
        let others = self.rest.0.iter().map(|factor| factor.native_place());
        std::iter::once(self.primary.native_place()).chain(others).collect()
    }
}

forward! {
    impl[P, S] Chain<P, Fixed<S>>, self => self.primary;
    ZipperAbsolutePath where [P: ZipperAbsolutePath + Clone, S: ZipperMoving + Clone];
}

impl<P, S> ZipperProduct for Chain<P, Fixed<S>>
where
    P: ZipperAbsolutePath + ZipperIteration + Clone,
    S: ZipperIteration + Clone,
{
    fn factor_count(&self) -> usize {
        self.rest.0.len() + 1
    }

    fn focus_factor(&self) -> usize {
        self.focus_factor()
    }

    fn path_indices(&self) -> &[usize] {
        &self.seams()[..self.focus_factor()]
    }
}

/// A node is told only where the product has just what is in it: in the last factor, below its
/// root.
impl<P: ZipperMoving + ZipperConcrete, S: ZipperMoving + ZipperConcrete> ZipperConcrete
    for Chain<P, Fixed<S>>
{
    fn shared_node_id(&self) -> Option<u64> {
        if !self.is_in_last() {
            return None;
        }
        at_focus!(self, zipper => zipper.shared_node_id())
    }

    fn is_shared(&self) -> bool {
        self.is_in_last() && at_focus!(self, zipper => zipper.is_shared())
    }
}

/// The product of real tries: at each tip of one hangs the next.
///
/// A *tip* is a location with nothing below it, valued or dangling. At each tip of the primary
/// factor hangs all that is below the root of the second, at each tip of that the third, and so
/// on. A path of the product is a path of the first factor up to a tip, then one of the second,
/// and so on; the product ends wherever the walk has come in it.
///
/// At a seam, where one factor ends and the next begins, the value is that of the one that ends.
/// The value at the root of a factor is not part of the product, but for the primary's. A factor
/// with nothing below its root adds nothing, and the next hangs in its place; behind a factor
/// whose root does not exist nothing hangs.
///
/// [`ProductZipperG`] is the same for zippers of any kind. This one is for zippers over real
/// tries, whatever kind each is; it keeps them, so that what a head excludes for them stays
/// excluded. It is not `Send`, since they may not be; `ProductZipperG` is, if its factors are.
///
/// # Complexity
/// Moves are those of the factors, plus O(1). [`val_count`](ZipperMoving::val_count) visits the
/// nodes below the focus in its factor, and those of the factors behind it once each.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let first: PathMap<u32> = [("Ada ", 1), ("Alan ", 2)].into_iter().collect();
/// let last: PathMap<u32> = [("Lovelace", 10), ("Turing", 20)].into_iter().collect();
/// let mut names = ProductZipper::new(first.read_zipper(), [last.read_zipper()]);
/// assert_eq!(names.val_count(), 2 + 2 * 2);
/// names.descend_to("Ada Tu");
/// assert_eq!((names.focus_factor(), names.path_indices()), (1, &[4][..]));
/// assert!(names.to_next_val());
/// assert_eq!((names.path(), names.val()), (&b"Ada Turing"[..], Some(&20)));
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct ProductZipper<'factor_z, 'trie, V> {
    pub(super) chain: Chain<ReadZipperOwned<V>, Fixed<ReadZipperOwned<V>>>,
    /// The zippers that the factors were taken from: they may hold leases.
    kept: Vec<Rc<dyn Zipper + 'factor_z>>,
    trie: PhantomData<&'trie V>,
}

impl<'factor_z, 'trie, V> ProductZipper<'factor_z, 'trie, V> {
    /// The product of the trie at the root of `primary_z` and those at the focus of each of
    /// `other_zippers`.
    ///
    /// It stands at the primary's root, and its origin is the primary's; a zipper of your own has
    /// its root there. O(1) for each factor.
    ///
    /// # Panics
    /// If a zipper stands in no real trie ([`native_subtries`](ZipperSubtries::native_subtries)
    /// says so).
    pub fn new<PrimaryZ, OtherZ, ZipperList>(primary_z: PrimaryZ, other_zippers: ZipperList) -> Self
    where
        PrimaryZ: ZipperMoving + ZipperReadOnlySubtries<'trie, V> + 'factor_z,
        OtherZ: ZipperSubtries<V> + 'factor_z,
        ZipperList: IntoIterator<Item = OtherZ>,
    {
        let mut product = Self::new_with_primary(primary_z);
        product.new_factors(other_zippers);
        product
    }

    /// The product of one factor, to which [`new_factors`](Self::new_factors) can add.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn new_with_primary<PrimaryZ>(mut primary_z: PrimaryZ) -> Self
    where
        PrimaryZ: ZipperMoving + ZipperReadOnlySubtries<'trie, V> + 'factor_z,
    {
        primary_z.reset();
        let prefix = primary_z.known_prefix();
        // Where the place cannot be told by that path, as it lies within a node of another trie,
        // it is cut out.
        let primary = ReadZipperOwned::at(native(primary_z.trie_ref()), prefix).or_else(|| {
            let place = TrieRef::Owned(primary_z.try_make_map()?.into());
            ReadZipperOwned::at(place, prefix)
        });
        let primary = primary.expect("the root of a map is a place by any path");
        let chain = Chain::new(primary, Fixed(Vec::new()));
        Self { chain, kept: vec![Rc::new(primary_z)], trie: PhantomData }
    }

    /// Adds factors behind all others. The zipper may stand anywhere, and stays there.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn new_factors<OtherZ, ZipperList>(&mut self, other_zippers: ZipperList)
    where
        OtherZ: ZipperSubtries<V> + 'factor_z,
        ZipperList: IntoIterator<Item = OtherZ>,
    {
        for zipper in other_zippers {
            let factor = ReadZipperOwned::at(native(zipper.trie_ref()), &[]);
            self.chain.rest.0.push(factor.expect("any place can have an empty path"));
            self.kept.push(Rc::new(zipper));
        }
        // Where it stands may have become a seam, or lie behind one.
        let path = self.chain.path().to_vec();
        self.chain.reset();
        self.chain.descend_to(&path);
    }
}

fn native<'z, V>(place: Option<TrieRef<'z, V>>) -> TrieRef<'z, V> {
    place.expect("a factor of a ProductZipper stands in no real trie; ProductZipperG takes any zipper")
}

impl<V> Clone for ProductZipper<'_, '_, V> {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), kept: self.kept.clone(), trie: PhantomData }
    }
}

chain_zipper!(['factor_z, 'trie, V] ProductZipper<'factor_z, 'trie, V>, [], []);
forward! {
    impl['factor_z, 'trie, V] ProductZipper<'factor_z, 'trie, V>, self => self.chain;
    ZipperValues<V> with {
        fn native_factors(&self) -> Option<Vec<TrieRefBorrowed<'_, V>>> {
            self.chain.native_factors()
        }
    };
    ZipperAbsolutePath;
    ZipperProduct;
    ZipperConcrete;
}
forward! {
    impl['factor_z, 'trie, V] ProductZipper<'factor_z, 'trie, V>, self => self.chain.primary;
    #[allow(unsafe_code, reason = "an unsafe signature; the body hands the promise on")]
    ZipperPathBuffer;
}

impl<'factor_z, 'trie, V> ZipperForking<V> for ProductZipper<'factor_z, 'trie, V> {
    type ReadZipperT<'z>
        = ForkedZipper<Self>
    where
        Self: 'z;

    fn fork_read_zipper(&self) -> ForkedZipper<Self> {
        ForkedZipper::new(self.clone())
    }
}

/// A product of zippers of any kind, of real tries or virtual: at each tip of one hangs the next.
///
/// What the product is says [`ProductZipper`], which is for zippers over real tries only. The
/// factors behind the primary one are of one type; for several, put them into an enum with
/// [`PolyZipper`](crate::zipper::PolyZipper).
///
/// The zippers must be [`Clone`], since counting and looking below the focus without moving is
/// done by clones.
///
/// # Complexity
/// Moves are those of the factors, plus O(1). `val_count` asks the factor of the focus and each
/// behind it once for its `val_count` and its `tip_count`; those that do not know the latter are
/// walked.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let digits: PathMap<()> = ["0", "1"].into_iter().map(|path| (path, ())).collect();
/// let digit = || digits.read_zipper();
/// let number = ProductZipperG::new(PrefixZipper::new(b"0b", digit()), [digit(), digit()]);
/// assert_eq!(number.val_count(), 2 + 4 + 8);
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct ProductZipperG<'trie, PrimaryZ, SecondaryZ, V> {
    pub(super) chain: Chain<PrimaryZ, Fixed<SecondaryZ>>,
    trie: PhantomData<&'trie V>,
}

impl<'trie, PrimaryZ, SecondaryZ, V> ProductZipperG<'trie, PrimaryZ, SecondaryZ, V> {
    /// The product of what is at the root of `primary` and of each of `other_zippers`. All are
    /// reset.
    pub fn new<ZipperList>(mut primary: PrimaryZ, other_zippers: ZipperList) -> Self
    where
        ZipperList: IntoIterator<Item = SecondaryZ>,
        PrimaryZ: ZipperMoving + ZipperValues<V>,
        SecondaryZ: ZipperMoving + ZipperValues<V>,
    {
        primary.reset();
        let mut others: Vec<SecondaryZ> = other_zippers.into_iter().collect();
        others.iter_mut().for_each(ZipperMoving::reset);
        Self { chain: Chain::new(primary, Fixed(others)), trie: PhantomData }
    }
}

impl<P: Clone, S: Clone, V> Clone for ProductZipperG<'_, P, S, V> {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), trie: PhantomData }
    }
}

chain_zipper!(['trie, P, S, V] ProductZipperG<'trie, P, S, V>,
    [P: ZipperMoving + Clone, S: ZipperMoving + Clone], [P: ZipperIteration + Clone, S: ZipperIteration + Clone]);
forward! {
    impl['trie, P, S, V] ProductZipperG<'trie, P, S, V>, self => self.chain;
    ZipperValues<V> where [
        P: ZipperMoving + ZipperValues<V> + Clone, S: ZipperMoving + ZipperValues<V> + Clone,
    ] with {
        fn native_factors(&self) -> Option<Vec<TrieRefBorrowed<'_, V>>> {
            self.chain.native_factors()
        }
    };
    ZipperAbsolutePath where [P: ZipperAbsolutePath + Clone, S: ZipperMoving + Clone];
    ZipperProduct where [P: ZipperAbsolutePath + ZipperIteration + Clone, S: ZipperIteration + Clone];
    ZipperConcrete where [P: ZipperMoving + ZipperConcrete + Clone, S: ZipperMoving + ZipperConcrete + Clone];
}
forward! {
    impl['trie, P, S, V] ProductZipperG<'trie, P, S, V>, self => self.chain.primary;
    #[allow(unsafe_code, reason = "an unsafe signature; the body hands the promise on")]
    ZipperPathBuffer where [P: ZipperPathBuffer + Clone, S: ZipperMoving + Clone];
}

impl<'trie, P, S, V> ZipperForking<V> for ProductZipperG<'trie, P, S, V>
where
    P: ZipperAbsolutePath + ZipperIteration + ZipperValues<V> + Clone,
    S: ZipperIteration + ZipperValues<V> + Clone,
{
    type ReadZipperT<'z>
        = ForkedZipper<Self>
    where
        Self: 'z;

    fn fork_read_zipper(&self) -> ForkedZipper<Self> {
        ForkedZipper::new(self.clone())
    }
}
