//! Runs a test on a small stack.

/// Runs a test on a stack of this number of KiB, which code that recurses on the depth of a trie
/// overflows.
pub(crate) fn on_stack<R: Send>(kib: usize, work: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(kib << 10);
        let thread = builder.spawn_scoped(scope, work).expect("a thread can be started");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
