//! Walks over JSON text and replaces what must not be seen. It reads by quotes and brackets only, so
//! that text with a fault, or cut in the middle, is masked as well as any; it never looks back, so that
//! its time is linear. Whether a value is a secret is not decided here.

use memchr::memchr2;

use super::redact::{Masking, Sort};
use crate::text::{json, keys};

/// Strings in strings that are looked into: a tool's output may be JSON around a text that is JSON.
const DEEPEST: u8 = 4;
/// No name of a secret is longer; what is has another end.
const LONGEST_NAME: usize = 200;

/// The text with its secrets replaced; none where there was nothing to replace.
pub(super) fn masked(masking: &mut Masking, text: &[u8], sort: Sort) -> Option<Vec<u8>> {
    let mut walk = Walk::new(masking, text);
    walk.sort = sort;
    walk.run();
    walk.finish()
}

struct Walk<'a, 'm> {
    masking: &'m mut Masking,
    text: &'a [u8],
    sort: Sort,
    at: usize,
    /// For each open bracket: what the object in it calls itself, if that is the name of a secret, as
    /// the members of a list of headers do (`{"name": "Authorization", "value": …}`).
    open: Vec<Option<String>>,
    /// Whether a credential stands in the text as it is; if not, only escapes may hide one.
    hot: bool,
    /// In how many strings around it this text was.
    embedded: u8,
    out: Vec<u8>,
    /// Up to here, the text is in `out` or replaced there.
    copied: usize,
}

impl<'a, 'm> Walk<'a, 'm> {
    fn new(masking: &'m mut Masking, text: &'a [u8]) -> Self {
        Self {
            hot: masking.finds(text),
            masking,
            text,
            sort: Sort::Any,
            at: 0,
            open: Vec::new(),
            embedded: 0,
            out: Vec::new(),
            copied: 0,
        }
    }

    fn finish(mut self) -> Option<Vec<u8>> {
        if self.copied == 0 {
            return None;
        }
        let rest = self.text.get(self.copied..).unwrap_or_default();
        self.out.extend_from_slice(rest);
        Some(self.out)
    }

    fn run(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => {
                    self.open.push(None);
                    self.at += 1;
                }
                b'}' | b']' => {
                    self.open.pop();
                    self.at += 1;
                }
                _ if is_atom(byte) => self.atom(),
                _ => self.at += 1,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn part(&self, start: usize, end: usize) -> &'a [u8] {
        self.text.get(start..end).unwrap_or_default()
    }

    fn replace(&mut self, start: usize, end: usize, by: &[u8]) {
        let before = self.part(self.copied, start);
        self.out.extend_from_slice(before);
        self.out.extend_from_slice(by);
        self.copied = end;
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A key, with its value if that is a secret, or a string that is a value.
    fn string(&mut self) {
        let start = self.at;
        let end = string_end(self.text, start);
        self.at = end;
        self.skip_space();
        if self.peek() != Some(b':') {
            self.value_string(start, end);
            return;
        }
        self.credentials(start, end);
        self.at += 1;
        self.skip_space();
        let key = json::unquote(self.part(start, end));
        let is_params = self.open.len() == 1 && self.sort == Sort::AgentexTask && key == "params";
        if is_params || keys::is_secret(&key) {
            self.secret(&key);
        } else if is_name(&key) {
            let named = self.secret_name(self.at);
            if let Some(own) = self.open.last_mut() {
                *own = named;
            }
        } else if key.eq_ignore_ascii_case("value") {
            let named = self.open.last().cloned().flatten();
            if let Some(name) = named.or_else(|| self.named_after()) {
                self.secret(&name);
            }
        }
    }

    /// The string at `at`, if it is the name of a secret.
    fn secret_name(&self, at: usize) -> Option<String> {
        let end = string_end(self.text, self.byte(at, b'"')?);
        let short = end - at <= LONGEST_NAME;
        let name = json::unquote(self.part(at, end.min(at + LONGEST_NAME)));
        (short && keys::is_secret(&name)).then(|| name.into_owned())
    }

    /// The same where the name follows the string that is here.
    fn named_after(&self) -> Option<String> {
        let value = self.byte(self.at, b'"')?;
        let comma = self.byte(self.solid(string_end(self.text, value)), b',')?;
        let key = self.byte(self.solid(comma + 1), b'"')?;
        let end = string_end(self.text, key);
        let colon = self.byte(self.solid(end), b':')?;
        if !is_name(&json::unquote(self.part(key, end))) {
            return None;
        }
        self.secret_name(self.solid(colon + 1))
    }

    /// `at`, where that byte stands there.
    fn byte(&self, at: usize, byte: u8) -> Option<usize> {
        (self.text.get(at) == Some(&byte)).then_some(at)
    }

    /// The first place from `at` on that is no white space.
    fn solid(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.len() - rest.trim_ascii_start().len()
    }

    /// The value that begins here, under a key that makes it a secret.
    fn secret(&mut self, key: &str) {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let end = string_end(self.text, start);
                let value = json::unquote(self.part(start, end));
                if !says_nothing(&value) {
                    self.mask(key, start, end, value.as_bytes());
                }
            }
            Some(b'{' | b'[') => {
                let end = container_end(self.text, start);
                let value = self.part(start, end);
                let is_empty = value.iter().skip(1).all(|b| b" \t\r\n]}".contains(b));
                if !is_empty {
                    self.mask(key, start, end, value);
                }
            }
            Some(byte) if is_atom(byte) => {
                let end = atom_end(self.text, start);
                let value = self.part(start, end);
                if !matches!(value, b"null" | b"true" | b"false") {
                    self.mask(key, start, end, value);
                }
            }
            _ => {}
        }
    }

    fn mask(&mut self, key: &str, start: usize, end: usize, value: &[u8]) {
        let placeholder = self.masking.placeholder(key, value);
        self.replace(start, end, format!("\"{placeholder}\"").as_bytes());
        self.at = end;
    }

    fn value_string(&mut self, start: usize, end: usize) {
        let inner = self.part(start + 1, end);
        let opens = matches!(inner.trim_ascii_start().first(), Some(b'{' | b'['));
        if !opens || self.embedded >= DEEPEST {
            self.credentials(start, end);
            return;
        }
        let says = json::unquote(self.part(start, end));
        let embedded = self.embedded;
        let mut walk = Walk::new(self.masking, says.as_bytes());
        walk.embedded = embedded + 1;
        walk.run();
        match walk.finish() {
            Some(masked) => {
                let masked = self.masking.credentials(&masked).unwrap_or(masked);
                self.requote(start, end, &masked);
            }
            None => self.credentials(start, end),
        }
    }

    /// Masks the credentials in use in a string literal.
    fn credentials(&mut self, start: usize, end: usize) {
        let literal = self.part(start, end);
        if !literal.contains(&b'\\') {
            if self.hot
                && let Some(masked) = self.masking.credentials(literal)
            {
                self.replace(start, end, &masked);
            }
            return;
        }
        let says = json::unquote(literal);
        if let Some(masked) = self.masking.credentials(says.as_bytes()) {
            self.requote(start, end, &masked);
        }
    }

    fn requote(&mut self, start: usize, end: usize, says: &[u8]) {
        let says = String::from_utf8_lossy(says);
        let literal = serde_json::to_string(&says).unwrap_or_default();
        self.replace(start, end, literal.as_bytes());
    }

    fn atom(&mut self) {
        let start = self.at;
        self.at = atom_end(self.text, start);
        let atom = self.part(start, self.at);
        let is_number = atom
            .iter()
            .all(|b| b.is_ascii_digit() || b"+-.eE".contains(b));
        if self.hot
            && is_number
            && let Some(masked) = self.masking.credentials(atom)
        {
            // a number with something else in it is no number any more
            let masked = String::from_utf8_lossy(&masked);
            let placeholder = masked.trim_matches(|c: char| c != '‹' && c != '›');
            self.replace(start, self.at, format!("\"{placeholder}\"").as_bytes());
        }
    }
}

/// Whether members of lists are called by the value of this key.
fn is_name(key: &str) -> bool {
    ["name", "key", "header"]
        .iter()
        .any(|word| key.eq_ignore_ascii_case(word))
}

/// What is neither space nor punctuation nor a string.
fn is_atom(byte: u8) -> bool {
    !matches!(
        byte,
        b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':'
    )
}

fn atom_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let len = rest.iter().position(|b| !is_atom(*b));
    start + len.unwrap_or(rest.len())
}

/// One past the closing quote, or the end of the text.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(run) = memchr2(b'"', b'\\', rest) else {
            return text.len();
        };
        at += run;
        if text.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
}

/// One past the bracket that closes the one at `start`, or the end of the text.
fn container_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut depth = 0_usize;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = string_end(text, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Whether there is nothing to hide: empty, or masked before it was sent.
fn says_nothing(value: &str) -> bool {
    let value = value.trim();
    let is_mask = |c: char| matches!(c, '*' | '•' | '…');
    let masks = value.chars().filter(|c| is_mask(*c)).count();
    let others = value.chars().count() - masks;
    let bare = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    value.is_empty()
        || (masks >= 3 && others <= 4)
        || is_placeholder(value)
        || ["redacted", "masked", "hidden"]
            .iter()
            .any(|word| bare.eq_ignore_ascii_case(word))
}

/// Whether it is one of our own placeholders.
fn is_placeholder(value: &str) -> bool {
    value
        .strip_prefix('‹')
        .and_then(|inner| inner.strip_suffix('›'))
        .and_then(|inner| inner.rsplit_once('#'))
        .is_some_and(|(name, number)| {
            !name.contains('‹') && number.bytes().all(|b| b.is_ascii_digit())
        })
}
