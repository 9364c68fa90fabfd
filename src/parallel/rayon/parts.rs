//! The pieces of a trie into which rayon's iterators divide it.

use std::marker::PhantomData;
use std::sync::Arc;

use rayon::iter::plumbing::{Folder, UnindexedProducer};

use crate::node::{End, LentNode, Shared, Span, SpanMut, SpanOwned, Spanning, weigh};
use crate::trie::{TrackedPath, TwoEnded};

/// A way to hold a node: lent, lent mutably, or owned.
pub(super) trait Weigh: Sized + Send {
    /// What is left of a node that is held this way.
    type Span: Spanning<Child = Self>;

    /// The type of the values.
    type Of;

    fn lent(&self) -> LentNode<'_, Self::Of>;
}

/// A value, as it is handed out.
type Value<N> = <<N as Weigh>::Span as Spanning>::Value;

impl<'a, V: Send + Sync> Weigh for LentNode<'a, V> {
    type Span = Span<'a, V>;
    type Of = V;

    fn lent(&self) -> LentNode<'_, V> {
        *self
    }
}

impl<'a, V: Clone + Send + Sync> Weigh for &'a mut Shared<V> {
    type Span = SpanMut<'a, V>;
    type Of = V;

    fn lent(&self) -> LentNode<'_, V> {
        Shared::lent(self)
    }
}

impl<V: Clone + Send + Sync> Weigh for Shared<V> {
    type Span = SpanOwned<V>;
    type Of = V;

    fn lent(&self) -> LentNode<'_, V> {
        Shared::lent(self)
    }
}

/// The item of an iterator, made from a value and its path in two pieces.
pub(super) trait Give<T> {
    type Item: Send;

    fn give(prefix: &[u8], path: &[u8], value: T) -> Self::Item;
}

/// The item is the path.
pub(super) struct GiveKeys;

/// The item is the value.
pub(super) struct GiveValues;

/// The item is the path and the value.
pub(super) struct GiveEntries;

impl<T> Give<T> for GiveKeys {
    type Item = Vec<u8>;

    fn give(prefix: &[u8], path: &[u8], _value: T) -> Vec<u8> {
        [prefix, path].concat()
    }
}

impl<T: Send> Give<T> for GiveValues {
    type Item = T;

    fn give(_prefix: &[u8], _path: &[u8], value: T) -> T {
        value
    }
}

impl<T: Send> Give<T> for GiveEntries {
    type Item = (Vec<u8>, T);

    fn give(prefix: &[u8], path: &[u8], value: T) -> (Vec<u8>, T) {
        ([prefix, path].concat(), value)
    }
}

/// A subtrie, or a value.
enum Content<N: Weigh> {
    Node(N),
    Value(Value<N>),
}

/// A subtrie, or a value, and its path.
struct Piece<N: Weigh> {
    /// The path to the node that the piece is a part of. All parts of the node share it, since
    /// paths may be long.
    prefix: Arc<[u8]>,
    suffix: Vec<u8>,
    content: Content<N>,
    /// About how many entries it has.
    weight: usize,
}

/// Some of the subtries and values of a trie, in path order.
pub(super) struct Pieces<N: Weigh, G> {
    pieces: Vec<Piece<N>>,
    gives: PhantomData<fn() -> G>,
}

/// Pieces with fewer entries in all are not divided.
const SMALL: usize = 512;

/// How many nodes are taken apart at most to divide the pieces in two.
const TAKEN_APART: usize = 32;

impl<N: Weigh, G> Pieces<N, G> {
    pub(super) fn new(root: Option<N>) -> Self {
        Self::of(root.into_iter().map(|root| Piece::new(Arc::default(), &[], Content::Node(root))).collect())
    }

    fn of(pieces: Vec<Piece<N>>) -> Self {
        Self { pieces, gives: PhantomData }
    }

    /// Where to divide the pieces so that the halves differ least, and the weight of each half.
    fn middle(&self) -> (usize, [usize; 2]) {
        let weights = || self.pieces.iter().map(|piece| piece.weight);
        let total = weights().fold(0, usize::saturating_add);
        let mut before = 0;
        let mut best = (0, [0, total]);
        for (i, weight) in weights().enumerate() {
            before += weight;
            let halves = [before, total - before];
            if halves[0].abs_diff(halves[1]) < best.1[0].abs_diff(best.1[1]) {
                best = (i + 1, halves);
            }
        }
        best
    }

    /// Replaces a piece by its parts, if it is a node. Returns whether it was one.
    fn take_apart(&mut self, at: usize) -> bool {
        if !matches!(self.pieces[at].content, Content::Node(_)) {
            return false;
        }
        let after = self.pieces.split_off(at + 1);
        if let Some(Piece { prefix, suffix, content: Content::Node(node), .. }) = self.pieces.pop() {
            let prefix: Arc<[u8]> = [&prefix[..], &suffix].concat().into();
            // What is left of opening the node is dropped when all its parts are here.
            let (mut span, _left) = N::Span::open(node);
            let mut suffix = Vec::new();
            while let Some(part) = span.next() {
                suffix.clear();
                let content = match part {
                    crate::node::Part::Own(own) => Content::Value(own),
                    crate::node::Part::Entry(below, end) => {
                        below.append_to(&mut suffix);
                        match end {
                            End::Value(value) => Content::Value(value),
                            End::Child(child) => Content::Node(child),
                            End::Bare => continue,
                        }
                    }
                };
                self.pieces.push(Piece::new(prefix.clone(), &suffix, content));
            }
        }
        self.pieces.extend(after);
        true
    }
}

impl<N: Weigh> Piece<N> {
    fn new(prefix: Arc<[u8]>, suffix: &[u8], content: Content<N>) -> Self {
        let weight = match &content {
            Content::Node(node) => weigh(node.lent().place()).max(1),
            Content::Value(_) => 1,
        };
        Self { prefix, suffix: suffix.to_vec(), content, weight }
    }
}

impl<N: Weigh, G: Give<Value<N>>> UnindexedProducer for Pieces<N, G>
where
    Value<N>: Send,
{
    type Item = G::Item;

    fn split(mut self) -> (Self, Option<Self>) {
        for _ in 0..TAKEN_APART {
            let (middle, [first, second]) = self.middle();
            let total = first.saturating_add(second);
            if total < SMALL && !super::divide::finely() || self.pieces.is_empty() {
                break;
            }
            if first.min(second) >= total / 3 && first.min(second) > 0 {
                let second = self.pieces.split_off(middle);
                return (self, Some(Self::of(second)));
            }
            // One piece is too heavy for either half.
            let heaviest = (0..self.pieces.len()).max_by_key(|&i| self.pieces[i].weight).unwrap_or(0);
            if !self.take_apart(heaviest) {
                break;
            }
        }
        let (middle, [first, second]) = self.middle();
        if first.min(second) < SMALL && !super::divide::finely() || first.min(second) == 0 {
            return (self, None);
        }
        let second = self.pieces.split_off(middle);
        (self, Some(Self::of(second)))
    }

    fn fold_with<F: Folder<Self::Item>>(self, mut folder: F) -> F {
        let mut path = Vec::new();
        for Piece { prefix, suffix, content, .. } in self.pieces {
            path.clear();
            path.extend_from_slice(&prefix);
            path.extend_from_slice(&suffix);
            let mut walk: TwoEnded<N::Span, TrackedPath> = match content {
                Content::Value(value) => {
                    folder = folder.consume(G::give(&path, &[], value));
                    TwoEnded::new(None)
                }
                Content::Node(node) => TwoEnded::new(Some(node)),
            };
            while !folder.full()
                && let Some((below, value)) = walk.next()
            {
                folder = folder.consume(G::give(&path, below, value));
            }
            if folder.full() {
                break;
            }
        }
        folder
    }
}
