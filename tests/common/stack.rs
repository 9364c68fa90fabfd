//! Running a test where recursion has no room.

/// Runs a test on a stack of 128 KiB: what recurses on the depth of a trie overflows it.
pub(crate) fn on_small_stack<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(128 << 10);
        let thread = builder.spawn_scoped(scope, work).expect("a thread can be started");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
