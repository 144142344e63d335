//! Searches a text in slices, beside the loop: whole stretches of it at once, and row by row only where
//! something was found or where what is shown differs from what was sent. Yields rows; says how far it is.

use std::ops::Range;

use memchr::memchr3;

use super::{Place, Text, walk::first};
use crate::doc::{matcher::Matcher, row::Rows as _};

/// Bytes that are searched at once.
const STRETCH: usize = 256 << 10;

/// A search going on over what has rows when it begins.
#[derive(Debug)]
pub struct Search {
    text: Text,
    wanted: Matcher,
    place: Place,
    row: usize,
}

/// What a slice of a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Rows in which it is, in order, each as often as it is in it.
    pub rows: Vec<usize>,
    /// Bytes searched so far, of the whole text.
    pub at: usize,
    /// Whether all was searched.
    pub done: bool,
}

impl Search {
    /// Over a text, as it is shown.
    pub fn new(text: &Text, wanted: Matcher) -> Self {
        let mut text = text.clone();
        text.numbers = false;
        let place = Place {
            start: 0,
            end: 0,
            next: 0,
            line: 0,
            goes_on: false,
            ink: super::Ink::default(),
        };
        Self {
            text,
            wanted,
            place,
            row: 0,
        }
    }

    /// Goes through about so many bytes.
    pub fn run(&mut self, bytes: usize) -> Found {
        let mut rows = Vec::new();
        let until = self.place.start.saturating_add(bytes);
        while self.row < self.text.len() && self.place.start < until {
            if self.stretch(&mut rows).is_none() {
                // what cannot be read is not searched
                self.row = self.text.len();
            }
        }
        Found {
            rows,
            at: self.place.start,
            done: self.row >= self.text.len(),
        }
    }

    /// Goes through the rows up to a mark some way on.
    fn stretch(&mut self, rows: &mut Vec<usize>) -> Option<()> {
        let start = self.place.start;
        let far = (start + STRETCH) as u64;
        let mark = self.text.mark(|mark| mark.at <= far);
        let mark = mark.filter(|mark| mark.row as usize > self.row && far < self.text.at as u64);
        let end = mark.map_or(self.text.at, |mark| {
            usize::try_from(mark.at).unwrap_or(usize::MAX)
        });
        self.rows(start..end, rows)?;
        if let Some(mark) = mark {
            self.row = mark.row as usize;
            self.place = Place::at(&mark);
        } else {
            self.row = self.text.len();
            self.place.start = self.text.at;
        }
        Some(())
    }

    fn rows(&mut self, part: Range<usize>, rows: &mut Vec<usize>) -> Option<()> {
        let source = self.text.source.clone();
        let bytes = source.get(part.clone())?;
        let edits = &self.text.edits;
        let masks = edits
            .get(first(edits, part.start))
            .is_some_and(|edit| edit.start < part.end);
        let acts = self.text.for_terminals
            && !self.text.raw
            && memchr3(0x1B, b'\r', 0x08, &bytes).is_some();
        let all = masks || acts;
        let wanted = self.wanted.clone();
        let mut from = 0;
        while from < bytes.len() {
            if !all {
                // rows before the next find need no look
                let Some(found) = wanted.lines().find_at(&bytes, from) else {
                    return Some(());
                };
                from = found.start();
            }
            let end = self.go_to(part.start + from)?;
            let spans = self.text.spans(&Place {
                end: end.stop,
                ..self.place
            });
            let text: String = spans.iter().map(|(_, text)| text.as_str()).collect();
            let hits = wanted.hits(&text);
            rows.extend(std::iter::repeat_n(self.row, hits));
            from = end.next - part.start;
            self.step(end)?;
        }
        Some(())
    }

    /// Moves to the row that holds a byte; the end of it.
    fn go_to(&mut self, byte: usize) -> Option<super::End> {
        loop {
            let end = self.text.end(self.place.start)?;
            if end.next > byte {
                return Some(end);
            }
            self.step(end)?;
        }
    }

    fn step(&mut self, end: super::End) -> Option<()> {
        if self.text.for_terminals && !self.text.raw {
            let text = self.text.masked(self.place.start..end.stop)?;
            super::ansi::after(&text, &mut self.place.ink);
        }
        self.place = self.place.after(end);
        self.row += 1;
        Some(())
    }
}
