//! Going down from a place along few paths, or as long as there is only one way, without a step
//! at each location.

use super::end::{End, Entry};
use super::place::Place;
use super::spot::Spot;
use super::suffix::Suffix;
use super::view::NodeRef;

/// The value at a place, if nothing is below it.
#[inline]
pub(crate) fn only_value<V>(place: Place<'_, V>) -> Option<&V> {
    let alone = match place.is_node() {
        true => place.node.entry_count() == 0,
        false => place.spot.hi - place.spot.lo == 1,
    };
    if alone { place.own() } else { None }
}

/// The path to the only value at and below a place, if there is one entry and it is a value below
/// the place.
pub(crate) fn only_path<V>(place: Place<'_, V>) -> Option<Suffix<'_>> {
    only_entry(place).map(|(suffix, _)| suffix)
}

/// The only value at and below a place and the path to it, if there is one entry and it is a value
/// below the place.
#[inline]
pub(crate) fn only_entry<V>(place: Place<'_, V>) -> Option<(Suffix<'_>, &V)> {
    if place.entry_count() != 1 {
        return None;
    }
    let Place { node, spot } = place;
    let Entry { suffix, end: End::Value(value) } = node.entry(node.next_entry(spot.lo as usize)?) else {
        return None;
    };
    // The value may be at the place itself.
    if place.is_node() && node.own().is_some() {
        return None;
    }
    Some((suffix.after(spot.depth())?, value))
}

/// True iff following the paths below `few` from `many`, one by one, costs less than a walk over
/// both places: nothing else is in the node of `few`, and `many` has more branches than they can
/// cover.
pub(crate) fn outnumbers<V>(many: Place<'_, V>, few: Place<'_, V>) -> bool {
    many.is_node()
        && many.node.is_wide()
        && few.node.child_count() == 0
        && few.entry_count() < many.node.entry_count()
}

/// Asks for the memory of the children of `many` to which the entries below `few` lead.
pub(crate) fn prefetch_towards<V>(many: Place<'_, V>, few: Place<'_, V>) {
    few.below().for_each(|entry| many.node.prefetch_branch(entry.suffix.head));
}

/// The place at a path from another, if it exists, and whether anything else is at or below the
/// place where the path begins.
pub(crate) fn follow<'a, V>(
    from: Place<'a, V>,
    Suffix { head, mut rest }: Suffix<'_>,
) -> Option<(Place<'a, V>, bool)> {
    let Place { mut node, mut spot } = from;
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

/// Goes down by a byte of the place's [mask](Place::child_mask), and on to the next value, branch
/// or tip. Adds the bytes to `path`. Returns the place there, and whether it is in another node.
pub(crate) fn descend_until<'a, V>(from: Place<'a, V>, byte: u8, path: &mut Vec<u8>) -> (Place<'a, V>, bool) {
    let Place { mut node, spot } = from;
    let mut spot = node.narrow(spot, byte).expect("the byte is in the mask");
    path.push(byte);
    let mut entered = false;
    loop {
        if let Some(child) = node.child_at(spot) {
            Place { node, spot } = child.place();
            entered = true;
        }
        if node.value_at(spot).is_some() {
            break;
        }
        let Some(next) = node.unbranched(spot) else { break };
        let entry = node.entry(next.lo as usize);
        entry.suffix.first(next.depth()).append_from(spot.depth(), path);
        spot = next;
    }
    (Place { node, spot }, entered)
}
