//! A five-minute tour of the library: a map, reading and writing through zippers, sharing,
//! grafting, and threads.
//!
//! ```text
//! cargo run --release --example tour
//! ```

use bytetrie::PathMap;
use bytetrie::zipper::*;

fn main() {
    a_map();
    reading();
    writing();
    sharing();
    grafting();
    threads();
}

fn text(path: &[u8]) -> String {
    path.escape_ascii().to_string()
}

/// A map from byte paths to values. Any sequence of bytes is a path, including the empty one.
fn a_map() {
    println!("1. A map");
    let mut map = PathMap::new();
    map.insert("roman", 1);
    map.insert("romulus", 2);
    map.insert(b"rom\x00", 3);
    assert_eq!(map.insert("roman", 10), Some(1), "inserting returns the old value");

    assert_eq!(map.get("romulus"), Some(&2));
    assert_eq!(map.get("rom"), None, "a path that leads to values has no value itself");
    assert!(map.path_exists_at("rom"), "but it is a location");
    if let Some(value) = map.get_mut("romulus") {
        *value += 20;
    }
    assert_eq!(map.remove("rom\0"), Some(3));
    for (path, value) in map.iter() {
        println!("   {} = {value}", text(&path));
    }
    assert_eq!(map.val_count(), 2);
}

/// A zipper is a cursor: it is at one place in the trie, its focus, and moves step by step.
fn reading() {
    println!("2. Reading through a zipper");
    let mut map = PathMap::new();
    for (i, path) in ["rom", "romane", "romanus", "romulus", "rubens"].into_iter().enumerate() {
        map.insert(path, i);
    }

    // Move down, look, move up. Moving to a path that does not exist is not an error.
    let mut zipper = map.read_zipper();
    zipper.descend_to("rom");
    assert_eq!(zipper.val(), Some(&0));
    assert_eq!(zipper.child_count(), 2, "romA… and romU…");
    zipper.descend_to("x");
    assert!(!zipper.path_exists());
    zipper.ascend(1);

    // Move down while there is exactly one child, to the next value or branch.
    assert!(zipper.descend_first_byte() && zipper.descend_until());
    assert_eq!(zipper.path(), b"roman");

    // The values after the focus, in path order.
    while zipper.to_next_val() {
        println!("   after roman comes {}", text(zipper.path()));
    }

    // A zipper never moves above its root, and its paths are relative to the root.
    let mut rooted = map.read_zipper_at_path("rom");
    let mut below = Vec::new();
    while rooted.to_next_val() {
        below.push(text(rooted.path()));
    }
    assert_eq!(below, ["ane", "anus", "ulus"]);
    assert_eq!(rooted.origin_path(), b"rom");
}

/// A write zipper moves like a read zipper. Moving creates no path; only writing does.
fn writing() {
    println!("3. Writing through a zipper");
    let mut map = PathMap::new();
    let mut zipper = map.write_zipper_at_path(b"shop/");
    for (fruit, price) in [("apple", 3), ("apricot", 5), ("banana", 2)] {
        zipper.descend_to(fruit);
        zipper.set_val(price);
        zipper.reset();
    }
    zipper.descend_to("banana");
    assert_eq!(zipper.remove_val(true), Some(2), "true: also delete the path that led only there");
    zipper.reset();

    zipper.descend_to("ap");
    *zipper.get_val_or_set_mut(0) += 1;
    assert!(zipper.insert_prefix("green/"), "everything below the focus moves down");
    drop(zipper);

    let paths: Vec<String> = map.iter().map(|(path, _)| text(&path)).collect();
    println!("   {}", paths.join(", "));
    assert_eq!(paths, ["shop/ap", "shop/apgreen/ple", "shop/apgreen/ricot"]);
}

/// A clone is O(1) and shares every node. A write to one map is never visible in the other.
fn sharing() {
    println!("4. Sharing");
    let mut map = PathMap::new();
    for i in 0..100_000u64 {
        map.insert(i.to_be_bytes(), i);
    }
    let start = std::time::Instant::now();
    let mut edited = map.clone();
    edited.insert(7u64.to_be_bytes(), 700);
    println!("   a clone of 100,000 values, and one edit: {:?}", start.elapsed());
    assert_eq!(map.get(7u64.to_be_bytes()), Some(&7));
    assert_eq!(edited.get(7u64.to_be_bytes()), Some(&700));
}

/// A subtrie can be moved or copied as a whole, without copying its nodes.
fn grafting() {
    println!("5. Grafting");
    let mut library = PathMap::new();
    library.insert("v1/reader", "Ada");
    library.insert("v1/writer", "Ben");

    let mut next = PathMap::new();
    let mut zipper = next.write_zipper_at_path(b"v2/");
    zipper.graft(&library.read_zipper_at_path("v1/"));
    zipper.descend_to("editor");
    zipper.set_val("Cy");
    drop(zipper);

    let paths: Vec<String> = next.iter().map(|(path, name)| format!("{} {name}", text(&path))).collect();
    println!("   {}", paths.join(", "));
    assert_eq!(paths, ["v2/editor Cy", "v2/reader Ada", "v2/writer Ben"]);
    assert_eq!(library.val_count(), 2, "the source is unchanged");

    let mut zipper = next.write_zipper();
    zipper.descend_to("v2/");
    let taken = zipper.take_map(true).expect("there is a subtrie");
    drop(zipper);
    assert_eq!(taken.get("writer"), Some(&"Ben"));
    assert!(next.is_empty());
}

/// A head creates many zippers in one map: for any path, either one writer or any number of
/// readers.
fn threads() {
    println!("6. Threads");
    let mut map = PathMap::<u64>::new();
    for i in 0..1000u64 {
        map.insert([b"in/", &i.to_be_bytes()[..]].concat(), i);
    }
    let head = map.zipper_head();
    std::thread::scope(|scope| {
        for worker in 0..2u8 {
            let mut reader = head.read_zipper_at_path("in/").expect("readers do not exclude each other");
            let mut writer =
                head.write_zipper_at_exclusive_path([b'o', worker]).expect("no other zipper is there");
            scope.spawn(move || {
                let witness = reader.witness();
                while let Some(value) = reader.to_next_get_val_with_witness(&witness) {
                    if value % 2 == u64::from(worker) {
                        writer.descend_to(reader.path());
                        writer.set_val(value * value);
                        writer.reset();
                    }
                }
            });
        }
    });

    // While a zipper is alive, requests for zippers that it excludes fail. The error names the
    // zipper.
    let writer = head.write_zipper_at_exclusive_path("o").expect("the workers have ended");
    let Err(conflict) = head.read_zipper_at_path("o\x01") else {
        panic!("the writer above excludes a reader below");
    };
    println!("   {conflict}");
    drop(writer);
    drop(head);

    assert_eq!(map.read_zipper_at_path("o\0").val_count(), 500, "the even values");
    assert_eq!(map.get([&b"o\x01"[..], &31u64.to_be_bytes()].concat()), Some(&961));
}
