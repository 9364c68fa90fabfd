//! Futures of zippers: compared with a model of the queue, run by a test executor, and mixed with
//! threads that block.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use bytetrie::PathMap;
use bytetrie::ZipperKind::{self, Reader, Writer};
use bytetrie::testing::keys::Rng;
use bytetrie::zipper::*;

use crate::common::{block_on, random};

fn furnished() -> PathMap<u64> {
    let mut map = PathMap::new();
    for i in 0..40u64 {
        map.insert(format!("w/{i:02}"), i);
        map.insert([b'a', b'b', i as u8], i);
    }
    map
}

// An executor.

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The ready tasks, and the threads that run them.
struct Executor {
    ready: Mutex<mpsc::Sender<Arc<Spawned>>>,
}

struct Spawned {
    task: Mutex<Option<Task>>,
    executor: Arc<Executor>,
}

impl Wake for Spawned {
    fn wake(self: Arc<Self>) {
        let ready = self.executor.ready.lock().unwrap().clone();
        // The threads stop when all tasks are done.
        let _ = ready.send(self);
    }
}

/// Runs all tasks on `threads` threads.
fn run(threads: usize, tasks: Vec<Task>) {
    let (ready, queue) = mpsc::channel::<Arc<Spawned>>();
    let executor = Arc::new(Executor { ready: Mutex::new(ready) });
    let (left, queue) = (AtomicUsize::new(tasks.len()), Mutex::new(queue));
    for task in tasks {
        Arc::new(Spawned { task: Mutex::new(Some(task)), executor: Arc::clone(&executor) }).wake();
    }
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    while left.load(SeqCst) > 0 {
                        let next = queue.lock().unwrap().recv_timeout(Duration::from_millis(10));
                        let Ok(spawned) = next else { continue };
                        let mut slot = spawned.task.lock().unwrap();
                        let Some(task) = &mut *slot else { continue };
                        let waker = Waker::from(Arc::clone(&spawned));
                        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
                            *slot = None;
                            left.fetch_sub(1, SeqCst);
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("no task panics"));
    });
}

// The model.

/// A waker that records whether it was woken.
#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

/// Either zipper.
enum Held {
    Reader(#[expect(dead_code, reason = "it is held")] ReadZipperTracked<'static, 'static, u64>),
    Writer(WriteZipperTracked<'static, 'static, u64>),
}

/// Either future.
enum Waiting {
    Reader(ReadZipperFuture<'static, u64>),
    Writer(WriteZipperFuture<'static, u64>),
}

impl Waiting {
    fn poll(&mut self, waker: &Waker) -> Option<Held> {
        let cx = &mut Context::from_waker(waker);
        let polled = match self {
            Self::Reader(future) => Pin::new(future).poll(cx).map(Held::Reader),
            Self::Writer(future) => Pin::new(future).poll(cx).map(Held::Writer),
        };
        match polled {
            Poll::Ready(zipper) => Some(zipper),
            Poll::Pending => None,
        }
    }
}

/// A request, from its first poll until its zipper is dropped.
struct Entry {
    path: Vec<u8>,
    kind: ZipperKind,
    /// True once its turn has come.
    granted: bool,
    state: State,
}

enum State {
    Waits(Waiting, Arc<Flag>),
    Lives(#[expect(dead_code, reason = "it is held")] Held),
}

fn excludes(a: &Entry, path: &[u8], kind: ZipperKind) -> bool {
    (a.path.starts_with(path) || path.starts_with(&a.path)) && (a.kind == Writer || kind == Writer)
}

/// Applies the rule to a list in order of arrival: a request is granted if no granted request and
/// no earlier request excludes it.
fn settle(entries: &mut [Entry]) {
    for i in 0..entries.len() {
        let (path, kind) = (entries[i].path.clone(), entries[i].kind);
        let free = entries
            .iter()
            .enumerate()
            .all(|(at, other)| at == i || !excludes(other, &path, kind) || (at > i && !other.granted));
        entries[i].granted |= free;
    }
}

/// Checks that the right futures are woken. A granted future may be polled or dropped later.
fn check(entries: &[Entry], step: usize) {
    for entry in entries {
        if let State::Waits(_, flag) = &entry.state {
            assert_eq!(
                flag.0.load(SeqCst),
                entry.granted,
                "step {step}: {:?} at {:?}",
                entry.kind,
                entry.path.escape_ascii().to_string()
            );
        }
    }
}

fn path_of(rng: &mut Rng) -> Vec<u8> {
    (0..random(rng, 4)).map(|_| b"ab"[random(rng, 2) as usize]).collect()
}

#[test]
fn futures_are_served_in_the_order_in_which_they_came_and_leave_no_trace() {
    let mut waited = 0;
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let head = Arc::new(furnished().into_zipper_head([]));
        let mut entries: Vec<Entry> = Vec::new();
        for step in 0..150 {
            match random(&mut rng, 10) {
                // Adds a request by a future.
                0..4 if entries.len() < 12 => {
                    let (path, kind) =
                        (path_of(&mut rng), if random(&mut rng, 2) == 0 { Reader } else { Writer });
                    let mut future = match kind {
                        Reader => Waiting::Reader(head.take_owned_read_zipper_at_path_async(&path)),
                        Writer => {
                            Waiting::Writer(head.take_owned_write_zipper_at_exclusive_path_async(&path))
                        }
                    };
                    let free = !entries.iter().any(|other| excludes(other, &path, kind));
                    let flag = Arc::new(Flag::default());
                    let state = match future.poll(&Waker::from(Arc::clone(&flag))) {
                        Some(zipper) => State::Lives(zipper),
                        None => State::Waits(future, flag),
                    };
                    assert_eq!(matches!(state, State::Lives(_)), free, "step {step}");
                    waited += usize::from(!free);
                    entries.push(Entry { path, kind, granted: free, state });
                }
                // Drops a request at any stage.
                4..7 if !entries.is_empty() => {
                    let at = random(&mut rng, entries.len() as u64) as usize;
                    let entry = entries.remove(at);
                    drop(entry.state);
                }
                // Polls a request, with its waker or with a new one.
                7..9 if !entries.is_empty() => {
                    let at = random(&mut rng, entries.len() as u64) as usize;
                    let entry = &mut entries[at];
                    if let State::Waits(future, flag) = &mut entry.state {
                        if !entry.granted && random(&mut rng, 2) == 0 {
                            *flag = Arc::new(Flag::default());
                        }
                        let zipper = future.poll(&Waker::from(Arc::clone(flag)));
                        assert_eq!(zipper.is_some(), entry.granted, "step {step}");
                        if let Some(mut zipper) = zipper {
                            if let Held::Writer(writer) = &mut zipper {
                                writer.set_val(step as u64);
                            }
                            entry.state = State::Lives(zipper);
                        }
                    }
                }
                // A blocking call uses the queue too: it succeeds, or its error names a zipper in
                // the way.
                _ => {
                    let path = path_of(&mut rng);
                    let free = !entries.iter().any(|other| excludes(other, &path, Writer));
                    match head.write_zipper_at_exclusive_path_timeout(&path, Duration::ZERO) {
                        Ok(_) => assert!(free),
                        Err(conflict) => assert!(entries.iter().any(|other| {
                            other.path == conflict.path() && excludes(other, &path, Writer)
                        })),
                    }
                }
            }
            settle(&mut entries);
            check(&entries, step);
        }
        drop(entries);
        assert!(head.write_zipper_at_exclusive_path_timeout("", Duration::ZERO).is_ok());
        let map = Arc::into_inner(head).expect("no future is left").into_map();
        map.check().unwrap();
    }
    assert!(waited > 500, "only {waited} had to wait");
}

#[test]
fn a_future_does_nothing_before_it_is_polled() {
    let mut map = furnished();
    let head = map.zipper_head();
    let unpolled = head.write_zipper_at_exclusive_path_async("w");
    assert_eq!(format!("{unpolled:?}"), r#"WriteZipperFuture { path: Some("w"), .. }"#);
    assert!(head.write_zipper_at_exclusive_path("w").is_ok());
    drop(unpolled);
    let reader = block_on(head.read_zipper_at_path_async("w/07"));
    assert_eq!(reader.val(), Some(&7));
    assert!(head.write_zipper_at_exclusive_path("w").is_err());
    drop(reader);
    let mut done = Box::pin(head.read_zipper_at_path_async("w/07"));
    assert!(done.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    assert!(head.write_zipper_at_exclusive_path("w").is_ok(), "the zipper is gone, the future holds nothing");
}

// Threads.

/// Tasks and threads increment one counter. A failure of exclusion would lose an increment, and a
/// lost wake-up would hang. Some requests are given up.
#[test]
fn tasks_and_threads_share_one_queue() {
    const ROUNDS: u64 = 60;
    let mut map = furnished();
    map.insert("counter", 0);
    let head = Arc::new(map.into_zipper_head([]));
    let increment = |writer: &mut WriteZipperTracked<'_, '_, u64>| {
        let seen = *writer.val().unwrap();
        thread::yield_now();
        *writer.get_val_mut().unwrap() = seen + 1;
    };
    let blocking: Vec<_> = (0..2)
        .map(|_| {
            let head = Arc::clone(&head);
            thread::spawn(move || {
                for _ in 0..ROUNDS {
                    let long = Duration::from_secs(60);
                    let mut writer = head.write_zipper_at_exclusive_path_timeout("counter", long).unwrap();
                    increment(&mut writer);
                }
            })
        })
        .collect();
    let tasks: Vec<Task> = (0..6)
        .map(|task| {
            let head = Arc::clone(&head);
            let task: Task = Box::pin(async move {
                for round in 0..ROUNDS {
                    if task < 2 {
                        let reader = head.take_owned_read_zipper_at_path_async("counter").await;
                        assert!(reader.is_val());
                        continue;
                    }
                    if (round + task) % 3 == 0 {
                        // Polled once, and dropped in any state.
                        let mut given_up =
                            Box::pin(head.take_owned_write_zipper_at_exclusive_path_async("counter"));
                        std::future::poll_fn(|cx| {
                            let _ = given_up.as_mut().poll(cx);
                            Poll::Ready(())
                        })
                        .await;
                    }
                    let mut writer = head.take_owned_write_zipper_at_exclusive_path_async("counter").await;
                    increment(&mut writer);
                }
            });
            task
        })
        .collect();
    run(2, tasks);
    blocking.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
    let map = Arc::into_inner(head).expect("all is done").into_map();
    map.check().unwrap();
    assert_eq!(map["counter"], (2 + 4) * ROUNDS);
}

/// Borrowed heads provide futures for tasks that end before the borrow.
#[test]
fn a_borrowed_head_in_tasks() {
    let mut map = PathMap::<u64>::new();
    let head = map.zipper_head();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|i| {
                let head = &head;
                scope.spawn(move || {
                    block_on(async {
                        for _ in 0..50 {
                            let mut writer = head.write_zipper_at_exclusive_path_async("sum").await;
                            *writer.get_val_or_set_mut(0) += i;
                        }
                    });
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
    });
    drop(head);
    assert_eq!(map["sum"], 50 * 6);
}
