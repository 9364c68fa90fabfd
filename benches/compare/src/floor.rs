//! What the measurement itself costs: the same loops over the same keys, without a map.
//!
//! Each answer is prepared, and read in the order in which it is needed. A look-up only reads the
//! key, iteration only keeps the path, and a walk only keeps the path and reads the next mask. No
//! map that does what is measured can take less time, so the part of a peer's time that is above
//! the floor is its own.

use std::hint::black_box;

use bytetrie::bytes::common_prefix;

use crate::args::Args;
use crate::keys::KeySet;
use crate::measure::{Op, Samples, time};
use crate::peer::Form;
use crate::peers::tries::pop_first_bit;

/// The name by which the floor is selected, as if it were a peer.
pub(crate) const NAME: &str = "floor";

/// Runs one turn, and adds it to `samples`. Without samples, starts them.
pub(crate) fn run(set: &KeySet, args: &Args, samples: Option<&mut Samples>) -> Option<Samples> {
    if !args.peers.iter().any(|peer| peer == NAME) {
        return None;
    }
    match samples {
        Some(samples) => {
            round(set, args, samples);
            None
        }
        None => {
            let mut samples = Samples::new(NAME);
            round(set, args, &mut samples);
            Some(samples)
        }
    }
}

fn round(set: &KeySet, args: &Args, samples: &mut Samples) {
    let lists = set.lists(Form::Plain);
    let n = lists.insert.len();
    for (op, keys) in [(Op::Get, &lists.get), (Op::Missing, &lists.missing)] {
        if args.wants_op(op) {
            let (ns, _) = time(keys.len(), || keys.iter().filter(|key| read(black_box(key))).count());
            samples.add(op, ns);
        }
    }
    let mut sorted: Vec<&[u8]> = lists.insert.iter().collect();
    sorted.sort_unstable();
    if args.wants_op(Op::Iterate) {
        let steps = steps(&sorted);
        let (ns, visited) = time(n, || iterate(black_box(&steps)));
        assert_eq!(visited, n, "every key is visited");
        samples.add(Op::Iterate, ns);
    }
    if args.wants_op(Op::Walk) {
        let masks = masks(&sorted);
        let (ns, locations) = time(n, || walk(black_box(&masks)));
        assert_eq!(locations, masks.len(), "every location is visited");
        samples.add(Op::Walk, ns);
    }
}

/// Reads each byte of a key, eight at a time.
fn read(key: &[u8]) -> bool {
    let (words, rest) = key.as_chunks::<8>();
    let words = words.iter().fold(0, |all, word| all ^ u64::from_le_bytes(*word));
    black_box(rest.iter().fold(words, |all, byte| all ^ u64::from(*byte))) == 0
}

/// For each key the number of bytes that it shares with the one before, and the others.
fn steps(sorted: &[&[u8]]) -> Vec<(usize, Vec<u8>)> {
    let mut last: &[u8] = &[];
    let mut steps = Vec::with_capacity(sorted.len());
    for key in sorted {
        let shared = common_prefix(last, key);
        steps.push((shared, key[shared..].to_vec()));
        last = key;
    }
    steps
}

fn iterate(steps: &[(usize, Vec<u8>)]) -> usize {
    let mut path = Vec::new();
    for (shared, rest) in steps {
        path.truncate(*shared);
        path.extend_from_slice(rest);
        black_box(&path[..]);
    }
    steps.len()
}

/// The child masks of all locations, depth first.
fn masks(sorted: &[&[u8]]) -> Vec<[u64; 4]> {
    let mut masks = vec![[0; 4]];
    // The places in `masks` of the locations from the root to the last key.
    let mut way = vec![0];
    let mut last: &[u8] = &[];
    for key in sorted {
        way.truncate(common_prefix(last, key) + 1);
        for &byte in &key[way.len() - 1..] {
            let above = *way.last().expect("the root");
            masks[above][byte as usize / 64] |= 1 << (byte % 64);
            way.push(masks.len());
            masks.push([0; 4]);
        }
        last = key;
    }
    masks
}

/// The loop of the peers' walks.
fn walk(masks: &[[u64; 4]]) -> usize {
    let mut path = Vec::new();
    let mut next = masks.iter();
    let mut locations = 1;
    let mut rest: Vec<[u64; 4]> = vec![*next.next().expect("the root")];
    while let Some(mask) = rest.last_mut() {
        if let Some(byte) = pop_first_bit(mask) {
            path.push(byte);
            locations += 1;
            rest.push(*next.next().expect("a mask for each location"));
        } else {
            path.pop();
            rest.pop();
        }
    }
    black_box(&path[..]);
    locations
}
