//! Open stops, and the tasks that are stacks of them.

use super::results::Results;
use crate::bytes::ByteMask;
use crate::node::Place;

/// The number of a join.
pub(super) type JoinId = usize;

/// What tells a node from all others while the snapshot lives.
pub(super) type NodeId = usize;

/// What is done with the results of an open stop when none of its branches is left.
pub(super) enum Completion {
    /// The algebra is called. If the stop is the first one in a shared node, its result is also
    /// put into the node's memo.
    Call(Option<NodeId>),
    /// The open stop has some of the branches of a stop that is in a join. Their results are
    /// contributed to the join.
    Contribute(JoinId),
}

/// A stop whose branches are being folded.
pub(super) struct OpenStop<'w, V, T> {
    /// `None` if there is no node at the stop; then it has no branches.
    pub(super) place: Option<Place<'w, V>>,
    /// The length of its path.
    pub(super) len: usize,
    /// The branches that have not been begun.
    pub(super) rest: ByteMask,
    pub(super) completion: Completion,
    pub(super) results: Results<T>,
}

impl<'w, V, T> OpenStop<'w, V, T> {
    /// A stop of which no branch has been begun.
    #[inline]
    pub(super) fn new(place: Option<Place<'w, V>>, len: usize, memo: Option<NodeId>) -> Self {
        let rest = place.map_or(ByteMask::EMPTY, Place::child_mask);
        Self { place, len, rest, completion: Completion::Call(memo), results: Results::new() }
    }

    /// The branches `rest` of a stop that is in a join.
    pub(super) fn part(place: Option<Place<'w, V>>, len: usize, rest: ByteMask, join: JoinId) -> Self {
        Self { place, len, rest, completion: Completion::Contribute(join), results: Results::new() }
    }

    /// Other branches of the stop that this is a part of.
    pub(super) fn other_part(&self, rest: ByteMask, join: JoinId) -> Self {
        Self::part(self.place, self.len, rest, join)
    }

    /// The join that its results are contributed to, if it is a part.
    pub(super) fn join(&self) -> Option<JoinId> {
        match self.completion {
            Completion::Call(_) => None,
            Completion::Contribute(join) => Some(join),
        }
    }
}

/// Work that a thread can take: a stack of parts, and the path to the topmost of them.
pub(super) struct FoldTask<'w, V, T> {
    /// Which root of the walk it is below.
    pub(super) root: usize,
    pub(super) path: Vec<u8>,
    pub(super) stops: Vec<OpenStop<'w, V, T>>,
}
