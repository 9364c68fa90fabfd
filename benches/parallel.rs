//! Walks by several threads, compared with a reader's walk and with each other, and the cost of
//! dividing.

use std::hint::black_box;

use bytetrie::PathMap;
use bytetrie::parallel::{Branches, WalkState};
use bytetrie::testing::keys;
use bytetrie::zipper::*;
use criterion::{BenchmarkId, Criterion, Throughput};

/// Reads a location in all walks alike: the length of its path, and its value.
fn reader(map: &PathMap<u64>) -> u64 {
    let mut zipper = map.read_zipper();
    let mut sum = 0;
    while let Some(value) = zipper.to_next_get_val() {
        sum += black_box(zipper.path()).len() as u64 + *value;
    }
    sum
}

fn visitor(map: &PathMap<u64>, threads: usize, task_size: u32) -> u64 {
    let mut walk = map.walk_parallel();
    walk.threads(threads).task_size(task_size);
    let (sums, _) = walk.run_with(
        || 0,
        |sum, location| {
            *sum += black_box(location.path()).len() as u64 + *location.value().expect("values only");
            WalkState::Continue
        },
    );
    sums.into_iter().sum()
}

/// Like [`visitor`], but with a boxed visitor, which the compiler cannot inline.
fn boxed(map: &PathMap<u64>, threads: usize) -> usize {
    type Boxed<'s> = Box<dyn FnMut(&bytetrie::parallel::Location<'_, u64>) -> WalkState + Send + 's>;
    let mut walk = map.walk_parallel();
    walk.threads(threads);
    let walked = walk.run(|| -> Boxed<'_> {
        let mut sum = 0;
        Box::new(move |location| {
            sum += black_box(location.path()).len() as u64 + *location.value().expect("values only");
            black_box(sum);
            WalkState::Continue
        })
    });
    walked.visited as usize
}

fn fold(map: &PathMap<u64>, threads: usize) -> Option<u64> {
    let mut walk = map.walk_parallel();
    walk.threads(threads);
    walk.fold(
        |location| black_box(location.path()).len() as u64 + *location.value().expect("values only"),
        |a, b| a + b,
    )
    .value
}

fn sum(value: Option<&u64>, branches: Branches<'_, u64>) -> u64 {
    value.copied().unwrap_or(0) + branches.map(|(_, sum)| sum).sum::<u64>()
}

fn fold_up(map: &PathMap<u64>, threads: usize) -> Option<u64> {
    let mut walk = map.walk_parallel();
    walk.threads(threads);
    walk.fold_up(|location, branches| sum(location.value(), branches)).into_value()
}

fn fold_shared(map: &PathMap<u64>, threads: usize) -> Option<u64> {
    let mut walk = map.walk_parallel();
    walk.threads(threads);
    walk.fold_shared(sum).into_value()
}

fn parallel(criterion: &mut Criterion, name: &str, keys: &[Vec<u8>]) {
    let mut map = PathMap::new();
    for (i, key) in keys.iter().enumerate() {
        map.insert(key, i as u64);
    }
    assert_eq!(reader(&map), visitor(&map, 2, 1024));
    assert_eq!(Some(reader(&map)), fold(&map, 2));
    let mut group = criterion.benchmark_group(format!("parallel/{name}"));
    group.throughput(Throughput::Elements(map.val_count() as u64)).sample_size(20);
    group.bench_function("reader", |bencher| bencher.iter(|| reader(black_box(&map))));
    for threads in [1, 2] {
        let mut bench = |what: &str, run: &dyn Fn(&PathMap<u64>)| {
            group.bench_function(BenchmarkId::new(what, threads), |bencher| {
                bencher.iter(|| run(black_box(&map)))
            });
        };
        bench("visitor", &|map| _ = black_box(visitor(map, threads, 1024)));
        bench("boxed", &|map| _ = black_box(boxed(map, threads)));
        bench("fold", &|map| _ = black_box(fold(map, threads)));
        bench("fold_up", &|map| _ = black_box(fold_up(map, threads)));
        bench("fold_shared", &|map| _ = black_box(fold_shared(map, threads)));
    }
    // Other task sizes than the default, one of them so large that no task is ever divided.
    for task_size in [u32::MAX, 16_384, 256, 64] {
        group.bench_function(BenchmarkId::new("task size", task_size), |bencher| {
            bencher.iter(|| visitor(black_box(&map), 1, task_size));
        });
    }
    group.finish();
}

/// A trie with 4¹⁶ paths, built by grafting.
fn shared(criterion: &mut Criterion) {
    let mut map: PathMap<u64> = PathMap::single("tip", 1);
    for _ in 0..16 {
        let below = std::mem::take(&mut map);
        for byte in b"acgt" {
            map.write_zipper_at_path([*byte]).graft_map(below.clone());
        }
    }
    assert_eq!(fold_shared(&map, 1), Some(1 << 32));
    criterion.bench_function("parallel/4^16 shared paths", |bencher| {
        bencher.iter(|| fold_shared(black_box(&map), 2));
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    parallel(&mut criterion, "words", &keys::words(200_000, 1));
    parallel(&mut criterion, "a million words", &keys::words(1_000_000, 1));
    parallel(&mut criterion, "random u64", &keys::random_u64(1_000_000, 2));
    parallel(&mut criterion, "consecutive u64", &keys::consecutive_u64(1_000_000));
    shared(&mut criterion);
    criterion.final_summary();
}
