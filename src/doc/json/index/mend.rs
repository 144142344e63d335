//! Numbers a stretch that was read ahead as it would be numbered, had it been read in order: rows and
//! containers are counted on, and what was open where it begins gets its own number.

use super::{Container, OPEN, Piece};

/// A container that was open where the stretch begins, with how many are open within it.
pub(super) const OUTER: u32 = 1 << 31;

/// What stands before a stretch.
pub(super) struct Mend<'a> {
    /// Open containers: their number and how many children were met.
    pub(super) open: &'a [(u32, u32)],
    pub(super) containers: u32,
    pub(super) rows: u32,
}

impl Mend<'_> {
    /// Appends a stretch to what stands before it, of which `from` is the first container.
    pub(super) fn append(&self, piece: Piece, from: u32, all: &mut Piece) {
        let first = all.containers.len();
        all.containers.reserve(piece.containers.len());
        for mut own in piece.containers {
            own.row += self.rows;
            if own.last != OPEN {
                own.last += self.rows;
            }
            self.place(&mut own, first, &all.containers);
            all.containers.push(own);
        }
        for mut closed in piece.closed {
            let (id, met) = self.known(closed.id);
            (closed.id, closed.count) = (id, closed.count + met);
            closed.last += self.rows;
            all.close(closed, from);
        }
        let points = piece.checkpoints.into_iter().map(|mut point| {
            let (id, met) = self.known(point.container);
            (point.container, point.ordinal) = (id, point.ordinal + met);
            point.row += self.rows;
            point
        });
        all.checkpoints.extend(points);
        all.longs.extend(piece.longs);
        all.edits.extend(piece.edits);
    }

    /// In which container it is, and how deep: of those read ahead `first` is the first one.
    fn place(&self, own: &mut Container, first: usize, all: &[Container]) {
        let depth = if let Some(within) = own.parent.checked_sub(OUTER) {
            u16::try_from(self.open.len().saturating_sub(within as usize)).unwrap_or(u16::MAX)
        } else {
            let parent = all.get(first + own.parent as usize);
            parent.map_or(0, |parent| parent.depth.saturating_add(1))
        };
        let (id, met) = self.known(own.parent);
        (own.parent, own.depth) = (id, depth);
        own.ordinal += met;
    }

    /// The number of a container, and how many of its children were met before.
    fn known(&self, id: u32) -> (u32, u32) {
        match id.checked_sub(OUTER) {
            None => (id + self.containers, 0),
            Some(within) => {
                let nth = self.open.len().checked_sub(within as usize + 1);
                let open = nth.and_then(|nth| self.open.get(nth)).copied();
                open.unwrap_or_default()
            }
        }
    }
}
