//! How a walk has ended.

/// What a walk did, and whether it did all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Walked {
    /// True iff nothing has stopped the walk. What a visitor skips is not missed by this.
    pub complete: bool,
    /// How many locations were visited; in a fold up the tree, how many times the algebra was asked.
    pub visited: u64,
    /// What has stopped the walk, if anything has.
    pub stopped: Option<Stop>,
}

/// Why a walk ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// A visitor has answered [`WalkState::Quit`](super::WalkState::Quit).
    Quit,
    /// The flag that was given to [`cancel`](super::WalkParallel::cancel) was set.
    Cancelled,
    /// The deadline passed.
    Deadline,
}
