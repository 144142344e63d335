//! What the blocks of a document give: rows of bounded text in pieces, each with a tone, before they are
//! wrapped. Text in a row is masked and cleaned already; nothing here looks at what it says but for
//! marking what a search found.

use std::ops::Range;

use super::{Tone, matcher::Matcher};
use crate::model::Time;

/// Bytes of text in one row at most, as sent; cleaning may name characters at greater length.
pub const LONGEST: usize = 16 << 10;

/// Rows that are looked through one by one for a match.
pub const FEW: usize = 20_000;

/// One row before it is wrapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowText {
    /// Blank columns before it.
    pub indent: u16,
    /// Further lines of the row stand this many columns further in.
    pub hang: u16,
    /// So many of the first pieces stay where they are when the row is scrolled sideways.
    pub head: u16,
    /// Of what can be folded: whether it is.
    pub fold: Option<bool>,
    /// What is to be said beside it in the reader's own terms.
    pub note: Option<Annotation>,
    /// What stands before the first line and is no part of the text: the number of a line.
    pub gutter: String,
    /// The text in pieces, masked and cleaned.
    pub spans: Vec<(Tone, String)>,
    /// Parts of the text (all pieces joined) that a search found, in order.
    pub hits: Vec<Range<usize>>,
}

/// What a value means, for whoever knows the zone and the clock to spell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Annotation {
    /// The value is an instant.
    Time(Time),
}

impl RowText {
    /// A row of one piece.
    pub fn of(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            spans: vec![(tone, text.into())],
            ..Self::default()
        }
    }

    /// All pieces joined.
    pub fn text(&self) -> String {
        self.spans.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// How many bytes all pieces have.
    pub fn len(&self) -> usize {
        self.spans.iter().map(|(_, text)| text.len()).sum()
    }

    /// Whether there is no text in it.
    pub fn is_empty(&self) -> bool {
        self.spans.iter().all(|(_, text)| text.is_empty())
    }
}

/// What each kind of block gives.
pub trait Rows: std::fmt::Debug + Send + Sync {
    /// How many rows are visible now.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One of them; an empty row where there is none.
    fn row(&self, at: usize) -> RowText;

    /// The row with the match of that number, counted from 0 over the first rows, and which of those in it
    /// it is.
    fn row_of_hit(&self, find: &Matcher, nth: usize) -> Option<(usize, usize)> {
        let mut left = nth;
        (0..self.len().min(FEW)).find_map(|at| {
            let here = find.hits(&self.row(at).text());
            let found = (left < here).then_some((at, left));
            left = left.saturating_sub(here);
            found
        })
    }
}

impl Rows for Vec<RowText> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn row(&self, at: usize) -> RowText {
        self.get(at).cloned().unwrap_or_default()
    }
}
