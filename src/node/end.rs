//! What is at the end of an entry's suffix.

use super::column::Stored;
use super::shared::Shared;

/// The end of an entry: a value, nothing, or a child, each as it is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End<T, C> {
    Value(T),
    /// Nothing: a dangling tip.
    Bare,
    Child(C),
}

/// The end of an entry that lies in a node and is lent.
pub(crate) type EndRef<'a, V> = End<&'a V, &'a Shared<V>>;

/// The end of an entry that is moved into a node or out of it.
pub(crate) type EndOwned<V> = End<Stored<V>, Shared<V>>;

/// Which end an entry has.
pub(crate) type EndKind = End<(), ()>;

impl<T, C> End<T, C> {
    /// The kind alone, without what is carried.
    #[inline]
    pub(crate) fn kind(&self) -> EndKind {
        match self {
            End::Value(_) => End::Value(()),
            End::Bare => End::Bare,
            End::Child(_) => End::Child(()),
        }
    }

    /// Applies a function to the value or to the child.
    #[inline(always)]
    pub(crate) fn map<U, D>(self, value: impl FnOnce(T) -> U, child: impl FnOnce(C) -> D) -> End<U, D> {
        match self {
            End::Value(at) => End::Value(value(at)),
            End::Bare => End::Bare,
            End::Child(at) => End::Child(child(at)),
        }
    }

    /// The value, if there is one.
    #[inline]
    pub(crate) fn value(self) -> Option<T> {
        match self {
            End::Value(value) => Some(value),
            End::Bare | End::Child(_) => None,
        }
    }

    /// The child, if there is one.
    #[inline]
    pub(crate) fn child(self) -> Option<C> {
        match self {
            End::Child(child) => Some(child),
            End::Value(_) | End::Bare => None,
        }
    }

    #[inline]
    pub(crate) fn is_value(&self) -> bool {
        matches!(self, End::Value(_))
    }

    #[inline]
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self, End::Bare)
    }

    #[inline]
    pub(crate) fn is_child(&self) -> bool {
        matches!(self, End::Child(_))
    }
}
