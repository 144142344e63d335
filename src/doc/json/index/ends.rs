//! How reading ends where the text does not: with a fault in it, or where it is gone. What is open then is
//! closed, so that all rows up to there can be shown.

use super::{Closed, End, Fault, Indexer, Piece, u32_of};
use crate::text::json::Wrong;

impl Indexer {
    /// Ends with a fault: what is open is open to there.
    pub(super) fn broken(&mut self, fault: Fault, rest: usize, from: u32, piece: &mut Piece) {
        let rest = self.key.map_or(rest, |key| key as usize);
        let members = self.open.first().map_or(0, |(_, count)| *count);
        let more = fault.what == Wrong::Trailing && self.containers > 0 && self.rows > 1;
        let is_json = fault.what == Wrong::Cut || self.rows > 3 || members > 2 || more;
        let open = self.open.len();
        self.shut(rest, from, piece);
        piece.end = Some(End::Fault {
            fault,
            rest,
            is_json,
            open,
        });
    }

    /// Ends where the text is gone.
    pub(super) fn lose(&mut self, piece: &mut Piece) {
        let from = self.containers - u32_of(piece.containers.len());
        self.shut(self.at, from, piece);
        piece.end = Some(End::Lost);
    }

    /// No more comes: what is open is open to there.
    fn shut(&mut self, rest: usize, from: u32, piece: &mut Piece) {
        while let Some((id, count)) = self.open.pop() {
            let closed = Closed {
                id,
                end: u32_of(rest),
                last: self.rows.saturating_sub(1),
                count,
            };
            piece.close(closed, from);
        }
        self.done = true;
    }
}
