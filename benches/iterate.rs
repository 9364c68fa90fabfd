//! Visiting a whole map: by value, by location, by the iterator, and counting its values.

use std::hint::black_box;

use bytetrie::PathMap;
use bytetrie::testing::keys;
use bytetrie::zipper::*;
use criterion::{Criterion, Throughput};

fn values(map: &PathMap<u64>) -> usize {
    let mut zipper = map.read_zipper();
    let mut bytes = 0;
    while zipper.to_next_val() {
        bytes += black_box(zipper.path()).len();
    }
    bytes
}

fn values_backwards(map: &PathMap<u64>) -> usize {
    let mut zipper = map.read_zipper();
    let mut bytes = 0;
    while zipper.to_prev_val() {
        bytes += black_box(zipper.path()).len();
    }
    bytes
}

fn locations(map: &PathMap<u64>) -> usize {
    let mut zipper = map.read_zipper();
    let mut count = 0;
    while zipper.to_next_step() {
        black_box(zipper.path());
        count += 1;
    }
    count
}

fn iterate(criterion: &mut Criterion, name: &str, keys: &[Vec<u8>]) {
    let mut map = PathMap::new();
    for (i, key) in keys.iter().enumerate() {
        map.insert(key, i as u64);
    }
    let mut group = criterion.benchmark_group(format!("iterate/{name}"));
    group.throughput(Throughput::Elements(map.val_count() as u64)).sample_size(20);
    group.bench_function("to_next_val", |bencher| bencher.iter(|| values(black_box(&map))));
    group.bench_function("to_prev_val", |bencher| bencher.iter(|| values_backwards(black_box(&map))));
    group.bench_function("to_next_step", |bencher| bencher.iter(|| locations(black_box(&map))));
    group.bench_function("iter", |bencher| {
        bencher.iter(|| black_box(&map).iter().map(|(_, value)| *value).sum::<u64>());
    });
    group.bench_function("val_count", |bencher| bencher.iter(|| black_box(&map).val_count()));
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    iterate(&mut criterion, "words", &keys::words(20_000, 1));
    iterate(&mut criterion, "random u64", &keys::random_u64(100_000, 2));
    iterate(&mut criterion, "consecutive u64", &keys::consecutive_u64(100_000));
    iterate(&mut criterion, "random 3-20 bytes", &keys::random_bytes(100_000, 3..=20, 3));
    criterion.final_summary();
}
