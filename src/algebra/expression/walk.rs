//! The walk that evaluates an expression over many places.
//!
//! A *frame* is opened for the places that the operands of a residual have at one path. It has
//! the entries below all of them, sorted. The entries that begin with a byte form a *run*. If the
//! residual for the operands in the run is one operand, the entries of this operand are kept. If it
//! is empty, all are skipped. Otherwise the walk visits the entries with one suffix at a time:
//!
//! ```text
//! entries    "car" → 1 of a   "car" → 2 of b   "cart" → 3 of c   "dog" → 4 of d
//! runs       a, b and c have entries with 'c'                    d has one with 'd'
//! steps      a and b: the value at "car" is                      kept if the residual
//!            that of the residual for a and b                    for d is d
//!            c: kept if the residual for c is c
//! ```
//!
//! If one of them leads to a child, there is a *fork*: a frame is opened for the places behind the
//! suffix, of which the other entries that begin with it may be a part.
//!
//! Before a frame reads its entries, the residual is evaluated on the masks of their first bytes.
//! Entries that begin with another byte cannot be in the result.

use super::bits::{bits, words};
use super::formula::{Expression, Step};
use super::frames::{Fork, ForkTips, Frame, Walk};
use super::reduce::{ONE, Reduced, Residual, ResidualShape, Residuals};
use super::sorted::Member;
use super::steps::Steps;
use super::tips::dangles;
use super::values::value_among;
use crate::algebra::build::{Above, Built, HeldValue, Notes, Outcome};
use crate::algebra::dense::join_dense;
use crate::algebra::gather::Joined;
use crate::algebra::leaves::{LeafRule, combine_many_leaves};
use crate::algebra::pairs::PairFrame;
use crate::algebra::result::{COUNTER_IDENT, SELF_IDENT};
use crate::bytes::ByteMask;
use crate::node::{End, Key, Place, Shared};

/// Evaluates an expression, given the places of its operands in order; `None` is an empty operand,
/// and so is one that is not given.
///
/// The result is one of the places if it equals one. The operands are not written. If an operation
/// on values or a clone panics, nothing has changed.
///
/// O(e m) for e entries in places at which m operands are walked side by side.
pub(crate) fn evaluate<'a, V: Clone>(
    expression: &Expression<V>,
    places: &[Option<Place<'a, V>>],
) -> Joined<'a, V, Shared<V>> {
    match Walk::new().run(&expression.steps, places) {
        Joined::One(place, bits) => Joined::One(place, bits),
        Joined::New(built) => Joined::New(built.into_node()),
        Joined::Nothing => Joined::Nothing,
    }
}

/// The maximum number of entries, on average, of leaves of a chain that are combined at once. If
/// there are more, walking two leaves at a time reads less, since each operator drops many.
const LEAVES_OF_CHAIN: usize = 4;

impl<'a, V: Clone> Walk<'a, V> {
    pub(super) fn run(
        mut self,
        steps: &[Step<V>],
        places: &[Option<Place<'a, V>>],
    ) -> Joined<'a, V, Built<V>> {
        let given = places.iter().enumerate().take(64).filter(|(_, place)| place.is_some());
        let present = given.fold(0, |mask, (i, _)| mask | 1 << i);
        let Reduced { number, used } = self.residuals.whole(steps, present);
        self.heads.resize(used.count_ones() as usize, ByteMask::EMPTY);
        let member =
            |(operand, i): (u8, usize)| places[i].map(|place| Member { place, operand, above: 1 << i });
        self.members.extend((0..).zip(bits(used)).filter_map(member));
        if let Some(found) = self.enter(number, Above::Nothing) {
            return found;
        }
        loop {
            let found = match self.step() {
                Steps::Fork(residual) => {
                    let above = self.above();
                    match self.enter(residual, above) {
                        Some(found) => found,
                        None => continue,
                    }
                }
                Steps::Done => {
                    let found = self.close();
                    if self.frames.is_empty() {
                        return found;
                    }
                    found
                }
            };
            self.put(found);
        }
    }

    /// Returns where the result of the group below the lowest frame is put.
    fn above(&self) -> Above<'a> {
        match self.frames.last() {
            Some(Frame { fork: Some(fork), large, .. }) => {
                Above::Suffix { suffix: fork.suffix, wide: *large }
            }
            _ => Above::Nothing,
        }
    }

    /// Returns the result for the members, or opens a frame to compute it. There is one member for
    /// each operand of the residual, in order, and none of them is a dangling tip.
    fn enter(&mut self, mut residual: u32, above: Above<'a>) -> Option<Joined<'a, V, Built<V>>> {
        self.unite_twins(&mut residual);
        match self.residuals.get(residual).shape {
            ResidualShape::Empty => return Some(Joined::Nothing),
            ResidualShape::One => {
                let [Member { place, above, .. }] = self.members[..] else {
                    unreachable!("it has one operand")
                };
                self.members.clear();
                return Some(Joined::One(place, above));
            }
            ResidualShape::Pair(walk, swapped) => {
                let mut places = [self.members[0].place, self.members[1].place];
                if swapped {
                    places.swap(0, 1);
                }
                let outcome = walk(places, above, &mut self.pair, &mut self.notes);
                let operands = [0, 1].map(|i| 1 << self.members[i ^ usize::from(swapped)].operand);
                let of_operands = |mask: u64| {
                    let side = |bit: u64, operand: u64| if mask & bit != 0 { operand } else { 0 };
                    side(SELF_IDENT, operands[0]) | side(COUNTER_IDENT, operands[1])
                };
                return Some(self.of_members(match outcome {
                    Outcome::Same(mask) => Outcome::Same(of_operands(mask)),
                    outcome => outcome,
                }));
            }
            ResidualShape::Chain | ResidualShape::Many => {}
        }
        let keys = || self.members.iter().map(|member| member.place.key()).collect();
        let again = self.members.iter().any(|member| member.place.is_shared()).then(|| (residual, keys()));
        if let Some(outcome) = again.as_ref().and_then(|again| self.met.get(again)) {
            let outcome = outcome.clone().map(Built::Node);
            return Some(self.of_members(outcome));
        }
        self.open(residual, again, above)
    }

    /// Opens a frame for the members, unless they are so simple that the result is known.
    fn open(
        &mut self,
        number: u32,
        again: Option<(u32, Vec<Key>)>,
        above: Above<'a>,
    ) -> Option<Joined<'a, V, Built<V>>> {
        let owns = self.members.iter();
        self.found.clear();
        self.found.extend(owns.filter_map(|member| Some((member.operand.into(), member.place.own()?))));
        let all = self.residuals.get(number).all;
        let (mut own, mut same) = match self.found.is_empty() {
            true => (None, all),
            false => value_among(&mut self.residuals, &mut self.parts, number, &self.found),
        };
        same &= all;
        if let Some(outcome) = self.without_frame(number, &mut own, same, above) {
            self.remember(again, &outcome);
            return Some(self.of_members(outcome));
        }
        let required = self.residuals.get(number).required;
        let heads = heads_of_required(&self.members, required).or_else(|| self.heads_of_result(number));
        let (members, entries, notes) = (self.places.len(), self.sorted.mark(), self.notes.mark());
        let large = self.members.iter().any(|member| member.place.is_in_large_node());
        same &= !self.sorted.extend(&self.members, heads.as_ref());
        self.places.append(&mut self.members);
        self.frames.push(Frame {
            residual: number,
            members,
            entries,
            run: entries.run,
            next: entries.entry,
            run_end: entries.entry,
            own,
            same,
            large,
            notes,
            again,
            fork: None,
        });
        None
    }

    /// Returns the result for the members if it needs no frame: that of leaves, of a chain, or of
    /// dense nodes. `own` is the result's own value, and `same` a mask of the operands that the
    /// result equals so far.
    fn without_frame(
        &mut self,
        number: u32,
        own: &mut Option<HeldValue<'a, V>>,
        same: u64,
        above: Above<'a>,
    ) -> Option<Outcome<Built<V>>> {
        let Self { residuals, parts, members, notes, .. } = self;
        let Residual { kept_alone, dropped_alone, required, .. } = *residuals.get(number);
        let is_chain = matches!(residuals.get(number).shape, ResidualShape::Chain);
        let most = if is_chain { LEAVES_OF_CHAIN * members.len() } else { usize::MAX };
        let mut values = |found: &[(usize, &'a V)]| value_among(residuals, parts, number, found);
        let heads = || heads_of_required(members, required);
        let rule = LeafRule { most, heads, kept_alone, dropped_alone, values: &mut values };
        let places = members.iter().map(|member| (member.operand, member.place));
        let outcome = combine_many_leaves(&mut self.leaves, places, own, same, rule, above, notes);
        if outcome.is_some() {
            return outcome;
        }
        if is_chain && !members.iter().all(|member| member.place.is_large_node()) {
            return Some(chain(&residuals.get(number).steps, members, &mut self.pair, notes));
        }
        let places = members.iter().map(|member| (member.operand.into(), member.place));
        join_dense(places, own, same, values)
    }

    /// Remembers the result of a group that the walk may reach again. Its mask is of operands.
    fn remember(&mut self, again: Option<(u32, Vec<Key>)>, outcome: &Outcome<Built<V>>) {
        if let Some(again) = again {
            self.met.extend(outcome.to_remember().map(|met| (again, met)));
        }
    }

    /// Returns a mask of the bytes with which entries of the result can begin, if entries of the
    /// members may begin with others.
    fn heads_of_result(&mut self, number: u32) -> Option<ByteMask> {
        let residual = self.residuals.get(number);
        if residual.keeps_all_alone() {
            return None;
        }
        for &Member { place, operand, .. } in &self.members {
            self.heads[usize::from(operand)] = place.child_mask();
        }
        let of_operand = |operand: u8| self.heads[usize::from(operand)];
        Some(words(&residual.steps, &mut self.masks, of_operand, |left, _| left))
    }

    /// Keeps only the first of members whose places are one in memory, which makes their operands
    /// equal.
    fn unite_twins(&mut self, residual: &mut u32) {
        let mut i = 0;
        while i + 1 < self.members.len() {
            let place = self.members[i].place;
            // A node with one owner cannot occur twice.
            let twin = |(j, other): (usize, &Member<'a, V>)| (j > i && other.place.is(place)).then_some(j);
            let is_shared = place.is_shared();
            let twins = self.members.iter().enumerate().filter(|_| is_shared).filter_map(twin);
            let (equal, above) = twins.fold((0, 0), |(equal, above), j| {
                let twin = &self.members[j];
                (equal | 1u64 << twin.operand, above | twin.above)
            });
            i += 1;
            if equal == 0 {
                continue;
            }
            let first = &mut self.members[i - 1];
            first.above |= above;
            let reduced = self.residuals.unite(*residual, equal | 1 << first.operand);
            self.members.retain(|member| reduced.used >> member.operand & 1 != 0);
            *residual = reduced.number;
            // The united operands may have become superfluous, and others with them.
            i = 0;
        }
    }

    /// Converts an outcome whose mask is one of operands of the members, and forgets the members.
    fn of_members(&mut self, outcome: Outcome<Built<V>>) -> Joined<'a, V, Built<V>> {
        let joined = joined_of(&self.members, outcome);
        self.members.clear();
        joined
    }

    /// Adds the result of the lowest frame's fork to the notes.
    fn put(&mut self, found: Joined<'a, V, Built<V>>) {
        let frame = self.frames.last_mut().expect("the fork is in a frame");
        let Fork { suffix, present, tips } = frame.fork.take().expect("the frame waits for a result");
        match found {
            Joined::One(place, bits) => {
                frame.same &= bits;
                self.notes.keep_all(suffix, place);
            }
            Joined::New(built) => {
                frame.same = 0;
                self.notes.put(suffix, built);
            }
            Joined::Nothing => match tips.filter(|tips| keeps_tip(&self.residuals, tips)) {
                Some(tips) => {
                    frame.same &= tips.tips;
                    self.notes.push(suffix, End::Bare);
                }
                None => frame.same &= !present,
            },
        }
    }

    /// Closes the lowest frame.
    fn close(&mut self) -> Joined<'a, V, Built<V>> {
        let Frame { members, entries, own, same, notes, again, .. } =
            self.frames.pop().expect("a frame is closed once");
        let outcome = if same != 0 {
            self.notes.forget(notes);
            Outcome::Same(same)
        } else {
            let above = self.above();
            self.notes.close(notes, own, above)
        };
        self.remember(again, &outcome);
        let joined = joined_of(&self.places[members..], outcome);
        self.places.truncate(members);
        self.sorted.truncate(entries);
        joined
    }
}

/// Returns a mask of the bytes with which entries of the result can begin, if an operand is
/// required: those with which entries of all such operands begin.
fn heads_of_required<V>(members: &[Member<'_, V>], required: u64) -> Option<ByteMask> {
    let mut heads = None;
    for member in members.iter().filter(|member| required >> member.operand & 1 != 0) {
        let all = member.place.child_mask() & heads.unwrap_or(ByteMask::FULL);
        heads = Some(all);
        if all == ByteMask::EMPTY {
            // The nodes of the others need not be read.
            break;
        }
    }
    heads
}

/// Evaluates a [`ResidualShape::Chain`], one operator after another. The mask of the outcome is of
/// operands.
fn chain<'a, V: Clone>(
    steps: &[Step<V>],
    members: &[Member<'a, V>],
    pair: &mut Vec<PairFrame<'a, V>>,
    notes: &mut Notes<'a, V>,
) -> Outcome<Built<V>> {
    let bit = |i: usize| 1 << members[i].operand;
    let mut so_far = Joined::One(members[0].place, bit(0));
    for (i, step) in (1..).zip(steps[1..].chunks(2)) {
        let [_, Step::Apply(operator)] = step else { unreachable!("a chain alternates") };
        let right = members[i].place;
        let outcome = match &so_far {
            Joined::One(place, _) => (operator.pair)([*place, right], Above::Nothing, pair, notes),
            Joined::New(node) => (operator.pair)(
                [Shared::place(node), right],
                Above::Nothing,
                &mut Vec::new(),
                &mut Notes::empty(),
            ),
            Joined::Nothing => return Outcome::Nothing,
        };
        so_far = match (outcome.map(Built::into_node), so_far) {
            (Outcome::Nothing, _) => return Outcome::Nothing,
            (Outcome::New(node), _) => Joined::New(node),
            (Outcome::Same(mask), Joined::One(place, bits)) if mask & SELF_IDENT != 0 => {
                Joined::One(place, bits | if mask & COUNTER_IDENT != 0 { bit(i) } else { 0 })
            }
            (Outcome::Same(mask), so_far) if mask & COUNTER_IDENT == 0 => so_far,
            (Outcome::Same(_), _) => Joined::One(right, bit(i)),
        };
    }
    match so_far {
        Joined::One(_, mask) => Outcome::Same(mask),
        Joined::New(node) => Outcome::New(Built::of_root(node)),
        Joined::Nothing => Outcome::Nothing,
    }
}

/// Converts an outcome whose mask is one of operands of the given members.
fn joined_of<'a, V>(members: &[Member<'a, V>], outcome: Outcome<Built<V>>) -> Joined<'a, V, Built<V>> {
    let mask = match outcome {
        Outcome::Nothing => return Joined::Nothing,
        Outcome::New(built) => return Joined::New(built),
        Outcome::Same(mask) => mask,
    };
    let mut equal = members.iter().filter(|member| mask >> member.operand & 1 != 0);
    let &Member { place, above, .. } = equal.next().expect("a bit is set");
    Joined::One(place, equal.fold(above, |bits, member| bits | member.above))
}

/// Returns whether a path that dangles in some operands dangles in the result, which has nothing
/// at or below it otherwise.
fn keeps_tip<V: Clone>(residuals: &Residuals<V>, tips: &ForkTips<'_, V>) -> bool {
    let Reduced { number, used } = tips.residual;
    if number == ONE {
        return tips.tips & used != 0;
    }
    let is_tip = |operand: u8| tips.tips >> operand & 1 != 0;
    let has = |part: &[Step<V>]| !matches!(Walk::new().run(part, &tips.places), Joined::Nothing);
    dangles(&residuals.get(number).steps, is_tip, has)
}
