//! Stretches in which nothing happened: no event, and no call that was answered later. Only the longest
//! few are kept, because only they are worth a row.

use super::{Digest, NONE};
use crate::model::{Kind, NodeId, Time};

/// How many are kept.
const MOST: usize = 32;
/// Shorter silence is none.
const LEAST: i64 = 2_000_000_000;
/// A gap worth showing is at least this part of the whole.
const PART: i64 = 10;

/// A stretch without anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The last event before it ended.
    pub from: Time,
    /// The first event after it began.
    pub to: Time,
    /// That event.
    pub before: NodeId,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Gaps {
    /// In order of time.
    kept: Vec<Gap>,
    first: Option<i64>,
    /// The end of everything so far.
    until: Option<i64>,
}

impl Digest {
    /// A new event: was it silent before?
    pub(super) fn gap_on(&mut self, at: u32) {
        let (Some((start, end)), Some(node)) =
            (self.extent_of(at), self.fact(at).map(|fact| fact.node))
        else {
            return;
        };
        let waited = self
            .op_of(node)
            .and_then(|op| self.op(op))
            .filter(|op| op.answer == at && op.head != NONE)
            .and_then(|op| self.time(op.head));
        let gaps = &mut self.gaps;
        gaps.first = Some(gaps.first.map_or(start, |first| first.min(start)));
        let until = gaps.until.unwrap_or(start);
        // A result that was waited for ends no silence.
        let awaited = waited.is_some_and(|call| call <= until);
        if start.saturating_sub(until) >= LEAST && !awaited {
            gaps.kept.push(Gap {
                from: Time(until),
                to: Time(start),
                before: node,
            });
            if gaps.kept.len() > MOST {
                let length = |gap: &Gap| gap.to.0.saturating_sub(gap.from.0);
                let shortest =
                    (0..gaps.kept.len()).min_by_key(|at| gaps.kept.get(*at).map_or(0, length));
                shortest.map(|at| gaps.kept.remove(at));
            }
        }
        gaps.until = Some(until.max(end));
    }

    /// While a call waited for its result it was not silent.
    pub(super) fn gap_covered(&mut self, call: u32, answer: u32) {
        let (Some(from), Some(to)) = (self.time(call), self.time(answer)) else {
            return;
        };
        self.gaps
            .kept
            .retain(|gap| gap.to.0 <= from || gap.from.0 >= to);
    }

    /// When an event began and ended, in nanoseconds; none where nobody says.
    pub(super) fn extent_of(&self, at: u32) -> Option<(i64, i64)> {
        let time = self.time(at)?;
        let kind = self.fact(at).map(|fact| fact.kind);
        // A change of state happens at once, whatever it tells of how long something took.
        if matches!(kind, Some(Kind::Status | Kind::Step)) {
            return Some((time, time));
        }
        let rare = self.rare(at);
        let took = rare
            .and_then(|rare| rare.took)
            .map_or(0, |took| i64::try_from(took).unwrap_or(i64::MAX));
        let at_end = rare.is_some_and(|rare| rare.at_end) || kind == Some(Kind::ToolResult);
        Some(if at_end {
            (time.saturating_sub(took), time)
        } else {
            (time, time.saturating_add(took))
        })
    }

    /// The silences worth showing, in order: at least two seconds and a tenth of the whole.
    pub fn gaps(&self) -> Vec<Gap> {
        let whole = match (self.gaps.first, self.gaps.until) {
            (Some(first), Some(until)) => until.saturating_sub(first),
            _ => return Vec::new(),
        };
        let long = |gap: &&Gap| gap.to.0.saturating_sub(gap.from.0) >= whole / PART;
        self.gaps.kept.iter().filter(long).copied().collect()
    }

    /// From the first thing that happened to the last, as far as it is loaded.
    pub fn extent(&self) -> Option<(Time, Time)> {
        Some((Time(self.gaps.first?), Time(self.gaps.until?)))
    }
}
