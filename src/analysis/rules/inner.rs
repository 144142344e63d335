//! JSON as it lies in text: behind a fence of Markdown, in Python's spelling, cut by what is read of it. It
//! only lays it bare; whether it is JSON shows when it is read.

use std::borrow::Cow;

/// Whether a string that is too long to be read whole ends like a JSON container.
pub(super) fn ends_closed(literal: &[u8]) -> bool {
    let mut tail = literal.strip_suffix(b"\"").unwrap_or(literal);
    loop {
        let cut = [&b"\\n"[..], b"\\r", b"\\t", b" "]
            .iter()
            .find_map(|end| tail.strip_suffix(*end));
        match cut {
            Some(rest) => tail = rest,
            None => return matches!(tail.last(), Some(b'}' | b']')),
        }
    }
}

/// Text without the fence that marks it as code.
pub(super) fn unfenced(text: &[u8]) -> &[u8] {
    let Some(rest) = text.strip_prefix(b"```json") else {
        return text;
    };
    let rest = rest.strip_suffix(b"```").unwrap_or(rest);
    rest.trim_ascii()
}

/// What Python prints of a dict, as JSON; anything else as it is.
pub(super) fn as_json(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.starts_with(b"{'") && !text.starts_with(b"[{'") {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut quote = None;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match (quote, *byte) {
            (None, b'\'' | b'"') => {
                quote = Some(*byte);
                out.push(b'"');
            }
            (Some(open), close) if open == close => {
                quote = None;
                out.push(b'"');
            }
            (Some(_), b'"') => out.extend_from_slice(b"\\\""),
            (Some(_), b'\\') => {
                match text.get(at) {
                    Some(b'\'') => out.push(b'\''),
                    Some(next) => out.extend_from_slice(&[b'\\', *next]),
                    None => out.push(b'\\'),
                }
                at += 1;
            }
            (None, b'T' | b'F' | b'N') => {
                let rest = text.get(at - 1..).unwrap_or_default();
                let words = [("True", "true"), ("False", "false"), ("None", "null")];
                let word = words
                    .iter()
                    .find(|(python, _)| rest.starts_with(python.as_bytes()));
                match word {
                    Some((python, json)) => {
                        out.extend_from_slice(json.as_bytes());
                        at += python.len() - 1;
                    }
                    None => out.push(*byte),
                }
            }
            (_, byte) => out.push(byte),
        }
    }
    Cow::Owned(out)
}
