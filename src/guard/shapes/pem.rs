//! Private keys in PEM: all from the first line to the last, also where the last is missing.

use std::borrow::Cow;

use super::{Hit, formats::is_drawn, scout::is_token, value::count};

/// Longer keys are no keys.
const LONGEST: usize = 64 << 10;

/// A private key in PEM, also one without its end; `at` is the last hyphen before `BEGIN`.
pub(super) fn key_block(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let start = at.checked_sub(4)?;
    let head = text.get(start..text.len().min(start + 80))?;
    let label = head.strip_prefix(b"-----BEGIN ")?;
    let len = memchr::memmem::find(label, b"-----")?;
    let label = label.get(..len)?;
    memchr::memmem::find(label, b"PRIVATE KEY")?;
    let body = start + 11 + len + 5;
    let rest = text.get(body..)?;
    // what a key is made of, with the lines that some have before it, and line breaks as they are escaped
    let within = text.get(..text.len().min(body + LONGEST))?;
    let inside = count(within, body, |b| {
        is_token(b) || matches!(b, b'\r' | b'\n' | b' ' | b'\t' | b'\\' | b',')
    });
    let end = match memchr::memmem::find(
        rest.get(..inside.saturating_add(40).min(rest.len()))?,
        b"-----END ",
    ) {
        Some(end) => {
            let tail = body + end + 9;
            let close = memchr::memmem::find(text.get(tail..text.len().min(tail + 60))?, b"-----");
            close.map_or(tail, |close| tail + close + 5)
        }
        None => body + lines_of_key(rest.get(..inside)?),
    };
    is_drawn(text.get(body..end)?).then_some(Hit {
        start,
        end,
        name: Cow::Borrowed("private-key"),
        rule: "private-key",
    })
}

/// Bytes of the lines of a key without an end: those that are one word each.
fn lines_of_key(body: &[u8]) -> usize {
    let mut len = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let words = line.trim_ascii();
        let is_head = words.contains(&b':') && words.len() < 80;
        if words.contains(&b' ') && !is_head {
            let word = line.iter().position(|byte| *byte == b' ').unwrap_or(0);
            // one long word is the rest of a key that was written on one line
            return len + if word >= 40 { word } else { 0 };
        }
        len += line.len();
    }
    len
}
