//! Spans: walking a node from both ends, one entry at a time.
//!
//! A span is the part of a node that has not been visited yet. It finds an entry by its number,
//! and goes from there to the next or the previous one without counting the columns again. There
//! are three types, one for each way to hold a node: [`Span`] lends the parts of a node,
//! [`SpanMut`] lends them mutably, and [`SpanOwned`] takes the node apart. A span hands out each
//! part once, so several `&mut` to values of one node can exist at the same time.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use super::bin::Bin;
use super::column::Column;
use super::edit::NodeMut;
use super::end::End;
use super::header;
use super::place::LentNode;
use super::raw::RawNode;
use super::shared::Shared;
use super::suffix::Suffix;
use super::value::ValueMut;
use super::view::{Kind, NodeRef};

/// A part of a node.
pub(crate) enum Part<'s, T, C> {
    /// The value at the node's own location.
    Own(T),
    /// An entry: its suffix, and what is at its end.
    Entry(Suffix<'s>, End<T, C>),
}

impl<'s, T, C> Part<'s, T, C> {
    #[inline(always)]
    fn map<U, D>(self, value: impl FnOnce(T) -> U, child: impl FnOnce(C) -> D) -> Part<'s, U, D> {
        match self {
            Part::Own(own) => Part::Own(value(own)),
            Part::Entry(suffix, end) => Part::Entry(suffix, end.map(value, child)),
        }
    }
}

/// A span, whichever way its node is held.
pub(crate) trait Spanning: Sized {
    /// A value as it is handed out.
    type Value;
    /// A node that is not open yet, as it is handed out.
    type Child;
    /// What the caller must drop after opening a node, which may run a value's `Drop`.
    type Left;

    /// The whole of a node.
    fn open(node: Self::Child) -> (Self, Self::Left);

    /// The first part, the node's own value before any entry.
    fn next(&mut self) -> Option<Part<'_, Self::Value, Self::Child>>;

    /// The last part.
    fn next_back(&mut self) -> Option<Part<'_, Self::Value, Self::Child>>;

    /// Prefetches the first child that is left.
    fn prefetch(&self);

    /// Prefetches the last child that is left.
    fn prefetch_back(&self);
}

/// A span that can be cut at an entry.
pub(crate) trait Cutting: Spanning {
    /// The type of the values themselves.
    type Of;

    /// A node that is not open yet.
    fn look(node: &Self::Child) -> LentNode<'_, Self::Of>;

    /// Skips the own value, and the entries before number `i`.
    fn skip_to(&mut self, i: usize);

    /// Leaves out entry `i` and those behind it.
    fn trim_to(&mut self, i: usize);
}

/// A boundary between two entries, and how much of each column lies before it.
#[derive(Clone, Copy)]
struct SpanMark {
    /// The number of the entry behind the boundary: an entry that is there, or the end of all.
    entry: u16,
    /// The number of places of the value column before the boundary, the own value's included.
    values: u16,
    children: u16,
}

impl SpanMark {
    /// The boundary before the first entry that is numbered `i` or higher.
    fn before<V>(node: NodeRef<'_, V>, i: usize) -> Self {
        let (entry, values, children) = match node.kind() {
            Kind::List(list) => {
                let i = i.min(list.len());
                (i, list.value_rank(i), list.child_rank(i))
            }
            Kind::Wide(wide) => {
                let own = wide.has_own() as usize;
                match wide.next_entry(i.min(256)) {
                    Some(i) => (i, own + wide.tail_rank(i as u8), wide.child_rank(i as u8)),
                    None => (256, own + wide.tail_count(), wide.child_count()),
                }
            }
        };
        Self { entry: entry as u16, values: values as u16, children: children as u16 }
    }
}

/// A part of a node by its places in the node's columns.
type Places<'s, V> = Part<'s, *const u8, *const Shared<V>>;

/// The part of a node that is left, by its boundaries.
struct NodeRun<V> {
    node: RawNode,
    values: PhantomData<Shared<V>>,
    /// The own value is left.
    own: bool,
    /// The columns before `hi` have been counted. Until then `hi` is the node's end.
    counted: bool,
    lo: SpanMark,
    hi: SpanMark,
}

impl<V> Clone for NodeRun<V> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<V> NodeRun<V> {
    /// The whole of a node.
    ///
    /// # Safety
    /// As long as the run is used, the node lives, and nothing in it is written except values and
    /// children that the run has handed out.
    #[inline]
    unsafe fn new(node: NodeRef<'_, V>) -> Self {
        let (own, first, end) = match node.kind() {
            Kind::List(list) => (list.has_own(), 0, list.len()),
            Kind::Wide(wide) => (wide.has_own(), wide.next_entry(0).unwrap_or(256), 256),
        };
        let lo = SpanMark { entry: first as u16, values: own as u16, children: 0 };
        let hi = SpanMark { entry: end as u16, values: 0, children: 0 };
        Self { node: node.into_raw(), values: PhantomData, own, counted: false, lo, hi }
    }

    /// The node. Only the part that is left may be read.
    #[inline(always)]
    fn view(&self) -> NodeRef<'_, V> {
        // SAFETY: the node lives, and its header, masks and suffixes are not written (`new`).
        // What is left has not been handed out.
        unsafe { NodeRef::from_raw(self.node) }
    }

    #[inline(always)]
    fn take_own(&mut self) -> Option<Places<'_, V>> {
        std::mem::take(&mut self.own).then(|| Part::Own(self.view().own_place()))
    }

    #[inline(always)]
    fn next(&mut self) -> Option<Places<'_, V>> {
        if self.own {
            return self.take_own();
        }
        if self.lo.entry >= self.hi.entry {
            return None;
        }
        let before = self.lo;
        let i = before.entry as usize;
        // SAFETY: as in `view`; the boundaries are other fields.
        let node = unsafe { NodeRef::<V>::from_raw(self.node) };
        let part = part(node, i, before);
        self.lo.entry = match node.kind() {
            Kind::List(_) => i + 1,
            Kind::Wide(wide) => wide.next_entry(i + 1).unwrap_or(256),
        } as u16;
        match &part {
            Part::Entry(_, End::Child(_)) => self.lo.children += 1,
            Part::Entry(_, End::Bare) if !node.is_wide() => {}
            _ => self.lo.values += 1,
        }
        Some(part)
    }

    #[inline(always)]
    fn next_back(&mut self) -> Option<Places<'_, V>> {
        if self.lo.entry >= self.hi.entry {
            return self.take_own();
        }
        if !self.counted {
            self.hi = SpanMark::before(self.view(), self.hi.entry as usize);
            self.counted = true;
        }
        // SAFETY: as in `view`; the boundaries are other fields.
        let node = unsafe { NodeRef::<V>::from_raw(self.node) };
        let (i, is_child, has_place) = match node.kind() {
            Kind::List(list) => {
                let i = self.hi.entry as usize - 1;
                (i, list.is_child(i), !list.is_bare(i))
            }
            Kind::Wide(wide) => {
                let last = match self.hi.entry {
                    256.. => wide.mask().last_bit(),
                    hi => wide.mask().prev_bit(hi as u8),
                };
                let i = last.expect("the first entry that is left is before the boundary");
                (i as usize, wide.is_child(i), true)
            }
        };
        self.hi.entry = i as u16;
        if is_child {
            self.hi.children -= 1;
        } else if has_place {
            self.hi.values -= 1;
        }
        Some(part(node, i, self.hi))
    }

    #[inline]
    fn prefetch(&self) {
        let node = self.view();
        let end = if self.counted { self.hi.children as usize } else { node.child_count() };
        let first = self.lo.children as usize;
        if first < end {
            node.child(first).view().prefetch();
        }
    }

    #[inline]
    fn prefetch_back(&self) {
        if self.counted && self.lo.children < self.hi.children {
            self.view().child(self.hi.children as usize - 1).view().prefetch();
        }
    }

    fn skip_to(&mut self, i: usize) {
        self.own = false;
        if i > self.lo.entry as usize {
            self.lo = SpanMark::before(self.view(), i);
        }
    }

    fn trim_to(&mut self, i: usize) {
        if i < self.hi.entry as usize {
            self.hi = SpanMark { entry: i as u16, ..SpanMark::before(self.view(), i) };
            self.counted = true;
        }
    }
}

/// The entry numbered `i`, which is there, given the boundary before it.
#[inline(always)]
fn part<'s, V>(node: NodeRef<'s, V>, i: usize, before: SpanMark) -> Places<'s, V> {
    let (values, children) = (before.values as usize, before.children as usize);
    match node.kind() {
        Kind::List(list) => {
            let at = if list.is_child(i) {
                End::Child(list.child_place(children))
            } else if list.is_bare(i) {
                End::Bare
            } else {
                End::Value(list.value_place(values))
            };
            Part::Entry(list.suffix(i), at)
        }
        Kind::Wide(wide) => {
            let byte = i as u8;
            if wide.is_child(byte) {
                assert!(children < wide.child_count());
                return Part::Entry(Suffix::byte(byte), End::Child(wide.child_place(children)));
            }
            let tail = wide.tail(values - wide.has_own() as usize);
            let at = if tail.is_valued() { End::Value(wide.value_place(values)) } else { End::Bare };
            Part::Entry(Suffix { head: byte, rest: tail.rest() }, at)
        }
    }
}

/// A span of a borrowed node.
pub(crate) struct Span<'a, V> {
    run: NodeRun<V>,
    life: PhantomData<&'a V>,
}

impl<V> Clone for Span<'_, V> {
    fn clone(&self) -> Self {
        Self { run: self.run.clone(), life: PhantomData }
    }
}

impl<'a, V> Span<'a, V> {
    #[inline(always)]
    fn lend(part: Places<'_, V>) -> Part<'_, &'a V, LentNode<'a, V>> {
        // SAFETY: the places are filled (N3, N4), and nobody writes the node during 'a.
        part.map(|value| unsafe { Column::get(value) }, |child| unsafe { &*child }.lent())
    }
}

impl<'a, V> Spanning for Span<'a, V> {
    type Value = &'a V;
    type Child = LentNode<'a, V>;
    type Left = ();

    #[inline]
    fn open(node: LentNode<'a, V>) -> (Self, ()) {
        // SAFETY: the node lives, and nobody writes it, during 'a, and so for as long as the span.
        (Self { run: unsafe { NodeRun::new(node.view()) }, life: PhantomData }, ())
    }

    #[inline(always)]
    fn next(&mut self) -> Option<Part<'_, &'a V, LentNode<'a, V>>> {
        self.run.next().map(Self::lend)
    }

    #[inline(always)]
    fn next_back(&mut self) -> Option<Part<'_, &'a V, LentNode<'a, V>>> {
        self.run.next_back().map(Self::lend)
    }

    #[inline]
    fn prefetch(&self) {
        self.run.prefetch();
    }

    #[inline]
    fn prefetch_back(&self) {
        self.run.prefetch_back();
    }
}

impl<'a, V> Cutting for Span<'a, V> {
    type Of = V;

    fn look<'n>(node: &'n LentNode<'a, V>) -> LentNode<'n, V> {
        *node
    }

    fn skip_to(&mut self, i: usize) {
        self.run.skip_to(i);
    }

    fn trim_to(&mut self, i: usize) {
        self.run.trim_to(i);
    }
}

/// A span of a mutably borrowed node.
///
/// A boxed value that others own too is cloned when it is lent; the former box is dropped with
/// the span.
pub(crate) struct SpanMut<'a, V> {
    run: NodeRun<V>,
    bin: Bin<V>,
    life: PhantomData<&'a mut Shared<V>>,
}

impl<'a, V> SpanMut<'a, V> {
    /// The whole of a node.
    #[inline]
    pub(crate) fn new(node: NodeMut<'a, V>) -> Self {
        // SAFETY: the node's only owner is borrowed for 'a, and so for as long as the span.
        Self { run: unsafe { NodeRun::new(node.into_view()) }, bin: Bin::new(), life: PhantomData }
    }

    /// The first child that is left; skips the parts before it.
    pub(crate) fn next_child(&mut self) -> Option<&'a mut Shared<V>> {
        loop {
            if let Part::Entry(_, End::Child(child)) = self.run.next()? {
                // SAFETY: as in `lend`.
                return Some(unsafe { &mut *child.cast_mut() });
            }
        }
    }

    #[inline(always)]
    fn lend<'s>(part: Places<'s, V>, bin: &mut Bin<V>) -> Part<'s, &'a mut V, &'a mut Shared<V>>
    where
        V: Clone,
    {
        // SAFETY: the node is unique and borrowed for 'a, and a run hands out each place once;
        // the places are filled (N3, N4), and are reached from the node's own pointer.
        part.map(
            |value| unsafe { ValueMut::new(value.cast_mut()).into_mut(bin) },
            // SAFETY: as above.
            |child| unsafe { &mut *child.cast_mut() },
        )
    }
}

impl<'a, V: Clone> Spanning for SpanMut<'a, V> {
    type Value = &'a mut V;
    type Child = &'a mut Shared<V>;
    /// The former owner, if the node had other owners and was copied.
    type Left = Bin<V>;

    #[inline]
    fn open(node: &'a mut Shared<V>) -> (Self, Bin<V>) {
        let mut left = Bin::new();
        (Self::new(node.unique(&mut left)), left)
    }

    #[inline(always)]
    fn next(&mut self) -> Option<Part<'_, &'a mut V, &'a mut Shared<V>>> {
        self.run.next().map(|part| Self::lend(part, &mut self.bin))
    }

    #[inline(always)]
    fn next_back(&mut self) -> Option<Part<'_, &'a mut V, &'a mut Shared<V>>> {
        self.run.next_back().map(|part| Self::lend(part, &mut self.bin))
    }

    #[inline]
    fn prefetch(&self) {
        self.run.prefetch();
    }

    #[inline]
    fn prefetch_back(&self) {
        self.run.prefetch_back();
    }
}

impl<'a, V: Clone> Cutting for SpanMut<'a, V> {
    type Of = V;

    fn look<'n>(node: &'n &'a mut Shared<V>) -> LentNode<'n, V> {
        node.lent()
    }

    fn skip_to(&mut self, i: usize) {
        self.run.skip_to(i);
    }

    fn trim_to(&mut self, i: usize) {
        self.run.trim_to(i);
    }
}

/// A span of an owned node.
///
/// If the node has no other owner, it is taken apart. Otherwise each value is cloned when it is
/// reached, and children gain an owner.
pub(crate) struct SpanOwned<V> {
    run: NodeRun<V>,
    /// Not dropped if `alone`: the parts that are left are dropped one by one then.
    node: ManuallyDrop<Shared<V>>,
    alone: bool,
}

impl<V> SpanOwned<V> {
    fn new(node: Shared<V>) -> Self {
        let alone = node.is_unique();
        // SAFETY: the owner lives as long as the span. A node with several owners is not written,
        // and nobody else reaches a node with one.
        Self { run: unsafe { NodeRun::new(node.view()) }, node: ManuallyDrop::new(node), alone }
    }

    fn take(alone: bool, part: Places<'_, V>) -> Part<'_, V, Shared<V>>
    where
        V: Clone,
    {
        // SAFETY: the places are filled (N3, N4). If the node is taken apart, each is handed out
        // once and not used again.
        part.map(
            |value| unsafe {
                if alone { Column::<V>::take(value).into_value() } else { Column::<V>::get(value).clone() }
            },
            // SAFETY: as above.
            |child| unsafe { if alone { child.read() } else { (*child).clone() } },
        )
    }

    /// Drops the value if the node is taken apart; otherwise leaves it to the other owners.
    fn pass(alone: bool, part: Places<'_, V>) -> Part<'_, (), Shared<V>> {
        // SAFETY: as in `take`.
        part.map(
            |value| unsafe {
                if alone {
                    Column::<V>::drop(value.cast_mut());
                }
            },
            // SAFETY: as above.
            |child| unsafe { if alone { child.read() } else { (*child).clone() } },
        )
    }

    fn drop_parts(&mut self) {
        while let Some(part) = self.run.next() {
            drop(Self::pass(true, part));
        }
    }
}

impl<V> Drop for SpanOwned<V> {
    fn drop(&mut self) {
        /// Drops the parts that a panicking value's `Drop` has left over, and releases the node's
        /// memory.
        struct Rest<'s, V>(&'s mut SpanOwned<V>);

        impl<V> Drop for Rest<'_, V> {
            fn drop(&mut self) {
                self.0.drop_parts();
                // SAFETY: all parts have been moved out or dropped, and nobody else reaches the
                // node.
                unsafe { header::release(self.0.node.as_raw()) };
            }
        }

        if self.alone {
            Rest(self).0.drop_parts();
        } else {
            // SAFETY: the owner is not used any more.
            unsafe { ManuallyDrop::drop(&mut self.node) };
        }
    }
}

impl<V: Clone> Spanning for SpanOwned<V> {
    type Value = V;
    type Child = Shared<V>;
    type Left = ();

    fn open(node: Shared<V>) -> (Self, ()) {
        (Self::new(node), ())
    }

    #[inline]
    fn next(&mut self) -> Option<Part<'_, V, Shared<V>>> {
        let alone = self.alone;
        self.run.next().map(|part| Self::take(alone, part))
    }

    #[inline]
    fn next_back(&mut self) -> Option<Part<'_, V, Shared<V>>> {
        let alone = self.alone;
        self.run.next_back().map(|part| Self::take(alone, part))
    }

    fn prefetch(&self) {
        self.run.prefetch();
    }

    fn prefetch_back(&self) {
        self.run.prefetch_back();
    }
}

/// A [`SpanOwned`] that hands out no values: it drops them if it is the only owner, and clones
/// none.
pub(crate) struct SpanPassing<V>(SpanOwned<V>);

impl<V> Spanning for SpanPassing<V> {
    type Value = ();
    type Child = Shared<V>;
    type Left = ();

    fn open(node: Shared<V>) -> (Self, ()) {
        (Self(SpanOwned::new(node)), ())
    }

    fn next(&mut self) -> Option<Part<'_, (), Shared<V>>> {
        let alone = self.0.alone;
        self.0.run.next().map(|part| SpanOwned::pass(alone, part))
    }

    fn next_back(&mut self) -> Option<Part<'_, (), Shared<V>>> {
        let alone = self.0.alone;
        self.0.run.next_back().map(|part| SpanOwned::pass(alone, part))
    }

    fn prefetch(&self) {
        self.0.run.prefetch();
    }

    fn prefetch_back(&self) {
        self.0.run.prefetch_back();
    }
}
