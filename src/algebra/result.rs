//! The results of combining two values: nothing is left, an operand is the result, or the result
//! is a new value.

use std::borrow::Borrow;

/// The bit of [`AlgebraicResult::Identity`] for `self`: the result is `self`.
pub const SELF_IDENT: u64 = 1;

/// The bit of [`AlgebraicResult::Identity`] for `other`: the result is `other`.
pub const COUNTER_IDENT: u64 = 2;

/// The result of combining values, without a copy of a value that the caller already has.
///
/// If bit `i` of an identity mask is set, the result is argument `i`; [`SELF_IDENT`] and
/// [`COUNTER_IDENT`] are the bits of the first two. A mask has at least one bit, and none beyond
/// the arguments. If it has two bits, these arguments are equal.
///
/// A mask should be *exact*: every argument that is the result has its bit, and an element equals
/// no argument. All instances of this crate are exact. With an instance whose masks are not exact,
/// contents are still correct, but a status may be "changed" although nothing has changed. If a
/// result could be both nothing and an argument, [`Lattice::pmeet`](super::Lattice::pmeet) tells
/// which to return.
///
/// # Examples
/// ```
/// use bytetrie::algebra::{AlgebraicResult, COUNTER_IDENT, Lattice, Max, SELF_IDENT};
///
/// let (low, high) = (Max(3), Max(8));
/// assert_eq!(low.pjoin(&high), AlgebraicResult::Identity(COUNTER_IDENT));
/// assert_eq!(low.pjoin(&low), AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT));
/// assert_eq!(low.pjoin(&high).unwrap([&low, &high]), Max(8));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub enum AlgebraicResult<V> {
    /// Nothing is left.
    #[default]
    None,
    /// The result is each argument whose bit is set. At least one bit is set.
    Identity(u64),
    /// The result is a new value.
    Element(V),
}

impl<V> From<V> for AlgebraicResult<V> {
    /// Wraps a new value.
    #[inline]
    fn from(value: V) -> Self {
        Self::Element(value)
    }
}

impl<V> From<Option<V>> for AlgebraicResult<V> {
    /// Converts `Some` into a new value, and `None` into nothing.
    #[inline]
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::None, Self::Element)
    }
}

impl<V> AlgebraicResult<V> {
    /// Returns the identity of the operands that the result equals, or the element if it equals
    /// neither.
    #[inline]
    pub(crate) fn identity_or<F: FnOnce() -> V>(own: bool, counter: bool, element: F) -> Self {
        match (own, counter) {
            (false, false) => Self::Element(element()),
            (true, false) => Self::Identity(SELF_IDENT),
            (false, true) => Self::Identity(COUNTER_IDENT),
            (true, true) => Self::Identity(SELF_IDENT | COUNTER_IDENT),
        }
    }

    /// Returns true iff nothing is left.
    #[must_use]
    #[inline]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Returns true iff the result is one of the arguments.
    #[must_use]
    #[inline]
    pub fn is_identity(&self) -> bool {
        matches!(self, Self::Identity(_))
    }

    /// Returns true iff the result is a new value.
    #[must_use]
    #[inline]
    pub fn is_element(&self) -> bool {
        matches!(self, Self::Element(_))
    }

    /// Returns the mask of the arguments that are the result, or `None` if no argument is.
    #[must_use]
    #[inline]
    pub fn identity_mask(&self) -> Option<u64> {
        match *self {
            Self::Identity(mask) => Some(mask),
            _ => None,
        }
    }

    /// Returns the result for swapped operands.
    ///
    /// This method is for operations on two operands. It drops all other bits of the mask.
    #[inline]
    pub fn invert_identity(self) -> Self {
        match self {
            Self::Identity(mask) => Self::Identity((mask & SELF_IDENT) << 1 | (mask & COUNTER_IDENT) >> 1),
            other => other,
        }
    }

    /// Applies `f` to a new value; other results are unchanged.
    #[inline]
    pub fn map<U, F>(self, f: F) -> AlgebraicResult<U>
    where
        F: FnOnce(V) -> U,
    {
        match self {
            Self::None => AlgebraicResult::None,
            Self::Identity(mask) => AlgebraicResult::Identity(mask),
            Self::Element(value) => AlgebraicResult::Element(f(value)),
        }
    }

    /// Borrows a new value; other results are unchanged.
    #[inline]
    pub fn as_ref(&self) -> AlgebraicResult<&V> {
        match self {
            Self::None => AlgebraicResult::None,
            Self::Identity(mask) => AlgebraicResult::Identity(*mask),
            Self::Element(value) => AlgebraicResult::Element(value),
        }
    }

    /// Returns the result as a value, or `None` if nothing is left.
    ///
    /// If an argument is the result, `ident_f` is called with its index and returns the value. If
    /// several arguments are the result, the index is that of the first one.
    #[must_use]
    #[inline]
    pub fn map_into_option<IdentF>(self, ident_f: IdentF) -> Option<V>
    where
        IdentF: FnOnce(usize) -> Option<V>,
    {
        match self {
            Self::None => None,
            Self::Identity(mask) => ident_f(first(mask)),
            Self::Element(value) => Some(value),
        }
    }

    /// Returns the result as a value, or `None` if nothing is left.
    ///
    /// `idents` are the arguments. If an argument is the result, it is cloned.
    ///
    /// # Panics
    /// Panics if `idents` is too short to hold the argument that is the result.
    #[must_use]
    #[inline]
    pub fn into_option<I: AsRef<[VRef]>, VRef: Borrow<V>>(self, idents: I) -> Option<V>
    where
        V: Clone,
    {
        self.map_into_option(|i| Some(idents.as_ref()[i].borrow().clone()))
    }

    /// Returns the result as a value.
    ///
    /// `idents` are the arguments. If an argument is the result, it is cloned.
    ///
    /// # Panics
    /// Panics if nothing is left, or if `idents` is too short to hold the argument that is the
    /// result.
    #[must_use]
    #[inline]
    #[track_caller]
    pub fn unwrap<I: AsRef<[VRef]>, VRef: Borrow<V>>(self, idents: I) -> V
    where
        V: Clone,
    {
        self.into_option(idents).expect("called `unwrap` on a result of which nothing is left")
    }

    /// Returns the result as a value: `ident_f` of the argument's index, the new value, or
    /// `none_f()` if nothing is left.
    #[inline]
    pub fn unwrap_or_else<IdentF, NoneF>(self, ident_f: IdentF, none_f: NoneF) -> V
    where
        IdentF: FnOnce(usize) -> V,
        NoneF: FnOnce() -> V,
    {
        self.map_into_option(|i| Some(ident_f(i))).unwrap_or_else(none_f)
    }

    /// Returns the result as a value, or `none` if nothing is left.
    ///
    /// `idents` are the arguments. If an argument is the result, it is cloned.
    ///
    /// # Panics
    /// Panics if `idents` is too short to hold the argument that is the result.
    #[must_use]
    #[inline]
    pub fn unwrap_or<I: AsRef<[VRef]>, VRef: Borrow<V>>(self, idents: I, none: V) -> V
    where
        V: Clone,
    {
        self.into_option(idents).unwrap_or(none)
    }

    /// Combines the results for two parts into the result for the whole.
    ///
    /// `self_idents` and `b_idents` return the first and the second part of argument `i`, or
    /// `None` if the argument lacks that part. `merge_f` makes the whole from two parts; `None`
    /// stands for a part of which nothing is left.
    ///
    /// - If nothing is left of either part, nothing is left of the whole.
    /// - Arguments that are the result in both parts are the result.
    /// - If nothing is left of one part, and the other part is that of argument `i`, then argument
    ///   `i` is the result, provided that it already lacked the part of which nothing is left. For
    ///   example, a subtraction leaves all of the first part of `self` and nothing of the second:
    ///   the result is `self` if `self` had no second part, and a new value otherwise.
    ///   Only the first such `i` of the mask is tried, since the closures are called once. So the
    ///   result may be a new value although a later argument equals it. But it is never an
    ///   argument that differs.
    /// - In all other cases `merge_f` returns the result.
    ///
    /// A meet of two collections cannot be merged only from the meets of their common elements:
    /// an element that only one collection contains must clear the identity too.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::algebra::{AlgebraicResult, Lattice, Max, Min};
    ///
    /// type Span = (Min<u32>, Max<u32>);
    /// fn join(a: &Span, b: &Span) -> AlgebraicResult<Span> {
    ///     let (starts, ends) = ([a.0, b.0], [a.1, b.1]);
    ///     a.0.pjoin(&b.0).merge(
    ///         a.1.pjoin(&b.1),
    ///         |i| Some(starts[i]),
    ///         |i| Some(ends[i]),
    ///         |start, end| start.zip(end).map_or(AlgebraicResult::None, AlgebraicResult::Element),
    ///     )
    /// }
    ///
    /// let outer = (Min(2), Max(9));
    /// assert_eq!(join(&(Min(2), Max(5)), &(Min(4), Max(9))), AlgebraicResult::Element(outer));
    /// assert!(join(&outer, &(Min(4), Max(5))).is_identity());
    /// ```
    #[inline]
    pub fn merge<BV, U, MergeF, AIdent, BIdent>(
        self,
        b: AlgebraicResult<BV>,
        self_idents: AIdent,
        b_idents: BIdent,
        merge_f: MergeF,
    ) -> AlgebraicResult<U>
    where
        MergeF: FnOnce(Option<V>, Option<BV>) -> AlgebraicResult<U>,
        AIdent: FnOnce(usize) -> Option<V>,
        BIdent: FnOnce(usize) -> Option<BV>,
    {
        match (self.identity_mask(), b.identity_mask()) {
            (Some(mask), Some(b_mask)) if mask & b_mask != 0 => {
                return AlgebraicResult::Identity(mask & b_mask);
            }
            (None, None) if self.is_none() && b.is_none() => return AlgebraicResult::None,
            (None, Some(mask)) if self.is_none() => {
                return match self_idents(first(mask)) {
                    None => AlgebraicResult::Identity(1 << first(mask)),
                    Some(_) => merge_f(None, b_idents(first(mask))),
                };
            }
            (Some(mask), None) if b.is_none() => {
                return match b_idents(first(mask)) {
                    None => AlgebraicResult::Identity(1 << first(mask)),
                    Some(_) => merge_f(self_idents(first(mask)), None),
                };
            }
            _ => {}
        }
        merge_f(self.map_into_option(self_idents), b.map_into_option(b_idents))
    }

    /// Converts a status into a result; `element_f` makes the value if it is a new one.
    #[inline]
    pub fn from_status<F>(status: AlgebraicStatus, element_f: F) -> Self
    where
        F: FnOnce() -> V,
    {
        match status {
            AlgebraicStatus::None => Self::None,
            AlgebraicStatus::Identity => Self::Identity(SELF_IDENT),
            AlgebraicStatus::Element => Self::Element(element_f()),
        }
    }

    /// Returns the status of an operation in place that has this result. If the result is only
    /// `other`, `self` has changed.
    #[must_use]
    #[inline]
    pub fn status(&self) -> AlgebraicStatus {
        match self {
            Self::None => AlgebraicStatus::None,
            Self::Identity(mask) if mask & SELF_IDENT != 0 => AlgebraicStatus::Identity,
            _ => AlgebraicStatus::Element,
        }
    }
}

impl<V> AlgebraicResult<Option<V>> {
    /// Converts a new value `None` into nothing, and takes any other new value out of its `Some`.
    /// Other results are unchanged.
    #[inline]
    pub fn flatten(self) -> AlgebraicResult<V> {
        match self {
            Self::None | Self::Element(None) => AlgebraicResult::None,
            Self::Identity(mask) => AlgebraicResult::Identity(mask),
            Self::Element(Some(value)) => AlgebraicResult::Element(value),
        }
    }
}

/// Returns the index of the first argument in a mask.
#[inline]
fn first(mask: u64) -> usize {
    debug_assert_ne!(mask, 0, "an identity names an argument");
    mask.trailing_zeros() as usize
}

/// The effect of an operation in place on `self`.
///
/// The variants are ordered by how much they guarantee: [`Element`](Self::Element) guarantees
/// least, and [`None`](Self::None) most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlgebraicStatus {
    /// `self` has become the result, and has changed.
    #[default]
    Element,
    /// `self` is unchanged.
    Identity,
    /// Nothing is left of `self`.
    None,
}

impl AlgebraicStatus {
    /// Returns true iff nothing is left.
    #[must_use]
    #[inline]
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// Returns true iff nothing has changed.
    #[must_use]
    #[inline]
    pub fn is_identity(&self) -> bool {
        *self == Self::Identity
    }

    /// Returns true iff something has changed and something is left.
    #[must_use]
    #[inline]
    pub fn is_element(&self) -> bool {
        *self == Self::Element
    }

    /// Combines the statuses of two parts into the status of the whole.
    ///
    /// `self_none` tells whether the first part was nothing before the operation, and `b_none`
    /// whether the second part was. Both may be `true` for an operation that never leaves nothing
    /// of a value, such as a join.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::algebra::AlgebraicStatus::{Element, Identity, None};
    ///
    /// assert_eq!(Identity.merge(Identity, false, false), Identity);
    /// assert_eq!(Identity.merge(None, false, true), Identity);
    /// assert_eq!(Identity.merge(None, false, false), Element); // the second part is gone now
    /// assert_eq!(None.merge(None, false, false), None);
    /// ```
    #[must_use]
    #[inline]
    pub fn merge(self, b: Self, self_none: bool, b_none: bool) -> AlgebraicStatus {
        match (self, b) {
            (Self::None, Self::None) => Self::None,
            (Self::Identity, Self::Identity) => Self::Identity,
            (Self::None, Self::Identity) if self_none => Self::Identity,
            (Self::Identity, Self::None) if b_none => Self::Identity,
            _ => Self::Element,
        }
    }
}
