//! The walk of a matching engine: queries of several clauses over one product, and the closure of
//! a relation, round by round.

use std::hint::black_box;
use std::time::Instant;

use crate::args::Args;
use crate::matcher::{Fact, Pattern, edge, path_of, random_graph};

/// The largest number of factors of which the steps are measured.
const MOST_FACTORS: usize = 8;

/// The zippers that a product is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Factors {
    /// A `ProductZipper` of readers that borrow the map.
    Borrowed,
    /// A `ProductZipper` of readers that own a clone of the map.
    Owned,
    /// A `ProductZipperG` of borrowed readers.
    Generic,
}

impl Factors {
    fn title(self) -> &'static str {
        match self {
            Factors::Borrowed => "borrowed readers",
            Factors::Owned => "owned readers",
            Factors::Generic => "any zippers",
        }
    }
}

/// What is asked.
enum Task {
    /// The answers to a pattern. Each clause is about the map with the number in the list.
    Query { pattern: Pattern, maps: Vec<usize>, factors: Factors },
    /// The closure of the edges in the map.
    Closure { map: usize },
}

/// What a task did. It is equal for all peers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Outcome {
    /// The number of answers.
    answers: u64,
    /// The number of calls of the matcher on the product.
    calls: u64,
}

/// The times of one task in milliseconds, one sample for each round.
pub(crate) struct Asked {
    /// The title.
    pub(crate) title: String,
    /// The number of answers.
    pub(crate) answers: u64,
    /// The number of calls of the matcher on the product.
    pub(crate) calls: u64,
    /// The samples of each peer, in the order of [`Report::peers`].
    pub(crate) samples: Vec<Vec<f64>>,
}

/// All tasks.
pub(crate) struct Report {
    /// The names of the peers.
    pub(crate) peers: Vec<&'static str>,
    /// The queries and closures.
    pub(crate) queries: Vec<Asked>,
    /// The walks that differ in the number of factors, which is one more than the index.
    pub(crate) steps: Vec<(&'static str, Vec<Asked>)>,
}

/// How `ProductZipperG` gets its factors.
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

macro_rules! client_of {
    ($module:ident, $peer:ident, $lent:ident) => {
        mod $module {
            use super::*;
            use $peer::PathMap;
            use $peer::zipper::*;

            crate::matcher::matcher!($peer);

            pub(super) struct Maps(Vec<PathMap<()>>);

            impl Maps {
                pub(super) fn new(spaces: &[Vec<Fact>]) -> Self {
                    let map_of = |facts: &Vec<Fact>| {
                        let mut map = PathMap::new();
                        for fact in facts {
                            map.set_val_at(path_of(fact), ());
                        }
                        map
                    };
                    Self(spaces.iter().map(map_of).collect())
                }

                /// Runs a task, and passes the path of each answer to `found`.
                pub(super) fn run<F: FnMut(&[u8])>(&self, task: &Task, mut found: F) -> Outcome {
                    match task {
                        Task::Query { pattern, maps, factors } => self.query(pattern, maps, *factors, found),
                        &Task::Closure { map } => {
                            let (space, outcome) = closure(&self.0[map]);
                            let mut zipper = space.read_zipper();
                            while zipper.to_next_val() {
                                found(zipper.path());
                            }
                            outcome
                        }
                    }
                }

                fn query<F: FnMut(&[u8])>(
                    &self,
                    pattern: &Pattern,
                    maps: &[usize],
                    factors: Factors,
                    mut found: F,
                ) -> Outcome {
                    let mut answers = 0;
                    let found = |path: &[u8], _: &[_]| {
                        answers += 1;
                        found(path);
                    };
                    let first = &self.0[maps[0]];
                    let others = maps[1..].iter().map(|&map| &self.0[map]);
                    let owned = |map: &PathMap<()>| map.clone().into_read_zipper("");
                    let calls = match factors {
                        Factors::Borrowed => {
                            let others = others.map(|map| map.read_zipper());
                            Matcher::run(pattern, ProductZipper::new(first.read_zipper(), others), found)
                        }
                        Factors::Owned => {
                            Matcher::run(pattern, ProductZipper::new(owned(first), others.map(owned)), found)
                        }
                        Factors::Generic => {
                            let others = others.map(|map| map.read_zipper());
                            generic_product!(
                                $lent, first.read_zipper(), others,
                                product => Matcher::run(pattern, product, found)
                            )
                        }
                    };
                    Outcome { answers, calls }
                }
            }

            /// Adds a fact `(t x z)` for each way of edges `(e x y)` from x to z.
            ///
            /// Each round extends the ways that the round before has found by one edge, takes those
            /// out that are known, and joins the others to the known ones.
            fn closure(edges: &PathMap<()>) -> (PathMap<()>, Outcome) {
                let [edge, known, new, found] = [b'e', b't', b'n', b'f'].map(|name| [3, 1, name]);
                let pattern = Pattern::parse("(n $0 $1) (e $1 $2)");
                let (mut space, mut outcome, mut way) = (edges.clone(), Outcome::default(), Vec::new());
                for ways in [known, new] {
                    let edges = edges.read_zipper_at_path(edge);
                    space.write_zipper_at_path(&ways).graft(&edges);
                }
                loop {
                    let before = space.clone();
                    let head = space.zipper_head();
                    let writer_at = |path| head.write_zipper_at_exclusive_path(path).expect("no other zipper");
                    let mut writer = writer_at(found);
                    let product = ProductZipper::new(before.read_zipper(), [before.read_zipper()]);
                    outcome.calls += Matcher::run(&pattern, product, |path, bound| {
                        way.clear();
                        for (start, end) in [bound[0], bound[2]].into_iter().flatten() {
                            way.extend_from_slice(&path[start..end]);
                        }
                        writer.descend_to(&way);
                        writer.set_val(());
                        writer.reset();
                        outcome.answers += 1;
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
                    if !more {
                        drop(head);
                        return (space, outcome);
                    }
                }
            }
        }
    };
}

client_of!(ours, bytetrie, by_value);
client_of!(theirs, pathmap, by_reference);

/// The maps of one peer.
enum Peer {
    Ours(ours::Maps),
    Theirs(theirs::Maps),
}

impl Peer {
    fn name(&self) -> &'static str {
        match self {
            Peer::Ours(_) => "bytetrie",
            Peer::Theirs(_) => "pathmap",
        }
    }

    /// Runs the task, and returns the time in milliseconds.
    fn time(&self, task: &Task) -> (Outcome, f64) {
        let start = Instant::now();
        let outcome = black_box(match self {
            Peer::Ours(maps) => maps.run(task, |path| _ = black_box(path)),
            Peer::Theirs(maps) => maps.run(task, |path| _ = black_box(path)),
        });
        (outcome, start.elapsed().as_secs_f64() * 1e3)
    }

    /// Returns a hash of the answers and of their order.
    fn digest(&self, task: &Task) -> u64 {
        let mut digest = 0xcbf2_9ce4_8422_2325u64;
        let found = |path: &[u8]| {
            for &byte in path {
                digest = (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        };
        match self {
            Peer::Ours(maps) => maps.run(task, found),
            Peer::Theirs(maps) => maps.run(task, found),
        };
        digest
    }
}

/// Measures a task. The peers take turns, and must give equal answers.
fn ask(args: &Args, peers: &[Peer], title: String, task: &Task) -> Asked {
    let digests: Vec<u64> = peers.iter().map(|peer| peer.digest(task)).collect();
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{title}: the answers differ");
    let mut samples = vec![Vec::new(); peers.len()];
    let mut outcomes = Vec::new();
    for round in 0..args.rounds as usize {
        for turn in 0..peers.len() {
            let which = (round + turn) % peers.len();
            let (outcome, time) = peers[which].time(task);
            samples[which].push(time);
            outcomes.push(outcome);
        }
    }
    let outcome = outcomes.first().copied().unwrap_or_default();
    assert!(outcomes.iter().all(|other| *other == outcome), "{title}: {outcomes:?}");
    Asked { title, answers: outcome.answers, calls: outcome.calls, samples }
}

/// Measures the selected peers.
pub(crate) fn measure(args: &Args) -> Report {
    const GRAPH: usize = 0;
    const SPARSE: usize = 1;
    const LINE: usize = 2;
    const FACT: usize = 3;
    let line = args.scaled(256);
    let spaces = [
        random_graph(200, args.scaled(3_600).min(200 * 199 / 2), 1),
        random_graph(400, args.scaled(1_200).min(400 * 399 / 2), 2),
        (0..line).map(|node| edge(node, node + 1)).collect(),
        vec![edge(0, 0)],
    ];
    let peers = [Peer::Ours(ours::Maps::new(&spaces)), Peer::Theirs(theirs::Maps::new(&spaces))];
    let peers: Vec<Peer> = peers.into_iter().filter(|peer| args.wants_peer(peer.name())).collect();

    let patterns = [
        ("cliques of 3", Pattern::clique(3)),
        ("cliques of 4", Pattern::clique(4)),
        ("cliques of 5", Pattern::clique(5)),
        ("chains of 3", Pattern::chain(3)),
        ("stars of 3 beside node 17", Pattern::star(17, 3)),
    ];
    let mut queries = Vec::new();
    for factors in [Factors::Borrowed, Factors::Owned, Factors::Generic] {
        for (name, pattern) in &patterns {
            let maps = vec![GRAPH; pattern.clauses.len()];
            let task = Task::Query { pattern: pattern.clone(), maps, factors };
            queries.push(ask(args, &peers, format!("{name}, {}", factors.title()), &task));
        }
    }
    for (name, map) in [("random graph", SPARSE), ("line", LINE)] {
        queries.push(ask(args, &peers, format!("closure of a {name}"), &Task::Closure { map }));
    }

    let mut steps = Vec::new();
    for (title, factors, all) in [
        ("chains of single edges", Factors::Borrowed, true),
        ("chains of single edges, any zippers", Factors::Generic, true),
        ("a graph behind single facts", Factors::Borrowed, false),
        ("a graph behind single facts, any zippers", Factors::Generic, false),
    ] {
        let by_factors = (1..=MOST_FACTORS).map(|n| {
            let (pattern, maps) = if all {
                (Pattern::chain(n), vec![LINE; n])
            } else {
                let maps = (1..n).map(|_| FACT).chain([GRAPH]).collect();
                (Pattern::parse(&format!("{}(e $0 $1)", "(e 0 0)".repeat(n - 1))), maps)
            };
            ask(args, &peers, format!("{title}, {n}"), &Task::Query { pattern, maps, factors })
        });
        steps.push((title, by_factors.collect()));
    }
    Report { peers: peers.iter().map(Peer::name).collect(), queries, steps }
}
