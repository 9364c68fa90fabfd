//! The operation language: small programs that run on the library and on the model side by side.
//!
//! A [`Program`] is a pool of paths and a list of operations, four bytes each. Any bytes are a
//! program, so a generator may make them and a shrinker may cut them freely. It works on a few
//! maps that share nodes after clones and grafts. An operation either calls a map, or opens a
//! zipper over one; the next operations drive that zipper until it closes. A clone of the map that
//! is written is kept, and must not change.
//!
//! Every answer is compared, and after each step all content: each location, valued, bare or
//! dangling. A difference panics and prints the operations so far.

mod algebra;
mod mapping;
mod movement;
mod writing;

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};

pub use algebra::{Algebra, Operand, Verb, Via, every_call, every_operation, every_verb};
pub use mapping::{MapCall, MapOp};
pub use movement::{Answer, Move};
pub use writing::{Source, Write};

use super::naive::{NaiveMap, NaiveZipper};
use crate::algebra::{Max, Sum};
use crate::zipper::{
    ZipperAbsolutePath, ZipperCreation, ZipperForking, ZipperInfallibleSubtries, ZipperIteration,
    ZipperMoving, ZipperValues, ZipperWriting,
};
use crate::{DistributiveLattice, Lattice, PathMap};

/// A value that programs may write. Three types are.
pub trait ProgramValue:
    Lattice + DistributiveLattice + Clone + Debug + Ord + Hash + Send + Sync + Unpin + 'static
{
    /// The value that `operand` stands for.
    fn of(operand: u8) -> Self;
}

impl ProgramValue for u64 {
    fn of(operand: u8) -> Self {
        u64::from(operand % 3) + 1
    }
}

impl ProgramValue for String {
    fn of(operand: u8) -> Self {
        ["one", "two", "three"][usize::from(operand % 3)].to_string()
    }
}

impl ProgramValue for () {
    fn of(_: u8) -> Self {}
}

/// A lattice in which the second value may be the result.
impl ProgramValue for Max<u64> {
    fn of(operand: u8) -> Self {
        Max(u64::of(operand))
    }
}

/// Sums: no pair of values may be skipped or counted twice.
impl ProgramValue for Sum<u64> {
    fn of(operand: u8) -> Self {
        Sum(u64::of(operand))
    }
}

/// Sets, which may be cut in part or altogether.
impl ProgramValue for BTreeSet<u8> {
    fn of(operand: u8) -> Self {
        [[1, 2].as_slice(), &[2], &[3, 1]][usize::from(operand % 3)].iter().copied().collect()
    }
}

/// The traits of every zipper: move, step, read, fork.
pub trait Reading<V>:
    ZipperIteration + ZipperValues<V> + ZipperAbsolutePath + ZipperForking<V> + ZipperInfallibleSubtries<V>
{
}

impl<V, Z> Reading<V> for Z where
    Z: ZipperIteration
        + ZipperValues<V>
        + ZipperAbsolutePath
        + ZipperForking<V>
        + ZipperInfallibleSubtries<V>
{
}

/// The traits of every zipper that writes.
pub trait Writing<V>: Reading<V> + ZipperWriting<V> {}

impl<V, Z: Reading<V> + ZipperWriting<V>> Writing<V> for Z {}

/// A map and its model.
#[derive(Clone, Debug)]
pub struct Twin<V> {
    /// The map.
    pub real: PathMap<V>,
    /// Its model.
    pub model: NaiveMap<V>,
}

impl<V: ProgramValue> Default for Twin<V> {
    fn default() -> Self {
        Self { real: PathMap::new(), model: NaiveMap::new() }
    }
}

impl<V: ProgramValue> Twin<V> {
    /// Compares the well-formedness and the whole content of the map with the model.
    pub fn check(&self) {
        self.real.check().unwrap();
        same_content(&mut self.real.read_zipper(), &self.model, &[]);
        assert_eq!(self.real.val_count(), self.model.val_count(), "val_count");
        assert_eq!(self.real.is_empty(), self.model.is_empty(), "is_empty");
    }

    /// Compares the map with one that is built from the model, in reverse order.
    pub fn check_rebuilt(&self) {
        let mut rebuilt = PathMap::new();
        for (path, value) in self.model.locations().rev() {
            rebuilt.create_path(path);
            if let Some(value) = value {
                rebuilt.set_val_at(path, value.clone());
            }
        }
        assert!(self.real == rebuilt, "equals a map of the same content");
        assert!(rebuilt == self.real, "equals a map of the same content, asked from the other side");
        assert_eq!(self.real.cmp(&rebuilt), std::cmp::Ordering::Equal, "compares equal");
        assert_eq!(hash_of(&self.real), hash_of(&rebuilt), "equal maps have equal hashes");
        let values: Vec<_> = self.real.iter().map(|(path, value)| (path, value.clone())).collect();
        let expected: Vec<_> =
            self.model.iter().map(|(path, value)| (path.to_vec(), value.clone())).collect();
        assert_eq!(values, expected, "iter");
    }
}

/// The hash of `value` under the hasher that std uses, unseeded.
pub fn hash_of<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Steps a fresh `zipper`, rooted at `root`, through all its locations and compares each.
pub fn same_content<V, Z>(zipper: &mut Z, model: &NaiveMap<V>, root: &[u8])
where
    V: Debug + PartialEq,
    Z: ZipperMoving + ZipperValues<V>,
{
    assert_eq!(zipper.path_exists(), model.path_exists_at(root), "path_exists at {root:?}");
    for (location, value) in model.at_or_below(root) {
        let path = &location[root.len()..];
        assert!(path.is_empty() || zipper.to_next_step(), "a location is missing: {location:?}");
        assert_eq!(zipper.path(), path, "the locations differ, below {root:?}");
        assert_eq!(zipper.val(), value, "the value at {location:?}");
    }
    assert!(!zipper.to_next_step(), "a location too much: {:?} below {root:?}", zipper.path());
}

/// Compares all answers of a zipper about its focus.
pub fn same_focus<V, Z>(zipper: &Z, model: &NaiveZipper<'_, V>, probe: &[u8])
where
    V: Debug + PartialEq,
    Z: ZipperValues<V> + ZipperAbsolutePath,
{
    let at = model.path();
    assert_eq!(zipper.path(), at, "path");
    assert_eq!(zipper.origin_path(), model.origin_path(), "origin_path");
    assert_eq!(zipper.root_prefix_path(), model.root_prefix_path(), "root_prefix_path");
    assert_eq!(zipper.at_root(), model.at_root(), "at_root at {at:?}");
    assert_eq!(zipper.path_exists(), model.path_exists(), "path_exists at {at:?}");
    assert_eq!(zipper.is_val(), model.is_val(), "is_val at {at:?}");
    assert_eq!(zipper.val(), model.val(), "val at {at:?}");
    assert_eq!(zipper.val_at(probe), model.val_at(probe), "val_at {probe:?} from {at:?}");
    let probes = [probe, &[], probe];
    assert_eq!(
        zipper.vals_at(probes),
        probes.map(|path| model.val_at(path)),
        "vals_at {probe:?} from {at:?}"
    );
    assert_eq!(zipper.child_mask(), model.child_mask(), "child_mask at {at:?}");
    assert_eq!(zipper.child_count(), model.child_count(), "child_count at {at:?}");
    assert_eq!(zipper.val_count(), model.val_count(), "val_count at {at:?}");
}

/// A pool of paths that operands pick from.
#[derive(Clone, Debug)]
pub struct Keys(Vec<Vec<u8>>);

impl Keys {
    /// A pool of `paths`, or of the empty path if there are none.
    pub fn new(mut paths: Vec<Vec<u8>>) -> Self {
        if paths.is_empty() {
            paths.push(Vec::new());
        }
        Self(paths)
    }

    /// The path that `operand` stands for: one of the pool, or the first half of one. (A pool of
    /// more than 32 paths gives no halves.)
    pub fn pick(&self, operand: u8) -> Vec<u8> {
        if self.0.len() > 32 {
            return self.0[usize::from(operand) % self.0.len()].clone();
        }
        let key = &self.0[usize::from(operand & 31) % self.0.len()];
        let len = if operand & 96 == 32 { key.len() / 2 } else { key.len() };
        key[..len].to_vec()
    }

    /// A path to append to `focus`: the rest of a path of the pool that begins with it, or a whole
    /// path of the pool, or the last byte of one.
    pub fn pick_below(&self, operand: u8, focus: &[u8]) -> Vec<u8> {
        let key = self.pick(operand);
        if operand & 128 != 0
            && let Some(rest) = key.strip_prefix(focus)
        {
            return rest.to_vec();
        }
        if operand & 96 == 96 { key.last().copied().into_iter().collect() } else { key }
    }
}

/// One operation, decoded.
#[derive(Clone, Debug)]
pub enum Op {
    /// Calls a map.
    Map(MapOp),
    /// Opens a zipper.
    Open {
        /// The number of the map.
        slot: usize,
        /// Of which kind.
        door: Door,
        /// Rooted where.
        root: Vec<u8>,
    },
    /// Moves the zipper that is open.
    Move(Move),
    /// Writes through it.
    Write(Write),
    /// Combines what is at its focus with others.
    Algebra(Algebra),
    /// Closes it.
    Close,
}

/// How a zipper is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// `write_zipper_at_path`.
    Write,
    /// `write_zipper_at_exclusive_path` of a head.
    WriteTracked,
    /// `write_zipper_at_exclusive_path` of a head, and `cleanup_write_zipper` at the close.
    WriteTrackedCleanup,
    /// `into_write_zipper`.
    WriteOwned,
    /// `write_zipper_at_path`, then `into_read_zipper` and on until the next close.
    WriteThenRead,
    /// `read_zipper_at_path`.
    Read,
    /// `read_zipper_at_path` of a head.
    ReadTracked,
    /// `into_read_zipper`.
    ReadOwned,
}

impl Door {
    const ALL: [Door; 12] = [
        Door::Write,
        Door::WriteTracked,
        Door::WriteOwned,
        Door::Write,
        Door::WriteTrackedCleanup,
        Door::WriteThenRead,
        Door::Write,
        Door::WriteTracked,
        Door::WriteOwned,
        Door::Read,
        Door::ReadTracked,
        Door::ReadOwned,
    ];
}

/// A program: its paths, the maps at its start, and its operations.
#[derive(Clone)]
pub struct Program {
    /// The paths that operands pick from.
    pub keys: Vec<Vec<u8>>,
    /// The entries of the first maps at the start: for each an operand for the path and one for
    /// the value.
    pub entries: Vec<Vec<(u8, u8)>>,
    /// The operations: tag, kind, and two operands.
    pub ops: Vec<[u8; 4]>,
    /// How much is compared, and when.
    pub checks: Checks,
}

/// How much a program compares, and when.
///
/// Reading changes what an object has cached, so programs of each kind are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// The answers at each step, and all content when a zipper closes. No clone of the map that is
    /// written is kept, so that the writer may own its nodes alone from the start.
    AtTheEnd,
    /// All content after each step, by another zipper.
    EachStep,
    /// In addition, after each write, all content below the zipper's root, through the zipper
    /// itself, which moves there and back.
    Thorough,
}

impl Debug for Program {
    /// Writes one line a field, and long paths as text, so that a failing program can be read and
    /// pasted.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys = self.keys.iter().map(|key| format!("b\"{}\"", key.escape_ascii()));
        writeln!(f, "keys: [{}]", keys.collect::<Vec<_>>().join(", "))?;
        writeln!(f, "entries: {:?}", self.entries)?;
        writeln!(f, "ops: {:?}", self.ops)?;
        write!(f, "checks: {:?}", self.checks)
    }
}

/// The number of maps of a program.
pub const SLOTS: usize = 3;

impl Program {
    /// The number of locations from which operations that make maps much larger are skipped: a few
    /// grafts of a map into itself would make it exponentially large.
    pub fn most_locations(&self) -> usize {
        let longest = self.keys.iter().map(Vec::len).max().unwrap_or(0);
        200.max(16 * self.keys.len()) + 3 * longest
    }

    /// Runs the program on both sides.
    ///
    /// # Panics
    /// At the first difference.
    pub fn run<V: ProgramValue>(&self) {
        let mut world = World::<V> {
            twins: std::array::from_fn(|_| Twin::default()),
            keys: Keys::new(self.keys.clone()),
            ops: self.ops.clone().into_iter(),
            checks: self.checks,
            longest: self.keys.iter().map(Vec::len).max().unwrap_or(0),
            most: self.most_locations(),
            trace: Vec::new(),
        };
        for (twin, entries) in world.twins.iter_mut().zip(&self.entries) {
            for &(key, value) in entries {
                let (path, value) = (world.keys.pick(key), V::of(value));
                assert_eq!(twin.real.set_val_at(&path, value.clone()), twin.model.set(&path, value));
            }
        }
        world.check();
        world.run();
        world.twins.iter().for_each(Twin::check_rebuilt);
        world.trace.clear();
    }
}

/// The maps, and the operations that are left.
#[derive(Debug)]
pub(crate) struct World<V: ProgramValue> {
    twins: [Twin<V>; SLOTS],
    keys: Keys,
    ops: std::vec::IntoIter<[u8; 4]>,
    checks: Checks,
    longest: usize,
    most: usize,
    trace: Vec<Op>,
}

impl<V: ProgramValue> Drop for World<V> {
    fn drop(&mut self) {
        if std::thread::panicking() && !self.trace.is_empty() {
            eprintln!("the program so far:");
            for op in &self.trace {
                eprintln!("    {op:?}");
            }
        }
    }
}

impl<V: ProgramValue> World<V> {
    fn check(&self) {
        if self.checks != Checks::AtTheEnd {
            self.twins.iter().for_each(Twin::check);
        }
    }

    fn same_focus<Z: Reading<V>>(&self, z: &Z, m: &NaiveZipper<'_, V>, probe: u8) {
        if self.checks != Checks::AtTheEnd {
            same_focus(z, m, &self.keys.pick(probe));
        }
    }

    fn run(&mut self) {
        while let Some([tag, kind, x, y]) = self.ops.next() {
            if tag % 2 == 0 {
                self.map_op(kind, x, y);
            } else {
                let door = Door::ALL[usize::from(kind) % Door::ALL.len()];
                // A root is up to three bytes deep, and sometimes a whole path.
                let mut root = self.keys.pick(x);
                root.truncate(if y >= 240 { root.len() } else { usize::from(y / 8) % 4 });
                self.open(usize::from(y) % SLOTS, door, &root);
            }
        }
    }

    /// True iff the maps are so large that operations which make them larger are skipped.
    fn is_full(&self, live: usize) -> bool {
        let locations = |twin: &Twin<V>| twin.model.locations().count();
        live + self.twins.iter().map(locations).sum::<usize>() > self.most
    }

    fn map_op(&mut self, kind: u8, x: u8, y: u8) {
        let mut op = MapOp::decode(kind, x, y, &self.keys);
        if op.grows() && self.is_full(0) {
            op.call = MapCall::RemoveBranchesAt { prune: true };
        }
        self.trace.push(Op::Map(op.clone()));
        op.run(&mut self.twins);
        self.check();
    }

    fn open(&mut self, slot: usize, door: Door, root: &[u8]) {
        self.trace.push(Op::Open { slot, door, root: root.to_vec() });
        let Twin { mut real, mut model } = match self.checks {
            Checks::AtTheEnd => std::mem::take(&mut self.twins[slot]),
            _ => self.twins[slot].clone(),
        };
        match door {
            Door::Write => {
                let mut z = real.write_zipper_at_path(root);
                self.write(&mut z, &mut NaiveZipper::new(&mut model, root));
            }
            Door::WriteThenRead => {
                let mut z = real.write_zipper_at_path(root);
                let mut m = NaiveZipper::new(&mut model, root);
                self.write(&mut z, &mut m);
                self.read(&mut z.into_read_zipper(), &mut m);
            }
            Door::WriteTracked | Door::WriteTrackedCleanup => {
                let head = real.zipper_head();
                let mut z = head.write_zipper_at_exclusive_path(root).unwrap();
                self.write(&mut z, &mut NaiveZipper::new(&mut model, root));
                if door == Door::WriteTrackedCleanup {
                    head.cleanup_write_zipper(z);
                    model.prune_path(root);
                }
            }
            Door::WriteOwned => {
                let mut z = real.into_write_zipper(root);
                self.write(&mut z, &mut NaiveZipper::new(&mut model, root));
                real = z.into_map();
            }
            Door::Read => {
                let mut z = real.read_zipper_at_path(root);
                self.read(&mut z, &mut NaiveZipper::new(&mut model, root));
            }
            Door::ReadTracked => {
                let head = real.zipper_head();
                let mut z = head.read_zipper_at_path(root).unwrap();
                self.read(&mut z, &mut NaiveZipper::new(&mut model, root));
            }
            Door::ReadOwned => {
                let mut z = real.into_read_zipper(root);
                self.read(&mut z, &mut NaiveZipper::new(&mut model, root));
                real = z.into_map();
            }
        }
        // The clone that was kept must not have changed.
        self.twins[slot].check();
        self.twins[slot] = Twin { real, model };
        self.twins[slot].check();
        self.check();
    }

    fn read<Z: Reading<V>>(&mut self, z: &mut Z, m: &mut NaiveZipper<'_, V>) {
        if self.checks != Checks::AtTheEnd {
            same_focus(z, m, &[]);
        }
        while let Some([tag, kind, x, y]) = self.ops.next() {
            match tag % 16 {
                0 => break,
                1 => self.map_op(kind, x, y),
                _ => self.move_op(z, m, kind, x),
            }
        }
        self.close(z, m);
    }

    fn write<Z: Writing<V>>(&mut self, z: &mut Z, m: &mut NaiveZipper<'_, V>) {
        if self.checks != Checks::AtTheEnd {
            same_focus(z, m, &[]);
        }
        while let Some([tag, kind, x, y]) = self.ops.next() {
            match tag % 16 {
                0 => break,
                1 => self.map_op(kind, x, y),
                2..=7 => self.move_op(z, m, kind, x),
                8..=11 => self.write_op(z, m, kind, [x, y]),
                _ => self.algebra_op(z, m, kind, [x, y]),
            }
        }
        self.close(z, m);
    }

    fn close<Z: Reading<V>>(&mut self, z: &Z, m: &NaiveZipper<'_, V>) {
        if self.checks != Checks::AtTheEnd {
            same_content(&mut z.fork_read_zipper(), m.map(), &m.origin_path());
        }
        self.trace.push(Op::Close);
    }

    fn move_op<Z: Reading<V>>(&mut self, z: &mut Z, m: &mut NaiveZipper<'_, V>, kind: u8, x: u8) {
        let mut op = Move::decode(kind, x, &self.keys, m.path());
        if m.path().len() > 2 * self.longest + 16 {
            // It is deep enough: the next write would create every location on the way.
            op = Move::Reset;
        }
        self.trace.push(Op::Move(op.clone()));
        assert_eq!(op.on(z), op.on_model(m), "the answer to {op:?}");
        assert_eq!(z.path(), m.path(), "the path after {op:?}");
        self.same_focus(z, m, x);
    }

    fn write_op<Z: Writing<V>>(
        &mut self,
        z: &mut Z,
        m: &mut NaiveZipper<'_, V>,
        kind: u8,
        operands: [u8; 2],
    ) {
        let mut op = Write::decode(kind, operands, &self.keys, m.path());
        if op.grows() && self.is_full(m.map().locations().count()) {
            op = Write::RemoveBranches { prune: true };
        }
        self.trace.push(Op::Write(op.clone()));
        op.run(z, m, &mut self.twins);
        self.written(z, m, operands[0]);
    }

    fn algebra_op<Z: Writing<V>>(
        &mut self,
        z: &mut Z,
        m: &mut NaiveZipper<'_, V>,
        kind: u8,
        operands: [u8; 2],
    ) {
        let op = Algebra::decode(kind, operands, &self.keys);
        if op.grows() && self.is_full(m.map().locations().count()) {
            return self.write_op(z, m, kind, operands);
        }
        self.trace.push(Op::Algebra(op.clone()));
        op.run(z, m, &mut self.twins);
        self.written(z, m, operands[0]);
    }

    fn written<Z: Writing<V>>(&mut self, z: &mut Z, m: &NaiveZipper<'_, V>, probe: u8) {
        if self.checks == Checks::AtTheEnd {
            return;
        }
        self.same_focus(z, m, probe);
        same_content(&mut z.fork_read_zipper(), m.map(), &m.origin_path());
        if self.checks == Checks::Thorough {
            z.reset();
            same_content(&mut z.fork_read_zipper(), m.map(), m.root_prefix_path());
            z.move_to_path(m.path());
        }
        self.check();
    }
}
