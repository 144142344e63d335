//! Scanning a text window by window: a scan is held between two windows and takes up the next where the
//! last whole token ended. A token that may go on behind the window is not given; the next window must
//! begin with it.

use super::{Fault, Levels, Next, Scanner, Sort, Token, Wrong};

/// A scan between two windows.
#[derive(Debug, Default)]
pub struct Held {
    pub(super) levels: Levels,
    pub(super) next: Option<Next>,
}

/// A place before a token.
#[derive(Clone, Copy, Debug)]
pub struct At(usize, Next);

/// What a scan of a window came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// The next token.
    Token(Token),
    /// The window has no further whole token.
    More,
    /// The value is whole and nothing follows.
    End,
    /// What is wrong.
    Fault(Fault),
}

impl<'a> Scanner<'a> {
    /// Goes on with a window that begins where the last one was given up.
    pub fn resume(text: &'a [u8], held: Held) -> Self {
        Self {
            text,
            at: 0,
            next: held.next.unwrap_or(Next::Value),
            levels: held.levels,
        }
    }

    /// Gives the window up: what is needed to go on, and the first byte of it that is still needed; after
    /// a fault, the one behind the last whole token.
    pub fn hold(self) -> (Held, usize) {
        let next = Some(self.next);
        let levels = self.levels;
        (Held { levels, next }, self.at)
    }

    /// The next token of a window; behind the last window there is nothing.
    #[expect(
        clippy::inline_always,
        reason = "whoever reads millions of tokens wants them in registers"
    )]
    #[inline(always)]
    pub fn come(&mut self, is_last: bool) -> Came {
        match self.quick() {
            Some(token) => Came::Token(token),
            None => self.come_slowly(is_last),
        }
    }

    #[inline(never)]
    fn come_slowly(&mut self, is_last: bool) -> Came {
        let before = (self.at, self.next);
        let may_go_on = |token: Token| {
            matches!(token.sort, Sort::Number | Sort::Word) && token.end == self.text.len()
        };
        match self.slow() {
            Some(Ok(token)) if is_last || !may_go_on(token) => return Came::Token(token),
            Some(Err(fault)) if is_last || fault.what != Wrong::Cut => {
                self.at = before.0;
                return Came::Fault(fault);
            }
            None if is_last => return Came::End,
            Some(_) | None => {}
        }
        (self.at, self.next) = before;
        Came::More
    }

    /// Where it is, to go back there before the next bracket.
    #[inline]
    pub fn place(&self) -> At {
        At(self.at, self.next)
    }

    /// Takes back the last token, which was no bracket.
    pub fn back_to(&mut self, at: At) {
        At(self.at, self.next) = at;
    }

    /// Goes on behind the container that was opened last, which is known to end before `end`.
    pub fn jump(&mut self, end: usize) {
        self.levels.pop();
        self.at = end;
        self.ended();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All tokens and the outcome, read in windows of `size` bytes and more where that is too few.
    fn in_windows(text: &[u8], size: usize) -> (Vec<Token>, Option<Fault>) {
        let (mut tokens, mut base, mut len, mut held) = (Vec::new(), 0, size, Held::default());
        loop {
            let is_last = base + len >= text.len();
            let window = &text[base..(base + len).min(text.len())];
            let mut scanner = Scanner::resume(window, held);
            loop {
                match scanner.come(is_last) {
                    Came::Token(token) => tokens.push(Token {
                        start: token.start + base,
                        end: token.end + base,
                        ..token
                    }),
                    Came::Fault(fault) => {
                        let at = fault.at + base;
                        return (tokens, Some(Fault { at, ..fault }));
                    }
                    Came::End => return (tokens, None),
                    Came::More => break,
                }
            }
            let (kept, at) = scanner.hold();
            len = if at == 0 { len * 2 } else { size };
            (held, base) = (kept, base + at);
        }
    }

    proptest! {
        #[test]
        fn windows_of_any_size_make_no_difference(
            text in r#"[\[\]{}",:0-9a\\.eu+ \-truefalsné]{0,40}"#,
            size in 1_usize..12,
        ) {
            let whole = in_windows(text.as_bytes(), 1000);
            prop_assert_eq!(in_windows(text.as_bytes(), size), whole);
        }

        #[test]
        fn sound_texts_too(value in r#"(\{("a":(1|"x\\n"|\[true, -2\.5e3\]),){0,5}"é":null\} *){1}"#, size in 1_usize..12) {
            prop_assert_eq!(super::super::fault(value.as_bytes()), None);
            prop_assert_eq!(in_windows(value.as_bytes(), size), in_windows(value.as_bytes(), 1000));
        }
    }
}
