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
        self.opened = false;
    }

    /// The bracket of an array opens: its first string may name the second.
    pub fn open_array(&mut self) {
        self.open.push(None);
        self.opened = true;
    }

    /// A bracket closes.
    pub fn close(&mut self) {
        self.open.pop();
        self.opened = false;
    }

    /// A token is passed by that is not minded.
    #[inline]
    pub fn pass_by(&mut self) {
        self.opened = false;
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

    #[inline]
    fn is_marked(&mut self, start: usize, end: usize) -> bool {
        while let Some(mark) = self.marks.get(self.passed) {
            if mark.at() >= start {
                return mark.at() < end;
            }
            self.passed += 1;
        }
        false
    }

    /// Whether there is nothing in a whole string without escapes.
    #[inline]
    pub(super) fn is_clear(&mut self, start: usize, end: usize) -> bool {
        self.more.is_none() && !self.is_marked(start, end)
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
    if !has_odd_escape(literal) {
        return false;
    }
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

/// Whether a backslash stands before something that seldom follows one, or last. Without branches, so that
/// many bytes are looked at at once.
fn has_odd_escape(literal: &[u8]) -> bool {
    let is = u8::from;
    let is_odd = |(a, b): (&u8, &u8)| {
        let is_common = is(*b == b'"')
            | is(*b == b'\\')
            | is(*b == b'n')
            | is(*b == b't')
            | is(*b == b'r')
            | is(*b == b'b')
            | is(*b == b'f');
        is(*a == b'\\') & !is_common
    };
    let behind = literal.get(1..).unwrap_or_default();
    let pairs = literal.iter().zip(behind);
    pairs.fold(0, |any, pair| any | is_odd(pair)) != 0 || literal.last() == Some(&b'\\')
}

/// Whether JSON in a string has a key that is, or spelt with escapes may be, the name of a secret, whatever
/// stands in it: the walk knows more names than the marks tell. Where the string is cut, or has JSON in
/// strings itself, a key that looks a little like one is enough: there the walk finds what has no mark.
fn names(literal: &[u8]) -> bool {
    let mut may = false;
    let is = memchr::memchr_iter(b':', literal).any(|at| {
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
        let name = name.unwrap_or_default();
        let Some(last) = name.last_chunk::<3>() else {
            return false;
        };
        if last.iter().all(u8::is_ascii_alphanumeric) && !keys::may_be_secret(name) {
            return false;
        }
        may = true;
        let begins = memchr::memrchr2(b'"', b'\\', name);
        match begins.and_then(|at| name.split_at_checked(at)) {
            Some((_, [b'"', key @ ..])) => std::str::from_utf8(key).map_or(true, tells),
            _ => true,
        }
    });
    is || may && !is_flat(literal)
}

fn tells(key: &str) -> bool {
    keys::tells(key) != keys::Tells::Nothing
}

/// Whether JSON in a string is whole, as far as its end tells, and no string in it begins like JSON.
fn is_flat(literal: &[u8]) -> bool {
    // white space, as it is or escaped
    let is_blank =
        |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'\\' | b'n' | b't' | b'r' | b'f');
    let inside = literal.strip_suffix(b"\"").unwrap_or_default();
    let last = inside.iter().rev().find(|byte| !is_blank(byte));
    if !matches!(last, Some(b'}' | b']')) {
        return false;
    }
    let behind = inside.get(1..).unwrap_or_default();
    !memchr::memchr_iter(b'"', behind).any(|at| {
        let mut rest = behind.get(at + 1..).unwrap_or_default().iter();
        matches!(rest.find(|byte| !is_blank(byte)), Some(b'{' | b'['))
    })
}

/// Whether a string begins like JSON.
pub(super) fn opens(literal: &[u8]) -> bool {
    let inside = literal.get(1..).unwrap_or_default();
    matches!(inside.trim_ascii_start().first(), Some(b'{' | b'['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_that_hide_nothing_are_told_wherever_they_stand() {
        for before in 0..40 {
            let text = |escape: &str| format!("\"{}{escape}b\"", "a".repeat(before));
            for escape in [r"\n", r"\t", r"\r", r"\b", r"\f", r#"\""#, r"\\", r"\\\n"] {
                assert!(!hides(text(escape).as_bytes(), true), "{escape}");
            }
            for escape in [r"\u0041", r"\/", r"\x"] {
                assert!(hides(text(escape).as_bytes(), false), "{escape}");
            }
            assert!(hides(text(r"\\u0041").as_bytes(), true));
            assert!(!hides(text(r"\\u0041").as_bytes(), false));
        }
        assert!(hides(b"\"cut\\", false));
    }

    #[test]
    fn keys_in_strings_count_by_their_whole_name() {
        for key in ["password", "api_key", r"pass\\u0077ord"] {
            assert!(names(format!(r#""{{\"{key}\" : 1}}""#).as_bytes()), "{key}");
        }
        for key in ["case", "path", "action", "id", ""] {
            assert!(!names(format!(r#""{{\"{key}\":1}}""#).as_bytes()), "{key}");
        }
        // nothing is sure of what is cut, or has JSON in strings
        for literal in [
            r#""{\"case\":1,\"b\":\"c""#,
            r#""{\"case\":\"{\"}""#,
            r#""{\"id\":\"\\n [\"}""#,
        ] {
            assert!(names(literal.as_bytes()), "{literal}");
        }
    }
}
