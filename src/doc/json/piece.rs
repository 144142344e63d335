//! What indexing hands over, a piece at a time: the containers and the places to begin reading at that
//! were met, and what became of containers of earlier pieces. About 36 bytes a container, 16 for every 64
//! rows, 8 for a value of more than 4 KiB, nothing for any other.

use crate::{guard::Edit, text::json::Fault};

/// No container: what is at the top.
pub(super) const TOP: u32 = u32::MAX;
/// The last row of a container that is not closed yet.
pub(super) const OPEN: u32 = u32::MAX;
/// Of longer values and keys the end is kept, so that nobody looks for it twice.
pub(super) const LONG: usize = 4096;

/// An object or array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Container {
    /// Where the key's quote is; equal to `start` where there is no key.
    pub(super) key: u32,
    pub(super) start: u32,
    /// One past its bracket, once that is known.
    pub(super) end: u32,
    /// Its row among all rows.
    pub(super) row: u32,
    /// The last row in it, its closing row included where such rows are.
    pub(super) last: u32,
    pub(super) parent: u32,
    /// Which child of its parent it is.
    pub(super) ordinal: u32,
    pub(super) count: u32,
    pub(super) depth: u16,
    pub(super) is_object: bool,
}

/// Where reading of rows may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Checkpoint {
    pub(super) row: u32,
    /// Of its key, else of its value.
    pub(super) offset: u32,
    /// The container it is in.
    pub(super) container: u32,
    pub(super) ordinal: u32,
}

/// The end of a container of an earlier piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Closed {
    pub(super) id: u32,
    pub(super) end: u32,
    pub(super) last: u32,
    pub(super) count: u32,
}

/// How a text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is one JSON value.
    Whole,
    /// Something is wrong; the rows go up to there.
    Fault {
        /// What and where, in bytes of the whole text.
        fault: Fault,
        /// Where what is in no row begins.
        rest: usize,
        /// Whether it is JSON at all up to there.
        is_json: bool,
        /// How many containers nobody closed.
        open: usize,
    },
    /// It could not be read on; the rows go up to there.
    Lost,
}

/// A piece of an index.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    pub(super) containers: Vec<Container>,
    pub(super) closed: Vec<Closed>,
    pub(super) checkpoints: Vec<Checkpoint>,
    pub(super) longs: Vec<(u32, u32)>,
    pub(super) edits: Vec<Edit>,
    /// Where in the text this piece begins.
    pub(super) from: usize,
    /// How many rows there are with this piece.
    pub(super) rows: u32,
    /// Containers that begin here or later are one row each; where there is no room for more.
    pub(super) sealed: Option<u32>,
    /// How many bytes of the text are read with this piece.
    pub at: usize,
    /// Set in the last piece.
    pub end: Option<End>,
}

impl Piece {
    /// Notes the end of a container; `from` is the number of the first of this piece.
    pub(super) fn close(&mut self, closed: Closed, from: u32) {
        let own = closed.id.checked_sub(from);
        match own.and_then(|own| self.containers.get_mut(own as usize)) {
            Some(container) => {
                container.end = closed.end;
                container.last = closed.last;
                container.count = closed.count;
            }
            None => self.closed.push(closed),
        }
    }
}
