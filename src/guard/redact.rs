//! Secrets masked, the same secret always by the same placeholder of one output. Masks the credentials
//! in use wherever they occur and, in JSON, the values under keys that are named like secrets. It never
//! fails and never lets through what it could not read. Names of keys are judged in `text::keys`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher as _;
use std::ops::Range;
use std::sync::Arc;

use secrecy::SecretString;

use super::mask_json;
use super::needles::Needles;
use crate::text::json;

/// What a JSON text is a record of, as far as masking cares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Anything.
    #[default]
    Any,
    /// A task of Agentex, whose `params` are somebody's credentials as often as not.
    AgentexTask,
}

impl Sort {
    /// What records of a service are.
    pub fn of(provider: &str) -> Self {
        if provider == "agentex" {
            Self::AgentexTask
        } else {
            Self::Any
        }
    }
}

/// Knows the credentials in use. Cloning shares them.
#[derive(Clone, Default)]
pub struct Redactor(Option<Arc<Needles>>);

impl Redactor {
    /// Of these; those of fewer than 6 characters would mask ordinary words and are left out.
    pub fn new(credentials: Vec<SecretString>) -> Self {
        Self(Needles::new(credentials).map(Arc::new))
    }

    /// The masking of one output, in which placeholders are numbered in order of appearance.
    pub fn masking(&self) -> Masking {
        Masking {
            needles: self.0.clone(),
            ..Masking::default()
        }
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

/// The masking of one output. A clone goes on counting by itself.
#[derive(Clone, Default)]
pub struct Masking {
    needles: Option<Arc<Needles>>,
    /// Placeholders by the hash of what they stand for: the secrets themselves are not kept.
    known: HashMap<u64, Arc<str>>,
    hashes: RandomState,
    masked: usize,
}

impl std::fmt::Debug for Masking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Masking({} masked)", self.masked)
    }
}

impl Masking {
    /// How many places were masked so far.
    pub fn masked(&self) -> usize {
        self.masked
    }

    /// What stands for secrets so far, for whoever puts something else in its place.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.known.values().map(|placeholder| &**placeholder)
    }

    /// Text with the credentials in use masked, also one that a cut (`…`) at the end goes through, and
    /// with the values of secret keys where members of JSON stand in it.
    pub fn text<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let has_members = text.contains('{') && text.contains("\":");
        let by_key = has_members.then(|| mask_json::masked(self, text.as_bytes(), Sort::Any));
        let by_key = by_key.flatten();
        let shown = by_key.as_deref().unwrap_or(text.as_bytes());
        let whole = match self.credentials(shown).or(by_key) {
            None => Cow::Borrowed(text),
            Some(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
        };
        let Some(needles) = self.needles.clone() else {
            return whole;
        };
        let Some(found) = needles.find_cut(whole.as_bytes()) else {
            return whole;
        };
        let before = whole.get(..found.start).unwrap_or_default();
        let placeholder = self.placeholder("key", needles.secret(found.secret).as_bytes());
        Cow::Owned(format!("{before}{placeholder}…"))
    }

    /// JSON text, byte for byte but for masked values, which become strings. What is no JSON is masked
    /// as text, and besides as far as it resembles JSON (a body cut in the middle).
    pub fn json<'a>(&mut self, bytes: &'a [u8], sort: Sort) -> Cow<'a, [u8]> {
        let masked = mask_json::masked(self, bytes, sort);
        if self.needles.is_none() || json::fault(bytes).is_none() {
            return masked.map_or(Cow::Borrowed(bytes), Cow::Owned);
        }
        let shown = masked.as_deref().unwrap_or(bytes);
        match self.credentials(shown) {
            Some(whole) => Cow::Owned(whole),
            None => masked.map_or(Cow::Borrowed(bytes), Cow::Owned),
        }
    }

    /// Whether there is any credential to be searched for.
    pub(super) fn searches(&self) -> bool {
        self.needles.is_some()
    }

    /// Takes back what was counted since, because it will be met once more.
    pub(super) fn recount(&mut self, masked: usize) {
        self.masked = masked;
    }

    /// Bytes that a credential in use takes at most; 0 where there are none.
    pub(super) fn longest(&self) -> usize {
        self.needles.as_ref().map_or(0, |needles| needles.longest())
    }

    /// The first credential in use from `from` on, and what stands for it.
    pub(super) fn credential(
        &mut self,
        bytes: &[u8],
        from: usize,
    ) -> Option<(Range<usize>, Arc<str>)> {
        let needles = self.needles.clone()?;
        let found = needles.find(bytes, from)?;
        let by = self.placeholder("key", needles.secret(found.secret).as_bytes());
        Some((found.start..found.end, by))
    }

    /// The beginning of a credential that a cut (`…`) at the end of the text goes through.
    pub(super) fn cut_credential(&mut self, bytes: &[u8]) -> Option<(Range<usize>, Arc<str>)> {
        let needles = self.needles.clone()?;
        let found = needles.find_cut(bytes)?;
        let by = self.placeholder("key", needles.secret(found.secret).as_bytes());
        Some((found.start..found.end, by))
    }

    /// Whether a credential in use stands in it.
    pub(super) fn finds(&self, bytes: &[u8]) -> bool {
        let needles = self.needles.as_ref();
        needles.is_some_and(|needles| needles.find(bytes, 0).is_some())
    }

    /// The same with the credentials in use masked; none where there are none in it.
    pub(super) fn credentials(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut found = self.needles.as_ref()?.find(bytes, 0)?;
        let needles = self.needles.clone()?;
        let mut out = Vec::with_capacity(bytes.len());
        let mut copied = 0;
        loop {
            out.extend_from_slice(bytes.get(copied..found.start).unwrap_or_default());
            let placeholder = self.placeholder("key", needles.secret(found.secret).as_bytes());
            out.extend_from_slice(placeholder.as_bytes());
            copied = found.end;
            match needles.find(bytes, copied) {
                Some(next) => found = next,
                None => break,
            }
        }
        out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
        Some(out)
    }

    /// What stands for this value, named after the key under which it was met first.
    pub(super) fn placeholder(&mut self, key: &str, value: &[u8]) -> Arc<str> {
        self.masked += 1;
        let number = self.known.len() + 1;
        match self.known.entry(self.hashes.hash_one(value)) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new
                .insert(format!("‹{}#{number}›", name(key)).into())
                .clone(),
        }
    }
}

/// The key if it can stand in a placeholder as it is.
fn name(key: &str) -> &str {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if (1..=40).contains(&key.len()) && key.chars().all(fine) {
        key
    } else {
        "key"
    }
}

#[cfg(test)]
mod tests;
