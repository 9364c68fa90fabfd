//! The output stream as a coroutine (feature `nightly`).

use std::io;
use std::marker::PhantomData;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;

use super::stream::ACTOutputStream;
use super::tree::ACTMmap;

/// Returns an [`ACTOutputStream`] as a coroutine, for a nightly compiler (feature `nightly`).
///
/// `resume(Some(path))` adds a path with the value 0, and `resume(None)` finishes the file. The
/// coroutine completes with the tree, or with the first error. New code can use
/// [`ACTOutputStream`], which compiles with a stable compiler.
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
/// use bytetrie::arena_compact::{ACTOutputStream, act_serialization_sink};
///
/// let path = std::env::temp_dir().join(format!("bytetrie-act-sink-{}", std::process::id()));
/// let mut sink = act_serialization_sink(ACTOutputStream::new(&path)?);
/// for path in ["romane", "romanus"] {
///     let state = Pin::new(&mut sink).resume(Some(path.as_bytes()));
///     assert!(matches!(state, CoroutineState::Yielded(())));
/// }
/// let CoroutineState::Complete(tree) = Pin::new(&mut sink).resume(None) else { unreachable!() };
/// assert_eq!(tree?.get_val_at("romanus"), Some(0));
/// # std::fs::remove_file(&path)?;
/// # std::io::Result::Ok(())
/// ```
pub fn act_serialization_sink<'p>(
    out: ACTOutputStream,
) -> impl Coroutine<Option<&'p [u8]>, Yield = (), Return = io::Result<ACTMmap>> {
    sink(out, |out, path| out.push(path))
}

/// Returns an [`ACTOutputStream`] as a coroutine like [`act_serialization_sink`], which takes a
/// value with each path.
///
/// # Panics
/// The coroutine panics if it is resumed after it has completed.
pub fn act_serialization_sink_with_vals<'p>(
    out: ACTOutputStream,
) -> impl Coroutine<Option<(&'p [u8], u64)>, Yield = (), Return = io::Result<ACTMmap>> {
    sink(out, |out, (path, value)| out.push_val(path, value))
}

fn sink<T, P>(out: ACTOutputStream, push: P) -> Sink<T, P>
where
    P: FnMut(&mut ACTOutputStream, T) -> io::Result<()>,
{
    Sink { out: Some(out), push, items: PhantomData }
}

/// The stream until the coroutine has completed.
struct Sink<T, P> {
    out: Option<ACTOutputStream>,
    push: P,
    items: PhantomData<fn(T)>,
}

/// No value of this type is pinned: nothing refers into it.
impl<T, P> Unpin for Sink<T, P> {}

impl<T, P> Coroutine<Option<T>> for Sink<T, P>
where
    P: FnMut(&mut ACTOutputStream, T) -> io::Result<()>,
{
    type Yield = ();
    type Return = io::Result<ACTMmap>;

    fn resume(mut self: Pin<&mut Self>, item: Option<T>) -> CoroutineState<(), Self::Return> {
        let mut out = self.out.take().expect("the coroutine has completed");
        let Some(item) = item else { return CoroutineState::Complete(out.finish()) };
        match (self.push)(&mut out, item) {
            Ok(()) => {
                self.out = Some(out);
                CoroutineState::Yielded(())
            }
            Err(error) => CoroutineState::Complete(Err(error)),
        }
    }
}
