//! The way of most tokens: of a kind that texts are full of, and whole. It changes nothing where a token is
//! rare or wrong or where the text may cut it; then the scanner goes its own way and finds out what it is.

use super::{Next, Scanner, Shape, Sort, Token, plain};

impl Scanner<'_> {
    /// The next token, if this is a way to it.
    #[expect(
        clippy::inline_always,
        reason = "whoever reads millions of tokens wants them in registers"
    )]
    #[inline(always)]
    pub(super) fn quick(&mut self) -> Option<Token> {
        let (mut at, mut byte) = solid(self.text, self.at)?;
        let mut next = self.next;
        if next == Next::CommaOrClose {
            let top = self.levels.top()?;
            match (top, byte) {
                (Shape::Object, b',') => next = Next::Key,
                (Shape::Array, b',') => next = Next::Value,
                (Shape::Object, b'}') | (Shape::Array, b']') => {
                    self.at = at;
                    return Some(self.close(top));
                }
                _ => return None,
            }
            (at, byte) = solid(self.text, at + 1)?;
        }
        match next {
            Next::Key | Next::KeyOrClose if byte == b'"' => self.quick_key(at),
            Next::Value | Next::ValueOrClose => self.quick_value(at, byte),
            _ => None,
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "whoever reads millions of tokens wants them in registers"
    )]
    #[inline(always)]
    fn quick_key(&mut self, start: usize) -> Option<Token> {
        let end = plain::sound_end(self.text, start)?;
        let (colon, byte) = solid(self.text, end)?;
        if byte != b':' {
            return None;
        }
        (self.at, self.next) = (colon + 1, Next::Value);
        let sort = Sort::Key;
        Some(Token { sort, start, end })
    }

    #[expect(
        clippy::inline_always,
        reason = "whoever reads millions of tokens wants them in registers"
    )]
    #[inline(always)]
    fn quick_value(&mut self, start: usize, byte: u8) -> Option<Token> {
        let (sort, end) = match byte {
            b'"' => (Sort::String, plain::sound_end(self.text, start)?),
            b'{' => {
                self.at = start;
                return Some(self.open(Shape::Object, Next::KeyOrClose));
            }
            b'[' => {
                self.at = start;
                return Some(self.open(Shape::Array, Next::ValueOrClose));
            }
            b'0'..=b'9' => (Sort::Number, number(self.text, start)?),
            b'-' => (Sort::Number, number(self.text, start + 1)?),
            b't' | b'f' | b'n' => (Sort::Word, word(self.text, start)?),
            _ => return None,
        };
        self.at = end;
        self.ended();
        Some(Token { sort, start, end })
    }
}

/// The first byte from a place on that is no white space, and where it is.
#[inline]
fn solid(text: &[u8], mut at: usize) -> Option<(usize, u8)> {
    loop {
        match *text.get(at)? {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            byte => return Some((at, byte)),
        }
    }
}

/// One past a number without its sign and with no exponent, where something follows.
#[inline]
fn number(text: &[u8], start: usize) -> Option<usize> {
    let mut at = match text.get(start)? {
        b'0' => start + 1,
        b'1'..=b'9' => digits(text, start),
        _ => return None,
    };
    if *text.get(at)? == b'.' {
        let end = digits(text, at + 1);
        if end == at + 1 {
            return None;
        }
        at = end;
    }
    (!matches!(text.get(at)?, b'e' | b'E')).then_some(at)
}

#[inline]
fn digits(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b'0'..=b'9')) {
        at += 1;
    }
    at
}

/// One past a word, where something follows.
#[inline]
fn word(text: &[u8], start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let word: &[u8] = match rest.first()? {
        b't' => b"true",
        b'f' => b"false",
        _ => b"null",
    };
    (rest.starts_with(word) && rest.len() > word.len()).then_some(start + word.len())
}
