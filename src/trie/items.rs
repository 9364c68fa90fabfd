//! What makes up a map: its values and its dangling tips, in path order.

use super::unfold::{Part, Queue, Unfold};
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
}

impl<'a, V> Iterator for Tips<'a, V> {
    type Item = (Vec<u8>, Option<&'a V>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.pop_front()
    }
}

/// True iff two tries hold the same. A node that stands at the same path in both is not looked into.
pub(crate) fn same_items<'a, V: PartialEq>(a: Option<NodeRef<'a, V>>, b: Option<NodeRef<'a, V>>) -> bool {
    let (mut a, mut b) = (Queue::new(a.map(WithTips)), Queue::new(b.map(WithTips)));
    loop {
        match (a.front(), b.front()) {
            (None, None) => return true,
            (Some((at, Part::Node(x))), Some((bt, Part::Node(y)))) if at == bt && x.0.id() == y.0.id() => {
                a.skip_front();
                b.skip_front();
            }
            // The one that is further up is unfolded, so that shared nodes below come to stand side by side.
            (Some((at, Part::Node(_))), Some((bt, Part::Node(_)))) if at.len() > bt.len() => b.unfold_front(),
            (Some((_, Part::Node(_))), _) => a.unfold_front(),
            (_, Some((_, Part::Node(_)))) => b.unfold_front(),
            (Some((at, Part::Value(x))), Some((bt, Part::Value(y)))) if at == bt && x == y => {
                a.skip_front();
                b.skip_front();
            }
            _ => return false,
        }
    }
}
