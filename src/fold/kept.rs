//! Hashes of maps that have most of their nodes in common, where somebody keeps what is known of
//! the nodes from one hash to the next.

use std::convert::Infallible;

use super::by_nodes::fold;
use super::digest::{Digest, Digester};
use super::traits::{Arguments, NodeFold, Recall, Whole, tail};
use crate::node::{Place, Shared, place_of};

/// What is known of a node: the digest of the first location, at or below its root, that has a
/// value, more than one child, or no child; and the way to it.
pub(crate) struct NodeDigest {
    way: Box<[u8]>,
    digest: Digest,
}

/// The digests of nodes, by their ids.
pub(crate) trait NodeDigests {
    /// Returns what is known of a node.
    fn get(&self, node: usize) -> Option<&NodeDigest>;

    /// Notes the digest of a node.
    fn keep(&mut self, node: usize, digest: NodeDigest);
}

/// A fold that hashes, and passes over all nodes whose digests are known.
struct Keeping<'k, K, F> {
    digester: Digester<F>,
    known: &'k mut K,
}

impl<'a, V: 'a, K: NodeDigests, F: Fn(&V) -> u128> NodeFold<'a, V> for Keeping<'_, K, F> {
    type Out = u128;
    type Kept = Digest;
    type Error = Infallible;

    const STEPPING: bool = false;

    fn call(&mut self, at: Arguments<'_, 'a, V, u128>) -> Result<u128, Infallible> {
        Ok(self.digester.hash(at))
    }

    fn resume(&mut self, kept: Digest, path: &[u8], jump: usize) -> Result<u128, Infallible> {
        Ok(kept.sealed(tail(path, jump)))
    }

    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, _: bool) -> Recall<Digest> {
        self.known.get(place.node().id()).map_or(Recall::New, |known| {
            path.extend_from_slice(&known.way);
            Recall::Known(known.digest)
        })
    }

    fn keep(
        &mut self,
        place: Place<'a, V>,
        path: &[u8],
        start: usize,
        whole: Whole<'_, 'a, V, u128, Digest>,
    ) -> Digest {
        let digest = self.digester.digest(whole, |digest| digest);
        self.known.keep(place.node().id(), NodeDigest { way: path[start..].into(), digest });
        digest
    }
}

/// Returns the hash of the map with a root, as [`Catamorphism::hash_with`] does.
///
/// [`Catamorphism::hash_with`]: super::Catamorphism::hash_with
///
/// # Complexity
/// O(bytes in the nodes whose digests are not known). The digests of all nodes below the root are
/// known afterwards.
pub(crate) fn hash_keeping<V>(
    root: Option<&Shared<V>>,
    val_hash: impl Fn(&V) -> u128,
    known: &mut impl NodeDigests,
) -> u128 {
    let keeping = Keeping { digester: Digester::new(val_hash), known };
    fold(place_of(root), &[], keeping).unwrap_or_else(|never| match never {})
}
