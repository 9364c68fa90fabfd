//! Point operations: insert, get, many gets at a time, get of absent keys, remove.

use std::hint::black_box;

use bytetrie::PathMap;
use bytetrie::testing::keys;
use criterion::{BatchSize, Criterion, Throughput};

fn map_of(keys: &[Vec<u8>]) -> PathMap<u64> {
    let mut map = PathMap::new();
    for (i, key) in keys.iter().enumerate() {
        map.insert(key, i as u64);
    }
    map
}

fn point(criterion: &mut Criterion, name: &str, keys: &[Vec<u8>]) {
    let absent: Vec<Vec<u8>> = keys.iter().map(|key| [key, &b"\0"[..]].concat()).collect();
    let map = map_of(keys);
    let mut group = criterion.benchmark_group(format!("point/{name}"));
    group.throughput(Throughput::Elements(keys.len() as u64)).sample_size(20);
    group.bench_function("insert", |bencher| {
        bencher.iter_with_large_drop(|| map_of(black_box(keys)));
    });
    group.bench_function("get", |bencher| {
        bencher.iter(|| keys.iter().filter_map(|key| map.get(black_box(key))).sum::<u64>());
    });
    group.bench_function("get_many", |bencher| {
        bencher.iter(|| map.get_many(black_box(keys)).into_iter().flatten().sum::<u64>());
    });
    group.bench_function("missing get", |bencher| {
        bencher.iter(|| absent.iter().filter(|key| map.get(black_box(key)).is_some()).count());
    });
    group.bench_function("remove", |bencher| {
        // A new map is built each time, because removing from a clone would measure copying.
        let remove_all = |mut map: PathMap<u64>| {
            for key in keys {
                black_box(map.remove(black_box(key)));
            }
            map
        };
        bencher.iter_batched(|| map_of(keys), remove_all, BatchSize::PerIteration);
    });
    group.finish();
}

/// Gets of as many keys as leave few nodes in the caches, in an order that is not that in which
/// they were inserted.
fn many(criterion: &mut Criterion) {
    let mut keys = keys::random_u64(1_000_000, 4);
    let map = map_of(&keys);
    keys.sort_unstable_by_key(|key| key.iter().rev().copied().collect::<Vec<_>>());
    let keys: Vec<Vec<u8>> = keys.iter().map(|key| key.to_vec()).collect();
    let mut group = criterion.benchmark_group("point/a million random u64");
    group.throughput(Throughput::Elements(keys.len() as u64)).sample_size(10);
    group.bench_function("get", |bencher| {
        bencher.iter(|| keys.iter().filter_map(|key| map.get(black_box(key))).sum::<u64>());
    });
    for batch in [16, 256, keys.len()] {
        group.bench_function(format!("get_many, {batch} at a time"), |bencher| {
            bencher.iter(|| {
                let batches = keys.chunks(batch).map(|keys| map.get_many(black_box(keys)));
                batches.flat_map(|values| values.into_iter().flatten()).sum::<u64>()
            });
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    point(&mut criterion, "words", &keys::words(20_000, 1));
    point(&mut criterion, "random u64", &keys::random_u64(100_000, 2));
    point(&mut criterion, "consecutive u64", &keys::consecutive_u64(100_000));
    point(&mut criterion, "random 3-20 bytes", &keys::random_bytes(100_000, 3..=20, 3));
    many(&mut criterion);
    criterion.final_summary();
}
