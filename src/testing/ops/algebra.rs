//! Algebra as data: verbs between the maps, and calls that combine a subtrie with a source through
//! a zipper.

use std::fmt::Debug;

use super::{Keys, ProgramValue, SLOTS, Source, Twin, Writing, hash_of};
use crate::testing::naive::{Combined, NaiveMap, NaiveZipper};
use crate::zipper::{ZipperMoving, ZipperWriting};
use crate::{
    AlgebraicResult, COUNTER_IDENT, Change, DistributiveLattice, Lattice, PathMap, SELF_IDENT, diff,
};

/// An operation on two maps, or a question about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the map's method of the same name, or is told")]
pub enum Verb {
    /// By every route without a third map: the method, the operator, the lattice.
    Join,
    JoinWith,
    JoinInto,
    JoinAll,
    /// By every route.
    Meet,
    MeetWith,
    MeetInto,
    /// By every route.
    Subtract,
    SubtractWith,
    SubtractInto,
    Restrict,
    RestrictInto,
    SymmetricDifference,
    /// `diff`, `is_subset` and `is_disjoint`; nothing is written.
    Compare,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Verb; 14] = [
        Verb::Join,
        Verb::JoinWith,
        Verb::JoinInto,
        Verb::JoinAll,
        Verb::Meet,
        Verb::MeetWith,
        Verb::MeetInto,
        Verb::Subtract,
        Verb::SubtractWith,
        Verb::SubtractInto,
        Verb::Restrict,
        Verb::RestrictInto,
        Verb::SymmetricDifference,
        Verb::Compare,
    ];

    /// Puts the result of the verb on `left` and `right` into the map `into`, on both sides, and
    /// compares the answers. A verb that works in place takes `into` as its left operand.
    pub fn run<V: ProgramValue>(self, into: usize, [left, right]: [usize; 2], twins: &mut [Twin<V>]) {
        let (a, b) = (twins[left].clone(), twins[right].clone());
        let other = &b.model;
        twins[into] = match self {
            Verb::Join | Verb::Meet | Verb::Subtract => self.by_every_route(&a, &b),
            Verb::JoinWith | Verb::MeetWith | Verb::SubtractWith => self.by_closure(&a, &b),
            Verb::JoinInto => {
                return in_place(self, &mut twins[into], |m| m.join(other), |z| z.join_into(b.real));
            }
            Verb::MeetInto => {
                return in_place(self, &mut twins[into], |m| m.meet(other), |z| z.meet_into(&b.real));
            }
            Verb::SubtractInto => {
                return in_place(self, &mut twins[into], |m| m.subtract(other), |z| z.subtract_into(&b.real));
            }
            Verb::RestrictInto => {
                return in_place(self, &mut twins[into], |m| m.restrict(other), |z| z.restrict_into(&b.real));
            }
            Verb::JoinAll => {
                let all = [&a, &b, &twins[into]];
                Twin {
                    real: PathMap::join_all(all.map(|twin| &twin.real)),
                    model: NaiveMap::join_all(all.map(|twin| &twin.model)),
                }
            }
            Verb::Restrict => Twin { real: a.real.restrict(&b.real), model: a.model.restrict(other).map },
            Verb::SymmetricDifference => Twin {
                real: a.real.symmetric_difference(&b.real),
                model: a.model.symmetric_difference(other),
            },
            Verb::Compare => {
                assert_eq!(a.real.is_subset(&b.real), a.model.is_subset(other), "is_subset");
                assert_eq!(a.real.is_disjoint(&b.real), a.model.is_disjoint(other), "is_disjoint");
                same_diff(&a, &b);
                return;
            }
        };
    }

    /// The result of a verb of lattices, after a comparison of all routes to it.
    fn by_every_route<V: ProgramValue>(self, a: &Twin<V>, b: &Twin<V>) -> Twin<V> {
        let other = &b.model;
        match self {
            Verb::Join => {
                let expected = a.model.join(other);
                same_result(self, [a, b], a.real.pjoin(&b.real), &expected);
                Twin { real: &a.real | &b.real, model: expected.map.clone() }.check();
                Twin { real: a.real.join(&b.real), model: expected.map }
            }
            Verb::Meet => {
                let expected = a.model.meet(other);
                same_result(self, [a, b], a.real.pmeet(&b.real), &expected);
                Twin { real: &a.real & &b.real, model: expected.map.clone() }.check();
                Twin { real: a.real.meet(&b.real), model: expected.map }
            }
            Verb::Subtract => {
                let mut expected = a.model.subtract(other);
                Twin { real: &a.real - &b.real, model: expected.map.clone() }.check();
                // It is not commutative, so it never returns that the result is the second
                // operand.
                expected.equals[1] = false;
                same_result(self, [a, b], a.real.psubtract(&b.real), &expected);
                Twin { real: a.real.subtract(&b.real), model: expected.map }
            }
            _ => unreachable!("{self:?} has one route"),
        }
    }

    /// The result of a verb that calls a closure, after a comparison of the calls.
    fn by_closure<V: ProgramValue>(self, a: &Twin<V>, b: &Twin<V>) -> Twin<V> {
        let other = &b.model;
        let mut asked = [Vec::new(), Vec::new()];
        let (real, model) = match self {
            Verb::JoinWith => (
                a.real.join_with(&b.real, |x, y| note(&mut asked[0], x, y, oddly)),
                a.model.join_with(other, |x, y| note(&mut asked[1], x, y, oddly)).map,
            ),
            Verb::MeetWith => (
                a.real.meet_with(&b.real, |x, y| note(&mut asked[0], x, y, oddly)),
                a.model.meet_with(other, |x, y| note(&mut asked[1], x, y, oddly)).map,
            ),
            Verb::SubtractWith => (
                a.real.subtract_with(&b.real, |x, y| note(&mut asked[0], x, y, subtract_oddly)),
                a.model.subtract_with(other, |x, y| note(&mut asked[1], x, y, subtract_oddly)).map,
            ),
            _ => unreachable!("{self:?} calls no closure"),
        };
        same_pairs(self, asked);
        Twin { real, model }
    }
}

/// Runs a verb on the twin in place and compares its status.
fn in_place<V: ProgramValue>(
    verb: Verb,
    target: &mut Twin<V>,
    model: impl FnOnce(&NaiveMap<V>) -> Combined<V>,
    real: impl FnOnce(&mut PathMap<V>) -> crate::AlgebraicStatus,
) {
    let expected = model(&target.model);
    assert_eq!(real(&mut target.real), expected.status(), "the status of {verb:?}");
    target.model = expected.map;
}

/// Compares the answer of a map as a value of a lattice. An empty result is `None`, except for a
/// join, which never returns `None`.
fn same_result<V: ProgramValue>(
    verb: Verb,
    operands: [&Twin<V>; 2],
    result: AlgebraicResult<PathMap<V>>,
    expected: &Combined<V>,
) {
    // The empty map is an element like others: its join or meet with itself is itself.
    let idempotent = verb != Verb::Subtract && operands.iter().all(|twin| twin.model.is_bare_root());
    let nothing = expected.map.is_bare_root() && !idempotent;
    match result {
        AlgebraicResult::None => assert!(nothing, "{verb:?} gave nothing"),
        AlgebraicResult::Identity(mask) => {
            assert!(!nothing, "{verb:?} gave something");
            assert_eq!(Some(mask), expected.identity(), "what the result of {verb:?} is identical to");
        }
        AlgebraicResult::Element(real) => {
            assert!(!nothing, "{verb:?} gave something");
            assert_eq!(expected.identity(), None, "what the result of {verb:?} is identical to");
            Twin { real, model: expected.map.clone() }.check();
        }
    }
}

/// An operation of no lattice: it returns all four answers, seemingly at random.
fn oddly<V: ProgramValue>(x: &V, y: &V) -> AlgebraicResult<V> {
    match hash_of(&(x, y)) % 4 {
        0 => AlgebraicResult::Identity(SELF_IDENT),
        1 => AlgebraicResult::Identity(COUNTER_IDENT),
        2 => AlgebraicResult::Element(x.clone()),
        _ => AlgebraicResult::None,
    }
}

/// An operation of no lattice that returns the answers of subtractions, seemingly at random.
fn subtract_oddly<V: ProgramValue>(x: &V, y: &V) -> AlgebraicResult<V> {
    match oddly(x, y) {
        AlgebraicResult::Identity(COUNTER_IDENT) => AlgebraicResult::Element(y.clone()),
        result => result,
    }
}

fn note<V: ProgramValue>(
    asked: &mut Vec<(V, V)>,
    x: &V,
    y: &V,
    op: fn(&V, &V) -> AlgebraicResult<V>,
) -> AlgebraicResult<V> {
    asked.push((x.clone(), y.clone()));
    op(x, y)
}

/// A closure is called for every pair of values, in path order.
fn same_pairs<V: ProgramValue>(verb: Verb, [found, expected]: [Vec<(V, V)>; 2]) {
    assert_eq!(found, expected, "the pairs for which the closure of {verb:?} was called");
}

/// Compares `diff` with the model's, change by change.
fn same_diff<V: ProgramValue>(old: &Twin<V>, new: &Twin<V>) {
    let mut changes = diff(&old.real, &new.real);
    for expected in old.model.diff(&new.model) {
        let found = changes.next().map(|(path, change)| match change {
            Change::Added(new) => (path, None, Some(new)),
            Change::Removed(old) => (path, Some(old), None),
            Change::Changed(old, new) => (path, Some(old), Some(new)),
        });
        assert_eq!(found, Some(expected), "a change");
    }
    assert!(changes.next().is_none(), "a change too much");
    assert!(changes.next().is_none(), "a change after the last");
}

/// How a source is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A reader that borrows the map.
    Reader,
    /// A place without movement.
    Place,
    /// A reader that owns a clone of the map.
    Owned,
    /// A writer that owns a clone of the map.
    Writer,
}

/// The second operand of a call through a zipper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// Where it is.
    pub source: Source,
    /// How it is passed.
    pub via: Via,
}

/// Evaluates `$body`, where `$z` is the operand as a zipper or place of its kind.
macro_rules! with_operand {
    ($operand:expr, $twins:expr, |$z:ident| $body:expr) => {{
        let Operand { source, via } = $operand;
        match via {
            Via::Reader => {
                let $z = &source.zipper($twins);
                $body
            }
            Via::Place => {
                let $z = &$twins[source.slot].real.trie_ref_at_path(source.path());
                $body
            }
            Via::Owned => {
                let mut reader = $twins[source.slot].real.clone().into_read_zipper(&source.root);
                reader.descend_to(&source.below);
                let $z = &reader;
                $body
            }
            Via::Writer => {
                let mut writer = $twins[source.slot].real.clone().into_write_zipper(&source.root);
                writer.descend_to(&source.below);
                let $z = &writer;
                $body
            }
        }
    }};
}

/// A call that combines the subtrie at a zipper's focus with others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the zipper's method of the same name")]
pub enum Algebra {
    JoinInto(Operand),
    JoinMapInto { slot: usize },
    JoinIntoTake { source: Source, prune: bool },
    JoinKPathInto { k: usize, prune: bool },
    MeetKPathInto { k: usize, prune: bool },
    MeetInto { operand: Operand, prune: bool },
    Meet2(Operand, Operand),
    SubtractInto { operand: Operand, prune: bool },
    Restrict(Operand),
    Restricting(Operand),
}

impl Algebra {
    /// The call that `kind` and the operands stand for.
    pub fn decode(kind: u8, [x, y]: [u8; 2], keys: &Keys) -> Algebra {
        let via = [Via::Reader, Via::Place, Via::Owned, Via::Writer][usize::from(kind / 16 % 4)];
        let source = || Source::decode(y, x, keys);
        let operand = || Operand { source: source(), via };
        let prune = kind >= 128;
        // Mostly small numbers, sometimes more than the length of any path.
        let k = if y % 32 == 31 { usize::MAX } else { usize::from(y % 5) };
        match kind % 16 {
            0 | 1 => Algebra::JoinInto(operand()),
            2 => Algebra::JoinMapInto { slot: usize::from(y) % SLOTS },
            3 | 4 => Algebra::JoinIntoTake { source: source(), prune },
            5 | 6 => Algebra::JoinKPathInto { k, prune },
            7 => Algebra::MeetKPathInto { k, prune },
            8 | 9 => Algebra::MeetInto { operand: operand(), prune },
            10 => {
                let second = Source::decode(y / 3, x.rotate_left(3) ^ y, keys);
                Algebra::Meet2(operand(), Operand { source: second, via: Via::Reader })
            }
            11 | 12 => Algebra::SubtractInto { operand: operand(), prune },
            13 | 14 => Algebra::Restrict(operand()),
            _ => Algebra::Restricting(operand()),
        }
    }

    /// True iff the call can make a map larger by more than a path.
    pub fn grows(&self) -> bool {
        matches!(
            self,
            Algebra::JoinInto(_)
                | Algebra::JoinMapInto { .. }
                | Algebra::JoinIntoTake { .. }
                | Algebra::Meet2(..)
                | Algebra::Restricting(_)
        )
    }

    /// Makes the call on both sides and compares the answers.
    pub fn run<V, Z>(&self, z: &mut Z, m: &mut NaiveZipper<'_, V>, twins: &mut [Twin<V>])
    where
        V: ProgramValue,
        Z: Writing<V>,
    {
        let model = |operand: &Operand, twins: &[Twin<V>]| operand.source.model(twins);
        match self {
            Algebra::JoinInto(operand) => {
                let status = with_operand!(operand, twins, |source| z.join_into(source));
                assert_eq!(status, m.join_into(model(operand, twins)), "{self:?}");
            }
            Algebra::JoinMapInto { slot } => {
                let status = z.join_map_into(twins[*slot].real.clone());
                assert_eq!(status, m.join_map_into(twins[*slot].model.clone()), "{self:?}");
            }
            Algebra::JoinIntoTake { source, prune } => {
                join_into_take(z, m, source, &mut twins[source.slot], *prune);
            }
            Algebra::JoinKPathInto { k, prune } => {
                assert_eq!(z.join_k_path_into(*k, *prune), m.join_k_path_into(*k, *prune), "{self:?}");
            }
            Algebra::MeetKPathInto { k, prune } => {
                assert_eq!(z.meet_k_path_into(*k, *prune), m.meet_k_path_into(*k, *prune), "{self:?}");
            }
            Algebra::MeetInto { operand, prune } => {
                let status = with_operand!(operand, twins, |source| z.meet_into(source, *prune));
                assert_eq!(status, m.meet_into(model(operand, twins), *prune), "{self:?}");
            }
            Algebra::Meet2(first, second) => {
                let b = second.source.zipper(twins);
                let status = with_operand!(first, twins, |a| z.meet_2(a, &b));
                assert_eq!(status, m.meet_2(model(first, twins), model(second, twins)), "{self:?}");
            }
            Algebra::SubtractInto { operand, prune } => {
                let status = with_operand!(operand, twins, |source| z.subtract_into(source, *prune));
                assert_eq!(status, m.subtract_into(model(operand, twins), *prune), "{self:?}");
            }
            Algebra::Restrict(operand) => {
                let status = with_operand!(operand, twins, |source| z.restrict(source));
                assert_eq!(status, m.restrict(model(operand, twins)), "{self:?}");
            }
            Algebra::Restricting(operand) => {
                let answer = with_operand!(operand, twins, |source| z.restricting(source));
                assert_eq!(answer, m.restricting(model(operand, twins)), "{self:?}");
            }
        }
    }
}

/// Joins what a writer takes from a twin into the zipper on both sides and compares the answers.
fn join_into_take<V, Z>(
    z: &mut Z,
    m: &mut NaiveZipper<'_, V>,
    source: &Source,
    twin: &mut Twin<V>,
    prune: bool,
) where
    V: ProgramValue,
    Z: Writing<V>,
{
    let mut real = twin.real.write_zipper_at_path(&source.root);
    real.descend_to(&source.below);
    let mut model = NaiveZipper::standing_at(&mut twin.model, &source.root, &source.below);
    let status = z.join_into_take(&mut real, prune);
    assert_eq!(status, m.join_into_take(&mut model, prune), "of {source:?}");
    super::same_focus(&real, &model, &[]);
}

/// Runs every verb on the two maps, and every call through zippers over them: at their roots, and
/// with either further down, in the middle of other paths.
pub fn every_operation<V: ProgramValue>(a: &Twin<V>, b: &Twin<V>) {
    every_verb(a, b);
    for (to, from) in [("", ""), ("below", ""), ("", "be"), ("belt", "below")] {
        every_call(a, b, to, from);
    }
}

/// Runs every verb on the two maps.
pub fn every_verb<V: ProgramValue>(a: &Twin<V>, b: &Twin<V>) {
    for verb in Verb::ALL {
        let mut twins = [a.clone(), b.clone(), a.clone()];
        verb.run(2, [0, 1], &mut twins);
        twins.iter().for_each(Twin::check);
    }
}

/// Runs every call through a zipper over `a`, with `b` as its source, after moving each to a path
/// below its root.
pub fn every_call<V: ProgramValue>(a: &Twin<V>, b: &Twin<V>, to: &str, from: &str) {
    let target = moved(a, to.as_bytes());
    let source = moved(b, from.as_bytes());
    let operand =
        |via| Operand { source: Source { slot: 0, root: from.as_bytes().to_vec(), below: Vec::new() }, via };
    let prune = from.is_empty();
    let mut calls = vec![
        Algebra::JoinInto(operand(Via::Reader)),
        Algebra::JoinIntoTake { source: operand(Via::Reader).source, prune },
        Algebra::MeetInto { operand: operand(Via::Place), prune },
        Algebra::Meet2(operand(Via::Owned), operand(Via::Reader)),
        Algebra::SubtractInto { operand: operand(Via::Writer), prune },
        Algebra::Restrict(operand(Via::Place)),
        Algebra::Restricting(operand(Via::Reader)),
    ];
    if from.is_empty() {
        let prune = to.is_empty();
        calls.push(Algebra::JoinMapInto { slot: 0 });
        calls.extend([1, 2].map(|k| Algebra::JoinKPathInto { k, prune }));
        calls.extend([1, 2].map(|k| Algebra::MeetKPathInto { k, prune }));
    }
    for call in calls {
        let mut sources = [source.clone()];
        let Twin { mut real, mut model } = target.clone();
        let mut zipper = real.write_zipper_at_path(to.as_bytes());
        let mut naive = NaiveZipper::new(&mut model, to.as_bytes());
        call.run(&mut zipper, &mut naive, &mut sources);
        super::same_focus(&zipper, &naive, &[]);
        drop(zipper);
        Twin { real, model }.check();
        sources[0].check();
    }
    target.check();
}

/// The twin's content below `path`, beside a value that shares all but the end of it.
fn moved<V: ProgramValue>(twin: &Twin<V>, path: &[u8]) -> Twin<V> {
    let Some((_, before)) = path.split_last() else { return twin.clone() };
    let mut all = Twin::default();
    let beside = [before, b"!"].concat();
    all.real.insert(&beside, V::of(0));
    all.model.set(&beside, V::of(0));
    all.real.write_zipper_at_path(path).graft_map(twin.real.clone());
    all.model.replace_at(path, twin.model.clone());
    all
}
