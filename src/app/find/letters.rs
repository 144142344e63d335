//! Which letters a name has, as bits: what lacks one of those that were typed is passed over without
//! being read. It rules out and never says that something fits.

use nucleo_matcher::chars::{normalize, to_lower_case};

/// Bits of the small letters, then of the digits; the rest share what is left of 64.
const SMALL: u32 = 26;
const DIGITS: u32 = 10;

/// The letters of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Letters(u64);

impl Letters {
    /// Those that are looked for, as they are spelled.
    pub fn typed(letters: impl Iterator<Item = char>) -> Self {
        Self(letters.fold(0, |all, letter| all | bit(letter)))
    }

    /// Those that may be found in a text: each also small and without its accent.
    pub fn of(text: &str) -> Self {
        let found = text.chars().map(|letter| match letter {
            _ if letter.is_ascii() => bit(letter) | bit(letter.to_ascii_lowercase()),
            _ => {
                let (small, plain) = (to_lower_case(letter), normalize(letter));
                bit(letter) | bit(small) | bit(plain) | bit(to_lower_case(plain))
            }
        });
        Self(found.fold(0, |all, bits| all | bits))
    }

    /// Whether all of these are among them, as far as bits can tell.
    pub fn have(self, typed: Self) -> bool {
        self.0 & typed.0 == typed.0
    }
}

fn bit(letter: char) -> u64 {
    let code = u32::from(letter);
    let place = match letter {
        'a'..='z' => code - u32::from('a'),
        '0'..='9' => SMALL + code - u32::from('0'),
        _ => SMALL + DIGITS + code % (u64::BITS - SMALL - DIGITS),
    };
    1 << place
}
