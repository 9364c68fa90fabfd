//! Lattices of compound values: options, pointers, tuples.

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use super::lattice::{DistributiveLattice, Lattice};
use super::result::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};

/// `None` counts as no value, like an empty set. Two `Some` are combined by their contents.
impl<V: Lattice> Lattice for Option<V> {
    const IDEMPOTENT: bool = V::IDEMPOTENT;

    #[inline]
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self, other) {
            (Some(a), Some(b)) => a.pjoin(b).map(Some),
            (Some(_), None) => AlgebraicResult::Identity(SELF_IDENT),
            (None, Some(_)) => AlgebraicResult::Identity(COUNTER_IDENT),
            (None, None) => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
        }
    }

    #[inline]
    fn join_into(&mut self, other: Self) -> AlgebraicStatus {
        match (self, other) {
            (_, None) => AlgebraicStatus::Identity,
            (Some(a), Some(b)) => a.join_into(b),
            (a, b) => {
                *a = b;
                AlgebraicStatus::Element
            }
        }
    }

    #[inline]
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self, other) {
            (Some(a), Some(b)) => a.pmeet(b).map(Some),
            (None, None) => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
            _ => AlgebraicResult::None,
        }
    }

    #[inline]
    fn bottom(&self) -> Option<Self> {
        Some(None)
    }
}

impl<V: DistributiveLattice> DistributiveLattice for Option<V> {
    const IDEMPOTENT: bool = V::IDEMPOTENT;

    #[inline]
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        match (self, other) {
            (Some(a), Some(b)) => a.psubtract(b).map(Some),
            (Some(_), None) => AlgebraicResult::Identity(SELF_IDENT),
            (None, _) => AlgebraicResult::None,
        }
    }
}

/// A box is combined by its content.
impl<V: Lattice> Lattice for Box<V> {
    const IDEMPOTENT: bool = V::IDEMPOTENT;

    #[inline]
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        (**self).pjoin(other).map(Box::new)
    }

    #[inline]
    fn join_into(&mut self, other: Self) -> AlgebraicStatus {
        (**self).join_into(*other)
    }

    #[inline]
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        (**self).pmeet(other).map(Box::new)
    }

    #[inline]
    fn bottom(&self) -> Option<Self> {
        (**self).bottom().map(Box::new)
    }
}

impl<V: DistributiveLattice> DistributiveLattice for Box<V> {
    const IDEMPOTENT: bool = V::IDEMPOTENT;

    #[inline]
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        (**self).psubtract(other).map(Box::new)
    }
}

macro_rules! counted {
    ($pointer:ident) => {
        /// A pointer is combined by its content. For two pointers to one content, the result is
        /// known without a comparison if the content's type is idempotent.
        impl<V: Lattice> Lattice for $pointer<V> {
            const IDEMPOTENT: bool = V::IDEMPOTENT;

            #[inline]
            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                if V::IDEMPOTENT && $pointer::ptr_eq(self, other) {
                    return AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT);
                }
                (**self).pjoin(other).map($pointer::new)
            }

            #[inline]
            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                if V::IDEMPOTENT && $pointer::ptr_eq(self, other) {
                    return AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT);
                }
                (**self).pmeet(other).map($pointer::new)
            }

            #[inline]
            fn bottom(&self) -> Option<Self> {
                (**self).bottom().map($pointer::new)
            }
        }

        impl<V: DistributiveLattice> DistributiveLattice for $pointer<V> {
            const IDEMPOTENT: bool = V::IDEMPOTENT;

            #[inline]
            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                if V::IDEMPOTENT && $pointer::ptr_eq(self, other) {
                    return AlgebraicResult::None;
                }
                (**self).psubtract(other).map($pointer::new)
            }
        }
    };
}

counted!(Arc);
counted!(Rc);

/// Returns true iff `value` is the least value of its type.
fn is_bottom<V: Lattice>(value: &V) -> bool {
    // A lattice need not have `==`. The least value is the value that adds nothing to it.
    let absorbed = value.bottom().and_then(|bottom| bottom.pjoin(value).identity_mask());
    absorbed.is_some_and(|mask| mask & SELF_IDENT != 0)
}

// The code of the derive macros uses the functions below, too.

/// Returns true iff a component's result is nothing or the least value.
#[cfg_attr(not(feature = "derive"), allow(unreachable_pub, reason = "only derived code names it"))]
pub fn leaves_nothing<V: Lattice>(result: &AlgebraicResult<V>, a: &V, b: &V) -> bool {
    match result {
        AlgebraicResult::None => true,
        AlgebraicResult::Identity(mask) => is_bottom(if mask & SELF_IDENT != 0 { a } else { b }),
        AlgebraicResult::Element(value) => is_bottom(value),
    }
}

/// Returns a component's result, in which the least value replaces nothing. Returns `None` if the
/// type has no least value.
#[cfg_attr(not(feature = "derive"), allow(unreachable_pub, reason = "only derived code names it"))]
pub fn settled<V: Lattice>(result: AlgebraicResult<V>, a: &V, b: &V) -> Option<AlgebraicResult<V>> {
    if !result.is_none() {
        return Some(result);
    }
    let bottom = a.bottom()?;
    Some(AlgebraicResult::identity_or(is_bottom(a), is_bottom(b), || bottom))
}

/// Returns a component's value: the new one, or a clone of the operand's.
#[cfg_attr(not(feature = "derive"), allow(unreachable_pub, reason = "only derived code names it"))]
pub fn component<V: Clone>(result: AlgebraicResult<V>, a: &V, b: &V) -> V {
    let own = result.status().is_identity();
    result.unwrap_or_else(|_| if own { a.clone() } else { b.clone() }, || a.clone())
}

/// Returns the status of a join in place from the statuses of its components.
#[cfg_attr(not(feature = "derive"), allow(unreachable_pub, reason = "only derived code names it"))]
pub fn merged(statuses: &[AlgebraicStatus]) -> AlgebraicStatus {
    // A join leaves nothing of a component only if it was nothing before.
    let merged = statuses.iter().copied().reduce(|a, b| a.merge(b, true, true));
    merged.unwrap_or(AlgebraicStatus::Identity)
}

macro_rules! tuple {
    ($($type:ident $i:tt),+) => {
        /// A tuple is combined component by component.
        ///
        /// A meet or a difference is `None` if nothing is left of any component. Otherwise, a
        /// component of which nothing is left becomes the least value of its type
        /// ([`Lattice::bottom`]). If its type has no least value:
        ///
        /// - A meet is `None`, since the tuple has no place for the missing component. Meet then
        ///   does not distribute over join. The types of this crate do not cause this by
        ///   themselves: they have a least value, or their meets always leave something.
        /// - A difference leaves the component unchanged, so that its join with `b` is still `a ∨
        ///   b`.
        impl<$($type: Lattice + Clone),+> Lattice for ($($type,)+) {
            const IDEMPOTENT: bool = $($type::IDEMPOTENT)&&+;

            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                let results = ($(self.$i.pjoin(&other.$i),)+);
                if $(results.$i.is_none())&&+ {
                    return AlgebraicResult::None;
                }
                let mask = $(results.$i.identity_mask().unwrap_or(0))&+;
                AlgebraicResult::identity_or(mask & SELF_IDENT != 0, mask & COUNTER_IDENT != 0, || {
                    ($(component(results.$i, &self.$i, &other.$i),)+)
                })
            }

            fn join_into(&mut self, other: Self) -> AlgebraicStatus {
                merged(&[$(self.$i.join_into(other.$i)),+])
            }

            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                let results = ($(self.$i.pmeet(&other.$i),)+);
                if $(results.$i.is_none())&&+ {
                    return AlgebraicResult::None;
                }
                let some_gone = $(results.$i.is_none())||+;
                if some_gone && $(leaves_nothing(&results.$i, &self.$i, &other.$i))&&+ {
                    return AlgebraicResult::None;
                }
                let results = ($(match settled(results.$i, &self.$i, &other.$i) {
                    Some(result) => result,
                    None => return AlgebraicResult::None,
                },)+);
                let mask = $(results.$i.identity_mask().unwrap_or(0))&+;
                AlgebraicResult::identity_or(mask & SELF_IDENT != 0, mask & COUNTER_IDENT != 0, || {
                    ($(component(results.$i, &self.$i, &other.$i),)+)
                })
            }

            fn bottom(&self) -> Option<Self> {
                Some(($(self.$i.bottom()?,)+))
            }
        }

        impl<$($type: DistributiveLattice + Lattice + Clone),+> DistributiveLattice for ($($type,)+) {
            const IDEMPOTENT: bool = $(<$type as DistributiveLattice>::IDEMPOTENT)&&+;

            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                let results = ($(self.$i.psubtract(&other.$i),)+);
                if $(results.$i.is_none())&&+ {
                    return AlgebraicResult::None;
                }
                let results = ($(
                    settled(results.$i, &self.$i, &other.$i)
                        .unwrap_or(AlgebraicResult::Identity(SELF_IDENT)),
                )+);
                let mask = $(results.$i.identity_mask().unwrap_or(0))&+;
                AlgebraicResult::identity_or(mask & SELF_IDENT != 0, false, || {
                    ($(component(results.$i, &self.$i, &other.$i),)+)
                })
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

/// The type has one value, which is the least: a field of this type does not affect how a struct
/// is combined.
impl<T: ?Sized> Lattice for PhantomData<T> {
    #[inline]
    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT)
    }

    #[inline]
    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT)
    }

    #[inline]
    fn bottom(&self) -> Option<Self> {
        Some(Self)
    }
}

impl<T: ?Sized> DistributiveLattice for PhantomData<T> {
    #[inline]
    fn psubtract(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::None
    }
}
