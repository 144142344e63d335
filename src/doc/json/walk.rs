//! Walks over JSON text that was indexed, from one row to the next. It trusts the text, so it is short
//! and quick, and knows by the index where a long token or a masked container ends.

use super::{
    Mode,
    piece::{Checkpoint, TOP},
    table::{Kind, Raw, Table},
};
use crate::text::json::plain_run;

/// A walk over a window of the text.
pub(super) struct Walk<'a> {
    table: &'a Table,
    text: &'a [u8],
    base: usize,
    /// In the window.
    at: usize,
    row: u32,
    container: u32,
    is_object: bool,
    ordinal: u32,
    depth: u16,
    /// The number of the next container.
    next: u32,
    ran_out: bool,
}

impl<'a> Walk<'a> {
    /// A walk from a checkpoint, with the text that begins there.
    pub(super) fn new(table: &'a Table, point: Checkpoint, text: &'a [u8]) -> Self {
        let mut walk = Self {
            table,
            text,
            base: point.offset as usize,
            at: 0,
            row: point.row,
            container: TOP,
            is_object: false,
            ordinal: 0,
            depth: 0,
            next: table.first_from(point.row),
            ran_out: false,
        };
        walk.within(point.container, point.ordinal);
        walk
    }

    /// Whether a row was not given because the window ended.
    pub(super) fn ran_out(&self) -> bool {
        self.ran_out
    }

    fn within(&mut self, container: u32, ordinal: u32) {
        let known = self.table.container(container);
        self.container = container;
        self.ordinal = ordinal;
        self.is_object = known.is_some_and(|known| known.is_object);
        self.depth = known.map_or(0, |known| known.depth.saturating_add(1));
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Option<Raw> {
        if self.row >= self.table.rows() {
            return None;
        }
        let raw = self.step();
        self.ran_out |= raw.is_none();
        if raw.is_some() {
            self.row += 1;
        }
        raw
    }

    fn step(&mut self) -> Option<Raw> {
        loop {
            match self.text.get(self.at)? {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => self.at += 1,
                b'}' | b']' => {
                    let id = self.container;
                    let own = self.table.container(id)?;
                    self.at += 1;
                    self.within(own.parent, own.ordinal + 1);
                    if self.table.mode == Mode::Line && own.count > 0 {
                        return Some(self.closing(id));
                    }
                }
                _ => return self.value(),
            }
        }
    }

    /// The row of the bracket that was just passed.
    fn closing(&self, id: u32) -> Raw {
        let end = self.base + self.at;
        Raw {
            row: self.row,
            key: None,
            value: end - 1..end,
            kind: Kind::Close(id),
            parent: self.container,
            ordinal: self.ordinal.saturating_sub(1),
            depth: self.depth,
            is_edited: false,
        }
    }

    fn value(&mut self) -> Option<Raw> {
        let mut key = None;
        if self.is_object {
            let start = self.base + self.at;
            let end = self.string_end(start)?;
            key = Some(start..end);
            self.at = end - self.base;
            self.skip()?;
        }
        let start = self.base + self.at;
        let edit = self.table.sheet.edit(start);
        let byte = *self.text.get(self.at)?;
        let (kind, end) = match byte {
            b'{' | b'[' => match edit {
                Some(edit) => (Kind::Text, edit.end),
                None => self.container(start)?,
            },
            b'"' => (Kind::Text, self.string_end(start)?),
            _ => {
                let kind = match byte {
                    _ if edit.is_some() => Kind::Text,
                    b't' | b'f' | b'n' => Kind::Word,
                    _ => Kind::Number,
                };
                (kind, self.atom_end(start)?)
            }
        };
        let raw = Raw {
            row: self.row,
            key,
            value: start..end,
            kind,
            parent: self.container,
            ordinal: self.ordinal,
            depth: self.depth,
            is_edited: edit.is_some(),
        };
        if let Kind::Container(id) = kind {
            self.at += 1;
            self.next = id + 1;
            self.within(id, 0);
        } else {
            self.at = end - self.base;
            self.ordinal += 1;
        }
        Some(raw)
    }

    fn container(&self, start: usize) -> Option<(Kind, usize)> {
        if self.table.is_sealed(start) {
            let end = self.table.long_end(start).unwrap_or(self.table.at());
            return Some((Kind::Sealed, end));
        }
        let container = self.table.container(self.next)?;
        let end = match container.end {
            0 => self.table.at(),
            end => end as usize,
        };
        Some((Kind::Container(self.next), end))
    }

    /// Goes to the value behind a key.
    fn skip(&mut self) -> Option<()> {
        while matches!(self.text.get(self.at)?, b' ' | b'\t' | b'\n' | b'\r' | b':') {
            self.at += 1;
        }
        Some(())
    }

    fn string_end(&self, start: usize) -> Option<usize> {
        let first = start - self.base;
        let mut at = first + 1;
        loop {
            let run = self.text.get(at..).map_or(0, plain_run);
            at += run;
            match self.text.get(at) {
                Some(b'"') => return Some(self.base + at + 1),
                Some(b'\\') => at += 2,
                Some(_) => at += 1,
                None => return self.table.long_end(start),
            }
        }
    }

    fn atom_end(&self, start: usize) -> Option<usize> {
        let rest = self.text.get(start - self.base..)?;
        let ends = |b: &u8| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
        match rest.iter().position(ends) {
            Some(len) => Some(start + len),
            None if self.base + self.text.len() >= self.table.sheet.len() => {
                Some(start + rest.len())
            }
            None => self.table.long_end(start),
        }
    }
}
