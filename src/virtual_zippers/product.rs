//! Products of a fixed list of zippers.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use super::chain::{Chain, FixedFactors, FixedList, Holder, NativeFactors, at_focus};
use super::chain_traits::chain_zipper;
use super::fork::ForkedZipper;
use crate::zipper::methods::forward;
use crate::zipper::readers::ReadZipperOwned;
use crate::zipper::traits::*;
use crate::zipper::trie_ref::{TrieRef, TrieRefBorrowed};

/// The factors of a product, and the focus among them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a product of zippers",
    label = "this has no factors",
    note = "make a product of one factor: `OneFactor::new(zipper)`"
)]
pub trait ZipperProduct: ZipperAbsolutePath + ZipperIteration {
    /// The number of factors, including the primary one.
    #[must_use]
    fn factor_count(&self) -> usize;

    /// The index of the factor that the focus is in; the primary one has index 0.
    ///
    /// A seam, where one factor ends and the next begins, is in the factor that ends.
    #[must_use]
    fn focus_factor(&self) -> usize;

    /// The ends of the factors before the factor of the focus, as offsets in
    /// [`path`](ZipperMoving::path).
    ///
    /// The length of the slice is [`focus_factor`](Self::focus_factor).
    #[must_use]
    fn path_indices(&self) -> &[usize];
}

impl<V, P, L> ZipperValues<V> for Chain<P, L>
where
    P: ZipperMoving + ZipperValues<V> + Clone,
    L: FixedList<P, Zipper: ZipperValues<V> + Clone>,
{
    fn val(&self) -> Option<&V> {
        at_focus!(self, zipper => zipper.val())
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        match self.find(path.as_ref())? {
            (0, path) => self.primary.val_at(path),
            (n, path) => self.rest.all()[n - 1].val_at(path),
        }
    }

    fn native_factors(&self) -> Option<Vec<TrieRefBorrowed<'_, V>>> {
        let others = self.rest.all().iter().map(|factor| factor.native_place());
        std::iter::once(self.primary.native_place()).chain(others).collect()
    }
}

forward! {
    impl[P, S] Chain<P, FixedFactors<S>>, self => self.primary;
    ZipperAbsolutePath where [P: ZipperAbsolutePath, S: ZipperMoving];
}

impl<V> ZipperAbsolutePath for Chain<ReadZipperOwned<V>, NativeFactors<V>> {
    fn origin_path(&self) -> &[u8] {
        self[Holder].origin_path()
    }
    fn root_prefix_path(&self) -> &[u8] {
        self.primary.root_prefix_in(&self[Holder])
    }
}

// All factors use one buffer in turn.
forward! {
    impl[V] Chain<ReadZipperOwned<V>, NativeFactors<V>>, self => self[Holder];
    #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
    ZipperPathBuffer;
}

impl<P, L> ZipperProduct for Chain<P, L>
where
    Self: ZipperAbsolutePath + ZipperIteration,
    P: ZipperMoving,
    L: FixedList<P>,
{
    fn factor_count(&self) -> usize {
        self.rest.all().len() + 1
    }

    fn focus_factor(&self) -> usize {
        self.focus_factor()
    }

    fn path_indices(&self) -> &[usize] {
        &self.seams()[..self.focus_factor()]
    }
}

/// The product has nodes only in the last factor, below its root. Elsewhere it shows more than the
/// node of one factor.
impl<P: ZipperMoving + ZipperConcrete, L: FixedList<P, Zipper: ZipperConcrete>> ZipperConcrete
    for Chain<P, L>
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

/// The product of real tries: below each tip of one factor is the trie of the next.
///
/// A *tip* is a location with nothing below it; it holds a value or dangles. Below each tip of the
/// primary factor is everything below the root of the second factor. Below each tip of the second
/// factor is everything below the root of the third, and so on. So a path of the product is a path
/// of the primary factor, or a path to one of its tips followed by a path of the second factor,
/// and so on.
///
/// At a *seam*, where one factor ends and the next begins, the value is that of the factor that
/// ends. The value at the root of a factor is not part of the product, except that of the primary
/// one. A factor with nothing below its root adds nothing, and the next factor takes its place. If
/// the root of a factor does not exist, the product ends before that factor.
///
/// The factors may be zippers over real tries of different types. [`ProductZipperG`] is a product
/// of zippers of any kind. A `ProductZipper` keeps the zippers that it was made from, so the paths
/// that a head has given them remain taken. A `ProductZipper` is not `Send`, because those zippers
/// may not be `Send`; a `ProductZipperG` is `Send` if its factors are.
///
/// # Complexity
/// Each move takes a move of the factors, plus O(1). [`val_count`](ZipperMoving::val_count) visits
/// the nodes below the focus in its factor, and the nodes of each later factor once.
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
    pub(super) chain: Chain<ReadZipperOwned<V>, NativeFactors<V>>,
    /// The zippers that the product was made from, which may hold leases.
    kept: Vec<Rc<dyn Zipper + 'factor_z>>,
    trie: PhantomData<&'trie V>,
}

impl<'factor_z, 'trie, V> ProductZipper<'factor_z, 'trie, V> {
    /// The product of the trie at the root of `primary_z` and the subtries at the foci of
    /// `other_zippers`.
    ///
    /// The root and the origin are those of `primary_z`, and the focus is the root. If `primary_z`
    /// is a zipper type of your own, the origin is its root. Takes O(1) for each factor. If the
    /// root of a factor is inside a node, the part of the node below that root is copied, with its
    /// values.
    ///
    /// # Panics
    /// Panics if a zipper reads no real trie, that is, if
    /// [`native_subtries`](ZipperSubtries::native_subtries) is false.
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

    /// The product of one factor; [`new_factors`](Self::new_factors) adds others.
    ///
    /// # Panics
    /// As for [`new`](Self::new).
    pub fn new_with_primary<PrimaryZ>(mut primary_z: PrimaryZ) -> Self
    where
        PrimaryZ: ZipperMoving + ZipperReadOnlySubtries<'trie, V> + 'factor_z,
    {
        primary_z.reset();
        let prefix = primary_z.known_prefix();
        // If the place is inside a node, and the bytes that lead to it there differ from the
        // prefix, the subtrie is copied out of the node.
        let primary = ReadZipperOwned::at(native(primary_z.trie_ref()), prefix).or_else(|| {
            let place = TrieRef::Owned(primary_z.try_make_map()?.into());
            ReadZipperOwned::at(place, prefix)
        });
        let primary = primary.expect("the root of a map may have any path");
        let chain = Chain::new(primary, NativeFactors(Vec::new()));
        Self { chain, kept: vec![Rc::new(primary_z)], trie: PhantomData }
    }

    /// Appends factors. The focus does not change.
    ///
    /// # Panics
    /// As for [`new`](Self::new). The product has not changed then.
    pub fn new_factors<OtherZ, ZipperList>(&mut self, other_zippers: ZipperList)
    where
        OtherZ: ZipperSubtries<V> + 'factor_z,
        ZipperList: IntoIterator<Item = OtherZ>,
    {
        // All factors first: the iterator, and a value's clone, may panic.
        let (mut factors, mut kept) = (Vec::new(), Vec::new());
        for zipper in other_zippers {
            factors.push(factor(&zipper));
            kept.push(Rc::new(zipper) as Rc<dyn Zipper + 'factor_z>);
        }
        self.chain.rest.0.append(&mut factors);
        self.kept.append(&mut kept);
        // The focus may now be a seam, or below one.
        let path = self.chain.path().to_vec();
        self.chain.reset();
        self.chain.descend_to(&path);
    }
}

/// A reader of the subtrie at the focus of a zipper, which starts at the root of a node: below the
/// root of a factor, the entries of its node are written into the path of the product.
fn factor<V, Z: ZipperSubtries<V>>(zipper: &Z) -> ReadZipperOwned<V> {
    ReadZipperOwned::at(native(zipper.trie_ref()), &[])
        .filter(ReadZipperOwned::starts_at_node)
        .or_else(|| ReadZipperOwned::at(TrieRef::Owned(zipper.try_make_map()?.into()), &[]))
        .expect("any place may have an empty path")
}

fn native<'z, V>(place: Option<TrieRef<'z, V>>) -> TrieRef<'z, V> {
    place.expect("a factor of a ProductZipper reads no real trie; ProductZipperG takes any zipper")
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
    impl['factor_z, 'trie, V] ProductZipper<'factor_z, 'trie, V>, self => self.chain;
    #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
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

/// The product of zippers of any kind: below each tip of one factor is the trie of the next.
///
/// [`ProductZipper`], which is for zippers over real tries only, defines the product. The factors
/// after the primary one have one type. To use several types, put them into an enum with
/// [`PolyZipper`](crate::zipper::PolyZipper).
///
/// The factors may be borrowed (`&mut reader`). Reading values and forking need factors that are
/// [`Clone`], because reading below the focus moves clones.
///
/// # Complexity
/// Each move takes a move of the factors, plus O(1). `val_count` calls `val_count` and `tip_count`
/// once for the factor of the focus and for each later factor.
///
/// # Panics
/// `val_count` panics if values are in a later factor, and the [`tip_count`] of a factor before it
/// is `None`. Only zippers of your own may have none: implement `tip_count` for them.
///
/// [`tip_count`]: ZipperMoving::tip_count
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
    pub(super) chain: Chain<PrimaryZ, FixedFactors<SecondaryZ>>,
    trie: PhantomData<&'trie V>,
}

impl<'trie, PrimaryZ, SecondaryZ, V> ProductZipperG<'trie, PrimaryZ, SecondaryZ, V> {
    /// The product of the tries at the roots of `primary` and of `other_zippers`, which are reset.
    pub fn new<ZipperList>(mut primary: PrimaryZ, other_zippers: ZipperList) -> Self
    where
        ZipperList: IntoIterator<Item = SecondaryZ>,
        PrimaryZ: ZipperMoving + ZipperValues<V>,
        SecondaryZ: ZipperMoving + ZipperValues<V>,
    {
        primary.reset();
        let mut others: Vec<SecondaryZ> = other_zippers.into_iter().collect();
        others.iter_mut().for_each(ZipperMoving::reset);
        Self { chain: Chain::new(primary, FixedFactors(others)), trie: PhantomData }
    }
}

impl<P: Clone, S: Clone, V> Clone for ProductZipperG<'_, P, S, V> {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), trie: PhantomData }
    }
}

chain_zipper!(['trie, P, S, V] ProductZipperG<'trie, P, S, V>,
    [P: ZipperMoving, S: ZipperMoving], [P: ZipperIteration, S: ZipperIteration]);
forward! {
    impl['trie, P, S, V] ProductZipperG<'trie, P, S, V>, self => self.chain;
    ZipperValues<V> where [
        P: ZipperMoving + ZipperValues<V> + Clone, S: ZipperMoving + ZipperValues<V> + Clone,
    ] with {
        fn native_factors(&self) -> Option<Vec<TrieRefBorrowed<'_, V>>> {
            self.chain.native_factors()
        }
    };
    ZipperAbsolutePath where [P: ZipperAbsolutePath, S: ZipperMoving];
    ZipperProduct where [P: ZipperAbsolutePath + ZipperIteration, S: ZipperIteration];
    ZipperConcrete where [P: ZipperMoving + ZipperConcrete, S: ZipperMoving + ZipperConcrete];
}
forward! {
    impl['trie, P, S, V] ProductZipperG<'trie, P, S, V>, self => self.chain.primary;
    #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
    ZipperPathBuffer where [P: ZipperPathBuffer, S: ZipperMoving];
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
