//! Writing through a zipper as data.

use super::{Keys, ProgramValue, SLOTS, Twin, Writing};
use crate::bytes::ByteMask;
use crate::testing::naive::{NaiveMap, NaiveZipper};
use crate::zipper::{ReadZipperUntracked, ZipperMoving};

/// Where a subtrie comes from: a reader over one of the maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Which map.
    pub slot: usize,
    /// Where the reader is rooted.
    pub root: Vec<u8>,
    /// How far it went down from there.
    pub below: Vec<u8>,
}

impl Source {
    pub(super) fn decode(slot: u8, operand: u8, keys: &Keys) -> Self {
        let mut root = keys.pick(operand);
        let below = root.split_off(usize::from(operand / 32).min(root.len()));
        Self { slot: usize::from(slot) % SLOTS, root, below }
    }

    pub(super) fn zipper<'a, V: ProgramValue>(
        &self,
        twins: &'a [Twin<V>],
    ) -> ReadZipperUntracked<'a, 'static, V> {
        let mut zipper = twins[self.slot].real.read_zipper_at_path(&self.root);
        zipper.descend_to(&self.below);
        zipper
    }

    pub(super) fn path(&self) -> Vec<u8> {
        [self.root.as_slice(), &self.below].concat()
    }

    pub(super) fn model<V: ProgramValue>(&self, twins: &[Twin<V>]) -> Option<NaiveMap<V>> {
        twins[self.slot].model.subtrie_at(&self.path())
    }
}

/// A call that writes through a zipper.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the zipper's method of the same name")]
pub enum Write {
    SetVal(u8),
    GetValMut(u8),
    GetValOrSetMut(u8),
    GetValOrSetMutWith(u8),
    RemoveVal { prune: bool },
    CreatePath,
    PrunePath,
    PruneAscend,
    RemoveBranches { prune: bool },
    RemoveUnmaskedBranches { mask: ByteMask, prune: bool },
    InsertPrefix(Vec<u8>),
    RemovePrefix(usize),
    Graft(Source),
    GraftSrcAt(Source, Vec<u8>),
    GraftMap { slot: usize },
    GraftMaskedBranches { source: Source, mask: ByteMask, remove_unset: bool },
    GraftChildMaps { first: usize, maps: usize, mask: ByteMask, remove_unset: bool },
    TakeMap { prune: bool, into: usize },
    TakeAndGraftBack,
    MakeMap { into: usize },
}

impl Write {
    /// The call that `kind` and the operands stand for, from a zipper at `focus`.
    pub fn decode(kind: u8, [x, y]: [u8; 2], keys: &Keys, focus: &[u8]) -> Write {
        let source = || Source::decode(y, x, keys);
        let slot = usize::from(y) % SLOTS;
        let flag = x & 1 == 1;
        // The first bytes of some of the pool's paths, and a range of bytes beside them.
        let mask = || -> ByteMask {
            let picked = (0..8).filter(|bit| y & (1 << bit) != 0);
            let bytes = picked.filter_map(|bit| keys.pick(bit).get(usize::from(x % 3)).copied());
            bytes.chain((y >= 192).then_some(y)).collect()
        };
        match kind % 26 {
            0 | 20 | 21 => Write::SetVal(x),
            1 => Write::GetValMut(x),
            2 => Write::GetValOrSetMut(x),
            3 => Write::GetValOrSetMutWith(x),
            4 | 22 => Write::RemoveVal { prune: flag },
            5 => Write::CreatePath,
            6 => Write::PrunePath,
            7 => Write::PruneAscend,
            8 => Write::RemoveBranches { prune: flag },
            9 => Write::RemoveUnmaskedBranches { mask: mask(), prune: flag },
            10 => Write::InsertPrefix(keys.pick_below(x, focus)),
            11 => Write::RemovePrefix(usize::from(x % 5)),
            12 | 23 | 24 => Write::Graft(source()),
            13 => Write::GraftSrcAt(source(), keys.pick(x / 32)),
            14 => Write::GraftMap { slot },
            15 => Write::GraftMaskedBranches { source: source(), mask: mask(), remove_unset: flag },
            16 => {
                let (first, maps) = (usize::from(x) % SLOTS, usize::from(x / 4) % 4);
                Write::GraftChildMaps { first, maps, mask: mask(), remove_unset: flag }
            }
            17 => Write::TakeMap { prune: flag, into: slot },
            18 => Write::TakeAndGraftBack,
            19 => Write::MakeMap { into: slot },
            _ => Write::SetVal(y),
        }
    }

    /// True iff the call can make a map larger by more than a path.
    pub fn grows(&self) -> bool {
        matches!(
            self,
            Write::InsertPrefix(_)
                | Write::Graft(_)
                | Write::GraftSrcAt(..)
                | Write::GraftMap { .. }
                | Write::GraftMaskedBranches { .. }
                | Write::GraftChildMaps { .. }
        )
    }

    /// Makes the call on both sides and compares the answers.
    pub fn run<V, Z>(&self, z: &mut Z, m: &mut NaiveZipper<'_, V>, twins: &mut [Twin<V>])
    where
        V: ProgramValue,
        Z: Writing<V>,
    {
        match self {
            Write::SetVal(_)
            | Write::GetValMut(_)
            | Write::GetValOrSetMut(_)
            | Write::GetValOrSetMutWith(_)
            | Write::RemoveVal { .. } => self.run_on_value(z, m),
            Write::CreatePath => assert_eq!(z.create_path(), m.create_path(), "{self:?}"),
            Write::PrunePath => assert_eq!(z.prune_path(), m.prune_path(), "{self:?}"),
            Write::PruneAscend => assert_eq!(z.prune_ascend(), m.prune_ascend(), "{self:?}"),
            Write::RemoveBranches { prune } => {
                assert_eq!(z.remove_branches(*prune), m.remove_branches(*prune), "{self:?}");
            }
            Write::RemoveUnmaskedBranches { mask, prune } => {
                z.remove_unmasked_branches(*mask, *prune);
                m.remove_unmasked_branches(*mask, *prune);
            }
            Write::InsertPrefix(q) => assert_eq!(z.insert_prefix(q), m.insert_prefix(q), "{self:?}"),
            Write::RemovePrefix(n) => assert_eq!(z.remove_prefix(*n), m.remove_prefix(*n), "{self:?}"),
            _ => self.run_on_subtries(z, m, twins),
        }
    }

    /// Makes a call that reads or writes the value at the focus.
    fn run_on_value<V, Z>(&self, z: &mut Z, m: &mut NaiveZipper<'_, V>)
    where
        V: ProgramValue,
        Z: Writing<V>,
    {
        let value = V::of;
        match self {
            Write::SetVal(x) => assert_eq!(z.set_val(value(*x)), m.set_val(value(*x)), "{self:?}"),
            Write::GetValMut(x) => {
                let (real, model) = (z.get_val_mut(), m.get_val_mut());
                assert_eq!(real, model, "{self:?}");
                if let (Some(real), Some(model)) = (real, model) {
                    (*real, *model) = (value(*x), value(*x));
                }
            }
            Write::GetValOrSetMut(x) => {
                let (real, model) =
                    (z.get_val_or_set_mut(value(*x)), m.get_val_or_set_mut_with(|| value(*x)));
                assert_eq!(real, model, "{self:?}");
                (*real, *model) = (value(x / 3), value(x / 3));
            }
            Write::GetValOrSetMutWith(x) => {
                let (mut real_ran, mut model_ran) = (false, false);
                let real = z.get_val_or_set_mut_with(|| {
                    real_ran = true;
                    value(*x)
                });
                let model = m.get_val_or_set_mut_with(|| {
                    model_ran = true;
                    value(*x)
                });
                assert_eq!(real, model, "{self:?}");
                (*real, *model) = (value(x / 3), value(x / 3));
                assert_eq!(real_ran, model_ran, "whether the closure of {self:?} ran");
            }
            Write::RemoveVal { prune } => assert_eq!(z.remove_val(*prune), m.remove_val(*prune), "{self:?}"),
            _ => unreachable!("{self:?} is no call on a value"),
        }
    }

    /// Makes a call that moves whole subtries.
    fn run_on_subtries<V, Z>(&self, z: &mut Z, m: &mut NaiveZipper<'_, V>, twins: &mut [Twin<V>])
    where
        V: ProgramValue,
        Z: Writing<V>,
    {
        match self {
            Write::Graft(source) => {
                z.graft(&source.zipper(twins));
                m.graft(source.model(twins));
            }
            Write::GraftSrcAt(source, path) => {
                z.graft_src_at(&source.zipper(twins), path);
                m.graft(twins[source.slot].model.subtrie_at(&[source.path(), path.clone()].concat()));
            }
            Write::GraftMap { slot } => {
                z.graft_map(twins[*slot].real.clone());
                m.graft_map(twins[*slot].model.clone());
            }
            Write::GraftMaskedBranches { source, mask, remove_unset } => {
                z.graft_masked_branches(&source.zipper(twins), *mask, *remove_unset);
                m.graft_masked_branches(source.model(twins), *mask, *remove_unset);
            }
            Write::GraftChildMaps { first, maps, mask, remove_unset } => {
                let sources = || twins.iter().cycle().skip(*first).take(*maps);
                z.graft_child_maps(*mask, sources().map(|twin| twin.real.clone()), *remove_unset);
                m.graft_child_maps(*mask, sources().map(|twin| twin.model.clone()).collect(), *remove_unset);
            }
            Write::TakeMap { prune, into } => {
                let (real, model) = (z.take_map(*prune), m.take_map(*prune));
                assert_eq!(real.is_some(), model.is_some(), "{self:?}");
                if let (Some(real), Some(model)) = (real, model) {
                    twins[*into] = Twin { real, model };
                }
            }
            Write::TakeAndGraftBack => {
                // This changes nothing, so the model does nothing.
                if let Some(taken) = z.take_map(false) {
                    z.graft_map(taken);
                }
            }
            Write::MakeMap { into } => twins[*into] = Twin { real: z.make_map(), model: m.make_map() },
            _ => unreachable!("{self:?} is no call on subtries"),
        }
    }
}
