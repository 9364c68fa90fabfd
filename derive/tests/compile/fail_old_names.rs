//! The notes of the deprecated names, which name what replaces them.
#![deny(deprecated)]
use bytetrie::PathMap;
use bytetrie::zipper::*;

fn main() {
    let (mut map, other) = (PathMap::<()>::new(), PathMap::<()>::new());
    let _ = (map.contains_path("a"), map.goat_val_count());
    let mut reader = other.read_zipper();
    let _ = (reader.is_value(), reader.value(), reader.get_value());
    reader.to_next_get_value();
    reader.descend_to_value("a");
    reader.descend_indexed_branch(0);
    ProductZipper::new(other.read_zipper(), [other.read_zipper()]).reserve_path_buffer(64);
    let mut writer = map.write_zipper();
    writer.get_value_mut();
    writer.get_value_or_insert(());
    writer.get_value_or_insert_with(|| ());
    writer.set_value(());
    writer.remove_value();
    writer.join(&reader);
    writer.join_map(PathMap::new());
    writer.drop_head(1);
    writer.meet(&reader);
    writer.subtract(&reader);
}
