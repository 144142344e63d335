//! Lists over the rows: the requests that were sent, the calls of a run, what was said. And what all lists share, the
//! row with the cursor and the rows that fit.

pub mod calls;
pub mod messages;
pub mod requests;

/// How far to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum By {
    /// Rows down.
    Down(usize),
    /// Rows up.
    Up(usize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl By {
    /// The row that one comes to from a row of a list of so many.
    pub(in crate::app) fn from(self, row: usize, rows: usize) -> usize {
        let last = rows.saturating_sub(1);
        match self {
            Self::Down(n) => row.saturating_add(n).min(last),
            Self::Up(n) => row.saturating_sub(n),
            Self::First => 0,
            Self::Last => last,
        }
    }
}

/// Which row of a list has the cursor, and from where on it is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Viewport {
    /// The row with the cursor.
    pub selected: usize,
    /// The first one shown.
    pub top: usize,
}

impl Viewport {
    /// Moves the cursor in a list of so many rows, of which `height` fit on the screen.
    pub(super) fn go(&mut self, by: By, rows: usize, height: usize) {
        self.selected = by.from(self.selected, rows);
        self.settle(rows, height);
    }

    /// Puts the cursor on a row and keeps it on the line of the screen that it was on.
    pub(super) fn keep_line(&mut self, row: usize) {
        let line = self.selected.saturating_sub(self.top);
        (self.selected, self.top) = (row, row.saturating_sub(line));
    }

    /// Keeps the cursor among the rows and on the screen, and the screen full.
    pub(super) fn settle(&mut self, rows: usize, height: usize) {
        let height = height.max(1);
        self.selected = self.selected.min(rows.saturating_sub(1));
        let lowest = self.selected.saturating_sub(height - 1);
        self.top = self.top.clamp(lowest, self.selected);
        self.top = self.top.min(rows.saturating_sub(height));
    }
}
