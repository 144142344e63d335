//! What the terminal shows, beside what it is to show: the cells that a frame has to send. Only rows that
//! a frame touches are looked at, for most keys touch few of them.

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};
use unicode_width::UnicodeWidthStr as _;

use crate::term::scroll::{self, Scroll};

/// Two pictures of the terminal, the same between two frames.
pub(super) struct Shown {
    old: Buffer,
    new: Buffer,
    /// Of each row, for finding out that rows moved.
    marks: Vec<u64>,
    /// Whether the pictures may differ in a row.
    touched: Vec<bool>,
}

/// The rows in which both pictures differ, one below the other.
pub(super) struct Part {
    old: Buffer,
    new: Buffer,
    /// Where each of them is on the screen.
    rows: Vec<u16>,
}

impl Shown {
    /// A blank terminal.
    pub fn blank(area: Rect) -> Self {
        let blank = Buffer::empty(area);
        Self {
            marks: rows(&blank).map(scroll::mark).collect(),
            new: blank.clone(),
            old: blank,
            touched: vec![false; usize::from(area.height)],
        }
    }

    /// Takes up what is to be shown. Says which rows moved, and takes them for moved.
    pub fn take_up(&mut self, changed: &[(u16, u16, &Cell)]) -> Option<Scroll> {
        for (x, y, cell) in changed {
            if let Some(touched) = self.touched.get_mut(usize::from(*y)) {
                *touched = true;
            }
            if let Some(to) = self.new.cell_mut((*x, *y)) {
                to.clone_from(cell);
            }
            if cell.symbol().len() == 1 {
                continue;
            }
            // What a wide character covers is not among the changes; what stood there is gone all the
            // same, and has to be painted when it comes back.
            for covered in 1..cell.symbol().width() {
                let covered = u16::try_from(covered).unwrap_or(u16::MAX);
                if let Some(to) = self.new.cell_mut((x.saturating_add(covered), *y)) {
                    *to = Cell::EMPTY;
                }
            }
        }
        let mut marks = self.marks.clone();
        let touched = self.touched.iter().zip(&mut marks);
        for ((touched, mark), row) in touched.zip(rows(&self.new)) {
            if *touched {
                *mark = scroll::mark(row);
            }
        }
        let found = scroll::plan(&self.marks, &marks);
        if let Some(found) = found {
            scroll::apply(&mut self.old, found);
            let region = usize::from(found.top)..=usize::from(found.bottom);
            self.touched.get_mut(region).unwrap_or_default().fill(true);
        }
        self.marks = marks;
        found
    }

    /// What differs.
    pub fn part(&self) -> Part {
        let differs = |at: usize| row(&self.old, at) != row(&self.new, at);
        let touched = (0..).zip(&self.touched).filter(|(_, touched)| **touched);
        let rows: Vec<u16> = touched
            .map(|(y, _)| y)
            .filter(|y: &u16| differs(usize::from(*y)))
            .collect();
        let of = |buffer: &Buffer| {
            let all = rows.iter().filter_map(|y| row(buffer, usize::from(*y)));
            let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
            Buffer {
                area: Rect {
                    height,
                    ..buffer.area
                },
                content: all.flatten().cloned().collect(),
            }
        };
        Part {
            old: of(&self.old),
            new: of(&self.new),
            rows,
        }
    }

    /// The frame was sent.
    pub fn settle(&mut self, sent: &Part) {
        let width = usize::from(self.old.area.width);
        for (y, row) in sent.rows.iter().zip(rows(&sent.new)) {
            let start = usize::from(*y) * width;
            if let Some(to) = self.old.content.get_mut(start..start + width) {
                to.clone_from_slice(row);
            }
        }
        self.touched.fill(false);
    }
}

impl Part {
    /// The cells to be sent, where they are on the screen.
    pub fn diff(&self) -> Vec<(u16, u16, &Cell)> {
        let top = self.new.area.y;
        let cells = self.old.diff_iter(&self.new);
        let placed = cells.filter_map(|(x, y, cell)| {
            let y = self.rows.get(usize::from(y - top))?;
            Some((x, *y, cell))
        });
        placed.collect()
    }

    /// A row of what is shown, by where it is on the screen.
    pub fn old_row(&mut self, y: u16) -> Option<&mut [Cell]> {
        let at = self.rows.binary_search(&y).ok()?;
        let width = usize::from(self.old.area.width);
        self.old.content.get_mut(at * width..(at + 1) * width)
    }

    /// A row of what is to be shown, by where it is on the screen.
    pub fn new_row(&self, y: u16) -> Option<&[Cell]> {
        let at = self.rows.binary_search(&y).ok()?;
        row(&self.new, at)
    }
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width.max(1)))
}

fn row(buffer: &Buffer, at: usize) -> Option<&[Cell]> {
    let width = usize::from(buffer.area.width);
    buffer.content.get(at * width..(at + 1) * width)
}
