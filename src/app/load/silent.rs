//! A followed run in which nothing happens for longer than is usual for it. Told in steps of ten seconds, so
//! that a screen on which nothing else moves is not drawn for every one of them.

use std::time::Duration;

use crate::{
    analysis::usual::{Quiet, Unusual},
    app::App,
    model::{Live, NodeId, Record, Row, Time},
};

/// What is told is a multiple of this, and of the longer one after an hour.
const STEP: Duration = Duration::from_secs(10);
const LONG_STEP: Duration = Duration::from_secs(60);
const LONG: Duration = Duration::from_secs(3600);
/// So many of the last events say what is usual.
const MANY: usize = 200;

/// The silence in the followed run.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::app) struct Silent {
    /// When something happened last, or the service was to be asked again.
    since: Option<Time>,
    unusual: Option<Unusual>,
}

/// A silence that is longer than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalled {
    /// So long so far, in whole steps.
    pub silent: Duration,
    /// It is usually no longer.
    pub usual: Duration,
    /// Whether that is so in the step that the run is at; else in the run.
    pub in_step: bool,
}

impl App {
    /// The followed run's silence, where it is longer than is usual for it. Nobody knows while nothing comes
    /// from the service.
    pub fn stalled(&self) -> Option<Stalled> {
        let follow = self.follow.as_ref()?;
        let (since, unusual) = follow.silent.since.zip(follow.silent.unusual)?;
        if follow.broken().is_some() || matches!(follow.live, Some(Live::Asking { .. })) {
            return None;
        }
        let silent = self.now.since(since)?;
        (silent >= unusual.from).then(|| Stalled {
            silent: whole_steps(silent),
            usual: unusual.usual,
            in_step: unusual.in_step,
        })
    }

    /// When the silence of the followed run is to be told, or told anew.
    pub(in crate::app) fn stall_due(&self) -> Option<Time> {
        let silent = self.follow.as_ref()?.silent;
        let (since, unusual) = silent.since.zip(silent.unusual)?;
        let so_far = self.now.since(since).unwrap_or_default();
        let next = if so_far < unusual.from {
            unusual.from
        } else {
            self.stalled()?.silent + step_of(so_far)
        };
        let next = i64::try_from(next.as_nanos()).ok()?;
        Some(Time(since.0.saturating_add(next)))
    }

    /// Something happened in the followed run, or it begins to be followed.
    pub(in crate::app) fn stirs(&mut self, run: NodeId, at: Option<Time>) {
        let mut last: Vec<NodeId> = self.store.events_of(run).rev().take(MANY).collect();
        last.reverse();
        let mut quiet = Quiet::default();
        for event in last.into_iter().filter_map(|node| self.store.event(node)) {
            quiet.learn(event.time, event.step_id.as_deref());
        }
        let now = self.now;
        if let Some(follow) = self.follow.as_mut().filter(|follow| follow.run == run) {
            // A service's clock that goes ahead says nothing of the future.
            let since = at.or(quiet.last()).map_or(now, |at| at.min(now));
            follow.silent = Silent {
                since: Some(since),
                unusual: quiet.unusual(),
            };
        }
    }

    /// What is known already grows: that is no silence, and says nothing new of what is usual.
    pub(in crate::app) fn goes_on_growing(&mut self) {
        let now = self.now;
        if let Some(follow) = self.follow.as_mut() {
            follow.silent.since = Some(now);
        }
    }

    /// Nobody knows what happens in it until then.
    pub(in crate::app) fn unheard(&mut self, until: Time) {
        if let Some(follow) = self.follow.as_mut() {
            let since = &mut follow.silent.since;
            *since = (*since).max(Some(until));
        }
    }

    /// Whether rows say that something happened. Whoever is asked again and again repeats what is known.
    pub(in crate::app) fn are_news(&self, rows: &[Row]) -> bool {
        let live = self.follow.as_ref().and_then(|follow| follow.live.as_ref());
        let repeats = !matches!(live, Some(Live::Streaming));
        let is_event = |row: &Row| matches!(row.record(), Record::Event(_));
        !repeats && rows.iter().any(is_event)
    }
}

fn step_of(silent: Duration) -> Duration {
    if silent < LONG { STEP } else { LONG_STEP }
}

fn whole_steps(silent: Duration) -> Duration {
    let step = step_of(silent).as_secs();
    Duration::from_secs(silent.as_secs() / step * step)
}
