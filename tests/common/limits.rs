//! Runs a test under several limits on nodes.

use bytetrie::testing::limits::{Limits, with_limits};

pub(crate) fn under_both_limits(work: impl Fn()) {
    work();
    with_limits(Limits::TINY, work);
}
