//! Runs tests on maps whose values are counted.

use bytetrie::PathMap;
use bytetrie::testing::values::{Census, Counted};

use super::keys::keys;
use super::limits::under_both_limits;

pub(crate) fn number(i: usize) -> u8 {
    (i % 251) as u8
}

pub(crate) fn counted_map(census: &Census) -> PathMap<Counted> {
    keys().into_iter().enumerate().map(|(i, key)| (key, census.counted(number(i)))).collect()
}

/// Runs work under both limits with a census, and checks that no value leaks.
#[track_caller]
pub(crate) fn no_leak(work: impl Fn(&Census)) {
    under_both_limits(|| {
        let census = Census::new();
        work(&census);
        assert_eq!(census.live(), 0);
    });
}
