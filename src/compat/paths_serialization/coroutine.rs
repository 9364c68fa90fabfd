//! The sink as a coroutine (feature `nightly`).

use std::io::{self, Write};
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;

use super::{PathsWriter, SerializationStats};

/// Returns a [`PathsWriter`] as a coroutine, for a nightly compiler (feature `nightly`).
///
/// `resume(Some(path))` adds a path, and `resume(None)` ends the stream. The coroutine completes
/// with the statistics, or with the first error. New code can use [`PathsWriter`], which has the
/// same effect and compiles with a stable compiler.
///
/// # Panics
/// The coroutine panics if it is resumed after it has completed.
///
/// # Examples
/// ```
/// #![feature(coroutine_trait)]
/// use std::ops::{Coroutine, CoroutineState};
/// use std::pin::Pin;
///
/// let mut stream = Vec::new();
/// let mut sink = bytetrie::paths_serialization::paths_serialization_sink(&mut stream);
/// for path in ["romane", "romanus"] {
///     let state = Pin::new(&mut sink).resume(Some(path.as_bytes()));
///     assert!(matches!(state, CoroutineState::Yielded(())));
/// }
/// let CoroutineState::Complete(stats) = Pin::new(&mut sink).resume(None) else { unreachable!() };
/// assert_eq!(stats?.path_count, 2);
/// # std::io::Result::Ok(())
/// ```
pub fn paths_serialization_sink<'p, W: Write>(
    target: &mut W,
) -> impl Coroutine<Option<&'p [u8]>, Yield = (), Return = io::Result<SerializationStats>> {
    Sink(Some(PathsWriter::new(target)))
}

/// The writer until the coroutine has completed.
struct Sink<W>(Option<PathsWriter<W>>);

/// No value of this type is pinned: nothing refers into it.
impl<W> Unpin for Sink<W> {}

impl<'p, W: Write> Coroutine<Option<&'p [u8]>> for Sink<W> {
    type Yield = ();
    type Return = io::Result<SerializationStats>;

    fn resume(mut self: Pin<&mut Self>, path: Option<&'p [u8]>) -> CoroutineState<(), Self::Return> {
        let mut writer = self.0.take().expect("the coroutine has completed");
        let Some(path) = path else { return CoroutineState::Complete(writer.finish()) };
        match writer.push(path) {
            Ok(()) => {
                self.0 = Some(writer);
                CoroutineState::Yielded(())
            }
            Err(error) => CoroutineState::Complete(Err(error)),
        }
    }
}
