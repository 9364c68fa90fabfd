//! What the allocator has given out.

use tikv_jemalloc_ctl::thread;

/// The bytes that this thread has allocated and not freed, counted in the sizes that jemalloc
/// hands out.
///
/// The thread's own counters are exact: they do not count what is cached for its next allocation.
pub(crate) fn live() -> i64 {
    let allocated = thread::allocatedp::read().expect("jemalloc is built with stats").get();
    let freed = thread::deallocatedp::read().expect("jemalloc is built with stats").get();
    allocated.wrapping_sub(freed) as i64
}
