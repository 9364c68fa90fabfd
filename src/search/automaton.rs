//! What reads paths and says which match, and how two of them make one.

/// A machine that reads a path byte by byte and says whether it matches.
///
/// The trait is that of the crate `fst`: with the feature `fst`, `Fst` wraps an automaton that was
/// written for it. States are values: a search keeps one for each byte of the path it stands at.
///
/// # What must hold
/// A search believes what an automaton says, and skips what it may. If
/// [`can_match`](Self::can_match) is false, no path from there on may match. If
/// [`will_always_match`](Self::will_always_match) is true, the state itself and every path from
/// there on must match. An automaton that errs makes a search miss paths or give too many, and
/// nothing worse.
///
/// # Examples
/// Paths of an even number of bytes:
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::search::Automaton;
///
/// struct Even;
/// impl Automaton for Even {
///     type State = bool;
///     fn start(&self) -> bool {
///         true
///     }
///     fn is_match(&self, even: &bool) -> bool {
///         *even
///     }
///     fn accept(&self, even: &bool, _byte: u8) -> bool {
///         !even
///     }
/// }
///
/// let map = PathMap::from([("", 0), ("a", 1), ("ab", 2), ("abc", 3)]);
/// let found: Vec<_> = map.search(Even).into_iter().collect();
/// assert_eq!(found, [(b"".to_vec(), &0), (b"ab".to_vec(), &2)]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an automaton",
    label = "this cannot be searched with",
    note = "paths that begin with a prefix: `map.prefix(prefix)`, or `Str::new(prefix).starts_with()` as an automaton",
    note = "words nearby: `Levenshtein`; regular expressions: `Dfa`, with the feature `regex`; automata of the crate `fst`: `Fst(automaton)`, with the feature `fst`",
    note = "or implement `bytetrie::search::Automaton` for the type"
)]
pub trait Automaton {
    /// What has been read, as far as it matters.
    type State;

    /// The state before any byte.
    #[must_use]
    fn start(&self) -> Self::State;

    /// True iff the path that led to `state` matches.
    #[must_use]
    fn is_match(&self, state: &Self::State) -> bool;

    /// False only if neither the path that led to `state` nor any that extends it matches.
    #[must_use]
    fn can_match(&self, state: &Self::State) -> bool {
        let _ = state;
        true
    }

    /// True only if the path that led to `state` and all that extend it match.
    #[must_use]
    fn will_always_match(&self, state: &Self::State) -> bool {
        let _ = state;
        false
    }

    /// The state after one more byte.
    #[must_use]
    fn accept(&self, state: &Self::State, byte: u8) -> Self::State;

    /// True iff a whole path matches. O(path).
    #[must_use]
    fn matches<K: AsRef<[u8]>>(&self, path: K) -> bool
    where
        Self: Sized,
    {
        let mut state = self.start();
        for &byte in path.as_ref() {
            if !self.can_match(&state) {
                return false;
            }
            state = self.accept(&state, byte);
        }
        self.is_match(&state)
    }

    /// Matches every path of which a prefix, or all, matches this one.
    fn starts_with(self) -> StartsWith<Self>
    where
        Self: Sized,
    {
        StartsWith(self)
    }

    /// Matches what this one matches, or the other, or both.
    fn union<B: Automaton>(self, other: B) -> Union<Self, B>
    where
        Self: Sized,
    {
        Union(self, other)
    }

    /// Matches what both match.
    fn intersection<B: Automaton>(self, other: B) -> Intersection<Self, B>
    where
        Self: Sized,
    {
        Intersection(self, other)
    }

    /// Matches what this one does not.
    fn complement(self) -> Complement<Self>
    where
        Self: Sized,
    {
        Complement(self)
    }
}

impl<A: Automaton> Automaton for &A {
    type State = A::State;

    fn start(&self) -> A::State {
        (**self).start()
    }

    #[inline]
    fn is_match(&self, state: &A::State) -> bool {
        (**self).is_match(state)
    }

    #[inline]
    fn can_match(&self, state: &A::State) -> bool {
        (**self).can_match(state)
    }

    #[inline]
    fn will_always_match(&self, state: &A::State) -> bool {
        (**self).will_always_match(state)
    }

    #[inline]
    fn accept(&self, state: &A::State, byte: u8) -> A::State {
        (**self).accept(state, byte)
    }
}

/// Matches every path of which a prefix matches `A`. Made by [`Automaton::starts_with`].
#[derive(Clone, Debug)]
#[must_use = "an automaton does nothing until it is searched with"]
pub struct StartsWith<A>(A);

/// Where a [`StartsWith`] is.
#[derive(Clone, Debug)]
pub struct StartsWithState<S>(Option<S>);

impl<A: Automaton> StartsWith<A> {
    /// Once there has been a match, nothing needs to be known any more.
    #[inline]
    fn wrap(&self, state: A::State) -> StartsWithState<A::State> {
        StartsWithState(if self.0.is_match(&state) { None } else { Some(state) })
    }
}

impl<A: Automaton> Automaton for StartsWith<A> {
    type State = StartsWithState<A::State>;

    fn start(&self) -> Self::State {
        self.wrap(self.0.start())
    }

    #[inline]
    fn is_match(&self, state: &Self::State) -> bool {
        state.0.is_none()
    }

    #[inline]
    fn can_match(&self, state: &Self::State) -> bool {
        state.0.as_ref().is_none_or(|state| self.0.can_match(state))
    }

    #[inline]
    fn will_always_match(&self, state: &Self::State) -> bool {
        state.0.is_none()
    }

    #[inline]
    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        match &state.0 {
            None => StartsWithState(None),
            Some(state) => self.wrap(self.0.accept(state, byte)),
        }
    }
}

/// Matches what `A` or `B` matches. Made by [`Automaton::union`].
#[derive(Clone, Debug)]
#[must_use = "an automaton does nothing until it is searched with"]
pub struct Union<A, B>(A, B);

impl<A: Automaton, B: Automaton> Automaton for Union<A, B> {
    type State = (A::State, B::State);

    fn start(&self) -> Self::State {
        (self.0.start(), self.1.start())
    }

    #[inline]
    fn is_match(&self, state: &Self::State) -> bool {
        self.0.is_match(&state.0) || self.1.is_match(&state.1)
    }

    #[inline]
    fn can_match(&self, state: &Self::State) -> bool {
        self.0.can_match(&state.0) || self.1.can_match(&state.1)
    }

    #[inline]
    fn will_always_match(&self, state: &Self::State) -> bool {
        self.0.will_always_match(&state.0) || self.1.will_always_match(&state.1)
    }

    #[inline]
    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        (self.0.accept(&state.0, byte), self.1.accept(&state.1, byte))
    }
}

/// Matches what `A` and `B` both match. Made by [`Automaton::intersection`].
#[derive(Clone, Debug)]
#[must_use = "an automaton does nothing until it is searched with"]
pub struct Intersection<A, B>(A, B);

impl<A: Automaton, B: Automaton> Automaton for Intersection<A, B> {
    type State = (A::State, B::State);

    fn start(&self) -> Self::State {
        (self.0.start(), self.1.start())
    }

    #[inline]
    fn is_match(&self, state: &Self::State) -> bool {
        self.0.is_match(&state.0) && self.1.is_match(&state.1)
    }

    #[inline]
    fn can_match(&self, state: &Self::State) -> bool {
        self.0.can_match(&state.0) && self.1.can_match(&state.1)
    }

    #[inline]
    fn will_always_match(&self, state: &Self::State) -> bool {
        self.0.will_always_match(&state.0) && self.1.will_always_match(&state.1)
    }

    #[inline]
    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        (self.0.accept(&state.0, byte), self.1.accept(&state.1, byte))
    }
}

/// Matches what `A` does not match. Made by [`Automaton::complement`].
#[derive(Clone, Debug)]
#[must_use = "an automaton does nothing until it is searched with"]
pub struct Complement<A>(A);

impl<A: Automaton> Automaton for Complement<A> {
    type State = A::State;

    fn start(&self) -> A::State {
        self.0.start()
    }

    #[inline]
    fn is_match(&self, state: &A::State) -> bool {
        !self.0.is_match(state)
    }

    #[inline]
    fn can_match(&self, state: &A::State) -> bool {
        !self.0.will_always_match(state)
    }

    #[inline]
    fn will_always_match(&self, state: &A::State) -> bool {
        !self.0.can_match(state)
    }

    #[inline]
    fn accept(&self, state: &A::State, byte: u8) -> A::State {
        self.0.accept(state, byte)
    }
}
