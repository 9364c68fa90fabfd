//! How large a list may grow, and when a child is absorbed again.

/// The limits of a list node.
///
/// The limits bound costs and never change a result, so tests shrink them to reach splits with
/// few keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most entries of a list, 2 to 32.
    pub entries: usize,
    /// The most bytes of a list that has more than [`FEW`](Self::FEW) entries.
    pub bytes: usize,
}

impl Limits {
    /// This many entries, or fewer, make a list however long their suffixes are: a wide node
    /// would pay for 256 places.
    pub const FEW: usize = 4;

    /// The longest suffix of one entry; a longer one is continued in a child. 32 such suffixes
    /// fit a 16-bit offset.
    pub(crate) const SUFFIX: usize = 2_000;

    /// The limits that the library runs with.
    pub const DEFAULT: Self = Self { entries: 32, bytes: 1_024 };

    /// Limits so small that programs of a few keys reach every kind of node and every split.
    #[cfg(any(test, feature = "testing"))]
    pub const TINY: Self = Self { entries: 3, bytes: 96 };

    /// The most entries of a list whose suffixes are all one byte long. With more, a wide node is
    /// about as small, and adds a byte without moving the others.
    #[inline]
    pub(crate) fn dense(self) -> usize {
        (self.entries * 3 / 4).max(Self::FEW)
    }

    /// The limits in force on this thread. They are constant without debug assertions, so that
    /// benches and examples, which turn the feature `testing` on, run at full speed.
    #[inline]
    pub(crate) fn current() -> Self {
        #[cfg(all(feature = "testing", debug_assertions))]
        return testing::CURRENT.get();
        #[cfg(not(all(feature = "testing", debug_assertions)))]
        return Self::DEFAULT;
    }

    /// Runs `f` under these limits, on a thread that works for another one with these limits in
    /// force.
    #[cfg(feature = "rayon")]
    #[inline]
    pub(crate) fn during<R>(self, f: impl FnOnce() -> R) -> R {
        #[cfg(all(feature = "testing", debug_assertions))]
        return testing::with_limits(self, f);
        #[cfg(not(all(feature = "testing", debug_assertions)))]
        f()
    }
}

/// The most entries of a list.
pub(crate) fn list_entries() -> usize {
    Limits::current().entries
}

#[cfg(feature = "testing")]
pub(crate) mod testing {
    use super::Limits;
    use std::cell::Cell;

    thread_local! {
        #[cfg_attr(not(debug_assertions), allow(dead_code, reason = "written, but not read"))]
        pub(super) static CURRENT: Cell<Limits> = const { Cell::new(Limits::DEFAULT) };
    }

    /// Runs `f` with other node limits on this thread. Without debug assertions, the limits stay
    /// as they are.
    ///
    /// # Panics
    /// Panics if `limits.entries` is not in `2..=32`.
    pub fn with_limits<R>(limits: Limits, f: impl FnOnce() -> R) -> R {
        struct Restore(Limits);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(self.0);
            }
        }
        assert!((2..=32).contains(&limits.entries), "a list has 2 to 32 entries");
        let _restore = Restore(CURRENT.replace(limits));
        f()
    }
}
