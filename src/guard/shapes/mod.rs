//! What secrets look like where no key names them: formats of keys and tokens, private keys, headers,
//! addresses with a password, assignments in text, numbers of cards, and words that look drawn by lot.
//! Every rule has a name, by which it can be switched off; more rules come as patterns. It only finds:
//! what stands for a secret is `redact`'s.

mod card;
mod formats;
mod lots;
mod named;
mod pem;
mod scout;
mod spot;
mod table;
mod value;
mod word;

use std::{borrow::Cow, collections::HashSet};

use regex::bytes::{Regex, RegexBuilder};

use scout::Spot;
use spot::{at_end, found, is_number, may_hold, may_name};

/// Rules that are no formats.
const OTHERS: [&str; 7] = [
    "key-name",
    "named",
    "authorization",
    "password",
    "private-key",
    "card-number",
    "secret",
];

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What it is, or what it is called where it stands.
    pub(super) name: Cow<'a, str>,
    /// The rule that found it; none of a pattern of the configuration.
    rule: &'static str,
}

/// Which rules hold, and what they let through. The default is all of them, and nothing.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    off: HashSet<&'static str>,
    values: HashSet<Box<[u8]>>,
    keys: Vec<Box<str>>,
    more: Vec<(Box<str>, Regex)>,
}

impl Rules {
    /// The names of the rules that can be switched off.
    pub fn names() -> Vec<&'static str> {
        let mut names: Vec<_> = formats::names().chain(OTHERS).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Switches a rule off; false where there is none of that name.
    pub fn switch_off(&mut self, name: &str) -> bool {
        let known = Self::names().into_iter().find(|known| *known == name);
        known.is_some_and(|known| {
            self.off.insert(known);
            true
        })
    }

    /// Lets a value through wherever it stands.
    pub fn allow_value(&mut self, value: &str) {
        self.values.insert(value.as_bytes().into());
    }

    /// Lets the values of a key through, however that is named.
    pub fn allow_key(&mut self, key: &str) {
        self.keys.push(key.into());
    }

    /// Adds a rule: what the pattern matches is masked, or its first group where it has one. The error
    /// says what is wrong with the pattern.
    pub fn add(&mut self, name: &str, pattern: &str) -> Result<(), String> {
        let built = RegexBuilder::new(pattern).size_limit(1 << 20).build();
        let regex = built.map_err(|fault| match fault {
            regex::Error::CompiledTooBig(_) => "is too large".to_owned(),
            other => {
                let told = other.to_string();
                let last = told.lines().last().unwrap_or_default();
                format!("is no pattern: {}", last.trim_start_matches("error: "))
            }
        })?;
        if regex.is_match(b"") {
            return Err("matches nothing at all, and so would every text".to_owned());
        }
        self.more.push((name.into(), regex));
        Ok(())
    }

    /// Whether values under a key are secrets by its name.
    pub(super) fn minds_key(&self, key: &str) -> bool {
        !self.off.contains("key-name") && !self.lets(key)
    }

    /// Whether a value is let through.
    pub(super) fn allows(&self, value: &[u8]) -> bool {
        !self.values.is_empty() && self.values.contains(value)
    }

    fn lets(&self, key: &str) -> bool {
        self.keys
            .iter()
            .any(|known| known.eq_ignore_ascii_case(key))
    }

    /// Whether there are patterns, so that every text has to be looked at.
    pub(super) fn has_more(&self) -> bool {
        !self.more.is_empty()
    }

    /// All secrets of a text, in order and none in another. `key` is that of the member whose value the
    /// text is, as it is written; `ends` says that the text ends here, maybe in the middle of a word.
    pub(super) fn hits<'a>(
        &'a self,
        text: &'a [u8],
        key: Option<&[u8]>,
        ends: bool,
    ) -> Vec<Hit<'a>> {
        if key
            .and_then(|key| std::str::from_utf8(key).ok())
            .is_some_and(|key| self.lets(key))
        {
            return Vec::new();
        }
        let mut hits = Vec::new();
        scout::spots(text, true, |spot| found(text, spot, key, &mut hits));
        for (name, regex) in &self.more {
            hits.extend(regex.captures_iter(text).filter_map(|found| {
                let part = found.get(1).or_else(|| found.get(0))?;
                Some(Hit {
                    start: part.start(),
                    end: part.end(),
                    name: Cow::Borrowed(&**name),
                    rule: "",
                })
            }));
        }
        if ends {
            hits.extend(at_end(text));
        }
        if hits.is_empty() {
            return hits;
        }
        hits.retain(|hit| {
            let says = text.get(hit.start..hit.end).unwrap_or_default();
            let is_off = self.off.contains(hit.rule);
            hit.start < hit.end && !is_off && !self.allows(says) && !self.lets(&hit.name)
        });
        settled(hits)
    }

    /// Where in a window of JSON a secret may begin: too many places rather than too few, in order.
    /// Says whether there are digits among them that may be a number of their own.
    pub(super) fn marks(text: &[u8], marks: &mut Vec<usize>) -> bool {
        marks.clear();
        let mut numbers = false;
        scout::spots(text, false, |spot| match spot {
            Spot::Sign(at) => {
                if may_name(text, at) {
                    marks.push(at);
                }
            }
            Spot::Digits(at) => marks.push(at),
            Spot::Run(start, end) => {
                let run = text.get(start..end).unwrap_or_default();
                numbers |= is_number(run);
                if may_hold(text, start, end) {
                    marks.push(start);
                }
            }
        });
        marks.sort_unstable();
        numbers
    }
}

/// In order, and none in another: of two that share a place the wider one stays, widened to hold both.
fn settled(mut hits: Vec<Hit<'_>>) -> Vec<Hit<'_>> {
    hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    let mut settled: Vec<Hit<'_>> = Vec::with_capacity(hits.len());
    for hit in hits {
        match settled.last_mut() {
            Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
            _ => settled.push(hit),
        }
    }
    settled
}
