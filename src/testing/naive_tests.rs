//! The model itself, on examples small enough to be judged by eye.

use super::naive::{NaiveMap, NaiveZipper};
use crate::bytes::ByteMask;
use crate::{AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};

fn map(valued: &[&str], bare: &[&str]) -> NaiveMap<u64> {
    let mut map: NaiveMap<u64> = (1..).zip(valued).map(|(value, path)| (path, value)).collect();
    for path in bare {
        map.create_path(path.as_bytes());
    }
    map
}

fn paths(map: &NaiveMap<u64>) -> Vec<&str> {
    map.locations().map(|(path, _)| std::str::from_utf8(path).unwrap()).collect()
}

#[test]
fn holds_every_prefix_and_the_root() {
    let map = map(&["abc", "ax"], &[]);
    assert_eq!(paths(&map), ["", "a", "ab", "abc", "ax"]);
    assert_eq!(map.val_count(), 2);
    assert!(!map.is_bare_root() && NaiveMap::<u64>::new().is_bare_root());
    assert_eq!(map.child_mask(b"a"), ByteMask::from_iter(*b"bx"));
    assert_eq!(map.child_mask(b"zz"), ByteMask::EMPTY);
}

#[test]
fn masks_reach_both_ends() {
    let map: NaiveMap<u64> = [[0u8], [1], [254], [255]].iter().map(|path| (path, 1)).collect();
    assert_eq!(map.child_mask(&[]), ByteMask::from_iter([0, 1, 254, 255]));
}

#[test]
fn prunes_up_to_a_value_a_branch_or_the_root() {
    let mut m = map(&["a", "bcx", "bd"], &["abcd", "bcyz", "c"]);
    assert_eq!(m.dangling_tips().count(), 3);
    assert_eq!(m.prune_path(b"abcd"), 3, "up to a value");
    assert_eq!(m.prune_path(b"bcyz"), 2, "up to a branch");
    assert_eq!(m.prune_path(b"c"), 1, "up to the root");
    assert_eq!(m.prune_path(b"a"), 0, "a value");
    assert_eq!(m.prune_path(b"q"), 0, "absent");
    assert_eq!(m.prune_path(b""), 0, "the root");
    assert_eq!(paths(&m), ["", "a", "b", "bc", "bcx", "bd"]);
    let mut m = map(&[], &["abcd"]);
    assert_eq!(m.prune_path_below(2, b"abcd"), 2);
    assert_eq!(m.prune_path_below(2, b"ab"), 0);
}

#[test]
fn prunes_beside_what_others_hold() {
    let mut m = map(&[], &["abc"]);
    assert_eq!(m.prune_path_beside(b"abc", &[b"ax"]), 2);
    assert_eq!(paths(&m), ["", "a"]);
}

#[test]
fn iterates_below_its_root() {
    let mut m = map(&["a", "b", "ba", "bc", "c"], &["bb"]);
    let mut z = NaiveZipper::new(&mut m, b"b");
    let mut seen = Vec::new();
    while z.to_next_step() {
        seen.push(z.path().to_vec());
    }
    assert_eq!(seen, [b"a", b"b", b"c"]);
    assert!(z.at_root());
    let mut back = Vec::new();
    while z.to_prev_step() {
        back.push(z.path().to_vec());
    }
    seen.reverse();
    assert_eq!(back, seen);
    assert!(z.to_prev_val() && z.path() == b"c");
    assert!(z.to_prev_val() && z.path() == b"a");
    assert!(!z.to_prev_val() && z.at_root());
}

#[test]
fn finds_k_paths() {
    let mut m = map(&["ab", "axy", "b", "cde"], &[]);
    let mut z = NaiveZipper::new(&mut m, b"");
    assert!(z.descend_first_k_path(2) && z.path() == b"ab");
    assert!(z.to_next_k_path(2) && z.path() == b"ax");
    assert!(z.to_next_k_path(2) && z.path() == b"cd");
    assert!(!z.to_next_k_path(2) && z.path() == b"");
    z.descend_to(b"ab");
    assert!(z.to_next_k_path(1) && z.path() == b"ax");
    assert!(!z.to_next_k_path(1) && z.path() == b"a");
    assert!(!z.to_next_k_path(0) && z.path() == b"a");
    assert!(!z.to_next_k_path(2) && z.path() == b"");
    assert!(!z.descend_first_k_path(0) && !z.descend_first_k_path(4));
}

#[test]
fn grafts_whole_and_empty_sources() {
    let mut m = map(&["a", "abc", "x"], &[]);
    let mut z = NaiveZipper::new(&mut m, b"");
    z.descend_to(b"x");
    z.graft(z.map().subtrie_at(b"a"));
    assert_eq!(paths(z.map()), ["", "a", "ab", "abc", "x", "xb", "xbc"]);
    assert_eq!(z.val(), Some(&1));
    z.graft(z.map().subtrie_at(b"ab"));
    assert_eq!(z.val(), None);
    z.graft(None);
    assert_eq!(paths(z.map()), ["", "a", "ab", "abc"]);
    z.graft_map(NaiveMap::new());
    assert_eq!(paths(z.map()), ["", "a", "ab", "abc", "x"]);
}

#[test]
fn grafts_branches_and_leaves_the_focus_value() {
    let mut m = map(&["f", "fa", "fb", "fc"], &[]);
    let source = map(&["", "bb", "d"], &[]);
    let mut z = NaiveZipper::new(&mut m, b"f");
    z.graft_masked_branches(Some(source.clone()), ByteMask::from_iter(*b"ab"), false);
    assert_eq!(paths(z.map()), ["", "f", "fb", "fbb", "fc"]);
    assert_eq!(z.val(), Some(&1));
    z.graft_masked_branches(Some(source), ByteMask::from_iter(*b"d"), true);
    assert_eq!(paths(z.map()), ["", "f", "fd"]);
    z.graft_child_maps(ByteMask::from_iter(*b"de"), vec![NaiveMap::new(), map(&["q"], &[])], false);
    assert_eq!(paths(z.map()), ["", "f", "fe", "feq"]);
    z.graft_child_maps(ByteMask::from_iter(*b"e"), vec![], false);
    assert_eq!(paths(z.map()), ["", "f"]);
    z.descend_to(b"zz");
    z.graft_masked_branches(None, ByteMask::from_iter(*b"a"), true);
    assert!(!z.path_exists());
}

#[test]
fn moves_prefixes() {
    let mut m = map(&["f", "fa", "fb"], &[]);
    let mut z = NaiveZipper::new(&mut m, b"f");
    assert!(z.insert_prefix(b"xy"));
    assert_eq!(paths(z.map()), ["", "f", "fx", "fxy", "fxya", "fxyb"]);
    assert_eq!(z.val(), Some(&1));
    assert!(z.insert_prefix(b""));
    z.descend_to(b"xy");
    assert!(!z.remove_prefix(3));
    assert_eq!((z.path(), paths(z.map())), (b"".as_slice(), vec!["", "f", "fa", "fb"]));
    assert_eq!(z.val(), None, "the subtrie's own value, none, comes with it");
    assert!(z.remove_prefix(0) && !z.remove_prefix(1));
    z.descend_to(b"a");
    assert!(!z.insert_prefix(b"q"));
    z.descend_to(b"zz");
    assert!(z.remove_prefix(1));
    assert_eq!(paths(z.map()), ["", "f", "fa", "fb"]);
    assert!(z.remove_prefix(1));
    assert_eq!(paths(z.map()), ["", "f", "fb"], "an absent source empties the place and prunes it");
}

#[test]
fn takes_maps() {
    let mut m = map(&["a", "ab"], &["d"]);
    let mut z = NaiveZipper::new(&mut m, b"");
    z.descend_to(b"a");
    assert_eq!(paths(&z.take_map(false).unwrap()), ["", "b"]);
    assert_eq!(z.take_map(false), None);
    assert!(z.path_exists());
    assert_eq!(z.take_map(true), None);
    assert!(!z.path_exists());
    z.move_to_path(b"d");
    assert_eq!(z.take_map(false), None);
    assert_eq!(paths(z.map()), ["", "d"]);
}

#[test]
fn retains_and_prunes_what_it_removed_only() {
    let mut m = map(&["ab", "ac", "b", "bcd"], &["bx", "dd"]);
    m.retain(|path, _| path == b"b");
    assert_eq!(paths(&m), ["", "b", "bx", "d", "dd"]);
}

/// The locations, each with its value or a dash.
fn shown(map: &NaiveMap<u64>) -> Vec<String> {
    let show = |value: Option<&u64>| value.map_or("-".to_owned(), u64::to_string);
    map.locations().map(|(path, value)| format!("{}{}", path.escape_ascii(), show(value))).collect()
}

#[test]
fn joins_all_locations_and_keeps_the_left_value() {
    let (a, b) = (map(&["a", "ab"], &["d"]), map(&["ab", "d", "x"], &["az"]));
    let joined = a.join(&b);
    assert_eq!(shown(&joined.map), ["-", "a1", "ab2", "az-", "d2", "x3"]);
    assert_eq!((joined.status(), joined.identity()), (AlgebraicStatus::Element, None));
    assert_eq!(joined.map.join(&a).identity(), Some(SELF_IDENT));
    assert_eq!(a.join(&joined.map).identity(), Some(COUNTER_IDENT));
    assert_eq!(a.join(&a).identity(), Some(SELF_IDENT | COUNTER_IDENT));
    assert_eq!(a.join(&NaiveMap::new()).status(), AlgebraicStatus::Identity);
    assert_eq!(NaiveMap::<u64>::new().join(&NaiveMap::new()).status(), AlgebraicStatus::None);
}

#[test]
fn meets_in_values_and_in_tips_that_dangle_on_both_sides() {
    let (a, b) = (map(&["", "ab", "q"], &["c", "d", "e"]), map(&["ab", "c", "qr"], &["d", "ex"]));
    let met = a.meet(&b);
    assert_eq!(shown(&met.map), ["-", "a-", "ab2", "d-"]);
    assert_eq!((met.status(), met.identity()), (AlgebraicStatus::Element, None));
    assert_eq!(a.meet(&map(&["z"], &[])).status(), AlgebraicStatus::None);
}

#[test]
fn subtracts_values_and_tips() {
    let (a, b) = (map(&["a", "ab", "abc", "q"], &["d", "e"]), map(&["a", "abx", "qrs"], &["ab", "d"]));
    let less = a.subtract(&b);
    // The two values at `a` are equal and go, but `a` leads on; `b` has no value at `ab`, nor at
    // `q`.
    assert_eq!(shown(&less.map), ["-", "a-", "ab2", "abc3", "e-", "q4"]);
    assert_eq!(less.status(), AlgebraicStatus::Element);
    assert_eq!(a.subtract(&a).status(), AlgebraicStatus::None);
    assert_eq!(a.subtract(&map(&["zz"], &[])).identity(), Some(SELF_IDENT));
}

#[test]
fn restricts_to_what_is_below_values() {
    let (a, b) = (map(&["", "a", "ab", "abc", "b"], &["abd", "c"]), map(&["ab", "bx"], &["c", "b"]));
    assert_eq!(shown(&a.restrict(&b).map), ["-", "a-", "ab3", "abc4", "abd-"]);
    assert_eq!(a.restrict(&map(&[""], &[])).status(), AlgebraicStatus::Identity);
    assert_eq!(a.restrict(&map(&["zz"], &[])).status(), AlgebraicStatus::None);
    assert_eq!(map(&[""], &[]).restrict(&b).status(), AlgebraicStatus::None);
}

#[test]
fn differs_where_one_side_has_a_value() {
    let (a, b) = (map(&["a", "ab", "b"], &["d", "e"]), map(&["x", "ab", "a"], &["d", "f"]));
    assert_eq!(shown(&a.symmetric_difference(&b)), ["-", "b3", "e-", "f-", "x1"]);
    let old = [(&b"a"[..], Some(&1), Some(&3)), (b"b", Some(&3), None), (b"x", None, Some(&1))];
    assert_eq!(a.diff(&b), old);
    assert!(!a.is_subset(&b) && !a.is_disjoint(&b));
    assert!(map(&["ab"], &["zz"]).is_subset(&a) && map(&["e", "zz"], &["a"]).is_disjoint(&a));
}

#[test]
fn collapses_k_paths() {
    let mut m = map(&["f", "fa", "fa1", "fb", "fb1", "fb2", "fcc"], &["fd1"]);
    let copy = m.clone();
    let mut z = NaiveZipper::new(&mut m, b"f");
    assert!(z.join_k_path_into(0, true));
    assert_eq!(z.map(), &copy);
    assert!(z.join_k_path_into(1, false));
    assert_eq!(shown(z.map()), ["-", "f1", "f13", "f26", "fc7"]);
    assert!(!z.join_k_path_into(2, true));
    assert_eq!(shown(z.map()), ["-", "f1"]);
    let mut m = copy.clone();
    let mut z = NaiveZipper::new(&mut m, b"f");
    assert!(!z.meet_k_path_into(1, false), "the four subtries have nothing in common");
    assert_eq!(shown(z.map()), ["-", "f-"]);
    let mut m = map(&["fa", "fa1", "fb", "fb1", "fb2"], &["fax", "fbx"]);
    let mut z = NaiveZipper::new(&mut m, b"f");
    assert!(z.meet_k_path_into(1, false));
    assert_eq!(shown(z.map()), ["-", "f1", "f12", "fx-"]);
}

#[test]
fn algebra_at_an_absent_focus_and_from_absent_sources() {
    let whole = map(&["a"], &["b"]);
    let mut m = whole.clone();
    let mut z = NaiveZipper::new(&mut m, b"zz");
    assert_eq!(z.join_into(None), AlgebraicStatus::None);
    assert_eq!(z.meet_into(Some(whole.clone()), false), AlgebraicStatus::None);
    assert_eq!(z.subtract_into(None, false), AlgebraicStatus::None);
    assert_eq!(z.restrict(Some(whole.clone())), AlgebraicStatus::None);
    assert_eq!(z.meet_2(Some(whole.clone()), None), AlgebraicStatus::None);
    assert!(!z.restricting(Some(whole.clone())) && !z.join_k_path_into(1, false));
    assert_eq!(z.map(), &whole, "none of them creates a place");
    assert_eq!(z.join_into(Some(NaiveMap::new())), AlgebraicStatus::None);
    assert!(z.path_exists(), "what exists in the source does");
    z.move_to_path(b"");
    assert_eq!(z.meet_2(Some(whole.clone()), Some(whole.clone())), AlgebraicStatus::Element);
    assert_eq!(shown(z.map()), ["-", "a1", "b-", "z-", "zz-", "zza1", "zzb-"]);
    assert_eq!(z.meet_into(None, true), AlgebraicStatus::None, "judged before pruning");
    assert_eq!(z.map(), &map(&["a"], &["b", "zz"]), "the root is not pruned");
}

#[test]
fn takes_what_it_joins() {
    let (mut to, mut from) = (map(&["a"], &[]), map(&["xa", "xb"], &[]));
    let mut source = NaiveZipper::new(&mut from, b"x");
    let mut z = NaiveZipper::new(&mut to, b"");
    assert_eq!(z.join_into_take(&mut source, false), AlgebraicStatus::Element);
    assert_eq!(shown(z.map()), ["-", "a1", "b2"]);
    assert_eq!(shown(source.map()), ["-", "x-"]);
    assert_eq!(z.join_into_take(&mut source, true), AlgebraicStatus::Identity);
    assert_eq!(shown(source.map()), ["-", "x-"], "never above its root");
}
