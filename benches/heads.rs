//! Zippers on a head: creating and dropping them, alone and beside other zippers, and waiting for
//! them.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

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
        .map(|i| head.write_zipper_at_exclusive_path(apart(i)).expect("no other zipper is there"))
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
            let mut writer =
                head.write_zipper_at_exclusive_path(black_box(&path)).expect("no other zipper is there");
            writer.set_val(black_box(1))
        });
    });
    group.bench_function("writer made beside a new reader of its node, dropped", |bencher| {
        let beside = &words[words.len() / 2 + 1];
        bencher.iter(|| {
            let _reader =
                head.read_zipper_at_path([b"in/", beside.as_slice()].concat()).expect("it is apart");
            drop(head.write_zipper_at_exclusive_path(black_box(&path)));
        });
    });
    let _reader = head.read_zipper_at_path(&path).expect("no writer is there");
    group.bench_function("conflict", |bencher| {
        bencher.iter(|| head.write_zipper_at_exclusive_path(black_box(&path)).is_err());
    });
    group.finish();
}

/// Measures the time until all of many threads have received the zippers that they wait for.
fn waiting(criterion: &mut Criterion, waiters: usize, apart: bool) {
    let at =
        move |i: usize| if apart { [b"a/", &(i as u32).to_be_bytes()[..]].concat() } else { b"a/".to_vec() };
    let turn = |_: u64| {
        let head = Arc::new(PathMap::<u64>::new().into_zipper_head([]));
        let ready = Arc::new(AtomicUsize::new(0));
        let first = head.take_owned_write_zipper_at_exclusive_path("a").expect("no other zipper is there");
        let threads: Vec<_> = (0..waiters)
            .map(|i| {
                let (head, ready) = (Arc::clone(&head), Arc::clone(&ready));
                let work = move || {
                    ready.fetch_add(1, SeqCst);
                    let long = Duration::from_secs(600);
                    drop(
                        head.write_zipper_at_exclusive_path_timeout(at(i), long)
                            .expect("the path becomes free"),
                    );
                };
                thread::Builder::new().stack_size(64 << 10).spawn(work).expect("a thread starts")
            })
            .collect();
        while ready.load(SeqCst) < waiters {
            thread::yield_now();
        }
        thread::sleep(Duration::from_millis(200));
        let start = Instant::now();
        drop(first);
        threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
        start.elapsed()
    };
    let how = if apart { "each at its own path" } else { "all at one path" };
    let mut group = criterion.benchmark_group("heads/waiters");
    group.sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_millis(1));
    group.bench_function(format!("{waiters}, {how}"), |bencher| {
        bencher.iter_custom(|turns| (0..turns).map(turn).sum());
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    heads(&mut criterion, 0);
    heads(&mut criterion, 100);
    for apart in [false, true] {
        for waiters in [666, 2_000] {
            waiting(&mut criterion, waiters, apart);
        }
    }
    criterion.final_summary();
}
