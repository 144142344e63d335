//! Hostile text made visible. What comes out of `line` can be drawn on one row and what comes out of
//! `text` printed on a terminal: nothing in it moves the cursor, reorders text or hides. Joiners that
//! emoji and scripts need are kept where they do that work. It takes nothing away: every character
//! is there, or something that names it.

use std::borrow::Cow;

use super::glyph;
use super::pieces::{Pieces, Seen, write_seen};
use crate::text::width;

/// Columns from one tab stop to the next where tabs only part things.
const TAB: usize = 4;
/// The same where a sender laid text out in columns.
const TAB_OF_TERMINALS: usize = 8;

/// For one row or one line: no line break survives (`⏎`), tabs become blanks.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, false, TAB, 0)
}

/// The same for a piece of a line that begins in that column, with the tab stops of a terminal.
pub fn columns(text: &str, column: usize) -> Cow<'_, str> {
    clean(text, false, TAB_OF_TERMINALS, column)
}

/// The same for text of several lines: `\n` stays, and a `\r` before it goes.
pub fn text(text: &str) -> Cow<'_, str> {
    clean(text, true, TAB, 0)
}

/// Text of several lines out of any bytes; those that are no UTF-8 are shown as `⟨xFF⟩`.
pub fn bytes(bytes: &[u8]) -> String {
    let decoded = decode(bytes);
    match clean(&decoded, true, TAB, 0) {
        Cow::Owned(cleaned) => cleaned,
        Cow::Borrowed(_) => decoded.into_owned(),
    }
}

/// Bytes as text that is not yet clean; those that are no UTF-8 are shown as `⟨xFF⟩`.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            glyph::show_byte(*byte, &mut out);
        }
    }
    Cow::Owned(out)
}

fn clean(source: &str, keep_newline: bool, tab: usize, column: usize) -> Cow<'_, str> {
    if glyph::is_plain(source.as_bytes()) {
        return Cow::Borrowed(source);
    }
    let as_is = |seen: Seen| match seen {
        Seen::Same(_) => true,
        Seen::Newline => keep_newline,
        Seen::OnCircle(_) | Seen::Shown(_) | Seen::Tab => false,
    };
    if Pieces::new(source).all(|(_, seen)| as_is(seen)) && !source.contains('\r') {
        return Cow::Borrowed(source);
    }
    let mut out = Writer {
        out: String::with_capacity(source.len() + 16),
        measured: 0,
        tab,
        column,
    };
    for (_, seen) in Pieces::new(source) {
        match seen {
            Seen::Newline if keep_newline => out.newline(),
            seen => out.put(seen),
        }
    }
    Cow::Owned(out.out)
}

/// Cleaned text being written; knows the column, which only tabs need.
struct Writer {
    out: String,
    /// Up to here in `out`, columns are counted.
    measured: usize,
    /// Columns from one tab stop to the next.
    tab: usize,
    column: usize,
}

impl Writer {
    fn put(&mut self, seen: Seen) {
        if seen == Seen::Tab {
            let fresh = self.out.get(self.measured..).unwrap_or_default();
            self.column += width::width(fresh);
            let blanks = self.tab - self.column % self.tab;
            self.column += blanks;
            self.out.extend(std::iter::repeat_n(' ', blanks));
            self.measured = self.out.len();
        } else {
            write_seen(seen, &mut self.out);
        }
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.measured = self.out.len();
        self.column = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation as _;

    #[test]
    fn each_hostile_character_is_named() {
        for (sent, seen) in [
            ("\u{1B}[2Jgone", "␛[2Jgone"),
            ("a\u{7}b\u{0}", "a␇b␀"),
            ("\u{9B}31m", "⟨U+009B⟩31m"),
            ("abc\u{202E}fdp.exe", "abc⟨U+202E⟩fdp.exe"),
            ("\u{2066}x\u{2069}", "⟨U+2066⟩x⟨U+2069⟩"),
            ("ze\u{200B}ro", "ze⟨U+200B⟩ro"),
            ("tag\u{E0041}", "tag⟨U+E0041⟩"),
            ("a\u{2028}b", "a⟨U+2028⟩b"),
            ("one\ntwo\r\nthree\rx", "one⏎two⏎three␍x"),
            ("a\tbcd\te", "a   bcd e"),
            ("日\tx", "日  x"),
            ("\u{301}x", "◌\u{301}x"),
            ("del\u{7F}", "del␡"),
        ] {
            assert_eq!(line(sent), seen, "{sent:?}");
        }
    }

    #[test]
    fn tabs_go_to_the_stops_of_a_terminal() {
        assert_eq!(columns("a\tb", 0), "a       b");
        assert_eq!(columns("\tb", 6), "  b");
        assert_eq!(columns("日本\tb\u{1B}", 0), "日本    b␛");
    }

    #[test]
    fn text_keeps_its_lines() {
        assert_eq!(text("a\r\nb\n\u{1B}\tc"), "a\nb\n␛   c");
        assert_eq!(text("a\n\u{301}"), "a\n◌\u{301}");
        assert!(matches!(text("one\nzwei é"), Cow::Borrowed(_)));
    }

    #[test]
    fn joiners_stay_where_they_join() {
        for kept in [
            "👨\u{200D}👩\u{200D}👧",
            "👩🏽\u{200D}🚀",
            "❤\u{FE0F}\u{200D}🔥",
            "🏳\u{FE0F}\u{200D}🌈",
            "1\u{FE0F}\u{20E3}",
            "می\u{200C}خواهم",
            "क\u{94D}\u{200D}ष",
            "🇩🇪🇫🇷",
            "👁\u{FE0F}\u{200D}🗨\u{FE0F}",
            "👩\u{200D}❤\u{FE0F}\u{200D}💋\u{200D}👨",
            "🧑🏿\u{200D}🤝\u{200D}🧑🏻",
            "#\u{FE0F}\u{20E3}",
            "שלום مرحبا",
            "ශ\u{DCA}\u{200D}ර",
        ] {
            assert!(matches!(line(kept), Cow::Borrowed(_)), "{kept:?}");
        }
    }

    #[test]
    fn joiners_that_join_nothing_are_shown() {
        for (sent, seen) in [
            ("\u{200D}", "⟨U+200D⟩"),
            ("a\u{200D}", "a⟨U+200D⟩"),
            ("1\u{200D}2", "1⟨U+200D⟩2"),
            ("pay\u{200D}pal", "pay⟨U+200D⟩pal"),
            ("pay\u{200C}pal", "pay⟨U+200C⟩pal"),
            ("д\u{200C}а日\u{200D}本", "д⟨U+200C⟩а日⟨U+200D⟩本"),
            ("a\u{200D}\u{200D}b", "a⟨U+200D⟩⟨U+200D⟩b"),
            ("a\u{FE0F}", "a⟨U+FE0F⟩"),
            ("👨\u{200D}a", "👨⟨U+200D⟩a"),
            ("1\u{FE0F}2", "1⟨U+FE0F⟩2"),
            ("❤\u{FE0F}\u{FE0F}", "❤\u{FE0F}⟨U+FE0F⟩"),
            ("a\u{FE0E}", "a⟨U+FE0E⟩"),
            ("👨\u{200D}\u{202E}", "👨⟨U+200D⟩⟨U+202E⟩"),
            ("🏴\u{E0067}\u{E007F}", "🏴⟨U+E0067⟩⟨U+E007F⟩"),
            ("\u{200F}שלום\u{200E}", "⟨U+200F⟩שלום⟨U+200E⟩"),
        ] {
            assert_eq!(line(sent), seen, "{sent:?}");
        }
    }

    #[test]
    fn accents_do_not_pile_up() {
        let pile = format!("a{}", "\u{301}".repeat(1000));
        let cleaned = line(&pile);
        let longest = cleaned.graphemes(true).map(|g| g.chars().count()).max();
        assert_eq!(longest, Some(9));
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        assert_eq!(bytes(b"ok\xFF\xC3(\x1B"), "ok⟨xFF⟩⟨xC3⟩(␛");
        assert_eq!(bytes("é\n".as_bytes()), "é\n");
        // overlong, a surrogate, cut in the middle, beyond the last code point
        assert_eq!(bytes(b"\xC0\xAF"), "⟨xC0⟩⟨xAF⟩");
        assert_eq!(bytes(b"\xED\xA0\x80"), "⟨xED⟩⟨xA0⟩⟨x80⟩");
        assert_eq!(bytes(b"\xE6\x97"), "⟨xE6⟩⟨x97⟩");
        assert_eq!(bytes(b"\xF4\x90\x80\x80"), "⟨xF4⟩⟨x90⟩⟨x80⟩⟨x80⟩");
    }

    /// Strings rich in what is hard: joiners, selectors, marks, tones, controls.
    fn hard() -> impl Strategy<Value = String> {
        let picks = "ab1#é日👨🏽❤\u{301}\u{94D}क\u{200C}\u{200D}\u{FE0F}\u{20E3}\u{202E}\u{1B}\t\n\r\u{7F}\u{9B}\u{AD}ᄀ\u{1160}🇩";
        let picks: Vec<char> = picks.chars().collect();
        proptest::collection::vec(
            prop_oneof![proptest::sample::select(picks), any::<char>()],
            0..40,
        )
        .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nothing_hidden_survives(sent in hard()) {
            for cleaned in [line(&sent), text(&sent), columns(&sent, 3)] {
                for c in cleaned.chars().filter(|c| glyph::is_hidden(*c)) {
                    prop_assert!(matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0F}' | '\n'), "{:?}", c);
                }
            }
            prop_assert!(!line(&sent).contains('\n'));
        }

        #[test]
        fn cleaning_twice_changes_nothing(sent in hard()) {
            let once = line(&sent).into_owned();
            prop_assert_eq!(line(&once), once.as_str());
            let once = text(&sent).into_owned();
            prop_assert_eq!(text(&once), once.as_str());
        }

        #[test]
        fn any_bytes_become_clean(sent in proptest::collection::vec(any::<u8>(), 0..60)) {
            let cleaned = bytes(&sent);
            prop_assert_eq!(text(&cleaned), cleaned.as_str());
        }

        #[test]
        fn ordinary_text_is_borrowed(sent in "[ -~äöüßéЖ日本語한🙂]{0,40}") {
            prop_assert!(matches!(line(&sent), Cow::Borrowed(_)));
        }
    }
}
