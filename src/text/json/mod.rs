//! A scanner over JSON text that touches nothing: order, duplicate keys, digits and white space stay as
//! they are, because every token is a range of the text. It keeps one bit per level, so that 100,000
//! levels cost nothing; it stops at the first fault and says what and where. It builds no values.

mod ahead;
mod parts;
mod pass;
mod place;
mod plain;
mod quick;
mod way;

use std::fmt;

use super::levels::Levels;
pub use super::quote::{unescaped, unquote};
pub use ahead::{place_to_begin, shape_around};
pub use parts::{Came, Held};
pub use place::{at_place, place_of};
pub use plain::{literal_end, plain_run, string_end};
pub use way::ways;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// `{` or `[`.
    Open(Shape),
    /// `}` or `]`.
    Close(Shape),
    /// A string before a colon.
    Key,
    /// Any other string.
    String,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
}

/// The two containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `{}`
    Object,
    /// `[]`
    Array,
}

/// A piece of the text. Commas and colons are checked but are no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub sort: Sort,
    /// First byte; of a string, its quote.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Why text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: Wrong,
    /// The byte at which it is.
    pub at: usize,
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The text ends too early.
    Cut,
    /// Something else should stand here.
    Expected(&'static str),
    /// A control character in a string.
    Control,
    /// An escape that JSON does not have.
    Escape,
    /// Bytes that are no UTF-8.
    Encoding,
    /// More text after the value.
    Trailing,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            Wrong::Cut => write!(f, "ends in the middle"),
            Wrong::Expected(what) => write!(f, "{what} expected"),
            Wrong::Control => write!(f, "control character in a string"),
            Wrong::Escape => write!(f, "unknown escape in a string"),
            Wrong::Encoding => write!(f, "bytes that are not UTF-8"),
            Wrong::Trailing => write!(f, "more after the value"),
        }?;
        write!(f, " at byte {}", self.at)
    }
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    CommaOrClose,
    Nothing,
    Stopped,
}

/// Tokens of one JSON text, until its end or a fault.
pub struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    next: Next,
    levels: Levels,
}

impl<'a> Scanner<'a> {
    /// Over a text that holds one value.
    pub fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            next: Next::Value,
            levels: Levels::default(),
        }
    }

    /// How many containers are open.
    pub fn depth(&self) -> usize {
        self.levels.len()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn wrong<T>(&self, what: Wrong) -> Result<T, Fault> {
        Err(Fault { what, at: self.at })
    }

    /// The next token of any kind, or what is wrong; nothing more behind that.
    #[inline(never)]
    fn slow(&mut self) -> Option<Result<Token, Fault>> {
        if self.next == Next::Stopped {
            return None;
        }
        let step = self.step();
        if step.is_err() {
            self.next = Next::Stopped;
        }
        step.transpose()
    }

    fn step(&mut self) -> Result<Option<Token>, Fault> {
        self.skip_space();
        if self.next == Next::Nothing {
            return match self.peek() {
                None => Ok(None),
                Some(_) => self.wrong(Wrong::Trailing),
            };
        }
        if self.next == Next::CommaOrClose && self.peek() == Some(b',') {
            self.at += 1;
            self.skip_space();
            self.next = match self.levels.top() {
                Some(Shape::Object) => Next::Key,
                _ => Next::Value,
            };
        }
        let Some(byte) = self.peek() else {
            return self.wrong(Wrong::Cut);
        };
        match self.next {
            Next::ValueOrClose if byte == b']' => Ok(Some(self.close(Shape::Array))),
            Next::Value | Next::ValueOrClose => self.value(byte).map(Some),
            Next::KeyOrClose if byte == b'}' => Ok(Some(self.close(Shape::Object))),
            Next::Key | Next::KeyOrClose => self.key(byte).map(Some),
            Next::CommaOrClose => match (self.levels.top(), byte) {
                (Some(Shape::Object), b'}') => Ok(Some(self.close(Shape::Object))),
                (Some(Shape::Array), b']') => Ok(Some(self.close(Shape::Array))),
                (Some(Shape::Object), _) => self.wrong(Wrong::Expected("`,` or `}`")),
                _ => self.wrong(Wrong::Expected("`,` or `]`")),
            },
            Next::Nothing | Next::Stopped => Ok(None),
        }
    }

    fn key(&mut self, byte: u8) -> Result<Token, Fault> {
        if byte != b'"' {
            return self.wrong(Wrong::Expected("a key"));
        }
        let token = self.string(Sort::Key)?;
        self.skip_space();
        match self.peek() {
            Some(b':') => {}
            Some(_) => return self.wrong(Wrong::Expected("`:`")),
            None => return self.wrong(Wrong::Cut),
        }
        self.at += 1;
        self.next = Next::Value;
        Ok(token)
    }

    fn value(&mut self, byte: u8) -> Result<Token, Fault> {
        match byte {
            b'{' => Ok(self.open(Shape::Object, Next::KeyOrClose)),
            b'[' => Ok(self.open(Shape::Array, Next::ValueOrClose)),
            _ => {
                let token = match byte {
                    b'"' => self.string(Sort::String)?,
                    b'-' | b'0'..=b'9' => self.number()?,
                    _ => self.word()?,
                };
                self.ended();
                Ok(token)
            }
        }
    }

    fn open(&mut self, shape: Shape, next: Next) -> Token {
        self.levels.push(shape);
        self.next = next;
        self.one(Sort::Open(shape))
    }

    fn close(&mut self, shape: Shape) -> Token {
        self.levels.pop();
        self.ended();
        self.one(Sort::Close(shape))
    }

    fn one(&mut self, sort: Sort) -> Token {
        self.at += 1;
        Token {
            sort,
            start: self.at - 1,
            end: self.at,
        }
    }

    fn ended(&mut self) {
        self.next = if self.levels.len() == 0 {
            Next::Nothing
        } else {
            Next::CommaOrClose
        };
    }

    fn word(&mut self) -> Result<Token, Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for word in ["true", "false", "null"] {
            if rest.starts_with(word.as_bytes()) {
                let start = self.at;
                self.at += word.len();
                return Ok(Token {
                    sort: Sort::Word,
                    start,
                    end: self.at,
                });
            }
            if !rest.is_empty() && word.as_bytes().starts_with(rest) {
                self.at = self.text.len();
                return self.wrong(Wrong::Cut);
            }
        }
        self.wrong(Wrong::Expected("a value"))
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Token {
            sort: Sort::Number,
            start,
            end: self.at,
        })
    }

    fn digits(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'0'..=b'9') => {}
            Some(_) => return self.wrong(Wrong::Expected("a digit")),
            None => return self.wrong(Wrong::Cut),
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self, sort: Sort) -> Result<Token, Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let run = plain::run(rest);
            if !run.is_ascii {
                self.encoding(rest.get(..run.len).unwrap_or_default())?;
            }
            self.at += run.len;
            match rest.get(run.len) {
                Some(b'"') => {
                    self.at += 1;
                    let end = self.at;
                    return Ok(Token { sort, start, end });
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return self.wrong(Wrong::Control),
                None => return self.wrong(Wrong::Cut),
            }
        }
    }

    /// Checks a run of a string that begins at the current byte. A character that the end of the text cuts
    /// is no fault of its own.
    fn encoding(&self, run: &[u8]) -> Result<(), Fault> {
        let Err(e) = std::str::from_utf8(run) else {
            return Ok(());
        };
        let at = self.at + e.valid_up_to();
        let is_cut = e.error_len().is_none() && self.at + run.len() == self.text.len();
        let what = if is_cut { Wrong::Cut } else { Wrong::Encoding };
        Err(Fault { what, at })
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let wanted = match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
            Some(b'u') => 4,
            Some(_) => return self.wrong(Wrong::Escape),
            None => return self.wrong(Wrong::Cut),
        };
        for i in 0..wanted {
            match self.text.get(self.at + 2 + i) {
                Some(b) if b.is_ascii_hexdigit() => {}
                Some(_) => return self.wrong(Wrong::Escape),
                None => return self.wrong(Wrong::Cut),
            }
        }
        self.at += 2 + wanted;
        Ok(())
    }
}

impl Iterator for Scanner<'_> {
    type Item = Result<Token, Fault>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.quick() {
            Some(token) => Some(Ok(token)),
            None => self.slow(),
        }
    }
}

/// Why a text is not one JSON value; none when it is.
pub fn fault(text: &[u8]) -> Option<Fault> {
    Scanner::new(text).find_map(Result::err)
}

#[cfg(test)]
mod tests;
