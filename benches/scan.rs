//! The example `scan`, compared with the walk of the crate `ignore` with equal system calls, and
//! the diff of two scans.
//!
//! ```text
//! cargo bench -p bytetrie-benches --bench scan
//! SCAN_DIR=/home SCAN_THREADS=2 cargo bench -p bytetrie-benches --bench scan
//! ```
//!
//! The time of a walk depends on the other load of the system, so the contestants take turns, and
//! the median of each is reported. Walks of less than 100,000 entries are too short to compare.

use std::hint::black_box;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytetrie_scan::args::Args;
use bytetrie_scan::scan::{Found, Plan};
use bytetrie_scan::stream::Stream;
use clap::Parser;
use ignore::{WalkBuilder, WalkState};

/// The number of turns of each contestant.
const TURNS: usize = 15;

/// The walk of the crate `ignore` with the options of the scan. It only counts entries, and reads
/// their sizes if asked to.
fn bare(args: &Args, sizes: bool) -> u64 {
    let entries = AtomicU64::new(0);
    for root in &args.roots {
        let mut walker = WalkBuilder::new(root);
        walker.standard_filters(false).threads(args.threads());
        walker.build_parallel().run(|| {
            let mut counted = Counted(&entries, 0);
            Box::new(move |entry| {
                if let Ok(entry) = entry
                    && (args.dirs || entry.file_type().is_some_and(|file_type| file_type.is_file()))
                {
                    if sizes {
                        let _ = black_box(entry.metadata());
                    }
                    counted.one_more();
                }
                WalkState::Continue
            })
        });
    }
    entries.into_inner()
}

/// The count of one thread, added to the total when the thread ends.
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

fn scanned(plan: &Plan) -> Found {
    let stream = Arc::new(Stream::new(io::sink()));
    let found = plan.scan(&stream, true, |_| {}).expect("SCAN_DIR can be read");
    stream.finish().expect("writing to a sink does not fail");
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
        let with = |format: &'static str| Args::parse_from(options.iter().copied().chain([format]));
        let args = ["--format=lines", "--format=jsonl", "--diff"].map(with);
        let plans = args.each_ref().map(|args| Plan::new(args).expect("there is no glob"));

        let mut times: [Vec<Duration>; 7] = Default::default();
        let mut old = scanned(&plans[2]);
        assert_eq!(bare(&args[0], false), old.entries, "both walks find equally many entries");
        for _ in 0..TURNS {
            timed(&mut times[0], || bare(&args[0], false));
            drop(timed(&mut times[1], || scanned(&plans[0])));
            timed(&mut times[2], || bare(&args[0], true));
            drop(timed(&mut times[3], || scanned(&plans[1])));
            let new = timed(&mut times[4], || scanned(&plans[2]));
            times[5].push(new.joining);
            timed(&mut times[6], || {
                let mut changes = old.map.diff(&new.map);
                while let Some(change) = changes.next() {
                    black_box(change);
                }
            });
            old = new;
        }
        let [names, lines, sizes, jsonl, map, joining, diff] = times.map(median);
        let (entries, unreadable) = (old.entries, old.unreadable());
        println!(
            "{entries} entries below {dir}, {unreadable} unreadable, {threads} threads {}",
            more.concat()
        );
        println!("  names: ignore's walk  {names:8.1} ms");
        println!("  scan --format lines   {lines:8.1} ms   {:.2} times that", lines / names);
        println!("  sizes: ignore's walk  {sizes:8.1} ms");
        println!("  scan --format jsonl   {jsonl:8.1} ms   {:.2} times that", jsonl / sizes);
        println!("  scan into a map       {map:8.1} ms   {:.2} times that", map / sizes);
        println!("  join                  {joining:8.1} ms   {:.1} % of the scan", 100.0 * joining / map);
        println!("  diff                  {diff:8.1} ms   {:.1} % of the scan", 100.0 * diff / map);
    }
}
