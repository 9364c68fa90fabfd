//! Folding a subtrie of one real trie: a walk over the entries of its nodes, in path order.
//!
//! Each entry is compared with the path before it. Behind what the two share nothing comes any more, so it is closed,
//! from the tip upwards; at the byte where they part is a branch. The order of calls is therefore that of a walk up and
//! down the trie, but a run of bytes costs one comparison, and nobody moves along it.

use std::mem;
use std::vec::Drain;

use crate::bytes::ByteMask;
use crate::node::{Below, End, EndRef, Place};

/// What is made of a trie, and what is remembered of its subtries.
pub(super) trait Fold<'a, V: 'a> {
    /// What a location is made into.
    type Out;
    /// What stands for a subtrie that is not walked again.
    type Kept;
    type Error;

    /// Whether each location is called for, or only values, branches, tips and, as a rule, the root.
    const STEPPING: bool;

    /// Makes a location out of what is below it.
    fn call(&mut self, at: Call<'_, 'a, V, Self::Out>) -> Result<Self::Out, Self::Error>;

    /// Makes a location out of what is remembered of it.
    fn resume(&mut self, kept: Self::Kept, path: &[u8], jump: usize) -> Result<Self::Out, Self::Error>;

    /// What is known of the place at the path. If it is, the path is led on to where the memory stands. With `often`, more
    /// than one path may lead here.
    fn meet(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, often: bool) -> Met<Self::Kept>;

    /// Remembers a place, to which the first `start` bytes of the path lead.
    fn keep(
        &mut self,
        place: Place<'a, V>,
        path: &[u8],
        start: usize,
        whole: Whole<'_, 'a, V, Self::Out, Self::Kept>,
    ) -> Self::Kept;

    /// How far below the root of a shared node the parts of nodes are remembered each by itself, as nothing above that
    /// root is seen from there; 0 for not at all.
    fn part_len(&self) -> usize {
        0
    }
}

/// A location that is to be made into something.
pub(super) struct Call<'c, 'a, V, Out> {
    /// The bytes by which it goes on, and what came of these.
    pub(super) mask: &'c ByteMask,
    pub(super) below: &'c mut [Out],
    pub(super) value: Option<&'a V>,
    pub(super) path: &'c [u8],
    /// How many of the last bytes of the path are not called for.
    pub(super) jump: usize,
}

/// What a fold knows of a place that it comes to.
pub(super) enum Met<Kept> {
    /// What stands for it: it is not walked.
    Known(Kept),
    /// Nothing yet; it is to be remembered.
    New,
    /// Nothing, and it is not to be remembered.
    Passing,
}

impl<Kept> Met<Kept> {
    #[inline]
    pub(super) fn map<T>(self, known: impl FnOnce(Kept) -> T) -> Met<T> {
        match self {
            Met::Known(kept) => Met::Known(known(kept)),
            Met::New => Met::New,
            Met::Passing => Met::Passing,
        }
    }
}

impl<'c, 'a, V, Out> Call<'c, 'a, V, Out> {
    /// The bytes that are not called for.
    #[inline]
    pub(super) fn way(&self) -> &'c [u8] {
        tail(self.path, self.jump)
    }
}

/// The last `len` bytes of a path, or all of them.
#[inline]
pub(super) fn tail(path: &[u8], len: usize) -> &[u8] {
    &path[path.len().saturating_sub(len)..]
}

/// What all of a subtrie has become, to be remembered.
pub(super) enum Whole<'f, 'a, V, Out, Kept> {
    /// Of a stepping fold: what the place itself is made into.
    Out(Out),
    /// Of a jumping fold: what the first location from the place on that is called for will be made of.
    Top { mask: ByteMask, below: Drain<'f, Out>, value: Option<&'a V> },
    /// The same, which is remembered already.
    Kept(Kept),
}

/// A location that has something below.
struct Point<'a, V> {
    /// The length of its path.
    at: usize,
    value: Option<&'a V>,
    /// The bytes by which its children have come so far, and where they lie in [`Folder::below`].
    mask: ByteMask,
    first: usize,
}

/// What the path leads to.
enum Tip<'a, V, Kept> {
    /// A point from which all hangs that is below it, or something that is yet to be walked.
    Nothing,
    /// The end of an entry: a value, or a dangling tip.
    Item(Option<&'a V>),
    /// A subtrie that is not walked.
    Kept(Kept),
}

/// A place whose entries are being visited.
struct Frame<'a, V> {
    place: Place<'a, V>,
    below: Below<'a, V>,
    /// The length of its path.
    start: usize,
    /// The number of points above.
    points: usize,
    often: bool,
    keep: bool,
    /// Whether it was pushed to [`Folder::shared`].
    shared: bool,
    /// How many bytes down its parts are remembered each by itself; `usize::MAX` for not at all.
    part: usize,
    /// Which factor of a product it is of.
    factor: usize,
}

impl<'a, V> Frame<'a, V> {
    /// All of a factor. It is come to once on each path, however many own its node.
    fn root(place: Place<'a, V>, start: usize, points: usize, factor: usize) -> Self {
        let below = place.below();
        let (often, keep, shared, part) = (false, false, false, usize::MAX);
        Self { place, below, start, points, often, keep, shared, part, factor }
    }

    /// Whether an entry of this length leads to, or through, a part that is remembered by itself.
    #[inline]
    fn has_part(&self, len: usize, end: EndRef<'a, V>) -> bool {
        // A value may have other entries of its part behind it.
        self.part < len || self.part == len && end.is_value()
    }
}

struct Folder<'a, 'f, V, F: Fold<'a, V>> {
    fold: F,
    /// What hangs at each tip of the one before.
    factors: &'f [Place<'a, V>],
    path: Vec<u8>,
    /// The locations on the path that are known to have something below, from the root down.
    points: Vec<Point<'a, V>>,
    /// What hangs from them, in path order.
    below: Vec<F::Out>,
    tip: Tip<'a, V, F::Kept>,
    /// The factor that the tip is of, or the last one that has been hung there.
    factor: usize,
    /// If parts are remembered: where on the path the roots of shared nodes are.
    shared: Vec<usize>,
}

/// Folds what is at and below a place, to which a path leads; none if nothing is there.
pub(super) fn fold<'a, V, F: Fold<'a, V>>(
    place: Option<Place<'a, V>>,
    path: &[u8],
    fold: F,
) -> Result<F::Out, F::Error> {
    fold_product(place.and_then(Place::own), place.as_slice(), path, fold)
}

/// Folds a product: the value at its root, and the factors, of which the first has something below it. Those of the others
/// are seen without the values at their own roots. The fold of more than one remembers nothing.
pub(super) fn fold_product<'a, V, F: Fold<'a, V>>(
    value: Option<&'a V>,
    factors: &[Place<'a, V>],
    path: &[u8],
    fold: F,
) -> Result<F::Out, F::Error> {
    // Room for what is usual, so that a small fold does not spend its time on making more.
    let (points, below, shared) = (Vec::with_capacity(16), Vec::with_capacity(32), Vec::new());
    let mut room = Vec::with_capacity(path.len() + 64);
    room.extend_from_slice(path);
    let path = room;
    let mut folder = Folder { fold, factors, path, points, below, tip: Tip::Nothing, factor: 0, shared };
    folder.run(value)
}

impl<'a, V, F: Fold<'a, V>> Folder<'a, '_, V, F> {
    fn run(&mut self, value: Option<&'a V>) -> Result<F::Out, F::Error> {
        let root = self.path.len();
        self.points.push(Point { at: root, value, mask: ByteMask::EMPTY, first: 0 });
        let mut frames = Vec::with_capacity(24);
        frames.extend(self.factors.first().map(|&place| Frame::root(place, root, 0, 0)));
        loop {
            let Some(frame) = frames.last_mut() else {
                let Some(next) = self.next_factor() else { break };
                frames.push(next);
                continue;
            };
            let Some(&entry) = frame.below.now() else {
                if frame.keep {
                    self.leave(frame)?;
                }
                if frame.shared {
                    self.shared.pop();
                }
                frames.pop();
                continue;
            };
            let shared = entry.suffix.common_prefix(&self.path[frame.start..]);
            let here = frame.start + shared;
            if here < self.path.len() {
                if let Some(next) = self.next_factor() {
                    frames.push(next);
                    continue;
                }
                self.turn(here, false)?;
            } else {
                self.go_on();
            }
            entry.suffix.append_from(shared, &mut self.path);
            let place = match entry.end {
                end if self.fold.part_len() > 0 && frame.has_part(entry.suffix.len(), end) => {
                    self.path.truncate(frame.start + frame.part);
                    let part = frame.below.place(frame.part);
                    frame.below.pass(part);
                    part
                }
                End::Child(child) => {
                    let place = Place::root(child.view());
                    // What is shared may be known, and then the next node is as well.
                    if !place.is_shared() {
                        frame.below.prefetch();
                    }
                    frame.below.advance();
                    place
                }
                End::Value(value) => {
                    frame.below.advance();
                    (self.tip, self.factor) = (Tip::Item(Some(value)), frame.factor);
                    continue;
                }
                End::Bare => {
                    frame.below.advance();
                    (self.tip, self.factor) = (Tip::Item(None), frame.factor);
                    continue;
                }
            };
            let often = frame.often || place.is_shared();
            // Of one byte, it is alone on its branch; behind more, a part of its way may be that of the next.
            let alone = self.path.len() == frame.start + 1;
            let keep = match self.fold.meet(place, &mut self.path, often) {
                Met::Known(kept) => {
                    if alone && self.is_branch(frame.start) {
                        self.hang(frame.start, kept)?;
                    } else {
                        self.tip = Tip::Kept(kept);
                    }
                    continue;
                }
                Met::New => true,
                Met::Passing => false,
            };
            let factor = frame.factor;
            if let Some(value) = place.own() {
                (self.tip, self.factor) = (Tip::Item(Some(value)), factor);
            }
            let (start, points) = (self.path.len(), self.points.len());
            let shared = self.fold.part_len() > 0 && place.is_node() && place.is_shared();
            if shared {
                self.shared.push(start);
            }
            let part = self.next_part(start);
            let below = place.below();
            frames.push(Frame { place, below, start, points, often, keep, shared, part, factor });
        }
        self.finish(root)
    }

    /// The next factor of a product, if the path ends at a tip, beyond which nothing of the factor before comes.
    #[inline]
    fn next_factor(&mut self) -> Option<Frame<'a, V>> {
        let &place = self.factors.get(self.factor + 1)?;
        if !matches!(self.tip, Tip::Item(_)) {
            return None;
        }
        self.factor += 1;
        Some(Frame::root(place, self.path.len(), self.points.len(), self.factor))
    }

    /// How many bytes down from here the next part begins: so far below the root of a shared node that nothing above that
    /// is seen there.
    #[inline]
    fn next_part(&self, start: usize) -> usize {
        if self.shared.is_empty() {
            return usize::MAX;
        }
        let begins = |at: &usize| at.saturating_add(self.fold.part_len());
        let passed = self.shared.partition_point(|at| begins(at) <= start);
        self.shared.get(passed).map_or(usize::MAX, |at| begins(at) - start)
    }

    /// Whether the location to which so much of the path leads is known to have children.
    #[inline]
    fn is_branch(&self, at: usize) -> bool {
        self.points.last().is_some_and(|top| top.at == at && !top.mask.is_empty_mask())
    }

    /// Hangs what is known of the path's end from the last point, without a look further up. (With the memory of the node
    /// met last, a fold of 4^16 paths by grafting went from 27,500 to 19,600 instructions.)
    #[inline]
    fn hang(&mut self, at: usize, kept: F::Kept) -> Result<(), F::Error> {
        let out = self.fold.resume(kept, &self.path, self.path.len() - at - 1)?;
        let top = self.points.last_mut().expect("the root is a point");
        top.mask.set_bit(self.path[at]);
        self.below.push(out);
        self.path.truncate(at);
        Ok(())
    }

    /// The path goes on from its end: a value there has something below. So may have a dangling tip, in a product.
    #[inline]
    fn go_on(&mut self) {
        let Tip::Item(value) = self.tip else { return };
        self.tip = Tip::Nothing;
        if value.is_some() {
            self.points.push(Point {
                at: self.path.len(),
                value,
                mask: ByteMask::EMPTY,
                first: self.below.len(),
            });
        }
    }

    /// How many of the bytes above `at` are not called for: those below the location that what is there will hang from,
    /// which is the last point, or `to` if that is below it. With `last`, nothing comes behind.
    #[inline]
    fn jump(&self, at: usize, to: usize, last: bool) -> usize {
        let top = self.points.last().expect("the root is a point");
        // A root that has but one child and no value is not called for: its child's call tells of all the way.
        let sole = last && self.points.len() == 1 && top.value.is_none() && top.mask.is_empty_mask();
        at - top.at.max(to) - !sole as usize
    }

    /// Closes the last point, which lies below `to`.
    fn close(&mut self, to: usize, last: bool) -> Result<F::Out, F::Error> {
        let point = self.points.pop().expect("there is a point below the root");
        let jump = self.jump(point.at, to, last);
        let below = &mut self.below[point.first..];
        let path = &self.path[..point.at];
        let out = self.fold.call(Call { mask: &point.mask, below, value: point.value, path, jump })?;
        self.below.truncate(point.first);
        Ok(out)
    }

    /// Closes all that is further down the path than `to`, and cuts the path.
    #[inline]
    fn turn(&mut self, to: usize, last: bool) -> Result<(), F::Error> {
        let mut at = self.path.len();
        let mut out = match mem::replace(&mut self.tip, Tip::Nothing) {
            Tip::Item(value) => {
                let (jump, path) = (self.jump(at, to, last), &self.path);
                self.fold.call(Call { mask: &ByteMask::EMPTY, below: &mut [], value, path, jump })?
            }
            Tip::Kept(kept) => self.fold.resume(kept, &self.path, self.jump(at, to, last))?,
            Tip::Nothing => self.close(to, last)?,
        };
        loop {
            let top = self.points.last_mut().expect("the root is a point");
            if F::STEPPING {
                for len in (top.at.max(to) + 1..at).rev() {
                    let (mask, path) = (ByteMask::from(self.path[len]), &self.path[..len]);
                    let below = &mut [out];
                    out = self.fold.call(Call { mask: &mask, below, value: None, path, jump: 0 })?;
                }
            }
            if top.at < to {
                let mask = ByteMask::from(self.path[to]);
                self.points.push(Point { at: to, value: None, mask, first: self.below.len() });
                self.below.push(out);
                break;
            }
            top.mask.set_bit(self.path[top.at]);
            self.below.push(out);
            if top.at == to {
                break;
            }
            at = top.at;
            out = self.close(to, last)?;
        }
        self.path.truncate(to);
        Ok(())
    }

    /// Closes a place that has been walked, as far as it stands for itself, and remembers it.
    fn leave(&mut self, frame: &Frame<'a, V>) -> Result<(), F::Error> {
        let &Frame { place, start, points, .. } = frame;
        let whole = if F::STEPPING {
            if start < self.path.len() {
                self.turn(start, false)?;
            } else {
                self.go_on();
            }
            let point = self.points.pop().expect("what lies below hangs from the place");
            let below = &mut self.below[point.first..];
            let path = &self.path;
            let out = self.fold.call(Call { mask: &point.mask, below, value: point.value, path, jump: 0 })?;
            self.below.truncate(point.first);
            Whole::Out(out)
        } else if let Some(top) = self.points.get(points) {
            let to = top.at;
            if to < self.path.len() {
                self.turn(to, false)?;
            }
            let top = self.points.pop().expect("the path was cut to the point");
            Whole::Top { mask: top.mask, below: self.below.drain(top.first..), value: top.value }
        } else {
            match mem::replace(&mut self.tip, Tip::Nothing) {
                Tip::Item(value) => {
                    Whole::Top { mask: ByteMask::EMPTY, below: self.below.drain(self.below.len()..), value }
                }
                Tip::Kept(kept) => Whole::Kept(kept),
                Tip::Nothing => unreachable!("no node is empty"),
            }
        };
        self.tip = Tip::Kept(self.fold.keep(place, &self.path, start, whole));
        Ok(())
    }

    /// Closes all there is.
    fn finish(&mut self, root: usize) -> Result<F::Out, F::Error> {
        if root < self.path.len() {
            self.turn(root, true)?;
        }
        let point = self.points.pop().expect("the root is a point");
        if !F::STEPPING && point.value.is_none() && self.below.len() == 1 {
            return Ok(self.below.pop().expect("there is one"));
        }
        let (below, path) = (&mut self.below, &self.path);
        self.fold.call(Call { mask: &point.mask, below, value: point.value, path, jump: 0 })
    }
}
