//! Secrets masked, the same secret always by the same placeholder of one output. Masks the credentials
//! in use wherever they occur, in JSON the values under keys that are named like secrets, and everywhere
//! what has the shape of a secret. It never fails and never lets through what it could not read. Names
//! of keys are judged in `text::keys`, shapes in `shapes`.

mod cut;
mod id;
mod ledger;
mod renamed;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use secrecy::SecretString;

use super::mask_json;
use super::needles::Needles;
use super::shapes::{Rules, Spot, Spots};
pub use ledger::{ASKED, Fate, Place, Secret};
use ledger::{Choices, Ledger};

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

/// Knows the credentials in use and the rules. Cloning shares them.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Option<Arc<Needles>>,
    rules: Arc<Rules>,
    choices: Arc<Choices>,
    is_open: bool,
}

impl Redactor {
    /// Of these credentials, with all rules that there are; credentials of fewer than 6 characters would
    /// mask ordinary words and are left out.
    pub fn new(credentials: Vec<SecretString>) -> Self {
        Self {
            needles: Needles::new(credentials).map(Arc::new),
            ..Self::default()
        }
    }

    /// The same with other rules.
    #[must_use]
    pub fn with(self, rules: Arc<Rules>) -> Self {
        Self { rules, ..self }
    }

    /// The same where somebody asked for everything unmasked: the credentials in use are masked even then.
    #[must_use]
    pub fn open(&self) -> Self {
        Self {
            is_open: true,
            ..self.clone()
        }
    }

    /// Whether another one is this one, and not only one that masks the same.
    pub fn is(&self, other: &Self) -> bool {
        let same = |one: &Option<Arc<Needles>>, other: &Option<Arc<Needles>>| match (one, other) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same(&self.needles, &other.needles)
            && Arc::ptr_eq(&self.rules, &other.rules)
            && Arc::ptr_eq(&self.choices, &other.choices)
            && self.is_open == other.is_open
    }

    /// The masking of one output, in which placeholders are numbered in order of appearance.
    pub fn masking(&self) -> Masking {
        Masking {
            needles: self.needles.clone(),
            rules: Arc::clone(&self.rules),
            choices: Arc::clone(&self.choices),
            is_open: self.is_open,
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
    rules: Arc<Rules>,
    /// Whether only the credentials in use are masked.
    is_open: bool,
    /// Placeholders by the hash of what they stand for: the secrets themselves are not kept.
    known: HashMap<u64, Arc<str>>,
    choices: Arc<Choices>,
    masked: usize,
    /// Which places they were, where somebody wants to know.
    ledger: Option<Box<Ledger>>,
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

    /// Text with its secrets masked, also one that a cut (`…`) at the end goes through, and the values of
    /// secret keys where members of JSON stand in it.
    pub fn text<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let since = self.places_so_far();
        let shown = self.text_of(text);
        self.name_places(since);
        shown
    }

    fn text_of<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let has = |sign: u8| memchr::memchr(sign, text.as_bytes()).is_some();
        let has_members = !self.is_open && has(b'{') && has(b'"') && text.contains("\":");
        let by_key = has_members.then(|| mask_json::masked(self, text.as_bytes(), Sort::Any).0);
        let by_key = by_key.flatten();
        self.stand_at(None);
        let shown = by_key.as_deref().unwrap_or(text.as_bytes());
        let whole = match self.hidden(shown, None, true, Spots::Unknown).or(by_key) {
            None => Cow::Borrowed(text),
            Some(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
        };
        let whole = self.without_cut_password(whole);
        let Some(needles) = self.needles.clone() else {
            return whole;
        };
        let Some(found) = needles.find_cut(whole.as_bytes()) else {
            return whole;
        };
        let before = whole.get(..found.start).unwrap_or_default();
        let placeholder = self.credential_by(needles.secret(found.secret));
        Cow::Owned(format!("{before}{placeholder}…"))
    }

    /// JSON text, byte for byte but for masked values, which become strings. What is no JSON is masked
    /// as text, and besides as far as it resembles JSON (a body cut in the middle).
    pub fn json<'a>(&mut self, bytes: &'a [u8], sort: Sort) -> Cow<'a, [u8]> {
        let since = self.places_so_far();
        let masked = self.json_of(bytes, sort);
        self.name_places(since);
        masked
    }

    fn json_of<'a>(&mut self, bytes: &'a [u8], sort: Sort) -> Cow<'a, [u8]> {
        let since = self.places_so_far();
        let (masked, is_odd) = mask_json::masked(self, bytes, sort);
        self.settle_places(since, bytes, None);
        if !is_odd {
            return masked.map_or(Cow::Borrowed(bytes), Cow::Owned);
        }
        let shown = masked.as_deref().unwrap_or(bytes);
        match self.hidden(shown, None, true, Spots::Unknown) {
            Some(whole) => Cow::Owned(whole),
            None => masked.map_or(Cow::Borrowed(bytes), Cow::Owned),
        }
    }

    /// Whether only the credentials in use are masked.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// The rules, where there are some of the configuration: what they match, nothing foretells.
    pub(super) fn more(&self) -> Option<Arc<Rules>> {
        (!self.is_open && self.rules.has_more()).then(|| Arc::clone(&self.rules))
    }

    /// Where in a window of JSON something may have to be masked, in order.
    pub(super) fn marks(&self, window: &[u8], marks: &mut Vec<Spot>) {
        marks.clear();
        if !self.is_open {
            Rules::marks(window, marks);
        }
        let Some(needles) = &self.needles else {
            return;
        };
        let (mut at, shapes) = (0, marks.len());
        while let Some(found) = needles.find(window, at) {
            marks.push(Spot::Own(found.start));
            at = found.end;
        }
        if marks.len() > shapes {
            marks.sort_unstable_by_key(|mark| mark.at());
        }
    }

    /// Whether all credentials in use are spelled in JSON as they are, so that escapes hide none.
    pub(super) fn is_plain(&self) -> bool {
        self.needles
            .as_ref()
            .is_none_or(|needles| needles.is_plain())
    }

    /// Whether the values of a key are secrets, if its name says so.
    pub(super) fn minds_key(&self, key: &str) -> bool {
        !self.is_open && self.rules.minds_key(key)
    }

    /// Whether a value is let through although its key says that it is a secret.
    pub(super) fn allows(&self, value: &[u8]) -> bool {
        self.rules.allows(value)
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
        let by = self.credential_by(needles.secret(found.secret));
        Some((found.start..found.end, by))
    }

    /// The beginning of a credential that a cut (`…`) at the end of the text goes through.
    pub(super) fn cut_credential(&mut self, bytes: &[u8]) -> Option<(Range<usize>, Arc<str>)> {
        let needles = self.needles.clone()?;
        let found = needles.find_cut(bytes)?;
        let by = self.credential_by(needles.secret(found.secret));
        Some((found.start..found.end, by))
    }

    /// The same with its secrets masked; none where there are none in it. `key` is that of the member
    /// whose value it is, `ends` says whether it may end in the middle of a word, `spots` where to look.
    pub(super) fn hidden(
        &mut self,
        text: &[u8],
        key: Option<&[u8]>,
        ends: bool,
        spots: Spots<'_>,
    ) -> Option<Vec<u8>> {
        let places = self.places(text, key, ends, spots);
        if places.is_empty() {
            return None;
        }
        let mut out = Vec::with_capacity(text.len());
        let mut copied = 0;
        for (place, by) in places {
            out.extend_from_slice(text.get(copied..place.start).unwrap_or_default());
            out.extend_from_slice(by.as_bytes());
            copied = place.end;
        }
        out.extend_from_slice(text.get(copied..).unwrap_or_default());
        Some(out)
    }

    /// What has the shape of a secret in a part of a text, with its name.
    pub(super) fn shapes(&self, text: &[u8], ends: bool) -> Vec<(Range<usize>, Box<str>)> {
        if self.is_open {
            return Vec::new();
        }
        let hits = self
            .rules
            .hits(text, None, ends, Spots::Unknown)
            .into_iter();
        hits.map(|hit| (hit.start..hit.end, hit.name.into()))
            .collect()
    }

    /// Where the secrets of a text are and what stands for each, in order; none is in another.
    fn places(
        &mut self,
        text: &[u8],
        key: Option<&[u8]>,
        ends: bool,
        spots: Spots<'_>,
    ) -> Vec<(Range<usize>, Arc<str>)> {
        let mut found: Vec<Found> = Vec::new();
        let needles = self.needles.clone();
        if let Some(needles) = &needles {
            let mut at = 0;
            while let Some(credential) = needles.find(text, at) {
                at = credential.end;
                found.push(Found {
                    range: credential.start..credential.end,
                    secret: Some(credential.secret),
                    name: Cow::Borrowed("key"),
                });
            }
        }
        let rules = Arc::clone(&self.rules);
        if !self.is_open {
            let hits = rules.hits(text, key, ends, spots).into_iter();
            found.extend(hits.map(|hit| Found {
                range: hit.start..hit.end,
                secret: None,
                name: hit.name,
            }));
        }
        if found.is_empty() {
            return Vec::new();
        }
        let said = |place: Found<'_>| {
            let of = needles.as_ref().zip(place.secret);
            let by = if let Some((needles, secret)) = of {
                Some(self.credential_by(needles.secret(secret)))
            } else {
                let value = text.get(place.range.clone()).unwrap_or_default();
                self.placeholder(&place.name, value)
            };
            Some((place.range, by?))
        };
        merged(found).into_iter().filter_map(said).collect()
    }
}

/// A secret in a text: where it is, which credential it is if it is one, and its name.
struct Found<'a> {
    range: Range<usize>,
    secret: Option<usize>,
    name: Cow<'a, str>,
}

/// In order; of those that share bytes one that has them all, a credential where one of them is.
fn merged(mut places: Vec<Found<'_>>) -> Vec<Found<'_>> {
    places.sort_by_key(|place| (place.range.start, std::cmp::Reverse(place.range.end)));
    let mut merged: Vec<Found<'_>> = Vec::with_capacity(places.len());
    for place in places {
        match merged.last_mut() {
            Some(last) if place.range.start < last.range.end => {
                last.range.end = last.range.end.max(place.range.end);
                if last.secret.is_none() && place.secret.is_some() {
                    last.secret = place.secret;
                    last.name = place.name;
                }
            }
            _ => merged.push(place),
        }
    }
    merged
}

#[cfg(test)]
mod named_tests;
#[cfg(test)]
mod tests;
