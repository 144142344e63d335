//! Reads the stretches of a text beside each other. All but the first begin ahead of what is read, somewhere
//! within containers of which nothing is known but what follows tells; a stretch is taken only if that proves
//! right when those before it are read, and else read once more. So the index is the same in any case.

use std::{num::NonZero, sync::LazyLock, thread};

use super::{
    Indexer, Mask, Piece, WIDE, WINDOW,
    mend::{Mend, OUTER},
    u32_of,
};
use crate::{
    doc::Source,
    guard::{Edit, MaskJson},
    text::json::{Held, Scanner, Shape, place_to_begin, shape_around},
};

/// More are no use: who reads them and who puts them together have to keep up.
const MOST: usize = 4;
/// A shorter stretch is not worth a thread.
const LEAST: usize = 512 << 10;
/// Bytes in which a place to begin at is looked for.
const NEAR: usize = 64 << 10;
/// Of a text that was guessed wrong that often in a row, so many times as many calls are read in order.
const WARY: u32 = 6;

/// How a text is split.
#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    pub(super) most: usize,
    pub(super) least: usize,
}

impl Split {
    /// As many stretches as there are processors.
    pub(super) fn here() -> Self {
        static CORES: LazyLock<usize> =
            LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get));
        Self {
            most: (*CORES).min(MOST),
            least: LEAST,
        }
    }
}

/// How well guessing does.
#[derive(Debug, Default)]
pub(super) struct Luck {
    missed: u32,
    /// Calls until the next guess.
    rest: u32,
}

impl Luck {
    fn is_fine(&mut self) -> bool {
        self.rest = self.rest.saturating_sub(1);
        self.rest == 0
    }

    fn had(&mut self, luck: bool) {
        if luck {
            self.missed = 0;
        } else {
            self.missed = (self.missed + 1).min(WARY);
            self.rest = 1 << self.missed;
        }
    }
}

/// A stretch that was read ahead.
#[derive(Debug)]
struct Stretch {
    from: usize,
    reader: Indexer,
    piece: Piece,
    /// How many places were masked and how many secrets numbered when it began, and the room that there
    /// was.
    masked: (usize, usize),
    room: usize,
}

impl Stretch {
    fn used(&self) -> usize {
        self.room - self.reader.room
    }
}

impl Indexer {
    /// Reads up to about `end`, in stretches where there are several.
    pub(super) fn split(&mut self, text: &Source, end: usize, split: Split, all: &mut Piece) {
        let places = self.places(text, end, split);
        if places.is_empty() {
            return;
        }
        let stops = places.iter().skip(1).map(|(at, _)| Some(*at));
        let stops = stops.chain([None]);
        let readers: Vec<_> = places
            .iter()
            .filter_map(|(at, shape)| self.inside(*at, *shape))
            .collect();
        let masked = self.masked_so_far();
        let missed = thread::scope(|scope| {
            let read: Vec<_> = readers
                .into_iter()
                .zip(stops)
                .map(|(reader, stop)| {
                    let from = reader.at;
                    let read = scope.spawn(move || reader.ahead(text, end, stop, masked));
                    (from, read)
                })
                .collect();
            let mut missed = false;
            for (from, read) in read {
                self.up_to(text, from, all);
                let stretch = read.join().ok().flatten();
                missed |= !stretch.is_some_and(|stretch| self.join(stretch, text, all));
            }
            missed
        });
        self.luck.had(!missed);
    }

    /// Where stretches may begin.
    fn places(&mut self, text: &Source, end: usize, split: Split) -> Vec<(usize, Shape)> {
        let end = end.min(text.len());
        let parts = (end.saturating_sub(self.at) / split.least.max(1)).min(split.most);
        if parts < 2 || self.done || !self.splits || !self.luck.is_fine() {
            return Vec::new();
        }
        let (from, len) = (self.at, (end - self.at) / parts);
        let mut places: Vec<(usize, Shape)> = Vec::new();
        for part in 1..parts {
            let near = from + part * len;
            let found = text
                .get(near..end.min(near + NEAR))
                .and_then(|window| place_to_begin(&window));
            let found = found.map(|(at, shape)| (near + at, shape));
            let behind = |at: usize| places.last().is_none_or(|(last, _)| *last < at);
            places.extend(found.filter(|(at, _)| behind(*at)));
        }
        places
    }

    /// What begins to read in a container of that shape; none where what is masked is known already.
    fn inside(&self, at: usize, shape: Shape) -> Option<Self> {
        let Mask::Search(masking, _) = &self.mask else {
            return None;
        };
        let mut walk = MaskJson::default();
        walk.open();
        let mask = Mask::Search(masking.clone(), walk);
        Some(Self {
            held: Held::inside(shape),
            at,
            open: vec![(OUTER, 0)],
            outer: vec![shape],
            ..Self::with(self.mode, self.room, mask)
        })
    }

    fn masked_so_far(&self) -> (usize, usize) {
        match &self.mask {
            Mask::Search(masking, _) => (masking.masked(), masking.numbered()),
            Mask::Known => (0, 0),
        }
    }

    /// Reads up to where the next stretch begins, or behind `end`; none where something is wrong.
    fn ahead(
        mut self,
        text: &Source,
        end: usize,
        stop: Option<usize>,
        masked: (usize, usize),
    ) -> Option<Stretch> {
        let (from, room) = (self.at, self.room);
        let mut piece = self.piece();
        match stop {
            Some(stop) => self.up_to(text, stop, &mut piece),
            None => self.windows(text, end, text.len(), &mut piece),
        }
        (!self.done && self.sealed.is_none()).then_some(Stretch {
            from,
            reader: self,
            piece,
            masked,
            room,
        })
    }

    /// Reads what ends before `end`.
    fn up_to(&mut self, text: &Source, end: usize, all: &mut Piece) {
        self.windows(text, end, end, all);
    }

    /// Reads on until `end`, and sees the text until `limit`. Ends earlier where a token is longer.
    fn windows(&mut self, text: &Source, end: usize, limit: usize, all: &mut Piece) {
        while !self.done && self.at < end {
            let width = (end - self.at).clamp(WINDOW, WIDE).max(self.wants);
            let until = self.at.saturating_add(width).min(limit);
            let Some(window) = text.get(self.at..until) else {
                return;
            };
            let before = self.at;
            self.window(&window, false, all);
            if self.at == before && until == limit {
                return;
            }
        }
    }

    /// Behind the end of all containers that are known: finds out in which one that is. False where the text
    /// that is here does not tell.
    pub(super) fn come_out(&mut self, scanner: &mut Scanner<'_>, behind: &[u8], at: usize) -> bool {
        let Some(shape) = shape_around(behind, at) else {
            return false;
        };
        scanner.be_inside(shape);
        self.open.push((OUTER | u32_of(self.outer.len()), 0));
        self.outer.push(shape);
        if let Mask::Search(_, walk) = &mut self.mask {
            walk.open();
        }
        true
    }

    /// Takes a stretch that begins here, if it began as it had to. Says whether it did.
    fn join(&mut self, mut stretch: Stretch, text: &Source, all: &mut Piece) -> bool {
        if !self.fits(&stretch) || !self.number(&mut stretch, text) {
            return false;
        }
        let used = stretch.used();
        let Stretch { reader, piece, .. } = stretch;
        let closed = reader.outer.len() - usize::from(!reader.open.is_empty());
        let mend = Mend {
            open: &self.open,
            containers: self.containers,
            rows: self.rows,
        };
        let from = self.containers - u32_of(all.containers.len());
        mend.append(piece, from, all);
        let marked = reader.marked.map(|(row, at)| (row + self.rows, at));
        self.marked = marked.or(self.marked);
        self.open.truncate(self.open.len() - closed);
        let mut open = reader.open.into_iter();
        if let Some(((_, count), (_, more))) = self.open.last_mut().zip(open.next()) {
            *count += more;
        }
        let base = self.containers;
        self.open.extend(open.map(|(id, count)| (id + base, count)));
        self.containers += reader.containers;
        self.rows += reader.rows;
        self.room = self.room.saturating_sub(used);
        (self.at, self.key, self.masked) = (reader.at, reader.key, reader.masked);
        self.held.go_on(closed, &reader.held);
        if let (Mask::Search(_, walk), Mask::Search(_, later)) = (&mut self.mask, reader.mask) {
            walk.go_on(later, closed);
        }
        (all.rows, all.at) = (self.rows, self.at);
        true
    }

    /// The secrets of a stretch get the numbers that they would have, had it been read in order. False
    /// where what was sent looks like a placeholder itself, so that nobody can tell.
    fn number(&mut self, stretch: &mut Stretch, text: &Source) -> bool {
        let (here, there) = (self.masked_so_far(), stretch.reader.masked_so_far());
        let (Mask::Search(own, _), Mask::Search(other, _)) =
            (&mut self.mask, &mut stretch.reader.mask)
        else {
            return false;
        };
        if there == stretch.masked {
            return true;
        }
        let other = std::mem::take(other.as_mut());
        if here == stretch.masked {
            **own = other;
            return true;
        }
        let resembles = |edit: &Edit| {
            let sent = text.get(edit.start..edit.end).unwrap_or_default();
            let stands = |what: &str| memchr::memmem::find(&sent, what.as_bytes()).is_some();
            stands("‹") || stands("\\u2039")
        };
        if stretch.piece.edits.iter().any(resembles) {
            return false;
        }
        let renamed = own.adopt(other, stretch.masked);
        for edit in &mut stretch.piece.edits {
            if let Some(by) = renamed.of(&edit.by) {
                edit.by = by.into();
            }
        }
        true
    }

    fn fits(&self, stretch: &Stretch) -> bool {
        let reader = &stretch.reader;
        let Mask::Search(_, walk) = &self.mask else {
            return false;
        };
        !self.done
            && self.at == stretch.from
            && self.passing.is_none()
            && self.key.is_none()
            && self.held.is_inside(&reader.outer)
            && self.open.len() >= reader.outer.len()
            && !walk.is_named()
            && stretch.used() < self.room
    }
}

#[cfg(test)]
mod tests;
