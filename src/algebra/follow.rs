//! The shortcut for restricting by a few paths: each is followed at once, without a frame at each fork on the way.

use crate::node::{NodeRef, Place, Spot, Suffix};

/// The rest of the path to the only value at and below a place, if there is but one entry, and that is a value.
pub(super) fn only_path<V>(place: Place<'_, V>) -> Option<Suffix<'_>> {
    if place.entry_count() != 1 {
        return None;
    }
    let Place { node, spot } = place;
    let entry = node.entry(node.next_entry(spot.lo as usize)?);
    if !entry.end.is_value() {
        return None;
    }
    match spot.depth() {
        0 => node.own().is_none().then_some(entry.suffix),
        // The value may be at the place itself.
        depth => entry.suffix.after(depth),
    }
}

/// True iff the paths to the values at and below the right place are to be followed one by one: nothing else is in its
/// node, and the left place has more branches than they can cover.
pub(super) fn is_sparse<V>(left: Place<'_, V>, right: Place<'_, V>) -> bool {
    left.is_node()
        && left.node.is_wide()
        && right.node.child_count() == 0
        && right.entry_count() < left.node.entry_count()
}

/// The place that a suffix leads to, if it exists, and whether there is anything else at or below the place where the
/// suffix begins.
pub(super) fn follow<'a, V>(from: Place<'a, V>, suffix: Suffix<'_>) -> Option<(Place<'a, V>, bool)> {
    let Place { mut node, mut spot } = from;
    let Suffix { head, mut rest } = suffix;
    let mut leaves = from.own().is_some();
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
