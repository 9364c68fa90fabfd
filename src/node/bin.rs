//! What an edit has no more use for, kept until the caller is whole again.

use super::column::Stored;
use super::end::{End, EndOwned};
use super::shared::Shared;
use crate::reached::{Mark, reached};

/// Nodes and values that lost their last owner to an edit. They are dropped with the bin.
///
/// To drop a value runs code of the user's, which may panic, or use anything that it can reach. So an edit drops nothing
/// itself: whoever makes the bin lets it go when all its own objects are as they should be. A bin that stays empty, as
/// nearly all do, costs a word that is set and looked at.
#[allow(clippy::box_collection, reason = "an empty bin is one word")]
pub(crate) struct Bin<V>(Option<Box<Vec<Waste<V>>>>);

#[expect(dead_code, reason = "waste is only dropped")]
enum Waste<V> {
    Node(Shared<V>),
    Value(Stored<V>),
}

impl<V> Bin<V> {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self(None)
    }

    #[cold]
    fn waste(&mut self) -> &mut Vec<Waste<V>> {
        self.0.get_or_insert_default()
    }

    /// Gives up an owner of a node. The node is kept only if this was the last one.
    pub(crate) fn put(&mut self, owner: Shared<V>) {
        if let Some(last) = owner.give_up() {
            reached(Mark::NodeBinned);
            self.waste().push(Waste::Node(last));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn put_payload(&mut self, payload: EndOwned<V>) {
        match payload {
            End::Value(value) => self.put_value(value),
            End::Bare => {}
            End::Child(child) => self.put(child),
        }
    }

    pub(crate) fn put_value(&mut self, value: Stored<V>) {
        self.waste().push(Waste::Value(value));
    }
}

impl<V> Bin<V> {
    /// Takes all that is in another bin.
    pub(crate) fn append(&mut self, other: &mut Self) {
        if let Some(mut waste) = other.0.take() {
            self.waste().append(&mut waste);
        }
    }
}

impl<V> Extend<Shared<V>> for Bin<V> {
    fn extend<I: IntoIterator<Item = Shared<V>>>(&mut self, owners: I) {
        owners.into_iter().for_each(|owner| self.put(owner));
    }
}
