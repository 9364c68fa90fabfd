//! [`PathMap`]: the map from byte paths to values, one verb a file.

mod algebra;
mod apart;
mod collect;
mod compare;
mod count;
mod edit;
mod entry;
mod items;
mod iter;
mod locate;
mod map;
mod remove;
mod unfold;

pub use algebra::diff;
#[cfg(feature = "rayon")]
pub(crate) use algebra::distinct;
pub(crate) use algebra::root_of;
pub(crate) use apart::{Copied, Foreign, own_towards};
pub(crate) use count::{count_below, for_each_node, tips_below};
pub(crate) use edit::{
    attach, copy_out, create, detach, existing_value_mut, fill_tip, insert_all, prefixed, remove_towards,
    set, set_here, take_value, tidy, unshare,
};
pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use iter::{IntoIter, Iter, IterMut, Keys, Values, ValuesMut};
pub(crate) use locate::{Location, find, fork_above, locate, value_below};
pub use map::{PathMap, TrieValue};
pub(crate) use remove::{is_tip, prune_path};
#[cfg(feature = "rayon")]
pub(crate) use unfold::{End, Part, Queue, Unfold};
