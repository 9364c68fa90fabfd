//! Products as a matching engine walks them. Each answer is compared with that of a join over the
//! list of facts.

use std::collections::BTreeSet;

use bytetrie::PathMap;
use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::reached::Mark;
use bytetrie::zipper::*;

use super::matcher::{Fact, Pattern, Term, edge, generic_product, matcher, path_of, random_graph};

matcher!(bytetrie);

/// A list of facts for each clause. Clause `i` is about list `i % n`.
type Spaces = Vec<Vec<Fact>>;

/// Returns the answers in the order of their paths, found by trying all facts for each clause.
fn joined(pattern: &Pattern, spaces: &Spaces) -> Vec<Vec<u8>> {
    let mut answers = vec![(Vec::new(), vec![None; pattern.vars])];
    for (clause, facts) in pattern.clauses.iter().zip(spaces.iter().cycle()) {
        let mut more = Vec::new();
        for (path, bound) in &answers {
            for fact in facts {
                let mut bound = bound.clone();
                if agrees(clause, fact, &mut bound) {
                    more.push(([path, &path_of(fact)[..]].concat(), bound));
                }
            }
        }
        answers = more;
    }
    let mut paths: Vec<Vec<u8>> = answers.into_iter().map(|(path, _)| path).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Returns true if `fact` is of the form of `clause`, and binds the variables.
fn agrees<'f>(clause: &[Term], fact: &'f Fact, bound: &mut [Option<&'f [u8]>]) -> bool {
    clause.len() == fact.len()
        && clause.iter().zip(fact).all(|(term, symbol)| match term {
            Term::Symbol(wanted) => wanted == symbol,
            &Term::Var(var) => *bound[var].get_or_insert(symbol) == &symbol[..],
        })
}

/// Returns the answers in the order in which the matcher finds them.
fn matched<Z: ZipperIteration>(pattern: &Pattern, zipper: Z) -> Vec<Vec<u8>> {
    let mut answers = Vec::new();
    Matcher::run(pattern, zipper, |path, _| answers.push(path.to_vec()));
    answers
}

/// Compares the answers of all kinds of product with those of the join, and returns their number.
fn check(pattern: &Pattern, spaces: &Spaces) -> usize {
    let maps: Vec<PathMap<()>> =
        spaces.iter().map(|facts| facts.iter().map(|fact| (path_of(fact), ())).collect()).collect();
    let others = || maps.iter().cycle().skip(1).take(pattern.clauses.len() - 1);
    let owned = |map: &PathMap<()>| map.clone().into_read_zipper("");
    let expected = joined(pattern, spaces);

    let product = ProductZipper::new(maps[0].read_zipper(), others().map(PathMap::read_zipper));
    assert_eq!(matched(pattern, product), expected, "borrowed readers: {pattern:?}");
    let product = ProductZipper::new(owned(&maps[0]), others().map(owned));
    assert_eq!(matched(pattern, product), expected, "owned readers: {pattern:?}");
    let answers = generic_product!(
        by_value, maps[0].read_zipper(), others().map(PathMap::read_zipper),
        product => matched(pattern, product)
    );
    assert_eq!(answers, expected, "any zippers: {pattern:?}");
    let answers = generic_product!(
        by_reference, maps[0].read_zipper(), others().map(PathMap::read_zipper),
        product => matched(pattern, product)
    );
    assert_eq!(answers, expected, "borrowed zippers: {pattern:?}");
    expected.len()
}

#[test]
fn cliques_chains_and_stars() {
    let graph = vec![random_graph(24, 130, 1)];
    for n in 2..=5 {
        assert!(check(&Pattern::clique(n), &graph) > 0, "{n} nodes");
        assert!(check(&Pattern::star(2, n - 1), &graph) > 0, "{n} edges");
    }
    let sparse = vec![random_graph(24, 24, 2)];
    for n in 1..=8 {
        check(&Pattern::chain(n), &sparse);
    }
}

#[test]
fn patterns_with_constants() {
    let mut facts = random_graph(120, 400, 3);
    facts.extend((0..120).step_by(7).map(|node| edge(node, node)));
    facts.extend((0..120).step_by(3).map(|node| vec![b"red".to_vec(), node.to_string().into()]));
    let graph = vec![facts];
    let found = [
        "(e $0 $0)",
        "(red $0) (e $0 $1) (red $1)",
        "(e $0 117) (e $1 $0)",
        "($0 $1 $1) ($0 $1 $2) ($3 $2)",
        "(red 3) (e 3 $0)",
    ];
    for pattern in found {
        assert!(check(&Pattern::parse(pattern), &graph) > 0, "{pattern}");
    }
    for pattern in ["(e $0 $1) (blue $0)", "(red 4) (e $0 $1)", "(e $0 $1 $2)", "(red $0) (red 1)"] {
        assert_eq!(check(&Pattern::parse(pattern), &graph), 0, "{pattern}");
    }
}

/// Compares the closure of a graph with the ways that are found node by node.
fn check_closure(edges: Vec<Fact>) {
    let mut known: BTreeSet<(Vec<u8>, Vec<u8>)> = BTreeSet::new();
    let mut new: Vec<_> = edges.iter().map(|edge| (edge[1].clone(), edge[2].clone())).collect();
    while let Some((from, to)) = new.pop() {
        if known.insert((from.clone(), to.clone())) {
            let longer = edges.iter().filter(|edge| edge[1] == to);
            new.extend(longer.map(|edge| (from.clone(), edge[2].clone())));
        }
    }
    let map: PathMap<()> = edges.iter().map(|edge| (path_of(edge), ())).collect();
    let (space, ..) = closure(&map);
    space.check().unwrap();
    let ways = known.into_iter().map(|(from, to)| (path_of(&[&b"t"[..], &from, &to]), ()));
    assert_eq!(space, map.join(&ways.collect()));
}

#[test]
fn closures_of_graphs() {
    check_closure(random_graph(60, 120, 5));
    check_closure((0..30).map(|node| edge(node, node + 1)).collect());
    check_closure((0..30).map(|node| edge(node, (node + 1) % 30)).collect());
    check_closure(Vec::new());
}

/// A symbol of a few that often are prefixes of each other.
fn symbol(rng: &mut Rng) -> Vec<u8> {
    let len = 1 + rng.skewed_below(4);
    (0..len).map(|_| [0, b'a', 255][rng.skewed_below(3)]).collect()
}

#[test]
fn random_patterns_over_several_maps() {
    let mut rng = Rng::new(4);
    let mut found = 0;
    for round in 0..300 {
        let spaces: Spaces = (0..1 + rng.below(3))
            .map(|_| {
                let facts = rng.below(20);
                (0..facts).map(|_| (0..1 + rng.below(3)).map(|_| symbol(&mut rng)).collect()).collect()
            })
            .collect();
        let term = |rng: &mut Rng| {
            if rng.one_in(4) { Term::Symbol(symbol(rng)) } else { Term::Var(rng.below(5)) }
        };
        let clauses =
            (0..1 + rng.below(4)).map(|_| (0..1 + rng.below(3)).map(|_| term(&mut rng)).collect()).collect();
        let limits = if round % 2 == 0 { Limits::TINY } else { Limits::DEFAULT };
        found += with_limits(limits, || check(&Pattern::new(clauses), &spaces)).min(1);
    }
    assert!(found > 50, "{found}");
}

/// At a seam, a factor moves on while the next one stays at its root. If a location that it moves
/// to is no tip, the next factor is left.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "marks are counted in builds with debug assertions")]
fn factors_step_above_seams() {
    let map = |paths: &[&str]| -> PathMap<()> { paths.iter().map(|path| (path, ())).collect() };
    let tails: Vec<String> = (b'a'..=b'z').map(|byte| char::from(byte).to_string()).collect();
    let tails: Vec<&str> = tails.iter().map(String::as_str).collect();
    let empty = map(&[]);
    let firsts = [map(&["ab", "ac", "ad", "ade", "ae", "af", "b", "bcd", "xy", "xz"]), map(&tails)];
    let others = [map(&["1", "23", "24"]), map(&tails), empty];
    let before = Mark::SteppedAboveSeam.count();
    for (first, second, third) in firsts
        .iter()
        .flat_map(|first| others.iter().map(move |other| (first, other)))
        .flat_map(|(first, second)| others.iter().map(move |third| (first, second, third)))
    {
        let rest = || [second.read_zipper(), third.read_zipper()];
        for (path, k) in ["", "a", "ab", "x", "ab2"].iter().flat_map(|path| (1..5).map(move |k| (path, k))) {
            let mut native = ProductZipper::new(first.read_zipper(), rest());
            let mut generic = ProductZipperG::new(first.read_zipper(), rest());
            native.descend_to(path);
            generic.descend_to(path);
            let mut more = native.descend_first_k_path(k);
            assert_eq!(more, generic.descend_first_k_path(k));
            loop {
                assert_eq!((native.path(), native.child_mask()), (generic.path(), generic.child_mask()));
                assert_eq!(
                    (native.is_val(), native.path_exists()),
                    (generic.is_val(), generic.path_exists())
                );
                assert_eq!(native.path_indices(), generic.path_indices());
                let (mut up, mut generic_up) = (native.clone(), generic.clone());
                while up.ascend_byte() & generic_up.ascend_byte() {
                    assert_eq!((up.path(), up.child_mask()), (generic_up.path(), generic_up.child_mask()));
                }
                if !more {
                    break;
                }
                more = native.to_next_k_path(k);
                assert_eq!(more, generic.to_next_k_path(k));
            }
        }
    }
    assert!(Mark::SteppedAboveSeam.count() > before + 100);
}
