//! A join of a large subtrie with a small one, as the few inserts that it comes to.
//!
//! To build a node anew is to make one more owner of each of its children. Where few paths come to
//! a large trie that nobody else owns, they are inserted in place instead, and only the nodes on
//! their way are touched.

use super::lattice::Lattice;
use super::lockstep::{Lockstep, Upcoming};
use super::result::{AlgebraicResult, SELF_IDENT};
use crate::node::{End, Entry, Place, Shared, list_entries};

/// What is to be put at a path.
pub(crate) enum Insert<V> {
    /// A value, in the place of another or of none.
    Value(V),
    /// A dangling tip, where nothing is.
    Bare,
    /// A subtrie, where nothing is but perhaps a dangling tip.
    Node(Shared<V>),
}

/// The paths from the place on, and what is to be put there.
pub(crate) type Inserts<V> = Vec<(Vec<u8>, Insert<V>)>;

/// The inserts by which the left side becomes the join of both.
///
/// None if they are too many, or if a node on their way has another owner: then the join is to be
/// built. Nothing is changed here, and the inserts clone nothing later.
pub(crate) fn inserts<V: Lattice + Clone>(left: Place<'_, V>, right: Place<'_, V>) -> Option<Inserts<V>> {
    let (size, list) = (about(left), list_entries());
    // What is smaller than this is built anew, and so is what would take more than an insert for
    // each list's entries.
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
                // Nothing more comes.
                None => drop(walk.frames.pop()),
            },
            (Some(Upcoming::Right(passes)), _, Some(right)) => {
                steps.right.advance();
                // A tip that the left side goes on from dangles no more.
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
            _ => unreachable!("what comes next is there"),
        }
    }
    Some(walk.inserts)
}

/// The bytes that a path may have on average: each insert is walked to from the top.
const BYTES: usize = 256;

struct InsertWalk<'a, V> {
    inserts: Inserts<V>,
    /// The most inserts, and the bytes that their paths may have together yet.
    most: usize,
    bytes: usize,
    path: Vec<u8>,
    /// The pairs of places on the way down, with the length of the path to each.
    frames: Vec<(usize, Lockstep<'a, V>)>,
}

impl<'a, V: Lattice + Clone> InsertWalk<'a, V> {
    /// Begins with two places to which the path leads.
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
            // No lattice's join; the general walk knows what then.
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

    /// Puts something at the path.
    fn put(&mut self, insert: Insert<V>) -> Option<()> {
        self.bytes = self.bytes.checked_sub(self.path.len())?;
        if self.inserts.len() == self.most {
            return None;
        }
        self.inserts.push((self.path.clone(), insert));
        Some(())
    }
}

/// About how many entries are at and below a place: as many as if all its children were like the
/// first, two levels down. Deeper tries are taken for smaller than they are.
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
