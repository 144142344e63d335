//! Containers as they are met: opened, closed, masked whole, or passed over where there is no room left for
//! their rows.

use super::{Closed, Container, Indexer, Mask, Mode, OPEN, Piece, TOP, mend::OUTER};
use crate::text::json::{Scanner, Shape, Sort};

impl Indexer {
    pub(super) fn enter(
        &mut self,
        shape: Shape,
        start: u32,
        scanner: &mut Scanner<'_>,
        seen: usize,
        piece: &mut Piece,
    ) {
        let parent = self.open.last().map_or(TOP, |(id, _)| *id);
        let row = self.rows;
        let depth = u16::try_from(self.open.len()).unwrap_or(u16::MAX);
        let (key, ordinal) = self.child(start, piece);
        while self
            .masked
            .front()
            .is_some_and(|(at, _)| *at < start as usize)
        {
            // in what was passed over
            self.masked.pop_front();
        }
        if let Some((_, end)) = self
            .masked
            .front()
            .copied()
            .filter(|(at, _)| *at == start as usize)
        {
            self.masked.pop_front();
            scanner.jump((end - self.at).min(seen));
            if let Mask::Search(_, walk) = &mut self.mask {
                walk.close();
            }
            return;
        }
        if self.room < size_of::<Container>() {
            self.sealed.get_or_insert(start);
            self.passing = Some((start, 1));
            return;
        }
        self.room -= size_of::<Container>();
        self.open.push((self.containers, 0));
        self.containers += 1;
        piece.containers.push(Container {
            key,
            start,
            end: 0,
            row,
            last: OPEN,
            parent,
            ordinal,
            count: 0,
            depth,
            is_object: shape == Shape::Object,
        });
    }

    pub(super) fn leave(&mut self, start: u32, end: u32, from: u32, piece: &mut Piece) {
        let Some((id, count)) = self.open.pop() else {
            return;
        };
        if self.mode == Mode::Line && (count > 0 || id >= OUTER) {
            self.row(start, id, count, piece);
        }
        let last = self.rows.saturating_sub(1);
        let closed = Closed {
            id,
            end,
            last,
            count,
        };
        piece.close(closed, from);
    }

    /// Passes over what is in a container that has no room.
    pub(super) fn pass(
        &mut self,
        (start, open): (u32, u32),
        sort: Sort,
        end: u32,
        piece: &mut Piece,
    ) {
        let open = match sort {
            Sort::Open(_) => open + 1,
            Sort::Close(_) => open - 1,
            Sort::Key | Sort::String | Sort::Number | Sort::Word => open,
        };
        self.passing = Some((start, open)).filter(|_| open > 0);
        if open == 0 {
            piece.longs.push((start, end));
        }
    }
}
