//! jemalloc as the global allocator (feature `jemalloc`).

/// The default allocator is the bottleneck when many threads fill tries; jemalloc is not.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
