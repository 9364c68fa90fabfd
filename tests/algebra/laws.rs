//! The laws of the algebra. Each law is a property with its name.
//!
//! The operands are built from scratch, by cloning and editing, by grafting, and with one subtrie
//! in several places, as after deduplication. They share nodes in all ways in which maps may,
//! because laws break at shortcuts over shared nodes.

use std::collections::BTreeSet;

use bytetrie::algebra::{Max, Sum};
use bytetrie::testing::limits::with_limits;
use bytetrie::testing::ops::ProgramValue;
use bytetrie::zipper::*;
use bytetrie::{
    AlgebraicResult, AlgebraicStatus, ByteMask, Change, DistributiveLattice, Lattice, PathMap, diff,
};
use proptest::prelude::*;

use crate::operands::*;
use crate::rebuilt::rebuilt;

/// Operands for a law, and choices of paths.
#[derive(Clone, Debug)]
struct Case {
    recipe: Recipe,
    picks: [u8; 2],
}

impl Case {
    fn build<V: ProgramValue>(&self) -> [PathMap<V>; 3] {
        self.recipe.build()
    }

    /// Returns a path, which may or may not exist in the maps, or exist in part.
    fn path(&self, pick: usize) -> Vec<u8> {
        self.recipe.keys().pick(self.picks[pick])
    }
}

fn cases(recipes: impl Strategy<Value = Recipe>) -> impl Strategy<Value = Case> {
    (recipes, any::<[u8; 2]>()).prop_map(|(recipe, picks)| Case { recipe, picks })
}

/// The laws, over three operands each.
mod law {
    use super::*;

    pub(crate) fn join_is_associative<V: ProgramValue>(case: &Case) {
        let [a, b, c] = case.build::<V>();
        assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
    }

    pub(crate) fn join_is_idempotent<V: ProgramValue>(case: &Case) {
        for a in case.build::<V>() {
            assert_eq!(a.join(&a), a);
            assert_eq!(a.join(&rebuilt(&a)), a);
        }
    }

    pub(crate) fn join_is_commutative<V: ProgramValue>(case: &Case) {
        let [a, b, _] = case.build::<V>();
        assert_eq!(a.join(&b), b.join(&a));
    }

    pub(crate) fn meet_is_associative<V: ProgramValue>(case: &Case) {
        let [a, b, c] = case.build::<V>();
        assert_eq!(a.meet(&b).meet(&c), a.meet(&b.meet(&c)));
    }

    pub(crate) fn meet_is_idempotent<V: ProgramValue>(case: &Case) {
        for a in case.build::<V>() {
            assert_eq!(a.meet(&a), a);
            assert_eq!(a.meet(&rebuilt(&a)), a);
        }
    }

    pub(crate) fn meet_is_commutative<V: ProgramValue>(case: &Case) {
        let [a, b, _] = case.build::<V>();
        assert_eq!(a.meet(&b), b.meet(&a));
    }

    pub(crate) fn join_and_meet_absorb_each_other<V: ProgramValue>(case: &Case) {
        let [a, b, _] = case.build::<V>();
        assert_eq!(a.join(&a.meet(&b)), a);
        assert_eq!(a.meet(&a.join(&b)), a);
    }

    pub(crate) fn meet_distributes_over_join<V: ProgramValue>(case: &Case) {
        let [a, b, c] = case.build::<V>();
        assert_eq!(a.meet(&b.join(&c)), a.meet(&b).join(&a.meet(&c)));
    }

    pub(crate) fn a_map_less_itself_is_empty<V: ProgramValue>(case: &Case) {
        for a in case.build::<V>() {
            for b in [a.clone(), rebuilt(&a)] {
                assert_eq!(a.subtract(&b), PathMap::new());
                let mut less = a.clone();
                assert_eq!(less.subtract_into(&b), AlgebraicStatus::None);
                assert!(less == PathMap::new() && less.read_zipper().child_count() == 0);
            }
        }
    }

    pub(crate) fn what_is_taken_away_and_what_is_common_make_the_whole<V: ProgramValue>(case: &Case) {
        let [a, b, _] = case.build::<V>();
        assert_eq!(a.subtract(&b).join(&a.meet(&b)), a);
    }

    pub(crate) fn restricting_by_itself_keeps_every_value<V: ProgramValue>(case: &Case) {
        for a in case.build::<V>() {
            for b in [a.clone(), rebuilt(&a)] {
                assert!(a.restrict(&b).iter().eq(a.iter()));
            }
        }
    }

    pub(crate) fn what_restricts_more_keeps_less<V: ProgramValue>(case: &Case) {
        let [a, b, c] = case.build::<V>();
        let kept = a.restrict(&b);
        assert!(kept.is_subset(&a));
        assert!(kept.is_subset(&a.restrict(&b.join(&c))));
        assert_eq!(kept.restrict(&b), kept);
    }

    pub(crate) fn nothing_is_neutral_to_join<V: ProgramValue>(case: &Case) {
        for a in case.build::<V>() {
            let none = PathMap::new();
            assert_eq!((a.join(&none), none.join(&a)), (a.clone(), a.clone()));
            let bare = a == none;
            let mut same = a.clone();
            let status = if bare { AlgebraicStatus::None } else { AlgebraicStatus::Identity };
            assert_eq!(same.join_into(none.clone()), status);
            let mut new = none.clone();
            let status = if bare { AlgebraicStatus::None } else { AlgebraicStatus::Element };
            assert_eq!(new.join_into(a.clone()), status);
            assert_eq!((same, new), (a.clone(), a));
        }
    }

    pub(crate) fn nothing_annihilates_meet_and_restrict<V: ProgramValue>(case: &Case) {
        for a in case.build::<V>() {
            let none = PathMap::new();
            for result in
                [a.meet(&none), none.meet(&a), a.restrict(&none), none.restrict(&a), none.subtract(&a)]
            {
                assert_eq!(result, none);
            }
            assert_eq!(a.subtract(&none), a);
            assert_eq!(a.symmetric_difference(&none), a);
        }
    }

    pub(crate) fn join_all_is_the_fold_of_join<V: ProgramValue>(case: &Case) {
        let [a, b, c] = case.build::<V>();
        let all = [&a, &b, &c, &a, &b];
        let fold = all.iter().fold(PathMap::new(), |joined, map| joined.join(map));
        assert_eq!(PathMap::join_all(all), fold);
        assert_eq!(PathMap::join_all([&a]), a);
        assert_eq!(PathMap::<V>::join_all([]), PathMap::new());
        let boxes = all.map(|map| Box::new(map.clone()));
        match <PathMap<V> as Lattice>::join_all(&boxes) {
            AlgebraicResult::None => assert_eq!(fold, PathMap::new()),
            AlgebraicResult::Element(joined) => assert_eq!(joined, fold),
            AlgebraicResult::Identity(mask) => {
                let named = (0..all.len()).filter(|index| mask & (1 << index) != 0);
                assert!(named.map(|index| assert_eq!(*all[index], fold)).count() > 0);
            }
        }
    }

    pub(crate) fn the_symmetric_difference_is_both_differences<V: ProgramValue>(case: &Case) {
        let [a, b, _] = case.build::<V>();
        assert_eq!(a.symmetric_difference(&b), a.subtract(&b).join(&b.subtract(&a)));
        assert_eq!(a.symmetric_difference(&b), b.symmetric_difference(&a));
        assert_eq!(a.symmetric_difference(&rebuilt(&a)), PathMap::new());
    }

    pub(crate) fn subsets_and_disjoint_maps_are_what_meet_and_join_say<V: ProgramValue>(case: &Case) {
        let [a, b, _] = case.build::<V>();
        assert!(a.meet(&b).is_subset(&a) && a.meet(&b).is_subset(&b));
        assert!(a.is_subset(&a.join(&b)) && b.is_subset(&a.join(&b)));
        assert_eq!(a.is_subset(&b), a.meet(&b).val_count() == a.val_count());
        assert_eq!(a.is_disjoint(&b), a.meet(&b).is_empty());
        assert_eq!(a.is_disjoint(&b), b.is_disjoint(&a));
    }

    /// Makes the changes from `old` to `new` one by one, and checks that each reports the old
    /// value.
    fn follow<V: ProgramValue>(map: &mut PathMap<V>, old: &PathMap<V>, new: &PathMap<V>) {
        let mut changes = diff(old, new);
        while let Some((path, change)) = changes.next() {
            let (previous, told) = match change {
                Change::Added(new) => (map.insert(path, new.clone()), None),
                Change::Removed(old) => (map.remove(path), Some(old)),
                Change::Changed(old, new) => (map.insert(path, new.clone()), Some(old)),
            };
            assert_eq!(previous.as_ref(), told, "{path:?}");
        }
    }

    pub(crate) fn the_changes_applied_to_the_old_map_give_the_new_one<V: ProgramValue>(case: &Case) {
        let [a, b, c] = case.build::<V>();
        let mut map = a.clone();
        follow(&mut map, &a, &b);
        check(&map);
        assert!(map.iter().eq(b.iter()));
        map.apply(diff(&b, &a));
        check(&map);
        assert!(map.iter().eq(a.iter()));
        assert!(diff(&a, &a.clone()).next().is_none() && diff(&a, &rebuilt(&a)).next().is_none());
        // In a third map, paths that did not change from one map to the other are left as they
        // are.
        let (mut applied, mut followed) = (c.clone(), c);
        applied.apply(diff(&a, &b));
        let mut changes = diff(&a, &b);
        while let Some((path, change)) = changes.next() {
            match change {
                Change::Added(new) | Change::Changed(_, new) => drop(followed.insert(path, new.clone())),
                Change::Removed(_) => drop(followed.remove(path)),
            }
        }
        check(&applied);
        assert_eq!(applied, followed);
    }

    pub(crate) fn results_depend_on_content_alone<V: ProgramValue>(case: &Case) {
        let [a, b, _] = case.build::<V>();
        let (other_a, other_b) = (rebuilt(&a), rebuilt(&b));
        assert_eq!(a.pjoin(&b), other_a.pjoin(&other_b));
        assert_eq!(a.pmeet(&b), other_a.pmeet(&other_b));
        assert_eq!(a.psubtract(&b), other_a.psubtract(&other_b));
        assert_eq!(a.pjoin(&a), a.pjoin(&other_a));
        assert_eq!(a.pmeet(&a), a.pmeet(&other_a));
        assert_eq!(a.psubtract(&a), a.psubtract(&other_a));
        assert_eq!(a.restrict(&b), other_a.restrict(&other_b));
        assert_eq!(a.symmetric_difference(&b), other_a.symmetric_difference(&other_b));
    }

    pub(crate) fn every_route_agrees<V: ProgramValue>(case: &Case) {
        let [a, b, host] = case.build::<V>();
        let (to, from) = (case.path(0), case.path(1));
        let mut source = host.clone();
        source.write_zipper_at_path(&from).graft_map(b.clone());
        let mut target = host;
        target.write_zipper_at_path(&to).graft_map(a.clone());
        let at = |path: &[u8], map: &PathMap<V>| map.read_zipper_at_path(path).make_map();
        let half = to.len() / 2;

        let joined = a.join(&b);
        let same = |route: &str, map: &PathMap<V>, expected: &PathMap<V>| {
            check(map);
            assert_eq!(map, expected, "{route}");
        };
        same("operator", &(&a | &b), &joined);
        same("join_with", &a.join_with(&b, V::pjoin), &joined);
        same("pjoin", &resolve(a.pjoin(&b), &a, &b), &joined);
        let mut map = a.clone();
        let status = map.join_into(b.clone());
        same("join_into of maps", &map, &joined);
        let mut map = target.clone();
        let mut writer = map.write_zipper_at_path(&to);
        assert_eq!(writer.join_into(&source.read_zipper_at_path(&from)), status);
        drop(writer);
        same("join_into", &at(&to, &map), &joined);
        let mut map = target.clone();
        let mut writer = map.write_zipper_at_path(&to[..half]);
        writer.descend_to(&to[half..]);
        assert_eq!(writer.join_map_into(b.clone()), status);
        drop(writer);
        same("join_map_into", &at(&to, &map), &joined);
        let (mut map, mut taken) = (target.clone(), source.clone());
        let mut writer = map.write_zipper_at_path(&to);
        assert_eq!(writer.join_into_take(&mut taken.write_zipper_at_path(&from), false), status);
        drop(writer);
        same("join_into_take", &at(&to, &map), &joined);
        same("join_into_take, the source", &at(&from, &taken), &PathMap::new());

        let met = a.meet(&b);
        same("operator", &(&a & &b), &met);
        same("meet_with", &a.meet_with(&b, V::pmeet), &met);
        same("pmeet", &resolve(a.pmeet(&b), &a, &b), &met);
        let mut map = a.clone();
        let status = map.meet_into(&b);
        same("meet_into of maps", &map, &met);
        let mut map = target.clone();
        let mut writer = map.write_zipper_at_path(&to);
        assert_eq!(writer.meet_into(&source.read_zipper_at_path(&from), false), status);
        drop(writer);
        same("meet_into", &at(&to, &map), &met);
        let mut map = target.clone();
        let mut writer = map.write_zipper_at_path(&to);
        let here = target.read_zipper_at_path(&to);
        let two = writer.meet_2(&here, &source.trie_ref_at_path(&from));
        assert_eq!(two == AlgebraicStatus::None, status == AlgebraicStatus::None);
        drop(writer);
        same("meet_2", &at(&to, &map), &met);

        let less = a.subtract(&b);
        same("operator", &(&a - &b), &less);
        same("subtract_with", &a.subtract_with(&b, V::psubtract), &less);
        same("psubtract", &resolve(a.psubtract(&b), &a, &b), &less);
        let mut map = a.clone();
        let status = map.subtract_into(&b);
        same("subtract_into of maps", &map, &less);
        let mut map = target.clone();
        let mut writer = map.write_zipper_at_path(&to);
        assert_eq!(writer.subtract_into(&source.read_zipper_at_path(&from), false), status);
        drop(writer);
        same("subtract_into", &at(&to, &map), &less);

        let kept = a.restrict(&b);
        let mut map = a.clone();
        let status = map.restrict_into(&b);
        same("restrict_into", &map, &kept);
        let mut map = target.clone();
        let mut writer = map.write_zipper_at_path(&to);
        assert_eq!(writer.restrict(&source.read_zipper_at_path(&from)), status);
        drop(writer);
        same("restrict", &at(&to, &map), &kept);
        if a != PathMap::new() && b != PathMap::new() {
            let mut map = source.clone();
            let mut writer = map.write_zipper_at_path(&from);
            assert!(writer.restricting(&target.read_zipper_at_path(&to)));
            drop(writer);
            same("restricting", &at(&from, &map), &kept);
        }
    }

    fn resolve<V: ProgramValue>(
        result: AlgebraicResult<PathMap<V>>,
        a: &PathMap<V>,
        b: &PathMap<V>,
    ) -> PathMap<V> {
        match result {
            AlgebraicResult::None => PathMap::new(),
            AlgebraicResult::Identity(mask) if mask & 1 != 0 => a.clone(),
            AlgebraicResult::Identity(_) => b.clone(),
            AlgebraicResult::Element(map) => map,
        }
    }

    pub(crate) fn a_k_path_collapse_joins_or_meets_what_lies_there<V: ProgramValue>(case: &Case) {
        let [a, _, _] = case.build::<V>();
        let path = case.path(0);
        for k in 1..=4 {
            let mut reader = a.read_zipper_at_path(&path);
            let mut deep = Vec::new();
            let mut more = reader.descend_first_k_path(k);
            while more {
                deep.push(reader.make_map());
                more = reader.to_next_k_path(k);
            }
            let mut joined = PathMap::join_all(&deep);
            if let Some(here) = a.get(&path) {
                joined = PathMap::single("", here.clone()).join(&joined);
            }
            let met = deep.into_iter().reduce(|met, map| met.meet(&map)).unwrap_or_default();
            for (expected, join) in [(joined, true), (met, false)] {
                let mut map = a.clone();
                let mut writer = map.write_zipper_at_path(&path);
                let any = match join {
                    true => writer.join_k_path_into(k, false),
                    false => writer.meet_k_path_into(k, false),
                };
                assert_eq!(any, writer.child_count() > 0);
                assert_eq!(writer.make_map(), expected, "{k} below {path:?}");
                assert_eq!(writer.path_exists(), a.path_exists_at(&path));
                drop(writer);
                check(&map);
            }
        }
    }

    pub(crate) fn taking_a_subtrie_and_grafting_it_back_changes_nothing<V: ProgramValue>(case: &Case) {
        let [a, _, _] = case.build::<V>();
        let mut map = a.clone();
        let path = case.path(0);
        let mut writer = map.write_zipper_at_path(&path);
        if let Some(taken) = writer.take_map(false) {
            writer.graft_map(taken);
        }
        drop(writer);
        check(&map);
        assert_eq!(map, a);
    }

    pub(crate) fn a_graft_makes_the_map_that_its_source_makes<V: ProgramValue>(case: &Case) {
        let [mut a, b, _] = case.build::<V>();
        let source = b.read_zipper_at_path(case.path(1));
        let path = case.path(0);
        let mut writer = a.write_zipper_at_path(&path);
        writer.graft(&source);
        assert_eq!(writer.make_map(), source.make_map());
        drop(writer);
        check(&a);
    }

    pub(crate) fn inserting_a_prefix_and_collapsing_it_changes_nothing<V: ProgramValue>(case: &Case) {
        let [a, _, _] = case.build::<V>();
        let prefix = case.path(1);
        let mut map = a.clone();
        let path = case.path(0);
        let mut writer = map.write_zipper_at_path(&path);
        let below = writer.insert_prefix(&prefix);
        assert_eq!(writer.join_k_path_into(prefix.len(), false), below);
        drop(writer);
        check(&map);
        assert_eq!(map, a);
    }

    pub(crate) fn creating_a_path_and_pruning_it_changes_nothing<V: ProgramValue>(case: &Case) {
        let [a, _, _] = case.build::<V>();
        let path = case.path(0);
        let mut map = a.clone();
        let created = map.create_path(&path);
        assert_eq!(created, !a.path_exists_at(&path));
        assert_eq!(map.prune_path(&path) > 0, created);
        check(&map);
        assert_eq!(map, a);
    }

    pub(crate) fn masks_of_all_and_of_none_remove_nothing_and_all<V: ProgramValue>(case: &Case) {
        let [a, _, _] = case.build::<V>();
        let path = case.path(0);
        let mut map = a.clone();
        map.write_zipper_at_path(&path).remove_unmasked_branches(ByteMask::FULL, false);
        assert_eq!(map, a);
        map.write_zipper_at_path(&path).remove_unmasked_branches(ByteMask::EMPTY, false);
        let mut bare = a.clone();
        bare.write_zipper_at_path(&path).remove_branches(false);
        assert_eq!(map, bare);
    }

    pub(crate) fn a_grafted_copy_and_its_source_never_see_each_others_writes<V: ProgramValue>(case: &Case) {
        let [mut a, mut b, c] = case.build::<V>();
        let (from, to) = (case.path(0), case.path(1));
        a.write_zipper_at_path(&to).graft(&b.read_zipper_at_path(&from));
        let copy = a.read_zipper_at_path(&to).make_map();
        let (old_copy, old_b) = (rebuilt(&copy), rebuilt(&b));
        // Algebra in place on one side, then on values on the other side.
        a.write_zipper_at_path(&to).join_map_into(c.clone());
        a.write_zipper_at_path(&to).subtract_into(&copy.read_zipper(), false);
        assert_eq!((&b, &copy), (&old_b, &old_copy));
        let old_a = rebuilt(&a);
        for key in &case.recipe.keys {
            b.insert([from.as_slice(), key].concat(), V::of(7));
        }
        b.meet_into(&c);
        assert_eq!((&a, &copy), (&old_a, &old_copy));
    }
}

macro_rules! laws {
    ($($operands:expr => { $($name:ident: [$($value:ty),+];)+ })+) => {$($(
        #[test]
        fn $name() {
            proptest!(config(), |(limits in limits(), case in cases($operands))| {
                with_limits(limits, || {
                    $(law::$name::<$value>(&case);)+
                });
            });
        }
    )+)+};
}

laws! {
    any_operands() => {
        join_is_associative: [u64, String, (), Max<u64>, Sum<u64>, BTreeSet<u8>];
        join_is_idempotent: [u64, String, (), Max<u64>, BTreeSet<u8>];
        join_is_commutative: [(), Max<u64>, Sum<u64>, BTreeSet<u8>];
        meet_is_associative: [u64, String, (), Max<u64>, BTreeSet<u8>];
        meet_is_idempotent: [u64, String, (), Max<u64>, BTreeSet<u8>];
        meet_is_commutative: [(), Max<u64>, BTreeSet<u8>];
        a_map_less_itself_is_empty: [u64, String, (), BTreeSet<u8>];
        restricting_by_itself_keeps_every_value: [u64, (), Sum<u64>];
        what_restricts_more_keeps_less: [u64, ()];
        nothing_is_neutral_to_join: [u64, (), Max<u64>, Sum<u64>];
        nothing_annihilates_meet_and_restrict: [u64, (), Max<u64>, Sum<u64>];
        join_all_is_the_fold_of_join: [u64, (), Max<u64>, Sum<u64>, BTreeSet<u8>];
        the_symmetric_difference_is_both_differences: [()];
        subsets_and_disjoint_maps_are_what_meet_and_join_say: [u64, ()];
        the_changes_applied_to_the_old_map_give_the_new_one: [u64, (), String];
        results_depend_on_content_alone: [u64, String, (), Max<u64>, Sum<u64>, BTreeSet<u8>];
        every_route_agrees: [u64, (), Max<u64>, Sum<u64>, BTreeSet<u8>];
        a_k_path_collapse_joins_or_meets_what_lies_there: [u64, (), Max<u64>, Sum<u64>, BTreeSet<u8>];
        taking_a_subtrie_and_grafting_it_back_changes_nothing: [u64];
        a_graft_makes_the_map_that_its_source_makes: [u64];
        inserting_a_prefix_and_collapsing_it_changes_nothing: [u64, Sum<u64>];
        masks_of_all_and_of_none_remove_nothing_and_all: [u64];
        a_grafted_copy_and_its_source_never_see_each_others_writes: [u64, BTreeSet<u8>];
    }
    recipes(false) => {
        join_and_meet_absorb_each_other: [u64, (), Max<u64>, BTreeSet<u8>];
        meet_distributes_over_join: [u64, (), Max<u64>, BTreeSet<u8>];
        what_is_taken_away_and_what_is_common_make_the_whole: [u64, (), BTreeSet<u8>];
        creating_a_path_and_pruning_it_changes_nothing: [u64];
    }
}
