//! The maps without zippers. They own their keys, so inserting includes copying the key.

use std::collections::BTreeMap;
use std::hint::black_box;

use crate::keys::Shape;
use crate::peer::{Form, Peer, Value};

fn visit<'k>(keys: impl Iterator<Item = &'k [u8]>) -> usize {
    let mut count = 0;
    for key in keys {
        black_box(key);
        count += 1;
    }
    count
}

macro_rules! peer {
    ($peer:ident, $name:literal, $map:ty, |$map_var:ident, $key:ident, $value:ident| $insert:expr) => {
        /// A peer for this type of map.
        pub(crate) struct $peer<V: Value>($map);

        impl<V: Value> Peer<V> for $peer<V> {
            const NAME: &'static str = $name;

            fn new() -> Self {
                Self(<$map>::new())
            }

            fn insert(&mut self, $key: &[u8], $value: V) -> bool {
                let $map_var = &mut self.0;
                $insert
            }

            fn get(&self, key: &[u8]) -> Option<&V> {
                self.0.get(key)
            }

            fn remove(&mut self, key: &[u8]) -> bool {
                self.0.remove(key).is_some()
            }

            fn iterate(&self) -> usize {
                visit(self.0.iter().map(|(key, _)| key.as_slice()))
            }

            fn fork(&self) -> Self {
                Self(self.0.clone())
            }
        }
    };
}

peer!(Std, "BTreeMap", BTreeMap<Vec<u8>, V>, |map, key, value| map.insert(key.to_vec(), value).is_none());
peer!(Hash, "hashbrown", hashbrown::HashMap<Vec<u8>, V>, |map, key, value| {
    map.insert(key.to_vec(), value).is_none()
});
peer!(Qp, "qp-trie", qp_trie::Trie<Vec<u8>, V>, |map, key, value| map.insert(key.to_vec(), value).is_none());

/// The adaptive radix tree of blart over keys of any length.
pub(crate) struct Blart<V: Value>(blart::TreeMap<Vec<u8>, V>);

impl<V: Value> Peer<V> for Blart<V> {
    const NAME: &'static str = "blart";

    /// No key may be a prefix of another.
    fn form(shape: &Shape) -> Option<Form> {
        match (shape.prefix_free, shape.has_zero_bytes) {
            (true, _) => Some(Form::Plain),
            (false, false) => Some(Form::Terminated),
            (false, true) => None,
        }
    }

    fn new() -> Self {
        Self(blart::TreeMap::new())
    }

    fn insert(&mut self, key: &[u8], value: V) -> bool {
        self.0.try_insert(key.to_vec(), value).expect("no key is a prefix of another").is_none()
    }

    fn get(&self, key: &[u8]) -> Option<&V> {
        self.0.get(key)
    }

    fn remove(&mut self, key: &[u8]) -> bool {
        self.0.remove(key).is_some()
    }

    fn iterate(&self) -> usize {
        visit(self.0.iter().map(|(key, _)| key.as_slice()))
    }

    fn fork(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The adaptive radix tree of blart over keys of exactly eight bytes, which are stored in the
/// leaf. This is its best case, and only possible for such key sets.
pub(crate) struct BlartArray<V: Value>(blart::TreeMap<[u8; 8], V>);

fn eight(key: &[u8]) -> &[u8; 8] {
    key.try_into().expect("all keys have eight bytes")
}

impl<V: Value> Peer<V> for BlartArray<V> {
    const NAME: &'static str = "blart[u8;8]";

    fn form(shape: &Shape) -> Option<Form> {
        (shape.fixed_len == Some(8)).then_some(Form::Plain)
    }

    fn new() -> Self {
        Self(blart::TreeMap::new())
    }

    fn insert(&mut self, key: &[u8], value: V) -> bool {
        self.0.try_insert(*eight(key), value).expect("all keys have one length").is_none()
    }

    fn get(&self, key: &[u8]) -> Option<&V> {
        self.0.get(eight(key))
    }

    fn remove(&mut self, key: &[u8]) -> bool {
        self.0.remove(eight(key)).is_some()
    }

    fn iterate(&self) -> usize {
        visit(self.0.iter().map(|(key, _)| key.as_slice()))
    }

    fn fork(&self) -> Self {
        Self(self.0.clone())
    }
}
