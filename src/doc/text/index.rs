//! Finds the rows of a text beside the loop, piece by piece: of every 64th it notes where it begins, of
//! what is masked what stands for it. Holds nothing of the text itself.

use std::{borrow::Cow, ops::Range, sync::Arc};

use memchr::{memchr, memchr_iter};

use super::walk::{Break, End, Walk};
use crate::{
    doc::{row::LONGEST, source::Source},
    guard::{
        Edit, MaskText, Masking,
        ansi::{self, Ink},
    },
};

/// Rows between two marks.
const ROWS: u32 = 64;
/// Bytes between two marks, where rows are long.
const BYTES: u64 = 128 << 10;
/// Bytes that the first piece looks at, so that the first rows are there at once.
pub const FIRST: usize = 64 << 10;
/// Bytes that a further piece looks at.
const PIECE: usize = 4 << 20;

/// Where a row begins that others are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub at: u64,
    pub row: u32,
    /// Line breaks before it.
    pub line: u32,
    /// How its text is drawn at the beginning.
    pub ink: Ink,
}

/// What a run of the index found.
#[derive(Debug)]
pub struct Piece {
    pub(super) marks: Arc<[Mark]>,
    pub(super) edits: Vec<Edit>,
    /// Up to here the text has rows.
    pub(super) at: usize,
    pub(super) rows: u32,
    pub(super) lines: u32,
    pub(super) dropped: usize,
    pub(super) for_terminals: bool,
    pub(super) breaks: Break,
}

impl Piece {
    /// Bytes of the text that are indexed now, from its beginning.
    pub fn at(&self) -> usize {
        self.at
    }
}

/// The index of a text being made.
#[derive(Debug)]
pub struct Index {
    masking: Masking,
    mask: MaskText,
    /// Edits that begin at `at` or later.
    edits: Vec<Edit>,
    at: usize,
    row: u32,
    line: u32,
    ink: Ink,
    /// Where the last mark is.
    marked: Option<(u32, u64)>,
    /// Sequences that do something else than colour.
    dropped: usize,
    for_terminals: bool,
    /// What the first window said.
    breaks: Option<Break>,
    /// Bytes of the next window.
    wants: usize,
    done: bool,
}

impl Index {
    /// For a text whose secrets `masking` knows.
    pub fn new(masking: Masking) -> Self {
        Self {
            masking,
            mask: MaskText::default(),
            edits: Vec::new(),
            at: 0,
            row: 0,
            line: 0,
            ink: Ink::default(),
            marked: None,
            dropped: 0,
            for_terminals: false,
            breaks: None,
            wants: FIRST,
            done: false,
        }
    }

    /// Where the next window begins.
    pub fn at(&self) -> usize {
        self.at.min(self.mask.at())
    }

    /// How long the next window has to be, unless it ends with the text.
    pub fn wants(&self) -> usize {
        self.wants
    }

    /// Whether the whole text has rows.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The masking, which has gone on counting.
    pub fn into_masking(self) -> Masking {
        self.masking
    }

    /// Takes the next window out of a text. None where that part cannot be read.
    pub fn here(&mut self, source: &Source) -> Option<Piece> {
        let at = self.at();
        let end = at.saturating_add(self.wants).min(source.len());
        let window = source.get(at..end)?;
        Some(self.run(&window, end == source.len()))
    }

    /// Goes through a window that begins at `at`.
    pub fn run(&mut self, window: &[u8], is_last: bool) -> Piece {
        let base = self.at();
        let before = self.at;
        let breaks = *self.breaks.get_or_insert_with(|| breaks_of(window));
        // until then no row had anything that is drawn in another way
        self.for_terminals = self.for_terminals || ansi::is_for_terminals(window);
        let told = self.edits.len();
        let unmasked = window.get(self.mask.at() - base..).unwrap_or_default();
        self.mask
            .run(&mut self.masking, unmasked, is_last, &mut self.edits);
        let edits = self.edits.get(told..).unwrap_or_default().to_vec();
        let marks = self.rows(window, base, is_last);
        self.edits.retain(|edit| edit.end > self.at);
        self.done = is_last && self.at == base + window.len();
        self.wants = if self.at > before {
            PIECE
        } else {
            (2 * self.wants).max(PIECE)
        };
        Piece {
            marks: marks.into(),
            edits,
            at: self.at,
            rows: self.row,
            lines: self.line,
            dropped: self.dropped,
            for_terminals: self.for_terminals,
            breaks,
        }
    }

    /// The rows of a window, as far as it is masked.
    fn rows(&mut self, window: &[u8], base: usize, is_last: bool) -> Vec<Mark> {
        let breaks = self.breaks.unwrap_or_default();
        let sure = self.mask.at();
        let part = |range: Range<usize>| {
            let start = range.start.checked_sub(base)?;
            let end = (range.end - base).min(window.len());
            window.get(start..end)
        };
        let edits = std::mem::take(&mut self.edits);
        let walk = Walk {
            get: |range| part(range).map(Cow::Borrowed),
            len: if is_last {
                base + window.len()
            } else {
                usize::MAX
            },
            edits: &edits,
            breaks,
        };
        let mut marks = Vec::new();
        let mut passed = 0;
        let len = walk.len;
        while self.at < len {
            if edits.is_empty() && !self.for_terminals {
                let lines = window.get(self.at - base..sure - base);
                self.short(lines.unwrap_or_default(), breaks, &mut marks);
            }
            if self.at >= len {
                break;
            }
            passed += edits
                .get(passed..)
                .map_or(0, |edits| super::walk::first(edits, self.at));
            let walk = Walk {
                get: &walk.get,
                len,
                edits: edits.get(passed..).unwrap_or_default(),
                breaks,
            };
            let Some(end) = walk.end(self.at).filter(|end| end.next <= sure) else {
                break;
            };
            self.mark(&mut marks);
            if self.for_terminals {
                let text = part(self.at..end.stop).unwrap_or_default();
                self.dropped += ansi::after(text, &mut self.ink);
            }
            self.pass(end);
        }
        self.edits = edits;
        marks
    }

    /// Goes through lines that are no longer than a row. What `end` would find is found faster here.
    fn short(&mut self, lines: &[u8], breaks: Break, marks: &mut Vec<Mark>) {
        let start = self.at;
        let head = lines.get(..LONGEST).unwrap_or(lines);
        if memchr(breaks.byte(), head).is_none() {
            return;
        }
        for end in memchr_iter(breaks.byte(), lines) {
            let next = start + end + 1;
            if next - self.at > LONGEST {
                return;
            }
            self.mark(marks);
            self.at = next;
            self.row = self.row.saturating_add(1);
            self.line = self.line.saturating_add(1);
        }
    }

    fn mark(&mut self, marks: &mut Vec<Mark>) {
        let at = self.at as u64;
        let far = |(row, before): (u32, u64)| self.row - row >= ROWS || at - before >= BYTES;
        if self.marked.is_none_or(far) {
            self.marked = Some((self.row, at));
            marks.push(Mark {
                at,
                row: self.row,
                line: self.line,
                ink: self.ink,
            });
        }
    }

    fn pass(&mut self, end: End) {
        self.at = end.next;
        self.row = self.row.saturating_add(1);
        self.line = self.line.saturating_add(end.breaks);
    }
}

/// What ends the lines of a text that begins so: LF but where there is none and CRs are.
fn breaks_of(window: &[u8]) -> Break {
    if memchr(b'\n', window).is_none()
        && memchr(b'\r', window).is_some_and(|at| at + 1 < window.len())
    {
        Break::Return
    } else {
        Break::Feed
    }
}
