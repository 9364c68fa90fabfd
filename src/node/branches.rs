//! The branches that go on from a spot, one after another.

use super::list::ListRef;
use super::spot::Spot;
use super::view::{Kind, NodeRef};
use super::wide::WideRef;

impl<'a, V> NodeRef<'a, V> {
    /// Each byte by which the path can go on from a spot that is known, in order: the byte, and the node and the spot to
    /// which it leads, which is known.
    pub(crate) fn for_each_branch(self, spot: Spot, mut visit: impl FnMut(u8, NodeRef<'a, V>, Spot)) {
        let depth = spot.depth();
        let mut here = |byte, lo, hi, child: Option<NodeRef<'a, V>>| match child {
            Some(child) => visit(byte, child, child.known(Spot::ROOT)),
            None => visit(byte, self, Spot::new(lo as u16, hi as u16, depth + 1)),
        };
        match self.kind() {
            Kind::List(list) => of_list(list, spot, &mut here),
            Kind::Wide(wide) if depth == 0 => of_wide(wide, &mut here),
            Kind::Wide(wide) => {
                if let Some(byte) = wide.child_mask(spot).iter().next() {
                    here(byte, spot.lo as usize, spot.hi as usize, None);
                }
            }
        }
    }
}

fn of_list<'a, V>(
    list: ListRef<'a, V>,
    spot: Spot,
    visit: &mut impl FnMut(u8, usize, usize, Option<NodeRef<'a, V>>),
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
        visit(head, lo, hi, arrives.then(|| list.entry_child(lo).view()));
        lo = hi;
    }
}

fn of_wide<'a, V>(wide: WideRef<'a, V>, visit: &mut impl FnMut(u8, usize, usize, Option<NodeRef<'a, V>>)) {
    let mut children = 0;
    for byte in wide.mask().iter() {
        let child = wide.is_child(byte).then(|| {
            children += 1;
            wide.child(children - 1).view()
        });
        visit(byte, byte as usize, byte as usize + 1, child);
    }
}
