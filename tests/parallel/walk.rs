//! Parallel walks: the locations visited, their order, compared with the naive model, and the ways
//! in which walks end.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use bytetrie::parallel::*;
use bytetrie::testing::keys::Rng;
use bytetrie::testing::values::{Blown, Event, Fuse};
use bytetrie::zipper::*;
use bytetrie::{ByteMask, PathMap, ZipperKind};
use parking_lot::{Condvar, Mutex};

use crate::both::{Both, hash, random_path};

// Visited locations.

/// The record of a visit.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    value: Option<u64>,
    mask: ByteMask,
    depth: usize,
}

/// The settings of a walk.
#[derive(Clone, Debug)]
struct Plan {
    threads: usize,
    task_size: u32,
    all: bool,
    max_depth: Option<usize>,
    roots: Option<Vec<Vec<u8>>>,
    /// The visitor returns `Skip` for one of this number of locations.
    skip: u64,
    seed: u64,
}

impl Plan {
    fn random(rng: &mut Rng, both: &Both) -> Self {
        Self {
            threads: 1 + rng.below(16),
            task_size: [1, 1, 2, 5, 1024][rng.below(5)],
            all: rng.one_in(2),
            max_depth: rng.one_in(3).then(|| rng.below(12)),
            roots: rng.one_in(2).then(|| (0..rng.below(5)).map(|_| both.some_path(rng)).collect()),
            skip: [1, 3, 10, u64::MAX][rng.below(4)],
            seed: rng.next_u64(),
        }
    }

    fn set<V>(&self, walk: &mut WalkParallel<'_, V>) {
        walk.threads(self.threads)
            .task_size(self.task_size)
            .all_locations(self.all)
            .max_depth(self.max_depth);
        if let Some(roots) = &self.roots {
            walk.roots(roots);
        }
    }

    fn skips(&self, path: &[u8]) -> bool {
        hash(path, self.seed).is_multiple_of(self.skip)
    }

    /// Returns the visits at and below `from`, by definition.
    fn expected(&self, both: &Both, from: &[u8]) -> BTreeMap<Vec<u8>, Seen> {
        let mut roots = self.roots.clone().unwrap_or(vec![Vec::new()]);
        roots.iter_mut().filter(|root| from.starts_with(root)).for_each(|root| *root = from.to_vec());
        let is_root = |path: &[u8]| path.starts_with(from) && roots.iter().any(|root| root == path);
        let mut seen = BTreeMap::new();
        for (path, value) in both.model.locations() {
            let above = |len: &usize| is_root(&path[..*len]);
            let Some(root) = (0..=path.len()).find(above) else { continue };
            let depth = path.len() - root;
            let skipped =
                (root..path.len()).any(|len| seen.contains_key(&path[..len]) && self.skips(&path[..len]));
            if !skipped && (self.all || value.is_some()) && self.max_depth.is_none_or(|max| depth <= max) {
                let mask = both.model.child_mask(path);
                seen.insert(path.to_vec(), Seen { value: value.copied(), mask, depth });
            }
        }
        seen
    }
}

/// Returns the maximum number of threads that a walk starts, regardless of the number requested.
fn most_threads() -> usize {
    4 * thread::available_parallelism().map_or(1, usize::from)
}

/// Walks, and checks the general properties: each location is visited once, and parents are
/// visited first.
#[track_caller]
fn walk(walk: &WalkParallel<'_, u64>, plan: &Plan) -> BTreeMap<Vec<u8>, Seen> {
    let clock = AtomicUsize::new(0);
    let made = AtomicUsize::new(0);
    let make = || {
        assert_eq!(clock.load(SeqCst), 0, "all are made before the first visit");
        made.fetch_add(1, SeqCst);
        Vec::new()
    };
    let (states, walked) = walk.run_with(make, |states: &mut Vec<(Vec<u8>, Seen, usize)>, location| {
        let time = clock.fetch_add(1, SeqCst);
        let (value, mask) = (location.value().copied(), location.child_mask());
        states.push((location.path().to_vec(), Seen { value, mask, depth: location.depth() }, time));
        if plan.skips(location.path()) { WalkState::Skip } else { WalkState::Continue }
    });
    assert_eq!(made.into_inner(), plan.threads.min(most_threads()), "one a thread");
    assert!(walked.complete && walked.stopped.is_none());
    let (mut seen, mut times) = (BTreeMap::new(), BTreeMap::new());
    for (path, what, time) in states.into_iter().flatten() {
        assert_eq!(seen.insert(path.clone(), what), None, "twice: {path:?}");
        times.insert(path, time);
    }
    assert_eq!(walked.visited, seen.len() as u64);
    for (path, time) in &times {
        let above = (0..path.len()).rev().find_map(|len| times.get(&path[..len]));
        assert!(above.is_none_or(|above| above < time), "a parent comes first: {path:?}");
    }
    seen
}

#[test]
fn every_location_is_visited_once_as_the_model_says() {
    for seed in 0..500 {
        let mut rng = Rng::new(seed);
        let both = Both::random(&mut rng);
        let plan = Plan::random(&mut rng, &both);
        let mut it = both.map.walk_parallel();
        plan.set(&mut it);
        assert_eq!(walk(&it, &plan), plan.expected(&both, &[]), "{seed}: {plan:?}");
    }
}

/// Walks from the focus of every kind of zipper: within an edge, at a bare location, and at an
/// absent one.
#[test]
fn a_walk_starts_at_the_focus_of_a_zipper() {
    for seed in 0..300 {
        let mut rng = Rng::new(10_000 + seed);
        let mut both = Both::random(&mut rng);
        let plan = Plan::random(&mut rng, &both);
        let focus = if rng.one_in(4) { random_path(&mut rng, 8) } else { both.some_path(&mut rng) };
        let (root, below) = focus.split_at(rng.below(focus.len() + 1));
        let mut it = match rng.below(5) {
            0 => {
                let mut reader = both.map.read_zipper_at_path(root);
                reader.descend_to(below);
                WalkParallel::from_zipper(&reader)
            }
            1 => {
                let mut writer = both.map.write_zipper_at_path(root);
                writer.descend_to(below);
                WalkParallel::from_zipper(&writer)
            }
            2 => {
                let mut reader = both.map.clone().into_read_zipper(root);
                reader.descend_to(below);
                WalkParallel::from_zipper(&reader)
            }
            3 => {
                let reader = both.map.read_zipper_at_path(root);
                let mut fork = reader.fork_read_zipper();
                fork.descend_to(below);
                WalkParallel::from_zipper(&fork)
            }
            _ => {
                let head = both.map.zipper_head();
                let mut reader = head.read_zipper_at_path(root).unwrap();
                reader.descend_to(below);
                WalkParallel::from_zipper(&reader)
            }
        };
        plan.set(&mut it);
        assert_eq!(walk(&it, &plan), plan.expected(&both, &focus), "{seed}: {focus:?} {plan:?}");
    }
}

#[test]
fn a_walk_of_a_head_starts_at_its_roots() {
    for seed in 0..200 {
        let mut rng = Rng::new(20_000 + seed);
        let both = Both::random(&mut rng);
        let mut plan = Plan::random(&mut rng, &both);
        let roots: Vec<_> = (0..1 + rng.below(4)).map(|_| both.some_path(&mut rng)).collect();
        let head = Arc::new(both.map.clone().into_zipper_head([]));
        let mut it = head.walk_parallel(&roots).unwrap();
        plan.roots = None;
        plan.set(&mut it);
        let seen = walk(&it, &plan);
        plan.roots = Some(roots);
        assert_eq!(seen, plan.expected(&both, &[]), "{seed}: {plan:?}");
    }
}

#[test]
fn nothing_is_visited_where_nothing_is() {
    let map: PathMap<u64> = [("ab", 1)].into_iter().collect();
    let none: [&[u8]; 0] = [];
    let count = |walk: &mut WalkParallel<'_, u64>| {
        let walked = walk.all_locations(true).run(|| |_| WalkState::Continue);
        assert!(walked.complete);
        walked.visited
    };
    assert_eq!(count(map.walk_parallel().roots(none)), 0);
    assert_eq!(count(map.walk_parallel().roots(["b", "abc"])), 0);
    assert_eq!(count(map.walk_parallel().roots(["a"]).roots(["b"])), 0);
    assert_eq!(count(map.walk_parallel().roots(["a", "ab", "a"]).roots(["ab", ""])), 2);
    // The root of an empty map exists.
    assert_eq!(count(&mut PathMap::new().walk_parallel()), 1);
    let mut empty = PathMap::new().into_zipper_head([]);
    assert_eq!(count(&mut empty.walk_parallel(none).unwrap()), 0);
    assert_eq!(count(&mut empty.walk_parallel(["", "a"]).unwrap()), 1);
    empty = map.into_zipper_head([]);
    assert_eq!(count(&mut empty.walk_parallel(["a", "x"]).unwrap()), 2);
}

// Builders.

/// A visitor of a user-defined type, boxed by a user-defined builder. It adds its count to the
/// total when it is dropped.
struct Tally<'s> {
    own: usize,
    sum: &'s AtomicUsize,
}

impl ParallelVisitor<u64> for Tally<'_> {
    fn visit(&mut self, _: &Location<'_, u64>) -> WalkState {
        self.own += 1;
        WalkState::Continue
    }
}

impl Drop for Tally<'_> {
    fn drop(&mut self) {
        self.sum.fetch_add(self.own, SeqCst);
    }
}

struct Tallies<'s>(&'s AtomicUsize);

impl<'s> ParallelVisitorBuilder<'s, u64> for Tallies<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor<u64> + 's> {
        Box::new(Tally { own: 0, sum: self.0 })
    }
}

#[test]
fn builders_are_types_or_closures_and_visitors_boxed_or_not() {
    let map: PathMap<u64> = (0..500u64).map(|i| (i.to_be_bytes(), i)).collect();
    let walk = map.walk_parallel();
    let sum = AtomicUsize::new(0);
    let count = |_: &Location<'_, u64>| {
        sum.fetch_add(1, SeqCst);
        WalkState::Continue
    };
    walk.visit(&mut Tallies(&sum));
    walk.visit(&mut Tallies(&sum) as &mut dyn ParallelVisitorBuilder<'_, u64>);
    walk.visit(&mut || Tally { own: 0, sum: &sum });
    walk.visit(&mut || count);
    walk.visit(&mut || Box::new(|location: &Location<'_, u64>| count(location)));
    walk.run(|| Box::new(|location: &Location<'_, u64>| count(location)));
    walk.run(|| {
        let mut own = 0;
        move |location| {
            own += location.depth();
            if own > 0 { WalkState::Continue } else { count(location) }
        }
    });
    walk.run(|| |location| count(location));
    assert_eq!(sum.into_inner(), 7 * 500);
}

// Ends of walks.

/// Creates `keys` values on `path/…`, enough for all threads to receive a task.
fn big(keys: u64) -> PathMap<u64> {
    (0..keys).map(|i| ([&b"path/"[..], &i.to_be_bytes()].concat(), i)).collect()
}

/// After a hundred visits, each thread stays in its visit until one of them has quit and its
/// visitor has been dropped. No other thread then makes another visit.
#[test]
fn quit_stops_every_other_thread_after_the_visit_it_is_in() {
    #[derive(Default)]
    struct Shared {
        visits: AtomicUsize,
        state: Mutex<State>,
        changed: Condvar,
    }
    #[derive(Default)]
    struct State {
        staying: usize,
        has_quit: bool,
        is_over: bool,
    }
    struct Quitter<'s> {
        shared: &'s Shared,
        has_quit: bool,
    }
    impl ParallelVisitor<u64> for Quitter<'_> {
        fn visit(&mut self, _: &Location<'_, u64>) -> WalkState {
            if self.shared.visits.fetch_add(1, SeqCst) < 100 {
                return WalkState::Continue;
            }
            let mut state = self.shared.state.lock();
            state.staying += 1;
            self.shared.changed.notify_all();
            // A thread that received no task before the others stayed never receives one, so it is
            // not waited for.
            let all_stay = |state: &mut State| state.staying < THREADS && !state.has_quit;
            self.shared.changed.wait_while_for(&mut state, all_stay, Duration::from_millis(300));
            self.has_quit = !std::mem::replace(&mut state.has_quit, true);
            if self.has_quit {
                return WalkState::Quit;
            }
            self.shared.changed.wait_while(&mut state, |state| !state.is_over);
            WalkState::Continue
        }
    }
    impl Drop for Quitter<'_> {
        fn drop(&mut self) {
            if self.has_quit {
                self.shared.state.lock().is_over = true;
                self.shared.changed.notify_all();
            }
        }
    }
    const THREADS: usize = 6;
    let map = big(100_000);
    let shared = Shared::default();
    let mut walk = map.walk_parallel();
    walk.threads(THREADS).task_size(1);
    let walked = walk.visit(&mut || Quitter { shared: &shared, has_quit: false });
    assert_eq!((walked.complete, walked.stopped), (false, Some(Stop::Quit)));
    let stayed = shared.state.into_inner().staying;
    assert_eq!((shared.visits.into_inner(), walked.visited), (100 + stayed, 100 + stayed as u64));
    assert!((2..=THREADS).contains(&stayed));
}

#[test]
fn quit_at_random_leaves_each_thread_at_most_one_visit() {
    for seed in 0..200 {
        let mut rng = Rng::new(seed);
        let both = Both::random(&mut rng);
        let plan = Plan::random(&mut rng, &both);
        let mut it = both.map.walk_parallel();
        plan.set(&mut it);
        let expected = plan.expected(&both, &[]);
        let at = rng.below(2 * expected.len() + 1);
        let clock = AtomicUsize::new(0);
        let (seen, walked) = it.run_with(Vec::new, |seen, location| {
            seen.push(location.path().to_vec());
            let skips = plan.skips(location.path());
            match clock.fetch_add(1, SeqCst) {
                time if time == at => WalkState::Quit,
                _ if skips => WalkState::Skip,
                _ => WalkState::Continue,
            }
        });
        let mut seen = seen.concat();
        seen.sort();
        let visits = seen.len();
        seen.dedup();
        assert_eq!((walked.visited, seen.len()), (visits as u64, visits), "{seed}: none twice");
        assert!(seen.iter().all(|path| expected.contains_key(path)), "{seed}");
        assert_eq!(walked.complete, at >= expected.len(), "{seed}");
        assert_eq!(walked.stopped, (!walked.complete).then_some(Stop::Quit), "{seed}");
        if plan.threads == 1 && !walked.complete {
            assert_eq!(visits, at + 1, "{seed}");
        }
    }
}

#[test]
fn a_deadline_and_a_flag_stop_it_whichever_comes_first() {
    let map = big(20_000);
    let slow = |_: &mut (), _: &Location<'_, u64>| {
        thread::sleep(Duration::from_millis(1));
        WalkState::Continue
    };
    for threads in [1, 4] {
        let mut walk = map.walk_parallel();
        walk.threads(threads);
        let begun = Instant::now();
        walk.timeout(Some(Duration::from_millis(30)));
        let (_, walked) = walk.run_with(|| (), slow);
        let took = begun.elapsed();
        assert_eq!((walked.complete, walked.stopped), (false, Some(Stop::Deadline)));
        assert!(walked.visited > 0 && took >= Duration::from_millis(30) && took < Duration::from_secs(5));

        // A deadline in the past: nothing is visited.
        walk.timeout(None).deadline(Some(begun));
        assert_eq!(walk.run(|| |_| WalkState::Continue).visited, 0);
        // A deadline that never passes.
        walk.deadline(Some(begun + Duration::from_secs(3600))).timeout(Some(Duration::MAX));
        assert!(walk.run(|| |_| WalkState::Continue).complete);

        let flag = Arc::new(AtomicBool::new(false));
        walk.cancel(Arc::clone(&flag));
        let canceller = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            flag.store(true, SeqCst);
        });
        let (_, walked) = walk.run_with(|| (), slow);
        assert_eq!((walked.complete, walked.stopped), (false, Some(Stop::Cancelled)));
        canceller.join().unwrap();
        let walked = walk.run(|| |_| WalkState::Continue);
        assert_eq!((walked.visited, walked.stopped), (0, Some(Stop::Cancelled)));
    }
}

// Panics.

#[test]
fn a_panic_in_a_builder_reaches_the_caller_before_any_visit() {
    let map = big(1_000);
    let (fuse, visits) = (Fuse::new(), AtomicUsize::new(0));
    for spare in 0..4 {
        fuse.arm(&[Event::Call], spare);
        let outcome = fuse.catch(|| {
            map.walk_parallel().threads(4).run(|| {
                fuse.call();
                |_| {
                    visits.fetch_add(1, SeqCst);
                    WalkState::Continue
                }
            })
        });
        assert_eq!(outcome, Err(Blown(Event::Call)));
    }
    assert_eq!(visits.into_inner(), 0);
}

/// The visitors clone the values, and one clone panics: at each visit in turn, on any thread.
#[test]
fn a_panic_in_a_visitor_stops_the_others_and_reaches_the_caller() {
    let fuse = Fuse::new();
    let map: PathMap<_> = (0..120u8).map(|i| ([i % 7, i, i / 3], fuse.fragile(i))).collect();
    for threads in [1, 2, 5] {
        for spare in (0..130).step_by(3) {
            for event in [Event::Clone, Event::Drop, Event::Call] {
                let mut walk = map.walk_parallel();
                walk.threads(threads).task_size(1);
                fuse.arm(&[event], spare);
                let outcome = fuse.catch(|| {
                    walk.run_with(Vec::new, |copies, location| {
                        let copy = location.value().unwrap().clone();
                        copy.call();
                        if copy.number() % 2 == 0 {
                            copies.push(copy);
                        }
                        WalkState::Continue
                    })
                });
                // Every second clone is dropped at once.
                let events = if event == Event::Drop { 60 } else { 120 };
                assert_eq!(outcome.map(|_| ()).is_ok(), spare >= events, "{event:?} {spare}");
            }
        }
    }
    drop(map);
    assert_eq!(fuse.census().live(), 0);
}

/// The drops of several visitors panic, on several threads, while a visitor panics.
#[test]
fn panics_everywhere_hang_nothing() {
    struct Bomb(usize);
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !thread::panicking() && self.0.is_multiple_of(2) {
                resume_unwind(Box::new("drop"));
            }
        }
    }
    let map = big(2_000);
    for threads in 1..6 {
        for quits in [false, true] {
            let mut made = 0;
            let mut walk = map.walk_parallel();
            walk.threads(threads).task_size(1);
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                walk.run(|| {
                    let bomb = Bomb(made);
                    made += 1;
                    move |_| {
                        let _kept = &bomb;
                        if quits { WalkState::Quit } else { WalkState::Continue }
                    }
                })
            }));
            assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&"drop"));
            assert_eq!(made, threads.min(most_threads()));
        }
    }
    // A visitor panics, and then its drop: the first panic is reported.
    for threads in [1, 3] {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            map.walk_parallel().threads(threads).run(|| {
                let bomb = Bomb(0);
                move |_| -> WalkState {
                    let _kept = &bomb;
                    resume_unwind(Box::new("visit"))
                }
            })
        }));
        assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&"visit"));
    }
    // The payload of the first panic is returned, which is one of the visitors' payloads.
    let outcome = catch_unwind(|| {
        big(2_000).walk_parallel().threads(4).task_size(1).run(|| {
            |location: &Location<'_, u64>| {
                if *location.value().unwrap() > 100 {
                    resume_unwind(Box::new(location.path().to_vec()));
                }
                WalkState::Continue
            }
        })
    });
    let path = *outcome.unwrap_err().downcast::<Vec<u8>>().unwrap();
    assert!(path.starts_with(b"path/") && path > [&b"path/"[..], &100u64.to_be_bytes()].concat());
}

/// If the focus is within a node, that part of the node is copied when the walk is created, so a
/// clone may panic.
#[test]
fn a_panic_when_the_walk_is_made_leaves_the_map() {
    let fuse = Fuse::new();
    let map: PathMap<_> = (0..9u8).map(|i| ([b'x', b'y', i], fuse.fragile(i))).collect();
    fuse.arm(&[Event::Clone], 4);
    let outcome = fuse.catch(|| WalkParallel::from_zipper(&map.read_zipper_at_path("x")));
    assert_eq!(outcome.map(|_| ()), Err(Blown(Event::Clone)));
    assert_eq!((map.len(), fuse.census().live()), (9, 9));
}

// Other zippers during a walk.

#[test]
fn a_head_leases_the_roots_while_the_walk_lives() {
    let map: PathMap<u64> = [("a/x", 1), ("a/y", 2), ("b/x", 3), ("c/x", 4)].into_iter().collect();
    let head = Arc::new(map.into_zipper_head([]));
    let writer = head.write_zipper_at_exclusive_path("b/").unwrap();
    let conflict = head.walk_parallel(["a/", "b/x"]).unwrap_err();
    assert_eq!((conflict.path(), conflict.kind()), (&b"b/"[..], ZipperKind::Writer));
    // The paths that it had leased are free again.
    drop(head.write_zipper_at_exclusive_path("a/").unwrap());

    let walk = head.walk_parallel(["c", "a/", "a/x"]).unwrap();
    let kind = |path: &str| head.write_zipper_at_exclusive_path(path).map(|_| ()).unwrap_err().kind();
    assert_eq!(
        (kind("a/"), kind("a/q"), kind("c")),
        (ZipperKind::Reader, ZipperKind::Reader, ZipperKind::Reader)
    );
    let mut other = head.walk_parallel(["a/"]).unwrap();
    let seen = AtomicUsize::new(0);
    let count = || {
        |_: &Location<'_, u64>| {
            assert_eq!((kind("a/"), kind("c/x")), (ZipperKind::Reader, ZipperKind::Reader));
            seen.fetch_add(1, SeqCst);
            WalkState::Continue
        }
    };
    assert_eq!(walk.run(count).visited, 3);
    // A narrowed walk keeps its lease.
    assert_eq!(other.roots(["a/x"]).run(count).visited, 1);
    assert_eq!(seen.into_inner(), 4);
    drop(walk);
    assert!(head.write_zipper_at_exclusive_path("c").is_ok());
    assert_eq!(kind("a/y"), ZipperKind::Reader);
    drop((other, writer));
    assert!(head.write_zipper_at_exclusive_path("").is_ok());
}

#[test]
fn writers_go_on_and_the_walk_does_not_see_them() {
    let mut map = big(20_000);
    let mut walk = map.walk_parallel();
    walk.threads(3).task_size(8);
    let stop = AtomicBool::new(false);
    let written = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut rounds = 0;
            while !stop.load(SeqCst) {
                for i in 0..2_000u64 {
                    map.insert([&b"path/"[..], &(i * 10).to_be_bytes()].concat(), u64::MAX);
                    map.remove([&b"path/"[..], &(i * 10 + rounds % 9 + 1).to_be_bytes()].concat());
                }
                rounds += 1;
            }
            rounds
        });
        for _ in 0..5 {
            let folded = walk.fold(|location| *location.value().unwrap(), |a, b| a + b);
            assert_eq!((folded.value, folded.walked.visited), (Some(20_000 * 19_999 / 2), 20_000));
        }
        stop.store(true, SeqCst);
        writer.join().unwrap()
    });
    assert!(written > 0 && map.get([&b"path/"[..], &0u64.to_be_bytes()].concat()) == Some(&u64::MAX));
}
