//! The derive macro `PolyZipper`: the traits of an enum of zippers. Enums that the macro rejects
//! are tested in `derive/tests`.

use bytetrie::zipper::*;
use bytetrie::{ByteMask, PathMap};

/// Zippers of every kind that share most traits, generic over the values.
#[derive(Clone, Debug, PolyZipper)]
#[poly_zipper(forking)]
enum Source<'trie, 'path, V> {
    Borrowed(ReadZipperUntracked<'trie, 'path, V>),
    Owned(ReadZipperOwned<V>),
    Nothing(EmptyZipper),
}

/// Concrete types: a trait that one variant lacks is missing from the enum.
#[derive(Clone, PolyZipper)]
#[poly_zipper(forking)]
enum Concrete {
    Owned(ReadZipperOwned<u64>),
    Prefix(PrefixZipper<'static, ReadZipperOwned<u64>>),
    Nothing(EmptyZipper),
}

/// One variant only.
#[derive(Clone, PolyZipper)]
enum Single<Z> {
    Only(PrefixZipper<'static, Z>),
}

/// Two variants of equal types, and one of a type parameter: the macro generates no conversions
/// for them, and no errors.
#[derive(Clone, PolyZipper)]
enum Twins<'a, Z, const N: usize>
where
    Z: Clone,
{
    Left(ReadZipperUntracked<'a, 'a, u8>),
    Right(ReadZipperUntracked<'a, 'a, u8>),
    Other(Z),
}

/// The crate is imported by another name.
mod renamed {
    use bytetrie as pathmap;

    #[derive(pathmap::zipper::PolyZipper)]
    #[poly_zipper(crate = pathmap, no_conversions)]
    pub(crate) enum Renamed<'a, V = ()> {
        Here(pathmap::zipper::ReadZipperUntracked<'a, 'static, V>),
    }
}

/// An enum with the default type of 0.3.5's examples, and a list of traits.
#[derive(PolyZipperExplicit)]
#[poly_zipper_explicit(traits(Zipper, ZipperReadOnlyIteration, ZipperReadOnlyConditionalIteration))]
enum Listed<'trie, 'path, V: Clone + Send + Sync + Unpin = ()> {
    Untracked(ReadZipperUntracked<'trie, 'path, V>),
    Below(PrefixZipper<'path, ReadZipperUntracked<'trie, 'path, V>>),
}

/// Writers: they share all traits except those of readers only.
#[derive(PolyZipper)]
#[poly_zipper(forking)]
enum Writer<'a, V: Clone> {
    Borrowed(WriteZipperUntracked<'a, 'static, V>),
    Owned(WriteZipperOwned<V>),
}

/// A factor that a function draws, for paths of any lifetime.
type Draw<S> = for<'a> fn((), &'a [u8], usize) -> ((), Option<S>);

/// Function pointers in the types of variants.
#[derive(Clone, PolyZipper)]
enum Drawn<'t, V: Clone> {
    Map(ReadZipperUntracked<'t, 't, V>),
    Owned(Drawing<'t, ReadZipperOwned<V>, V>),
    Tracked(Drawing<'t, ReadZipperTracked<'t, 't, V>, V>),
}

type Drawing<'t, S, V> = DependentProductZipperG<'t, ReadZipperUntracked<'t, 't, V>, S, V, (), Draw<S>>;

#[derive(Clone, PolyZipperExplicit)]
#[poly_zipper_explicit(traits(ZipperReadOnlyConditionalValues, ZipperIteration, ZipperProduct))]
enum ListedDrawn<'trie, V: Clone> {
    Product(ProductZipperG<'trie, ReadZipperUntracked<'trie, 'trie, V>, Drawn<'trie, V>, V>),
    One(OneFactor<Drawing<'trie, ReadZipperOwned<V>, V>>),
}

fn map() -> PathMap<u64> {
    [("a", 1), ("ab", 2), ("b", 3)].into_iter().collect()
}

/// All traits of readers at once.
fn reads<'t, Z>(mut zipper: Z) -> Vec<u64>
where
    Z: ZipperReadOnlyIteration<'t, u64>
        + ZipperReadOnlyConditionalIteration<'t, u64>
        + ZipperAbsolutePath
        + ZipperPathBuffer
        + ZipperConcrete
        + ZipperForking<u64>,
{
    zipper.reserve_buffers(64, 4);
    let forks = zipper.fork_read_zipper().val_count();
    let witness = zipper.witness();
    let mut values = vec![zipper.val_count() as u64, forks as u64];
    while let Some(&value) = zipper.to_next_get_val_with_witness(&witness) {
        assert_eq!(zipper.get_val_with_witness(&witness), Some(&value));
        values.push(value);
    }
    zipper.descend_to("a");
    values.extend(zipper.get_val_at("b"));
    assert_eq!(zipper.origin_path(), b"a");
    values
}

#[test]
fn an_enum_of_zippers_reads_as_its_variants() {
    let map = map();
    let borrowed = Concrete::from(map.clone().into_read_zipper(b""));
    assert_eq!((borrowed.val_count(), borrowed.val_at("ab")), (3, Some(&2)));
    assert_eq!(borrowed.fork_read_zipper().val_count(), 3);
    let nothing = Concrete::from(EmptyZipper::new());
    assert_eq!((nothing.val_count(), nothing.val()), (0, None));
    assert_eq!(nothing.tip_count(), Some(0));
    let mut prefix = Concrete::from(PrefixZipper::new(b"x/", map.clone().into_read_zipper(b"")));
    assert_eq!((prefix.descend_to_val("x/ab"), prefix.val()), (3, Some(&1)));
    assert_eq!(prefix.child_mask(), ByteMask::from(b'b'));
}

#[test]
fn an_enum_of_borrowed_zippers_lends_for_as_long_as_they() {
    let map = map();
    let all = [3, 3, 1, 2, 3, 2];
    assert_eq!(reads(EitherZipper::<_, EmptyZipper>::Left(map.read_zipper())), all);
    assert_eq!(reads(Twins::<_, 3>::Other(EmptyZipper::new()).empty_of_u64()), [0, 0]);
    let value = {
        let source = EitherZipper::<_, EmptyZipper>::Left(map.read_zipper());
        source.get_val_at("b")
    };
    assert_eq!(value, Some(&3));
}

impl<'a, Z: Clone, const N: usize> Twins<'a, Z, N> {
    fn empty_of_u64(self) -> EmptyZipper {
        let none = matches!(self, Twins::Left(_) | Twins::Right(_));
        assert!(!none && self.clone().other().is_some());
        EmptyZipper::new()
    }
    fn other(self) -> Option<Z> {
        match self {
            Twins::Other(zipper) => Some(zipper),
            _ => None,
        }
    }
}

#[test]
fn zippers_are_converted_to_the_enum_and_back() {
    let map = map();
    let source: Source<'_, '_, u64> = map.read_zipper().into();
    let source = match ReadZipperOwned::try_from(source) {
        Err(back @ Source::Borrowed(_)) => back,
        _ => panic!("it is a borrowed one"),
    };
    let mut zipper = ReadZipperUntracked::try_from(source).unwrap();
    assert!(zipper.to_next_val());
    let single: Single<EmptyZipper> = PrefixZipper::new(b"p", EmptyZipper::new()).into();
    let prefix = PrefixZipper::try_from(single).ok().unwrap();
    assert_eq!(prefix.prefix_path_below_focus(), Some(&b"p"[..]));
}

#[test]
fn generic_enums_have_what_their_parameters_have() {
    let map = map();
    let mut single = Single::Only(PrefixZipper::new(b"p/", map.read_zipper()));
    assert_eq!(single.to_next_get_val(), Some(&1));
    assert!(single.native_subtries());
    assert_eq!(single.make_map().val_count(), 1 + 1);
    let renamed = renamed::Renamed::Here(map.read_zipper());
    assert_eq!(renamed.val_count(), 3);
    let bytes: PathMap<u8> = PathMap::single("q", 9);
    let twins: [Twins<'_, ReadZipperUntracked<'_, '_, u8>, 1>; 3] = [
        Twins::Left(bytes.read_zipper()),
        Twins::Right(bytes.read_zipper()),
        Twins::Other(bytes.read_zipper()),
    ];
    assert!(twins.iter().all(|twin| twin.val_at("q") == Some(&9)));
}

#[test]
#[should_panic(expected = "the witness is of another variant")]
fn a_witness_of_another_variant_is_refused() {
    let map = map();
    let (one, other) =
        (Concrete::from(map.clone().into_read_zipper(b"")), Concrete::from(EmptyZipper::new()));
    let _ = one.get_val_with_witness(&ZipperReadOnlyConditionalValues::<u64>::witness(&other));
}

#[test]
fn variants_may_name_function_pointers() {
    fn draw((): (), path: &[u8], factors: usize) -> ((), Option<ReadZipperOwned<u64>>) {
        ((), (factors == 0).then(|| PathMap::single(path, 9).into_read_zipper(b"")))
    }
    fn values(mut zipper: Drawn<'_, u64>) -> Vec<u64> {
        let mut values = Vec::new();
        while zipper.to_next_val() {
            values.extend(zipper.get_val_with_witness(&zipper.witness()));
        }
        values
    }
    let map = map();
    let drawn = DependentProductZipperG::new_enroll(map.read_zipper(), (), draw as Draw<_>);
    assert_eq!(values(map.read_zipper().into()), [1, 2, 3]);
    assert_eq!(values(drawn.clone().into()), [1, 2, 9, 3, 9]);
    let mut one = ListedDrawn::One(OneFactor::new(drawn.clone()));
    assert!(one.descend_to_check("bb"));
    assert_eq!((one.get_val_with_witness(&one.witness()), one.factor_count()), (Some(&9), 1));
    let product = ProductZipperG::new(map.read_zipper(), [drawn.into()]);
    let mut product = ListedDrawn::Product(product);
    assert!(product.descend_to_check("babab"));
    let witness = product.witness();
    let value = product.get_val_with_witness(&witness);
    drop(product);
    assert_eq!(value, Some(&9));
}

#[test]
fn listed_traits_are_there_with_those_they_are_built_on() {
    let map = map();
    let mut zipper: Listed<'_, '_, u64> = map.read_zipper().into();
    assert_eq!((zipper.to_next_get_val(), zipper.path()), (Some(&1), &b"a"[..]));
    let mut zipper: Listed<'_, '_, u64> = PrefixZipper::new(b"p", map.read_zipper()).into();
    let witness = zipper.witness();
    assert_eq!(zipper.to_next_get_val_with_witness(&witness), Some(&1));
    assert_eq!(zipper.path(), b"pa");
}

#[test]
fn writers_share_what_reads_and_are_sources() {
    let mut map = map();
    let mut copy = PathMap::new();
    {
        let writer: Writer<'_, u64> = map.write_zipper().into();
        copy.write_zipper_at_path(b"one/").graft(&writer);
        assert_eq!(writer.get_trie_ref().val_at("ab"), Some(&2));
    }
    let writer: Writer<'_, u64> = map.into_write_zipper(b"a").into();
    copy.write_zipper_at_path(b"two/").graft(&writer);
    assert_eq!((copy.get("one/b"), copy.get("two/b")), (Some(&3), Some(&2)));
    assert_eq!(writer.fork_read_zipper().val_count(), 2);
}

/// Syntax that the macro has to skip: bounds with arrows and equal signs, defaults, discriminants
/// with shifts and commas.
#[derive(PolyZipper)]
#[repr(u8)]
#[poly_zipper(no_conversions)]
#[allow(clippy::type_complexity, non_camel_case_types, dead_code)]
pub(crate) enum Dense<
    #[allow(unused_lifetimes)] 'a,
    'b: 'a + 'a,
    I: Iterator<Item = Vec<Vec<u8>>> = std::vec::IntoIter<Vec<Vec<u8>>>,
    F = fn(&'a u8) -> Vec<u8>,
    const N: usize = { (1 < 2) as usize },
    const CHAR: char = '<',
> where
    F: Fn(&'a u8) -> Vec<u8> + 'b,
    for<'x> &'x F: Sized,
    [(); N]: Sized,
{
    /// A doc, and an attribute with `<`.
    #[allow(unused)]
    r#enum(
        #[allow(unused)] PrefixZipper<'b, ReadZipperUntracked<'a, 'b, (I, F, fn(u8, u16) -> [Vec<u8>; N])>>,
    ) = 1 << 3,
    Nothing(EmptyZipper) = number::<u8, u16>(1 > 2),
    Deep(PrefixZipper<'static, EmptyZipper>) = 5,
}

const fn number<A, B>(one: bool) -> u8 {
    one as u8 + size_of::<(A, B)>() as u8
}

/// Enums generated by a macro: types, lifetimes and visibilities are wrapped in groups.
macro_rules! made {
    ($(#[$meta:meta])* $vis:vis enum $name:ident<$life:lifetime> { $($variant:ident($zipper:ty)),* $(,)? }) => {
        $(#[$meta])*
        $vis enum $name<$life> { $($variant($zipper)),* }
    };
}

made! {
    #[derive(PolyZipper)]
    #[poly_zipper(forking, crate = ::bytetrie)]
    pub(crate) enum Made<'a> { Map(ReadZipperUntracked<'a, 'a, u64>), Nothing(EmptyZipper) }
}

made! {
    #[derive(PolyZipperExplicit)]
    #[poly_zipper_explicit(traits(ZipperMoving,))]
    enum MadePrivate<'trie> { Map(ReadZipperUntracked<'trie, 'trie, u64>) }
}

#[test]
fn enums_that_are_hard_to_read() {
    let map = map();
    let mut made: Made<'_> = map.read_zipper().into();
    assert_eq!((made.to_next_get_val(), made.val_count()), (Some(&1), 2));
    assert_eq!(MadePrivate::from(map.read_zipper()).val_count(), 3);
    let mut dense: Dense<'_, '_> = Dense::Nothing(EmptyZipper::new());
    assert!(!dense.to_next_val());
    dense = Dense::Deep(PrefixZipper::new(b"p", EmptyZipper::new()));
    assert_eq!(dense.val_count(), 0);
}
