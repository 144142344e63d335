//! What comes while a filter is on: runs and operations are asked about as they come, one by one.

use super::AGAIN;
use crate::{
    app::{
        App, Effect,
        query::{Answers, OperationFacts, Query, Told},
    },
    model::{EventView, NodeId, Sort, Time},
};

impl App {
    /// The row of an event has changed.
    pub(in crate::app) fn filter_row(&mut self, event: NodeId) {
        if self.filter.is_none() {
            return;
        }
        let run = self.store.owner(event);
        let Some((node, yes)) = self.passes(run, event) else {
            return;
        };
        let row = self.row_for(node);
        let Some(filter) = self.filter.as_mut() else {
            return;
        };
        filter.not_read.remove(&run);
        if !filter.done {
            filter.fresh.insert(node);
        }
        if filter.begun {
            self.outline.set_matches([node], yes);
            if yes && row != node {
                self.outline.set_matches([row], true);
            }
            if yes {
                self.unfold_matches(&[node]);
            }
        }
    }

    /// The operation of an event, and whether it matches.
    fn passes(&self, run: NodeId, event: NodeId) -> Option<(NodeId, bool)> {
        let filter = self.filter.as_ref()?;
        let answers = match filter.answers.get(&run) {
            Some(answers) => *answers,
            None => filter.query.answers(&self.run_facts(run)?),
        };
        self.passes_so(&filter.query, &answers, run, event)
    }

    /// The operation of an event, and whether a query matches it.
    pub(in crate::app) fn passes_query(
        &self,
        query: &Query,
        run: NodeId,
        event: NodeId,
    ) -> Option<(NodeId, bool)> {
        let answers = query.answers(&self.run_facts(run)?);
        self.passes_so(query, &answers, run, event)
    }

    fn passes_so(
        &self,
        query: &Query,
        answers: &Answers,
        run: NodeId,
        event: NodeId,
    ) -> Option<(NodeId, bool)> {
        let digest = self.digest(run)?;
        let sketch = digest.sketch(event)?;
        let mut joined = Vec::new();
        digest.joined(&sketch, &mut joined);
        let nodes = [Some(sketch.node), sketch.answer].into_iter().flatten();
        let events: Vec<_> = nodes
            .chain(joined)
            .filter_map(|node| self.store.event(node))
            .collect();
        let views: Vec<EventView<'_>> = events.iter().map(EventView::from).collect();
        let step = sketch
            .step
            .and_then(|step| self.store.find(run, Sort::Step, step))
            .and_then(|step| self.store.step(step));
        let yes = query.passes(
            answers,
            &OperationFacts {
                events: &views,
                kind: sketch.kind,
                step: step.map(|step| step.title.as_str()),
                told: Some(Told::from(&sketch)),
            },
        );
        Some((sketch.node, yes))
    }

    /// A run has come or has changed.
    pub(in crate::app) fn filter_run(&mut self, run: NodeId) {
        let Some(facts) = self.filter.is_some().then(|| self.run_facts(run)).flatten() else {
            return;
        };
        let Some(filter) = self.filter.as_ref() else {
            return;
        };
        let answers = filter.query.answers(&facts);
        let read = self.digests.contains_key(&run);
        let (now, owner) = (self.now, self.store.owner(run));
        let Some(filter) = self.filter.as_mut() else {
            return;
        };
        let before = filter.answers.get(&run).copied();
        if before == Some(answers) {
            return;
        }
        filter.runs += usize::from(before.is_none());
        filter.unopened.remove(&owner);
        filter.take_run(run, answers);
        if read {
            // Everything in it may match or not now.
            filter.not_read.remove(&run);
            let due = Time(now.0.saturating_add(AGAIN));
            filter.again = filter.again.or(Some(due));
        }
        if filter.begun {
            let yes = filter.heads.contains(&run);
            self.outline.set_matches([run], yes);
            self.arranged.stale = true;
        }
    }

    /// A mission has come.
    pub(in crate::app) fn filter_mission(&mut self, mission: NodeId) {
        let Some(mut filter) = self.filter.take() else {
            return;
        };
        self.take_mission(mission, &mut filter);
        if filter.begun && filter.heads.contains(&mission) {
            self.outline.set_matches([mission], true);
        }
        self.filter = Some(filter);
    }

    /// When the filter is to be asked anew.
    pub(in crate::app) fn filter_due(&self) -> Option<Time> {
        self.filter.as_ref()?.again
    }

    /// Asks the filter anew where its time has come.
    pub(in crate::app) fn filter_again(&mut self) -> Vec<Effect> {
        let due = self.filter_due().is_some_and(|due| due <= self.now);
        let query = self.filter.as_ref().filter(|_| due);
        let Some(query) = query.map(|filter| filter.query.clone()) else {
            return Vec::new();
        };
        let aside = self.filter.as_ref().and_then(|filter| filter.aside);
        let effects = self.set_filter(query);
        if let Some(filter) = self.filter.as_mut() {
            filter.aside = aside;
        }
        effects
    }
}
