//! Boolean queries: parsing them, and answering them by the library's algebra.
//!
//! ```text
//! query    = sequence { "|" sequence }
//! sequence = operand { ("&" | "-") operand }
//! operand  = word | "in:" path | "(" query ")"
//! ```
//!
//! A query is stored in postfix order, operands before their operator. Neither parsing nor
//! answering a query recurses, so parentheses may be nested to any depth.

use std::fmt;

use bytetrie::algebra::AlgebraicResult;

use crate::index::{Documents, Index, is_word};

/// A step of the evaluation. Each step leaves a set of documents on a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The documents that contain a term matching this pattern.
    Word(String),
    /// The documents whose path has this prefix.
    In(String),
    /// The combination of the last two sets.
    Combine(Operator),
}

/// An operator on two sets of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `&`
    And,
    /// `-`
    Without,
    /// `|`
    Or,
}

/// A parsed query: its steps in the order of evaluation.
#[derive(Debug)]
pub struct Query(pub Vec<Step>);

/// A syntax error in a query.
#[derive(Debug, PartialEq, Eq)]
pub struct Misread {
    /// The column, in characters; the first is 1.
    pub column: usize,
    /// The problem at this column.
    pub problem: String,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the query cannot be read at column {}: {}", self.column, self.problem)
    }
}

/// A token that waits until its right operand has been parsed.
enum Waiting {
    /// An open parenthesis, and its position.
    Open(usize),
    Operator(Operator),
}

impl Operator {
    fn of(c: char) -> Option<Self> {
        match c {
            '&' => Some(Self::And),
            '-' => Some(Self::Without),
            '|' => Some(Self::Or),
            _ => None,
        }
    }

    /// Returns true if this operator is applied before `right`: it binds tighter, or equally
    /// tight, being on the left.
    fn before(self, right: Self) -> bool {
        self != Self::Or || right == Self::Or
    }

    fn apply(self, left: &Documents, right: &Documents) -> Documents {
        match self {
            // The counts are added.
            Self::Or => left.join(right),
            // The smaller count is kept: the number of occurrences of both terms.
            Self::And => left.meet(right),
            // A difference of counts would keep a document that has more occurrences on the left
            // than on the right. Here the document is always removed.
            Self::Without => left.subtract_with(right, |_, _| AlgebraicResult::None),
        }
    }
}

impl Query {
    /// Parses a query.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let misread =
            |at: usize, problem: String| Err(Misread { column: text[..at].chars().count() + 1, problem });
        let mut steps = Vec::new();
        let mut waiting = Vec::new();
        // True if the text parsed so far is a query, so that an operator may follow.
        let mut whole = false;
        let mut rest = text.trim_start();
        while let Some(c) = rest.chars().next() {
            let at = text.len() - rest.len();
            let mut after = &rest[c.len_utf8()..];
            match (whole, c) {
                (false, '(') => waiting.push(Waiting::Open(at)),
                (false, _) => {
                    let Some((operand, len)) = operand(rest) else {
                        return misread(at, format!("a word is expected, not {c:?}"));
                    };
                    if operand == Step::In(String::new()) {
                        return misread(at + len, "a path is expected after `in:`".to_string());
                    }
                    steps.push(operand);
                    after = &rest[len..];
                    whole = true;
                }
                (true, ')') => loop {
                    match waiting.pop() {
                        Some(Waiting::Operator(operator)) => steps.push(Step::Combine(operator)),
                        Some(Waiting::Open(_)) => break,
                        None => return misread(at, "no parenthesis is open here".to_string()),
                    }
                },
                (true, _) => {
                    let Some(operator) = Operator::of(c) else {
                        return misread(at, format!("`&`, `|` or `-` is expected, not {c:?}"));
                    };
                    while let Some(&Waiting::Operator(left)) = waiting.last()
                        && left.before(operator)
                    {
                        steps.push(Step::Combine(left));
                        waiting.pop();
                    }
                    waiting.push(Waiting::Operator(operator));
                    whole = false;
                }
            }
            rest = after.trim_start();
        }
        if !whole {
            return misread(text.len(), "a word is expected, but the query ends".to_string());
        }
        while let Some(last) = waiting.pop() {
            match last {
                Waiting::Operator(operator) => steps.push(Step::Combine(operator)),
                Waiting::Open(at) => return misread(at, "this parenthesis is not closed".to_string()),
            }
        }
        Ok(Self(steps))
    }

    /// Returns the documents that match the query, each with a count. `|` adds counts, `&` keeps
    /// the smaller count, and `-` keeps the left count.
    pub fn answer(&self, index: &Index) -> Documents {
        let mut found: Vec<Documents> = Vec::new();
        for step in &self.0 {
            let documents = match step {
                Step::Word(pattern) => index.having(pattern),
                Step::In(beginning) => index.within(beginning.as_bytes()),
                Step::Combine(operator) => {
                    let (Some(right), Some(left)) = (found.pop(), found.pop()) else {
                        unreachable!("operands come before their operator")
                    };
                    operator.apply(&left, &right)
                }
            };
            found.push(documents);
        }
        found.pop().unwrap_or_default()
    }
}

/// Returns the operand that a text begins with, and its length.
fn operand(text: &str) -> Option<(Step, usize)> {
    if let Some(path) = text.strip_prefix("in:") {
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '&' | '|');
        let path = &path[..path.find(ends).unwrap_or(path.len())];
        return Some((Step::In(path.to_string()), "in:".len() + path.len()));
    }
    let mut len = text.find(|c| !is_word(c) && c != '?').unwrap_or(text.len());
    if text[len..].starts_with('*') {
        len += 1;
    }
    (len > 0).then(|| (Step::Word(text[..len].to_lowercase()), len))
}
