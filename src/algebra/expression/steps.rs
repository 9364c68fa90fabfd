//! The steps of the walk: what it does with the entries of a frame.

use super::formula::Step;
use super::reduce::{EMPTY, ONE, Reduced, Residuals};
use super::sorted::Position;
use super::tips::dangles;
use super::values::value_among;
use super::walk::{Fork, ForkTips, Member, Walk};
use crate::algebra::gather::Joined;
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
            if frame.next == frame.run_end {
                if frame.next == self.sorted.len() {
                    return Steps::Done;
                }
                self.start_run();
            } else if let Some(residual) = self.next_entries() {
                return Steps::Fork(residual);
            }
        }
    }

    /// Finds the end of the next run. Handles all of it if the residual for its operands is empty
    /// or one operand.
    fn start_run(&mut self) {
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let rest = self.sorted.from(frame.next);
        let head = rest[0].head();
        let run = rest.iter().take_while(|position| position.head() == head);
        let (len, present) = run.fold((0, 0), |(len, mask), position| (len + 1, mask | position.bit()));
        let (start, end) = (frame.next, frame.next + len);
        frame.run_end = end;
        let residual = self.residuals.get(frame.residual);
        let used = if present & (present - 1) == 0 && present & residual.kept_alone != 0 {
            present
        } else if present & (present - 1) == 0 && present & residual.dropped_alone != 0 {
            frame.same &= !present;
            frame.next = end;
            return;
        } else {
            let Reduced { number, used } = self.residuals.among(frame.residual, present);
            if present & !used != 0 {
                frame.same &= !(present & !used);
                frame.next = self.sorted.only(start..end, used);
            }
            if number != ONE {
                return;
            }
            used
        };
        frame.same &= used;
        for &position in &self.sorted.from(frame.next)[..end - frame.next] {
            self.notes.keep(&self.sorted.get(position).entry);
        }
        frame.next = end;
    }

    /// Handles the next entries with one suffix. Returns the residual of the members if there is a
    /// fork.
    fn next_entries(&mut self) -> Option<u32> {
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let run = &self.sorted.from(frame.next)[..frame.run_end - frame.next];
        let next = NextEntries::of(self, run);
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let NextEntries { suffix, len, equal, tips, children } = next;
        let (mut end, mut present) = (frame.next + len, equal);
        if children | tips != 0 {
            // Other entries may go on from here.
            let run = &self.sorted.from(end)[..frame.run_end - end];
            let starts = |position: &&Position| self.sorted.get(**position).entry.suffix.starts_with(suffix);
            for position in run.iter().take_while(starts) {
                present |= position.bit();
                end += 1;
            }
        }
        let range = frame.next..end;
        frame.next = end;
        let residual = self.residuals.get(frame.residual);
        if present & (present - 1) == 0 {
            if present & residual.kept_alone != 0 {
                frame.same &= present;
                self.notes.keep(&self.sorted.nth(range.start).entry);
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
        for &position in &self.sorted.from(range.start)[..len] {
            let entry = self.sorted.get(position);
            self.found.extend(entry.entry.end.value().map(|value| (entry.operand.into(), value)));
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
    fn fork(&mut self, next: NextEntries<'a>, present: u64, range: std::ops::Range<usize>) -> Option<u32> {
        let NextEntries { suffix, len, tips, children, .. } = next;
        let frame = self.frames.last_mut().expect("steps are made in a frame");
        let all = &self.sorted.from(range.start)[..range.len()];
        let Reduced { number, used } = self.residuals.among(frame.residual, present & !tips);
        let are_twins = || {
            if used & !children != 0 || used & used.wrapping_sub(1) == 0 {
                return false;
            }
            let nodes = all[..len].iter().filter(|position| position.bit() & used != 0);
            let mut nodes =
                nodes.map(|&position| self.sorted.get(position).entry.end.child().map(Shared::id));
            let node = nodes.next();
            nodes.all(|other| Some(other) == node)
        };
        let number = self.residuals.of_twins(number, are_twins);
        if number == EMPTY && tips == 0 {
            frame.same &= !present;
            return None;
        }
        let place_of = |position: Position| {
            let entry = self.sorted.get(position);
            let member = &self.places[frame.members + usize::from(entry.member)];
            (entry.operand, entry.place(member.place, suffix.len()))
        };
        if number == ONE {
            frame.same &= used;
            let kept = 1 << used.trailing_zeros();
            let first = all.iter().copied().find(|position| position.bit() == kept);
            let first = first.expect("the operand has an entry");
            if children & kept != 0 {
                // The child's memory is not touched.
                self.notes.keep(&self.sorted.get(first).entry);
            } else {
                self.notes.keep_all(suffix, place_of(first).1);
            }
            return None;
        }
        let mut tips = (tips != 0).then(|| {
            let residual = self.residuals.among(frame.residual, present);
            Box::new(ForkTips { residual, tips, places: vec![None; 64] })
        });
        let mut wanted = match &tips {
            Some(tips) => present & !tips.tips,
            None => used,
        };
        let mut is_sorted = true;
        for &position in all {
            if wanted & position.bit() == 0 {
                continue;
            }
            wanted &= !position.bit();
            let (operand, place) = place_of(position);
            if let Some(tips) = &mut tips {
                tips.places[usize::from(operand)] = Some(place);
            }
            if used & position.bit() != 0 {
                is_sorted &= self.members.last().is_none_or(|last| last.operand < operand);
                self.members.push(Member { place, operand, above: position.bit() });
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
    fn of<V>(walk: &Walk<'a, V>, run: &[Position]) -> Self {
        let first = walk.sorted.get(run[0]);
        let suffix = first.entry.suffix;
        let start = run[0].start();
        let mut next = Self { suffix, len: 0, equal: 0, tips: 0, children: 0 };
        for &position in run {
            let entry = walk.sorted.get(position);
            if position.start() != start || !start.is_exact() && entry.entry.suffix != suffix {
                break;
            }
            let bit = position.bit();
            next.len += 1;
            next.equal |= bit;
            match entry.entry.end {
                End::Value(_) => {}
                End::Bare => next.tips |= bit,
                End::Child(_) => next.children |= bit,
            }
        }
        next
    }
}

/// Returns whether a path that dangles in some operands dangles in the result, which has nothing
/// at or below it otherwise.
pub(super) fn keeps_tip<V: Clone>(residuals: &Residuals<V>, tips: &ForkTips<'_, V>) -> bool {
    let Reduced { number, used } = tips.residual;
    if number == ONE {
        return tips.tips & used != 0;
    }
    let is_tip = |operand: u8| tips.tips >> operand & 1 != 0;
    let has = |part: &[Step<V>]| !matches!(Walk::new().run(part, &tips.places), Joined::Nothing);
    dangles(&residuals.get(number).steps, is_tip, has)
}
