//! What makes up a map: its values and its dangling tips, in path order.

use super::unfold::{End, Part, Queue, Unfold};
use crate::node::{Load, NodeRef, Spot, for_each_below};
use crate::trie::count::count;

/// The items that make up a map, dangling tips included: what comparison and hashing see.
pub(crate) fn items<V>(root: Option<NodeRef<'_, V>>) -> impl Iterator<Item = (Vec<u8>, Option<&V>)> {
    Tips(Queue::new(root.map(WithTips)))
}

/// A node whose dangling tips count as parts.
struct WithTips<'a, V>(NodeRef<'a, V>);

struct Tips<'a, V>(Queue<WithTips<'a, V>>);

impl<'a, V> Unfold for WithTips<'a, V> {
    type Value = Option<&'a V>;

    fn unfold(self, mut visit: impl FnMut(&[u8], Part<Self>)) {
        if let Some(own) = self.0.own() {
            visit(&[], Part::Value(Some(own)));
        }
        for_each_below(self.0, Spot::ROOT, |suffix, load| match load {
            Load::Value(value) => visit(suffix, Part::Value(Some(value))),
            Load::Bare => visit(suffix, Part::Value(None)),
            Load::Child(child) => visit(suffix, Part::Node(WithTips(child.view()))),
        });
    }

    fn count(&self) -> usize {
        count(self.0)
    }

    fn prefetch(&self) {
        self.0.prefetch();
    }
}

impl<'a, V> Iterator for Tips<'a, V> {
    type Item = (Vec<u8>, Option<&'a V>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.pop(End::Front).map(|(path, value)| (path.to_vec(), value))
    }
}
