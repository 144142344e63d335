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

/// What is wrong with a pattern that is no regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Where, in characters, and how many of them.
    pub at: usize,
    /// See `at`.
    pub under: usize,
    /// What.
    pub what: String,
}

impl Wrong {
    /// The regex crate shows patterns of one line with carets below: that is the one place where it says
    /// where a fault is.
    fn of(error: &regex::Error) -> Option<Self> {
        let told = error.to_string();
        let mut lines = told.lines().skip(2);
        let carets = lines.next()?.strip_prefix("    ")?;
        let at = carets.chars().position(|c| c == '^')?;
        let under = carets.chars().filter(|c| *c == '^').count();
        let what = lines
            .find_map(|line| line.strip_prefix("error: "))?
            .to_owned();
        Some(Self { at, under, what })
    }
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

    /// Why what was typed is no regular expression, where that is so and has a place.
    pub fn wrong(typed: &str) -> Option<Wrong> {
        Wrong::of(&Regex::new(typed).err()?)
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

    /// How many matches there are in a row or value as it is shown.
    pub fn hits(&self, text: &str) -> usize {
        let found = self.text.find_iter(text);
        found.filter(|found| !found.is_empty()).count()
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
        for (typed, at, under, what) in [
            ("pay(", 3, 1, "unclosed group"),
            ("é[z-a]", 2, 3, "invalid character class range"),
            ("a**)", 3, 1, "unopened group"),
        ] {
            let wrong = Matcher::wrong(typed).unwrap();
            assert_eq!((wrong.at, wrong.under), (at, under), "{typed}: {wrong:?}");
            assert!(wrong.what.starts_with(what), "{wrong:?}");
        }
        assert!(Matcher::wrong("pay\\(").is_none());
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
