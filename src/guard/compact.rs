//! JSON on its way to a script's standard output: white space between tokens removed and, inside
//! strings, what a terminal would obey or a reader would not see written as an escape. Nothing else
//! changes: order, duplicate keys and the spelling of numbers are the sender's.

use std::fmt::Write as _;

use super::glyph;
use crate::text::json::{Scanner, Shape, Sort};

/// One JSON value on one line; none when the bytes are not one JSON value.
pub fn safe_json(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for token in Scanner::new(bytes) {
        let token = token.ok()?;
        out.push_str(between(before, token.sort));
        let part = text.get(token.start..token.end)?;
        if matches!(token.sort, Sort::Key | Sort::String) {
            escape(part, &mut out);
        } else {
            out.push_str(part);
        }
        before = Some(token.sort);
    }
    Some(out)
}

/// The punctuation between two tokens, which the scanner leaves out.
fn between(before: Option<Sort>, next: Sort) -> &'static str {
    match (before, next) {
        (Some(Sort::Key), _) => ":",
        (None | Some(Sort::Open(Shape::Object | Shape::Array)), _) | (_, Sort::Close(_)) => "",
        (Some(Sort::Close(_) | Sort::String | Sort::Number | Sort::Word), _) => ",",
    }
}

fn escape(literal: &str, out: &mut String) {
    if glyph::is_plain(literal.as_bytes()) {
        out.push_str(literal);
        return;
    }
    let mut units = [0_u16; 2];
    for c in literal.chars() {
        if !glyph::is_hidden(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut units) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_white_space_and_what_is_hidden_change() {
        let sent = "{ \"b\" : 1.500 ,\n\"a\":[ 1, {} , [ ],\"x  y\\u0041é\"], \"b\":null }";
        let safe = r#"{"b":1.500,"a":[1,{},[],"x  y\u0041é"],"b":null}"#;
        assert_eq!(safe_json(sent.as_bytes()).unwrap(), safe);
        assert_eq!(
            safe_json("[\"\u{7F}\u{9B}\u{202E}\u{200B}\u{E0041}\"]".as_bytes()).unwrap(),
            r#"["\u007f\u009b\u202e\u200b\udb40\udc41"]"#
        );
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for sent in [&b""[..], b"<html>", b"{\"a\":", b"{} {}", b"\"\xFF\""] {
            assert_eq!(safe_json(sent), None);
        }
    }

    proptest! {
        #[test]
        fn it_says_the_same(text in any::<String>(), n in any::<i64>()) {
            let sent = serde_json::json!({ text.clone(): [text, n, {"deep": []}] });
            let safe = safe_json(serde_json::to_string_pretty(&sent).unwrap().as_bytes()).unwrap();
            prop_assert!(!safe.chars().any(glyph::is_hidden));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), sent);
        }
    }
}
