//! Automata of the crate `fst`.

use ::fst::Automaton as FstAutomaton;

use super::automaton::Automaton;

/// An automaton of the crate `fst` as an automaton over paths.
///
/// `Fst` matches the paths that the wrapped automaton matches as keys of an `fst::Map`. Automata
/// of this crate need no wrapper, and can be combined with this one by [`union`](Automaton::union)
/// and the other combinations.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::search::{Automaton, Fst, Str};
/// use fst::automaton::Subsequence;
///
/// let map = PathMap::from([("src/lib.rs", 1), ("src/main.rs", 2), ("tests/lib.rs", 3)]);
/// let found = map.search(Fst(Subsequence::new("lrs")).intersection(Str::new("src/").starts_with()));
/// assert_eq!(found.into_iter().collect::<Vec<_>>(), [(b"src/lib.rs".to_vec(), &1)]);
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "automata do nothing unless used in a search"]
pub struct Fst<A>(pub A);

impl<A: FstAutomaton> Automaton for Fst<A> {
    type State = A::State;

    fn start(&self) -> A::State {
        self.0.start()
    }

    #[inline]
    fn is_match(&self, state: &A::State) -> bool {
        // Some automata decide only at the end of the key.
        match self.0.accept_eof(state) {
            Some(end) => self.0.is_match(&end),
            None => self.0.is_match(state),
        }
    }

    #[inline]
    fn can_match(&self, state: &A::State) -> bool {
        self.0.can_match(state)
    }

    #[inline]
    fn will_always_match(&self, state: &A::State) -> bool {
        self.0.will_always_match(state)
    }

    #[inline]
    fn accept(&self, state: &A::State, byte: u8) -> A::State {
        self.0.accept(state, byte)
    }
}
