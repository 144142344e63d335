//! The one table of characters that must not reach a terminal or a reader unseen, and what is shown in
//! their place. It judges single characters; which of them are welcome where is for `clean` to say.

use std::fmt::Write as _;

/// Whether a character acts on the terminal, changes the order of text, or cannot be seen.
pub fn is_hidden(c: char) -> bool {
    match u32::from(c) {
        0xA0..=0xAC => false,
        // controls: C0, DEL, C1
        0x00..=0x1F | 0x7F..=0x9F
        // default ignorable: soft hyphen, fillers, joiners, marks of direction, selectors, tags
        | 0xAD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
        | 0x200B..=0x200F | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
        | 0x1_BCA0..=0x1_BCA3 | 0x1_D173..=0x1_D17A | 0xE_0000..=0xE_0FFF
        // line and paragraph separator, bidi embeddings and overrides
        | 0x2028..=0x202E
        // interlinear annotation and what is reserved before it, hieroglyph format controls
        | 0xFFF0..=0xFFFB | 0x1_3430..=0x1_343F
        // noncharacters
        | 0xFDD0..=0xFDEF => true,
        n => n & 0xFFFE == 0xFFFE,
    }
}

/// Whether every byte is printable ASCII: nothing to look at more closely.
pub fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| matches!(b, 0x20..=0x7E))
}

/// Writes what is shown in place of a hidden character: a control picture, else its code point.
pub fn show(c: char, out: &mut String) {
    match u32::from(c) {
        n @ 0..=0x1F => out.push(char::from_u32(0x2400 + n).unwrap_or('�')),
        0x7F => out.push('␡'),
        n => {
            let _ = write!(out, "⟨U+{n:04X}⟩");
        }
    }
}

/// Writes what is shown in place of a byte that is no text.
pub fn show_byte(byte: u8, out: &mut String) {
    let _ = write!(out, "⟨x{byte:02X}⟩");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown_by_visible_ones() {
        for n in 0..=0x10_FFFF_u32 {
            let Some(c) = char::from_u32(n) else { continue };
            if c.is_control() {
                assert!(is_hidden(c), "{n:x}");
            }
            if is_hidden(c) {
                let mut out = String::new();
                show(c, &mut out);
                assert!(!out.chars().any(is_hidden), "{n:x}");
            }
        }
    }

    #[test]
    fn ordinary_characters_are_not_hidden() {
        for c in " ~é\u{A0}Жא日한क🙂☃…⏎␛⟨\u{E000}\u{10FFFD}".chars() {
            assert!(!is_hidden(c), "{c:?}");
        }
    }

    #[test]
    fn the_dangerous_ones_are_hidden() {
        for c in "\u{1B}\u{9B}\u{7F}\u{202E}\u{2066}\u{200B}\u{E0041}\u{FEFF}\u{2029}\u{AD}\u{FE01}\u{FFFF}".chars() {
            assert!(is_hidden(c), "{c:?}");
        }
    }
}
