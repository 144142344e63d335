//! The index of a JSON text as far as it came, and the rows read with its help: from the last place to
//! begin at, over at most 64 rows. It knows all rows and nothing of folds.

use std::ops::Range;

use super::{
    Mode,
    piece::{Checkpoint, Container, End, OPEN, Piece},
    sheet::Sheet,
    slab::Slab,
    walk::Walk,
};

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Word,
    /// A container of this number.
    Container(u32),
    /// The closing bracket of the container of this number.
    Close(u32),
    /// A container that is not indexed.
    Sealed,
}

/// One row, read out of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) row: u32,
    pub(super) key: Option<Range<usize>>,
    pub(super) value: Range<usize>,
    pub(super) kind: Kind,
    /// The container it is in.
    pub(super) parent: u32,
    pub(super) ordinal: u32,
    pub(super) depth: u16,
    pub(super) is_edited: bool,
}

/// The index.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) mode: Mode,
    pub(super) sheet: Sheet,
    containers: Slab<Container>,
    checkpoints: Slab<Checkpoint>,
    longs: Slab<(u32, u32)>,
    rows: u32,
    at: usize,
    sealed: Option<u32>,
    end: Option<End>,
}

impl Table {
    pub(super) fn new(mode: Mode, sheet: Sheet) -> Self {
        Self {
            mode,
            sheet,
            containers: Slab::default(),
            checkpoints: Slab::default(),
            longs: Slab::default(),
            rows: 0,
            at: 0,
            sealed: None,
            end: None,
        }
    }

    pub(super) fn take(&mut self, piece: Piece) {
        self.containers.extend(&piece.containers);
        for closed in &piece.closed {
            if let Some(container) = self.containers.get_mut(closed.id as usize) {
                container.end = closed.end;
                container.last = closed.last;
                container.count = closed.count;
            }
        }
        self.checkpoints.extend(&piece.checkpoints);
        self.longs.extend(&piece.longs);
        self.sheet.take(piece.edits);
        self.rows = piece.rows.max(self.rows);
        self.at = piece.at.max(self.at);
        self.sealed = piece.sealed.or(self.sealed);
        self.end = piece.end.or(self.end);
    }

    pub(super) fn rows(&self) -> u32 {
        self.rows
    }

    /// How many bytes were read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn end(&self) -> Option<End> {
        self.end
    }

    pub(super) fn sealed(&self) -> Option<u32> {
        self.sealed
    }

    /// Bytes that the index takes.
    pub(super) fn size(&self) -> usize {
        self.containers.size() + self.checkpoints.size() + self.longs.size() + self.sheet.size()
    }

    pub(super) fn container(&self, id: u32) -> Option<Container> {
        self.containers.get(id as usize)
    }

    pub(super) fn containers(&self) -> &Slab<Container> {
        &self.containers
    }

    pub(super) fn checkpoints(&self) -> &Slab<Checkpoint> {
        &self.checkpoints
    }

    /// The last row in a container as far as it is read.
    pub(super) fn last(&self, container: &Container) -> u32 {
        if container.last == OPEN {
            self.rows.saturating_sub(1)
        } else {
            container.last
        }
    }

    /// The first container behind the one of that number and all that is in it.
    pub(super) fn after(&self, id: u32) -> u32 {
        let Some(container) = self.container(id) else {
            return id;
        };
        let after = self
            .containers
            .partition_from(id as usize + 1, |next| next.row <= container.last);
        u32::try_from(after).unwrap_or(u32::MAX)
    }

    /// The number of the first container at that row or later.
    pub(super) fn first_from(&self, row: u32) -> u32 {
        let first = self.containers.partition_point(|next| next.row < row);
        u32::try_from(first).unwrap_or(u32::MAX)
    }

    /// One past a token or sealed container that is too long to be walked over; what has no end yet ends
    /// where reading came to.
    pub(super) fn long_end(&self, start: usize) -> Option<usize> {
        let at = self
            .longs
            .partition_point(|(long, _)| (*long as usize) < start);
        let (long, end) = self.longs.get(at)?;
        (long as usize == start).then_some(end as usize)
    }

    /// One of all rows.
    pub(super) fn row(&self, row: u32) -> Option<Raw> {
        self.walk(row, |walk| {
            loop {
                let raw = walk.next()?;
                if raw.row >= row {
                    return Some(raw);
                }
            }
        })
    }

    /// Reads rows with a walk that begins at a row or up to 64 before it. What runs out of its window is
    /// read anew with a larger one.
    pub(super) fn walk<T>(
        &self,
        row: u32,
        mut read: impl FnMut(&mut Walk<'_>) -> Option<T>,
    ) -> Option<T> {
        if row >= self.rows {
            return None;
        }
        let at = self.checkpoints.partition_point(|point| point.row <= row);
        let point = self.checkpoints.get(at.checked_sub(1)?)?;
        let offset = point.offset as usize;
        let reach = self
            .checkpoints
            .get(at)
            .map_or(self.at, |next| next.offset as usize);
        let mut width = (reach - offset).clamp(256, 64 << 10);
        loop {
            let text = self.sheet.raw(offset..offset + width)?;
            let ends = offset + text.len() >= self.sheet.len();
            let mut walk = Walk::new(self, point, &text);
            let found = read(&mut walk);
            if found.is_some() || ends || !walk.ran_out() {
                return found;
            }
            width *= 2;
        }
    }

    /// Whether a container that begins there has no entry.
    pub(super) fn is_sealed(&self, start: usize) -> bool {
        self.sealed.is_some_and(|from| start >= from as usize)
    }
}
