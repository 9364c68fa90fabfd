//! Virtual zippers on long paths with small stacks, and their path buffers.

use bytetrie::PathMap;
use bytetrie::zipper::*;

use crate::stack::on_stack;

/// The length of a path on which recursion would overflow a small stack many times over.
const LONG: usize = 1 << 15;

fn long(byte: u8, len: usize) -> PathMap<u64> {
    [(vec![byte; len], 1), ([vec![byte; len - 1], vec![byte + 1]].concat(), 2)].into_iter().collect()
}

/// Moves down a long path and back, at once and by steps of each kind. The trie has two values at
/// the end of the path.
fn there_and_back<Z: ZipperIteration + ZipperValues<u64>>(mut z: Z, len: usize) {
    assert_eq!(z.val_count(), 2);
    assert!(z.descend_first_byte() && z.to_next_val());
    assert_eq!(z.path().len(), len);
    assert!(z.to_next_sibling_byte() && !z.to_next_val() && z.at_root());
    assert!(z.to_prev_val());
    assert!(z.ascend_until());
    assert_eq!((z.path().len(), z.child_count()), (len - 1, 2));
    assert!(z.ascend(len - 1) && z.at_root());
    assert!(z.descend_until());
    assert_eq!(z.path().len(), len - 1);
    let path = z.path().to_vec();
    z.reset();
    assert_eq!(z.descend_to_existing([&path[..], b"!"].concat()), len - 1);
    assert!(z.descend_first_byte() && z.is_val());
    assert!(!z.descend_to_check("absent") && z.ascend_until() && z.is_val());
    z.move_to_path(&path[..len / 2]);
    assert!(z.descend_first_k_path(len - len / 2) && z.to_next_k_path(len - len / 2));
    assert!(!z.to_next_k_path(len));
    drop(z);
}

#[test]
fn long_paths_by_each_zipper_on_a_small_stack() {
    let (map, short) = (long(b'm', LONG), long(b'm', 4));
    let other = [(vec![b'm'; LONG - 1], 1), (b"beside".to_vec(), 2)].into_iter().collect::<PathMap<u64>>();
    let nothing = PathMap::<u64>::new();
    on_stack(128, || {
        let map = || map.read_zipper();
        there_and_back(ProductZipperG::new(nothing.read_zipper(), [map(), nothing.read_zipper()]), LONG);
        there_and_back(PrefixZipper::new(vec![b'p'; LONG], short.read_zipper()), LONG + 4);
        there_and_back(OneFactor::new(map()), LONG);
        there_and_back(OverlayZipper::new(map(), map()), LONG);
        there_and_back(JoinZipper::new(map(), map()), LONG);
        there_and_back(MeetZipper::new(map(), map()), LONG);
        there_and_back(SubtractZipper::new(map(), other.read_zipper()), LONG);
        there_and_back(OverlayZipper::new(map(), map()).fork_read_zipper(), LONG);
    });
    on_stack(128, || {
        there_and_back(ProductZipper::new(nothing.read_zipper(), [map.read_zipper()]), LONG);
    });
}

#[test]
fn many_seams_on_a_small_stack() {
    const SEAMS: usize = 10_000;
    let (one, two) = (long(b'a', 1), long(b'x', 1));
    let (bare, tip) = (PathMap::<u64>::new(), {
        let mut tip = PathMap::new();
        tip.create_path("a");
        tip
    });
    assert_eq!((one.val_count(), bare.val_count()), (2, 0));
    on_stack(128, || {
        let factors = || vec![tip.read_zipper(); SEAMS - 1];
        let ends = ProductZipper::new(tip.read_zipper(), factors().into_iter().chain([two.read_zipper()]));
        there_and_back(ends, SEAMS + 1);
        let ends = ProductZipperG::new(tip.read_zipper(), factors().into_iter().chain([two.read_zipper()]));
        there_and_back(ends, SEAMS + 1);
        let ends = DependentProductZipperG::new_enroll(tip.read_zipper(), (), |(), _: &[u8], factors| {
            let next = if factors + 1 < SEAMS { &tip } else { &two };
            ((), (factors < SEAMS).then(|| next.read_zipper()))
        });
        there_and_back(ends, SEAMS + 1);
    });
}

/// Moves down and up by a byte ten million times, through a seam, after reserving four gigabytes:
/// this takes address space, and the path keeps its address.
#[test]
#[cfg(target_pointer_width = "64")]
fn the_path_stays_at_one_address_for_ten_million_moves() {
    const DEPTH: usize = 100;
    let map: PathMap<u64> = [(vec![b'a'; DEPTH / 2], 1)].into_iter().collect();
    let mut z = ProductZipper::new(map.read_zipper(), [map.read_zipper()]);
    z.reserve_buffers(1 << 32, 32);
    let address = z.path().as_ptr();
    let mut moves = 0;
    while moves < 10_000_000 {
        while z.descend_first_byte() {
            moves += 1;
        }
        assert_eq!((z.path().as_ptr(), z.path().len()), (address, DEPTH));
        while z.ascend_byte() {
            moves += 1;
        }
        assert_eq!(z.path().as_ptr(), address);
    }
}

/// Other moves, on each kind.
#[test]
#[cfg(target_pointer_width = "64")]
fn the_path_of_each_kind_stays_at_one_address() {
    fn walk<Z: ZipperPathBuffer + ZipperIteration>(mut z: Z, moves: usize) {
        z.reserve_buffers(1 << 32, 32);
        let address = z.path().as_ptr();
        let deep: Vec<u8> = (0..200).map(|i| b'a' + i % 2).collect();
        let mut made = 0;
        while made < moves {
            z.descend_to(&deep);
            assert_eq!(z.path().as_ptr(), address);
            z.ascend(150);
            while made < moves && z.to_next_step() {
                made += 1;
                if made % 64 == 0 {
                    z.descend_to_byte(b'c');
                    z.ascend_byte();
                    assert_eq!(z.path().as_ptr(), address);
                }
            }
            z.reset();
            made += 2;
        }
        assert_eq!(z.path().as_ptr(), address);
    }
    let moves = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let map: PathMap<u64> = (0..2_000u64).map(|i| (i.to_be_bytes().map(|byte| b'a' + byte % 4), i)).collect();
    let zipper = || map.read_zipper();
    walk(ProductZipper::new(zipper(), [zipper()]), moves);
    walk(ProductZipperG::new(zipper(), [zipper()]), moves / 10);
    let digits = map.read_zipper();
    let endless =
        DependentProductZipperG::new_enroll(zipper(), (), move |(), _: &[u8], _| ((), Some(digits.clone())));
    walk(endless, moves / 10);
    walk(PrefixZipper::new(b"prefix", zipper()), moves / 10);
    walk(OverlayZipper::new(zipper(), zipper()), moves / 10);
    walk(JoinZipper::new(zipper(), zipper()), moves / 10);
    walk(MeetZipper::new(zipper(), zipper()), moves / 50);
    walk(SubtractZipper::new(zipper(), EmptyZipper::new()), moves / 50);
    walk(EmptyZipper::new(), moves / 10);
}

#[test]
fn the_buffer_may_be_looked_at_beyond_the_path() {
    fn look<Z: ZipperPathBuffer + ZipperAbsolutePath>(mut z: Z) {
        z.prepare_buffers();
        z.reserve_buffers(64, 4);
        let prefix = z.origin_path().to_vec();
        z.descend_to("abcdef");
        let whole = z.origin_path().to_vec();
        z.ascend(4);
        // SAFETY: the path has had this length, and the buffer has not moved since.
        let seen = unsafe { z.origin_path_assert_len(whole.len()) };
        assert_eq!(seen, whole);
        assert_eq!(seen, [&prefix[..], b"abcdef"].concat());
    }
    let map = long(b'a', 3);
    look(EmptyZipper::new_at_path("root/"));
    look(PrefixZipper::new(b"root/", map.read_zipper()).with_origin(b"ro").unwrap());
    look(ProductZipper::new(map.read_zipper_at_path("a"), [map.read_zipper()]));
    look(OverlayZipper::new(map.read_zipper(), map.read_zipper()).fork_read_zipper());
}
