//! The inverted index: which documents hold a term, and how often.
//!
//! It is one map. Its paths are a term, a zero byte, and a document; its values count. The term
//! comes first because then everything that is asked of the index is a subtrie of it, and not a
//! search:
//!
//! - the documents of a term, its *postings*, are what is below `term 0`: a map of documents, had
//!   by walking to it;
//! - the terms that begin with `gra` are what is below `gra`, and `gra*` is the join of their
//!   postings;
//! - `?` is any one byte: the join of the subtries one byte down.
//!
//! The zero byte says where the term ends, so that the postings of `graft` do not lie among those
//! of `grafts`. No word has one, and no path of a file.

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
    /// Term, separator, document: how often the term is in the document.
    postings: PathMap<Sum<u64>>,
    /// Document: how many words it has.
    documents: Documents,
}

/// True for what words are made of. Code is text too, so a name with underscores is one word.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl Index {
    /// Adds a document. Its path is not empty, has no zero byte, and was not added before.
    pub fn add(&mut self, document: &[u8], text: &str) {
        let mut counts = PathMap::new();
        let mut words = 0;
        for word in text.split(|c| !is_word(c)).filter(|word| !word.is_empty()) {
            counts.get_val_or_set_mut_at(word.to_lowercase(), Sum(0)).0 += 1;
            words += 1;
        }
        // The terms come in order, and the writer goes on from where it wrote last.
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

    /// The documents that have a term of this pattern, with the number of times that they have
    /// one.
    ///
    /// `?` in the pattern is any one byte, and `*` at its end is any ending.
    pub fn having(&self, pattern: &str) -> Documents {
        let (pattern, any_ending) = match pattern.strip_suffix('*') {
            Some(beginning) => (beginning, true),
            None => (pattern, false),
        };
        // A clone costs nothing, and is ours to collapse. What is never written is never copied.
        let mut terms = self.postings.clone();
        let mut zipper = terms.write_zipper();
        let mut pieces = pattern.split('?');
        zipper.descend_to(pieces.next().unwrap_or_default());
        for piece in pieces {
            // A term ends at the separator: `?` does not stand for it.
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

    /// The documents whose path begins so, with the number of their words.
    pub fn within(&self, beginning: &[u8]) -> Documents {
        // What is at and below a path that has a value; the value itself does not matter.
        self.documents.restrict(&PathMap::single(beginning, Sum(0)))
    }

    /// The number of different terms.
    pub fn terms(&self) -> usize {
        let mut terms = 0;
        each_term(&mut self.postings.read_zipper(), |_| terms += 1);
        terms
    }

    /// The number of pairs of a term and a document.
    pub fn postings(&self) -> usize {
        self.postings.len()
    }

    /// The number of documents.
    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// The bytes that the index takes.
    pub fn heap_size(&self) -> usize {
        self.postings.heap_size() + self.documents.heap_size()
    }
}

/// Goes through the terms below the root of a zipper, from one to the next whatever the number of
/// their documents. `visit` finds the zipper where the term's postings begin.
fn each_term<Z: ZipperIteration>(zipper: &mut Z, mut visit: impl FnMut(&Z)) {
    while zipper.to_next_val() {
        let path = zipper.path();
        let end = path.iter().position(|&byte| byte == SEPARATOR).expect("each term ends at a separator");
        zipper.ascend(path.len() - (end + 1));
        visit(zipper);
        zipper.descend_last_path();
    }
}
