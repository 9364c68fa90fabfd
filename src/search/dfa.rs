//! DFAs of `regex-automata` as automata.

use regex_automata::dfa::Automaton as RegexDfa;
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input};

use super::automaton::Automaton;
use crate::error::DfaError;

/// A DFA of `regex-automata`, dense or sparse, owned or borrowed, as an automaton over paths.
///
/// This crate compiles no regular expressions. Depend on `regex-automata` with its features
/// `syntax` and `dfa-build`, or on a DFA that was compiled beforehand and embedded.
///
/// **Whole paths.** [`Dfa::whole`] matches a path iff the expression matches all of it. The DFA
/// must have an anchored start state, and must report every match and not only the preferred one:
/// compile it with `MatchKind::All`, or end the expression with `\z`. (Otherwise `a|ab` stops at
/// `a`, and does not match `ab`.)
///
/// **Parts of paths.** [`Dfa::contains`] matches a path iff the expression matches some part of
/// it. The DFA must have an unanchored start state. The expression may be anchored (`^…`). A
/// search descends every branch until it finds a match there, so its time depends on the number
/// of paths and not only on the matches. Prefer whole paths where you can.
///
/// Expressions match bytes. To match paths that are not UTF-8, compile with
/// `syntax::Config::utf8(false)` and `thompson::Config::utf8(false)`, and write `(?-u:.)` for any
/// byte.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::search::Dfa;
/// use regex_automata::MatchKind;
/// use regex_automata::dfa::{StartKind, dense};
///
/// let config = dense::Config::new().match_kind(MatchKind::All).start_kind(StartKind::Both);
/// let dfa = dense::Builder::new().configure(config).build("b[au]r+")?;
///
/// let map = PathMap::from([("bar", 1), ("barn", 2), ("bear", 3), ("burr", 4), ("sidebar", 5)]);
/// let whole: Vec<_> = map.search(Dfa::whole(&dfa)?).into_iter().map(|(_, value)| *value).collect();
/// assert_eq!(whole, [1, 4]);
/// let parts: Vec<_> = map.search(Dfa::contains(&dfa)?).into_iter().map(|(_, value)| *value).collect();
/// assert_eq!(parts, [1, 2, 4, 5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "automata do nothing unless used in a search"]
pub struct Dfa<D> {
    dfa: D,
    start: StateID,
    /// Whether a match of a part is enough.
    part: bool,
}

/// The state of a [`Dfa`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DfaState {
    id: StateID,
    /// A part has matched, and a part is enough.
    found: bool,
}

impl<D: RegexDfa> Dfa<D> {
    /// Creates an automaton that matches the paths that the expression matches as a whole.
    ///
    /// # Errors
    /// Returns an error if the DFA has no anchored start state, or quits at some byte.
    pub fn whole(dfa: D) -> Result<Self, DfaError> {
        Self::of(dfa, Anchored::Yes)
    }

    /// Creates an automaton that matches the paths that contain a match of the expression.
    ///
    /// # Errors
    /// Returns an error if the DFA has no unanchored start state, or quits at some byte.
    pub fn contains(dfa: D) -> Result<Self, DfaError> {
        Self::of(dfa, Anchored::No)
    }

    fn of(dfa: D, anchored: Anchored) -> Result<Self, DfaError> {
        let start =
            dfa.start_state_forward(&Input::new("").anchored(anchored)).map_err(|_| DfaError::Start)?;
        // A quit byte leads to the quit state from every state.
        let quits = |&byte: &u8| dfa.is_quit_state(dfa.next_state(start, byte));
        if let Some(byte) = (0..=u8::MAX).find(quits) {
            return Err(DfaError::Quits(byte));
        }
        Ok(Self { dfa, start, part: anchored == Anchored::No })
    }

    /// The DFA reports a match one byte late: its state tells whether there was a match before
    /// the last byte.
    #[inline]
    fn state(&self, id: StateID, found: bool) -> DfaState {
        DfaState { id, found: found || self.part && self.dfa.is_match_state(id) }
    }
}

impl<D: RegexDfa> Automaton for Dfa<D> {
    type State = DfaState;

    fn start(&self) -> DfaState {
        self.state(self.start, false)
    }

    #[inline]
    fn is_match(&self, state: &DfaState) -> bool {
        state.found || self.dfa.is_match_state(self.dfa.next_eoi_state(state.id))
    }

    #[inline]
    fn can_match(&self, state: &DfaState) -> bool {
        state.found || !self.dfa.is_dead_state(state.id)
    }

    #[inline]
    fn will_always_match(&self, state: &DfaState) -> bool {
        state.found
    }

    #[inline]
    fn accept(&self, state: &DfaState, byte: u8) -> DfaState {
        self.state(self.dfa.next_state(state.id, byte), state.found)
    }
}
