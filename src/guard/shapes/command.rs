//! Secrets that words before them tell of without a sign: `bearer …`, `mysql -p…`, `sshpass -p …`,
//! `IDENTIFIED BY '…'`, and elements of XML that are named like secrets. A sign is met first, and most of
//! them tell of nothing.

use std::borrow::Cow;

use super::{
    Hit,
    value::{byte, is_blank, is_value, stands_in, value},
};
use crate::{
    guard::mask_json::says_nothing,
    text::keys::{self, Tells},
};

/// Bytes of a name at most.
const LONGEST_NAME: usize = 64;
/// Bytes of a line before its option, and of what stands in an element, at most.
const LONGEST: usize = 300;

/// The secret that a sign tells of.
pub(super) fn behind(text: &[u8], at: usize) -> Option<Hit<'_>> {
    if !is_told(text, at) {
        return None;
    }
    match text.get(at)? {
        b'b' | b'B' => bearer(text, at),
        b'<' => element(text, at),
        b'p' => option(text, at),
        b'\'' => identified(text, at),
        _ => None,
    }
}

/// Whether a sign may tell of one, as far as the letters beside it say. Knows escapes.
pub(super) fn is_told(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(b'b' | b'B') => text
            .get(at..at + 6)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"bearer")),
        Some(b'<') => closes(text, at).is_some_and(|name| keys::tells(name) != Tells::Nothing),
        Some(b'p') => program(text, at).is_some(),
        Some(b'\'') => ends_with(text.get(..at).unwrap_or_default(), b"identified by "),
        _ => false,
    }
}

fn ends_with(text: &[u8], end: &[u8]) -> bool {
    let start = text.len().checked_sub(end.len());
    let last = start.and_then(|start| text.get(start..));
    last.is_some_and(|last| last.eq_ignore_ascii_case(end))
}

fn hit<'t>((start, end): (usize, usize), name: &'t str, rule: &'static str) -> Hit<'t> {
    Hit {
        start,
        end,
        name: Cow::Borrowed(name),
        rule,
    }
}

/// `bearer` and a token; a word in a sentence about them is none.
fn bearer(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let before = at.checked_sub(1).and_then(|before| byte(text, before));
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric()) || !is_blank(byte(text, at + 6)?) {
        return None;
    }
    let value = value(text, at + 6)?;
    let says = std::str::from_utf8(text.get(value.start..value.end)?).ok()?;
    let is_one = says.len() >= 12
        && Tells::Sent.hides(says)
        && !says_nothing(says)
        && !stands_in(says)
        && !says.contains(['(', '[', ':']);
    is_one.then(|| hit((value.start, value.end), "authorization", "authorization"))
}

/// The name of the element that is closed there, without its namespace.
fn closes(text: &[u8], at: usize) -> Option<&str> {
    let rest = text.get(at + 2..text.len().min(at + 2 + LONGEST_NAME))?;
    let name = rest.get(..memchr::memchr(b'>', rest)?)?;
    let own = memchr::memrchr(b':', name).map_or(0, |colon| colon + 1);
    let name = name.get(own..).filter(|name| keys::may_be_secret(name))?;
    std::str::from_utf8(name).ok()
}

/// What stands in an element that is named like a secret, `at` being where it is closed.
fn element(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let name = closes(text, at)?;
    let before = text.get(at.saturating_sub(LONGEST)..at)?;
    let open = memchr::memrchr(b'>', before)?;
    let value = before.get(open + 1..)?;
    let says = std::str::from_utf8(value).ok()?;
    let is_one = keys::tells(name).hides(says)
        && !says.contains(['<', '\n'])
        && is_value(value, &name.to_ascii_lowercase(), true, true);
    is_one.then(|| hit((at - value.len(), at), name, "named"))
}

/// The program whose option `-p` is its password: whether that may stand behind a blank.
fn program(text: &[u8], at: usize) -> Option<bool> {
    if !is_blank(byte(text, at.checked_sub(2)?)?) {
        return None;
    }
    let line = text.get(at.saturating_sub(LONGEST)..at - 1)?;
    if ends_with(line.trim_ascii_end(), b"sshpass") {
        return Some(true);
    }
    // another command may follow on the line
    let begins = line
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'|' | b';' | b'&' | b'`'));
    let command = line.get(begins.map_or(0, |begins| begins + 1)..)?;
    let is = |name: &[u8]| memchr::memmem::find(command, name).is_some();
    (is(b"mysql") || is(b"mariadb")).then_some(false)
}

/// What stands behind `-p`.
fn option(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let may_be_apart = program(text, at)?;
    let next = byte(text, at + 1)?;
    if is_blank(next) && !may_be_apart {
        return None;
    }
    let value = value(text, at + 1)?;
    let says = std::str::from_utf8(text.get(value.start..value.end)?).ok()?;
    // of other programs it is a port
    let is_port = says.bytes().all(|b| b.is_ascii_digit() || b == b':')
        && (says.contains(':') || says.len() < 6);
    let is_one = !says_nothing(says) && !stands_in(says) && !says.starts_with('-') && !is_port;
    is_one.then(|| hit((value.start, value.end), "password", "password"))
}

/// The password of a user of a database, `at` being its quote.
fn identified(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let value = value(text, at).filter(|value| value.is_quoted)?;
    let says = std::str::from_utf8(text.get(value.start..value.end)?).ok()?;
    let is_one = !says_nothing(says) && !stands_in(says);
    is_one.then(|| hit((value.start, value.end), "password", "password"))
}
