//! How busy a run was over its time, by kind: exact for as many operations as one can draw, in buckets
//! beyond that. Buckets double their width as the run grows, so that adding to them costs the same at any
//! size.

use std::sync::Arc;

use super::{Digest, NONE, drawn::Stretch, u32_of};
use crate::{analysis::OpKind, model::Time};

const BUCKETS: usize = 1024;
/// Up to so many operations are given one by one.
const EXACT: usize = 4096;

/// Busy nanoseconds over time.
#[derive(Clone, Debug, Default)]
struct Buckets {
    origin: Option<i64>,
    /// Nanoseconds of one bucket.
    width: i64,
    busy: Vec<u64>,
}

impl Buckets {
    fn add(&mut self, from: i64, to: i64) {
        let origin = *self.origin.get_or_insert(from);
        if self.busy.is_empty() {
            self.busy = vec![0; BUCKETS];
            self.width = 1_000_000;
        }
        let (from, to) = (from.max(origin), to.max(from).max(origin));
        while to.saturating_sub(origin) / self.width >= 1024 {
            self.widen();
        }
        let first = (from - origin) / self.width;
        // What ends as a bucket begins is not in it.
        let last = (to - 1).max(from) - origin;
        let last = last / self.width;
        for at in first..=last {
            let start = origin + at * self.width;
            let end = start.saturating_add(self.width);
            // A moment counts for something too.
            let share = to.min(end).saturating_sub(from.max(start)).max(1);
            let bucket = usize::try_from(at)
                .ok()
                .and_then(|at| self.busy.get_mut(at));
            if let Some(bucket) = bucket {
                let most = self.width.unsigned_abs();
                *bucket = bucket.saturating_add(share.unsigned_abs()).min(most);
            }
        }
    }

    fn widen(&mut self) {
        let merged: Vec<u64> = self
            .busy
            .chunks(2)
            .map(|pair| {
                pair.iter()
                    .fold(0, |sum: u64, busy| sum.saturating_add(*busy))
            })
            .collect();
        self.busy = merged;
        self.busy.resize(BUCKETS, 0);
        self.width = self.width.saturating_mul(2);
    }

    fn within(&self, from: i64, to: i64) -> Vec<Stretch> {
        let Some(origin) = self.origin else {
            return Vec::new();
        };
        let starts = (0i64..).map(|at| origin.saturating_add(at.saturating_mul(self.width)));
        starts
            .zip(&self.busy)
            .filter(|(_, busy)| **busy > 0)
            .map(|(start, busy)| (start, start.saturating_add(self.width), *busy))
            .filter(|(start, end, _)| *end > from && *start <= to)
            .map(|(start, end, busy)| (Time(start), Time(end), Some(busy)))
            .collect()
    }
}

/// All lanes of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    tool: Buckets,
    llm: Buckets,
}

impl Digest {
    /// An operation has a beginning and an end now.
    pub(super) fn lane_on(&mut self, op: u32) {
        // What others lie in would cover them all.
        let Some(kind) = self.op(op).filter(|op| !op.holds).map(|op| op.kind) else {
            return;
        };
        let (Some(from), Some(to), _) = self.times_of(op) else {
            return;
        };
        match kind {
            OpKind::Tool | OpKind::Sub => self.lanes.tool.add(from.0, to.0),
            OpKind::Llm | OpKind::Think | OpKind::Span => self.lanes.llm.add(from.0, to.0),
            _ => {}
        }
    }

    /// When operations of a kind were going on between two times: stretches, and of those that stand for
    /// many, how many nanoseconds of them. Calls of models are counted with thinking and with spans.
    pub fn busy(&self, kind: OpKind, from: Time, to: Time) -> Arc<[Stretch]> {
        self.drawn
            .lane((kind, from, to), || self.find_busy(kind, from, to))
    }

    fn find_busy(&self, kind: OpKind, from: Time, to: Time) -> Vec<Stretch> {
        let begun = |op: &super::Op| self.fact(op.head).map_or(i64::MIN, |fact| fact.at);
        let end = self.ops.partition_point(|op| begun(op) <= to.0);
        let start = self.ops.partition_point(|op| begun(op) < from.0);
        // What began a little before may reach in; what began long before is in the buckets only.
        let start = start.saturating_sub(EXACT / 2);
        if end.saturating_sub(start) > EXACT {
            let buckets = match kind {
                OpKind::Tool => &self.lanes.tool,
                _ => &self.lanes.llm,
            };
            return buckets.within(from.0, to.0);
        }
        let is_of = |op: &super::Op| match kind {
            OpKind::Tool => matches!(op.kind, OpKind::Tool | OpKind::Sub),
            _ => matches!(op.kind, OpKind::Llm | OpKind::Think | OpKind::Span),
        };
        (u32_of(start)..u32_of(end))
            .filter(|at| {
                self.op(*at)
                    .is_some_and(|op| op.part_of == NONE && !op.holds && is_of(op))
            })
            .filter_map(|at| match self.times_of(at) {
                (Some(begun), Some(ended), _) => Some((begun, ended.max(begun), None)),
                (Some(begun), None, _) if self.runs(at) => Some((begun, to.max(begun), None)),
                (Some(begun), None, _) => Some((begun, begun, None)),
                (None, Some(ended), _) => Some((ended, ended, None)),
                (None, None, _) => None,
            })
            .filter(|(begun, ended, _)| *ended >= from && *begun <= to)
            .collect()
    }

    fn runs(&self, at: u32) -> bool {
        self.op(at)
            .is_some_and(|op| op.verdict == crate::analysis::Verdict::Running)
    }

    /// When the failures were that nothing recovered; of very many one of each part of the run.
    pub fn failure_times(&self) -> Arc<[Time]> {
        self.drawn.failures(|| self.find_failures())
    }

    fn find_failures(&self) -> Vec<Time> {
        let time = |at: u32| {
            let (begun, ended, _) = self.times_of(at);
            ended.or(begun)
        };
        if self.failing.len() <= EXACT {
            return self.failing.iter().filter_map(|at| time(*at)).collect();
        }
        let part = u32_of(self.ops.len().div_ceil(EXACT)).max(1);
        (0..u32_of(EXACT))
            .map(|nth| nth.saturating_mul(part))
            .filter_map(|from| self.failing.range(from..from.saturating_add(part)).next())
            .filter_map(|at| time(*at))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_keep_the_sum_however_far_they_reach() {
        let mut buckets = Buckets::default();
        for at in 0..10_000i64 {
            let start = at * 1_000_000_000;
            buckets.add(start, start + 250_000_000);
        }
        let all = buckets.within(i64::MIN, i64::MAX);
        let busy: u64 = all.iter().filter_map(|(_, _, busy)| *busy).sum();
        assert_eq!(busy, 10_000 * 250_000_000);
        assert!(all.len() <= BUCKETS);
        let late = buckets.within(9_000_000_000_000, i64::MAX);
        assert!(late.iter().all(|(_, end, _)| end.0 > 9_000_000_000_000));
    }
}
