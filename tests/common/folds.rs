//! The definition of folds, as a model.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};

use bytetrie::ByteMask;
use bytetrie::morphisms::Catamorphism;
use bytetrie::testing::naive::NaiveMap;

/// A result of a call of a fold. Two results are equal only if the calls saw equal arguments.
pub(crate) fn term<V: Hash>(mask: &ByteMask, below: &[u64], value: Option<&V>, bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (mask.0, below, bytes).hash(&mut hasher);
    value.hash(&mut hasher);
    hasher.finish()
}

/// One call of a side-effect fold: its path, the number of bytes jumped over, and its result.
pub(crate) type Call = (Vec<u8>, usize, u64);

/// The parts of the path that the closure of each kind of fold sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    SideEffect,
    JumpingSideEffect,
    Cached,
    JumpingCached,
    TailCached(usize),
}

pub(crate) const KINDS: [Kind; 9] = [
    Kind::SideEffect,
    Kind::JumpingSideEffect,
    Kind::Cached,
    Kind::JumpingCached,
    Kind::TailCached(0),
    Kind::TailCached(1),
    Kind::TailCached(2),
    Kind::TailCached(5),
    Kind::TailCached(usize::MAX),
];

impl Kind {
    pub(crate) fn jumps(self) -> bool {
        matches!(self, Kind::JumpingSideEffect | Kind::JumpingCached)
    }

    /// Returns the part of the path that a call sees.
    fn seen(self, path: &[u8], jumped: usize) -> &[u8] {
        let len = match self {
            Kind::SideEffect | Kind::JumpingSideEffect => path.len(),
            Kind::Cached => 0,
            Kind::JumpingCached => jumped,
            Kind::TailCached(len) => len,
        };
        &path[path.len().saturating_sub(len)..]
    }
}

/// A location that a fold calls the closure for, and the number of bytes above it that are jumped
/// over.
fn called<V>(map: &NaiveMap<V>, root: &[u8], path: &[u8], jumps: bool) -> Option<usize> {
    let is_call = |path: &[u8]| !jumps || map.get(path).is_some() || map.child_mask(path).count_bits() != 1;
    if !is_call(path) {
        return None;
    }
    let above = (root.len()..path.len()).rev().find(|&len| is_call(&path[..len]));
    Some(above.map_or(path.len() - root.len(), |above| path.len() - above - 1))
}

/// Returns the calls of a fold and its result, by definition.
pub(crate) fn model<V: Hash>(map: &NaiveMap<V>, root: &[u8], kind: Kind) -> (Vec<Call>, u64) {
    fn go<V: Hash>(map: &NaiveMap<V>, root: &[u8], path: &[u8], kind: Kind, calls: &mut Vec<Call>) -> u64 {
        let mask = map.child_mask(path);
        let mut below: Vec<u64> =
            mask.iter().map(|byte| go(map, root, &[path, &[byte]].concat(), kind, calls)).collect();
        match called(map, root, path, kind.jumps()) {
            None => below.pop().expect("it has one child"),
            Some(jumped) => {
                let made = term(&mask, &below, map.get(path), kind.seen(path, jumped));
                calls.push((path.to_vec(), jumped, made));
                made
            }
        }
    }
    let mut calls = Vec::new();
    let made = go(map, root, root, kind, &mut calls);
    (calls, made)
}

/// Runs a fold of some kind. Returns its calls, with the visible parts of their paths, and its
/// result. The call number `fail_at` fails, if given.
pub(crate) fn run<V: Hash, Z: Catamorphism<V>>(
    source: Z,
    kind: Kind,
    fail_at: Option<usize>,
) -> (Vec<Call>, Result<u64, usize>) {
    let calls = RefCell::new(Vec::new());
    let call = |mask: &ByteMask, below: &mut [u64], value: Option<&V>, seen: &[u8], jumped: usize| {
        assert_eq!(mask.count_bits(), below.len());
        let made = term(mask, below, value, seen);
        // The closure may take results out of the slice.
        below.fill(0);
        let mut calls = calls.borrow_mut();
        if Some(calls.len()) == fail_at {
            return Err(calls.len());
        }
        calls.push((seen.to_vec(), jumped, made));
        Ok(made)
    };
    let made = match kind {
        Kind::SideEffect => {
            source.into_cata_side_effect_fallible(|m, b: &mut [u64], v, path| call(m, b, v, path, 0))
        }
        Kind::JumpingSideEffect => {
            source.into_cata_jumping_side_effect_fallible(|m, b: &mut [u64], jumped, v, path| {
                call(m, b, v, path, jumped)
            })
        }
        Kind::Cached => source.into_cata_cached_fallible(|m, b: &mut [u64], v| call(m, b, v, &[], 0)),
        Kind::JumpingCached => {
            source.into_cata_jumping_cached_fallible(|m, b: &mut [u64], v, sub| call(m, b, v, sub, sub.len()))
        }
        Kind::TailCached(len) => {
            source.into_cata_tail_cached_fallible(len, |m, b: &mut [u64], v, tail| call(m, b, v, tail, 0))
        }
    };
    (calls.into_inner(), made)
}
