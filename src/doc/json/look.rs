//! What can be told of a value by looking at a little of it: how it reads, how large it is, whether it is
//! JSON itself. It never reads a long value to its end.

use super::rows::whole_clusters;
use crate::{
    guard::clean,
    text::json::{Fault, Scanner, Shape, Sort, Wrong, fault, unquote},
};

/// Shorter strings are read whole to find out whether they are JSON; of longer ones the ends decide.
const READ: usize = 2048;

/// A literal as it was sent, with what is hidden in it made visible; where it is cut, up to the last whole
/// cluster and escape.
pub(super) fn sent(literal: &[u8], is_cut: bool) -> String {
    if !is_cut {
        return clean::line(&clean::decode(literal)).into_owned();
    }
    let escapes = literal.get(..escape_cut(literal)).unwrap_or_default();
    let valid = match std::str::from_utf8(escapes) {
        Err(e) if e.error_len().is_none() => escapes.get(..e.valid_up_to()),
        _ => Some(escapes),
    };
    let text = clean::decode(valid.unwrap_or_default());
    let text = whole_clusters(&text);
    let text = text.get(..escape_cut(text.as_bytes())).unwrap_or(text);
    clean::line(text).into_owned()
}

/// Where a literal ends that is cut, without an escape that the cut goes through.
fn escape_cut(literal: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = literal.get(at) {
        let len = match (byte, literal.get(at + 1)) {
            (b'\\', Some(b'u')) => 6,
            (b'\\', _) => 2,
            _ => 1,
        };
        if at + len > literal.len() {
            return at;
        }
        at += len;
    }
    at
}

/// Whether a string has lines, or was written for a terminal, so that its escapes are no way to read it.
pub(super) fn has_lines(head: &[u8]) -> bool {
    let escapes: [&[u8]; 3] = [b"\\n", b"\\u001b[", b"\\u001B["];
    let lines =
        |escape: &[u8]| memchr::memmem::find(head, escape).is_some_and(|at| at + 3 < head.len());
    escapes.into_iter().any(lines)
}

/// What a string is that holds JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    Whole,
    /// JSON up to there, where that is known.
    Broken(Option<Fault>),
}

/// Whether a text is JSON as far as it goes: it tells a member, or an element that no words in brackets
/// would have.
pub(super) fn begins(text: &[u8]) -> bool {
    let mut scanner = Scanner::new(text);
    let (mut sorts, mut end) = (Vec::new(), None);
    while sorts.len() < 4 && end.is_none() {
        match scanner.next() {
            Some(Ok(token)) => sorts.push(token.sort),
            Some(Err(fault)) => end = Some(fault.what),
            None => break,
        }
    }
    match sorts.as_slice() {
        [Sort::Open(Shape::Object), Sort::Key] => end == Some(Wrong::Cut),
        [Sort::Open(Shape::Object), Sort::Key, ..] => true,
        [Sort::Open(Shape::Array), more @ ..] if more.len() > 1 => more
            .iter()
            .any(|sort| matches!(sort, Sort::Open(_) | Sort::String)),
        _ => false,
    }
}

/// Whether a string is JSON, by its beginning (all of it where it is short) and its end, quotes included.
pub(super) fn inside(head: &[u8], tail: &[u8], extent: usize) -> Option<Inside> {
    let within = head.get(1..).unwrap_or_default();
    let open = within.trim_ascii_start().first()?;
    let close = match open {
        b'{' => b'}',
        b'[' => b']',
        _ => return None,
    };
    if extent <= READ && head.len() == extent {
        let says = unquote(head);
        return match fault(says.as_bytes()) {
            None => Some(Inside::Whole),
            // A value with a text behind it is a text.
            Some(fault) if fault.what == Wrong::Trailing || !begins(says.as_bytes()) => None,
            fault => Some(Inside::Broken(fault)),
        };
    }
    let within = tail.strip_suffix(b"\"").unwrap_or(tail).trim_ascii_end();
    let within = within.strip_suffix(b"\\n").unwrap_or(within);
    let says = unquote(head.get(..READ).unwrap_or(head));
    let second = says
        .trim_start()
        .bytes()
        .skip(1)
        .find(|b| !b.is_ascii_whitespace());
    let goes_on = match open {
        b'{' => second == Some(b'"'),
        _ => second.is_some_and(|b| b"{[\"-0123456789tfn".contains(&b)),
    };
    if goes_on && within.last() == Some(&close) {
        return Some(Inside::Whole);
    }
    // Where it ends is not looked for: of a long text only the beginning is read here.
    (begins(says.as_bytes())
        && fault(says.as_bytes()).is_some_and(|fault| fault.what == Wrong::Cut))
    .then_some(Inside::Broken(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_goes_through_nothing() {
        for (literal, shown) in [
            (r#""abc\n"#.as_bytes(), "\"abc"),
            (br#""abc\"#, "\"ab"),
            (br#""abc\u00"#, "\"ab"),
            (b"\"abc\xF0\x9F", "\"ab"),
            ("\"ae\u{301}".as_bytes(), "\"a"),
        ] {
            assert_eq!(sent(literal, true), shown);
        }
        assert_eq!(sent(b"\"a\\u001b\x1b", false), "\"a\\u001b␛");
    }

    #[test]
    fn json_in_strings_is_known() {
        for (literal, is) in [
            (r#""{\"a\":1}""#.to_owned(), true),
            (r#"" [1, 2]""#.to_owned(), true),
            (r#""{a:1}""#.to_owned(), false),
            (r#""[INFO] x""#.to_owned(), false),
            (r#""12""#.to_owned(), false),
            (format!(r#""{{\"a\":\"{}\"}}""#, "x".repeat(3000)), true),
            (format!(r#""[INFO {}]""#, "x".repeat(3000)), false),
        ] {
            let bytes = literal.as_bytes();
            let tail = &bytes[bytes.len().saturating_sub(16)..];
            let found = inside(bytes, tail, bytes.len());
            assert_eq!(found == Some(Inside::Whole), is, "{literal}");
        }
    }

    #[test]
    fn json_that_breaks_off_is_told_from_text() {
        for (says, at) in [
            (r#"{"a": 1,}"#, Some(8)),
            (r#"{"a":"hel"#, Some(9)),
            (r#"[{"a":1},"#, Some(9)),
            (r#"["a", "b""#, Some(9)),
            ("[12:30] begun", None),
            ("[1, 2 and 3] more", None),
            ("{name}", None),
            (r#"{"a"} more"#, None),
            (r#"{"a":1} and a text"#, None),
            ("[INFO", None),
        ] {
            let literal = serde_json::to_string(says).unwrap();
            let bytes = literal.as_bytes();
            let found = match inside(bytes, bytes, bytes.len()) {
                Some(Inside::Broken(fault)) => fault.map(|fault| fault.at),
                _ => None,
            };
            assert_eq!(found, at, "{says}");
        }
        let long = format!(r#""{{\"a\":\"{}"#, "x".repeat(5000));
        let head = &long.as_bytes()[..1024];
        assert_eq!(inside(head, b"xxx\"", 5000), Some(Inside::Broken(None)));
    }
}
