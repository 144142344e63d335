//! Which tokens of JSON masking minds, for whoever reads a text's tokens anyway: most are neither a secret
//! nor tell of one, and are told by a few letters. It finds no secrets itself.

use std::ops::Range;

use super::mask_json::may_tell;
use super::mask_walk::MaskJson;
use super::redact::Masking;
use super::shapes::Spot;
use crate::text::{json, keys};

impl MaskJson {
    /// Begins with another window, for somebody who reads its tokens and asks for each.
    pub fn look_at(&mut self, masking: &Masking, window: &[u8]) {
        self.more = masking.more();
        self.escapes_hide = !masking.is_plain();
        self.escapes = memchr::memchr(b'\\', window).is_some();
        self.passed = 0;
        masking.marks(window, &mut self.marks);
    }

    /// A bracket opens.
    pub fn open(&mut self) {
        self.open.push(None);
    }

    /// A bracket closes.
    pub fn close(&mut self) {
        self.open.pop();
    }

    /// Whether any open object has called itself by the name of a secret.
    pub fn is_named(&self) -> bool {
        self.open.iter().any(Option::is_some)
    }

    /// Goes on where another walk ended, which began within the innermost bracket that is open here and
    /// met the end of so many that are.
    pub fn go_on(&mut self, mut later: Self, closed: usize) {
        // The first of those that are open there is open here, too.
        let shared = usize::from(!later.open.is_empty());
        let left = self.open.len().saturating_sub(closed + shared);
        self.open.truncate(left);
        self.open.append(&mut later.open);
        self.pass(later.at().saturating_sub(self.at()));
        self.carried = later.carried.take();
    }

    /// The places in a part of the window where a secret may be; parts are asked for in order.
    pub(super) fn marked(&mut self, start: usize, end: usize) -> Range<usize> {
        let is_before = |mark: &&Spot| mark.at() < start;
        let rest = self.marks.get(self.passed..).unwrap_or_default().iter();
        self.passed += rest.take_while(is_before).count();
        let rest = self.marks.get(self.passed..).unwrap_or_default().iter();
        self.passed..self.passed + rest.take_while(|mark| mark.at() < end).count()
    }

    fn is_marked(&mut self, start: usize, end: usize) -> bool {
        !self.marked(start, end).is_empty()
    }

    /// Whether a rule of the configuration matches what a token says.
    pub(super) fn is_more(&self, literal: &[u8], escapes: bool) -> bool {
        self.more.as_ref().is_some_and(|rules| {
            let inside = literal.strip_prefix(b"\"").unwrap_or(literal);
            let inside = inside.strip_suffix(b"\"").unwrap_or(inside);
            if escapes {
                rules.is_more(json::unquote(literal).as_bytes())
            } else {
                rules.is_more(inside)
            }
        })
    }

    /// Whether a key may say something of its value or be a secret itself.
    pub fn minds_key(&mut self, window: &[u8], start: usize, end: usize) -> bool {
        let literal = window.get(start..end).unwrap_or_default();
        may_tell(literal) || self.minds(literal, start, end)
    }

    /// Whether there may be a secret in a string: in the JSON that it holds, or behind escapes.
    pub fn minds_value(&mut self, window: &[u8], start: usize, end: usize) -> bool {
        let literal = window.get(start..end).unwrap_or_default();
        self.minds(literal, start, end)
    }

    /// Whether a number or word may be a secret.
    pub fn minds_atom(&mut self, window: &[u8], start: usize, end: usize) -> bool {
        let atom = window.get(start..end).unwrap_or_default();
        self.is_marked(start, end) || self.is_more(atom, false)
    }

    fn minds(&mut self, literal: &[u8], start: usize, end: usize) -> bool {
        let escapes = self.escapes && memchr::memchr(b'\\', literal).is_some();
        self.is_marked(start, end)
            || escapes && self.may_hide(literal)
            // a rule may mean the values in it
            || escapes && opens(literal) && (self.more.is_some() || names(literal))
            || self.is_more(literal, escapes)
    }

    /// Whether the escapes of a string may hide what its letters do not show: those that stand for
    /// letters, and any where a credential is spelled with some. What they show is marked.
    pub(super) fn may_hide(&self, literal: &[u8]) -> bool {
        self.escapes_hide || hides(literal, opens(literal))
    }
}

/// Whether there are escapes for letters in a string, or in the strings of JSON in it.
fn hides(literal: &[u8], is_json: bool) -> bool {
    let mut past = 0;
    memchr::memchr_iter(b'\\', literal).any(|at| {
        if at < past {
            return false;
        }
        let rest = literal.get(at + 1..).unwrap_or_default();
        past = at + 2;
        match rest {
            [b'\\', b'u' | b'/', ..] => is_json,
            [b'n' | b't' | b'r' | b'b' | b'f' | b'"' | b'\\', ..] => false,
            // The digits of others look like the beginning of what follows.
            _ => true,
        }
    })
}

/// Whether JSON in a string has a key whose end is that of the name of a secret, whatever stands in it: the
/// walk knows more names than the marks tell.
fn names(literal: &[u8]) -> bool {
    memchr::memchr_iter(b':', literal).any(|at| {
        let mut before = literal.get(..at).unwrap_or_default();
        while let [left @ .., b' ' | b'\t' | b'\n' | b'\r']
        | [left @ .., b'\\', b'n' | b't' | b'r'] = before
        {
            before = left;
        }
        let [name @ .., b'\\', b'"'] = before else {
            return false;
        };
        let solid = name.iter().rposition(|byte| *byte != b'\\');
        let name = name.get(..solid.map_or(0, |last| last + 1));
        keys::may_be_secret(name.unwrap_or_default())
    })
}

/// Whether a string begins like JSON.
pub(super) fn opens(literal: &[u8]) -> bool {
    let inside = literal.get(1..).unwrap_or_default();
    matches!(inside.trim_ascii_start().first(), Some(b'{' | b'['))
}
