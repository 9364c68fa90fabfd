//! Values whose clones and drops use the head of their map, and wakers that do: no user code runs
//! under a head's lock, and a call that would wait for its own thread fails.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use bytetrie::zipper::*;
use bytetrie::{Conflict, PathMap, ZipperKind};

type Head = ZipperHeadOwned<Asks>;
type Question = Box<dyn FnMut(&Arc<Head>)>;

thread_local! {
    /// The question that a clone asks, and the head. Taken out while asking, so that nested clones
    /// ask nothing.
    static ASKED: RefCell<Option<(Arc<Head>, Question)>> = const { RefCell::new(None) };
    static CLONES: Cell<usize> = const { Cell::new(0) };
}

/// A value whose clone calls a head.
#[derive(Debug, PartialEq)]
struct Asks(u32);

impl Clone for Asks {
    fn clone(&self) -> Self {
        CLONES.set(CLONES.get() + 1);
        if let Some((head, mut question)) = ASKED.take() {
            question(&head);
            ASKED.set(Some((head, question)));
        }
        Self(self.0)
    }
}

/// Runs on a separate thread, so that a deadlock is reported instead of blocking the test.
fn in_time(work: impl FnOnce() + Send + 'static) {
    let (done, is_done) = mpsc::channel();
    let worker = thread::spawn(move || {
        work();
        done.send(()).expect("main listens");
    });
    match is_done.recv_timeout(Duration::from_secs(60)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("a thread waits for itself"),
        _ => worker.join().expect("it ends"),
    }
}

/// Creates a head whose nodes are shared with a map, and returns both.
fn shared() -> (Arc<Head>, PathMap<Asks>) {
    let mut map = PathMap::new();
    for (i, path) in ["a/1", "a/2", "b"].into_iter().enumerate() {
        map.insert(path, Asks(i as u32 + 1));
    }
    for i in 0..200u8 {
        map.insert([b'c', i, i], Asks(u32::from(i)));
    }
    let snapshot = map.clone();
    (Arc::new(map.into_zipper_head([])), snapshot)
}

/// Creates a writer at `path`, and asks `question` within each clone that this causes.
fn asking(
    head: &Arc<Head>,
    path: impl AsRef<[u8]>,
    question: impl FnMut(&Arc<Head>) + 'static,
) -> Result<WriteZipperTracked<'static, 'static, Asks>, Conflict> {
    ASKED.set(Some((Arc::clone(head), Box::new(question))));
    let before = CLONES.get();
    let writer = head.take_owned_write_zipper_at_exclusive_path(path);
    ASKED.set(None);
    assert!(CLONES.get() > before, "nothing was cloned");
    writer
}

fn content(map: &PathMap<Asks>) -> Vec<(Vec<u8>, u32)> {
    map.iter().map(|(path, value)| (path, value.0)).collect()
}

// Clones.

#[test]
fn a_clone_may_ask_its_head_for_what_is_free() {
    in_time(|| {
        let (head, snapshot) = shared();
        let before = content(&snapshot);
        let writer = asking(&head, "a/1", |head| {
            assert_eq!(head.take_owned_read_zipper_at_path("b").unwrap().val(), Some(&Asks(3)));
            assert!(head.take_owned_read_zipper_at_path("elsewhere").unwrap().val().is_none());
            let long = Duration::MAX;
            drop(head.take_owned_write_zipper_at_exclusive_path_timeout("elsewhere", long).unwrap());
            assert!(format!("{head:?}").contains("a/1"));
        });
        drop(writer.unwrap());
        let map = Arc::into_inner(head).unwrap().into_map();
        map.check().unwrap();
        assert_eq!(content(&map), before);
        assert_eq!(content(&snapshot), before);
    });
}

#[test]
fn a_clone_that_asks_for_the_path_itself_is_refused_and_never_waits() {
    in_time(|| {
        let (head, _snapshot) = shared();
        let refusals = Arc::new(Mutex::new(Vec::new()));
        let refused = Arc::clone(&refusals);
        let writer = asking(&head, "a/1", move |head| {
            let long = Duration::MAX;
            let mut refused = refused.lock().unwrap();
            for path in ["a/1", "a", "a/1/below"] {
                refused.push(head.take_owned_write_zipper_at_exclusive_path(path).unwrap_err());
                refused.push(head.take_owned_read_zipper_at_path_timeout(path, long).unwrap_err());
                refused.push(head.take_owned_write_zipper_at_exclusive_path_timeout(path, long).unwrap_err());
            }
            // A future cannot fail, and must not be waited for.
            let mut future = pin!(head.take_owned_write_zipper_at_exclusive_path_async("a"));
            let poll = || future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
            let panic = catch_unwind(AssertUnwindSafe(poll)).unwrap_err();
            assert!(panic.downcast_ref::<String>().unwrap().contains("does not wait"), "{panic:?}");
        });
        drop(writer.unwrap());
        let refusals = refusals.lock().unwrap();
        assert!(!refusals.is_empty() && refusals.len().is_multiple_of(9));
        for (i, conflict) in refusals.iter().enumerate() {
            assert_eq!((conflict.path(), conflict.kind()), (&b"a/1"[..], ZipperKind::Writer));
            let says_why = conflict.to_string().ends_with("a call from within a value's clone does not wait");
            assert_eq!(says_why, i % 3 != 0, "{conflict}");
        }
        assert!(head.take_owned_write_zipper_at_exclusive_path("").is_ok(), "nobody is left in the queue");
    });
}

/// By then, another copy is in the place of the node that was to be replaced.
#[test]
fn a_clone_that_writes_beside_is_not_lost() {
    in_time(|| {
        let (head, snapshot) = shared();
        let before = content(&snapshot);
        let mut round = 100;
        let writer = asking(&head, "a/1", move |head| {
            round += 1;
            for path in ["a/2", "b", "c", "new"] {
                if let Ok(mut writer) = head.take_owned_write_zipper_at_exclusive_path(path) {
                    writer.set_val(Asks(round));
                }
            }
        });
        let mut writer = writer.unwrap();
        writer.set_val(Asks(7));
        drop(writer);
        let map = Arc::into_inner(head).unwrap().into_map();
        map.check().unwrap();
        let value = |path: &str| map.get(path).map_or(0, |value| value.0);
        assert_eq!(value("a/1"), 7);
        for path in ["a/2", "b", "c", "new"] {
            assert!(value(path) > 100, "what was written at {path} is lost");
        }
        assert_eq!(map.len(), before.len() + 2);
        assert_eq!(content(&snapshot), before, "the other owner sees nothing of it");
    });
}

/// Readers next to the path share the nodes repeatedly. They replace no node, so the writer is
/// created.
#[test]
fn a_clone_that_reads_beside_holds_nothing_up() {
    in_time(|| {
        let (head, _snapshot) = shared();
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&kept);
        let writer = asking(&head, [b'c', 5, 5], move |head| {
            let mut kept = keep.lock().unwrap();
            for path in [&b"a"[..], b"b", b"c\x06", b"c\x07\x07", b"c\x08"] {
                kept.push(head.take_owned_read_zipper_at_path(path).unwrap());
            }
        });
        let mut writer = writer.unwrap();
        assert_eq!(writer.set_val(Asks(1000)), Some(Asks(5)));
        drop(writer);
        for reader in kept.lock().unwrap().drain(..) {
            assert!(reader.val_count() >= 1);
        }
        let map = Arc::into_inner(head).unwrap().into_map();
        map.check().unwrap();
        assert_eq!((map.get([b'c', 5, 5]), map.len()), (Some(&Asks(1000)), 203));
    });
}

/// A value whose clone and drop make another thread use the head, and wait for it.
struct Remote(Arc<Mutex<Option<Line>>>);

/// Channels to the thread that uses the head, and back.
type Line = (mpsc::Sender<()>, mpsc::Receiver<usize>);

thread_local! {
    /// On the thread that uses the head, clones and drops do not call another thread.
    static ANSWERS: Cell<bool> = const { Cell::new(false) };
}

impl Remote {
    fn call(&self) {
        if ANSWERS.get() {
            return;
        }
        let line = self.0.lock().unwrap();
        if let Some((ask, answer)) = &*line {
            ask.send(()).expect("somebody listens");
            answer.recv_timeout(Duration::from_secs(30)).expect("the head's lock is held meanwhile");
        }
    }
}

impl Clone for Remote {
    fn clone(&self) -> Self {
        self.call();
        Self(Arc::clone(&self.0))
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.call();
    }
}

/// Runs `work` with a head while each clone and drop of a value makes another thread use the head.
fn remotely<'t, H: ZipperCreation<'t, Remote> + Sync + 't>(
    line: &Arc<Mutex<Option<Line>>>,
    head: &H,
    work: impl FnOnce(&H),
) -> usize {
    let (ask, asked) = mpsc::channel::<()>();
    let (answer, answered) = mpsc::channel();
    thread::scope(|scope| {
        let other = scope.spawn(move || {
            ANSWERS.set(true);
            let mut calls = 0;
            for () in asked {
                drop(head.read_zipper_at_path("z/elsewhere"));
                drop(head.write_zipper_at_exclusive_path_timeout("z/elsewhere", Duration::ZERO));
                calls += 1;
                answer.send(calls).expect("the value waits");
            }
            calls
        });
        *line.lock().unwrap() = Some((ask, answered));
        work(head);
        *line.lock().unwrap() = None;
        other.join().expect("it ends")
    })
}

#[test]
fn other_threads_use_heads_while_values_are_cloned_and_dropped() {
    let line = Arc::new(Mutex::new(None));
    let value = || Remote(Arc::clone(&line));
    let map =
        || -> PathMap<Remote> { ["a/1", "a/2", "b", "z"].into_iter().map(|path| (path, value())).collect() };
    fn work<'t, H: ZipperCreation<'t, Remote> + 't>(head: &H, others: PathMap<Remote>, value: Remote) {
        let mut first = head.write_zipper_at_exclusive_path("a/1").unwrap();
        let second = head.write_zipper_at_exclusive_path("a/2").unwrap();
        first.set_val(value);
        let reader = second.into_read_zipper();
        drop(others);
        drop(reader.clone());
        drop(reader);
        first.remove_val(false);
        head.cleanup_write_zipper(first);
    }
    // Borrowed.
    let mut borrowed = map();
    let others = borrowed.clone();
    let head = borrowed.zipper_head();
    assert!(remotely(&line, &head, |head| work(head, others, value())) >= 4);
    drop(head);
    assert_eq!(borrowed.len(), 3);
    // Owned.
    let owned = map();
    let others = owned.clone();
    let head = owned.into_zipper_head([]);
    assert!(remotely(&line, &head, |head| work(head, others, value())) >= 4);
    assert_eq!(head.into_map().len(), 3);
    // Nested, below a writer of an outer head.
    let mut outer: PathMap<Remote> = PathMap::new();
    outer.write_zipper_at_path(b"below/").graft_map(map());
    let others = outer.clone();
    let head = outer.zipper_head();
    let mut writer = head.write_zipper_at_exclusive_path("below/").unwrap();
    let nested = writer.zipper_head();
    assert!(remotely(&line, &nested, |nested| work(nested, others, value())) >= 4);
    drop(nested);
    drop(writer);
    drop(head);
    assert_eq!(outer.len(), 3);
}

// Wakers.

/// A waker whose wake and drop use the head.
struct UsesTheHead {
    head: Arc<ZipperHeadOwned<u64>>,
    woken: AtomicUsize,
    dropped: Arc<AtomicUsize>,
}

impl UsesTheHead {
    fn look(&self) {
        assert!(self.head.read_zipper_at_path("elsewhere").is_ok());
        assert!(format!("{:?}", self.head).starts_with("ZipperHeadOwned"));
    }
}

impl Wake for UsesTheHead {
    fn wake(self: Arc<Self>) {
        self.look();
        self.woken.fetch_add(1, SeqCst);
    }
}

impl Drop for UsesTheHead {
    fn drop(&mut self) {
        self.look();
        self.dropped.fetch_add(1, SeqCst);
    }
}

#[test]
fn wakers_are_woken_and_dropped_without_the_lock() {
    in_time(|| {
        let head = Arc::new(PathMap::<u64>::new().into_zipper_head([]));
        let dropped = Arc::new(AtomicUsize::new(0));
        let using = || {
            let (head, dropped) = (Arc::clone(&head), Arc::clone(&dropped));
            Arc::new(UsesTheHead { head, woken: AtomicUsize::new(0), dropped })
        };
        let writer = head.take_owned_write_zipper_at_exclusive_path("a").unwrap();
        let mut future = pin!(head.take_owned_write_zipper_at_exclusive_path_async("a"));
        // Each poll with another waker drops the one before.
        let [first, second] = [using(), using()];
        for (polls, waker) in [first, Arc::clone(&second)].into_iter().enumerate() {
            let waker = Waker::from(waker);
            assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            drop(waker);
            assert_eq!(dropped.load(SeqCst), polls);
        }
        // A waiting future drops its waker when it is dropped.
        let mut given_up = Box::pin(head.take_owned_read_zipper_at_path_async("a/b"));
        assert!(given_up.as_mut().poll(&mut Context::from_waker(&Waker::from(using()))).is_pending());
        drop(given_up);
        assert_eq!(dropped.load(SeqCst), 2);
        drop(writer);
        assert_eq!(second.woken.load(SeqCst), 1);
        let taken = match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(writer) => writer,
            Poll::Pending => unreachable!("it was woken"),
        };
        assert!(head.read_zipper_at_path("a").is_err());
        drop(taken);
        drop(second);
        assert_eq!(dropped.load(SeqCst), 3);
    });
}

/// A waker that panics.
struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        std::panic::resume_unwind(Box::new("planned"));
    }
}

struct Notes(AtomicUsize);

impl Wake for Notes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn a_waker_that_panics_keeps_nobody_from_being_woken() {
    let head = Arc::new(PathMap::<u64>::new().into_zipper_head([]));
    let notes = Arc::new(Notes(AtomicUsize::new(0)));
    let writer = head.take_owned_write_zipper_at_exclusive_path("a").unwrap();
    let mut futures: Vec<_> = (0..4).map(|_| Box::pin(head.read_zipper_at_path_async("a"))).collect();
    for (i, future) in futures.iter_mut().enumerate() {
        let waker = if i == 1 { Waker::from(Arc::new(Panics)) } else { Waker::from(Arc::clone(&notes)) };
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    let panic = catch_unwind(AssertUnwindSafe(|| drop(writer))).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"planned"));
    assert_eq!(notes.0.load(SeqCst), 3);
    for future in &mut futures {
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    }
    drop(futures);
    assert!(head.write_zipper_at_exclusive_path("").is_ok());
}
