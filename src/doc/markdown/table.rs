//! Tables fitted to the pane: wide columns give first, cells go on below, and where there is no room for
//! columns each row becomes a list of what its cells are.

use pulldown_cmark::Alignment;

use crate::{
    doc::{
        Tone,
        flow::{self, How},
        row::RowText,
    },
    text::width,
};

/// Lines of a cell at most; what is longer ends with `…`.
const TALLEST: usize = 20;
/// Columns that a column needs.
const NARROWEST: usize = 5;
const BETWEEN: &str = " │ ";

type Spans = Vec<(Tone, String)>;

/// A table being read; the first row is its head.
pub(super) struct Table {
    sides: Vec<Alignment>,
    rows: Vec<Vec<Spans>>,
}

impl Table {
    pub fn new(sides: Vec<Alignment>) -> Self {
        Self {
            sides,
            rows: Vec::new(),
        }
    }

    pub fn row(&mut self) {
        self.rows.push(Vec::new());
    }

    pub fn cell(&mut self, mut spans: Spans) {
        if self.rows.len() == 1 {
            for (tone, _) in &mut spans {
                *tone = Tone::Strong;
            }
        }
        if let Some(row) = self.rows.last_mut() {
            row.push(spans);
        }
    }

    /// The rows for so many columns.
    pub fn rows(self, columns: usize) -> Vec<Spans> {
        let count = self.sides.len();
        let gaps = count.saturating_sub(1) * width::width(BETWEEN);
        let room = columns.saturating_sub(gaps);
        let widths = self.natural();
        if widths
            .iter()
            .map(|wide| (*wide).min(NARROWEST))
            .sum::<usize>()
            > room
        {
            return self.listed();
        }
        let widths = fitted(widths, room);
        let mut out = Vec::new();
        for (nth, row) in self.rows.iter().enumerate() {
            self.laid_out(row, &widths, &mut out);
            if nth == 0 {
                let lines = widths.iter().map(|wide| "─".repeat(*wide));
                let line = lines.collect::<Vec<_>>().join("─┼─");
                out.push(vec![(Tone::Punct, line)]);
            }
        }
        out
    }

    fn natural(&self) -> Vec<usize> {
        let cell = |row: &Vec<Spans>, at: usize| row.get(at).map_or(0, wide);
        (0..self.sides.len())
            .map(|at| {
                self.rows
                    .iter()
                    .map(|row| cell(row, at))
                    .max()
                    .unwrap_or(0)
                    .max(1)
            })
            .collect()
    }

    fn laid_out(&self, row: &[Spans], widths: &[usize], out: &mut Vec<Spans>) {
        let none = Vec::new();
        let cells: Vec<Vec<Spans>> = widths
            .iter()
            .enumerate()
            .map(|(at, wide)| wrapped(row.get(at).unwrap_or(&none), *wide))
            .collect();
        let tall = cells.iter().map(Vec::len).max().unwrap_or(1);
        for nth in 0..tall {
            let mut line = Spans::new();
            for (at, (cell, room)) in cells.iter().zip(widths).enumerate() {
                if at > 0 {
                    line.push((Tone::Punct, BETWEEN.to_owned()));
                }
                let text = cell.get(nth).unwrap_or(&none);
                let free = room.saturating_sub(wide(text));
                let before = match self.sides.get(at) {
                    Some(Alignment::Right) => free,
                    Some(Alignment::Center) => free / 2,
                    _ => 0,
                };
                let after = if at + 1 == widths.len() {
                    0
                } else {
                    free - before
                };
                line.push((Tone::Prose, " ".repeat(before)));
                line.extend(text.iter().cloned());
                line.push((Tone::Prose, " ".repeat(after)));
            }
            line.retain(|(_, text)| !text.is_empty());
            out.push(line);
        }
    }

    /// Each cell on a row of its own, after the head of its column.
    fn listed(self) -> Vec<Spans> {
        let mut rows = self.rows.into_iter();
        let head = rows.next().unwrap_or_default();
        let mut out = Vec::new();
        for row in rows {
            for (at, cell) in row.into_iter().enumerate() {
                let mut line: Spans = head.get(at).cloned().unwrap_or_default();
                line.push((Tone::Punct, ": ".to_owned()));
                line.extend(cell);
                out.push(line);
            }
            out.push(Spans::new());
        }
        out.pop();
        if out.is_empty() {
            out.extend(head);
        }
        out
    }
}

fn wide(spans: &Spans) -> usize {
    spans.iter().map(|(_, text)| width::width(text)).sum()
}

/// A cell's lines.
fn wrapped(cell: &Spans, columns: usize) -> Vec<Spans> {
    let row = RowText {
        spans: cell.clone(),
        ..RowText::default()
    };
    let lines = flow::some(&row, columns, How::Wrap, 0..TALLEST + 1);
    let over = lines.len() > TALLEST;
    let mut lines: Vec<Spans> = lines
        .into_iter()
        .take(TALLEST)
        .map(|line| line.spans)
        .collect();
    if over && let Some(last) = lines.last_mut() {
        *last = vec![(Tone::Note, "…".to_owned())];
    }
    lines
}

/// The widths cut, from the widest on, until they fit.
fn fitted(mut widths: Vec<usize>, room: usize) -> Vec<usize> {
    let mut sorted = widths.clone();
    sorted.sort_unstable();
    let mut left = room;
    for (nth, wide) in sorted.iter().enumerate() {
        let each = left / (sorted.len() - nth);
        if *wide > each {
            for width in &mut widths {
                *width = (*width).min(each).max(1);
            }
            break;
        }
        left -= wide;
    }
    widths
}
