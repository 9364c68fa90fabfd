//! The walk that evaluates an expression over many places.
//!
//! A *frame* has a cursor for each place in which its residual still has an operand. A step looks
//! at the least first byte of the next entries. If an operand that the residual requires has no
//! entry with this byte, all others skip to its next one. Otherwise the step takes the cursors with
//! the least suffix:
//!
//! ```text
//! cursors    a "car" → 1   b "car" → 2   c "cart" → 3   d "dog" → 4
//! step 1     a and b: the value at "car" is that of the residual for a and b
//! step 2     c: kept if the residual for c is c
//! step 3     d: likewise
//! ```
//!
//! If one of them leads to a child, there is a *fork*: a frame is opened for the places behind the
//! suffix, of which the other cursors may be a part.

use std::collections::HashMap;

use super::cursors::{Cursor, Cursors, Start, bits};
use super::formula::{Expression, Step};
use super::reduce::{EMPTY, ONE, Reduced, ResidualShape, Residuals};
use super::tips::dangles;
use super::values::{PartValue, value_of};
use crate::algebra::build::{Above, Built, Held, HeldValue, Notes, NotesMark, Outcome};
use crate::algebra::dense::join_dense;
use crate::algebra::gather::Joined;
use crate::algebra::pairs::PairFrame;
use crate::algebra::result::{COUNTER_IDENT, SELF_IDENT};
use crate::node::{End, Key, Place, Shared, Stored, Suffix};

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

/// A place at which a frame is about to be opened.
struct Member<'a, V> {
    place: Place<'a, V>,
    /// The cursors of the frame above that lead here.
    above: u64,
}

/// The group of places on the way down, and the result at and below them so far.
struct Frame<'a, V> {
    residual: u32,
    /// The position of the frame's first cursor.
    first: usize,
    /// The result's value at the places themselves.
    own: Option<HeldValue<'a, V>>,
    /// A mask of the frame's cursors whose places the result equals so far.
    same: u64,
    /// Whether one of the nodes is large.
    large: bool,
    /// The position of the frame's first note.
    notes: NotesMark,
    /// The residual and the keys of the places, if the walk may reach the group again.
    again: Option<(u32, Vec<Key>)>,
    /// The fork whose result this frame waits for.
    fork: Option<Fork<'a, V>>,
}

/// A path below which the result is not known yet.
struct Fork<'a, V> {
    suffix: Suffix<'a>,
    /// The cursors that have the path.
    present: u64,
    tips: Option<Box<ForkTips<'a, V>>>,
}

/// The operands of a fork, if its path dangles in some of them.
struct ForkTips<'a, V> {
    residual: Reduced,
    /// The cursors in which the path dangles.
    tips: u64,
    /// The places of the other ones.
    places: Vec<(usize, Place<'a, V>)>,
}

struct Walk<'a, V> {
    residuals: Residuals<V>,
    frames: Vec<Frame<'a, V>>,
    cursors: Cursors<'a, V>,
    notes: Notes<'a, V>,
    /// The places at which a frame is about to be opened.
    members: Vec<Member<'a, V>>,
    /// The frames for two places, which `combine` walks.
    pair: Vec<PairFrame<'a, V>>,
    /// The results of groups with a place in a node that has more than one owner; see `pairs`.
    /// Their masks are of the places of the group.
    met: HashMap<(u32, Vec<Key>), Outcome<Shared<V>>>,
    parts: Vec<PartValue<'a, V>>,
    /// The values at one path, with the numbers of their cursors.
    found: Vec<(usize, &'a V)>,
}

impl<'a, V: Clone> Walk<'a, V> {
    fn new() -> Self {
        Self {
            residuals: Residuals::new(),
            frames: Vec::new(),
            cursors: Cursors::new(),
            notes: Notes::new(),
            members: Vec::new(),
            pair: Vec::new(),
            met: HashMap::new(),
            parts: Vec::new(),
            found: Vec::new(),
        }
    }

    fn run(mut self, steps: &[Step<V>], places: &[Option<Place<'a, V>>]) -> Joined<'a, V, Built<V>> {
        let given = places.iter().enumerate().take(64).filter(|(_, place)| place.is_some());
        let present = given.fold(0, |mask, (i, _)| mask | 1 << i);
        let Reduced { number, used } = self.residuals.of(steps, present);
        let member = |i: usize| places[i].map(|place| Member { place, above: 1 << i });
        self.members.extend(bits(used).filter_map(member));
        if let Some(found) = self.enter(number, Above::Nothing) {
            return found;
        }
        loop {
            let found = match self.step() {
                Steps::More => continue,
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
                let [Member { place, above }] = self.members[..] else { unreachable!("it has one operand") };
                self.members.clear();
                return Some(Joined::One(place, above));
            }
            ResidualShape::Pair(walk, swapped) => {
                let mut places = [self.members[0].place, self.members[1].place];
                if swapped {
                    places.swap(0, 1);
                }
                let outcome = match walk(places, above, &mut self.pair, &mut self.notes) {
                    Outcome::Same(mask) if swapped => {
                        Outcome::Same((mask & SELF_IDENT) << 1 | (mask & COUNTER_IDENT) >> 1)
                    }
                    outcome => outcome,
                };
                return Some(self.of_members(outcome));
            }
            ResidualShape::Chain => {
                let found = chain(&self.residuals.get(residual).steps, &self.members);
                self.members.clear();
                return Some(found);
            }
            ResidualShape::Many => {}
        }
        let keys = || self.members.iter().map(|member| member.place.key()).collect();
        let again = self.members.iter().any(|member| member.place.is_shared()).then(|| (residual, keys()));
        if let Some(outcome) = again.as_ref().and_then(|again| self.met.get(again)) {
            let outcome = outcome.clone().map(Built::Node);
            return Some(self.of_members(outcome));
        }
        self.open(residual, again)
    }

    /// Opens a frame for the members, unless they are so simple that the result is known.
    fn open(&mut self, residual: u32, again: Option<(u32, Vec<Key>)>) -> Option<Joined<'a, V, Built<V>>> {
        let owns = self.members.iter().enumerate();
        self.found.clear();
        self.found.extend(owns.filter_map(|(i, member)| Some((i, member.place.own()?))));
        let all = if self.members.len() == 64 { !0 } else { (1 << self.members.len()) - 1 };
        let (residuals, parts) = (&mut self.residuals, &mut self.parts);
        let (mut own, same) = match self.found.is_empty() {
            true => (None, all),
            false => value_among(residuals, parts, residual, &self.found),
        };
        let same = same & all;
        let places = self.members.iter().map(|member| member.place);
        let evaluate = |found: &[(usize, &'a V)]| value_among(residuals, parts, residual, found);
        if let Some(outcome) = join_dense(places, &mut own, same, evaluate) {
            return Some(self.of_members(outcome));
        }
        let (first, notes) = (self.cursors.len(), self.notes.mark());
        let mut large = false;
        for Member { place, above } in self.members.drain(..) {
            large |= self.cursors.push(first, place, above);
        }
        self.frames.push(Frame { residual, first, own, same, large, notes, again, fork: None });
        None
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
            let equal = twins.fold(0, |equal, j| equal | 1u64 << j);
            i += 1;
            if equal == 0 {
                continue;
            }
            let reduced = self.residuals.unite(*residual, equal | 1 << (i - 1));
            let above = bits(equal).fold(0, |above, j| above | self.members[j].above);
            self.members[i - 1].above |= above;
            let mut j = 0;
            self.members.retain(|_| {
                j += 1;
                reduced.used >> (j - 1) & 1 != 0
            });
            *residual = reduced.number;
            // The united operands may have become superfluous, and others with them.
            i = 0;
        }
    }

    /// Converts an outcome whose mask is one of the members, and forgets the members.
    fn of_members(&mut self, outcome: Outcome<Built<V>>) -> Joined<'a, V, Built<V>> {
        let members = self.members.iter().map(|member| (member.place, member.above));
        let joined = joined_of(members, outcome);
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
        let Frame { first, own, same, notes, again, .. } = self.frames.pop().expect("a frame is closed once");
        let outcome = if same != 0 {
            self.notes.forget(notes);
            Outcome::Same(same)
        } else {
            let above = self.above();
            self.notes.close(notes, own, above)
        };
        if let Some(again) = again {
            // A small result is computed again: it is not a node that could be shared.
            let met = match &outcome {
                Outcome::Nothing => Some(Outcome::Nothing),
                Outcome::Same(mask) => Some(Outcome::Same(*mask)),
                Outcome::New(Built::Node(node)) => Some(Outcome::New(node.clone())),
                Outcome::New(_) => None,
            };
            self.met.extend(met.map(|met| (again, met)));
        }
        let members = self.cursors.from(first).iter().map(|Cursor { place, above, .. }| (*place, *above));
        let joined = joined_of(members, outcome);
        self.cursors.truncate(first);
        joined
    }

    /// Handles the next entries of the lowest frame.
    fn step(&mut self) -> Steps {
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let mut least = self.cursors.least(frame.first);
        if least == Start::DONE {
            return Steps::Done;
        }
        let (head, last) = (least.head(), least.last(1));
        let present = self.cursors.until(frame.first, last);
        let residual = self.residuals.get(frame.residual);
        if present & (present - 1) == 0 {
            let (first, i) = (frame.first, present.trailing_zeros() as usize);
            if present & residual.kept_alone != 0 {
                frame.same &= present;
                self.keep_head(first, i, head);
                return Steps::More;
            }
            if present & residual.dropped_alone != 0 && residual.required == 0 {
                frame.same &= !present;
                self.cursors.skip(first, i, head + 1);
                return Steps::More;
            }
        }
        let required = residual.required;
        if required & !present != 0 {
            // Before this head, an operand that the residual requires is empty.
            let next = self.cursors.greatest(frame.first, required);
            frame.same &= !self.cursors.skip_to(frame.first, next);
            return Steps::More;
        }
        let Reduced { number, used } = self.residuals.among(frame.residual, present);
        let unused = present & !used;
        if unused != 0 {
            frame.same &= !unused;
            bits(unused).for_each(|i| self.cursors.skip(frame.first, i, head + 1));
            least = self.cursors.least(frame.first);
        }
        match number {
            EMPTY => Steps::More,
            ONE => {
                frame.same &= used;
                let (first, i) = (frame.first, used.trailing_zeros() as usize);
                self.keep_head(first, i, head);
                Steps::More
            }
            _ => self.entries(least),
        }
    }

    /// Keeps the entries of a cursor that begin with `head`.
    fn keep_head(&mut self, first: usize, i: usize, head: u16) {
        while self.cursors.head(first + i) == head {
            self.notes.keep(self.cursors.entry(first + i));
            self.cursors.advance(first, i);
        }
    }

    /// Handles the next entries of the lowest frame, given the least start.
    fn entries(&mut self, least: Start) -> Steps {
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let next = NextEntries::of(&self.cursors, frame.first, least);
        if next.longer == 0 && next.equal & (next.equal - 1) == 0 {
            let (i, residual) = (next.equal.trailing_zeros() as usize, self.residuals.get(frame.residual));
            if next.equal & residual.kept_alone != 0 {
                frame.same &= next.equal;
                self.notes.keep(self.cursors.entry(frame.first + i));
                self.cursors.advance(frame.first, i);
                return Steps::More;
            }
            if next.equal & residual.dropped_alone != 0 {
                frame.same &= !next.equal;
                self.cursors.advance(frame.first, i);
                return Steps::More;
            }
        }
        let values = next.equal & !next.tips & !next.children;
        if next.children != 0 || next.tips != 0 && (next.longer | values) != 0 {
            return self.fork(next);
        }
        let NextEntries { suffix, equal, tips, .. } = next;
        if tips != 0 {
            let reduced = self.residuals.among(frame.residual, equal);
            if self.residuals.get(reduced.number).keeps_tips {
                frame.same &= equal;
                self.notes.push(suffix, End::Bare);
            } else {
                frame.same &= !equal;
            }
        } else {
            self.found.clear();
            let end = |i: usize| self.cursors.entry(frame.first + i).end.value().map(|value| (i, value));
            self.found.extend(bits(equal).filter_map(end));
            let (value, same) =
                value_among(&mut self.residuals, &mut self.parts, frame.residual, &self.found);
            frame.same &= same;
            if let Some(value) = value {
                self.notes.push(suffix, End::Value(value));
            }
        }
        bits(equal).for_each(|i| self.cursors.advance(frame.first, i));
        Steps::More
    }

    /// Handles a suffix behind which there is more than values: keeps what is there, skips it, or
    /// starts a fork.
    fn fork(&mut self, next: NextEntries<'a>) -> Steps {
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let (first, suffix, present) = (frame.first, next.suffix, next.equal | next.longer);
        let Reduced { number, used } = self.residuals.among(frame.residual, present & !next.tips);
        match self.residuals.of_twins(number, || are_twins(&self.cursors, first, used, next.children)) {
            EMPTY if next.tips == 0 => {
                frame.same &= !present;
                bits(present).for_each(|i| self.cursors.pass(first, i, suffix));
                Steps::More
            }
            ONE => {
                frame.same &= used;
                let kept = used.trailing_zeros() as usize;
                if next.children >> kept & 1 != 0 {
                    // The child's memory is not touched.
                    self.notes.keep(self.cursors.entry(first + kept));
                    self.cursors.advance(first, kept);
                } else {
                    self.notes.keep_all(suffix, self.cursors.enter(first, kept, suffix.len()));
                }
                let others = present & !(1 << kept);
                bits(others).for_each(|i| self.cursors.pass(first, i, suffix));
                Steps::More
            }
            number => {
                let tips = (next.tips != 0).then(|| {
                    let residual = self.residuals.among(frame.residual, present);
                    Box::new(ForkTips { residual, tips: next.tips, places: Vec::new() })
                });
                let mut fork = Fork { suffix, present, tips };
                for i in bits(present) {
                    let above = 1 << i;
                    if used & above == 0 && (next.tips & above != 0 || fork.tips.is_none()) {
                        self.cursors.pass(first, i, suffix);
                        continue;
                    }
                    let place = self.cursors.enter(first, i, suffix.len());
                    if let Some(tips) = &mut fork.tips {
                        tips.places.push((i, place));
                    }
                    if used & above != 0 {
                        self.members.push(Member { place, above });
                    }
                }
                frame.fork = Some(fork);
                Steps::Fork(number)
            }
        }
    }
}

/// The outcome of a step in a frame.
enum Steps {
    Done,
    More,
    /// A frame is to be opened for this residual of the members.
    Fork(u32),
}

/// The least suffix of the next entries of some cursors. The masks are of these cursors.
#[derive(Clone, Copy)]
struct NextEntries<'a> {
    suffix: Suffix<'a>,
    /// The cursors whose next suffix this is.
    equal: u64,
    /// The cursors whose next suffix is longer and begins with it.
    longer: u64,
    /// Those of `equal` that have a dangling tip.
    tips: u64,
    /// Those of `equal` that have a child.
    children: u64,
}

impl<'a> NextEntries<'a> {
    /// Compares the next entries of the cursors from `first` on, given the least start.
    #[inline]
    fn of<V>(cursors: &Cursors<'a, V>, first: usize, least: Start) -> Self {
        let mut equal = cursors.until(first, least);
        let mut suffix = cursors.entry(first + equal.trailing_zeros() as usize).suffix;
        let mut longer = 0;
        if let Some(len) = least.exact_len() {
            let last = least.last(len);
            longer = cursors.until(first, last) & !equal;
        } else if equal & (equal - 1) != 0 {
            let suffixes = |mask| bits(mask).map(|i| (1 << i, cursors.entry(first + i).suffix));
            suffix = suffixes(equal).fold(suffix, |least, (_, other)| least.min(other));
            for (bit, other) in suffixes(equal).filter(|(_, other)| *other != suffix) {
                equal &= !bit;
                longer |= if other.starts_with(suffix) { bit } else { 0 };
            }
        }
        let mut next = Self { suffix, equal, longer, tips: 0, children: 0 };
        for i in bits(equal) {
            match cursors.entry(first + i).end {
                End::Value(_) => {}
                End::Bare => next.tips |= 1 << i,
                End::Child(_) => next.children |= 1 << i,
            }
        }
        next
    }
}

/// Returns whether all cursors in `used`, of which there are two or more, lead to one child in
/// memory.
fn are_twins<V>(cursors: &Cursors<'_, V>, first: usize, used: u64, children: u64) -> bool {
    if used & !children != 0 || used & used.wrapping_sub(1) == 0 {
        return false;
    }
    let mut nodes = bits(used).map(|i| cursors.entry(first + i).end.child().map(Shared::id));
    let node = nodes.next();
    nodes.all(|other| Some(other) == node)
}

/// Evaluates a [`ResidualShape::Chain`], one operator after another.
fn chain<'a, V: Clone>(steps: &[Step<V>], members: &[Member<'a, V>]) -> Joined<'a, V, Built<V>> {
    let mut so_far = Joined::One(members[0].place, members[0].above);
    for (i, step) in steps[1..].chunks(2).enumerate() {
        let [_, Step::Apply(operator)] = step else { unreachable!("a chain alternates") };
        let Member { place: right, above } = members[i + 1];
        let left = match &so_far {
            Joined::One(place, _) => *place,
            Joined::New(node) => Shared::place(node),
            Joined::Nothing => return Joined::Nothing,
        };
        let outcome = (operator.pair)([left, right], Above::Nothing, &mut Vec::new(), &mut Notes::new());
        so_far = match (outcome.map(Built::into_node), so_far) {
            (Outcome::Nothing, _) => return Joined::Nothing,
            (Outcome::New(node), _) => Joined::New(node),
            (Outcome::Same(mask), Joined::One(place, bits)) if mask & SELF_IDENT != 0 => {
                Joined::One(place, bits | if mask & COUNTER_IDENT != 0 { above } else { 0 })
            }
            (Outcome::Same(mask), so_far) if mask & COUNTER_IDENT == 0 => so_far,
            (Outcome::Same(_), _) => Joined::One(right, above),
        };
    }
    match so_far {
        Joined::One(place, bits) => Joined::One(place, bits),
        Joined::New(node) => Joined::New(Built::of_root(node)),
        Joined::Nothing => Joined::Nothing,
    }
}

/// Converts an outcome whose mask is one of the given places.
fn joined_of<'a, V>(
    members: impl Iterator<Item = (Place<'a, V>, u64)>,
    outcome: Outcome<Built<V>>,
) -> Joined<'a, V, Built<V>> {
    let mask = match outcome {
        Outcome::Nothing => return Joined::Nothing,
        Outcome::New(built) => return Joined::New(built),
        Outcome::Same(mask) => mask,
    };
    let mut equal = members.enumerate().filter(|(i, _)| mask >> i & 1 != 0).map(|(_, member)| member);
    let (place, first) = equal.next().expect("a bit is set");
    Joined::One(place, equal.fold(first, |bits, (_, above)| bits | above))
}

/// Returns whether a path that dangles in some operands dangles in the result, which has nothing
/// at or below it otherwise.
fn keeps_tip<V: Clone>(residuals: &Residuals<V>, tips: &ForkTips<'_, V>) -> bool {
    let Reduced { number, used } = tips.residual;
    let cursors: Vec<usize> = bits(used).collect();
    let place_of = |cursor: &usize| tips.places.iter().find(|(i, _)| i == cursor).map(|&(_, place)| place);
    let places: Vec<_> = cursors.iter().map(place_of).collect();
    let is_tip = |operand: u8| tips.tips >> cursors[usize::from(operand)] & 1 != 0;
    let has = |part: &[Step<V>]| !matches!(Walk::new().run(part, &places), Joined::Nothing);
    dangles(&residuals.get(number).steps, is_tip, has)
}

/// Evaluates a residual for the values of some of its operands at one path. Returns the result,
/// and a mask of the operands that have the result's value, or none if the result has none.
fn value_among<'a, V>(
    residuals: &mut Residuals<V>,
    parts: &mut Vec<PartValue<'a, V>>,
    residual: u32,
    found: &[(usize, &'a V)],
) -> (Option<HeldValue<'a, V>>, u64) {
    let present = found.iter().fold(0, |mask, (i, _)| mask | 1 << i);
    let Reduced { number, used } = residuals.among(residual, present);
    let mut used_values = found.iter().filter(|(i, _)| used >> i & 1 != 0);
    match number {
        EMPTY => return (None, !present),
        ONE => {
            let (_, value) = used_values.next().expect("the residual has an operand");
            return (Some(Held::Lent(value)), used);
        }
        _ => {}
    }
    let mut operands: [Option<&'a V>; 64] = [None; 64];
    for (operand, (_, value)) in operands.iter_mut().zip(used_values) {
        *operand = Some(value);
    }
    let steps = &residuals.get(number).steps;
    let PartValue { value, equal } = value_of(steps, |operand| operands[usize::from(operand)], parts);
    let value = match value {
        None => return (None, !present),
        Some(Held::Lent(value)) => Held::Lent(value),
        Some(Held::New(value)) => Held::New(Stored::new(value)),
    };
    let equal = bits(used).enumerate().filter(|(operand, _)| equal >> operand & 1 != 0);
    (Some(value), equal.fold(0, |mask, (_, i)| mask | 1 << i))
}
