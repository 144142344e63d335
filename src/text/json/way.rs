//! The ways to places in a JSON text, spelled as people type them: `arguments.items[3].api_key`. One walk
//! finds many of them.

use std::fmt::Write as _;

use super::{Scanner, Shape, Sort, unquote};

/// Letters of a key that a way names.
const LONGEST_KEY: usize = 60;
/// Levels that a way names; of deeper ones the last.
const DEEPEST: usize = 24;

/// A container that is open, and where in it the walk is.
enum Level {
    Object(String),
    Array(usize),
}

/// The way to what stands at each byte, a key standing for its member. `places` are in order. Those behind
/// a fault of the text have no way.
pub fn ways(text: &[u8], places: &[usize]) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = vec![None; places.len()];
    let mut left = found.iter_mut().zip(places).peekable();
    let mut levels: Vec<Level> = Vec::new();
    let mut scanner = Scanner::new(text);
    while left.peek().is_some() {
        let Some(Ok(token)) = scanner.next() else {
            break;
        };
        if token.sort == Sort::Key {
            if let Some(Level::Object(key)) = levels.last_mut() {
                let name = unquote(text.get(token.start..token.end).unwrap_or_default());
                *key = name.chars().take(LONGEST_KEY).collect();
            }
        } else if let Sort::Close(_) = token.sort {
            levels.pop();
        }
        // A container is what it begins with.
        while let Some((way, _)) = left.next_if(|(_, place)| **place < token.end) {
            *way = Some(spelled(&levels));
        }
        match token.sort {
            Sort::Open(Shape::Object) => levels.push(Level::Object(String::new())),
            Sort::Open(Shape::Array) => levels.push(Level::Array(0)),
            Sort::Key => {}
            Sort::Close(_) | Sort::String | Sort::Number | Sort::Word => {
                if let Some(Level::Array(at)) = levels.last_mut() {
                    *at += 1;
                }
            }
        }
    }
    found
}

fn spelled(levels: &[Level]) -> String {
    let mut way = String::new();
    let skipped = levels.len().saturating_sub(DEEPEST);
    if skipped > 0 {
        way.push('…');
    }
    for level in levels.iter().skip(skipped) {
        match level {
            Level::Array(at) => {
                let _ = write!(way, "[{at}]");
            }
            Level::Object(key) if is_plain(key) => {
                if !way.is_empty() {
                    way.push('.');
                }
                way.push_str(key);
            }
            Level::Object(key) => {
                let _ = write!(way, "[{key:?}]");
            }
        }
    }
    way
}

fn is_plain(key: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '@');
    !key.is_empty() && key.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_names_the_keys_and_numbers_that_lead_there() {
        let text = br#"{"a":{"b c":[1,{"k":"v"},"w"]},"a.b":2,"n":[[],[3]]}"#;
        let at = |part: &str| {
            let text = std::str::from_utf8(text).unwrap();
            text.find(part).unwrap()
        };
        let places = [
            at("{\"b c"),
            at("1,"),
            at("\"k\""),
            at("\"w\""),
            at("2,"),
            at("3]"),
        ];
        let found = ways(text, &places);
        let found: Vec<&str> = found.iter().map(|way| way.as_deref().unwrap()).collect();
        assert_eq!(
            found,
            [
                "a",
                "a[\"b c\"][0]",
                "a[\"b c\"][1].k",
                "a[\"b c\"][2]",
                "[\"a.b\"]",
                "n[1][0]"
            ]
        );
        assert_eq!(ways(b"7", &[0]), [Some(String::new())]);
        assert_eq!(ways(br#"{"a": nonsense, "b": 1}"#, &[16]), [None]);
    }
}
