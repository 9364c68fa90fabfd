//! The merge of what two sides have made of one map.

use crate::algebra::{Content, Difference, Differences, Side};
use crate::node::{Place, place_of};
use crate::trie::{PathMap, find};
use crate::zipper::ZipperWriting;

/// What is to be done to their map for it to have our change too.
enum Edit<'a, V> {
    Set(&'a V),
    Remove,
    /// All that is at and below the path is to be this, or nothing.
    Replace(Option<Place<'a, V>>),
}

/// Their map with our changes.
///
/// Values are merged path by path: what one side alone has changed is taken, what both have changed to equal values is as
/// both have it, and the paths of all others are the error, in order. Dangling tips are merged by the same rule, but cannot
/// conflict: a tip that one side has made is there (unless something is at or below the path then), and one that a side
/// has removed, or filled, is not.
///
/// A subtrie that they have not touched is taken from our map as it is, in one step. So the cost is O(path) for each of our
/// changes elsewhere, whatever the size of the maps.
pub(super) fn merge<V: Clone + PartialEq>(
    base: &PathMap<V>,
    ours: &PathMap<V>,
    theirs: &PathMap<V>,
) -> Result<PathMap<V>, Vec<Vec<u8>>> {
    let (mut edits, mut conflicts) = (Vec::new(), Vec::new());
    let (mut tips_gone, mut tips_made) = (Vec::new(), Vec::new());
    let mut differences = Differences::new(place_of(base.root.as_ref()), place_of(ours.root.as_ref()), true);
    let untouched = |path: &[u8], old: Side<'_, V>, new: Side<'_, V>| {
        let theirs = find(&theirs.root, path);
        match (old.place, new.place, theirs) {
            (Some(old), _, Some(theirs)) => theirs.is(old),
            // At most a tip is there on their side and was there before.
            (None, Some(_), theirs) => theirs.is_none_or(Place::is_empty),
            _ => false,
        }
    };
    while let Some((path, difference)) = differences.next(untouched) {
        let (old, new) = match difference {
            Difference::Below(new) => {
                edits.push((path.to_vec(), Edit::Replace(new.place)));
                if let Some(Content::Tip) = new.content {
                    tips_made.push(path.to_vec());
                }
                continue;
            }
            Difference::At(old, new) => (old, new),
        };
        match (old, new) {
            (Some(Content::Tip), _) => tips_gone.push(path.to_vec()),
            (_, Some(Content::Tip)) => tips_made.push(path.to_vec()),
            _ => {}
        }
        let (old, new) = (old.and_then(Content::value), new.and_then(Content::value));
        if same(old, new) {
            continue;
        }
        let now = theirs.get(path);
        if same(now, old) {
            edits.push((path.to_vec(), new.map_or(Edit::Remove, Edit::Set)));
        } else if !same(now, new) {
            conflicts.push(path.to_vec());
        }
    }
    if !conflicts.is_empty() {
        return Err(conflicts);
    }
    let mut merged = theirs.clone();
    for (path, edit) in edits {
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
    for path in tips_gone {
        merged.prune_path(path);
    }
    for path in tips_made {
        merged.create_path(path);
    }
    Ok(merged)
}

/// True iff both are one in memory, or equal: a value that does not equal itself has not changed by that.
fn same<V: PartialEq>(a: Option<&V>, b: Option<&V>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => std::ptr::eq(a, b) || a == b,
        _ => false,
    }
}
