//! Keeping what is on the screen up to date: visible runs that go on, and the lists they stand in, are
//! asked for again by themselves, without what else belongs to them: at most four asks each time, none
//! while nothing that is visible goes on.

use std::{collections::HashMap, sync::Arc};

use crate::app::{App, Effect, load::State};
use crate::model::{Ask, Gen, Limit, NodeId, Page, RunStatus, Sort, Ticket, Time, Urgency};

/// Between two glances.
const EVERY: i64 = 10_000_000_000;
/// While nobody looks: so many times slower.
const AWAY: i64 = 6;
/// Asks at one glance.
const AT_ONCE: usize = 4;
/// One page of the newest runs.
const ONE_PAGE: Limit = Limit {
    rows: 1,
    bytes: 1 << 20,
};
const MINUTE: i64 = 60_000_000_000;
/// A run that is about to begin is only waited for that long.
const PATIENCE: i64 = 3_600_000_000_000;

/// What is being asked for again.
#[derive(Debug, Default)]
pub(in crate::app) struct Glances {
    under_way: HashMap<Gen, NodeId>,
    /// When to look next; none while nothing on the screen goes on.
    pub next: Option<Time>,
    /// Where the last glance ended among what there was to look at.
    turn: usize,
    /// How many glances were cast.
    count: usize,
}

impl App {
    /// Looks again before long if something on the screen goes on.
    pub(in crate::app) fn arm_glance(&mut self) {
        if self.glances.next.is_none() && !self.going_on().is_empty() {
            let wait = if self.away { EVERY * AWAY } else { EVERY };
            self.glances.next = Some(Time(self.now.0.saturating_add(wait)));
        }
    }

    /// Asks again, if it is time.
    pub(in crate::app) fn glance(&mut self) -> Vec<Effect> {
        if self.glances.next.is_none_or(|next| next > self.now) {
            return Vec::new();
        }
        self.glances.next = None;
        let seen = self.going_on();
        // What is still under way says enough about how fast to ask.
        if seen.is_empty() || !self.glances.under_way.is_empty() {
            return Vec::new();
        }
        self.glances.count += 1;
        let from = self.glances.turn % seen.len();
        let chosen: Vec<NodeId> = seen
            .iter()
            .cycle()
            .skip(from)
            .take(seen.len().min(AT_ONCE))
            .copied()
            .collect();
        self.glances.turn = from + chosen.len();
        chosen
            .into_iter()
            .filter_map(|node| self.glance_at(node))
            .collect()
    }

    /// Takes news of a glance; none if the number is not one of a glance. What fails is tried again
    /// with the next one and is not told: the rows are as old as their status line says.
    pub(in crate::app) fn glanced(
        &mut self,
        generation: Gen,
        got: crate::model::Got,
    ) -> Option<()> {
        use crate::model::Got;
        let node = *self.glances.under_way.get(&generation)?;
        match got {
            Got::Rows { rows, skipped } => {
                let before = self.loads.get(&node).map_or(0, |load| load.skipped);
                self.rows(node, rows, skipped);
                if let Some(load) = self.loads.get_mut(&node) {
                    load.skipped = before;
                }
            }
            Got::Done { .. } => {
                self.glances.under_way.remove(&generation);
                let now = self.now;
                if let Some(load) = self.loads.get_mut(&node)
                    && load.state == State::Ready
                {
                    load.synced = Some(now);
                }
            }
            Got::Failed(_) => {
                self.glances.under_way.remove(&generation);
            }
            Got::Waiting { .. } | Got::Kept(_) | Got::Budget(_) | Got::Live(_) => {}
        }
        Some(())
    }

    /// What on the screen goes on: runs, and the missions of those that are unfolded or folded.
    fn going_on(&self) -> Vec<NodeId> {
        let height = usize::from(self.measured.tree_rows);
        let mut found = Vec::new();
        for node in self.outline.window(self.top, height) {
            let goes_on = match self.store.sort(node) {
                Sort::Mission => self.lists_what_goes_on(node),
                Sort::Run => !self.is_followed(node) && self.may_change(node),
                Sort::Context | Sort::Step | Sort::Event | Sort::Note | Sort::Group => false,
            };
            if goes_on && self.may_ask(node) {
                found.push(node);
            }
        }
        found
    }

    fn lists_what_goes_on(&self, mission: NodeId) -> bool {
        let loaded = self
            .loads
            .get(&mission)
            .is_some_and(|load| load.state == State::Ready);
        loaded && {
            let newest = self.newest_runs(mission);
            newest.into_iter().any(|run| self.may_change(run))
        }
    }

    pub(in crate::app) fn may_change(&self, run: NodeId) -> bool {
        self.store.run(run).is_some_and(|run| match run.status {
            RunStatus::Running => run.quiet_since.is_none(),
            RunStatus::Pending => run
                .started_at
                .is_some_and(|at| self.now.0.saturating_sub(at.0) < PATIENCE),
            RunStatus::Paused
            | RunStatus::Succeeded
            | RunStatus::Failed
            | RunStatus::Cancelled
            | RunStatus::TimedOut
            | RunStatus::Unknown => false,
        })
    }

    /// The runs of a mission that began before then have ended and are known; none where that is not
    /// certain.
    fn settled_before(&self, mission: NodeId) -> Option<i64> {
        let synced = self.loads.get(&mission)?.synced?;
        // Clocks disagree.
        let mut before = synced.0.saturating_sub(MINUTE);
        for node in self.outline.all_children(Some(mission)) {
            let Some(run) = self.store.run(node) else {
                continue;
            };
            let unsettled = match run.started_at {
                _ if self.may_change(node) => true,
                // It may have stopped just now, and how it ended was not to be read yet.
                Some(at) if run.status == RunStatus::Unknown => {
                    self.now.0.saturating_sub(at.0) < PATIENCE
                }
                _ => false,
            };
            if unsettled {
                before = before.min(run.started_at?.0);
            }
        }
        Some(before)
    }

    /// What is left of a small budget belongs to the person.
    pub(in crate::app) fn may_ask(&self, node: NodeId) -> bool {
        let Some((context, _)) = self.context_of(node) else {
            return false;
        };
        self.budgets.get(&context).is_none_or(|budget| {
            let low = budget.of.map_or(10, |of| of / 5);
            budget.left > low
        })
    }

    fn glance_at(&mut self, node: NodeId) -> Option<Effect> {
        let (context, _) = self.context_of(node)?;
        let (ask, limit) = match self.store.sort(node) {
            Sort::Mission => {
                let mission = Arc::from(self.store.mission(node)?.id.as_str());
                let runs = Ask::Runs {
                    mission,
                    status: None,
                    page: Page {
                        after: self.settled_before(node),
                        ..Page::default()
                    },
                };
                (runs, ONE_PAGE)
            }
            Sort::Run => (Ask::Run(self.run_ref(node)?), Limit::NONE),
            Sort::Context | Sort::Step | Sort::Event | Sort::Note | Sort::Group => return None,
        };
        let generation = self.next_generation();
        self.glances.under_way.insert(generation, node);
        Some(Effect::Load(Ticket {
            context,
            node,
            generation,
            ask,
            limit,
            urgency: Urgency::Idle,
        }))
    }
}
