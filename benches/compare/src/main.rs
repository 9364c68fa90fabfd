//! Measures bytetrie and its peers in one process and one run, all with jemalloc and equal
//! compiler flags.
//!
//! `benches/compare/run.sh --help` lists the options. Without arguments, everything is measured,
//! which takes about a quarter of an hour on two cores.

mod algebra;
mod args;
mod client;
mod copy;
mod expressions;
mod files;
mod floor;
mod heads;
mod keys;
#[path = "../../../tests/common/matcher.rs"]
mod matcher;
mod measure;
mod memory;
mod morph;
mod peer;
mod peers;
mod product;
mod report;
mod search;
mod sizes;
mod streams;
mod writers;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, ValueKind};
use crate::report::Report;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let args = Args::parse();
    let mut report = Report::new(&args);
    if args.tables || args.all_sections() {
        for set in keys::key_sets(&args) {
            if args.wants_value(ValueKind::U64) {
                report.table(&set, "u64", &measure::measure::<u64>(&set, &args));
            }
            if args.wants_value(ValueKind::Unit) {
                report.table(&set, "()", &measure::measure::<()>(&set, &args));
            }
        }
        report.means();
    }
    if args.algebra || args.all_sections() {
        for set in keys::key_sets(&args) {
            if args.wants_value(ValueKind::U64) {
                report.algebra(&set, "u64", &algebra::measure::<u64>(&set, &args));
            }
            if args.wants_value(ValueKind::Unit) {
                report.algebra(&set, "()", &algebra::measure::<()>(&set, &args));
            }
        }
        report.algebra_means();
        report.shared(&algebra::shared(&args));
    }
    if args.morph || args.all_sections() {
        report.morph(&morph::measure(&args));
    }
    if args.copy || args.all_sections() {
        report.copy(&copy::measure(&args));
    }
    if args.heads || args.all_sections() {
        report.heads(&heads::measure(&args));
    }
    if args.product || args.all_sections() {
        report.products(&product::measure(&args));
    }
    if args.client || args.all_sections() {
        report.client(&client::measure(&args));
    }
    if args.expressions || args.all_sections() {
        for (set, evaluated) in expressions::measure(&args) {
            report.expressions(&set, &evaluated);
        }
    }
    if args.search || args.all_sections() {
        report.search(&search::measure(&args));
    }
    if args.writers || args.all_sections() {
        report.writers(&writers::measure(&args));
    }
    if args.files || args.all_sections() {
        report.files(&files::measure(&args));
    }
    if args.sizes || args.all_sections() {
        report.sizes(&sizes::measure(&args));
    }
    if args.streams || args.all_sections() {
        for (set, streamed) in streams::measure(&args) {
            report.streams(&set, &streamed);
        }
    }
    match report.save() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("compare: {error}");
            ExitCode::FAILURE
        }
    }
}
