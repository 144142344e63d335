//! The arena: every mission, run, step and event that was loaded, under small ids of our own, found
//! again by the service's id. It knows facts and their order in a run, not rows, folds or screens.

mod name;
mod whole;

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
};

use self::name::{AsItIs, Name};

use super::{
    Elsewhere, Event, Mission, NodeId, Order, Record, Row, Run, Step, merge,
    segments::{Segments, Snapshot},
    sequence::Sequence,
};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A context.
    Context,
    /// A mission.
    Mission,
    /// A run.
    Run,
    /// A plan step.
    Step,
    /// An event.
    Event,
    /// A line about another node: loading, failed, more to come.
    Note,
}

/// What became of a row that was put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there before.
    New,
    /// It was there and is different now.
    Changed,
    /// It was there already.
    Same,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    sort: Sort,
    owner: NodeId,
    slot: u32,
}

#[derive(Debug)]
struct RunEntry {
    run: Run,
    events: Sequence,
    failures: u32,
}

/// Everything that was loaded.
#[derive(Debug, Default)]
pub struct Store {
    nodes: Vec<Node>,
    missions: Vec<Mission>,
    runs: Vec<RunEntry>,
    steps: Vec<Step>,
    events: Segments,
    /// How many runs of each mission failed.
    failed_runs: HashMap<NodeId, u32>,
    known: HashMap<Name, NodeId, AsItIs>,
    /// What is known of events that are not loaded: how long they took, what they cost.
    held: HashMap<Name, Event, AsItIs>,
    hasher: RandomState,
}

impl Store {
    /// A node for a context; contexts own themselves.
    pub fn add_context(&mut self) -> NodeId {
        let node = self.next_id();
        self.add(Sort::Context, node, 0)
    }

    /// A node for a line about `owner`.
    pub fn add_note(&mut self, owner: NodeId) -> NodeId {
        self.add(Sort::Note, owner, 0)
    }

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
                Record::Elsewhere(elsewhere) => self.put_elsewhere(owner, *elsewhere, patch),
            },
        }
    }

    /// What a node is; a note for an id that was never given out.
    pub fn sort(&self, node: NodeId) -> Sort {
        self.nodes
            .get(node.index())
            .map_or(Sort::Note, |node| node.sort)
    }

    /// The owner as in `put`; the node a note is about.
    pub fn owner(&self, node: NodeId) -> NodeId {
        self.nodes.get(node.index()).map_or(node, |node| node.owner)
    }

    /// The mission of a node that is one.
    pub fn mission(&self, node: NodeId) -> Option<&Mission> {
        self.missions.get(self.slot(node, Sort::Mission)?)
    }

    /// The run of a node that is one.
    pub fn run(&self, node: NodeId) -> Option<&Run> {
        self.run_entry(node).map(|entry| &entry.run)
    }

    /// The step of a node that is one.
    pub fn step(&self, node: NodeId) -> Option<&Step> {
        self.steps.get(self.slot(node, Sort::Step)?)
    }

    /// The event of a node that is one, sharing its bytes.
    pub fn event(&self, node: NodeId) -> Option<Event> {
        self.events.event(self.event_slot(node)?)
    }

    /// The id of an event's step, without unpacking the event.
    pub fn step_of_event(&self, node: NodeId) -> Option<&str> {
        self.events.step(self.event_slot(node)?)
    }

    /// An event's place in its run.
    pub fn order(&self, node: NodeId) -> Order {
        self.event_slot(node)
            .and_then(|slot| self.events.order(slot))
            .unwrap_or_default()
    }

    /// Whether the service says that this failed.
    pub fn is_failure(&self, node: NodeId) -> bool {
        match self.sort(node) {
            Sort::Run => self.run(node).is_some_and(|run| run.status.is_failure()),
            Sort::Event => self
                .event_slot(node)
                .is_some_and(|slot| self.events.is_failure(slot)),
            Sort::Step => self
                .step(node)
                .is_some_and(|step| step.status == super::StepStatus::Failed),
            Sort::Context | Sort::Mission | Sort::Note => false,
        }
    }

    /// How many events of a run are loaded, and how many of them failed.
    pub fn counts(&self, run: NodeId) -> (usize, u32) {
        self.run_entry(run)
            .map_or((0, 0), |entry| (entry.events.len(), entry.failures))
    }

    /// How many of a mission's loaded runs failed.
    pub fn failed_runs(&self, mission: NodeId) -> usize {
        self.failed_runs
            .get(&mission)
            .map_or(0, |count| *count as usize)
    }

    /// An event's number in its run as far as it is loaded, from 1.
    pub fn number(&self, event: NodeId) -> Option<usize> {
        let entry = self.run_entry(self.owner(event))?;
        let key = (self.order(event), event);
        Some(
            entry
                .events
                .rank(|other| (self.order(other), other).cmp(&key))
                + 1,
        )
    }

    /// The newest event of a run, as far as it is loaded.
    pub fn newest(&self, run: NodeId) -> Option<NodeId> {
        self.run_entry(run)?.events.last()
    }

    /// The events of a run in order.
    pub fn events_of(&self, run: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        self.run_entry(run)
            .into_iter()
            .flat_map(|entry| entry.events.iter())
    }

    /// The node of that id under that owner.
    pub fn find(&self, owner: NodeId, sort: Sort, id: &str) -> Option<NodeId> {
        self.known.get(&self.key(owner, sort, id)).copied()
    }

    /// The events as they are now, for workers beside the loop.
    pub fn snapshot(&self) -> Snapshot {
        self.events.snapshot()
    }

    /// All nodes of a sort, in the order of arrival.
    pub fn all(&self, sort: Sort) -> impl Iterator<Item = NodeId> + '_ {
        (0u32..)
            .map(NodeId)
            .zip(&self.nodes)
            .filter(move |(_, node)| node.sort == sort)
            .map(|(id, _)| id)
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

    /// An event whose run is not loaded is left out: nobody has asked to see that run.
    fn put_elsewhere(&mut self, context: NodeId, of: Elsewhere, patch: bool) -> (NodeId, Change) {
        let run = self
            .find(context, Sort::Mission, &of.mission)
            .and_then(|mission| self.find(mission, Sort::Run, &of.run));
        match run {
            Some(run) => self.put_event(run, of.event, patch),
            None => (context, Change::Same),
        }
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

    fn run_entry(&self, node: NodeId) -> Option<&RunEntry> {
        self.runs.get(self.slot(node, Sort::Run)?)
    }

    fn run_entry_mut(&mut self, node: NodeId) -> Option<&mut RunEntry> {
        let slot = self.slot(node, Sort::Run)?;
        self.runs.get_mut(slot)
    }

    fn event_slot(&self, node: NodeId) -> Option<u32> {
        self.slot(node, Sort::Event)
            .and_then(|slot| u32::try_from(slot).ok())
    }

    fn slot(&self, node: NodeId, sort: Sort) -> Option<usize> {
        let node = self.nodes.get(node.index())?;
        (node.sort == sort).then_some(node.slot as usize)
    }

    fn next_id(&self) -> NodeId {
        NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX))
    }

    fn add(&mut self, sort: Sort, owner: NodeId, slot: u32) -> NodeId {
        let id = self.next_id();
        self.nodes.push(Node { sort, owner, slot });
        id
    }

    fn add_known(&mut self, key: Name, sort: Sort, owner: NodeId, count: usize) -> NodeId {
        let slot = u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX);
        let node = self.add(sort, owner, slot);
        self.known.insert(key, node);
        node
    }

    // 64 keyed bits name an id: among a million of them two would meet once in thirty million starts,
    // and nobody outside can aim at it, because the keys are drawn anew at each start.
    fn key(&self, owner: NodeId, sort: Sort, id: &str) -> Name {
        Name::new(self.hasher.hash_one((owner, sort, id)))
    }
}

fn changed(yes: bool) -> Change {
    if yes { Change::Changed } else { Change::Same }
}

#[cfg(test)]
mod tests;
