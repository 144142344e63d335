//! What a run of letters is made of, counted in one go, so that most questions about it are answered
//! without another look at its bytes. It judges nothing.

use super::{
    block::{Bits, LANES, count, has_fourteen, has_ten, places},
    formats::may_begin,
};

/// Letters and signs of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Grain {
    pub(super) digits: usize,
    /// Capitals right behind small letters.
    pub(super) turns: usize,
    /// Whether it begins like a format, or a word in it does.
    pub(super) begins: bool,
    /// Whether ten letters, digits and `+` stand in a row, as in what is drawn.
    pub(super) has_stretch: bool,
    /// Of a run of one block, the bytes before which words that are drawn end.
    pub(super) ends: u64,
    /// Whether there may be so many bytes in a row, none of them a letter, as a number of a card has.
    pub(super) is_number: bool,
    /// All sorts of bytes in it but digits.
    all: u16,
}

pub(super) const EQUALS: u16 = 1 << 3;
pub(super) const COLON: u16 = 1 << 4;
pub(super) const SLASH: u16 = 1 << 5;
pub(super) const AT: u16 = 1 << 6;
pub(super) const QUESTION: u16 = 1 << 7;
pub(super) const PLUS: u16 = 1 << 8;
pub(super) const TILDE: u16 = 1 << 9;
pub(super) const DOT: u16 = 1 << 10;
pub(super) const HYPHEN: u16 = 1 << 11;
/// Of the letters of tokens that is `_`.
pub(super) const OTHER: u16 = 1 << 12;
const LETTER: u16 = 1 << 13;
const DIGIT: u16 = 0;
/// Letters in a row that are a stretch.
pub(super) const STRETCH: usize = 10;
/// Bytes of a run that is looked at by what is not in it.
const LONG: usize = 2048;
/// What words of a run begin behind.
const STARTS: u16 = EQUALS | COLON | AT | QUESTION | SLASH | PLUS | TILDE;

const SORTS: [u16; 256] = {
    let mut table = [OTHER; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        #[expect(
            clippy::indexing_slicing,
            clippy::cast_possible_truncation,
            reason = "made while compiling, of numbers below 256"
        )]
        {
            table[byte] = match byte as u8 {
                b'a'..=b'z' | b'A'..=b'Z' => LETTER,
                b'0'..=b'9' => DIGIT,
                b'=' => EQUALS,
                b':' => COLON,
                b'/' => SLASH,
                b'@' => AT,
                b'?' => QUESTION,
                b'+' => PLUS,
                b'~' => TILDE,
                b'.' => DOT,
                b'-' => HYPHEN,
                _ => OTHER,
            };
        }
        byte += 1;
    }
    table
};

impl Grain {
    pub(super) fn of(run: &[u8]) -> Self {
        if run.len() >= LONG
            && let Some(grain) = Self::of_base64(run)
        {
            return grain;
        }
        if run.len() <= LANES {
            return Self::of_bits(run, Bits::of_short(run));
        }
        let mut grain = Self {
            begins: may_begin(run),
            is_number: true,
            ..Self::default()
        };
        let (mut before, mut stretch) = (b'-', 0);
        for (at, byte) in run.iter().enumerate() {
            let sort = sort(*byte);
            grain.all |= sort;
            grain.digits += usize::from(byte.is_ascii_digit());
            grain.turns += usize::from(before.is_ascii_lowercase() && byte.is_ascii_uppercase());
            if sort & STARTS != 0 {
                grain.begins |= may_begin(run.get(at + 1..).unwrap_or_default());
            }
            stretch = if sort & !(LETTER | PLUS) == 0 {
                stretch + 1
            } else {
                0
            };
            grain.has_stretch |= stretch >= STRETCH;
            before = *byte;
        }
        grain
    }

    /// The same of a run of at most one block whose bytes are known, with more behind them.
    pub(super) fn of_bits(run: &[u8], bits: Bits) -> Self {
        let bits = bits.first(run.len());
        let odd = bits.odd(run.len());
        let (mut all, mut ends, mut starts, mut plus) = (0, 0, 0, 0);
        for at in places(odd) {
            let sort = run.get(at).map_or(0, |byte| sort(*byte));
            let bit = |sorts: u16| u64::from(sort & sorts != 0) << at;
            all |= sort;
            ends |= bit(ENDS);
            starts |= bit(STARTS);
            plus |= bit(PLUS);
        }
        let begins = |at: usize| may_begin(run.get(at + 1..).unwrap_or_default());
        Self {
            digits: count(bits.digits),
            turns: if bits.upper == 0 {
                0
            } else {
                count(bits.upper & bits.lower() << 1)
            },
            begins: may_begin(run) || places(starts).any(begins),
            has_stretch: has_ten(bits.letters | bits.digits | plus),
            ends,
            is_number: has_fourteen(bits.digits | odd),
            all: all | if bits.letters == 0 { 0 } else { LETTER },
        }
    }

    /// Of a long run that is base64, as pictures are: nobody asks how many of what are in it. None of any
    /// other.
    fn of_base64(run: &[u8]) -> Option<Self> {
        let padding = run.iter().rev().take_while(|byte| **byte == b'=').count();
        let body = run.get(..run.len() - padding)?;
        let is_other = memchr::memchr3(b'=', b':', b'@', body).is_some()
            || memchr::memchr3(b'?', b'~', b'.', body).is_some()
            || memchr::memchr2(b'-', b'_', body).is_some();
        if is_other {
            return None;
        }
        let starts = memchr::memchr2_iter(b'/', b'+', body);
        let begins = |at: usize| may_begin(body.get(at + 1..).unwrap_or_default());
        Some(Self {
            digits: body.len() / 6,
            turns: body.len() / 6,
            begins: may_begin(body) || starts.into_iter().any(begins),
            has_stretch: true,
            ends: 0,
            is_number: true,
            all: LETTER | PLUS | SLASH,
        })
    }

    /// Whether words begin within it.
    pub(super) fn has_words(self) -> bool {
        self.has(STARTS)
    }

    /// Whether there is any of these.
    pub(super) fn has(self, sorts: u16) -> bool {
        self.all & sorts != 0
    }

    /// Whether there is nothing but these and digits.
    pub(super) fn is_digits_and(self, sorts: u16) -> bool {
        self.all & !sorts == 0
    }
}

/// What a word that is drawn ends before.
const ENDS: u16 = EQUALS | COLON | AT | QUESTION | TILDE | DOT;

/// Whether a word that is drawn ends there.
#[inline]
pub(super) fn ends_word(byte: u8) -> bool {
    sort(byte) & ENDS != 0
}

#[inline]
fn sort(byte: u8) -> u16 {
    SORTS.get(usize::from(byte)).copied().unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_run_is_counted() {
        let grain = Grain::of(b"aB3-cD4/7");
        assert_eq!((grain.digits, grain.turns), (3, 2));
        assert!(grain.has(SLASH) && grain.has(HYPHEN) && !grain.has(DOT | COLON));
        assert!(Grain::of(b"4111-1111").is_digits_and(HYPHEN));
        assert!(!Grain::of(b"4111-111a").is_digits_and(HYPHEN));
    }

    #[test]
    fn a_key_in_a_long_run_is_not_passed_over() {
        let data = "aGVsbG8gd29ybGQx".repeat(400);
        assert!(!Grain::of(format!("{data}==").as_bytes()).begins);
        for key in [
            "/ghp_0aB1cD2eF3",
            "=ghp_0aB1cD2eF3",
            ":sk-ant-0aB1",
            "+AKIAIOSFODNN7",
        ] {
            assert!(Grain::of(format!("{data}{key}").as_bytes()).begins, "{key}");
        }
    }
}
