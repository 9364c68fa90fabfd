//! Figures as people read them.

/// A number and what it counts, in the plural unless it is one.
pub(crate) fn count(n: impl ToString, noun: &str) -> String {
    let digits = grouped(n);
    let plural = if digits == "1" { "" } else { "s" };
    format!("{digits} {noun}{plural}")
}

/// The digits of a whole number in groups of three.
pub(crate) fn grouped(n: impl ToString) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).unwrap_or_default()).collect();
    groups.join(",")
}
