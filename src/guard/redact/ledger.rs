//! Which places of an output are masked, for somebody who looks at them before it leaves, and what of it they
//! want to be seen. Secrets are known here by hashes alone; credentials in use are always masked.

use std::borrow::Cow;
use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::sync::Arc;

use super::{Masking, Redactor, Rules, Sort, mask_json};
use crate::text::json;

/// The name of what somebody asked to be masked.
pub const ASKED: &str = "asked";

/// A secret, by what nobody can read it from; the same within a redactor and those made from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Secret(u64);

/// What happens to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is masked.
    Masked,
    /// It is seen, since somebody wants that.
    Shown,
    /// It is masked whatever somebody wants: a credential in use is in it.
    Kept,
}

/// A place of an output where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What sort of record it is in: `event`, `run`, `view`.
    pub record: &'static str,
    /// The run that it is of, counted from 1.
    pub run: usize,
    /// The number of an event.
    pub number: Option<usize>,
    /// The id of the record, as it is.
    pub id: Arc<str>,
    /// Where in the record, as far as that is known: `raw.arguments.api_key`.
    pub path: String,
    /// What stands there.
    pub by: Arc<str>,
    /// The secret.
    pub secret: Secret,
    /// What happens to it.
    pub fate: Fate,
}

impl Place {
    /// The kind of secret: a rule, or the key under which it was met first.
    pub fn kind(&self) -> &str {
        let inner = self.by.trim_matches(['‹', '›']);
        inner.rsplit_once('#').map_or(inner, |(kind, _)| kind)
    }
}

/// What somebody wants to be seen.
#[derive(Clone, Default)]
pub(super) struct Choices {
    pub(super) hashes: RandomState,
    shown: HashSet<u64>,
}

/// The places of an output so far.
#[derive(Clone, Default)]
pub(super) struct Ledger {
    /// Whether those that are masked are not wanted.
    only_shown: bool,
    run: usize,
    record: &'static str,
    number: Option<usize>,
    id: Arc<str>,
    field: Cow<'static, str>,
    /// Where in the text that is looked at.
    at: Option<usize>,
    places: Vec<(Option<usize>, Place)>,
}

impl Redactor {
    /// The same, but that a secret is seen, or is masked again.
    #[must_use]
    pub fn toggled(&self, secret: Secret) -> Self {
        let mut choices = (*self.choices).clone();
        if !choices.shown.remove(&secret.0) {
            choices.shown.insert(secret.0);
        }
        Self {
            choices: Arc::new(choices),
            ..self.clone()
        }
    }

    /// The same, but that a text is masked wherever it occurs. The error says why that cannot be.
    pub fn asked(&self, text: &str) -> Result<Self, String> {
        let mut rules = Rules::clone(&self.rules);
        rules.add(ASKED, &regex::escape(text))?;
        Ok(self.clone().with(Arc::new(rules)))
    }

    /// Whether somebody wants a secret to be seen.
    pub fn shows_any(&self) -> bool {
        !self.choices.shown.is_empty()
    }

    /// Whether somebody wants that secret to be seen.
    pub fn shows(&self, secret: Secret) -> bool {
        self.choices.shown.contains(&secret.0)
    }
}

impl Masking {
    /// Keeps from now on which places are masked; with `only_shown` those alone that are not, though they
    /// would be.
    pub fn keep_places(&mut self, only_shown: bool) {
        self.ledger = Some(Box::new(Ledger {
            only_shown,
            ..Ledger::default()
        }));
    }

    /// The places so far, in the order of the output.
    pub fn take_places(&mut self) -> Vec<Place> {
        let ledger = self.ledger.as_mut();
        let places = ledger.map(|ledger| std::mem::take(&mut ledger.places));
        let places = places.unwrap_or_default().into_iter();
        places.map(|(_, place)| place).collect()
    }

    /// Puts places before those so far.
    pub fn put_places(&mut self, before: Vec<Place>) {
        if let Some(ledger) = self.ledger.as_mut() {
            let before = before.into_iter().map(|place| (None, place));
            ledger.places.splice(..0, before);
        }
    }

    /// The places where somebody wants to see what is there, so far.
    pub fn shown_places(&self) -> impl Iterator<Item = &Place> {
        let ledger = self.ledger.as_deref().into_iter();
        let places = ledger.flat_map(|ledger| &ledger.places);
        places
            .map(|(_, place)| place)
            .filter(|place| place.fate == Fate::Shown)
    }

    /// What follows is of the next run.
    pub fn next_run(&mut self) {
        if let Some(ledger) = self.ledger.as_mut() {
            ledger.run += 1;
        }
    }

    /// What follows is of this record.
    pub fn at(&mut self, record: &'static str, number: Option<usize>, id: &str) {
        if let Some(ledger) = self.ledger.as_mut() {
            (ledger.record, ledger.number) = (record, number);
            ledger.field = Cow::Borrowed("");
            if *ledger.id != *id {
                ledger.id = id.into();
            }
        }
    }

    /// What follows is in this member of the record.
    pub fn within(&mut self, field: &'static str) -> &mut Self {
        if let Some(ledger) = self.ledger.as_mut() {
            ledger.field = Cow::Borrowed(field);
        }
        self
    }

    /// What follows is in a member of that name of this one.
    pub fn within_part(&mut self, field: &'static str, name: &str) -> &mut Self {
        if let Some(ledger) = self.ledger.as_mut() {
            ledger.field = Cow::Owned(joined(field, &member(name)));
        }
        self
    }

    /// What follows stands there in the text that is looked at.
    pub(in crate::guard) fn stand_at(&mut self, at: Option<usize>) {
        if let Some(ledger) = self.ledger.as_mut() {
            ledger.at = at;
        }
    }

    /// How many places there are so far.
    pub(in crate::guard) fn places_so_far(&self) -> usize {
        self.ledger.as_ref().map_or(0, |ledger| ledger.places.len())
    }

    /// Says of the places since then, which were found in `text`, which ways lead to them; the text itself
    /// stands at `at` in another.
    pub(in crate::guard) fn settle_places(&mut self, since: usize, text: &[u8], at: Option<usize>) {
        let Some(ledger) = self.ledger.as_mut() else {
            return;
        };
        ledger.at = at;
        let found = ledger.places.get_mut(since..).unwrap_or_default();
        found.sort_by_key(|(at, _)| *at);
        let offsets: Vec<usize> = found.iter().filter_map(|(at, _)| *at).collect();
        if offsets.is_empty() {
            return;
        }
        let mut ways = json::ways(text, &offsets).into_iter();
        for (own, place) in found.iter_mut().filter(|(own, _)| own.is_some()) {
            if let Some(way) = ways.next().flatten() {
                place.path = joined(&way, &place.path);
            }
            *own = at;
        }
    }

    /// What stands for this value, named after the key under which it was met first; none where somebody
    /// wants to see it. It has its number even then, so that the others keep theirs.
    pub(in crate::guard) fn placeholder(&mut self, key: &str, value: &[u8]) -> Option<Arc<str>> {
        let (hash, by) = self.numbered_as(key, value);
        let is_shown = self.place(hash, &by, Some(value)) == Fate::Shown;
        (!is_shown).then(|| {
            self.masked += 1;
            by
        })
    }

    /// What stands for a credential in use.
    pub(super) fn credential_by(&mut self, credential: &str) -> Arc<str> {
        let (hash, by) = self.numbered_as("key", credential.as_bytes());
        self.place(hash, &by, None);
        self.masked += 1;
        by
    }

    fn numbered_as(&mut self, key: &str, value: &[u8]) -> (u64, Arc<str>) {
        let number = self.known.len() + 1;
        let hash = self.choices.hashes.hash_one(value);
        let by = match self.known.entry(hash) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new
                .insert(format!("‹{}#{number}›", name(key)).into())
                .clone(),
        };
        (hash, by)
    }

    /// Writes a place down. Gives what is to happen to it.
    fn place(&mut self, hash: u64, by: &Arc<str>, value: Option<&[u8]>) -> Fate {
        let wants = self.choices.shown.contains(&hash);
        if !wants && self.ledger.is_none() {
            return Fate::Masked;
        }
        let fate = match value {
            None => Fate::Kept,
            Some(value) if self.holds_credential(value) => Fate::Kept,
            Some(_) if wants => Fate::Shown,
            Some(_) => Fate::Masked,
        };
        if let Some(ledger) = self.ledger.as_mut()
            && (fate == Fate::Shown || !ledger.only_shown)
        {
            let place = Place {
                record: ledger.record,
                run: ledger.run,
                number: ledger.number,
                id: Arc::clone(&ledger.id),
                path: String::new(),
                by: Arc::clone(by),
                secret: Secret(hash),
                fate,
            };
            ledger.places.push((ledger.at, place));
        }
        fate
    }

    /// Puts the member of the record before the ways of the places since then.
    pub(super) fn name_places(&mut self, since: usize) {
        let Some(ledger) = self.ledger.as_mut() else {
            return;
        };
        for (at, place) in ledger.places.iter_mut().skip(since) {
            *at = None;
            place.path = joined(&ledger.field, &place.path);
        }
        // What is seen is met again by whoever looks through the text around it.
        let mut last: HashMap<Secret, String> = HashMap::new();
        let found = ledger.places.split_off(since.min(ledger.places.len()));
        let again = |place: &Place, last: &mut HashMap<Secret, String>| {
            let is_seen = place.fate == Fate::Shown;
            let before = last.insert(place.secret, place.path.clone());
            is_seen && before.is_some_and(|before| before.starts_with(&place.path))
        };
        let kept = found
            .into_iter()
            .filter(|(_, place)| !again(place, &mut last));
        ledger.places.extend(kept);
    }

    /// Whether a credential in use is in a value, whatever hides it there.
    fn holds_credential(&self, value: &[u8]) -> bool {
        let Some(needles) = &self.needles else {
            return false;
        };
        let mut alone = Self {
            needles: Some(Arc::clone(needles)),
            is_open: true,
            ..Self::default()
        };
        needles.find(value, 0).is_some()
            || mask_json::masked(&mut alone, value, Sort::Any).0.is_some()
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

/// A key as ways spell it.
fn member(key: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(plain) {
        key.to_owned()
    } else {
        format!("[{key:?}]")
    }
}

fn joined(before: &str, way: &str) -> String {
    match (before, way) {
        ("", way) | (way, "") => way.to_owned(),
        (before, way) if way.starts_with('[') => format!("{before}{way}"),
        (before, way) => format!("{before}.{way}"),
    }
}

#[cfg(test)]
mod tests;
