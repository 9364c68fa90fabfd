//! What is left of an expression where some operands are empty, or some are equal.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::formula::Step;
use super::operator::{Operator, OperatorKind, PairWalk};

/// Reduces steps. `operand` returns the new number of an operand, or `None` if it is empty. The
/// result has no step if the expression is empty.
///
/// The results of reduced and of unreduced steps are equal, including their dangling paths.
pub(super) fn reduce<V>(steps: &[Step<V>], operand: impl Fn(u8) -> Option<u8>) -> Vec<Step<V>> {
    let mut reduced = Vec::with_capacity(steps.len());
    // Where the steps of each part begin. An empty part has no steps.
    let mut starts = Vec::new();
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

/// The rest of an expression without its absent operands; the others are numbered from 0 on.
pub(super) struct Residual<V> {
    pub(super) steps: Box<[Step<V>]>,
    pub(super) shape: ResidualShape<V>,
    /// The operands without which the expression is empty.
    pub(super) required: u64,
    /// The operands that are the result if all others are empty.
    pub(super) kept_alone: u64,
    /// The operands with which the result is empty if all others are.
    pub(super) dropped_alone: u64,
    /// Whether a path that dangles in all operands dangles in the result.
    pub(super) keeps_tips: bool,
    all: u64,
    /// The residuals for each mask of the operands, if there are few; [`UNKNOWN`] if not known yet.
    among: Vec<Reduced>,
}

/// The maximum number of operands of a residual with a table of its own.
const TABLE: u32 = 10;

/// A residual that is not known yet.
const UNKNOWN: Reduced = Reduced { number: u32::MAX, used: 0 };

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
/// The number of the residual that is its only operand.
pub(super) const ONE: u32 = 1;

/// The residual for some operands of another one.
#[derive(Clone, Copy)]
pub(super) struct Reduced {
    pub(super) number: u32,
    /// The operands on which it depends, as a mask of those of the other residual.
    pub(super) used: u64,
}

/// A question to [`Residuals`], and its answer.
#[derive(Clone, Copy)]
struct Answered {
    of: u32,
    united: bool,
    operands: u64,
    reduced: Reduced,
}

/// All residuals of an expression that a walk has met.
pub(super) struct Residuals<V> {
    all: Vec<Residual<V>>,
    numbers: HashMap<Vec<(u8, OperatorKind)>, u32, BuildHasherDefault<StepHasher>>,
    /// The last answers, each in the place that its question leads to.
    answers: Vec<Option<Answered>>,
}

/// A fast hasher for short lists of steps.
#[derive(Default)]
struct StepHasher(u64);

impl Hasher for StepHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }
    fn write_u8(&mut self, number: u8) {
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

/// The number of answers that are remembered.
const ANSWERS: usize = 256;

impl<V> Residuals<V> {
    pub(super) fn new() -> Self {
        let mut residuals = Self { all: Vec::new(), numbers: HashMap::default(), answers: Vec::new() };
        let [empty, one] = [vec![], vec![Step::Operand(0)]].map(|steps| residuals.number(steps));
        debug_assert_eq!([empty.number, one.number], [EMPTY, ONE]);
        residuals
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> &Residual<V> {
        &self.all[number as usize]
    }

    /// Returns the residual of an expression in which only the operands in `present` are not
    /// empty.
    pub(super) fn of(&mut self, steps: &[Step<V>], present: u64) -> Reduced {
        self.number(reduce(steps, |operand| (present >> operand & 1 != 0).then_some(operand)))
    }

    /// Returns the residual of another in which only the operands in `present` are not empty.
    #[inline]
    pub(super) fn among(&mut self, of: u32, present: u64) -> Reduced {
        let residual = self.get(of);
        if present == residual.all {
            return Reduced { number: of, used: present };
        }
        match residual.among.get(present as usize) {
            Some(reduced) if reduced.number != UNKNOWN.number => *reduced,
            _ if residual.all >> TABLE == 0 => self.fill(of, present),
            _ => self.answer(of, present, false),
        }
    }

    #[cold]
    fn fill(&mut self, of: u32, present: u64) -> Reduced {
        let reduced = self.reduce(of, present, false);
        let Residual { among, all, .. } = &mut self.all[of as usize];
        among.resize(*all as usize, UNKNOWN);
        among[present as usize] = reduced;
        reduced
    }

    /// Returns the residual of another in which the operands in `equal` are equal. It uses only
    /// the first of them.
    pub(super) fn unite(&mut self, of: u32, equal: u64) -> Reduced {
        self.answer(of, equal, true)
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

    #[inline]
    fn answer(&mut self, of: u32, operands: u64, united: bool) -> Reduced {
        let mixed = (operands ^ u64::from(of) << 32 ^ u64::from(united)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = (mixed >> 56) as usize;
        match self.answers.get(place) {
            Some(Some(known)) if (known.of, known.united, known.operands) == (of, united, operands) => {
                known.reduced
            }
            _ => {
                let reduced = self.reduce(of, operands, united);
                self.answers.resize(ANSWERS, None);
                self.answers[place] = Some(Answered { of, united, operands, reduced });
                reduced
            }
        }
    }

    #[cold]
    fn reduce(&mut self, of: u32, operands: u64, united: bool) -> Reduced {
        let steps = &self.get(of).steps;
        let in_mask = |operand: u8| operands >> operand & 1 != 0;
        let steps = match united {
            false => reduce(steps, |operand| in_mask(operand).then_some(operand)),
            true => {
                let first = operands.trailing_zeros() as u8;
                reduce(steps, |operand| Some(if in_mask(operand) { first } else { operand }))
            }
        };
        self.number(steps)
    }

    /// Returns the residual with these steps, which are reduced. Its operands are numbered anew.
    fn number(&mut self, mut steps: Vec<Step<V>>) -> Reduced {
        let used = steps.iter().fold(0, |used, step| match step {
            Step::Operand(operand) => used | 1u64 << operand,
            _ => used,
        });
        for step in &mut steps {
            if let Step::Operand(operand) = step {
                *operand = (used & ((1u64 << *operand) - 1)).count_ones() as u8;
            }
        }
        let code = |step: &Step<V>| match step {
            Step::Operand(operand) => (*operand, OperatorKind::Join),
            Step::Empty => unreachable!("reduced steps have no empty part"),
            Step::Apply(operator) => (u8::MAX, operator.kind),
        };
        let next = self.all.len() as u32;
        let number = *self.numbers.entry(steps.iter().map(code).collect()).or_insert(next);
        if number == next {
            self.all.push(Residual::new(steps, used.count_ones()));
        }
        Reduced { number, used }
    }
}

/// Returns whether the steps are meets and differences of operands in ascending order, from left
/// to right.
fn is_chain<V>(steps: &[Step<V>]) -> bool {
    let is_operand = |step: &Step<V>, number: usize| *step == Step::Operand(number as u8);
    let shrinks = |step: &Step<V>| {
        let kinds = [OperatorKind::Meet, OperatorKind::Subtract];
        matches!(step, Step::Apply(operator) if kinds.contains(&operator.kind))
    };
    let links = steps[1..].chunks(2).enumerate();
    is_operand(&steps[0], 0)
        && links.into_iter().all(|(i, link)| {
            matches!(link, [operand, operator] if is_operand(operand, i + 1) && shrinks(operator))
        })
}

impl<V> Residual<V> {
    fn new(steps: Vec<Step<V>>, operands: u32) -> Self {
        let all = if operands == 64 { !0 } else { (1 << operands) - 1 };
        let shape = match steps[..] {
            [] => ResidualShape::Empty,
            [Step::Operand(_)] => ResidualShape::One,
            [Step::Operand(x), Step::Operand(y), Step::Apply(operator)] if x != y => {
                ResidualShape::Pair(operator.pair, x > y)
            }
            _ if is_chain(&steps) => ResidualShape::Chain,
            _ => ResidualShape::Many,
        };
        // Bit i of the word of operand j is false iff i is j. So bit i of the result is false if
        // the expression is empty without operand i.
        let without = |operand: u8| !(1 << operand);
        let required = all & !words(&steps, without, |left, _| left);
        // With one operand that occurs once, nothing is combined, so the result is this operand or
        // empty.
        let alone = words(&steps, |operand| 1 << operand, |left, _| left);
        let is_operand = |step: &&Step<V>| matches!(step, Step::Operand(_));
        let once = steps.iter().filter(is_operand).count() == operands as usize;
        let kept_alone = if once { alone } else { 0 };
        let keeps_tips = words(&steps, |_| !0, |left, right| left & !right) != 0;
        let dropped_alone = all & !alone;
        let among = Vec::new();
        Self { steps: steps.into(), shape, required, kept_alone, dropped_alone, keeps_tips, all, among }
    }
}

/// Evaluates steps on words, bit by bit. `subtract` is the operation for differences; it is
/// applied to both sides of a symmetric difference. The word of an expression without steps is 0.
pub(crate) fn words<V>(
    steps: &[Step<V>],
    operand: impl Fn(u8) -> u64,
    subtract: impl Fn(u64, u64) -> u64,
) -> u64 {
    let mut stack: Vec<u64> = Vec::new();
    for step in steps {
        let word = match step {
            Step::Operand(number) => operand(*number),
            Step::Empty => 0,
            Step::Apply(Operator { kind: OperatorKind::AtLeast { count, of }, .. }) => {
                at_least_bits(stack.drain(stack.len() - of..), *count)
            }
            Step::Apply(operator) => {
                let right = stack.pop().expect("an operator has two operands");
                let left = stack.pop().expect("an operator has two operands");
                match operator.kind {
                    OperatorKind::Meet => left & right,
                    OperatorKind::Subtract => subtract(left, right),
                    OperatorKind::SymmetricDifference => subtract(left, right) | subtract(right, left),
                    _ => left | right,
                }
            }
        };
        stack.push(word);
    }
    stack.pop().unwrap_or(0)
}

/// Returns the bits that at least `count` of the words have; `count` is at least 1.
fn at_least_bits(words: impl Iterator<Item = u64>, count: usize) -> u64 {
    // The number of words that have each bit: the bits of these numbers, the lowest first.
    let mut sums: Vec<u64> = Vec::new();
    for word in words {
        let mut carry = word;
        for sum in &mut sums {
            (*sum, carry) = (*sum ^ carry, *sum & carry);
        }
        if carry != 0 {
            sums.push(carry);
        }
    }
    // Compares the numbers with `count`, from the highest bit on.
    let (mut greater, mut equal) = (0, !0);
    for bit in (0..usize::BITS).rev() {
        let sum = sums.get(bit as usize).copied().unwrap_or(0);
        if count >> bit & 1 == 0 {
            greater |= equal & sum;
            equal &= !sum;
        } else {
            equal &= sum;
        }
    }
    greater | equal
}
