//! Unfolds of a trie from its root: [`PathMap::new_from_ana`] and its [`TrieBuilder`].

use std::mem;
use std::ops::Range;

use crate::algebra::{Above, Built, Held, HeldEnd, Notes, NotesMark, Outcome};
use crate::bytes::ByteMask;
use crate::node::{End, Shared, Stored, Suffix, list_entries, only_value};
use crate::trie::PathMap;
use crate::zipper::ZipperInfallibleSubtries;

/// The children of a location that [`PathMap::new_from_ana`] unfolds.
///
/// Children are added in ascending order of their first bytes. No two children begin with the same
/// byte.
pub struct TrieBuilder<V, W> {
    mask: ByteMask,
    children: Vec<Child<V, W>>,
    /// The paths of all children, back to back.
    bytes: Vec<u8>,
}

struct Child<V, W> {
    suffix: Range<usize>,
    source: ChildSource<V, W>,
}

/// What a child is made of.
enum ChildSource<V, W> {
    Seed(W),
    /// A subtrie, or `None` if it was grafted from a location that does not exist.
    Subtrie(Option<PathMap<V>>),
}

impl<V, W> TrieBuilder<V, W> {
    fn new() -> Self {
        Self { mask: ByteMask::EMPTY, children: Vec::new(), bytes: Vec::new() }
    }

    fn add(&mut self, sub_path: &[u8], source: ChildSource<V, W>) {
        let &head = sub_path.first().expect("a child has a path of its own");
        if self.mask.last_bit().is_some_and(|last| head <= last) {
            panic!("children come in ascending order, and no two begin with the same byte");
        }
        self.mask.set_bit(head);
        let start = self.bytes.len();
        self.bytes.extend_from_slice(sub_path);
        self.children.push(Child { suffix: start..self.bytes.len(), source });
    }

    /// Returns the number of children so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.children.len()
    }

    /// Returns true iff there are no children so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// Returns the first bytes of the children so far.
    #[must_use]
    pub fn child_mask(&self) -> [u64; 4] {
        self.mask.0
    }

    /// Adds a child one byte down, to be unfolded from `w`.
    ///
    /// # Panics
    /// Panics if `byte` is not greater than the first bytes of all children so far.
    pub fn push_byte(&mut self, byte: u8, w: W) {
        self.add(&[byte], ChildSource::Seed(w));
    }

    /// Adds a child at `sub_path`, to be unfolded from `w`.
    ///
    /// # Panics
    /// Panics if `sub_path` is empty, or its first byte is not greater than those of all children
    /// so far. Paths that begin with the same byte are added as one child, and branch when that
    /// child is unfolded.
    pub fn push<K: AsRef<[u8]>>(&mut self, sub_path: K, w: W) {
        self.add(sub_path.as_ref(), ChildSource::Seed(w));
    }

    /// Sets all children at once, one for each byte of `mask`, to be unfolded from the seeds taken
    /// out of `children`.
    ///
    /// # Panics
    /// Panics if there are children already, or the number of seeds is not the number of bytes in
    /// the mask.
    pub fn set_child_mask<C: AsMut<[W]>>(&mut self, mask: [u64; 4], mut children: C)
    where
        W: Default,
    {
        assert!(self.is_empty(), "the children have been set");
        let (mask, children) = (ByteMask(mask), children.as_mut());
        assert_eq!(mask.count_bits(), children.len(), "there is a child for each byte");
        for (byte, child) in mask.iter().zip(children) {
            self.push_byte(byte, mem::take(child));
        }
    }

    /// Adds the subtrie at a zipper's focus, its value included, as a child one byte down.
    ///
    /// The child shares the zipper's nodes.
    ///
    /// A focus that does not exist adds nothing to the map. A focus with neither a value nor
    /// children adds a dangling path.
    ///
    /// # Panics
    /// Panics if `byte` is not greater than the first bytes of all children so far.
    pub fn graft_at_byte<Z: ZipperInfallibleSubtries<V>>(&mut self, byte: u8, read_zipper: &Z) {
        let subtrie = read_zipper.path_exists().then(|| read_zipper.make_map());
        self.add(&[byte], ChildSource::Subtrie(subtrie));
    }
}

impl<V, W> std::fmt::Debug for TrieBuilder<V, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrieBuilder").field("child_mask", &self.mask).finish_non_exhaustive()
    }
}

impl<V: Clone> PathMap<V> {
    /// Unfolds a map from a seed: the inverse of a [fold](crate::fold::Catamorphism).
    ///
    /// `alg_f(seed, value, children, path)` is called for the root with `w`, and then for each
    /// child that was added, with the child's seed: for the first child and all that is below it,
    /// then for the next. The closure sets `value` to give the location a value. A child that gets
    /// neither a value nor a child nor a graft leaves no path.
    ///
    /// # Complexity
    /// O(locations), and each node is built once. The unfold does not recurse.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// // All words of three letters over two.
    /// let map = PathMap::<()>::new_from_ana(3, |left, value, children, _path| {
    ///     if left == 0 {
    ///         *value = Some(());
    ///     } else {
    ///         children.push_byte(b'L', left - 1);
    ///         children.push_byte(b'R', left - 1);
    ///     }
    /// });
    /// assert_eq!(map.len(), 8);
    /// assert!(map.contains("LRL"));
    /// ```
    pub fn new_from_ana<W, AlgF>(w: W, alg_f: AlgF) -> Self
    where
        AlgF: FnMut(W, &mut Option<V>, &mut TrieBuilder<V, W>, &[u8]),
    {
        let unfolding = Unfolding {
            alg: alg_f,
            builder: TrieBuilder::new(),
            path: Vec::new(),
            suffixes: Vec::new(),
            steps: Vec::new(),
            notes: Notes::new(),
        };
        Self::from_root(unfolding.run(w))
    }
}

/// A step that is left to be done.
enum UnfoldStep<V, W> {
    /// A child is to be made. `wide` tells whether its parent has more children than a list has
    /// entries.
    Child { child: Child<V, W>, wide: bool },
    /// All below a location has been made.
    Close(OpenLocation<V>),
}

/// A location whose children are being made.
struct OpenLocation<V> {
    own: Option<V>,
    /// Where the notes of its children begin.
    mark: NotesMark,
    /// The suffix that led here, or `None` for the root.
    suffix: Option<Range<usize>>,
    wide: bool,
    /// Where the suffixes begin that are not needed after it is closed.
    suffixes: usize,
}

/// Behind a suffix longer than this, several entries become a node of their own and not entries of
/// the node above.
const LONG: usize = 32;

struct Unfolding<'a, V, W, F> {
    alg: F,
    builder: TrieBuilder<V, W>,
    path: Vec<u8>,
    /// The suffixes of all children that are being made or are yet to be made.
    suffixes: Vec<u8>,
    /// The last one is next.
    steps: Vec<UnfoldStep<V, W>>,
    notes: Notes<'a, V>,
}

impl<V, W, F> Unfolding<'_, V, W, F>
where
    V: Clone,
    F: FnMut(W, &mut Option<V>, &mut TrieBuilder<V, W>, &[u8]),
{
    fn run(mut self, seed: W) -> Option<Shared<V>> {
        self.open(seed, None, false);
        loop {
            match self.steps.pop().expect("the root is closed last") {
                UnfoldStep::Child { child: Child { suffix, source: ChildSource::Seed(seed) }, wide } => {
                    self.path.extend_from_slice(&self.suffixes[suffix.clone()]);
                    self.open(seed, Some(suffix), wide);
                }
                UnfoldStep::Child {
                    child: Child { suffix, source: ChildSource::Subtrie(subtrie) }, ..
                } => {
                    if let Some(end) = subtrie.map(PathMap::into_end) {
                        let suffix = Suffix::of(&self.suffixes[suffix]).expect("a child has a suffix");
                        self.notes.put_behind(suffix, end);
                    }
                }
                UnfoldStep::Close(open) => match open.suffix.clone() {
                    Some(suffix) => self.close(open, suffix),
                    None => return self.close_root(open),
                },
            }
        }
    }

    /// Calls the algebra for the location at the path.
    fn open(&mut self, mut seed: W, mut suffix: Option<Range<usize>>, wide: bool) {
        let free = self.suffixes.len();
        let own = loop {
            let mut own = None;
            self.builder.mask = ByteMask::EMPTY;
            (self.alg)(seed, &mut own, &mut self.builder, &self.path);
            let TrieBuilder { children, bytes, .. } = &mut self.builder;
            match (&mut suffix, children.pop()) {
                // The location has one child and no value: the suffix goes on. If others are
                // behind it, it is moved.
                (Some(suffix), Some(Child { source: ChildSource::Seed(next), .. }))
                    if own.is_none() && children.is_empty() =>
                {
                    if suffix.end < self.suffixes.len() {
                        let start = self.suffixes.len();
                        self.suffixes.extend_from_within(suffix.clone());
                        suffix.start = start;
                    }
                    self.path.extend_from_slice(bytes);
                    self.suffixes.append(bytes);
                    suffix.end = self.suffixes.len();
                    seed = next;
                }
                (_, last) => {
                    children.extend(last);
                    break own;
                }
            }
        };
        let TrieBuilder { children, bytes, .. } = &mut self.builder;
        let start = self.suffixes.len();
        self.suffixes.append(bytes);
        let mark = self.notes.mark();
        self.steps.push(UnfoldStep::Close(OpenLocation { own, mark, suffix, wide, suffixes: free }));
        let wide = children.len() > list_entries();
        self.steps.extend(children.drain(..).rev().map(|child| {
            let suffix = child.suffix.start + start..child.suffix.end + start;
            UnfoldStep::Child { child: Child { suffix, ..child }, wide }
        }));
    }

    fn close(&mut self, open: OpenLocation<V>, suffix: Range<usize>) {
        let OpenLocation { own, mark, wide, suffixes, .. } = open;
        self.path.truncate(self.path.len() - suffix.len());
        let suffix = Suffix::of(&self.suffixes[suffix]).expect("a child has a suffix");
        let above = Above::Suffix { suffix, wide: wide || suffix.rest.len() > LONG };
        let end = match self.notes.close(mark, own.map(Stored::new).map(Held::New), above) {
            Outcome::New(Built::Value(value)) => Some(End::Value(Held::New(value))),
            Outcome::New(Built::Node(node)) => Some(End::Child(Held::New(node))),
            Outcome::New(Built::Noted) | Outcome::Nothing => None,
            Outcome::Same(_) => unreachable!("there are no operands"),
        };
        if let Some(end) = end {
            self.notes.put_behind(suffix, end);
        }
        self.suffixes.truncate(suffixes);
    }

    fn close_root(&mut self, open: OpenLocation<V>) -> Option<Shared<V>> {
        match self.notes.close(open.mark, open.own.map(Stored::new).map(Held::New), Above::Nothing) {
            Outcome::New(built) => Some(built.into_node()),
            Outcome::Nothing => None,
            Outcome::Same(_) => unreachable!("there are no operands"),
        }
    }
}

impl<V: Clone> PathMap<V> {
    /// The end of an entry that leads to all of the map.
    fn into_end<'a>(self) -> HeldEnd<'a, V> {
        let Some(root) = self.root else { return End::Bare };
        // A child has entries; a value alone is an entry's own.
        match only_value(root.place()) {
            Some(own) => End::Value(Held::New(Stored::new(own.clone()))),
            None => End::Child(Held::New(root)),
        }
    }
}
