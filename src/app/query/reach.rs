//! Values that a path leads to, for columns: the first one in a payload, cut out of its bytes. Masks
//! nothing: who shows it hands in what is masked.

use std::fmt;

use jiff::tz::TimeZone;

use super::{Fault, Terms, parse::Parser, path::Path};
use crate::{
    model::Time,
    text::json::{Scanner, Sort, Token},
};

/// The root that is typed in front of every path.
pub(super) const ROOT: &str = "payload";

/// The way to a value of a payload: `payload.items[0].sku`.
#[derive(Clone, Debug, PartialEq)]
pub struct PayloadPath(Path);

impl PayloadPath {
    /// Whether a text can only be meant as a path.
    pub fn begins(text: &str) -> bool {
        let rest = text.strip_prefix(ROOT);
        rest.is_some_and(|rest| rest.starts_with(['.', '[']))
    }

    /// Reads a path; places in a fault are those of the text.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let terms = Terms {
            now: Time(0),
            zone: TimeZone::UTC,
        };
        let mut parser = Parser::new(text, &terms);
        if !Self::begins(text) {
            return Err(parser.here("a path: payload.amount, payload.items[0].sku"));
        }
        parser.at = ROOT.len();
        let path = parser.path()?;
        match parser.peek() {
            None => Ok(Self(path)),
            Some(_) => Err(parser.here("the end of the path here, or a . or [ that goes on")),
        }
    }

    /// Whether it leads to anything in a JSON text.
    pub fn leads_in(&self, json: &[u8]) -> bool {
        self.0.find(json, &mut |_, _| true)
    }

    /// The first value that it leads to, as it stands there.
    pub fn first(&self, json: &[u8]) -> Option<Vec<u8>> {
        let mut found = None;
        self.0.find(json, &mut |text, token| {
            found = whole(text, token).map(<[u8]>::to_vec);
            found.is_some()
        });
        found
    }
}

/// All of a value that begins with a token; none where its text ends before it does.
fn whole<'a>(text: &'a [u8], token: &Token) -> Option<&'a [u8]> {
    if !matches!(token.sort, Sort::Open(_)) {
        return text.get(token.start..token.end);
    }
    let rest = text.get(token.start..)?;
    let mut depth = 0_usize;
    for token in Scanner::new(rest) {
        let token = token.ok()?;
        match token.sort {
            Sort::Open(_) => depth += 1,
            Sort::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return rest.get(..token.end);
        }
    }
    None
}

impl fmt::Display for PayloadPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ROOT}{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_is_cut_out_as_it_stands() {
        let json =
            br#"{"a": {"b": [1.50, {"c": "x\u0041"}]}, "s": "{\"n\": 7}", "a": 2, "cut": [1, "#;
        for (path, expected) in [
            ("payload.a.b[0]", Some("1.50")),
            ("payload.a.b[1]", Some(r#"{"c": "x\u0041"}"#)),
            ("payload.**.c", Some(r#""x\u0041""#)),
            ("payload.s.n", Some("7")),
            ("payload.a", Some(r#"{"b": [1.50, {"c": "x\u0041"}]}"#)),
            ("payload.cut", None),
            ("payload.cut[0]", Some("1")),
            ("payload.none", None),
        ] {
            let read = PayloadPath::read(path).unwrap();
            assert_eq!(read.to_string(), path);
            let found = read
                .first(json)
                .map(|found| String::from_utf8(found).unwrap());
            assert_eq!(found.as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused_at_its_place() {
        for (wrong, at) in [
            ("amount", 0..1),
            ("payload", 0..1),
            ("payload.", 8..8),
            ("payload.a b", 9..10),
            ("payload[x]", 8..9),
        ] {
            assert_eq!(PayloadPath::read(wrong).unwrap_err().at, at, "{wrong}");
        }
    }
}
