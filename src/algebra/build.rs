//! The notes of results, and how nodes are built from them.

use std::mem;
use std::ops::Range;

use crate::bytes::common_prefix;
use crate::node::{
    Below, Bundle, End, EndOwned, Entry, Form, LentNode, Place, Shape, Shared, Stored, Suffix, list_entries,
    only_value,
};

/// The result of combining subtries.
pub(crate) enum Outcome<T> {
    /// No value and no location below.
    Nothing,
    /// The content of each operand in the mask. The nodes of these operands may differ.
    Same(u64),
    /// A new result.
    New(T),
}

/// A new result, which becomes part of a node above or a root.
pub(crate) enum Built<V> {
    /// Only a value.
    Value(Stored<V>),
    /// Entries that have been added to the notes of the node above, because they are few.
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

impl<V> Outcome<Built<V>> {
    /// Returns what is kept of a result in case that the walk reaches its operands again. A small
    /// result is computed again: it is not a node that could be shared.
    #[inline]
    pub(super) fn to_remember(&self) -> Option<Outcome<Shared<V>>> {
        match self {
            Outcome::Nothing => Some(Outcome::Nothing),
            Outcome::Same(mask) => Some(Outcome::Same(*mask)),
            Outcome::New(Built::Node(node)) => Some(Outcome::New(node.clone())),
            Outcome::New(_) => None,
        }
    }
}

impl<V> Built<V> {
    /// Returns the result as a node.
    pub(crate) fn into_node(self) -> Shared<V> {
        match self {
            Built::Value(value) => Bundle::node(&[], End::Value(value)),
            Built::Noted => unreachable!("a root has no node above it"),
            Built::Node(node) => node,
        }
    }
}

impl<V: Clone> Built<V> {
    /// Converts a node that was built as a root into a part of a larger result.
    pub(super) fn of_root(root: Shared<V>) -> Self {
        match only_value(root.place()) {
            Some(own) => Built::Value(Stored::new(own.clone())),
            None => Built::Node(root),
        }
    }
}

/// Where a new result is put.
#[derive(Clone, Copy)]
pub(crate) enum Above<'a> {
    /// Nowhere: the result is a root.
    Nothing,
    /// Behind this suffix, into the result whose entries are the last notes. `wide` is true if
    /// that result is likely to be a wide node.
    Suffix { suffix: Suffix<'a>, wide: bool },
}

/// A note: an entry of a result.
struct NotedEntry<'a, V> {
    head: u8,
    rest: NotedRest<'a>,
    end: HeldEnd<'a, V>,
}

/// The bytes of an entry's suffix after the first.
#[derive(Clone, Copy)]
enum NotedRest<'a> {
    /// The bytes are in an operand's node.
    Lent(&'a [u8]),
    /// The bytes are joined from several suffixes, and are in the byte buffer of the notes.
    Joined { start: usize, len: usize },
}

/// A value or a node of a result: lent by an operand, or new.
pub(crate) enum Held<L, N> {
    Lent(L),
    New(N),
}

/// A value of a result.
pub(crate) type HeldValue<'a, V> = Held<&'a V, Stored<V>>;

/// A node of a result.
pub(crate) type HeldNode<'a, V> = Held<LentNode<'a, V>, Shared<V>>;

/// The end of an entry of a result.
pub(crate) type HeldEnd<'a, V> = End<HeldValue<'a, V>, HeldNode<'a, V>>;

/// The entries of all results that are not built yet. The entries of each result are behind those
/// of the result that it is a part of.
///
/// A value is cloned, and a node gets another owner, only if a node is built from the notes.
pub(crate) struct Notes<'a, V> {
    items: Vec<NotedEntry<'a, V>>,
    /// The bytes of joined suffixes.
    bytes: Vec<u8>,
}

/// The position in the notes where a result's entries begin.
#[derive(Clone, Copy)]
pub(crate) struct NotesMark {
    items: usize,
    bytes: usize,
}

impl<'a, V> Notes<'a, V> {
    pub(crate) fn new() -> Self {
        Self { items: Vec::with_capacity(list_entries()), bytes: Vec::new() }
    }

    /// Returns notes that allocate nothing until an entry is added.
    pub(crate) fn empty() -> Self {
        Self { items: Vec::new(), bytes: Vec::new() }
    }

    /// Returns the position where the next result's entries begin.
    pub(crate) fn mark(&self) -> NotesMark {
        NotesMark { items: self.items.len(), bytes: self.bytes.len() }
    }

    /// Discards all notes from `since` on.
    pub(super) fn forget(&mut self, since: NotesMark) {
        self.items.truncate(since.items);
        self.bytes.truncate(since.bytes);
    }

    #[inline]
    pub(super) fn push(&mut self, Suffix { head, rest }: Suffix<'a>, end: HeldEnd<'a, V>) {
        self.items.push(NotedEntry { head, rest: NotedRest::Lent(rest), end });
    }

    /// Adds an operand's entry to the notes.
    #[inline]
    pub(super) fn keep(&mut self, &Entry { suffix, end }: &Entry<'a, V>) {
        self.push(suffix, end.map(Held::Lent, Held::of_child));
    }

    /// Adds everything at and below an operand's place, to which `suffix` leads.
    pub(super) fn keep_all(&mut self, suffix: Suffix<'a>, place: Place<'a, V>) {
        match place.whole() {
            Some(node) => self.push(suffix, End::Child(Held::Lent(node))),
            None => self.keep_run(place, suffix.len()),
        }
    }

    /// Adds everything at and below an operand's place, with suffixes that begin `up` bytes above
    /// the place in its node.
    pub(super) fn keep_run(&mut self, place: Place<'a, V>, up: usize) {
        Below::run_from(place, up).for_each(|entry| self.keep(&entry));
    }

    /// Adds everything at and below an operand's place, to which one or two suffixes lead.
    pub(super) fn keep_behind(&mut self, first: Suffix<'_>, second: Option<Suffix<'_>>, place: Place<'a, V>) {
        let mut note = |tail: &[u8], end| {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(first.rest);
            if let Some(second) = second {
                second.append_to(&mut self.bytes);
            }
            self.bytes.extend_from_slice(tail);
            let rest = NotedRest::Joined { start, len: self.bytes.len() - start };
            self.items.push(NotedEntry { head: first.head, rest, end });
        };
        if let Some(node) = place.whole() {
            return note(&[], End::Child(Held::Lent(node)));
        }
        for Entry { suffix, end } in Below::run_from(place, 1) {
            note(suffix.rest, end.map(Held::Lent, Held::of_child));
        }
    }

    /// Adds a new result, to which `suffix` leads.
    pub(super) fn put(&mut self, suffix: Suffix<'a>, built: Built<V>) {
        match built {
            Built::Value(value) => self.push(suffix, End::Value(Held::New(value))),
            Built::Noted => {}
            Built::Node(node) => self.push(suffix, End::Child(Held::New(node))),
        }
    }

    /// Adds an entry with a suffix that is lent only for this call.
    pub(crate) fn put_behind(&mut self, suffix: Suffix<'_>, end: HeldEnd<'a, V>) {
        let rest = self.join(suffix.rest);
        self.items.push(NotedEntry { head: suffix.head, rest, end });
    }

    /// Copies a suffix into the byte buffer.
    fn join(&mut self, rest: &[u8]) -> NotedRest<'a> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(rest);
        NotedRest::Joined { start, len: rest.len() }
    }

    /// Puts `suffix` before all entries from `since` on and before the own value, which makes
    /// them entries of the result above.
    fn raise(&mut self, since: NotesMark, own: Option<HeldValue<'a, V>>, suffix: Suffix<'_>) {
        for item in &mut self.items[since.items..] {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(suffix.rest);
            self.bytes.push(item.head);
            match item.rest {
                NotedRest::Lent(rest) => self.bytes.extend_from_slice(rest),
                NotedRest::Joined { start, len } => self.bytes.extend_from_within(start..start + len),
            }
            item.head = suffix.head;
            item.rest = NotedRest::Joined { start, len: self.bytes.len() - start };
        }
        if let Some(own) = own {
            let (head, rest) = (suffix.head, self.join(suffix.rest));
            self.items.insert(since.items, NotedEntry { head, rest, end: End::Value(own) });
        }
    }
}

impl<'a> NotedRest<'a> {
    fn len(self) -> usize {
        match self {
            NotedRest::Lent(rest) => rest.len(),
            NotedRest::Joined { len, .. } => len,
        }
    }

    /// Returns the first `len` bytes.
    fn first(self, len: usize) -> Self {
        match self {
            NotedRest::Lent(rest) => NotedRest::Lent(&rest[..len]),
            NotedRest::Joined { start, .. } => NotedRest::Joined { start, len },
        }
    }

    /// Returns the bytes. `bytes` is the byte buffer of the notes.
    #[inline]
    fn of<'b>(self, bytes: &'b [u8]) -> &'b [u8]
    where
        'a: 'b,
    {
        match self {
            NotedRest::Lent(rest) => rest,
            NotedRest::Joined { start, len } => &bytes[start..start + len],
        }
    }
}

impl<V: Clone> HeldValue<'_, V> {
    /// Returns the value for a new node, cloned if an operand lends it.
    pub(super) fn into_stored(self) -> Stored<V> {
        match self {
            Held::Lent(value) => Stored::new(value.clone()),
            Held::New(value) => value,
        }
    }
}

impl<'a, V> HeldNode<'a, V> {
    fn of_child(child: &'a Shared<V>) -> Self {
        Held::Lent(child.lent())
    }

    /// Returns an owner of the node.
    fn into_shared(self) -> Shared<V> {
        match self {
            Held::Lent(node) => node.share(),
            Held::New(node) => node,
        }
    }
}

impl<'a, V: Clone> Notes<'a, V> {
    /// Turns the notes from `since` on, and an own value, into a result.
    pub(crate) fn close(
        &mut self,
        since: NotesMark,
        own: Option<HeldValue<'a, V>>,
        above: Above<'_>,
    ) -> Outcome<Built<V>> {
        if self.items.len() == since.items {
            return match own {
                Some(own) => Outcome::New(Built::Value(own.into_stored())),
                None => Outcome::Nothing,
            };
        }
        let own_values = own.is_some() as usize;
        let mut shape = self.shape(since);
        if let Above::Suffix { suffix, wide } = above
            && shape.is_small(own_values, wide)
        {
            self.raise(since, own, suffix);
            return Outcome::New(Built::Noted);
        }
        let own = own.map(Held::into_stored);
        let mut form = shape.form::<V>(own_values);
        if form.is_none() {
            (shape, form) = self.push_down(since, shape, own_values);
        }
        let bytes = &self.bytes;
        let entries = self.items[since.items..].iter_mut().map(|NotedEntry { head, rest, end }| {
            (Suffix { head: *head, rest: rest.of(bytes) }, take_end(end))
        });
        let node = match form {
            Some(form) => shape.build(form, own, entries),
            None => {
                let mut bundle = Bundle::new(own);
                bundle.reserve(entries.len());
                entries.for_each(|(suffix, end)| bundle.push_suffix(suffix, end));
                bundle.pack_shaped(&shape)
            }
        };
        self.forget(since);
        Outcome::New(Built::Node(node))
    }

    /// Counts the notes from `since` on.
    fn shape(&self, since: NotesMark) -> Shape {
        let mut shape = Shape::default();
        for NotedEntry { head, rest, end } in &self.items[since.items..] {
            shape.add(*head, rest.len(), end.kind());
        }
        shape
    }

    /// Makes the notes from `since` on fit one node, if pushing down groups that each fit one list
    /// achieves that. Returns their shape then, and the form of the node.
    fn push_down(&mut self, since: NotesMark, mut shape: Shape, own_values: usize) -> (Shape, Option<Form>) {
        while !shape.has_heads_of_wide() {
            let Some(group) = self.heaviest_group(since.items) else { break };
            let [first, .., last] = &self.items[group.clone()] else { break };
            let (first, last) = (first.rest, last.rest.of(&self.bytes));
            let shared = common_prefix(first.of(&self.bytes), last);
            let Some(child) = build_group(&mut self.items[group.clone()], shared, &self.bytes) else {
                return (shape, None);
            };
            let entry = &mut self.items[group.start];
            (entry.rest, entry.end) = (first.first(shared), End::Child(Held::New(child)));
            self.items.drain(group.start + 1..group.end);
            shape = self.shape(since);
            if let form @ Some(_) = shape.form::<V>(own_values) {
                return (shape, form);
            }
        }
        self.push_down_all(since.items);
        let shape = self.shape(since);
        let form = shape.form::<V>(own_values);
        (shape, form)
    }

    /// Returns the heaviest group of two or more notes with one head from `since` on, if it has a
    /// third of the bytes. `Bundle` chooses the same group.
    fn heaviest_group(&self, since: usize) -> Option<Range<usize>> {
        let (mut heaviest, mut most, mut all, mut lo) = (None, 0, 0, since);
        while lo < self.items.len() {
            let head = self.items[lo].head;
            let group = self.items[lo..].iter().take_while(|item| item.head == head);
            let (len, bytes) =
                group.fold((0, 0), |(len, bytes), item| (len + 1, bytes + 3 + item.rest.len()));
            let bytes = bytes + len * size_of::<Shared<V>>();
            if len >= 2 && bytes >= most {
                (heaviest, most) = (Some(lo..lo + len), bytes);
            }
            all += bytes;
            lo += len;
        }
        heaviest.filter(|_| 3 * most >= all)
    }

    /// Builds a child for each group of notes with one head from `since` on that a wide node
    /// cannot hold otherwise. Groups that do not fit one list are left as they are.
    fn push_down_all(&mut self, since: usize) {
        let (mut read, mut write) = (since, since);
        while read < self.items.len() {
            let head = self.items[read].head;
            let len = self.items[read..].iter().take_while(|item| item.head == head).count();
            let group = &mut self.items[read..read + len];
            let fits = matches!(group, [only] if Shape::fits_wide(only.rest.len(), only.end.kind()));
            let child = if fits { None } else { build_group(group, 0, &self.bytes) };
            if let Some(child) = child {
                let end = End::Child(Held::New(child));
                self.items[write] = NotedEntry { head, rest: NotedRest::Lent(&[]), end };
                write += 1;
            } else {
                if write < read {
                    (0..len).for_each(|i| self.items.swap(write + i, read + i));
                }
                write += len;
            }
            read += len;
        }
        self.items.truncate(write);
    }
}

/// Takes the end of a note for a new node. A lent value is cloned, and a lent node gets another
/// owner.
#[inline(always)]
fn take_end<V: Clone>(end: &mut HeldEnd<'_, V>) -> EndOwned<V> {
    match end {
        End::Value(Held::Lent(value)) => End::Value(Stored::new(V::clone(value))),
        End::Child(Held::Lent(node)) => End::Child(node.share()),
        new => mem::replace(new, End::Bare).map(Held::into_stored, Held::into_shared),
    }
}

/// Builds a list of a group of notes that begin with one head and `shared` further bytes, without
/// these bytes, if they fit one list.
fn build_group<'a, V: Clone>(
    group: &mut [NotedEntry<'a, V>],
    shared: usize,
    bytes: &[u8],
) -> Option<Shared<V>> {
    let has_own = group[0].rest.len() == shared;
    let mut shape = Shape::default();
    for NotedEntry { rest, end, .. } in &group[has_own as usize..] {
        let rest = &rest.of(bytes)[shared..];
        shape.add(rest[0], rest.len() - 1, end.kind());
    }
    let form = shape.form::<V>(has_own as usize).filter(|form| form.is_list())?;
    let mut ends = group
        .iter_mut()
        .map(|NotedEntry { rest, end, .. }| (Suffix::of(&rest.of(bytes)[shared..]), take_end(end)));
    let own = if has_own { ends.next().and_then(|(_, end)| end.value()) } else { None };
    let entries = ends.map(|(suffix, end)| (suffix.expect("only the first one ends here"), end));
    Some(shape.build(form, own, entries))
}
