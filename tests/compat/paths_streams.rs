//! A program written for `pathmap` 0.3.5 that stores maps as streams of paths. Without the line
//! that renames this crate, the file also compiles with that crate.

use bytetrie as pathmap;

use std::io;

use pathmap::PathMap;
use pathmap::paths_serialization::{
    DeserializationStats, SerializationStats, deserialize_paths, deserialize_paths_with_auxdata,
    for_each_deserialized_path, serialize_paths, serialize_paths_from_funcs, serialize_paths_with_auxdata,
};
use pathmap::zipper::{
    ZipperIteration, ZipperMoving, ZipperReadOnlyConditionalIteration, ZipperValues, ZipperWriting,
};

/// Writes the keys of a map, generic over the zipper with that crate's bounds.
fn save_keys<'a, V, Z>(zipper: Z, target: &mut dyn io::Write) -> io::Result<SerializationStats>
where
    V: Clone + Send + Sync + Unpin + 'static,
    Z: ZipperReadOnlyConditionalIteration<'a, V>,
{
    let mut target = io::BufWriter::new(target);
    serialize_paths(zipper, &mut target)
}

/// Writes the keys to one target, and the values to another.
fn save<Z>(
    zipper: Z,
    keys: &mut impl io::Write,
    values: &mut impl io::Write,
) -> io::Result<SerializationStats>
where
    Z: ZipperValues<u64> + ZipperIteration,
{
    let mut written = Ok(());
    let stats = serialize_paths_with_auxdata(zipper, keys, |_index: usize, _path: &[u8], value: &u64| {
        if written.is_ok() {
            written = values.write_all(&value.to_le_bytes());
        }
    })?;
    written.map(|()| stats)
}

/// Reads what [`save`] has written.
fn load<Z: ZipperWriting<u64>>(
    zipper: Z,
    keys: impl io::Read,
    values: &[u8],
) -> io::Result<DeserializationStats> {
    deserialize_paths_with_auxdata(zipper, keys, |index, _path| {
        u64::from_le_bytes(values[8 * index..][..8].try_into().unwrap())
    })
}

/// The keys of a list, by number.
struct List<'a> {
    keys: &'a [&'a str],
    next: usize,
}

impl<'a> List<'a> {
    fn advance(&mut self) -> io::Result<bool> {
        self.next += 1;
        Ok(self.next <= self.keys.len())
    }

    fn key(&self) -> Option<&'a [u8]> {
        self.keys.get(self.next - 1).map(|key| key.as_bytes())
    }
}

#[test]
fn maps_are_saved_and_loaded() -> io::Result<()> {
    let mut map = PathMap::<u64>::new();
    for (key, value) in ["romane", "romanus", "romulus", "rubens"].into_iter().zip(1..) {
        map.set_val_at(key, value);
    }
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    let SerializationStats { bytes_out, bytes_in, path_count } =
        save(map.read_zipper(), &mut keys, &mut values)?;
    assert_eq!((bytes_out, bytes_in, path_count), (keys.len(), 4 * 4 + 26, 4));

    let mut copy = PathMap::<u64>::new();
    let mut writer = copy.write_zipper_at_path(b"copy");
    writer.descend_to(b"/");
    let DeserializationStats { bytes_in, bytes_out, path_count } = load(writer, &keys[..], &values)?;
    assert_eq!((bytes_in, bytes_out, path_count), (keys.len(), 4 * 4 + 26, 4));
    assert_eq!(copy.get_val_at("copy/romulus"), Some(&3));
    assert_eq!(copy.val_count(), 4);

    let mut stream = Vec::new();
    save_keys(copy.read_zipper_at_path("copy/rom"), &mut stream)?;
    let mut set = PathMap::<()>::new();
    deserialize_paths(set.write_zipper(), io::Cursor::new(stream), ())?;
    let found: Vec<_> = set.iter().map(|(path, _)| path).collect();
    assert_eq!(found, [&b"ane"[..], b"anus", b"ulus"]);
    Ok(())
}

#[test]
fn lists_are_saved_and_listed() -> io::Result<()> {
    let mut list = List { keys: &["b", "", "a"], next: 0 };
    let mut stream = Vec::new();
    let stats: SerializationStats =
        serialize_paths_from_funcs(&mut stream, &mut list, List::advance, |list| list.key())?;
    assert_eq!(stats.path_count, 3);

    let mut listed = Vec::new();
    let stats = for_each_deserialized_path(&stream[..], |index, path| {
        listed.push((index, path.to_vec()));
        if index > 100 { Err(io::Error::other("too many")) } else { Ok(()) }
    })?;
    assert_eq!(listed, [(0, b"b".to_vec()), (1, b"".to_vec()), (2, b"a".to_vec())]);
    assert!(format!("{stats:?}").starts_with("DeserializationStats { bytes_in: "));
    Ok(())
}
