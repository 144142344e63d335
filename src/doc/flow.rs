//! Rows become lines: wrapped between words or cut at the edge of the pane, never inside a grapheme
//! cluster and never wider than the pane, whatever the width. Works on one row at a time; how many lines
//! a whole document has is nobody's business.

use std::{borrow::Cow, ops::Range};

use regex::Regex;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

use super::{Line, Tone, row::RowText};
use crate::text::width;

/// What stands for a character that is wider than the pane.
const TOO_WIDE: &str = "·";
const MORE: &str = "…";

/// What happens to a row that is longer than the pane is wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It goes on on further lines.
    Wrap,
    /// It is one line, of which the columns from here on are shown.
    Cut {
        /// Columns scrolled away to the left.
        from: usize,
    },
}

/// The lines of a row in so many columns; at least one.
pub fn lines(row: &RowText, columns: usize, how: How) -> Vec<Line> {
    some(row, columns, how, 0..usize::MAX)
}

/// Some of the lines of a row, counted from 0.
pub fn some(row: &RowText, columns: usize, how: How, wanted: Range<usize>) -> Vec<Line> {
    let frame = Frame::new(row, columns.max(1));
    let flat = Flat::new(row);
    match how {
        How::Cut { from } if wanted.contains(&0) => vec![cut(row, &flat, &frame, from)],
        How::Cut { .. } => Vec::new(),
        How::Wrap => Pieces::new(&flat.text, &frame)
            .enumerate()
            .take(wanted.end)
            .skip(wanted.start)
            .map(|(nth, piece)| wrapped(row, &flat, &frame, nth, piece))
            .collect(),
    }
}

/// How many lines a row takes; at least one.
pub fn height(row: &RowText, columns: usize, how: How) -> usize {
    if how != How::Wrap {
        return 1;
    }
    let frame = Frame::new(row, columns.max(1));
    let fits =
        row.len() <= frame.room(0) && row.spans.iter().all(|(_, text)| width::is_plain(text));
    if fits {
        return 1;
    }
    Pieces::new(&Flat::new(row).text, &frame).count()
}

/// Notes in a row which parts of it a search finds.
pub fn mark(row: &mut RowText, wanted: &Regex) {
    let text = Flat::new(row).text;
    let found = wanted.find_iter(&text).map(|found| found.range());
    let hits = found.filter(|range| !range.is_empty()).collect();
    row.hits = hits;
}

/// The columns of a row that are not its text.
struct Frame {
    /// Columns of what stands before all lines; what is left by a narrow pane.
    gutter: usize,
    indent: usize,
    hang: usize,
    columns: usize,
    /// Where the first line ends whatever else there would be room for.
    first: Option<usize>,
}

/// Where the label of a fact ends, and how wide its value is, if that has no place to be broken at: an id,
/// an address.
fn unbroken(row: &RowText) -> Option<(usize, usize)> {
    match row.spans.as_slice() {
        [(Tone::Label, label), (Tone::Value, value)]
            if !value.contains(char::is_whitespace) && !label.trim().is_empty() =>
        {
            Some((label.len(), width::width(value)))
        }
        _ => None,
    }
}

impl Frame {
    /// Indents shrink in a narrow pane, so that they never push the text out of it.
    fn new(row: &RowText, columns: usize) -> Self {
        let gutter = Some(width::width(&row.gutter)).filter(|wide| *wide <= columns / 2);
        let gutter = gutter.unwrap_or(0);
        let indent = usize::from(row.indent).min((columns - gutter) / 3);
        let room = columns - gutter - indent;
        let mut hang = usize::from(row.hang).min(room / 2);
        // Half an id is none: it is whole on a line of its own where it has no room beside its label.
        let own = unbroken(row).filter(|(label, value)| label + value > room && *value <= room);
        if let Some((_, value)) = own {
            hang = hang.min(room - value);
        }
        Self {
            first: own.map(|(label, _)| label),
            gutter,
            indent,
            hang,
            columns,
        }
    }

    /// Columns for text on a line of the row.
    fn room(&self, nth: usize) -> usize {
        let taken = self.gutter + self.indent + if nth > 0 { self.hang } else { 0 };
        self.columns.saturating_sub(taken).max(1)
    }

    /// The beginning of a line; what takes no columns is no piece.
    fn begin(&self, row: &RowText, nth: usize) -> Line {
        let indent = self.indent + if nth > 0 { self.hang } else { 0 };
        if self.gutter == 0 {
            return Line {
                indent: u16::try_from(indent).unwrap_or(0),
                ..Line::default()
            };
        }
        let mut before = if nth == 0 {
            row.gutter.clone()
        } else {
            " ".repeat(self.gutter)
        };
        before.extend(std::iter::repeat_n(' ', indent));
        Line {
            spans: vec![(Tone::Label, before)],
            ..Line::default()
        }
    }
}

/// A row's text in one piece, and where its pieces end in it.
struct Flat<'a> {
    text: Cow<'a, str>,
    ends: Vec<usize>,
}

impl<'a> Flat<'a> {
    fn new(row: &'a RowText) -> Self {
        if let [(_, text)] = row.spans.as_slice() {
            return Self {
                text: Cow::Borrowed(text),
                ends: vec![text.len()],
            };
        }
        let mut text = String::with_capacity(row.len());
        let mut ends = Vec::with_capacity(row.spans.len());
        for (_, span) in &row.spans {
            text.push_str(span);
            ends.push(text.len());
        }
        if !text.is_ascii() {
            // an accent in a piece of its own belongs to the letter before it
            for end in &mut ends {
                *end = boundary(&text, *end);
            }
        }
        Self {
            text: Cow::Owned(text),
            ends,
        }
    }

    /// Adds a part of the text to a line, with the tones and hits that it has there.
    fn add(&self, row: &RowText, part: Range<usize>, line: &mut Line) {
        let before: usize = line.spans.iter().map(|(_, text)| text.len()).sum();
        let mut start = 0;
        for (end, (tone, _)) in self.ends.iter().zip(&row.spans) {
            let own = start.max(part.start)..(*end).min(part.end);
            start = *end;
            if let Some(text) = self.text.get(own).filter(|text| !text.is_empty()) {
                line.spans.push((*tone, text.to_owned()));
            }
        }
        for hit in &row.hits {
            let own = hit.start.max(part.start)..hit.end.min(part.end);
            if !own.is_empty() {
                let shift = |at: usize| at - part.start + before;
                line.hits.push(shift(own.start)..shift(own.end));
            }
        }
    }

    /// The tone of what stands there.
    fn tone(&self, row: &RowText, at: usize) -> Tone {
        let nth = self.ends.partition_point(|end| *end <= at);
        row.spans.get(nth).map_or(Tone::Text, |(tone, _)| *tone)
    }
}

/// The first boundary of a cluster that is not before `at`.
fn boundary(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor
            .next_boundary(text, 0)
            .ok()
            .flatten()
            .unwrap_or(text.len()),
        Ok(true) | Err(_) => at,
    }
}

/// The parts of a text that are lines of their own, with the blanks at which it was broken.
struct Pieces<'a> {
    text: &'a str,
    frame: &'a Frame,
    at: usize,
    nth: usize,
}

impl<'a> Pieces<'a> {
    fn new(text: &'a str, frame: &'a Frame) -> Self {
        Self {
            text,
            frame,
            at: 0,
            nth: 0,
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..)?;
        if rest.is_empty() && self.nth > 0 {
            return None;
        }
        let start = self.at;
        let first = self.frame.first.filter(|_| self.nth == 0);
        self.at += first.unwrap_or_else(|| width::line_end(rest, self.frame.room(self.nth)));
        self.nth += 1;
        Some(start..self.at)
    }
}

fn wrapped(row: &RowText, flat: &Flat, frame: &Frame, nth: usize, piece: Range<usize>) -> Line {
    let mut line = frame.begin(row, nth);
    let room = frame.room(nth);
    let text = flat.text.get(piece.clone()).unwrap_or_default();
    let is_last = piece.end == flat.text.len();
    if is_last && width::cut_at(text, room).0 == text.len() {
        flat.add(row, piece, &mut line);
        return line;
    }
    // blanks at which it was broken may stand beyond the edge
    let text = text.trim_end_matches(' ');
    if width::cut_at(text, room).0 == text.len() {
        flat.add(row, piece.start..piece.start + text.len(), &mut line);
    } else {
        line.spans
            .push((flat.tone(row, piece.start), TOO_WIDE.to_owned()));
    }
    line
}

/// One line: the pieces that stay, then what is left of the others when the pane was moved.
fn cut(row: &RowText, flat: &Flat, frame: &Frame, from: usize) -> Line {
    let mut line = frame.begin(row, 0);
    let room = frame.room(0);
    let fixed = usize::from(row.head).checked_sub(1);
    let head = fixed
        .and_then(|last| flat.ends.get(last))
        .copied()
        .unwrap_or(0);
    let label = flat.text.get(..head).unwrap_or_default();
    let (end, taken) = width::cut_at(label, room / 2 + room % 2);
    flat.add(row, 0..end, &mut line);
    let mut left = room.saturating_sub(taken);
    if end < head && left > 0 {
        line.spans.push((Tone::Note, MORE.to_owned()));
        left -= 1;
    }
    let mut rest = head..flat.text.len();
    if from > 0 && !rest.is_empty() && left > 0 {
        line.spans.push((Tone::Note, MORE.to_owned()));
        left -= 1;
        let blanks = skip(&flat.text, &mut rest, from + 1).min(left);
        if blanks > 0 {
            line.spans.push((Tone::Text, " ".repeat(blanks)));
            left -= blanks;
        }
    }
    let text = flat.text.get(rest.clone()).unwrap_or_default();
    if width::cut_at(text, left).0 == text.len() {
        flat.add(row, rest, &mut line);
    } else if left > 0 {
        let end = rest.start + width::cut_at(text, left - 1).0;
        flat.add(row, rest.start..end, &mut line);
        line.spans.push((Tone::Note, MORE.to_owned()));
    }
    line
}

/// Moves the beginning of `rest` past so many columns; how many of them a wide character leaves blank.
fn skip(text: &str, rest: &mut Range<usize>, columns: usize) -> usize {
    let (bytes, taken) = width::cut_at(text.get(rest.clone()).unwrap_or_default(), columns);
    rest.start += bytes;
    if taken == columns || Range::is_empty(rest) {
        return 0;
    }
    let halved = text
        .get(rest.clone())
        .unwrap_or_default()
        .graphemes(true)
        .next();
    let halved = halved.unwrap_or_default();
    rest.start += halved.len();
    (taken + width::cluster(halved)).saturating_sub(columns)
}

#[cfg(test)]
mod tests;
