//! The operators of expressions.

use crate::algebra::build::{Above, Built, Notes, Outcome};
use crate::algebra::combine::combine_places;
use crate::algebra::known::Nothing;
use crate::algebra::lattice::{DistributiveLattice, Lattice};
use crate::algebra::operation::{Join, Meet, Operation, Subtract, SymmetricDifference};
use crate::algebra::pairs::PairFrame;
use crate::algebra::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};
use crate::node::Place;

/// The walk over two places that `combine` makes for one operation.
pub(super) type PairWalk<V> = for<'a> fn(
    [Place<'a, V>; 2],
    Above<'a>,
    &mut Vec<PairFrame<'a, V>>,
    &mut Notes<'a, V>,
) -> Outcome<Built<V>>;

/// The kind of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum OperatorKind {
    Join,
    Meet,
    Subtract,
    SymmetricDifference,
    /// At least `count` of the last `of` operands. `count` is at least 2.
    AtLeast {
        count: usize,
        of: usize,
    },
}

/// An operator, with what it does to values of the type `V`. It holds functions, so that the traits
/// that they require of `V` are required where an expression is made, and nowhere else.
pub(crate) struct Operator<V> {
    pub(super) kind: OperatorKind,
    /// Combines two values at one path. [`OperatorKind::AtLeast`] joins all values in this way.
    pub(super) values: fn(&V, &V) -> AlgebraicResult<V>,
    /// Combines two places. [`OperatorKind::AtLeast`] has a walk for two of two operands.
    pub(super) pair: PairWalk<V>,
    /// Two equal operands have the result that the operation has on sets.
    pub(super) idempotent: bool,
}

impl<V> Clone for Operator<V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Operator<V> {}

impl<V> Operator<V> {
    /// Returns whether the operator has two operands.
    pub(super) fn is_binary(&self) -> bool {
        !matches!(self.kind, OperatorKind::AtLeast { .. })
    }
}

impl<V: Clone> Operator<V> {
    pub(super) fn join() -> Self
    where
        V: Lattice,
    {
        Self {
            kind: OperatorKind::Join,
            values: V::pjoin,
            pair: |places, above, frames, notes| {
                combine_places(places, &mut Join, &Nothing, above, frames, notes)
            },
            idempotent: <V as Lattice>::IDEMPOTENT,
        }
    }

    pub(super) fn meet() -> Self
    where
        V: Lattice,
    {
        Self {
            kind: OperatorKind::Meet,
            values: V::pmeet,
            pair: |places, above, frames, notes| {
                combine_places(places, &mut Meet, &Nothing, above, frames, notes)
            },
            idempotent: <V as Lattice>::IDEMPOTENT,
        }
    }

    pub(super) fn subtract() -> Self
    where
        V: DistributiveLattice,
    {
        Self {
            kind: OperatorKind::Subtract,
            values: V::psubtract,
            pair: |places, above, frames, notes| {
                combine_places(places, &mut Subtract, &Nothing, above, frames, notes)
            },
            idempotent: <V as DistributiveLattice>::IDEMPOTENT,
        }
    }

    pub(super) fn symmetric_difference() -> Self {
        Self {
            kind: OperatorKind::SymmetricDifference,
            values: |_, _| AlgebraicResult::None,
            pair: |places, above, frames, notes| {
                combine_places(places, &mut SymmetricDifference, &Nothing, above, frames, notes)
            },
            idempotent: true,
        }
    }

    /// At least `count` of `of` operands; `count` is at least 2.
    pub(super) fn at_least(count: usize, of: usize) -> Self
    where
        V: Lattice,
    {
        Self {
            kind: OperatorKind::AtLeast { count, of },
            values: V::pjoin,
            pair: |places, above, frames, notes| {
                combine_places(places, &mut JoinOfBoth, &Nothing, above, frames, notes)
            },
            idempotent: <V as Lattice>::IDEMPOTENT,
        }
    }
}

/// At least two of two operands: the paths of the meet, with joined values.
struct JoinOfBoth;

impl<V: Lattice> Operation<V> for JoinOfBoth {
    const LEFT: bool = false;
    const RIGHT: bool = false;
    const TIPS: bool = true;
    const TWINS: Option<u64> = if V::IDEMPOTENT { Some(SELF_IDENT | COUNTER_IDENT) } else { None };

    #[inline]
    fn values(&mut self, left: &V, right: &V) -> AlgebraicResult<V> {
        left.pjoin(right)
    }
}
