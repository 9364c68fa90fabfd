//! Folding a subtrie of one real trie: a walk over the entries of its nodes, in path order.
//!
//! Each entry is compared with the path before it. Nothing more comes behind the bytes that the
//! two share, so all that is further down the path is closed, from its end upwards; where the two
//! part is a branch. The algebra is therefore called in the order of a walk up and down the trie.
//! But a run of bytes costs one comparison, and nobody moves along it.

use super::open_path::{OpenPath, Tip};
use super::traits::{NodeFold, Recall};
use crate::node::{Below, End, EndRef, Entry, Place};

/// A place whose entries are being visited.
struct OpenPlace<'a, V> {
    place: Place<'a, V>,
    below: Below<'a, V>,
    /// The length of its path.
    start: usize,
    /// The number of parents above it.
    parents: usize,
    /// Whether more than one path may lead to it.
    often: bool,
    /// Whether it is to be kept.
    keep: bool,
    /// Whether it was pushed to [`Folder::shared`].
    shared: bool,
    /// How many bytes below it parts begin that are kept each by itself; `usize::MAX` if there are
    /// none.
    part: usize,
    /// Which factor of a product it is of.
    factor: usize,
}

impl<'a, V> OpenPlace<'a, V> {
    /// All of a factor. The walk comes to it once on each path, however many own its node.
    fn factor(place: Place<'a, V>, start: usize, parents: usize, factor: usize) -> Self {
        let below = place.below();
        let (often, keep, shared, part) = (false, false, false, usize::MAX);
        Self { place, below, start, parents, often, keep, shared, part, factor }
    }

    /// Whether an entry of this length leads to, or through, a part that is kept by itself.
    #[inline]
    fn has_part(&self, len: usize, end: EndRef<'a, V>) -> bool {
        // Other entries of the part may come behind a value at its root.
        self.part < len || self.part == len && end.is_value()
    }
}

struct Folder<'a, 'f, V, F: NodeFold<'a, V>> {
    path: OpenPath<'a, V, F>,
    open: Vec<OpenPlace<'a, V>>,
    /// The factors of a product. Each hangs at every tip of the one before.
    factors: &'f [Place<'a, V>],
    /// The factor that the tip is of, or the last one that has been hung there.
    factor: usize,
    /// If parts are kept: where on the path the roots of shared nodes are.
    shared: Vec<usize>,
}

/// Folds what is at and below a place, to which a path leads. Without a place, an empty trie is
/// folded.
pub(super) fn fold<'a, V, F: NodeFold<'a, V>>(
    place: Option<Place<'a, V>>,
    path: &[u8],
    fold: F,
) -> Result<F::Out, F::Error> {
    fold_product(place.and_then(Place::own), place.as_slice(), path, fold)
}

/// Folds a product, given the value at its root and its factors.
///
/// The first factor has something below it. The values at the roots of the other factors are not
/// seen. A fold of more than one factor must not keep anything, since what hangs from a node
/// depends on its factor.
pub(super) fn fold_product<'a, V, F: NodeFold<'a, V>>(
    value: Option<&'a V>,
    factors: &[Place<'a, V>],
    path: &[u8],
    fold: F,
) -> Result<F::Out, F::Error> {
    let path = OpenPath::new(fold, path, value);
    // Room for most folds, so that a small one does not spend its time on growing.
    let mut open = Vec::with_capacity(24);
    open.extend(factors.first().map(|&place| OpenPlace::factor(place, path.len(), 0, 0)));
    Folder { path, open, factors, factor: 0, shared: Vec::new() }.run()
}

impl<'a, V, F: NodeFold<'a, V>> Folder<'a, '_, V, F> {
    fn run(&mut self) -> Result<F::Out, F::Error> {
        loop {
            let Some(open) = self.open.last() else {
                let Some(next) = self.next_factor() else { break };
                self.open.push(next);
                continue;
            };
            let Some(&entry) = open.below.now() else {
                self.leave()?;
                continue;
            };
            let shared = entry.suffix.common_prefix(self.path.from(open.start));
            let here = open.start + shared;
            if here < self.path.len() {
                if let Some(next) = self.next_factor() {
                    self.open.push(next);
                    continue;
                }
                self.path.turn(here, false)?;
            } else {
                self.path.go_on();
            }
            self.path.extend(entry, shared);
            if let Some(place) = self.pass(entry) {
                self.enter(place)?;
            }
        }
        self.path.finish()
    }

    /// Goes beyond the present entry, to whose end the path leads. Returns the place there that is
    /// yet to be walked, if there is one: a child, or a part that is kept by itself, to which the
    /// path is cut then.
    #[inline]
    fn pass(&mut self, entry: Entry<'a, V>) -> Option<Place<'a, V>> {
        let open = self.open.last_mut().expect("an entry is below a place");
        if self.path.fold.part_len() > 0 && open.has_part(entry.suffix.len(), entry.end) {
            self.path.truncate(open.start + open.part);
            let part = open.below.place(open.part);
            open.below.pass(part);
            return Some(part);
        }
        match entry.end {
            End::Child(child) => {
                let place = child.place();
                // If it is shared, its result may be known, and that of the next node as well.
                if !place.is_shared() {
                    open.below.prefetch();
                }
                open.below.advance();
                Some(place)
            }
            End::Value(value) => {
                open.below.advance();
                (self.path.tip, self.factor) = (Tip::Item(Some(value)), open.factor);
                None
            }
            End::Bare => {
                open.below.advance();
                (self.path.tip, self.factor) = (Tip::Item(None), open.factor);
                None
            }
        }
    }

    /// Opens a place, to which the path leads, unless it is known.
    #[inline]
    fn enter(&mut self, place: Place<'a, V>) -> Result<(), F::Error> {
        let above = self.open.last().expect("the place is below another");
        let (often, factor, above) = (above.often || place.is_shared(), above.factor, above.start);
        // An entry of one byte is alone on its branch. A part of a longer one may be shared by the
        // next entry.
        let alone = self.path.len() == above + 1;
        let keep = match self.path.recall(place, often) {
            Recall::Known(kept) => return self.path.add_kept(above, alone, kept),
            Recall::New => true,
            Recall::Passing => false,
        };
        if let Some(value) = place.own() {
            (self.path.tip, self.factor) = (Tip::Item(Some(value)), factor);
        }
        let (start, parents) = (self.path.len(), self.path.parent_count());
        let shared = self.path.fold.part_len() > 0 && place.whole().is_some() && place.is_shared();
        if shared {
            self.shared.push(start);
        }
        let part = self.next_part(start);
        let below = place.below();
        self.open.push(OpenPlace { place, below, start, parents, often, keep, shared, part, factor });
        Ok(())
    }

    /// Leaves the last place, all entries of which have been visited.
    #[inline]
    fn leave(&mut self) -> Result<(), F::Error> {
        let Some(left) = self.open.last() else { return Ok(()) };
        if left.keep {
            self.path.keep(left.place, left.start, left.parents)?;
        }
        if left.shared {
            self.shared.pop();
        }
        self.open.pop();
        Ok(())
    }

    /// The next factor of a product, if the path ends at a tip. Nothing of the factor before comes
    /// beyond that.
    #[inline]
    fn next_factor(&mut self) -> Option<OpenPlace<'a, V>> {
        let &place = self.factors.get(self.factor + 1)?;
        if !matches!(self.path.tip, Tip::Item(_)) {
            return None;
        }
        self.factor += 1;
        Some(OpenPlace::factor(place, self.path.len(), self.path.parent_count(), self.factor))
    }

    /// How many bytes below `start` the next part begins: so far below the root of a shared node
    /// that nothing above that root is seen.
    #[inline]
    fn next_part(&self, start: usize) -> usize {
        if self.shared.is_empty() {
            return usize::MAX;
        }
        let begins = |at: &usize| at.saturating_add(self.path.fold.part_len());
        let passed = self.shared.partition_point(|at| begins(at) <= start);
        self.shared.get(passed).map_or(usize::MAX, |at| begins(at) - start)
    }
}
