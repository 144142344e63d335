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

    /// Rows that the frame changed and in which `is_of_interest` finds something now or before.
    pub fn changed(&self, is_of_interest: impl Fn(&[Cell]) -> bool) -> Vec<u16> {
        let touched = (0..).zip(&self.touched).filter(|(_, touched)| **touched);
        let rows = touched.map(|(y, _): (u16, _)| y).filter(|y| {
            let (old, new) = (self.old_row(*y), self.new_row(*y));
            (is_of_interest(old) || is_of_interest(new)) && old != new
        });
        rows.collect()
    }

    /// The cells to be sent.
    pub fn diff(&self) -> Vec<(u16, u16, &Cell)> {
        self.old.diff_iter(&self.new).collect()
    }

    /// A row of what the terminal shows.
    pub fn old_row(&self, y: u16) -> &[Cell] {
        row(&self.old, y)
    }

    /// A row of what it is to show.
    pub fn new_row(&self, y: u16) -> &[Cell] {
        row(&self.new, y)
    }

    /// The terminal has wiped a row.
    pub fn wipe(&mut self, y: u16) {
        let width = usize::from(self.old.area.width);
        let start = usize::from(y) * width;
        let row = self.old.content.get_mut(start..start + width);
        row.unwrap_or_default().fill(Cell::EMPTY);
    }

    /// The frame was sent.
    pub fn settle(&mut self) {
        let width = usize::from(self.old.area.width.max(1));
        let rows = self.old.content.chunks_mut(width).zip(rows(&self.new));
        for ((to, from), touched) in rows.zip(&mut self.touched) {
            if std::mem::take(touched) {
                to.clone_from_slice(from);
            }
        }
    }
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width.max(1)))
}

fn row(buffer: &Buffer, y: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    let row = buffer.content.get(start..start + width);
    row.unwrap_or_default()
}
