//! JSON laid out for reading: one value a line; order, duplicates and digits as sent. Never parsed into
//! values, so that depth and size do not matter.

use super::json::{Scanner, Sort};

/// Deeper levels are not indented further.
const DEEPEST: usize = 40;

/// The value as indented lines, each token put out by `put`; none when the bytes are not one JSON value.
pub fn pretty(json: &[u8], put: impl Fn(&[u8], &mut Vec<u8>)) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(json.len() + json.len() / 4);
    let mut depth = 0usize;
    // Whether nothing has been written in the innermost container.
    let mut first = true;
    let mut after_key = false;
    for token in Scanner::new(json) {
        let token = token.ok()?;
        let text = json.get(token.start..token.end)?;
        if let Sort::Close(_) = token.sort {
            depth = depth.saturating_sub(1);
            if !first {
                line_break(depth, &mut out);
            }
        } else if !after_key && depth > 0 {
            if !first {
                out.push(b',');
            }
            line_break(depth, &mut out);
        }
        put(text, &mut out);
        after_key = token.sort == Sort::Key;
        if after_key {
            out.extend_from_slice(b": ");
        }
        first = matches!(token.sort, Sort::Open(_));
        depth += usize::from(first);
    }
    (!out.is_empty()).then_some(out)
}

fn line_break(depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.extend(std::iter::repeat_n(b' ', 2 * depth.min(DEEPEST)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(json: &[u8]) -> Option<String> {
        let laid_out = pretty(json, |token, out| out.extend_from_slice(token))?;
        Some(String::from_utf8(laid_out).unwrap())
    }

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
        assert_eq!(plain(json).as_deref(), Some(expected));
        assert_eq!(plain(b" 5 ").as_deref(), Some("5"));
        assert_eq!(plain(b"<html>"), None);
        assert_eq!(plain(b""), None);
    }

    #[test]
    fn depth_costs_no_stack_and_little_room() {
        let json = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(plain(json.as_bytes()).unwrap().len() < 2_000_000);
    }
}
