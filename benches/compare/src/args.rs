//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::measure::Op;

/// The statistic of the rounds that is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stat {
    /// The fastest round, which is the least disturbed.
    Best,
    /// The median round.
    Median,
}

impl Stat {
    /// Returns this statistic of `samples`, or `None` if there are no samples.
    pub(crate) fn of(self, samples: &[f64]) -> Option<f64> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        match self {
            Stat::Best => sorted.first().copied(),
            Stat::Median => sorted.get(sorted.len() / 2).copied(),
        }
    }
}

impl std::fmt::Display for Stat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Stat::Best => "best",
            Stat::Median => "median",
        })
    }
}

/// The shape of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ValueKind {
    /// `u64`
    U64,
    /// `()`
    Unit,
}

/// Measures bytetrie and its peers in one process and one run, all with jemalloc and equal flags.
///
/// If none of these options is given, all sections are measured: --tables, --algebra, --morph,
/// --search, --copy, --heads, --product, --client, --expressions, --writers, --streams,
/// --files, --sizes.
#[derive(Debug, Parser)]
#[command(name = "compare", version)]
pub(crate) struct Args {
    /// Measure the operations on every key set
    #[arg(long)]
    pub(crate) tables: bool,
    /// Measure algebra on every key set
    #[arg(long)]
    pub(crate) algebra: bool,
    /// Measure folds, unfolds, hashes and deduplication
    #[arg(long)]
    pub(crate) morph: bool,
    /// Measure the parallel copy
    #[arg(long)]
    pub(crate) copy: bool,
    /// Measure making and dropping a zipper on a head
    #[arg(long)]
    pub(crate) heads: bool,
    /// Measure walks over products, and over records by k-paths
    #[arg(long)]
    pub(crate) product: bool,
    /// Measure the walk of a matching engine
    #[arg(long)]
    pub(crate) client: bool,
    /// Measure Boolean expressions over ten maps
    #[arg(long)]
    pub(crate) expressions: bool,
    /// Measure searches by automaton
    #[arg(long)]
    pub(crate) search: bool,
    /// Measure maps in which any thread may write any key
    #[arg(long)]
    pub(crate) writers: bool,
    /// Measure writing files from sorted keys
    #[arg(long)]
    pub(crate) files: bool,
    /// Measure the sizes of files in several formats
    #[arg(long)]
    pub(crate) sizes: bool,
    /// Measure streams of paths
    #[arg(long)]
    pub(crate) streams: bool,
    /// The number of rounds; the peers take turns in each round
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// The statistic of the rounds to report
    #[arg(long, value_enum, default_value_t = Stat::Best)]
    pub(crate) stat: Stat,
    /// Multiply the numbers of keys and of elements to copy by this factor
    #[arg(long, default_value_t = 1.0)]
    pub(crate) scale: f64,
    /// Measure only the key sets whose name contains one of these
    #[arg(long, value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Measure only these peers; "floor" adds the cost of the measurement itself, without a map
    #[arg(long, value_delimiter = ',')]
    pub(crate) peers: Vec<String>,
    /// Measure only these operations
    #[arg(long = "op", value_enum, value_delimiter = ',')]
    pub(crate) ops: Vec<Op>,
    /// Measure only values of these types
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) values: Vec<ValueKind>,
    /// The directory whose paths are the first key set
    #[arg(long, default_value = "/usr")]
    pub(crate) paths: PathBuf,
    /// The number of elements to copy
    #[arg(long, default_value_t = 4_000_000)]
    pub(crate) elements: usize,
    /// Write the record to this file too, as markdown
    #[arg(long)]
    pub(crate) markdown: Option<PathBuf>,
    /// The date of the record
    #[arg(long, default_value = "undated")]
    pub(crate) date: String,
}

impl Args {
    /// Returns true if no section was named, so all sections are measured.
    pub(crate) fn all_sections(&self) -> bool {
        !(self.tables
            || self.algebra
            || self.morph
            || self.search
            || self.copy
            || self.heads
            || self.product
            || self.client
            || self.expressions
            || self.streams
            || self.writers
            || self.files
            || self.sizes)
    }

    /// Returns true if `op` is selected.
    pub(crate) fn wants_op(&self, op: Op) -> bool {
        self.ops.is_empty() || self.ops.contains(&op)
    }

    /// Returns true if the peer called `name` is selected.
    pub(crate) fn wants_peer(&self, name: &str) -> bool {
        self.peers.is_empty() || self.peers.iter().any(|peer| peer == name)
    }

    /// Returns true if the key set called `name` is selected.
    pub(crate) fn wants_set(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }

    /// Returns true if values of this type are selected.
    pub(crate) fn wants_value(&self, kind: ValueKind) -> bool {
        self.values.is_empty() || self.values.contains(&kind)
    }

    /// Returns `n`, scaled, and at least 100.
    pub(crate) fn scaled(&self, n: usize) -> usize {
        ((n as f64 * self.scale) as usize).max(100)
    }
}
