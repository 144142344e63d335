//! Texts that are looked for: names with `*`, parts of texts, regular expressions. Small letters find both
//! cases, a capital only itself. The engine takes time in proportion to the text whatever the pattern;
//! what would need too much memory is refused when it is read.

use std::{fmt::Write as _, ops::Range};

use regex::bytes::{Regex, RegexBuilder};

/// Compiled size of a pattern in bytes.
const SIZE: usize = 1 << 20;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// It is all of it.
    All,
    /// It begins with it.
    Beginning,
    /// It is somewhere in it.
    Part,
}

/// Something to look for.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// In a text as it reads.
    plain: Regex,
    /// In the bytes of JSON, where characters may be escaped; none where that is no other.
    json: Option<Regex>,
    /// Whether a text of JSON without any `\u` has it only where it stands there as it is.
    simple: bool,
}

impl Pattern {
    /// A text; `*` stands for anything where `globs`. None where it is too long.
    pub fn text(text: &str, globs: bool, whole: Whole) -> Option<Self> {
        let small = !text.chars().any(char::is_uppercase);
        let star = "(?s-u:.)*";
        let build = |spell: fn(char, &mut String)| {
            let mut pattern = String::new();
            pattern.push_str(if whole == Whole::Part { "" } else { r"\A" });
            for c in text.chars() {
                if globs && c == '*' {
                    pattern.push_str(star);
                } else {
                    spell(c, &mut pattern);
                }
            }
            pattern.push_str(if whole == Whole::All { r"\z" } else { "" });
            compile(&pattern, small)
        };
        let simple = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
            && !text.contains(['"', '\\', '/']);
        Some(Self {
            plain: build(plain)?,
            json: if simple { None } else { Some(build(escaped)?) },
            simple,
        })
    }

    /// A regular expression; says what is wrong with one that is none.
    pub fn regex(pattern: &str, small: bool) -> Result<Self, String> {
        let mut builder = RegexBuilder::new(pattern);
        builder.case_insensitive(small).size_limit(SIZE);
        let plain = builder.build().map_err(|error| told(&error))?;
        Ok(Self {
            plain,
            json: None,
            simple: false,
        })
    }

    /// Whether a text has it.
    pub fn is_in(&self, text: &str) -> bool {
        self.plain.is_match(text.as_bytes())
    }

    /// Where a text has it for the first time.
    pub fn place(&self, text: &str) -> Option<Range<usize>> {
        self.plain.find(text.as_bytes()).map(|found| found.range())
    }

    /// Where the text of JSON has it for the first time.
    pub fn place_in_json(&self, text: &str) -> Option<Range<usize>> {
        let regex = self.json.as_ref().unwrap_or(&self.plain);
        regex.find(text.as_bytes()).map(|found| found.range())
    }

    /// Whether the bytes of JSON, or of a text that is no JSON, have it.
    pub fn is_in_json(&self, bytes: &[u8]) -> bool {
        self.json.as_ref().unwrap_or(&self.plain).is_match(bytes)
    }

    /// Whether what a string literal of JSON says has it. It is unescaped only where that may matter.
    pub fn is_in_literal(&self, literal: &[u8]) -> bool {
        if memchr::memchr(b'\\', literal).is_none() {
            let inner = literal.strip_prefix(b"\"").unwrap_or(literal);
            return self
                .plain
                .is_match(inner.strip_suffix(b"\"").unwrap_or(inner));
        }
        if self.simple
            && !self.plain.is_match(literal)
            && memchr::memmem::find(literal, b"\\u").is_none()
        {
            return false;
        }
        self.is_in(&crate::text::json::unquote(literal))
    }
}

/// A text in every spelling that JSON has for it; none where it has no other.
pub(in crate::app) fn in_json(text: &str, small: bool) -> Option<Regex> {
    let is_plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !"\"\\/".contains(c);
    if text.chars().all(is_plain) {
        return None;
    }
    let mut pattern = String::new();
    for c in text.chars() {
        escaped(c, &mut pattern);
    }
    compile(&pattern, small)
}

fn compile(pattern: &str, small: bool) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .case_insensitive(small)
        .size_limit(SIZE)
        .build()
        .ok()
}

fn plain(c: char, pattern: &mut String) {
    pattern.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
}

/// A character in every spelling that JSON has for it.
fn escaped(c: char, pattern: &mut String) {
    let short = match c {
        '"' | '\\' | '/' => Some(c),
        '\n' => Some('n'),
        '\t' => Some('t'),
        '\r' => Some('r'),
        _ => None,
    };
    if short.is_none() && (c.is_ascii_graphic() || c == ' ') {
        return plain(c, pattern);
    }
    pattern.push_str("(?:");
    plain(c, pattern);
    if let Some(short) = short {
        let _ = write!(pattern, r"|\\{}", regex::escape(&short.to_string()));
    }
    let cases = c.to_lowercase().chain(c.to_uppercase());
    for case in cases {
        pattern.push('|');
        for unit in case.encode_utf16(&mut [0; 2]) {
            let _ = write!(pattern, r"\\u(?i:{unit:04x})");
        }
    }
    pattern.push(')');
}

/// What is wrong with a regular expression, in a few words.
fn told(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => {
            "this pattern would grow too large; repeat less ({n,m} in {n,m})".to_owned()
        }
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            let last = last.strip_prefix("error: ").unwrap_or(last);
            format!("this is no regular expression: {last}")
        }
    }
}
