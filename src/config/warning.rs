//! What is wrong with a line of the configuration: which file, which line, what to write instead.
//! A warning never quotes a value, because a value may be a key somebody pasted.

use std::fmt;

/// One wrong line. It is ignored; everything else holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The file's path, or `environment`.
    pub file: String,
    /// Counted from 1; none for what has no line.
    pub line: Option<usize>,
    /// One sentence.
    pub message: String,
}

impl Warning {
    /// Whether the line is no TOML, so that what stands around it may mean something else.
    pub fn is_torn(&self) -> bool {
        self.message.starts_with(TORN)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// How the warnings begin of lines that the parser cannot read.
const TORN: &str = "not TOML";

/// Collects the warnings of one file.
pub(super) struct Warnings<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Warning>,
}

impl<'a> Warnings<'a> {
    pub(super) fn of(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
        }
    }

    /// Notes `message` for the line in which byte `at` lies.
    pub(super) fn add(&mut self, at: usize, message: impl Into<String>) {
        self.found.push(Warning {
            file: self.file.to_owned(),
            line: Some(self.line(at)),
            message: message.into(),
        });
    }

    /// `file:line` of byte `at`, for messages that are kept beyond the warnings.
    pub(super) fn place(&self, at: usize) -> String {
        format!("{}:{}", self.file, self.line(at))
    }

    /// The line of byte `at`, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        memchr::memchr_iter(b'\n', before).count() + 1
    }

    /// All of them, in the order of the file. Of a line that is not TOML nothing else is said.
    pub(super) fn finish(mut self) -> Vec<Warning> {
        let torn = self.found.iter().filter(|warning| warning.is_torn());
        let torn: Vec<Option<usize>> = torn.map(|warning| warning.line).collect();
        self.found
            .retain(|warning| warning.is_torn() || !torn.contains(&warning.line));
        self.found.sort_by_key(|warning| warning.line);
        self.found
            .dedup_by(|next, one| one.is_torn() && next.is_torn() && one.line == next.line);
        self.found
    }
}

/// The one of `known` that `word` was probably meant to be.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .map(|(_, candidate)| candidate)
}

/// "; did you mean `x`?", or nothing.
pub(super) fn suggestion(word: &str, known: &[&str]) -> String {
    nearest(word, known)
        .map(|candidate| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        let known = ["base_url", "provider", "ca_file", "load"];
        assert_eq!(nearest("base_ur", &known), Some("base_url"));
        assert_eq!(nearest("porvider", &known), Some("provider"));
        assert_eq!(nearest("laod", &known), Some("load"));
        assert_eq!(nearest("colour", &known), None);
    }

    #[test]
    fn counts_lines_from_one() {
        let mut warnings = Warnings::of("c.toml", "a\nb\nc");
        warnings.add(4, "third");
        warnings.add(0, "first");
        let shown: Vec<_> = warnings.finish().iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["c.toml:1: first", "c.toml:3: third"]);
    }
}
