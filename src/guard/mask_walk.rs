//! Walks over JSON text and finds what must not be seen. It reads by quotes and brackets only, so that
//! text with a fault, or cut in the middle, is masked as well as any; it never looks back further than
//! the token that its window cuts, so that its time is linear. Whether a value is a secret is not
//! decided here.

mod near;
mod values;

use std::sync::Arc;

use super::edits::Edit;
use super::mask_json::{
    atom_end, container_end, is_atom, is_json_atom, is_name, is_schema, may_tell, says_nothing,
    stands_for,
};
use super::redact::{Masking, Sort};
use super::shapes::{Rules, Spot, Spots};
use crate::text::{
    json::{self, literal_end, string_end},
    keys::{self, Tells},
};

/// Strings in strings that are looked into: a tool's output may be JSON around a text that is JSON.
const DEEPEST: u8 = 4;
/// No name of a secret is longer; what is has another end.
const LONGEST_NAME: usize = 200;

/// Finds the secrets of a JSON text window by window.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what was seen of a window, and of the last token"
)]
pub struct MaskJson {
    sort: Sort,
    /// The first byte that the next window has to hold.
    at: usize,
    /// For each open bracket: what the object in it calls itself, if that is the name of a secret, as
    /// the members of a list of headers do (`{"name": "Authorization", "value": …}`).
    pub(super) open: Vec<Option<Box<str>>>,
    /// In how many strings around it this text was.
    embedded: u8,
    /// Of the window that is looked at: whether a backslash stands in it, and whether one may hide a
    /// credential.
    pub(super) escapes: bool,
    pub(super) escapes_hide: bool,
    /// Places in the window where a secret may be, those before `passed` done with.
    pub(super) marks: Vec<Spot>,
    pub(super) passed: usize,
    /// The rules, where some of them match what nothing foretells.
    pub(super) more: Option<Arc<Rules>>,
    /// Whether something was met that is not JSON, and whether the last token was neither string nor
    /// punctuation.
    pub(super) is_odd: bool,
    after_atom: bool,
    /// Whether the last token opened an array.
    pub(super) opened: bool,
    /// The key of the member whose value the next window begins with, as it is written, and where that
    /// window begins.
    pub(super) carried: Option<(usize, Box<[u8]>)>,
}

impl MaskJson {
    /// For a text that is a record of that sort.
    pub fn new(sort: Sort) -> Self {
        Self {
            sort,
            ..Self::default()
        }
    }

    /// Up to here all edits are found; the next window begins here.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next window begins at `at`, behind this key, as it is written with its quotes.
    pub fn carry_key(&mut self, at: usize, literal: &[u8]) {
        let name = literal.strip_prefix(b"\"").unwrap_or(literal);
        let name = name.strip_suffix(b"\"").unwrap_or(name);
        self.carried = (name.len() <= LONGEST_NAME).then(|| (at, name.into()));
    }

    /// Passes over text in which there is nothing to find.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes through one token of a window, a key with what has to be known about its value: `at` is where
    /// the window begins in the text and where the token begins in the window. False where the window is
    /// too short; then nothing has changed.
    pub fn token(
        &mut self,
        masking: &mut Masking,
        window: &[u8],
        (base, start): (usize, usize),
        is_last: bool,
        edits: &mut Vec<Edit>,
    ) -> bool {
        if base + start < self.at {
            // in what is masked already
            return true;
        }
        let mut walk = Walk {
            masking,
            text: window,
            base,
            at: start,
            is_last,
            state: self,
            edits,
        };
        let (known, at) = (walk.one(), walk.at);
        self.at = base + at;
        known
    }

    /// Goes through a window that begins at `at`, as far as it holds whole tokens and what has to be
    /// known about them. Where it goes on behind nothing, a larger window is needed.
    pub fn run(
        &mut self,
        masking: &mut Masking,
        window: &[u8],
        is_last: bool,
        edits: &mut Vec<Edit>,
    ) {
        self.look_at(masking, window);
        let mut walk = Walk {
            masking,
            text: window,
            base: self.at,
            at: 0,
            is_last,
            state: self,
            edits,
        };
        walk.run();
        let at = walk.at;
        self.at += at;
    }
}

/// The window ends before it is known what stands here.
struct More;

struct Walk<'a, 'm> {
    masking: &'m mut Masking,
    state: &'m mut MaskJson,
    edits: &'m mut Vec<Edit>,
    text: &'a [u8],
    /// Where the window begins in the whole text.
    base: usize,
    at: usize,
    is_last: bool,
}

impl<'a> Walk<'a, '_> {
    fn run(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'[' => {
                    self.state.open.push(None);
                    self.pass_sign();
                    self.state.opened = byte == b'[';
                    continue;
                }
                b'}' | b']' => {
                    self.state.open.pop();
                    self.pass_sign();
                    continue;
                }
                b',' | b':' => {
                    self.pass_sign();
                    continue;
                }
                b' ' | b'\t' | b'\n' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            if !self.one() {
                return;
            }
        }
    }

    fn pass_sign(&mut self) {
        self.at += 1;
        self.state.after_atom = false;
        self.state.opened = false;
    }

    /// The token that begins here; false, and nothing done, where the window is too short for it.
    fn one(&mut self) -> bool {
        let (at, edits, masked) = (self.at, self.edits.len(), self.masking.masked());
        self.masking.stand_at(Some(self.base + at));
        let done = if self.peek() == Some(b'"') {
            self.string()
        } else {
            self.atom()
        };
        if done.is_err() {
            self.at = at;
            let key = self.key_of(at).map(Into::into);
            self.state.carried = key.map(|key| (self.base + at, key));
            self.edits.truncate(edits);
            self.masking.recount(masked);
        } else {
            self.state.opened = false;
        }
        done.is_ok()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The byte at a place; none behind the whole text.
    fn byte(&self, at: usize) -> Result<Option<u8>, More> {
        match self.text.get(at) {
            Some(byte) => Ok(Some(*byte)),
            None if self.is_last => Ok(None),
            None => Err(More),
        }
    }

    fn part(&self, start: usize, end: usize) -> &'a [u8] {
        self.text.get(start..end).unwrap_or_default()
    }

    /// What ends nowhere ends with the whole text.
    fn end(&self, found: Option<usize>) -> Result<usize, More> {
        match found {
            Some(end) => Ok(end),
            None if self.is_last => Ok(self.text.len()),
            None => Err(More),
        }
    }

    fn string_end(&self, start: usize) -> Result<usize, More> {
        self.end(string_end(self.text, start))
    }

    fn replace(&mut self, start: usize, end: usize, by: String) {
        self.edits.push(Edit {
            start: self.base + start,
            end: self.base + end,
            by: by.into(),
        });
    }

    /// The first place from `at` on that is no white space.
    fn solid(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let space = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
        at + rest.iter().take_while(|b| space(b)).count()
    }

    /// A key, with its value if that is a secret, or a string that is a value.
    fn string(&mut self) -> Result<(), More> {
        let start = self.at;
        let (end, escapes, is_clear) = match literal_end(self.text, start) {
            Some((end, escapes)) => (end, escapes, !escapes && self.state.is_clear(start, end)),
            None if self.is_last => {
                let rest = self.part(start, self.text.len());
                (self.text.len(), rest.contains(&b'\\'), false)
            }
            None => return Err(More),
        };
        self.at = self.solid(end);
        if self.byte(self.at)? != Some(b':') {
            if !is_clear {
                self.value_string(start, end, escapes);
                self.next_string(start, end)?;
            }
            return Ok(());
        }
        if !is_clear {
            self.search(start, end, escapes, false);
        }
        self.at = self.solid(self.at + 1);
        self.byte(self.at)?;
        if !escapes && !may_tell(self.part(start, end)) {
            return Ok(());
        }
        let key = json::unquote(self.part(start, end));
        let sort = self.state.sort;
        let is_params = self.state.open.len() == 1 && sort == Sort::AgentexTask && key == "params";
        if self.masking.is_open() {
            return Ok(());
        }
        let tells = keys::tells(&key);
        if is_params {
            self.secret(&key, Tells::Secret)?;
        } else if tells != Tells::Nothing && self.masking.minds_key(&key) {
            self.secret(&key, tells)?;
        } else if is_name(&key) {
            let named = self.secret_name(self.at)?;
            if let Some(own) = self.state.open.last_mut() {
                *own = named;
            }
        } else if key.eq_ignore_ascii_case("value") {
            let named = self.state.open.last().cloned().flatten();
            let named = match named {
                Some(name) => Some(name),
                None => self.named_after()?,
            };
            if let Some(name) = named {
                self.secret(&name, keys::tells(&name))?;
            }
        }
        Ok(())
    }

    /// The value that begins here, under a key that makes it a secret.
    fn secret(&mut self, key: &str, tells: Tells) -> Result<(), More> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let end = self.string_end(start)?;
                let value = json::unquote(self.part(start, end));
                let (scheme, bare) = scheme_and_secret(&value);
                let is_shown = !tells.hides(&value)
                    || says_nothing(bare)
                    || stands_for(key, &value)
                    || self.is_of_model(key, end)?
                    || self.masking.allows(value.as_bytes());
                if !is_shown {
                    self.mask(key, start, end, scheme, bare.as_bytes());
                }
            }
            Some(b'{' | b'[') if matches!(tells, Tells::Secret | Tells::Text) => {
                let end = self.end(container_end(self.text, start))?;
                let value = self.part(start, end);
                let is_empty = value.iter().skip(1).all(|b| b" \t\r\n]}".contains(b));
                if !is_empty && !is_schema(value) {
                    self.mask(key, start, end, "", value);
                }
            }
            Some(byte) if is_atom(byte) && tells == Tells::Secret => {
                let end = self.end(atom_end(self.text, start))?;
                let value = self.part(start, end);
                if !matches!(value, b"null" | b"true" | b"false") {
                    self.mask(key, start, end, "", value);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn mask(&mut self, key: &str, start: usize, end: usize, scheme: &str, value: &[u8]) {
        self.masking.stand_at(Some(self.base + start));
        if let Some(placeholder) = self.masking.placeholder(key, value) {
            // Behind any other name it may be a part of the secret.
            let is_sent = key.to_ascii_lowercase().contains("auth");
            let scheme = if is_sent { scheme } else { "" };
            let gap = if scheme.is_empty() { "" } else { " " };
            self.replace(start, end, format!("\"{scheme}{gap}{placeholder}\""));
        }
        self.at = end;
    }

    fn atom(&mut self) -> Result<(), More> {
        let start = self.at;
        self.at = self.end(atom_end(self.text, start))?;
        let alone = self.state.open.is_empty() || self.state.after_atom;
        self.state.is_odd |= alone || !is_json_atom(self.part(start, self.at));
        self.state.after_atom = true;
        let atom = self.part(start, self.at);
        if self.state.minds_atom(self.text, start, self.at)
            && is_json_atom(atom)
            && let Some(masked) = self.masking.hidden(atom, None, false, Spots::Unknown)
        {
            // a number with something else in it is no number any more
            let masked = String::from_utf8_lossy(&masked);
            let placeholder = masked.trim_matches(|c: char| c != '‹' && c != '›');
            self.replace(start, self.at, format!("\"{placeholder}\""));
        }
        Ok(())
    }
}

/// The word that says how a credential is sent, and the credential, which is the same one without. The word
/// is no secret, and nobody could send the value without it.
fn scheme_and_secret(value: &str) -> (&str, &str) {
    let (scheme, rest) = value.split_once(' ').unwrap_or(("", value));
    let is_scheme = ["bearer", "basic", "token"]
        .iter()
        .any(|word| scheme.eq_ignore_ascii_case(word));
    if is_scheme {
        (scheme, rest.trim())
    } else {
        ("", value)
    }
}
