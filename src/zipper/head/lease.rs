//! What a zipper holds of its head: the path that it was given, and the way back.

use std::sync::Arc;

use super::gate::Gate;
use super::owned::ZipperHeadOwned;
use super::state::{Reading, State, Subtrie};
use crate::node::Bin;
use crate::node::Shared;
use crate::zipper::readers::ReadZipperTracked;
use crate::zipper::root::Kept;
use crate::zipper::stack::Walk;

/// Where a zipper came from.
pub(super) enum Home<'a, V> {
    Borrowed(&'a Gate<State<V>>),
    Counted(Arc<ZipperHeadOwned<V>>),
}

impl<V> Home<'_, V> {
    pub(super) fn gate(&self) -> &Gate<State<V>> {
        match self {
            Self::Borrowed(gate) => gate,
            Self::Counted(head) => &head.gate,
        }
    }
}

impl<V> Clone for Home<'_, V> {
    fn clone(&self) -> Self {
        match self {
            Self::Borrowed(gate) => Self::Borrowed(gate),
            Self::Counted(head) => Self::Counted(Arc::clone(head)),
        }
    }
}

/// A reader's entry in the ledger, struck out when it is dropped.
pub(in crate::zipper) struct ReadLease<'a, V> {
    home: Home<'a, V>,
    /// From the head's root.
    path: Box<[u8]>,
}

impl<'a, V> ReadLease<'a, V> {
    pub(super) fn new(home: Home<'a, V>, path: &[u8]) -> Self {
        Self { home, path: path.into() }
    }
}

impl<V> Clone for ReadLease<'_, V> {
    fn clone(&self) -> Self {
        self.home.gate().duplicate(&self.path);
        Self { home: self.home.clone(), path: self.path.clone() }
    }
}

impl<V> Drop for ReadLease<'_, V> {
    fn drop(&mut self) {
        self.home.gate().release(&self.path, crate::error::ZipperKind::Reader, |_, _| ());
    }
}

/// A writer's entry in the ledger. It does not drop by itself: the subtrie goes back with it.
pub(in crate::zipper) struct WriteLease<'a, V> {
    home: Home<'a, V>,
    /// From the head's root.
    path: Box<[u8]>,
    calls: Calls<V>,
}

/// A path in the head's trie, how many of its bytes are the head's own, and what is to be read there.
type Located<V> = (Vec<u8>, usize, Reading<V>);

/// The end of a lease: what is done under the head's lock with the subtrie that goes back.
type End<V, R> = fn(&Gate<State<V>>, &[u8], Subtrie<V>) -> R;

/// What a lease does at its end. Known where it is made, because a drop cannot ask that `V: Clone`.
struct Calls<V> {
    give_back: End<V, ()>,
    into_reading: End<V, Located<V>>,
}

impl<'a, V: Clone> WriteLease<'a, V> {
    pub(super) fn new(home: Home<'a, V>, path: &[u8]) -> Self {
        Self { home, path: path.into(), calls: Calls { give_back, into_reading } }
    }
}

fn give_back<V: Clone>(gate: &Gate<State<V>>, path: &[u8], subtrie: Subtrie<V>) {
    let mut bin = Bin::new();
    gate.release(path, crate::error::ZipperKind::Writer, |state, _| {
        let full = [&state.base, path].concat();
        state.put_back(&full, subtrie, &mut bin);
    });
}

fn into_reading<V: Clone>(gate: &Gate<State<V>>, path: &[u8], subtrie: Subtrie<V>) -> Located<V> {
    let mut bin = Bin::new();
    gate.downgrade(path, |state, ledger| {
        let full = [&state.base, path].concat();
        state.put_back(&full, subtrie, &mut bin);
        let reading = state.share(&full, ledger, &mut bin);
        (full, state.base.len(), reading)
    })
}

impl<'a, V> WriteLease<'a, V> {
    /// Puts the subtrie back and frees the path.
    pub(in crate::zipper) fn give_back(self, root: Option<Shared<V>>, rooted: bool) {
        let subtrie = Subtrie { exists: rooted || root.is_some(), root };
        (self.calls.give_back)(self.home.gate(), &self.path, subtrie);
    }

    /// Puts the subtrie back and reads it.
    pub(in crate::zipper) fn into_reader(
        self,
        root: Option<Shared<V>>,
        rooted: bool,
    ) -> ReadZipperTracked<'a, 'static, V> {
        let subtrie = Subtrie { exists: rooted || root.is_some(), root };
        let (full, hidden, reading) = (self.calls.into_reading)(self.home.gate(), &self.path, subtrie);
        reader(ReadLease { home: self.home, path: self.path }, full, hidden, reading)
    }
}

/// A reader of what was shared for it at `full`, of which the first `hidden` bytes are the head's own.
pub(super) fn reader<'a, 'path, V>(
    lease: ReadLease<'a, V>,
    full: Vec<u8>,
    hidden: usize,
    reading: Reading<V>,
) -> ReadZipperTracked<'a, 'path, V> {
    let walk = Walk::new(Kept(reading.root), full, reading.start, reading.exists).hiding(hidden);
    ReadZipperTracked::new(walk, lease)
}
