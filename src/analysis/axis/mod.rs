//! The time axis of a waterfall: which column of a line stands for which instant. It measures in
//! columns and eighths of a column, knows no sign and no colour, and reads no clock: a bar that goes on
//! is given its `now`.
//!
//! Folded idle stretches take one column each, whatever their length. The others, which are called busy
//! here, share the remaining columns by their length, but none gets less than one column: an event alone
//! between two idle hours stays visible. Folds begin and end on whole columns, so a busy stretch is drawn
//! at most half a column away from where exact shares would put it, and [`Axis::place`] is off by half
//! an eighth at most within it. All sums are of integers, wide enough for any two times.

mod bar;
mod lane;
mod ticks;
mod window;

pub use bar::{Bar, Extent, Shape};
pub use lane::{Cover, Lane};
pub use ticks::{Labels, Mark, Tick, length};
pub use window::Window;

use crate::model::Time;

/// A place on an axis, in eighths of a column from its left edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Eighths(pub u32);

/// Eighths in a column.
pub(crate) const EIGHTHS: u64 = 8;
/// A fold that would free less than this many columns is not worth its own.
const WORTH: u128 = 2;
/// At most one column in so many is a fold; of more idle stretches the longest are folded.
const FOLDS: usize = 4;

/// A part of the axis on which time runs evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    /// Nanoseconds, both ends included.
    from: i64,
    to: i64,
    /// Columns: the first, and the one behind the last.
    left: u16,
    right: u16,
    /// The whole length in nanoseconds of the idle stretch that is folded here.
    folded: Option<u64>,
}

/// A fold as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The one column it takes.
    pub column: u16,
    /// Nanoseconds of the idle stretch, including what of it lies outside the window.
    pub nanos: u64,
}

/// A window of time laid onto columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    window: Window,
    columns: u16,
    /// Never empty, in order, touching one another in time and in columns.
    segments: Vec<Segment>,
    /// So many columns stand for so many nanoseconds where nothing was widened.
    scale: (u64, u128),
}

impl Axis {
    /// The window on so many columns, with these idle stretches folded, given in order. Of stretches that
    /// overlap the later begins where the earlier ends; what lies outside the window is cut off; what
    /// would hardly need more columns than its fold stays as it is.
    pub fn new(window: Window, idle: &[(Time, Time)], columns: u16) -> Self {
        let folds = folds(window, idle, columns);
        let mut segments = Vec::with_capacity(folds.len() * 2 + 1);
        let mut from = window.from().0;
        for fold in &folds {
            // An idle stretch that began before the window has nothing busy before it.
            if !fold.is_cut_left {
                segments.push(stretch(from, fold.from, None));
            }
            segments.push(stretch(fold.from, fold.to, Some(fold.nanos)));
            from = fold.to;
        }
        if !folds.last().is_some_and(|fold| fold.is_cut_right) {
            segments.push(stretch(from, window.to().0, None));
        }
        let scale = share(&mut segments, columns);
        Self {
            window,
            columns,
            segments,
            scale,
        }
    }

    /// What is laid out.
    pub fn window(&self) -> Window {
        self.window
    }

    /// How many columns there are.
    pub fn columns(&self) -> u16 {
        self.columns
    }

    /// Where a time stands. Times outside the window stand at its edge. Never falls as time goes on.
    pub fn place(&self, time: Time) -> Eighths {
        Eighths(u32::try_from(self.fine(time, EIGHTHS)).unwrap_or(u32::MAX))
    }

    /// The column of something that happened at one moment: the last one before a fold for what happened
    /// as the idle stretch began, never beyond the last. Never falls as time goes on.
    pub fn column(&self, time: Time) -> u16 {
        let Some(at) = self.segment(time) else {
            return 0;
        };
        let last = |segment: &Segment| segment.right.saturating_sub(1).max(segment.left);
        let Some(segment) = self.segments.get(at) else {
            return 0;
        };
        let next = self.segments.get(at + 1);
        if let (Some(_), true, Some(next)) = (segment.folded, time.0 >= segment.to, next) {
            return next.left;
        }
        let column = u16::try_from(self.fine(time, 1_u64 << 16) >> 16).unwrap_or(u16::MAX);
        column
            .min(last(segment))
            .min(self.columns.saturating_sub(1))
    }

    /// The folds, from left to right.
    pub fn folds(&self) -> impl Iterator<Item = Fold> + '_ {
        self.segments.iter().filter_map(|segment| {
            segment.folded.map(|nanos| Fold {
                column: segment.left,
                nanos,
            })
        })
    }

    /// The columns of a stretch that is not loaded: the first, and the one behind the last. Every column
    /// that it touches, at least one; none where it lies outside the window.
    pub fn stretch(&self, from: Time, to: Time) -> Option<(u16, u16)> {
        let (from, to) = (from.min(to), from.max(to));
        if to < self.window.from() || from > self.window.to() || self.columns == 0 {
            return None;
        }
        let first = self.column(from);
        let last = match self.place(to).0.checked_sub(1) {
            Some(eighth) => u16::try_from(eighth / 8).unwrap_or(u16::MAX),
            None => 0,
        };
        Some((first, last.max(first).saturating_add(1).min(self.columns)))
    }

    /// The columns in which one of these moments lies, ascending, each once: marks of failures over a
    /// fold of the tree. Moments outside the window are left out.
    pub fn marks(&self, moments: impl IntoIterator<Item = Time>) -> Vec<u16> {
        let mut hit = vec![false; usize::from(self.columns)];
        for moment in moments {
            if self.window.contains(moment)
                && let Some(cell) = hit.get_mut(usize::from(self.column(moment)))
            {
                *cell = true;
            }
        }
        (0_u16..)
            .zip(hit)
            .filter_map(|(column, hit)| hit.then_some(column))
            .collect()
    }

    /// Where a time stands in parts of a column, `unit` to the column, to the nearest.
    fn fine(&self, time: Time, unit: u64) -> u64 {
        let time = self.window.clamp(time);
        let Some(segment) = self.segment(time).and_then(|at| self.segments.get(at)) else {
            return 0;
        };
        let left = u64::from(segment.left) * unit;
        let width = u128::from(segment.right.saturating_sub(segment.left)) * u128::from(unit);
        let length = u128::from(segment.to.abs_diff(segment.from));
        let passed = u128::from(time.0.abs_diff(segment.from));
        left + nearest(passed * width, length)
    }

    /// The first segment that the time is not behind.
    fn segment(&self, time: Time) -> Option<usize> {
        let time = self.window.clamp(time);
        let at = self.segments.partition_point(|segment| segment.to < time.0);
        (at < self.segments.len()).then_some(at)
    }
}

/// `part / whole` to the nearest; 0 of nothing.
fn nearest(part: u128, whole: u128) -> u64 {
    match whole {
        0 => 0,
        whole => u64::try_from((part + whole / 2) / whole).unwrap_or(u64::MAX),
    }
}

fn stretch(from: i64, to: i64, folded: Option<u64>) -> Segment {
    Segment {
        from,
        to,
        left: 0,
        right: 0,
        folded,
    }
}

/// An idle stretch within the window.
struct Idle {
    from: i64,
    to: i64,
    nanos: u64,
    is_cut_left: bool,
    is_cut_right: bool,
}

/// The idle stretches to fold, in order: the longest first as long as it pays.
fn folds(window: Window, idle: &[(Time, Time)], columns: u16) -> Vec<Idle> {
    let (first, last) = (window.from().0, window.to().0);
    let mut reached = first;
    let mut found = Vec::new();
    for (from, to) in idle {
        let cut = Idle {
            from: from.0.max(reached),
            to: to.0.min(last),
            nanos: from.0.abs_diff(to.0),
            is_cut_left: from.0 < first && reached == first,
            is_cut_right: to.0 > last,
        };
        if cut.from < cut.to {
            reached = cut.to;
            found.push(cut);
        }
    }
    found.sort_by_key(|idle| std::cmp::Reverse(idle.to.abs_diff(idle.from)));
    let mut rest = u128::from(window.nanos());
    let worth = found
        .iter()
        .take(usize::from(columns) / FOLDS)
        .take_while(|idle| {
            let nanos = u128::from(idle.to.abs_diff(idle.from));
            let pays = nanos * u128::from(columns) >= WORTH * rest && nanos < rest;
            if pays {
                rest -= nanos;
            }
            pays
        })
        .count();
    found.truncate(worth);
    found.sort_by_key(|idle| idle.from);
    found
}

/// Gives every segment its columns: one to a fold, at least one to a busy stretch, the rest by length.
/// Answers how many columns are shared by how many nanoseconds.
fn share(segments: &mut [Segment], columns: u16) -> (u64, u128) {
    let length = |segment: &Segment| u128::from(segment.to.abs_diff(segment.from));
    let folds = segments.iter().filter(|one| one.folded.is_some()).count();
    let mut room = u64::from(columns).saturating_sub(folds as u64);
    let mut lengths: Vec<u128> = segments
        .iter()
        .filter(|one| one.folded.is_none())
        .map(length)
        .collect();
    let mut total: u128 = lengths.iter().sum();
    // The shortest first: whoever gets less than a column by length gets one, and no longer shares. Of
    // equal ones all or none do, so the shortest length that shares says who does.
    lengths.sort_unstable();
    let mut shares = 0;
    for length in lengths {
        if length * u128::from(room) >= total {
            shares = length;
            break;
        }
        room = room.saturating_sub(1);
        total -= length;
    }
    let (mut whole, mut passed) = (0_u64, 0_u128);
    let mut left = 0;
    for segment in segments {
        match segment.folded {
            None if length(segment) >= shares => passed += length(segment),
            _ => whole += 1,
        }
        let right = whole + nearest(passed * u128::from(room), total);
        segment.left = left;
        segment.right = u16::try_from(right).unwrap_or(u16::MAX).min(columns);
        left = segment.right;
    }
    (room, total)
}

#[cfg(test)]
mod tests;
