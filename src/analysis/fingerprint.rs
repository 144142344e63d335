//! What a failure is called whatever run it happened in: its kind, its tool, and its message with what
//! differs from run to run masked: numbers, ids, dates, hashes, quoted values, ids and queries in URLs.
//! Equal failures have equal fingerprints, also from one start of the program to the next.

use super::{Operation, Verdict, headline, rules};
use crate::model::Event;

/// Characters of a message that count.
const LONGEST: usize = 160;
/// What stands for a masked part.
const MASK: char = '#';
/// Words in front of a number that say it is a status.
const STATUS: [&str; 9] = [
    "http", "status", "code", "error", "upstream", "returned", "got", "response", "answered",
];

/// The shape of a failure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// What failed: `run`, or the word of an operation's kind.
    pub kind: &'static str,
    /// The tool, where it was one.
    pub tool: Option<String>,
    /// The message, masked. One line.
    pub message: String,
}

impl Fingerprint {
    /// Of a failure of that kind, with that message.
    pub fn new(kind: &'static str, tool: Option<&str>, message: &str) -> Self {
        Self {
            kind,
            tool: tool.map(str::to_owned),
            message: masked(message),
        }
    }

    /// Of a failed operation and the event that tells of it. `said` masks what must not be shown: once
    /// numbers are taken out, a secret is no longer known for one.
    pub fn of(operation: &Operation, event: &Event, said: impl FnOnce(&str) -> String) -> Self {
        let message = match (operation.verdict, operation.rule) {
            (Verdict::Unanswered, _) => "never answered".to_owned(),
            (_, Some(rule)) => rules::reason(event, rule),
            (Verdict::Ok, None) => "the same call again and again".to_owned(),
            _ => {
                let told = headline(event);
                if told.summary.is_empty() {
                    told.title
                } else {
                    told.summary
                }
            }
        };
        let (kind, tool) = (operation.kind.word(), operation.tool.as_deref());
        Self::new(kind, tool, &said(&message))
    }

    /// A number that is the same for equal fingerprints on every machine.
    pub fn id(&self) -> u64 {
        // FNV-1a: small, and never changed by a newer compiler.
        let parts = [
            self.kind,
            self.tool.as_deref().unwrap_or_default(),
            &self.message,
        ];
        let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }
}

/// The first line of a message that says something, masked.
pub fn masked(message: &str) -> String {
    let line = message
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let unquoted = without_values(line);
    let mut out = String::new();
    let mut before = String::new();
    for (at, word) in unquoted.split_whitespace().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let known = at == 0 || before.is_empty() || STATUS.contains(&before.as_str());
        out.push_str(&word_masked(word, known));
        // What follows a colon may be a status too.
        before = if word.ends_with(':') {
            String::new()
        } else {
            word.trim_matches(|letter: char| !letter.is_alphanumeric())
                .to_lowercase()
        };
        if out.len() > LONGEST * 4 {
            break;
        }
    }
    out.chars().take(LONGEST).collect()
}

/// The text with quoted values taken out; names of members stay, and so do apostrophes.
fn without_values(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['"', '\'', '`', '“', '‘']) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let mut letters = tail.chars();
        let open = letters.next().unwrap_or('"');
        let close = match open {
            '“' => '”',
            '‘' => '’',
            same => same,
        };
        let inside = letters.as_str();
        let glued = head.chars().next_back().is_some_and(char::is_alphanumeric);
        let end = inside.find(close).filter(|_| !glued);
        let Some(end) = end else {
            out.push(open);
            rest = inside;
            continue;
        };
        let (value, after) = inside.split_at(end);
        let after = after.get(close.len_utf8()..).unwrap_or_default();
        let is_name = after.trim_start().starts_with(':');
        out.push(open);
        out.push_str(if is_name { value } else { "…" });
        out.push(close);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A word with its ids and numbers masked; `known`: a number in it may be a status.
fn word_masked(word: &str, known: bool) -> String {
    if !word.bytes().any(|byte| byte.is_ascii_digit()) && !word.contains("://") {
        return word.to_owned();
    }
    let is_edge = |letter: char| !letter.is_alphanumeric();
    let bare = word.trim_matches(is_edge);
    let start = word.find(bare).unwrap_or(0);
    let (head, tail) = (
        word.get(..start).unwrap_or_default(),
        word.get(start + bare.len()..).unwrap_or_default(),
    );
    let said = match bare.split_once("://") {
        Some((scheme, rest)) if rest.contains('.') || rest.contains(':') => {
            format!("{scheme}://{}", place(rest))
        }
        _ if known && is_status(bare) => bare.to_owned(),
        _ => token(bare),
    };
    format!("{head}{said}{tail}")
}

fn is_status(word: &str) -> bool {
    word.len() == 3
        && word
            .parse::<u16>()
            .is_ok_and(|code| (400..600).contains(&code))
}

/// Of a URL the host and the path with its ids masked, without its query.
fn place(rest: &str) -> String {
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let parts = path.split('/').map(|part| {
        let version = part.len() <= 3 && part.starts_with('v');
        if version {
            part.to_owned()
        } else {
            token(part)
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// An id, a hash, a time or a number as a whole, else what of it differs from run to run.
fn token(word: &str) -> String {
    if is_hash(word) {
        return MASK.to_string();
    }
    let mut out = String::new();
    let mut part = String::new();
    for letter in word.chars() {
        if letter.is_alphanumeric() {
            part.push(letter);
            continue;
        }
        out.push_str(&piece(&part));
        part.clear();
        out.push(letter);
    }
    out.push_str(&piece(&part));
    joined(&out)
}

/// A UUID, or hexadecimal digits with a decimal one among them, eight or more.
fn is_hash(word: &str) -> bool {
    let bare = word.strip_prefix("0x").unwrap_or(word);
    let digits = bare.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = bare.bytes().filter(|byte| *byte == b'-').count();
    digits >= 8 && digits + dashes == bare.len() && dashes < 5
}

/// Letters and digits: as they are, or masked where digits are most of it, or in a long mix; of others
/// the digits.
fn piece(part: &str) -> String {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        return part.to_owned();
    }
    let letters = part.chars().count() - digits;
    let mixed = letters > 0 && part.len() >= 8 && digits >= 2;
    if digits >= letters || mixed {
        return MASK.to_string();
    }
    let mut out = String::new();
    for letter in part.chars() {
        let letter = if letter.is_ascii_digit() {
            MASK
        } else {
            letter
        };
        if letter != MASK || !out.ends_with(MASK) {
            out.push(letter);
        }
    }
    out
}

/// Masked parts with only signs of times, numbers and addresses between them are one.
fn joined(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let sign = matches!(letter, '-' | '.' | ':' | ',' | '+' | '/');
        if sign && out.ends_with(MASK) && letters.peek() == Some(&MASK) {
            letters.next();
            continue;
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_is_masked() {
        for (message, shape) in [
            ("card_declined", "card_declined"),
            ("upstream 402 card_declined", "upstream 402 card_declined"),
            ("402 card_declined", "402 card_declined"),
            (
                "pay.refund: 402 card_declined",
                "pay.refund: 402 card_declined",
            ),
            (
                "HTTP 429: too many requests, retry in 12s",
                "HTTP 429: too many requests, retry in #",
            ),
            ("took 450 ms", "took # ms"),
            ("charge ch_77 not found", "charge ch_# not found"),
            ("order SO-20417 of C-1182", "order SO-# of C-#"),
            (
                "run 8f3a91c0-1234-4abc-9def-001122334455 vanished",
                "run # vanished",
            ),
            ("commit 9f86d081884c7d659a2f", "commit #"),
            ("at 2026-09-10T02:00:00Z it broke", "at # it broke"),
            ("at 02:14:07 it broke", "at # it broke"),
            ("cannot reach 10.0.0.4:5432", "cannot reach #"),
            (
                "db-7.prod.example:9100 refused",
                "db-#.prod.example:# refused",
            ),
            (
                "GET https://api.example.com/v1/orders/77?key=1: no",
                "GET https://api.example.com/v1/orders/#: no",
            ),
            ("unknown tool \"web.search\"", "unknown tool \"…\""),
            (
                "\"success\": false at result",
                "\"success\": false at result",
            ),
            ("can't open 'a.txt'", "can't open '…'"),
            ("it isn't there, isn't it", "it isn't there, isn't it"),
            ("req_8f3a91c02b failed", "req_# failed"),
            ("99.5% of $1,290.00", "#% of $#"),
            ("\n\n  second line  \nthird", "second line"),
            ("", ""),
        ] {
            assert_eq!(masked(message), shape, "{message}");
        }
    }

    #[test]
    fn a_fingerprint_stays_the_same_from_start_to_start() {
        let one = Fingerprint::new("tool", Some("pay.refund"), "402 for ch_77");
        let same = Fingerprint::new("tool", Some("pay.refund"), "402 for ch_78");
        assert_eq!((&one, one.id()), (&same, same.id()));
        assert_ne!(
            one.id(),
            Fingerprint::new("tool", None, "402 for ch_77").id()
        );
        assert_eq!(one.id(), 3_157_068_794_798_268_777);
    }

    #[test]
    fn nothing_breaks_it_and_it_is_short() {
        for text in [
            "\u{0}\u{7f}",
            "é1é2é3“",
            "''''\"\"",
            "::://1",
            "1://2.3",
            "“”1",
            "#1#2",
        ] {
            masked(text);
        }
        assert_eq!(masked(&"ab1 ".repeat(1_000_000)).chars().count(), LONGEST);
    }
}
