//! Combining whole maps on several threads.
//!
//! The pairs of subtries that the sequential walk will reach are found near the roots and combined
//! by the threads. When the walk reaches a pair, its result is known. So each operation is
//! implemented once.

use std::marker::PhantomData;

use rayon::prelude::*;

use super::divide::{Work, divide};
use crate::algebra::{
    DistributiveLattice, Join, KnownJoins, KnownPairs, Lattice, Meet, Operation, Outcome, SELF_IDENT,
    Subtract, combine, combine_knowing, forks, gather, gather_knowing, groups_below,
};
use crate::node::{Key, Limits, Place, place_of, weigh};
use crate::trie::{PathMap, distinct, root_of};

impl<V: Clone + Send + Sync> PathMap<V> {
    /// Like [`join`](Self::join), on the threads of rayon's current pool (feature `rayon`).
    ///
    /// The result equals that of [`join`](Self::join), and shares as many nodes with the operands.
    /// Small maps are joined by the calling thread alone. If an operand has a shared subtrie in
    /// several places, the result may have one copy of it for each thread's part.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let even: PathMap<()> = (0..40_000u32).step_by(2).map(|i| (i.to_be_bytes(), ())).collect();
    /// let odd: PathMap<()> = (1..40_000u32).step_by(2).map(|i| (i.to_be_bytes(), ())).collect();
    /// let all = even.par_join(&odd);
    /// assert_eq!(all.len(), 40_000);
    /// assert_eq!(all, even.join(&odd));
    /// ```
    #[must_use]
    pub fn par_join(&self, other: &Self) -> Self
    where
        V: Lattice,
    {
        par_combined(self, other, || Join)
    }

    /// Like [`meet`](Self::meet), on several threads as in [`par_join`](Self::par_join) (feature
    /// `rayon`).
    #[must_use]
    pub fn par_meet(&self, other: &Self) -> Self
    where
        V: Lattice,
    {
        par_combined(self, other, || Meet)
    }

    /// Like [`subtract`](Self::subtract), on several threads as in [`par_join`](Self::par_join)
    /// (feature `rayon`).
    #[must_use]
    pub fn par_subtract(&self, other: &Self) -> Self
    where
        V: DistributiveLattice,
    {
        par_combined(self, other, || Subtract)
    }

    /// Like [`join_all`](Self::join_all), on several threads as in [`par_join`](Self::par_join)
    /// (feature `rayon`).
    #[must_use]
    pub fn par_join_all<'m, I>(maps: I) -> Self
    where
        I: IntoIterator<Item = &'m Self>,
        V: Lattice + 'm,
    {
        let maps = distinct(maps);
        if let [first, second] = maps[..] {
            return first.par_join(second);
        }
        let places: Vec<_> = maps.into_iter().filter_map(|map| place_of(map.root.as_ref())).collect();
        if places.is_empty() {
            return Self::new();
        }
        let groups = divide(&Groups(PhantomData), places.clone(), rayon::current_num_threads());
        if groups.is_empty() {
            return Self::from_root(gather(&places).and_then(root_of));
        }
        let limits = Limits::current();
        let joined: Vec<_> = groups
            .into_par_iter()
            .with_max_len(1)
            .map(|group| (limits.during(|| gather(&group)), group))
            .collect();
        let mut known = KnownJoins::new();
        for (joined, group) in joined {
            let joined = joined.expect("a group has places");
            known.insert(&group, joined);
        }
        Self::from_root(root_of(gather_knowing(&places, &known)))
    }
}

/// Combines two maps by an operation. `operation` makes one for each thread's part.
pub(super) fn par_combined<V, O>(left: &PathMap<V>, right: &PathMap<V>, operation: fn() -> O) -> PathMap<V>
where
    V: Clone + Send + Sync,
    O: Operation<V>,
{
    let places = (place_of(left.root.as_ref()), place_of(right.root.as_ref()));
    let parts = match places {
        (Some(left), Some(right)) => {
            divide(&Pairs::<V, O>(PhantomData), [left, right], rayon::current_num_threads())
        }
        _ => Vec::new(),
    };
    let outcome = match places {
        (Some(left), Some(right)) if !parts.is_empty() => {
            let limits = Limits::current();
            let combined = |[left, right]: [Place<'_, V>; 2]| {
                limits.during(|| combine(Some(left), Some(right), &mut operation()))
            };
            let known: Vec<_> =
                parts.into_par_iter().with_max_len(1).map(|part| (part, combined(part))).collect();
            let known: KnownPairs<V> = known.into_iter().collect();
            combine_knowing([left, right], &mut operation(), &known)
        }
        (left, right) => combine(left, right, &mut operation()),
    };
    match outcome {
        Outcome::Nothing => PathMap::new(),
        Outcome::Same(mask) if mask & SELF_IDENT != 0 => left.clone(),
        Outcome::Same(_) => right.clone(),
        Outcome::New(root) => PathMap::from_root(Some(root)),
    }
}

/// Pairs of places that an operation combines.
struct Pairs<'a, V, O>(PhantomData<(&'a V, O)>);

impl<'a, V, O: Operation<V>> Work for Pairs<'a, V, O> {
    type Part = [Place<'a, V>; 2];
    type Key = [Key; 2];

    fn key(&self, places: &Self::Part) -> Self::Key {
        places.map(Place::key)
    }

    fn steps(&self, places: &Self::Part) -> usize {
        places.iter().map(|place| place.entry_count()).sum()
    }

    fn weigh(&self, [left, right]: &Self::Part) -> usize {
        // What only one side has costs nothing.
        weigh(*left).min(weigh(*right))
    }

    fn parts(&self, places: &Self::Part) -> Vec<Self::Part> {
        forks::<V, O>(*places)
    }
}

/// Groups of places that are joined.
struct Groups<'a, V>(PhantomData<&'a V>);

impl<'a, V: Lattice + Clone> Work for Groups<'a, V> {
    type Part = Vec<Place<'a, V>>;
    type Key = Vec<Key>;

    fn key(&self, places: &Self::Part) -> Self::Key {
        places.iter().map(|place| place.key()).collect()
    }

    fn steps(&self, places: &Self::Part) -> usize {
        places.iter().map(|place| place.entry_count()).sum()
    }

    fn weigh(&self, places: &Self::Part) -> usize {
        let weights = places.iter().map(|&place| weigh(place));
        let all = weights.clone().fold(0, usize::saturating_add);
        all - weights.max().unwrap_or(0)
    }

    fn parts(&self, places: &Self::Part) -> Vec<Self::Part> {
        groups_below(places)
    }
}
