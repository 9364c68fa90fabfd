//! Well-formedness: every invariant of a trie's nodes, checked one by one.

use std::fmt;

use super::end::End;
use super::limits::Limits;
use super::list::ListRef;
use super::place::LentNode;
use super::view::Kind;
use super::wide::{Tail, WideRef};
use crate::bytes::Text;

/// A trie that breaks an invariant of its nodes: where, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The path of the node.
    pub path: Vec<u8>,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed node at {}: {}", Text(&self.path), self.what)
    }
}

impl std::error::Error for Malformed {}

macro_rules! ensure {
    ($condition:expr, $($what:tt)*) => {
        if !$condition {
            return Err(format!($($what)*));
        }
    };
}

/// Checks a node and all below it.
pub(crate) fn check<V>(root: LentNode<'_, V>) -> Result<(), Malformed> {
    let mut todo = vec![(Vec::new(), root.view())];
    // A node that is shared within the trie is checked once.
    let mut seen = std::collections::HashSet::new();
    while let Some((path, node)) = todo.pop() {
        let checked = match node.kind() {
            Kind::List(list) => check_list(list),
            Kind::Wide(wide) => check_wide(wide),
        };
        if let Err(what) = checked {
            return Err(Malformed { path, what });
        }
        let mut i = 0;
        while let Some(at) = node.next_entry(i) {
            let entry = node.entry(at);
            if let End::Child(child) = entry.end
                && (!child.view().is_shared() || seen.insert(child.view().id()))
            {
                let mut path = path.clone();
                entry.suffix.append_to(&mut path);
                todo.push((path, child.view()));
            }
            i = at + 1;
        }
    }
    Ok(())
}

fn check_list<V>(list: ListRef<'_, V>) -> Result<(), String> {
    let n = list.len();
    ensure!(n <= 32, "a list of {n} entries");
    ensure!(n > 0 || list.has_own(), "an empty list");
    let bits = list.bits();
    ensure!(bits.child & bits.bare == 0, "an entry both child and bare");
    ensure!((bits.child | bits.bare) >> (n.min(31)) >> (n == 32) as u32 == 0, "bits beyond the {n} entries");
    for i in 0..n {
        ensure!(list.start(i) <= list.end(i), "the rest of entry {i} ends before it starts");
        ensure!(list.end(i) - list.start(i) < Limits::SUFFIX, "entry {i} is too long");
    }
    let need = list.need(0, 0);
    ensure!(need <= list.size(), "{need} bytes in {}", list.size());
    for i in 1..n {
        let (before, after) = (list.suffix(i - 1), list.suffix(i));
        let bytes = || (before.to_vec(), after.to_vec());
        ensure!(before < after, "entries {} and {i} are out of order: {:?}", i - 1, bytes());
        let ends = list.is_child(i - 1) || list.is_bare(i - 1);
        ensure!(!(ends && after.starts_with(before)), "entry {i} extends a child or a tip");
    }
    Ok(())
}

fn check_wide<V>(wide: WideRef<'_, V>) -> Result<(), String> {
    let (children, tails) = (wide.children(), wide.tails());
    ensure!((0..4).all(|w| children[w] & tails[w] == 0), "a byte both child and tail");
    let mut before = (0, 0);
    for word in 0..4 {
        if word > 0 {
            let bits = wide.bits();
            ensure!(
                bits.before_child[word - 1] as u32 == before.0,
                "the count of children before word {word}"
            );
            ensure!(bits.before_tail[word - 1] as u32 == before.1, "the count of tails before word {word}");
        }
        before = (before.0 + children[word].count_ones(), before.1 + tails[word].count_ones());
    }
    ensure!(wide.tail_count() as u32 == before.1, "the count of tails");
    ensure!(before.0 + before.1 > 0, "a wide node without entries");
    let need = wide.need(0, 0);
    ensure!(need <= wide.size(), "{need} bytes in {}", wide.size());
    for rank in 0..wide.tail_count() {
        let tail = wide.tail(rank);
        ensure!(tail.rest().len() <= Tail::MAX, "a long tail");
        // Look-ups compare whole words.
        ensure!(*tail == Tail::new(tail.rest(), tail.is_valued()), "a tail with bytes behind its rest");
    }
    Ok(())
}
