//! The memory that is allocated.

use tikv_jemalloc_ctl::thread;

/// Returns the bytes that this thread has allocated and not freed, in jemalloc's size classes.
///
/// The counters of the thread are exact: they exclude memory that is cached for its next
/// allocations.
pub(crate) fn live() -> i64 {
    let allocated = thread::allocatedp::read().expect("jemalloc is built with stats").get();
    let freed = thread::deallocatedp::read().expect("jemalloc is built with stats").get();
    allocated.wrapping_sub(freed) as i64
}
