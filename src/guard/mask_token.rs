//! Which tokens of JSON masking minds, for whoever reads a text's tokens anyway: most are neither a secret
//! nor tell of one, and are told by a few letters. It finds no secrets itself.

use super::mask_json::may_tell;
use super::mask_walk::MaskJson;
use super::redact::Masking;
use super::shapes::Rules;

impl MaskJson {
    /// Begins with another window, for somebody who reads its tokens and asks for each.
    pub fn look_at(&mut self, masking: &Masking, window: &[u8]) {
        self.hot = masking.minds_all() || masking.finds(window);
        self.escapes = memchr::memchr(b'\\', window).is_some();
        self.passed = 0;
        self.marks.clear();
        self.numbers = !masking.is_open() && Rules::marks(window, &mut self.marks);
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
    }

    /// Whether it minds every number and word: a credential stands in the window, or a number may be a
    /// secret.
    pub fn is_hot(&self) -> bool {
        self.hot || self.numbers
    }

    /// Whether a secret may begin in a part of the window; parts are asked for in order.
    pub(super) fn is_marked(&mut self, start: usize, end: usize) -> bool {
        while self
            .marks
            .get(self.passed)
            .is_some_and(|mark| *mark < start)
        {
            self.passed += 1;
        }
        self.marks.get(self.passed).is_some_and(|mark| *mark < end)
    }

    /// Whether a key may say something of its value or be a secret itself.
    pub fn minds_key(&mut self, window: &[u8], start: usize, end: usize) -> bool {
        let literal = window.get(start..end).unwrap_or_default();
        self.hot
            || may_tell(literal)
            || self.escapes && literal.contains(&b'\\')
            || self.is_marked(start, end)
    }

    /// Whether there may be a secret in a string: in the JSON that it holds, or behind escapes.
    pub fn minds_value(&mut self, window: &[u8], start: usize, end: usize) -> bool {
        let literal = window.get(start..end).unwrap_or_default();
        self.hot
            || opens(literal)
            || self.escapes && memchr::memchr(b'\\', literal).is_some()
            || self.is_marked(start, end)
    }
}

/// Whether a string begins like JSON.
pub(super) fn opens(literal: &[u8]) -> bool {
    let inside = literal.get(1..).unwrap_or_default();
    matches!(inside.trim_ascii_start().first(), Some(b'{' | b'['))
}
