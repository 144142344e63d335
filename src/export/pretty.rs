//! JSON laid out for reading: one value a line, order, duplicates and digits as sent. Cleaned, never
//! parsed into values, so that depth and size do not matter.

use crate::{
    guard::clean,
    text::json::{Scanner, Sort},
};

/// Deeper levels are not indented further.
const DEEPEST: usize = 40;

/// The value as indented lines; none when the bytes are not one JSON value.
pub fn pretty(json: &[u8]) -> Option<String> {
    let mut out = String::new();
    let mut depth = 0usize;
    // Whether nothing has been written in the innermost container.
    let mut first = true;
    let mut after_key = false;
    for token in Scanner::new(json) {
        let token = token.ok()?;
        let text = clean::bytes(json.get(token.start..token.end)?);
        if let Sort::Close(_) = token.sort {
            depth = depth.saturating_sub(1);
            if !first {
                line_break(depth, &mut out);
            }
        } else if !after_key && depth > 0 {
            if !first {
                out.push(',');
            }
            line_break(depth, &mut out);
        }
        out.push_str(&text);
        after_key = token.sort == Sort::Key;
        if after_key {
            out.push_str(": ");
        }
        first = matches!(token.sort, Sort::Open(_));
        depth += usize::from(first);
    }
    (!out.is_empty()).then_some(out)
}

fn line_break(depth: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&"  ".repeat(depth.min(DEEPEST)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lays_out_and_changes_nothing() {
        let json = br#"{"b":1.10,"a":[],"a":{"x":[1,"t\u001b"]},"e":{}}"#;
        let expected = "\
{
  \"b\": 1.10,
  \"a\": [],
  \"a\": {
    \"x\": [
      1,
      \"t\\u001b\"
    ]
  },
  \"e\": {}
}";
        assert_eq!(pretty(json).as_deref(), Some(expected));
        assert_eq!(pretty(b" 5 ").as_deref(), Some("5"));
        assert_eq!(pretty(b"<html>"), None);
        assert_eq!(pretty(b""), None);
    }

    #[test]
    fn depth_costs_no_stack_and_little_room() {
        let json = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(pretty(json.as_bytes()).unwrap().len() < 2_000_000);
    }
}
