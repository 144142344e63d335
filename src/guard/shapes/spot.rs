//! What stands at a place where a secret may begin: whether it is worth a look, and what it is. It looks
//! at that place and what is around it alone; which rules hold is asked elsewhere.

use std::borrow::Cow;

use super::{
    Hit, card, formats, lots, named,
    scout::{self, Spot},
};

/// Whether a sign is worth a look: names of secrets end with few pairs of letters.
pub(super) fn may_name(text: &[u8], at: usize) -> bool {
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
pub(super) fn may_hold(text: &[u8], start: usize, end: usize) -> bool {
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
pub(super) fn is_number(run: &[u8]) -> bool {
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

pub(super) fn found<'t>(text: &'t [u8], spot: Spot, key: Option<&[u8]>, hits: &mut Vec<Hit<'t>>) {
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
pub(super) fn at_end(text: &[u8]) -> Option<Hit<'_>> {
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
