//! Finds the few places of a text where a secret may be, fast enough to be asked for every byte that is
//! read: runs of the letters of which tokens are made, signs behind which a value is named, and groups
//! of digits. It finds too many rather than too few and judges nothing.

use super::block::{Bits, LANES, fifteens, filled, tokens};

/// No shape is shorter, apart from what a sign tells of.
pub(super) const SHORTEST: usize = 15;

/// A place worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::guard) enum Spot {
    /// A run of letters of tokens, from byte to byte, with something else on both sides.
    Run(usize, usize),
    /// A byte at which a name may end and a value begin, or at which a text was cut.
    Sign(usize),
    /// A byte in groups of digits with blanks between them.
    Digits(usize),
    /// The first byte of a credential in use.
    Own(usize),
}

impl Spot {
    /// The byte at which it begins.
    pub(in crate::guard) fn at(self) -> usize {
        match self {
            Self::Run(at, _) | Self::Sign(at) | Self::Digits(at) | Self::Own(at) => at,
        }
    }

    /// The same place in a part of the text that begins there; none before it.
    pub(super) fn within(self, base: usize) -> Option<Self> {
        let at = self.at().checked_sub(base)?;
        Some(match self {
            Self::Run(_, end) => Self::Run(at, end - base),
            Self::Sign(_) => Self::Sign(at),
            Self::Digits(_) => Self::Digits(at),
            Self::Own(_) => Self::Own(at),
        })
    }
}

/// Tells all of them: first the signs, then runs and digits, both in order. With `quotes`, a colon behind
/// a double quote is a sign too; in JSON that is every member. Behind a quote with a backslash it always
/// is: that is a member of JSON in a string. Of short runs it also tells what their bytes are.
pub(super) fn spots(text: &[u8], quotes: bool, mut tell: impl FnMut(Spot, Option<Bits>)) {
    signs(text, quotes, &mut |spot| tell(spot, None));
    runs(text, &mut tell);
}

/// The bytes of a block, and those around each that say whether it is a sign.
const WINDOW: usize = LANES + 3;

fn signs(text: &[u8], quotes: bool, tell: &mut impl FnMut(Spot)) {
    if text.len() < WINDOW {
        // as most texts of a screen are
        let byte = |at: usize| text.get(at).copied().unwrap_or(0);
        let quote = if quotes { b'"' } else { b'\'' };
        let is_sign =
            |at: &usize| sign(byte(at - 1), byte(*at), byte(at + 1), byte(at + 2), quote) != 0;
        (1..text.len())
            .filter(is_sign)
            .for_each(|at| tell(place(text, at)));
        return;
    }
    let mut at = 1;
    let rest = |at: usize| text.get(at - 1..).unwrap_or_default();
    while let Some(window) = rest(at).first_chunk::<WINDOW>() {
        let found = lanes(window, quotes);
        if found.iter().fold(0, |any, lane| any | lane) != 0 {
            some(text, &found, at, tell);
        }
        at += LANES;
    }
    // what is behind the text is no sign: a zero is none
    some(text, &lanes(&filled(rest(at)), quotes), at, tell);
}

fn some(text: &[u8], found: &[u8; LANES], at: usize, tell: &mut impl FnMut(Spot)) {
    let (words, _) = found.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let mut lanes = u64::from_le_bytes(*word);
        while lanes != 0 {
            tell(place(
                text,
                at + 8 * i + lanes.trailing_zeros() as usize / 8,
            ));
            lanes &= lanes - 1;
        }
    }
}

/// Where the sign is that was found at a byte: of `\":` it is the colon.
fn place(text: &[u8], at: usize) -> Spot {
    let escape = text.get(at) == Some(&b'\\');
    Spot::Sign(if escape { at + 2 } else { at })
}

/// Which bytes of a window but the first and the last two are signs. Without branches, so that many are
/// looked at at once.
#[inline]
fn lanes(window: &[u8; WINDOW], quotes: bool) -> [u8; LANES] {
    let part = |from: usize| window.get(from..from + LANES).unwrap_or_default();
    let quote = if quotes { b'"' } else { b'\'' };
    let mut found = [0; LANES];
    let four = part(0).iter().zip(part(1)).zip(part(2)).zip(part(3));
    for (found, (((a, b), c), d)) in found.iter_mut().zip(four) {
        *found = sign(*a, *b, *c, *d, quote);
    }
    found
}

/// Whether the second of four bytes is a sign.
#[inline]
fn sign(a: u8, b: u8, c: u8, d: u8, quote: u8) -> u8 {
    let is = u8::from;
    let letter = is((a | 0x20).wrapping_sub(b'a') < 26);
    let blank = is(a == b' ') | is(a == b'\t');
    let marked = is(a == b'\'') | is(a == b'`') | is(a == b'*') | is(a == quote);
    is(b == b'=')
        | (is(b == b':') & (letter | marked | blank))
        // `\"password\":`
        | (is(b == b'\\') & is(c == b'"') & is(d == b':'))
        // `password is`, `--password x`
        | (is(b | 0x20 == b'd') & is(a | 0x20 == b'r') & is(c == b' '))
        // `curl -u user:password`
        | (is(b == b'u') & is(a == b'-') & is(c == b' '))
        // `"--password"`, and `["password"` with white space or escaped
        | (is(b == b'"') & is(c == b'-') & is(d == b'-'))
        | (is(b == b'[') & (is(c < b'#') | is(c == b'\\')))
        // `bearer …`, `</password>`, `mysql -p…`, `identified by '…'`
        | (is(b | 0x20 == b'b') & is(c == b'e') & is(d == b'a'))
        | (is(b == b'<') & is(c == b'/'))
        | (is(b == b'p') & is(a == b'-'))
        | (is(b == b'\'') & is(a == b' '))
        // `-----BEGIN`
        | (is(b == b'-') & is(c == b'B') & is(d == b'E'))
        // `…` and `...`
        | (is(a == 0xE2) & is(b == 0x80) & is(c == 0xA6))
        | (is(b == b'.') & is(c == b'.') & is(d == b'.'))
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// The high bit of a zero byte; there may be more above it.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}

/// Whether every byte may be one of a token, as far as its height tells.
fn is_solid(word: u64) -> bool {
    let low = word.wrapping_sub(ONES * 0x2B) & !word & (ONES << 7);
    (word & (ONES << 7)) | low | zeros(word ^ (ONES * u64::from(b','))) == 0
}

/// Whether it is digits with a blank or two between.
fn is_digits(word: u64) -> bool {
    word & (ONES * 0x40) == 0
        && word & (ONES * 0x20) == ONES * 0x20
        && (word & (ONES * 0x10)).count_ones() >= 6
        && zeros(word ^ (ONES * 0x20)) != 0
}

fn runs(text: &[u8], tell: &mut impl FnMut(Spot, Option<Bits>)) {
    let (blocks, rest) = text.as_chunks::<LANES>();
    // what is behind the text ends a run
    let last = filled(rest);
    let mut open = None;
    // the block before, if only its end may be part of a run
    let mut passed = None;
    for (i, block) in blocks.iter().chain([&last]).enumerate() {
        let (at, is_solid) = (i * LANES, look_at(block, i * LANES, tell));
        if let Some(before) = passed.filter(|_| is_solid) {
            open = open_at_end(before, tokens(before), at, None);
        }
        if is_solid || open.is_some() {
            in_block(block, at, &mut open, tell);
        }
        passed = (!is_solid).then_some(block);
        if !is_solid {
            open = None;
        }
    }
}

/// A run that goes on at the end of a block.
struct Open<'t> {
    start: usize,
    /// The block, if the run begins in it.
    block: Option<&'t [u8; LANES]>,
    /// What its bytes are, if that is known.
    bits: Option<Bits>,
}

/// The run that goes on behind a block, which ends there.
fn open_at_end(
    block: &[u8; LANES],
    tokens: u64,
    end: usize,
    bits: Option<Bits>,
) -> Option<Open<'_>> {
    let tail = tokens.leading_ones() as usize;
    (tail > 0).then(|| Open {
        start: end - tail,
        block: Some(block),
        bits,
    })
}

/// Tells the digits in a block, and says whether there may be eight bytes of a token in a row that begin
/// where those of a long run do.
#[inline]
fn look_at(block: &[u8; LANES], at: usize, tell: &mut impl FnMut(Spot, Option<Bits>)) -> bool {
    let (words, _) = block.as_chunks::<8>();
    let mut found = false;
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        found |= is_solid(word);
        if is_digits(word) {
            tell(Spot::Digits(at + 8 * i), None);
        }
    }
    found
}

/// The runs that end in a block.
fn in_block<'t>(
    bytes: &'t [u8; LANES],
    at: usize,
    open: &mut Option<Open<'t>>,
    tell: &mut impl FnMut(Spot, Option<Bits>),
) {
    let tokens = tokens(bytes);
    let mut starts = fifteens(tokens);
    let mut own = None;
    let mut bits = || *own.get_or_insert_with(|| Bits::of(bytes));
    if let Some(before) = open {
        let more = tokens.trailing_ones();
        if more == u64::BITS {
            before.block = None;
            return;
        }
        let end = at + more as usize;
        if end - before.start >= SHORTEST {
            let bits = before.bits(at, end, &mut bits);
            tell(Spot::Run(before.start, end), bits);
        }
        starts &= u64::MAX << more;
    }
    while starts != 0 {
        let start = starts.trailing_zeros();
        let end = start + (tokens >> start).trailing_ones();
        if end == u64::BITS {
            break;
        }
        let (from, to) = (start as usize, end as usize);
        tell(Spot::Run(at + from, at + to), Some(bits().from(from)));
        starts &= u64::MAX << end;
    }
    *open = open_at_end(bytes, tokens, at + LANES, own);
}

impl Open<'_> {
    /// What the bytes of a run are that ends there, in the block behind, if there are not too many.
    fn bits(&self, at: usize, end: usize, behind: &mut impl FnMut() -> Bits) -> Option<Bits> {
        let block = self.block?;
        let left = at - self.start;
        if end - self.start >= LANES {
            return None;
        }
        let bits = self.bits.unwrap_or_else(|| Bits::of(block));
        let bits = bits.from(LANES - left);
        Some(if end > at {
            bits.joined(behind(), left)
        } else {
            bits
        })
    }
}

/// Whether tokens are made of it.
pub(super) fn is_token(byte: u8) -> bool {
    TOKEN.get(usize::from(byte)).copied().unwrap_or(false)
}

const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        #[expect(
            clippy::indexing_slicing,
            clippy::cast_possible_truncation,
            reason = "made while compiling, of numbers below 256"
        )]
        {
            table[byte] = matches!(byte as u8, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z'
                | b'-' | b'_' | b'.' | b'/' | b'=' | b':' | b'@' | b'~' | b'+' | b'?');
        }
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &[u8]) -> Vec<Spot> {
        let mut found = Vec::new();
        spots(text, false, |spot, bits| {
            if let (Spot::Run(start, end), Some(bits)) = (spot, bits) {
                let own = Bits::of_short(&text[start..end]);
                assert_eq!(bits.first(end - start), own);
            }
            found.push(spot);
        });
        found
    }

    #[test]
    fn digits_in_groups_are_found_wherever_they_begin() {
        for before in 0..20 {
            let text = format!("{}4111 1111 1111 1111 x", "- ".repeat(before));
            let some = found(text.as_bytes());
            assert!(
                some.iter().any(|spot| matches!(spot, Spot::Digits(_))),
                "{before}"
            );
        }
        assert!(found(&[b' '; 64]).is_empty());
    }

    proptest! {
        #[test]
        fn runs_are_those_that_a_plain_search_finds(text in "[a-z0-9 ,\"]{0,90}[a-zA-Z0-9_=]{0,200}[ .,\"é]{0,9}[a-z:/]{0,90}") {
            let runs = found(text.as_bytes()).into_iter().filter_map(|spot| match spot {
                Spot::Run(start, end) => Some((start, end)),
                _ => None,
            });
            let mut at = 0;
            let mut plain = Vec::new();
            for piece in text.as_bytes().split(|byte| !is_token(*byte)) {
                if piece.len() >= SHORTEST {
                    plain.push((at, at + piece.len()));
                }
                at += piece.len() + 1;
            }
            prop_assert_eq!(runs.collect::<Vec<_>>(), plain);
        }

        #[test]
        fn signs_are_found_at_any_place(before in "[a-z ]{0,150}", behind in "[a-z ]{0,90}") {
            let text = format!("{before}=x{behind}");
            let at = before.len();
            prop_assert!(at == 0 || found(text.as_bytes()).contains(&Spot::Sign(at)));
        }
    }
}
