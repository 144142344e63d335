//! Finds rows whose key or value matches, beside the loop and a slice at a time. It reads a snapshot: the
//! text, what is masked in it, and where rows begin. What is compared is what is said, masked and with
//! its escapes undone; text in which nothing can match is passed over as bytes.

use std::{borrow::Cow, ops::Range};

use memchr::memchr_iter;
use regex::bytes::Regex;

use super::{Json, Mode, sheet::Sheet};
use crate::text::json::{plain_run, unquote};

/// Bytes that are looked through at once.
const SLAB: usize = 1 << 20;

/// A search that can be stopped after every slice.
#[derive(Debug)]
pub struct Finder {
    sheet: Sheet,
    mode: Mode,
    sealed: Option<u32>,
    matcher: Regex,
    /// Whether a match may depend on where a value begins and ends.
    is_anchored: bool,
    /// Row and offset of each checkpoint.
    points: Vec<(u32, u32)>,
    /// The next checkpoint to go on from.
    next: usize,
    /// Rows before this one are not given.
    from: u32,
    end: usize,
}

/// What a slice of a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Rows of all, ascending, each as often as there are matches in it.
    pub rows: Vec<u32>,
    /// How many bytes are searched so far, of how many.
    pub at: usize,
    /// See `at`.
    pub len: usize,
    /// Whether this was the last slice.
    pub is_done: bool,
}

/// What is to be looked at in a block of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Nothing,
    /// What is escaped or masked.
    Changed,
    All,
}

impl Json {
    /// A search through what is read so far, from a row of all on.
    pub fn finder(&self, matcher: Regex, from: u32) -> Finder {
        let points: Vec<(u32, u32)> = self
            .table
            .checkpoints()
            .iter()
            .map(|point| (point.row, point.offset))
            .collect();
        let next = points.partition_point(|(row, _)| *row <= from);
        Finder {
            sheet: self.table.sheet.clone(),
            mode: self.table.mode,
            sealed: self.table.sealed(),
            is_anchored: is_anchored(matcher.as_str()),
            matcher,
            points,
            next: next.saturating_sub(1),
            from: from.max(self.first),
            end: self.table.at(),
        }
    }
}

/// Whether a pattern speaks of beginnings or ends.
fn is_anchored(pattern: &str) -> bool {
    let pattern = pattern.replace("[^", "");
    ["^", "$", "\\A", "\\z"]
        .iter()
        .any(|sign| pattern.contains(sign))
}

impl Finder {
    /// Searches about `budget` bytes further.
    pub fn run(&mut self, budget: usize) -> Hits {
        let mut hits = Hits::default();
        let stop = self.offset(self.next).saturating_add(budget);
        while self.next < self.points.len() && (self.offset(self.next) < stop) {
            let first = self.next;
            let begin = self.offset(first);
            let points = self.points.get(first..).unwrap_or_default();
            let fits = |(_, offset): &(u32, u32)| (*offset as usize) < begin + SLAB;
            let count = points.partition_point(fits).max(1);
            self.next = first + count;
            if self.slab(first..self.next, &mut hits.rows).is_none() {
                // not here yet: another search will find it
                self.next = self.points.len();
            }
        }
        hits.at = self.offset(self.next);
        hits.len = self.end;
        hits.is_done = self.next >= self.points.len();
        hits
    }

    /// Where a block begins, or the end.
    fn offset(&self, point: usize) -> usize {
        self.points
            .get(point)
            .map_or(self.end, |(_, offset)| *offset as usize)
    }

    fn slab(&self, blocks: Range<usize>, rows: &mut Vec<u32>) -> Option<()> {
        let begin = self.offset(blocks.start);
        let range = begin..self.offset(blocks.end);
        let text = self.sheet.raw(range)?;
        let looks = self.looks(&text, &blocks);
        for (block, look) in blocks.zip(looks) {
            if look == Look::Nothing {
                continue;
            }
            let (row, offset) = self.points.get(block).copied()?;
            let end = self.offset(block + 1) - begin;
            let part = text.get(offset as usize - begin..end)?;
            Block {
                finder: self,
                text: part,
                base: offset as usize,
                row,
                look,
                rows,
            }
            .run();
        }
        Some(())
    }

    /// What is to be looked at in each block.
    fn looks(&self, text: &[u8], blocks: &Range<usize>) -> Vec<Look> {
        if self.is_anchored {
            return vec![Look::All; blocks.len()];
        }
        let begin = self.offset(blocks.start);
        let mut looks = vec![Look::Nothing; blocks.len()];
        let points = self.points.get(blocks.clone()).unwrap_or_default();
        let block = |at: usize| {
            let before = points.partition_point(|(_, offset)| *offset as usize <= begin + at);
            before.saturating_sub(1)
        };
        let end = |block: usize| self.offset(blocks.start + block + 1) - begin;
        let edits = self.sheet.edits(begin..begin + text.len());
        for at in edits.map(|edit| edit.start - begin) {
            if let Some(look) = looks.get_mut(block(at)) {
                *look = Look::Changed;
            }
        }
        let mut at = 0;
        while let Some(found) = text
            .get(at..)
            .and_then(|rest| memchr_iter(b'\\', rest).next())
        {
            let found = block(at + found);
            if let Some(look) = looks.get_mut(found) {
                *look = Look::Changed;
            }
            at = end(found);
        }
        at = 0;
        // A match that ends in a later block than where it should is found there; one that ends earlier
        // costs a look too many.
        while at <= text.len()
            && let Some(found) = self.matcher.shortest_match_at(text, at)
        {
            let found = block(found.saturating_sub(1).max(at));
            if let Some(look) = looks.get_mut(found) {
                *look = Look::All;
            }
            at = end(found);
            if at >= text.len() {
                break;
            }
        }
        looks
    }

    /// How many matches there are in a text.
    fn hits(&self, text: &[u8]) -> usize {
        let found = self.matcher.find_iter(text);
        match found.filter(|found| !found.is_empty()).count() {
            // one for a pattern that is fulfilled by nothing
            0 => usize::from(self.matcher.is_match(text)),
            many => many,
        }
    }
}

/// A block of rows being searched.
struct Block<'a> {
    finder: &'a Finder,
    text: &'a [u8],
    base: usize,
    /// The next row.
    row: u32,
    look: Look,
    rows: &'a mut Vec<u32>,
}

impl Block<'_> {
    fn run(mut self) {
        let (mut at, mut opened) = (0, false);
        while let Some(byte) = self.text.get(at).copied() {
            let was_open = std::mem::take(&mut opened);
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {
                    opened = was_open;
                    at += 1;
                }
                b',' | b':' => at += 1,
                b'}' | b']' => {
                    self.row += u32::from(self.finder.mode == Mode::Line && !was_open);
                    at += 1;
                }
                b'{' | b'[' => {
                    let whole = self.whole(at);
                    if let Some(end) = whole {
                        self.token(at..end);
                    }
                    opened = whole.is_none();
                    self.row += 1;
                    at = whole.unwrap_or(at + 1);
                }
                b'"' => at = self.string(at),
                _ => at = self.atom(at),
            }
        }
    }

    /// A key, or a value that is a string; gives what is behind it.
    fn string(&mut self, at: usize) -> usize {
        let (end, is_escaped) = self.string_end(at);
        if is_escaped || self.look == Look::All || self.is_edited(at) {
            self.token(at..end);
        }
        let rest = self.text.get(end..).unwrap_or_default();
        let is_space = |b: &&u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
        let blanks = rest.iter().take_while(is_space).count();
        let is_key = rest.get(blanks) == Some(&b':');
        self.row += u32::from(!is_key);
        end + blanks
    }

    fn atom(&mut self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let ends = |b: &u8| b", \t\n\r]}".contains(b);
        let end = at + rest.iter().position(ends).unwrap_or(rest.len());
        if self.look == Look::All || self.is_edited(at) {
            self.token(at..end);
        }
        self.row += 1;
        end
    }

    fn is_edited(&self, at: usize) -> bool {
        self.finder.sheet.edit(self.base + at).is_some()
    }

    /// The end of a container that is one row: masked, or not indexed.
    fn whole(&self, at: usize) -> Option<usize> {
        let start = self.base + at;
        if let Some(edit) = self.finder.sheet.edit(start) {
            return Some(edit.end - self.base);
        }
        let is_sealed = self
            .finder
            .sealed
            .is_some_and(|from| start >= from as usize);
        if !is_sealed {
            return None;
        }
        let (mut depth, mut at) = (0_usize, at);
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'"' => {
                    at = self.string_end(at).0;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
            if depth == 0 {
                break;
            }
        }
        Some(at)
    }

    /// One past the string that begins there, and whether it has escapes.
    fn string_end(&self, start: usize) -> (usize, bool) {
        let (mut at, mut is_escaped) = (start + 1, false);
        loop {
            at += self.text.get(at..).map_or(0, plain_run);
            match self.text.get(at) {
                Some(b'"') => return (at + 1, is_escaped),
                Some(b'\\') => {
                    is_escaped = true;
                    at += 2;
                }
                Some(_) => at += 1,
                None => return (self.text.len(), is_escaped),
            }
        }
    }

    fn token(&mut self, token: Range<usize>) {
        let (finder, row) = (self.finder, self.row);
        if row < finder.from {
            return;
        }
        let start = self.base + token.start;
        let literal: Cow<'_, [u8]> = match finder.sheet.edit(start) {
            Some(edit) => Cow::Borrowed(edit.by.as_bytes()),
            None => match self.text.get(token.clone()) {
                Some([b'{' | b'[', ..]) => {
                    let whole = start..self.base + token.end;
                    finder.sheet.read(whole).unwrap_or_default()
                }
                literal => Cow::Borrowed(literal.unwrap_or_default()),
            },
        };
        let hits = match literal.as_ref() {
            [b'"', inside @ ..] if !inside.contains(&b'\\') => {
                finder.hits(inside.strip_suffix(b"\"").unwrap_or(inside))
            }
            [b'"', ..] => finder.hits(unquote(&literal).as_bytes()),
            other => finder.hits(other),
        };
        self.rows.extend(std::iter::repeat_n(row, hits));
    }
}
