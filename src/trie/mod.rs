//! [`PathMap`]: the map from byte paths to values, one verb a file.

mod algebra;
mod apart;
mod collect;
mod compare;
mod convert;
mod count;
mod edit;
mod entry;
mod items;
mod iter;
mod locate;
mod map;
mod operators;
mod remove;
mod retain;
mod sorted;
mod split;
mod track;
mod walk;

pub use algebra::diff;
#[cfg(feature = "rayon")]
pub(crate) use algebra::distinct;
pub(crate) use algebra::root_of;
pub(crate) use apart::{Copied, Foreign, own_towards};
pub(crate) use edit::{
    attach, create, detach, existing_value_mut, fill_tip, insert_all, prefixed, remove_branches,
    remove_branches_here, remove_towards, set, set_here, take_value, tidy, unshare,
};
pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use iter::{IntoIter, IntoKeys, IntoValues, Iter, IterMut, Keys, Values, ValuesMut};
pub(crate) use locate::find;
pub use map::{PathMap, TrieValue};
pub(crate) use remove::{prune_path, remove};
pub use retain::ExtractIf;
#[cfg(feature = "rayon")]
pub(crate) use sorted::Sorted;
#[cfg(feature = "rayon")]
pub(crate) use track::Path;
#[cfg(feature = "rayon")]
pub(crate) use walk::Ends;
