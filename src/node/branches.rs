//! What is below places that are taken apart by the next byte, or by what all of it begins with.

use super::end::Entry;
use super::list::ListRef;
use super::place::Place;
use super::shared::Shared;
use super::spot::Spot;
use super::view::Kind;
use super::wide::WideRef;

/// Visits the places one byte further down, in order, each with the byte that leads there.
pub(crate) fn for_each_branch<'a, V>(
    Place { node, spot }: Place<'a, V>,
    mut visit: impl FnMut(u8, Place<'a, V>),
) {
    let depth = spot.depth();
    let mut here = |byte, lo, hi, child: Option<&'a Shared<V>>| match child {
        Some(child) => visit(byte, child.place()),
        None => visit(byte, Place { node, spot: Spot::new(lo as u16, hi as u16, depth + 1) }),
    };
    match node.kind() {
        Kind::List(list) => of_list(list, spot, &mut here),
        Kind::Wide(wide) if depth == 0 => of_wide(wide, &mut here),
        Kind::Wide(wide) => {
            if let Some(byte) = wide.child_mask(spot).iter().next() {
                here(byte, spot.lo as usize, spot.hi as usize, None);
            }
        }
    }
}

/// The first and the last entry below a place. What these two begin with, all begin with.
pub(crate) fn first_and_last<'a, V>(place: Place<'a, V>) -> impl Iterator<Item = Entry<'a, V>> {
    let mut below = place.below();
    let first = below.next();
    let last = match first {
        // Only the node's own value is there.
        None => None,
        // The last of a wide node begins with another byte: any other entry tells as much.
        Some(_) if place.node.is_wide() => below.next(),
        Some(_) => last_below(place),
    };
    first.into_iter().chain(last)
}

/// The last entry below a place.
pub(crate) fn last_below<'a, V>(Place { node, spot }: Place<'a, V>) -> Option<Entry<'a, V>> {
    let last = match spot.depth() {
        0 => node.last_entry()?,
        _ => spot.hi as usize - 1,
    };
    let Entry { suffix, end } = node.entry(last);
    Some(Entry { suffix: suffix.after(spot.depth())?, end })
}

/// The place `len` bytes down the suffix of an entry below a place, given the entry's
/// [number](super::Below::at). The entry goes on further or ends there, but not with a child.
pub(crate) fn place_along<'a, V>(Place { node, spot }: Place<'a, V>, at: u16, len: usize) -> Place<'a, V> {
    let depth = spot.depth() + len;
    Place { node, spot: node.widen(Spot::new(at, at + 1, depth), depth) }
}

fn of_list<'a, V>(
    list: ListRef<'a, V>,
    spot: Spot,
    visit: &mut impl FnMut(u8, usize, usize, Option<&'a Shared<V>>),
) {
    let depth = spot.depth();
    let (mut lo, end) = list.below(spot);
    let byte = |i: usize| match depth {
        0 => list.heads()[i],
        _ => list.rest(i)[depth - 1],
    };
    while lo < end {
        let head = byte(lo);
        let mut hi = lo + 1;
        while hi < end && byte(hi) == head {
            hi += 1;
        }
        // Nothing extends a child's suffix, so a child is alone on its branch.
        let arrives = hi == lo + 1 && list.is_child(lo) && list.suffix_len(lo) == depth + 1;
        visit(head, lo, hi, arrives.then(|| list.entry_child(lo)));
        lo = hi;
    }
}

fn of_wide<'a, V>(wide: WideRef<'a, V>, visit: &mut impl FnMut(u8, usize, usize, Option<&'a Shared<V>>)) {
    let mut children = 0;
    for byte in wide.mask().iter() {
        let child = wide.is_child(byte).then(|| {
            children += 1;
            wide.child(children - 1)
        });
        visit(byte, byte as usize, byte as usize + 1, child);
    }
}
