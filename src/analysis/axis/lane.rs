//! Many operations on one line: how much of each column was covered by any of them. It costs one step
//! per operation and one per column, in whatever order they come; it keeps no operation.

use super::{Axis, EIGHTHS};
use crate::model::Time;

/// A whole eighth of a column, in the parts that are summed here.
const FULL: u64 = 1 << 16;
/// Parts of a column.
const UNIT: u64 = EIGHTHS * FULL;
/// From so many parts on a column counts as full: a sixteenth is lost in no drawing.
const MOSTLY: u64 = UNIT - UNIT / 16;

/// How much of a column is covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// Nothing happened in it.
    #[default]
    None,
    /// Something did, in less than half of it.
    Any,
    /// In half of it or more.
    Half,
    /// In all of it, but for a sixteenth at most.
    Full,
}

/// The sum of many operations on an axis. Where operations overlap, a moment counts once up to an eighth
/// of a column; within an eighth their shares are added up.
#[derive(Clone, Debug)]
pub struct Lane<'a> {
    axis: &'a Axis,
    /// For each eighth, by how much the cover per eighth rises or falls there.
    slopes: Vec<i64>,
    /// For each eighth, what covers a part of it only.
    edges: Vec<u64>,
}

impl<'a> Lane<'a> {
    /// With nothing on it.
    pub fn new(axis: &'a Axis) -> Self {
        let eighths = usize::from(axis.columns()) * 8;
        Self {
            axis,
            slopes: vec![0; eighths + 1],
            edges: vec![0; eighths],
        }
    }

    /// With all of these on it: when they began and when they ended.
    pub fn of(axis: &'a Axis, all: impl IntoIterator<Item = (Time, Time)>) -> Self {
        let mut lane = Self::new(axis);
        for (start, end) in all {
            lane.add(start, end);
        }
        lane
    }

    /// One operation. One that ends before it begins counts where it begins.
    pub fn add(&mut self, start: Time, end: Time) {
        self.put(start, end.max(start), FULL);
    }

    /// A stretch in which so many nanoseconds were covered, spread evenly: what was summed up before.
    /// Buckets are taken not to overlap.
    pub fn bucket(&mut self, start: Time, end: Time, busy: u64) {
        if busy == 0 {
            return;
        }
        let end = end.max(start);
        let length = u128::from(end.0.abs_diff(start.0)).max(1);
        let rate = u128::from(busy).min(length) * u128::from(FULL) / length;
        self.put(start, end, u64::try_from(rate).unwrap_or(FULL).max(1));
    }

    fn put(&mut self, start: Time, end: Time, rate: u64) {
        let window = self.axis.window();
        if end < window.from() || start > window.to() {
            return;
        }
        // What begins as an idle stretch begins, or in the last moment, belongs to the column before.
        let edge = (u64::from(self.axis.column(start)) + 1) * UNIT - 1;
        let from = self.axis.fine(start, UNIT).min(edge);
        let to = self.axis.fine(end, UNIT).max(from + 1);
        let (first, last) = (from / FULL, to / FULL);
        if first == last {
            self.edge(first, to - from, rate);
            return;
        }
        self.edge(first, FULL - from % FULL, rate);
        self.edge(last, to % FULL, rate);
        let signed = i64::try_from(rate).unwrap_or(i64::MAX);
        self.slope(first + 1, signed);
        self.slope(last, -signed);
    }

    fn edge(&mut self, eighth: u64, parts: u64, rate: u64) {
        let at = usize::try_from(eighth).unwrap_or(usize::MAX);
        if let Some(edge) = self.edges.get_mut(at)
            && parts > 0
        {
            *edge = edge.saturating_add((parts * rate / FULL).max(1));
        }
    }

    fn slope(&mut self, eighth: u64, by: i64) {
        let at = usize::try_from(eighth).unwrap_or(usize::MAX);
        if let Some(slope) = self.slopes.get_mut(at) {
            *slope = slope.saturating_add(by);
        }
    }

    /// For each eighth, how much of it all operations cover together; more than all of it where several
    /// were going on.
    fn eighths(&self) -> impl Iterator<Item = u64> + '_ {
        let mut rate = 0_i64;
        let both = self.slopes.iter().zip(&self.edges);
        both.map(move |(slope, edge)| {
            rate = rate.saturating_add(*slope);
            let whole = u64::try_from(rate).unwrap_or_default();
            whole.saturating_add(*edge)
        })
    }

    /// In which columns more than one was going on at once, for a sixteenth of the column at least.
    pub fn overlaps(&self) -> Vec<bool> {
        let over: Vec<u64> = self
            .eighths()
            .map(|parts| parts.saturating_sub(FULL))
            .collect();
        over.chunks(8)
            .map(|column| column.iter().sum::<u64>() >= UNIT / 16)
            .collect()
    }

    /// How many were going on at once at most, where it lasted long enough to be drawn.
    pub fn most(&self) -> u64 {
        self.eighths().map(|parts| parts / FULL).max().unwrap_or(0)
    }

    /// How much of each column is covered.
    pub fn cells(&self) -> Vec<Cover> {
        let eighths: Vec<u64> = self.eighths().map(|parts| parts.min(FULL)).collect();
        let cover = |parts: u64| match parts {
            0 => Cover::None,
            parts if parts < UNIT / 2 => Cover::Any,
            parts if parts < MOSTLY => Cover::Half,
            _ => Cover::Full,
        };
        eighths
            .chunks(8)
            .map(|column| cover(column.iter().sum()))
            .collect()
    }
}
