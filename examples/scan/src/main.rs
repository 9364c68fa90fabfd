//! A directory scanner: lists files, found by several threads that each fill a map of their own.
//!
//! ```text
//! cargo run --release -p bytetrie-scan -- DIR
//! cargo run --release -p bytetrie-scan -- /usr --no-gitignore --hidden --dirs --format jsonl
//! cargo run --release -p bytetrie-scan -- src --format tree
//! cargo run --release -p bytetrie-scan -- . --diff
//! ```
//!
//! What it finds is a map from paths to sizes, times and kinds, wherever a map is of use:
//!
//! - **Joined by whole directories.** Each thread fills a map without asking anybody, and the join
//!   of the maps takes over what only one of them has, node by node (see `scan.rs`). It costs what
//!   is in the directories that several threads had a part in.
//! - **The order of paths.** Keys have a zero byte for each slash, so that a directory is followed
//!   by what is in it (see `meta.rs`). `--sort` and `--format tree` are walks of the map.
//! - **What has changed.** `--diff` scans again and compares the two maps side by side, in 3 % of
//!   the scan's time.
//!
//! # What is told
//! Lines go to standard output as they are found, in large pieces, and none waits for more than a
//! tenth of a second; so they are in no order. All else goes to standard error: entries that
//! cannot be read, links that lead back to where they lie (with `--follow`), rules that are none
//! and files of rules that are skipped, and at the end how many entries there were. On a terminal
//! a line tells how many there are so far, where it is in nobody's way.
//!
//! DIR stands in front of each path as it was given. It may be a file, or a link, which is
//! followed. With several of them each is by itself: an entry that lies below two is listed twice,
//! and counted below both.
//!
//! The exit status is 0 if all was found, 1 if not: an entry could not be read, or the deadline
//! passed, or nothing more could be printed; 2 if the arguments are wrong. If nobody wants to read
//! any more, that is no failure.
//!
//! # What is left out
//! What the rules of git leave out, to the letter, and those of `.ignore` files, which stand above
//! them (see `rules.rs`). Only regular files of a bounded size are read for rules.
//!
//! # What costs time
//! The questions to the system: one to open each directory and two or more to read it; one for
//! each entry whose size and time are asked for, which those of the format `lines` are not.
//! `cargo bench -p bytetrie-benches --bench scan` compares it with the walk of the crate `ignore`.

mod guard;

use std::io::{self, BufRead, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytetrie::zipper::*;
use bytetrie_examples::cli::{self, Failure};
use bytetrie_examples::figures::{count, grouped};
use bytetrie_examples::progress::Progress;
use bytetrie_scan::args::{Args, Format};
use bytetrie_scan::scan::{Found, Plan};
use bytetrie_scan::stream::{self, Stream};
use bytetrie_scan::{meta, print, tree};
use guard::{Guard, Printed, printing};

fn main() -> ExitCode {
    cli::run("scan", run)
}

fn run(args: &Args) -> Result<(), Failure> {
    args.check().map_err(Failure::input)?;
    let plan = Plan::new(args).map_err(Failure::input)?;
    if args.diff {
        return watch(args, &plan);
    }
    let _guard = guard(args);
    let found = scan(args, &plan, true)?;
    if args.format == Format::Tree {
        let mut out = out();
        for root in 0..args.roots.len() {
            tree::write(&mut out, args, &found.map, root)?;
        }
        out.flush()?;
    } else if args.sort {
        print_sorted(args, &found)?;
    }
    tell(&found);
    let told = Missed::default().and(&found).told(args);
    // The process ends: to free the map node by node would be of no use.
    std::mem::forget(found);
    told
}

/// Standard output, in large pieces.
fn out() -> BufWriter<impl Write> {
    BufWriter::with_capacity(stream::CHUNK, Printed(io::stdout()))
}

/// Keeps the deadline from now on, also where this thread is stuck.
fn guard(args: &Args) -> Option<Guard> {
    let deadline = args.deadline.and_then(|time| Instant::now().checked_add(time));
    deadline.map(guard::until)
}

/// Scans again and again, and prints what has changed.
fn watch(args: &Args, plan: &Plan) -> Result<(), Failure> {
    let mut guarded = guard(args);
    let mut old = scan(args, plan, true)?;
    tell(&old);
    let mut missed = Missed::default().and(&old);
    loop {
        drop(guarded);
        let more = wait()?;
        guarded = guard(args);
        let new = scan(args, plan, false)?;
        tell(&new);
        missed = missed.and(&new);
        if old.stopped || new.stopped {
            // What one of them has not reached would be told as new, or as gone.
            note(format_args!("what has changed cannot be told, as a scan was stopped"));
        } else {
            print_changes(args, &old, &new)?;
        }
        old = new;
        if !more {
            return missed.told(args);
        }
    }
}

/// Scans, and prints what it finds if the format lets that be. A root that cannot be read is a
/// wrong argument if `strict` says so.
fn scan(args: &Args, plan: &Plan, strict: bool) -> Result<Found, Failure> {
    // On one terminal the lines of both would get in each other's way.
    let quiet = args.needs().lines && io::stdout().is_terminal();
    let mut progress = Progress::new("entries", None);
    let stream = Arc::new(Stream::new(Printed(io::stdout())));
    let found = plan.scan(&stream, strict, |entries| {
        if !quiet {
            printing(|| progress.show(entries));
        }
    });
    let found = found.map_err(Failure::input)?;
    stream.finish()?;
    Ok(found)
}

/// Prints what was found, in the order of the map.
fn print_sorted(args: &Args, found: &Found) -> Result<(), Failure> {
    let mut out = out();
    let (mut path, mut line) = (Vec::new(), Vec::new());
    let mut reader = found.map.read_zipper();
    while let Some(meta) = reader.to_next_get_val() {
        path.clear();
        meta::add_path(reader.path(), &mut path);
        line.clear();
        print::entry(args.style(), &path, meta, &mut line);
        out.write_all(&line)?;
    }
    Ok(out.flush()?)
}

/// Waits for a line on standard input; false if it has ended.
fn wait() -> Result<bool, Failure> {
    if io::stdin().is_terminal() {
        note(format_args!("Enter scans again, and the end of the input for the last time"));
    }
    let mut line = Vec::new();
    let read = io::stdin().lock().read_until(b'\n', &mut line);
    let read =
        read.map_err(|error| Failure { message: format!("cannot read standard input: {error}"), status: 1 })?;
    Ok(read > 0)
}

fn print_changes(args: &Args, old: &Found, new: &Found) -> Result<(), Failure> {
    let start = Instant::now();
    let mut out = out();
    let (mut path, mut line, mut number) = (Vec::new(), Vec::new(), 0_u64);
    let mut changes = old.map.diff(&new.map);
    while let Some((key, change)) = changes.next() {
        number += 1;
        path.clear();
        meta::add_path(key, &mut path);
        line.clear();
        print::change(args.style(), &path, change, &mut line);
        out.write_all(&line)?;
    }
    let time = start.elapsed();
    out.flush()?;
    let share = 100.0 * time.as_secs_f64() / new.time.as_secs_f64().max(f64::MIN_POSITIVE);
    let changes = count(number, "change");
    note(format_args!("{changes} found in {}, {share:.1} % of the scan's time", millis(time)));
    Ok(())
}

/// What the scans have missed.
#[derive(Default)]
struct Missed {
    unreadable: usize,
    stopped: bool,
}

impl Missed {
    fn and(mut self, found: &Found) -> Self {
        self.unreadable += found.unreadable();
        self.stopped |= found.stopped;
        self
    }

    /// A failure if anything was missed.
    fn told(self, args: &Args) -> Result<(), Failure> {
        let mut reasons = Vec::new();
        if self.stopped {
            let seconds = args.deadline.unwrap_or_default().as_secs_f64();
            reasons.push(format!("stopped after {seconds} s"));
        }
        match self.unreadable {
            0 => {}
            1 => reasons.push("1 entry could not be read".to_string()),
            more => reasons.push(format!("{} entries could not be read", grouped(more))),
        }
        if reasons.is_empty() {
            return Ok(());
        }
        Err(Failure { message: format!("incomplete: {}", reasons.join(", ")), status: 1 })
    }
}

/// Tells what went wrong, and what was found.
fn tell(found: &Found) {
    for trouble in &found.troubles {
        note(format_args!("{trouble}"));
    }
    let entries = if found.entries == 1 { "entry" } else { "entries" };
    let rate = found.entries as f64 / found.time.as_secs_f64().max(f64::MIN_POSITIVE);
    let bytes = found.bytes.map_or(String::new(), |bytes| format!(", {}", count(bytes, "byte")));
    let joined = match found.maps {
        0 => String::new(),
        maps => format!("; {} joined in {}", count(maps, "map"), millis(found.joining)),
    };
    note(format_args!(
        "{} {entries}{bytes} in {}: {} a second{joined}",
        grouped(found.entries),
        millis(found.time),
        grouped(rate as u64),
    ));
}

/// A line on standard error. Nothing is left to do if it cannot be written.
fn note(text: std::fmt::Arguments<'_>) {
    // In one piece, so that it stays in one line beside what others tell.
    let line = format!("scan: {text}\n");
    let _ = Printed(io::stderr()).write_all(line.as_bytes());
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
