//! What is left of an expression where some operands are empty, or some are equal.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::bits::words;
use super::formula::Step;
use super::operator::{Operator, OperatorKind, PairWalk};

/// Reduces steps. `operand` returns the new number of an operand, or `None` if it is empty. The
/// result has no step if the expression is empty.
///
/// The results of reduced and of unreduced steps are equal, including their dangling paths.
pub(super) fn reduce<V>(steps: &[Step<V>], operand: impl Fn(u8) -> Option<u8>) -> Vec<Step<V>> {
    let mut reduced = Vec::with_capacity(steps.len());
    // Where the steps of each part begin. An empty part has no steps.
    let mut starts = Vec::with_capacity(steps.len());
    for step in steps {
        match *step {
            Step::Operand(number) => {
                starts.push(reduced.len());
                reduced.extend(operand(number).map(Step::Operand));
            }
            Step::Empty => starts.push(reduced.len()),
            Step::Apply(operator) => match operator.kind {
                OperatorKind::AtLeast { count, of } => {
                    let first = starts.len() - of;
                    at_least(&mut reduced, &starts[first..], operator, count);
                    starts.truncate(first + 1);
                }
                _ => {
                    let right = starts.pop().expect("an operator has two operands");
                    let left = *starts.last().expect("an operator has two operands");
                    binary(&mut reduced, [left, right], operator);
                }
            },
        }
    }
    reduced
}

/// Applies an operator to the last two parts, given where they begin.
fn binary<V>(reduced: &mut Vec<Step<V>>, [left, right]: [usize; 2], operator: Operator<V>) {
    let empty = [left == right, right == reduced.len()];
    let equal = operator.idempotent && reduced[left..right] == reduced[right..];
    match (operator.kind, empty) {
        (OperatorKind::Meet, [true, _] | [_, true]) | (OperatorKind::Subtract, [true, _]) => {
            reduced.truncate(left);
        }
        // The other operand is the result.
        (_, [true, _] | [_, true]) => {}
        (OperatorKind::Join | OperatorKind::Meet, _) if equal => reduced.truncate(right),
        _ if equal => reduced.truncate(left),
        _ => reduced.push(Step::Apply(operator)),
    }
}

/// Applies [`OperatorKind::AtLeast`] to the last parts, given where they begin.
fn at_least<V>(reduced: &mut Vec<Step<V>>, starts: &[usize], mut operator: Operator<V>, count: usize) {
    let end = reduced.len();
    let ends = starts[1..].iter().copied().chain([end]);
    let parts = || starts.iter().copied().zip(ends.clone()).filter(|(start, end)| start < end);
    let of = parts().count();
    let first = starts[0];
    if of < count {
        return reduced.truncate(first);
    }
    let (start, end) = parts().next().expect("there are at least two parts");
    if operator.idempotent && parts().all(|(at, to)| reduced[at..to] == reduced[start..end]) {
        return reduced.truncate(end);
    }
    operator.kind = OperatorKind::AtLeast { count, of };
    reduced.push(Step::Apply(operator));
}

/// The rest of an expression without its absent operands. Its operands have the numbers that they
/// have in the whole expression.
pub(super) struct Residual<V> {
    pub(super) steps: Vec<Step<V>>,
    pub(super) shape: ResidualShape<V>,
    /// The operands, as a mask.
    pub(super) all: u64,
    /// The operands without which the expression is empty.
    pub(super) required: u64,
    /// The operands that are the result if all others are empty.
    pub(super) kept_alone: u64,
    /// The operands with which the result is empty if all others are.
    pub(super) dropped_alone: u64,
    /// Whether a path that dangles in all operands dangles in the result.
    pub(super) keeps_tips: bool,
    /// If the value at each path is the join of all values there, in the order of the operands: the
    /// operator, and the minimum number of values.
    pub(super) joins_all: Option<(Operator<V>, usize)>,
    /// The residual from which the residuals for fewer operands are made.
    base: u32,
}

/// The forms of residuals that need no walk over many places.
pub(super) enum ResidualShape<V> {
    Empty,
    /// The only operand itself.
    One,
    /// One operator with two operands, and whether the second is its left one.
    Pair(PairWalk<V>, bool),
    /// Meets and differences, from left to right. Each result is a part of the one before, so
    /// walking two places at a time reads less than walking all side by side.
    Chain,
    Many,
}

/// The number of the residual that is empty.
pub(super) const EMPTY: u32 = 0;
/// The number of all residuals that are one operand.
pub(super) const ONE: u32 = 1;
/// The number of the residual for all operands that are not empty.
const WHOLE: u32 = 2;

/// The residual for some operands of another one.
#[derive(Clone, Copy)]
pub(super) struct Reduced {
    pub(super) number: u32,
    /// The operands on which it depends.
    pub(super) used: u64,
}

/// A question to [`Residuals`]: the residual of another one, either for fewer operands or with some
/// operands united.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Question {
    of: u32,
    united: bool,
    operands: u64,
}

/// All residuals of an expression that a walk has met.
pub(super) struct Residuals<V> {
    all: Vec<Residual<V>>,
    /// The residuals for each mask of operands, if there are few; [`UNKNOWN`] if not known yet.
    table: Vec<Reduced>,
    /// The answers that are not in the table.
    answers: HashMap<Question, Reduced, BuildHasherDefault<WordHasher>>,
}

/// The maximum number of operands of an expression with a table.
const TABLE: u32 = 10;

/// A residual that is not known yet.
const UNKNOWN: Reduced = Reduced { number: u32::MAX, used: 0 };

/// A fast hasher for a few words.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }
    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }
    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }
    fn finish(&self) -> u64 {
        // The table takes its bits from both ends.
        self.0 ^ self.0 >> 32
    }
}

impl<V> Residuals<V> {
    pub(super) fn new() -> Self {
        let first = [(vec![], EMPTY), (vec![Step::Operand(0)], ONE)];
        let all = first.map(|(steps, number)| Residual::new(steps, 1 & u64::from(number), number)).into();
        Self { all, table: Vec::new(), answers: HashMap::default() }
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> &Residual<V> {
        &self.all[number as usize]
    }

    /// Returns the residual of an expression in which only the operands in `present` are not
    /// empty. The mask is of the operands that it uses, which are numbered anew from 0 on.
    pub(super) fn whole(&mut self, steps: &[Step<V>], present: u64) -> Reduced {
        let mut steps = reduce(steps, |operand| (present >> operand & 1 != 0).then_some(operand));
        let used = operands_of(&steps);
        for step in &mut steps {
            if let Step::Operand(operand) = step {
                *operand = (used & ((1u64 << *operand) - 1)).count_ones() as u8;
            }
        }
        if used.count_ones() <= TABLE {
            self.table = vec![UNKNOWN; 1 << used.count_ones()];
        }
        let Reduced { number, .. } = self.push(steps, None);
        debug_assert!(number <= WHOLE);
        Reduced { number, used }
    }

    /// Returns the residual of another in which only the operands in `present` are not empty.
    #[inline]
    pub(super) fn among(&mut self, of: u32, present: u64) -> Reduced {
        let &Residual { all, base, .. } = self.get(of);
        let operands = present & all;
        if operands == all {
            return Reduced { number: of, used: all };
        }
        match self.table.get(operands as usize) {
            Some(reduced) if base == WHOLE && reduced.number != UNKNOWN.number => *reduced,
            _ => self.answer(Question { of: base, united: false, operands }),
        }
    }

    /// Returns the residual of another in which the operands in `equal` are equal. It uses only
    /// the first of them.
    pub(super) fn unite(&mut self, of: u32, equal: u64) -> Reduced {
        self.answer(Question { of, united: true, operands: equal })
    }

    /// Returns the number of a residual; if all of its operands are equal and this makes it empty
    /// or one operand, returns [`EMPTY`] or [`ONE`].
    #[inline]
    pub(super) fn of_twins(&mut self, number: u32, are_equal: impl FnOnce() -> bool) -> u32 {
        if !are_equal() {
            return number;
        }
        match self.unite(number, self.get(number).all).number {
            united @ (EMPTY | ONE) => united,
            _ => number,
        }
    }

    /// Answers a question that the table does not answer.
    fn answer(&mut self, question: Question) -> Reduced {
        if let Some(&reduced) = self.answers.get(&question) {
            return reduced;
        }
        let Question { of, united, operands } = question;
        let in_mask = |operand: u8| operands >> operand & 1 != 0;
        let steps = &self.get(of).steps;
        let reduced = if united {
            let first = operands.trailing_zeros() as u8;
            let steps = reduce(steps, |operand| Some(if in_mask(operand) { first } else { operand }));
            self.united(steps)
        } else {
            let steps = reduce(steps, |operand| in_mask(operand).then_some(operand));
            match operands_of(&steps) {
                // The steps do not depend on the other operands, so they are those for `used`.
                used if used != operands => self.answer(Question { operands: used, ..question }),
                _ => self.push(steps, Some(of)),
            }
        };
        match self.table.get_mut(operands as usize) {
            Some(place) if !united && of == WHOLE => *place = reduced,
            _ => drop(self.answers.insert(question, reduced)),
        }
        reduced
    }

    /// Returns the residual with the steps of another one in which some operands are united. It is
    /// that of the expression without the other operands, if their steps are equal.
    fn united(&mut self, steps: Vec<Step<V>>) -> Reduced {
        let without_others = self.among(WHOLE, operands_of(&steps));
        match self.get(without_others.number).steps == steps {
            true => without_others,
            false => self.push(steps, None),
        }
    }

    /// Returns the residual with these steps, which are reduced, and adds it if it has an operator.
    /// Its base is the given one, or itself.
    fn push(&mut self, steps: Vec<Step<V>>, base: Option<u32>) -> Reduced {
        let used = operands_of(&steps);
        let number = match steps.len() {
            0 => EMPTY,
            1 => ONE,
            _ => {
                let next = self.all.len() as u32;
                self.all.push(Residual::new(steps, used, base.unwrap_or(next)));
                next
            }
        };
        Reduced { number, used }
    }
}

/// Returns the operands that occur in some steps.
fn operands_of<V>(steps: &[Step<V>]) -> u64 {
    steps.iter().fold(0, |used, step| match step {
        Step::Operand(operand) => used | 1 << operand,
        _ => used,
    })
}

/// Returns the operator and the minimum number of values if the steps join all values at a path, in
/// the order of the operands.
fn joins_all<V>(steps: &[Step<V>]) -> Option<(Operator<V>, usize)> {
    let &Step::Apply(operator) = steps.last()? else { return None };
    let is_part = |step: &Step<V>| match step {
        Step::Operand(_) => true,
        Step::Apply(other) => other.kind == OperatorKind::Join,
        Step::Empty => false,
    };
    let operands = steps.iter().filter_map(|step| match step {
        Step::Operand(operand) => Some(operand),
        _ => None,
    });
    let in_order = operands.clone().is_sorted_by(|x, y| x < y);
    match operator.kind {
        OperatorKind::Join if in_order && is_left_deep(steps) && steps.iter().all(is_part) => {
            Some((operator, 1))
        }
        OperatorKind::AtLeast { count, of } if in_order && of + 1 == steps.len() => Some((operator, count)),
        _ => None,
    }
}

/// Returns whether the right side of each operator is an operand.
fn is_left_deep<V>(steps: &[Step<V>]) -> bool {
    steps[1..]
        .chunks(2)
        .all(|link| matches!(link, [Step::Operand(_), Step::Apply(operator)] if operator.is_binary()))
}

/// Returns whether the steps are meets and differences of operands in ascending order, from left
/// to right.
fn is_chain<V>(steps: &[Step<V>]) -> bool {
    let operands = steps.iter().filter_map(|step| match step {
        Step::Operand(operand) => Some(operand),
        _ => None,
    });
    let shrinks = |step: &Step<V>| {
        let kinds = [OperatorKind::Meet, OperatorKind::Subtract];
        matches!(step, Step::Apply(operator) if kinds.contains(&operator.kind))
    };
    let is_link = |link: &[Step<V>]| matches!(link, [Step::Operand(_), operator] if shrinks(operator));
    operands.is_sorted_by(|x, y| x < y) && steps[1..].chunks(2).all(is_link)
}

impl<V> Residual<V> {
    fn new(steps: Vec<Step<V>>, all: u64, base: u32) -> Self {
        let shape = match steps[..] {
            [] => ResidualShape::Empty,
            [Step::Operand(_)] => ResidualShape::One,
            [Step::Operand(x), Step::Operand(y), Step::Apply(operator)] if x != y => {
                ResidualShape::Pair(operator.pair, x > y)
            }
            _ if is_chain(&steps) => ResidualShape::Chain,
            _ => ResidualShape::Many,
        };
        let stack = &mut Vec::new();
        // Bit i of the word of operand j is false iff i is j. So bit i of the result is false if
        // the expression is empty without operand i.
        let without = |operand: u8| !(1 << operand);
        let required = all & !words(&steps, stack, without, |left: u64, _| left);
        // With one operand that occurs once, nothing is combined, so the result is this operand or
        // empty.
        let alone = words(&steps, stack, |operand| 1 << operand, |left: u64, _| left);
        let is_operand = |step: &&Step<V>| matches!(step, Step::Operand(_));
        let once = steps.iter().filter(is_operand).count() == all.count_ones() as usize;
        let kept_alone = if once { alone } else { 0 };
        let keeps_tips = words(&steps, stack, |_| !0u64, |left, right| left & !right) != 0;
        let dropped_alone = all & !alone;
        let joins_all = joins_all(&steps);
        Self { steps, shape, all, required, kept_alone, dropped_alone, keeps_tips, joins_all, base }
    }

    /// Returns true if the residual in which only the operands in `present`, two or more, are not
    /// empty is known to use all of them. This takes no look at the steps.
    #[inline]
    pub(super) fn uses_all(&self, present: u64) -> bool {
        let has_least = |(_, least)| present.count_ones() as usize >= least;
        self.keeps_all_alone() || self.joins_all.is_some_and(has_least)
    }

    /// Returns whether each operand is the result if all others are empty.
    #[inline]
    pub(super) fn keeps_all_alone(&self) -> bool {
        self.kept_alone == self.all
    }
}
