//! Running a test where recursion has no room.

/// Runs a test on a stack of so many KiB: what recurses on the depth of a trie overflows a small
/// one.
pub(crate) fn on_stack<R: Send>(kib: usize, work: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(kib << 10);
        let thread = builder.spawn_scoped(scope, work).expect("a thread can be started");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
