//! The spelling of bytes, values and numbers.

/// The largest number of bytes that a label shows.
const BYTES: usize = 24;

/// The largest number of characters of a value or a name.
const CHARACTERS: usize = 32;

/// Returns bytes in quotes, with printable ASCII as text and other bytes as numbers, so that no
/// two byte strings look equal. With `numbers`, returns all bytes as numbers in brackets. Long
/// byte strings are cut, and their length is added.
pub(super) fn spell(bytes: &[u8], numbers: bool) -> String {
    let (shown, cut) = match bytes.len() {
        len if len > BYTES + 8 => (&bytes[..BYTES], true),
        _ => (bytes, false),
    };
    let mut text = if numbers { format!("{shown:?}") } else { quoted(shown) };
    if cut {
        text.push_str(&format!("… {} bytes", number(bytes.len())));
    }
    text
}

fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', byte as char]),
            b' '..=b'~' => text.push(byte as char),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text.push('"');
    text
}

/// Returns any text on one line, cut if it is long.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::new();
    for (i, character) in text.chars().enumerate() {
        if i == CHARACTERS {
            clean.push('…');
            break;
        }
        // Characters that XML does not allow are replaced in all pictures.
        let odd = character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}');
        clean.push(if odd { '\u{fffd}' } else { character });
    }
    clean
}

/// Returns a number with commas between the thousands.
pub(super) fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a number with its noun: "1 entry", "2 entries".
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}
