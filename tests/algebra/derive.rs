//! The derive macros `Lattice` and `DistributiveLattice`: a struct behaves like the tuple of its
//! fields. Structs that the macros reject are tested in `derive/tests`.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::marker::PhantomData;

use bytetrie::PathMap;
use bytetrie::algebra::{
    AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, DistributiveLattice, Lattice, Max, Min, Or, SELF_IDENT,
    Sum,
};
use proptest::prelude::*;

/// A type without a bottom value, whose meet may be `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    No,
    Yes,
    Both,
}

impl Lattice for Known {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self, other) {
            (a, b) if a == b => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
            (Known::Both, _) => AlgebraicResult::Identity(SELF_IDENT),
            (_, Known::Both) => AlgebraicResult::Identity(COUNTER_IDENT),
            _ => AlgebraicResult::Element(Known::Both),
        }
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self, other) {
            (a, b) if a == b => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
            (Known::Both, _) => AlgebraicResult::Identity(COUNTER_IDENT),
            (_, Known::Both) => AlgebraicResult::Identity(SELF_IDENT),
            _ => AlgebraicResult::None,
        }
    }
}

impl DistributiveLattice for Known {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self, other) {
            (a, b) if a == b => AlgebraicResult::None,
            (_, Known::Both) => AlgebraicResult::None,
            (Known::Both, Known::No) => AlgebraicResult::Element(Known::Yes),
            (Known::Both, Known::Yes) => AlgebraicResult::Element(Known::No),
            _ => AlgebraicResult::Identity(SELF_IDENT),
        }
    }
}

/// Fields of all kinds.
#[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
struct Named<T: Ord, const N: usize>
where
    T: Debug,
{
    most: Max<u8>,
    pub(crate) set: BTreeSet<T>,
    r#type: Option<Min<u8>>,
    pub known: Known,
    plain: [u8; N],
}

type NamedTuple = (Max<u8>, BTreeSet<u8>, Option<Min<u8>>, Known, [u8; 1]);

impl From<Named<u8, 1>> for NamedTuple {
    fn from(own: Named<u8, 1>) -> Self {
        (own.most, own.set, own.r#type, own.known, own.plain)
    }
}

/// A struct whose fields all have a bottom value.
#[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
struct Pair<A, B>(A, pub B);

type Sets = Pair<BTreeSet<u8>, Or<u8>>;

impl<A, B> From<Pair<A, B>> for (A, B) {
    fn from(own: Pair<A, B>) -> Self {
        (own.0, own.1)
    }
}

#[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
struct Single(Sum<u8>);

impl From<Single> for (Sum<u8>,) {
    fn from(own: Single) -> Self {
        (own.0,)
    }
}

#[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
struct Unit;

#[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
struct Braces {}

/// A struct with more fields than a tuple may have.
#[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
struct Many(
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
    Or<u8>,
);

/// A recursive struct: the bounds that the macro would generate are cyclic.
#[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
#[lattice(bounds(T: Ord + Lattice + DistributiveLattice + Clone))]
struct Chain<T> {
    own: Max<T>,
    set: T,
    next: Option<Box<Chain<T>>>,
}

/// A type parameter that is used by no field's value.
#[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
struct Marked<'a, T: ?Sized> {
    set: BTreeSet<u8>,
    mark: PhantomData<&'a T>,
}

/// A struct and the tuple of its fields give equal results.
fn as_the_tuple<S, T>(a: &S, b: &S) -> Result<(), TestCaseError>
where
    S: Lattice + DistributiveLattice + Clone + Debug + PartialEq + Into<T>,
    T: Lattice + DistributiveLattice + Clone + Debug + PartialEq,
{
    let (x, y): (T, T) = (a.clone().into(), b.clone().into());
    prop_assert_eq!(a.pjoin(b).map(S::into), x.pjoin(&y));
    prop_assert_eq!(a.pmeet(b).map(S::into), x.pmeet(&y));
    prop_assert_eq!(a.psubtract(b).map(S::into), x.psubtract(&y));
    prop_assert_eq!(a.bottom().map(S::into), x.bottom());
    let (mut joined, mut other) = (a.clone(), x.clone());
    prop_assert_eq!(joined.join_into(b.clone()), other.join_into(y));
    prop_assert_eq!(Into::<T>::into(joined), other);
    prop_assert_eq!(<S as Lattice>::IDEMPOTENT, <T as Lattice>::IDEMPOTENT);
    prop_assert_eq!(<S as DistributiveLattice>::IDEMPOTENT, <T as DistributiveLattice>::IDEMPOTENT);
    Ok(())
}

/// The laws of lattices, with `None` as the bottom.
fn laws<S>(values: [&S; 3]) -> Result<(), TestCaseError>
where
    S: Lattice + DistributiveLattice + Clone + Debug + PartialEq,
{
    fn join<S: Lattice + Clone>(a: &Option<S>, b: &Option<S>) -> Option<S> {
        match (a, b) {
            (Some(a), Some(b)) => a.pjoin(b).into_option([a, b]),
            (a, b) => a.clone().or(b.clone()),
        }
    }
    fn meet<S: Lattice + Clone>(a: &Option<S>, b: &Option<S>) -> Option<S> {
        let (a, b) = (a.as_ref()?, b.as_ref()?);
        a.pmeet(b).into_option([a, b])
    }
    let says = |value: Option<S>| value.filter(|value| value.bottom().is_none_or(|bottom| bottom != *value));
    let [a, b, c] = values.map(|value| Some(value.clone()));
    prop_assert_eq!(says(join(&join(&a, &b), &c)), says(join(&a, &join(&b, &c))));
    prop_assert_eq!(says(meet(&meet(&a, &b), &c)), says(meet(&a, &meet(&b, &c))));
    prop_assert_eq!(says(join(&a, &meet(&a, &b))), says(a.clone()));
    prop_assert_eq!(says(meet(&a, &join(&a, &b))), says(a.clone()));
    prop_assert_eq!(says(meet(&a, &join(&b, &c))), says(join(&meet(&a, &b), &meet(&a, &c))));
    let (x, y) = (a.as_ref().unwrap(), b.as_ref().unwrap());
    let difference = x.psubtract(y).into_option([x, y]);
    prop_assert_eq!(says(join(&difference, &meet(&a, &b))), says(a.clone()));
    prop_assert_eq!(says(join(&difference, &b)), says(join(&a, &b)));
    Ok(())
}

fn named() -> impl Strategy<Value = Named<u8, 1>> {
    let known = prop_oneof![Just(Known::No), Just(Known::Yes), Just(Known::Both)];
    let set = proptest::collection::btree_set(0u8..3, 0..3);
    (0u8..3, set, proptest::option::of(0u8..3), known, 0u8..2).prop_map(|(most, set, least, known, plain)| {
        Named { most: Max(most), set, r#type: least.map(Min), known, plain: [plain] }
    })
}

fn sets() -> impl Strategy<Value = Sets> {
    (proptest::collection::btree_set(0u8..3, 0..3), 0u8..4).prop_map(|(set, bits)| Pair(set, Or(bits)))
}

proptest! {
    #[test]
    fn a_struct_is_as_the_tuple_of_its_fields(a in named(), b in named(), x in sets(), y in sets(), m in 0u8..9, n in 0u8..9) {
        as_the_tuple::<_, NamedTuple>(&a, &b)?;
        as_the_tuple::<_, (BTreeSet<u8>, Or<u8>)>(&x, &y)?;
        as_the_tuple::<_, (Sum<u8>,)>(&Single(Sum(m)), &Single(Sum(n)))?;
    }

    #[test]
    fn a_struct_of_lattices_is_a_lattice(a in sets(), b in sets(), c in sets()) {
        laws([&a, &b, &c])?;
    }

    #[test]
    fn maps_of_structs_combine_as_maps_of_tuples(
        a in proptest::collection::btree_map(0u8..6, named(), 0..6),
        b in proptest::collection::btree_map(0u8..6, named(), 0..6),
    ) {
        let map = |values: &std::collections::BTreeMap<u8, Named<u8, 1>>| -> (PathMap<Named<u8, 1>>, PathMap<NamedTuple>) {
            let structs: PathMap<_> = values.iter().map(|(key, value)| ([*key], value.clone())).collect();
            let tuples = values.iter().map(|(key, value)| ([*key], value.clone().into())).collect();
            (structs, tuples)
        };
        let ((a, x), (b, y)) = (map(&a), map(&b));
        let tuples = |map: PathMap<Named<u8, 1>>| -> Vec<(Vec<u8>, NamedTuple)> {
            map.into_iter().map(|(path, value)| (path, value.into())).collect()
        };
        prop_assert_eq!(tuples(a.join(&b)), x.join(&y).into_iter().collect::<Vec<_>>());
        prop_assert_eq!(tuples(a.meet(&b)), x.meet(&y).into_iter().collect::<Vec<_>>());
        prop_assert_eq!(tuples(a.subtract(&b)), x.subtract(&y).into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_struct_without_fields_is_as_nothing_in_particular() {
    fn same<S: Lattice + DistributiveLattice + Clone + Debug + PartialEq>(value: S) {
        let both = AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT);
        assert_eq!((value.pjoin(&value), value.pmeet(&value)), (both.clone(), both));
        assert_eq!((value.psubtract(&value), value.bottom()), (AlgebraicResult::None, None));
        assert_eq!(value.clone().join_into(value), AlgebraicStatus::Identity);
    }
    same(());
    same(Unit);
    same(Braces {});
    const { assert!(<Unit as Lattice>::IDEMPOTENT && <Braces as DistributiveLattice>::IDEMPOTENT) };
}

#[test]
fn one_field_that_is_not_idempotent_makes_the_struct_so() {
    const { assert!(<Named<u8, 3> as Lattice>::IDEMPOTENT && <Sets as DistributiveLattice>::IDEMPOTENT) };
    const { assert!(!<Single as Lattice>::IDEMPOTENT && !<Pair<Max<u8>, Sum<u8>> as Lattice>::IDEMPOTENT) };
    assert_eq!(
        <Pair<Max<u8>, Sum<u8>> as DistributiveLattice>::IDEMPOTENT,
        <(Max<u8>, Sum<u8>) as DistributiveLattice>::IDEMPOTENT
    );
}

#[test]
fn identities_are_exact_over_many_fields() {
    let many = |bits: [u8; 13]| {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m] = bits.map(Or);
        Many(a, b, c, d, e, f, g, h, i, j, k, l, m)
    };
    let (low, high) = (many([1; 13]), many([3; 13]));
    assert_eq!(low.pjoin(&high), AlgebraicResult::Identity(COUNTER_IDENT));
    assert_eq!(low.pmeet(&high), AlgebraicResult::Identity(SELF_IDENT));
    for place in 0..13 {
        let mut bits = [1; 13];
        bits[place] = 2;
        let mut joined = [1; 13];
        joined[place] = 3;
        assert_eq!(low.pjoin(&many(bits)), AlgebraicResult::Element(many(joined)));
        bits[place] = 1;
        assert_eq!(low.pjoin(&many(bits)), AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT));
        joined = [0; 13];
        joined[place] = 2;
        let mut most = [1; 13];
        most[place] = 3;
        assert_eq!(many(most).psubtract(&low), AlgebraicResult::Element(many(joined)));
    }
    assert_eq!(high.psubtract(&high), AlgebraicResult::None);
    assert_eq!(low.psubtract(&many([4; 13])), AlgebraicResult::Identity(SELF_IDENT));
}

#[test]
fn a_struct_that_holds_itself() {
    let chain = |own, next: Option<Chain<u8>>| Chain { own: Max(own), set: 1, next: next.map(Box::new) };
    let (short, long) = (chain(9, None), chain(2, Some(chain(3, None))));
    let joined = short.pjoin(&long).unwrap([&short, &long]);
    assert_eq!(joined, chain(9, Some(chain(3, None))));
    assert_eq!(joined.pjoin(&long), AlgebraicResult::Identity(SELF_IDENT));
}

#[test]
fn a_mark_changes_nothing() {
    let marked = |bytes: &[u8]| Marked::<'_, str> { set: bytes.iter().copied().collect(), mark: PhantomData };
    assert_eq!(marked(b"ab").pmeet(&marked(b"bc")), AlgebraicResult::Element(marked(b"b")));
    assert_eq!(marked(b"a").pmeet(&marked(b"b")), AlgebraicResult::None);
    assert_eq!(marked(b"a").psubtract(&marked(b"ab")), AlgebraicResult::None);
    assert_eq!(marked(b"a").bottom(), Some(marked(b"")));
}

/// Names of the prelude, and names that the macro uses, are shadowed here.
mod shadows {
    #![allow(dead_code, reason = "they are in the way only")]

    struct Option;
    struct Some;
    struct None;
    struct Clone;
    fn component() {}

    #[derive(
        core::clone::Clone,
        core::fmt::Debug,
        bytetrie::algebra::Lattice,
        bytetrie::algebra::DistributiveLattice,
    )]
    pub(super) struct Shadow<__V> {
        pub(super) other: u8,
        pub(super) mask: __V,
        pub(super) result: ::core::option::Option<u8>,
    }
}

#[test]
fn the_code_depends_on_no_name_in_scope() {
    let shadow = shadows::Shadow { other: 1, mask: Max(2), result: None };
    assert!(shadow.pjoin(&shadow).is_identity());
    assert!(shadow.psubtract(&shadow).is_none());
}

/// Structs generated by a macro, whose tokens are wrapped in groups.
macro_rules! made {
    ($(#[$meta:meta])* $vis:vis $name:ident { $($field_vis:vis $field:ident: $ty:ty),* }) => {
        $(#[$meta])*
        $vis struct $name { $($field_vis $field: $ty),* }
    };
}

made! {
    #[derive(Clone, Debug, PartialEq, Lattice)]
    #[lattice(crate = bytetrie)]
    pub(crate) Made { pub a: Max<u8>, b: Pair<Min<u8>, Option<u8>> }
}

#[test]
fn a_struct_from_a_macro() {
    let made = |a, b| Made { a: Max(a), b: Pair(Min(b), None) };
    assert_eq!(made(1, 1).pjoin(&made(2, 2)), AlgebraicResult::Element(made(2, 1)));
}
