//! Marks on the fast paths and fallbacks that tests must take, and moments in which they act.
//!
//! A test that compares results does not show which paths through the code it has taken. So each
//! of these paths has a mark, which counts how often this thread has passed it. A test fails if
//! the random programs miss a mark.
//!
//! Another thread may give up its owner of a node at any time, and so the answer to the question
//! whether a node has other owners may be out of date at once. A test can act in the moment before
//! any such question, and so try all these orders without a second thread.
//!
//! Both are active with the feature `testing`, and only in builds with debug assertions: benches
//! and examples turn the feature on too, and must run at full speed.

/// A fast path or a fallback whose passes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(feature = "testing"), allow(dead_code, reason = "only tests count the marks"))]
#[cfg_attr(not(feature = "testing"), allow(unreachable_pub, reason = "only tests name the marks"))]
pub enum Mark {
    /// A node is searched for a key.
    NodeSearched,
    /// A writer edits the node that it edited last, without a search from the root.
    EditedAgain,
    /// A writer tries to edit the node that it edited last, but the node is full, or the key
    /// leads elsewhere.
    NotEditedAgain,
    /// A writer continues from the frames of its trail.
    TrailFollowed,
    /// A query found the focus from a node below the root on its writer's trail.
    AskedOnTrail,
    /// A lookup reaches the end of an entry in one step.
    WentToEntry,
    /// A lookup passes runs of a node without making frames for them.
    WentFar,
    /// A lookup ends at the run of the entries that go on below the path.
    WentWithin,
    /// A lookup passes the rest of an edge and enters the child behind it in one step.
    PassedEdge,
    /// A factor of a product moves to its next location while the next factor stays at its root.
    SteppedAboveSeam,
    /// Iteration moves to the next byte of a wide node without a search of its masks.
    IteratedToByte,
    /// A step moves to the next byte of a wide node without a search of its masks.
    SteppedToByte,
    /// A node on a writer's way is copied because it has other owners.
    UnsharedOnTheWay,
    /// A list has no room.
    ListFull,
    /// A list has no room for a key that extends a dangling tip.
    ListFullOverTip,
    /// A list's dangling tip is replaced by a key that extends it.
    ListTipExtended,
    /// A suffix is too long for an entry.
    LongSuffix,
    /// A long suffix is cut at a path that has a value.
    LongSuffixOverValue,
    /// A list's group is pushed down into a child.
    PushedDown,
    /// A list becomes a wide node.
    Widened,
    /// A wide node's tail becomes a child of two entries.
    TailParted,
    /// A wide node's bare tail is replaced by a key that extends it.
    TailTipExtended,
    /// A list takes the entries of a child.
    ListAbsorbed,
    /// A wide node takes the entry of a child.
    WideAbsorbed,
    /// A wide node becomes a list again.
    Settled,
    /// A run of a node's entries is cut out.
    RunTaken,
    /// A lone value is joined into a larger subtrie along its path.
    LoneJoined,
    /// A lone value is looked up in the larger subtrie that is subtracted from it.
    LoneSubtracted,
    /// An edit was the last owner of a node, and leaves the drop to the caller.
    NodeBinned,
    /// A value's drop panicked, and the other values are dropped after it.
    DroppedAfterPanic,
}

#[cfg(feature = "testing")]
pub(crate) mod counted {
    use super::Mark;
    use std::cell::{Cell, RefCell};

    impl Mark {
        /// Every mark.
        pub const ALL: [Mark; 30] = [
            Mark::NodeSearched,
            Mark::EditedAgain,
            Mark::NotEditedAgain,
            Mark::TrailFollowed,
            Mark::AskedOnTrail,
            Mark::WentToEntry,
            Mark::WentFar,
            Mark::WentWithin,
            Mark::PassedEdge,
            Mark::SteppedAboveSeam,
            Mark::IteratedToByte,
            Mark::SteppedToByte,
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
            Mark::LoneJoined,
            Mark::LoneSubtracted,
            Mark::NodeBinned,
            Mark::DroppedAfterPanic,
        ];

        /// True iff this build counts marks and asks tests before each question.
        pub const ACTIVE: bool = cfg!(debug_assertions);

        /// Returns how often this thread has passed the mark.
        pub fn count(self) -> u64 {
            COUNTS.with(|counts| counts[self as usize].get())
        }
    }

    thread_local! {
        static COUNTS: [Cell<u64>; Mark::ALL.len()] = const { [const { Cell::new(0) }; Mark::ALL.len()] };
    }

    type Action = Box<dyn FnOnce()>;

    thread_local! {
        /// What a test does before a question, and how many questions come before that one.
        static PLANNED: RefCell<Option<(usize, Action)>> = const { RefCell::new(None) };
    }

    /// Runs `work`, and `act` immediately before its n-th question, from zero, whether a node has
    /// other owners. Returns the result of `work`, and whether `act` has run.
    pub fn before_question<R>(n: usize, act: impl FnOnce() + 'static, work: impl FnOnce() -> R) -> (R, bool) {
        struct Forget;
        impl Drop for Forget {
            fn drop(&mut self) {
                PLANNED.take();
            }
        }
        let _forget = Forget;
        PLANNED.set(Some((n, Box::new(act))));
        let result = work();
        (result, PLANNED.with_borrow(Option::is_none))
    }

    #[cfg_attr(not(debug_assertions), expect(dead_code, reason = "not active in this build"))]
    pub(crate) fn question() {
        // A thread that is ending plans nothing.
        let due = PLANNED.try_with(|planned| {
            let mut planned = planned.borrow_mut();
            match &mut *planned {
                Some((0, _)) => planned.take(),
                Some((left, _)) => {
                    *left -= 1;
                    None
                }
                None => None,
            }
        });
        if let Ok(Some((_, act))) = due {
            act();
        }
    }

    #[cfg_attr(not(debug_assertions), expect(dead_code, reason = "not active in this build"))]
    pub(crate) fn pass(mark: Mark) {
        // A thread that is ending has lost its counts.
        _ = COUNTS.try_with(|counts| counts[mark as usize].set(counts[mark as usize].get() + 1));
    }
}

/// Counts a pass of a mark.
#[inline(always)]
pub(crate) fn reached(mark: Mark) {
    #[cfg(all(feature = "testing", debug_assertions))]
    counted::pass(mark);
    #[cfg(not(all(feature = "testing", debug_assertions)))]
    let _ = mark;
}

/// Comes before each question whether a node has other owners.
#[inline(always)]
pub(crate) fn asks_for_owners() {
    #[cfg(all(feature = "testing", debug_assertions))]
    counted::question();
}
