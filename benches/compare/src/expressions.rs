//! Boolean expressions over ten maps: one walk against nested calls on two maps each. A third of
//! the keys of each map is in all maps, and the others are in this map only.

use std::hint::black_box;
use std::time::Instant;

use bytetrie::algebra::Expression;

use crate::args::Args;
use crate::keys::{self, KeySet};
use crate::peer::Form;

/// The number of maps.
const MAPS: usize = 10;

/// A function of all maps.
#[derive(Clone, Copy, Debug)]
enum Task {
    Join,
    Meet,
    /// The first map without all others.
    Subtract,
    /// The paths that at least this number of maps have.
    AtLeast(usize),
    /// `(a|b|c|d)&(e|f|g|h)-(i|j)`, with `-` applied first.
    Mixed,
}

const TASKS: [(&str, Task); 6] = [
    ("join of 10", Task::Join),
    ("meet of 10", Task::Meet),
    ("1 without 9 others", Task::Subtract),
    ("at least 3 of 10", Task::AtLeast(3)),
    ("majority of 10", Task::AtLeast(MAPS / 2 + 1)),
    (r"(a\|b\|c\|d)&(e\|f\|g\|h)-(i\|j)", Task::Mixed),
];

/// The times of one task in milliseconds, one sample for each round.
pub(crate) struct Evaluated {
    /// The title.
    pub(crate) title: &'static str,
    /// The number of keys of the result.
    pub(crate) keys: usize,
    /// The samples of one walk.
    pub(crate) walk: Vec<f64>,
    /// The samples of our nested calls.
    pub(crate) nested: Vec<f64>,
    /// The samples of the nested calls of `pathmap`.
    pub(crate) theirs: Vec<f64>,
}

macro_rules! nested_of {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::*;
            use $krate::PathMap;
            use $krate::zipper::*;

            pub(super) type Maps = Vec<PathMap<u64>>;

            pub(super) fn maps(set: &KeySet) -> Maps {
                let mut maps: Maps = (0..MAPS).map(|_| PathMap::new()).collect();
                for (i, key) in set.lists(Form::Plain).insert.iter().enumerate() {
                    let into = match i % (2 * MAPS + 1) {
                        0 => &mut maps[..],
                        part => &mut maps[(part - 1) / 2..][..1],
                    };
                    for map in into {
                        map.set_val_at(key, 0);
                    }
                }
                maps
            }

            /// Runs a task by calls on two maps each.
            pub(super) fn nested(maps: &[PathMap<u64>], task: Task) -> PathMap<u64> {
                let all = |part: &[PathMap<u64>], call: fn(&PathMap<u64>, &PathMap<u64>) -> PathMap<u64>| {
                    part[1..].iter().fold(part[0].clone(), |result, map| call(&result, map))
                };
                let join = |part: &[PathMap<u64>]| all(part, |x, y| x.join(y));
                match task {
                    Task::Join => join(maps),
                    Task::Meet => all(maps, |x, y| x.meet(y)),
                    Task::Subtract => all(maps, |x, y| x.subtract(y)),
                    Task::AtLeast(count) => {
                        // The paths that at least 1, 2, ... of the maps so far have.
                        let mut counted: Maps = (0..count).map(|_| PathMap::new()).collect();
                        for map in maps {
                            for i in (1..count).rev() {
                                counted[i] = counted[i].join(&counted[i - 1].meet(map));
                            }
                            counted[0] = counted[0].join(map);
                        }
                        counted.pop().unwrap_or_default()
                    }
                    Task::Mixed => join(&maps[..4]).meet(&join(&maps[4..8]).subtract(&join(&maps[8..]))),
                }
            }

            /// Returns the number of paths with a value, and a hash of the paths in their order.
            pub(super) fn digest(map: &PathMap<u64>) -> (usize, u64) {
                let (mut count, mut digest) = (0, 0xcbf2_9ce4_8422_2325u64);
                let mut zipper = map.read_zipper();
                while zipper.to_next_val() {
                    count += 1;
                    for &byte in zipper.path().iter().chain(&[0]) {
                        digest = (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
                    }
                }
                (count, digest)
            }
        }
    };
}

nested_of!(ours, bytetrie);
nested_of!(theirs, pathmap);

fn expression(task: Task) -> Expression<u64> {
    let all = Expression::operands::<MAPS>();
    let fold = |call: fn(Expression<u64>, Expression<u64>) -> Expression<u64>| {
        all.clone().into_iter().reduce(call).unwrap_or_else(Expression::empty)
    };
    match task {
        Task::Join => fold(|x, y| x | y),
        Task::Meet => fold(|x, y| x & y),
        Task::Subtract => fold(|x, y| x - y),
        Task::AtLeast(count) => Expression::at_least(count, all),
        Task::Mixed => {
            let [a, b, c, d, e, f, g, h, i, j] = all;
            (a | b | c | d) & ((e | f | g | h) - (i | j))
        }
    }
}

/// Measures the tasks on words and on random numbers. The ways take turns.
pub(crate) fn measure(args: &Args) -> Vec<(KeySet, Vec<Evaluated>)> {
    let sets = keys::key_sets(args).filter(|set| ["words", "random u64"].contains(&set.name));
    sets.map(|set| {
        let evaluated = tasks(&set, args);
        (set, evaluated)
    })
    .collect()
}

fn tasks(set: &KeySet, args: &Args) -> Vec<Evaluated> {
    let (maps, their_maps) = (ours::maps(set), args.wants_peer("pathmap").then(|| theirs::maps(set)));
    let task = |&(title, task): &(&'static str, Task)| {
        let expression = expression(task);
        let walk = || bytetrie::PathMap::evaluate(&expression, &maps);
        let expected = ours::digest(&walk());
        assert_eq!(ours::digest(&ours::nested(&maps, task)), expected, "{title}: ours");
        if let Some(maps) = &their_maps {
            assert_eq!(theirs::digest(&theirs::nested(maps, task)), expected, "{title}: pathmap");
        }
        let mut evaluated =
            Evaluated { title, keys: expected.0, walk: vec![], nested: vec![], theirs: vec![] };
        for _ in 0..args.rounds {
            evaluated.walk.push(time(walk));
            evaluated.nested.push(time(|| ours::nested(&maps, task)));
            evaluated.theirs.extend(their_maps.as_ref().map(|maps| time(|| theirs::nested(maps, task))));
        }
        evaluated
    };
    TASKS.iter().map(task).collect()
}

/// Returns the time that making a result takes, in milliseconds.
fn time<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    let result = black_box(work());
    let time = start.elapsed().as_secs_f64() * 1e3;
    drop(result);
    time
}
