//! [`PathMap`]: the map from byte paths to values, one verb a file.

mod algebra;
mod apart;
mod attach;
mod collect;
mod compare;
mod convert;
mod count;
mod descend;
mod detach;
mod entry;
mod evaluate;
mod get_many;
mod get_mut;
mod insert_all;
mod items;
mod iter;
mod locate;
mod map;
mod operators;
mod remove;
mod remove_branches;
mod retain;
mod route;
#[cfg(test)]
mod searches_tests;
mod set;
mod sorted;
mod split;
mod subtrie;
mod take;
mod tidy;
mod track;
mod walk;

pub use algebra::diff;
#[cfg(feature = "rayon")]
pub(crate) use algebra::distinct;
pub(crate) use algebra::root_of;
pub(crate) use apart::{Copied, Foreign, own_towards};
pub(crate) use attach::{attach, create, fill_tip, prefixed};
pub(crate) use detach::detach;
pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub(crate) use get_many::look_up_many;
pub(crate) use get_mut::{existing_value_mut, value_or_set};
pub(crate) use insert_all::insert_all;
pub use iter::{IntoIter, IntoKeys, IntoValues, Iter, IterMut, Keys, Values, ValuesMut};
pub(crate) use locate::find;
pub use map::{PathMap, TrieValue};
pub(crate) use remove::{prune_path, remove};
pub(crate) use remove_branches::{remove_branches, remove_branches_here};
pub use retain::ExtractIf;
pub(crate) use set::{set, set_here};
#[cfg(any(feature = "rayon", feature = "serde", feature = "serialization"))]
pub(crate) use sorted::Sorted;
pub(crate) use subtrie::Subtrie;
pub(crate) use take::take_value;
pub(crate) use tidy::tidy;
#[cfg(feature = "rayon")]
pub(crate) use track::TrackedPath;
#[cfg(feature = "rayon")]
pub(crate) use walk::TwoEnded;
