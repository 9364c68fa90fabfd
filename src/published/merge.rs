//! The merge of the changes that two sides have made to one map.

use crate::algebra::{Difference, Differences, PathContent, Side};
use crate::node::{Place, place_of};
use crate::trie::{PathMap, find};
use crate::zipper::ZipperWriting;

/// A change to be made to their map, so that it has ours too.
enum Edit<'a, V> {
    Set(&'a V),
    Remove,
    /// All that is at and below the path is replaced by this, or removed.
    Replace(Option<Place<'a, V>>),
}

/// Returns their map with our changes, or the paths of all conflicts in order.
///
/// Values are merged path by path. A change that only one side has made is taken, and so is one
/// that both sides have made to equal values. All others are conflicts. Dangling tips are merged
/// by the same rule, but cannot conflict: a tip that one side has made is there, unless something
/// is at or below the path then; and a tip that one side has removed, or filled, is not.
///
/// A subtrie that they have not touched is taken from our map as it is, in one step. So the cost
/// is O(path) for each of our changes elsewhere, whatever the size of the maps.
pub(super) fn merge<V: Clone + PartialEq>(
    base: &PathMap<V>,
    ours: &PathMap<V>,
    theirs: &PathMap<V>,
) -> Result<PathMap<V>, Vec<Vec<u8>>> {
    let mut differences = Differences::new(place_of(base.root.as_ref()), place_of(ours.root.as_ref()), true);
    let untouched = |path: &[u8], old: Side<'_, V>, new: Side<'_, V>| {
        let theirs = find(&theirs.root, path);
        match (old.place, new.place, theirs) {
            (Some(old), _, Some(theirs)) => theirs.is(old),
            // On their side is at most a tip, which was there before.
            (None, Some(_), theirs) => theirs.is_none_or(Place::is_empty),
            _ => false,
        }
    };
    let mut ours = OurChanges::new();
    while let Some((path, difference)) = differences.next(untouched) {
        ours.add(path, difference, theirs);
    }
    if ours.conflicts.is_empty() { Ok(ours.apply_to(theirs.clone())) } else { Err(ours.conflicts) }
}

/// What we have changed, as far as they have not made the same changes.
struct OurChanges<'a, V> {
    edits: Vec<(Vec<u8>, Edit<'a, V>)>,
    /// Tips that we have removed or filled.
    tips_gone: Vec<Vec<u8>>,
    tips_made: Vec<Vec<u8>>,
    /// The paths whose values both sides have changed to different ones.
    conflicts: Vec<Vec<u8>>,
}

impl<'a, V: Clone + PartialEq> OurChanges<'a, V> {
    fn new() -> Self {
        Self { edits: Vec::new(), tips_gone: Vec::new(), tips_made: Vec::new(), conflicts: Vec::new() }
    }

    fn add(&mut self, path: &[u8], difference: Difference<'a, V>, theirs: &PathMap<V>) {
        let (old, new) = match difference {
            Difference::Below(new) => {
                self.edits.push((path.to_vec(), Edit::Replace(new.place)));
                if let Some(PathContent::Tip) = new.content {
                    self.tips_made.push(path.to_vec());
                }
                return;
            }
            Difference::At(old, new) => (old, new),
        };
        match (old, new) {
            (Some(PathContent::Tip), _) => self.tips_gone.push(path.to_vec()),
            (_, Some(PathContent::Tip)) => self.tips_made.push(path.to_vec()),
            _ => {}
        }
        let (old, new) = (old.and_then(PathContent::value), new.and_then(PathContent::value));
        if same(old, new) {
            return;
        }
        let now = theirs.get(path);
        if same(now, old) {
            self.edits.push((path.to_vec(), new.map_or(Edit::Remove, Edit::Set)));
        } else if !same(now, new) {
            self.conflicts.push(path.to_vec());
        }
    }

    /// Makes the changes in their map.
    fn apply_to(self, mut merged: PathMap<V>) -> PathMap<V> {
        for (path, edit) in self.edits {
            match edit {
                Edit::Set(value) => drop(merged.insert(path, value.clone())),
                Edit::Remove => drop(merged.remove(path)),
                Edit::Replace(None) => drop(merged.split_off_prefix(path)),
                Edit::Replace(Some(place)) => {
                    let subtrie = PathMap::from_root(place.to_trie());
                    merged.write_zipper_at_path(&path).graft_map(subtrie);
                }
            }
        }
        // Removing prunes upwards, so what is to stay is made last.
        for path in self.tips_gone {
            merged.prune_path(path);
        }
        for path in self.tips_made {
            merged.create_path(path);
        }
        merged
    }
}

/// True iff both are one in memory, or equal. A value that does not equal itself is thereby not
/// taken for a change.
fn same<V: PartialEq>(a: Option<&V>, b: Option<&V>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => std::ptr::eq(a, b) || a == b,
        _ => false,
    }
}
