//! Virtual zippers: they show several tries as one, or one trie in another form.
//!
//! # Products
//! A product is a *chain* of *factors*, the first of which is the *primary* one (`chain.rs`). At
//! each tip of a factor, the next factor is *entered*: its root is put there. That depth is a
//! *seam* of the path.
//!
//! ```text
//! primary:  "Ada ", "Alan "            focus:   A d a ␣ T u r
//! second:   "Lovelace", "Turing"                ├───────┼─────►
//!                                               primary │ second
//!                                                     seam 4
//! ```
//!
//! # Views of two tries
//! A *pair* is two zippers at one path (`pair.rs`). Unions (`join.rs`, `overlay.rs`) show the
//! locations of both. The other operations (`view.rs`) show the locations of the first that lead
//! to something that is kept. To find those, a *lookahead* (`lookahead.rs`), which is a second
//! pair, searches ahead of the focus. A *value cache* (`value_cache.rs`) keeps the values that a
//! view has computed since its last move.
//!
//! An expression over many tries (`expression.rs`) is a view too. Its first zipper shows the
//! locations that the result may have (`operands.rs`), and there is no second one.
//!
//! ```text
//! pair:       c a ▲            the focus
//! lookahead:  c a r t ▲        the first location from there that is kept
//! ```

mod append_list;
mod chain;
mod chain_traits;
mod dependent;
#[cfg(feature = "derive")]
#[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
mod either;
mod empty;
mod expression;
mod fork;
mod join;
mod lens;
mod lookahead;
mod one;
mod operands;
mod overlay;
mod pair;
mod paths;
#[cfg(feature = "derive")]
mod poly;
mod prefix;
mod product;
mod product_values;
mod selection;
mod value_cache;
mod view;
pub(crate) mod virtual_path;
mod walking;

pub use dependent::DependentProductZipperG;
#[cfg(feature = "derive")]
pub use either::EitherZipper;
pub use empty::EmptyZipper;
pub use expression::ExpressionZipper;
pub use fork::ForkedZipper;
pub use join::JoinZipper;
pub use one::OneFactor;
pub use overlay::OverlayZipper;
pub use paths::PathZipper;
#[cfg(feature = "derive")]
pub use poly::{__derive, PolyZipper, PolyZipperExplicit};
pub use prefix::{NotInPrefix, PrefixZipper};
pub use product::{ProductZipper, ProductZipperG, ZipperProduct};
pub use product_values::ProductZipperWitness;
pub use view::{AlgebraZipper, MeetZipper, RestrictZipper, SubtractZipper};
