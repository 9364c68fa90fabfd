//! Figures as people read them.

/// A number and what it counts, in the plural unless it is one.
pub fn count(n: impl ToString, noun: &str) -> String {
    let digits = grouped(n);
    let plural = if digits == "1" { "" } else { "s" };
    format!("{digits} {noun}{plural}")
}

/// The digits of a whole number in groups of three.
pub fn grouped(n: impl ToString) -> String {
    let digits = n.to_string();
    let mut groups = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            groups.push(',');
        }
        groups.push(digit);
    }
    groups
}
