//! The end of a long run before its middle, where the source can tell it: what lies between is a row of its
//! own until it is loaded, and the numbers behind it are right all the same.

use crate::app::{App, Effect, list::By, load::State};
use crate::model::{Ask, Gen, Got, Limit, NodeId, Record, Row, Sort, Ticket, Urgency};

/// Said meanwhile.
const LOOKING: &str = "the last events are being looked for";

/// What was loaded of the end of a run.
#[derive(Debug, Default)]
pub(in crate::app) struct Tail {
    generation: Gen,
    is_asked: bool,
    /// The first event of it.
    first: Option<NodeId>,
    /// Somebody went to the last row and waits there.
    is_awaited: bool,
}

impl App {
    /// To the last row that is loaded; the last that there is comes, if it can be had.
    pub(in crate::app) fn go_to_end(&mut self) -> Vec<Effect> {
        let mut effects = self.want_end();
        effects.extend(self.move_by(By::Last, false));
        effects
    }

    fn want_end(&mut self) -> Vec<Effect> {
        let Some(run) = self.shown_run().filter(|_| !self.in_detail()) else {
            return Vec::new();
        };
        if self
            .tails
            .get(&run)
            .is_some_and(|tail| tail.first.is_some())
        {
            return Vec::new();
        }
        let is_long = self
            .loads
            .get(&run)
            .is_some_and(|load| load.state == State::Loading || load.more.is_some());
        if !is_long || self.is_filtering() {
            return Vec::new();
        }
        let effects = self.ask_tail(run, None, Urgency::Wanted);
        if !effects.is_empty() {
            self.say(LOOKING);
        }
        if let Some(tail) = self.tails.get_mut(&run) {
            tail.is_awaited = true;
        }
        effects
    }

    /// What is right before the end that is loaded, for somebody who comes from there.
    pub(in crate::app) fn load_before(&mut self, run: NodeId, urgency: Urgency) -> Vec<Effect> {
        let first = self.tails.get(&run).and_then(|tail| tail.first);
        let before = first.and_then(|first| u32::try_from(self.store.order(first).at).ok());
        if before.is_none() {
            return Vec::new();
        }
        self.ask_tail(run, before, urgency)
    }

    fn ask_tail(&mut self, run: NodeId, before: Option<u32>, urgency: Urgency) -> Vec<Effect> {
        let context = self.context_of(run).filter(|(_, info)| info.tails);
        let (Some((context, _)), Some(of)) = (context, self.run_ref(run)) else {
            return Vec::new();
        };
        if self.tails.get(&run).is_some_and(|tail| tail.is_asked) {
            return Vec::new();
        }
        let generation = self.next_generation();
        let tail = self.tails.entry(run).or_default();
        (tail.generation, tail.is_asked) = (generation, true);
        vec![Effect::Load(Ticket {
            context,
            node: run,
            generation,
            ask: Ask::Tail { run: of, before },
            limit: Limit::NONE,
            urgency,
        })]
    }

    /// Whether the end of a run is on its way, so that its middle can wait.
    pub(in crate::app) fn end_is_coming(&self, run: NodeId) -> bool {
        self.tails
            .get(&run)
            .is_some_and(|tail| tail.is_asked && tail.first.is_none())
    }

    /// Nobody waits at the end any more.
    pub(in crate::app) fn leave_end(&mut self) {
        for tail in self.tails.values_mut() {
            tail.is_awaited = false;
        }
    }

    /// The event that the row for what is not loaded stands before, if there is one.
    pub(in crate::app) fn tail_begins(&self, run: NodeId) -> Option<NodeId> {
        self.tails.get(&run)?.first
    }

    /// News of the end of a run; none if the number is not one of that.
    pub(in crate::app) fn tail_came(
        &mut self,
        node: NodeId,
        generation: Gen,
        got: &mut Got,
    ) -> Option<Vec<Effect>> {
        let tail = self.tails.get_mut(&node);
        let tail = tail.filter(|tail| tail.generation == generation)?;
        match got {
            Got::Rows { rows, skipped } => {
                let rows = std::mem::take(rows);
                self.end_came(node, rows, *skipped);
                Some(Vec::new())
            }
            Got::Done { .. } => {
                tail.is_asked = false;
                self.notice.take_if(|notice| notice.text == LOOKING);
                let goes = std::mem::take(&mut tail.is_awaited);
                // Its rows are where they belong only when they were read as operations.
                let mut effects = self.take_readings();
                if goes && self.shown_run() == Some(node) {
                    effects.extend(self.move_by(By::Last, false));
                }
                Some(effects)
            }
            Got::Failed(trouble) => {
                (tail.is_asked, tail.is_awaited) = (false, false);
                let text = trouble.to_string();
                self.complain(text);
                Some(Vec::new())
            }
            Got::Waiting { .. } | Got::Budget(_) | Got::Live(_) | Got::Kept(_) => Some(Vec::new()),
        }
    }

    fn end_came(&mut self, run: NodeId, rows: Vec<Row>, skipped: u32) {
        let first = rows.first().map(|row| match row.record() {
            Record::Event(event) => event.id.clone(),
            _ => String::new(),
        });
        self.rows(run, rows, skipped);
        let first = first.and_then(|id| self.store.find(run, Sort::Event, &id));
        let known = self.tail_begins(run);
        // One answer comes in several parts.
        let is_before = |first: &NodeId| {
            known.is_none_or(|known| self.store.order(*first) < self.store.order(known))
        };
        let first = first.filter(is_before);
        if let (Some(first), Some(tail)) = (first, self.tails.get_mut(&run)) {
            tail.first = Some(first);
            self.measure_hole(run);
            self.place_note(run);
        }
    }

    /// Counts anew what is not loaded between the beginning and the end of a run.
    pub(in crate::app) fn measure_hole(&mut self, run: NodeId) {
        let Some(first) = self.tail_begins(run) else {
            return;
        };
        let hole = self.store.measure_hole(run, first);
        let Some(load) = self.loads.get_mut(&run) else {
            return;
        };
        load.hole = hole;
        if hole == 0 {
            self.tails.remove(&run);
            if load.state == State::Ready {
                load.more = None;
            }
            if let Some(note) = load.note {
                self.gap_ends.remove(&note);
            }
        }
    }
}
