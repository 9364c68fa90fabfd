//! A directory scanner: lists the files that several threads find. Each thread fills its own map.
//!
//! ```text
//! cargo run --release -p bytetrie-scan -- DIR
//! cargo run --release -p bytetrie-scan -- /usr --no-gitignore --hidden --dirs --format jsonl
//! cargo run --release -p bytetrie-scan -- src --format tree
//! cargo run --release -p bytetrie-scan -- . --diff
//! ```
//!
//! The result is a map from paths to sizes, times and kinds, if the output needs one. The map is
//! used in three ways:
//!
//! - **The maps are joined by whole directories.** Each thread fills its map without
//!   synchronization. The join of the maps shares each node that only one map has (see `scan.rs`).
//!   Its cost depends only on the directories in which several threads found entries.
//! - **Entries are ordered.** Keys have a zero byte in place of each slash, so that a directory is
//!   followed by its content (see `meta.rs`). `--sort` and `--format tree` walk the map.
//! - **Scans are compared.** `--diff` scans again and compares the two maps side by side, in 3 %
//!   of the scan's time.
//!
//! # What is reported
//! Lines are written to standard output in large pieces as entries are found, so they are in no
//! order. No line waits for more than a tenth of a second. Everything else is written to standard
//! error: entries that cannot be read, links that lead back to a directory above them (with
//! `--follow`), invalid rules, skipped files of rules, and finally the number of entries. If
//! standard error is a terminal and standard output is not in its way, a line shows the number of
//! entries so far.
//!
//! Each path begins with its DIR as it was given. A DIR may be a file, or a link, which is
//! followed. Several DIRs are independent: an entry below two of them is listed twice, and counted
//! twice.
//!
//! The exit status is 0 if the scan is complete. It is 1 if an entry could not be read, the
//! deadline passed, or the output could not be written. It is 2 if the arguments are wrong. If the
//! reader of the output closes it, that is not a failure.
//!
//! # Entries left out
//! Entries that git's rules exclude, exactly as git applies them, entries that `.ignore` files
//! exclude, and hidden entries. Rules of `.ignore` files take precedence (see `rules.rs`). Rules
//! are read only from regular files of a bounded size.
//!
//! # Costs
//! System calls: one to open each directory, two or more to read it, and one for each entry whose
//! size and time are needed. The format `lines` needs no sizes and times. `cargo bench -p
//! bytetrie-benches --bench scan` compares this scanner with the walk of the crate `ignore`.

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
    // The process ends here, so freeing the map node by node would only cost time.
    std::mem::forget(found);
    told
}

/// Returns standard output with a large buffer.
fn out() -> BufWriter<impl Write> {
    BufWriter::with_capacity(stream::CHUNK, Printed(io::stdout()))
}

/// Enforces the deadline, which starts now, even while this thread is blocked.
fn guard(args: &Args) -> Option<Guard> {
    let deadline = args.deadline.and_then(|time| Instant::now().checked_add(time));
    deadline.map(guard::until)
}

/// Scans repeatedly, and prints the changes.
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
            // Entries that one of the scans has not reached would be reported as added or removed.
            note(format_args!("the changes are unknown, because a scan was stopped"));
        } else {
            print_changes(args, &old, &new)?;
        }
        old = new;
        if !more {
            return missed.told(args);
        }
    }
}

/// Scans, and prints entries as they are found if the format allows it. If `strict`, a root that
/// cannot be read is a wrong argument.
fn scan(args: &Args, plan: &Plan, strict: bool) -> Result<Found, Failure> {
    // If both are printed on one terminal, the progress line would disturb the entries.
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

/// Prints the entries in the order of the map.
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

/// Waits for a line on standard input. Returns false at its end.
fn wait() -> Result<bool, Failure> {
    if io::stdin().is_terminal() {
        note(format_args!("press Enter to scan again, or end the input to scan for the last time"));
    }
    let mut line = Vec::new();
    let read = io::stdin().lock().read_until(b'\n', &mut line);
    let read = read.map_err(|error| Failure::incomplete(format!("cannot read standard input: {error}")))?;
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

/// What made the scans incomplete.
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

    /// Returns a failure if a scan was incomplete.
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
        Err(Failure::incomplete(format!("incomplete: {}", reasons.join(", "))))
    }
}

/// Prints the troubles and the totals of a scan.
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

/// Prints a line on standard error. If that fails, there is nothing left to do.
fn note(text: std::fmt::Arguments<'_>) {
    // Written in one piece, so that output of other threads cannot split the line.
    let line = format!("scan: {text}\n");
    let _ = Printed(io::stderr()).write_all(line.as_bytes());
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
