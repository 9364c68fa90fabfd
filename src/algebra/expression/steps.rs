//! The steps of the walk: what it does with the entries of a frame.

use std::ops::Range;

use super::frames::{Fork, ForkTips, Walk};
use super::reduce::{EMPTY, ONE, Reduced};
use super::sorted::{Member, Run, SortedEntries, SortedEntry};
use super::values::value_among;
use crate::node::{End, Shared, Suffix};

/// The outcome of the steps in a frame.
pub(super) enum Steps {
    Done,
    /// A frame is to be opened for this residual of the members.
    Fork(u32),
}

/// The next entries of a frame that have one suffix. The masks are of operands.
#[derive(Clone, Copy)]
struct NextEntries<'a> {
    suffix: Suffix<'a>,
    /// The number of these entries.
    len: usize,
    /// Their operands.
    equal: u64,
    /// Those of `equal` that have a dangling tip.
    tips: u64,
    /// Those of `equal` that have a child.
    children: u64,
}

impl<'a, V: Clone> Walk<'a, V> {
    /// Handles the next entries of the lowest frame, up to a fork.
    pub(super) fn step(&mut self) -> Steps {
        loop {
            let frame = self.frames.last_mut().expect("steps are made in a frame");
            if frame.next < frame.run_end {
                if let Some(residual) = self.next_entries() {
                    return Steps::Fork(residual);
                }
            } else if !self.start_run() {
                return Steps::Done;
            }
        }
    }

    /// Goes on to the next run for whose operands the residual is not empty and not one operand, if
    /// there is one. Handles all runs before it.
    fn start_run(&mut self) -> bool {
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let residual = self.residuals.get(frame.residual);
        let (kept_alone, dropped_alone) = (residual.kept_alone, residual.dropped_alone);
        while let Some(Run { present, end }) = self.sorted.run(frame.run) {
            let run = frame.next..end;
            frame.run += 1;
            let is_single = present & (present - 1) == 0;
            if is_single && present & kept_alone != 0 {
                frame.same &= present;
                self.sorted.entries(run).for_each(|entry| self.notes.keep(&entry.entry()));
            } else if is_single && present & dropped_alone != 0 {
                frame.same &= !present;
            } else if self.residuals.get(frame.residual).uses_all(present) {
                self.sorted.sort(run);
                frame.run_end = end;
                return true;
            } else {
                let Reduced { number, used } = self.residuals.among(frame.residual, present);
                if present & !used != 0 {
                    frame.same &= !(present & !used);
                    frame.next = self.sorted.only(run, used);
                }
                if number != EMPTY && number != ONE {
                    self.sorted.sort(frame.next..end);
                    frame.run_end = end;
                    return true;
                }
                if number == ONE {
                    frame.same &= used;
                    let kept = self.sorted.entries(frame.next..end);
                    kept.for_each(|entry| self.notes.keep(&entry.entry()));
                }
            }
            frame.next = end;
        }
        false
    }

    /// Handles the next entries with one suffix. Returns the residual of the members if there is a
    /// fork.
    fn next_entries(&mut self) -> Option<u32> {
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let next = NextEntries::of(&self.sorted, frame.next..frame.run_end);
        let NextEntries { suffix, len, equal, tips, children } = next;
        let (mut end, mut present) = (frame.next + len, equal);
        if children | tips != 0 {
            // Other entries may go on from here.
            let rest = self.sorted.entries(end..frame.run_end);
            for entry in rest.take_while(|entry| entry.suffix().starts_with(suffix)) {
                present |= entry.bit();
                end += 1;
            }
        }
        let range = frame.next..end;
        frame.next = end;
        let residual = self.residuals.get(frame.residual);
        if present & (present - 1) == 0 {
            if present & residual.kept_alone != 0 {
                frame.same &= present;
                self.notes.keep(&self.sorted.get(range.start).entry());
                return None;
            }
            if present & residual.dropped_alone != 0 {
                frame.same &= !present;
                return None;
            }
        }
        if children != 0 || tips != 0 && (equal & !tips != 0 || present != equal) {
            return self.fork(next, present, range);
        }
        if tips != 0 {
            let Reduced { number, .. } = self.residuals.among(frame.residual, equal);
            if self.residuals.get(number).keeps_tips {
                frame.same &= equal;
                self.notes.push(suffix, End::Bare);
            } else {
                frame.same &= !equal;
            }
            return None;
        }
        self.found.clear();
        for entry in self.sorted.entries(range) {
            self.found.extend(entry.end.value().map(|value| (entry.operand().into(), value)));
        }
        let (value, same) = value_among(&mut self.residuals, &mut self.parts, frame.residual, &self.found);
        frame.same &= same;
        if let Some(value) = value {
            self.notes.push(suffix, End::Value(value));
        }
        None
    }

    /// Handles a suffix behind which there is more than values: keeps what is there, skips it, or
    /// starts a fork. `present` are the operands of all entries in the range.
    fn fork(&mut self, next: NextEntries<'a>, present: u64, range: Range<usize>) -> Option<u32> {
        let NextEntries { suffix, len, tips, children, .. } = next;
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let Reduced { number, used } = self.residuals.among(frame.residual, present & !tips);
        let equal = range.start..range.start + len;
        let number = self.residuals.of_twins(number, || are_twins(&self.sorted, equal, used, children));
        if number == EMPTY && tips == 0 {
            frame.same &= !present;
            return None;
        }
        let place_of = |entry: &SortedEntry<'a, V>| {
            let member = &self.places[frame.members + entry.member()];
            entry.place(member.place, suffix.len())
        };
        if number == ONE {
            frame.same &= used;
            let kept = 1 << used.trailing_zeros();
            let first = self.sorted.entries(range).find(|entry| entry.bit() == kept);
            let first = first.expect("the operand has an entry");
            if children & kept != 0 {
                // The child's memory is not touched.
                self.notes.keep(&first.entry());
            } else {
                self.notes.keep_all(suffix, place_of(first));
            }
            return None;
        }
        let mut tips = (tips != 0).then(|| {
            let residual = self.residuals.among(frame.residual, present);
            Box::new(ForkTips { residual, tips, places: vec![None; 64] })
        });
        let end = range.end;
        for entry in self.sorted.entries(end..(end + 10).min(self.sorted.mark().entry)) {
            if let End::Child(child) = entry.end {
                child.prefetch();
            }
        }
        let mut wanted = if tips.is_some() { present & !next.tips } else { used };
        let mut is_sorted = true;
        for entry in self.sorted.entries(range) {
            let (operand, bit) = (entry.operand(), entry.bit());
            if wanted & bit == 0 {
                continue;
            }
            wanted &= !bit;
            let place = place_of(entry);
            if let Some(tips) = &mut tips {
                tips.places[usize::from(operand)] = Some(place);
            }
            if used & bit != 0 {
                is_sorted &= self.members.last().is_none_or(|last| last.operand < operand);
                self.members.push(Member { place, operand, above: bit });
            }
        }
        if !is_sorted {
            self.members.sort_unstable_by_key(|member| member.operand);
        }
        frame.fork = Some(Fork { suffix, present, tips });
        Some(number)
    }
}

impl<'a> NextEntries<'a> {
    /// Finds the next entries with one suffix, given the rest of a run.
    #[inline]
    fn of<V>(sorted: &SortedEntries<'a, V>, run: Range<usize>) -> Self {
        let first = sorted.get(run.start);
        let mut next = Self { suffix: first.suffix(), len: 0, equal: 0, tips: 0, children: 0 };
        for entry in sorted.entries(run).take_while(|entry| entry.is_like(first)) {
            let bit = entry.bit();
            next.len += 1;
            next.equal |= bit;
            match entry.end {
                End::Value(_) => {}
                End::Bare => next.tips |= bit,
                End::Child(_) => next.children |= bit,
            }
        }
        next
    }
}

/// Returns whether all entries in the range whose operands are in `used` lead to one child in
/// memory, and there are two or more. `children` are the operands of the entries with a child.
fn are_twins<V>(sorted: &SortedEntries<'_, V>, range: Range<usize>, used: u64, children: u64) -> bool {
    if used & !children != 0 || used & used.wrapping_sub(1) == 0 {
        return false;
    }
    let used = sorted.entries(range).filter(|entry| entry.bit() & used != 0);
    let mut nodes = used.map(|entry| entry.end.child().map(Shared::id));
    let node = nodes.next();
    nodes.all(|other| Some(other) == node)
}
