//! The formats of keys and tokens that can be told by how they begin, as the services that give them out
//! document them. A prefix counts only at the beginning of a word, with enough behind it of the letters
//! that it takes; what is the same letter over and over stands for a key and is none.

use super::{
    grain::{COLON, DOT, Grain, HYPHEN, SLASH, TILDE},
    table::{
        self,
        Body::{Dots, Plain, Url},
        Format, beginning_with,
    },
};

/// The names of all formats, some of them more than once.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    table::all().map(|format| format.name).chain(ODD)
}

/// Formats that are told by something else than their beginning.
const ODD: [&str; 7] = [
    "azure-secret",
    "terraform-token",
    "telegram-token",
    "discord-token",
    "mailchimp-key",
    "slack-webhook",
    "discord-webhook",
];

/// The secret that begins a word: its length and what it is. `is_end` says whether the text breaks off
/// where the word does, so that less is enough; `sure` that only formats count that nothing else begins
/// like.
pub(super) fn beginning(word: &[u8], is_end: bool, sure: bool) -> Option<(usize, &'static str)> {
    let formats = beginning_with(*word.first()?);
    let second = word.get(1);
    let format = formats.iter().find(|format| {
        format.prefix.get(1) == second
            && (format.sure || !sure)
            && word.starts_with(format.prefix)
            && length(word, format, is_end).is_some()
    })?;
    Some((length(word, format, is_end)?, format.name))
}

/// Whether a word begins like one of the formats, and has more behind that.
#[inline]
pub(super) fn may_begin(word: &[u8]) -> bool {
    let Some(three) = word.first_chunk::<3>() else {
        return false;
    };
    let slot = table::slot(*three);
    let bits = BEGINNINGS.get(slot / 64).copied().unwrap_or(0);
    bits >> (slot % 64) & 1 == 1 && begins(word)
}

fn begins(word: &[u8]) -> bool {
    let formats = word.first().map(|first| beginning_with(*first));
    let mut formats = formats.into_iter().flatten();
    let second = word.get(1);
    formats.any(|format| format.prefix.get(1) == second && word.starts_with(format.prefix))
}

static BEGINNINGS: [u64; table::SLOTS / 64] = table::beginnings();

/// Bytes of the longest key of any format.
const LONGEST: usize = 16 << 10;

fn length(word: &[u8], format: &Format, is_end: bool) -> Option<usize> {
    let body = word.get(format.prefix.len()..)?;
    let taken = body
        .iter()
        .take(LONGEST)
        .take_while(|byte| format.body.takes(**byte))
        .count();
    let body = body.get(..taken)?;
    let mut end = body.len();
    while let Some(b'.' | b'-' | b'_' | b'/') = end.checked_sub(1).and_then(|at| body.get(at)) {
        end -= 1;
    }
    let body = body.get(..end)?;
    let whole = format.prefix.len() + end;
    let is_cut = is_end && whole == word.len() && format.sure;
    let least = if is_cut {
        format.least.min(6)
    } else {
        format.least
    };
    if body.len() < least || !is_drawn(body) {
        return None;
    }
    if format.name == "jwt" && !is_jwt(body, is_cut) {
        return None;
    }
    if format.name == "airtable-token" && body.iter().position(|byte| *byte == b'.') != Some(14) {
        return None;
    }
    // an id like `sk-button-primary-large-disabled` is words with hyphens
    if !format.sure && !body.iter().any(u8::is_ascii_digit) {
        return None;
    }
    Some(whole)
}

/// Whether the letters differ enough to be a secret and not a stand-in.
pub(super) fn is_drawn(body: &[u8]) -> bool {
    let mut seen = [0_u64; 4];
    for byte in body {
        if let Some(part) = seen.get_mut(usize::from(byte >> 6)) {
            *part |= 1 << (byte & 63);
        }
    }
    let distinct: u32 = seen.iter().map(|part| part.count_ones()).sum();
    distinct >= 5
        && !is_told(body)
        && !body
            .windows(6)
            .any(|six| six.iter().all(|b| b.eq_ignore_ascii_case(&b'x')))
}

/// Whether it says itself that it stands for one, as the keys in documentation do.
fn is_told(body: &[u8]) -> bool {
    const WORDS: [&[u8]; 4] = [b"EXAMPLE", b"your", b"example", b"placeholder"];
    // those of documents are short
    body.len() <= 80 && WORDS.iter().any(|word| place(body, word).is_some())
}

/// Header, payload and signature; of one that breaks off, what is there.
fn is_jwt(body: &[u8], is_cut: bool) -> bool {
    let mut parts = body.split(|byte| *byte == b'.');
    let long = |part: Option<&[u8]>| part.is_some_and(|part| part.len() >= 8);
    let (head, claims, rest) = (long(parts.next()), parts.next(), parts.next());
    match (claims, rest) {
        (Some(claims), Some(_)) => head && claims.len() >= 8,
        (Some(claims), None) => head && (is_cut || claims.starts_with(b"eyJ")),
        (None, _) => false,
    }
}

/// A secret in a run that is told by its middle or end: where it begins and ends, and what it is.
pub(super) fn within(run: &[u8], grain: Grain) -> Option<(usize, usize, &'static str)> {
    type Look = fn(&[u8]) -> Option<(usize, usize, &'static str)>;
    // what is in them, and how many bytes they have at least
    const LOOKS: [(u16, usize, Look); 6] = [
        (SLASH, 44, webhook),
        (TILDE, 33, azure),
        (DOT, 30, terraform),
        (COLON, 44, telegram),
        (DOT, 58, discord),
        (HYPHEN, 36, mailchimp),
    ];
    if run.len() < 30 {
        return None;
    }
    let own = LOOKS
        .into_iter()
        .filter(|(sign, least, _)| run.len() >= *least && grain.has(*sign));
    own.map(|(.., look)| look).find_map(|look| look(run))
}

/// Where a text begins in a run, the first of its bytes being rarer than letters.
fn place(run: &[u8], text: &[u8]) -> Option<usize> {
    let first = text.first()?;
    memchr::memchr_iter(*first, run).find(|at| run.get(*at..).is_some_and(|r| r.starts_with(text)))
}

/// How many bytes before `at` are such.
fn back(run: &[u8], at: usize, takes: impl Fn(u8) -> bool) -> usize {
    let before = run.get(..at).unwrap_or_default();
    before.iter().rev().take_while(|byte| takes(**byte)).count()
}

/// How many bytes from `at` on are such.
fn ahead(run: &[u8], at: usize, takes: impl Fn(u8) -> bool) -> usize {
    let behind = run.get(at..).unwrap_or_default();
    behind.iter().take_while(|byte| takes(**byte)).count()
}

/// Addresses that are the secret themselves.
fn webhook(run: &[u8]) -> Option<(usize, usize, &'static str)> {
    const HOSTS: [(&[u8], &str); 2] = [
        (b"hooks.slack.com/", "slack-webhook"),
        (b"/api/webhooks/", "discord-webhook"),
    ];
    HOSTS.into_iter().find_map(|(host, name)| {
        let at = place(run, host)? + host.len();
        let end = at + ahead(run, at, |b| Url.takes(b) || b == b'/');
        (end - at >= 30).then_some((at, end, name))
    })
}

/// Client secrets of Entra ID have `8Q~` behind three letters.
fn azure(run: &[u8]) -> Option<(usize, usize, &'static str)> {
    let takes = |b: u8| Dots.takes(b) || b == b'~';
    let at = memchr::memchr_iter(b'~', run).find_map(|sign| {
        let at = sign.checked_sub(2)?;
        matches!(run.get(at..sign)?, [b'0'..=b'9', b'Q']).then_some(at)
    })?;
    let start = at - back(run, at, takes).min(3);
    let end = at + ahead(run, at, takes);
    (at - start == 3 && end - at >= 30).then_some((start, end, "azure-secret"))
}

fn terraform(run: &[u8]) -> Option<(usize, usize, &'static str)> {
    let at = place(run, b".atlasv1.")?;
    let start = at - back(run, at, |b| Plain.takes(b));
    let end = at + ahead(run, at, |b| Dots.takes(b));
    (end - at >= 30).then_some((start, end, "terraform-token"))
}

/// Digits, a colon and 35 letters.
fn telegram(run: &[u8]) -> Option<(usize, usize, &'static str)> {
    let at = memchr::memchr_iter(b':', run).find(|at| {
        (8..=10).contains(&back(run, *at, |b| b.is_ascii_digit()))
            && ahead(run, at + 1, |b| Url.takes(b)) == 35
    })?;
    let digits = back(run, at, |b| b.is_ascii_digit());
    Some((at - digits, at + 36, "telegram-token"))
}

/// An id in base64, a time and a signature.
fn discord(run: &[u8]) -> Option<(usize, usize, &'static str)> {
    let one = memchr::memchr_iter(b'.', run).find(|one| {
        let time = ahead(run, one + 1, |b| Url.takes(b));
        (23..=28).contains(&back(run, *one, |b| Url.takes(b)))
            && (6..=7).contains(&time)
            && run.get(one + 1 + time) == Some(&b'.')
            && (27..=40).contains(&ahead(run, one + 2 + time, |b| Url.takes(b)))
    })?;
    let start = one - back(run, one, |b| Url.takes(b));
    let time = ahead(run, one + 1, |b| Url.takes(b));
    let end = one + 2 + time + ahead(run, one + 2 + time, |b| Url.takes(b));
    let first = run.get(start)?;
    matches!(first, b'M' | b'N' | b'O').then_some((start, end, "discord-token"))
}

/// 32 hexadecimal digits and the name of a data centre.
fn mailchimp(run: &[u8]) -> Option<(usize, usize, &'static str)> {
    const US: &[u8] = b"-us";
    // seldom there, and less to look through
    place(run.get(32..)?, US)?;
    let at = place(run, US)?;
    let hex = back(run, at, |b| b.is_ascii_hexdigit());
    let centre = ahead(run, at + 3, |b| b.is_ascii_digit());
    (hex == 32 && (1..=2).contains(&centre)).then_some((at - 32, at + 3 + centre, "mailchimp-key"))
}
