//! Reads JSON text window by window and tells its rows, in pieces that are handed on as they come. It
//! builds no values and looks at nothing twice: what may hide a secret is masked when its token is met.
//! Where its room is used up, further containers are passed over and become one row each.

mod ahead;
mod containers;
mod ends;
mod long;
mod mend;
mod secrets;

use std::collections::VecDeque;

use self::{
    ahead::{Luck, Split},
    secrets::expect,
};
use super::{
    Mode,
    piece::{Checkpoint, Closed, Container, End, LONG, OPEN, Piece, TOP},
};
use crate::{
    doc::Source,
    guard::{Edit, MaskJson, Masking, redact::Sort as Secrets},
    text::json::{Came, Fault, Held, Scanner, Shape, Sort, Token, literal_end},
};

/// Rows from one checkpoint to the next, and bytes after which one is made in any case.
const STRIDE: u32 = 64;
const REACH: u32 = 32 << 10;
/// What a window begins with; longer where a token is.
const WINDOW: usize = 64 << 10;
/// What is read at once where there is more to read, and stays in the cache of a processor.
const WIDE: usize = 256 << 10;

/// Windows that grow quickly where a token is longer.
const FAR: usize = 4 << 20;

/// What stands between the text and its rows.
#[derive(Debug)]
enum Mask {
    /// Secrets are looked for.
    Search(Box<Masking>, MaskJson),
    /// They are known.
    Known,
}

/// Makes the index of one JSON text.
#[derive(Debug)]
pub struct Indexer {
    mode: Mode,
    room: usize,
    mask: Mask,
    /// Containers that are masked whole and not met yet.
    masked: VecDeque<(usize, usize)>,
    held: Held,
    at: usize,
    wants: usize,
    /// Open containers: their number and how many children were met.
    open: Vec<(u32, u32)>,
    containers: u32,
    rows: u32,
    key: Option<u32>,
    marked: Option<(u32, u32)>,
    /// Where a container begins that is passed over, and how many brackets of it are open.
    passing: Option<(u32, u32)>,
    sealed: Option<u32>,
    done: bool,
    /// Whether others may read stretches of it ahead, and how that went.
    splits: bool,
    luck: Luck,
    /// Of a stretch that is read ahead: the containers around it as far as they are known, from the
    /// innermost on.
    outer: Vec<Shape>,
}

impl Indexer {
    pub(super) fn new(mode: Mode, cap: usize, masking: Masking, secrets: Secrets) -> Self {
        let mask = Mask::Search(Box::new(masking), MaskJson::new(secrets));
        // What only records of a service keep secret is told by how deep it is.
        let splits = secrets == Secrets::Any;
        Self {
            splits,
            ..Self::with(mode, cap, mask)
        }
    }

    /// Of a text whose edits are known and taken into account elsewhere.
    pub(super) fn known(mode: Mode, cap: usize, edits: &[Edit], text: &Source) -> Self {
        let mut indexer = Self::with(mode, cap, Mask::Known);
        for edit in edits {
            expect(&mut indexer.masked, edit, |at| {
                text.get(at..at + 1).and_then(|byte| byte.first().copied())
            });
        }
        indexer
    }

    fn with(mode: Mode, cap: usize, mask: Mask) -> Self {
        Self {
            mode,
            room: cap,
            mask,
            masked: VecDeque::new(),
            held: Held::default(),
            at: 0,
            wants: WINDOW,
            open: Vec::new(),
            containers: 0,
            rows: 0,
            key: None,
            marked: None,
            passing: None,
            sealed: None,
            done: false,
            splits: false,
            luck: Luck::default(),
            outer: Vec::new(),
        }
    }

    /// Where the next window has to begin.
    pub fn at(&self) -> usize {
        self.at
    }

    /// How many bytes it has to hold at least, if there are so many.
    pub fn wants(&self) -> usize {
        self.wants
    }

    /// Whether the last piece was given.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The masking with what was met in the text.
    pub fn into_masking(self) -> Option<Masking> {
        match self.mask {
            Mask::Search(masking, _) => Some(*masking),
            Mask::Known => None,
        }
    }

    /// Goes on with about `budget` bytes of a text; ends where it cannot be read, and for now where a
    /// token is longer than that.
    pub fn here(&mut self, text: &Source, budget: usize) -> Piece {
        self.here_in(text, budget, Split::here())
    }

    fn here_in(&mut self, text: &Source, budget: usize, split: Split) -> Piece {
        let mut all = self.piece();
        let end = self.at.saturating_add(budget);
        self.split(text, end, split, &mut all);
        while !self.done && (self.at < end || self.rows == 0) {
            if self.wants > WINDOW {
                self.measure(text);
            }
            let width = (end.saturating_sub(self.at))
                .clamp(WINDOW, WIDE)
                .max(self.wants);
            let Some(window) = text.get(self.at..self.at.saturating_add(width)) else {
                self.lose(&mut all);
                break;
            };
            let is_last = self.at + window.len() >= text.len();
            let before = self.at;
            self.window(&window, is_last, &mut all);
            if self.at == before && self.wants > budget.max(WINDOW) {
                break;
            }
        }
        all
    }

    /// Goes through a window that begins at `at`.
    pub fn run(&mut self, window: &[u8], is_last: bool) -> Piece {
        let mut piece = self.piece();
        if !self.done {
            self.window(window, is_last, &mut piece);
        }
        piece
    }

    fn piece(&self) -> Piece {
        Piece {
            from: self.at,
            at: self.at,
            rows: self.rows,
            ..Piece::default()
        }
    }

    fn window(&mut self, window: &[u8], is_last: bool, piece: &mut Piece) {
        let base = self.at;
        if let Mask::Search(masking, walk) = &mut self.mask {
            walk.look_at(masking, window);
        }
        self.read(window, is_last, piece);
        self.wants = if self.at == base {
            // What was seen in vain is seen again: not too often, and not too much at once.
            let far = if window.len() <= FAR { 4 } else { 2 };
            window.len().max(WINDOW) * far
        } else {
            WINDOW
        };
    }

    /// Goes through what begins at `at`.
    fn read(&mut self, seen: &[u8], is_last: bool, piece: &mut Piece) {
        let base = self.at;
        let mut scanner = Scanner::resume(seen, std::mem::take(&mut self.held));
        if self.is_outside() && !self.come_out(&mut scanner, seen, 0) {
            self.held = scanner.hold().0;
            return;
        }
        let from = self.containers - u32_of(piece.containers.len());
        let fault = self.scan(&mut scanner, seen, is_last, from, piece);
        let (held, used) = scanner.hold();
        if let Some(fault) = fault {
            let rest = seen.get(used..).unwrap_or_default();
            let between = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b',');
            let rest = base + used + rest.iter().take_while(|b| between(b)).count();
            self.broken(fault, rest, from, piece);
        }
        self.held = held;
        self.at = base + used;
        self.carry_key(base, seen);
        piece.rows = self.rows;
        piece.at = self.at;
        piece.sealed = self.sealed;
    }

    /// The value of a key that was read stands in the next window: whoever masks it there knows the key.
    fn carry_key(&mut self, base: usize, seen: &[u8]) {
        let key = self.key.and_then(|key| (key as usize).checked_sub(base));
        let literal = key.and_then(|key| Some((key, literal_end(seen, key)?.0)));
        if let (Mask::Search(_, walk), Some((start, end))) = (&mut self.mask, literal) {
            walk.carry_key(self.at, seen.get(start..end).unwrap_or_default());
        }
    }

    /// Takes tokens as long as there are any; gives what is wrong.
    fn scan(
        &mut self,
        scanner: &mut Scanner<'_>,
        seen: &[u8],
        is_last: bool,
        from: u32,
        piece: &mut Piece,
    ) -> Option<Fault> {
        loop {
            let before = scanner.place();
            match scanner.come(is_last) {
                Came::Token(token) => {
                    if !self.mask(token, seen, is_last, piece) {
                        scanner.back_to(before);
                        return None;
                    }
                    self.token(token, scanner, seen.len(), from, piece);
                    let closes = matches!(token.sort, Sort::Close(_));
                    if closes && self.is_outside() && !self.come_out(scanner, seen, token.end) {
                        return None;
                    }
                }
                Came::More => return None,
                Came::End => {
                    self.done = true;
                    piece.end = Some(End::Whole);
                    return None;
                }
                Came::Fault(fault) => {
                    let at = fault.at + self.at;
                    return Some(Fault { at, ..fault });
                }
            }
        }
    }

    /// Whether it reads ahead and all containers ended that are known.
    #[inline]
    fn is_outside(&self) -> bool {
        self.open.is_empty() && !self.outer.is_empty()
    }

    #[inline]
    fn token(
        &mut self,
        token: Token,
        scanner: &mut Scanner<'_>,
        seen: usize,
        from: u32,
        piece: &mut Piece,
    ) {
        let start = u32_of(self.at + token.start);
        let end = u32_of(self.at + token.end);
        if let Some(passing) = self.passing {
            return self.pass(passing, token.sort, end, piece);
        }
        match token.sort {
            Sort::Key => {
                self.key = Some(start);
                if token.end - token.start > LONG {
                    piece.longs.push((start, end));
                }
            }
            Sort::Open(shape) => self.enter(shape, start, scanner, seen, piece),
            Sort::Close(_) => self.leave(start, end, from, piece),
            Sort::String | Sort::Number | Sort::Word => {
                self.child(start, piece);
                if token.end - token.start > LONG {
                    piece.longs.push((start, end));
                }
            }
        }
    }

    /// Counts a row and what it is the child of; gives where its key begins and which child it is.
    #[inline]
    fn child(&mut self, start: u32, piece: &mut Piece) -> (u32, u32) {
        let key = self.key.take().unwrap_or(start);
        let (container, ordinal) = match self.open.last_mut() {
            None => (TOP, 0),
            Some((id, count)) => {
                *count += 1;
                (*id, *count - 1)
            }
        };
        self.row(key, container, ordinal, piece);
        (key, ordinal)
    }

    #[inline]
    fn row(&mut self, offset: u32, container: u32, ordinal: u32, piece: &mut Piece) {
        let due = self
            .marked
            .is_none_or(|(row, at)| self.rows - row >= STRIDE || offset - at >= REACH);
        if due {
            piece.checkpoints.push(Checkpoint {
                row: self.rows,
                offset,
                container,
                ordinal,
            });
            self.marked = Some((self.rows, offset));
            self.room = self.room.saturating_sub(size_of::<Checkpoint>());
        }
        self.rows += 1;
    }
}

fn u32_of(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
