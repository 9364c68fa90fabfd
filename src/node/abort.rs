//! Moments in which a panic must not unwind.

/// Aborts the process if it is dropped. It is forgotten when the moment has passed.
///
/// While a node is taken apart, its contents have no owner or two. The code of such a moment does
/// not panic, unless this crate has a bug. Unwinding would then drop something twice.
pub(super) struct Abort;

impl Drop for Abort {
    fn drop(&mut self) {
        std::process::abort();
    }
}
