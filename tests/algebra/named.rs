//! Named cases of the algebra that were once wrong, here or in other libraries; all pairs of kinds
//! of node; operands that share nodes.

use bytetrie::algebra::Sum;
use bytetrie::testing::naive::NaiveZipper;
use bytetrie::testing::ops::{
    Algebra, Operand, ProgramValue, Source, Twin, Via, every_call, every_operation, every_verb,
};
use bytetrie::zipper::*;
use bytetrie::{
    AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, DistributiveLattice, Lattice, PathMap, SELF_IDENT, diff,
};

use crate::keys::keys;
use crate::limits::under_both_limits;
use crate::nodes::nodes;

/// Creates a map and its model, with values at some paths and dangling paths at others. Three
/// distinct values show which side was kept.
fn twin<P: AsRef<[u8]>>(valued: impl IntoIterator<Item = (P, u64)>, bare: &[&str]) -> Twin<u64> {
    let mut twin = Twin::default();
    for (path, value) in valued {
        twin.real.insert(&path, value);
        twin.model.set(path.as_ref(), value);
    }
    for path in bare {
        twin.real.create_path(path);
        twin.model.create_path(path.as_bytes());
    }
    twin.check();
    twin
}

/// Returns a map of equal content that shares no nodes.
fn stranger<V: ProgramValue>(of: &Twin<V>) -> Twin<V> {
    let mut real = PathMap::new();
    for (path, value) in of.model.locations().rev() {
        real.create_path(path);
        if let Some(value) = value {
            real.insert(path, value.clone());
        }
    }
    Twin { real, model: of.model.clone() }
}

fn both_ways<V: ProgramValue>(a: &Twin<V>, b: &Twin<V>) {
    every_operation(a, b);
    every_operation(b, a);
}

fn source(path: &str) -> Source {
    Source { slot: 0, root: path.into(), below: Vec::new() }
}

fn operand(path: &str, via: Via) -> Operand {
    Operand { source: source(path), via }
}

const VIA: [Via; 4] = [Via::Reader, Via::Place, Via::Owned, Via::Writer];

/// Makes the call at a path of a copy of the target, compares the result with the model, and
/// returns it.
fn at<V: ProgramValue>(target: &Twin<V>, path: &str, call: &Algebra, from: &Twin<V>) -> Twin<V> {
    let Twin { mut real, mut model } = target.clone();
    let mut sources = [from.clone()];
    let mut zipper = real.write_zipper_at_path(path.as_bytes());
    call.run(&mut zipper, &mut NaiveZipper::new(&mut model, path.as_bytes()), &mut sources);
    drop(zipper);
    sources.iter().for_each(Twin::check);
    target.check();
    let twin = Twin { real, model };
    twin.check();
    twin.check_rebuilt();
    twin
}

/// Returns the values of a map by their paths, for readable comparisons.
fn content<V: Clone>(map: &PathMap<V>) -> Vec<(String, V)> {
    map.iter().map(|(path, value)| (String::from_utf8_lossy(&path).into_owned(), value.clone())).collect()
}

fn pairs(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|&(path, value)| (path.to_string(), value)).collect()
}

// Named cases.

#[test]
fn joining_into_an_empty_target() {
    under_both_limits(|| {
        let full = twin([("", 1), ("ab", 2), ("abc", 3), ("b", 1)], &["x"]);
        let empty = twin([("", 0); 0], &[]);
        both_ways(&full, &empty);
        let mut map = PathMap::new();
        assert_eq!(map.join_into(full.real.clone()), AlgebraicStatus::Element);
        assert_eq!(map, full.real);
        assert_eq!(map.join_into(PathMap::new()), AlgebraicStatus::Identity);
        assert_eq!(PathMap::<u64>::new().join_into(PathMap::new()), AlgebraicStatus::None);
        // At an absent place, at a bare one, and at one within an edge.
        let target = twin([("abcdef", 3)], &["bare"]);
        for path in ["new", "bare", "abc", "bar"] {
            let joined = at(&target, path, &Algebra::JoinInto(operand("", Via::Reader)), &full);
            assert_eq!(joined.real.get([path, "abc"].concat()), Some(&3));
            // A bare subtrie creates the location, an absent one does not.
            let bare = at(&target, path, &Algebra::JoinInto(operand("", Via::Reader)), &empty);
            assert!(bare.real.path_exists_at(path));
            let absent = at(&target, path, &Algebra::JoinInto(operand("q", Via::Reader)), &empty);
            assert_eq!(absent.real.path_exists_at(path), target.real.path_exists_at(path));
        }
    });
}

#[test]
fn joining_a_source_rooted_in_the_middle_of_an_edge() {
    under_both_limits(|| {
        let from = twin([("abcdefgh", 1), ("abcdefxy", 2), ("abcd", 3)], &["abcdefxyz"]);
        let target = twin([("efgh", 2), ("to/efgh", 3), ("to/e", 1), ("ef", 2)], &[]);
        for len in 0..=9 {
            for path in ["", "to/", "t", "to/efg", "none"] {
                for via in VIA {
                    let operand = operand(&"abcdefxyz"[..len], via);
                    at(&target, path, &Algebra::JoinInto(operand.clone()), &from);
                    at(&target, path, &Algebra::MeetInto { operand: operand.clone(), prune: false }, &from);
                    at(
                        &target,
                        path,
                        &Algebra::SubtractInto { operand: operand.clone(), prune: true },
                        &from,
                    );
                    at(&target, path, &Algebra::Restrict(operand.clone()), &from);
                    at(&target, path, &Algebra::Restricting(operand), &from);
                }
                for prune in [false, true] {
                    let source = source(&"abcdefxyz"[..len]);
                    at(&target, path, &Algebra::JoinIntoTake { source, prune }, &from);
                }
            }
        }
        let joined = at(&target, "to/", &Algebra::JoinInto(operand("abcd", Via::Reader)), &from);
        let expected = [("ef", 2), ("efgh", 2), ("to/", 3), ("to/e", 1), ("to/efgh", 3), ("to/efxy", 2)];
        assert_eq!(content(&joined.real), pairs(&expected));
    });
}

#[test]
fn a_clone_plus_one_value_joined_with_its_origin() {
    under_both_limits(|| {
        for keys in [keys(), kinds().swap_remove(5).1] {
            let origin = twin(keys.iter().map(|key| (key, 1)), &[]);
            for new in ["", "a", "common/prefix/00", "w\u{5}", "zz"].map(str::as_bytes) {
                let mut clone = origin.clone();
                clone.real.insert(new, 2);
                let replaced = clone.model.set(new, 2).is_some();
                both_ways(&origin, &clone);
                let mut grown = origin.real.clone();
                let status = grown.join_into(clone.real.clone());
                let expected = if replaced { AlgebraicStatus::Identity } else { AlgebraicStatus::Element };
                assert_eq!(status, expected, "{new:?}");
                let mut same = clone.real.clone();
                assert_eq!(same.join_into(origin.real.clone()), AlgebraicStatus::Identity, "{new:?}");
                assert_eq!(same, clone.real);
            }
        }
    });
}

#[test]
fn a_value_that_the_other_side_only_passes_through_on_a_wide_node_under_subtract() {
    under_both_limits(|| {
        let wide = |own: &[(&str, u64)]| {
            let filling = (128..=220u8).map(|byte| (vec![byte], 1));
            twin(filling.chain(own.iter().map(|&(path, value)| (path.into(), value))), &[])
        };
        let a = wide(&[("m", 1), ("mn", 2), ("n", 3), ("o/tail", 2)]);
        let b = wide(&[("mxyz", 1), ("nop", 2), ("nq", 2), ("o/tail/deeper", 3), ("o/", 1)]);
        both_ways(&a, &b);
        let less = a.real.subtract(&b.real);
        assert_eq!(content(&less), pairs(&[("m", 1), ("mn", 2), ("n", 3), ("o/tail", 2)]));
    });
}

#[test]
fn restricting_a_map_by_itself_where_a_value_also_branches() {
    under_both_limits(|| {
        let a = twin([("a", 1), ("ab", 2), ("ac", 3), ("acd", 1), ("b/x", 2), ("b/y", 3)], &["ae", "c"]);
        both_ways(&a, &a.clone());
        both_ways(&a, &stranger(&a));
        let kept = a.real.restrict(&a.real);
        assert!(kept.iter().eq(a.real.iter()));
        assert_eq!((kept.path_exists_at("ae"), kept.path_exists_at("c")), (true, false));
        let with_root = twin([("", 1), ("a", 2)], &["b"]);
        let mut same = with_root.real.clone();
        assert_eq!(same.restrict_into(&with_root.real), AlgebraicStatus::Identity);
        assert_eq!(same, with_root.real);
    });
}

#[test]
fn grafting_at_the_middle_of_an_edge_then_setting_a_value_there() {
    under_both_limits(|| {
        let target = twin([("abcdefgh", 1), ("abcx", 2)], &[]);
        let from = twin([("pq", 2), ("pqrs", 3), ("pqt", 1)], &[]);
        for (to, part) in [("abcd", "p"), ("abcdefgh", "pq"), ("abc", "pqr"), ("ab", ""), ("abcde", "none")] {
            let Twin { mut real, mut model } = target.clone();
            let mut writer = real.write_zipper_at_path(to.as_bytes());
            let mut naive = NaiveZipper::new(&mut model, to.as_bytes());
            writer.graft(&from.real.read_zipper_at_path(part));
            naive.graft(from.model.subtrie_at(part.as_bytes()));
            assert_eq!(writer.set_val(3), naive.set_val(3));
            writer.descend_to("rs");
            naive.descend_to(b"rs");
            assert_eq!(writer.set_val(1), naive.set_val(1));
            drop(writer);
            let result = Twin { real, model };
            result.check();
            both_ways(&result, &from);
            both_ways(&result, &target);
            from.check();
            target.check();
        }
    });
}

#[test]
fn grafting_a_map_with_a_root_value() {
    under_both_limits(|| {
        let rooted = twin([("", 3), ("x", 1)], &[]);
        let target = twin([("", 1), ("a", 2), ("abc", 1)], &[]);
        for path in ["", "a", "ab", "abc", "new"] {
            let mut map = target.real.clone();
            let mut model = target.model.clone();
            map.write_zipper_at_path(path.as_bytes()).graft_map(rooted.real.clone());
            NaiveZipper::new(&mut model, path.as_bytes()).graft_map(rooted.model.clone());
            let grafted = Twin { real: map, model };
            grafted.check();
            assert_eq!(grafted.real.get(path), Some(&3));
            // A join keeps the value that was there.
            let joined = at(&target, path, &Algebra::JoinMapInto { slot: 0 }, &rooted);
            assert_eq!(joined.real.get(path), Some(target.real.get(path).unwrap_or(&3)));
            both_ways(&grafted, &joined);
        }
    });
}

#[test]
fn two_bare_paths_at_the_same_byte_of_two_wide_nodes() {
    under_both_limits(|| {
        let wide = |step: usize, bare: &[&str]| {
            twin((128..=255u8).step_by(step).map(|byte| ([byte], u64::from(byte % 3) + 1)), bare)
        };
        let (a, b) = (wide(1, &["q", "r", "st"]), wide(2, &["q", "rs", "s"]));
        both_ways(&a, &b);
        both_ways(&a, &a.clone());
        both_ways(&a, &stranger(&a));
        let exists = |map: &PathMap<u64>| ["q", "r", "rs", "s", "st"].map(|path| map.path_exists_at(path));
        assert_eq!(exists(&a.real.join(&b.real)), [true; 5]);
        assert_eq!(exists(&a.real.meet(&b.real)), [true, false, false, false, false]);
        assert_eq!(exists(&a.real.subtract(&b.real)), [false, false, false, true, true]);
    });
}

#[test]
fn a_k_path_collapse_that_lands_two_values_on_one_key() {
    under_both_limits(|| {
        let entries =
            [("f", 2), ("fa1x", 1), ("fb1x", 2), ("fb1y", 3), ("fc", 3), ("fb", 1), ("fc2", 1), ("g", 1)];
        let plain = twin(entries, &["fa1z", "fd1x", "fe"]);
        let mut counting = Twin::default();
        for (path, value) in entries {
            counting.real.insert(path, Sum(value));
            counting.model.set(path.as_bytes(), Sum(value));
        }
        let none = twin([("", 0); 0], &[]);
        for k in [0, 1, 2, 3, 4, 9, usize::MAX] {
            for prune in [false, true] {
                for path in ["f", "", "fa", "fb1", "none"] {
                    for call in [Algebra::JoinKPathInto { k, prune }, Algebra::MeetKPathInto { k, prune }] {
                        at(&plain, path, &call, &none);
                        at(&counting, path, &call, &Twin::default());
                    }
                }
            }
        }
        let mut map = plain.real.clone();
        assert!(map.write_zipper_at_path(b"f").join_k_path_into(1, false));
        // The first value in path order is kept, and the value at the focus comes before all
        // others.
        let expected = [("f", 2), ("f1x", 1), ("f1y", 3), ("f2", 1), ("g", 1)];
        assert_eq!(content(&map), pairs(&expected));
        let mut map = counting.real.clone();
        assert!(map.write_zipper_at_path(b"f").join_k_path_into(1, false));
        assert_eq!((map.get("f"), map.get("f1x")), (Some(&Sum(6)), Some(&Sum(3))));
        let mut map = twin([("a1x", 1), ("b1x", 2), ("b1y", 3)], &[]).real;
        assert!(map.write_zipper().meet_k_path_into(1, false));
        assert_eq!(content(&map), pairs(&[("1x", 1)]));
    });
}

#[test]
fn meet_of_a_map_with_itself_against_meet_with_an_equal_stranger() {
    under_both_limits(|| {
        let a = twin(keys().into_iter().zip((1..=3).cycle()), &["dangling", "common/x"]);
        let equal = stranger(&a);
        assert!(a.real == equal.real);
        for b in [&a, &equal] {
            both_ways(&a, b);
            assert_eq!(a.real.pmeet(&b.real), AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT));
            assert_eq!(a.real.pjoin(&b.real), AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT));
            assert_eq!(a.real.psubtract(&b.real), AlgebraicResult::None);
            assert!(diff(&a.real, &b.real).next().is_none());
            let mut met = a.real.clone();
            assert_eq!(met.meet_into(&b.real), AlgebraicStatus::Identity);
            assert_eq!(met, a.real);
        }
        // One value differs. The left value is kept, so the meet is identical with the left map,
        // and not with the right.
        let mut other = stranger(&a);
        *other.real.get_mut("ab").unwrap() += 1;
        *other.model.get_mut(b"ab").unwrap() += 1;
        both_ways(&a, &other);
        assert_eq!(a.real.pmeet(&other.real), AlgebraicResult::Identity(SELF_IDENT));
        assert_eq!(content(&a.real.subtract(&other.real)), [("ab".to_string(), a.real["ab"])]);
    });
}

/// All combinations of content at a path and at a path below it.
#[test]
fn dangling_paths_on_both_sides() {
    let states: [fn(&mut Twin<u64>, u64); 7] = [
        |_, _| (),
        |t, _| put(t, "p", None),
        |t, v| put(t, "p", Some(v)),
        |t, v| put(t, "pq", Some(v)),
        |t, _| put(t, "pq", None),
        |t, v| [("p", Some(v)), ("pq", None)].into_iter().for_each(|(path, value)| put(t, path, value)),
        |t, v| [("pq", Some(v)), ("pr", None)].into_iter().for_each(|(path, value)| put(t, path, value)),
    ];
    under_both_limits(|| {
        let wide = (128..=200u8).step_by(2).map(|byte| (vec![byte], 1));
        for around in [vec![], vec![(b"o".to_vec(), 1)], wide.collect()] {
            for left in states {
                for right in states {
                    let (mut a, mut b) = (twin(around.clone(), &[]), twin(around.clone(), &[]));
                    left(&mut a, 2);
                    right(&mut b, 3);
                    every_operation(&a, &b);
                }
            }
        }
    });
}

fn put(twin: &mut Twin<u64>, path: &str, value: Option<u64>) {
    twin.real.create_path(path);
    twin.model.create_path(path.as_bytes());
    if let Some(value) = value {
        twin.real.insert(path, value);
        twin.model.set(path.as_bytes(), value);
    }
}

/// Two writers of one head, so that subtries are moved between the halves of the map.
#[test]
fn one_writer_takes_what_another_writer_of_its_head_has() {
    under_both_limits(|| {
        for prune in [false, true] {
            let mut map = twin([("a/x", 1), ("a/y", 2), ("b/x", 2), ("b/z", 3), ("b", 1)], &["a/d"]);
            let head = map.real.zipper_head();
            let mut to = head.write_zipper_at_exclusive_path("a/").unwrap();
            let mut from = head.write_zipper_at_exclusive_path("b/").unwrap();
            assert_eq!(to.join_into_take(&mut from, prune), AlgebraicStatus::Element);
            assert_eq!((from.child_count(), to.val_count()), (0, 3));
            assert_eq!(from.join_into_take(&mut to, prune), AlgebraicStatus::Element);
            assert_eq!((from.val_count(), to.child_count()), (3, 0));
            drop((to, from));
            drop(head);
            map.real.check().unwrap();
            let expected = [("b", 1), ("b/x", 1), ("b/y", 2), ("b/z", 3)];
            assert_eq!(content(&map.real), pairs(&expected));
            assert!(map.real.path_exists_at("b/d"));
        }
    });
}

// Pairs of kinds.

/// One set of paths for each kind of node, under the default limits.
fn kinds() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let text = |paths: &[&str]| paths.iter().map(|path| Vec::from(*path)).collect::<Vec<_>>();
    let byte = |i: u8| i * 4 + 1;
    vec![
        ("empty", vec![]),
        ("root value", text(&[""])),
        ("list", text(&["abc", "abd", "b", "m\u{1}xyz", "zz"])),
        ("dense list", (0..20u8).map(|i| vec![byte(i)]).collect()),
        (
            "wide with tails",
            (0..60u8).map(|i| [&[byte(i)], &b"tail"[..usize::from(i % 5)]].concat()).collect(),
        ),
        ("wide without tails", (0..=255u8).map(|i| vec![i]).collect()),
        (
            "wide of children",
            (0..40u8).flat_map(|i| b"ab".map(|end| [&[byte(i)], &b"no tail"[..], &[end]].concat())).collect(),
        ),
        (
            "list under wide",
            (0..50u8).map(|i| vec![byte(i)]).chain((0..5u8).map(|i| vec![byte(7), b'x', i, i])).collect(),
        ),
        (
            "long suffix chain",
            vec![[byte(3); 2_020].to_vec(), vec![byte(3)], [[byte(3); 2_010].as_slice(), b"!"].concat()],
        ),
    ]
}

/// Every ordered pair of kinds, with equal and with different values. If both are of one kind,
/// also with an edited clone of the left map.
#[test]
fn every_pair_of_kinds_of_node() {
    under_both_limits(|| {
        let valued = |keys: &[Vec<u8>], shift: u64| {
            let numbered = keys.iter().cloned().zip(0u64..);
            twin(numbered.map(|(key, i)| (key, (i % 3 + shift * (i % 2)) % 3 + 1)), &[])
        };
        for (left, left_keys) in kinds() {
            for (right, right_keys) in kinds() {
                eprintln!("{left} and {right}");
                let (a, mut b) = (valued(&left_keys, 0), valued(&right_keys, 1));
                every_verb(&a, &b);
                every_call(&a, &b, "", "");
                // The model is slow on long paths.
                if !left.starts_with("long") && !right.starts_with("long") {
                    every_call(&a, &b, "belt", "below");
                }
                if left == right {
                    b = a.clone();
                    for key in left_keys.iter().step_by(7) {
                        assert_eq!(b.real.remove(key), b.model.remove(key, true));
                    }
                    every_verb(&a, &b);
                    every_call(&b, &a, "", "");
                }
            }
        }
    });
}

// Sharing.

#[track_caller]
fn is_node_of<V>(result: &PathMap<V>, operand: &PathMap<V>) {
    assert_eq!(nodes(result), nodes(operand), "the result is the operand's node");
}

fn big() -> Twin<u64> {
    let keys = (0..200u64).map(|i| [&[(i % 50) as u8 * 5][..], b"/", &i.to_be_bytes()].concat());
    twin(keys.zip((1..=3).cycle()), &[])
}

#[test]
fn a_result_that_equals_an_operand_is_its_node() {
    under_both_limits(|| {
        let a = big().real;
        let equal = stranger(&big()).real;
        let mut more = equal.clone();
        more.insert("more", 1);
        let none = PathMap::new();
        for (result, operand) in [
            (a.join(&none), &a),
            (none.join(&a), &a),
            (a.join(&a), &a),
            (a.join(&equal), &a),
            (equal.join(&a), &equal),
            (a.join(&more), &more),
            (more.join(&a), &more),
            (a.meet(&a), &a),
            (a.meet(&equal), &a),
            (a.meet(&more), &a),
            (more.meet(&a), &a),
            (a.subtract(&none), &a),
            (a.subtract(&PathMap::single("more", 1)), &a),
            (more.subtract(&PathMap::single("other", 1)), &more),
            (a.restrict(&PathMap::single("", 1)), &a),
            (a.symmetric_difference(&none), &a),
            (none.symmetric_difference(&a), &a),
            (PathMap::join_all([&a, &equal, &none]), &a),
            (PathMap::join_all([&none, &a, &more]), &more),
        ] {
            is_node_of(&result, operand);
        }
        // Also in place, with a result that is identical with this map or with the other.
        let mut target = a.clone();
        assert_eq!(target.join_into(equal.clone()), AlgebraicStatus::Identity);
        is_node_of(&target, &a);
        assert_eq!(target.meet_into(&more), AlgebraicStatus::Identity);
        is_node_of(&target, &a);
        assert_eq!(target.subtract_into(&none), AlgebraicStatus::Identity);
        is_node_of(&target, &a);
        assert_eq!(target.restrict_into(&PathMap::single("", 1)), AlgebraicStatus::Identity);
        is_node_of(&target, &a);
        assert_eq!(target.join_into(more.clone()), AlgebraicStatus::Element);
        is_node_of(&target, &more);
        let mut target = a.clone();
        let mut writer = target.write_zipper();
        assert_eq!(writer.join_into(&equal.read_zipper()), AlgebraicStatus::Identity);
        assert_eq!(writer.meet_into(&more.read_zipper(), true), AlgebraicStatus::Identity);
        assert_eq!(writer.subtract_into(&none.read_zipper(), true), AlgebraicStatus::Identity);
        drop(writer);
        is_node_of(&target, &a);
    });
}

/// Subtries that were not edited are skipped, so they are still shared.
#[test]
fn a_clone_plus_one_value_shares_the_rest_with_what_is_made_of_both() {
    under_both_limits(|| {
        let origin = big().real;
        for new in [&[35, b'/', 9][..], &[36], &[35, b'/', 0, 0, 0, 0, 0, 0, 0, 7, 1]] {
            let mut clone = origin.clone();
            clone.insert(new, 2);
            let beside = |map: &PathMap<u64>| {
                let mut all = nodes(map);
                all.retain(|path, _| path.first() != new.first() && !path.is_empty());
                all
            };
            assert!(beside(&origin).len() > 30, "{}", beside(&origin).len());
            assert_eq!(beside(&clone), beside(&origin));
            is_node_of(&origin.join(&clone), &clone);
            is_node_of(&clone.join(&origin), &clone);
            is_node_of(&origin.meet(&clone), &origin);
            is_node_of(&clone.meet(&origin), &origin);
            assert_eq!(content(&clone.subtract(&origin)).len(), 1);
            assert_eq!(nodes(&clone.subtract(&origin)).len(), 1, "nothing of what is shared is left");
            // Both maps are edited, so the result equals neither. All nodes away from the edits
            // are shared with the original.
            let mut other = origin.clone();
            other.insert([new, b"+"].concat(), 3);
            let joined = clone.join(&other);
            assert_eq!(beside(&joined), beside(&origin));
            let mut grown = clone.clone();
            assert_eq!(grown.write_zipper().join_into(&other.read_zipper()), AlgebraicStatus::Element);
            assert_eq!(beside(&grown), beside(&origin));
            let mut changes = diff(&clone, &other);
            assert!(changes.next().is_some() && changes.next().is_some() && changes.next().is_none());
        }
    });
}

#[test]
fn subtries_that_only_one_side_has_are_shared_with_the_result() {
    under_both_limits(|| {
        let half = |odd: u8| -> PathMap<u64> {
            let keys = (0..100u8).filter(|i| i % 2 == odd);
            keys.flat_map(|i| (0..6u8).map(move |j| ([i, b'/', j, b'a', b'b'], u64::from(j)))).collect()
        };
        let (a, b) = (half(0), half(1));
        let below = |map: &PathMap<u64>, wanted: u8| {
            let mut all = nodes(map);
            all.retain(|path, _| path.first().is_some_and(|byte| byte % 2 == wanted));
            all
        };
        let (left, right) = (below(&a, 0), below(&b, 1));
        assert!(left.len() >= 50 && right.len() >= 50);
        for both in [a.join(&b), b.join(&a), a.symmetric_difference(&b), PathMap::join_all([&a, &b])] {
            assert_eq!((below(&both, 0), below(&both, 1)), (left.clone(), right.clone()));
            assert_eq!((below(&both.subtract(&b), 0), below(&both.subtract(&b), 1).len()), (left.clone(), 0));
            assert_eq!(below(&both.meet(&a), 0), left);
            let stems: PathMap<u64> = (0..100u8).step_by(2).map(|i| ([i], 1)).collect();
            assert_eq!(below(&both.restrict(&stems), 0), left);
        }
    });
}
