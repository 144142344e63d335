//! Whether letters look like those of words or like drawn lots: by the pairs of letters that words are
//! made of, and by what stands for bytes. It knows nothing of secrets.

use super::block::{Bits, LANES, count};

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
static PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
static URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// For each letter, those that often follow it in words and names; of all pairs of letters a quarter, of
/// the pairs in words four fifths.
const FOLLOW: [&[u8]; 26] = [
    b"bcdgilmnprstuy",
    b"aeilou",
    b"acefhiklortu",
    b"aeiors",
    b"acdefglmnprstvx",
    b"aefilo",
    b"aehir",
    b"aeio",
    b"abcdefglmnoprstvz",
    b"",
    b"e",
    b"adeilostuy",
    b"aeiopu",
    b"acdefgiostu",
    b"cdlmnoprstuvw",
    b"aeiloprst",
    b"u",
    b"acdeimorstuy",
    b"acehiopstuy",
    b"acehilorstuy",
    b"abceilmnprst",
    b"aei",
    b"ai",
    b"",
    b"p",
    b"e",
];

const PAIRS: [u32; 26] = {
    let mut table = [0; 26];
    let mut letter = 0;
    while letter < 26 {
        #[expect(clippy::indexing_slicing, reason = "made while compiling")]
        {
            let mut i = 0;
            while i < FOLLOW[letter].len() {
                table[letter] |= 1 << (FOLLOW[letter][i] - b'a');
                i += 1;
            }
        }
        letter += 1;
    }
    table
};

/// What a run of letters and digits is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mix<'r> {
    run: &'r [u8],
    pub(super) lower: usize,
    pub(super) upper: usize,
    pub(super) digits: usize,
    /// Changes between small letters, capitals, digits and anything else.
    changes: usize,
}

impl<'r> Mix<'r> {
    pub(super) fn of(run: &'r [u8]) -> Self {
        let mut mix = Self::empty(run);
        let mut before = [0; 4];
        for part in run.chunks(LANES) {
            before = mix.add(part.len(), Bits::of_short(part), before);
        }
        mix
    }

    /// The same of a run of at most 64 bytes that are known, with more behind them.
    pub(super) fn of_bits(run: &'r [u8], bits: Bits) -> Self {
        let mut mix = Self::empty(run);
        mix.add(run.len(), bits.first(run.len()), [0; 4]);
        mix
    }

    fn empty(run: &'r [u8]) -> Self {
        Self {
            run,
            lower: 0,
            upper: 0,
            digits: 0,
            changes: 0,
        }
    }

    /// Adds so many bytes, with what the last one before them was; gives what the last of them is.
    fn add(&mut self, len: usize, bits: Bits, before: [u64; 4]) -> [u64; 4] {
        let sorts = [bits.lower(), bits.upper, bits.digits, bits.odd(len)];
        let [lower, upper, digits, _] = sorts.map(count);
        self.lower += lower;
        self.upper += upper;
        self.digits += digits;
        let pairs = sorts.iter().zip(before);
        let same = pairs.fold(0, |same, (sort, before)| same | sort & (sort << 1 | before));
        // nothing changes with the first
        let is_first = before == [0; 4];
        self.changes += (len - count(same)).saturating_sub(usize::from(is_first));
        sorts.map(|sort| sort >> (LANES - 1))
    }

    /// Whether all letters are those of hexadecimal numbers.
    pub(super) fn is_hex(&self) -> bool {
        // without branches, so that many are looked at at once
        let is = u8::from;
        self.run.iter().fold(1, |all, byte| {
            let is_letter = is((byte | 0x20).wrapping_sub(b'a') < 6);
            all & (is_letter | is(byte.wrapping_sub(b'0') < 10))
        }) == 1
    }

    /// Whether there are so many different bytes.
    pub(super) fn has_different(&self, least: u32) -> bool {
        let mut seen = [0_u64; 2];
        self.run.chunks(16).any(|part| {
            for byte in part {
                if let Some(half) = seen.get_mut(usize::from(byte >> 6 & 1)) {
                    *half |= 1 << (byte & 63);
                }
            }
            seen.iter().map(|half| half.count_ones()).sum::<u32>() >= least
        })
    }

    /// Whether its letters stand together as those of words do.
    pub(super) fn is_wordy(&self) -> bool {
        // no words change between capitals, small letters and digits with every other letter
        if self.changes * 20 >= (self.lower + self.upper + self.digits) * 9 {
            return false;
        }
        let (mut pairs, mut common) = (0, 0);
        let letters = self.run.iter().map(|byte| (byte | 0x20).wrapping_sub(b'a'));
        for (one, two) in letters.clone().zip(letters.skip(1)) {
            let follow = PAIRS.get(usize::from(one)).copied().unwrap_or(0);
            pairs += usize::from(one < 26 && two < 26);
            common += usize::from(two < 26 && follow >> (two & 31) & 1 == 1);
        }
        pairs > 3 && common * 100 >= pairs * 62
    }

    /// Whether its sorts of letters change as often as those of drawn lots.
    pub(super) fn is_mixed(&self) -> bool {
        self.changes * 5 >= self.lower + self.upper + self.digits
    }
}

/// Whether it is text, or the beginning of a file, spelt in base64.
pub(super) fn says_something(run: &[u8]) -> bool {
    // how pictures, archives, documents, fonts and public keys begin
    const FILES: [&[u8]; 14] = [
        b"iVBORw0KGgo",
        b"/9j/",
        b"R0lGOD",
        b"JVBERi",
        b"UEsDB",
        b"H4sI",
        b"UklGR",
        b"d09GR",
        b"d09GMg",
        b"PHN2Zy",
        b"AAAAB3Nza",
        b"AAAAC3Nza",
        b"AAAAE2Vj",
        b"AAABAA",
    ];
    if FILES.iter().any(|file| run.starts_with(file)) {
        return true;
    }
    let whole = run.get(..run.len() / 4 * 4).unwrap_or_default();
    let url = whole.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let engine = if url { &URL } else { &PLAIN };
    let Ok(bytes) = engine.decode(whole) else {
        return false;
    };
    // drawn bytes are no text, in ASCII or not; at the end a letter may be cut
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => Some(text),
        Err(fault) if fault.error_len().is_none() => {
            let valid = bytes.get(..fault.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).ok()
        }
        Err(_) => None,
    };
    let is_plain = |c: char| !c.is_control() || c.is_ascii_whitespace();
    text.is_some_and(|text| text.len() >= 6 && text.chars().all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_lots() {
        for word in [
            "internationalizationProvider",
            "usrlocallibpythonsitepackages",
            "BillingAddressPostalCode",
        ] {
            assert!(Mix::of(word.as_bytes()).is_wordy(), "{word}");
        }
        for lots in ["kQ7vXz2mWqLp9RtYbN4hGfJd", "wJalrXUtnFEMIK7MDENGbPxRfiCY"] {
            assert!(!Mix::of(lots.as_bytes()).is_wordy(), "{lots}");
        }
    }

    #[test]
    fn base64_of_text_says_something() {
        assert!(says_something(b"TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQ="));
        assert!(says_something(b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"));
        assert!(!says_something(b"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ"));
    }
}
