//! How bytes, values and numbers are spelt.

/// The most bytes of a label that are spelt out.
const BYTES: usize = 24;

/// The most characters of a value or a name.
const CHARACTERS: usize = 32;

/// Bytes in quotes: ASCII as it is, all else by number, so that no two look the same; or in
/// brackets, all by their `numbers`. Long ones are cut, and told so.
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

/// Text that may hold anything, on one line, and cut where it is long.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::new();
    for (i, character) in text.chars().enumerate() {
        if i == CHARACTERS {
            clean.push('…');
            break;
        }
        // What is no character of XML is not to be in any picture.
        let odd = character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}');
        clean.push(if odd { '\u{fffd}' } else { character });
    }
    clean
}

/// A number with its thousands apart.
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

/// "1 entry", "2 entries".
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}
