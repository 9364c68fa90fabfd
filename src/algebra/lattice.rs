//! The traits of values that can be combined.

use std::borrow::Cow;

use super::result::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};

/// Values with a join and a meet.
///
/// Where two tries both have a value at a path, the join of the tries calls
/// [`pjoin`](Self::pjoin) and their meet calls [`pmeet`](Self::pmeet). [`AlgebraicResult::None`]
/// means that the result has no value there.
///
/// # Laws
/// With "no value" as the least value, both operations are associative, each absorbs the other,
/// and meet distributes over join. Lattices in the strict sense are commutative too. Plain values
/// (integers, strings) are not commutative: they keep the left operand. [`Sum`](super::Sum) is not
/// idempotent, since it counts: the join of a value with itself is another value. Its meet does
/// not distribute over its join.
///
/// Some values, such as the empty set, mean the same as no value ([`bottom`](Self::bottom)). The
/// laws treat the two as equal.
///
/// # Instances
/// | type | join `a ∨ b` | meet `a ∧ b` | difference `a − b` |
/// |---|---|---|---|
/// | integers, `bool`, `char`, strings, `Vec`, slices, `[u8; N]` | `a` | `a` | nothing if equal, otherwise `a` |
/// | `f32`, `f64`, equal if their bits are | `a` | `a` | nothing if equal, otherwise `a` |
/// | `()` | `()` | `()` | nothing |
/// | `BTreeSet`, `HashSet`, [`ByteMask`](crate::bytes::ByteMask) and its words | union | intersection | difference |
/// | `BTreeMap`, `HashMap` | all keys | the keys in both | the keys of `a` whose values leave something |
/// | `Option` | `None` counts as no value | of two `Some` | `a` if `b` is `None` |
/// | `Box`, `Rc`, `Arc` | of the contents | of the contents | of the contents |
/// | tuples up to six | by component | by component | by component |
/// | [`Max`](super::Max), [`Min`](super::Min) | the greater, the lesser | the other | `a` if the join is not `b` |
/// | [`Or`](super::Or), [`And`](super::And) | bits of either, of both | the other | what joins with `b` to `a ∨ b` |
/// | [`Sum`](super::Sum) | the sum | the lesser | the excess of `a` over `b` |
///
/// # Examples
/// ```
/// use bytetrie::algebra::{AlgebraicResult, Lattice, SELF_IDENT, COUNTER_IDENT};
///
/// /// What is known about an answer.
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
    note = "pass a closure that combines two values: `a.join_with(&b, |x, y| …)`, `meet_with`, `join_into_with`",
    note = "a struct of lattices can derive it: `#[derive(Clone, Lattice)]` with `bytetrie::algebra::Lattice` in scope",
    note = "for numbers, use `Max`, `Min`, `Sum`, `Or` or `And` of `bytetrie::algebra`; `BTreeSet<T>` is a lattice"
)]
pub trait Lattice {
    /// Whether the join and the meet of a value with itself are `Identity(SELF_IDENT |
    /// COUNTER_IDENT)`.
    ///
    /// If this is `true`, operations on tries skip nodes that both tries share, and never call the
    /// methods for the values in them. If this is `true` although the instance returns other
    /// results, the results on tries depend on which nodes are shared. `false` is always correct,
    /// but slower.
    const IDEMPOTENT: bool = true;

    /// Returns the join of two values, their least upper bound.
    ///
    /// The join is never `None` for the types of this crate, since any two values have a join.
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;

    /// Replaces `self` by the join of `self` and `other`.
    ///
    /// Returns the status of [`pjoin`](Self::pjoin). If it is `None`, `self` is unchanged, and
    /// the caller should remove it.
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

    /// Returns the meet of two values, their greatest lower bound.
    ///
    /// The meet is `None` if the two values have nothing in common, even if a value of the type
    /// could say so: the meet of two disjoint sets is `None`, and not an empty set. However, the
    /// meet of two equal values is always that value, as [`IDEMPOTENT`](Self::IDEMPOTENT)
    /// requires.
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;

    /// Returns the least value of this type, which means the same as no value: an empty set,
    /// `None`, a count of zero.
    ///
    /// Returns `None` if the type has no such value, which is the default. A tuple stores the
    /// least value in place of a component of which nothing is left. This is a method and not a
    /// constant, since the least value may depend on `self` (a mask with no bits has a width).
    #[must_use]
    fn bottom(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// Returns the join of all `xs`, from left to right, or `None` if `xs` is empty.
    ///
    /// Bit `i` of an identity mask stands for argument `i`. Arguments beyond the 64th have no bit:
    /// a result that equals only such an argument is returned as a clone of it. The mask is exact
    /// if the masks of `pjoin` are, and if no join undoes an earlier one.
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
        // The arguments so far that equal the join so far.
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
/// Where two tries both have a value at a path, their difference calls
/// [`psubtract`](Self::psubtract).
///
/// # Laws
/// `(a − b) ∨ (a ∧ b) = a`. If the join is idempotent, also `(a − b) ∨ b = a ∨ b`. A type that
/// implements this trait is usually a [`Lattice`] too, with a meet that distributes over the
/// join, hence the name.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` have no difference",
    label = "`{Self}` is not a `DistributiveLattice`",
    note = "pass a closure that subtracts two values: `a.subtract_with(&b, |x, y| …)`, `subtract_into_with`",
    note = "a struct of such values can derive it: `#[derive(Clone, Lattice, DistributiveLattice)]` with both traits of `bytetrie::algebra` in scope"
)]
pub trait DistributiveLattice {
    /// Whether the difference of a value and itself is `None`.
    ///
    /// If this is `true`, the difference of two tries skips nodes that both tries share, and never
    /// calls the method for the values in them. If this is `true` although the instance returns
    /// other results, the results on tries depend on which nodes are shared. `false` is always
    /// correct, but slower.
    const IDEMPOTENT: bool = true;

    /// Returns the difference: the part of `self` that `other` does not have.
    ///
    /// The difference is `None` if nothing is left, even if `self` was the least value before. An
    /// identity mask names only `self`: a difference that happens to equal `other` is an element.
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;
}
