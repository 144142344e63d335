//! Hostile text made visible. What comes out of `line` can be drawn on one row and what comes out of
//! `text` printed on a terminal: nothing in it moves the cursor, reorders text or hides. Joiners that
//! emoji and scripts need are kept where they do that work. It takes nothing away: every character
//! is there, or something that names it.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::CharIndices;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

use super::glyph;
use crate::text::width;

/// Columns from one tab stop to the next.
const TAB: usize = 4;
/// Accents on one base, and joined emoji in one cluster: more is an attack on the row above.
const PILE: u8 = 8;

/// For one row or one line: no line break survives (`⏎`), tabs become blanks.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// The same for text of several lines: `\n` stays, and a `\r` before it goes.
pub fn text(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

/// Text of several lines out of any bytes; those that are no UTF-8 are shown as `⟨xFF⟩`.
pub fn bytes(bytes: &[u8]) -> String {
    let decoded = decode(bytes);
    match clean(&decoded, true) {
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

/// What is to be seen of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Itself.
    Same(char),
    /// Itself on a dotted circle, as it has no base of its own.
    OnCircle(char),
    /// Its glyph or code point.
    Shown(char),
    /// Blanks up to the next tab stop.
    Tab,
    /// A line break.
    Newline,
}

/// The characters of a text and what is to be seen of each, with where it begins in the text.
/// What is welcome depends on its neighbours, so a piece cut out of a text may be seen differently.
pub struct Pieces<'a> {
    chars: Peekable<CharIndices<'a>>,
    /// Nothing before it on this line that could carry an accent.
    bare: bool,
    /// Zero-width characters since the last one with a width.
    marks: u8,
    /// Joiners in this emoji.
    joins: u8,
    before: Before,
}

/// What the character before was, as far as joiners care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A letter, with its accents.
    Letter,
    /// An emoji, without or with selector or skin tone.
    Emoji { dressed: bool },
    /// A digit, `#` or `*`, which make keycaps.
    Key,
    /// A joiner that was kept, between two emoji.
    Joiner,
    /// Anything else.
    Other,
}

impl<'a> Pieces<'a> {
    /// Over a text that begins a line.
    pub fn new(text: &'a str) -> Self {
        Self {
            chars: text.char_indices().peekable(),
            bare: true,
            marks: 0,
            joins: 0,
            before: Before::Other,
        }
    }

    fn see(&mut self, c: char) -> Seen {
        match c {
            '\t' => self.set(Seen::Tab),
            '\n' => self.set(Seen::Newline),
            '\r' if self.next_char() == Some('\n') => {
                self.chars.next();
                self.set(Seen::Newline)
            }
            ' '..='~' => self.base(c),
            _ if self.keeps(c) => {
                self.marks = self.marks.saturating_add(1);
                Seen::Same(c)
            }
            _ if glyph::is_hidden(c) => self.set(Seen::Shown(c)),
            _ if c.width() == Some(0) => self.mark(c),
            _ => self.base(c),
        }
    }

    fn next_char(&mut self) -> Option<char> {
        self.chars.peek().map(|(_, c)| *c)
    }

    fn set(&mut self, seen: Seen) -> Seen {
        self.bare = seen == Seen::Newline;
        self.marks = 0;
        self.before = Before::Other;
        seen
    }

    fn base(&mut self, c: char) -> Seen {
        let joined = self.before == Before::Joiner;
        let dresses = is_skin(c) && self.before == Before::Emoji { dressed: false };
        self.before = if dresses {
            Before::Emoji { dressed: true }
        } else if matches!(c, '0'..='9' | '#' | '*') {
            Before::Key
        } else if c.is_alphabetic() {
            Before::Letter
        } else if is_emoji(c) {
            Before::Emoji { dressed: false }
        } else {
            Before::Other
        };
        if !joined && !dresses {
            self.joins = 0;
        }
        self.bare = false;
        self.marks = 0;
        Seen::Same(c)
    }

    fn mark(&mut self, c: char) -> Seen {
        if self.bare || self.marks >= PILE {
            self.set(Seen::OnCircle(c));
            self.marks = 1;
            return Seen::OnCircle(c);
        }
        self.marks += 1;
        if self.before != Before::Letter {
            self.before = Before::Other;
        }
        Seen::Same(c)
    }

    /// Whether a hidden character does its proper work here.
    fn keeps(&mut self, c: char) -> bool {
        if self.bare || self.marks >= PILE {
            return false;
        }
        let next = self.next_char();
        match (c, self.before) {
            ('\u{FE0F}', Before::Emoji { dressed: false }) => {
                self.before = Before::Emoji { dressed: true };
                true
            }
            ('\u{FE0F}', Before::Key) => next == Some('\u{20E3}'),
            ('\u{200D}', Before::Emoji { .. }) => {
                let keep = self.joins < PILE && next.is_some_and(is_emoji);
                if keep {
                    self.joins += 1;
                    self.before = Before::Joiner;
                }
                keep
            }
            ('\u{200C}' | '\u{200D}', Before::Letter) => {
                let keep = next.is_some_and(is_letter);
                if keep {
                    self.before = Before::Other;
                }
                keep
            }
            _ => false,
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = (usize, Seen);

    fn next(&mut self) -> Option<Self::Item> {
        let (at, c) = self.chars.next()?;
        Some((at, self.see(c)))
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !glyph::is_hidden(c) && c.width() != Some(0)
}

fn is_skin(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Whether joiners bind the character to a following emoji: the segmentation rules know the property
/// (extended pictographic), so they are asked.
fn is_emoji(c: char) -> bool {
    if c < '\u{A9}' {
        return false;
    }
    let mut buffer = [0_u8; 4];
    let probe = [c.encode_utf8(&mut buffer), "\u{200D}©"].concat();
    probe.graphemes(true).count() == 1
}

fn clean(source: &str, keep_newline: bool) -> Cow<'_, str> {
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
        column: 0,
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
    column: usize,
}

impl Writer {
    fn put(&mut self, seen: Seen) {
        if seen == Seen::Tab {
            let fresh = self.out.get(self.measured..).unwrap_or_default();
            self.column += width::width(fresh);
            let blanks = TAB - self.column % TAB;
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

/// Writes what is to be seen; a tab as one blank, a line break as its sign.
pub fn write_seen(seen: Seen, out: &mut String) {
    match seen {
        Seen::Same(c) => out.push(c),
        Seen::OnCircle(c) => {
            out.push('◌');
            out.push(c);
        }
        Seen::Shown(c) => glyph::show(c, out),
        Seen::Tab => out.push(' '),
        Seen::Newline => out.push('⏎'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
            ("a\u{200D}\u{200D}b", "a⟨U+200D⟩⟨U+200D⟩b"),
            ("a\u{FE0F}", "a⟨U+FE0F⟩"),
            ("👨\u{200D}a", "👨⟨U+200D⟩a"),
            ("1\u{FE0F}2", "1⟨U+FE0F⟩2"),
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
            for cleaned in [line(&sent), text(&sent)] {
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
