//! A join of a large subtrie with a small one as a few inserts.
//!
//! Building a node anew adds an owner to each of its children, so it touches the memory of all of
//! them. If few paths are joined into a large trie that has no other owner, they are inserted in
//! place instead, and only the nodes on their way are touched.

use super::lattice::Lattice;
use super::lockstep::{Lockstep, Upcoming};
use super::result::{AlgebraicResult, SELF_IDENT};
use crate::node::{End, Entry, Place, Shared, list_entries};

/// An insert at a path.
pub(crate) enum Insert<V> {
    /// A value, which replaces the value there if there is one.
    Value(V),
    /// A dangling tip. Nothing is there before.
    Bare,
    /// A subtrie. At most a dangling tip is there before.
    Node(Shared<V>),
}

/// Inserts with their paths, relative to the place.
pub(crate) type Inserts<V> = Vec<(Vec<u8>, Insert<V>)>;

/// Returns the inserts that turn the left side into the join of both.
///
/// Returns `None` if there are too many, or if a node on their way has another owner. The join
/// must then be built. This function changes nothing, and making the inserts later clones
/// nothing.
pub(crate) fn inserts<V: Lattice + Clone>(left: Place<'_, V>, right: Place<'_, V>) -> Option<Inserts<V>> {
    let (size, list) = (about(left), list_entries());
    // Smaller subtries are built anew, and so are joins that need more than one insert for each
    // list's worth of entries.
    if size < list * list / 2 || left.is_shared() {
        return None;
    }
    let most = size / list;
    let mut walk =
        InsertWalk { inserts: Vec::new(), most, bytes: most * BYTES, path: Vec::new(), frames: Vec::new() };
    walk.enter(left, right)?;
    while let Some((len, steps)) = walk.frames.last_mut() {
        walk.path.truncate(*len);
        let (left, right) = (steps.left.now().copied(), steps.right.now().copied());
        match (steps.upcoming(), left, right) {
            (None, ..) => {
                walk.frames.pop();
            }
            (Some(Upcoming::Left(_)), Some(left), right) => match right {
                Some(right) if right.suffix.head > left.suffix.head => steps.left.skip_to(right.suffix.head),
                Some(_) => steps.left.advance(),
                // No entry of the right side is left.
                None => drop(walk.frames.pop()),
            },
            (Some(Upcoming::Right(passes)), _, Some(right)) => {
                steps.right.advance();
                // A tip that the left side extends is no tip of the join.
                if !(passes && right.end.is_bare()) {
                    walk.insert(&right)?;
                }
            }
            (Some(Upcoming::Both), Some(left), Some(right)) => {
                steps.advance_both();
                match (left.end, right.end) {
                    (End::Value(x), End::Value(y)) => {
                        right.suffix.append_to(&mut walk.path);
                        walk.join(x, y)?;
                    }
                    (End::Bare, End::Value(_) | End::Child(_)) => walk.insert(&right)?,
                    _ => {}
                }
            }
            (Some(Upcoming::Twins(_)), ..) if V::IDEMPOTENT => {
                steps.advance_both();
            }
            (Some(Upcoming::Twins(len) | Upcoming::Fork(len)), Some(left), _) => {
                let (below_left, below_right) = steps.fork(len);
                left.suffix.first(len).append_to(&mut walk.path);
                walk.enter(below_left, below_right)?;
            }
            _ => unreachable!("a side that has a part in the next step has an entry"),
        }
    }
    Some(walk.inserts)
}

/// The bytes that each path may have on average. (Each insert is a walk from the top.)
const BYTES: usize = 256;

struct InsertWalk<'a, V> {
    inserts: Inserts<V>,
    /// The largest number of inserts, and the total of bytes that is left for their paths.
    most: usize,
    bytes: usize,
    path: Vec<u8>,
    /// The pairs of places on the way down, each with the length of its path.
    frames: Vec<(usize, Lockstep<'a, V>)>,
}

impl<'a, V: Lattice + Clone> InsertWalk<'a, V> {
    /// Enters two places, to which the path leads.
    fn enter(&mut self, left: Place<'a, V>, right: Place<'a, V>) -> Option<()> {
        if V::IDEMPOTENT && left.is(right) {
            return Some(());
        }
        if left.is_shared() {
            return None;
        }
        match (left.own(), right.own()) {
            (Some(x), Some(y)) => self.join(x, y)?,
            (None, Some(y)) => self.put(Insert::Value(y.clone()))?,
            (_, None) => {}
        }
        self.frames.push((self.path.len(), Lockstep::new(left, right)));
        Some(())
    }

    /// Joins two values at the path.
    fn join(&mut self, x: &V, y: &V) -> Option<()> {
        match x.pjoin(y) {
            AlgebraicResult::Identity(mask) if mask & SELF_IDENT != 0 => Some(()),
            AlgebraicResult::Identity(_) => self.put(Insert::Value(y.clone())),
            AlgebraicResult::Element(value) => self.put(Insert::Value(value)),
            // The join of a lattice is never `None`. The general walk handles the case.
            AlgebraicResult::None => None,
        }
    }

    /// Inserts an entry of the right side.
    fn insert(&mut self, entry: &Entry<'a, V>) -> Option<()> {
        entry.suffix.append_to(&mut self.path);
        self.put(match entry.end {
            End::Value(value) => Insert::Value(value.clone()),
            End::Bare => Insert::Bare,
            End::Child(child) => Insert::Node(child.clone()),
        })
    }

    /// Adds an insert at the path.
    fn put(&mut self, insert: Insert<V>) -> Option<()> {
        self.bytes = self.bytes.checked_sub(self.path.len())?;
        if self.inserts.len() == self.most {
            return None;
        }
        self.inserts.push((self.path.clone(), insert));
        Some(())
    }
}

/// Estimates the number of entries at and below a place, as if all children were like the first
/// child, for two levels. Deeper tries are larger than the estimate.
fn about<V>(place: Place<'_, V>) -> usize {
    let (mut size, mut place) = (place.entry_count(), place);
    for _ in 0..2 {
        let first = place.below().take(8).find_map(|entry| match entry.end {
            End::Child(child) => Some(child.place()),
            _ => None,
        });
        let Some(child) = first else { break };
        size *= child.entry_count().max(1);
        place = child;
    }
    size
}
