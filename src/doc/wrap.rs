//! Which line of a document is which row of which block, at one width. Made once for a width; finding
//! a line is a binary search.

use std::{collections::HashMap, ops::Range};

use super::{Block, Doc, Line, flat::Json};

/// A document's lines at one width.
#[derive(Debug, Default)]
pub struct Wrap {
    columns: usize,
    blocks: Vec<Lines>,
}

#[derive(Debug)]
struct Lines {
    /// Lines before this block.
    before: usize,
    how: How,
}

#[derive(Debug)]
enum How {
    /// Where each line begins in the text.
    Text(Vec<u32>),
    Json(Rows),
}

#[derive(Debug)]
struct Rows {
    /// How many lines come before each row; the last entry is how many there are.
    before: Vec<u32>,
    /// Of rows that are long texts: where each line begins in the text.
    long: HashMap<usize, Vec<u32>>,
}

impl Rows {
    fn new(json: &Json, columns: usize) -> Self {
        let mut rows = Self {
            before: vec![0],
            long: HashMap::new(),
        };
        let mut lines = 0u32;
        for row in 0..json.len() {
            let mut height = json.height(row, columns);
            if let Some((text, indent)) = json.long(row, columns) {
                let starts = text.starts(columns.saturating_sub(indent));
                height += u32::try_from(starts.len()).unwrap_or(0);
                rows.long.insert(row, starts);
            }
            lines = lines.saturating_add(height);
            rows.before.push(lines);
        }
        rows
    }

    fn line(&self, json: &Json, row: usize, nth: usize, columns: usize) -> Line {
        match (
            json.long(row, columns),
            self.long.get(&row),
            nth.checked_sub(1),
        ) {
            (Some((text, indent)), Some(starts), Some(nth)) => {
                let mut line = text.line(starts, nth, columns.saturating_sub(indent));
                line.indent = u16::try_from(indent).unwrap_or(0);
                line
            }
            _ => json.line(row, nth, columns),
        }
    }
}

impl How {
    fn len(&self) -> usize {
        match self {
            Self::Text(starts) => starts.len(),
            Self::Json(rows) => rows.before.last().map_or(0, |last| *last as usize),
        }
    }
}

impl Wrap {
    /// Wraps a document to `columns` columns.
    pub fn new(doc: &Doc, columns: usize) -> Self {
        let columns = columns.max(1);
        let mut before = 0;
        let mut blocks = Vec::new();
        for block in &doc.blocks {
            let how = match block {
                Block::Text(prose) => How::Text(prose.starts(columns)),
                Block::Json(json) => How::Json(Rows::new(json, columns)),
            };
            let lines = Lines { before, how };
            before += lines.how.len();
            blocks.push(lines);
        }
        Self { columns, blocks }
    }

    /// The block, the row in it and the line of that row that a line is.
    pub(super) fn find(&self, line: usize) -> Option<(usize, usize, usize)> {
        let block = self
            .blocks
            .partition_point(|block| block.before <= line)
            .checked_sub(1)?;
        let lines = self.blocks.get(block)?;
        let within = line - lines.before;
        if within >= lines.how.len() {
            return None;
        }
        match &lines.how {
            How::Text(_) => Some((block, within, 0)),
            How::Json(Rows { before, .. }) => {
                let row = before
                    .partition_point(|before| *before as usize <= within)
                    .checked_sub(1)?;
                Some((block, row, within - *before.get(row)? as usize))
            }
        }
    }
}

impl Doc {
    /// How many lines it has at that width.
    pub fn rows(&self, wrap: &Wrap) -> usize {
        wrap.blocks
            .last()
            .map_or(0, |last| last.before + last.how.len())
    }

    /// A window of lines, none of them wider than the width.
    pub fn lines(&self, wrap: &Wrap, rows: Range<usize>) -> Vec<Line> {
        rows.map_while(|row| self.line(wrap, row)).collect()
    }

    fn line(&self, wrap: &Wrap, line: usize) -> Option<Line> {
        let (block, row, nth) = wrap.find(line)?;
        match (self.blocks.get(block)?, &wrap.blocks.get(block)?.how) {
            (Block::Text(prose), How::Text(starts)) => Some(prose.line(starts, row, wrap.columns)),
            (Block::Json(json), How::Json(rows)) => Some(rows.line(json, row, nth, wrap.columns)),
            (Block::Text(_), How::Json(_)) | (Block::Json(_), How::Text(_)) => None,
        }
    }
}
