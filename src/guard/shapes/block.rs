//! Sixty-four bytes looked at at once: a bit for each byte that is of some sort, so that runs of letters are
//! found, measured and counted without a look at each byte. It knows no words.

/// Bytes of a block.
pub(super) const LANES: usize = 64;

/// Which bytes of a block, or of a run of no more bytes, are letters and digits: the first has the lowest
/// bit. What is behind the end is neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    pub(super) letters: u64,
    pub(super) upper: u64,
    pub(super) digits: u64,
}

/// The bytes of a block of which tokens are made.
#[inline]
pub(super) fn tokens(block: &[u8; LANES]) -> u64 {
    gathered(&each(block, |byte| {
        letter(byte)
            // `-./0123456789:`
            | within(byte, b'-', b':')
            | within(byte, b'?', b'@')
            | u8::from(byte == b'=')
            | u8::from(byte == b'_')
            | u8::from(byte == b'~')
            | u8::from(byte == b'+')
    }))
}

/// Looked at without branches, so that many bytes are at once.
#[inline]
fn each(block: &[u8; LANES], of: impl Fn(u8) -> u8) -> [u8; LANES] {
    let mut lanes = [0; LANES];
    for (lane, byte) in lanes.iter_mut().zip(block) {
        *lane = of(*byte);
    }
    lanes
}

#[inline]
fn letter(byte: u8) -> u8 {
    within(byte | 0x20, b'a', b'z')
}

#[inline]
fn within(byte: u8, first: u8, last: u8) -> u8 {
    u8::from(byte.wrapping_sub(first) <= last - first)
}

const GATHER: u64 = 0x0102_0408_1020_4080;

/// The bytes of a block, each of them 0 or 1, as bits.
#[inline]
fn gathered(lanes: &[u8; LANES]) -> u64 {
    let (words, _) = lanes.as_chunks::<8>();
    let bits = |word: &[u8; 8]| u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56;
    let words = words.iter().enumerate();
    words.fold(0, |all, (i, word)| all | bits(word) << (8 * i))
}

impl Bits {
    #[inline]
    pub(super) fn of(block: &[u8; LANES]) -> Self {
        Self {
            letters: gathered(&each(block, letter)),
            upper: gathered(&each(block, |byte| within(byte, b'A', b'Z'))),
            digits: gathered(&each(block, |byte| within(byte, b'0', b'9'))),
        }
    }

    /// Of a text that is no longer than a block.
    pub(super) fn of_short(text: &[u8]) -> Self {
        Self::of(&filled(text))
    }

    /// Of bytes that begin so many later.
    #[inline]
    pub(super) fn from(self, start: usize) -> Self {
        self.each(|bits| bits >> start)
    }

    /// The same with those of the block behind, which begin so many later; none for all.
    #[inline]
    pub(super) fn joined(self, later: Self, start: usize) -> Self {
        Self {
            letters: self.letters | later.letters << start,
            upper: self.upper | later.upper << start,
            digits: self.digits | later.digits << start,
        }
    }

    /// Of no more than so many bytes.
    #[inline]
    pub(super) fn first(self, len: usize) -> Self {
        let inside = inside(len);
        self.each(|bits| bits & inside)
    }

    #[inline]
    fn each(self, of: impl Fn(u64) -> u64) -> Self {
        Self {
            letters: of(self.letters),
            upper: of(self.upper),
            digits: of(self.digits),
        }
    }

    /// The small letters.
    #[inline]
    pub(super) fn lower(self) -> u64 {
        self.letters & !self.upper
    }

    /// Those of so many bytes that are neither letters nor digits.
    #[inline]
    pub(super) fn odd(self, len: usize) -> u64 {
        !(self.letters | self.digits) & inside(len)
    }
}

fn inside(len: usize) -> u64 {
    match LANES.checked_sub(len) {
        Some(left) if left < LANES => u64::MAX >> left,
        Some(_) => 0,
        None => u64::MAX,
    }
}

/// How many bits are set.
#[inline]
pub(super) fn count(bits: u64) -> usize {
    bits.count_ones() as usize
}

/// The bits from which on eight are set.
#[inline]
fn eights(bits: u64) -> u64 {
    let two = bits & bits >> 1;
    let four = two & two >> 2;
    four & four >> 4
}

/// Whether ten bits in a row are set.
#[inline]
pub(super) fn has_ten(bits: u64) -> bool {
    let eights = eights(bits);
    eights & eights >> 2 != 0
}

/// Whether 14 bits in a row are set.
#[inline]
pub(super) fn has_fourteen(bits: u64) -> bool {
    let eights = eights(bits);
    eights & eights >> 6 != 0
}

/// The bits from which on 15 are set.
#[inline]
pub(super) fn fifteens(bits: u64) -> u64 {
    let eights = eights(bits);
    eights & eights >> 7
}

/// Where bits are set.
#[inline]
pub(super) fn places(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        place
    })
}

/// The beginning of a text, with zeros behind its end.
pub(super) fn filled<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut filled = [0; N];
    let len = text.len().min(N);
    if let (Some(to), Some(from)) = (filled.get_mut(..len), text.get(..len)) {
        to.copy_from_slice(from);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::super::scout::is_token;
    use super::*;

    #[test]
    fn every_byte_is_told_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in [0, 7, 8, 30, 63] {
                let mut text = [b' '; LANES];
                text[place] = byte;
                let bit = |is: bool| u64::from(is) << place;
                assert_eq!(tokens(&text), bit(is_token(byte)), "{byte}");
                let bits = Bits::of(&text);
                assert_eq!(bits.letters, bit(byte.is_ascii_alphabetic()), "{byte}");
                assert_eq!(bits.upper, bit(byte.is_ascii_uppercase()), "{byte}");
                assert_eq!(bits.lower(), bit(byte.is_ascii_lowercase()), "{byte}");
                assert_eq!(bits.digits, bit(byte.is_ascii_digit()), "{byte}");
                assert_eq!(bits.odd(64), !(bits.letters | bits.digits), "{byte}");
            }
        }
    }

    #[test]
    fn parts_are_those_of_the_part() {
        let text = b"aB1-".repeat(16);
        let bits = Bits::of_short(&text);
        let part = Bits::of_short(&text[5..9]);
        assert_eq!(bits.from(5).first(4), part);
        let (left, right) = (&text[..30], &text[30..60]);
        let joined = Bits::of_short(left);
        let joined = joined.joined(Bits::of_short(right), 30);
        assert_eq!(joined, bits.first(60));
        assert_eq!(places(bits.odd(9)).collect::<Vec<_>>(), [3, 7]);
        assert_eq!((bits.odd(0), count(bits.upper)), (0, 16));
        assert!(has_ten(0x3FF << 54) && !has_ten(0x1FF << 54 | 0x1FF));
        assert!(has_fourteen(0x3FFF << 50) && !has_fourteen(0x1FFF << 50 | 0xFFF));
        assert_eq!(fifteens(0xFFFF << 12 | 0x3FF), 3 << 12);
    }
}
