//! The main job: threads receive zippers over channels, and copy one subtrie of a map to another.
//!
//! ```text
//! cargo run --release --example parallel_copy
//! cargo run --release --example parallel_copy -- --paths /usr --threads 2 --compare
//! ```

mod args;
mod input;
mod work;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use args::Args;
use bytetrie::PathMap;
use bytetrie_examples::cli::{self, Failure};
use bytetrie_examples::figures::{count, grouped};
use input::Input;

/// With `--compare`, the number of runs for each number of threads. The fastest run is reported.
const TURNS: usize = 3;

fn main() -> ExitCode {
    cli::run("parallel_copy", run)
}

fn run(args: &Args) -> Result<(), Failure> {
    let threads = usize::from(args.threads);
    let input = match &args.paths {
        None => Input::numbers(args.elements, threads),
        Some(path) => Input::from_path(path, threads).map_err(Failure::input)?,
    };
    let mut out = io::stdout().lock();
    tell_input(&mut out, &input)?;

    let start = Instant::now();
    let mut map = work::fill(&input);
    writeln!(out, "filled   {}", rate(input.pairs(), start.elapsed()))?;

    let time = copy_and_check(&mut map, &input, threads)?;
    writeln!(out, "copied   {} with {}", rate(input.pairs(), time), count(threads, "thread"))?;
    writeln!(out, "checked  the copy equals its source: {}", count(input.pairs(), "pair"))?;

    if args.compare {
        let mut best = [Duration::MAX; 2];
        for _ in 0..TURNS {
            for (best, threads) in best.iter_mut().zip([1, threads]) {
                *best = copy_and_check(&mut map, &input, threads)?.min(*best);
            }
        }
        let [one, several] = best;
        writeln!(
            out,
            "compared {} with 1 thread, {} with {}: {:.2} times as fast (best of {TURNS})",
            millis(one),
            millis(several),
            count(threads, "thread"),
            one.as_secs_f64() / several.as_secs_f64().max(f64::MIN_POSITIVE),
        )?;
    }
    Ok(())
}

/// Copies the input, and fails if the copy differs from its source.
fn copy_and_check(map: &mut PathMap<u64>, input: &Input, threads: usize) -> Result<Duration, Failure> {
    let time = work::copy(map, input.workers(), threads, input.pairs()).map_err(Failure::incomplete)?;
    let checked = work::check(map)
        .map_err(|difference| Failure::incomplete(format!("the copy is wrong: {difference}")))?;
    if checked != input.pairs() {
        return Err(Failure::incomplete(format!("{checked} pairs were copied instead of {}", input.pairs())));
    }
    Ok(time)
}

fn tell_input(out: &mut impl Write, input: &Input) -> Result<(), Failure> {
    let workers = input.workers();
    match input {
        Input::Numbers { elements, .. } => {
            let (elements, pairs) = (grouped(*elements), grouped(input.pairs()));
            writeln!(out, "input    {elements} elements over {}: {pairs} values", count(workers, "worker"))?;
        }
        Input::Keys(keys) => {
            let read = format!("{} {} over {}", grouped(keys.read), keys.noun, count(workers, "worker"));
            let different = format!("{} different keys", grouped(input.pairs()));
            writeln!(out, "input    {read}: {different}")?;
            if let Some(error) = &keys.first_error {
                let unreadable = grouped(keys.unreadable);
                let entries = if keys.unreadable == 1 { "entry" } else { "entries" };
                writeln!(out, "skipped  {unreadable} {entries} that cannot be read, the first: {error}")?;
            }
        }
    }
    Ok(())
}

/// Formats pairs, time and rate.
fn rate(pairs: u64, time: Duration) -> String {
    let millions = pairs as f64 / time.as_secs_f64().max(f64::MIN_POSITIVE) / 1e6;
    let millions = if pairs == 0 { 0.0 } else { millions };
    format!("{} in {}: {millions:.1} million/s", count(pairs, "pair"), millis(time))
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
