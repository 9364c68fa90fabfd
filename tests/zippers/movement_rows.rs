//! The movement table, row by row: one or more named tests for each row, on a read zipper over a
//! small trie.
//!
//! ```text
//! ""─ r ─ o ─ m ─ "rom"=1 ─ a ─ n ─ "roman"=2 ─ e ─ "romane"=3
//!     │   │               └ u ─ l ─ u ─ s ─ "romulus"=4
//!     │   └ s ─ "ros" dangles
//!     └ u ─ b ─ y ─ "ruby"=5
//! ```

use bytetrie::PathMap;
use bytetrie::zipper::{ReadZipperUntracked, Zipper, ZipperIteration, ZipperMoving, ZipperValues};

fn roman() -> PathMap<u64> {
    let mut map = PathMap::new();
    for (value, path) in (1..).zip(["rom", "roman", "romane", "romulus", "ruby"]) {
        map.set_val_at(path, value);
    }
    map.create_path("ros");
    map
}

/// Returns a zipper rooted at the origin, with its focus at `path`.
fn at<'a>(map: &'a PathMap<u64>, path: &str) -> ReadZipperUntracked<'a, 'static, u64> {
    let mut zipper = map.read_zipper();
    zipper.descend_to(path);
    zipper
}

/// Makes one move from `path`. Returns its result and the new path.
fn go<T>(path: &str, call: impl FnOnce(&mut ReadZipperUntracked<'_, 'static, u64>) -> T) -> (T, String) {
    let map = roman();
    let mut zipper = at(&map, path);
    let answer = call(&mut zipper);
    (answer, String::from_utf8(zipper.path().to_vec()).unwrap())
}

/// Like [`go`], with the zipper rooted at `root`.
fn go_below<T>(
    root: &str,
    path: &str,
    call: impl FnOnce(&mut ReadZipperUntracked<'_, 'static, u64>) -> T,
) -> (T, String) {
    let map = roman();
    let mut zipper = map.read_zipper_at_path(root);
    zipper.descend_to(path);
    let answer = call(&mut zipper);
    (answer, String::from_utf8(zipper.path().to_vec()).unwrap())
}

fn to<T>(answer: T, path: &str) -> (T, String) {
    (answer, path.to_string())
}

#[test]
fn the_focus_tells_what_is_there() {
    let map = roman();
    let zipper = at(&map, "rom");
    assert!(zipper.path_exists() && zipper.is_val() && !zipper.at_root());
    assert_eq!((zipper.val(), zipper.val_at("an"), zipper.val_count()), (Some(&1), Some(&2), 4));
    assert_eq!(zipper.child_mask().iter().collect::<Vec<_>>(), b"au");
    let dangling = at(&map, "ros");
    assert!(dangling.path_exists() && !dangling.is_val());
    assert_eq!((dangling.child_count(), dangling.val_count()), (0, 0));
    let absent = at(&map, "rox");
    assert!(!absent.path_exists() && !absent.is_val());
    assert_eq!((absent.child_count(), absent.val_count(), absent.val()), (0, 0, None));
}

#[test]
fn an_empty_maps_root_exists_and_an_absent_root_does_not() {
    let map = PathMap::<u64>::new();
    assert!(map.read_zipper().path_exists());
    let absent = map.read_zipper_at_path("a");
    assert!(absent.at_root() && !absent.path_exists());
}

#[test]
fn reset_goes_to_the_root() {
    assert_eq!(go("roman", |z| z.reset()), to((), ""));
    assert_eq!(go_below("ro", "man", |z| z.reset()), to((), ""));
    assert!(go_below("ro", "", |z| z.at_root()).0);
}

#[test]
fn descend_to_goes_where_nothing_is() {
    assert_eq!(go("ro", |z| z.descend_to("man")), to((), "roman"));
    assert_eq!(go("ro", |z| z.descend_to("bot")), to((), "robot"));
}

#[test]
fn descend_to_check_says_whether_it_exists() {
    assert_eq!(go("ro", |z| z.descend_to_check("ma")), to(true, "roma"));
    assert_eq!(go("ro", |z| z.descend_to_check("bot")), to(false, "robot"));
    assert_eq!(go("rox", |z| z.descend_to_check("")), to(false, "rox"));
}

#[test]
fn descend_to_existing_stops_where_the_trie_does() {
    assert_eq!(go("", |z| z.descend_to_existing("romantic")), to(5, "roman"));
    assert_eq!(go("", |z| z.descend_to_existing("xyz")), to(0, ""));
    assert_eq!(go("rox", |z| z.descend_to_existing("y")), to(0, "rox"));
}

#[test]
fn descend_to_val_stops_at_the_first_value_below_the_start() {
    assert_eq!(go("", |z| z.descend_to_val("romane")), to(3, "rom"));
    assert_eq!(go("rom", |z| z.descend_to_val("ane")), to(2, "roman"));
    assert_eq!(go("", |z| z.descend_to_val("rust")), to(2, "ru"));
}

#[test]
fn descend_to_byte_is_one_byte_of_descend_to() {
    assert_eq!(go("ro", |z| z.descend_to_byte(b'x')), to((), "rox"));
    assert_eq!(go("ro", |z| z.descend_to_existing_byte(b'x')), to(false, "ro"));
    assert_eq!(go("ro", |z| z.descend_to_existing_byte(b's')), to(true, "ros"));
}

#[test]
fn children_are_indexed_in_byte_order() {
    assert_eq!(go("rom", |z| z.descend_indexed_byte(1)), to(true, "romu"));
    assert_eq!(go("rom", |z| z.descend_indexed_byte(2)), to(false, "rom"));
    assert_eq!(go("r", |z| z.descend_first_byte()), to(true, "ro"));
    assert_eq!(go("r", |z| z.descend_last_byte()), to(true, "ru"));
    assert_eq!(go("ros", |z| z.descend_first_byte()), to(false, "ros"));
    assert_eq!(go("rox", |z| z.descend_last_byte()), to(false, "rox"));
}

#[test]
fn descend_until_goes_to_the_next_value_branch_or_leaf() {
    assert_eq!(go("ru", |z| z.descend_until()), to(true, "ruby"));
    assert_eq!(go("roma", |z| z.descend_until()), to(true, "roman"));
    assert_eq!(go("roman", |z| z.descend_until()), to(true, "romane"));
    assert_eq!(go("", |z| z.descend_until()), to(true, "r"));
    assert_eq!(go("rom", |z| z.descend_until()), to(false, "rom"), "two children");
    assert_eq!(go("ruby", |z| z.descend_until()), to(false, "ruby"), "none");
    assert_eq!(go("rox", |z| z.descend_until()), to(false, "rox"), "absent");
}

#[test]
fn descend_until_max_bytes_goes_no_further() {
    assert_eq!(go("romu", |z| z.descend_until_max_bytes(2)), to(true, "romulu"));
    assert_eq!(go("romu", |z| z.descend_until_max_bytes(99)), to(true, "romulus"));
    assert_eq!(go("romu", |z| z.descend_until_max_bytes(0)), to(false, "romu"));
}

#[test]
fn ascend_says_whether_it_went_all_the_way() {
    assert_eq!(go("roman", |z| z.ascend(2)), to(true, "rom"));
    assert_eq!(go("roman", |z| z.ascend(5)), to(true, ""));
    assert_eq!(go("roman", |z| z.ascend(6)), to(false, ""));
    assert_eq!(go("", |z| z.ascend(0)), to(true, ""));
    assert_eq!(go("", |z| z.ascend(1)), to(false, ""));
    assert_eq!(go_below("ro", "man", |z| z.ascend(4)), to(false, ""), "never above its root");
    assert_eq!(go("robot", |z| z.ascend(2)), to(true, "rob"), "also where nothing is");
}

#[test]
fn ascend_byte_is_false_at_the_root() {
    assert_eq!(go("rom", |z| z.ascend_byte()), to(true, "ro"));
    assert_eq!(go("", |z| z.ascend_byte()), to(false, ""));
}

#[test]
fn ascend_until_stops_at_values_and_branches() {
    assert_eq!(go("romane", |z| z.ascend_until()), to(true, "roman"));
    assert_eq!(go("romulus", |z| z.ascend_until()), to(true, "rom"));
    assert_eq!(go("rom", |z| z.ascend_until()), to(true, "ro"));
    assert_eq!(go("r", |z| z.ascend_until()), to(true, ""));
    assert_eq!(go("", |z| z.ascend_until()), to(false, ""));
    assert_eq!(go("robot", |z| z.ascend_until()), to(true, "ro"));
}

#[test]
fn ascend_until_branch_passes_values_by() {
    assert_eq!(go("romane", |z| z.ascend_until_branch()), to(true, "rom"));
    assert_eq!(go("ruby", |z| z.ascend_until_branch()), to(true, "r"));
    assert_eq!(go("r", |z| z.ascend_until_branch()), to(true, ""));
    assert_eq!(go("", |z| z.ascend_until_branch()), to(false, ""));
}

#[test]
fn siblings_are_the_parents_other_children() {
    assert_eq!(go("rom", |z| z.to_next_sibling_byte()), to(true, "ros"));
    assert_eq!(go("ros", |z| z.to_next_sibling_byte()), to(false, "ros"));
    assert_eq!(go("ros", |z| z.to_prev_sibling_byte()), to(true, "rom"));
    assert_eq!(go("rop", |z| z.to_next_sibling_byte()), to(true, "ros"), "from an absent focus");
    assert_eq!(go("rop", |z| z.to_prev_sibling_byte()), to(true, "rom"), "from an absent focus");
    assert_eq!(go_below("ro", "", |z| z.to_next_sibling_byte()), to(false, ""), "never at the root");
    assert_eq!(go("xyz", |z| z.to_next_sibling_byte()), to(false, "xyz"), "below nothing there are none");
}

#[test]
fn move_to_path_says_how_much_was_shared() {
    assert_eq!(go("roman", |z| z.move_to_path("romulus")), to(3, "romulus"));
    assert_eq!(go("roman", |z| z.move_to_path("x")), to(0, "x"));
    assert_eq!(go("roman", |z| z.move_to_path("roman")), to(5, "roman"));
}

#[test]
fn to_next_step_visits_every_location_below_the_root() {
    let map = roman();
    let mut zipper = map.read_zipper_at_path("ro");
    let mut seen = Vec::new();
    while zipper.to_next_step() {
        seen.push(String::from_utf8(zipper.path().to_vec()).unwrap());
    }
    assert_eq!(seen, ["m", "ma", "man", "mane", "mu", "mul", "mulu", "mulus", "s"]);
    assert!(zipper.at_root());
    assert_eq!(
        go("rom!", |z| z.to_next_step()),
        to(true, "roma"),
        "from an absent focus: what comes after it"
    );
}

#[test]
fn to_next_val_visits_every_value_but_the_start() {
    let map = roman();
    let mut zipper = map.read_zipper_at_path("rom");
    let mut seen = Vec::new();
    while zipper.to_next_val() {
        seen.push(*zipper.val().unwrap());
    }
    assert_eq!(seen, [2, 3, 4]);
    assert!(zipper.at_root());
}

#[test]
fn to_prev_step_visits_the_same_backwards_and_ends_at_the_root() {
    let map = roman();
    let mut zipper = map.read_zipper_at_path("ro");
    let mut seen = Vec::new();
    while zipper.to_prev_step() {
        seen.push(String::from_utf8(zipper.path().to_vec()).unwrap());
    }
    assert_eq!(seen, ["s", "mulus", "mulu", "mul", "mu", "mane", "man", "ma", "m"]);
    assert!(zipper.at_root());
    assert_eq!(go("romb", |z| z.to_prev_step()), to(true, "romane"), "from an absent focus");
    assert_eq!(go("romab", |z| z.to_prev_step()), to(true, "roma"), "from below its parent's first child");
    assert_eq!(
        go("abc", |z| z.to_prev_step()),
        to(false, ""),
        "no location is before it, its parents are absent"
    );
    assert_eq!(go("rumba", |z| z.to_prev_step()), to(true, "ruby"), "its parent is absent too");
}

#[test]
fn to_prev_val_visits_values_backwards() {
    let map = roman();
    let mut zipper = map.read_zipper();
    let mut seen = Vec::new();
    while zipper.to_prev_val() {
        seen.push(*zipper.val().unwrap());
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    assert!(zipper.at_root());
}

#[test]
fn descend_last_path_goes_to_the_greatest_location() {
    assert_eq!(go("", |z| z.descend_last_path()), to(true, "ruby"));
    assert_eq!(go("ro", |z| z.descend_last_path()), to(true, "ros"));
    assert_eq!(go("romane", |z| z.descend_last_path()), to(false, "romane"));
    assert_eq!(go("rox", |z| z.descend_last_path()), to(false, "rox"));
}

#[test]
fn descend_first_k_path_finds_the_first_that_is_deep_enough() {
    assert_eq!(go("", |z| z.descend_first_k_path(3)), to(true, "rom"));
    assert_eq!(go("rom", |z| z.descend_first_k_path(4)), to(true, "romulus"), "the first child is too short");
    assert_eq!(go("rom", |z| z.descend_first_k_path(5)), to(false, "rom"));
    assert_eq!(go("rom", |z| z.descend_first_k_path(0)), to(false, "rom"));
}

#[test]
fn to_next_k_path_visits_all_of_one_length_below_an_ancestor() {
    let map = roman();
    let mut zipper = map.read_zipper_at_path("r");
    let mut seen = Vec::new();
    assert!(zipper.descend_first_k_path(2));
    loop {
        seen.push(String::from_utf8(zipper.path().to_vec()).unwrap());
        // A move down and back has no observable effect.
        zipper.descend_last_path();
        let depth = zipper.path().len();
        zipper.ascend(depth - 2);
        if !zipper.to_next_k_path(2) {
            break;
        }
    }
    assert_eq!(seen, ["om", "os", "ub"]);
    assert!(zipper.at_root(), "when there is no more it stands at the ancestor");
    assert_eq!(go("roma", |z| z.to_next_k_path(1)), to(true, "romu"));
    assert_eq!(go("romu", |z| z.to_next_k_path(1)), to(false, "rom"));
    assert_eq!(go("roma", |z| z.to_next_k_path(0)), to(false, "roma"));
    assert_eq!(go("roma", |z| z.to_next_k_path(5)), to(false, ""), "deeper than it stands");
}
