//! What a run of letters is made of, counted in one go, so that most questions about it are answered
//! without another look at its bytes. It judges nothing.

use super::formats::may_begin;

/// Letters and signs of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Grain {
    pub(super) digits: usize,
    /// Capitals right behind small letters.
    pub(super) turns: usize,
    /// Letters, digits and `+` without another sign between them at most.
    pub(super) longest: usize,
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
        let (mut digits, mut turns, mut all) = (0, 0, 0);
        let (mut longest, mut stretch) = (0, 0);
        let (mut before, mut begins) = (0, may_begin(run));
        for (at, byte) in run.iter().enumerate() {
            let sort = SORTS.get(usize::from(*byte)).copied().unwrap_or(OTHER);
            all |= sort;
            digits += usize::from(sort >> 2 & 1);
            turns += usize::from(before & sort >> 1 & 1);
            if sort & (LOWER | UPPER | DIGIT | PLUS) == 0 {
                longest = stretch.max(longest);
                stretch = 0;
            } else {
                stretch += 1;
            }
            if before & STARTS != 0 {
                begins |= may_begin(run.get(at..).unwrap_or_default());
            }
            before = sort;
        }
        Self {
            digits,
            turns,
            longest: stretch.max(longest),
            begins,
            all,
        }
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
}
