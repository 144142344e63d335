//! What secrets look like where no key names them: formats of keys and tokens, private keys, headers,
//! addresses with a password, assignments in text, numbers of cards, and words that look drawn by lot.
//! Every rule has a name, by which it can be switched off; more rules come as patterns. It only finds:
//! what stands for a secret is `redact`'s.

mod block;
mod card;
mod command;
mod formats;
mod grain;
mod lots;
mod named;
mod neighbour;
mod pem;
mod run;
mod says;
mod scout;
mod table;
mod value;
mod word;

use std::{borrow::Cow, collections::HashSet};

use block::Bits;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use run::Seen;

pub(super) use scout::Spot;

/// Where in a text secrets may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spots<'s> {
    /// It has to be looked through.
    Unknown,
    /// Only there, in a window in which the text begins at that byte.
    Known(&'s [Spot], usize),
}

/// Rules that judge by something else than a format.
pub(super) const OTHERS: [&str; 7] = [
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
    /// All patterns at once.
    any: RegexSet,
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
        let patterns = self.more.iter().map(|(_, regex)| regex.as_str());
        let together = RegexSetBuilder::new(patterns).size_limit(4 << 20).build();
        self.any = together.map_err(|_| {
            self.more.pop();
            "is too large together with the others".to_owned()
        })?;
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

    /// Whether somebody asked for a text to be masked.
    pub(super) fn has_asked(&self) -> bool {
        let mut names = self.more.iter().map(|(name, _)| &**name);
        names.any(|name| name == super::redact::ASKED)
    }

    /// Whether any of the patterns matches somewhere in a text.
    pub(super) fn is_more(&self, text: &[u8]) -> bool {
        self.any.is_match(text)
    }

    /// All secrets of a text, in order and none in another. `key` is that of the member whose value the
    /// text is, as it is written; `ends` says that the text ends here, maybe in the middle of a word.
    pub(super) fn hits<'a>(
        &'a self,
        text: &'a [u8],
        key: Option<&[u8]>,
        ends: bool,
        spots: Spots<'_>,
    ) -> Vec<Hit<'a>> {
        if key
            .and_then(|key| std::str::from_utf8(key).ok())
            .is_some_and(|key| self.lets(key))
        {
            return Vec::new();
        }
        let mut hits = Vec::new();
        match spots {
            Spots::Unknown => scout::spots(text, true, |spot, bits| {
                found(text, spot, bits, key, &mut hits);
            }),
            Spots::Known(spots, base) => {
                for spot in spots.iter().filter_map(|spot| spot.within(base)) {
                    found(text, spot, None, key, &mut hits);
                }
            }
        }
        let more = if self.is_more(text) { &*self.more } else { &[] };
        for (name, regex) in more {
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
    pub(super) fn marks(text: &[u8], marks: &mut Vec<Spot>) {
        let mut hits = Vec::new();
        // what stands before the window may be an array
        marks.extend(neighbour::namer(text, 0).map(Spot::Sign));
        scout::spots(text, false, |spot, bits| {
            match spot {
                Spot::Sign(at) if matches!(text.get(at), Some(b'"' | b'[')) => {
                    marks.extend(neighbour::namer(text, at).map(Spot::Sign));
                    return;
                }
                Spot::Sign(at) if !is_told(text, at) => return,
                Spot::Digits(at) if card::in_groups(text, at).is_none() => return,
                Spot::Run(start, end) => {
                    hits.clear();
                    // the colon of a member before a number
                    let colon = usize::from(text.get(start) == Some(&b':'));
                    let (start, bits) = (start + colon, bits.map(|bits| bits.from(colon)));
                    run::judge(text, (start, end), bits, Seen::Raw, &mut hits);
                    // the letter of an escape
                    if start > 0 && text.get(start - 1) == Some(&b'\\') {
                        let bits = bits.map(|bits| bits.from(1));
                        run::judge(text, (start + 1, end), bits, Seen::Raw, &mut hits);
                    }
                    if !hits.is_empty() {
                        marks.push(Spot::Run(start, end));
                    }
                    return;
                }
                _ => {}
            }
            marks.push(spot);
        });
        marks.sort_unstable_by_key(|mark| mark.at());
    }
}

/// Whether a sign tells of a secret, as far as what is before it tells.
fn is_told(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(b'.' | 0x80) => before_cut(text, at).is_some(),
        Some(b'b' | b'B' | b'<' | b'p' | b'\'') => command::is_told(text, at),
        Some(b'=' | b':') => {
            !named::is_path(text, at) && may_name(text, at) && named::is_named(text, at)
        }
        _ => may_name(text, at),
    }
}

/// Backslashes before a quote at most, in a string four strings deep.
const MOST_ESCAPES: usize = 16;

/// Whether a sign is worth a look: names of secrets end with few pairs of letters.
fn may_name(text: &[u8], at: usize) -> bool {
    let before = |bytes: usize| text.get(at.saturating_sub(bytes)..at).unwrap_or_default();
    match text.get(at) {
        Some(b':') if text.get(at + 1..at + 3) == Some(b"//") => may_hold_password(text, at + 3),
        Some(b'=' | b':') => {
            let name = before(8);
            // a column of names may be wide
            let name = match name {
                [.., b' ' | b'\t'] => before(8 + named::WIDEST_COLUMN).trim_ascii_end(),
                // in JSON in strings in strings
                [.., b'\\', b'"'] => before(8 + MOST_ESCAPES),
                name => name,
            };
            let ends = |byte: &u8| matches!(byte, b'\'' | b'"' | b'?' | b':' | b'`' | b'*');
            let is_quoted = name.last() == Some(&b'"');
            let bare = name.iter().rposition(|byte| !ends(byte)).unwrap_or(0);
            let name = name.get(..=bare).unwrap_or_default();
            let solid = name.iter().rposition(|byte| *byte != b'\\').unwrap_or(0);
            let is_member = is_quoted && solid < bare;
            let name = name.get(..=solid).unwrap_or_default();
            crate::text::keys::may_be_secret(name)
                || matches!(name, [.., a, b] if is_short_end(*a | 0x20, *b | 0x20))
                || is_member && may_name_another(name)
        }
        Some(b'd' | b'D') => before(3).eq_ignore_ascii_case(b"wor"),
        _ => true,
    }
}

/// Whether an address may have a password in it.
fn may_hold_password(text: &[u8], host: usize) -> bool {
    let rest = text
        .get(host..text.len().min(host + 512))
        .unwrap_or_default();
    let end = memchr::memchr3(b'@', b' ', b'"', rest);
    end.is_some_and(|end| rest.get(end) == Some(&b'@'))
}

/// Whether a member may be the name of something else, as those of headers in lists are.
fn may_name_another(name: &[u8]) -> bool {
    let last = name
        .last_chunk::<3>()
        .map(|last| last.map(|b| b.to_ascii_lowercase()));
    last.is_some_and(|last| matches!(&last, b"ame" | b"der"))
}

/// The ends of `pass`, `pat`, `auth`, `sas`, `sig` and `signature`.
fn is_short_end(a: u8, b: u8) -> bool {
    matches!(
        (a, b),
        (b's', b's') | (b'a', b't' | b's') | (b't', b'h') | (b'i', b'g') | (b'r', b'e')
    )
}

fn found<'t>(
    text: &'t [u8],
    spot: Spot,
    bits: Option<Bits>,
    key: Option<&[u8]>,
    hits: &mut Vec<Hit<'t>>,
) {
    match spot {
        Spot::Sign(at) => match text.get(at) {
            Some(b'.' | 0x80) => hits.extend(before_cut(text, at)),
            // paths of code are full of them
            Some(b':') if text.get(at + 1) == Some(&b':') => {}
            _ if may_name(text, at) => hits.extend(named::behind(text, at)),
            _ => {}
        },
        Spot::Digits(at) => hits.extend(card::in_groups(text, at)),
        Spot::Run(start, end) => run::judge(text, (start, end), bits, Seen::Read(key), hits),
        Spot::Own(_) => {}
    }
}

/// Whether a text was cut there.
fn is_cut(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    rest.starts_with("…".as_bytes()) || rest.starts_with(b"...")
}

/// The beginning of a secret before a `…` or `...`, `at` being the second or first of its bytes.
fn before_cut(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let end = if text.get(at) == Some(&0x80) {
        at.checked_sub(1)?
    } else {
        at
    };
    let before = text.get(..end)?;
    let takes = |b: &&u8| scout::is_token(**b) && **b != b'.';
    let len = before.iter().rev().take(256).take_while(takes).count();
    cut_word(before, end - len)
}

/// The beginning of a secret with which a text ends.
fn at_end(text: &[u8]) -> Option<Hit<'_>> {
    let len = text
        .iter()
        .rev()
        .take(256)
        .take_while(|b| scout::is_token(**b))
        .count();
    cut_word(text, text.len() - len)
}

fn cut_word(text: &[u8], start: usize) -> Option<Hit<'_>> {
    let is_escape = start > 0 && text.get(start - 1) == Some(&b'\\');
    let starts = [Some(start), is_escape.then_some(start + 1)];
    starts
        .into_iter()
        .flatten()
        .find_map(|start| cut_word_at(text, start))
}

fn cut_word_at(text: &[u8], start: usize) -> Option<Hit<'_>> {
    let run = text.get(start..)?;
    run::word_starts(run).find_map(|(at, sure)| {
        let (len, name) = formats::beginning(run.get(at..)?, true, sure)?;
        Some(Hit {
            start: start + at,
            end: start + at + len,
            name: Cow::Borrowed(name),
            rule: name,
        })
    })
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
