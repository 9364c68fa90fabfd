//! Counts of values, for which each node is read once.

use std::collections::HashMap;

use super::frame::{Frame, Way};

/// A node whose children are being counted.
struct Open<'d> {
    frame: Frame<'d>,
    /// The offset of the child that is next, and how many are left.
    next: Option<u64>,
    left: usize,
    /// The number of values found so far strictly below the node's first location.
    count: usize,
}

impl<'d> Open<'d> {
    fn new(frame: Frame<'d>) -> Self {
        let (next, left, count) = match frame.way {
            Way::Branch { mask, first } => (first, mask.count_bits(), 0),
            Way::Line { child: Some(child), .. } => (Some(child), 1, 0),
            Way::Line { value, child: None, .. } => (None, 0, usize::from(value.is_some())),
        };
        Self { frame, next, left, count }
    }

    /// Returns the next child.
    fn next(&mut self, data: &'d [u8]) -> Option<Frame<'d>> {
        self.left = self.left.checked_sub(1)?;
        let child = match self.frame.way {
            Way::Line { .. } => self.frame.below_line(data)?,
            Way::Branch { .. } => self.frame.child_at(data, self.next, self.frame.depth + 1),
        };
        self.next = child.end;
        Some(child)
    }
}

/// The number of values strictly below a node's first location. It saturates.
pub(super) fn values_below(data: &[u8], top: Frame<'_>) -> usize {
    // The counts of nodes with children, by their offsets.
    let mut known: HashMap<u64, usize> = HashMap::new();
    let mut open = vec![Open::new(top)];
    loop {
        let Some(last) = open.last_mut() else { return 0 };
        let Some(child) = last.next(data) else {
            let (offset, count) = (last.frame.offset, last.count);
            open.pop();
            let Some(parent) = open.last_mut() else { return count };
            known.insert(offset, count);
            parent.count = parent.count.saturating_add(count);
            continue;
        };
        last.count = last.count.saturating_add(usize::from(child.value.is_some()));
        match known.get(&child.offset) {
            Some(&count) if child.end.is_some() => last.count = last.count.saturating_add(count),
            _ if child.end.is_some() => open.push(Open::new(child)),
            _ => {}
        }
    }
}
