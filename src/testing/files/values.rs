//! The types of values that the samples have, one for each form and alignment.

use std::fmt::Debug;

use crate::file::{Form, InPlace, Stored};
use crate::testing::keys::Rng;

/// A type of values that the samples have.
pub(super) trait Known: Stored<Form: InPlace> + Clone + PartialEq + Debug + 'static {
    /// A random value.
    fn random(rng: &mut Rng) -> Self;

    /// A copy of a value that was lent.
    fn copied(lent: <Self::Form as Form>::Lent<'_>) -> Self;
}

macro_rules! known {
    ($($type:ty: $lent:ident => $copied:expr, $rng:ident => $random:expr;)*) => {$(
        impl Known for $type {
            fn random($rng: &mut Rng) -> Self {
                $random
            }

            fn copied($lent: <Self::Form as Form>::Lent<'_>) -> Self {
                $copied
            }
        }
    )*};
}
known! {
    u64: lent => *lent, rng => rng.next_u64();
    (): lent => *lent, _rng => ();
    bool: lent => *lent, rng => rng.one_in(2);
    char: lent => *lent, rng => ['a', 'é', '日', '\u{10ffff}'][rng.below(4)];
    [u8; 3]: lent => *lent, rng => [1, 2, rng.next_u64() as u8];
    u128: lent => *lent, rng => rng.next_u64().into();
    Vec<u8>: lent => lent.to_vec(), rng => {
        let len = length(rng);
        rng.bytes(len)
    };
    String: lent => lent.to_owned(), rng => "aé日".repeat(length(rng) / 4);
}

/// The length of a value, which is seldom longer than a node's record may have it.
fn length(rng: &mut Rng) -> usize {
    match rng.below(40) {
        0 => 1000 + rng.below(600),
        1 => 250 + rng.below(20),
        _ => rng.below(12),
    }
}
