//! Zippers that stand in no one trie: several put together, or one shown as another.

mod chain;
mod dependent;
#[cfg(feature = "derive")]
#[allow(unsafe_code, reason = "an unsafe signature; the body hands the promise on")]
mod either;
mod empty;
mod fork;
mod join;
mod lens;
mod made;
mod one;
mod overlay;
mod pair;
mod path;
#[cfg(feature = "derive")]
mod poly;
mod prefix;
mod product;
mod product_values;
mod scout;
mod selection;
mod shelf;
mod stamp;
mod view;
mod walking;

pub use dependent::DependentProductZipperG;
#[cfg(feature = "derive")]
pub use either::EitherZipper;
pub use empty::EmptyZipper;
pub use fork::ForkedZipper;
pub use join::JoinZipper;
pub use one::OneFactor;
pub use overlay::OverlayZipper;
#[cfg(feature = "derive")]
pub use poly::{__derive, PolyZipper, PolyZipperExplicit};
pub use prefix::{NotInPrefix, PrefixZipper};
pub use product::{ProductZipper, ProductZipperG, ZipperProduct};
pub use product_values::ProductZipperWitness;
pub use view::{AlgebraZipper, MeetZipper, RestrictZipper, SubtractZipper};
