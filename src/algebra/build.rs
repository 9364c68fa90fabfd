//! What is noted of a result, and how nodes are built from the notes.

use crate::node::{
    Bundle, Ends, Entry, Load, NodeRef, Payload, Place, Shape, Shared, Spot, Stored, list_entries,
};

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
pub(crate) enum Built<V> {
    /// Only a value.
    Value(Stored<V>),
    /// So few entries that they have been noted as entries of the node above.
    Noted,
    Node(Shared<V>),
}

impl<V> Built<V> {
    /// A node, whatever it is.
    pub(crate) fn into_node(self) -> Shared<V> {
        match self {
            Built::Value(value) => Bundle::node(&[], Payload::Value(value)),
            Built::Noted => unreachable!("a root has nothing above"),
            Built::Node(node) => node,
        }
    }
}

/// Where something new is to be put.
#[derive(Clone, Copy)]
pub(crate) enum Above<'a> {
    /// Nowhere: it is a root.
    Nothing,
    /// Behind this suffix into the result that has been noted so far, which is likely to be a wide node, or not.
    Suffix { head: u8, rest: &'a [u8], wide: bool },
}

/// An entry of a result.
struct Item<'a, V> {
    head: u8,
    rest: Rest<'a>,
    end: End<'a, V>,
}

/// What follows the first byte of an entry's suffix.
#[derive(Clone, Copy)]
enum Rest<'a> {
    /// It lies in an operand's node.
    Lent(&'a [u8]),
    /// It is put together of several, and lies among the bytes of the notes.
    Joined { start: usize, len: usize },
}

/// What is to be at the end of an entry's suffix.
pub(crate) enum End<'a, V> {
    Bare,
    Kept(&'a V),
    Value(Stored<V>),
    Node(NodeRef<'a, V>),
    New(Shared<V>),
}

/// The entries of results that are being noted, each result's behind those of the one that it is a part of.
///
/// Nothing is cloned or shared before it is known that a node must be built.
pub(crate) struct Notes<'a, V> {
    items: Vec<Item<'a, V>>,
    /// The suffixes that have been put together.
    bytes: Vec<u8>,
}

/// Where a result's entries begin.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    items: usize,
    bytes: usize,
}

impl<'a, V> Notes<'a, V> {
    pub(crate) fn new() -> Self {
        Self { items: Vec::with_capacity(list_entries()), bytes: Vec::new() }
    }

    /// Where the next result's entries begin.
    pub(crate) fn mark(&self) -> Mark {
        Mark { items: self.items.len(), bytes: self.bytes.len() }
    }

    /// Forgets what has been noted since.
    pub(super) fn forget(&mut self, since: Mark) {
        self.items.truncate(since.items);
        self.bytes.truncate(since.bytes);
    }

    #[inline]
    pub(super) fn push(&mut self, head: u8, rest: &'a [u8], end: End<'a, V>) {
        self.items.push(Item { head, rest: Rest::Lent(rest), end });
    }

    /// Notes an operand's entry as it is.
    #[inline]
    pub(super) fn keep(&mut self, &Entry { head, rest, load }: &Entry<'a, V>) {
        self.push(head, rest, End::of(load));
    }

    /// Notes all that is at and below a place of an operand, to which a suffix leads.
    pub(super) fn keep_all(&mut self, head: u8, rest: &'a [u8], place: Place<'a, V>) {
        if place.is_node() {
            self.push(head, rest, End::Node(place.node));
        } else {
            self.keep_run(place, rest.len() + 1);
        }
    }

    /// Notes all that is at and below a place of an operand, as it is seen from so many bytes above it in the same node.
    pub(super) fn keep_run(&mut self, place: Place<'a, V>, up: usize) {
        place.run_from(up).for_each(|entry| self.keep(&entry));
    }

    /// The same if the bytes behind the first are in several pieces.
    pub(super) fn keep_behind(&mut self, head: u8, rest: &[&[u8]], place: Place<'a, V>) {
        let mut note = |tail: &[u8], end| {
            let start = self.bytes.len();
            rest.iter().for_each(|piece| self.bytes.extend_from_slice(piece));
            self.bytes.extend_from_slice(tail);
            let rest = Rest::Joined { start, len: self.bytes.len() - start };
            self.items.push(Item { head, rest, end });
        };
        if place.is_node() {
            return note(&[], End::Node(place.node));
        }
        let Spot { lo, hi, .. } = place.spot;
        for entry in place.node.entries(lo as usize, hi as usize) {
            note(&entry.rest[place.spot.depth() - 1..], End::of(entry.load));
        }
    }

    /// Notes something new.
    pub(super) fn put(&mut self, head: u8, rest: &'a [u8], built: Built<V>) {
        match built {
            Built::Value(value) => self.push(head, rest, End::Value(value)),
            Built::Noted => {}
            Built::Node(node) => self.push(head, rest, End::New(node)),
        }
    }

    /// Notes something behind a suffix that is lent for the call alone.
    pub(crate) fn put_behind(&mut self, head: u8, rest: &[u8], end: End<'a, V>) {
        let rest = self.join(rest);
        self.items.push(Item { head, rest, end });
    }

    /// Puts a suffix among the bytes of the notes.
    fn join(&mut self, rest: &[u8]) -> Rest<'a> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(rest);
        Rest::Joined { start, len: rest.len() }
    }

    /// Makes what has been noted since, and this value of its own, entries of the result before.
    fn raise(&mut self, since: Mark, own: Option<Stored<V>>, head: u8, rest: &[u8]) {
        for item in &mut self.items[since.items..] {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(rest);
            self.bytes.push(item.head);
            match item.rest {
                Rest::Lent(rest) => self.bytes.extend_from_slice(rest),
                Rest::Joined { start, len } => self.bytes.extend_from_within(start..start + len),
            }
            item.head = head;
            item.rest = Rest::Joined { start, len: self.bytes.len() - start };
        }
        if let Some(own) = own {
            let item = Item { head, rest: self.join(rest), end: End::Value(own) };
            self.items.insert(since.items, item);
        }
    }
}

impl<'a> Rest<'a> {
    fn len(self) -> usize {
        match self {
            Rest::Lent(rest) => rest.len(),
            Rest::Joined { len, .. } => len,
        }
    }

    /// The bytes, of which those that have been put together lie here.
    #[inline]
    fn of(self, bytes: &'a [u8]) -> &'a [u8] {
        match self {
            Rest::Lent(rest) => rest,
            Rest::Joined { start, len } => &bytes[start..start + len],
        }
    }
}

impl<'a, V> End<'a, V> {
    /// An operand's entry as it is.
    fn of(load: Load<'a, V>) -> Self {
        match load {
            Load::Bare => End::Bare,
            Load::Value(value) => End::Kept(value),
            Load::Child(child) => End::Node(child.view()),
        }
    }

    fn ends(&self) -> Ends {
        match self {
            End::Bare => Ends::Bare,
            End::Kept(_) | End::Value(_) => Ends::Value,
            End::Node(_) | End::New(_) => Ends::Child,
        }
    }

    /// The value that is noted, cloned if it is an operand's.
    pub(super) fn into_stored(self) -> Stored<V>
    where
        V: Clone,
    {
        match self {
            End::Kept(value) => Stored::new(value.clone()),
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
            End::Kept(_) => unreachable!("values have been cloned"),
        }
    }
}

impl<'a, V: Clone> Notes<'a, V> {
    /// Turns what has been noted since into a result with this value of its own.
    pub(crate) fn close(
        &mut self,
        since: Mark,
        own: Option<End<'a, V>>,
        above: Above<'_>,
    ) -> Outcome<Built<V>> {
        let own = own.map(End::into_stored);
        // A clone may panic: none is made while a node is being built.
        let mut shape = Shape::default();
        for Item { head, rest, end } in &mut self.items[since.items..] {
            if let End::Kept(value) = end {
                *end = End::Value(Stored::new(value.clone()));
            }
            shape.add(*head, rest.len(), end.ends());
        }
        let own = match own {
            Some(own) if self.items.len() == since.items => return Outcome::New(Built::Value(own)),
            None if self.items.len() == since.items => return Outcome::Nothing,
            own => own,
        };
        let own_values = own.is_some() as usize;
        if let Above::Suffix { head, rest, wide } = above
            && shape.is_small(own_values, wide)
        {
            self.raise(since, own, head, rest);
            return Outcome::New(Built::Noted);
        }
        let bytes = &self.bytes;
        let entries = self
            .items
            .drain(since.items..)
            .map(|Item { head, rest, end }| (head, rest.of(bytes), end.into_payload()));
        let node = match shape.form::<V>(own_values) {
            Some(form) => shape.build(form, own, entries),
            None => {
                let mut bundle = Bundle::new(own);
                bundle.reserve(entries.len());
                entries.for_each(|(head, rest, payload)| bundle.push_split(&[head], rest, payload));
                bundle.pack()
            }
        };
        let built = Built::Node(node);
        self.bytes.truncate(since.bytes);
        Outcome::New(built)
    }
}
