//! The tables, on the terminal and as a markdown record.

use std::fmt::Write as _;

use clap::ValueEnum;

use crate::algebra::{Combined, OPERATIONS, Shared};
use crate::args::{Args, Stat};
use crate::client;
use crate::copy::Copied;
use crate::expressions::Evaluated;
use crate::files::Filed;
use crate::heads::Made;
use crate::keys::KeySet;
use crate::measure::{Op, Samples};
use crate::morph::{self, Morphed};
use crate::product::{WALKS, Walked};
use crate::search::Searched;
use crate::sizes::{Sizes, SizesOf};
use crate::streams::{FIGURES, Streamed};
use crate::writers::{MIXES, THREADS, Way};

const OURS: &str = "bytetrie";
const THEIRS: &str = "pathmap";

/// The report so far, in markdown. Each part is also printed when it is added.
pub(crate) struct Report<'a> {
    args: &'a Args,
    text: String,
    /// The ratio bytetrie / pathmap of each operation, for each table so far.
    ratios: Vec<Vec<f64>>,
    /// The ratio bytetrie / pathmap of each operation of algebra, for each table so far.
    algebra_ratios: [Vec<f64>; OPERATIONS.len()],
}

impl<'a> Report<'a> {
    /// Starts a report with the machine and the flags.
    pub(crate) fn new(args: &'a Args) -> Self {
        let mut report = Self {
            args,
            text: String::new(),
            ratios: vec![Vec::new(); Op::value_variants().len()],
            algebra_ratios: Default::default(),
        };
        let command: Vec<String> = std::env::args().skip(1).collect();
        report.say(&format!(
            "# bytetrie and its peers, {}\n\n- machine: {}, {} cores, {} {}\n- allocator: jemalloc for all; \
             RUSTFLAGS: `{}`\n- command: `benches/compare/run.sh {}`\n- {} of {} rounds in which the peers take turns, \
             insertion and look-up in random orders\n- ns per key, lower is better; \"-\" where a peer has no such \
             operation or cannot hold the keys\n",
            args.date,
            cpu_model(),
            std::thread::available_parallelism().map_or(1, usize::from),
            std::env::consts::OS,
            std::env::consts::ARCH,
            option_env!("RUSTFLAGS").unwrap_or(""),
            command.join(" "),
            args.stat,
            args.rounds,
        ));
        report
    }

    fn say(&mut self, text: &str) {
        println!("{text}");
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Adds a table for one key set and one type of values: a row for each operation, a column for
    /// each peer.
    pub(crate) fn table(&mut self, set: &KeySet, value: &str, samples: &[Samples]) {
        let stat = self.args.stat;
        let head: Vec<&str> = samples.iter().map(|samples| samples.peer).collect();
        let mut rows = Vec::new();
        for &op in Op::value_variants() {
            if !self.args.wants_op(op) {
                continue;
            }
            let figures: Vec<Option<f64>> = samples.iter().map(|samples| stat.of(samples.of(op))).collect();
            let of = |name| head.iter().position(|&peer| peer == name).and_then(|i| figures[i]);
            let ratio = ratio(of(OURS), of(THEIRS));
            self.ratios[op as usize].extend(ratio);
            let mut row = vec![op.title().to_string()];
            row.extend(figures.into_iter().map(figure));
            row.push(figure(ratio));
            rows.push(row);
        }
        let title =
            format!("## {}, values `{value}`: {} keys of {:.1} bytes", set.name, set.len(), set.mean_len());
        let mut header = vec!["ns per key"];
        header.extend(head);
        header.push("ours / pathmap");
        self.say(&format!("{title}\n\n{}", markdown(&header, &rows)));
    }

    /// Adds the geometric means of bytetrie / pathmap over the tables.
    pub(crate) fn means(&mut self) {
        let ops = Op::value_variants().iter().filter(|&&op| !self.ratios[op as usize].is_empty());
        let (titles, means): (Vec<&str>, Vec<String>) =
            ops.map(|&op| (op.title(), figure(geometric_mean(&self.ratios[op as usize])))).unzip();
        if !titles.is_empty() {
            let table = markdown(&titles, &[means]);
            self.say(&format!("## Geometric mean of bytetrie / pathmap over the tables above\n\n{table}"));
        }
    }

    /// Adds the algebra on one key set with one type of values.
    pub(crate) fn algebra(&mut self, set: &KeySet, value: &str, combined: &[Combined]) {
        let stat = self.args.stat;
        let mut rows = Vec::new();
        for (i, title) in OPERATIONS.iter().enumerate() {
            let figures: Vec<Option<f64>> =
                combined.iter().map(|combined| stat.of(&combined.samples[i])).collect();
            let ratio = match figures[..] {
                [ours, theirs] => ratio(ours, theirs),
                _ => None,
            };
            self.algebra_ratios[i].extend(ratio);
            let mut row = vec![title.to_string()];
            row.extend(figures.into_iter().map(figure));
            row.push(figure(ratio));
            rows.push(row);
        }
        let mut header = vec!["ns per key"];
        header.extend(combined.iter().map(|combined| combined.peer));
        header.push("ours / pathmap");
        let title = format!("## Algebra, {}, values `{value}`: {} keys", set.name, set.len());
        self.say(&format!("{title}\n\n{}", markdown(&header, &rows)));
    }

    /// Adds the geometric means of bytetrie / pathmap over the tables of algebra.
    pub(crate) fn algebra_means(&mut self) {
        let means: Vec<String> =
            self.algebra_ratios.iter().map(|ratios| figure(geometric_mean(ratios))).collect();
        let table = markdown(&OPERATIONS, &[means]);
        self.say(&format!(
            "## Algebra: geometric mean of bytetrie / pathmap over the tables above\n\n{table}"
        ));
    }

    /// Adds the operations that depend on sharing.
    pub(crate) fn shared(&mut self, shared: &Shared) {
        let header = [
            "all but 100 paths shared",
            "diff, µs per changed path",
            "subtract, µs per changed path",
            "join_all of 64 maps, ms",
            "fold of join, ms",
        ];
        let mut row = vec!["bytetrie".to_string()];
        row.extend(shared.figures(self.args.stat).map(figure));
        self.say(&format!("## Algebra of what is shared, and of many\n\n{}", markdown(&header, &[row])));
    }

    /// Adds folds, unfolds, hashes and deduplication.
    pub(crate) fn morph(&mut self, morphed: &[Morphed]) {
        let mut rows = Vec::new();
        for (i, title) in morph::OPERATIONS.iter().enumerate() {
            let figures: Vec<Option<f64>> =
                morphed.iter().map(|morphed| self.args.stat.of(&morphed.samples[i])).collect();
            let ratio = match figures[..] {
                [ours, theirs] => ratio(ours, theirs),
                _ => None,
            };
            let mut row = vec![title.to_string()];
            row.extend(figures.into_iter().map(figure));
            row.push(figure(ratio));
            rows.push(row);
        }
        let mut header = vec!["folds"];
        header.extend(morphed.iter().map(|morphed| morphed.peer));
        header.push("ours / pathmap");
        self.say(&format!("## Folds, unfolds, hashes, deduplication\n\n{}", markdown(&header, &rows)));
    }

    /// Adds the parallel copy.
    pub(crate) fn copy(&mut self, copied: &[Copied]) {
        let stat = self.args.stat;
        let columns = |copied: &Copied| {
            [&copied.fill, &copied.one, &copied.two]
                .map(|samples| stat.of(samples).expect("at least one round"))
        };
        let mut rows: Vec<Vec<String>> = copied
            .iter()
            .map(|copied| {
                let [fill, one, two] = columns(copied);
                vec![
                    copied.peer.into(),
                    figure(fill.into()),
                    figure(one.into()),
                    figure(two.into()),
                    figure((one / two).into()),
                ]
            })
            .collect();
        if let [ours, theirs] = copied {
            let mut row = vec!["ours / pathmap".to_string()];
            row.extend(columns(ours).iter().zip(columns(theirs)).map(|(a, b)| figure(Some(a / b))));
            row.push("".into());
            rows.push(row);
        }
        let values = copied.first().map_or(0, |copied| copied.values);
        let header = ["ms", "fill", "copy, one thread", "copy, two threads", "one / two"];
        self.say(&format!("## Parallel copy of {values} values\n\n{}", markdown(&header, &rows)));
    }

    /// Adds zippers on a head.
    pub(crate) fn heads(&mut self, made: &[Made]) {
        let columns = |made: &Made, stat: Stat| {
            [&made.reader, &made.writer, &made.writer_used]
                .map(|samples| stat.of(samples).expect("at least one round"))
        };
        let mut rows: Vec<Vec<String>> = Vec::new();
        for made in made {
            let mut row = vec![made.peer.to_string()];
            row.extend(columns(made, self.args.stat).map(|ns| figure(Some(ns))));
            rows.push(row);
        }
        let header = [
            "ns",
            "reader made and dropped",
            "writer made and dropped",
            "writer made, one value set, dropped",
        ];
        self.say(&format!("## Zippers on a head, uncontended\n\n{}", markdown(&header, &rows)));
    }

    /// Adds maps in which any thread may write any key.
    pub(crate) fn writers(&mut self, ways: &[Way]) {
        let stat = self.args.stat;
        let mut header = vec!["ns per operation".to_string()];
        for mix in MIXES {
            header.extend(THREADS.map(|threads| format!("1 write in {mix}, {threads} threads")));
        }
        header.push("copy of all entries, µs".to_string());
        let rows: Vec<Vec<String>> = ways
            .iter()
            .map(|way| {
                let times = way.times.iter().flatten().map(|times| figure(stat.of(times)));
                let copy = figure(stat.of(&way.copies));
                [way.name.to_string()].into_iter().chain(times).chain([copy]).collect()
            })
            .collect();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        self.say(&format!("## Any thread writes any key\n\n{}", markdown(&header, &rows)));
    }

    /// Adds walks over products and over records of one length.
    pub(crate) fn products(&mut self, walked: &[Walked]) {
        let figures: Vec<_> = walked.iter().map(|walked| walked.figures(self.args.stat)).collect();
        let rows = beside_pathmap(&WALKS, &figures);
        let mut header = vec!["ns per location, value or record"];
        header.extend(walked.iter().map(|walked| walked.peer));
        header.push("ours / pathmap");
        self.say(&format!("## Products and records\n\n{}", markdown(&header, &rows)));
    }

    /// Adds the streams of one key set.
    pub(crate) fn streams(&mut self, set: &KeySet, streamed: &[Streamed]) {
        let figures: Vec<_> = streamed.iter().map(|peer| peer.figures(self.args.stat)).collect();
        let rows = beside_pathmap(&FIGURES, &figures);
        let mut header = vec!["for each path"];
        header.extend(streamed.iter().map(|peer| peer.peer));
        header.push("ours / pathmap");
        let title = format!("## Streams of paths: {}", set.name);
        self.say(&format!("{title}\n\n{}", markdown(&header, &rows)));
    }

    /// Adds the walk of a matching engine.
    pub(crate) fn client(&mut self, client: &client::Report) {
        let title = "The walk of a matching engine";
        self.client_table(title, "ms", client, &client.queries, |_| 1.0);
        for (title, by_factors) in &client.steps {
            let per_call = |asked: &client::Asked| 1e6 / asked.calls as f64;
            let title = format!("A matching engine by the number of factors: {title}");
            self.client_table(&title, "factors, ns per call", client, by_factors, per_call);
        }
    }

    fn client_table(
        &mut self,
        title: &str,
        unit: &str,
        client: &client::Report,
        asked: &[client::Asked],
        per: impl Fn(&client::Asked) -> f64,
    ) {
        let mut ratios = Vec::new();
        let mut rows = Vec::new();
        for asked in asked {
            let samples = asked.samples.iter();
            let figures: Vec<Option<f64>> =
                samples.map(|samples| self.args.stat.of(samples).map(|ms| ms * per(asked))).collect();
            let ratio = match figures[..] {
                [ours, theirs] => ratio(ours, theirs),
                _ => None,
            };
            ratios.extend(ratio);
            let mut row = vec![asked.title.clone(), asked.answers.to_string(), asked.calls.to_string()];
            row.extend(figures.into_iter().chain([ratio]).map(figure));
            rows.push(row);
        }
        let mut header = vec![unit, "answers", "calls on the product"];
        header.extend(&client.peers);
        header.push("ours / pathmap");
        self.say(&format!(
            "## {title}\n\n{}\nGeometric mean: {}\n",
            markdown(&header, &rows),
            figure(geometric_mean(&ratios)),
        ));
    }

    /// Adds Boolean expressions over maps of the keys of one set.
    pub(crate) fn expressions(&mut self, set: &KeySet, evaluated: &[Evaluated]) {
        let stat = self.args.stat;
        let row = |evaluated: &Evaluated| {
            let Evaluated { title, keys, walk, nested, theirs } = evaluated;
            let [walk, nested, theirs] = [walk, nested, theirs].map(|samples| stat.of(samples));
            let figures = [walk, nested, ratio(walk, nested), theirs, ratio(walk, theirs)];
            [title.to_string(), keys.to_string()].into_iter().chain(figures.map(figure)).collect()
        };
        let rows: Vec<Vec<String>> = evaluated.iter().map(row).collect();
        let header = [
            "ms",
            "keys of the result",
            "one walk",
            "nested",
            "one / nested",
            "pathmap, nested",
            "one / pathmap",
        ];
        let title = format!("## Expressions over ten maps, {}: {} keys", set.name, set.len());
        self.say(&format!("{title}\n\n{}", markdown(&header, &rows)));
    }

    /// Adds searches by automata.
    pub(crate) fn search(&mut self, searched: &[Searched]) {
        let stat = self.args.stat;
        let mut ratios = Vec::new();
        let rows: Vec<Vec<String>> = searched
            .iter()
            .map(|searched| {
                let (ours, theirs) = (stat.of(&searched.ours), stat.of(&searched.theirs));
                let ratio = ratio(ours, theirs);
                ratios.extend(ratio);
                let found = figure(Some(searched.found));
                vec![searched.title.clone(), found, figure(ours), figure(theirs), figure(ratio)]
            })
            .collect();
        let header = ["µs a query", "found", OURS, "fst", "ours / fst"];
        self.say(&format!(
            "## Searches of {} words\n\n{}\nGeometric mean: {}\n",
            self.args.scaled(400_000),
            markdown(&header, &rows),
            figure(geometric_mean(&ratios)),
        ));
    }

    /// Adds files that are written from sorted keys.
    pub(crate) fn files(&mut self, filed: &[Filed]) {
        let row = |filed: &Filed| {
            let nanos = figure(self.args.stat.of(&filed.nanos));
            vec![filed.set.clone(), filed.title.into(), nanos, figure(Some(filed.bytes))]
        };
        let rows: Vec<Vec<String>> = filed.iter().map(row).collect();
        let header = ["keys, values", "written by", "ns a key", "bytes a key"];
        self.say(&format!("## Files from sorted keys\n\n{}", markdown(&header, &rows)));
    }

    /// Adds the sizes of files in several formats.
    pub(crate) fn sizes(&mut self, sizes: &[Sizes]) {
        for Sizes { values, sets, formats } in sizes {
            let row = |format: &SizesOf| {
                let figures = format.bytes.iter().copied().map(figure);
                [format.title.to_string()].into_iter().chain(figures).collect()
            };
            let rows: Vec<Vec<String>> = formats.iter().map(row).collect();
            let header: Vec<&str> = ["bytes a key"].iter().chain(sets).copied().collect();
            self.say(&format!("## Sizes of files, {values}\n\n{}", markdown(&header, &rows)));
        }
    }

    /// Writes the record, if a file was given.
    pub(crate) fn save(&self) -> std::io::Result<()> {
        match &self.args.markdown {
            Some(path) => std::fs::write(path, &self.text),
            None => Ok(()),
        }
    }
}

fn cpu_model() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(':'));
    model.map_or_else(|| "unknown CPU".into(), |(_, name)| name.trim().into())
}

/// Returns a row for each title: the figures of each peer, and the ratio of two peers.
fn beside_pathmap(titles: &[&str], figures: &[Vec<Option<f64>>]) -> Vec<Vec<String>> {
    let row = |(i, title): (usize, &&str)| {
        let ratio = match figures {
            [ours, theirs] => ratio(ours[i], theirs[i]),
            _ => None,
        };
        let mut row = vec![title.to_string()];
        row.extend(figures.iter().map(|figures| figure(figures[i])));
        row.push(figure(ratio));
        row
    };
    titles.iter().enumerate().map(row).collect()
}

/// The time of an O(1) operation may be zero, so that there is no ratio.
fn ratio(ours: Option<f64>, theirs: Option<f64>) -> Option<f64> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if ours > 0.0 && theirs > 0.0 => Some(ours / theirs),
        _ => None,
    }
}

fn geometric_mean(ratios: &[f64]) -> Option<f64> {
    (!ratios.is_empty())
        .then(|| (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp())
}

/// Formats a number with about three significant digits.
fn figure(figure: Option<f64>) -> String {
    match figure {
        None => "-".into(),
        Some(x) if x >= 100.0 => format!("{x:.0}"),
        Some(x) if x >= 10.0 => format!("{x:.1}"),
        Some(x) if x >= 0.01 => format!("{x:.2}"),
        Some(x) => format!("{x:.1e}"),
    }
}

/// Formats a table whose columns are also aligned in the text.
fn markdown(header: &[&str], rows: &[Vec<String>]) -> String {
    let widest =
        |i: usize| rows.iter().map(|row| row[i].len()).chain([header[i].len(), 3]).max().unwrap_or(3);
    let widths: Vec<usize> = (0..header.len()).map(widest).collect();
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for (i, (cell, &width)) in cells.zip(&widths).enumerate() {
            let _ =
                if i == 0 { write!(text, "| {cell:<width$} |") } else { write!(text, " {cell:>width$} |") };
        }
        text.push('\n');
    };
    line(&mut header.iter().copied());
    let rule =
        |(i, &width): (usize, &usize)| if i == 0 { "-".repeat(width) } else { "-".repeat(width - 1) + ":" };
    let rules: Vec<String> = widths.iter().enumerate().map(rule).collect();
    line(&mut rules.iter().map(String::as_str));
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    text
}
