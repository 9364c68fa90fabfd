//! The storage core: two kinds of node, counted owners, copy on write.
//!
//! Three doors lead out. [`Place`] is the read door: a subtrie, and all that the layers above see
//! of a node that they read. [`NodeMut`] is the edit door: a view of a node that is proven unique.
//! An edit asks the node's owner, a [`Shared`], or the `NodeMut` what it needs to know of the node.
//! [`Columns`] is the door for files: whole nodes, column by column. (The stack of a zipper works
//! with the numbers of entries, and so sees [`NodeRef`] as well.) No layer above sees a pointer or
//! the offset of a column. A node does not know what a path means to its map. It knows its entries
//! and its own value. An entry is a suffix of one byte or more, and its end is a value, a child or
//! nothing.
//!
//! # Reading order
//! A file uses only files in the rows above it, or to its left.
//!
//! | files | what they declare |
//! |---|---|
//! | `abort`, `prefetch` | a guard against unwinding, a hint to the CPU |
//! | `header`, `limits`, `heads` | the first bytes of a node, the size of lists |
//! | `spot`, `suffix`, `found` | a location, the bytes to an entry's end, the result of a search |
//! | `column`, `shared`, `raw` | a stored value, an owner of a node, a node without a lifetime |
//! | `back`, `end`, `bin` | the columns at a node's end, an entry, the waste of an edit |
//! | `list`, `list_search`, `list_spots`, `wide` | reading each kind of node |
//! | `view`, `entries` | reading a node of either kind |
//! | `build`, `make`, `pack` | building nodes, and choosing their kind |
//! | `copy`, `drop`, `value` | copying and freeing a node, changing a value |
//! | `list_edit`, `list_room`, `wide_edit`, `assemble`, `widen` | editing each kind of node |
//! | `place`, `below` | the read door: subtries, and the entries below them |
//! | `edit`, `lookup`, `cut`, `span` | the edit door: editing a node, asking it, and taking it apart |
//! | `columns`, `from_columns` | the columns door: whole nodes, copied out of memory and into it |
//! | `child_slot` | the edit door: the way down, with hold of a child and its parent |
//! | `branches`, `follow`, `fork`, `landing`, `lazy_place`, `list_way`, `many`, `steps` | fast paths of moves and look-ups |
//! | `dense`, `leaf`, `leaf_values`, `measure`, `starts` | fast paths of algebra and of counting |
//! | `check`, `inspect` | well-formedness, statistics |
//!
//! # Invariants
//! Each `SAFETY` comment of this module cites them by number.
//!
//! - **N1** A node begins with a [`header`]. Its flag says which kind the node is, and the
//!   header's last eight bytes are those of that kind.
//! - **N2** The columns lie within the allocation, as the file of their kind draws them; the
//!   front and the back do not overlap. A list has at most 32 entries, and the sixteen bytes
//!   behind its header are always initialised. The counts in a wide node's header are those of
//!   its masks, and the bytes of a tail behind its rest are zero.
//! - **N3** Each place of a child column holds one counted owner of a well-formed node. No child
//!   is empty. A child that has only its own value is a value entry instead, unless it was shared
//!   when it was put there. (An edit that leaves a node otherwise is repaired before the edit of
//!   the trie ends.)
//! - **N4** The value column holds one value for each valued entry, in the order of the entries,
//!   after the node's own value. The place of a wide node's bare tail is vacant. A value lies in
//!   the column or in a box, as [`mod@column`] decides by its type.
//! - **N5** A node is written only through its one owner, borrowed mutably, with the count proven
//!   one by an acquire load. While a [`NodeMut`] holds that proof, nobody makes another owner of
//!   its node. The count itself is the exception: it is written atomically.
//! - **N6** A list's entries are sorted and distinct. No suffix extends that of a child entry,
//!   since it would lie in the child, nor that of a bare entry, which would not be a tip. The bits
//!   of children and of bare entries are those of entries that are there, and no entry has both.

mod abort;
mod assemble;
mod back;
mod below;
mod bin;
mod branches;
mod build;
#[cfg(any(test, feature = "testing"))]
mod check;
mod child_slot;
mod chosen;
mod column;
mod columns;
#[cfg(test)]
mod columns_tests;
mod copy;
mod cut;
mod dense;
mod drop;
mod edit;
mod end;
mod entries;
mod follow;
mod fork;
mod found;
mod from_columns;
mod get;
mod header;
mod heads;
#[cfg(feature = "viz")]
mod inspect;
mod landing;
mod lazy_place;
mod leaf;
mod leaf_values;
#[cfg_attr(not(feature = "testing"), allow(unreachable_pub, reason = "only tests name the limits"))]
mod limits;
mod list;
mod list_edit;
mod list_room;
mod list_search;
mod list_spots;
#[cfg(test)]
mod list_tests;
mod list_way;
mod lookup;
mod make;
mod many;
mod measure;
mod pack;
mod place;
mod prefetch;
mod raw;
mod shared;
mod span;
mod spot;
mod starts;
mod steps;
mod suffix;
#[cfg(test)]
mod tests;
mod value;
mod view;
mod wide;
mod wide_edit;
mod widen;

pub(crate) use below::Below;
pub(crate) use bin::Bin;
pub(crate) use branches::{first_and_last, for_each_branch, last_below, place_along};
pub(crate) use build::{Form, Shape};
#[cfg(any(test, feature = "testing"))]
pub use check::Malformed;
#[cfg(any(test, feature = "testing"))]
pub(crate) use check::check;
pub(crate) use child_slot::{ChildSlot, Step};
pub(crate) use chosen::Chosen;
pub(crate) use column::Stored;
pub(crate) use columns::{Children, Columns, ColumnsBuffer};
pub(crate) use cut::Cut;
pub(crate) use dense::{Dense, DenseChoice, DensePair, for_each_of_many, node_of_bytes};
pub(crate) use edit::NodeMut;
pub(crate) use end::{End, EndOwned, EndRef, Entry};
pub(crate) use follow::{
    descend_until, follow, only_entry, only_path, only_value, outnumbers, prefetch_towards,
};
pub(crate) use fork::{Fork, ForkAt, Onwards};
pub(crate) use found::Found;
pub(crate) use from_columns::MalformedColumns;
pub(crate) use heads::matching;
#[cfg(feature = "viz")]
pub(crate) use inspect::Inspection;
pub(crate) use landing::{ShortSuffix, Spelling};
pub(crate) use lazy_place::{LazyPlace, Numbered};
pub(crate) use leaf::Leaf;
pub(crate) use leaf_values::{LeafValue, for_each_leaf_value, leaf_values};
#[cfg(all(feature = "rayon", not(feature = "testing")))]
pub(crate) use limits::Limits;
pub(crate) use limits::list_entries;
#[cfg(feature = "testing")]
pub use limits::{Limits, testing::with_limits};
pub(crate) use list_way::{Way, WayKey};
pub(crate) use make::{InMemory, Make};
pub(crate) use many::for_each_value_at;
#[cfg(feature = "rayon")]
pub(crate) use measure::weigh;
pub(crate) use measure::{allocated_bytes, count_tips, count_values, for_each_node};
pub(crate) use pack::{Bundle, BundleFor};
pub(crate) use place::{Key, LentNode, OwnedPlace, Place, place_of};
pub(crate) use raw::RawNode;
pub(crate) use shared::Shared;
pub(crate) use span::{Cutting, Part, Span, SpanMut, SpanOwned, SpanPassing, Spanning};
pub(crate) use spot::Spot;
pub(crate) use starts::{NumberedStart, Start, for_each_start};
pub(crate) use suffix::Suffix;
pub(crate) use view::{NodeRef, Seek};
