//! What is told goes into the arena: a record that is known changes its node, another gets one. Nodes
//! are never taken away.

use super::{Change, NodeId, RunEntry, Sort, Store, whole};
use crate::model::{Event, Mission, Record, Row, Run, Step, merge, sequence::Sequence};

impl Store {
    /// Puts a row in. `owner` is the context of a mission, the mission of a run, the run of a step or
    /// an event.
    pub fn put(&mut self, owner: NodeId, row: Row) -> (NodeId, Change) {
        let patch = matches!(row, Row::Patch(_));
        match row {
            Row::Full(record) | Row::Patch(record) => match record {
                Record::Mission(mission) => self.put_mission(owner, mission),
                Record::Run(run) => self.put_run(owner, run),
                Record::Step(step) => self.put_step(owner, step),
                Record::Event(event) => self.put_event(owner, event, patch),
                // Nobody looks at a list over all runs here: an event stands in its run.
                Record::Elsewhere(_) => (owner, Change::Same),
            },
        }
    }

    fn put_mission(&mut self, owner: NodeId, mission: Mission) -> (NodeId, Change) {
        let key = self.key(owner, Sort::Mission, &mission.id);
        if let Some((node, old)) = self.known.get(&key).and_then(|node| {
            Some((
                *node,
                self.missions
                    .get_mut(self.nodes.get(node.index())?.slot as usize)?,
            ))
        }) {
            return (node, changed(merge::mission(old, mission)));
        }
        self.missions.push(mission);
        (
            self.add_known(key, Sort::Mission, owner, self.missions.len()),
            Change::New,
        )
    }

    fn put_run(&mut self, owner: NodeId, run: Run) -> (NodeId, Change) {
        let key = self.key(owner, Sort::Run, &run.id);
        if let Some((node, old)) = self.known.get(&key).and_then(|node| {
            Some((
                *node,
                self.runs
                    .get_mut(self.nodes.get(node.index())?.slot as usize)?,
            ))
        }) {
            let failed = old.run.status.is_failure();
            let change = changed(merge::run(&mut old.run, run));
            let fails = old.run.status.is_failure();
            let count = self.failed_runs.entry(owner).or_default();
            *count = (*count + u32::from(fails)).saturating_sub(u32::from(failed));
            return (node, change);
        }
        *self.failed_runs.entry(owner).or_default() += u32::from(run.status.is_failure());
        self.runs.push(RunEntry {
            run,
            events: Sequence::default(),
            failures: 0,
            holes: Vec::new(),
        });
        (
            self.add_known(key, Sort::Run, owner, self.runs.len()),
            Change::New,
        )
    }

    fn put_step(&mut self, owner: NodeId, step: Step) -> (NodeId, Change) {
        let key = self.key(owner, Sort::Step, &step.id);
        if let Some((node, old)) = self.known.get(&key).and_then(|node| {
            Some((
                *node,
                self.steps
                    .get_mut(self.nodes.get(node.index())?.slot as usize)?,
            ))
        }) {
            return (node, changed(merge::step(old, step)));
        }
        self.steps.push(step);
        (
            self.add_known(key, Sort::Step, owner, self.steps.len()),
            Change::New,
        )
    }

    fn put_event(&mut self, owner: NodeId, event: Event, patch: bool) -> (NodeId, Change) {
        let key = self.key(owner, Sort::Event, &event.id);
        if let Some(node) = self.known.get(&key).copied() {
            return (node, self.replace_event(node, event, patch));
        }
        // Without a record of its own it is no row; it waits for one.
        if patch && event.raw.is_empty() {
            let held = self.held.entry(key).or_default();
            *held = merge::event_patch(std::mem::take(held), event);
            return (owner, Change::Same);
        }
        let event = match self.held.remove(&key) {
            Some(held) => whole::over(held, event),
            None => event,
        };
        let node = self.next_id();
        let slot = self.events.push(node, event);
        self.add(Sort::Event, owner, slot);
        self.known.insert(key, node);
        self.place_event(owner, node, slot);
        (node, Change::New)
    }

    fn replace_event(&mut self, node: NodeId, event: Event, patch: bool) -> Change {
        let Some(slot) = self.event_slot(node) else {
            return Change::Same;
        };
        let Some(old) = self.events.event(slot) else {
            return Change::Same;
        };
        // The place in the run stays: rows that jump on a refresh are worse than rows a little off.
        let order = old.order;
        let event = if patch {
            merge::event_patch(old.clone(), event)
        } else {
            whole::over(old.clone(), event)
        };
        let event = Event { order, ..event };
        if event == old {
            return Change::Same;
        }
        let failed = self.events.is_failure(slot);
        self.events.replace(slot, event);
        let fails = self.events.is_failure(slot);
        let owner = self.owner(node);
        if let Some(entry) = self.run_entry_mut(owner) {
            entry.failures =
                entry.failures + u32::from(fails) - u32::from(failed).min(entry.failures);
        }
        Change::Changed
    }

    fn place_event(&mut self, run: NodeId, node: NodeId, slot: u32) {
        let Some(run_slot) = self.slot(run, Sort::Run) else {
            return;
        };
        let order = self.events.order(slot).unwrap_or_default();
        let fails = self.events.is_failure(slot);
        let (nodes, events) = (&self.nodes, &self.events);
        let place = |other: NodeId| {
            let other_order = nodes
                .get(other.index())
                .and_then(|other| events.order(other.slot));
            (other_order.unwrap_or_default(), other).cmp(&(order, node))
        };
        if let Some(entry) = self.runs.get_mut(run_slot) {
            entry.events.insert(node, place);
            entry.failures += u32::from(fails);
        }
    }
}

fn changed(yes: bool) -> Change {
    if yes { Change::Changed } else { Change::Same }
}
