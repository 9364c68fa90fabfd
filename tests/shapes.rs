//! Tries of extreme shapes: very long keys, very deep tries, full nodes, and sharing that makes the number of paths
//! exponential. All of it on a stack too small for recursion on depth.

use std::collections::BTreeMap;
use std::rc::Rc;

use bytetrie::testing::keys;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::zipper::*;
use bytetrie::{
    ByteMask, Conflict, Entry, IntoIter, Iter, IterMut, Keys, OccupiedEntry, PathMap, VacantEntry, Values,
    ValuesMut, ZipperKind,
};

/// Runs a test on a stack of 128 KiB: what recurses on the depth of a trie overflows it.
fn on_small_stack<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(128 << 10);
        let thread = builder.spawn_scoped(scope, work).expect("a thread can be started");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn under_both_limits(work: impl Fn()) {
    work();
    with_limits(Limits::TINY, work);
}

// ---------------------------------------------------------------------------------------------------- long keys

const MEGABYTE: usize = 1 << 20;

/// Three keys of a megabyte: they part near the front, near the end, and the third is a prefix of the second.
fn megabyte_keys() -> [Vec<u8>; 3] {
    let first: Vec<u8> = (0..MEGABYTE).map(|i| (i * 7 + i / 251) as u8).collect();
    let mut second = first.clone();
    second[MEGABYTE - 2] ^= 1;
    let mut third = first.clone();
    third[1] ^= 1;
    [first, second, third]
}

fn megabyte_map() -> PathMap<u8> {
    megabyte_keys().into_iter().zip(1..).collect()
}

#[test]
fn megabyte_keys_are_found_and_their_neighbours_are_not() {
    on_small_stack(|| {
        under_both_limits(|| {
            let map = megabyte_map();
            map.check().unwrap();
            assert_eq!(map.val_count(), 3);
            for (key, value) in megabyte_keys().iter().zip(1..) {
                assert_eq!(map.get(key), Some(&value));
                for wrong in [0, 3, MEGABYTE / 2, MEGABYTE - 1] {
                    let mut other = key.clone();
                    other[wrong] ^= 0x80;
                    assert_eq!(map.get(&other), None);
                    assert!(!map.path_exists_at(&other));
                }
                assert_eq!(map.get(&key[..MEGABYTE - 1]), None);
                assert!(map.path_exists_at(&key[..MEGABYTE - 1]));
                assert_eq!(map.get([&key[..], &[0]].concat()), None);
            }
        });
    });
}

#[test]
fn megabyte_keys_are_inserted_replaced_and_removed() {
    on_small_stack(|| {
        under_both_limits(|| {
            let mut map = megabyte_map();
            let [first, second, third] = megabyte_keys();
            let snapshot = map.clone();
            assert_eq!(map.insert(&second, 9), Some(2));
            assert_eq!(map.insert(&second[..MEGABYTE / 2], 8), None);
            map.check().unwrap();
            assert!(map != snapshot && snapshot.get(&second) == Some(&2));
            assert_eq!(map.remove(&first), Some(1));
            assert_eq!(map.get(&second), Some(&9));
            assert!(!map.path_exists_at(&first[..MEGABYTE - 1]));
            assert!(map.path_exists_at(&second[..MEGABYTE - 1]));
            assert_eq!(map.remove(&second), Some(9));
            assert!(!map.path_exists_at(&second[..MEGABYTE / 2 + 1]));
            map.check().unwrap();
            assert_eq!(map.remove(&third), Some(3));
            assert_eq!(map.remove(&second[..MEGABYTE / 2]), Some(8));
            assert_eq!(map.heap_size(), 0);
            assert_eq!(snapshot, megabyte_map());
        });
    });
}

#[test]
fn megabyte_keys_are_walked_and_iterated() {
    on_small_stack(|| {
        under_both_limits(|| {
            let map = megabyte_map();
            let sorted: BTreeMap<_, _> = megabyte_keys().into_iter().zip(1..).collect();
            assert!(map.iter().map(|(path, value)| (path, *value)).eq(sorted.clone()));
            assert!(
                map.iter().rev().map(|(path, value)| (path, *value)).eq(sorted.clone().into_iter().rev())
            );
            assert!(map.clone().into_iter().eq(sorted.clone()));

            let mut reader = map.read_zipper();
            for (key, value) in &sorted {
                assert!(reader.to_next_val());
                assert_eq!((reader.path() == &key[..], reader.val()), (true, Some(value)));
            }
            assert!(!reader.to_next_val());
            for (key, value) in sorted.iter().rev() {
                assert!(reader.to_prev_val());
                assert_eq!((reader.path() == &key[..], reader.val()), (true, Some(value)));
            }

            let [first, second, _] = megabyte_keys();
            reader.reset();
            assert!(reader.descend_until());
            assert_eq!(reader.path(), &first[..1]);
            reader.descend_to(&first[1..]);
            assert_eq!(reader.val(), Some(&1));
            assert!(reader.ascend_until());
            assert_eq!(reader.path().len(), MEGABYTE - 2);
            assert_eq!(reader.move_to_path(&second), MEGABYTE - 2);
            assert_eq!(reader.val(), Some(&2));
            for depth in (MEGABYTE - 3000..MEGABYTE).rev() {
                assert!(reader.ascend_byte() && reader.path_exists());
                assert_eq!(reader.path().len(), depth);
            }
            assert!(reader.ascend(MEGABYTE - 3000) && reader.at_root());
            assert_eq!(reader.descend_to_existing([&first[..], b"more"].concat()), MEGABYTE);
            reader.reset();
            assert!(reader.descend_first_k_path(MEGABYTE));
            assert_eq!(reader.val(), sorted.values().next());
        });
    });
}

#[test]
fn megabyte_keys_under_a_writer_and_a_head() {
    on_small_stack(|| {
        under_both_limits(|| {
            let mut map = megabyte_map();
            let [first, second, _] = megabyte_keys();
            let middle = MEGABYTE / 2;
            let mut writer = map.write_zipper_at_path(&first[..middle]);
            writer.descend_to(&second[middle..]);
            assert_eq!(writer.set_val(7), Some(2));
            writer.reset();
            let taken = writer.take_map(true).unwrap();
            assert_eq!(taken.get(&second[middle..]), Some(&7));
            writer.graft_map(taken);
            writer.insert_prefix(&first[..1000]);
            drop(writer);
            map.check().unwrap();
            assert_eq!(map.get([&first[..middle], &first[..1000], &first[middle..]].concat()), Some(&1));

            let head = map.zipper_head();
            let mut writer = head.write_zipper_at_exclusive_path(&first[..middle]).unwrap();
            let conflict = head.read_zipper_at_path(&first).unwrap_err();
            assert_eq!(conflict.path(), &first[..middle]);
            writer.descend_to(&first[..1000]);
            assert!(!writer.remove_prefix(1001));
            drop(writer);
            drop(head);
            map.check().unwrap();
            assert_eq!((map.get(&first), map.get(&second)), (Some(&1), Some(&7)));
        });
    });
}

// ---------------------------------------------------------------------------------------------------- deep tries

/// Every prefix of a path of so many bytes has a value.
///
/// Every verb below is linear in it, but without optimization a level takes tens of microseconds, so fewer make do then.
const DEEP: usize = if cfg!(debug_assertions) { 200_000 } else { 1_000_000 };

/// At the default limits each new level rebuilds a list of 32 entries, with tiny ones a list of three; there are no
/// fewer nodes.
fn deep(work: impl FnOnce() + Send) {
    on_small_stack(|| with_limits(Limits::TINY, work));
}

fn byte_at(depth: usize) -> u8 {
    (depth % 7) as u8
}

fn deep_path() -> Vec<u8> {
    (0..DEEP).map(byte_at).collect()
}

fn deep_map() -> PathMap<u32> {
    let mut map = PathMap::new();
    let mut writer = map.write_zipper();
    for depth in 0..DEEP {
        writer.descend_to_byte(byte_at(depth));
        assert_eq!(writer.set_val(depth as u32), None);
    }
    drop(writer);
    map
}

#[test]
fn a_million_nested_prefixes() {
    deep(|| {
        let map = deep_map();
        let path = deep_path();
        assert_eq!((map.val_count(), map.is_empty()), (DEEP, false));
        assert_eq!(map.get(&path), Some(&(DEEP as u32 - 1)));
        assert_eq!(map.get(&path[..DEEP / 2]), Some(&(DEEP as u32 / 2 - 1)));
        assert!(map.heap_size() > DEEP);

        // Forth and back by values, lending the path.
        let mut reader = map.read_zipper();
        for depth in 0..DEEP {
            assert!(reader.to_next_val());
            assert_eq!((reader.path().len(), reader.val()), (depth + 1, Some(&(depth as u32))));
        }
        assert!(reader.path() == path);
        for depth in (1..DEEP).rev() {
            assert!(reader.ascend_until());
            assert_eq!(reader.path().len(), depth);
        }
        reader.reset();
        assert!(reader.descend_last_path());
        assert_eq!(reader.path().len(), DEEP);
        assert_eq!(reader.val_count(), 1);
        drop(reader);

        // A copy is written at the bottom, which copies every node; the original stays.
        let mut copy = map.clone();
        assert_eq!(copy.insert(&path, 7), Some(DEEP as u32 - 1));
        assert_eq!(copy.remove(&path[..DEEP - 1]), Some(DEEP as u32 - 2));
        assert_eq!(map.get(&path), Some(&(DEEP as u32 - 1)));
        assert_eq!((map.val_count(), copy.val_count()), (DEEP, DEEP - 1));
        drop(map);
        copy.shrink_to_fit();
        assert_eq!(copy.get(&path), Some(&7));

        // Cut in the middle, pruned, and dropped.
        let mut writer = copy.write_zipper();
        writer.descend_to(&path[..DEEP / 2]);
        let lower = writer.take_map(true).unwrap();
        assert_eq!((lower.val_count(), writer.val_count()), (DEEP / 2, 0));
        drop(writer);
        assert_eq!(copy.val_count(), DEEP / 2 - 1);
        drop(lower);
    });
}

#[test]
fn a_million_nested_prefixes_are_removed_from_the_bottom() {
    deep(|| {
        let mut map = deep_map();
        let mut writer = map.write_zipper();
        writer.descend_to(deep_path());
        for depth in (0..DEEP).rev() {
            assert_eq!(writer.remove_val(true), Some(depth as u32));
            assert!(writer.ascend_byte());
        }
        drop(writer);
        assert_eq!((map.val_count(), map.heap_size()), (0, 0));
    });
}

#[test]
fn a_million_nested_prefixes_under_a_head() {
    deep(|| {
        let mut map = deep_map();
        let path = deep_path();
        let snapshot = map.clone();
        let head = map.zipper_head();
        let mut writer = head.write_zipper_at_exclusive_path(&path[..DEEP - 10]).unwrap();
        assert!(writer.remove_branches(false));
        assert_eq!(writer.set_val(1), Some(DEEP as u32 - 11));
        drop(writer);
        drop(head);
        assert_eq!((map.val_count(), snapshot.val_count()), (DEEP - 10, DEEP));
        drop(snapshot);
        assert_eq!(map.get(&path[..DEEP - 10]), Some(&1));
    });
}

/// The verbs of a map that give out owned paths copy each of them, so what visits every level takes time in the square
/// of the depth. They are shown here at a depth where that is cheap.
#[test]
fn nested_prefixes_by_verbs_that_copy_paths() {
    on_small_stack(|| {
        let depth = 1_000;
        let path = vec![b'x'; depth];
        let mut map: PathMap<u32> = (1..=depth).map(|len| (&path[..len], len as u32)).collect();
        map.check().unwrap();
        assert_eq!(
            map,
            map.iter().collect::<Vec<_>>().into_iter().map(|(path, &value)| (path, value)).collect()
        );
        assert_eq!(map.iter().next_back(), Some((path.clone(), &(depth as u32))));
        assert_eq!(map.range(&path[..depth - 2]..).count(), 3);
        map.iter_mut().for_each(|(path, value)| *value += path.len() as u32);
        assert_eq!(map.pop_last(), Some((path.clone(), 2 * depth as u32)));
        map.retain(|path, _| path.len() % 2 == 0);
        assert_eq!(map.len(), depth / 2 - 1);
        assert_eq!(map.into_iter().count(), depth / 2 - 1);
    });
}

// ---------------------------------------------------------------------------------------------------- full nodes

#[test]
fn nodes_of_256_ways() {
    under_both_limits(|| {
        let mut map = PathMap::new();
        for byte in (0..=255u8).rev() {
            map.insert([byte], u16::from(byte));
            map.insert([byte, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1000 + u16::from(byte));
            map.insert([7, byte], 2000 + u16::from(byte));
            map.check().unwrap();
        }
        assert_eq!(map.val_count(), 3 * 256);
        let mut reader = map.read_zipper();
        assert_eq!((reader.child_count(), reader.child_mask()), (256, ByteMask::FULL));
        for byte in 0..=255u8 {
            assert!(reader.descend_indexed_byte(byte as usize));
            assert_eq!((reader.path(), reader.val()), (&[byte][..], Some(&u16::from(byte))));
            assert_eq!(reader.val_at([1, 2, 3, 4, 5, 6, 7, 8, 9]), Some(&(1000 + u16::from(byte))));
            assert_eq!(reader.to_next_sibling_byte(), byte < 255);
            reader.reset();
        }
        assert!(!reader.descend_indexed_byte(256));
        drop(reader);
        // Down to nothing, from both ends: children, tails and plain values leave in turn.
        for byte in 0..128u8 {
            for byte in [byte, 255 - byte] {
                assert_eq!(map.remove([7, byte]), Some(2000 + u16::from(byte)));
                assert_eq!(map.remove([byte]), Some(u16::from(byte)));
                assert_eq!(map.remove([byte, 1, 2, 3, 4, 5, 6, 7, 8, 9]), Some(1000 + u16::from(byte)));
                map.check().unwrap();
            }
        }
        assert_eq!(map.heap_size(), 0);
    });
}

/// The maps that a sorted iterator and inserts build.
fn built_and_inserted(mut keys: Vec<Vec<u8>>) -> (PathMap<u32>, PathMap<u32>) {
    keys.sort();
    let built = PathMap::from_sorted_iter(keys.iter().zip(0u32..));
    if let Err(malformed) = built.check() {
        panic!(
            "malformed below {} bytes: {}",
            malformed.path.len(),
            malformed.what.get(..80).unwrap_or_default()
        );
    }
    (built, keys.iter().zip(0u32..).collect())
}

#[test]
fn a_sorted_iterator_builds_what_inserts_build() {
    under_both_limits(|| {
        for keys in [
            keys::words(10_000, 1),
            keys::file_paths(5_000, 2),
            keys::random_u64(10_000, 3),
            keys::consecutive_u64(10_000),
            keys::random_bytes(10_000, 0..=20, 4),
            keys::nested(600).iter().map(<[u8]>::to_vec).collect(),
        ] {
            let (built, inserted) = built_and_inserted(keys);
            assert!(built == inserted);
        }
    });
}

/// The two decide on splits with other entries at hand, so neither is always smaller: 3 % is what they were seen to differ by.
#[test]
fn a_sorted_iterator_builds_nodes_as_full_as_inserts_do() {
    for keys in [
        keys::words(30_000, 1),
        keys::file_paths(10_000, 2),
        keys::random_u64(20_000, 3),
        keys::consecutive_u64(20_000),
        keys::random_bytes(20_000, 0..=20, 4),
    ] {
        let (built, inserted) = built_and_inserted(keys);
        assert!(
            100 * built.heap_size() <= 103 * inserted.heap_size(),
            "{} against {}",
            built.heap_size(),
            inserted.heap_size()
        );
    }
}

/// Two keys that share more than one entry's suffix can hold, 2,000 bytes: they must not become two equal entries.
#[test]
fn a_sorted_iterator_of_keys_that_share_thousands_of_bytes() {
    under_both_limits(|| {
        for shared in [1_998, 1_999, 2_000, 2_001, 4_000, 10_000] {
            let keys = |ends: &[&str]| {
                ends.iter().map(|end| [&vec![b'k'; shared], end.as_bytes()].concat()).collect()
            };
            for keys in
                [keys(&["a", "b"]), keys(&["", "a", "b", "bc"]), keys(&["aa", "ab", "ac", "b", "c", "d"])]
            {
                let keys: Vec<Vec<u8>> = keys;
                let (built, inserted) = built_and_inserted(keys.clone());
                for (key, value) in keys.iter().zip(0..) {
                    assert_eq!(built.get(key), Some(&value), "{shared} bytes are shared");
                }
                assert!(built == inserted);
            }
        }
    });
    let (built, inserted) = built_and_inserted(keys::long(50_000, 5));
    assert!(built == inserted);
}

#[test]
fn a_sorted_iterator_of_many_keys() {
    on_small_stack(|| {
        let keys = || (0..300_000u64).map(|i| (i * 3).to_be_bytes());
        let map = PathMap::from_sorted_iter(keys().zip(0u32..));
        map.check().unwrap();
        assert_eq!(map.val_count(), 300_000);
        for (key, value) in keys().zip(0u32..).step_by(97) {
            assert_eq!(map.get(key), Some(&value));
        }
        assert!(map.heap_size() < 300_000 * 16, "{} bytes", map.heap_size());
    });
}

#[test]
fn an_iterator_out_of_order_or_with_duplicates_counts_the_last() {
    under_both_limits(|| {
        let entries: [(&str, u8); 12] = [
            ("", 1),
            ("", 2),
            ("a", 3),
            ("ab", 4),
            ("ab", 5),
            ("abc", 6),
            ("b", 7),
            ("a", 8),
            ("", 9),
            ("zz", 10),
            ("ab", 11),
            ("c", 12),
        ];
        for cut in 0..=entries.len() {
            let model: BTreeMap<&str, u8> = entries[..cut].iter().copied().collect();
            let map = PathMap::from_sorted_iter(entries[..cut].iter().copied());
            map.check().unwrap();
            let found: Vec<_> = map.iter().map(|(path, value)| (path, *value)).collect();
            assert!(
                found
                    .iter()
                    .map(|(path, value)| (&path[..], *value))
                    .eq(model.iter().map(|(p, v)| (p.as_bytes(), *v)))
            );
        }
    });
}

#[test]
fn nothing_is_left_when_all_is_removed() {
    let sets = [keys::words(3_000, 7), keys::file_paths(1_000, 8), keys::random_bytes(3_000, 0..=12, 9)];
    under_both_limits(|| {
        for keys in &sets {
            let mut map: PathMap<u64> = keys.iter().zip(0u64..).collect();
            let mut shuffled = keys.clone();
            keys::Rng::new(10).shuffle(&mut shuffled);
            for key in &shuffled {
                map.remove(key);
            }
            assert_eq!((map.heap_size(), map.val_count()), (0, 0));
            assert!(map == PathMap::new());
        }
    });
}

/// A list's limit, a wide node's shrinking, absorption: each insert beside each remove, over and over.
#[test]
fn around_the_limits() {
    under_both_limits(|| {
        for (before, after) in [(0, 0), (0, 1), (0, 9), (1, 0), (3, 2)] {
            let key = |i: u8| [&vec![b'p'; before][..], &[i], &vec![i; after]].concat();
            let mut map = PathMap::new();
            for top in 0..80u8 {
                for _ in 0..3 {
                    assert_eq!(map.insert(key(top), top), None);
                    map.check().unwrap();
                    assert_eq!(map.remove(key(top)), Some(top));
                    map.check().unwrap();
                }
                assert_eq!(map.insert(key(top), top), None);
                assert_eq!(map.len(), top as usize + 1);
            }
            for top in (0..80u8).rev() {
                for _ in 0..3 {
                    assert_eq!(map.remove(key(top)), Some(top));
                    map.check().unwrap();
                    assert_eq!(map.insert(key(top), top), None);
                    map.check().unwrap();
                }
                assert_eq!(map.remove(key(top)), Some(top));
                assert_eq!(map.len(), top as usize);
            }
            assert_eq!(map.heap_size(), 0);
        }
    });
}

#[test]
fn the_empty_path_is_a_key() {
    under_both_limits(|| {
        let mut map = PathMap::new();
        assert_eq!(map.insert("", 1), None);
        assert_eq!((map.get(""), map.len(), map.is_empty()), (Some(&1), 1, false));
        map.check().unwrap();
        for i in 0..60u8 {
            map.insert([i, i], 2);
            assert_eq!(map.insert("", 1), Some(1));
            map.check().unwrap();
        }
        assert_eq!(map.first_key_value(), Some((Vec::new(), &1)));
        assert_eq!(map.entry("").or_insert(5), &1);
        *map.get_mut("").unwrap() = 3;
        let mut writer = map.write_zipper();
        assert_eq!(writer.remove_val(true), Some(3));
        assert_eq!(writer.set_val(4), None);
        drop(writer);
        assert_eq!(map.pop_first(), Some((Vec::new(), 4)));
        assert_eq!(map.remove(""), None);
        assert!(map.path_exists_at("") && map.len() == 60);
        assert!(!PathMap::<u8>::new().create_path(""));
    });
}

// ---------------------------------------------------------------------------------------------------- sharing

/// A map in which each of so many levels holds the level below it under four bytes: 4^levels paths.
fn exponential(levels: usize) -> PathMap<u8> {
    let mut map = PathMap::single("", 1);
    for _ in 0..levels {
        let mut above = PathMap::new();
        let mut writer = above.write_zipper();
        for byte in b"abcd" {
            writer.descend_to_byte(*byte);
            writer.graft_map(map.clone());
            writer.reset();
        }
        drop(writer);
        map = above;
    }
    map
}

#[test]
fn exponential_sharing_is_counted_at_once() {
    on_small_stack(|| {
        under_both_limits(|| {
            let map = exponential(16);
            assert_eq!(map.val_count(), 1 << 32);
            assert!(map.heap_size() < 1 << 16);
            assert_eq!(map.read_zipper_at_path("abcd").val_count(), 1 << 24);
            assert_eq!(map.get("abcdabcdabcdabcd"), Some(&1));
            let mut reader = map.read_zipper();
            assert!((0..1000).all(|_| reader.to_next_val()));
            assert_eq!(reader.path().len(), 16);
            drop(reader);

            // Written below much sharing: only the one path changes.
            let mut copy = map.clone();
            assert_eq!(copy.remove("abcdabcdabcdabcd"), Some(1));
            copy.insert("abcd", 2);
            assert_eq!((map.val_count(), copy.val_count()), (1 << 32, 1 << 32));
            assert_eq!(copy.get("abcdabcdabcdabca"), Some(&1));
            assert_eq!(map.get("abcd"), None);
            assert!(map == map.clone() && !map.is_empty());
        });
    });
}

#[test]
fn counts_saturate() {
    on_small_stack(|| {
        let map = exponential(40);
        assert_eq!((map.val_count(), map.len()), (usize::MAX, usize::MAX));
        assert_eq!(map.read_zipper_at_path("abcdabcd").val_count(), usize::MAX);
        // One level more, at an inner spot of a node.
        let mut above = PathMap::new();
        let mut writer = above.write_zipper_at_path(b"prefix");
        writer.graft_map(map);
        drop(writer);
        assert_eq!(above.read_zipper_at_path("pre").val_count(), usize::MAX);
        assert_eq!(above.iter().len(), usize::MAX);
    });
}

// ---------------------------------------------------------------------------------------------------- types

fn send<T: Send>() {}
fn sync<T: Sync>() {}
fn both<T: Send + Sync>() {
    send::<T>();
    sync::<T>();
}

/// Compiles iff the types are what the documentation says.
#[test]
fn what_is_sent_and_shared() {
    type V = String;
    both::<PathMap<V>>();
    both::<(Iter<'_, V>, IterMut<'_, V>, IntoIter<V>, Keys<'_, V>, Values<'_, V>, ValuesMut<'_, V>)>();
    both::<(Entry<'_, V>, OccupiedEntry<'_, V>, VacantEntry<'_, V>)>();
    both::<(ByteMask, Conflict, ZipperKind)>();
    both::<(ReadZipperUntracked<'_, '_, V>, ReadZipperTracked<'_, '_, V>, ReadZipperOwned<V>)>();
    both::<(WriteZipperUntracked<'_, '_, V>, WriteZipperTracked<'_, '_, V>, WriteZipperOwned<V>)>();
    both::<(ZipperHead<'_, '_, V>, ZipperHeadOwned<V>, ReadZipperWitness<V>)>();
    both::<(TrieRef<'_, V>, TrieRefBorrowed<'_, V>, TrieRefOwned<V>)>();
    both::<(ReadZipperIter<'_, '_, V>, ReadZipperPathIter<'_, '_, V>, OwnedZipperIter<V>)>();
    // What is 'static where the map is.
    fn is_static<T: 'static>() {}
    is_static::<(
        PathMap<V>,
        ReadZipperOwned<V>,
        WriteZipperOwned<V>,
        ZipperHeadOwned<V>,
        ReadZipperWitness<V>,
    )>();
    is_static::<(ReadZipperTracked<'static, 'static, V>, WriteZipperTracked<'static, 'static, V>)>();
}

/// Resolves to `Yes` for a type that has the trait, and to `No` for others: method lookup takes the bounded one first.
macro_rules! is {
    ($type:ty: $bound:path) => {{
        struct Probe<T>(std::marker::PhantomData<T>);
        #[allow(dead_code)]
        trait No {
            fn answer(&self) -> bool {
                false
            }
        }
        impl<T> No for Probe<T> {}
        #[allow(dead_code)]
        impl<T: $bound> Probe<T> {
            fn answer(&self) -> bool {
                true
            }
        }
        Probe::<$type>(std::marker::PhantomData).answer()
    }};
}

#[test]
fn values_of_one_thread_make_maps_of_one_thread() {
    type R = Rc<u8>;
    assert!(is!(PathMap<u8>: Send) && is!(PathMap<u8>: Sync));
    assert!(!is!(PathMap<R>: Send) && !is!(PathMap<R>: Sync));
    assert!(
        !is!(ReadZipperOwned<R>: Send) && !is!(WriteZipperOwned<R>: Send) && !is!(ReadZipperWitness<R>: Send)
    );
    assert!(
        !is!(ReadZipperUntracked<'static, 'static, R>: Send)
            && !is!(WriteZipperUntracked<'static, 'static, R>: Send)
    );
    assert!(
        !is!(ReadZipperTracked<'static, 'static, R>: Send)
            && !is!(WriteZipperTracked<'static, 'static, R>: Send)
    );
    assert!(!is!(ZipperHead<'static, 'static, R>: Sync) && !is!(ZipperHeadOwned<R>: Sync));
    assert!(!is!(IterMut<'static, R>: Send) && !is!(TrieRefOwned<R>: Sync));
    // A value that may be sent but not shared makes a map that can be neither: a node may have owners elsewhere.
    type C = std::cell::Cell<u8>;
    assert!(!is!(PathMap<C>: Send) && !is!(PathMap<C>: Sync) && !is!(ZipperHeadOwned<C>: Sync));

    let value = Rc::new(5);
    let mut map: PathMap<R> = (0..100u8).map(|i| ([i, i], value.clone())).collect();
    let copy = map.clone();
    map.remove([3, 3]);
    assert_eq!(copy.len(), 100);
    let head = map.zipper_head();
    let mut writer = head.write_zipper_at_exclusive_path([4]).unwrap();
    writer.remove_branches(true);
    drop(writer);
    drop(head);
    assert_eq!(map.len(), 98);
    drop((map, copy));
    assert_eq!(Rc::strong_count(&value), 1);
}
