//! The movement suite on every zipper.

use bytetrie::PathMap;
use bytetrie::zipper::{
    ZipperAbsolutePath, ZipperBuffers, ZipperCreation, ZipperForking, ZipperIteration, ZipperMoving,
    ZipperWriting,
};

use crate::movement_suite;
use crate::movement_suite::{BothWays, KPaths, OneCase, Reserved, Scene, Walk};

/// The buffers of a writer and then of a reader, which both were deep in maps of other values.
fn used_buffers() -> ZipperBuffers {
    let mut map = PathMap::from([("romane", "x".to_string()), ("romanus", "y".to_string())]);
    let mut writer = map.write_zipper_with_buffers("rom", ZipperBuffers::new());
    writer.descend_to("anus/and/a/long/way/down");
    writer.set_val("z".to_string());
    writer.reset();
    let buffers = writer.into_buffers();
    let mut reader = map.read_zipper_with_buffers("roma", buffers);
    while reader.to_next_step() {}
    reader.descend_to("nus/and/");
    reader.into_buffers()
}

movement_suite!(read_untracked, |map, root, walk| walk.walk(map.read_zipper_at_path(root)));
movement_suite!(read_untracked_borrowed_path, |map, root, walk| {
    walk.walk(map.read_zipper_at_borrowed_path(root))
});
movement_suite!(read_owned, |map, root, walk| walk.walk(map.into_read_zipper(root)));
movement_suite!(read_tracked, |map, root, walk| {
    let head = map.zipper_head();
    walk.walk(head.read_zipper_at_path(root).unwrap());
});
movement_suite!(read_tracked_borrowed_path, |map, root, walk| {
    let head = map.zipper_head();
    walk.walk(head.read_zipper_at_borrowed_path(root).unwrap());
});
movement_suite!(write_untracked, |map, root, walk| walk.walk(map.write_zipper_at_path(root)));
movement_suite!(read_with_buffers, |map, root, walk| {
    walk.walk(map.read_zipper_with_buffers(root, used_buffers()))
});
movement_suite!(write_with_buffers, |map, root, walk| {
    walk.walk(map.write_zipper_with_buffers(root, used_buffers()))
});
movement_suite!(write_owned, |map, root, walk| walk.walk(map.into_write_zipper(root)));
movement_suite!(write_tracked, |map, root, walk| {
    let head = map.zipper_head();
    walk.walk(head.write_zipper_at_exclusive_path(root).unwrap());
});
movement_suite!(read_of_owned_head, |map, root, walk| {
    let head = map.into_zipper_head(b"");
    walk.walk(head.read_zipper_at_path(root).unwrap());
});
movement_suite!(write_of_owned_head, |map, root, walk| {
    let head = map.into_zipper_head(b"");
    walk.walk(head.write_zipper_at_exclusive_path(root).unwrap());
});
movement_suite!(read_of_nested_head, |map, root, walk| {
    let head = map.zipper_head();
    let (above, below) = root.split_at(root.len() / 2);
    let mut writer = head.write_zipper_at_exclusive_path(above).unwrap();
    let nested = writer.zipper_head();
    walk.walk(nested.read_zipper_at_path(below).unwrap());
});
movement_suite!(write_of_nested_head, |map, root, walk| {
    let (above, below) = root.split_at(root.len() / 2);
    let mut writer = map.write_zipper_at_path(above);
    let nested = writer.zipper_head();
    walk.walk(nested.write_zipper_at_exclusive_path(below).unwrap());
});
movement_suite!(write_of_head_at_a_focus, |map, root, walk| {
    let mut writer = map.write_zipper();
    writer.descend_to(root);
    let nested = writer.zipper_head();
    walk.walk(nested.write_zipper_at_exclusive_path(b"").unwrap());
});
movement_suite!(writer_turned_reader, |map, root, walk| walk
    .walk(map.write_zipper_at_path(root).into_read_zipper()));
movement_suite!(owned_writer_turned_reader, |map, root, walk| {
    walk.walk(map.into_write_zipper(root).into_read_zipper())
});
movement_suite!(tracked_writer_turned_reader, |map, root, walk| {
    let head = map.zipper_head();
    walk.walk(head.write_zipper_at_exclusive_path(root).unwrap().into_read_zipper());
});
movement_suite!(fork_of_read_untracked, |map, root, walk| {
    let mut reader = map.read_zipper();
    reader.descend_to(root);
    walk.walk(reader.fork_read_zipper());
});
movement_suite!(fork_of_read_owned, |map, root, walk| {
    let reader = map.into_read_zipper(root);
    walk.walk(reader.fork_read_zipper());
});
movement_suite!(fork_of_read_tracked, |map, root, walk| {
    let head = map.zipper_head();
    let (above, below) = root.split_at(root.len() / 2);
    let mut reader = head.read_zipper_at_path(above).unwrap();
    reader.descend_to(below);
    walk.walk(reader.fork_read_zipper());
});
movement_suite!(fork_of_write_untracked, |map, root, walk| {
    let mut writer = map.write_zipper();
    writer.descend_to(root);
    walk.walk(writer.fork_read_zipper());
});
movement_suite!(fork_of_write_owned, |map, root, walk| {
    let writer = map.into_write_zipper(root);
    walk.walk(writer.fork_read_zipper());
});
movement_suite!(fork_of_write_tracked, |map, root, walk| {
    let head = map.zipper_head();
    let (above, below) = root.split_at(root.len() / 2);
    let mut writer = head.write_zipper_at_exclusive_path(above).unwrap();
    writer.descend_to(below);
    walk.walk(writer.fork_read_zipper());
});

/// Zippers of one map, or of a head over the whole map, count their origin from the map's root.
#[test]
fn origins_are_the_maps_root() {
    fn check<Z: ZipperAbsolutePath>(mut zipper: Z) {
        zipper.descend_to(b"cd");
        assert_eq!(zipper.root_prefix_path(), b"ab");
        assert_eq!(zipper.origin_path(), b"abcd");
    }
    let Scene { mut map, .. } = movement_suite::standard(b"");
    check(map.read_zipper_at_path(b"ab"));
    check(map.read_zipper_at_path(b"ab").fork_read_zipper());
    check(map.clone().into_read_zipper(b"ab"));
    check(map.clone().into_write_zipper(b"ab"));
    check(map.write_zipper_at_path(b"ab"));
    check(map.write_zipper_at_path(b"ab").fork_read_zipper());
    let head = map.zipper_head();
    check(head.read_zipper_at_path(b"ab").unwrap());
    check(head.write_zipper_at_exclusive_path(b"ab").unwrap());
}

/// The moves that other zippers build on change the path without looking anything up. They check
/// that they stay within it, since it is written without bounds checks.
#[test]
#[should_panic(expected = "no more bytes are replaced than the path has")]
fn a_reader_replaces_no_more_bytes_than_its_path_has() {
    let map = PathMap::from([("romane", 1), ("romanus", 2)]);
    let mut reader = map.read_zipper_at_path("rom");
    reader.descend_to("x");
    reader.replace_beyond(b"yz");
}

#[test]
#[should_panic(expected = "no more bytes are replaced than the path has")]
fn a_writer_replaces_no_more_bytes_than_its_path_has() {
    let mut map = PathMap::from([("romane", 1), ("romanus", 2)]);
    let mut writer = map.write_zipper_at_path("rom");
    writer.descend_to("x");
    writer.replace_beyond(b"yz");
}

#[test]
#[should_panic(expected = "the focus is between the two lengths")]
fn the_next_location_of_a_length_is_below_an_ancestor() {
    let map = PathMap::from([("romane", 1), ("romanus", 2)]);
    let mut reader = map.read_zipper_at_path("rom");
    reader.descend_to("an");
    reader.to_next_k_path_or_tip(100, 200);
}
