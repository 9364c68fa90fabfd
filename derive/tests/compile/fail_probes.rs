//! What borrows, by way of each type that may not be varied or outlive what it borrows.
use bytetrie::PathMap;
use bytetrie::zipper::{
    ReadZipperTracked, WriteZipperTracked, WriteZipperUntracked, ZipperHead, ZipperHeadOwned,
};

fn writer<'s, 'l: 's>(
    long: WriteZipperUntracked<'s, 's, &'l str>,
) -> WriteZipperUntracked<'s, 's, &'s str> {
    long
}

fn head<'s, 'l: 's>(long: ZipperHead<'s, 's, &'l str>) -> ZipperHead<'s, 's, &'s str> {
    long
}

fn head_owned<'s, 'l: 's>(long: ZipperHeadOwned<&'l str>) -> ZipperHeadOwned<&'s str> {
    long
}

fn reader_tracked<'s, 'l: 's>(
    long: ReadZipperTracked<'s, 's, &'l str>,
) -> ReadZipperTracked<'s, 's, &'s str> {
    long
}

fn writer_tracked<'s, 'l: 's>(
    long: WriteZipperTracked<'s, 's, &'l str>,
) -> WriteZipperTracked<'s, 's, &'s str> {
    long
}

fn values_end_first() {
    let mut map = PathMap::new();
    {
        let value = String::from("a");
        map.insert("a", value.as_str());
    }
    drop(map);
}

fn reader_outlives_map() {
    let reader = {
        let map = PathMap::from([("a", 1)]);
        map.read_zipper()
    };
    drop(reader);
}

fn written_while_read() {
    let mut map = PathMap::from([("a", 1)]);
    let reader = map.read_zipper();
    map.insert("b", 2);
    drop(reader);
}

fn main() {}
