//! The state of the walk: its frames, and what they have in common.

use std::collections::HashMap;

use super::reduce::{Reduced, Residuals};
use super::sorted::{Member, SortedEntries, SortedMark};
use super::values::PartValue;
use crate::algebra::build::{HeldValue, Notes, NotesMark, Outcome};
use crate::algebra::leaves::Leaves;
use crate::algebra::pairs::PairFrame;
use crate::bytes::ByteMask;
use crate::node::{Key, Place, Shared, Suffix};

/// The group of places on the way down, and the result at and below them so far. All masks are of
/// operands.
pub(super) struct Frame<'a, V> {
    pub(super) residual: u32,
    /// The number of the frame's first place among all places of frames.
    pub(super) members: usize,
    /// The position of the frame's first entry and run.
    pub(super) entries: SortedMark,
    /// The number of the next run.
    pub(super) run: usize,
    /// The number of the next entry, and the end of its run.
    pub(super) next: usize,
    pub(super) run_end: usize,
    /// The result's value at the places themselves.
    pub(super) own: Option<HeldValue<'a, V>>,
    /// The operands whose places the result equals so far.
    pub(super) same: u64,
    /// Whether one of the nodes is large.
    pub(super) large: bool,
    /// The position of the frame's first note.
    pub(super) notes: NotesMark,
    /// The residual and the keys of the places, if the walk may reach the group again.
    pub(super) again: Option<(u32, Vec<Key>)>,
    /// The fork whose result this frame waits for.
    pub(super) fork: Option<Fork<'a, V>>,
}

/// A path below which the result is not known yet.
pub(super) struct Fork<'a, V> {
    pub(super) suffix: Suffix<'a>,
    /// The operands that have the path.
    pub(super) present: u64,
    pub(super) tips: Option<Box<ForkTips<'a, V>>>,
}

/// The operands of a fork, if its path dangles in some of them.
pub(super) struct ForkTips<'a, V> {
    pub(super) residual: Reduced,
    /// The operands in which the path dangles.
    pub(super) tips: u64,
    /// The places of the other ones, by the numbers of the operands.
    pub(super) places: Vec<Option<Place<'a, V>>>,
}

/// A walk over the places of some operands.
pub(super) struct Walk<'a, V> {
    pub(super) residuals: Residuals<V>,
    pub(super) frames: Vec<Frame<'a, V>>,
    /// The places of all frames, those of the lowest frame last.
    pub(super) places: Vec<Member<'a, V>>,
    pub(super) sorted: SortedEntries<'a, V>,
    pub(super) notes: Notes<'a, V>,
    /// The places at which a frame is about to be opened, in the order of their operands.
    pub(super) members: Vec<Member<'a, V>>,
    /// The frames for two places, which `combine` walks.
    pub(super) pair: Vec<PairFrame<'a, V>>,
    /// The results of groups with a place in a node that has more than one owner; see `pairs`.
    /// Their masks are of operands.
    pub(super) met: HashMap<(u32, Vec<Key>), Outcome<Shared<V>>>,
    pub(super) parts: Vec<PartValue<'a, V>>,
    /// The values at one path, with their operands.
    pub(super) found: Vec<(usize, &'a V)>,
    pub(super) leaves: Leaves<'a, V>,
    /// The first bytes of the entries of each operand.
    pub(super) heads: Vec<ByteMask>,
    pub(super) masks: Vec<ByteMask>,
}

impl<'a, V: Clone> Walk<'a, V> {
    pub(super) fn new() -> Self {
        Self {
            residuals: Residuals::new(),
            frames: Vec::new(),
            places: Vec::new(),
            sorted: SortedEntries::new(),
            notes: Notes::new(),
            members: Vec::new(),
            pair: Vec::new(),
            met: HashMap::new(),
            parts: Vec::new(),
            found: Vec::new(),
            leaves: Leaves::new(),
            heads: Vec::new(),
            masks: Vec::new(),
        }
    }
}
