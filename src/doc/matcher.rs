//! What is searched for in a document: a regular expression, or the text itself where it is none. Small
//! letters find both cases, a capital only itself.

use regex::{Regex, RegexBuilder, bytes};

/// What is searched for. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Matcher {
    text: Regex,
    bytes: bytes::Regex,
    lines: bytes::Regex,
    literal: bool,
}

/// Compiled size of a pattern; larger ones are taken for mistakes.
const SIZE: usize = 1 << 20;

impl Matcher {
    /// A matcher for what was typed; none where nothing was, or where it is too large to be compiled.
    pub fn new(typed: &str) -> Option<Self> {
        if typed.is_empty() {
            return None;
        }
        let small = is_small(typed);
        Self::compile(typed, small, false)
            .or_else(|| Self::compile(&regex::escape(typed), small, true))
    }

    fn compile(pattern: &str, small: bool, literal: bool) -> Option<Self> {
        let build = |lines: bool| {
            let mut builder = bytes::RegexBuilder::new(pattern);
            builder
                .case_insensitive(small)
                .multi_line(lines)
                .crlf(lines)
                .size_limit(SIZE);
            builder.build().ok()
        };
        Some(Self {
            text: RegexBuilder::new(pattern)
                .case_insensitive(small)
                .size_limit(SIZE)
                .build()
                .ok()?,
            bytes: build(false)?,
            lines: build(true)?,
            literal,
        })
    }

    /// For one row or value as it is shown.
    pub fn text(&self) -> &Regex {
        &self.text
    }

    /// For one value as it was sent.
    pub fn bytes(&self) -> &bytes::Regex {
        &self.bytes
    }

    /// For many lines at once: `^` and `$` are found at each of them.
    pub fn lines(&self) -> &bytes::Regex {
        &self.lines
    }

    /// Whether what was typed is no regular expression and is looked for as it stands.
    pub fn is_literal(&self) -> bool {
        self.literal
    }
}

/// Whether there is no capital in it but in a class (`\S`, `\pL`).
fn is_small(typed: &str) -> bool {
    let mut escaped = false;
    for c in typed.chars() {
        if !escaped && c.is_uppercase() {
            return false;
        }
        escaped = !escaped && c == '\\';
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_find_both_cases() {
        for (typed, text, found) in [
            ("refund", "REFUND", true),
            ("Refund", "refund", false),
            (r"re\S+d", "REFUND", true),
            ("a.c", "abc", true),
            ("pay(", "pay(1)", true),
            ("^x$", "x", true),
        ] {
            assert_eq!(
                Matcher::new(typed).unwrap().text().is_match(text),
                found,
                "{typed}"
            );
        }
        assert!(Matcher::new("pay(").unwrap().is_literal());
        assert!(Matcher::new("").is_none());
        assert!(Matcher::new("x{1000}{1000}{1000}").is_some_and(|found| found.is_literal()));
        assert!(
            Matcher::new("^b$")
                .unwrap()
                .lines()
                .is_match(b"a\r\nb\r\nc")
        );
    }
}
