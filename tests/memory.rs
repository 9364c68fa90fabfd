//! The allocations of iterators and bulk operations.
//!
//! These tests are a program of their own, because its global allocator counts allocations.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use bytetrie::PathMap;
use bytetrie::testing::keys::{random_u64, words};
use bytetrie::zipper::*;

/// The allocations of one thread.
#[derive(Clone, Copy)]
struct Tally {
    calls: usize,
    /// The sum of the sizes of all allocations.
    asked: usize,
    live: isize,
    peak: isize,
}

thread_local! {
    static TALLY: Cell<Tally> = const { Cell::new(Tally { calls: 0, asked: 0, live: 0, peak: 0 }) };
}

struct Counting;

fn note(calls: usize, size: isize) {
    let _ = TALLY.try_with(|tally| {
        let mut now = tally.get();
        now.calls += calls;
        now.asked += size.max(0) as usize;
        now.live += size;
        now.peak = now.peak.max(now.live);
        tally.set(now);
    });
}

// SAFETY: every call is forwarded to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(1, layout.size() as isize);
        // SAFETY: the caller upholds the requirements of this method, which are those of the
        // system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        note(0, -(layout.size() as isize));
        // SAFETY: the caller upholds the requirements of this method, which are those of the
        // system's allocator.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The old and the new block may exist at the same time.
        note(1, size as isize);
        note(0, -(layout.size() as isize));
        // SAFETY: the caller upholds the requirements of this method, which are those of the
        // system's allocator.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Runs work. Returns its result, the number of its allocations, and the sum of their sizes.
fn allocations<R>(work: impl FnOnce() -> R) -> (R, usize, usize) {
    let before = TALLY.get();
    let made = work();
    let after = TALLY.get();
    (made, after.calls - before.calls, after.asked - before.asked)
}

/// Runs work. Returns its result, and the peak of allocated bytes above the level at the start.
fn peak<R>(work: impl FnOnce() -> R) -> (R, usize) {
    let before = TALLY.get().live;
    TALLY.set(Tally { peak: before, ..TALLY.get() });
    let made = work();
    (made, (TALLY.get().peak - before) as usize)
}

fn maps() -> [PathMap<u64>; 2] {
    [random_u64(20_000, 1), words(5_000, 2)].map(|keys| keys.into_iter().zip(0u64..).collect())
}

/// The number of allocations by which an iterator grows its path and its stack.
const FEW: usize = 16;

#[test]
fn keys_that_are_lent_allocate_nothing_a_key() {
    for mut map in maps() {
        let count = map.len();
        let lent = || {
            let (mut entries, mut sum) = (map.iter(), 0);
            while let Some((path, value)) = entries.lend_next() {
                sum += path.len() as u64 + value;
            }
            sum
        };
        assert!(allocations(lent).1 <= FEW);
        let backwards = || {
            let (mut entries, mut sum) = (map.iter(), 0);
            while let Some((path, value)) = entries.lend_next_back() {
                sum += path.len() as u64 + value;
            }
            sum
        };
        assert!(allocations(backwards).1 <= FEW);
        assert!(allocations(|| map.values().sum::<u64>()).1 <= FEW);
        assert!(allocations(|| map.values().rev().sum::<u64>()).1 <= FEW);
        assert!(allocations(|| map.values_mut().map(|value| *value).sum::<u64>()).1 <= FEW);
        // Each key that is returned is one more allocation.
        assert!(allocations(|| map.iter().for_each(drop)).1 <= count + FEW);
        assert!(allocations(|| map.keys().rev().for_each(drop)).1 <= count + FEW);
        assert!(allocations(|| map.iter_mut().for_each(drop)).1 <= count + FEW);
        assert!(allocations(|| map.iter().nth(count - 1)).1 <= FEW);
        assert!(allocations(|| map.clone().into_values().sum::<u64>()).1 <= FEW);
        assert!(allocations(|| map.clone().into_iter().for_each(drop)).1 <= count + FEW);
    }
}

#[test]
fn a_look_at_an_end_copies_no_node() {
    for mut map in maps() {
        let middle = map.keys().nth(map.len() / 2).unwrap();
        let small = |(_, calls, bytes): (Option<Vec<u8>>, usize, usize)| {
            assert!(calls <= 6 && bytes <= 2_048, "{calls} allocations of {bytes} bytes");
        };
        let key = |(path, _): (Vec<u8>, &u64)| path;
        small(allocations(|| map.first_key_value().map(key)));
        small(allocations(|| map.last_key_value().map(key)));
        small(allocations(|| map.iter().next().map(key)));
        small(allocations(|| map.keys().next_back()));
        small(allocations(|| map.range(&middle[..]..).next().map(key)));
        small(allocations(|| map.range(..&middle[..]).next_back().map(key)));
        small(allocations(|| map.prefix(&middle[..1]).next_back().map(key)));
        small(allocations(|| map.range_mut(&middle[..]..).next().map(|(path, _)| path)));
        let copy = map.clone();
        small(allocations(|| copy.into_iter().next().map(|(path, _)| path)));
    }
}

/// Generates a thousand long keys, all of them prefixes of one path.
fn long_keys() -> impl Iterator<Item = (Vec<u8>, u32)> + Clone {
    (0..1_000u32).map(|i| {
        let mut key = vec![b'x'; 200_000];
        key.extend(i.to_be_bytes());
        (key, i)
    })
}

/// The limit for maps of long keys: the size of the map, and a few times the longest path.
const BOUND: usize = 6 * 200_000 + 200_000;

#[test]
fn building_from_sorted_entries_holds_one_path() {
    let (collected, once) = peak(|| long_keys().collect::<PathMap<u32>>());
    assert!(once < BOUND, "{once} bytes at the most to collect");
    let (sorted, most) = peak(|| PathMap::from_sorted_iter(long_keys()));
    assert!(most < BOUND, "{most} bytes at the most");
    assert!(sorted == collected);
    // Keys that branch early and have long suffixes.
    let tails = || (0..=255u8).map(|byte| (vec![byte; 50_000], byte));
    let (map, most) = peak(|| PathMap::from_sorted_iter(tails()));
    assert_eq!(map.len(), 256);
    assert!(most < map.heap_size() * 5 / 4 + 8 * 50_000, "{most} bytes for {}", map.heap_size());
    // Short keys: the result, and the entries that branch off.
    let keys: std::collections::BTreeSet<_> = random_u64(100_000, 3).into_iter().collect();
    let (map, most) = peak(|| PathMap::from_sorted_iter(keys.iter().map(|key| (key, 1u64))));
    assert!(most < map.heap_size() * 5 / 4, "{most} bytes for {}", map.heap_size());
}

#[cfg(feature = "rayon")]
#[test]
fn building_from_sorted_entries_by_rayon_holds_one_path() {
    use rayon::prelude::*;

    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (map, most) = pool.install(|| {
        let keys = (0..1_000u32).into_par_iter().map(|i| {
            let mut key = vec![b'x'; 200_000];
            key.extend(i.to_be_bytes());
            (key, i)
        });
        peak(|| PathMap::par_from_sorted(keys))
    });
    assert_eq!(map.len(), 1_000);
    // Each piece of the work is a separate map until it is joined with the one before.
    assert!(most < 8 * BOUND, "{most} bytes at the most");
}

#[test]
fn retaining_extracting_and_appending_hold_one_path() {
    let full: PathMap<u32> = long_keys().collect();
    for keeps in [false, true] {
        let mut map = full.clone();
        let (_, most) = peak(|| map.retain(|_, _| keeps));
        assert!(most < BOUND, "{most} bytes at the most to retain");
        let mut map = full.clone();
        let (_, most) = peak(|| map.retain_mut(|_, _| keeps));
        assert!(most < BOUND, "{most} bytes at the most to retain");
        let mut map = full.clone();
        let (_, most) = peak(|| map.extract_if::<[u8], _, _>(.., |_, _| !keeps).count());
        assert!(most < BOUND + 4 * 200_000, "{most} bytes at the most to extract");
    }
    let mut tips = PathMap::<u32>::new();
    long_keys().for_each(|(key, _)| assert!(tips.create_path(key)));
    let mut map = PathMap::from([("other", 1)]);
    let (_, most) = peak(|| map.append(&mut tips));
    assert!(most < BOUND, "{most} bytes at the most to append");
    assert!(map.path_exists_at(long_keys().last().unwrap().0));
    let mut other = full.clone();
    let (_, most) = peak(|| map.append(&mut other));
    assert!(most < BOUND, "{most} bytes at the most to append");
    assert_eq!(map.len(), 1_001);
    drop(full);
    let (_, most) = peak(|| map.into_iter().for_each(drop));
    assert!(most < BOUND, "{most} bytes at the most to take apart");
}

#[test]
fn a_walk_by_a_reader_is_what_iterators_are_measured_by() {
    for map in maps() {
        let (steps, calls, _) = allocations(|| {
            let (mut zipper, mut steps) = (map.read_zipper(), 0);
            while zipper.to_next_val() {
                steps += 1;
            }
            steps
        });
        assert!(steps == map.len() && calls <= FEW);
    }
}

#[test]
fn zippers_with_buffers_allocate_nothing() {
    let [mut random, mut words] = maps();
    let names: PathMap<String> = words.iter().map(|(path, value)| (path, value.to_string())).collect();
    let paths: Vec<_> = words.keys().chain(random.keys()).collect();
    let mut visit = |buffers: ZipperBuffers| {
        let (mut buffers, mut found) = (buffers, 0);
        for path in &paths {
            let (above, below) = path.split_at(path.len() / 2);
            for map in [&mut random, &mut words] {
                let mut reader = map.read_zipper_with_buffers(above, buffers);
                reader.descend_to(below);
                found += reader.is_val() as usize;
                reader.reset();
                reader.to_next_val();
                let used = reader.into_buffers();
                let mut writer = map.write_zipper_with_buffers(above, used);
                writer.descend_to(below);
                found += writer.get_val_mut().is_some() as usize;
                buffers = writer.into_buffers();
            }
            let reader = names.read_zipper_with_buffers(path, buffers);
            found += reader.is_val() as usize;
            buffers = reader.into_buffers();
        }
        (buffers, found)
    };
    let (buffers, found) = visit(ZipperBuffers::new());
    let ((_, again), calls, _) = allocations(|| visit(buffers));
    assert_eq!((again, calls), (found, 0));
    let (_, calls, _) = allocations(|| visit(ZipperBuffers::with_capacity(256, 256)));
    assert_eq!(calls, 2);
}

#[test]
fn zippers_that_do_not_move_allocate_only_their_root_path() {
    for mut map in maps() {
        let path = map.first_key_value().unwrap().0;
        let (_, calls, _) = allocations(|| {
            (map.read_zipper().is_val(), map.read_zipper().child_count(), map.read_zipper().path_exists())
        });
        assert_eq!(calls, 0);
        assert_eq!(allocations(|| map.write_zipper().child_count()).1, 0);
        let (value, calls, _) = allocations(|| map.read_zipper_at_path(&path).val().copied());
        assert_eq!((value, calls), (map.get(&path).copied(), 1));
        let (value, calls, _) = allocations(|| map.write_zipper_at_path(&path).val().copied());
        assert_eq!((value, calls), (map.get(&path).copied(), 1));
    }
}

#[test]
fn streams_of_paths_need_memory_for_one_path() {
    use bytetrie::paths_serialization::*;

    let write = |paths: usize, len: usize| {
        let path = vec![b'x'; len];
        peak(|| {
            let mut writer = PathsWriter::new(Vec::with_capacity(50_000));
            (0..paths).for_each(|_| writer.push(&path).unwrap());
            writer.finish().unwrap().bytes_out
        })
    };
    for (paths, len) in [(1, 0), (100, 100_000), (10_000, 100)] {
        let (_, peak) = write(paths, len);
        assert!(peak < 500_000, "{paths} paths of {len} bytes: {peak}");
    }

    // Four gigabytes are claimed, and a few bytes arrive.
    let claimed = b"\x78\x01\x01\x05\x00\xFA\xFF\xFF\xFF\xFF\xFFx";
    let (read, peak) = peak(|| PathsReader::new(&claimed[..]).next_path().map(|_| ()));
    assert_eq!(read.unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);
    assert!(peak < 110_000, "{peak}");
}

#[test]
fn reading_a_long_path_needs_twice_its_length() {
    use bytetrie::paths_serialization::*;

    let mut stream = Vec::new();
    let mut writer = PathsWriter::new(&mut stream);
    writer.push(vec![b'x'; 5_000_000]).unwrap();
    writer.finish().unwrap();
    let (len, peak) = peak(|| PathsReader::new(&stream[..]).next_path().unwrap().map(<[u8]>::len));
    assert_eq!(len, Some(5_000_000));
    assert!(peak < 10_200_000, "{peak}");
}
