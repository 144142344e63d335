//! Text of any size as rows: a line is a row, or several where it is very long. Any row is found in the
//! time of 64, wherever it is. Colours of terminals are kept as tones; `raw` shows what asked for them.
//! What is masked is masked before anything is shown, searched or copied. Does not wrap.

mod index;
mod search;
mod walk;

use std::{borrow::Cow, ops::Range, sync::Arc};

use self::{
    index::Mark,
    walk::{Break, End, Walk, first},
};
pub use self::{
    index::{FIRST, Index, Piece},
    search::{Found, Search},
};
use super::{
    Tone,
    matcher::Matcher,
    row::{RowText, Rows},
    source::Source,
    unmasked::{MOST as MOST_TOLD, Under},
};
use crate::guard::{
    Edit, Masking,
    ansi::{self, Ink},
    clean,
};

/// A text. Cloning shares what is large.
#[derive(Clone, Debug)]
pub struct Text {
    source: Source,
    tone: Tone,
    marks: Vec<Arc<[Mark]>>,
    edits: Arc<Vec<Edit>>,
    /// Up to here it has rows.
    at: usize,
    rows: u32,
    lines: u32,
    dropped: usize,
    for_terminals: bool,
    breaks: Break,
    raw: bool,
    numbers: bool,
}

/// Where a row is, and how its text begins.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: usize,
    end: usize,
    next: usize,
    line: u32,
    /// Whether it goes on with the line of the row before.
    goes_on: bool,
    ink: Ink,
}

impl Text {
    /// A text whose rows come in pieces.
    pub fn new(source: Source, tone: Tone) -> Self {
        Self {
            source,
            tone,
            marks: Vec::new(),
            edits: Arc::default(),
            at: 0,
            rows: 0,
            lines: 0,
            dropped: 0,
            for_terminals: false,
            breaks: Break::Feed,
            raw: false,
            numbers: false,
        }
    }

    /// A text with its first rows, and what makes the others; none where there are no others.
    pub fn begin(source: Source, tone: Tone, masking: Masking) -> (Self, Index) {
        let mut text = Self::new(source, tone);
        let mut index = Index::new(masking);
        if let Some(piece) = index.here(&text.source) {
            text.take(piece);
        }
        (text, index)
    }

    /// A text with all its rows. For texts that are short, or where somebody waits anyway.
    pub fn whole(source: Source, tone: Tone, masking: Masking) -> (Self, Masking) {
        let (mut text, mut index) = Self::begin(source, tone, masking);
        while !index.is_done() {
            match index.here(&text.source) {
                Some(piece) => text.take(piece),
                None => break,
            }
        }
        (text, index.into_masking())
    }

    /// Adds what the index found next.
    pub fn take(&mut self, piece: Piece) {
        if !piece.marks.is_empty() {
            self.marks.push(piece.marks);
        }
        if !piece.edits.is_empty() {
            Arc::make_mut(&mut self.edits).extend(piece.edits);
        }
        self.at = piece.at;
        self.rows = piece.rows;
        self.lines = piece.lines;
        self.dropped = piece.dropped;
        self.for_terminals = piece.for_terminals;
        self.breaks = piece.breaks;
    }

    /// Bytes that have rows, and bytes that there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.at, self.source.len())
    }

    /// What has no rows yet cannot be read any more: that is all of it then.
    pub fn give_up(&mut self) {
        self.source = self.source.part(0..self.at);
    }

    /// Lines so far; a long line is one line in several rows.
    pub fn lines(&self) -> usize {
        let open = self.at > 0 && self.at == self.source.len() && !self.ends_with_break();
        self.lines as usize + usize::from(open)
    }

    /// Escape sequences so far that do something else than colour and are left out unless shown raw.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Whether it was written for a terminal, so that `raw` shows something else.
    pub fn is_for_terminals(&self) -> bool {
        self.for_terminals
    }

    /// Shows escape sequences instead of doing what they say.
    pub fn set_raw(&mut self, raw: bool) {
        self.raw = raw;
    }

    /// Puts the numbers of lines before them.
    pub fn set_numbers(&mut self, numbers: bool) {
        self.numbers = numbers;
    }

    /// The row in which a line begins, both counted from 0; the last row where there are fewer lines.
    pub fn row_of_line(&self, line: usize) -> usize {
        let mark = self.mark(|mark| (mark.line as usize) < line);
        let Some(mut at) = mark.map(|mark| Place::at(&mark)) else {
            return 0;
        };
        let mut row = mark.map_or(0, |mark| mark.row as usize);
        while (at.line as usize) < line
            && row + 1 < self.len()
            && let Some(end) = self.end(at.start)
        {
            at = at.after(end);
            row += 1;
        }
        row
    }

    /// The row that holds a byte.
    pub fn row_at(&self, byte: usize) -> usize {
        let Some(mark) = self.mark(|mark| mark.at <= byte as u64) else {
            return 0;
        };
        let mut row = mark.row as usize;
        let mut start = usize::try_from(mark.at).unwrap_or(usize::MAX);
        while row + 1 < self.len()
            && let Some(end) = self.end(start).filter(|end| end.next <= byte)
        {
            start = end.next;
            row += 1;
        }
        row
    }

    /// Where a row begins, in bytes.
    pub fn offset(&self, row: usize) -> usize {
        self.place(row).map_or(self.at, |place| place.start)
    }

    /// Whether a row goes on with the line of the row before.
    pub fn goes_on(&self, row: usize) -> bool {
        self.place(row).is_some_and(|place| place.goes_on)
    }

    /// The rows of the line that a row is in.
    pub fn line_of(&self, row: usize) -> Range<usize> {
        let mut start = row;
        while start > 0 && self.goes_on(start) {
            start -= 1;
        }
        let mut end = row + 1;
        while end < self.len() && self.goes_on(end) {
            end += 1;
        }
        start..end
    }

    /// The bytes of some rows with the breaks between them: masked, not cleaned. None where they have
    /// not been read.
    pub fn copy(&self, rows: Range<usize>) -> Option<Vec<u8>> {
        let last = self.place(rows.end.checked_sub(1)?)?;
        let first = self.place(rows.start)?;
        self.masked(first.start..last.end).map(Cow::into_owned)
    }

    /// All that has rows: masked, not cleaned.
    pub fn all(&self) -> Option<Vec<u8>> {
        self.masked(0..self.at).map(Cow::into_owned)
    }

    fn ends_with_break(&self) -> bool {
        let last = self.source.get(self.at.saturating_sub(1)..self.at);
        last.is_some_and(|last| last.first() == Some(&self.breaks.byte()))
    }

    /// The last mark of which that is true; it is true of a beginning of them.
    fn mark(&self, is_before: impl Fn(&Mark) -> bool) -> Option<Mark> {
        let chunk = self
            .marks
            .partition_point(|chunk| chunk.first().is_some_and(&is_before));
        let Some(chunk) = chunk.checked_sub(1).and_then(|at| self.marks.get(at)) else {
            return self.marks.first()?.first().copied();
        };
        let at = chunk.partition_point(&is_before).checked_sub(1)?;
        chunk.get(at).copied()
    }

    fn end(&self, start: usize) -> Option<End> {
        let walk = Walk {
            get: |range| self.source.get(range),
            len: self.source.len(),
            edits: &self.edits,
            breaks: self.breaks,
        };
        (start < self.at).then(|| walk.end(start)).flatten()
    }

    fn place(&self, row: usize) -> Option<Place> {
        if row >= self.rows as usize {
            return None;
        }
        let mark = self.mark(|mark| mark.row as usize <= row)?;
        let mut place = Place::at(&mark);
        for _ in mark.row as usize..row {
            let end = self.end(place.start)?;
            if self.for_terminals && !self.raw {
                let text = self.masked(place.start..end.stop)?;
                ansi::after(&text, &mut place.ink);
            }
            place = place.after(end);
        }
        let end = self.end(place.start)?;
        let before = place.start.saturating_sub(1)..place.start;
        let break_before = self.source.get(before)?;
        place.goes_on = place.start > 0 && break_before.first() != Some(&self.breaks.byte());
        place.end = end.stop;
        place.next = end.next;
        Some(place)
    }

    /// What was sent where a row is masked; none where it is not.
    pub(in crate::doc) fn under(&self, row: usize) -> Option<Under> {
        let place = self.place(row)?;
        let edits = self.edits.get(first(&self.edits, place.start)..)?.iter();
        let within = edits.take_while(|edit| edit.start < place.end);
        let parts: Vec<(String, String)> = within
            .filter_map(|edit| {
                let end = edit.end.min(edit.start + MOST_TOLD);
                let sent = self.source.get(edit.start..end)?;
                let mut sent = clean::decode(&sent).into_owned();
                if end < edit.end {
                    // A key in use that is cut there is known as one that was cut.
                    sent.push('…');
                }
                Some((edit.by.to_string(), sent))
            })
            .collect();
        Under::all(parts)
    }

    fn masked(&self, part: Range<usize>) -> Option<Cow<'_, [u8]>> {
        let edits = self.edits.get(first(&self.edits, part.start)..);
        let mut edits = edits.unwrap_or_default().iter();
        let mut edits = edits
            .by_ref()
            .take_while(|edit| edit.start < part.end)
            .peekable();
        if edits.peek().is_none() {
            return self.source.get(part);
        }
        let mut out = Vec::new();
        let mut at = part.start;
        for edit in edits {
            out.extend_from_slice(&self.source.get(at..edit.start.max(at))?);
            out.extend_from_slice(edit.by.as_bytes());
            at = edit.end;
        }
        out.extend_from_slice(&self.source.get(at..part.end.max(at))?);
        Some(Cow::Owned(out))
    }

    /// The pieces of a row, cleaned.
    fn spans(&self, place: &Place) -> Vec<(Tone, String)> {
        let Some(bytes) = self.masked(place.start..place.end) else {
            return vec![(Tone::Note, "not read yet".to_owned())];
        };
        let text = clean::decode(&bytes);
        if !self.for_terminals || self.raw {
            return vec![(self.tone, clean::columns(&text, 0).into_owned())];
        }
        let mut ink = place.ink;
        let drawn = ansi::line(&text, &mut ink).into_iter();
        let tone = |ink: Ink| match ink.readable() {
            ink if ink == Ink::default() => self.tone,
            ink => Tone::Ansi(ink),
        };
        drawn.map(|(ink, text)| (tone(ink), text)).collect()
    }

    fn gutter(&self, place: &Place) -> String {
        if !self.numbers {
            return String::new();
        }
        let wide = self.lines.max(1).to_string().len();
        if place.goes_on {
            return format!("{:>wide$} ", "+");
        }
        format!("{:>wide$} ", place.line + 1)
    }
}

impl Rows for Text {
    fn row_of_hit(&self, find: &Matcher, nth: usize) -> Option<(usize, usize)> {
        let found = Search::new(self, find.clone()).run(usize::MAX);
        let row = found.rows.get(nth).copied()?;
        let first = found.rows.partition_point(|own| *own < row);
        Some((row, nth - first))
    }

    fn len(&self) -> usize {
        self.rows as usize
    }

    fn row(&self, at: usize) -> RowText {
        let Some(place) = self.place(at) else {
            return RowText::default();
        };
        RowText {
            gutter: self.gutter(&place),
            spans: self.spans(&place),
            ..RowText::default()
        }
    }
}

impl Place {
    fn at(mark: &Mark) -> Self {
        Self {
            start: usize::try_from(mark.at).unwrap_or(usize::MAX),
            end: 0,
            next: 0,
            line: mark.line,
            goes_on: false,
            ink: mark.ink,
        }
    }

    /// The row behind the one that ends there.
    fn after(self, end: End) -> Self {
        Self {
            start: end.next,
            line: self.line.saturating_add(end.breaks),
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
