//! Writers that write in the middle of a long suffix, where the last steps have left them. What
//! the writer remembers of the suffix must not outlive the write.

use bytetrie::PathMap;
use bytetrie::zipper::*;

/// A writer of a map, moved down `path` step by step.
fn stepped<'a>(map: &'a mut PathMap<String>, path: &str) -> WriteZipperUntracked<'a, 'static, String> {
    let mut writer = map.write_zipper();
    for byte in path.bytes() {
        assert!(writer.descend_to_existing_byte(byte));
    }
    writer
}

/// Compares all that a zipper says about its focus with what a new one finds there.
fn agree<Z: ZipperMoving + ZipperValues<String> + ZipperForking<String>>(zipper: &Z) {
    let fork = zipper.fork_read_zipper();
    assert_eq!(zipper.path_exists(), fork.path_exists());
    assert_eq!(zipper.child_mask(), fork.child_mask());
    assert_eq!(zipper.val(), fork.val());
}

/// The nodes of the only path are freed.
#[test]
fn steps_where_the_only_path_was_pruned() {
    let mut map = PathMap::new();
    map.create_path("romane");
    let mut writer = stepped(&mut map, "romane");
    assert_eq!(writer.prune_path(), 6);
    assert!(!writer.path_exists() && writer.child_mask().is_empty_mask());
    assert!(!writer.descend_first_byte() && !writer.to_next_sibling_byte());
    assert!(writer.ascend_byte());
    assert_eq!((writer.path(), writer.child_count()), (&b"roman"[..], 0));
    drop(writer);
    assert!(map.is_empty());
}

/// The head takes the nodes, and its writers change them.
#[test]
fn steps_where_a_head_was_made() {
    let mut map = PathMap::from([("romane", "one".to_string())]);
    let mut writer = stepped(&mut map, "rom");
    let head = writer.zipper_head();
    head.write_zipper_at_exclusive_path("ulus").unwrap().set_val("two".to_string());
    drop(head);
    assert_eq!(writer.child_count(), 2);
    assert!(writer.descend_to_existing_byte(b'u'));
    assert_eq!((writer.path(), writer.child_count()), (&b"romu"[..], 1));
    agree(&writer);
}

/// Each write of a value or a subtrie, at the first byte, in the middle and at the end of a suffix,
/// with and without another owner of the nodes.
#[test]
fn steps_after_each_write_within_a_suffix() {
    type Writer<'a> = WriteZipperUntracked<'a, 'static, String>;
    let other = PathMap::from([("x", "x".to_string()), ("yz", "yz".to_string())]);
    let writes: [&dyn Fn(&mut Writer<'_>); 13] = [
        &|writer| _ = writer.get_val_mut().map(|value| value.push('!')),
        &|writer| writer.get_val_or_set_mut("new".to_string()).push('!'),
        &|writer| drop(writer.set_val("new".to_string())),
        &|writer| drop(writer.remove_val(false)),
        &|writer| drop(writer.remove_val(true)),
        &|writer| drop(writer.take_map(false)),
        &|writer| drop(writer.take_map(true)),
        &|writer| _ = writer.remove_branches(true),
        &|writer| writer.graft(&other.read_zipper()),
        &|writer| _ = writer.insert_prefix("longer"),
        &|writer| _ = writer.remove_prefix(2),
        &|writer| _ = writer.restrict(&other.read_zipper()),
        &|writer| drop(writer.zipper_head()),
    ];
    for path in ["r", "rom", "romane", "romanus"] {
        for shared in [false, true] {
            for write in writes {
                let keys = ["romane", "romanus", "rubens"];
                let mut map: PathMap<String> = keys.into_iter().map(|key| (key, key.to_string())).collect();
                let others = shared.then(|| map.clone());
                let mut writer = stepped(&mut map, path);
                write(&mut writer);
                agree(&writer);
                while writer.descend_first_byte() {
                    agree(&writer);
                }
                while writer.ascend_byte() {
                    agree(&writer);
                }
                drop(others);
            }
        }
    }
}

/// Two owned writers share all nodes until one of them writes.
#[test]
fn steps_of_a_writer_whose_clone_has_written() {
    let map = PathMap::from([("romane", "one".to_string()), ("rubens", "two".to_string())]);
    let mut first = map.into_write_zipper("");
    for byte in *b"rom" {
        assert!(first.descend_to_existing_byte(byte));
    }
    let mut second = first.clone();
    first.remove_branches(true);
    agree(&first);
    assert!(second.descend_to_existing_byte(b'a'));
    second.set_val("three".to_string());
    agree(&second);
    drop(first);
    assert!(second.descend_to_existing_byte(b'n') && second.descend_to_existing_byte(b'e'));
    assert_eq!(second.val().map(String::as_str), Some("one"));
}

/// A reset keeps the way to the old focus, from which the next path may part within the suffix.
#[test]
fn a_reset_in_the_middle_of_a_suffix() {
    let mut map = PathMap::from([("romane", "one".to_string()), ("rubens", "two".to_string())]);
    let mut writer = stepped(&mut map, "roma");
    writer.reset();
    agree(&writer);
    writer.descend_to("rom");
    agree(&writer);
    assert!(writer.descend_first_byte());
    writer.reset();
    writer.descend_to("rox");
    writer.set_val("three".to_string());
    agree(&writer);
    assert!(writer.ascend_byte());
    assert_eq!(writer.child_count(), 2);
}

/// Writes at each 37th value to which `next` moves, in nodes that a clone still owns, and checks
/// that the clone stays as it was.
fn write_along(next: impl Fn(&mut WriteZipperUntracked<'_, 'static, u32>) -> bool) {
    let paths = ["a", "b"].into_iter().flat_map(|side| {
        (0..200u8).map(move |i| [side.as_bytes(), &[i], &b"/long/way/"[..], &[i], &b"/on"[..], &[i]].concat())
    });
    let keys =
        paths.flat_map(|path| (0..40u8).map(move |i| ([&path[..], &[i, i, i]].concat(), u32::from(i))));
    let mut map: PathMap<u32> = keys.collect();
    let (clone, before) = (map.clone(), map.iter().map(|(k, v)| (k, *v)).collect::<Vec<_>>());
    let mut writer = map.write_zipper();
    let mut values = 0;
    while next(&mut writer) {
        values += usize::from(writer.is_val());
        if writer.is_val() && values % 37 == 0 {
            writer.set_val(1000);
        }
    }
    drop(writer);
    assert!(clone.iter().map(|(k, v)| (k, *v)).eq(before));
    assert_eq!(map.iter().filter(|(_, v)| **v == 1000).count(), values / 37);
}

/// Moves leave the nodes that the last write has copied, for nodes that a clone still owns.
#[test]
fn a_write_where_iteration_has_led() {
    write_along(|writer| writer.to_next_val());
}

#[test]
fn a_write_where_steps_have_led() {
    write_along(|writer| writer.to_next_step());
    write_along(|writer| {
        if writer.descend_first_byte() {
            return true;
        }
        while !writer.to_next_sibling_byte() {
            if !writer.ascend_byte() {
                return false;
            }
        }
        true
    });
}
