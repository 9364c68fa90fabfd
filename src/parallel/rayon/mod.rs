//! Combining, walking and building maps on rayon's thread pools (feature `rayon`).

mod algebra;
mod collect;
mod divide;
mod iter;
mod parts;

pub use iter::{IntoParIter, ParIter, ParIterMut, ParKeys, ParValues};

#[cfg(feature = "testing")]
pub use divide::testing::divide_finely;
