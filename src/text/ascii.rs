//! Text for what shows only ASCII. Signs of our own get their twins, Latin letters lose their marks, and
//! what nobody sees is named by its code point. Every other letter is a question mark: words stay words,
//! and nothing is transcribed by guess.

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
            '·' | '–' | '—' | '─' | '━' | '−' => plain.push('-'),
            '×' => plain.push('x'),
            '┼' => plain.push('+'),
            '⇄' => plain.push('='),
            '∞' => plain.push('@'),
            '✂' => plain.push_str("8<"),
            '“' | '”' => plain.push('"'),
            '‘' | '’' => plain.push('\''),
            '│' | '┃' => plain.push('|'),
            '•' => plain.push('*'),
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => plain.push(' '),
            // The letter before it stays.
            '\u{300}'..='\u{36F}' | '\u{20D0}'..='\u{20FF}' => {}
            c if is_unseen(c) => {
                let _ = write!(plain, "<U+{:04X}>", u32::from(c));
            }
            c => plain.push_str(latin(c).unwrap_or("?")),
        }
    }
    Cow::Owned(plain)
}

/// Controls, joiners, marks of direction, selectors and tags.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{AD}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// A Latin letter without its marks, as Unicode takes it apart or as its languages write it without.
fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'Æ' => "AE",
        'æ' => "ae",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ð' | 'Ď' | 'Đ' => "D",
        'ð' | 'ď' | 'đ' => "d",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ĥ' | 'Ħ' => "H",
        'ĥ' | 'ħ' => "h",
        'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ĵ' => "J",
        'ĵ' => "j",
        'Ķ' => "K",
        'ķ' => "k",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'Œ' => "OE",
        'œ' => "oe",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'Þ' => "Th",
        'þ' => "th",
        'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ŵ' => "W",
        'ŵ' => "w",
        'Ý' | 'Ŷ' | 'Ÿ' => "Y",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_a_spelling_in_ascii() {
        let text = "‹key#1› a → b … ␛[31m ⟨U+202E⟩ é";
        assert_eq!(plain(text), "<key#1> a -> b ... ^[[31m <U+202E> e");
        assert_eq!(
            plain("Zürich, Łódź, große cafe\u{301}"),
            "Zurich, Lodz, grosse cafe"
        );
        assert_eq!(plain("日本 ✓ 10 €"), "?? ? 10 ?");
        assert_eq!(plain("a\u{200D}b\u{85}"), "a<U+200D>b<U+0085>");
        assert!(matches!(plain("as it is\n"), Cow::Borrowed(_)));
    }
}
