//! The two traits of values that can be combined.

use std::borrow::Cow;

use super::result::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};

/// Values with a join and a meet.
///
/// Where two tries both have a value at a path, the join of the tries asks [`pjoin`](Self::pjoin)
/// and their meet asks [`pmeet`](Self::pmeet). [`AlgebraicResult::None`] is "no value here".
///
/// # Laws
/// With "no value" as the least of all: both operations are associative, each absorbs the other,
/// and meet distributes over join. Lattices in the strict sense are commutative too. Plain values
/// (integers, strings) are not: they keep the left operand. [`Sum`](super::Sum) counts: its join
/// of a value with itself is another, and meet does not distribute over it.
///
/// Some values, like the empty set, say the same as no value ([`bottom`](Self::bottom)). The laws
/// take the two for one.
///
/// # Instances
/// | type | join `a ∨ b` | meet `a ∧ b` | difference `a − b` |
/// |---|---|---|---|
/// | integers, `bool`, `char`, strings, `Vec`, slices, `[u8; N]` | `a` | `a` | nothing if equal, else `a` |
/// | `f32`, `f64`, equal if their bits are | `a` | `a` | nothing if equal, else `a` |
/// | `()` | `()` | `()` | nothing |
/// | `BTreeSet`, `HashSet`, [`ByteMask`](crate::bytes::ByteMask) and its words | union | intersection | difference |
/// | `BTreeMap`, `HashMap` | all keys | the keys in both | the keys of `a` where something is left |
/// | `Option` | `None` says nothing | of two `Some` | `a` if `b` is `None` |
/// | `Box`, `Rc`, `Arc` | as the content | as the content | as the content |
/// | tuples up to six | by component | by component | by component |
/// | [`Max`](super::Max), [`Min`](super::Min) | the greater, the lesser | the other | `a` if the join is not `b` |
/// | [`Or`](super::Or), [`And`](super::And) | bits of either, of both | the other | what joins with `b` to `a ∨ b` |
/// | [`Sum`](super::Sum) | the sum | the lesser | what `a` has more |
///
/// # Examples
/// ```
/// use bytetrie::algebra::{AlgebraicResult, Lattice, SELF_IDENT, COUNTER_IDENT};
///
/// /// What is known of an answer.
/// #[derive(Clone, Debug, PartialEq)]
/// enum Known {
///     No,
///     Yes,
///     Contradiction,
/// }
///
/// impl Lattice for Known {
///     fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
///         match (self, other) {
///             (a, b) if a == b => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
///             (Known::Contradiction, _) => AlgebraicResult::Identity(SELF_IDENT),
///             (_, Known::Contradiction) => AlgebraicResult::Identity(COUNTER_IDENT),
///             _ => AlgebraicResult::Element(Known::Contradiction),
///         }
///     }
///
///     fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
///         match (self, other) {
///             (a, b) if a == b => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
///             (Known::Contradiction, _) => AlgebraicResult::Identity(COUNTER_IDENT),
///             (_, Known::Contradiction) => AlgebraicResult::Identity(SELF_IDENT),
///             _ => AlgebraicResult::None,
///         }
///     }
/// }
///
/// let mut known = Known::Yes;
/// assert!(known.join_into(Known::Yes).is_identity());
/// assert!(known.join_into(Known::No).is_element());
/// assert_eq!(known, Known::Contradiction);
/// ```
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` have no join and no meet",
    label = "`{Self}` is not a `Lattice`",
    note = "pass a closure that says what becomes of two values: `a.join_with(&b, |x, y| …)`, `meet_with`, `join_into_with`",
    note = "a struct of lattices derives it: `#[derive(Clone, Lattice)]` with `bytetrie::algebra::Lattice` in scope",
    note = "numbers are combined by `Max`, `Min`, `Sum`, `Or` and `And` of `bytetrie::algebra`; `BTreeSet<T>` is a lattice"
)]
pub trait Lattice {
    /// Says that the join and the meet of a value with itself are `Identity(SELF_IDENT |
    /// COUNTER_IDENT)`.
    ///
    /// Operations on tries then pass over nodes that both tries share, and never ask about the
    /// values in them. If this is `true` and the instance does otherwise, results depend on which
    /// nodes happen to be shared. `false` is always right, and slower.
    const IDEMPOTENT: bool = true;

    /// The join of two values: the least value that holds what either says.
    ///
    /// It is never `None` in this crate: two values have a join.
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;

    /// Makes `self` the join of the two.
    ///
    /// The status is that of [`pjoin`](Self::pjoin). If it is `None`, `self` is left as it was,
    /// and should be removed by the caller.
    fn join_into(&mut self, other: Self) -> AlgebraicStatus
    where
        Self: Sized,
    {
        let result = self.pjoin(&other);
        let status = result.status();
        match result {
            AlgebraicResult::Element(value) => *self = value,
            AlgebraicResult::Identity(mask) if mask & SELF_IDENT == 0 => *self = other,
            _ => {}
        }
        status
    }

    /// The meet of two values: the greatest value that both say.
    ///
    /// It is `None` if the two say nothing in common, also where the type has a value that says
    /// nothing: the meet of two disjoint sets is `None`, and not an empty set. Two equal values
    /// are their own meet even so, as [`IDEMPOTENT`](Self::IDEMPOTENT) demands.
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;

    /// The value of this type that says nothing, if there is one: an empty set, `None`, a count of
    /// zero.
    ///
    /// The components of a tuple take it where nothing is left of them. It is a method, since what
    /// says nothing may depend on the value (a mask with no bits has a width).
    #[must_use]
    fn bottom(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// The join of all `xs`, from left to right. `None` if there are none.
    ///
    /// Bit `i` of an identity mask is argument `i`. An argument beyond the 64th has no bit: if it
    /// alone is the result, the result is a clone of it. The mask is exact if that of `pjoin` is
    /// and no join undoes what one before it did.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::algebra::{AlgebraicResult, Lattice, Max};
    ///
    /// let values = [4, 9, 2, 9].map(|x| Box::new(Max(x)));
    /// assert_eq!(Max::join_all(values), AlgebraicResult::Identity(0b1010));
    /// ```
    fn join_all<S: AsRef<Self>, Args: AsRef<[S]>>(xs: Args) -> AlgebraicResult<Self>
    where
        Self: Sized + Clone,
    {
        let mut joined: Option<Cow<'_, Self>> = None;
        // The arguments so far that equal what is joined so far.
        let mut mask = 0;
        for (i, x) in xs.as_ref().iter().enumerate() {
            let x = x.as_ref();
            let bit = if i < 64 { 1 << i } else { 0 };
            let result = match &joined {
                None => AlgebraicResult::Identity(COUNTER_IDENT),
                Some(joined) => joined.pjoin(x),
            };
            match result {
                AlgebraicResult::Identity(ident) if ident & SELF_IDENT != 0 => {
                    if ident & COUNTER_IDENT != 0 {
                        mask |= bit;
                    }
                }
                AlgebraicResult::Identity(_) => (joined, mask) = (Some(Cow::Borrowed(x)), bit),
                AlgebraicResult::Element(value) => (joined, mask) = (Some(Cow::Owned(value)), 0),
                AlgebraicResult::None => (joined, mask) = (None, 0),
            }
        }
        match joined {
            None => AlgebraicResult::None,
            Some(_) if mask != 0 => AlgebraicResult::Identity(mask),
            Some(joined) => AlgebraicResult::Element(joined.into_owned()),
        }
    }
}

/// Values with a difference.
///
/// Where two tries both have a value at a path, their difference asks
/// [`psubtract`](Self::psubtract).
///
/// # Laws
/// `(a − b) ∨ (a ∧ b) = a`. Where the join is idempotent, also `(a − b) ∨ b = a ∨ b`. A type that
/// implements this is mostly a [`Lattice`] too, with a meet that distributes over the join; hence
/// the name.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` have no difference",
    label = "`{Self}` is not a `DistributiveLattice`",
    note = "pass a closure that says what is left of a value: `a.subtract_with(&b, |x, y| …)`, `subtract_into_with`",
    note = "a struct of such values derives it: `#[derive(Clone, Lattice, DistributiveLattice)]`, both of `bytetrie::algebra`"
)]
pub trait DistributiveLattice {
    /// Says that the difference of a value and itself is `None`.
    ///
    /// The difference of two tries then leaves out nodes that both share, and never asks about the
    /// values in them. If this is `true` and the instance does otherwise, results depend on which
    /// nodes happen to be shared. `false` is always right, and slower.
    const IDEMPOTENT: bool = true;

    /// What `self` says and `other` does not.
    ///
    /// It is `None` if that is nothing, also where `self` said nothing before. An identity names
    /// `self` alone: a difference that happens to equal `other` is an element.
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;
}
