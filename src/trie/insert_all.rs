//! Making the inserts of a join.

use super::attach::{attach, create};
use super::set::set;
use crate::algebra::{Insert, Inserts};
use crate::node::{Bin, Shared, Stored};

/// Makes a join's inserts at and below `key`. The values that were there go to the bin.
pub(crate) fn insert_all<V: Clone>(slot: &mut Shared<V>, key: &[u8], inserts: Inserts<V>, bin: &mut Bin<V>) {
    let mut path = key.to_vec();
    for (below, insert) in inserts {
        path.truncate(key.len());
        path.extend_from_slice(&below);
        match insert {
            Insert::Value(value) => {
                if let Some(old) = set(slot, &path, Stored::new(value), bin) {
                    bin.put_value(old);
                }
            }
            Insert::Bare => create(slot, &path, bin),
            Insert::Node(node) => attach(slot, &path, Some(node), bin),
        }
    }
}
