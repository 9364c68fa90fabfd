//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Boolean search over an inverted index of the text files below a directory.
///
/// A query consists of words, `word*` for all words with this prefix, `?` in a word for any one
/// byte, `in:PATH` for the documents whose path has this prefix, the operators `&`, `|` and `-`
/// (and not), and parentheses. `&` and `-` bind tighter than `|`.
#[derive(Debug, Parser)]
#[command(name = "search", version)]
pub(crate) struct Args {
    /// Search the text files below this directory, except in target/ and .git/ [default: the
    /// library's own directory]
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../.."), hide_default_value = true)]
    pub(crate) paths: PathBuf,
    /// The maximum number of documents to print for each query, in the order of their paths
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// The query; several arguments are joined to one query. Without it, some sample queries are
    /// run
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
}

impl Args {
    /// Returns the query, if there is one.
    pub(crate) fn query(&self) -> Option<String> {
        (!self.query.is_empty()).then(|| self.query.join(" "))
    }
}
