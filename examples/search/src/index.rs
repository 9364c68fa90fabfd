//! The inverted index: the documents that contain each term, with the number of occurrences.
//!
//! The index is one map. A path consists of a term, a zero byte, and a document. The value is the
//! number of occurrences. Because the term comes first, every lookup is a subtrie of the index:
//!
//! - the documents of a term, its *postings*, are the subtrie at `term 0`, which is a map of
//!   documents;
//! - the terms that begin with `gra` are the subtrie at `gra`, and `gra*` is the join of their
//!   postings;
//! - `?`, which is any one byte, is the join of the subtries one byte further down.
//!
//! The zero byte ends the term, so that the postings of `graft` are separate from those of
//! `grafts`. Neither a word nor the path of a file contains a zero byte.

use bytetrie::PathMap;
use bytetrie::algebra::Sum;
use bytetrie::bytes::ByteMask;
use bytetrie::zipper::*;

/// Documents, each with a count.
pub type Documents = PathMap<Sum<u64>>;

const SEPARATOR: u8 = 0;

/// An inverted index.
#[derive(Default)]
pub struct Index {
    /// The number of occurrences, by term, separator and document.
    postings: PathMap<Sum<u64>>,
    /// The number of words, by document.
    documents: Documents,
}

/// Returns true if a character is a part of a word. Code is indexed too, so a name with
/// underscores is one word.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl Index {
    /// Adds a document. Its path must not be empty, contain a zero byte, or have been added
    /// before.
    pub fn add(&mut self, document: &[u8], text: &str) {
        let mut counts = PathMap::new();
        let mut words = 0;
        for word in text.split(|c| !is_word(c)).filter(|word| !word.is_empty()) {
            counts.get_val_or_set_mut_at(word.to_lowercase(), Sum(0)).0 += 1;
            words += 1;
        }
        // The terms are in order, so the writer continues near the place where it wrote last.
        let mut writer = self.postings.write_zipper();
        for (term, count) in &counts {
            writer.descend_to(term);
            writer.descend_to_byte(SEPARATOR);
            writer.descend_to(document);
            writer.set_val(*count);
            writer.reset();
        }
        drop(writer);
        self.documents.insert(document, Sum(words));
    }

    /// Returns the documents that contain a term matching this pattern, with the number of
    /// occurrences.
    ///
    /// `?` in the pattern matches any one byte, and `*` at its end matches any ending.
    pub fn having(&self, pattern: &str) -> Documents {
        let (pattern, any_ending) = match pattern.strip_suffix('*') {
            Some(beginning) => (beginning, true),
            None => (pattern, false),
        };
        // A clone is O(1), and its paths may be collapsed. Only nodes that are written are copied.
        let mut terms = self.postings.clone();
        let mut zipper = terms.write_zipper();
        let mut pieces = pattern.split('?');
        zipper.descend_to(pieces.next().unwrap_or_default());
        for piece in pieces {
            // A term ends at the separator, so `?` must not match it.
            zipper.remove_unmasked_branches(ByteMask::from_range(SEPARATOR + 1..), false);
            zipper.join_k_path_into(1, false);
            zipper.descend_to(piece);
        }
        if any_ending {
            let mut postings = Vec::new();
            each_term(&mut zipper.fork_read_zipper(), |term| postings.push(term.make_map()));
            Documents::join_all(&postings)
        } else {
            zipper.descend_to_byte(SEPARATOR);
            zipper.make_map()
        }
    }

    /// Returns the documents whose path has this prefix, with the number of their words.
    pub fn within(&self, beginning: &[u8]) -> Documents {
        // The value at the prefix is ignored.
        self.documents.restrict(&PathMap::single(beginning, Sum(0)))
    }

    /// Returns the number of different terms.
    pub fn terms(&self) -> usize {
        let mut terms = 0;
        each_term(&mut self.postings.read_zipper(), |_| terms += 1);
        terms
    }

    /// Returns the number of pairs of a term and a document.
    pub fn postings(&self) -> usize {
        self.postings.len()
    }

    /// Returns the number of documents.
    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// Returns the bytes that the index takes.
    pub fn heap_size(&self) -> usize {
        self.postings.heap_size() + self.documents.heap_size()
    }
}

/// Visits the terms below the root of a zipper, skipping their documents. `visit` is called with
/// the zipper at the root of the term's postings.
fn each_term<Z: ZipperIteration>(zipper: &mut Z, mut visit: impl FnMut(&Z)) {
    while zipper.to_next_val() {
        let path = zipper.path();
        let end = path.iter().position(|&byte| byte == SEPARATOR).expect("each term ends at a separator");
        zipper.ascend(path.len() - (end + 1));
        visit(zipper);
        zipper.descend_last_path();
    }
}
