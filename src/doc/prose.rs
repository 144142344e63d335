//! Text of any length, already cleaned: where its lines begin at a width.

use super::{Line, Tone};
use crate::text::width;

/// A text with a tone, perhaps behind a label.
#[derive(Debug)]
pub struct Prose {
    tone: Tone,
    label: Option<String>,
    hang: usize,
    text: String,
}

impl Prose {
    /// A text that fills the width.
    pub fn new(tone: Tone, text: &str) -> Self {
        Self {
            tone,
            label: None,
            hang: 0,
            text: text.trim_end_matches('\n').to_owned(),
        }
    }

    /// A text behind a label that takes `columns` columns.
    pub fn labelled(label: &str, columns: usize, text: &str) -> Self {
        Self {
            label: Some(width::pad(label, columns)),
            hang: columns,
            ..Self::new(Tone::Value, text)
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where each line begins when `columns` are there, in bytes.
    pub fn starts(&self, columns: usize) -> Vec<u32> {
        starts(&self.text, self.room(columns))
    }

    /// One of the lines whose beginnings are `starts`.
    pub fn line(&self, starts: &[u32], nth: usize, columns: usize) -> Line {
        let hang = self.hang_at(columns);
        let text = piece(&self.text, starts, nth);
        let mut spans = Vec::new();
        let mut indent = hang;
        if let Some(label) = self.label.as_ref().filter(|_| nth == 0) {
            indent = 0;
            spans.push((Tone::Label, width::pad(label, hang)));
        }
        spans.push((self.tone, text.to_owned()));
        Line {
            indent: u16::try_from(indent).unwrap_or(0),
            spans,
            ..Line::default()
        }
    }

    /// The label's columns, fewer where hardly anything would be left for the text.
    fn hang_at(&self, columns: usize) -> usize {
        self.hang.min(columns / 2)
    }

    fn room(&self, columns: usize) -> usize {
        columns.saturating_sub(self.hang_at(columns)).max(1)
    }
}

/// Where the lines of a text begin when wrapped to `room` columns.
pub fn starts(text: &str, room: usize) -> Vec<u32> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let mut rest = line;
        let mut from = at;
        loop {
            starts.push(u32::try_from(from).unwrap_or(u32::MAX));
            let taken = width::line_end(rest, room);
            match rest.get(taken..) {
                Some(more) if taken > 0 && !more.is_empty() => {
                    from += taken;
                    rest = more;
                }
                _ => break,
            }
        }
        at += line.len() + 1;
    }
    starts
}

/// One of the lines, without the blanks or the line end after it.
pub fn piece<'a>(text: &'a str, starts: &[u32], nth: usize) -> &'a str {
    let Some(start) = starts.get(nth) else {
        return "";
    };
    let end = starts
        .get(nth + 1)
        .map_or(text.len(), |next| *next as usize);
    // Blanks at the end of a line may stand beyond the edge; nobody can see them.
    text.get(*start as usize..end)
        .unwrap_or_default()
        .trim_end_matches(['\n', ' '])
}
