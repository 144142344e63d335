//! Whether letters look like those of words or like drawn lots: by the pairs of letters that words are
//! made of, and by what stands for bytes. It knows nothing of secrets.

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
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mix {
    pub(super) lower: usize,
    pub(super) upper: usize,
    pub(super) digits: usize,
    /// Whether all letters are those of hexadecimal numbers.
    pub(super) is_hex: bool,
    /// Changes between small letters, capitals, digits and anything else.
    changes: usize,
    /// Pairs of letters, and those of them that words have.
    pairs: usize,
    common: usize,
    /// How many different bytes there are.
    pub(super) distinct: u32,
}

impl Mix {
    pub(super) fn of(run: &[u8]) -> Self {
        let mut mix = Self {
            is_hex: true,
            ..Self::default()
        };
        let (mut seen, mut before, mut kind_before) = ([0_u64; 2], None, 0);
        for byte in run {
            let kind = match byte {
                b'a'..=b'z' => 1,
                b'A'..=b'Z' => 2,
                b'0'..=b'9' => 3,
                _ => 4,
            };
            match kind {
                1 => mix.lower += 1,
                2 => mix.upper += 1,
                3 => mix.digits += 1,
                _ => {}
            }
            mix.is_hex &= byte.is_ascii_hexdigit();
            mix.changes += usize::from(kind != kind_before && kind_before != 0);
            let letter = (kind < 3).then(|| byte.to_ascii_lowercase() - b'a');
            if let (Some(one), Some(two)) = (before, letter) {
                mix.pairs += 1;
                let follow = PAIRS.get(usize::from(one)).copied().unwrap_or(0);
                mix.common += usize::from(follow >> two & 1 == 1);
            }
            if let Some(half) = seen.get_mut(usize::from(byte >> 6 & 1)) {
                *half |= 1 << (byte & 63);
            }
            (before, kind_before) = (letter, kind);
        }
        mix.distinct = seen.iter().map(|half| half.count_ones()).sum();
        mix
    }

    /// Whether its letters stand together as those of words do.
    pub(super) fn is_wordy(&self) -> bool {
        // no words change between capitals, small letters and digits with every other letter
        let is_scattered = self.changes * 20 >= (self.lower + self.upper + self.digits) * 9;
        self.pairs > 3 && self.common * 100 >= self.pairs * 62 && !is_scattered
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
