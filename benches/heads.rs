//! Zippers on a head: made and dropped, alone and beside other living zippers.

use std::hint::black_box;

use bytetrie::PathMap;
use bytetrie::testing::keys;
use bytetrie::zipper::*;
use criterion::Criterion;

fn heads(criterion: &mut Criterion, living: usize) {
    let words = keys::words(20_000, 1);
    let mut map = PathMap::new();
    for (i, word) in words.iter().enumerate() {
        map.insert([b"in/", word.as_slice()].concat(), i as u64);
    }
    let path = [b"in/", words[words.len() / 2].as_slice()].concat();
    let head = map.zipper_head();
    let apart = |i: usize| [b"out/", &(i as u32).to_be_bytes()[..]].concat();
    let _living: Vec<_> = (0..living)
        .map(|i| head.write_zipper_at_exclusive_path(apart(i)).expect("nobody is there"))
        .collect();

    let mut group = criterion.benchmark_group(format!("heads/beside {living} writers"));
    group.bench_function("reader made and dropped", |bencher| {
        bencher.iter(|| drop(head.read_zipper_at_path(black_box(&path))));
    });
    group.bench_function("writer made and dropped", |bencher| {
        bencher.iter(|| drop(head.write_zipper_at_exclusive_path(black_box(&path))));
    });
    group.bench_function("writer made, one value set, dropped", |bencher| {
        bencher.iter(|| {
            let mut writer = head.write_zipper_at_exclusive_path(black_box(&path)).expect("nobody is there");
            writer.set_val(black_box(1))
        });
    });
    let _reader = head.read_zipper_at_path(&path).expect("no writer is there");
    group.bench_function("conflict", |bencher| {
        bencher.iter(|| head.write_zipper_at_exclusive_path(black_box(&path)).is_err());
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    heads(&mut criterion, 0);
    heads(&mut criterion, 100);
    criterion.final_summary();
}
