//! Where the rows of a text end: at its line breaks, and within lines that are too long for one row at a
//! blank or between clusters. The same bytes always give the same rows, whoever walks and from wherever
//! a row begins; what is masked is never cut.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr, memchr_iter, memrchr};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::{doc::row::LONGEST, guard::Edit};

/// How far before its end a row that is too long is searched for a blank.
const BACK: usize = LONGEST / 4;
/// No escape sequence worth keeping whole is longer.
const ESCAPE: usize = 64;
/// Bytes looked at to find the end of a cluster.
const CLUSTER: usize = 128;

/// What ends a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Break {
    /// LF, or CR LF.
    #[default]
    Feed,
    /// CR alone, in a text that has no LF.
    Return,
}

impl Break {
    pub fn byte(self) -> u8 {
        match self {
            Self::Feed => b'\n',
            Self::Return => b'\r',
        }
    }
}

/// Where a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// One past its last byte, the line break not counted.
    pub stop: usize,
    /// Where the next one begins.
    pub next: usize,
    /// Line breaks up to there, also such as were masked away.
    pub breaks: u32,
    /// Whether the line ends here; if not, the next row goes on with it.
    pub whole: bool,
}

/// The text that is walked over.
pub(super) struct Walk<'a, Get> {
    /// Bytes of the text, fewer than asked for where they are not there.
    pub get: Get,
    /// How long the whole text is, if that is known.
    pub len: usize,
    pub edits: &'a [Edit],
    pub breaks: Break,
}

impl<'a, Get: Fn(Range<usize>) -> Option<Cow<'a, [u8]>>> Walk<'a, Get> {
    /// The end of the row that begins at `start`; none where its bytes are not there.
    pub fn end(&self, start: usize) -> Option<End> {
        let mark = self.breaks.byte();
        let mut at = start;
        let mut room = LONGEST;
        let mut breaks = 0;
        let mut edits = self.edits.iter().skip(first(self.edits, start));
        loop {
            let edit = edits.next();
            let stop = self.len.min(at + room);
            let masked = edit.filter(|edit| edit.start < stop);
            let stop = masked.map_or(stop, |edit| edit.start);
            let part = (self.get)(at..stop)?;
            if let Some(found) = memchr(mark, &part) {
                let line = part.get(..found).unwrap_or_default();
                return Some(End {
                    stop: at + trimmed(line, self.breaks),
                    next: at + found + 1,
                    breaks: breaks + 1,
                    whole: true,
                });
            }
            if part.len() < stop - at {
                return None;
            }
            let (end, whole) = match masked {
                Some(edit) => {
                    room = room.saturating_sub(part.len() + edit.by.len());
                    let gone = (self.get)(edit.start..edit.end)?;
                    breaks += u32::try_from(memchr_iter(mark, &gone).count()).unwrap_or(0);
                    at = edit.end;
                    if room > 0 && at < self.len {
                        continue;
                    }
                    (at, at >= self.len)
                }
                None if stop >= self.len => (stop, true),
                None => (at + cut(&part, start < at), false),
            };
            return Some(End {
                stop: end,
                next: end,
                breaks,
                whole,
            });
        }
    }
}

/// The first edit that ends behind a place.
pub(super) fn first(edits: &[Edit], at: usize) -> usize {
    edits.partition_point(|edit| edit.end <= at)
}

/// The length of a line without the CRs before its LF.
fn trimmed(line: &[u8], breaks: Break) -> usize {
    let mut line = line;
    while breaks == Break::Feed
        && let Some(rest) = line.strip_suffix(b"\r")
    {
        line = rest;
    }
    line.len()
}

/// Where a part that is too long for its row is cut. It may be cut at its beginning only if something
/// of the row stands before it.
fn cut(part: &[u8], may_be_empty: bool) -> usize {
    let from = part.len().saturating_sub(BACK);
    let tail = part.get(from..).unwrap_or_default();
    let blank = memrchr(b'\r', tail).or_else(|| memrchr(b' ', tail));
    if let Some(blank) = blank {
        return from + blank + 1;
    }
    let mut end = part.len();
    let near = end.saturating_sub(ESCAPE);
    let escape = memrchr(0x1B, part.get(near..).unwrap_or_default());
    if let Some(escape) = escape
        .map(|at| near + at)
        .filter(|at| *at > 0 || may_be_empty)
    {
        return escape;
    }
    if part.get(end - 1).is_some_and(u8::is_ascii) {
        return end - 1;
    }
    let is_inner = |byte: &u8| byte & 0xC0 == 0x80;
    let before = end.saturating_sub(CLUSTER);
    let skipped = part.get(before..).unwrap_or_default();
    let before = before
        + skipped
            .iter()
            .take(3)
            .take_while(|byte| is_inner(byte))
            .count();
    let chunk = part.get(before..end).unwrap_or_default();
    let valid = chunk.utf8_chunks().last().map_or("", |last| last.valid());
    let last = valid.grapheme_indices(true).next_back();
    if let Some((at, _)) = last.filter(|(at, _)| *at > 0) {
        let lost = chunk
            .utf8_chunks()
            .last()
            .map_or(0, |last| last.invalid().len());
        end = end - lost - valid.len() + at;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8], edits: &[Edit], breaks: Break) -> Vec<String> {
        let walk = Walk {
            get: |range: Range<usize>| Some(Cow::Borrowed(&text[range])),
            len: text.len(),
            edits,
            breaks,
        };
        let mut rows = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let end = walk.end(at).unwrap();
            rows.push(String::from_utf8_lossy(&text[at..end.stop]).into_owned());
            at = end.next;
        }
        rows
    }

    #[test]
    fn lines_end_at_their_breaks() {
        assert_eq!(
            rows(b"a\nb\r\n\nc\r\r\nd", &[], Break::Feed),
            ["a", "b", "", "c", "d"]
        );
        assert_eq!(rows(b"a\rb\n\rc", &[], Break::Return), ["a", "b\n", "c"]);
        assert_eq!(rows(b"a\rb\n", &[], Break::Feed), ["a\rb"]);
    }

    #[test]
    fn breaks_that_are_masked_end_nothing() {
        let edit = Edit {
            start: 3,
            end: 6,
            by: "‹key#1›".into(),
        };
        assert_eq!(
            rows(b"a: x\ny,\nb", &[edit], Break::Feed),
            ["a: x\ny,", "b"]
        );
    }

    #[test]
    fn long_lines_are_cut_between_words_or_clusters() {
        let words = "word ".repeat(10_000);
        let cut = rows(words.as_bytes(), &[], Break::Feed);
        assert!(cut.len() > 3 && cut.concat() == words);
        assert!(
            cut.iter()
                .all(|row| row.len() <= LONGEST && row.ends_with(' '))
        );
        for piece in ["e\u{301}", "日", "👨\u{200D}👩\u{200D}👧", "x"] {
            let long = piece.repeat(40_000);
            let cut = rows(long.as_bytes(), &[], Break::Feed);
            assert_eq!(cut.concat(), long);
            for row in cut {
                assert!(
                    row.len() <= LONGEST && row.len() % piece.len() == 0,
                    "{piece:?}"
                );
            }
        }
        let bytes = vec![0xFF_u8; 100_000];
        assert!(rows(&bytes, &[], Break::Feed).len() >= 7);
    }
}
