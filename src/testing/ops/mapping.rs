//! Calls of a map as data.

use super::{Keys, ProgramValue, SLOTS, Twin, Verb};
use crate::PathMap;
use crate::testing::naive::{NaiveMap, NaiveZipper};
use crate::zipper::ZipperWriting;

/// A call of one of the maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapOp {
    /// Which map.
    pub slot: usize,
    /// At which path.
    pub path: Vec<u8>,
    /// What is called.
    pub call: MapCall,
}

/// A method of a map, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the map's method of the same name, or is told")]
pub enum MapCall {
    SetValAt(u8),
    Insert(u8),
    /// All questions about one path.
    Get,
    GetValMutAt(u8),
    GetValOrSetMutAt(u8),
    GetValOrSetMutWithAt(u8),
    RemoveValAt {
        prune: bool,
    },
    Remove,
    CreatePath,
    PrunePath,
    RemoveBranchesAt {
        prune: bool,
    },
    /// The map is replaced by a clone of another, so that they share nodes.
    Clone {
        from: usize,
    },
    /// The subtrie is replaced by one of another map.
    Graft {
        from: usize,
        path: Vec<u8>,
    },
    /// The map is replaced by one with a single entry.
    Single(u8),
    /// The map is replaced by a new one.
    New,
    /// The map is replaced by the result of the verb on two maps.
    Algebra {
        verb: Verb,
        left: usize,
        right: usize,
    },
}

impl MapOp {
    /// The call that `kind` and the operands stand for.
    pub fn decode(kind: u8, x: u8, y: u8, keys: &Keys) -> MapOp {
        let slot = usize::from(y) % SLOTS;
        let from = (slot + 1 + usize::from(y / 4 % 2)) % SLOTS;
        let prune = y & 128 != 0;
        let value = y / 4;
        let call = match kind % 40 {
            0 | 15 | 16 => MapCall::SetValAt(value),
            1 => MapCall::Insert(value),
            2 => MapCall::Get,
            3 => MapCall::GetValMutAt(value),
            4 => MapCall::GetValOrSetMutAt(value),
            5 => MapCall::GetValOrSetMutWithAt(value),
            6 | 17 => MapCall::RemoveValAt { prune },
            7 | 18 => MapCall::Remove,
            8 | 19 => MapCall::CreatePath,
            9 | 20 => MapCall::PrunePath,
            10 => MapCall::RemoveBranchesAt { prune },
            11 => MapCall::Clone { from },
            12 | 21 | 22 => MapCall::Graft { from, path: keys.pick(y / 8) },
            13 => MapCall::Single(value),
            14 => MapCall::New,
            verb @ 24.. => MapCall::Algebra {
                verb: Verb::ALL[usize::from(verb - 24) % Verb::ALL.len()],
                left: usize::from(x) % SLOTS,
                right: usize::from(x / 4) % SLOTS,
            },
            _ => MapCall::Insert(value),
        };
        MapOp { slot, path: keys.pick(x), call }
    }

    /// True iff the call can make a map larger by more than a path.
    pub fn grows(&self) -> bool {
        matches!(self.call, MapCall::Graft { .. })
    }

    /// Makes the call on both sides and compares the answers.
    pub fn run<V: ProgramValue>(&self, twins: &mut [Twin<V>]) {
        let path = self.path.as_slice();
        let value = V::of;
        let slot = self.slot;
        match &self.call {
            MapCall::Algebra { verb, left, right } => verb.run(slot, [*left, *right], twins),
            MapCall::Clone { from } => twins[slot] = twins[*from].clone(),
            MapCall::Graft { from, path: source_path } => {
                let source = twins[*from].clone();
                let Twin { real, model } = &mut twins[slot];
                real.write_zipper_at_path(path).graft(&source.real.read_zipper_at_path(source_path));
                NaiveZipper::new(model, path).graft(source.model.subtrie_at(source_path));
            }
            MapCall::Single(x) => {
                let (real, model) = (PathMap::single(path, value(*x)), [(path, value(*x))]);
                twins[slot] = Twin { real, model: NaiveMap::from_iter(model) };
            }
            MapCall::New => twins[slot] = Twin { real: PathMap::new(), model: NaiveMap::new() },
            MapCall::CreatePath | MapCall::PrunePath | MapCall::RemoveBranchesAt { .. } => {
                self.run_on_path(&mut twins[slot]);
            }
            _ => self.run_on_value(&mut twins[slot]),
        }
    }

    /// Makes a call that creates or removes locations.
    fn run_on_path<V: ProgramValue>(&self, Twin { real, model }: &mut Twin<V>) {
        let path = self.path.as_slice();
        match &self.call {
            MapCall::CreatePath => assert_eq!(real.create_path(path), model.create_path(path), "{self:?}"),
            MapCall::PrunePath => assert_eq!(real.prune_path(path), model.prune_path(path), "{self:?}"),
            MapCall::RemoveBranchesAt { prune } => {
                let answer = real.remove_branches_at(path, *prune);
                assert_eq!(answer, model.remove_branches_at(path, *prune), "{self:?}");
            }
            _ => unreachable!("{self:?} is no call on a path"),
        }
    }

    /// Makes a call that reads or writes one value.
    fn run_on_value<V: ProgramValue>(&self, Twin { real, model }: &mut Twin<V>) {
        let path = self.path.as_slice();
        let value = V::of;
        match &self.call {
            MapCall::SetValAt(x) => {
                assert_eq!(real.set_val_at(path, value(*x)), model.set(path, value(*x)), "{self:?}");
            }
            MapCall::Insert(x) => {
                assert_eq!(real.insert(path, value(*x)), model.set(path, value(*x)), "{self:?}");
            }
            MapCall::Get => {
                assert_eq!(real.get(path), model.get(path), "{self:?}");
                assert_eq!(real.get_val_at(path), model.get(path), "{self:?}");
                assert_eq!(real.contains(path), model.get(path).is_some(), "{self:?}");
                assert_eq!(real.path_exists_at(path), model.path_exists_at(path), "{self:?}");
            }
            MapCall::GetValMutAt(x) => {
                let (real, model) = (real.get_val_mut_at(path), model.get_mut(path));
                assert_eq!(real, model, "{self:?}");
                if let (Some(real), Some(model)) = (real, model) {
                    (*real, *model) = (value(*x), value(*x));
                }
            }
            MapCall::GetValOrSetMutAt(x) => {
                let real = real.get_val_or_set_mut_at(path, value(*x));
                let model = model.get_or_set_with(path, || value(*x));
                assert_eq!(real, model, "{self:?}");
                (*real, *model) = (value(x / 3), value(x / 3));
            }
            MapCall::GetValOrSetMutWithAt(x) => {
                let absent = model.get(path).is_none();
                let mut ran = false;
                let real = real.get_val_or_set_mut_with_at(path, || {
                    ran = true;
                    value(*x)
                });
                assert_eq!(real, model.get_or_set_with(path, || value(*x)), "{self:?}");
                assert_eq!(ran, absent, "whether the closure of {self:?} ran");
            }
            MapCall::RemoveValAt { prune } => {
                assert_eq!(real.remove_val_at(path, *prune), model.remove(path, *prune), "{self:?}");
            }
            MapCall::Remove => assert_eq!(real.remove(path), model.remove(path, true), "{self:?}"),
            _ => unreachable!("{self:?} is no call on a value"),
        }
    }
}
