//! Labels and values as rows, the labels in one column.

use super::{RowText, Tone};
use crate::{
    guard::{clean, redact::Masking},
    text::{size, width},
};

/// Characters of a value that are shown: what is longer stands in the record below.
const MOST: usize = 4096;

/// A row for each fact; of a value of several lines a row for each.
pub(super) fn rows(facts: Vec<(String, String)>, masking: &mut Masking) -> Vec<RowText> {
    let widest = facts
        .iter()
        .map(|(label, _)| width::width(label))
        .max()
        .unwrap_or(0);
    let mut rows = Vec::new();
    for (label, value) in facts {
        let whole = value.len();
        let value = masking.text(&value);
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
    }
    rows
}
