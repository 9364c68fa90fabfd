//! Combining, walking and building maps on all cores, compared with one core. `BYTETRIE_KEYS` sets
//! the number of keys.

use std::hint::black_box;
use std::time::Duration;

use bytetrie::PathMap;
use bytetrie::testing::keys;
use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use rayon::prelude::*;

type Map = PathMap<u64>;
type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Measures two operations with equal results, on one core and on all cores.
fn pair<R>(group: &mut Group<'_>, name: &str, one: impl Fn() -> R, all: impl Fn() -> R) {
    group.bench_function(format!("{name}, one core"), |bencher| bencher.iter_with_large_drop(&one));
    group.bench_function(format!("{name}, all cores"), |bencher| bencher.iter_with_large_drop(&all));
}

fn shape(criterion: &mut Criterion, name: &str, keys: &[Vec<u8>]) {
    // Each map has two thirds of the keys, and they have one third in common.
    let third = keys.len() / 3;
    let map = |keys: &[Vec<u8>]| -> Map { keys.iter().enumerate().map(|(i, key)| (key, i as u64)).collect() };
    let (a, b) = (map(&keys[..2 * third]), map(&keys[third..]));
    let parts: Vec<Map> = keys.chunks(keys.len() / 8).map(map).collect();

    let mut group = criterion.benchmark_group(format!("rayon/{name}"));
    group.throughput(Throughput::Elements(keys.len() as u64));
    pair(&mut group, "join", || a.join(&b), || a.par_join(&b));
    pair(&mut group, "meet", || a.meet(&b), || a.par_meet(&b));
    pair(&mut group, "subtract", || a.subtract(&b), || a.par_subtract(&b));
    pair(&mut group, "join_all of 8", || Map::join_all(&parts), || Map::par_join_all(&parts));
    pair(&mut group, "sum of values", || a.values().sum::<u64>(), || a.par_values().sum::<u64>());
    let long = |(path, value): (Vec<u8>, &u64)| path.len() as u64 + value;
    pair(&mut group, "sum over entries", || a.iter().map(long).sum::<u64>(), || a.par_iter().map(long).sum());
    let entries: Vec<(&[u8], u64)> = keys.iter().map(|key| (&key[..], 1)).collect();
    pair(
        &mut group,
        "collect",
        || entries.iter().copied().collect::<Map>(),
        || entries.par_iter().copied().collect::<Map>(),
    );
    let mut sorted = entries.clone();
    sorted.sort_unstable();
    pair(
        &mut group,
        "from sorted",
        || Map::from_sorted_iter(sorted.iter().copied()),
        || Map::par_from_sorted(sorted.par_iter().copied()),
    );

    // Small operations, which are not worth a thread.
    let (few, edited) = (map(&keys[..200]), {
        let mut edited = a.clone();
        edited.insert("edited", 1);
        edited
    });
    pair(&mut group, "join of few", || few.join(&b), || few.par_join(&b));
    pair(&mut group, "join with an edited clone", || a.join(black_box(&edited)), || a.par_join(&edited));
    group.finish();
}

fn main() {
    let n = std::env::var("BYTETRIE_KEYS").ok().map_or(1_000_000, |n| n.parse().expect("a number of keys"));
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    // Half as many keys more, so that each operand has n keys.
    shape(&mut criterion, "words", &keys::words(n * 3 / 2, 1));
    shape(&mut criterion, "random u64", &keys::random_u64(n * 3 / 2, 1));
    criterion.final_summary();
}
