//! Building nodes from their records.

use super::counts::Counts;
use super::error::{Damage, FileError};
use super::limits::Limits;
use super::record::{Commit, Record, RecordColumns, Value};
use super::save::Written;
use super::stored::{Form, Stored};
use crate::node::{Columns, MalformedColumns, Shared};

/// A node that was built from a record, and what is known of it.
struct Built<V> {
    /// The offset of its record.
    offset: u64,
    /// The number of the first node that was built for the subtrie whose root this is.
    first: usize,
    /// The numbers of values and locations at and below the node.
    counts: Counts,
    /// The length of the longest path below it, if lengths are limited.
    path_len: u64,
    node: Shared<V>,
}

/// Builds nodes from records, in the order of their offsets.
///
/// All nodes are kept until the end, because any record may refer to any node before it.
pub(crate) struct Builder<V> {
    limits: Limits,
    built: Vec<Built<V>>,
    columns: Box<RecordColumns>,
    /// The bytes of long values that were copied. Several values may refer to one long value.
    copied: u64,
    /// The numbers of the children, and the values, of one node at a time.
    children: Vec<usize>,
    values: Vec<V>,
}

impl<V: Stored> Builder<V> {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            built: Vec::new(),
            columns: Box::new(RecordColumns::new()),
            copied: 0,
            children: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Builds the node of a record, which lies behind all records before. `long` returns the long
    /// value whose record is at an offset.
    pub(crate) fn node<'l>(
        &mut self,
        record: &Record<'_>,
        long: impl FnMut(u64) -> Result<&'l [u8], Damage>,
    ) -> Result<(), FileError> {
        self.limits.check_nodes(self.built.len() as u64 + 1)?;
        self.find_children(record)?;
        self.read_values(record, long)?;
        let columns = record.columns(&mut self.columns)?;
        let built = |child: &usize| &self.built[*child];
        let mut counts = Counts::default();
        self.children.iter().for_each(|child| counts.add(built(child).counts));
        let path_len = if self.limits.has_any_path_len() {
            0
        } else {
            longest_path(&columns, self.children.iter().map(|child| built(child).path_len))
        };
        let first = self.children.first().map_or(self.built.len(), |&child| self.built[child].first);
        let children = self.children.iter().map(|child| built(child).node.clone());
        let mut of_entries = self.values.drain(..);
        let own = if record.has_own() { of_entries.next() } else { None };
        let node = Shared::from_columns(own, &columns, children, of_entries);
        let node = node.map_err(|rule| Damage::new(record.offset(), expected(rule)))?;
        counts.add_node(&columns, record.has_own());
        self.built.push(Built { offset: record.offset(), first, counts, path_len, node });
        Ok(())
    }

    /// Notes which nodes the children of a record are.
    ///
    /// Without sharing the last child is the node before, and each other one is the node before
    /// those of the subtrie of the next one. So most are found without a search.
    #[inline]
    fn find_children(&mut self, record: &Record<'_>) -> Result<(), Damage> {
        let count = record.child_count();
        self.children.clear();
        self.children.resize(count, 0);
        let mut guess = self.built.len().wrapping_sub(1);
        for number in (0..count).rev() {
            let offset = record.child(number)?;
            let is_next = self.built.get(guess).is_some_and(|built| built.offset == offset);
            let child = if is_next { Some(guess) } else { self.find(offset) };
            let child = child.ok_or(Damage::new(record.offset(), "distances to nodes").found(offset))?;
            self.children[number] = child;
            guess = self.built[child].first.wrapping_sub(1);
        }
        Ok(())
    }

    /// The number of the node whose record is at an offset.
    fn find(&self, offset: u64) -> Option<usize> {
        self.built.binary_search_by_key(&offset, |built| built.offset).ok()
    }

    /// Reads all values of a record.
    #[inline]
    fn read_values<'l>(
        &mut self,
        record: &Record<'_>,
        mut long: impl FnMut(u64) -> Result<&'l [u8], Damage>,
    ) -> Result<(), FileError> {
        self.values.clear();
        let wrong = || Damage::new(record.offset(), "the bytes of values");
        if let Some(column) = record.value_column() {
            let are_values = V::Form::read_column(column, record.value_count(), &mut self.values);
            return if are_values { Ok(()) } else { Err(wrong().into()) };
        }
        for number in 0..record.value_count() {
            let value = match record.value(number)? {
                Value::Here(bytes) => V::Form::read(bytes),
                Value::At(offset) => {
                    let bytes = long(offset)?;
                    self.copied = self.copied.saturating_add(bytes.len() as u64);
                    self.limits.check_bytes(self.copied)?;
                    V::Form::read(bytes)
                }
            };
            self.values.push(value.ok_or_else(wrong)?);
        }
        Ok(())
    }

    /// The number of nodes.
    pub(crate) fn len(&self) -> u64 {
        self.built.len() as u64
    }

    /// Another owner of the node whose record is at an offset, and what is at and below it. `None`
    /// if there is no such node.
    pub(crate) fn get(&self, offset: u64) -> Option<(Shared<V>, Counts)> {
        let built = &self.built[self.find(offset)?];
        Some((built.node.clone(), built.counts))
    }

    /// All nodes, each with the offset of its record and what is at and below it.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (Written, &Shared<V>)> {
        self.built.iter().map(|built| {
            let Built { offset, counts, .. } = *built;
            (Written { offset, counts }, &built.node)
        })
    }

    /// Returns the root of a commit's map. Fails if it is not there, or if the commit tells other
    /// counts.
    pub(crate) fn root(&self, commit: &Commit) -> Result<Option<Shared<V>>, Damage> {
        let damage = |at: u64, expected| Damage::new(commit.offset + at, expected);
        let (root, counts) = match commit.root {
            None => (None, None),
            Some(root) => match self.get(root) {
                None => return Err(damage(24, "the distance of a node")),
                Some((root, counts)) => (Some(root), Some(counts)),
            },
        };
        let Counts { values, locations } = Counts::of_map(counts);
        if commit.counts.values != values {
            return Err(damage(32, "the number of values").found(commit.counts.values));
        }
        if commit.counts.locations != locations {
            return Err(damage(40, "the number of locations").found(commit.counts.locations));
        }
        Ok(root)
    }

    /// Fails if the map whose root is at an offset exceeds the limits.
    pub(crate) fn check_limits(&self, root: u64) -> Result<(), FileError> {
        let Some(root) = self.find(root) else { return Ok(()) };
        self.limits.check_values(self.built[root].counts.values)?;
        self.limits.check_path_len(self.built[root].path_len)
    }
}

/// The length of the longest path below a node, given those of its children.
fn longest_path(columns: &Columns<'_>, mut children: impl Iterator<Item = u64>) -> u64 {
    let mut start = 0;
    let mut longest = 0;
    for i in 0..columns.heads.len() {
        let end = columns.ends.get(i).map_or(0, |&end| u16::from_le_bytes(end));
        let suffix = 1 + u64::from(end.saturating_sub(start));
        start = end;
        let is_child = columns.children[i / 64] >> (i % 64) & 1 != 0;
        let below = if is_child { children.next().unwrap_or(0) } else { 0 };
        longest = longest.max(below.saturating_add(suffix));
    }
    longest
}

/// Describes what should stand in place of a node that breaks a rule.
fn expected(broken: MalformedColumns) -> &'static str {
    use MalformedColumns as Malformed;
    match broken {
        Malformed::Empty => "a node with entries or a value",
        Malformed::TooManyEntries => "a node of at most 256 entries",
        Malformed::EndCount => "a node with one end for each suffix",
        Malformed::EndOrder => "a node whose suffixes end in order",
        Malformed::HeapLength => "a node whose last suffix ends where its heap does",
        Malformed::BitBeyondEntries => "a node without bits behind its entries",
        Malformed::ChildAndBare => "a node whose bare entries have no children",
        Malformed::ChildCount => "a node with a distance for each child",
        Malformed::ValueCount => "a node with a value for each entry that has one",
        Malformed::EntryOrder => "a node whose entries are in order",
        Malformed::Extended => "a node without entries below a child or a dangling path",
        Malformed::EmptyChild => "a node without empty children",
    }
}
