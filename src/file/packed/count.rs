//! Counts of values and tips, for which each record is read once.

use std::collections::HashMap;
use std::ops::{Deref, Range};

use super::lookup::record;
use super::walk::Walk;
use crate::file::record::{End, Record};
use crate::file::stored::Stored;

/// A record whose children are being counted.
struct Open<'d> {
    record: Record<'d>,
    /// The number of the child that is next, and the end of the children that count.
    children: Range<usize>,
    /// What was counted so far.
    count: usize,
}

/// What is counted in one record, apart from its children.
trait Count {
    /// The count of the entries of a run that do not end in a child, where the suffix of the first
    /// may be `at` bytes long.
    fn entries(record: &Record<'_>, run: Range<usize>) -> usize;
    /// The count of a record's root.
    fn root(record: &Record<'_>) -> usize;
    /// The count of a child that cannot be read.
    const UNREAD: usize;
}

struct Values;

impl Count for Values {
    fn entries(record: &Record<'_>, run: Range<usize>) -> usize {
        record.values_before(run.end) - record.values_before(run.start).min(record.values_before(run.end))
    }
    fn root(record: &Record<'_>) -> usize {
        record.has_own() as usize
    }
    const UNREAD: usize = 0;
}

struct Tips;

impl Count for Tips {
    fn entries(record: &Record<'_>, run: Range<usize>) -> usize {
        let is_extended =
            |entry: usize| entry + 1 < run.end && record.shared(entry + 1) == record.suffix_len(entry);
        run.clone()
            .filter(|&entry| match record.end(entry) {
                Some(End::Child(_)) | None => false,
                Some(End::Bare) => true,
                Some(End::Value(_)) => !is_extended(entry),
            })
            .count()
    }
    fn root(record: &Record<'_>) -> usize {
        (record.entry_count() == 0) as usize
    }
    const UNREAD: usize = 1;
}

/// The number of values at and below the focus.
pub(super) fn values<D: Deref<Target = [u8]>, V: Stored>(walk: &Walk<D, V>) -> usize {
    count::<Values, D, V>(walk)
}

/// The number of tips at and below the focus.
pub(super) fn tips<D: Deref<Target = [u8]>, V: Stored>(walk: &Walk<D, V>) -> usize {
    if walk.exists() && walk.top().is_none() {
        return 1;
    }
    count::<Tips, D, V>(walk)
}

fn count<C: Count, D: Deref<Target = [u8]>, V: Stored>(walk: &Walk<D, V>) -> usize {
    let Some((frame, top, at)) = walk.focus() else { return 0 };
    let run = frame.run(&top);
    debug_assert!(at == 0 || top.suffix_len(run.start) >= at);
    let children = top.children_before(run.start)..top.children_before(run.end);
    let root = if at == 0 { C::root(&top) } else { 0 };
    let count = root + C::entries(&top, run);
    // The counts of records with children, by their offsets.
    let mut known: HashMap<u64, usize> = HashMap::new();
    let mut open = vec![Open { record: top, children, count }];
    loop {
        let Some(last) = open.last_mut() else { return 0 };
        let Some(number) = last.children.next() else {
            let (offset, count) = (last.record.offset(), last.count);
            open.pop();
            let Some(parent) = open.last_mut() else { return count };
            known.insert(offset, count);
            parent.count = parent.count.saturating_add(count);
            continue;
        };
        let child = last.record.child(number);
        let known = child.as_ref().ok().and_then(|child| known.get(child));
        let below = match (known, child) {
            (Some(&count), _) => count,
            (None, Err(_)) => C::UNREAD,
            (None, Ok(offset)) => match record(&walk.data, offset, walk.layout) {
                Err(_) => C::UNREAD,
                Ok(record) => {
                    let all = 0..record.entry_count();
                    let count = C::root(&record) + C::entries(&record, all);
                    if record.child_count() > 0 {
                        open.push(Open { record, children: 0..record.child_count(), count });
                        continue;
                    }
                    count
                }
            },
        };
        last.count = last.count.saturating_add(below);
    }
}
