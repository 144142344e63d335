//! Strings that are no secrets as a whole: what is secret in them is masked, also in JSON that they hold.

use super::{DEEPEST, LONGEST_NAME, MaskJson, Walk};
use crate::{
    guard::{edits::applied, mask_token::opens, shapes::Spots},
    text::json,
};

impl Walk<'_, '_> {
    pub(super) fn value_string(&mut self, start: usize, end: usize, escapes: bool) {
        let literal = self.part(start, end);
        if !opens(literal) || self.state.embedded >= DEEPEST {
            self.search(start, end, escapes, true);
            return;
        }
        if !self.state.minds_value(self.text, start, end) {
            return;
        }
        let says = json::unquote(self.part(start, end));
        let mut edits = Vec::new();
        let mut within = MaskJson {
            embedded: self.state.embedded + 1,
            ..MaskJson::default()
        };
        let since = self.masking.places_so_far();
        within.run(self.masking, says.as_bytes(), true, &mut edits);
        let at = Some(self.base + start);
        self.masking.settle_places(since, says.as_bytes(), at);
        if edits.is_empty() {
            self.search(start, end, escapes, true);
            return;
        }
        let key = self.key_of(start).map(<[u8]>::to_vec);
        let key = key.as_deref();
        let masked = applied(says.as_bytes(), 0, &edits);
        match self.masking.hidden(&masked, key, false, Spots::Unknown) {
            Some(masked) => self.requote(start, end, &masked),
            None => self.requote(start, end, &masked),
        }
    }

    /// The key of the member whose value begins here, as it is written, if the window holds it or the one
    /// before did.
    pub(super) fn key_of(&self, start: usize) -> Option<&[u8]> {
        let before = self.part(start.saturating_sub(LONGEST_NAME), start);
        let bare = before.trim_ascii_end();
        if let Some((at, key)) = &self.state.carried
            && (self.base..=self.base + start).contains(at)
            && start == before.len()
            && matches!(before.trim_ascii(), b"" | b":")
        {
            return Some(key);
        }
        let name = bare.strip_suffix(b":")?;
        let name = name.trim_ascii_end().strip_suffix(b"\"")?;
        let quote = memchr::memrchr(b'"', name)?;
        name.get(quote + 1..)
    }

    /// Masks what is secret in a string literal, with or without backslashes, a key or a value.
    pub(super) fn search(&mut self, start: usize, end: usize, escapes: bool, is_value: bool) {
        let literal = self.part(start, end);
        let inside = literal.get(1..).unwrap_or_default();
        let is_whole = inside.ends_with(b"\"") && self.text.get(start) == Some(&b'"');
        let ends = !is_whole;
        let marked = self.state.marked(start, end);
        let may_hide = ends || escapes && self.state.may_hide(literal);
        if marked.is_empty() && !may_hide && !self.state.is_more(literal, escapes) {
            return;
        }
        let key = if is_value { self.key_of(start) } else { None };
        let key = key.map(<[u8]>::to_vec);
        let key = key.as_deref();
        if escapes {
            let says = match inside.strip_suffix(b"\"") {
                Some(inside) if is_whole => json::unescaped(inside),
                _ => json::unquote(literal).into_owned().into_bytes(),
            };
            let masked = self.masking.hidden(&says, key, ends, Spots::Unknown);
            if let Some(masked) = masked {
                self.requote(start, end, &masked);
            }
            return;
        }
        let inside = if is_whole {
            inside.strip_suffix(b"\"")
        } else {
            Some(inside)
        };
        let marks = self.state.marks.get(marked).unwrap_or_default();
        let spots = if ends {
            Spots::Unknown
        } else {
            Spots::Known(marks, start + 1)
        };
        let inside = inside.unwrap_or_default();
        if let Some(masked) = self.masking.hidden(inside, key, ends, spots) {
            let masked = String::from_utf8_lossy(&masked);
            let close = if is_whole { "\"" } else { "" };
            self.replace(start, end, format!("\"{masked}{close}"));
        }
    }

    fn requote(&mut self, start: usize, end: usize, says: &[u8]) {
        let says = String::from_utf8_lossy(says);
        let literal = serde_json::to_string(&says).unwrap_or_default();
        self.replace(start, end, literal);
    }
}
