//! Common helpers of the tests of heads.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use bytetrie::PathMap;
use bytetrie::testing::keys::Rng;

pub(crate) type Model = BTreeMap<Vec<u8>, u64>;

pub(crate) fn content(map: &PathMap<u64>) -> Model {
    map.iter().map(|(path, &value)| (path, value)).collect()
}

fn below(i: u64) -> impl Iterator<Item = (Vec<u8>, u64)> {
    (0..i).map(move |n| (format!("{}/{n}", n * 7 % 23).into_bytes(), i * 100 + n))
}

/// Creates a map with paths next to, above and below the paths that the tests write.
pub(crate) fn furnished() -> PathMap<u64> {
    let mut map: PathMap<u64> = below(40).collect();
    for i in 0..40 {
        map.insert(format!("w/{i:02}"), i);
        map.insert(format!("w/{i:02}/leaf"), 100 + i);
        map.insert(format!("common/prefix/{i}"), 200 + i);
    }
    map
}

pub(crate) fn random(rng: &mut Rng, below: u64) -> u64 {
    u64::from_be_bytes(rng.bytes(8).try_into().expect("eight bytes")) % below
}

/// Unwinds without calling the panic hook.
pub(crate) fn unwind<R>(work: impl FnOnce() -> R) {
    struct Planned;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _kept = work();
        resume_unwind(Box::new(Planned));
    }));
    outcome.map_or_else(|panic| assert!(panic.is::<Planned>()), |()| unreachable!("it unwinds"));
}

/// Blocks this thread on a future.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
