//! The parts of a trie, as rayon's iterators divide them.

use std::marker::PhantomData;
use std::sync::Arc;

use rayon::iter::plumbing::{Folder, UnindexedProducer};

use crate::node::{End, LentNode, Shared, Span, SpanMut, SpanOwned, Spanning};
use crate::trie::{Ends, Path};

/// A way to hold a node of which it can be said what is below.
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

/// What an iterator gives for each value, of which the path is in two pieces.
pub(super) trait Give<T> {
    type Item: Send;

    fn give(prefix: &[u8], path: &[u8], value: T) -> Self::Item;
}

/// The path.
pub(super) struct Keys;

/// The value.
pub(super) struct Values;

/// Both.
pub(super) struct Entries;

impl<T> Give<T> for Keys {
    type Item = Vec<u8>;

    fn give(prefix: &[u8], path: &[u8], _value: T) -> Vec<u8> {
        [prefix, path].concat()
    }
}

impl<T: Send> Give<T> for Values {
    type Item = T;

    fn give(_prefix: &[u8], _path: &[u8], value: T) -> T {
        value
    }
}

impl<T: Send> Give<T> for Entries {
    type Item = (Vec<u8>, T);

    fn give(prefix: &[u8], path: &[u8], value: T) -> (Vec<u8>, T) {
        ([prefix, path].concat(), value)
    }
}

/// A subtrie, or a value.
enum Part<N: Weigh> {
    Node(N),
    Value(Value<N>),
}

/// A subtrie, or a value, and its path.
struct Piece<N: Weigh> {
    /// The path to the node that it is a part of, which all parts of that node share, for paths may be long.
    prefix: Arc<[u8]>,
    suffix: Vec<u8>,
    part: Part<N>,
    /// About how many entries it has.
    weight: usize,
}

/// Some of the subtries and values of a trie, in path order.
pub(super) struct Parts<N: Weigh, G> {
    pieces: Vec<Piece<N>>,
    gives: PhantomData<fn() -> G>,
}

/// Fewer entries than this are not divided.
const SMALL: usize = 512;

/// How many nodes are taken apart to divide what there is in two, at most.
const TAKEN_APART: usize = 32;

impl<N: Weigh, G> Parts<N, G> {
    pub(super) fn new(root: Option<N>) -> Self {
        Self::of(root.into_iter().map(|root| Piece::new(Arc::default(), &[], Part::Node(root))).collect())
    }

    fn of(pieces: Vec<Piece<N>>) -> Self {
        Self { pieces, gives: PhantomData }
    }

    /// Where the two halves meet that differ least, and what each of them weighs.
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

    /// Puts what is in a piece in its place, if that is a node.
    fn take_apart(&mut self, at: usize) -> bool {
        if !matches!(self.pieces[at].part, Part::Node(_)) {
            return false;
        }
        let after = self.pieces.split_off(at + 1);
        if let Some(Piece { prefix, suffix, part: Part::Node(node), .. }) = self.pieces.pop() {
            let prefix: Arc<[u8]> = [&prefix[..], &suffix].concat().into();
            // What is left of opening the node is dropped when its parts are all here.
            let (mut span, _left) = N::Span::open(node);
            let mut suffix = Vec::new();
            while let Some(part) = span.next() {
                suffix.clear();
                let part = match part {
                    crate::node::Part::Own(own) => Part::Value(own),
                    crate::node::Part::Entry(below, end) => {
                        below.append_to(&mut suffix);
                        match end {
                            End::Value(value) => Part::Value(value),
                            End::Child(child) => Part::Node(child),
                            End::Bare => continue,
                        }
                    }
                };
                self.pieces.push(Piece::new(prefix.clone(), &suffix, part));
            }
        }
        self.pieces.extend(after);
        true
    }
}

impl<N: Weigh> Piece<N> {
    fn new(prefix: Arc<[u8]>, suffix: &[u8], part: Part<N>) -> Self {
        let weight = match &part {
            Part::Node(node) => node.lent().place().weigh().max(1),
            Part::Value(_) => 1,
        };
        Self { prefix, suffix: suffix.to_vec(), part, weight }
    }
}

impl<N: Weigh, G: Give<Value<N>>> UnindexedProducer for Parts<N, G>
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
            // One piece is so heavy that it belongs to neither half.
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
        for Piece { prefix, suffix, part, .. } in self.pieces {
            path.clear();
            path.extend_from_slice(&prefix);
            path.extend_from_slice(&suffix);
            let mut walk: Ends<N::Span, Path> = match part {
                Part::Value(value) => {
                    folder = folder.consume(G::give(&path, &[], value));
                    Ends::new(None)
                }
                Part::Node(node) => Ends::new(Some(node)),
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
