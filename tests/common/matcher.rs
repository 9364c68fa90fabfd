//! A small matching engine, the client that products of zippers are made for: facts as paths,
//! patterns of several clauses with shared variables, and a matcher that walks one product with a
//! factor for each clause.
//!
//! The tests compare the answers with those of a join over a list of facts. The comparison with
//! peers measures the walk, and compiles the matcher once for each crate.

use bytetrie::testing::keys::Rng;

/// A fact: its symbols.
pub(crate) type Fact = Vec<Vec<u8>>;

/// The length of the longest symbol.
pub(crate) const LONGEST: usize = 63;

/// Returns the path of a fact: the number of its symbols, then the length and the bytes of each.
///
/// No such path is a prefix of another.
pub(crate) fn path_of<S: AsRef<[u8]>>(fact: &[S]) -> Vec<u8> {
    let mut path = vec![byte(fact.len())];
    for symbol in fact {
        push_symbol(&mut path, symbol.as_ref());
    }
    path
}

fn byte(number: usize) -> u8 {
    u8::try_from(number).expect("at most 255 symbols in a fact")
}

fn push_symbol(path: &mut Vec<u8>, symbol: &[u8]) {
    assert!((1..=LONGEST).contains(&symbol.len()), "a symbol has 1 to {LONGEST} bytes");
    path.push(byte(symbol.len()));
    path.extend_from_slice(symbol);
}

/// A part of a clause.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    /// A symbol that the fact must have.
    Symbol(Vec<u8>),
    /// A variable, by its number. It stands for the same symbol in all clauses.
    Var(usize),
}

/// A step of a pattern: what must follow in the path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item {
    /// A byte.
    Byte(u8),
    /// The symbol of a variable.
    Var(usize),
}

/// Clauses with shared variables. An answer is a fact for each clause.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// The terms of each clause.
    pub(crate) clauses: Vec<Vec<Term>>,
    /// The clauses as one list.
    pub(crate) items: Vec<Item>,
    /// The number of variables.
    pub(crate) vars: usize,
}

impl Pattern {
    /// Creates a pattern from its clauses.
    pub(crate) fn new(clauses: Vec<Vec<Term>>) -> Self {
        let (mut items, mut vars) = (Vec::new(), 0);
        for clause in &clauses {
            items.push(Item::Byte(byte(clause.len())));
            for term in clause {
                match term {
                    Term::Symbol(symbol) => {
                        let mut path = Vec::new();
                        push_symbol(&mut path, symbol);
                        items.extend(path.into_iter().map(Item::Byte));
                    }
                    &Term::Var(var) => {
                        vars = vars.max(var + 1);
                        items.push(Item::Var(var));
                    }
                }
            }
        }
        Self { clauses, items, vars }
    }

    /// Reads a pattern such as `(e 1 $0) (e $0 $1)`.
    pub(crate) fn parse(text: &str) -> Self {
        let term = |word: &str| match word.strip_prefix('$') {
            Some(number) => Term::Var(number.parse().expect("variables are numbered")),
            None => Term::Symbol(word.into()),
        };
        let clauses = text.split(['(', ')']).filter(|clause| !clause.trim().is_empty());
        Self::new(clauses.map(|clause| clause.split_whitespace().map(term).collect()).collect())
    }

    /// All sets of `n` nodes that are adjacent to each other. Each node is followed by the clauses
    /// that join it to the nodes before.
    pub(crate) fn clique(n: usize) -> Self {
        let edges = (1..n).flat_map(|to| (0..to).map(move |from| format!("(e ${from} ${to})")));
        Self::parse(&edges.collect::<String>())
    }

    /// All ways of `n` edges.
    pub(crate) fn chain(n: usize) -> Self {
        let edges = (0..n).map(|node| format!("(e ${node} ${})", node + 1));
        Self::parse(&edges.collect::<String>())
    }

    /// All lists of `n` edges from one node that is adjacent to `hub`.
    pub(crate) fn star(hub: usize, n: usize) -> Self {
        let edges = (1..=n).map(|arm| format!("(e $0 ${arm})"));
        Self::parse(&format!("(e {hub} $0){}", edges.collect::<String>()))
    }
}

/// Returns `edges` random facts `(e x y)` over nodes with the numbers x < y < `nodes`.
pub(crate) fn random_graph(nodes: usize, edges: usize, seed: u64) -> Vec<Fact> {
    assert!(edges <= nodes * (nodes - 1) / 2, "there are not so many pairs");
    let mut rng = Rng::new(seed);
    let mut pairs: Vec<_> = (0..nodes).flat_map(|y| (0..y).map(move |x| (x, y))).collect();
    rng.shuffle(&mut pairs);
    pairs.truncate(edges);
    pairs.into_iter().map(|(x, y)| edge(x, y)).collect()
}

/// Returns the fact `(e x y)`.
pub(crate) fn edge(x: usize, y: usize) -> Fact {
    vec![b"e".to_vec(), x.to_string().into(), y.to_string().into()]
}

/// Makes a `ProductZipperG` with an iterator of factors after the first one, and uses it. The
/// product either owns its factors or borrows them.
macro_rules! generic_product {
    (by_value, $first:expr, $others:expr, $product:ident => $use:expr) => {{
        let $product = ProductZipperG::new($first, $others);
        $use
    }};
    (by_reference, $first:expr, $others:expr, $product:ident => $use:expr) => {{
        let (mut first, mut others) = ($first, $others.collect::<Vec<_>>());
        let $product = ProductZipperG::new(&mut first, others.iter_mut());
        $use
    }};
}

/// Defines `Matcher` and `closure` for the maps and zippers of one crate.
macro_rules! matcher {
    ($peer:ident) => {
        /// A walk over a product that has a factor for each clause of the pattern.
        pub(crate) struct Matcher<'p, Z, F> {
            items: &'p [$crate::matcher::Item],
            zipper: Z,
            /// The place of each bound variable's symbol in the zipper's path.
            bound: Vec<Option<(usize, usize)>>,
            found: F,
            calls: u64,
        }

        impl<'p, Z, F> Matcher<'p, Z, F>
        where
            Z: $peer::zipper::ZipperMoving + $peer::zipper::ZipperIteration,
            F: FnMut(&[u8], &[Option<(usize, usize)>]),
        {
            /// Calls `found` for each answer, with the path of its facts and with the places of the
            /// variables' symbols. Returns the number of calls on the zipper.
            pub(crate) fn run(pattern: &'p $crate::matcher::Pattern, zipper: Z, found: F) -> u64 {
                let mut matcher =
                    Self { items: &pattern.items, zipper, bound: vec![None; pattern.vars], found, calls: 0 };
                matcher.descend(0, 0);
                matcher.calls
            }

            /// Matches the items from `item` on at the focus, whose path has `depth` bytes.
            fn descend(&mut self, item: usize, depth: usize) {
                match self.items.get(item) {
                    None => {
                        self.calls += 1;
                        (self.found)(self.zipper.path(), &self.bound);
                    }
                    Some(&$crate::matcher::Item::Byte(byte)) => {
                        self.calls += 1;
                        if self.has_child(byte) {
                            self.calls += 2;
                            self.zipper.descend_to_existing_byte(byte);
                            self.descend(item + 1, depth + 1);
                            self.zipper.ascend_byte();
                        }
                    }
                    Some(&$crate::matcher::Item::Var(var)) => match self.bound[var] {
                        Some(place) => self.bound_var(place, item, depth),
                        None => self.free_var(var, item, depth),
                    },
                }
            }

            fn has_child(&self, byte: u8) -> bool {
                $peer::utils::BitMask::test_bit(&self.zipper.child_mask(), byte)
            }

            /// Follows the symbol that the path has at `place`, with the byte of its length.
            fn bound_var(&mut self, (start, end): (usize, usize), item: usize, depth: usize) {
                let (mut symbol, len) = ([0; $crate::matcher::LONGEST + 1], end - start);
                symbol[..len].copy_from_slice(&self.zipper.path()[start..end]);
                self.calls += 2;
                if self.has_child(symbol[0]) {
                    self.calls += 2;
                    if self.zipper.descend_to_check(&symbol[..len]) {
                        self.descend(item + 1, depth + len);
                    }
                    self.zipper.ascend(len);
                }
            }

            /// Binds the variable to each symbol below the focus.
            fn free_var(&mut self, var: usize, item: usize, depth: usize) {
                self.calls += 1;
                for byte in self.zipper.child_mask().iter() {
                    let len = usize::from(byte);
                    let end = depth + 1 + len;
                    self.bound[var] = Some((depth, end));
                    self.calls += 3;
                    self.zipper.descend_to_existing_byte(byte);
                    let mut more = self.zipper.descend_first_k_path(len);
                    while more {
                        self.descend(item + 1, end);
                        self.calls += 1;
                        more = self.zipper.to_next_k_path(len);
                    }
                    self.zipper.ascend_byte();
                }
                self.bound[var] = None;
            }
        }

        /// Adds a fact `(t x z)` for each way of edges `(e x y)` from x to z. Returns the map, the
        /// number of answers of all rounds, and the number of calls of the matcher on the product.
        ///
        /// Each round extends the ways that were new in the round before by one edge, removes those
        /// that are known, and joins the others to the known ones.
        pub(crate) fn closure(edges: &$peer::PathMap<()>) -> ($peer::PathMap<()>, u64, u64) {
            use $peer::zipper::*;

            let [edge, known, new, found] = [b'e', b't', b'n', b'f'].map(|name| [3, 1, name]);
            let pattern = $crate::matcher::Pattern::parse("(n $0 $1) (e $1 $2)");
            let (mut space, mut way) = (edges.clone(), Vec::new());
            let (mut answers, mut calls) = (0, 0);
            for ways in [known, new] {
                space.write_zipper_at_path(&ways).graft(&edges.read_zipper_at_path(&edge));
            }
            loop {
                let before = space.clone();
                let head = space.zipper_head();
                let writer_at = |path| head.write_zipper_at_exclusive_path(path).expect("no other zipper");
                let mut writer = writer_at(found);
                let product = ProductZipper::new(before.read_zipper(), [before.read_zipper()]);
                calls += Matcher::run(&pattern, product, |path, bound| {
                    answers += 1;
                    way.clear();
                    for (start, end) in [bound[0], bound[2]].into_iter().flatten() {
                        way.extend_from_slice(&path[start..end]);
                    }
                    writer.descend_to(&way);
                    writer.set_val(());
                    writer.reset();
                });
                let reader = head.read_zipper_at_path(known).expect("no writer there");
                writer.subtract_into(&reader, true);
                drop(reader);
                let more = writer.child_count() > 0;
                writer_at(known).join_into(&writer);
                let mut frontier = writer_at(new);
                frontier.graft(&writer);
                writer.remove_branches(true);
                head.cleanup_write_zipper(&mut frontier);
                head.cleanup_write_zipper(&mut writer);
                drop((frontier, writer));
                drop(head);
                if !more {
                    return (space, answers, calls);
                }
            }
        }
    };
}

pub(crate) use {generic_product, matcher};
