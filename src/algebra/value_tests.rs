//! The laws of each instance over all values of a small universe, and each result against its
//! definition.

use std::cmp::{max, min};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;

use super::lattice::{DistributiveLattice, Lattice};
use super::newtypes::{And, Max, Min, Or, Sum};
use super::result::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};
use crate::bytes::ByteMask;

const BOTH: u64 = SELF_IDENT | COUNTER_IDENT;

/// An instance's definition, and the laws that it promises.
struct Instance<T> {
    universe: Vec<T>,
    join: fn(&T, &T) -> T,
    /// The meet by definition. It is `None` if it is the least value, even if the type has one.
    meet: fn(&T, &T) -> Option<T>,
    minus: fn(&T, &T) -> Option<T>,
    /// The value without its parts that count as nothing; `None` if nothing is left.
    says: fn(&T) -> Option<T>,
    same: fn(&T, &T) -> bool,
    commutative: bool,
    /// Idempotent, absorbing, distributive.
    lattice: bool,
}

impl<T: Clone + PartialEq> Instance<T> {
    /// A lattice without a least value.
    fn new(universe: &[T], join: fn(&T, &T) -> T, meet: fn(&T, &T) -> Option<T>) -> Self {
        Self {
            universe: universe.to_vec(),
            join,
            meet,
            minus: |_, _| None,
            says: |value| Some(value.clone()),
            same: T::eq,
            commutative: true,
            lattice: true,
        }
    }

    /// A type whose operations keep the left value.
    fn plain(universe: &[T]) -> Self {
        Self::new(universe, |a, _| a.clone(), |a, _| Some(a.clone()))
            .minus(|a, b| some(a.clone(), a == b))
            .left_biased()
    }

    fn minus(self, minus: fn(&T, &T) -> Option<T>) -> Self {
        Self { minus, ..self }
    }

    fn says(self, says: fn(&T) -> Option<T>) -> Self {
        Self { says, ..self }
    }

    fn left_biased(self) -> Self {
        Self { commutative: false, ..self }
    }
}

impl<T: Lattice + DistributiveLattice + Clone + Debug> Instance<T> {
    /// Checks all laws. `idempotent` are the constants of the two traits.
    fn check(self, idempotent: (bool, bool)) {
        assert_eq!((<T as Lattice>::IDEMPOTENT, <T as DistributiveLattice>::IDEMPOTENT), idempotent);
        assert!(self.universe.len() > 1 || size_of::<T>() == 0);
        self.one();
        self.two();
        self.three();
    }

    fn equal(&self, a: &Option<T>, b: &Option<T>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => (self.same)(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// Returns true iff two values are equal without their parts that count as nothing.
    fn alike(&self, a: &Option<T>, b: &Option<T>) -> bool {
        let says = |value: &Option<T>| value.as_ref().and_then(self.says);
        self.equal(&says(a), &says(b))
    }

    /// Returns the value of a result, after a check that its mask names exactly the operands that
    /// it equals.
    fn exact(&self, result: AlgebraicResult<T>, a: &T, b: &T) -> Option<T> {
        let value = match &result {
            AlgebraicResult::None => return None,
            AlgebraicResult::Element(value) => value.clone(),
            AlgebraicResult::Identity(mask) => {
                assert!([1, 2, 3].contains(mask), "the mask {mask} names a missing operand");
                if mask & SELF_IDENT != 0 { a.clone() } else { b.clone() }
            }
        };
        let mask = result.identity_mask().unwrap_or(0);
        assert_eq!(mask & SELF_IDENT != 0, (self.same)(&value, a), "{a:?} {b:?} {result:?}");
        assert_eq!(mask & COUNTER_IDENT != 0, (self.same)(&value, b), "{a:?} {b:?} {result:?}");
        Some(value)
    }

    fn join(&self, a: &Option<T>, b: &Option<T>) -> Option<T> {
        match (a, b) {
            (Some(a), Some(b)) => self.exact(a.pjoin(b), a, b),
            (a, b) => a.clone().or_else(|| b.clone()),
        }
    }

    fn meet(&self, a: &Option<T>, b: &Option<T>) -> Option<T> {
        let (a, b) = (a.as_ref()?, b.as_ref()?);
        self.exact(a.pmeet(b), a, b)
    }

    fn subtract(&self, a: &Option<T>, b: &Option<T>) -> Option<T> {
        let (a, Some(b)) = (a.as_ref()?, b) else { return a.clone() };
        let result = a.psubtract(b);
        match &result {
            AlgebraicResult::Identity(mask) => assert_eq!(*mask, SELF_IDENT),
            AlgebraicResult::Element(value) => assert!(!(self.same)(value, a), "{a:?} − {b:?}"),
            AlgebraicResult::None => {}
        }
        result.into_option([a, b])
    }

    fn one(&self) {
        let mut doubled = 0;
        for a in &self.universe {
            let joined = a.pjoin(a).identity_mask();
            if <T as Lattice>::IDEMPOTENT {
                assert_eq!(joined, Some(BOTH), "{a:?}");
                assert_eq!(a.pmeet(a).identity_mask(), Some(BOTH), "{a:?}");
                assert_eq!(a.clone().join_into(a.clone()), AlgebraicStatus::Identity, "{a:?}");
            }
            doubled += u32::from(joined != Some(BOTH));
            assert!(a.psubtract(a).is_none(), "{a:?}");
            if let Some(bottom) = a.bottom() {
                assert!((self.says)(&bottom).is_none(), "{bottom:?} is not the least value");
                let joined = bottom.pjoin(a).identity_mask();
                assert!(joined.is_some_and(|mask| mask & COUNTER_IDENT != 0), "{a:?}");
            }
            let alone = T::join_all([Box::new(a.clone())]);
            assert_eq!(alone.identity_mask(), Some(SELF_IDENT));
        }
        // A needless `false` would only be slow.
        assert_eq!(<T as Lattice>::IDEMPOTENT, doubled == 0);
    }

    fn two(&self) {
        for a in &self.universe {
            for b in &self.universe {
                let (some_a, some_b) = (&Some(a.clone()), &Some(b.clone()));
                let joined = self.join(some_a, some_b).expect("a join leaves something");
                assert!((self.same)(&joined, &(self.join)(a, b)), "{a:?} ∨ {b:?} = {joined:?}");
                let met = self.meet(some_a, some_b);
                assert!(self.alike(&met, &(self.meet)(a, b)), "{a:?} ∧ {b:?} = {met:?}");
                let left = self.subtract(some_a, some_b);
                assert!(self.equal(&left, &(self.minus)(a, b)), "{a:?} − {b:?} = {left:?}");

                let mut place = a.clone();
                assert_eq!(place.join_into(b.clone()), a.pjoin(b).status(), "{a:?} ∨ {b:?}");
                assert!((self.same)(&place, &joined), "{a:?} ∨ {b:?} = {place:?}");

                let again = self.join(&left, &met);
                assert!(self.alike(&again, some_a), "({a:?} − {b:?}) ∨ ({a:?} ∧ {b:?}) = {again:?}");
                if self.lattice {
                    let joined = &Some(joined);
                    assert!(self.alike(&self.join(&left, some_b), joined), "({a:?} − {b:?}) ∨ {b:?}");
                    assert!(self.alike(&self.join(some_a, &met), some_a), "{a:?} ∨ ({a:?} ∧ {b:?})");
                    assert!(self.alike(&self.meet(some_a, joined), some_a), "{a:?} ∧ ({a:?} ∨ {b:?})");
                }
                if self.commutative {
                    assert_eq!(a.pjoin(b).invert_identity().status(), b.pjoin(a).status());
                    assert!(
                        self.equal(&self.join(some_a, some_b), &self.join(some_b, some_a)),
                        "{a:?} ∨ {b:?}"
                    );
                    assert!(self.equal(&met, &self.meet(some_b, some_a)), "{a:?} ∧ {b:?}");
                }
            }
        }
    }

    fn three(&self) {
        let universe = Vec::from_iter(self.universe.iter().cloned().map(Some));
        for a in &universe {
            for b in &universe {
                for c in &universe {
                    let (ab, bc) = (self.join(a, b), self.join(b, c));
                    let all = self.join(&ab, c);
                    assert!(self.equal(&all, &self.join(a, &bc)), "{a:?} ∨ {b:?} ∨ {c:?}");
                    let (left, right) = (self.meet(a, b), self.meet(b, c));
                    assert!(self.alike(&self.meet(&left, c), &self.meet(a, &right)), "{a:?} ∧ {b:?} ∧ {c:?}");
                    if self.lattice {
                        let distributed = self.join(&left, &self.meet(a, c));
                        assert!(self.alike(&self.meet(a, &bc), &distributed), "{a:?} ∧ ({b:?} ∨ {c:?})");
                    }
                    self.all([a, b, c].map(|x| x.clone().unwrap()), all.unwrap());
                }
            }
        }
    }

    /// `join_all` is the fold, and its mask names every argument that the join equals.
    fn all(&self, xs: [T; 3], joined: T) {
        let mask = (0..3).filter(|&i| (self.same)(&xs[i], &joined)).fold(0, |mask, i| mask | 1 << i);
        match T::join_all(xs.clone().map(Box::new)) {
            AlgebraicResult::Element(value) => {
                assert_eq!(mask, 0, "{xs:?}");
                assert!((self.same)(&value, &joined), "{xs:?}: {value:?}");
            }
            result => assert_eq!(result.identity_mask(), Some(mask), "{xs:?}"),
        }
    }
}

const IDEMPOTENT: (bool, bool) = (true, true);

/// All subsets of three elements.
fn subsets<S: FromIterator<u8>>() -> Vec<S> {
    (0..8).map(|bits| (0..3u8).filter(|i| bits >> i & 1 == 1).map(|i| i * 100).collect()).collect()
}

fn some<T: Clone>(value: T, says_nothing: bool) -> Option<T> {
    (!says_nothing).then_some(value)
}

#[test]
fn plain_values_keep_the_left_one() {
    macro_rules! plain {
        ($($type:ty: $($value:expr),+;)+) => {$(
            Instance::<$type>::plain(&[$($value),+]).check(IDEMPOTENT);
        )+};
    }
    plain! {
        u8: 0, 1, u8::MAX; u16: 0, 1, u16::MAX; u32: 0, 1, u32::MAX; u64: 0, 1, u64::MAX;
        u128: 0, 1, u128::MAX; usize: 0, 1, usize::MAX;
        i8: 0, 1, i8::MIN; i16: 0, 1, i16::MIN; i32: 0, 1, i32::MIN; i64: 0, 1, i64::MIN;
        i128: 0, 1, i128::MIN; isize: 0, 1, isize::MIN;
        bool: false, true; char: 'a', '\0', 'ß';
        String: String::new(), "a".into(), "b".into();
        &str: "", "a", "b"; &[u8]: b"", b"a", b"b";
        Box<str>: "".into(), "a".into(); Rc<str>: "".into(), "a".into(); Arc<str>: "".into(), "a".into();
        Vec<u8>: vec![], vec![1], vec![1, 2]; Box<[u8]>: [].into(), [1].into();
        Rc<[u8]>: [].into(), [1].into(); Arc<[u8]>: [].into(), [1].into();
        [u8; 2]: [0, 0], [0, 1];
    }
}

#[test]
fn floats_are_equal_if_their_bits_are() {
    let same = |a: &f64, b: &f64| a.to_bits() == b.to_bits();
    let universe = [0.0, -0.0, 1.5, f64::INFINITY, f64::NAN, -f64::NAN];
    let minus = |a: &f64, b: &f64| (a.to_bits() != b.to_bits()).then_some(*a);
    Instance { same, minus, ..Instance::plain(&universe) }.check(IDEMPOTENT);
    let same = |a: &f32, b: &f32| a.to_bits() == b.to_bits();
    let universe = [0.0, -0.0, 1.5, f32::INFINITY, f32::NAN, -f32::NAN];
    let minus = |a: &f32, b: &f32| (a.to_bits() != b.to_bits()).then_some(*a);
    Instance { same, minus, ..Instance::plain(&universe) }.check(IDEMPOTENT);
}

#[test]
fn unit_is_here_or_not() {
    Instance::new(&[()], |_, _| (), |_, _| Some(())).check(IDEMPOTENT);
}

#[test]
fn max_and_min_are_each_other_upside_down() {
    let values = [0u8, 1, 2, 255];
    Instance::new(&values.map(Max), |a, b| *max(a, b), |a, b| Some(*min(a, b)))
        .minus(|a, b| (a > b).then_some(*a))
        .check(IDEMPOTENT);
    Instance::new(&values.map(Min), |a, b| *min(a, b), |a, b| Some(*max(a, b)))
        .minus(|a, b| (a < b).then_some(*a))
        .check(IDEMPOTENT);
    Instance::new(&["", "a", "b"].map(Max), |a, b| *max(a, b), |a, b| Some(*min(a, b)))
        .minus(|a, b| (a > b).then_some(*a))
        .check(IDEMPOTENT);
}

#[test]
fn or_and_and_are_each_other_upside_down() {
    let values = Vec::from_iter((0..8u8).chain([255, 248]));
    let or = Vec::from_iter(values.iter().copied().map(Or));
    Instance::new(&or, |a, b| Or(a.0 | b.0), |a, b| Some(Or(a.0 & b.0)))
        .minus(|a, b| some(Or(a.0 & !b.0), a.0 & !b.0 == 0))
        .says(|a| some(*a, a.0 == 0))
        .check(IDEMPOTENT);
    let and = Vec::from_iter(values.iter().map(|bits| And(!bits)));
    Instance::new(&and, |a, b| And(a.0 & b.0), |a, b| Some(And(a.0 | b.0)))
        .minus(|a, b| some(And(a.0 | !b.0), a.0 | !b.0 == 255))
        .says(|a| some(*a, a.0 == 255))
        .check(IDEMPOTENT);
    Instance::new(&[false, true].map(Or), |a, b| Or(a.0 || b.0), |a, b| Some(Or(a.0 && b.0)))
        .minus(|a, b| some(Or(true), !a.0 || b.0))
        .says(|a| some(*a, !a.0))
        .check(IDEMPOTENT);
    Instance::new(&[false, true].map(And), |a, b| And(a.0 && b.0), |a, b| Some(And(a.0 || b.0)))
        .minus(|a, b| some(And(false), a.0 || !b.0))
        .says(|a| some(*a, a.0))
        .check(IDEMPOTENT);
    // Unlike the meet of sets, the meet of bits exists if the operands have no bit in common.
    assert_eq!(Or(1u8).pmeet(&Or(2)), AlgebraicResult::Element(Or(0)));
    assert_eq!(And(!1u8).pmeet(&And(!2)), AlgebraicResult::Element(And(255)));
}

#[test]
fn sums_count() {
    let universe = [0u8, 1, 2, 3, 100, 200, 254, 255].map(Sum);
    let sum = Instance::new(&universe, |a, b| Sum(a.0.saturating_add(b.0)), |a, b| Some(*min(a, b)));
    let sum = sum.minus(|a, b| (a > b).then(|| Sum(a.0 - b.0))).says(|a| some(*a, a.0 == 0));
    Instance { lattice: false, ..sum }.check((false, false));
    assert_eq!(Sum(4u64).psubtract(&Sum(2)), AlgebraicResult::Element(Sum(2)));
    assert_eq!(Sum(u128::MAX).pjoin(&Sum(1)), AlgebraicResult::Identity(SELF_IDENT));
}

#[test]
fn options_have_a_value_that_says_nothing() {
    let universe = [None, Some(Max(1)), Some(Max(2)), Some(Max(3))];
    Instance::new(&universe, |a, b| *max(a, b), |a, b| Some(*min(a, b)))
        .minus(|a, b| some(*a, a <= b))
        .says(|a| some(*a, a.is_none()))
        .check(IDEMPOTENT);
    Instance::new(&[None, Some(1), Some(2)], |a, b| a.or(*b), |a, b| some(*a, a.is_none() || b.is_none()))
        .minus(|a, b| some(*a, a.is_none() || a == b))
        .says(|a| some(*a, a.is_none()))
        .left_biased()
        .check(IDEMPOTENT);
    assert_eq!((<Option<Sum<u8>> as Lattice>::IDEMPOTENT, Some(Sum(2u8)).bottom()), (false, Some(None)));
}

#[test]
fn pointers_are_as_what_they_point_to() {
    macro_rules! pointers {
        ($($pointer:ident)+) => {$(
            let universe = Vec::from_iter(subsets::<BTreeSet<u8>>().into_iter().map($pointer::new));
            Instance::new(
                &universe,
                |a, b| $pointer::new(&**a | &**b),
                |a, b| Some($pointer::new(&**a & &**b)),
            )
            .minus(|a, b| some($pointer::new(&**a - &**b), a.is_subset(b)))
            .says(|a| some(a.clone(), a.is_empty()))
            .check(IDEMPOTENT);
            // Sharing must not be a shortcut if that would change the result.
            let two = $pointer::new(Sum(2u8));
            assert_eq!(two.pjoin(&two.clone()), AlgebraicResult::Element($pointer::new(Sum(4))));
            assert_eq!(two.pmeet(&two.clone()), AlgebraicResult::Identity(BOTH));
            assert!(two.psubtract(&two.clone()).is_none());
        )+};
    }
    pointers!(Box Arc Rc);
}

/// A value whose methods must not be called: pointers to it decide.
#[derive(Clone, Debug, PartialEq)]
struct Untouchable;

impl Lattice for Untouchable {
    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        panic!("joined")
    }

    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        panic!("met")
    }
}

impl DistributiveLattice for Untouchable {
    fn psubtract(&self, _: &Self) -> AlgebraicResult<Self> {
        panic!("subtracted")
    }
}

#[test]
fn shared_contents_are_not_asked() {
    let (arc, rc) = (Arc::new(Untouchable), Rc::new(Untouchable));
    assert_eq!([arc.pjoin(&arc), arc.pmeet(&arc)], [const { AlgebraicResult::Identity(BOTH) }; 2]);
    assert_eq!([rc.pjoin(&rc), rc.pmeet(&rc)], [const { AlgebraicResult::Identity(BOTH) }; 2]);
    assert!(arc.psubtract(&arc).is_none() && rc.psubtract(&rc).is_none());
}

#[test]
fn sets_are_united() {
    Instance::new(&subsets::<BTreeSet<u8>>(), |a, b| a | b, |a, b| Some(a & b))
        .minus(|a, b| some(a - b, a.is_subset(b)))
        .says(|a| some(a.clone(), a.is_empty()))
        .check(IDEMPOTENT);
    Instance::new(&subsets::<HashSet<u8>>(), |a, b| a | b, |a, b| Some(a & b))
        .minus(|a, b| some(a - b, a.is_subset(b)))
        .says(|a| some(a.clone(), a.is_empty()))
        .check(IDEMPOTENT);
    Instance::new(&subsets::<ByteMask>(), |a, b| *a | *b, |a, b| Some(*a & *b))
        .minus(|a, b| some(a.andn(b), a.andn(b).is_empty_mask()))
        .says(|a| some(*a, a.is_empty_mask()))
        .check(IDEMPOTENT);
    let words = Vec::from_iter(subsets::<ByteMask>().into_iter().map(|mask| mask.0));
    Instance::new(
        &words,
        |a, b| (ByteMask(*a) | ByteMask(*b)).0,
        |a, b| Some((ByteMask(*a) & ByteMask(*b)).0),
    )
    .minus(|a, b| some(ByteMask(*a).andn(&ByteMask(*b)).0, ByteMask(*a).andn(&ByteMask(*b)).is_empty_mask()))
    .says(|a| some(*a, *a == [0; 4]))
    .check(IDEMPOTENT);
}

/// Returns the union of the present sets.
fn united(a: Option<&BTreeSet<u8>>, b: Option<&BTreeSet<u8>>) -> BTreeSet<u8> {
    a.into_iter().chain(b).flatten().copied().collect()
}

/// Maps from two keys to sets and to plain values, for both types of map.
macro_rules! map_tests {
    ($name:ident, $map:ident) => {
        mod $name {
            use super::*;

            type Sets = $map<u8, BTreeSet<u8>>;

            fn universe<V: Clone>(values: &[V]) -> Vec<$map<u8, V>> {
                let slot = || std::iter::once(None).chain(values.iter().map(Some));
                let map = |a: Option<&V>, b: Option<&V>| {
                    let slots = [a.map(|value| (1, value.clone())), b.map(|value| (2, value.clone()))];
                    $map::from_iter(slots.into_iter().flatten())
                };
                slot().flat_map(|a| slot().map(move |b| map(a, b))).collect()
            }

            fn keys<'a>(a: &'a Sets, b: &'a Sets) -> impl Iterator<Item = u8> + use<'a> {
                [1, 2].into_iter().filter(|key| a.contains_key(key) || b.contains_key(key))
            }

            fn says(map: &Sets) -> Option<Sets> {
                let full = map.iter().filter(|(_, set)| !set.is_empty());
                let map = Sets::from_iter(full.map(|(key, set)| (*key, set.clone())));
                some(map.clone(), map.is_empty())
            }

            #[test]
            fn with_sets_for_values() {
                let sets: [BTreeSet<u8>; 4] = [[].into(), [1].into(), [2].into(), [1, 2].into()];
                Instance::new(
                    &universe(&sets),
                    |a, b| keys(a, b).map(|key| (key, united(a.get(&key), b.get(&key)))).collect(),
                    |a, b| {
                        let met = keys(a, b).filter_map(|key| Some((key, a.get(&key)? & b.get(&key)?)));
                        Some(met.collect())
                    },
                )
                .minus(|a, b| {
                    let left: Sets = a
                        .iter()
                        .filter_map(|(key, set)| match b.get(key) {
                            None => Some((*key, set.clone())),
                            Some(other) => some((*key, set - other), set.is_subset(other)),
                        })
                        .collect();
                    some(left.clone(), left.is_empty())
                })
                .says(says)
                .check(IDEMPOTENT);
            }

            #[test]
            fn with_plain_values() {
                Instance::new(
                    &universe(&[7u8, 8]),
                    |a, b| b.iter().chain(a).map(|(key, value)| (*key, *value)).collect(),
                    |a, b| {
                        let kept = a.iter().filter(|(key, _)| b.contains_key(key));
                        Some(kept.map(|(key, value)| (*key, *value)).collect())
                    },
                )
                .minus(|a, b| {
                    let kept = a.iter().filter(|(key, value)| b.get(key) != Some(value));
                    let kept: $map<u8, u8> = kept.map(|(key, value)| (*key, *value)).collect();
                    some(kept.clone(), kept.is_empty())
                })
                .says(|a| some(a.clone(), a.is_empty()))
                .left_biased()
                .check(IDEMPOTENT);
            }

            #[test]
            fn with_sums_for_values() {
                let counts = |map: &$map<u8, Sum<u8>>| map.pjoin(map);
                let twice = $map::from_iter([(1, Sum(6))]);
                assert_eq!(counts(&$map::from_iter([(1, Sum(3))])), AlgebraicResult::Element(twice));
                const { assert!(!<$map<u8, Sum<u8>> as Lattice>::IDEMPOTENT) };
            }
        }
    };
}

map_tests!(sorted_maps_are_combined_key_by_key, BTreeMap);
map_tests!(hash_maps_are_combined_key_by_key, HashMap);

#[test]
fn tuples_of_sets_are_combined_component_by_component() {
    type Pair = (BTreeSet<u8>, BTreeSet<u8>);
    let sets: [BTreeSet<u8>; 4] = [[].into(), [1].into(), [2].into(), [1, 2].into()];
    let pairs = sets.iter().flat_map(|a| sets.iter().map(|b| (a.clone(), b.clone())));
    let pairs: Vec<Pair> = pairs.collect();
    Instance::new(&pairs, |a, b| (&a.0 | &b.0, &a.1 | &b.1), |a, b| Some((&a.0 & &b.0, &a.1 & &b.1)))
        .minus(|a, b| some((&a.0 - &b.0, &a.1 - &b.1), a.0.is_subset(&b.0) && a.1.is_subset(&b.1)))
        .says(|a| some(a.clone(), a.0.is_empty() && a.1.is_empty()))
        .check(IDEMPOTENT);
    let pair = |a: &[u8], b: &[u8]| -> Pair { (a.iter().copied().collect(), b.iter().copied().collect()) };
    // Nothing is left of one component, and the other was empty before.
    assert!(pair(&[], &[1]).pmeet(&pair(&[], &[2])).is_none());
    assert_eq!(pair(&[], &[1]).pmeet(&pair(&[2], &[1])), AlgebraicResult::Identity(SELF_IDENT));
}

#[test]
fn tuples_without_a_value_for_nothing_keep_what_they_have() {
    type Span = (Max<u8>, Min<u8>);
    let spans: Vec<Span> = (0..9).map(|i| (Max(i / 3), Min(i % 3))).collect();
    Instance::new(&spans, |a, b| (max(a.0, b.0), min(a.1, b.1)), |a, b| Some((min(a.0, b.0), max(a.1, b.1))))
        .minus(|a, b| some(*a, a.0 <= b.0 && a.1 >= b.1))
        .check(IDEMPOTENT);
    Instance::plain(&[(1u8, 1u8), (1, 2), (2, 1), (2, 2)]).check(IDEMPOTENT);
    assert_eq!((1u8, 2u8).psubtract(&(1, 3)), AlgebraicResult::Identity(SELF_IDENT));
    assert_eq!((1u8, 2u8).psubtract(&(1, 2)), AlgebraicResult::None);
}

/// A nonempty set of bits, so a lattice without a least value.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bits(u8);

impl Bits {
    fn new(bits: u8) -> Option<Self> {
        some(Self(bits), bits == 0)
    }
}

impl Lattice for Bits {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        Or(self.0).pjoin(&Or(other.0)).map(|Or(bits)| Bits(bits))
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        let met = Bits::new(self.0 & other.0);
        met.map_or(AlgebraicResult::None, |met| {
            AlgebraicResult::identity_or(met == *self, met == *other, || met)
        })
    }
}

impl DistributiveLattice for Bits {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        Or(self.0).psubtract(&Or(other.0)).map(|Or(bits)| Bits(bits))
    }
}

#[test]
fn tuples_have_no_place_for_what_is_missing() {
    let bits = Vec::from_iter((1..8).map(Bits));
    Instance::new(&bits, |a, b| Bits(a.0 | b.0), |a, b| Bits::new(a.0 & b.0))
        .minus(|a, b| Bits::new(a.0 & !b.0))
        .check(IDEMPOTENT);
    let (a, b) = ((Bits(1), Bits(3)), (Bits(2), Bits(1)));
    assert_eq!((a.pmeet(&b), (a.0, 7).pmeet(&(b.0, 7))), (AlgebraicResult::None, AlgebraicResult::None));
    assert_eq!(a.psubtract(&(Bits(1), Bits(1))), AlgebraicResult::Element((Bits(1), Bits(2))));
    assert_eq!(a.psubtract(&(Bits(1), Bits(4))), AlgebraicResult::Identity(SELF_IDENT));
    assert_eq!(a.psubtract(&(Bits(1), Bits(7))), AlgebraicResult::None);
}

#[test]
fn tuples_mix_components_of_all_kinds() {
    type Mixed = (BTreeSet<u8>, u8);
    let sets: [BTreeSet<u8>; 4] = [[].into(), [1].into(), [2].into(), [1, 2].into()];
    let mixed: Vec<Mixed> = sets.iter().flat_map(|set| [7, 8].map(|byte| (set.clone(), byte))).collect();
    Instance::new(&mixed, |a, b| (&a.0 | &b.0, a.1), |a, b| Some((&a.0 & &b.0, a.1)))
        .minus(|a, b| some((&a.0 - &b.0, a.1), a.0.is_subset(&b.0) && a.1 == b.1))
        .left_biased()
        .check(IDEMPOTENT);

    type Wide = (Max<u8>, (), Or<bool>, Sum<u8>, Option<u8>, (BTreeSet<u8>,));
    let a: Wide = (Max(1), (), Or(true), Sum(2), None, ([1].into(),));
    let b: Wide = (Max(2), (), Or(true), Sum(0), Some(5), ([1, 2].into(),));
    let joined: Wide = (Max(2), (), Or(true), Sum(2), Some(5), ([1, 2].into(),));
    let met: Wide = (Max(1), (), Or(true), Sum(0), None, ([1].into(),));
    let left: Wide = (Max(2), (), Or(false), Sum(0), Some(5), ([2].into(),));
    assert_eq!(a.pjoin(&b), AlgebraicResult::Element(joined.clone()));
    assert_eq!(a.pmeet(&b), AlgebraicResult::Element(met));
    assert_eq!(b.psubtract(&a), AlgebraicResult::Element(left));
    let mut place = a.clone();
    assert_eq!((place.join_into(b), place), (AlgebraicStatus::Element, joined));
    const { assert!(!<Wide as Lattice>::IDEMPOTENT && !<Wide as DistributiveLattice>::IDEMPOTENT) };
}

#[test]
fn joining_many_names_the_first_sixty_four() {
    let boxed = |values: &[u8]| Vec::from_iter(values.iter().map(|&value| Box::new(Max(value))));
    assert_eq!(Max::<u8>::join_all(boxed(&[])), AlgebraicResult::None);
    let mut values = [3; 70];
    assert_eq!(Max::join_all(boxed(&values)), AlgebraicResult::Identity(u64::MAX));
    values[65] = 4;
    assert_eq!(Max::join_all(boxed(&values)), AlgebraicResult::Element(Max(4)));
    values[63] = 4;
    assert_eq!(Max::join_all(boxed(&values)), AlgebraicResult::Identity(1 << 63));
}
