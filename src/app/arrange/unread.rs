//! Failed runs whose lists do not say why they failed are read for it: one request a second, so many
//! runs at each visit, the rest when somebody asks for them. First the record, then the events.

use crate::app::{
    App, Effect,
    arrange::causes::MOST,
    arrange::{Arrangement, Head},
    time::when,
};
use crate::model::{Ask, Gen, Got, Limit, NodeId, Page, Ticket, Time, Urgency};

/// Between two requests.
const EVERY: i64 = 1_000_000_000;

/// How far a run was read for its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Stage {
    /// Its record is asked for.
    Record,
    /// Its record said nothing.
    Silent,
    /// Its events are asked for.
    Events,
    /// There is no more to be had.
    Read,
}

impl App {
    /// When the next run that was not read may be asked for.
    pub(in crate::app) fn causes_due(&self) -> Option<Time> {
        let causes = &self.arranged.causes;
        let wanted = self.arranged.by == Arrangement::Causes
            && causes.under_way.is_empty()
            && self.next_unread().is_some();
        causes.next.filter(|_| wanted)
    }

    /// Asks for the next run that was not read, if it is time.
    pub(in crate::app) fn read_unread(&mut self) -> Vec<Effect> {
        if self.causes_due().is_none_or(|due| due > self.now) {
            return Vec::new();
        }
        self.arranged.causes.next = Some(Time(self.now.0.saturating_add(EVERY)));
        let run = self.next_unread();
        run.and_then(|run| self.ask_about(run))
            .into_iter()
            .collect()
    }

    /// The newest run of which there is something to be asked.
    fn next_unread(&self) -> Option<NodeId> {
        // What was begun is read to its end.
        let causes = &self.arranged.causes;
        self.unread_runs()
            .find(|run| causes.left > 0 || causes.stages.contains_key(run))
    }

    fn unread_runs(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.below_head(Head::Unread).filter(|run| {
            let stage = self.arranged.causes.stages.get(run);
            matches!(stage, None | Some(Stage::Silent))
        })
    }

    fn ask_about(&mut self, run: NodeId) -> Option<Effect> {
        let of = self.run_ref(run)?;
        let (context, _) = self.context_of(run)?;
        let stages = &mut self.arranged.causes.stages;
        let (stage, ask, limit) = if stages.get(&run) == Some(&Stage::Silent) {
            let page = Page::default();
            (Stage::Events, Ask::Events { run: of, page }, self.limit)
        } else {
            self.arranged.causes.left = self.arranged.causes.left.saturating_sub(1);
            (Stage::Record, Ask::Run(of), Limit::NONE)
        };
        self.arranged.causes.stages.insert(run, stage);
        let generation = self.next_generation();
        self.arranged.causes.under_way.insert(generation, run);
        Some(Effect::Load(Ticket {
            context,
            node: run,
            generation,
            ask,
            limit,
            urgency: Urgency::Idle,
        }))
    }

    /// Enter on the row of those that were not read: all of them, as fast as the services allow.
    pub(in crate::app) fn read_the_rest(&mut self) -> Vec<Effect> {
        let runs: Vec<NodeId> = self.unread_runs().collect();
        self.arranged.causes.left = usize::MAX;
        let asks = runs.into_iter().filter_map(|run| self.ask_about(run));
        let asks: Vec<Effect> = asks.collect();
        if !asks.is_empty() {
            self.say(format!("reading {}", when::many(asks.len(), "run")));
        }
        asks
    }

    /// News of a run that is read for its cause; none if the number is of something else.
    pub(in crate::app) fn told_of_cause(
        &mut self,
        generation: Gen,
        got: &mut Got,
    ) -> Option<Vec<Effect>> {
        let run = *self.arranged.causes.under_way.get(&generation)?;
        match got {
            Got::Rows { rows, .. } => {
                let rows = std::mem::take(rows);
                self.rows(run, rows, 0);
                Some(Vec::new())
            }
            Got::Done { .. } | Got::Failed(_) => {
                self.arranged.causes.under_way.remove(&generation);
                let failed = matches!(got, Got::Failed(_));
                let was = self.arranged.causes.stages.get(&run).copied();
                let stage = match was {
                    Some(Stage::Record) if !failed => Stage::Silent,
                    _ => Stage::Read,
                };
                self.arranged.causes.stages.insert(run, stage);
                let effects = self.take_readings();
                self.place_by_cause(run);
                let hurry = self.arranged.causes.left > MOST;
                let more = hurry && stage == Stage::Silent && self.fingerprint(run).is_none();
                let more = more.then(|| self.ask_about(run)).flatten();
                Some(effects.into_iter().chain(more).collect())
            }
            Got::Waiting { .. } | Got::Kept(_) | Got::Budget(_) | Got::Live(_) => Some(Vec::new()),
        }
    }
}
