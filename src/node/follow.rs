//! Following few paths through a node that has many branches, without a step at each fork on the way.

use super::place::Place;
use super::suffix::Suffix;
use super::view::{NodeRef, Spot};

impl<'a, V> Place<'a, V> {
    /// The path to the only value at and below the place, if there is one entry and it is a value below the place.
    pub(crate) fn only_path(self) -> Option<Suffix<'a>> {
        if self.entry_count() != 1 {
            return None;
        }
        let Place { node, spot } = self;
        let entry = node.entry(node.next_entry(spot.lo as usize)?);
        // The value may be at the place itself.
        if !entry.end.is_value() || self.is_node() && node.own().is_some() {
            return None;
        }
        entry.suffix.after(spot.depth())
    }

    /// True iff following the paths below `few` from here, one by one, costs less than a walk over both places: nothing
    /// else is in the node of `few`, and this place has more branches than they can cover.
    pub(crate) fn outnumbers(self, few: Self) -> bool {
        self.is_node()
            && self.node.is_wide()
            && few.node.child_count() == 0
            && few.entry_count() < self.node.entry_count()
    }

    /// Asks for the memory of the children to which the entries below another place lead.
    pub(crate) fn prefetch_towards(self, few: Self) {
        few.below().for_each(|entry| self.node.prefetch_branch(entry.suffix.head));
    }

    /// The place at a path from here, if it exists, and whether anything else is at or below this place.
    pub(crate) fn follow(self, Suffix { head, mut rest }: Suffix<'_>) -> Option<(Self, bool)> {
        let Place { mut node, mut spot } = self;
        let mut leaves = self.own().is_some();
        let mut advance = |node: &mut NodeRef<'a, V>, spot: &mut Spot, key: &[u8], last: bool| {
            let (used, below) = node.follow(*spot, key);
            leaves |= below.hi - below.lo < spot.hi - spot.lo && node.entry_count() > 1;
            *spot = below;
            if let Some(child) = node.child_at(below) {
                (*node, *spot) = (child.view(), child.view().known(Spot::ROOT));
                leaves |= node.own().is_some() && !(last && used == key.len());
            }
            used
        };
        if advance(&mut node, &mut spot, &[head], rest.is_empty()) == 0 {
            return None;
        }
        while !rest.is_empty() {
            let used = advance(&mut node, &mut spot, rest, true);
            if used == 0 {
                return None;
            }
            rest = &rest[used..];
        }
        Some((Place::new(node, spot), leaves))
    }
}
