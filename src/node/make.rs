//! What nodes are made of, and where: in memory, or elsewhere by the rules of memory.

use std::marker::PhantomData;

use super::build::{Form, Shape};
use super::column::Stored;
use super::end::End;
use super::shared::Shared;
use super::suffix::Suffix;

/// Makes nodes of entries that are cut by the rules of nodes in memory.
pub(crate) trait Make {
    /// The type of the values. Their size in memory is one of the rules.
    type Of;

    /// A value on its way into a node.
    type Value;

    /// A node that no other node leads to yet.
    type Node;

    /// Makes a value ready for its node.
    fn value(value: Self::Of) -> Self::Value;

    /// Makes a node of a form that fits. The entries are in order and have this shape.
    fn node<'k>(
        &mut self,
        shape: &Shape,
        form: Form,
        own: Option<Self::Value>,
        entries: impl Iterator<Item = (Suffix<'k>, End<Self::Value, Self::Node>)>,
    ) -> Self::Node;
}

/// Makes nodes in memory.
pub(crate) struct InMemory<V>(PhantomData<fn() -> V>);

impl<V> InMemory<V> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<V> Make for InMemory<V> {
    type Of = V;
    type Value = Stored<V>;
    type Node = Shared<V>;

    #[inline(always)]
    fn value(value: V) -> Stored<V> {
        Stored::new(value)
    }

    #[inline(always)]
    fn node<'k>(
        &mut self,
        shape: &Shape,
        form: Form,
        own: Option<Stored<V>>,
        entries: impl Iterator<Item = (Suffix<'k>, End<Stored<V>, Shared<V>>)>,
    ) -> Shared<V> {
        shape.build(form, own, entries)
    }
}
