//! Labels and values as rows, the labels in one column, each with what is under the mask of its value.

use std::borrow::Cow;

use super::{RowText, Rows, Tone, unmasked::Under};
use crate::{
    guard::{clean, redact::Masking},
    text::{size, width},
};

/// Characters of a value that are shown: what is longer stands in the record below.
const MOST: usize = 4096;

/// Rows of facts.
#[derive(Debug, Default)]
pub(super) struct Facts {
    rows: Vec<RowText>,
    /// What is under the mask of a value, by its rows: from the first, before the second.
    masked: Vec<(usize, usize, Under)>,
}

impl Facts {
    /// What is under the mask of a row.
    pub fn under(&self, row: usize) -> Option<Under> {
        let (_, _, under) = self
            .masked
            .iter()
            .find(|(from, to, _)| (*from..*to).contains(&row))?;
        let shown = self.rows.get(row)?.text();
        let parts = under.parts.iter();
        let parts = parts.filter(|(by, _)| shown.contains(by.as_str()));
        Under::all(parts.cloned().collect())
    }
}

impl Rows for Facts {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, row: usize) -> RowText {
        self.rows.row(row)
    }
}

/// A row for each fact; of a value of several lines a row for each.
pub(super) fn rows(facts: Vec<(String, String)>, masking: &mut Masking) -> Facts {
    let widest = facts
        .iter()
        .map(|(label, _)| width::width(label))
        .max()
        .unwrap_or(0);
    let mut rows = Vec::new();
    let mut hidden = Vec::new();
    for (label, sent) in facts {
        let whole = sent.len();
        let from = rows.len();
        let value = masking.text(&sent);
        let under = match &value {
            Cow::Borrowed(_) => None,
            Cow::Owned(value) => Under::of(value, &sent),
        };
        // Masked before it is cut: half a credential is no longer known for one.
        let head: String = value.chars().take(MOST).collect();
        let cut = head.len() < value.len();
        let value = clean::text(&head).into_owned();
        for (nth, line) in value.split('\n').enumerate() {
            let label = if nth == 0 { label.as_str() } else { "" };
            rows.push(RowText {
                hang: u16::try_from(widest + 2).unwrap_or(0),
                head: 1,
                spans: vec![
                    (Tone::Label, width::pad(label, widest + 2)),
                    (Tone::Value, line.to_owned()),
                ],
                ..RowText::default()
            });
        }
        if cut {
            let size = size::of(whole);
            let note = format!("{}… {size} in all", " ".repeat(widest + 2));
            rows.push(RowText::of(Tone::Note, note));
        }
        hidden.extend(under.map(|under| (from, rows.len(), under)));
    }
    Facts {
        rows,
        masked: hidden,
    }
}
