//! Joins of many subtries in one walk, and meets of many subtries, one after another.

#[cfg(feature = "rayon")]
mod ahead;

use std::collections::HashSet;
use std::collections::hash_map::{Entry as Slot, HashMap};

use super::build::{Above, Built, Held, HeldValue, Notes, NotesMark, Outcome};
use super::combine::{combine, combine_places};
use super::dense::join_dense;
use super::known::{KnownResults, Nothing};
use super::lattice::Lattice;
use super::operation::{Join, Meet};
use super::pairs::PairFrame;
use super::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};
use crate::node::{
    End, Entry, Key, Place, Shared, Stored, Suffix, first_and_last, for_each_branch, list_entries,
    only_value, place_along,
};

#[cfg(feature = "rayon")]
pub(crate) use ahead::{KnownJoins, gather_knowing, groups_below};

/// The join of many places.
pub(crate) enum Joined<'a, V, T> {
    /// One of the places. The mask has the bits of those of the first 64 places that the join
    /// equals.
    One(Place<'a, V>, u64),
    /// A new result.
    New(T),
    /// Nothing is left. This cannot happen if the values are a lattice.
    Nothing,
}

/// One of the places of a group, and its bits in the mask of the group above.
struct JoinOperand<'a, V> {
    place: Place<'a, V>,
    bits: u64,
}

/// The content below the places of a group.
enum Remaining<'a, V> {
    /// Sorted entries, if there are few. Of entries with equal suffixes, that of the first place
    /// is first.
    Few(Vec<SortedEntry<'a, V>>),
    /// The places one byte further down, sorted by that byte. Of places with equal bytes, the
    /// first one is first. If everything below the group begins with a common suffix, these are
    /// the places behind that suffix, and the slice is the suffix without its first byte.
    Many(Vec<(u8, JoinOperand<'a, V>)>, &'a [u8]),
}

impl<V> Clone for JoinOperand<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for JoinOperand<'_, V> {}

/// An entry below one of the places of a group.
struct SortedEntry<'a, V> {
    entry: Entry<'a, V>,
    /// The number of the entry's place.
    operand: u32,
    /// The number of the entry in its node.
    at: u16,
}

impl<V> Clone for SortedEntry<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for SortedEntry<'_, V> {}

/// A group of places on the way down.
struct GroupFrame<'a, V> {
    operands: Vec<JoinOperand<'a, V>>,
    below: Remaining<'a, V>,
    /// The number of elements of `below` that are done.
    done: usize,
    /// The result's value at the places themselves.
    own: Option<HeldValue<'a, V>>,
    /// A mask of those of the first 64 places that the result equals so far.
    same: u64,
    /// The position of the frame's first note.
    notes: NotesMark,
    /// The keys of the places, if the walk may reach the group again.
    again: Option<Vec<Key>>,
    /// The suffix that leads to the group below, whose result this frame waits for.
    suffix: Option<Suffix<'a>>,
}

struct Gather<'a, 'k, V, K> {
    frames: Vec<GroupFrame<'a, V>>,
    notes: Notes<'a, V>,
    /// The frames for groups of two places, which `combine` joins.
    pair: Vec<PairFrame<'a, V>>,
    /// The results of groups with a place in a node that has more than one owner; see `pairs`.
    met: HashMap<Vec<Key>, Outcome<Shared<V>>>,
    /// The results that were computed before the walk.
    known: &'k K,
}

/// Returns the bit of the place with this number. Places beyond the 64th have no bit, so a mask
/// never says that the result equals such a place.
fn bit(place: usize) -> u64 {
    1u64.checked_shl(place as u32).unwrap_or(0)
}

/// Joins all places, in their order; returns `None` if there is no place.
///
/// O(e log p) for p places with e entries that they do not share.
pub(crate) fn gather<'a, V: Lattice + Clone>(places: &[Place<'a, V>]) -> Option<Joined<'a, V, Shared<V>>> {
    (!places.is_empty()).then(|| gather_operands(operands(places), &Nothing))
}

fn operands<'a, V>(places: &[Place<'a, V>]) -> Vec<JoinOperand<'a, V>> {
    places.iter().enumerate().map(|(i, &place)| JoinOperand { place, bits: bit(i) }).collect()
}

/// Joins operands. The results of some groups of places are known.
fn gather_operands<'a, V: Lattice + Clone>(
    operands: Vec<JoinOperand<'a, V>>,
    known: &impl KnownResults<V>,
) -> Joined<'a, V, Shared<V>> {
    match Gather::new(known).run(operands) {
        Joined::One(place, bits) => Joined::One(place, bits),
        Joined::New(built) => Joined::New(built.into_node()),
        Joined::Nothing => Joined::Nothing,
    }
}

impl<'a, V> GroupFrame<'a, V> {
    /// Returns where the result of the group below is put.
    fn above_next(&self) -> Above<'a> {
        let wide = matches!(self.below, Remaining::Many(..));
        self.suffix.map_or(Above::Nothing, |suffix| Above::Suffix { suffix, wide })
    }
}

/// Converts an outcome whose mask names some of the operands.
fn joined_of<'a, V, T>(
    operands: &[JoinOperand<'a, V>],
    outcome: Outcome<T>,
    built: impl FnOnce(T) -> Built<V>,
) -> Joined<'a, V, Built<V>> {
    match outcome {
        Outcome::Nothing => Joined::Nothing,
        Outcome::Same(mask) => one_of(operands, mask),
        Outcome::New(new) => Joined::New(built(new)),
    }
}

/// Returns the first place in a mask, and the bits of all places in it.
fn one_of<'a, V>(operands: &[JoinOperand<'a, V>], mask: u64) -> Joined<'a, V, Built<V>> {
    let equal = || operands.iter().enumerate().filter(|&(i, _)| mask & bit(i) != 0);
    let bits = equal().fold(0, |bits, (_, operand)| bits | operand.bits);
    let (_, first) = equal().next().expect("a bit is set");
    Joined::One(first.place, bits)
}

impl<'a, 'k, V: Lattice + Clone, K: KnownResults<V>> Gather<'a, 'k, V, K> {
    fn new(known: &'k K) -> Self {
        Self { frames: Vec::new(), notes: Notes::new(), pair: Vec::new(), met: HashMap::new(), known }
    }

    fn run(mut self, operands: Vec<JoinOperand<'a, V>>) -> Joined<'a, V, Built<V>> {
        if let Some(joined) = self.enter(operands, Above::Nothing) {
            return joined;
        }
        loop {
            match self.next() {
                GatherStep::Done => {
                    let joined = self.finish();
                    let Some(frame) = self.frames.last_mut() else { return joined };
                    let suffix = frame.suffix.take().expect("the frame waits for a suffix's result");
                    self.put(suffix, joined);
                }
                GatherStep::Noted => {}
                GatherStep::Fork(suffix, operands) => {
                    let frame = self.frames.last_mut().expect("the fork is in a frame");
                    frame.suffix = Some(suffix);
                    let above = frame.above_next();
                    if let Some(joined) = self.enter(operands, above) {
                        self.put(suffix, joined);
                    }
                }
            }
        }
    }

    /// Returns the join of a group, or opens a frame to compute it. The group has at least one
    /// place.
    fn enter(
        &mut self,
        mut operands: Vec<JoinOperand<'a, V>>,
        above: Above<'a>,
    ) -> Option<Joined<'a, V, Built<V>>> {
        if V::IDEMPOTENT && operands.len() > 1 {
            unite_twins(&mut operands);
        }
        let keys = || operands.iter().map(|operand| operand.place.key()).collect::<Vec<_>>();
        match operands.as_slice() {
            [one] => return Some(Joined::One(one.place, one.bits)),
            [first, second] => return Some(self.join_pair(*first, *second, above)),
            _ => {}
        }
        if let Some(outcome) = self.known.group(keys) {
            return Some(joined_of(&operands, outcome, Built::of_root));
        }
        let again = operands.iter().any(|operand| operand.place.is_shared()).then(keys);
        if let Some(outcome) = again.as_ref().and_then(|again| self.met.get(again)) {
            return Some(joined_of(&operands, outcome.clone(), Built::Node));
        }
        let owns =
            operands.iter().enumerate().filter_map(|(i, operand)| Some((bit(i), operand.place.own()?)));
        let all = || (0..operands.len()).map(bit).fold(0, |all, bit| all | bit);
        let (mut own, same) = match owns.clone().next() {
            None => (None, all()),
            Some(_) => join_values(owns),
        };
        let join = |found: &[(usize, &'a V)]| join_values(found.iter().map(|&(i, value)| (bit(i), value)));
        let places = operands.iter().map(|operand| operand.place).enumerate();
        if let Some(outcome) = join_dense(places, &mut own, same, join) {
            return Some(joined_of(&operands, outcome, |built| built));
        }
        let count = operands.iter().map(|operand| operand.place.entry_count()).fold(0, usize::saturating_add);
        // Entries that do not fit one list are first distributed by their next byte.
        let below = match count <= list_entries() {
            true => Remaining::Few(entries(&operands, count)),
            false => branches(&operands, count),
        };
        let notes = self.notes.mark();
        self.frames.push(GroupFrame { operands, below, done: 0, own, same, notes, again, suffix: None });
        None
    }

    /// Joins two operands by the walk of `combine`.
    fn join_pair(
        &mut self,
        first: JoinOperand<'a, V>,
        second: JoinOperand<'a, V>,
        above: Above<'a>,
    ) -> Joined<'a, V, Built<V>> {
        let places = [first.place, second.place];
        let (frames, notes) = (&mut self.pair, &mut self.notes);
        match combine_places(places, &mut Join, self.known, above, frames, notes) {
            Outcome::Nothing => Joined::Nothing,
            Outcome::Same(mask) => {
                let (is_first, is_second) = (mask & SELF_IDENT != 0, mask & COUNTER_IDENT != 0);
                let bits = if is_first { first.bits } else { 0 } | if is_second { second.bits } else { 0 };
                Joined::One(if is_first { first.place } else { second.place }, bits)
            }
            Outcome::New(built) => Joined::New(built),
        }
    }

    /// Handles the next suffix of the lowest frame.
    fn next(&mut self) -> GatherStep<'a, V> {
        match &self.frames.last().expect("steps are made in a frame").below {
            Remaining::Few(_) => self.next_entry(),
            Remaining::Many(..) => self.next_branch(),
        }
    }

    fn next_branch(&mut self) -> GatherStep<'a, V> {
        let Some(frame) = self.frames.last_mut() else { return GatherStep::Done };
        let Remaining::Many(branches, suffix) = &frame.below else { return GatherStep::Done };
        let (rest, suffix) = (&branches[frame.done..], *suffix);
        let Some((head, first)) = rest.first() else { return GatherStep::Done };
        let end = rest.iter().take_while(|(other, _)| other == head).count();
        frame.done += end;
        if end > 1 {
            let values =
                rest[..end].iter().filter_map(|(_, operand)| Some((operand, only_value(operand.place)?)));
            if values.clone().count() == end {
                let (value, mask) = join_values(values.map(|(operand, value)| (operand.bits, value)));
                frame.same &= mask;
                if let Some(value) = value {
                    self.notes.push(Suffix { head: *head, rest: suffix }, End::Value(value));
                }
                return GatherStep::Noted;
            }
            // A tip that another place extends is no tip of the join.
            let is_tip = |operand: &JoinOperand<'a, V>| operand.place.is_empty();
            let operands = || rest[..end].iter().map(|(_, operand)| *operand);
            let mut going_on: Vec<_> = operands().filter(|operand| !is_tip(operand)).collect();
            if going_on.is_empty() {
                going_on.extend(operands());
            }
            return GatherStep::Fork(Suffix { head: *head, rest: suffix }, going_on);
        }
        frame.same &= first.bits;
        self.notes.keep_all(Suffix { head: *head, rest: suffix }, first.place);
        GatherStep::Noted
    }

    fn next_entry(&mut self) -> GatherStep<'a, V> {
        let Some(frame) = self.frames.last_mut() else { return GatherStep::Done };
        let Remaining::Few(found) = &frame.below else { return GatherStep::Done };
        let rest = &found[frame.done..];
        let Some(first) = rest.first() else { return GatherStep::Done };
        let suffix = first.entry.suffix;
        if rest.get(1).is_none_or(|second| second.entry.suffix.head != suffix.head) {
            frame.same &= bit(first.operand as usize);
            frame.done += 1;
            self.notes.keep(&first.entry);
            return GatherStep::Noted;
        }
        let equal = rest.iter().take_while(|found| found.entry.suffix == suffix).count();
        let goes_on = |found: &&SortedEntry<'a, V>| found.entry.suffix.starts_with(suffix);
        if rest[..equal].iter().any(|found| found.entry.end.is_child()) {
            let end = equal + rest[equal..].iter().take_while(goes_on).count();
            let operands = operands_below(&frame.operands, &rest[..end], suffix.len());
            frame.done += end;
            return GatherStep::Fork(suffix, operands);
        }
        let mut values = rest[..equal]
            .iter()
            .filter_map(|found| match found.entry.end {
                End::Value(value) => Some((bit(found.operand as usize), value)),
                _ => None,
            })
            .peekable();
        if values.peek().is_some() {
            let (value, mask) = join_values(values);
            frame.same &= mask;
            if let Some(value) = value {
                self.notes.push(suffix, End::Value(value));
            }
        } else if !rest.get(equal).as_ref().is_some_and(goes_on) {
            // A tip that another place extends is no tip of the join.
            frame.same &= rest[..equal].iter().fold(0, |mask, found| mask | bit(found.operand as usize));
            self.notes.push(suffix, End::Bare);
        }
        frame.done += equal;
        GatherStep::Noted
    }

    /// Adds the join of the places below a suffix to the notes.
    fn put(&mut self, suffix: Suffix<'a>, joined: Joined<'a, V, Built<V>>) {
        let frame = self.frames.last_mut().expect("the fork was in a frame");
        match joined {
            Joined::One(place, bits) => {
                frame.same &= bits;
                self.notes.keep_all(suffix, place);
            }
            Joined::New(built) => {
                frame.same = 0;
                self.notes.put(suffix, built);
            }
            Joined::Nothing => frame.same = 0,
        }
    }

    /// Closes the lowest frame.
    fn finish(&mut self) -> Joined<'a, V, Built<V>> {
        let GroupFrame { operands, own, same, notes, again, .. } =
            self.frames.pop().expect("a frame is finished once");
        if same != 0 {
            self.notes.forget(notes);
            self.met.extend(again.map(|again| (again, Outcome::Same(same))));
            return one_of(&operands, same);
        }
        let above = self.frames.last().map_or(Above::Nothing, GroupFrame::above_next);
        match self.notes.close(notes, own, above) {
            Outcome::New(built) => {
                if let (Some(again), Built::Node(node)) = (again, &built) {
                    self.met.insert(again, Outcome::New(node.clone()));
                }
                Joined::New(built)
            }
            _ => Joined::Nothing,
        }
    }
}

/// The result of one step in a frame.
enum GatherStep<'a, V> {
    Done,
    /// The step has added its result to the notes.
    Noted,
    /// The places to which a suffix leads, in the order of the frame's places.
    Fork(Suffix<'a>, Vec<JoinOperand<'a, V>>),
}

/// Keeps only the first of places that are one in memory, with the bits of all of them.
fn unite_twins<V>(operands: &mut Vec<JoinOperand<'_, V>>) {
    // A node with one owner cannot occur twice.
    if operands.iter().filter(|operand| operand.place.is_shared()).nth(1).is_none() {
        return;
    }
    let mut seen = HashMap::new();
    let mut bits: Vec<u64> = Vec::with_capacity(operands.len());
    operands.retain(|operand| match seen.entry(operand.place.key()) {
        Slot::Occupied(first) => {
            bits[*first.get()] |= operand.bits;
            false
        }
        Slot::Vacant(slot) => {
            slot.insert(bits.len());
            bits.push(operand.bits);
            true
        }
    });
    for (operand, bits) in operands.iter_mut().zip(bits) {
        operand.bits = bits;
    }
}

/// Returns all entries below the places, sorted. Of entries with equal suffixes, that of the
/// first place is first.
fn entries<'a, V>(operands: &[JoinOperand<'a, V>], count: usize) -> Vec<SortedEntry<'a, V>> {
    let mut found = Vec::with_capacity(count);
    for (i, operand) in operands.iter().enumerate() {
        let mut below = operand.place.below();
        while let Some((at, entry)) = below.at().zip(below.next()) {
            found.push(SortedEntry { entry, operand: i as u32, at });
        }
    }
    found.sort_by_key(|found| found.entry.suffix);
    found
}

/// Returns the places one byte below the given ones, sorted by that byte. Of places with equal
/// bytes, the first one is first.
fn branches<'a, V>(operands: &[JoinOperand<'a, V>], count: usize) -> Remaining<'a, V> {
    if let Some(Suffix { head, rest }) = common_suffix(operands) {
        let behind = |(i, operand): (usize, &JoinOperand<'a, V>)| {
            let below = operand.place.below();
            below
                .now()
                .is_some()
                .then(|| (head, JoinOperand { place: below.place(rest.len() + 1), bits: bit(i) }))
        };
        return Remaining::Many(operands.iter().enumerate().filter_map(behind).collect(), rest);
    }
    let mut found = Vec::with_capacity(count);
    for (i, operand) in operands.iter().enumerate() {
        for_each_branch(operand.place, |head, place| found.push((head, JoinOperand { place, bits: bit(i) })));
    }
    if found.len() < 256 {
        found.sort_by_key(|&(head, _)| head);
        return Remaining::Many(found, &[]);
    }
    // A counting sort: there are 256 keys.
    let mut starts = [0u32; 257];
    for &(head, _) in &found {
        starts[head as usize + 1] += 1;
    }
    for byte in 0..256 {
        starts[byte + 1] += starts[byte];
    }
    let mut order = vec![0u32; found.len()];
    for (i, &(head, _)) in found.iter().enumerate() {
        order[starts[head as usize] as usize] = i as u32;
        starts[head as usize] += 1;
    }
    Remaining::Many(order.into_iter().map(|i| found[i as usize]).collect(), &[])
}

/// Returns the longest common prefix of all suffixes below the places.
fn common_suffix<'a, V>(operands: &[JoinOperand<'a, V>]) -> Option<Suffix<'a>> {
    let mut common: Option<Suffix<'a>> = None;
    for operand in operands {
        // The entries are sorted, so all share the common prefix of the first and the last one.
        for entry in first_and_last(operand.place) {
            common = match common {
                None => Some(entry.suffix),
                Some(common) => match common.common_with(entry.suffix) {
                    0 => return None,
                    len => Some(common.first(len)),
                },
            };
        }
    }
    common
}

/// Returns the places to which `len` bytes of the first entry's suffix lead; the suffixes of all
/// entries begin with these bytes.
fn operands_below<'a, V>(
    operands: &[JoinOperand<'a, V>],
    found: &[SortedEntry<'a, V>],
    len: usize,
) -> Vec<JoinOperand<'a, V>> {
    let mut below: Vec<(u32, Place<'a, V>)> = found
        .iter()
        .filter_map(|SortedEntry { entry, operand, at }| {
            let ends = entry.suffix.len() == len;
            let place = match entry.end {
                End::Child(child) if ends => child.place(),
                // A tip that other places extend is no tip of the join.
                End::Bare if ends => return None,
                _ => place_along(operands[*operand as usize].place, *at, len),
            };
            Some((*operand, place))
        })
        .collect();
    below.sort_by_key(|&(operand, _)| operand);
    below.dedup_by_key(|&mut (operand, _)| operand);
    below.into_iter().map(|(operand, place)| JoinOperand { place, bits: bit(operand as usize) }).collect()
}

/// Joins values in order. Returns the join, and the bits of the places whose values it equals.
fn join_values<'a, V: Lattice>(
    values: impl Iterator<Item = (u64, &'a V)>,
) -> (Option<HeldValue<'a, V>>, u64) {
    let (mut joined, mut mask): (Option<HeldValue<'a, V>>, u64) = (None, 0);
    for (bits, value) in values {
        let result = match &mut joined {
            None => AlgebraicResult::Identity(COUNTER_IDENT),
            Some(Held::New(so_far)) => so_far.get().pjoin(value),
            Some(Held::Lent(so_far)) => so_far.pjoin(value),
        };
        match result {
            AlgebraicResult::Identity(same) if same & SELF_IDENT != 0 => {
                if same & COUNTER_IDENT != 0 {
                    mask |= bits;
                }
            }
            AlgebraicResult::Identity(_) => (joined, mask) = (Some(Held::Lent(value)), bits),
            AlgebraicResult::Element(value) => (joined, mask) = (Some(Held::New(Stored::new(value))), 0),
            // The join of a lattice is never `None`. The next value starts the fold again.
            AlgebraicResult::None => (joined, mask) = (None, 0),
        }
    }
    (joined, mask)
}

/// Returns the meet of all places, in their order. Returns `None` if there is no place or nothing
/// is left.
pub(crate) fn meet_all<'a, V: Lattice + Clone>(places: &[Place<'a, V>]) -> Option<Joined<'a, V, Shared<V>>> {
    let (&first, others) = places.split_first()?;
    let mut met: Joined<'a, V, Shared<V>> = Joined::One(first, 0);
    for &place in others {
        let so_far = match &met {
            Joined::One(place, _) => *place,
            Joined::New(node) => node.place(),
            Joined::Nothing => return None,
        };
        let outcome = combine(Some(so_far), Some(place), &mut Meet);
        match outcome {
            Outcome::Nothing => return None,
            Outcome::Same(mask) if mask & SELF_IDENT != 0 => {}
            Outcome::Same(_) => met = Joined::One(place, 0),
            Outcome::New(node) => met = Joined::New(node),
        }
    }
    Some(met)
}

/// Returns the locations exactly `depth` bytes below a place, in path order. If values are
/// idempotent, each location in memory is returned once, and no node is walked twice for one
/// depth.
pub(crate) fn places_at<V: Lattice>(place: Place<'_, V>, depth: usize) -> Vec<Place<'_, V>> {
    let mut places = Vec::new();
    let mut seen = HashSet::new();
    let mut frames = vec![(place.below(), depth)];
    while let Some((below, depth)) = frames.last_mut() {
        let depth = *depth;
        let Some(&entry) = below.now() else {
            frames.pop();
            continue;
        };
        let len = entry.suffix.len();
        if len >= depth {
            let at = below.place(depth);
            below.pass(at);
            if !V::IDEMPOTENT || !at.is_shared() || seen.insert((at.key(), 0)) {
                places.push(at);
            }
            continue;
        }
        if let End::Child(child) = entry.end {
            let child = child.place();
            if !V::IDEMPOTENT || !child.is_shared() || seen.insert((child.key(), depth - len)) {
                below.advance();
                frames.push((child.below(), depth - len));
                continue;
            }
        }
        below.advance();
    }
    places
}
