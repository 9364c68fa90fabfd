//! The trait of automata, and their combinations.

/// An automaton that reads a path byte by byte and decides whether the path matches.
///
/// The trait has the methods of the trait in the crate `fst`. With the feature `fst`, `Fst` wraps
/// an automaton that was written for that crate. States are values: a search keeps one for each
/// byte of its current path.
///
/// # Requirements
/// A search relies on the answers of the automaton, and skips what they exclude. If
/// [`can_match`](Self::can_match) is false for a state, neither the path that led to the state nor
/// any path that extends it may match. If [`will_always_match`](Self::will_always_match) is true
/// for a state, that path and every path that extends it must match. If an answer is wrong, a
/// search may miss paths or return too many, but nothing worse happens.
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
    label = "a search needs an automaton",
    note = "to find paths that begin with a prefix, use `map.prefix(prefix)`, or `Str::new(prefix).starts_with()` as an automaton",
    note = "for similar words, use `Levenshtein`; for regular expressions, `Dfa` (feature `regex`); for automata of the crate `fst`, `Fst(automaton)` (feature `fst`)",
    note = "or implement `bytetrie::search::Automaton` for the type"
)]
pub trait Automaton {
    /// The state after some bytes.
    type State;

    /// Returns the state before the first byte.
    #[must_use]
    fn start(&self) -> Self::State;

    /// Returns true iff the path that led to `state` matches.
    #[must_use]
    fn is_match(&self, state: &Self::State) -> bool;

    /// Returns false only if neither the path that led to `state` nor any path that extends it
    /// matches.
    #[must_use]
    fn can_match(&self, state: &Self::State) -> bool {
        let _ = state;
        true
    }

    /// Returns true only if the path that led to `state` and all paths that extend it match.
    #[must_use]
    fn will_always_match(&self, state: &Self::State) -> bool {
        let _ = state;
        false
    }

    /// Returns the state after one more byte.
    #[must_use]
    fn accept(&self, state: &Self::State, byte: u8) -> Self::State;

    /// Returns true iff `path` matches as a whole. O(path).
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

    /// Returns an automaton that matches every path with a matching prefix.
    ///
    /// The prefix may be the whole path.
    fn starts_with(self) -> StartsWith<Self>
    where
        Self: Sized,
    {
        StartsWith(self)
    }

    /// Returns an automaton that matches a path if this automaton or the other one does.
    fn union<B: Automaton>(self, other: B) -> Union<Self, B>
    where
        Self: Sized,
    {
        Union(self, other)
    }

    /// Returns an automaton that matches a path if both this automaton and the other one do.
    fn intersection<B: Automaton>(self, other: B) -> Intersection<Self, B>
    where
        Self: Sized,
    {
        Intersection(self, other)
    }

    /// Returns an automaton that matches a path if this automaton does not.
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

/// An automaton that matches every path with a prefix that `A` matches.
///
/// Created by [`Automaton::starts_with`].
#[derive(Clone, Debug)]
#[must_use = "automata do nothing unless used in a search"]
pub struct StartsWith<A>(A);

/// The state of a [`StartsWith`].
#[derive(Clone, Debug)]
pub struct StartsWithState<S>(Option<S>);

impl<A: Automaton> StartsWith<A> {
    /// After a match, the inner state is no longer needed.
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

/// An automaton that matches the paths that `A` or `B` matches.
///
/// Created by [`Automaton::union`].
#[derive(Clone, Debug)]
#[must_use = "automata do nothing unless used in a search"]
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

/// An automaton that matches the paths that both `A` and `B` match.
///
/// Created by [`Automaton::intersection`].
#[derive(Clone, Debug)]
#[must_use = "automata do nothing unless used in a search"]
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

/// An automaton that matches the paths that `A` does not match.
///
/// Created by [`Automaton::complement`].
#[derive(Clone, Debug)]
#[must_use = "automata do nothing unless used in a search"]
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
