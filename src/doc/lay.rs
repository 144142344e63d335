//! A document in a pane: a window of lines that begins at a place, and how far down or up another place
//! is. A place is a row and a line of it, so that nothing has to be known of the lines that are not shown.

use std::sync::Arc;

use super::{
    Doc, Line, RowText,
    flow::{self, How},
    matcher::Matcher,
};

/// A line of a document: a row, and which of its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The row.
    pub row: usize,
    /// Which of its lines, from 0.
    pub line: usize,
}

impl Place {
    /// The first line of a row.
    pub fn of(row: usize) -> Self {
        Self { row, line: 0 }
    }
}

/// How rows become lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lay {
    /// Columns of the pane.
    pub columns: usize,
    /// Whether long rows are wrapped or cut.
    pub how: How,
}

/// A line of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Where it stands.
    pub place: Place,
    /// Whether the row can be unfolded (it is folded: true), on its first line.
    pub fold: Option<bool>,
    /// What its value means, on its last line.
    pub note: Option<super::Annotation>,
    /// Its text.
    pub line: Line,
}

impl Doc {
    /// How many lines a row takes.
    pub fn height(&self, row: usize, lay: Lay) -> usize {
        if let Some(text) = self.laid.seen(row) {
            return height(&text, lay);
        }
        let text = self.row(row);
        self.laid.height(row, lay, || height(&text, lay))
    }

    /// A window of lines from a place on, with what a search finds in them marked.
    pub fn window(&self, top: Place, lines: usize, lay: Lay, find: Option<&Matcher>) -> Vec<Shown> {
        let mut shown = Vec::new();
        let rows = self.rows();
        let mut at = top;
        while shown.len() < lines && at.row < rows {
            let mut row = self.seen(at.row);
            if let Some(find) = find {
                flow::mark(Arc::make_mut(&mut row), find.text());
            }
            let wanted = at.line..at.line.saturating_add(lines - shown.len());
            // Only what has something to say on its last line has to know which that is.
            let last = row.note.map(|_| self.height(at.row, lay).saturating_sub(1));
            for (nth, line) in flow::some(&row, room(&row, lay), lay.how, wanted)
                .into_iter()
                .enumerate()
            {
                let nth = at.line + nth;
                shown.push(Shown {
                    place: Place {
                        row: at.row,
                        line: nth,
                    },
                    fold: row.fold.filter(|_| nth == 0),
                    note: row.note.filter(|_| Some(nth) == last),
                    line,
                });
            }
            at = Place::of(at.row + 1);
        }
        shown
    }

    /// The line of a row in which the `nth` match begins; its first where there are none.
    pub fn found_at(&self, row: usize, lay: Lay, find: &Matcher, nth: usize) -> Place {
        let lines = self.height(row, lay);
        let shown = self.window(Place::of(row), lines, lay, Some(find));
        let mut left = nth;
        let mut last = Place::of(row);
        for shown in shown.iter().filter(|shown| !shown.line.hits.is_empty()) {
            last = shown.place;
            let here = shown.line.hits.len();
            if left < here {
                break;
            }
            left -= here;
        }
        last
    }

    /// The place so many lines further down, at most the last line.
    pub fn down(&self, from: Place, lines: usize, lay: Lay) -> Place {
        let rows = self.rows();
        let mut at = from;
        let mut left = lines;
        loop {
            let below = self.height(at.row, lay).saturating_sub(at.line + 1);
            if left <= below {
                at.line += left;
                return at;
            }
            if at.row + 1 >= rows {
                at.line += below;
                return at;
            }
            left -= below + 1;
            at = Place::of(at.row + 1);
        }
    }

    /// The place so many lines further up, at most the first line.
    pub fn up(&self, from: Place, lines: usize, lay: Lay) -> Place {
        let mut at = from;
        let mut left = lines;
        while left > at.line {
            let Some(row) = at.row.checked_sub(1) else {
                return Place::default();
            };
            left -= at.line + 1;
            at = Place {
                row,
                line: self.height(row, lay).saturating_sub(1),
            };
        }
        at.line -= left;
        at
    }

    /// The highest top of a window of so many lines that ends with the last line.
    pub fn last_top(&self, lines: usize, lay: Lay) -> Place {
        let Some(row) = self.rows().checked_sub(1) else {
            return Place::default();
        };
        let end = Place {
            row,
            line: self.height(row, lay).saturating_sub(1),
        };
        self.up(end, lines.saturating_sub(1), lay)
    }
}

fn height(row: &RowText, lay: Lay) -> usize {
    flow::height(row, room(row, lay), lay.how)
}

/// Columns for the text of a row: what can be folded has a mark in front.
fn room(row: &RowText, lay: Lay) -> usize {
    if row.fold.is_some() {
        lay.columns.saturating_sub(2).max(1)
    } else {
        lay.columns
    }
}
