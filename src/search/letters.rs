//! UTF-8 decoding, one byte at a time.

/// The bytes read of an incomplete character: their number, and then the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Partial([u8; 4]);

/// The result of adding a byte to a [`Partial`].
pub(super) enum Taken {
    /// The character is incomplete.
    More(Partial),
    /// The character is complete.
    Letter(u32),
    /// No character has these bytes.
    Invalid,
}

impl Partial {
    /// No bytes.
    pub(super) const NONE: Self = Self([0; 4]);

    #[inline]
    pub(super) fn is_none(self) -> bool {
        self.0[0] == 0
    }

    /// Adds a byte. ASCII is decoded too, although callers mostly check for it first.
    pub(super) fn take(self, byte: u8) -> Taken {
        let mut next = self.0;
        let [count, first, ..] = &mut next;
        if *count == 0 {
            return match byte {
                0..0x80 => Taken::Letter(byte.into()),
                0xc2..=0xf4 => {
                    (*count, *first) = (1, byte);
                    Taken::More(Self(next))
                }
                _ => Taken::Invalid,
            };
        }
        if byte & 0xc0 != 0x80 {
            return Taken::Invalid;
        }
        let (count, len) = (*count as usize + 1, 2 + (*first >= 0xe0) as usize + (*first >= 0xf0) as usize);
        if count < len {
            next[0] = count as u8;
            next[count] = byte;
            return Taken::More(Self(next));
        }
        let mut bytes = [0; 4];
        bytes[..count - 1].copy_from_slice(&self.0[1..count]);
        bytes[count - 1] = byte;
        let letter = std::str::from_utf8(&bytes[..count]).ok().and_then(|text| text.chars().next());
        letter.map_or(Taken::Invalid, |letter| Taken::Letter(letter.into()))
    }
}
