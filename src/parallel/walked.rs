//! The outcome of a walk.

/// The outcome of a walk: whether it was complete, and how many locations it visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Walked {
    /// True iff nothing stopped the walk early. What a visitor skips does not count as missing.
    pub complete: bool,
    /// The number of locations that were visited. In a fold from the tips, the number of calls of
    /// the algebra.
    pub visited: u64,
    /// The reason why the walk was stopped, if it was.
    pub stopped: Option<Stop>,
}

/// The reason why a walk ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// A visitor returned [`WalkState::Quit`](super::WalkState::Quit).
    Quit,
    /// The flag given to [`cancel`](super::WalkParallel::cancel) was set.
    Cancelled,
    /// The deadline or the timeout passed.
    Deadline,
}
