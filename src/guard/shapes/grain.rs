//! What a run of letters is made of, counted in one go, so that most questions about it are answered
//! without another look at its bytes. It judges nothing.

use super::formats::may_begin;

/// Letters and signs of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Grain {
    pub(super) digits: usize,
    /// Capitals right behind small letters.
    pub(super) turns: usize,
    /// Whether it begins like a format, or a word in it does.
    pub(super) begins: bool,
    /// All sorts of bytes in it.
    all: u16,
}

const LOWER: u16 = 1;
const UPPER: u16 = 1 << 1;
const DIGIT: u16 = 1 << 2;
pub(super) const EQUALS: u16 = 1 << 3;
pub(super) const COLON: u16 = 1 << 4;
pub(super) const SLASH: u16 = 1 << 5;
pub(super) const AT: u16 = 1 << 6;
pub(super) const QUESTION: u16 = 1 << 7;
pub(super) const PLUS: u16 = 1 << 8;
pub(super) const TILDE: u16 = 1 << 9;
pub(super) const DOT: u16 = 1 << 10;
pub(super) const HYPHEN: u16 = 1 << 11;
const OTHER: u16 = 1 << 12;
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
                b'a'..=b'z' => LOWER,
                b'A'..=b'Z' => UPPER,
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
        let (mut digits, mut turns, mut all) = (0, 0, 0);
        let (mut before, mut begins) = (0, may_begin(run));
        for (at, byte) in run.iter().enumerate() {
            let sort = sort(*byte);
            all |= sort;
            digits += usize::from(sort >> 2 & 1);
            turns += usize::from(before & sort >> 1 & 1);
            if before & STARTS != 0 {
                begins |= may_begin(run.get(at..).unwrap_or_default());
            }
            before = sort;
        }
        Self {
            digits,
            turns,
            begins,
            all,
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
            all: LOWER | UPPER | DIGIT | PLUS | SLASH,
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
        self.all & !(DIGIT | sorts) == 0
    }
}

/// Whether a word that is drawn ends there.
#[inline]
pub(super) fn ends_word(byte: u8) -> bool {
    sort(byte) & (EQUALS | COLON | AT | QUESTION | TILDE | DOT) != 0
}

/// Whether so many letters, digits and `+` stand in a row.
pub(super) fn has_stretch(run: &[u8], least: usize) -> bool {
    let mut stretch = 0;
    run.iter().any(|byte| {
        let goes_on = sort(*byte) & (LOWER | UPPER | DIGIT | PLUS) != 0;
        stretch = if goes_on { stretch + 1 } else { 0 };
        stretch >= least
    })
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
