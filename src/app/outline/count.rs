//! What is counted at every level of the tree, so that no question needs a walk over it.
//!
//! Every chunk and every list of children holds the sum of what its nodes contribute: rows under each
//! lens, and marked nodes. What a node contributes follows from itself and its own list alone, so a
//! change spreads upwards as the difference of two contributions and stops where there is none.

use super::{Cell, List, Outline, Seen};

/// Which nodes are rows. All of them are counted all the time, so changing the lens costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lens {
    /// Every node, as the service's records are.
    Raw,
    /// Every node but parts, which are told in the row of another node.
    #[default]
    Operations,
    /// Of those, the ones with a failure at or below them that was not made good, and the ones that
    /// are always shown.
    Failures,
    /// Of those of [`Lens::Operations`], the ones with a match at or below them, and the ones that are
    /// always shown.
    Matching,
    /// Of those, the ones with a match that is a failure at or below them.
    MatchingFailures,
}

impl Lens {
    /// All lenses, in the order in which counts are kept.
    pub const ALL: [Self; 5] = [
        Self::Raw,
        Self::Operations,
        Self::Failures,
        Self::Matching,
        Self::MatchingFailures,
    ];

    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

pub(super) const LENSES: usize = Lens::ALL.len();

/// A property of nodes that is counted through folds.
///
/// Marks belong on the node whose row tells of them: those of a part, and of what lies below it, count
/// under [`Lens::Raw`] alone if they are stepped through, and nowhere if they are of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A failure of any kind, made good later or not: what one steps through.
    Fault,
    /// It matches the search.
    Hit,
    /// A bookmark is on it.
    Bookmark,
    /// The person marked it, for what copies take along.
    Picked,
    /// It failed, by the service's word, and was not made good.
    Failed,
    /// Its content says that it failed although its status does not, and it was not made good.
    Soft,
    /// No answer came.
    Unanswered,
    /// It repeats without end.
    Loop,
    /// It passes the filter.
    Match,
}

impl Mark {
    /// Those that are stepped through row by row, so each lens has a count of its own. First of all.
    const STEPPED: [Self; 4] = [Self::Fault, Self::Hit, Self::Bookmark, Self::Picked];
    /// Those that make a node and all above it rows of [`Lens::Failures`], which therefore hides none.
    pub(super) const FAILING: [Self; 4] = [Self::Failed, Self::Soft, Self::Unanswered, Self::Loop];

    /// Of all but [`Mark::Match`], which is a flag.
    fn bit(self) -> u8 {
        1 << self as u8
    }

    fn is_stepped(self) -> bool {
        (self as usize) < Self::STEPPED.len()
    }

    /// Where the count of this mark lies.
    pub(super) fn slot(self, lens: Lens) -> usize {
        let at = self as usize;
        let stepped = Self::STEPPED.len();
        if at < stepped {
            at * LENSES + lens as usize
        } else {
            at + stepped * (LENSES - 1)
        }
    }
}

const FAILING_BITS: u8 = {
    let [a, b, c, d] = Mark::FAILING;
    1 << a as u8 | 1 << b as u8 | 1 << c as u8 | 1 << d as u8
};
/// Slots that have one count, whatever the lens: failures, matches, and nodes that are both.
const SINGLE: std::ops::Range<usize> = Mark::STEPPED.len() * LENSES..SLOTS;
/// Where matches that are failures are counted.
const BOTH: usize = SLOTS - 1;
const SLOTS: usize = Mark::STEPPED.len() * LENSES + Mark::FAILING.len() + 2;

/// The lenses that look for matches.
pub(super) const MATCHING: [Lens; 2] = [Lens::Matching, Lens::MatchingFailures];

/// A sum of contributions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) rows: [u32; LENSES],
    /// By [`Mark::slot`].
    pub(super) marks: [u32; SLOTS],
}

const NOTHING: Counts = Counts {
    rows: [0; LENSES],
    marks: [0; SLOTS],
};

#[expect(clippy::indexing_slicing, reason = "slots are made here")]
impl Counts {
    /// Adds a contribution or a difference. Sums wrap on the way and are right in the end.
    pub(super) fn add(&mut self, other: &Self) {
        self.with(other, u32::wrapping_add);
    }

    fn subtract(&mut self, other: &Self) {
        self.with(other, u32::wrapping_sub);
    }

    #[inline]
    fn with(&mut self, other: &Self, sum: impl Fn(u32, u32) -> u32) {
        for (count, by) in self.rows.iter_mut().zip(other.rows) {
            *count = sum(*count, by);
        }
        for (count, by) in self.marks.iter_mut().zip(other.marks) {
            *count = sum(*count, by);
        }
    }

    fn has_matching(&self, failing: bool) -> bool {
        self.marks[if failing {
            BOTH
        } else {
            Mark::Match.slot(Lens::Raw)
        }] > 0
    }

    /// How many nodes match and are failures.
    pub(super) fn failing_matches(&self) -> usize {
        self.marks[BOTH] as usize
    }

    /// Forgets all that the lenses on matches count.
    pub(super) fn forget_matches(&mut self) {
        for lens in MATCHING {
            self.rows[lens as usize] = 0;
            for mark in Mark::STEPPED {
                self.marks[mark.slot(lens)] = 0;
            }
        }
        self.marks[Mark::Match.slot(Lens::Raw)] = 0;
        self.marks[BOTH] = 0;
    }

    fn has_failing(&self) -> bool {
        let mut slots = Mark::FAILING.iter().map(|mark| mark.slot(Lens::Raw));
        slots.any(|slot| self.marks[slot] > 0)
    }
}

/// By how much a contribution grew, or shrank by wrapping.
pub(super) struct Change {
    counts: Counts,
    /// Whether the node itself became a row under each lens, or none.
    shown: [u32; LENSES],
}

#[expect(clippy::indexing_slicing, reason = "slots are made here")]
impl Change {
    pub(super) const NOTHING: Self = Self {
        counts: NOTHING,
        shown: [0; LENSES],
    };

    /// Both changes, one after the other.
    pub(super) fn and(&mut self, other: &Self) {
        self.counts.add(&other.counts);
        for (shown, by) in self.shown.iter_mut().zip(other.shown) {
            *shown = shown.wrapping_add(by);
        }
    }

    pub(super) fn between(before: &Counts, after: &Counts) -> Self {
        let mut counts = *after;
        counts.subtract(before);
        let shown = std::array::from_fn(|at| {
            let [was, is] = [before, after].map(|share| u32::from(share.rows[at] > 0));
            is.wrapping_sub(was)
        });
        Self { counts, shown }
    }

    /// What of a change below a node changes above it, where the node itself stays shown or hidden.
    fn through(mut self, owner: &Cell) -> Self {
        self.shown = [0; LENSES];
        if !owner.open {
            self.counts.rows = [0; LENSES];
        }
        for lens in Lens::ALL {
            if !owner.is_shown(lens) {
                self.counts.rows[lens as usize] = 0;
                for mark in Mark::STEPPED {
                    self.counts.marks[mark.slot(lens)] = 0;
                }
            }
        }
        if owner.is_part() {
            for slot in SINGLE {
                self.counts.marks[slot] = 0;
            }
        }
        self
    }
}

impl Cell {
    pub(super) fn has(&self, mark: Mark) -> bool {
        match mark {
            Mark::Match => self.flags & super::MATCH != 0,
            mark => self.own & mark.bit() != 0,
        }
    }

    /// Marks it, or takes the mark away.
    pub(super) fn toggle(&mut self, mark: Mark) {
        match mark {
            Mark::Match => self.flags ^= super::MATCH,
            mark => self.own ^= mark.bit(),
        }
    }

    pub(super) fn is_part(&self) -> bool {
        self.flags & super::PART != 0
    }

    /// Whether it is a row under a lens, where its parent is shown and open.
    #[inline]
    pub(super) fn is_shown(&self, lens: Lens) -> bool {
        self.shown & lens.bit() != 0
    }

    /// Whether it matches and is a failure.
    fn is_both(&self) -> bool {
        self.has(Mark::Match) && self.own & FAILING_BITS != 0
    }

    /// The lenses under which it is a row, a bit each, by itself and what is below it.
    pub(super) fn lenses(&self, below: &Counts) -> u8 {
        let always = self.flags & super::ALWAYS != 0;
        let failing = || self.own & FAILING_BITS != 0 || below.has_failing();
        let shows = |lens: Lens| match lens {
            Lens::Raw => true,
            Lens::Operations => !self.is_part(),
            Lens::Failures => !self.is_part() && (always || failing()),
            Lens::Matching => {
                !self.is_part() && (always || self.has(Mark::Match) || below.has_matching(false))
            }
            Lens::MatchingFailures => {
                !self.is_part() && (always || self.is_both() || below.has_matching(true))
            }
        };
        let bits = Lens::ALL.map(|lens| if shows(lens) { lens.bit() } else { 0 });
        bits.into_iter().fold(0, |all, bit| all | bit)
    }

    /// All that it contributes to what it lies in.
    #[expect(clippy::indexing_slicing, reason = "slots are made here")]
    pub(super) fn share(&self, below: &Counts) -> Counts {
        let mut share = NOTHING;
        for lens in Lens::ALL.into_iter().filter(|lens| self.is_shown(*lens)) {
            let open = u32::from(self.open) * below.rows[lens as usize];
            share.rows[lens as usize] = 1 + open;
            for mark in Mark::STEPPED {
                let slot = mark.slot(lens);
                share.marks[slot] = u32::from(self.has(mark)) + below.marks[slot];
            }
        }
        if !self.is_part() {
            for mark in Mark::FAILING.into_iter().chain([Mark::Match]) {
                let slot = mark.slot(Lens::Raw);
                share.marks[slot] = u32::from(self.has(mark)) + below.marks[slot];
            }
            share.marks[BOTH] = u32::from(self.is_both()) + below.marks[BOTH];
        }
        share
    }
}

#[expect(clippy::indexing_slicing, reason = "indices are this module's own")]
impl Outline {
    pub(super) fn children_of(&self, cell: &Cell) -> Option<&List> {
        (cell.list != super::NONE).then(|| &self.lists[cell.list as usize])
    }

    pub(super) fn sums_below(&self, cell: &Cell) -> &Counts {
        self.children_of(cell).map_or(&NOTHING, |list| &list.counts)
    }

    /// All that a node contributes to what it lies in.
    pub(super) fn share(&self, cell: &Cell) -> Counts {
        cell.share(self.sums_below(cell))
    }

    /// Changes a node, and the counts above it by what that makes it contribute.
    pub(super) fn change(&mut self, id: usize, how: impl FnOnce(&mut Cell)) {
        let mut cell = self.cells[id].clone();
        how(&mut cell);
        let below = self.sums_below(&cell);
        cell.shown = cell.lenses(below);
        let change = Change::between(&self.cells[id].share(below), &cell.share(below));
        self.spread(cell.chunk, change);
        self.cells[id] = cell;
    }

    /// Changes a chunk and everything above it by the difference of what one of its nodes contributes.
    pub(super) fn spread(&mut self, chunk: u32, mut change: Change) {
        let mut chunk = chunk;
        while chunk != super::NONE && change.counts != NOTHING {
            let at = &mut self.chunks[chunk as usize];
            at.counts.add(&change.counts);
            let list = &mut self.lists[at.list as usize];
            list.counts.add(&change.counts);
            for (shown, by) in list.shown.iter_mut().zip(change.shown) {
                *shown = shown.wrapping_add(by);
            }
            let Some(owner) = self.cells.get_mut(list.owner as usize) else {
                return;
            };
            let lenses = owner.lenses(&list.counts);
            change = if lenses == owner.shown {
                change.through(owner)
            } else {
                let mut below = list.counts;
                below.subtract(&change.counts);
                let before = owner.share(&below);
                owner.shown = lenses;
                Change::between(&before, &owner.share(&list.counts))
            };
            chunk = owner.chunk;
        }
    }
}

#[expect(clippy::indexing_slicing, reason = "indices are this module's own")]
impl Seen<'_> {
    /// Whether a node is a row under the lens, where its parent is shown and open.
    #[inline]
    pub(super) fn shows(self, cell: &Cell) -> bool {
        cell.is_shown(self.lens)
    }

    /// Rows of a node and of all below it, were its parent shown and open.
    #[inline]
    pub(super) fn rows_of(self, cell: &Cell) -> u32 {
        if !self.shows(cell) {
            return 0;
        }
        if cell.list == super::NONE || !cell.open {
            return 1;
        }
        1 + self.tree.lists[cell.list as usize].counts.rows[self.lens as usize]
    }

    /// Whether a mark of this node, or of one below it, counts.
    pub(super) fn counts(self, cell: &Cell, mark: Mark) -> bool {
        if mark.is_stepped() {
            self.shows(cell)
        } else {
            !cell.is_part()
        }
    }

    /// Marked nodes below a node and itself, as they count above it.
    pub(super) fn marks_of(self, cell: &Cell, mark: Mark) -> u32 {
        if self.counts(cell, mark) {
            u32::from(cell.has(mark)) + self.tree.sums_below(cell).marks[mark.slot(self.lens)]
        } else {
            0
        }
    }
}
