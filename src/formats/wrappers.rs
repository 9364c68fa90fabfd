//! Types that are written as what they wrap.

use serde_core::de::{Deserialize, Deserializer};
use serde_core::ser::{Serialize, Serializer};

use crate::algebra::{And, Max, Min, Or, Sum};
use crate::published::{SharedMap, Snapshot};
use crate::trie::PathMap;

macro_rules! transparent {
    ($($name:ident)+) => {$(
        impl<T: Serialize> Serialize for $name<T> {
            /// Writes the wrapped value.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de, T: Deserialize<'de>> Deserialize<'de> for $name<T> {
            /// Reads the wrapped value.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                T::deserialize(deserializer).map(Self)
            }
        }
    )+};
}

transparent!(And Max Min Or Sum);

impl<V: Serialize> Serialize for Snapshot<V> {
    /// Writes the map.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PathMap::serialize(self, serializer)
    }
}

impl<V: Serialize> Serialize for SharedMap<V> {
    /// Writes the map that is published when the call begins.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.load().serialize(serializer)
    }
}

impl<'de, V: Deserialize<'de> + Clone> Deserialize<'de> for SharedMap<V> {
    /// Reads a map and publishes it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PathMap::deserialize(deserializer).map(Self::from)
    }
}
