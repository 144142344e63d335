//! What a search matches: a text, or between slashes a regular expression.

use memchr::{memchr, memmem};
use regex::bytes::{Regex, RegexBuilder};

use crate::app::query::{Known, in_json};
use crate::{
    analysis,
    model::EventView,
    text::json::{unescaped, unquote},
};

/// Finds a text, or between slashes a regular expression; case counts only where there are capitals. It
/// takes time in proportion to what it looks through, whatever is looked for.
#[derive(Clone, Debug)]
pub struct Matcher {
    regex: Regex,
    /// The same where characters may be escaped; none where that makes no difference.
    json: Option<Regex>,
    /// Whether a regular expression was typed, of which nobody knows what it may match.
    is_regex: bool,
}

impl Matcher {
    /// For what was typed; says what is wrong with a regular expression that is none.
    pub fn new(typed: &str) -> Result<Self, String> {
        let inner = typed.strip_prefix('/').and_then(|rest| {
            let small = rest.strip_suffix("/i").map(|pattern| (pattern, true));
            small.or_else(|| Some((rest.strip_suffix('/')?, is_small(rest))))
        });
        let inner = inner.filter(|(pattern, _)| !pattern.is_empty());
        let is_regex = inner.is_some();
        let (pattern, small) = match inner {
            Some((pattern, small)) => (pattern.to_owned(), small),
            None => (regex::escape(typed), !typed.chars().any(char::is_uppercase)),
        };
        let json = if is_regex {
            None
        } else {
            in_json(typed, small)
        };
        let mut builder = RegexBuilder::new(&pattern);
        builder.case_insensitive(small).size_limit(SIZE);
        match builder.build() {
            Ok(regex) => Ok(Self {
                regex,
                json,
                is_regex,
            }),
            Err(fault) => Err(told(&fault)),
        }
    }

    /// Where in the bytes of several records one may have it, or inside of it; none where none has.
    pub fn candidate(&self, records: &[u8]) -> Option<usize> {
        // A pattern may begin and end where the bytes do not show it.
        if self.is_regex {
            return (!records.is_empty()).then_some(0);
        }
        let Some(json) = &self.json else {
            return Some(self.regex.find(records)?.start());
        };
        // JSON in a string of JSON: what is looked for may be escaped twice.
        let plain = json.find(records).map(|found| found.start());
        let before = plain.and_then(|at| records.get(..at)).unwrap_or(records);
        memmem::find(before, br"\\").or(plain)
    }

    /// What it looks for.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }

    /// Whether it stands there.
    pub fn is_in(&self, hay: &[u8]) -> bool {
        self.regex.is_match(hay)
    }

    /// Whether an event has it where a person would see it. `known` belongs to whoever asks about the events
    /// of one snapshot.
    pub fn is_in_event(&self, event: &EventView<'_>, known: &Known) -> bool {
        let words = [event.tool, event.agent, event.title, event.step_id];
        let mut words = words.into_iter().flatten().chain([event.type_sent]);
        words.any(|word| known.has(self, word, || self.is_in(word.as_bytes())))
            || self.is_in(event.id.as_bytes())
            || event
                .summary
                .is_some_and(|text| self.is_in(text.as_bytes()))
            || event
                .body
                .is_some_and(|span| self.is_in_json(event.raw.part(span)))
            || self.is_in_prose(event)
            || (event.body.is_none() && event.prose.is_none() && self.is_in_json(event.raw.bytes()))
    }

    /// Whether what an event says in words has it.
    fn is_in_prose(&self, event: &EventView<'_>) -> bool {
        if event.more_prose.is_empty() {
            return event.prose().any(|text| match quoted(text) {
                Some(text) => self.is_in(text),
                None => self.is_in(unquote(text).as_bytes()),
            });
        }
        analysis::joined(event.prose()).is_some_and(|text| self.is_in(text.as_bytes()))
    }

    /// Whether the bytes of JSON, or of a text that is none, have it as they are sent or as they read.
    fn is_in_json(&self, bytes: &[u8]) -> bool {
        let regex = self.json.as_ref().unwrap_or(&self.regex);
        if regex.is_match(bytes) {
            return true;
        }
        // What has no special characters reads as it is sent, unless it is JSON in a string.
        let may_differ = if self.is_regex {
            memchr(b'\\', bytes).is_some()
        } else {
            self.json.is_some() && memmem::find(bytes, br"\\").is_some()
        };
        may_differ && regex.is_match(&unescaped(bytes))
    }
}

/// Compiled size of a pattern in bytes; larger ones are taken for mistakes.
const SIZE: usize = 1 << 20;

/// Whether there is no capital in a pattern but in a class (`\S`, `\pL`).
fn is_small(pattern: &str) -> bool {
    let mut escaped = false;
    for c in pattern.chars() {
        if !escaped && c.is_uppercase() {
            return false;
        }
        escaped = !escaped && c == '\\';
    }
    true
}

/// What is wrong with a pattern, and at which character.
fn told(fault: &regex::Error) -> String {
    let regex::Error::Syntax(text) = fault else {
        return "this pattern would grow too large".to_owned();
    };
    let mut lines = text.lines().rev();
    let why = lines.next().unwrap_or_default();
    let why = why.strip_prefix("error: ").unwrap_or(why);
    // The line above is a caret below the pattern, both four columns to the right.
    let caret = lines.next().and_then(|line| line.find('^'));
    match caret.and_then(|at| at.checked_sub(3)) {
        Some(at) => format!("no regular expression at character {at}: {why}"),
        None => format!("no regular expression: {why}"),
    }
}

/// What a string literal of JSON says, where nothing in it is escaped.
fn quoted(literal: &[u8]) -> Option<&[u8]> {
    let text = literal.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    memchr(b'\\', text).is_none().then_some(text)
}
