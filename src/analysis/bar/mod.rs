//! Bars as characters: one line of a waterfall, column by column, in block elements or in ASCII. It
//! decides no colour: every piece says what it is, and whoever paints it chooses how it looks.
//!
//! ```text
//! blocks  ASCII
//! █▌▐     =      was going on; eighths where there is a block element for them
//! ▏▕      |      was going on for less than there is a sign for
//! ▓▒      +      of many: several at once, all of the time or a part of it
//! ▐▐…     ==>    still goes on
//! ◂       <      ended here, begun nobody knows when
//! × ◆ ·   x # -  moments: a failure, a change of state, anything else
//! « »     ( )    goes on outside the window
//! ┊       :      idle time folded, also where a bar goes on over it
//! ░       %      not loaded
//! ```
//!
//! Block elements are filled from the left, but for the right half and the right eighth. A left edge is
//! drawn by what is nearest among those; no edge is ever drawn in another column than its own.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::{
    analysis::axis::{Axis, Bar, Cover, Eighths, Lane, Shape},
    model::Time,
    text::width,
};

/// What the second column of a wide letter holds.
const NOTHING: char = '\0';

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Nothing.
    Blank,
    /// Idle time, folded.
    Fold,
    /// Time whose events are not loaded.
    Unloaded,
    /// The operation of this row.
    Fill,
    /// The same, in a line whose operation still goes on.
    Open,
    /// That something lies outside the window.
    Beyond,
    /// The title of a stretch.
    Title,
    /// A moment.
    Sign(Sign),
}

/// The sign of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Something failed.
    Failed,
    /// A state changed.
    Change,
    /// Anything else: somebody said something, a model thought.
    Quiet,
}

/// One line of a waterfall that is being drawn. What is drawn later covers what is there.
#[derive(Clone, Debug)]
pub struct Strip {
    cells: Vec<(char, Piece)>,
    ascii: bool,
}

/// The line of one operation.
pub fn cells(axis: &Axis, bar: &Bar, sign: Sign, ascii: bool) -> Vec<(String, Piece)> {
    let mut strip = Strip::new(axis, ascii);
    strip.bar(bar, sign);
    strip.pieces()
}

impl Strip {
    /// A line with nothing on it but the axis' folds.
    pub fn new(axis: &Axis, ascii: bool) -> Self {
        let mut strip = Self {
            cells: vec![(' ', Piece::Blank); usize::from(axis.columns())],
            ascii,
        };
        for fold in axis.folds() {
            strip.put(fold.column.into(), ('┊', ':'), Piece::Fold);
        }
        strip
    }

    /// A stretch that is not loaded.
    pub fn unloaded(&mut self, axis: &Axis, from: Time, to: Time) {
        for column in axis.stretch(from, to).map_or(0..0, |(from, to)| from..to) {
            self.put(column.into(), ('░', '%'), Piece::Unloaded);
        }
    }

    /// An operation; `sign` is what is drawn for a moment.
    pub fn bar(&mut self, bar: &Bar, sign: Sign) {
        match bar.shape {
            Shape::Outside => {}
            Shape::Mark { column } => self.mark(column, sign),
            Shape::Ended { column } => self.put(column.into(), ('◂', '<'), Piece::Fill),
            Shape::Span { from, to, open } => {
                if open {
                    self.open(from, to);
                } else if self.ascii {
                    self.coarse(from, to);
                } else {
                    self.fine(from, to);
                }
            }
        }
        self.beyond(bar);
    }

    /// A stretch with its title in it, such as a plan step: `├research──┤`, only ever as long as the
    /// stretch. The title is expected cleaned, and in ASCII where the line is.
    pub fn titled(&mut self, bar: &Bar, title: &str) {
        let Shape::Span { from, to, open } = bar.shape else {
            return self.bar(bar, Sign::Change);
        };
        // To the nearer side of a column at both ends, so that what follows begins behind it.
        let edge = |place: Eighths| (place.0 as usize + 4) / 8;
        let first = edge(from).min(self.cells.len().saturating_sub(1));
        let last = edge(to).saturating_sub(1).max(first);
        for column in first..=last {
            self.put(column, ('─', '-'), Piece::Fill);
        }
        let room = last.saturating_sub(first + 1);
        let mut column = first + 1;
        for cluster in width::cut(title, room).graphemes(true) {
            // A cell holds one character: accents that come apart from their letter are left out.
            let Some(letter) = cluster.chars().next() else {
                continue;
            };
            let columns = width::cluster(letter.encode_utf8(&mut [0; 4]));
            for (at, glyph) in (column..column + columns).zip([letter, NOTHING]) {
                self.put(at, (glyph, glyph), Piece::Title);
            }
            column += columns;
        }
        self.put(first, ('├', '['), Piece::Fill);
        let end = if open { ('…', '>') } else { ('┤', ']') };
        self.put(last, end, Piece::Fill);
        self.beyond(bar);
    }

    /// A moment, drawn over what is there.
    pub fn mark(&mut self, column: u16, sign: Sign) {
        let glyph = match sign {
            Sign::Failed => ('×', 'x'),
            Sign::Change => ('◆', '#'),
            Sign::Quiet => ('·', '-'),
        };
        self.put(column.into(), glyph, Piece::Sign(sign));
    }

    /// How much of each column many operations cover, and where several were going on at once.
    pub fn lane(&mut self, lane: &Lane<'_>) {
        let overlaps = lane.overlaps();
        for (column, (cover, several)) in lane.cells().into_iter().zip(overlaps).enumerate() {
            let glyph = match (cover, several) {
                (Cover::None, _) => continue,
                (Cover::Full, _) if self.is_fold(column) => continue,
                (Cover::Full, true) => ('▓', '+'),
                (_, true) => ('▒', '+'),
                (Cover::Any, false) => ('▏', '|'),
                (Cover::Half, false) => ('▌', '-'),
                (Cover::Full, false) => ('█', '='),
            };
            self.put(column, glyph, Piece::Fill);
        }
    }

    /// The line in pieces, neighbours of one kind joined; together as many columns as the axis has.
    pub fn pieces(&self) -> Vec<(String, Piece)> {
        let mut pieces: Vec<(String, Piece)> = Vec::new();
        for (glyph, piece) in &self.cells {
            if *glyph == NOTHING {
                continue;
            }
            match pieces.last_mut() {
                Some((text, last)) if last == piece => text.push(*glyph),
                _ => pieces.push((glyph.to_string(), *piece)),
            }
        }
        pieces
    }

    /// The line as plain text.
    pub fn text(&self) -> String {
        self.cells
            .iter()
            .map(|(glyph, _)| *glyph)
            .filter(|glyph| *glyph != NOTHING)
            .collect()
    }

    fn put(&mut self, column: usize, (block, ascii): (char, char), piece: Piece) {
        let glyph = if self.ascii { ascii } else { block };
        // Of a letter of two columns no half is left.
        for (at, half) in [(Some(column), true), (column.checked_add(1), false)] {
            let is_half = |cell: Option<&(char, Piece)>| cell.is_some_and(|cell| cell.0 == NOTHING);
            if glyph != NOTHING && at.is_some_and(|at| is_half(self.cells.get(at))) {
                let other = if half { column.checked_sub(1) } else { at };
                if let Some(cell) = other.and_then(|other| self.cells.get_mut(other)) {
                    cell.0 = ' ';
                }
            }
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = (glyph, piece);
        }
    }

    /// Whether a fold shows there. Where a bar goes on over it, it stays: the bar is longer than it looks.
    fn is_fold(&self, column: usize) -> bool {
        self.cells
            .get(column)
            .is_some_and(|(_, piece)| *piece == Piece::Fold)
    }

    /// Whole columns: an edge moves to the nearer side of its column. What is left with none gets a thin
    /// sign in the column that it has more of.
    fn coarse(&mut self, from: Eighths, to: Eighths) {
        let (first, behind) = ((from.0 + 4) / 8, (to.0 + 4) / 8);
        for column in first..behind {
            if behind - first == 1 || !self.is_fold(column as usize) {
                self.put(column as usize, ('█', '='), Piece::Fill);
            }
        }
        if first == behind {
            let column = u32::midpoint(from.0, to.0 - 1) / 8;
            self.put(column as usize, ('▏', '|'), Piece::Fill);
        }
    }

    /// Block elements.
    fn fine(&mut self, from: Eighths, to: Eighths) {
        let (first, behind) = (from.0 / 8, to.0.div_ceil(8));
        for column in first..behind {
            let begins = from.0.saturating_sub(column * 8);
            let ends = (to.0 - column * 8).min(8);
            // A bar that goes on into the next column reaches it.
            let glyph = if column + 1 < behind {
                nearest(&RIGHTWARD, begins, ends)
            } else {
                nearest(&BLOCKS, begins, ends)
            };
            if behind - first == 1 || (begins, ends) != (0, 8) || !self.is_fold(column as usize) {
                self.put(column as usize, (glyph, '='), Piece::Fill);
            }
        }
    }

    /// Halves of columns up to the one in which it goes on.
    fn open(&mut self, from: Eighths, to: Eighths) {
        let last = (to.0 - 1) / 8;
        for column in from.0 / 8..last {
            if !self.is_fold(column as usize) {
                self.put(column as usize, ('▐', '='), Piece::Open);
            }
        }
        self.put(last as usize, ('…', '>'), Piece::Open);
    }

    /// Says in the first or last column that there is more outside. A bar that has no other column keeps
    /// it.
    fn beyond(&mut self, bar: &Bar) {
        let (first, last) = match bar.shape {
            Shape::Outside => (None, None),
            Shape::Span { from, to, .. } => (Some(from.0 / 8), Some((to.0 - 1) / 8)),
            Shape::Ended { .. } | Shape::Mark { .. } => return,
        };
        if first.is_some() && first == last {
            return;
        }
        if bar.before {
            self.put(0, ('«', '('), Piece::Beyond);
        }
        if bar.after {
            let last = self.cells.len().saturating_sub(1);
            self.put(last, ('»', ')'), Piece::Beyond);
        }
    }
}

/// A block element and the eighths of its column that it fills: from, and up to.
type Block = (u32, u32, char);

/// Those that reach the right edge.
const RIGHTWARD: [Block; 3] = [(0, 8, '█'), (4, 8, '▐'), (7, 8, '▕')];
const BLOCKS: [Block; 10] = [
    (0, 8, '█'),
    (0, 7, '▉'),
    (0, 6, '▊'),
    (0, 5, '▋'),
    (0, 4, '▌'),
    (0, 3, '▍'),
    (0, 2, '▎'),
    (0, 1, '▏'),
    (4, 8, '▐'),
    (7, 8, '▕'),
];

/// The block element nearest to a stretch of a column, in eighths: what moves the edges least, then what
/// changes the length least.
fn nearest(blocks: &[Block], from: u32, to: u32) -> char {
    let off = |(begins, ends, _): &Block| {
        let moved = begins.abs_diff(from).max(ends.abs_diff(to));
        (moved, (ends - begins).abs_diff(to.saturating_sub(from)))
    };
    blocks
        .iter()
        .min_by_key(|block| off(block))
        .map_or('█', |(_, _, glyph)| *glyph)
}

#[cfg(test)]
mod drawings;
#[cfg(test)]
mod tests;
