//! What JSON string literals say. Forgiving: a literal may be cut anywhere and hold anything.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// What a string literal says. The literal may be cut anywhere: what is there is decoded. Halves of
/// surrogate pairs that stand alone and bytes that are no UTF-8 become `�`.
pub fn unquote(literal: &[u8]) -> Cow<'_, str> {
    let inner = literal.strip_prefix(b"\"").unwrap_or(literal);
    let Some(first) = memchr2(b'"', b'\\', inner) else {
        return lossy(inner);
    };
    let (plain, mut rest) = inner.split_at_checked(first).unwrap_or((inner, b""));
    if rest.first() == Some(&b'"') {
        return lossy(plain);
    }
    let mut out = Vec::with_capacity(inner.len());
    out.extend_from_slice(plain);
    while rest.first() == Some(&b'\\') {
        let (c, used) = unescape(rest);
        if let Some(c) = c {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        rest = rest.get(used..).unwrap_or_default();
        let run = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        let (plain, after) = rest.split_at_checked(run).unwrap_or((rest, b""));
        out.extend_from_slice(plain);
        rest = after;
    }
    let out = String::from_utf8(out);
    Cow::Owned(out.unwrap_or_else(|wrong| lossy(wrong.as_bytes()).into_owned()))
}

/// Bytes as text. Nearly all are, which is sooner told than repaired.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// A text of JSON with its escapes undone; all else stays as it is.
pub fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = memchr(b'\\', rest).and_then(|at| rest.split_at_checked(at)) {
        out.extend_from_slice(plain);
        let (c, used) = unescape(escape);
        if let Some(c) = c {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        rest = escape.get(used.max(1)..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// The character of the escape that `rest` begins with, and its length. None where it is cut.
fn unescape(rest: &[u8]) -> (Option<char>, usize) {
    let c = match rest.get(1) {
        None => return (None, rest.len()),
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'u') => return unescape_code(rest),
        Some(b) if b.is_ascii() => char::from(*b),
        Some(_) => return (Some('�'), 1),
    };
    (Some(c), 2)
}

fn unescape_code(rest: &[u8]) -> (Option<char>, usize) {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 4)?;
        let digits = std::str::from_utf8(digits).ok()?;
        digits
            .bytes()
            .all(|b| b.is_ascii_hexdigit())
            .then_some(())?;
        u16::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(2) else {
        let cut = rest.len() < 6;
        return if cut {
            (None, rest.len())
        } else {
            (Some('�'), 2)
        };
    };
    if let Some(c) = char::from_u32(u32::from(first)) {
        return (Some(c), 6);
    }
    let second = (rest.get(6..8) == Some(b"\\u")).then(|| unit(8)).flatten();
    match second.map(|second| char::decode_utf16([first, second]).next()) {
        Some(Some(Ok(c))) => (Some(c), 12),
        _ => (Some('�'), 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::json::fault;
    use proptest::prelude::*;

    #[test]
    fn literals_are_decoded_as_far_as_they_go() {
        for (literal, says) in [
            (r#""plain""#, "plain"),
            (r#""a\n\"b\"\\\/é""#, "a\n\"b\"\\/é"),
            (r#""\ud83d\ude42""#, "🙂"),
            (r#""\ud83d!""#, "�!"),
            (r#""cut \u00"#, "cut "),
            (r#""cut \"#, "cut "),
            (r#""open"#, "open"),
        ] {
            assert_eq!(unquote(literal.as_bytes()), says, "{literal}");
        }
        assert_eq!(unquote(b"\"a\xC3"), "a�");
        assert_eq!(unquote(b"\"a\xC3\\u00e9\xA9\""), "a�é�");
    }

    proptest! {
        #[test]
        fn strings_survive_the_round(text in any::<String>()) {
            let literal = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(fault(literal.as_bytes()), None);
            prop_assert_eq!(unquote(literal.as_bytes()), text);
        }

        #[test]
        fn any_bytes_say_something(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(unquote(&bytes).chars().count() <= bytes.len());
        }
    }
}
