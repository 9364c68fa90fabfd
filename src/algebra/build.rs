//! What is noted of a result, and how nodes are built from the notes.

use crate::node::{Bundle, Ends, Entry, LentNode, Load, Payload, Place, Shape, Shared, Stored, list_entries};

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

impl<T> Outcome<T> {
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Outcome::Nothing => Outcome::Nothing,
            Outcome::Same(mask) => Outcome::Same(mask),
            Outcome::New(new) => Outcome::New(make(new)),
        }
    }
}

impl<T: Clone> Clone for Outcome<T> {
    fn clone(&self) -> Self {
        match self {
            Outcome::Nothing => Outcome::Nothing,
            Outcome::Same(mask) => Outcome::Same(*mask),
            Outcome::New(new) => Outcome::New(new.clone()),
        }
    }
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

impl<V: Clone> Built<V> {
    /// What a node that was built as a root is as a part of another.
    pub(super) fn of_root(root: Shared<V>) -> Self {
        match root.place().only_value() {
            Some(own) => Built::Value(Stored::new(own.clone())),
            None => Built::Node(root),
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
struct NotedEntry<'a, V> {
    head: u8,
    rest: Rest<'a>,
    end: NotedEnd<'a, V>,
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
pub(crate) enum NotedEnd<'a, V> {
    Bare,
    Kept(&'a V),
    Value(Stored<V>),
    Node(LentNode<'a, V>),
    New(Shared<V>),
}

/// The entries of results that are being noted, each result's behind those of the one that it is a part of.
///
/// Nothing is cloned or shared before it is known that a node must be built.
pub(crate) struct Notes<'a, V> {
    items: Vec<NotedEntry<'a, V>>,
    /// The suffixes that have been put together.
    bytes: Vec<u8>,
}

/// Where a result's entries begin.
#[derive(Clone, Copy)]
pub(crate) struct NotesMark {
    items: usize,
    bytes: usize,
}

impl<'a, V> Notes<'a, V> {
    pub(crate) fn new() -> Self {
        Self { items: Vec::with_capacity(list_entries()), bytes: Vec::new() }
    }

    /// Where the next result's entries begin.
    pub(crate) fn mark(&self) -> NotesMark {
        NotesMark { items: self.items.len(), bytes: self.bytes.len() }
    }

    /// Forgets what has been noted since.
    pub(super) fn forget(&mut self, since: NotesMark) {
        self.items.truncate(since.items);
        self.bytes.truncate(since.bytes);
    }

    #[inline]
    pub(super) fn push(&mut self, head: u8, rest: &'a [u8], end: NotedEnd<'a, V>) {
        self.items.push(NotedEntry { head, rest: Rest::Lent(rest), end });
    }

    /// Notes an operand's entry as it is.
    #[inline]
    pub(super) fn keep(&mut self, &Entry { head, rest, load }: &Entry<'a, V>) {
        self.push(head, rest, NotedEnd::of(load));
    }

    /// Notes all that is at and below a place of an operand, to which a suffix leads.
    pub(super) fn keep_all(&mut self, head: u8, rest: &'a [u8], place: Place<'a, V>) {
        match place.whole() {
            Some(node) => self.push(head, rest, NotedEnd::Node(node)),
            None => self.keep_run(place, rest.len() + 1),
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
            self.items.push(NotedEntry { head, rest, end });
        };
        if let Some(node) = place.whole() {
            return note(&[], NotedEnd::Node(node));
        }
        for entry in place.run_from(1) {
            note(entry.rest, NotedEnd::of(entry.load));
        }
    }

    /// Notes something new.
    pub(super) fn put(&mut self, head: u8, rest: &'a [u8], built: Built<V>) {
        match built {
            Built::Value(value) => self.push(head, rest, NotedEnd::Value(value)),
            Built::Noted => {}
            Built::Node(node) => self.push(head, rest, NotedEnd::New(node)),
        }
    }

    /// Notes something behind a suffix that is lent for the call alone.
    pub(crate) fn put_behind(&mut self, head: u8, rest: &[u8], end: NotedEnd<'a, V>) {
        let rest = self.join(rest);
        self.items.push(NotedEntry { head, rest, end });
    }

    /// Puts a suffix among the bytes of the notes.
    fn join(&mut self, rest: &[u8]) -> Rest<'a> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(rest);
        Rest::Joined { start, len: rest.len() }
    }

    /// Makes what has been noted since, and this value of its own, entries of the result before.
    fn raise(&mut self, since: NotesMark, own: Option<Stored<V>>, head: u8, rest: &[u8]) {
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
            let item = NotedEntry { head, rest: self.join(rest), end: NotedEnd::Value(own) };
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

impl<'a, V> NotedEnd<'a, V> {
    /// An operand's entry as it is.
    fn of(load: Load<'a, V>) -> Self {
        match load {
            Load::Bare => NotedEnd::Bare,
            Load::Value(value) => NotedEnd::Kept(value),
            Load::Child(child) => NotedEnd::Node(child.lent()),
        }
    }

    fn ends(&self) -> Ends {
        match self {
            NotedEnd::Bare => Ends::Bare,
            NotedEnd::Kept(_) | NotedEnd::Value(_) => Ends::Value,
            NotedEnd::Node(_) | NotedEnd::New(_) => Ends::Child,
        }
    }

    /// The value that is noted, cloned if it is an operand's.
    pub(super) fn into_stored(self) -> Stored<V>
    where
        V: Clone,
    {
        match self {
            NotedEnd::Kept(value) => Stored::new(value.clone()),
            NotedEnd::Value(value) => value,
            _ => unreachable!("a value is noted"),
        }
    }

    fn into_payload(self) -> Payload<V> {
        match self {
            NotedEnd::Bare => Payload::Bare,
            NotedEnd::Value(value) => Payload::Value(value),
            NotedEnd::Node(node) => Payload::Child(node.share()),
            NotedEnd::New(node) => Payload::Child(node),
            NotedEnd::Kept(_) => unreachable!("values have been cloned"),
        }
    }
}

impl<'a, V: Clone> Notes<'a, V> {
    /// Turns what has been noted since into a result with this value of its own.
    pub(crate) fn close(
        &mut self,
        since: NotesMark,
        own: Option<NotedEnd<'a, V>>,
        above: Above<'_>,
    ) -> Outcome<Built<V>> {
        let own = own.map(NotedEnd::into_stored);
        // A clone may panic: none is made while a node is being built.
        let mut shape = Shape::default();
        for NotedEntry { head, rest, end } in &mut self.items[since.items..] {
            if let NotedEnd::Kept(value) = end {
                *end = NotedEnd::Value(Stored::new(value.clone()));
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
            .map(|NotedEntry { head, rest, end }| (head, rest.of(bytes), end.into_payload()));
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
