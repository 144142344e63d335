//! One line of a terminal: text is written on from the cursor, which may go back, so that it is written
//! over. Progress bars show in their last state, and a line that was emptied in the end as it was before:
//! no text hides itself. Pieces are cleaned as they come.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{ansi::Ink, clean};
use crate::text::width;

/// Columns at most; what is written further right goes on in the last one that there is.
const WIDEST: usize = 64 << 10;

/// A line being written.
#[derive(Debug, Default)]
pub(super) struct Strip {
    /// Text while it has only been written on.
    runs: Vec<(Ink, String)>,
    /// Columns of `runs`.
    column: usize,
    /// The same by columns, from the first step back on.
    cells: Option<Cells>,
    /// What stood there when all of it was blanked.
    erased: Vec<Cell>,
}

#[derive(Debug, Default)]
struct Cells {
    cells: Vec<Cell>,
    at: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Blank,
    Text(Ink, Box<str>),
    /// A further column of the character before.
    Rest,
}

impl Strip {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_none() && self.runs.is_empty()
    }

    /// Text without controls that matter here, at the cursor.
    pub(super) fn write(&mut self, text: &str, ink: Ink) {
        if text.is_empty() {
            return;
        }
        let column = self.cells.as_ref().map_or(self.column, |cells| cells.at);
        let text = clean::columns(text, column);
        if let Some(cells) = &mut self.cells {
            cells.write(&text, ink);
            return;
        }
        self.column += width::width(&text);
        match self.runs.last_mut() {
            Some((last, run)) if *last == ink => run.push_str(&text),
            _ => self.runs.push((ink, text.into_owned())),
        }
    }

    /// On in that column.
    pub(super) fn go(&mut self, column: usize) {
        if column != self.column || self.cells.is_some() {
            self.cells().at = column.min(WIDEST);
        }
    }

    /// One column back.
    pub(super) fn back(&mut self) {
        let cells = self.cells();
        cells.at = cells.at.saturating_sub(1);
    }

    /// Blanks: 0 from the cursor on, 1 up to it, else everywhere.
    pub(super) fn erase(&mut self, which: u16) {
        if which == 0 && self.cells.is_none() {
            return;
        }
        let cells = self.cells();
        match which {
            0 if cells.at > 0 => cells.shorten(),
            1 => (0..=cells.at).for_each(|at| cells.blank(at)),
            _ => {
                let erased = std::mem::take(&mut cells.cells);
                if !is_blank(&erased) {
                    self.erased = erased;
                }
            }
        }
    }

    fn cells(&mut self) -> &mut Cells {
        let runs = &mut self.runs;
        self.cells.get_or_insert_with(|| {
            let mut cells = Cells::default();
            for (ink, text) in std::mem::take(runs) {
                cells.write(&text, ink);
            }
            cells
        })
    }

    pub(super) fn finish(self) -> Vec<(Ink, String)> {
        let Some(cells) = self.cells else {
            return self.runs;
        };
        let shown = if is_blank(&cells.cells) {
            self.erased
        } else {
            cells.cells
        };
        let mut runs: Vec<(Ink, String)> = Vec::new();
        for cell in shown {
            let (ink, text) = match cell {
                Cell::Blank => (Ink::default(), " ".into()),
                Cell::Text(ink, text) => (ink, text),
                Cell::Rest => continue,
            };
            match runs.last_mut() {
                Some((last, run)) if *last == ink => run.push_str(&text),
                _ => runs.push((ink, text.into())),
            }
        }
        runs
    }
}

/// Whether nobody would see anything there.
fn is_blank(cells: &[Cell]) -> bool {
    cells.iter().all(|cell| match cell {
        Cell::Text(_, text) => text.trim().is_empty(),
        Cell::Blank | Cell::Rest => true,
    })
}

impl Cells {
    fn write(&mut self, text: &str, ink: Ink) {
        for cluster in text.graphemes(true) {
            let wide = width::cluster(cluster).max(1);
            while self.cells.len() < self.at + wide {
                self.cells.push(Cell::Blank);
            }
            for at in self.at..self.at + wide {
                self.blank(at);
            }
            for (nth, cell) in self.cells.iter_mut().skip(self.at).take(wide).enumerate() {
                *cell = if nth == 0 {
                    Cell::Text(ink, cluster.into())
                } else {
                    Cell::Rest
                };
            }
            self.at = (self.at + wide).min(WIDEST);
        }
    }

    /// Takes away what stands in a column, with all its columns.
    fn blank(&mut self, at: usize) {
        let mut first = at;
        while first > 0 && self.cells.get(first) == Some(&Cell::Rest) {
            first -= 1;
        }
        let mut cells = self.cells.iter_mut().skip(first);
        if let Some(cell) = cells.next() {
            *cell = Cell::Blank;
        }
        for cell in cells.take_while(|cell| **cell == Cell::Rest) {
            *cell = Cell::Blank;
        }
    }

    /// Takes away everything from the cursor on.
    fn shorten(&mut self) {
        if self.cells.get(self.at) == Some(&Cell::Rest) {
            self.blank(self.at);
        }
        self.cells.truncate(self.at);
    }
}
