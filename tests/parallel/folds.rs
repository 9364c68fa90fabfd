//! Parallel folds compared with sequential ones: in path order, up the tree, and over shared
//! subtries.

use std::collections::HashSet;
use std::panic::{catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::parallel::*;
use bytetrie::testing::keys::Rng;
use bytetrie::testing::naive::NaiveMap;
use bytetrie::testing::values::{Blown, Event, Fragile, Fuse};
use bytetrie::zipper::*;

use crate::both::{Both, hash};
use crate::stack::on_stack;

fn random_walk<'a>(rng: &mut Rng, map: &PathMap<u64>) -> WalkParallel<'a, u64> {
    let mut walk = map.walk_parallel();
    walk.threads(1 + rng.below(16)).task_size([1, 1, 2, 7, 1024][rng.below(5)]);
    walk
}

// In path order.

fn show(path: &[u8], value: Option<&u64>) -> String {
    format!("{}={value:?};", path.escape_ascii())
}

#[test]
fn a_fold_in_path_order_is_the_sequential_one() {
    for seed in 0..300 {
        let mut rng = Rng::new(seed);
        let both = Both::random(&mut rng);
        let mut walk = random_walk(&mut rng, &both.map);
        let all = rng.one_in(2);
        let max = rng.one_in(3).then(|| rng.below(10));
        let roots = if rng.one_in(2) {
            vec![vec![]]
        } else {
            vec![both.some_path(&mut rng), both.some_path(&mut rng)]
        };
        walk.all_locations(all).roots(&roots).max_depth(max);
        let folded =
            walk.fold(|location| show(location.path(), location.value()), |left, right| left + &right);
        let expected: Vec<String> = both
            .model
            .locations()
            .filter(|(path, value)| {
                let depth = (0..=path.len()).find(|&len| roots.iter().any(|root| root == &path[..len]));
                (all || value.is_some())
                    && depth.is_some_and(|root| max.is_none_or(|max| path.len() - root <= max))
            })
            .map(|(path, value)| show(path, value))
            .collect();
        assert_eq!(folded.value.unwrap_or_default(), expected.concat(), "{seed}");
        assert_eq!((folded.walked.complete, folded.walked.visited), (true, expected.len() as u64));
    }
}

#[test]
fn a_fold_of_nothing_is_none() {
    let folded = PathMap::<u64>::new().walk_parallel().fold(|_| 1, |a, b| a + b);
    assert_eq!((folded.value, folded.walked.visited), (None, 0));
    let none: [&str; 0] = [];
    let folded = PathMap::<u64>::new().walk_parallel().roots(none).fold_up(|_, _| 1);
    assert_eq!((folded.into_value(), folded_roots(&PathMap::new())), (None, 1));
}

/// The number of roots of a map's fold: one, also for an empty map.
fn folded_roots(map: &PathMap<u64>) -> usize {
    map.walk_parallel().fold_up(|_, _| ()).roots.len()
}

/// The result covers the locations visited before the deadline, in order.
#[test]
fn a_fold_that_is_stopped_keeps_what_it_has() {
    let map: PathMap<u64> = (0..5_000u64).map(|i| (i.to_be_bytes(), i)).collect();
    for threads in [1, 4] {
        let mut walk = map.walk_parallel();
        walk.threads(threads).timeout(Some(Duration::from_millis(20)));
        let folded = walk.fold(
            |location| {
                std::thread::sleep(Duration::from_millis(1));
                vec![*location.value().unwrap()]
            },
            |left, right| [left, right].concat(),
        );
        let found = folded.value.unwrap();
        assert_eq!((folded.walked.complete, folded.walked.stopped), (false, Some(Stop::Deadline)));
        assert_eq!(found.len() as u64, folded.walked.visited);
        assert!(found.is_sorted() && found[0] == 0 && found.len() < 5_000);
        let up = walk.fold_up(|_, _| std::thread::sleep(Duration::from_millis(1)));
        assert_eq!((up.roots, up.walked.complete), (vec![], false));
    }
}

// Up the tree.

/// The result of a stop in these tests: it records all arguments, so that no operation is
/// associative or commutative.
fn told<'b>(
    path: &[u8],
    depth: usize,
    value: Option<&u64>,
    mask: usize,
    branches: impl Iterator<Item = (&'b [u8], String)>,
) -> String {
    let below: Vec<_> =
        branches.map(|(suffix, below)| format!("{}:{below}", suffix.escape_ascii())).collect();
    format!("({} {depth} {value:?} {mask} [{}])", path.escape_ascii(), below.join(","))
}

/// Computes the result from the model, by definition and recursively.
fn told_of(model: &NaiveMap<u64>, root: usize, path: &[u8], with_path: bool) -> String {
    let mask = model.child_mask(path);
    let below: Vec<_> = mask
        .iter()
        .map(|byte| {
            let mut stop = [path, &[byte]].concat();
            while model.get(&stop).is_none() && model.child_mask(&stop).count_bits() == 1 {
                stop.extend(model.child_mask(&stop).iter());
            }
            (stop[path.len()..].to_vec(), told_of(model, root, &stop, with_path))
        })
        .collect();
    let branches = below.iter().map(|(suffix, below)| (&suffix[..], below.clone()));
    if with_path {
        told(path, path.len() - root, model.get(path), mask.count_bits(), branches)
    } else {
        told(&[], 0, model.get(path), mask.count_bits(), branches)
    }
}

#[test]
fn a_fold_up_asks_at_stops_whatever_the_nodes_and_threads() {
    for seed in 0..300 {
        let mut rng = Rng::new(seed);
        let both = Both::random(&mut rng);
        let mut walk = random_walk(&mut rng, &both.map);
        let mut roots = vec![vec![]];
        if rng.one_in(2) {
            roots = (0..rng.below(4)).map(|_| both.some_path(&mut rng)).collect();
            walk.roots(&roots);
            roots.sort();
            roots.dedup_by(|path, above| path.starts_with(above));
            roots.retain(|root| both.model.path_exists_at(root));
        }
        let folded = walk.fold_up(|location, branches| {
            told(
                location.path(),
                location.depth(),
                location.value(),
                location.child_mask().count_bits(),
                branches,
            )
        });
        let expected: Vec<_> =
            roots.iter().map(|root| (root.clone(), told_of(&both.model, root.len(), root, true))).collect();
        assert_eq!(folded.roots, expected, "{seed}");
        let is_stop =
            |path: &[u8]| both.model.get(path).is_some() || both.model.child_mask(path).count_bits() != 1;
        let stops_of = |root: &Vec<u8>| {
            both.model.at_or_below(root).filter(|(path, _)| path == root || is_stop(path)).count()
        };
        let stops: usize = roots.iter().map(stops_of).sum();
        assert!(folded.walked.complete && folded.walked.visited == stops as u64);

        let shared = walk.fold_shared(|value, branches| {
            let branches: Vec<_> = branches.collect();
            told(&[], 0, value, branches.len(), branches.into_iter())
        });
        let expected: Vec<_> =
            roots.iter().map(|root| (root.clone(), told_of(&both.model, root.len(), root, false))).collect();
        assert_eq!(shared.roots, expected, "{seed}");
    }
}

/// Branches may be consumed in part, or not at all.
#[test]
fn an_algebra_need_not_look_at_its_branches() {
    let map: PathMap<u64> = (0..3_000u64).map(|i| ((i * 7919).to_be_bytes(), i)).collect();
    let mut walk = map.walk_parallel();
    walk.threads(4).task_size(1);
    let firsts = walk.fold_up(|location, mut branches| {
        assert_eq!(branches.len(), location.child_mask().count_bits());
        let first: Option<(_, Vec<u8>)> = branches.next();
        first.map_or(location.path().to_vec(), |(_, first)| first)
    });
    assert_eq!(firsts.into_value(), map.first_key_value().map(|(path, _)| path));
    assert_eq!(walk.fold_shared(|_, _| 7).into_value(), Some(7));
}

// Shared subtries.

/// Creates a trie of `levels` levels. Each level holds the level below at four bytes.
fn quadrupled(levels: usize) -> PathMap<u64> {
    let mut map = PathMap::single("tip", 1);
    for level in 0..levels {
        let below = std::mem::take(&mut map);
        for byte in b"acgt" {
            map.write_zipper_at_path([*byte]).graft_map(below.clone());
        }
        map.insert("", level as u64);
    }
    map
}

#[test]
fn a_shared_subtrie_is_folded_once() {
    let map = quadrupled(16);
    let expected =
        (0..16u32).rev().fold(1u64 << 32, |sum, level| sum + (u64::from(level) << (2 * (15 - level))));
    for threads in [1, 2, 8] {
        for task_size in [1, 1024] {
            let mut walk = map.walk_parallel();
            walk.threads(threads).task_size(task_size);
            let folded = walk.fold_shared(|value, branches| {
                value.copied().unwrap_or(0) + branches.map(|(_, sum)| sum).sum::<u64>()
            });
            // The root and one stop per level, except for the tips, which lie in their parent's
            // node.
            assert!(folded.walked.visited <= 16 + 4, "{}", folded.walked.visited);
            assert_eq!(folded.into_value(), Some(expected));
        }
    }
}

/// Many nodes are shared, and several threads reach each of them: each is folded once, and all
/// threads receive the result.
#[test]
fn threads_that_meet_at_a_shared_subtrie_fold_it_once_together() {
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let mut layers: Vec<PathMap<u64>> =
            (0..4).map(|i| (0..30 + i).map(|_| (rng.bytes(3), rng.next_u64() % 1000)).collect()).collect();
        for _ in 0..12 {
            let mut map = PathMap::new();
            for byte in 0..(2 + rng.below(6)) as u8 {
                let below = layers[rng.below(layers.len())].clone();
                map.write_zipper_at_path([byte, b'-', byte]).graft_map(below);
            }
            layers.push(map);
        }
        let map = layers.pop().unwrap();
        let expected = {
            // One thread with a reader and its own memo.
            map.walk_parallel().threads(1).fold_shared(algebra)
        };
        for threads in [2, 5, 16] {
            let mut walk = map.walk_parallel();
            walk.threads(threads).task_size(1);
            let folded = walk.fold_shared(algebra);
            assert_eq!(folded.walked.visited, expected.walked.visited, "{seed} {threads}");
            assert_eq!(folded.roots, expected.roots, "{seed} {threads}");
        }
        // A fold by paths visits all of them.
        let unshared =
            map.walk_parallel().threads(3).fold_up(|location, branches| algebra(location.value(), branches));
        assert_eq!(unshared.roots, expected.roots, "{seed}");
        assert!(unshared.walked.visited >= expected.walked.visited);
    }
}

fn algebra(value: Option<&u64>, branches: Branches<'_, u64>) -> u64 {
    branches.fold(value.map_or(1, |value| value + 2), |sum, (suffix, below)| {
        sum.wrapping_mul(31).wrapping_add(hash(suffix, below))
    })
}

// Extremes.

/// Paths of a million bytes on a small stack: without branches, with a branch at each level, and
/// with a value at each level.
#[test]
fn a_path_of_a_million_bytes() {
    on_stack(128, || {
        let long = vec![b'x'; 1_000_000];
        let mut bare: PathMap<u64> = PathMap::single(&long, 5);
        let mut walk = bare.walk_parallel();
        walk.threads(3).task_size(1);
        let folded = walk.fold_up(|location, branches| {
            location.depth() + branches.map(|(suffix, below)| suffix.len() + below).sum::<usize>()
        });
        assert_eq!((folded.walked.visited, folded.into_value()), (2, Some(2_000_000)));
        assert_eq!(walk.run(|| |_| WalkState::Continue).visited, 1);

        bare.insert(&long[..500_000], 6);
        let shared = bare.walk_parallel().fold_shared(|value, branches| {
            value.copied().unwrap_or(0)
                + branches.map(|(suffix, below)| suffix.len() as u64 + below).sum::<u64>()
        });
        assert_eq!(shared.into_value(), Some(1_000_011));
    });
}

#[test]
fn long_combs_are_divided_too() {
    const LEVELS: usize = 30_000;
    let teeth = |byte: u8, own: bool| -> PathMap<u64> {
        let mut map = PathMap::new();
        let mut writer = map.write_zipper();
        for level in 0..LEVELS {
            writer.descend_to_byte(b'm');
            if own {
                writer.set_val(level as u64);
            } else {
                writer.ascend_byte();
                writer.descend_to_byte(byte);
                writer.set_val(level as u64);
                writer.ascend_byte();
                writer.descend_to_byte(b'm');
            }
        }
        drop(writer);
        map
    };
    on_stack(128, || {
        for map in [teeth(b'a', false), teeth(b'z', false), teeth(0, true)] {
            let begun = Instant::now();
            let mut walk = map.walk_parallel();
            walk.threads(3).task_size(256);
            let expected: u64 = (0..LEVELS as u64).sum();
            let sum = walk.fold(|location| *location.value().unwrap(), |a, b| a + b);
            assert_eq!((sum.value, sum.walked.visited), (Some(expected), LEVELS as u64));
            let up = |value: Option<&u64>, branches: Branches<'_, u64>| {
                value.copied().unwrap_or(0) + branches.map(|(_, below)| below).sum::<u64>()
            };
            assert_eq!(
                walk.fold_up(|location, branches| up(location.value(), branches)).into_value(),
                Some(expected)
            );
            assert_eq!(walk.fold_shared(up).into_value(), Some(expected));
            // The time is not quadratic in the depth.
            assert!(begun.elapsed() < Duration::from_secs(20));
        }
    });
}

#[test]
fn many_threads_share_one_comb() {
    let mut map = PathMap::new();
    let mut path = Vec::new();
    for i in 0..2_000u64 {
        path.push(b'm');
        map.insert([&path[..], b"z"].concat(), i);
    }
    let workers = parking_lot::Mutex::new(HashSet::new());
    let mut walk = map.walk_parallel();
    walk.threads(4);
    walk.fold(
        |_| {
            std::thread::sleep(Duration::from_micros(100));
            workers.lock().insert(std::thread::current().id());
        },
        |(), ()| (),
    );
    assert!(workers.into_inner().len() > 1);
}

// Locks.

/// A count whose clone waits until other threads have made progress, or for half a second.
struct Patient<'a> {
    count: u64,
    watch: &'a Watch,
}

#[derive(Default)]
struct Watch {
    asked: AtomicUsize,
    clones: AtomicUsize,
    /// The number of clones during which the algebra was called forty times.
    held_nobody_up: AtomicUsize,
}

/// The number of clones that must hold nobody up, after which clones do not wait.
const ENOUGH: usize = 8;

impl Clone for Patient<'_> {
    fn clone(&self) -> Self {
        let watch = self.watch;
        let is_settled = watch.held_nobody_up.load(SeqCst) >= ENOUGH;
        if !is_settled && watch.clones.fetch_add(1, SeqCst) < 60 {
            let before = watch.asked.load(SeqCst);
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_millis(500) {
                std::thread::sleep(Duration::from_millis(1));
                if watch.asked.load(SeqCst) - before >= 40 {
                    watch.held_nobody_up.fetch_add(1, SeqCst);
                    break;
                }
            }
        }
        Self { count: self.count, watch }
    }
}

/// Cloning a result is user code: it may take long, or wait for another thread.
#[test]
fn no_lock_is_held_while_a_result_is_cloned() {
    let shared: PathMap<u64> = [("x", 1), ("y", 2)].into_iter().collect();
    let mut map = PathMap::new();
    for i in 0..=255u8 {
        map.write_zipper_at_path([i, b'a']).graft_map(shared.clone());
        for j in 0..8 {
            map.insert([i, b'b', j], 10);
        }
    }
    let watch = Watch::default();
    let mut walk = map.walk_parallel();
    walk.threads(3).task_size(1);
    let folded = walk.fold_shared(|value, branches: Branches<'_, Patient<'_>>| {
        std::thread::sleep(Duration::from_micros(1));
        watch.asked.fetch_add(1, SeqCst);
        let below: u64 = branches.map(|(_, below)| below.count).sum();
        Patient { count: value.copied().unwrap_or(0) + below, watch: &watch }
    });
    assert_eq!(folded.into_value().unwrap().count, 256 * 83);
    // Each of the two other threads makes at most a dozen calls before it reaches the shared node,
    // where it would have to wait. Some clones are made where no lock was ever held.
    let held_nobody_up = watch.held_nobody_up.into_inner();
    assert!(held_nobody_up >= ENOUGH, "others went on during {held_nobody_up} clones");
}

// Panics.

/// Each call, clone and drop panics in turn. The dropped result may be an unused one of a thread,
/// or one in a memo.
#[test]
fn a_panic_at_any_moment_of_a_fold_reaches_the_caller_and_the_map_is_as_before() {
    let twice: PathMap<u8> = (0..6u8).map(|i| ([i], i)).collect();
    let mut map = PathMap::new();
    for i in 0..5u8 {
        map.write_zipper_at_path([i, b's']).graft_map(twice.clone());
        map.insert([i, b't'], i);
    }
    let before = map.clone();
    let fuse = Fuse::new();
    for threads in [1, 3] {
        for event in [Event::Call, Event::Clone, Event::Drop] {
            for spare in 0.. {
                let mut walk = map.walk_parallel();
                walk.threads(threads).task_size(1);
                let live = fuse.census().live();
                fuse.arm(&[event], spare);
                let folded = fuse.catch(|| {
                    let up = walk.fold_up(|location, branches: Branches<'_, Fragile>| {
                        fuse.call();
                        branches.for_each(|(_, below)| drop(below.clone()));
                        fuse.fragile(location.value().copied().unwrap_or(0))
                    });
                    let shared = walk.fold_shared(|value, branches: Branches<'_, Fragile>| {
                        fuse.call();
                        branches.for_each(|(_, below)| drop(below.clone()));
                        fuse.fragile(value.copied().unwrap_or(0))
                    });
                    let combine = |left: Fragile, right: Fragile| {
                        right.call();
                        drop(left);
                        right.clone()
                    };
                    let in_order = walk.fold(|location| fuse.fragile(*location.value().unwrap()), combine);
                    drop((up, shared, in_order));
                });
                if event != Event::Drop {
                    assert_eq!(fuse.census().live(), live, "{event:?} {spare}");
                }
                assert!(map == before && walk.run(|| |_| WalkState::Continue).visited == 35);
                match folded {
                    Ok(()) => break,
                    Err(blown) => assert_eq!(blown, Blown(event)),
                }
                assert!(spare < 1_000);
            }
        }
    }
}

#[test]
fn a_panic_in_a_fold_reaches_the_caller_and_leaks_nothing() {
    let map: PathMap<u8> = (0..200u8).map(|i| ([i % 5, i, i / 3], i)).collect();
    let fuse = Fuse::new();
    for spare in (0..420).step_by(7) {
        let mut walk = map.walk_parallel();
        walk.threads(1 + spare % 4).task_size(1 + spare as u32 % 3);
        let make = |value: Option<&u8>| fuse.fragile(value.copied().unwrap_or(0));
        fuse.arm(&[Event::Call, Event::Clone], spare);
        let in_order = fuse.catch(|| {
            let combine = |left, right: Fragile| {
                right.call();
                let _left = left;
                right
            };
            walk.fold(|location| make(location.value()), combine).value.unwrap().number()
        });
        let expected = if spare >= 199 { Ok(last(&map)) } else { Err(Blown(Event::Call)) };
        assert_eq!(in_order, expected, "{spare}");
        fuse.arm(&[Event::Call, Event::Clone], spare);
        let up = fuse.catch(|| {
            walk.fold_shared(|value, branches: Branches<'_, Fragile>| {
                fuse.call();
                branches.for_each(|(_, below)| drop(below.clone()));
                make(value)
            })
        });
        // The algebra is called for 200 values, 5 branches and the root, and all results except
        // the last are cloned.
        assert_eq!(up.is_ok(), spare >= 206 + 205, "{spare}");
        drop(up);
        assert_eq!(fuse.census().live(), 0);
    }
    let outcome = catch_unwind(|| {
        let asked = AtomicUsize::new(0);
        map.walk_parallel().threads(3).task_size(1).fold_up(|_, _: Branches<'_, ()>| {
            if asked.fetch_add(1, SeqCst) == 150 {
                resume_unwind(Box::new("here"));
            }
        })
    });
    assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&"here"));
}

fn last(map: &PathMap<u8>) -> u8 {
    *map.last_key_value().unwrap().1
}
