//! What is noted of a result, and how nodes are built from the notes.

use super::place::Place;
use crate::node::{Bundle, Ends, Entry, Load, NodeRef, Payload, Shape, Shared};

/// What subtries become.
pub(crate) enum Outcome<T> {
    /// No value and no location below.
    Nothing,
    /// What the operands in the mask hold, node for node or not.
    Same(u64),
    /// Something new.
    New(T),
}

/// Something new, to be put into the node above it, or to be a root.
pub(super) enum Built<V> {
    /// But a value.
    Value(V),
    /// So few entries that they go into the node above.
    Few(Bundle<V>),
    Node(Shared<V>),
}

impl<V> Built<V> {
    /// A node, whatever it is.
    pub(super) fn into_node(self) -> Shared<V> {
        match self {
            Built::Value(value) => Bundle::node(&[], Payload::Value(value)),
            Built::Few(bundle) => bundle.pack(),
            Built::Node(node) => node,
        }
    }
}

/// Where something new is to be put.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Above {
    /// Nowhere: it is a root.
    Nothing,
    /// Into a node that is to be a list, or may become one.
    List,
    /// Into a node that is likely to be wide.
    Wide,
}

/// An entry of a result.
struct Item<'a, V> {
    head: u8,
    rest: &'a [u8],
    end: End<'a, V>,
}

/// What is to be at the end of an entry's suffix.
pub(super) enum End<'a, V> {
    Bare,
    Kept(&'a V),
    Value(V),
    Node(NodeRef<'a, V>),
    New(Shared<V>),
    /// So few entries that they go into the node above.
    Few(Bundle<V>),
}

/// The entries of results that are being noted, each result's behind those of the one that it is a part of.
///
/// Nothing is cloned or shared before it is known that a node must be built.
pub(super) struct Notes<'a, V>(Vec<Item<'a, V>>);

impl<'a, V> Notes<'a, V> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// Where the next result's entries begin.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets what has been noted since.
    pub(super) fn forget(&mut self, from: usize) {
        self.0.truncate(from);
    }

    #[inline]
    pub(super) fn push(&mut self, head: u8, rest: &'a [u8], end: End<'a, V>) {
        self.0.push(Item { head, rest, end });
    }

    /// Notes an operand's entry as it is.
    #[inline]
    pub(super) fn keep(&mut self, &Entry { head, rest, load }: &Entry<'a, V>) {
        let end = match load {
            Load::Bare => End::Bare,
            Load::Value(value) => End::Kept(value),
            Load::Child(child) => End::Node(child.view()),
        };
        self.push(head, rest, end);
    }

    /// Notes all that is at and below a place of an operand, to which a suffix leads.
    pub(super) fn keep_all(&mut self, head: u8, rest: &'a [u8], place: Place<'a, V>) {
        if place.is_node() {
            self.push(head, rest, End::Node(place.node));
        } else {
            place.run_from(rest.len() + 1).for_each(|entry| self.keep(&entry));
        }
    }

    /// Notes something new.
    pub(super) fn put(&mut self, head: u8, rest: &'a [u8], built: Built<V>) {
        let end = match built {
            Built::Value(value) => End::Value(value),
            Built::Few(bundle) => End::Few(bundle),
            Built::Node(node) => End::New(node),
        };
        self.push(head, rest, end);
    }
}

impl<V> End<'_, V> {
    fn ends(&self) -> Ends {
        match self {
            End::Bare => Ends::Bare,
            End::Kept(_) | End::Value(_) => Ends::Value,
            End::Node(_) | End::New(_) | End::Few(_) => Ends::Child,
        }
    }

    /// The value that is noted, cloned if it is an operand's.
    pub(super) fn into_value(self) -> V
    where
        V: Clone,
    {
        match self {
            End::Kept(value) => value.clone(),
            End::Value(value) => value,
            _ => unreachable!("a value is noted"),
        }
    }

    fn into_payload(self) -> Payload<V> {
        match self {
            End::Bare => Payload::Bare,
            End::Value(value) => Payload::Value(value),
            End::Node(node) => Payload::Child(node.share()),
            End::New(node) => Payload::Child(node),
            End::Few(bundle) => Payload::Child(bundle.pack()),
            End::Kept(_) => unreachable!("values have been cloned"),
        }
    }
}

impl<'a, V: Clone> Notes<'a, V> {
    /// Turns what has been noted since into a result with this value of its own.
    pub(super) fn close(&mut self, from: usize, own: Option<End<'a, V>>, above: Above) -> Outcome<Built<V>> {
        let own = own.map(End::into_value);
        // A clone may panic: none is made while a node is being built.
        let (mut shape, mut few) = (Shape::default(), false);
        for Item { head, rest, end } in &mut self.0[from..] {
            if let End::Kept(value) = end {
                *end = End::Value(value.clone());
            }
            shape.add(*head, rest.len(), end.ends());
            few |= matches!(end, End::Few(_));
        }
        let own = match own {
            Some(own) if self.0.len() == from => return Outcome::New(Built::Value(own)),
            None if self.0.len() == from => return Outcome::Nothing,
            own => own,
        };
        let own_values = own.is_some() as usize;
        let small = above != Above::Nothing && shape.is_small(own_values, above == Above::Wide);
        let items = self.0.drain(from..);
        if !few
            && !small
            && let Some(form) = shape.form::<V>(own_values)
        {
            let entries = items.map(|Item { head, rest, end }| (head, rest, end.into_payload()));
            return Outcome::New(Built::Node(shape.build(form, own, entries)));
        }
        let mut bundle = Bundle::new(own);
        bundle.reserve(items.len());
        for Item { head, rest, end } in items {
            match end {
                End::Few(few) => bundle.append(&[&[head], rest].concat(), few),
                end => bundle.push_split(&[head], rest, end.into_payload()),
            }
        }
        Outcome::New(if small { Built::Few(bundle) } else { Built::Node(bundle.pack()) })
    }
}
