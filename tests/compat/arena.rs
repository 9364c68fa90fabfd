//! A program written for `pathmap` 0.3.5 that keeps tries in files. Without the line that renames
//! this crate, the file also compiles with that crate.

use bytetrie as pathmap;

use std::io;
use std::path::{Path, PathBuf};

use pathmap::PathMap;
use pathmap::arena_compact::{
    ACTMmap, ACTMmapZipper, ACTOutputStream, ACTVec, ACTVecZipper, ACTZipper, ActIter, ArenaCompactTree,
    COMPACT_TREE_MAGIC, Counters, LineId, MAGIC_LENGTH, Node, NodeBranch, NodeId, NodeLine, push_varint_u64,
    read_varint_u64,
};
use pathmap::morphisms::Catamorphism;
use pathmap::utils::ByteMask;
use pathmap::zipper::{
    PrefixZipper, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperIteration, ZipperMoving,
    ZipperPathBuffer, ZipperReadOnlyConditionalValues, ZipperReadOnlyValues, ZipperSubtries, ZipperValues,
};

/// Names the files of one test, and removes them.
struct Files(PathBuf);

impl Files {
    fn new(test: &str) -> Self {
        let name = format!("bytetrie-compat-arena-{test}-{}", std::process::id());
        let files = Self(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&files.0).unwrap();
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn words() -> PathMap<u64> {
    ["romane", "romanus", "romulus", "rubens"].iter().zip(1u64..).collect()
}

/// Writes a map, generic over its values with that crate's bounds.
fn save<V, Z, M>(zipper: Z, map: M, path: &Path) -> io::Result<ACTMmap>
where
    V: Clone + Send + Sync + Unpin,
    Z: Catamorphism<V>,
    M: Fn(&V) -> u64,
{
    ArenaCompactTree::dump_from_zipper(zipper, map, path)
}

/// Updates a file.
fn update<V, Z>(path: &Path, zipper: Z, map: impl Fn(&V) -> u64) -> Result<ACTMmap, io::Error>
where
    Z: Zipper + ZipperMoving + ZipperValues<V>,
{
    ArenaCompactTree::merge_zipper_into_file(path, zipper, map)
}

fn make_cached<V, Z>(zipper: Z) -> ACTVec
where
    Z: Zipper + ZipperMoving + ZipperValues<V> + ZipperConcrete + ZipperAbsolutePath + ZipperPathBuffer,
{
    ArenaCompactTree::from_zipper_cached(zipper, |_| 0)
}

/// A program's type of trees, and its zippers.
struct Index<Storage: AsRef<[u8]>> {
    tree: ArenaCompactTree<Storage>,
}

impl<Storage: AsRef<[u8]>> Index<Storage> {
    fn zipper(&self) -> ACTZipper<'_, Storage, u64> {
        self.tree.read_zipper_u64()
    }

    fn sum(&self) -> u64 {
        let entries: ActIter<'_, Storage, u64> = self.tree.iter();
        entries.map(|(_path, value): (Vec<u8>, u64)| value).sum()
    }
}

fn last<'tree>(zipper: &mut ACTMmapZipper<'tree, u64>) -> Option<&'tree u64> {
    let mut last = None;
    while zipper.to_next_val() {
        last = zipper.get_val();
    }
    last
}

fn paths(mut zipper: ACTVecZipper<'_, ()>) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    while zipper.to_next_val() {
        paths.push(zipper.path().to_vec());
    }
    paths
}

#[test]
fn trees_are_written_opened_and_merged() -> io::Result<()> {
    let files = Files::new("files");
    let path = files.path("words.act");
    let tree = save(words().read_zipper(), |&value| value, &path)?;
    assert_eq!(tree.get_val_at("romulus"), Some(3));
    let counters: &Counters = tree.counters();
    assert!(!format!("{:?}", counters.clone()).is_empty());

    let tree = ArenaCompactTree::open_mmap(&path)?;
    assert_eq!(last(&mut tree.read_zipper_at_path_u64(b"rom")), Some(&3));
    let made = ArenaCompactTree::from_zipper(words().read_zipper(), |&value| value);
    assert_eq!(made.get_data(), tree.get_data());
    drop(tree);

    let tree =
        update(&path, PathMap::from_iter([("romane", 9u64), ("x", 10)]).read_zipper(), |&value| value)?;
    assert_eq!(Index { tree }.sum(), 9 + 2 + 3 + 4 + 10);
    let roots: Vec<NodeId> = ACTMmap::open_mmap(&path)?.root_history();
    assert!(roots.len() == 2 && roots[0] != roots[1]);
    Ok(())
}

#[test]
fn streams_are_sorted() -> io::Result<()> {
    let files = Files::new("stream");
    let mut stream = ACTOutputStream::new(files.path("stream.act"))?;
    stream.push("123")?;
    stream.push_val(b"124", 7)?;
    assert_eq!(stream.push(vec![b'1']).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    let tree: ACTMmap = stream.finish()?;
    assert_eq!(
        (tree.get_val_at("123"), tree.get_val_at("124"), tree.get_val_at("1")),
        (Some(0), Some(7), None)
    );
    Ok(())
}

#[test]
fn zippers_move_and_fork() {
    let tree: ACTVec = make_cached(words().read_zipper());
    assert_eq!(paths(tree.read_zipper_at_borrowed_path(b"rom")), [&b"ane"[..], b"anus", b"ulus"]);
    let index = Index { tree: ArenaCompactTree::from_zipper(words().read_zipper(), |&value| value) };
    assert_eq!(index.sum(), 10);

    let mut zipper = index.zipper();
    zipper.reserve_buffers(100, 10);
    assert_eq!(zipper.descend_to_existing("romax"), 4);
    assert_eq!((zipper.child_count(), zipper.child_mask()), (1, ByteMask::from(b'n')));
    let fork = zipper.fork_read_zipper();
    assert_eq!((fork.val_at(b"nus"), fork.root_prefix_path(), fork.val_count()), (Some(&2), &b"roma"[..], 2));
    let copy = zipper.clone();
    assert_eq!(zipper.get_val_with_witness(&zipper.witness()), None);
    assert_eq!((copy.path(), copy.get_val_at(b"ne"), zipper.is_shared()), (&b"roma"[..], Some(&1), false));
    let _ = ZipperSubtries::try_make_map(&index.tree.read_zipper_at_path(b"r"));

    let mut prefixed = PrefixZipper::new(b"in/", index.tree.read_zipper_at_borrowed_path_u64(b"ru"));
    assert!(prefixed.to_next_val() && prefixed.path() == b"in/bens" && prefixed.val() == Some(&4));
}

#[test]
fn the_parts_of_a_file_have_names() -> io::Result<()> {
    assert_eq!((MAGIC_LENGTH, &COMPACT_TREE_MAGIC[..3]), (8, &b"ACT"[..]));
    let mut bytes = Vec::new();
    let len: usize = push_varint_u64(&mut bytes, 1 << 40)?;
    bytes.extend_from_slice(&[0; 8]);
    assert_eq!(read_varint_u64(&bytes), (1 << 40, len));

    let (line, branch) = (NodeLine::empty(), NodeBranch::empty());
    let _: (LineId, Option<u64>, Option<NodeId>) = (line.path, line.value, line.child);
    let _: (ByteMask, Option<u64>, Option<NodeId>) = (branch.bytemask, branch.value, branch.first_child);
    assert_eq!((Node::Line(line).child_count(), Node::Branch(branch).child_count()), (0, 0));
    Ok(())
}
