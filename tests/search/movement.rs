//! The movement suite on zippers of automata.

use std::collections::HashMap;

use bytetrie::PathMap;
use bytetrie::search::{AlwaysMatch, Automaton, AutomatonZipper};
use bytetrie::zipper::*;

use crate::movement_suite;
use crate::movement_suite::{BothWays, KPaths, OneCase, Reserved, Scene, Walk};

/// An automaton that matches the paths of a map, and may match at the map's locations.
struct OfMap {
    /// The location below, by location and byte.
    steps: HashMap<(usize, u8), usize>,
    valued: Vec<bool>,
}

impl OfMap {
    fn new(map: &PathMap<u64>, root: &[u8]) -> Self {
        let mut automaton = Self { steps: HashMap::new(), valued: Vec::new() };
        let mut zipper = map.read_zipper_at_path(root);
        let mut way: Vec<usize> = Vec::new();
        loop {
            way.truncate(zipper.path().len());
            let here = automaton.valued.len();
            if let (Some(&above), Some(&byte)) = (way.last(), zipper.path().last()) {
                automaton.steps.insert((above, byte), here);
            }
            automaton.valued.push(zipper.is_val());
            way.push(here);
            if !zipper.to_next_step() {
                break;
            }
        }
        if !map.path_exists_at(root) {
            // Nothing exists, not even the root.
            automaton.valued.clear();
        }
        automaton
    }
}

impl Automaton for OfMap {
    type State = Option<usize>;

    fn start(&self) -> Option<usize> {
        (!self.valued.is_empty()).then_some(0)
    }

    fn is_match(&self, at: &Option<usize>) -> bool {
        at.is_some_and(|at| self.valued[at])
    }

    fn can_match(&self, at: &Option<usize>) -> bool {
        at.is_some()
    }

    fn accept(&self, at: &Option<usize>, byte: u8) -> Option<usize> {
        self.steps.get(&((*at)?, byte)).copied()
    }
}

/// Creates the map with many other paths around and between its own.
fn noisy(map: &PathMap<u64>) -> PathMap<u64> {
    let mut noisy = map.clone();
    let mut locations = Vec::new();
    let mut zipper = map.read_zipper();
    while zipper.to_next_step() {
        locations.push(zipper.path().to_vec());
    }
    for (i, path) in locations.iter().enumerate().step_by(locations.len() / 50 + 1) {
        if noisy.get(path).is_none() {
            noisy.insert(path, 900);
        }
        for byte in [b'a', b'm', i as u8, 255] {
            let beside = [path.as_slice(), &[byte, b'x']].concat();
            if !map.path_exists_at(&beside) {
                noisy.insert(&beside, 901);
            }
        }
    }
    noisy
}

movement_suite!(fork_of_what_a_map_has, |map, root, walk| {
    let (larger, above) = (noisy(&map), root.len() / 2);
    let mut zipper =
        AutomatonZipper::new(larger.read_zipper_at_path(&root[..above]), OfMap::new(&map, &root[..above]));
    zipper.descend_to(&root[above..]);
    walk.walk(zipper.fork_read_zipper());
});
movement_suite!(twice_through_automata, |map, root, walk| {
    let larger = noisy(&map);
    let once = AutomatonZipper::new(larger.read_zipper_at_path(root), AlwaysMatch);
    walk.walk(AutomatonZipper::new(once, &OfMap::new(&map, root)));
});
