//! One run of the letters of which tokens are made: whether there may be a secret in it, told by what it is
//! made of, and where those are that are in it. Whoever asks has found the run.

use std::borrow::Cow;

use super::{
    Hit,
    block::Bits,
    card, formats,
    grain::{COLON, DOT, Grain, HYPHEN, SLASH, TILDE},
    is_cut, lots,
};

/// How a text is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen<'k> {
    /// As it reads, with the key of the member whose value it is.
    Read(Option<&'k [u8]>),
    /// With the escapes of JSON, and more text around it than belongs to it. Then what is found is there,
    /// or is not once it is read; what is not found is not there.
    Raw,
}

/// Whether a run is worth more than a glance.
fn holds(text: &[u8], start: usize, grain: Grain) -> bool {
    grain.digits > 0 || grain.begins || grain.turns > 2 || is_behind_scheme(text, start)
}

/// Times and UUIDs, which are most of what is long.
fn is_common(run: &[u8]) -> bool {
    let digit = |at: usize| run.get(at).is_some_and(u8::is_ascii_digit);
    let is = |at: usize, byte: u8| run.get(at) == Some(&byte);
    let is_time =
        || run.len() <= 35 && is(4, b'-') && is(13, b':') && is(7, b'-') && digit(0) && digit(9);
    match <&[u8; UUID]>::try_from(run) {
        Ok(run) => [8, 13, 18, 23].into_iter().all(|at| is(at, b'-')) && is_hex(run),
        Err(_) => is_time(),
    }
}

/// Letters and hyphens of a UUID.
pub(super) const UUID: usize = 36;

/// Whether there is nothing but hexadecimal digits and hyphens. Without branches, so that many bytes are
/// looked at at once.
fn is_hex(run: &[u8; UUID]) -> bool {
    let is = u8::from;
    run.iter().fold(1, |all, byte| {
        let is_letter = is((byte | 0x20).wrapping_sub(b'a') < 6);
        all & (is_letter | is(byte.wrapping_sub(b'0') < 10) | is(*byte == b'-'))
    }) == 1
}

/// Where words begin in a run, and whether only what nothing else looks like begins there: the signs
/// before the others are letters of base64 too.
pub(super) fn word_starts(run: &[u8]) -> impl Iterator<Item = (usize, bool)> {
    let starts = run.iter().enumerate().filter_map(|(at, byte)| match byte {
        b'=' | b':' | b'@' | b'?' => Some((at + 1, false)),
        b'/' | b'+' | b'~' => Some((at + 1, true)),
        _ => None,
    });
    std::iter::once((0, false)).chain(starts)
}

fn is_behind_scheme(text: &[u8], start: usize) -> bool {
    let before = text.get(start.saturating_sub(7)..start).unwrap_or_default();
    let Some((b' ', word)) = before.split_last() else {
        return false;
    };
    let word = word.trim_ascii_end();
    if !matches!(word.last(), Some(b'r' | b'R' | b'c' | b'C')) {
        return false;
    }
    let ends = |scheme: &[u8]| {
        let start = word.len().checked_sub(scheme.len());
        start
            .and_then(|start| word.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(scheme))
    };
    ends(b"bearer") || ends(b"basic")
}

/// Adds the secrets of a run, of whose bytes may be known what they are.
pub(super) fn judge<'t>(
    text: &'t [u8],
    (start, end): (usize, usize),
    bits: Option<Bits>,
    seen: Seen<'_>,
    hits: &mut Vec<Hit<'t>>,
) {
    let run = text.get(start..end).unwrap_or_default();
    if is_common(run) {
        return;
    }
    let grain = bits.map_or_else(|| Grain::of(run), |bits| Grain::of_bits(run, bits));
    if !holds(text, start, grain) {
        return;
    }
    let before = hits.len();
    formatted(text, (start, end), grain, seen, hits);
    if grain.digits >= card::FEWEST && card::may_be(run, grain) {
        hits.extend(card::in_run(text, start, end));
    }
    if hits.len() == before && is_behind_scheme(text, start) && is_sent(run, grain) {
        hits.push(Hit {
            start,
            end,
            name: Cow::Borrowed("authorization"),
            rule: "authorization",
        });
    }
    if hits.len() == before && lots::may_be(run, grain) {
        lots::find(text, (start, end), (grain, bits), seen, hits);
    }
}

fn formatted<'t>(
    text: &'t [u8],
    (start, end): (usize, usize),
    grain: Grain,
    seen: Seen<'_>,
    hits: &mut Vec<Hit<'t>>,
) {
    let run = text.get(start..end).unwrap_or_default();
    // Where a string ends, a text may be cut.
    let is_quoted = seen == Seen::Raw && matches!(text.get(end), Some(b'"' | b'\\'));
    let is_end = end == text.len() || is_quoted || is_cut(text, end);
    let mut past = 0;
    let mut add = |from: usize, to: usize, name: &'static str| {
        hits.push(Hit {
            start: start + from,
            end: start + to,
            name: Cow::Borrowed(name),
            rule: name,
        });
    };
    let starts = match grain {
        grain if !grain.begins => 0,
        grain if grain.has_words() => usize::MAX,
        _ => 1,
    };
    for (at, sure) in word_starts(run).take(starts) {
        let word = run.get(at..).unwrap_or_default();
        if at < past || !formats::may_begin(word) {
            continue;
        }
        if let Some((len, name)) = formats::beginning(word, is_end, sure) {
            add(at, at + len, name);
            past = at + len;
        }
    }
    if grain.has(DOT | COLON | TILDE | HYPHEN | SLASH)
        && let Some((from, to, name)) = formats::within(run, grain)
    {
        add(from, to, name);
    }
}

/// Whether what stands behind `Bearer` or `Basic` is sent, and not said.
fn is_sent(run: &[u8], grain: Grain) -> bool {
    let is_word = grain.digits == 0
        && run
            .iter()
            .all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.'));
    let is_address = grain.has(COLON) || run.starts_with(b"/") || run.starts_with(b"./");
    !is_address
        && formats::is_drawn(run)
        && (!is_word || run.len() >= 20 && run.iter().any(u8::is_ascii_uppercase))
}
