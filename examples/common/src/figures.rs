//! Numbers formatted for people.

/// Formats a number and a noun, in the plural unless the number is one.
pub fn count(n: impl ToString, noun: &str) -> String {
    let digits = grouped(n);
    let plural = if digits == "1" { "" } else { "s" };
    format!("{digits} {noun}{plural}")
}

/// Formats a whole number with its digits in groups of three.
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
