//! Secrets that no format tells: words that look drawn by lot. Ids, hashes, pictures and places look so
//! too, and there are more of them; so a word on its own has to be long and well mixed, and what stands
//! before it, or the key of the member it is the value of, decides first.

use std::borrow::Cow;

use super::{
    Hit,
    block::{Bits, LANES, places},
    formats,
    grain::{COLON, Grain, HYPHEN, OTHER, SLASH, STRETCH, ends_word},
    run::{Seen, UUID},
    says::{Says, says},
    scout::is_token,
    word::{Mix, says_something},
};

/// Longer words are data.
const LONGEST: usize = 160;
/// Longer runs are data too.
const FARTHEST: usize = 4 * LONGEST;
/// Letters of a word that is named as a secret, and of one that is not.
const NAMED: usize = 16;
const ALONE: usize = 24;
/// Letters without a sign between them, somewhere in a word that is drawn.
const LEAST_PART: usize = STRETCH;
/// Letters behind the prefix of an id at most, and of one that is named as a secret.
const ID: usize = 32;
const NAMED_ID: usize = 24;

/// Adds the words of a run that look drawn. Of a short run may be known what its bytes are.
pub(super) fn find<'t>(
    text: &'t [u8],
    (start, end): (usize, usize),
    (grain, bits): (Grain, Option<Bits>),
    seen: Seen<'_>,
    out: &mut Vec<Hit<'t>>,
) {
    let run = text.get(start..end).unwrap_or_default();
    if run.len() > FARTHEST
        || is_place(run, grain)
        || seen != Seen::Raw && is_block(text, start, end)
    {
        return;
    }
    let mut look = |from: usize, to: usize| {
        let word = run.get(from..to).unwrap_or_default();
        if !(NAMED..=LONGEST).contains(&word.len()) {
            return;
        }
        let mix = || match bits {
            Some(bits) => Mix::of_bits(word, bits.from(from)),
            None => Mix::of(word),
        };
        if !is_drawn(text, start + from, (word, grain), mix, seen) {
            return;
        }
        let padding = run.get(to..).unwrap_or_default();
        let padding = padding.iter().take_while(|byte| **byte == b'=').count();
        let is_whole = padding <= 2 && (word.len() + padding).is_multiple_of(4);
        out.push(Hit {
            start: start + from,
            end: start + to + if is_whole { padding } else { 0 },
            name: Cow::Borrowed("secret"),
            rule: "secret",
        });
    };
    let mut from = 0;
    if run.len() <= LANES {
        for to in places(grain.ends) {
            look(from, to);
            from = to + 1;
        }
    } else {
        let ends = run.iter().enumerate();
        for (to, _) in ends.filter(|(_, byte)| ends_word(**byte)) {
            look(from, to);
            from = to + 1;
        }
    }
    look(from, run.len());
}

/// Whether a run may have such a word.
pub(super) fn may_be(run: &[u8], grain: Grain) -> bool {
    (NAMED..=FARTHEST).contains(&run.len())
        && (grain.digits > 0 || grain.turns > 2)
        && grain.digits * 10 < run.len() * 9
        && grain.has_stretch
}

fn is_drawn<'w>(
    text: &[u8],
    at: usize,
    (word, grain): (&'w [u8], Grain),
    mix: impl Fn() -> Mix<'w>,
    seen: Seen<'_>,
) -> bool {
    // names of things are short words with signs between
    if grain.has(OTHER | HYPHEN | SLASH) {
        let mut parts = word.split(|byte| matches!(byte, b'_' | b'-' | b'/'));
        let is_id = is_id(word, NAMED_ID)
            || grain.has(HYPHEN) && word.split(|byte| *byte == b'/').any(is_uuid);
        if is_id || !parts.any(|part| part.len() >= LEAST_PART) {
            return false;
        }
    }
    let mix = mix();
    if mix.lower + mix.upper < 4 || !mix.has_different(8) {
        return false;
    }
    let (named, alone) = (is_lots(&mix, word), is_lots_alone(&mix, word));
    if !named && !alone || is_known(text, at, word) {
        return false;
    }
    let is = match says(text, at, seen) {
        Says::Secret => named,
        // its key may stand further before
        Says::Nothing if seen == Seen::Raw => true,
        Says::Nothing => alone && !is_id(word, ID),
        Says::Harmless => false,
    };
    is && formats::is_drawn(word) && !says_something(word)
}

/// Whether it looks drawn where it is named as a secret.
fn is_lots(mix: &Mix<'_>, word: &[u8]) -> bool {
    mix.digits > 0 && word.len() >= 24 && mix.is_hex()
        || !mix.is_wordy() && (mix.digits >= 2 || mix.is_mixed() && mix.upper > 3)
}

/// Whether the value of a parameter looks drawn.
pub(super) fn is_key(value: &[u8]) -> bool {
    let mix = Mix::of(value);
    value.len() >= NAMED && mix.has_different(8) && !is_uuid(value) && is_lots(&mix, value)
}

/// Whether it looks drawn where nothing says what it is.
fn is_lots_alone(mix: &Mix<'_>, word: &[u8]) -> bool {
    if mix.digits == 0 || word.len() < ALONE || !mix.is_mixed() || mix.is_hex() || mix.is_wordy() {
        return false;
    }
    let both = mix.lower > 2 && mix.upper > 2 && (mix.digits > 1 || word.len() >= 32);
    let rest = word.len() - mix.lower - mix.upper - mix.digits;
    // dates, versions and slugs have signs between short words
    let is_slug = rest * 6 > word.len();
    let plain = mix.digits >= 4 && rest == 0 && word.len() >= 30;
    !is_slug && (both || plain)
}

/// Whether a run is an address or a path: what is drawn in those are ids.
fn is_place(run: &[u8], grain: Grain) -> bool {
    if !grain.has(SLASH) {
        return false;
    }
    let is_address = |at: usize| run.get(at..).is_some_and(|rest| rest.starts_with(b"://"));
    if grain.has(COLON) && memchr::memchr_iter(b':', run).any(is_address)
        || run.starts_with(b"./")
        || run.starts_with(b"~/")
    {
        return true;
    }
    let mut parts = run.split(|byte| *byte == b'/');
    let is_wordy = |part: &[u8]| {
        let plain =
            |b: &u8| b.is_ascii_lowercase() || matches!(b, b'.' | b'-' | b'_' | b'@' | b':');
        part.len() >= 3 && part.iter().all(plain)
    };
    parts.any(is_wordy)
}

/// Letters of a line of data at least.
const BLOCK: usize = 40;

/// Whether the line before or behind is one long run too: then all of it is data.
fn is_block(text: &[u8], start: usize, end: usize) -> bool {
    if end - start < BLOCK {
        return false;
    }
    let line = |b: u8| is_token(b);
    let behind = text.get(end..).unwrap_or_default();
    let behind = behind
        .strip_prefix(b"\r")
        .unwrap_or(behind)
        .strip_prefix(b"\n");
    let behind = behind.map_or(0, |rest| rest.iter().take_while(|b| line(**b)).count());
    let before = text.get(..start).unwrap_or_default().strip_suffix(b"\n");
    let before = before.map(|rest| rest.strip_suffix(b"\r").unwrap_or(rest));
    let before = before.map_or(0, |rest| {
        rest.iter().rev().take_while(|b| line(**b)).count()
    });
    behind >= BLOCK || before >= BLOCK
}

fn is_uuid(word: &[u8]) -> bool {
    let Ok(word) = <&[u8; UUID]>::try_from(word) else {
        return false;
    };
    let hyphens: u8 = word.iter().map(|byte| u8::from(*byte == b'-')).sum();
    let is = |at: usize| word.get(at) == Some(&b'-');
    hyphens == 4 && [8, 13, 18, 23].into_iter().all(is)
}

/// Whether it is named, or spelt, as something that is no secret.
fn is_known(text: &[u8], at: usize, word: &[u8]) -> bool {
    let before = text.get(at.saturating_sub(12)..at).unwrap_or_default();
    let marks: [&[u8]; 9] = [
        b"base64,", b"SHA256:", b"MD5:", b"h1:", b"W/\"", b"v3:", b"sha256:", b"sha512:", b"sha1:",
    ];
    let heads: [&[u8]; 7] = [
        b"sha256-", b"sha384-", b"sha512-", b"0x", b"Qm", b"bafy", b"gAAAAA",
    ];
    marks.iter().any(|mark| before.ends_with(mark))
        || heads
            .iter()
            .any(|head| word.starts_with(head) && (word.len() > 40 || head.len() > 2))
}

/// Whether it is an id as services make them: a word or two, and not many letters behind.
fn is_id(word: &[u8], longest: usize) -> bool {
    const OPEN: [&str; 9] = [
        "sk", "pk", "key", "token", "secret", "pat", "api", "live", "pass",
    ];
    let Some(sign) = word.iter().rposition(|byte| matches!(byte, b'_' | b'-')) else {
        return false;
    };
    let (head, rest) = word.split_at_checked(sign).unwrap_or_default();
    let mut names = head.split(|byte| matches!(byte, b'_' | b'-'));
    let is_name = |name: &[u8]| {
        let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        (1..=14).contains(&name.len())
            && name.first().is_some_and(u8::is_ascii_lowercase)
            && name.iter().all(plain)
            && !OPEN.iter().any(|open| name == open.as_bytes())
    };
    let letters = rest.len().saturating_sub(1);
    names.all(is_name) && head.len() <= 24 && letters <= longest
}
