//! What the fetcher brings: rows into the store and the outline, outcomes onto their nodes.

use crate::app::{App, Effect, load::State};
use crate::model::{
    Arrival, Change, ContextId, Gen, Got, Live, NodeId, Record, Row, Run, Sort, Trouble,
};

impl App {
    /// One piece of news about a ticket. News of an older attempt is dropped.
    pub(in crate::app) fn arrived(&mut self, arrival: Arrival) -> Vec<Effect> {
        let Arrival {
            context,
            node,
            generation,
            got,
            ..
        } = arrival;
        if let Got::Budget(budget) = got {
            self.dirty |= self.budgets.insert(context, budget) != Some(budget);
            return Vec::new();
        }
        self.take_pulse(context, &got);
        self.renew_requests();
        let line = self.selected_row().map(|row| row.saturating_sub(self.top));
        let before = self.selected;
        let mut effects = self.news(node, generation, got);
        self.dirty = true;
        if self.selected != before {
            // The followed run's newest row: it was brought into sight as it was selected.
            return effects;
        }
        if line.is_some() {
            self.keep_in_sight();
        }
        self.stay_on(line);
        effects.extend(self.open_single(node));
        effects.extend(self.inspect());
        effects
    }

    /// Whether a context can be had at all shows in whatever is asked of it.
    fn take_pulse(&mut self, context: ContextId, got: &Got) {
        let trouble = match got {
            Got::Failed(trouble)
            | Got::Live(Live::Lost { trouble, .. } | Live::GivenUp(trouble)) => trouble,
            Got::Rows { .. } | Got::Done { .. } => {
                self.ailing.remove(&context);
                return;
            }
            Got::Waiting { .. } | Got::Kept(_) | Got::Budget(_) | Got::Live(_) => return,
        };
        if trouble.is_of_context() {
            self.ailing.insert(context, trouble.clone());
        }
    }

    /// News of a load, a glance or the followed run; of an older attempt, nothing.
    fn news(&mut self, node: NodeId, generation: Gen, got: Got) -> Vec<Effect> {
        let followed = self.follow.as_ref();
        if followed.is_some_and(|follow| follow.generation == generation) {
            return self.heard(got);
        }
        let current = self
            .loads
            .get(&node)
            .is_some_and(|load| load.generation == generation);
        if !current {
            let mut got = got;
            if let Some(effects) = self.listed(generation, &mut got) {
                return effects;
            }
            let is_done = matches!(got, Got::Done { .. });
            if let Some(mut effects) = self.part_came(node, generation, &mut got) {
                if is_done && self.wanted_follow == Some(node) {
                    effects.extend(self.follow_if_live(node));
                }
                return effects;
            }
            if let Some(effects) = self.probe_came(generation, &mut got) {
                return effects;
            }
            if let Some(effects) = self.beside_came(generation, &mut got) {
                return effects;
            }
            if let Some(effects) = self.told_of_cause(generation, &mut got) {
                return effects;
            }
            if self.watched_came(generation, &mut got).is_some() {
                return Vec::new();
            }
            self.glanced(generation, got);
            return Vec::new();
        }
        match got {
            Got::Rows { rows, skipped } => {
                let last = rows.last().map(|row| row.record().id().to_owned());
                self.rows(node, rows, skipped);
                if self.parts.contains_key(&node) {
                    let last = last.and_then(|id| self.store.find(node, Sort::Event, &id));
                    self.beginning_grew(node, last);
                }
            }
            Got::Done { more } => {
                let mut effects = self.ended(node, |load| load.done(more));
                effects.extend(self.search_on(node));
                return effects;
            }
            Got::Failed(trouble) => {
                // Where a file breaks off is far from what is looked at.
                if matches!(trouble, Trouble::File { .. }) {
                    self.complain(trouble.to_string());
                }
                let mut effects = self.ended(node, |load| load.fail(trouble));
                effects.extend(self.search_on(node));
                return effects;
            }
            Got::Waiting { trouble, until } => {
                if let Some(load) = self.loads.get_mut(&node) {
                    load.waiting = Some((trouble, until));
                }
                self.place_note(node);
            }
            Got::Kept(then) => {
                if let Some(load) = self.loads.get_mut(&node) {
                    load.kept = Some(load.kept.map_or(then, |known| known.min(then)));
                }
            }
            Got::Budget(_) | Got::Live(_) => {}
        }
        Vec::new()
    }

    /// The selected row may have been moved into something folded: only the person folds it away.
    fn keep_in_sight(&mut self) {
        if let Some(node) = self.selected.filter(|node| self.outline.contains(*node)) {
            self.open_above(node);
        }
    }

    /// Puts rows where they belong; says how many events are new.
    pub(in crate::app) fn rows(&mut self, node: NodeId, rows: Vec<Row>, skipped: u32) -> usize {
        let mut new = 0;
        if let Some(load) = self.loads.get_mut(&node) {
            load.skipped += skipped;
            load.waiting = None;
        }
        for row in rows {
            self.know_mission(node, row.record());
            let owner = self.owner_for(node, row.record());
            let (put, change) = self.store.put(owner, row);
            if change == Change::Same {
                continue;
            }
            self.place(put);
            self.name(put);
            match self.store.sort(put) {
                Sort::Step => {
                    if change == Change::New && self.shown_run().is_some() {
                        self.outline.set_open(put, true);
                    }
                    self.adopt(put);
                    self.mark_step(put);
                }
                Sort::Event => {
                    new += usize::from(change == Change::New);
                    self.read_event(put, change);
                    self.take_in(put);
                    self.search_what_came(put);
                }
                Sort::Run => {
                    self.read_run(put);
                    self.sign_run(put);
                    self.filter_run(put);
                }
                Sort::Mission => self.filter_mission(put),
                Sort::Context | Sort::Note | Sort::Group => {}
            }
            self.detail.touched(put);
        }
        self.place_note(node);
        new
    }

    /// What a record belongs under, given the node that asked for it.
    fn owner_for(&self, node: NodeId, record: &Record) -> NodeId {
        let up = |from: NodeId, sort: Sort| {
            let mut at = from;
            while self.store.sort(at) != sort {
                let owner = self.store.owner(at);
                if owner == at {
                    break;
                }
                at = owner;
            }
            at
        };
        match record {
            Record::Mission(_) | Record::Elsewhere(_) => up(node, Sort::Context),
            // A child stands where its parent started it, with what is loaded of it there.
            Record::Run(run) if let Some(parent) = self.parent_of(node, run) => parent,
            Record::Run(run) => {
                let context = up(node, Sort::Context);
                let named = (!run.mission_id.is_empty())
                    .then(|| self.store.find(context, Sort::Mission, &run.mission_id))
                    .flatten();
                named.unwrap_or_else(|| up(node, Sort::Mission))
            }
            Record::Step(_) | Record::Event(_) => up(node, Sort::Run),
        }
    }

    /// The run that was asked about, if this run is a child of it.
    fn parent_of(&self, node: NodeId, run: &Run) -> Option<NodeId> {
        let asked = self.run_of(node)?;
        let of = self.store.run(asked)?;
        (run.id != of.id && run.parent_run_id.as_deref() == Some(of.id.as_str())).then_some(asked)
    }

    fn ended(&mut self, node: NodeId, outcome: impl FnOnce(&mut super::Load)) -> Vec<Effect> {
        let now = self.now;
        if let Some(load) = self.loads.get_mut(&node) {
            outcome(load);
            load.waiting = None;
            load.pending = load.pending.saturating_sub(1);
            if load.pending == 0 {
                self.loading.remove(&node);
                let failed = load.trouble.is_some();
                load.state = if failed { State::Failed } else { State::Ready };
                if !failed {
                    load.synced = Some(now);
                    self.keeping.came();
                    self.resuming.came(node);
                }
            }
        }
        self.place_note(node);
        if self.store.sort(node) == Sort::Run {
            self.read_run(node);
            return self.follow_if_live(node);
        }
        if self.loading.contains(&node) {
            return Vec::new();
        }
        let mut effects = self.missions_came(node);
        effects.extend(self.go_to_awaited(node));
        effects
    }
}
