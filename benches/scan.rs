//! The example `scan` beside the bare walk that it is built on, which asks the system the same questions; and the diff of
//! two scans.
//!
//! ```text
//! cargo bench --bench scan
//! SCAN_DIR=/home SCAN_THREADS=2 cargo bench --bench scan
//! ```
//!
//! The time of a walk hangs on what else the system does, so the contestants take turns, and what counts is the median of
//! each. Walks of less than 100,000 entries say little.

#[allow(dead_code, reason = "the example's command line is not run here")]
#[path = "../examples/scan/args.rs"]
mod args;
#[allow(dead_code, reason = "paths are not printed here")]
#[path = "../examples/scan/meta.rs"]
mod meta;
#[allow(dead_code, reason = "changes are not printed here")]
#[path = "../examples/scan/print.rs"]
mod print;
#[path = "../examples/scan/scan.rs"]
mod scan;
#[path = "../examples/scan/stream.rs"]
mod stream;
#[allow(dead_code, reason = "nothing is told here")]
#[path = "../examples/scan/trouble.rs"]
mod trouble;

use std::hint::black_box;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use args::Args;
use clap::Parser;
use ignore::WalkState;
use scan::{Found, Plan};
use stream::Stream;

/// How often each contestant has its turn.
const TURNS: usize = 15;

/// The walk with the same options, which reads what the scan reads of each entry and keeps nothing.
fn bare(args: &Args, plan: &Plan<'_>) -> u64 {
    let entries = AtomicU64::new(0);
    for walker in plan.walkers() {
        walker.build_parallel().run(|| {
            let mut counted = Counted(&entries, 0);
            Box::new(move |entry| {
                if let Ok(entry) = entry
                    && scan::is_listed(args, &entry)
                    && let Ok(metadata) = scan::metadata(&entry)
                {
                    black_box(meta::Meta::of(&metadata));
                    counted.one_more();
                }
                WalkState::Continue
            })
        });
    }
    entries.into_inner()
}

/// A thread's count, added up when it ends.
struct Counted<'a>(&'a AtomicU64, u64);

impl Counted<'_> {
    fn one_more(&mut self) {
        self.1 += 1;
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(self.1, Ordering::Relaxed);
    }
}

fn scanned(plan: &Plan<'_>) -> Found {
    let mut sink = io::sink();
    let stream = Stream::new(&mut sink);
    let found = plan.scan(&stream, |_| {});
    stream.finish().expect("the sink takes all");
    assert!(!found.stopped, "there is no deadline");
    found
}

fn timed<T>(times: &mut Vec<Duration>, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    times.push(start.elapsed());
    result
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e3
}

fn main() {
    let variable = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_string());
    let dir = variable("SCAN_DIR", "/usr");
    let cores = std::thread::available_parallelism().map_or(1, usize::from).to_string();
    let threads = variable("SCAN_THREADS", &cores);
    let options = ["scan", &dir, "--threads", &threads, "--hidden", "--no-gitignore"];
    for more in [&[][..], &["--dirs"]] {
        let options: Vec<&str> = options.iter().chain(more).copied().collect();
        let args = Args::parse_from(&options);
        let silent = Args::parse_from(options.iter().chain(&["--format=tree"]));
        let plans = [&silent, &args].map(|args| Plan::new(args).expect("SCAN_DIR can be read"));

        let mut times: [Vec<Duration>; 5] = Default::default();
        let mut old = scanned(&plans[0]);
        assert_eq!(bare(&args, &plans[0]), old.entries, "both find the same");
        for _ in 0..TURNS {
            timed(&mut times[0], || bare(&args, &plans[0]));
            let new = timed(&mut times[1], || scanned(&plans[0]));
            drop(timed(&mut times[2], || scanned(&plans[1])));
            times[3].push(new.joining);
            timed(&mut times[4], || {
                let mut changes = old.map.diff(&new.map);
                while let Some(change) = changes.next() {
                    black_box(change);
                }
            });
            old = new;
        }
        let [bare, silent, lines, joining, diff] = times.map(median);
        let (entries, unreadable) = (old.entries, old.unreadable());
        println!(
            "{entries} entries below {dir}, {unreadable} unreadable, {threads} threads {}",
            more.concat()
        );
        println!("  bare walk      {bare:8.1} ms");
        println!("  scan           {silent:8.1} ms   {:.2} times the bare walk", silent / bare);
        println!("  scan, printing {lines:8.1} ms   {:.2} times", lines / bare);
        println!("  join           {joining:8.1} ms   {:.1} % of the scan", 100.0 * joining / silent);
        println!("  diff           {diff:8.1} ms   {:.1} % of the scan", 100.0 * diff / silent);
    }
}
