//! Values that panic within the calls of a head: in each clone and drop, while the call may also
//! drop other owners of the nodes. Afterwards the head, its ledger and its map are valid, and
//! their content is that before or after the call.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::reached::before_question;
use bytetrie::zipper::*;

// Values.

#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Clone,
    Drop,
}

/// The shared state of all values of one map.
#[derive(Default)]
struct World {
    /// Other owners of the nodes, which the next clone drops.
    others: Mutex<Vec<PathMap<Wild>>>,
    /// A use of the head in each clone, which would hang if the clone were made under its lock.
    visit: OnceLock<Box<dyn Fn() + Send + Sync>>,
    /// The event that panics, and the number of events before it.
    armed: Mutex<Option<(Event, usize)>>,
    events: AtomicUsize,
    live: AtomicIsize,
}

struct Planned;

impl World {
    fn meet(&self, event: Event) {
        let mut armed = self.armed.lock().unwrap();
        match &mut *armed {
            Some((awaited, spare)) if *awaited == event && !thread::panicking() => {
                self.events.fetch_add(1, SeqCst);
                if *spare == 0 {
                    *armed = None;
                    drop(armed);
                    resume_unwind(Box::new(Planned));
                }
                *spare -= 1;
            }
            _ => {}
        }
    }
}

struct Wild(u64, Arc<World>);

impl Wild {
    fn new(number: u64, world: &Arc<World>) -> Self {
        world.live.fetch_add(1, SeqCst);
        Self(number, Arc::clone(world))
    }
}

impl Clone for Wild {
    fn clone(&self) -> Self {
        let others = std::mem::take(&mut *self.1.others.lock().unwrap());
        drop(others);
        if let Some(visit) = self.1.visit.get() {
            visit();
        }
        self.1.meet(Event::Clone);
        Self::new(self.0, &self.1)
    }
}

impl Drop for Wild {
    fn drop(&mut self) {
        self.1.live.fetch_sub(1, SeqCst);
        self.1.meet(Event::Drop);
    }
}

// Calls.

type Model = BTreeMap<Vec<u8>, u64>;

fn content(map: &PathMap<Wild>) -> Model {
    map.iter().map(|(path, value)| (path, value.0)).collect()
}

const PATHS: [&str; 8] = ["", "a", "a/", "a/03", "a/03/leaf", "a/03/none", "b/1", "none"];

fn model() -> Model {
    let mut model = Model::new();
    for i in 0..20 {
        model.insert(format!("a/{i:02}").into_bytes(), i);
        model.insert(format!("a/{i:02}/leaf").into_bytes(), 100 + i);
        model.insert(format!("b/{i}").into_bytes(), 200 + i);
    }
    model
}

/// One use of a head. `write` is a value to be set at [`NEW`], if any. After a panic, the map
/// holds the value or not.
type Call<H> = fn(&H, &mut dyn FnMut() -> Wild);

const NEW: &str = "a/new";

fn calls<'t, H: ZipperCreation<'t, Wild> + 't>() -> Vec<(&'static str, Call<H>)> {
    vec![
        ("writers made and dropped", |head, _| {
            for path in PATHS {
                drop(head.write_zipper_at_exclusive_path(path).expect("it is free"));
            }
        }),
        ("writers that wait", |head, _| {
            for path in PATHS {
                let writer = head.write_zipper_at_exclusive_path_timeout(path, Duration::ZERO);
                drop(writer.expect("it is free"));
            }
        }),
        ("futures", |head, _| {
            for path in PATHS {
                let mut future = pin!(head.write_zipper_at_exclusive_path_async(path));
                assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
            }
        }),
        ("a writer that writes", |head, value| {
            head.write_zipper_at_exclusive_path(NEW).expect("it is free").set_val(value());
        }),
        ("writers beside each other", |head, value| {
            let mut living = Vec::new();
            for path in ["a/03", "a/04/leaf", NEW, "a/05/none", "b/1", "b/2"] {
                let mut writer = head.write_zipper_at_exclusive_path(path).expect("it is free");
                if path == NEW {
                    writer.set_val(value());
                }
                living.push(writer);
            }
            living.swap(0, 3);
        }),
        ("readers beside writers", |head, value| {
            let readers: Vec<_> = ["a/02", "b/1"].map(|path| head.read_zipper_at_path(path)).into();
            let mut writer = head.write_zipper_at_exclusive_path(NEW).expect("it is free");
            writer.set_val(value());
            let more: Vec<_> = ["a/01", "a/0", "b/", "b/1"].map(|path| head.read_zipper_at_path(path)).into();
            drop(readers);
            drop(writer);
            drop(more);
        }),
        ("a writer that becomes a reader", |head, value| {
            let mut writer = head.write_zipper_at_exclusive_path(NEW).expect("it is free");
            writer.set_val(value());
            let reader = writer.into_read_zipper();
            let other = reader.clone();
            drop(reader);
            assert!(other.is_val());
            let reader = head.write_zipper_at_exclusive_path("b").expect("it is free").into_read_zipper();
            assert_eq!(reader.val_count(), 20);
        }),
        ("cleanups", |head, value| {
            for path in ["a/03", "a/03/none/at/all", "none", "b/1/x"] {
                let mut writer = head.write_zipper_at_exclusive_path(path).expect("it is free");
                writer.create_path();
                head.cleanup_write_zipper(&mut writer);
                drop(writer);
            }
            let mut writer = head.write_zipper_at_exclusive_path(NEW).expect("it is free");
            writer.set_val(value());
            head.cleanup_write_zipper(writer);
        }),
        ("nested heads", |head, value| {
            let mut outer = head.write_zipper_at_exclusive_path("a").expect("it is free");
            {
                let nested = outer.zipper_head();
                let mut first = nested.write_zipper_at_exclusive_path("/new").expect("it is free");
                let mut second = nested.write_zipper_at_exclusive_path("/03").expect("it is free");
                first.set_val(value());
                let inner = second.zipper_head();
                drop(inner.write_zipper_at_exclusive_path("/leaf").expect("it is free"));
                drop(inner);
                drop(nested.read_zipper_at_path("/04").expect("it is free"));
                drop(second);
                drop(first.into_read_zipper());
                nested.cleanup_write_zipper(
                    nested.write_zipper_at_exclusive_path("/05/none").expect("it is free"),
                );
            }
        }),
    ]
}

/// Runs a call of a head whose k-th `event` panics. Returns false if there were fewer than k
/// events.
fn panicking<'t, H>(
    head: H,
    world: &Arc<World>,
    call: Call<H>,
    (event, k): (Event, usize),
    into_map: impl FnOnce(H) -> PathMap<Wild>,
    name: &str,
) -> bool
where
    H: ZipperCreation<'t, Wild> + 't,
{
    let (before, mut after) = (model(), model());
    after.insert(NEW.into(), 1000);
    *world.armed.lock().unwrap() = Some((event, k));
    let outcome = catch_unwind(AssertUnwindSafe(|| call(&head, &mut || Wild::new(1000, world))));
    let blown = world.armed.lock().unwrap().take().is_none();
    match outcome {
        Ok(()) => assert!(!blown, "{name}: a panic was swallowed"),
        Err(panic) => assert!(panic.is::<Planned>(), "{name}: another panic"),
    }
    // The ledger is empty, and the head still works.
    let mut whole = head.write_zipper_at_exclusive_path("").unwrap_or_else(|left| panic!("{name}: {left}"));
    whole.descend_to("b/extra");
    whole.set_val(Wild::new(7, world));
    whole.remove_val(true);
    drop(whole);
    for path in PATHS {
        drop(head.write_zipper_at_exclusive_path(path).unwrap());
        drop(head.read_zipper_at_path(path).unwrap());
    }
    let map = into_map(head);
    map.check().unwrap();
    let found = content(&map);
    assert!(found == before || found == after, "{name}, {event:?} {k}");
    if !blown {
        let writes =
            !name.starts_with("writers made") && !name.starts_with("writers that") && name != "futures";
        assert_eq!(found == after, writes, "{name}");
    }
    // If a drop panics, values that would have been dropped after it may leak.
    let live = world.live.load(SeqCst);
    if event == Event::Clone || !blown {
        assert_eq!(live, found.len() as isize, "{name}, {event:?} {k}");
    }
    assert!(live >= found.len() as isize, "{name}: a value was dropped twice");
    drop(map);
    blown
}

/// A map whose nodes have no other owner, another owner that the first clone drops, or another
/// owner that remains.
fn furnished(world: &Arc<World>, others: usize) -> (PathMap<Wild>, Option<PathMap<Wild>>) {
    let map: PathMap<Wild> =
        model().into_iter().map(|(path, number)| (path, Wild::new(number, world))).collect();
    match others {
        0 => (map, None),
        1 => {
            world.others.lock().unwrap().push(map.clone());
            (map, None)
        }
        _ => {
            let other = map.clone();
            (map, Some(other))
        }
    }
}

fn sweep(limits: Limits, events: &[Event]) {
    let mut panics = 0;
    for &event in events {
        for others in 0..3 {
            for index in 0..calls::<ZipperHeadOwned<Wild>>().len() {
                let mut k = 0;
                loop {
                    let world = Arc::new(World::default());
                    let (map, other) = furnished(&world, others);
                    let head = map.into_zipper_head([]);
                    let (name, call) = calls::<ZipperHeadOwned<Wild>>()[index];
                    let into_map = |head: ZipperHeadOwned<Wild>| {
                        drop(other);
                        head.into_map()
                    };
                    let run = || panicking(head, &world, call, (event, k), into_map, name);
                    if !with_limits(limits, run) {
                        break;
                    }
                    (k, panics) = (k + 1, panics + 1);
                }
            }
        }
    }
    assert!(panics > 100, "only {panics} panics were tried");
}

#[test]
fn clones_that_panic_leave_heads_whole() {
    sweep(Limits::DEFAULT, &[Event::Clone]);
    sweep(Limits::TINY, &[Event::Clone]);
}

#[test]
fn drops_that_panic_leave_heads_whole() {
    sweep(Limits::DEFAULT, &[Event::Drop]);
    sweep(Limits::TINY, &[Event::Drop]);
}

/// Runs a call while another owner of all nodes is given up immediately before the n-th question
/// whether a node has other owners. The nodes that are not on the way to `own` have one more
/// owner, which remains. Returns false if there were fewer questions.
fn losing(n: usize, own: &str, (name, call): (&'static str, Call<ZipperHeadOwned<Wild>>)) -> bool {
    let world = Arc::new(World::default());
    let (mut map, remaining) = furnished(&world, 2);
    map.insert(own, Wild::new(0, &world));
    map.remove(own);
    let other = map.clone();
    let head = Arc::new(map.into_zipper_head([]));
    let visited = Arc::downgrade(&head);
    let visit = move || {
        let head = visited.upgrade().expect("the head is in use");
        drop(head.read_zipper_at_path("visited"));
    };
    assert!(world.visit.set(Box::new(visit)).is_ok());
    let value = || Wild::new(1000, &world);
    let ((), lost) = before_question(n, move || drop(other), || call(&head, &mut { value }));
    let map = Arc::into_inner(head).expect("the call keeps nothing").into_map();
    map.check().unwrap();
    let mut after = model();
    if content(&map).contains_key(NEW.as_bytes()) {
        after.insert(NEW.into(), 1000);
    }
    drop(remaining);
    assert_eq!(content(&map), after, "{name}, question {n}");
    assert_eq!(world.live.load(SeqCst), after.len() as isize, "{name}, question {n}");
    lost
}

/// A call asks whether a node has other owners, and the last of them may go at any moment.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "questions are met in builds with debug assertions")]
fn another_owner_may_go_at_any_moment() {
    let (done, ended) = mpsc::channel();
    thread::spawn(move || {
        for limits in [Limits::DEFAULT, Limits::TINY] {
            let sweep = || {
                for &call in &calls() {
                    for own in ["", "a/zz", "a/03/leaf/z", "b/zz"] {
                        let questions = (0..).take_while(|&n| losing(n, own, call)).count();
                        assert!(questions > 10, "{}: only {questions} questions", call.0);
                    }
                }
            };
            with_limits(limits, sweep);
        }
        done.send(())
    });
    let ended = ended.recv_timeout(Duration::from_secs(60));
    assert_ne!(ended, Err(RecvTimeoutError::Timeout), "a value was cloned under the lock");
    ended.expect("the sweep has not panicked");
}

#[test]
fn a_borrowed_head_gives_its_map_back_after_panics() {
    for k in 0.. {
        let world = Arc::new(World::default());
        let (mut map, _) = furnished(&world, 1);
        let blown = {
            let head = map.zipper_head();
            *world.armed.lock().unwrap() = Some((Event::Clone, k));
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                let writers = ["a/03", "a/04", "b/1"].map(|path| head.write_zipper_at_exclusive_path(path));
                for writer in writers {
                    drop(writer.expect("it is free").into_read_zipper());
                }
            }));
            world.armed.lock().unwrap().take();
            assert!(head.write_zipper_at_exclusive_path("").is_ok());
            outcome.is_err()
        };
        map.check().unwrap();
        assert_eq!(content(&map), model());
        if !blown {
            assert!(k > 10, "only {k} clones were made");
            break;
        }
    }
}
