//! The walk of a matching engine: queries of several clauses over one product, and the closure of
//! a relation, round by round.

use std::hint::black_box;
use std::time::Instant;

use crate::args::Args;
use crate::matcher::{Fact, Pattern, edge, generic_product, matcher, path_of, random_graph};

/// The largest number of factors for which the steps are measured.
const MOST_FACTORS: usize = 8;

/// The least number of calls on the product in a sample. A shorter task is repeated.
const LEAST_CALLS: u64 = 200_000;

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

/// A task of the client.
enum Task {
    /// Finds the answers to a pattern. `maps` holds the number of the map for each clause.
    Query { pattern: Pattern, maps: Vec<usize>, factors: Factors },
    /// Closes the graph in the map.
    Closure { map: usize },
}

/// The result of a task. It is equal for all peers.
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
    /// The samples of each peer, in the order of `Report::peers`.
    pub(crate) samples: Vec<Vec<f64>>,
}

/// The times of all tasks.
pub(crate) struct Report {
    /// The names of the peers.
    pub(crate) peers: Vec<&'static str>,
    /// The queries and closures.
    pub(crate) queries: Vec<Asked>,
    /// The titles of walks, and each walk over 1, 2, 3 and more factors.
    pub(crate) steps: Vec<(String, Vec<Asked>)>,
}

macro_rules! client_of {
    ($module:ident, $peer:ident, $factors:ident) => {
        mod $module {
            use super::*;
            use $peer::PathMap;
            use $peer::zipper::*;

            matcher!($peer);

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
                            let (space, answers, calls) = closure(&self.0[map]);
                            let mut zipper = space.read_zipper();
                            while zipper.to_next_val() {
                                found(zipper.path());
                            }
                            Outcome { answers, calls }
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
                                $factors, first.read_zipper(), others,
                                product => Matcher::run(pattern, product, found)
                            )
                        }
                    };
                    Outcome { answers, calls }
                }
            }
        }
    };
}

client_of!(ours, bytetrie, by_reference);
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

    /// Runs the task `times` times, and returns the mean time in milliseconds.
    fn time(&self, task: &Task, times: u64) -> f64 {
        let start = Instant::now();
        for _ in 0..times {
            black_box(match self {
                Peer::Ours(maps) => maps.run(task, |path| _ = black_box(path)),
                Peer::Theirs(maps) => maps.run(task, |path| _ = black_box(path)),
            });
        }
        start.elapsed().as_secs_f64() * 1e3 / times as f64
    }

    /// Returns the outcome of the task, and a hash of the answers and of their order.
    fn outcome(&self, task: &Task) -> (Outcome, u64) {
        let mut digest = 0xcbf2_9ce4_8422_2325u64;
        let found = |path: &[u8]| {
            for &byte in path {
                digest = (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        };
        let outcome = match self {
            Peer::Ours(maps) => maps.run(task, found),
            Peer::Theirs(maps) => maps.run(task, found),
        };
        (outcome, digest)
    }
}

/// The graphs, and the peers that have them as maps.
struct Client<'a> {
    args: &'a Args,
    peers: Vec<Peer>,
}

impl<'a> Client<'a> {
    /// The number of the dense graph.
    const GRAPH: usize = 0;
    /// The number of the graph to be closed.
    const SPARSE: usize = 1;
    /// The number of the graph in which each node but the last has one edge.
    const LINE: usize = 2;
    /// The number of the graph of one edge.
    const FACT: usize = 3;

    fn new(args: &'a Args) -> Self {
        let spaces = [
            random_graph(200, args.scaled(3_600).min(200 * 199 / 2), 1),
            random_graph(400, args.scaled(1_200).min(400 * 399 / 2), 2),
            (0..args.scaled(256)).map(|node| edge(node, node + 1)).collect(),
            vec![edge(0, 0)],
        ];
        let peers = [Peer::Ours(ours::Maps::new(&spaces)), Peer::Theirs(theirs::Maps::new(&spaces))];
        Self { args, peers: peers.into_iter().filter(|peer| args.wants_peer(peer.name())).collect() }
    }

    /// Measures a task. The peers take turns, and must give equal answers.
    fn ask(&self, title: String, task: &Task) -> Asked {
        let outcomes: Vec<_> = self.peers.iter().map(|peer| peer.outcome(task)).collect();
        let (outcome, _) = outcomes.first().copied().unwrap_or_default();
        assert!(outcomes.iter().all(|other| *other == outcomes[0]), "{title}: {outcomes:?}");
        let times = LEAST_CALLS.div_ceil(outcome.calls.max(1));
        let mut samples = vec![Vec::new(); self.peers.len()];
        for round in 0..self.args.rounds as usize {
            for turn in 0..self.peers.len() {
                let which = (round + turn) % self.peers.len();
                samples[which].push(self.peers[which].time(task, times));
            }
        }
        Asked { title, answers: outcome.answers, calls: outcome.calls, samples }
    }

    /// Measures the queries and closures.
    fn queries(&self) -> Vec<Asked> {
        let patterns = [
            ("cliques of 3", Pattern::clique(3)),
            ("cliques of 4", Pattern::clique(4)),
            ("cliques of 5", Pattern::clique(5)),
            ("chains of 3", Pattern::chain(3)),
            ("stars of 3", Pattern::star(17, 3)),
        ];
        let mut asked = Vec::new();
        for factors in [Factors::Borrowed, Factors::Owned, Factors::Generic] {
            for (name, pattern) in &patterns {
                let maps = vec![Self::GRAPH; pattern.clauses.len()];
                let task = Task::Query { pattern: pattern.clone(), maps, factors };
                asked.push(self.ask(format!("{name}, {}", factors.title()), &task));
            }
        }
        for (name, map) in [("random graph", Self::SPARSE), ("line", Self::LINE)] {
            asked.push(self.ask(format!("closure of a {name}"), &Task::Closure { map }));
        }
        asked
    }

    /// Measures chains in a graph whose nodes have one edge each, so that each answer enters and
    /// leaves all factors.
    fn chains(&self, factors: Factors) -> Vec<Asked> {
        let chains = (1..=MOST_FACTORS).map(|n| {
            let task = Task::Query { pattern: Pattern::chain(n), maps: vec![Self::LINE; n], factors };
            self.ask(n.to_string(), &task)
        });
        chains.collect()
    }

    /// Measures one walk over the last factor, behind factors that have one fact each.
    fn behind(&self, factors: Factors) -> Vec<Asked> {
        let walks = (1..=MOST_FACTORS).map(|n| {
            let pattern = Pattern::parse(&format!("{}(e $0 $1)", "(e 0 0)".repeat(n - 1)));
            let maps = vec![Self::FACT; n - 1].into_iter().chain([Self::GRAPH]).collect();
            self.ask(n.to_string(), &Task::Query { pattern, maps, factors })
        });
        walks.collect()
    }
}

/// Measures the selected peers.
pub(crate) fn measure(args: &Args) -> Report {
    let client = Client::new(args);
    let mut steps = Vec::new();
    for factors in [Factors::Borrowed, Factors::Generic] {
        let title = |walk| format!("{walk}, {}", factors.title());
        steps.push((title("answers that cross all factors"), client.chains(factors)));
        steps.push((title("a walk within the last factor"), client.behind(factors)));
    }
    Report { peers: client.peers.iter().map(Peer::name).collect(), queries: client.queries(), steps }
}
