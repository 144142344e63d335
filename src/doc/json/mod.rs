//! A JSON value of any size as rows over its untouched text, foldable and growing while it is read.
//! Order, duplicate keys, digits, escapes and nesting stay as they were sent. A row is read out of the
//! text when it is looked at; nothing is kept for a value that is no container. What is masked is never
//! shown, copied or searched, and nothing here waits for anything.

mod base64;
mod copy;
mod folds;
mod go;
mod index;
mod look;
mod nested;
mod path;
mod piece;
mod preview;
mod rows;
mod search;
mod sheet;
mod slab;
mod table;
mod times;
mod unwrap;
mod walk;
mod way;

pub use self::{
    copy::{Form, Value, spelled},
    go::{Fold, Go},
    index::Indexer,
    nested::Node,
    path::Step,
    piece::{End, Piece},
    search::{Finder, Hits},
    way::{way_spelled, way_to},
};
use self::{
    folds::{Folds, Marks},
    nested::Opened,
    sheet::Sheet,
    table::Table,
};
pub(in crate::doc) use self::{nested::What, unwrap::Literal};
use super::Source;
use crate::guard::{Masking, redact::Sort};

/// What an index may take; beyond that containers are indexed when they are opened.
pub const CAP: usize = 256 << 20;

/// How a value is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Keys and values, without brackets that close.
    #[default]
    Data,
    /// As JSON is printed, with quotes, commas and brackets.
    Line,
}

/// A JSON value as rows.
#[derive(Debug)]
pub struct Json {
    table: Table,
    folds: Folds,
    marks: Marks,
    /// Containers as deep as this are folded when they come.
    deepest: Option<u16>,
    /// Rows at the beginning that are none to see: the value itself, where its members are.
    first: u32,
    /// What was unwrapped, by row.
    opened: Vec<Opened>,
}

impl Json {
    /// Whether a text is short enough to be read as JSON: less than 4 GiB.
    pub fn fits(len: usize) -> bool {
        u32::try_from(len).is_ok_and(|len| len < u32::MAX)
    }

    /// A value without rows yet, and what makes them out of its text. Of the index no more than `cap`
    /// bytes are made.
    pub fn begin(
        source: Source,
        masking: Masking,
        secrets: Sort,
        mode: Mode,
        cap: usize,
    ) -> (Self, Indexer) {
        let json = Self::over(Sheet::new(source), mode);
        (json, Indexer::new(mode, cap, masking, secrets))
    }

    fn over(sheet: Sheet, mode: Mode) -> Self {
        Self {
            table: Table::new(mode, sheet),
            folds: Folds::default(),
            marks: Marks::default(),
            deepest: None,
            first: 0,
            opened: Vec::new(),
        }
    }

    /// Appends what was read. Pieces come in order; one that does not go on where the last ended is of
    /// another reading and changes nothing.
    pub fn take(&mut self, piece: Piece) {
        if piece.from != self.table.at() || self.table.end().is_some() {
            return;
        }
        let before = u32::try_from(self.table.containers().len()).unwrap_or(u32::MAX);
        self.table.take(piece);
        let top = self.table.container(0).is_some_and(|top| top.row == 0);
        self.first = u32::from(top && self.table.mode == Mode::Data && self.table.rows() > 1);
        self.mend();
        if let Some(deepest) = self.deepest {
            self.fold_new(before, deepest);
        }
    }

    /// How the text ended; none while there is more to come.
    pub fn end(&self) -> Option<End> {
        self.table.end()
    }

    /// How many bytes of the text are read, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.table.at(), self.table.sheet.len())
    }

    /// How it is laid out.
    pub fn mode(&self) -> Mode {
        self.table.mode
    }

    /// How many rows there are with nothing folded and nothing unwrapped.
    pub fn all(&self) -> usize {
        (self.table.rows() - self.first) as usize
    }

    /// Bytes taken beside the text.
    pub fn size(&self) -> usize {
        let nested = |opened: &Opened| opened.size();
        self.table.size() + self.marks.size() + self.opened.iter().map(nested).sum::<usize>()
    }
}

#[cfg(test)]
mod tests;
