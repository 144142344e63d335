//! Text for what shows only ASCII. Signs of our own get their twins, every other letter its code
//! point: nothing is dropped, and nothing is guessed.

use std::{borrow::Cow, fmt::Write as _};

/// The text in ASCII. Expects text whose control characters are already made visible.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            c if c.is_ascii() => plain.push(c),
            '‹' | '⟨' => plain.push('<'),
            '›' | '⟩' => plain.push('>'),
            // The signs that cleaned controls are shown by.
            '⏎' => plain.push_str("^J"),
            '␡' => plain.push_str("^?"),
            c @ '␀'..='␟' => {
                plain.push('^');
                plain.extend(char::from_u32(u32::from(c) - 0x2400 + 0x40));
            }
            '…' => plain.push_str("..."),
            '→' => plain.push_str("->"),
            '·' | '–' | '—' => plain.push('-'),
            '×' => plain.push('x'),
            '“' | '”' => plain.push('"'),
            '‘' | '’' => plain.push('\''),
            c => {
                let _ = write!(plain, "<U+{:04X}>", u32::from(c));
            }
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_a_spelling_in_ascii() {
        let text = "‹key#1› a → b … ␛[31m ⟨U+202E⟩ é";
        assert_eq!(plain(text), "<key#1> a -> b ... ^[[31m <U+202E> <U+00E9>");
        assert!(matches!(plain("as it is\n"), Cow::Borrowed(_)));
    }
}
