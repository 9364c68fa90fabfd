//! Properties of sets and maps that the laws leave open: when a meet is empty, and which of two
//! equal elements is kept.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Debug;
use std::hash::Hash;

use super::lattice::Lattice;
use super::newtypes::Max;
use super::result::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};
use crate::bytes::ByteMask;

const BOTH: u64 = SELF_IDENT | COUNTER_IDENT;

#[test]
fn a_meet_is_empty_only_of_empty_sets() {
    fn check<S: Lattice + FromIterator<u8> + Debug + PartialEq>() {
        let set = |bytes: &[u8]| bytes.iter().copied().collect::<S>();
        assert!(set(&[1]).pmeet(&set(&[2])).is_none());
        assert!(set(&[1]).pmeet(&set(&[])).is_none());
        assert!(set(&[]).pmeet(&set(&[1])).is_none());
        assert_eq!(set(&[]).pmeet(&set(&[])), AlgebraicResult::Identity(BOTH));
    }
    check::<BTreeSet<u8>>();
    check::<HashSet<u8>>();
    check::<ByteMask>();
}

/// Compared by the number only; the letter tells equal elements apart.
#[derive(Clone, Copy, Debug)]
struct NamedElement(u8, char);

impl PartialEq for NamedElement {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for NamedElement {}

impl PartialOrd for NamedElement {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for NamedElement {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl Hash for NamedElement {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[test]
fn of_equal_elements_the_left_one_stays() {
    macro_rules! names {
        ($($of:expr, $names:expr;)+) => {$(
            let (of, names) = ($of, $names);
            let names = |result| { let mut names: Vec<(u8, char)> = names(result); names.sort(); names };
            // Both orders of size, since the loop runs over the smaller operand.
            for extra in [&[4][..], &[4, 5, 6]] {
                let (a, b) = (of(&[1, 2, 3, 7], 'a'), of(&[&[1, 2], extra].concat(), 'b'));
                assert_eq!(names(a.pmeet(&b).unwrap([&a, &b])), [(1, 'a'), (2, 'a')]);
                assert_eq!(names(a.pjoin(&b).unwrap([&a, &b]))[..3], [(1, 'a'), (2, 'a'), (3, 'a')]);
                let mut place = a.clone();
                place.join_into(b);
                assert_eq!(names(place)[..3], [(1, 'a'), (2, 'a'), (3, 'a')]);
            }
        )+};
    }
    let set = |keys: &[u8], name| BTreeSet::from_iter(keys.iter().map(|&key| NamedElement(key, name)));
    let hash_set =
        |keys: &[u8], name| HashSet::<_>::from_iter(keys.iter().map(|&key| NamedElement(key, name)));
    let map =
        |keys: &[u8], name| BTreeMap::from_iter(keys.iter().map(|&key| (NamedElement(key, name), Max(name))));
    let hash_map = |keys: &[u8], name| {
        HashMap::<_, _>::from_iter(keys.iter().map(|&key| (NamedElement(key, name), Max(name))))
    };
    names! {
        set, |set: BTreeSet<NamedElement>| set.into_iter().map(|NamedElement(key, name)| (key, name)).collect();
        hash_set, |set: HashSet<NamedElement>| set.into_iter().map(|NamedElement(key, name)| (key, name)).collect();
        map, |map: BTreeMap<NamedElement, Max<char>>| map.into_keys().map(|NamedElement(key, name)| (key, name)).collect();
        hash_map, |map: HashMap<NamedElement, Max<char>>|
            map.into_keys().map(|NamedElement(key, name)| (key, name)).collect();
    }
}

/// A lattice whose join and meet of two different values are nothing.
#[derive(Clone, Debug, PartialEq)]
struct Clash(u8);

impl Lattice for Clash {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        if self == other { AlgebraicResult::Identity(BOTH) } else { AlgebraicResult::None }
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        self.pjoin(other)
    }
}

#[test]
fn a_key_goes_if_its_values_join_to_nothing() {
    let (a, b) = ([(1, Clash(1)), (2, Clash(2))], [(1, Clash(1)), (2, Clash(3))]);
    let left = BTreeMap::from([(1, Clash(1))]);
    let (mut sorted, other) = (BTreeMap::from(a.clone()), BTreeMap::from(b.clone()));
    assert_eq!(sorted.pjoin(&other), AlgebraicResult::Element(left.clone()));
    assert_eq!((sorted.join_into(other), sorted), (AlgebraicStatus::Element, left));
    let left = HashMap::from([(1, Clash(1))]);
    let (mut hashed, other) = (HashMap::from(a), HashMap::from(b));
    assert_eq!(hashed.pjoin(&other), AlgebraicResult::Element(left.clone()));
    assert_eq!((hashed.join_into(other), hashed), (AlgebraicStatus::Element, left));
}
