//! How long a run is usually quiet, out of the times of its events: in the step that it is at, else in all
//! of it. Reads no clock, and says nothing where it knows too little.

use std::{collections::VecDeque, time::Duration};

use crate::model::Time;

/// Silence that is so many times as long as is usual is worth a word.
const UNUSUAL: u32 = 4;
/// Less is never told: a quiet service is looked at every half a minute.
const LEAST: Duration = Duration::from_secs(60);
/// From fewer nobody knows what is usual, in a step and in a run.
const FEW: [usize; 2] = [5, 10];
/// So many of the last count.
const MANY: usize = 200;

/// What is known of the silences of a run.
#[derive(Clone, Debug, Default)]
pub struct Quiet {
    last: Option<Time>,
    step: Option<String>,
    in_step: VecDeque<Duration>,
    in_run: VecDeque<Duration>,
}

/// From where on silence is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unusual {
    /// So long.
    pub from: Duration,
    /// Nine of ten silences were no longer.
    pub usual: Duration,
    /// Whether that is so in the step that it is at; else in the run.
    pub in_step: bool,
}

impl Quiet {
    /// Learns from an event what is usual. Events come in their order.
    pub fn learn(&mut self, time: Option<Time>, step: Option<&str>) {
        if step.is_some() && step != self.step.as_deref() {
            self.step = step.map(str::to_owned);
            self.in_step.clear();
        }
        let Some(time) = time else {
            return;
        };
        let gap = self.last.and_then(|last| time.since(last));
        self.last = self.last.max(Some(time));
        let Some(gap) = gap else {
            return;
        };
        for gaps in [&mut self.in_step, &mut self.in_run] {
            if gaps.len() == MANY {
                gaps.pop_front();
            }
            gaps.push_back(gap);
        }
    }

    /// When the last event was.
    pub fn last(&self) -> Option<Time> {
        self.last
    }

    /// From where on silence is unusual; none where too little is known.
    pub fn unusual(&self) -> Option<Unusual> {
        let [few_in_step, few_in_run] = FEW;
        let (gaps, in_step) = if self.step.is_some() && self.in_step.len() >= few_in_step {
            (&self.in_step, true)
        } else {
            (&self.in_run, false)
        };
        if !in_step && gaps.len() < few_in_run {
            return None;
        }
        let mut gaps: Vec<Duration> = gaps.iter().copied().collect();
        gaps.sort_unstable();
        let usual = gaps.get(gaps.len().saturating_sub(1) * 9 / 10).copied()?;
        Some(Unusual {
            from: usual.saturating_mul(UNUSUAL).max(LEAST),
            usual,
            in_step,
        })
    }
}
