//! The arena: every mission, run, step and event that was loaded, under small ids of our own, found
//! again by the service's id. It knows facts and their order in a run, not rows, folds or screens.

mod name;
mod put;
mod whole;

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
};

use self::name::{AsItIs, Name};

use super::{
    Event, Mission, NodeId, Order, Run, Step,
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
    /// A line that heads others or tells of all, and is no record of any service.
    Group,
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
    /// The events right behind those that are not loaded, in order, and how many are not loaded before
    /// each, in all; none where that is not known.
    holes: Vec<(NodeId, Option<usize>)>,
}

/// Everything that was loaded.
#[derive(Debug, Default)]
pub struct Store {
    nodes: Vec<Node>,
    /// Missions, runs and steps in the order of arrival: events are many more.
    few: Vec<NodeId>,
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

    /// A node for a line that heads others; it owns itself.
    pub fn add_group(&mut self) -> NodeId {
        let node = self.next_id();
        self.add(Sort::Group, node, 0)
    }

    /// A node for a line about `owner`.
    pub fn add_note(&mut self, owner: NodeId) -> NodeId {
        self.add(Sort::Note, owner, 0)
    }

    /// What a node is; a note for an id that was never given out.
    pub fn sort(&self, node: NodeId) -> Sort {
        self.nodes
            .get(node.index())
            .map_or(Sort::Note, |node| node.sort)
    }

    /// Whether a node was given out.
    pub fn has(&self, node: NodeId) -> bool {
        node.index() < self.nodes.len()
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
            Sort::Context | Sort::Mission | Sort::Note | Sort::Group => false,
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

    /// An event's number in its run as far as it is loaded, from 1; behind a hole its number in all of it,
    /// and none where that is not known.
    pub fn number(&self, event: NodeId) -> Option<usize> {
        let entry = self.run_entry(self.owner(event))?;
        let key = self.key_of(event);
        let behind = entry
            .holes
            .partition_point(|(first, _)| self.key_of(*first) <= key);
        let missing = match behind.checked_sub(1).and_then(|at| entry.holes.get(at)) {
            Some((_, missing)) => (*missing)?,
            None => 0,
        };
        Some(self.rank(entry, event) + 1 + missing)
    }

    /// How many loaded events of its run lie before an event.
    pub fn loaded_before(&self, event: NodeId) -> usize {
        let entry = self.run_entry(self.owner(event));
        entry.map_or(0, |entry| self.rank(entry, event))
    }

    /// The loaded event of a run that so many lie before.
    pub fn nth_event(&self, run: NodeId, nth: usize) -> Option<NodeId> {
        self.run_entry(run)?.events.nth(nth)
    }

    /// Where events of a run are not loaded: the events right behind, in order, and how many are not loaded
    /// before each, in all.
    pub fn set_holes(&mut self, run: NodeId, holes: Vec<(NodeId, Option<usize>)>) {
        if let Some(entry) = self.run_entry_mut(run) {
            entry.holes = holes;
        }
    }

    fn key_of(&self, event: NodeId) -> (Order, NodeId) {
        (self.order(event), event)
    }

    fn rank(&self, entry: &RunEntry, event: NodeId) -> usize {
        let key = self.key_of(event);
        entry.events.rank(|other| self.key_of(other).cmp(&key))
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

    /// All missions, runs or steps, in the order of arrival. Takes time in proportion to how many there
    /// are of those, however many events; of other sorts it tells none.
    pub fn all(&self, sort: Sort) -> impl Iterator<Item = NodeId> + '_ {
        let few = self.few.iter().copied();
        few.filter(move |node| self.sort(*node) == sort)
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
        if matches!(sort, Sort::Mission | Sort::Run | Sort::Step) {
            self.few.push(id);
        }
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

#[cfg(test)]
mod tests;
