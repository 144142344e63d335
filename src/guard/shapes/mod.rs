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
mod table;
mod value;
mod word;

use std::{borrow::Cow, collections::HashSet};

use regex::bytes::{Regex, RegexBuilder};

use scout::Spot;

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

/// Whether a sign is worth a look: names of secrets end with few pairs of letters.
fn may_name(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(8)..at).unwrap_or_default();
    match text.get(at) {
        Some(b'=' | b':') => {
            let name = before.trim_ascii_end();
            let ends = |byte: &u8| matches!(byte, b'\'' | b'"' | b'?' | b'`');
            let name = name
                .split_last()
                .filter(|(last, _)| ends(last))
                .map_or(name, |(_, name)| name);
            let name = name.strip_suffix(b"\\").unwrap_or(name);
            crate::text::keys::may_be_secret(name)
                || matches!(name, [.., a, b] if is_short_end(*a | 0x20, *b | 0x20))
                || text
                    .get(at + 1..)
                    .is_some_and(|rest| rest.starts_with(b"//"))
        }
        Some(b'd' | b'D') => {
            before.ends_with(b"wor") || before.ends_with(b"WOR") || before.ends_with(b"Wor")
        }
        _ => true,
    }
}

/// The ends of `pass`, `pat`, `auth`, `sas` and `sig`.
fn is_short_end(a: u8, b: u8) -> bool {
    matches!(
        (a, b),
        (b's', b's') | (b'a', b't' | b's') | (b't', b'h') | (b'i', b'g')
    )
}

/// Whether a run may hold a secret.
fn may_hold(text: &[u8], start: usize, end: usize) -> bool {
    let run = text.get(start..end).unwrap_or_default();
    let (mut digits, mut turns, mut starts, mut before) = (0, 0, false, 0);
    for byte in run {
        digits += usize::from(byte.is_ascii_digit());
        turns += usize::from(byte.is_ascii_uppercase() && u8::is_ascii_lowercase(&before));
        starts |= is_before_word(*byte);
        before = *byte;
    }
    if digits > 0 && is_common(run) {
        return false;
    }
    let scheme = text.get(start.saturating_sub(7)..start).unwrap_or_default();
    digits > 0 && (lots::may_be(run, digits) || is_number(run))
        || turns > 2
        || formats::may_begin(run)
        || scheme.ends_with(b" ") && is_scheme(scheme)
        || starts
            && word_starts(run).any(|at| formats::may_begin(run.get(at..).unwrap_or_default()))
}

fn is_before_word(byte: u8) -> bool {
    matches!(byte, b'=' | b':' | b'/' | b'@' | b'?' | b'+' | b'~')
}

/// Whether it may be the number of a card.
fn is_number(run: &[u8]) -> bool {
    run.len() < 20
        && run
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// Times and UUIDs, which are most of what is long.
fn is_common(run: &[u8]) -> bool {
    let digit = |at: usize| run.get(at).is_some_and(u8::is_ascii_digit);
    let is = |at: usize, byte: u8| run.get(at) == Some(&byte);
    let is_time =
        run.len() <= 35 && is(4, b'-') && is(7, b'-') && digit(0) && digit(9) && is(13, b':');
    let hyphens = run.len() == 36 && [8, 13, 18, 23].into_iter().all(|at| is(at, b'-'));
    is_time
        || hyphens
            && run
                .iter()
                .all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
}

/// Where words begin in a run.
fn word_starts(run: &[u8]) -> impl Iterator<Item = usize> {
    let starts = run
        .iter()
        .enumerate()
        .filter_map(|(at, byte)| is_before_word(*byte).then_some(at + 1));
    std::iter::once(0).chain(starts)
}

fn is_scheme(before: &[u8]) -> bool {
    let word = before.trim_ascii_end();
    let ends = |scheme: &[u8]| {
        let start = word.len().checked_sub(scheme.len());
        start
            .and_then(|start| word.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(scheme))
    };
    ends(b"bearer") || ends(b"basic")
}

fn found<'t>(text: &'t [u8], spot: Spot, key: Option<&[u8]>, hits: &mut Vec<Hit<'t>>) {
    match spot {
        Spot::Sign(at) => match text.get(at) {
            Some(b'.' | 0x80) => hits.extend(before_cut(text, at)),
            _ if may_name(text, at) => hits.extend(named::behind(text, at)),
            _ => {}
        },
        Spot::Digits(at) => hits.extend(card::in_groups(text, at)),
        Spot::Run(start, end) => run(text, start, end, key, hits),
    }
}

fn run<'t>(text: &'t [u8], start: usize, end: usize, key: Option<&[u8]>, hits: &mut Vec<Hit<'t>>) {
    if !may_hold(text, start, end) {
        return;
    }
    let run = text.get(start..end).unwrap_or_default();
    let before = hits.len();
    let is_end = end == text.len() || is_cut(text, end);
    let mut past = 0;
    for at in word_starts(run) {
        if at < past {
            continue;
        }
        if let Some((len, name)) = formats::beginning(run.get(at..).unwrap_or_default(), is_end) {
            hits.push(Hit {
                start: start + at,
                end: start + at + len,
                name: Cow::Borrowed(name),
                rule: name,
            });
            past = at + len;
        }
    }
    if let Some((from, to, name)) = formats::within(run) {
        hits.push(Hit {
            start: start + from,
            end: start + to,
            name: Cow::Borrowed(name),
            rule: name,
        });
    }
    hits.extend(card::in_run(text, start, end));
    let scheme = text.get(start.saturating_sub(7)..start).unwrap_or_default();
    if hits.len() == before && scheme.ends_with(b" ") && is_scheme(scheme) && formats::is_drawn(run)
    {
        let is_word = run
            .iter()
            .all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.'));
        if !is_word || run.len() >= 20 && run.iter().any(u8::is_ascii_uppercase) {
            hits.push(Hit {
                start,
                end,
                name: Cow::Borrowed("authorization"),
                rule: "authorization",
            });
        }
    }
    if hits.len() == before {
        lots::find(text, start, end, key, hits);
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
    let run = text.get(start..)?;
    word_starts(run).find_map(|at| {
        let (len, name) = formats::beginning(run.get(at..)?, true)?;
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
