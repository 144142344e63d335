//! What is wrong with a query: where, and what would be right there. One sentence and a place; whoever
//! shows it paints the caret.

use std::{fmt, ops::Range};

use crate::text::width::width;

/// Why a text is no query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the query that are wrong; empty where something is missing.
    pub at: Range<usize>,
    /// What is wrong there, and what would be right.
    pub expected: String,
    /// What was probably meant.
    pub nearest: Option<&'static str>,
}

impl Fault {
    pub(in crate::app) fn new(at: Range<usize>, expected: impl Into<String>) -> Self {
        Self {
            at,
            expected: expected.into(),
            nearest: None,
        }
    }

    /// The same so many bytes further on.
    pub(in crate::app) fn moved(mut self, by: usize) -> Self {
        self.at = self.at.start + by..self.at.end + by;
        self
    }

    /// Names the one of these that was probably meant.
    pub(in crate::app) fn near(
        mut self,
        typed: &str,
        known: impl Iterator<Item = &'static str>,
    ) -> Self {
        let typed = typed.to_lowercase();
        let near = known
            .map(|word| (strsim::jaro_winkler(&typed, word), word))
            .filter(|(likeness, _)| *likeness > 0.6);
        self.nearest = near
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, word)| word);
        self
    }

    /// The first columns that are not under the fault, and how many are: for a caret below the query.
    pub fn columns(&self, query: &str) -> (usize, usize) {
        let before = query.get(..self.at.start).unwrap_or(query);
        let under = query.get(self.at.clone()).unwrap_or_default();
        (width(before), width(under).max(1))
    }

    /// The query with a caret under the fault, and the sentence: three lines.
    pub fn picture(&self, query: &str) -> String {
        let (before, under) = self.columns(query);
        format!(
            "  {query}\n  {}{}\n  {self}",
            " ".repeat(before),
            "^".repeat(under)
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.expected)?;
        match self.nearest {
            Some(nearest) => write!(f, "; nearest: {nearest}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}
