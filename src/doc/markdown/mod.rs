//! Markdown as rows to read: headings, lists, tables fitted to the pane, code set apart, links with
//! where they go. Nothing of it is followed, loaded or hidden: HTML shows as the text that it is. What is
//! very long, or very much nested, is not rendered and shows as text.

mod look;
mod render;
mod table;

use std::borrow::Cow;

use bytes::Bytes;

use self::render::Render;
pub use look::looks_like_markdown;

use super::{
    Tone,
    row::{LONGEST, RowText, Rows},
    unmasked::Under,
};
use crate::guard::clean;

/// Bytes of a text that is rendered; it is done anew for each width.
const LIMIT: usize = 256 << 10;

/// Whether a text is shown as text because rendering it would take too long.
pub fn is_too_long(text: &str) -> bool {
    text.len() > LIMIT
}

/// A text in markdown, rendered for a width.
#[derive(Clone, Debug)]
pub struct Markdown {
    text: String,
    /// As it was sent; empty where it is all the same.
    sent: Bytes,
    columns: usize,
    rows: Vec<RowText>,
}

impl Markdown {
    /// Renders a text that is masked already.
    pub fn new(text: &str, columns: usize) -> Self {
        let mut markdown = Self {
            text: text.to_owned(),
            sent: Bytes::new(),
            columns: 0,
            rows: Vec::new(),
        };
        markdown.fit(columns);
        markdown
    }

    /// The same, with what was sent where that is not the same.
    #[must_use]
    pub(super) fn masked_from(self, sent: Bytes) -> Self {
        Self { sent, ..self }
    }

    /// What is under the masks of a row.
    pub(super) fn under(&self, row: usize) -> Option<Under> {
        let shown = self.rows.get(row)?.text();
        let sent = std::str::from_utf8(&self.sent).ok()?;
        let mut parts = Under::of(&self.text, sent)?.parts;
        parts.retain(|(by, _)| shown.contains(by.as_str()));
        parts.dedup();
        Under::all(parts)
    }

    /// Renders it anew if the width is another. Where there are tables, rows change places.
    pub fn fit(&mut self, columns: usize) {
        let columns = columns.max(1);
        if self.columns == columns {
            return;
        }
        self.columns = columns;
        let rendered = (!is_too_long(&self.text))
            .then(|| Render::new(columns).run(&self.text))
            .flatten();
        // marks without words say nothing when they are rendered
        let says = |rows: &Vec<RowText>| rows.iter().any(|row| !row.is_empty());
        self.rows = match rendered {
            None => as_text(&self.text, Some("too large to be shown as markdown")),
            Some(rows) if says(&rows) => rows,
            Some(_) => as_text(&self.text, None),
        };
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Rows for Markdown {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, at: usize) -> RowText {
        self.rows.get(at).cloned().unwrap_or_default()
    }
}

fn as_text(text: &str, note: Option<&str>) -> Vec<RowText> {
    let note = note.map(|note| RowText::of(Tone::Note, note));
    let mut rows = Vec::from_iter(note);
    for line in text.lines() {
        let line = RowText::of(Tone::Prose, clean::columns(line, 0));
        push(line, &mut rows);
    }
    rows
}

/// Adds a row, as several where it is longer than a row may be.
fn push(row: RowText, rows: &mut Vec<RowText>) {
    if row.len() <= LONGEST {
        rows.push(row);
        return;
    }
    let frame = RowText {
        spans: Vec::new(),
        ..row
    };
    let mut next = frame.clone();
    let mut room = LONGEST;
    for (tone, text) in row.spans {
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(floor(rest, room));
            room -= piece.len();
            if !piece.is_empty() {
                next.spans.push((tone, piece.to_owned()));
            }
            rest = after;
            if !rest.is_empty() {
                rows.push(std::mem::replace(&mut next, frame.clone()));
                room = LONGEST;
            }
        }
    }
    rows.push(next);
}

/// The last boundary between characters that is not behind `at`.
fn floor(text: &str, at: usize) -> usize {
    let boundary = |at: &usize| text.is_char_boundary(*at);
    (0..=at.min(text.len())).rev().find(boundary).unwrap_or(0)
}

/// Text of one line, cleaned.
fn cleaned(text: &str) -> Cow<'_, str> {
    clean::line(text)
}

#[cfg(test)]
mod tests;
