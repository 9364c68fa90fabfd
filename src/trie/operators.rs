//! The operators of maps: `|`, `&`, `-`, `^`, and their assigning forms.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Sub, SubAssign};

use crate::algebra::{DistributiveLattice, Lattice};
use crate::trie::PathMap;

/// Implements an operator between maps, each owned or borrowed, and its assigning form. Std's sets
/// have operators between two borrowed sets only. Here all forms are cheap, because a clone of a
/// map is O(1).
macro_rules! operator {
    (
        [$($bound:tt)*] $operator:ident $call:ident, $assign:ident $call_assign:ident,
        $link:literal, $link_assign:literal, |$left:ident, $right:ident| $made:expr, $in_place:expr
    ) => {
        operator!(@made [$($bound)*] $operator $call, &PathMap<V>, &PathMap<V>, $link, |$left, $right| $made);
        operator!(@made [$($bound)*] $operator $call, PathMap<V>, &PathMap<V>, $link, |$left, $right| $made);
        operator!(@made [$($bound)*] $operator $call, &PathMap<V>, PathMap<V>, $link, |$left, $right| $made);
        operator!(@made [$($bound)*] $operator $call, PathMap<V>, PathMap<V>, $link, |$left, $right| $made);

        impl<V: $($bound)* Clone> $assign<&Self> for PathMap<V> {
            #[doc = $link_assign]
            fn $call_assign(&mut self, $right: &Self) {
                let $left = self;
                $in_place;
            }
        }

        impl<V: $($bound)* Clone> $assign for PathMap<V> {
            #[doc = $link_assign]
            fn $call_assign(&mut self, other: Self) {
                let ($left, $right) = (self, &other);
                $in_place;
            }
        }
    };
    (@made [$($bound:tt)*] $operator:ident $call:ident, $self:ty, $other:ty, $link:literal, |$left:ident, $right:ident| $made:expr) => {
        impl<V: $($bound)* Clone> $operator<$other> for $self {
            type Output = PathMap<V>;

            #[doc = $link]
            fn $call(self, other: $other) -> PathMap<V> {
                let ($left, $right): (&PathMap<V>, &PathMap<V>) = (&self, &other);
                $made
            }
        }
    };
}

operator!(
    [Lattice +] BitOr bitor, BitOrAssign bitor_assign,
    "[`join`](PathMap::join)", "[`join_into`](PathMap::join_into)",
    |left, right| left.join(right), left.join_ref(right)
);
operator!(
    [Lattice +] BitAnd bitand, BitAndAssign bitand_assign,
    "[`meet`](PathMap::meet)", "[`meet_into`](PathMap::meet_into)",
    |left, right| left.meet(right), left.meet_into(right)
);
operator!(
    [DistributiveLattice +] Sub sub, SubAssign sub_assign,
    "[`subtract`](PathMap::subtract)", "[`subtract_into`](PathMap::subtract_into)",
    |left, right| left.subtract(right), left.subtract_into(right)
);
operator!(
    [] BitXor bitxor, BitXorAssign bitxor_assign,
    "[`symmetric_difference`](PathMap::symmetric_difference)",
    "[`symmetric_difference_into`](PathMap::symmetric_difference_into)",
    |left, right| left.symmetric_difference(right), left.symmetric_difference_into(right)
);
