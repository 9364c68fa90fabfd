//! The entries below a place, one after another.

use super::end::{End, Entry};
use super::entries::Entries;
use super::place::Place;
use super::spot::Spot;
use super::suffix::Suffix;
use super::view::NodeRef;

/// What is yet to be visited of the entries strictly below a place. Their suffixes start from
/// there.
pub(crate) struct Below<'a, V> {
    node: NodeRef<'a, V>,
    depth: usize,
    /// What comes behind the present entry.
    entries: Entries<'a, V>,
    /// The end of the run.
    end: usize,
    /// The number of the present entry in its node.
    at: usize,
    /// The present entry, if there is one.
    now: Option<Entry<'a, V>>,
}

impl<'a, V> Place<'a, V> {
    /// The entries below the place, in order.
    #[inline]
    pub(crate) fn below(self) -> Below<'a, V> {
        Below::new(self)
    }
}

impl<'a, V> Below<'a, V> {
    /// The entries below a place that begin with a byte, if there are any.
    #[inline]
    pub(crate) fn led_by(Place { node, spot }: Place<'a, V>, byte: u8) -> Option<Self> {
        let Spot { lo, hi, .. } = node.narrow(spot, byte)?;
        Some(Self::new(Place { node, spot: Spot::new(lo, hi, spot.depth()) }))
    }

    /// The entries below a place from the one with a [number](Self::at) on. The numbers follow the
    /// order of the entries, with gaps.
    #[inline]
    pub(crate) fn from_number(Place { node, spot }: Place<'a, V>, number: u16) -> Self {
        let Spot { lo, hi, .. } = spot;
        Self::new(Place { node, spot: Spot::new(lo.max(number), hi, spot.depth()) })
    }

    /// A number such that all entries of a place before it begin with a byte less than `head`: the
    /// greatest that is known without a look at the entries.
    #[inline]
    pub(crate) fn number_before(place: Place<'a, V>, head: u8) -> u16 {
        if place.is_node() && place.node.is_wide() { head.into() } else { 0 }
    }

    /// The entries at and below a place, with suffixes that begin `up` bytes above it in its node.
    pub(crate) fn run_from(Place { node, spot }: Place<'a, V>, up: usize) -> Self {
        let Spot { lo, hi, .. } = spot;
        Self::new(Place { node, spot: Spot::new(lo, hi, spot.depth() - up) })
    }

    #[inline]
    fn new(place: Place<'a, V>) -> Self {
        let Spot { lo, hi, .. } = place.spot;
        let (node, depth) = (place.node, place.spot.depth());
        let mut below = Self {
            node,
            depth,
            entries: node.entries(lo as usize, hi as usize),
            end: hi as usize,
            at: 0,
            now: None,
        };
        below.advance();
        below
    }

    /// The present entry.
    #[inline(always)]
    pub(crate) fn now(&self) -> Option<&Entry<'a, V>> {
        self.now.as_ref()
    }

    /// True iff the present entry is a value, to which `len` bytes lead.
    #[inline]
    pub(crate) fn is_value_at(&self, len: usize) -> bool {
        matches!(self.now, Some(Entry { suffix, end: End::Value(_) }) if suffix.len() == len)
    }

    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        self.at = self.entries.at();
        self.now = self.entries.next();
        if self.depth > 0 {
            self.cut();
        }
    }

    /// Cuts what lies above the place off the present entry.
    fn cut(&mut self) {
        if let Some(entry) = &mut self.now {
            match entry.suffix.rest.get(self.depth - 1..) {
                Some([head, rest @ ..]) => entry.suffix = Suffix { head: *head, rest },
                // An entry that ends at the place is the value there, or the tip that the place
                // is.
                _ => self.advance(),
            }
        }
    }

    /// Goes on to the first entry that begins with `head` or a greater byte; the present one's is
    /// less.
    #[inline]
    pub(crate) fn skip_to(&mut self, head: u8) {
        if self.depth == 0 {
            self.entries.skip_to(head);
        }
        self.advance();
    }

    /// The place `len` bytes down the present entry's suffix.
    #[inline]
    pub(crate) fn place(&self, len: usize) -> Place<'a, V> {
        if let Some(Entry { suffix, end: End::Child(child) }) = self.now
            && suffix.len() == len
        {
            return child.place();
        }
        let (at, depth) = (self.at as u16, self.depth + len);
        Place { node: self.node, spot: self.node.widen(Spot::new(at, at + 1, depth), depth) }
    }

    /// Asks for the memory of the child behind the present entry, which is one.
    #[inline]
    pub(crate) fn prefetch(&self) {
        if let Some(Entry { end: End::Child(_), .. }) = self.now {
            self.entries.prefetch_child();
        }
    }

    /// True iff the node of the entries has room for many of them, so that each holds little.
    #[inline]
    pub(crate) fn is_in_large_node(&self) -> bool {
        self.node.is_wide()
    }

    /// The number of the present entry in its node.
    pub(crate) fn at(&self) -> Option<u16> {
        self.now.as_ref().map(|_| self.at as u16)
    }

    /// Goes beyond all entries of this place, on whose way the present one is.
    #[inline]
    pub(crate) fn pass(&mut self, place: Place<'a, V>) {
        let end = place.spot.hi as usize;
        if !place.is_node() && end > self.at + 1 {
            self.entries = self.node.entries(end, self.end);
        }
        self.advance();
    }
}

impl<'a, V> Iterator for Below<'a, V> {
    type Item = Entry<'a, V>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a, V>> {
        let entry = self.now?;
        self.advance();
        Some(entry)
    }
}
