//! Marks on the fast paths and fallbacks that tests must take.
//!
//! A test that compares results says nothing about a path that it never takes. So each such path
//! has a mark, which counts how often it was passed on this thread. A test fails if the random
//! programs leave a mark out. Without the feature `testing`, a mark does nothing.

/// A path through the code that is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(feature = "testing"), allow(dead_code, reason = "only tests count the marks"))]
#[cfg_attr(not(feature = "testing"), allow(unreachable_pub, reason = "only tests name the marks"))]
pub enum Mark {
    /// A node is searched for a key.
    NodeSearched,
    /// A writer edits the node that it edited last, without a search from the root.
    EditedAgain,
    /// It tries to, and the node is full, or the key goes on elsewhere.
    NotEditedAgain,
    /// A writer goes on from the frames of its trail.
    TrailFollowed,
    /// A path is looked up to the end of an entry at once.
    WentToEntry,
    /// A path is looked up past runs of a node that get no frames.
    WentFar,
    /// A node on a writer's way was copied because others own it too.
    UnsharedOnTheWay,
    /// A list has no room.
    ListFull,
    /// A list has no room for a key that extends a dangling tip.
    ListFullOverTip,
    /// A list's tip is replaced by what extends it.
    ListTipExtended,
    /// A suffix is too long for an entry.
    LongSuffix,
    /// A value lies where a long suffix is cut.
    LongSuffixOverValue,
    /// A list's group is pushed down into a child.
    PushedDown,
    /// A list becomes a wide node.
    Widened,
    /// A wide node's tail becomes a child of two entries.
    TailParted,
    /// A wide node's bare tail is replaced by what extends it.
    TailTipExtended,
    /// A list takes the entries of a child.
    ListAbsorbed,
    /// A wide node takes the entry of a child.
    WideAbsorbed,
    /// A wide node becomes a list again.
    Settled,
    /// A run of a node's entries is cut out.
    RunTaken,
    /// An edit was the last owner of a node, and leaves its drop to the caller.
    NodeBinned,
    /// A value's drop panicked, and the others are dropped after it.
    DroppedAfterPanic,
}

#[cfg(feature = "testing")]
mod counted {
    use super::Mark;
    use std::cell::Cell;

    impl Mark {
        /// Every mark.
        pub const ALL: [Mark; 22] = [
            Mark::NodeSearched,
            Mark::EditedAgain,
            Mark::NotEditedAgain,
            Mark::TrailFollowed,
            Mark::WentToEntry,
            Mark::WentFar,
            Mark::UnsharedOnTheWay,
            Mark::ListFull,
            Mark::ListFullOverTip,
            Mark::ListTipExtended,
            Mark::LongSuffix,
            Mark::LongSuffixOverValue,
            Mark::PushedDown,
            Mark::Widened,
            Mark::TailParted,
            Mark::TailTipExtended,
            Mark::ListAbsorbed,
            Mark::WideAbsorbed,
            Mark::Settled,
            Mark::RunTaken,
            Mark::NodeBinned,
            Mark::DroppedAfterPanic,
        ];

        /// How often this thread has passed the mark.
        pub fn count(self) -> u64 {
            COUNTS.with(|counts| counts[self as usize].get())
        }
    }

    thread_local! {
        static COUNTS: [Cell<u64>; Mark::ALL.len()] = const { [const { Cell::new(0) }; Mark::ALL.len()] };
    }

    pub(crate) fn pass(mark: Mark) {
        // A thread that is ending has lost its counts.
        _ = COUNTS.try_with(|counts| counts[mark as usize].set(counts[mark as usize].get() + 1));
    }
}

/// Passes a mark.
#[inline(always)]
pub(crate) fn reached(mark: Mark) {
    #[cfg(feature = "testing")]
    counted::pass(mark);
    #[cfg(not(feature = "testing"))]
    let _ = mark;
}
