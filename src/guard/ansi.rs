//! Text that was written for a terminal: its colours become tones, what it wrote over shows in its last
//! state, and everything else that it would do to a terminal is left out and counted. A sequence without
//! an end takes nothing with it: its ESC is shown and the text after it too. All text comes out cleaned.

use memchr::{memchr, memchr3};
use vte::{Params, Parser, Perform};

use super::{clean, overwrite::Strip};

/// A colour as it was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// That of the terminal.
    #[default]
    Own,
    /// One of the 256 of a terminal's table; the first 16 are the user's.
    Table(u8),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
}

/// How a piece of text is to be drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ink {
    /// The colour of the text.
    pub fore: Colour,
    /// The colour behind it.
    pub back: Colour,
    marks: u8,
}

impl Ink {
    /// Heavier.
    pub const BOLD: u8 = 1;
    /// Fainter.
    pub const DIM: u8 = 2;
    /// Slanted.
    pub const ITALIC: u8 = 4;
    /// With a line below.
    pub const UNDERLINE: u8 = 8;
    /// Colours exchanged.
    pub const REVERSE: u8 = 16;
    /// With a line through.
    pub const STRIKE: u8 = 32;

    /// Whether it has that mark.
    pub fn has(self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    /// The same without what would hide the text: black on the terminal's own ground, or a colour on one
    /// that can hardly be told from it.
    #[must_use]
    pub fn readable(mut self) -> Self {
        if self.back == Colour::Own {
            if luma(self.fore).is_some_and(|luma| luma < 40) {
                self.fore = Colour::Own;
            }
        } else if self.fore == self.back || near(self.fore, self.back) {
            self.back = Colour::Own;
            return self.readable();
        }
        self
    }

    fn set(&mut self, params: &Params) {
        let mut params = params.iter();
        while let Some(param) = params.next() {
            let (code, more) = param.split_first().map_or((0, &[][..]), |(c, m)| (*c, m));
            match code {
                0 => *self = Self::default(),
                1 => self.marks |= Self::BOLD,
                2 => self.marks |= Self::DIM,
                3 => self.marks |= Self::ITALIC,
                4 if more.first() == Some(&0) => self.marks &= !Self::UNDERLINE,
                4 | 21 => self.marks |= Self::UNDERLINE,
                7 => self.marks |= Self::REVERSE,
                9 => self.marks |= Self::STRIKE,
                22 => self.marks &= !(Self::BOLD | Self::DIM),
                23 => self.marks &= !Self::ITALIC,
                24 => self.marks &= !Self::UNDERLINE,
                27 => self.marks &= !Self::REVERSE,
                29 => self.marks &= !Self::STRIKE,
                30..=37 => self.fore = table(code - 30),
                90..=97 => self.fore = table(code - 82),
                39 => self.fore = Colour::Own,
                40..=47 => self.back = table(code - 40),
                100..=107 => self.back = table(code - 92),
                49 => self.back = Colour::Own,
                38 | 48 => {
                    let colour = if more.is_empty() {
                        let mut next = || params.next().and_then(|param| param.first().copied());
                        long(&mut next)
                    } else {
                        // 38:2:[space]:r:g:b, where the space may be left out
                        let space = usize::from(more.first() == Some(&2) && more.len() > 4);
                        let mut parts = more.iter().copied();
                        let kind = parts.next();
                        let mut parts = kind.into_iter().chain(parts.skip(space));
                        long(&mut || parts.next())
                    };
                    match (colour, code) {
                        (Some(colour), 38) => self.fore = colour,
                        (Some(colour), _) => self.back = colour,
                        (None, _) => {}
                    }
                }
                // 8 would hide the text, 5 and 6 would make it blink
                _ => {}
            }
        }
    }
}

fn table(n: u16) -> Colour {
    u8::try_from(n).map_or(Colour::Own, Colour::Table)
}

fn long(next: &mut impl FnMut() -> Option<u16>) -> Option<Colour> {
    let byte = |n: Option<u16>| u8::try_from(n?).ok();
    match next()? {
        5 => Some(Colour::Table(byte(next())?)),
        2 => {
            let (red, green, blue) = (next(), next(), next());
            Some(Colour::Rgb(byte(red)?, byte(green)?, byte(blue)?))
        }
        _ => None,
    }
}

/// How bright a colour is, 0 to 255; not known of the 15 that a user chooses.
fn luma(colour: Colour) -> Option<u32> {
    let (red, green, blue) = match colour {
        Colour::Own | Colour::Table(1..=15) => return None,
        Colour::Table(0) => (0, 0, 0),
        Colour::Table(n @ 232..) => {
            let grey = 8 + 10 * (u32::from(n) - 232);
            (grey, grey, grey)
        }
        Colour::Table(n) => {
            let step = |n: u32| if n == 0 { 0 } else { 55 + 40 * n };
            let n = u32::from(n) - 16;
            (step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        Colour::Rgb(red, green, blue) => (red.into(), green.into(), blue.into()),
    };
    Some((299 * red + 587 * green + 114 * blue) / 1000)
}

fn near(one: Colour, other: Colour) -> bool {
    let both = luma(one).zip(luma(other));
    both.is_some_and(|(one, other)| one.abs_diff(other) < 24)
}

/// What a sequence asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Another way of drawing.
    Draw,
    /// Columns of the line made blank: 0 from here on, 1 up to here, 2 all.
    Erase(u16),
    /// On in that column, counted from 0.
    Column(usize),
    /// Anything else.
    Nothing,
}

/// One sequence being read.
struct Reading<'a> {
    ink: &'a mut Ink,
    act: Option<Act>,
}

impl Perform for Reading<'_> {
    fn print(&mut self, _: char) {
        self.act = Some(Act::Nothing);
    }

    fn execute(&mut self, _: u8) {
        self.act = Some(Act::Nothing);
    }

    fn unhook(&mut self) {
        self.act = Some(Act::Nothing);
    }

    fn osc_dispatch(&mut self, _: &[&[u8]], _: bool) {
        self.act = Some(Act::Nothing);
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, _: u8) {
        self.act = Some(Act::Nothing);
    }

    fn csi_dispatch(&mut self, params: &Params, between: &[u8], ignore: bool, action: char) {
        let first = params
            .iter()
            .next()
            .and_then(|param| param.first().copied());
        let first = first.unwrap_or(0);
        let plain = between.is_empty() && !ignore;
        self.act = Some(match action {
            'm' if plain => {
                self.ink.set(params);
                Act::Draw
            }
            'K' if plain => Act::Erase(first),
            'G' if plain => Act::Column(usize::from(first.max(1)) - 1),
            _ => Act::Nothing,
        });
    }

    fn terminated(&self) -> bool {
        self.act.is_some()
    }
}

/// The sequence that `bytes` begin with, an ESC: its length and what it asks for. None where it has no
/// end or is none, so that its ESC stands for itself.
pub(super) fn sequence(bytes: &[u8], ink: &mut Ink) -> Option<(usize, Act)> {
    let (_, body) = bytes.split_first()?;
    let is_text = matches!(body.first()?, b']' | b'P' | b'X' | b'^' | b'_');
    let escape = memchr(0x1B, body).map_or(bytes.len(), |at| at + 1);
    let reach = if is_text {
        escape + 2
    } else {
        escape.min(LONGEST)
    };
    let bytes = bytes.get(..reach).unwrap_or(bytes);
    let mut drawn = *ink;
    let mut reading = Reading {
        ink: &mut drawn,
        act: None,
    };
    let mut parser: Parser = Parser::new();
    let mut len = parser.advance_until_terminated(&mut reading, bytes);
    let act = reading.act?;
    // a text ends with ESC \, of which the parser may have read only the first
    if bytes.get(len - 1..=len) == Some(b"\x1B\\") {
        len += 1;
    }
    let fine = match bytes.get(1..len)? {
        text if is_text => {
            text.ends_with(b"\x1B\\") || matches!(text.last(), Some(0x07 | 0x18 | 0x1A))
        }
        plain => plain.iter().all(|byte| matches!(byte, 0x20..=0x7E)),
    };
    if fine {
        *ink = drawn;
    }
    fine.then_some((len, act))
}

/// Bytes of a sequence that is no text.
const LONGEST: usize = 256;

/// How text after `bytes` is drawn, if text before them is drawn with `ink`; and how many sequences in
/// them do something else than colour.
pub fn after(bytes: &[u8], ink: &mut Ink) -> usize {
    let mut others = 0;
    let mut rest = bytes;
    while let Some(found) = memchr(0x1B, rest) {
        rest = rest.get(found..).unwrap_or_default();
        let (len, act) = sequence(rest, ink).unwrap_or((1, Act::Draw));
        others += usize::from(act != Act::Draw);
        rest = rest.get(len..).unwrap_or_default();
    }
    others
}

/// Whether text was written for a terminal: it has sequences, or goes back in a line.
pub fn is_for_terminals(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(found) = memchr3(0x1B, b'\r', 0x08, rest) {
        rest = rest.get(found..).unwrap_or_default();
        match rest {
            [0x1B, b'[' | b']' | b'(', ..] | [0x08, ..] => return true,
            [b'\r', next, ..] if !matches!(next, b'\r' | b'\n') => return true,
            _ => rest = rest.get(1..).unwrap_or_default(),
        }
    }
    false
}

/// One line as its sender wanted it seen: cleaned pieces, each with its ink. `ink` is how the line
/// begins, and afterwards how the next one does.
pub fn line(text: &str, ink: &mut Ink) -> Vec<(Ink, String)> {
    let mut strip = Strip::default();
    let mut link = Link::default();
    let mut rest = text;
    while let Some(found) = memchr3(0x1B, b'\r', 0x08, rest.as_bytes()) {
        let (before, control) = rest.split_at_checked(found).unwrap_or((rest, ""));
        strip.write(before, *ink);
        link.says(before);
        let mut taken = 1;
        match control.as_bytes() {
            [b'\r', ..] => strip.go(0),
            [0x08, ..] => strip.back(),
            bytes => match sequence(bytes, ink) {
                Some((len, act)) => {
                    taken = len;
                    if let Some(target) = target(bytes.get(..len).unwrap_or_default()) {
                        link.end(&mut strip);
                        link.target = target;
                    }
                    match act {
                        Act::Erase(which) => strip.erase(which),
                        Act::Column(column) => strip.go(column),
                        Act::Draw | Act::Nothing => {}
                    }
                }
                None => strip.write("\u{1B}", *ink),
            },
        }
        rest = control.get(taken..).unwrap_or_default();
    }
    if strip.is_empty() && link.target.is_empty() {
        // nothing but text: no need to take it apart
        let text = clean::columns(rest, 0).into_owned();
        return vec![(*ink, text)];
    }
    strip.write(rest, *ink);
    link.says(rest);
    link.end(&mut strip);
    strip.finish()
}

/// A hyperlink in a line: terminals hide where it leads.
#[derive(Default)]
struct Link<'a> {
    /// Empty where there is none.
    target: &'a str,
    said: String,
}

impl Link<'_> {
    /// Text that may be that of a link.
    fn says(&mut self, text: &str) {
        if !self.target.is_empty() {
            self.said.push_str(text);
        }
    }

    /// Says where it leads, unless its text does.
    fn end(&mut self, strip: &mut Strip) {
        if !self.target.is_empty() && self.said.trim() != self.target {
            let dim = Ink {
                marks: Ink::DIM,
                ..Ink::default()
            };
            strip.write(&format!(" <{}>", self.target), dim);
        }
        self.target = "";
        self.said.clear();
    }
}

/// Where the hyperlink leads that a sequence begins; empty where it ends one.
fn target(sequence: &[u8]) -> Option<&str> {
    let body = sequence.strip_prefix(b"\x1B]8;")?;
    let body = body
        .strip_suffix(b"\x1B\\")
        .or_else(|| body.strip_suffix(b"\x07"))?;
    let at = memchr(b';', body)?;
    std::str::from_utf8(body.get(at + 1..)?).ok()
}

#[cfg(test)]
mod tests;
