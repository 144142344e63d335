//! What is to be seen of each character of a text, given its neighbours: a joiner between two emoji does
//! its work, a lone one hides something. Decides only; `clean` writes.

use std::iter::Peekable;
use std::str::CharIndices;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

use super::glyph;

/// Accents on one base, and joined emoji in one cluster: more is an attack on the row above.
const PILE: u8 = 8;

/// What is to be seen of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
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
pub(super) struct Pieces<'a> {
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
    pub(super) fn new(text: &'a str) -> Self {
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
                let keep = next.is_some_and(|c| is_letter(c) && is_shaped(c));
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

/// Whether a letter is of a script in which joiners change the shape of letters: Arabic and its kin, the
/// scripts of India and those that came of them, Mongolian. Between other letters they only hide.
fn is_shaped(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1700}'..='\u{18AF}'
        | '\u{1900}'..='\u{1CFF}' | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{10A00}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}')
}

fn is_skin(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Whether joiners bind the character to a following emoji: the segmentation rules know the property
/// (extended pictographic), so they are asked.
fn is_emoji(c: char) -> bool {
    if !may_be_emoji(c) {
        return false;
    }
    let mut buffer = [0_u8; 4];
    let probe = [c.encode_utf8(&mut buffer), "\u{200D}©"].concat();
    probe.graphemes(true).count() == 1
}

/// The blocks in which emoji are. Asking the rules costs more than drawing, and lines, blocks, braille
/// and brackets are what terminals are drawn with.
fn may_be_emoji(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}'..='\u{2139}' | '\u{2194}'..='\u{24C2}'
        | '\u{25AA}'..='\u{27BF}' | '\u{2934}' | '\u{2935}' | '\u{2B05}'..='\u{2B55}'
        | '\u{3030}'..='\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FFFF}')
}

/// Writes what is to be seen; a tab as one blank, a line break as its sign.
pub(super) fn write_seen(seen: Seen, out: &mut String) {
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

    #[test]
    fn emoji_are_in_their_blocks() {
        for c in ('\0'..='\u{10FFFF}').filter(|c| !may_be_emoji(*c)) {
            let probe = format!("{c}\u{200D}©");
            assert!(probe.graphemes(true).count() > 1, "{c:?}");
        }
    }
}
