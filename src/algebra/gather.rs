//! Many subtries joined in one walk, or met one after another.

#[cfg(feature = "rayon")]
mod ahead;

use std::collections::HashSet;
use std::collections::hash_map::{Entry as Slot, HashMap};

use super::build::{Above, Built, Held, HeldValue, Mark, Notes, Outcome};
use super::combine::{self, combine, combine_places};
use super::dense::join_plain;
use super::lattice::Lattice;
use super::operation::{Join, Meet};
use super::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};
use crate::node::{End, Entry, Key, Place, Shared, Stored, Suffix, list_entries};

#[cfg(feature = "rayon")]
pub(crate) use ahead::{KnownJoins, gather_knowing, groups_below};

/// What many subtries become when they are joined.
pub(crate) enum Joined<'a, V, T> {
    /// One of them, and the bits of those among the first 64 that it equals.
    One(Place<'a, V>, u64),
    /// Something new.
    New(T),
    /// Nothing: all values have annihilated each other, which those of a lattice do not.
    Nothing,
}

/// A place that is being joined with others, and the bits by which the result of the join above knows it.
struct Source<'a, V> {
    place: Place<'a, V>,
    bits: u64,
}

/// What is below places that are being joined.
enum Below<'a, V> {
    /// So few entries that they are sorted; of equal suffixes the first place's comes first.
    Few(Vec<Found<'a, V>>),
    /// The places one byte down, by that byte; of equal bytes the first place's comes first. If all go on by the same bytes,
    /// the places behind them, and what follows the first of these bytes.
    Many(Vec<(u8, Source<'a, V>)>, &'a [u8]),
}

impl<V> Clone for Source<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Source<'_, V> {}

/// An entry below one of the places.
struct Found<'a, V> {
    entry: Entry<'a, V>,
    /// The number of its place.
    source: u32,
    /// The number of the entry in its node.
    at: u16,
}

impl<V> Clone for Found<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Found<'_, V> {}

/// Places that are being joined.
struct Frame<'a, V> {
    sources: Vec<Source<'a, V>>,
    below: Below<'a, V>,
    /// How much of that is done.
    done: usize,
    /// The result's value at the places themselves.
    own: Option<HeldValue<'a, V>>,
    /// Which of the first 64 places the result equals so far.
    same: u64,
    /// Where its notes begin.
    notes: Mark,
    /// The places, if they may be met again.
    again: Option<Vec<Key>>,
    /// The suffix of what is being joined below.
    suffix: Option<Suffix<'a>>,
}

/// What has become of places that were met before.
enum Met<V> {
    /// The first of the places in this mask.
    One(u64),
    New(Shared<V>),
}

struct Gather<'a, V> {
    frames: Vec<Frame<'a, V>>,
    notes: Notes<'a, V>,
    /// For two places that are being joined.
    pair: Vec<combine::Frame<'a, V>>,
    /// What has become of places of which one is in a node that has more than one owner; see `combine`.
    met: HashMap<Vec<Key>, Met<V>>,
    /// What has been joined ahead.
    #[cfg(feature = "rayon")]
    known: Option<&'a KnownJoins<V>>,
}

/// The bit of the place with this number. Beyond 64 there is none, and nothing is said to equal such a place.
fn bit(place: usize) -> u64 {
    1u64.checked_shl(place as u32).unwrap_or(0)
}

/// The join of all places, their values in the order of the places; none if there is no place.
///
/// O(e log p) for p places with e entries that they do not share.
pub(crate) fn gather<'a, V: Lattice + Clone>(places: &[Place<'a, V>]) -> Option<Joined<'a, V, Shared<V>>> {
    if places.is_empty() {
        return None;
    }
    let sources = places.iter().enumerate().map(|(i, &place)| Source { place, bits: bit(i) }).collect();
    Some(match Gather::new().run(sources) {
        Joined::One(place, bits) => Joined::One(place, bits),
        Joined::New(built) => Joined::New(built.into_node()),
        Joined::Nothing => Joined::Nothing,
    })
}

impl<'a, V> Frame<'a, V> {
    /// What the result of the places below is for.
    fn above_next(&self) -> Above<'a> {
        let wide = matches!(self.below, Below::Many(..));
        self.suffix.map_or(Above::Nothing, |suffix| Above::Suffix { suffix, wide })
    }
}

/// The first of the places in a mask, and the bits of all of them.
fn one_of<'a, V>(sources: &[Source<'a, V>], mask: u64) -> Joined<'a, V, Built<V>> {
    let equal = || sources.iter().enumerate().filter(|&(i, _)| mask & bit(i) != 0);
    let bits = equal().fold(0, |bits, (_, source)| bits | source.bits);
    let (_, first) = equal().next().expect("a bit is set");
    Joined::One(first.place, bits)
}

impl<'a, V: Lattice + Clone> Gather<'a, V> {
    fn new() -> Self {
        Self {
            frames: Vec::new(),
            notes: Notes::new(),
            pair: Vec::new(),
            met: HashMap::new(),
            #[cfg(feature = "rayon")]
            known: None,
        }
    }

    fn run(mut self, sources: Vec<Source<'a, V>>) -> Joined<'a, V, Built<V>> {
        if let Some(joined) = self.enter(sources, Above::Nothing) {
            return joined;
        }
        loop {
            match self.step() {
                Step::Done => {
                    let joined = self.finish();
                    let Some(frame) = self.frames.last_mut() else { return joined };
                    let suffix = frame.suffix.take().expect("a frame was opened for a suffix");
                    self.put(suffix, joined);
                }
                Step::Noted => {}
                Step::Fork(suffix, sources) => {
                    let frame = self.frames.last_mut().expect("there is a fork in it");
                    frame.suffix = Some(suffix);
                    let above = frame.above_next();
                    if let Some(joined) = self.enter(sources, above) {
                        self.put(suffix, joined);
                    }
                }
            }
        }
    }

    /// Says what places become, or opens a frame to find out. There is at least one.
    fn enter(
        &mut self,
        mut sources: Vec<Source<'a, V>>,
        above: Above<'a>,
    ) -> Option<Joined<'a, V, Built<V>>> {
        if V::IDEMPOTENT && sources.len() > 1 {
            unite_twins(&mut sources);
        }
        #[cfg(feature = "rayon")]
        if let Some(joined) = self.known(&sources) {
            return Some(joined);
        }
        match sources.as_slice() {
            [one] => return Some(Joined::One(one.place, one.bits)),
            [first, second] => {
                return Some(match self.join_pair([first.place, second.place], above) {
                    Outcome::Nothing => Joined::Nothing,
                    Outcome::Same(mask) => {
                        let (is_first, is_second) = (mask & SELF_IDENT != 0, mask & COUNTER_IDENT != 0);
                        let bits =
                            if is_first { first.bits } else { 0 } | if is_second { second.bits } else { 0 };
                        Joined::One(if is_first { first.place } else { second.place }, bits)
                    }
                    Outcome::New(built) => Joined::New(built),
                });
            }
            _ => {}
        }
        let again = sources
            .iter()
            .any(|source| source.place.is_shared())
            .then(|| sources.iter().map(|source| source.place.key()).collect::<Vec<_>>());
        match again.as_ref().and_then(|again| self.met.get(again)) {
            Some(Met::One(mask)) => return Some(one_of(&sources, *mask)),
            Some(Met::New(node)) => return Some(Joined::New(Built::Node(node.clone()))),
            None => {}
        }
        let owns = sources.iter().enumerate().filter_map(|(i, source)| Some((bit(i), source.place.own()?)));
        let all = || (0..sources.len()).map(bit).fold(0, |all, bit| all | bit);
        let (mut own, same) = match owns.clone().next() {
            None => (None, all()),
            Some(_) => join_values(owns),
        };
        let join = |found: &[(usize, &'a V)]| join_values(found.iter().map(|&(i, value)| (bit(i), value)));
        let places = sources.iter().map(|source| source.place);
        match join_plain(places, &mut own, same, join) {
            Some(Outcome::Same(mask)) => return Some(one_of(&sources, mask)),
            Some(Outcome::New(built)) => return Some(Joined::New(built)),
            Some(Outcome::Nothing) => return Some(Joined::Nothing),
            None => {}
        }
        let count = sources.iter().map(|source| source.place.entry_count()).fold(0, usize::saturating_add);
        // What will not fit one list is taken apart by the next byte first.
        let below = match count <= list_entries() {
            true => Below::Few(entries(&sources, count)),
            false => branches(&sources, count),
        };
        let notes = self.notes.mark();
        self.frames.push(Frame { sources, below, done: 0, own, same, notes, again, suffix: None });
        None
    }

    /// Joins two places by the walk that two maps are joined by.
    fn join_pair(&mut self, places: [Place<'a, V>; 2], above: Above<'a>) -> Outcome<Built<V>> {
        #[cfg(feature = "rayon")]
        if let Some(known) = self.known {
            return combine_places(places, &mut known.join(), above, &mut self.pair, &mut self.notes);
        }
        combine_places(places, &mut Join, above, &mut self.pair, &mut self.notes)
    }

    /// Works on the next suffix of the last frame.
    fn step(&mut self) -> Step<'a, V> {
        match &self.frames.last().expect("steps are made in a frame").below {
            Below::Few(_) => self.step_entry(),
            Below::Many(..) => self.step_branch(),
        }
    }

    fn step_branch(&mut self) -> Step<'a, V> {
        let Some(frame) = self.frames.last_mut() else { return Step::Done };
        let Below::Many(branches, suffix) = &frame.below else { return Step::Done };
        let (rest, suffix) = (&branches[frame.done..], *suffix);
        let Some((head, first)) = rest.first() else { return Step::Done };
        let end = rest.iter().take_while(|(other, _)| other == head).count();
        frame.done += end;
        if end > 1 {
            let values =
                rest[..end].iter().filter_map(|(_, source)| Some((source, source.place.only_value()?)));
            if values.clone().count() == end {
                let (value, mask) = join_values(values.map(|(source, value)| (source.bits, value)));
                frame.same &= mask;
                if let Some(value) = value {
                    self.notes.push(Suffix { head: *head, rest: suffix }, End::Value(value));
                }
                return Step::Noted;
            }
            // A tip that another place goes on from dangles no more.
            let is_tip = |source: &Source<'a, V>| source.place.is_empty();
            let sources = || rest[..end].iter().map(|(_, source)| *source);
            let mut going_on: Vec<_> = sources().filter(|source| !is_tip(source)).collect();
            if going_on.is_empty() {
                going_on.extend(sources());
            }
            return Step::Fork(Suffix { head: *head, rest: suffix }, going_on);
        }
        frame.same &= first.bits;
        self.notes.keep_all(Suffix { head: *head, rest: suffix }, first.place);
        Step::Noted
    }

    fn step_entry(&mut self) -> Step<'a, V> {
        let Some(frame) = self.frames.last_mut() else { return Step::Done };
        let Below::Few(found) = &frame.below else { return Step::Done };
        let rest = &found[frame.done..];
        let Some(first) = rest.first() else { return Step::Done };
        let suffix = first.entry.suffix;
        if rest.get(1).is_none_or(|second| second.entry.suffix.head != suffix.head) {
            frame.same &= bit(first.source as usize);
            frame.done += 1;
            self.notes.keep(&first.entry);
            return Step::Noted;
        }
        let equal = rest.iter().take_while(|found| found.entry.suffix == suffix).count();
        let goes_on = |found: &&Found<'a, V>| found.entry.suffix.starts_with(suffix);
        if rest[..equal].iter().any(|found| found.entry.end.is_child()) {
            let end = equal + rest[equal..].iter().take_while(goes_on).count();
            let sources = sources_below(&frame.sources, &rest[..end], suffix.len());
            frame.done += end;
            return Step::Fork(suffix, sources);
        }
        let mut values = rest[..equal]
            .iter()
            .filter_map(|found| match found.entry.end {
                End::Value(value) => Some((bit(found.source as usize), value)),
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
            // A tip that another place goes on from would dangle no more.
            frame.same &= rest[..equal].iter().fold(0, |mask, found| mask | bit(found.source as usize));
            self.notes.push(suffix, End::Bare);
        }
        frame.done += equal;
        Step::Noted
    }

    /// Notes what has become of the places below a suffix.
    fn put(&mut self, suffix: Suffix<'a>, joined: Joined<'a, V, Built<V>>) {
        let frame = self.frames.last_mut().expect("there was a fork in it");
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

    /// Closes the last frame.
    fn finish(&mut self) -> Joined<'a, V, Built<V>> {
        let Frame { sources, own, same, notes, again, .. } =
            self.frames.pop().expect("a frame is finished once");
        if same != 0 {
            self.notes.forget(notes);
            self.met.extend(again.map(|again| (again, Met::One(same))));
            return one_of(&sources, same);
        }
        let above = self.frames.last().map_or(Above::Nothing, Frame::above_next);
        match self.notes.close(notes, own, above) {
            Outcome::New(built) => {
                if let (Some(again), Built::Node(node)) = (again, &built) {
                    self.met.insert(again, Met::New(node.clone()));
                }
                Joined::New(built)
            }
            _ => Joined::Nothing,
        }
    }
}

/// What comes next in a frame.
enum Step<'a, V> {
    Done,
    /// It is among the notes.
    Noted,
    /// A suffix, and the places to which it leads, in the order of those above.
    Fork(Suffix<'a>, Vec<Source<'a, V>>),
}

/// Makes one of places that are one in memory: the first of them.
fn unite_twins<V>(sources: &mut Vec<Source<'_, V>>) {
    // Only a node that has more than one owner can be met twice.
    if sources.iter().filter(|source| source.place.is_shared()).nth(1).is_none() {
        return;
    }
    let mut seen = HashMap::new();
    let mut bits: Vec<u64> = Vec::with_capacity(sources.len());
    sources.retain(|source| match seen.entry(source.place.key()) {
        Slot::Occupied(first) => {
            bits[*first.get()] |= source.bits;
            false
        }
        Slot::Vacant(slot) => {
            slot.insert(bits.len());
            bits.push(source.bits);
            true
        }
    });
    for (source, bits) in sources.iter_mut().zip(bits) {
        source.bits = bits;
    }
}

/// All entries below the places, in order; of equal suffixes the first place's first.
fn entries<'a, V>(sources: &[Source<'a, V>], count: usize) -> Vec<Found<'a, V>> {
    let mut found = Vec::with_capacity(count);
    for (i, source) in sources.iter().enumerate() {
        let mut below = source.place.below();
        while let Some((at, entry)) = below.at().zip(below.next()) {
            found.push(Found { entry, source: i as u32, at });
        }
    }
    found.sort_by_key(|found| found.entry.suffix);
    found
}

/// The places one byte below the places, by that byte; of equal bytes the first place's first.
fn branches<'a, V>(sources: &[Source<'a, V>], count: usize) -> Below<'a, V> {
    if let Some(Suffix { head, rest }) = common_suffix(sources) {
        let behind = |(i, source): (usize, &Source<'a, V>)| {
            let below = source.place.below();
            below.now().is_some().then(|| (head, Source { place: below.place(rest.len() + 1), bits: bit(i) }))
        };
        return Below::Many(sources.iter().enumerate().filter_map(behind).collect(), rest);
    }
    let mut found = Vec::with_capacity(count);
    for (i, source) in sources.iter().enumerate() {
        source.place.for_each_branch(|head, place| found.push((head, Source { place, bits: bit(i) })));
    }
    if found.len() < 256 {
        found.sort_by_key(|&(head, _)| head);
        return Below::Many(found, &[]);
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
    Below::Many(order.into_iter().map(|i| found[i as usize]).collect(), &[])
}

/// The bytes by which all that is below the places begins.
fn common_suffix<'a, V>(sources: &[Source<'a, V>]) -> Option<Suffix<'a>> {
    let mut common: Option<Suffix<'a>> = None;
    for source in sources {
        // The entries are in order: what the first and the last have in common, all have.
        for entry in source.place.ends() {
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

/// The places that `len` bytes of the first entry's suffix lead to; all entries begin with them.
fn sources_below<'a, V>(sources: &[Source<'a, V>], found: &[Found<'a, V>], len: usize) -> Vec<Source<'a, V>> {
    let mut below: Vec<(u32, Place<'a, V>)> = found
        .iter()
        .filter_map(|Found { entry, source, at }| {
            let ends = entry.suffix.len() == len;
            let place = match entry.end {
                End::Child(child) if ends => Place::root(child.view()),
                // A tip that others go on from dangles no more.
                End::Bare if ends => return None,
                _ => sources[*source as usize].place.towards(*at, len),
            };
            Some((*source, place))
        })
        .collect();
    below.sort_by_key(|&(source, _)| source);
    below.dedup_by_key(|&mut (source, _)| source);
    below.into_iter().map(|(source, place)| Source { place, bits: bit(source as usize) }).collect()
}

/// The join of values in order, and the bits of the places whose value it equals.
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
            // No lattice's join. The next value begins anew, as in a fold.
            AlgebraicResult::None => (joined, mask) = (None, 0),
        }
    }
    (joined, mask)
}

/// The meet of all places, their values in the order of the places. None if there is no place, or nothing is left.
pub(crate) fn meet_all<'a, V: Lattice + Clone>(places: &[Place<'a, V>]) -> Option<Joined<'a, V, Shared<V>>> {
    let (&first, others) = places.split_first()?;
    let mut met: Joined<'a, V, Shared<V>> = Joined::One(first, 0);
    for &place in others {
        let so_far = match &met {
            Joined::One(place, _) => *place,
            Joined::New(node) => Place::root(node.view()),
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

/// The locations exactly `depth` bytes below a place, in path order. If values are idempotent, of those that are one in
/// memory the first alone is given, and no node is walked twice for the same depth.
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
            let child = Place::root(child.view());
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
