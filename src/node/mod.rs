//! The storage core: two kinds of node, counted owners, copy on write.
//!
//! Two doors lead out: [`NodeRef`], the read view, and [`NodeMut`], the edit view of a node proven unique. Nothing
//! above sees a pointer or the offset of a column. A node does not know what a path means to its map; it knows
//! entries (a suffix of one byte or more, and at its end a value, a child or nothing) and a value of its own.
//!
//! # Invariants
//! Each `SAFETY` comment of this module cites them by number.
//!
//! - **N1** A node begins with a [`header`]; its flag tells the kind, and the header's last eight bytes are of that
//!   kind.
//! - **N2** The columns lie within the allocation as their kind's file draws them, the front and the back apart. A
//!   list has at most 32 entries; the sixteen bytes behind its header are always initialised. The counts in a wide
//!   node's header are those of its masks.
//! - **N3** Each place of a child column holds one counted owner of a well-formed node. No child is empty; one that has
//!   only its own value is a value entry instead, unless it was shared when it came there. (An edit that leaves a node otherwise is made
//!   good before the edit of the trie ends.)
//! - **N4** The value column holds, in entry order, one value for each valued entry, the node's own first; the place
//!   of a wide node's bare tail is vacant. A value lies there or in a box, as [`column`] decides by its type.
//! - **N5** Nobody writes to a node but through the only owner, borrowed mutably, with the count proven one by an
//!   acquire load; only the count itself is written otherwise, atomically.
//! - **N6** A list's entries are sorted and distinct. No suffix extends a child entry's (it would lie in that child) or
//!   a bare entry's (that would be no tip).

mod back;
mod bin;
mod branches;
mod build;
#[cfg(any(test, feature = "testing"))]
mod check;
mod column;
mod copy;
mod cut;
mod dense;
mod descend;
mod drop;
mod edit;
mod end;
mod entries;
mod follow;
mod header;
mod heads;
#[cfg(feature = "viz")]
mod inspect;
mod lazy_place;
#[cfg_attr(not(feature = "testing"), allow(unreachable_pub, reason = "only tests name the limits"))]
mod limits;
mod list;
mod list_edit;
mod measure;
mod numbered;
mod pack;
mod place;
mod prefetch;
mod raw;
mod shared;
mod span;
mod suffix;
#[cfg(test)]
mod tests;
mod view;
mod wide;
mod wide_edit;

pub(crate) use bin::Bin;
pub(crate) use build::Shape;
#[cfg(any(test, feature = "testing"))]
pub use check::Malformed;
#[cfg(any(test, feature = "testing"))]
pub(crate) use check::check;
pub(crate) use column::Stored;
pub(crate) use cut::Cut;
pub(crate) use dense::{Dense, for_each_of_many, for_each_of_two, node_of_bytes};
pub(crate) use edit::{Found, NodeMut};
pub(crate) use end::{End, EndOwned, EndRef};
pub(crate) use entries::Entries;
pub(crate) use lazy_place::LazyPlace;
#[cfg(all(feature = "rayon", not(feature = "testing")))]
pub(crate) use limits::Limits;
pub(crate) use limits::list_entries;
#[cfg(feature = "testing")]
pub use limits::{Limits, testing::with_limits};
pub(crate) use measure::for_each_node;
pub(crate) use numbered::Numbered;
pub(crate) use pack::Bundle;
pub(crate) use place::{Below, Key, LentNode, OwnedPlace, Place, place_of};
pub(crate) use raw::RawNode;
pub(crate) use shared::Shared;
pub(crate) use span::{Cutting, Part, Span, SpanMut, SpanOwned, SpanPassing, Spanning};
pub(crate) use suffix::Suffix;
pub(crate) use view::{Branch, Entry, NodeRef, Seek, Spot, Step};
