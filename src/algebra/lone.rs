//! The fast path for a place with one value and nothing else, beside a larger one. Only the way to
//! this value is followed in the larger place, so the result costs no walk over its entries.

use super::build::{Above, Built, HeldValue, Notes, Outcome};
use super::operation::{Operation, values};
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::node::{Bin, End, Found, LentNode, Place, Shared, Stored, Suffix, only_entry};
use crate::reached::{Mark, reached};

/// The longest path that is followed. If the fast path fails, the walk tries it again below each
/// fork, so this bounds the cost of trying.
const LONGEST: usize = 64;

/// The larger place has more entries than this, or is a wide node. A walk over fewer entries is
/// cheap. A node with this many entries is never kept as entries of the node above, so a join
/// counts those of a wide node too.
const FEW: usize = 8;

/// Joins two places if one of them has a single value, which lies below the place, and the other
/// one is larger; returns `None` if they are not such places. The value is put into a copy of the
/// nodes on its way.
#[inline(always)]
pub(super) fn join_lone<'a, V: Clone, O: Operation<V>>(
    left: Place<'a, V>,
    right: Place<'a, V>,
    operation: &mut O,
) -> Option<Outcome<Built<V>>> {
    let joins = const { O::LEFT && O::RIGHT && O::TIPS && O::PURE };
    let (x, y) = (left.run_len(), right.run_len());
    if joins && x + y > FEW + 1 && (x == 1 || y == 1) {
        return join_either(left, right, operation);
    }
    None
}

/// Subtracts two places if the left one has a single value, which lies below the place, and the
/// right one is larger; returns `None` if they are not such places. The value is looked up in the
/// right place.
#[inline(always)]
pub(super) fn subtract_lone<'a, V: Clone, O: Operation<V>>(
    left: Place<'a, V>,
    right: Place<'a, V>,
    operation: &mut O,
    above: Above<'a>,
    notes: &mut Notes<'a, V>,
) -> Option<Outcome<Built<V>>> {
    let subtracts = const { O::LEFT && !O::RIGHT };
    if subtracts && left.run_len() == 1 && right.run_len() > FEW {
        return subtract(left, right, operation, above, notes);
    }
    None
}

/// Subtracts the right side from the left side's only value.
#[cold]
#[inline(never)]
fn subtract<'a, V: Clone, O: Operation<V>>(
    left: Place<'a, V>,
    right: Place<'a, V>,
    operation: &mut O,
    above: Above<'a>,
    notes: &mut Notes<'a, V>,
) -> Option<Outcome<Built<V>>> {
    let (suffix, value) = only_entry(left)?;
    let mut buffer = [0; LONGEST];
    let path = spell(suffix, &mut buffer)?;
    reached(Mark::LoneSubtracted);
    let Some(subtracted) = right.value_at(path) else {
        return Some(Outcome::Same(SELF_IDENT));
    };
    Some(match values(operation, value, subtracted) {
        (None, _) => Outcome::Nothing,
        (_, mask) if mask & SELF_IDENT != 0 => Outcome::Same(SELF_IDENT),
        (Some(value), _) => {
            let since = notes.mark();
            notes.push(suffix, End::Value(value));
            notes.close(since, None, above)
        }
    })
}

/// Joins the only value of the smaller side into the other one.
#[cold]
#[inline(never)]
fn join_either<'a, V: Clone, O: Operation<V>>(
    left: Place<'a, V>,
    right: Place<'a, V>,
    operation: &mut O,
) -> Option<Outcome<Built<V>>> {
    match right.run_len() {
        1 => join(left, right, |many, few| values(operation, many, few), SELF_IDENT),
        _ => join(right, left, |many, few| values(operation, few, many), COUNTER_IDENT),
    }
}

/// Joins the only value of `few` into `many`. `combine` joins a value of `many` with it, and `same`
/// is the identity of `many`.
///
/// The result never equals `few`. No entry of a node continues another entry that is a child or
/// dangles, and no child is empty. So two entries of `many` end in different values or tips, and
/// `few` has one value and no tip. The join keeps all of them, but for a tip that `few` extends.
/// Two tips of one place are not both extended by one path.
fn join<'a, V: Clone>(
    many: Place<'a, V>,
    few: Place<'a, V>,
    combine: impl FnOnce(&'a V, &'a V) -> (Option<HeldValue<'a, V>>, u64),
    same: u64,
) -> Option<Outcome<Built<V>>> {
    let node = many.whole().filter(|_| many.entry_count() > FEW)?;
    let (suffix, value) = only_entry(few)?;
    let mut buffer = [0; LONGEST];
    let path = spell(suffix, &mut buffer)?;
    reached(Mark::LoneJoined);
    let joined = match many.value_at(path) {
        None => Stored::new(value.clone()),
        Some(old) => match combine(old, value) {
            (_, mask) if mask & same != 0 => return Some(Outcome::Same(same)),
            // The join of a lattice is never `None`. The general walk handles the case.
            (joined, _) => joined?.into_stored(),
        },
    };
    Some(Outcome::New(Built::Node(with_value(node, path, joined))))
}

/// Returns a copy of a node, and of the nodes on the way to a path, with a value at the path.
fn with_value<V: Clone>(node: LentNode<'_, V>, mut path: &[u8], mut value: Stored<V>) -> Shared<V> {
    let (mut root, mut bin) = (node.share(), Bin::new());
    let mut slot = &mut root;
    loop {
        match slot.unique(&mut bin).into_child_before(path) {
            Ok((child, used)) => {
                (slot, path) = (child, &path[used..]);
                continue;
            }
            Err(last) => slot = last,
        }
        let mut last = slot.unique(&mut bin);
        match last.find(path) {
            Found::Vacant(place) => match last.insert(place, path, End::Value(value)) {
                Ok(()) => break,
                Err(End::Value(back)) => value = back,
                Err(_) => unreachable!("the payload comes back"),
            },
            Found::Bare(i) => break drop(last.replace(i, End::Value(value))),
            Found::Value(i) => break drop(last.exchange_value(i, value, &mut bin)),
            Found::Child(i, _) => {
                break drop(last.child_mut(i).unique(&mut bin).set_own(value, &mut bin));
            }
        }
        last.split();
    }
    root
}

/// Writes a suffix into the buffer, unless it is too long.
#[inline]
fn spell<'b>(suffix: Suffix<'_>, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let spelled = buffer.get_mut(..suffix.len())?;
    spelled[0] = suffix.head;
    spelled[1..].copy_from_slice(suffix.rest);
    Some(spelled)
}
